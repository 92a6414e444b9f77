"""Change between rounds, and a coder who marks more or less than the others."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from qualcode.reliability.coefficients import krippendorff_alpha
from qualcode.reliability.drift import change, coder_shift, coder_trend
from qualcode.reliability.intervals import jackknife
from qualcode.reliability.patterns import PatternCounts, count

GOOD = [[1, 1], [1, 1], [0, 0], [0, 0], [0, 0], [1, 0]]
POOR = [[1, 0], [0, 1], [0, 0], [1, 1], [0, 1], [1, 0]]


def counts_of(*documents: list[list[int]]) -> PatternCounts:
    names = [n for n, rows in enumerate(documents) for _ in rows]
    return count([row for rows in documents for row in rows], documents=names)


def test_a_fall_in_agreement_has_welchs_interval() -> None:
    early, late = counts_of(GOOD, GOOD, GOOD[::2]), counts_of(POOR, POOR[1:], POOR[:4])
    a, b = ((krippendorff_alpha(c)[0], jackknife(c, krippendorff_alpha)[0]) for c in (early, late))
    found = change(a, b)
    assert a[1].se is not None
    assert b[1].se is not None
    assert found.value == pytest.approx((b[0].value or 0) - (a[0].value or 0))
    assert found.se == pytest.approx((a[1].se ** 2 + b[1].se ** 2) ** 0.5)
    assert found.df is not None
    assert 2 <= found.df <= 4
    assert found.low is not None
    assert found.high is not None
    assert found.drift == (found.high < 0 or found.low > 0)


def test_a_figure_that_does_not_exist_has_no_change_but_a_reason() -> None:
    alike = counts_of([[0, 0]] * 3, [[0, 0]] * 3)
    a = krippendorff_alpha(alike)[0], jackknife(alike, krippendorff_alpha)[0]
    found = change(a, a)
    assert (found.value, found.reason, found.drift) == (None, "code_never_used", None)


def test_a_coder_who_marks_more_is_above_the_others_by_that_much() -> None:
    # of four units the first coder marks three, the others one and one
    found = coder_shift(count([[1, 1, 0], [1, 0, 1], [1, 0, 0], [0, 0, 0]]), 0)[0]
    assert found.observed == 0.75
    assert found.expected == 0.25
    assert found.value == 0.5


def test_only_units_that_another_rated_too_are_compared() -> None:
    found = coder_shift(count([[1, -1], [1, 0], [-1, 1]]), 0)[0]
    assert found.value == 1
    assert coder_shift(count([[1, -1], [-1, 1]]), 0)[0].reason == "no_pairable_units"


def marked_by(*documents: tuple[int, int, int]) -> PatternCounts:
    """Documents of so many units, of which the first and the second coder marked so many."""
    return counts_of(
        *(
            [[int(unit < mine), int(unit < theirs)] for unit in range(units)]
            for units, mine, theirs in documents
        )
    )


def test_a_coder_who_marks_one_unit_less_in_every_document_has_that_slope() -> None:
    # ten units each; the other marks five, the coder 5, 4, 3, 2: a shift of 0, -.1, -.2, -.3
    counts = marked_by((10, 5, 5), (10, 4, 5), (10, 3, 5), (10, 2, 5))
    found = coder_trend(counts, 0, [0, 1, 2, 3])[0]
    assert found.value == pytest.approx(-0.1)
    assert found.observed == pytest.approx(0)
    assert found.expected == pytest.approx(-0.3)


def test_a_trend_is_the_weighted_least_squares_line() -> None:
    counts = marked_by((10, 5, 5), (40, 10, 20), (20, 9, 10), (30, 12, 6), (10, 1, 5))
    places, units = np.array([0.0, 1, 2, 3, 4]), np.array([10, 40, 20, 30, 10])
    shifts = np.array([0, -10 / 40, -1 / 20, 6 / 30, -4 / 10])
    slope, start = np.polyfit(places, shifts, 1, w=np.sqrt(units))
    found = coder_trend(counts, 0, places.tolist())[0]
    assert found.value == pytest.approx(slope)
    assert found.observed == pytest.approx(start)
    assert found.expected == pytest.approx(start + 4 * slope)


def test_a_trend_s_interval_leaves_one_document_out() -> None:
    documents = [(10, 5, 5), (40, 10, 20), (20, 9, 10), (30, 12, 6), (10, 1, 5)]
    places = [0.0, 1, 2, 3, 4]
    sure = jackknife(marked_by(*documents), partial(coder_trend, coder=0, places=places))[0]
    without = []
    for out in range(5):
        kept = [at for at in range(5) if at != out]
        rest = marked_by(*(documents[at] for at in kept))
        without.append(coder_trend(rest, 0, [places[at] for at in kept])[0].require())
    spread = sum((one - sum(without) / 5) ** 2 for one in without)
    assert sure.se == pytest.approx((4 / 5 * spread) ** 0.5)


def test_documents_finished_at_one_moment_have_no_trend_but_a_reason() -> None:
    found = coder_trend(marked_by((10, 5, 5), (10, 4, 5)), 0, [0, 0])[0]
    assert (found.value, found.reason) == (None, "few_documents")
    assert coder_trend(count([[1, -1], [-1, 1]]), 0, [0])[0].reason == "no_pairable_units"
