"""The worked examples by which other programs' figures are recognised."""

from __future__ import annotations

import pytest

from qualcode.model import Span
from qualcode.reliability import coefficients
from qualcode.reliability.compatibility import cells, characters, dedoose, maxqda, pooled
from qualcode.reliability.patterns import count


@pytest.mark.parametrize(
    ("a", "b", "kappa"),
    [
        ([Span(0, 125)], [Span(75, 200)], 0.3143),  # 50 both, 75 and 75 alone
        ([Span(0, 200)], [Span(150, 200)], 0.3478),  # 50 both, 150 of the first alone
    ],
)
def test_nvivo_of_a_thousand_characters(a: list[Span], b: list[Span], kappa: float) -> None:
    counts = characters(1000, a, b)
    assert coefficients.percent_agreement(counts)[0].value == pytest.approx(0.85)
    assert coefficients.cohen_kappa(counts)[0].value == pytest.approx(kappa, abs=5e-5)


def test_overlapping_spans_of_one_coder_count_once() -> None:
    once = characters(100, [Span(0, 20)], [Span(10, 30)])
    twice = characters(100, [Span(0, 20), Span(5, 15)], [Span(10, 30), Span(10, 30)])
    assert once.table.tolist() == twice.table.tolist() == [[[70, 10, 10, 10]]]


def test_atlas_of_ten_units() -> None:
    rows = [[int(x), int(y)] for x, y in zip("1100000000", "0110010100", strict=True)]
    counts = count(rows)
    assert coefficients.percent_agreement(counts)[0].value == pytest.approx(0.60)
    kappa = coefficients.cohen_kappa(counts)[0]
    assert kappa.expected == pytest.approx(0.56)
    assert kappa.value == pytest.approx(0.0909, abs=5e-5)
    assert coefficients.krippendorff_alpha(counts)[0].value == pytest.approx(0.0952, abs=5e-5)
    assert coefficients.gwet_ac1(counts)[0].value == pytest.approx(0.310, abs=5e-4)
    assert coefficients.brennan_prediger(counts)[0].value == pytest.approx(0.200)


def test_maxqda_of_four_segments() -> None:
    a = [("x", Span(0, 100)), ("x", Span(200, 260))]
    b = [("x", Span(0, 92)), ("x", Span(200, 240))]
    found = maxqda(a, b, codes=4)
    assert (found.share, found.segments) == (0.5, 4)
    assert found.kappa == pytest.approx(0.333, abs=5e-4)


def test_maxqda_without_segments_or_with_one_code_has_no_kappa() -> None:
    assert maxqda([], [], codes=4).share is None
    assert maxqda([("x", Span(0, 9))], [("x", Span(0, 9))], codes=1).kappa is None


def test_dedoose_of_two_codes() -> None:
    first, second = cells(4, 1, 1, 4), cells(8, 0, 1, 1)
    assert coefficients.cohen_kappa(first)[0].value == pytest.approx(0.600, abs=5e-4)
    assert coefficients.cohen_kappa(second)[0].value == pytest.approx(0.615, abs=5e-4)


def test_dedoose_counts_the_first_coders_excerpts() -> None:
    spans = [Span(10 * n, 10 * n + 9) for n in range(10)]
    # code x as 4, 1, 1, 4; code y as 1, 1, 0, 8 (both, first only, second only, neither)
    a = [("d", "z", span) for span in spans]
    a += [("d", "x", span) for span in spans[:5]] + [("d", "y", span) for span in spans[:2]]
    b = [("d", "x", Span(s.start + 2, s.stop + 1)) for s in [*spans[:4], spans[5]]]
    b += [("d", "y", spans[0])]
    counts = dedoose(a, b, ["x", "y"])
    kappa = coefficients.cohen_kappa(counts)
    assert kappa[0].value == pytest.approx(0.600, abs=5e-4)
    assert kappa[1].value == pytest.approx(0.615, abs=5e-4)
    assert pooled(counts)[0].value == pytest.approx(0.605, abs=5e-4)
