"""One reading out of several: what all say, what was decided, and what is left open."""

from __future__ import annotations

from typing import Any

from qualcode.model import Span
from qualcode.themes.consensus import Consensus, Decided, consensus
from qualcode.themes.frequencies import Mark

UNITS = [Span(0, 10), Span(11, 20), Span(21, 30), Span(31, 40)]


def trust(start: int, stop: int, **marks: Any) -> Mark:
    return Mark("trust", start, stop, **marks)


def spans(found: Consensus) -> list[tuple[str, int, int]]:
    return [(mark.code, mark.start, mark.stop) for mark in found.marks]


def test_units_that_all_coded_become_one_mark_with_the_outermost_boundaries() -> None:
    found = consensus(UNITS, [[trust(2, 18)], [trust(5, 20)]])
    assert spans(found) == [("trust", 2, 20)]
    assert found.undecided == 0


def test_a_unit_on_which_coders_differ_is_left_out_and_counted() -> None:
    found = consensus(UNITS, [[trust(2, 18)], [trust(2, 8)]])
    assert spans(found) == [("trust", 2, 10)]
    assert found.undecided == 1


def test_a_gap_between_units_makes_two_marks() -> None:
    both = [trust(0, 5), trust(22, 28)]
    assert spans(consensus(UNITS, [both, both])) == [("trust", 0, 5), ("trust", 22, 28)]


def test_a_decision_settles_a_difference_either_way() -> None:
    readings = [[trust(2, 18)], [trust(2, 8)]]
    present = consensus(UNITS, readings, [Decided("trust", Span(11, 20), "present")])
    absent = consensus(UNITS, readings, [Decided("trust", Span(11, 20), "absent")])
    assert (spans(present), present.undecided) == ([("trust", 2, 18)], 0)
    assert (spans(absent), absent.undecided) == ([("trust", 2, 10)], 0)


def test_a_narrower_stretch_decided_upon_bounds_the_mark() -> None:
    readings = [[trust(2, 18)], []]
    for span, mark in (
        (Span(5, 18), (5, 18)),
        (Span(2, 15), (2, 15)),
        (Span(0, 40), (2, 18)),  # no wider than what somebody marked
    ):
        found = consensus(UNITS, readings, [Decided("trust", span, "present")])
        assert spans(found) == [("trust", *mark)]


def test_an_agreed_end_keeps_the_boundary_that_coders_drew() -> None:
    readings = [[trust(2, 18)], [trust(3, 9)]]
    found = consensus(UNITS, readings, [Decided("trust", Span(11, 14), "present")])
    assert spans(found) == [("trust", 2, 14)]


def test_words_nobody_marked_bound_the_mark_where_they_were_decided_upon() -> None:
    found = consensus(UNITS, [[trust(2, 4)], []], [Decided("trust", Span(5, 9), "present")])
    assert spans(found) == [("trust", 5, 9)]


def test_the_last_decision_on_a_unit_holds() -> None:
    decisions = [Decided("trust", Span(0, 5), d) for d in ("present", "absent")]
    assert spans(consensus(UNITS, [[trust(0, 5)], []], decisions)) == []


def test_recoding_moves_the_unit_to_the_other_code() -> None:
    found = consensus(UNITS, [[trust(0, 5)], []], [Decided("trust", Span(0, 5), "recode", "hope")])
    assert spans(found) == [("hope", 0, 5)]


def test_a_majority_needs_more_than_half() -> None:
    two_of_three = [[trust(0, 5)], [trust(0, 4)], []]
    one_of_two = [[trust(0, 5)], []]
    assert spans(consensus(UNITS, two_of_three, rule="majority")) == [("trust", 0, 5)]
    assert spans(consensus(UNITS, one_of_two, rule="majority")) == []


def test_valence_and_disconfirming_come_from_the_codings_within() -> None:
    found = consensus(
        UNITS,
        [[trust(0, 5, valence="barrier")], [trust(0, 5, valence="mixed", disconfirming=True)]],
    )
    assert (found.marks[0].valence, found.marks[0].disconfirming) == ("mixed", True)


def test_nobody_coding_anything_gives_nothing() -> None:
    assert consensus(UNITS, [[], []]) == Consensus((), 0)
