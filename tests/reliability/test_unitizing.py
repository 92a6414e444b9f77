"""Free segments: a line drawn by hand, documents end to end, and a slow loop over characters."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualcode.reliability.unitizing import (
    Continuum,
    Segment,
    alpha_u_2004,
    bar_u_alpha,
    cu_alpha,
    disagreement_2004,
    lay_out,
    u_alpha,
)


def drawn(*lines: str, documents: tuple[int, ...] = ()) -> Continuum:
    """One line a coder: ``.`` is gap, a letter a unit of that code; ``|`` ends a unit early."""
    letters = sorted({letter for line in lines for letter in line if letter.isalpha()})
    segments = []
    for coder, line in enumerate(lines):
        at, begin, now = 0, 0, "."
        for letter in [*line, "."]:
            if letter != now:
                if now.isalpha():
                    segments.append(Segment("d", coder, begin, at, letters.index(now)))
                begin, now = at, letter
            at += letter != "|"
            begin = at if letter == "|" else begin
    length = len(lines[0].replace("|", ""))
    return lay_out({"d": length}, segments, coders=len(lines), values=len(letters))


def slow_u_alpha(line: Continuum) -> float | None:
    """Every character of every ordered coder pair, as the definition reads."""
    of = np.zeros((line.coders, line.length), dtype=int)
    squares = np.zeros(line.values + 1)
    for coder, theirs in enumerate(line.units):
        for start, stop, value in theirs:
            of[coder, start:stop] = value + 1
            squares[value + 1] += (stop - start) ** 2
    o = np.zeros((line.values + 1, line.values + 1))
    for a, b in permutations(range(line.coders), 2):
        for i, j in zip(of[a], of[b], strict=True):
            o[i, j] += 1 / (line.coders - 1)
    total = o.sum(axis=1)
    squares[0] = total[0]
    n = total.sum()
    e = n * (np.outer(total, total) - np.diag(squares)) / (n**2 - squares.sum())
    by_chance = n - np.trace(e)
    return 1 - (n - np.trace(o)) / by_chance if by_chance > 1e-9 else None


LINES = st.integers(2, 4).flatmap(
    lambda coders: st.integers(2, 24).flatmap(
        lambda length: st.lists(
            st.text("..ab", min_size=length, max_size=length), min_size=coders, max_size=coders
        )
    )
)


@given(LINES)
def test_u_alpha_is_what_a_loop_over_characters_gives(lines: list[str]) -> None:
    line = drawn(*lines)
    found = u_alpha(line)[0]
    if not any(line.units):
        assert found.reason == "no_valued_segment"
        return
    expected = slow_u_alpha(line)
    if expected is None:
        assert found.reason == "no_variation"
    else:
        assert found.value == pytest.approx(expected, abs=1e-9)


@given(LINES)
def test_the_order_of_coders_changes_nothing(lines: list[str]) -> None:
    one, other = drawn(*lines), drawn(*lines[::-1])
    for statistic in (u_alpha, bar_u_alpha, alpha_u_2004):
        a, b = statistic(one)[0], statistic(other)[0]
        assert a.reason == b.reason
        if a.value is not None:
            assert a.value == pytest.approx(b.value, abs=1e-9)


def test_agreement_with_oneself_is_one() -> None:
    line = drawn(".aaa..bb..", ".aaa..bb..")
    assert u_alpha(line)[0].value == 1
    assert bar_u_alpha(line)[0].value == 1
    assert alpha_u_2004(line)[0].value == 1
    assert cu_alpha(line).alpha[0].value == 1


def test_the_same_places_with_other_codes_agree_on_places_alone() -> None:
    line = drawn(".aaa..bb..", ".bbb..aa..")
    assert bar_u_alpha(line)[0].value == 1
    assert (cu_alpha(line).alpha[0].value or 0) < 0


def test_touching_units_stay_apart_and_overlapping_ones_become_one() -> None:
    touching = lay_out(
        {"d": 10}, [Segment("d", 0, 0, 3, 0), Segment("d", 0, 3, 6, 0)], coders=2, values=1
    )
    overlapping = lay_out(
        {"d": 10}, [Segment("d", 0, 0, 4, 0), Segment("d", 0, 3, 6, 0)], coders=2, values=1
    )
    assert touching.units[0] == ((0, 3, 0), (3, 6, 0))
    assert overlapping.units[0] == ((0, 6, 0),)


def test_coders_of_different_documents_do_not_seem_to_agree() -> None:
    # The same offsets in two documents: without rebasing they would coincide and score 1.
    line = lay_out(
        {"one": 10, "two": 10},
        [Segment("one", 0, 2, 6, 0), Segment("two", 1, 2, 6, 0)],
        coders=2,
        values=1,
    )
    assert line.units == (((2, 6, 0),), ((12, 16, 0),))
    assert (u_alpha(line)[0].value or 0) < 0
    assert (alpha_u_2004(line)[0].value or 0) < 0


def test_a_gap_ends_where_its_document_ends() -> None:
    apart = lay_out({"one": 5, "two": 5}, [Segment("one", 0, 0, 2, 0)], coders=2, values=1)
    joined = lay_out({"both": 10}, [Segment("both", 0, 0, 2, 0)], coders=2, values=1)
    assert disagreement_2004(apart, 0).observed == disagreement_2004(joined, 0).observed
    assert disagreement_2004(apart, 0).expected < disagreement_2004(joined, 0).expected


def test_a_segment_of_an_unfinished_document_is_left_out() -> None:
    line = lay_out({"one": 5}, [Segment("other", 0, 0, 2, 0)], coders=2, values=1)
    assert u_alpha(line)[0].reason == "no_valued_segment"


def test_overlapping_codes_of_one_coder_need_a_line_each() -> None:
    line = lay_out(
        {"d": 10}, [Segment("d", 0, 0, 5, 0), Segment("d", 0, 3, 8, 1)], coders=2, values=2
    )
    assert u_alpha(line)[0].reason == "overlapping_codes"
    assert cu_alpha(line).alpha[0].reason == "overlapping_codes"
    assert u_alpha(line.layers[1])[0].reason is None


def test_one_coder_alone_has_no_agreement() -> None:
    line = lay_out({"d": 10}, [Segment("d", 0, 0, 5, 0)], coders=1, values=1)
    assert u_alpha(line)[0].reason == "single_coder"
    assert alpha_u_2004(line)[0].reason == "single_coder"


def test_long_texts_outgrow_64_bits_and_stay_exact() -> None:
    length = 10_000_000
    line = lay_out(
        {"d": length},
        [Segment("d", 0, 0, length // 2, 0), Segment("d", 1, 0, length // 2, 0)],
        coders=2,
        values=1,
    )
    assert alpha_u_2004(line)[0].value == 1
    assert 0 < disagreement_2004(line, 0).expected < 1
