"""Lanes beside the text, and names beside the rows."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qualcode.model import Coding
from qualcode.tui.widgets.lanes import SpanIndex
from qualcode.tui.widgets.names import NamePlaces
from qualcode.tui.widgets.wrap import WrapIndex
from tests.tui.texts import CODES, coding_at, of_blocks, quick

# Two blocks of ten rows, "aaaaaa " or "bbbbbb " on each.
DOCUMENT = of_blocks("aaaaaa " * 10, "bbbbbb " * 10)
WRAP = WrapIndex(DOCUMENT.text, DOCUMENT.spans, DOCUMENT.display, 8)


def at_rows(id: str, first: int, last: int, code: str = "handoff") -> Coding:
    return coding_at(id, WRAP.row_start[first], WRAP.row_start[last] + 6, code)


def lanes(index: SpanIndex) -> dict[str, int]:
    return {placed.coding.id: placed.lane for placed in index.all()}


def test_codings_that_share_a_row_take_different_lanes() -> None:
    assert lanes(SpanIndex(WRAP, [at_rows("a", 0, 2), at_rows("b", 2, 3)])) == {"a": 0, "b": 1}


def test_a_lane_is_free_again_below_its_coding() -> None:
    assert lanes(SpanIndex(WRAP, [at_rows("a", 0, 2), at_rows("b", 3, 3)])) == {"a": 0, "b": 0}


def test_the_longer_of_two_that_begin_together_lies_next_to_the_text() -> None:
    assert lanes(SpanIndex(WRAP, [at_rows("short", 0, 0), at_rows("long", 0, 5)])) == {
        "long": 0,
        "short": 1,
    }


def test_a_coding_added_takes_the_lowest_free_lane_and_others_stay() -> None:
    index = SpanIndex(WRAP, [at_rows("a", 0, 4), at_rows("b", 1, 4), at_rows("c", 1, 4)])
    index.remove("b")
    index.add(at_rows("long", 0, 9))
    assert lanes(index) == {"a": 0, "long": 1, "c": 2}


def test_a_coding_across_two_blocks_is_in_both() -> None:
    index = SpanIndex(WRAP, [at_rows("a", 8, 12)])
    assert [len(index.in_block(block)) for block in (0, 1)] == [1, 1]


def test_codings_that_only_touch_a_span_do_not_share_it() -> None:
    index = SpanIndex(WRAP, [coding_at("a", 0, 6)])
    assert index.touching(coding_at("x", 6, 9).span) == []


def test_removing_what_is_not_there_gives_nothing() -> None:
    assert SpanIndex(WRAP).remove("a") is None


stretches = st.tuples(st.integers(0, 19), st.integers(0, 19)).map(sorted)


@quick
@given(st.lists(stretches, max_size=12), st.lists(stretches, max_size=6))
def test_no_two_codings_share_a_lane_on_a_row(
    first: list[list[int]], later: list[list[int]]
) -> None:
    index = SpanIndex(WRAP, [at_rows(f"a{i}", a, b) for i, (a, b) in enumerate(first)])
    for i, (a, b) in enumerate(later):
        index.add(at_rows(f"b{i}", a, b))
        index.remove(f"a{i * 2}")
    for row in range(len(WRAP)):
        taken = [placed.lane for placed in index.on_row(row)]
        assert len(taken) == len(set(taken))


def test_adding_and_removing_leaves_the_index_as_it_was() -> None:
    index = SpanIndex(WRAP, [at_rows("a", 0, 3), at_rows("b", 2, 5)])
    before = index.all()
    index.add(at_rows("c", 1, 4))
    index.remove("c")
    assert index.all() == before


# Names


def names(width: int, *codings: Coding) -> tuple[NamePlaces, SpanIndex]:
    index = SpanIndex(WRAP, codings)
    return NamePlaces(width, lambda c: CODES[c.code_id].name, index.all()), index


def beside(places: NamePlaces, row: int) -> str:
    shown, more = places.on_row(row)
    return " ".join([*shown.values(), *([f"+{more}"] if more else [])])


def test_names_of_codings_that_begin_on_one_row_stand_one_space_apart() -> None:
    places, _ = names(20, at_rows("a", 0, 0), at_rows("b", 0, 0, "buyin"))
    assert beside(places, 0) == "warm handoff buy-in"


def test_a_name_without_room_moves_to_the_next_row_of_its_coding() -> None:
    places, _ = names(14, at_rows("a", 0, 3), at_rows("b", 0, 3, "buyin"))
    assert [beside(places, row) for row in (0, 1)] == ["warm handoff", "buy-in"]


def test_names_without_room_on_either_row_are_counted() -> None:
    places, _ = names(
        15, at_rows("a", 0, 0), at_rows("b", 0, 0, "buyin"), at_rows("c", 0, 0, "trust")
    )
    assert beside(places, 0) == "warm handoff +2"


def test_a_shorter_name_stays_when_the_count_takes_the_room_of_a_longer_one() -> None:
    places, _ = names(12, at_rows("a", 0, 0), at_rows("b", 0, 0, "buyin"))
    assert beside(places, 0) == "buy-in +1"


def test_a_name_longer_than_the_column_ends_in_an_ellipsis() -> None:
    places, _ = names(8, at_rows("a", 0, 0))
    assert beside(places, 0) == "warm ha…"


def test_a_name_longer_than_the_column_runs_on_in_the_next_row_of_its_coding() -> None:
    places, _ = names(8, at_rows("a", 0, 3))
    assert [beside(places, row) for row in (0, 1, 2)] == ["warm", "handoff", ""]


def test_a_name_does_not_run_on_where_another_coding_begins() -> None:
    places, _ = names(8, at_rows("a", 0, 3), at_rows("b", 1, 1, "trust"))
    assert [beside(places, row) for row in (0, 1)] == ["warm ha…", "trust"]


def test_a_name_in_two_rows_gives_way_to_a_count_beside_it() -> None:
    places, index = names(8, at_rows("a", 0, 3))
    places.add(index.add(at_rows("b", 1, 1, "buyin")))
    assert [beside(places, row) for row in (0, 1)] == ["warm", "hand… +1"]


def test_a_row_never_shows_a_count_alone() -> None:
    places, _ = names(8, at_rows("a", 0, 0), at_rows("b", 0, 0))
    assert beside(places, 0) == "warm… +1"


def test_a_name_counted_appears_when_there_is_room_again() -> None:
    places, index = names(13, at_rows("a", 0, 0), at_rows("b", 0, 0, "buyin"))
    assert beside(places, 0) == "buy-in +1"
    gone = index.remove("b")
    assert gone is not None
    places.remove(gone)
    assert beside(places, 0) == "warm handoff"


@quick
@given(st.lists(stretches, min_size=1, max_size=10), st.integers(4, 20))
def test_adding_a_coding_changes_names_on_its_own_rows_only(
    rows: list[list[int]], width: int
) -> None:
    places, index = names(width)
    for i, (a, b) in enumerate(rows):
        before = [beside(places, row) for row in range(len(WRAP))]
        placed = index.add(at_rows(f"k{i}", a, b, list(CODES)[i % 3]))
        places.add(placed)
        changed = [row for row in range(len(WRAP)) if beside(places, row) != before[row]]
        assert set(changed) <= set(placed.rows)
    for row in range(len(WRAP)):
        assert len(beside(places, row)) <= max(width, 4)


@quick
@given(st.lists(stretches, min_size=1, max_size=10), st.integers(4, 20))
def test_taking_all_codings_away_leaves_no_name(rows: list[list[int]], width: int) -> None:
    codings = [at_rows(f"k{i}", a, b, list(CODES)[i % 3]) for i, (a, b) in enumerate(rows)]
    places, index = names(width, *codings)
    for coding in codings:
        placed = index.remove(coding.id)
        assert placed is not None
        before = [beside(places, row) for row in range(len(WRAP))]
        places.remove(placed)
        changed = [row for row in range(len(WRAP)) if beside(places, row) != before[row]]
        assert set(changed) <= set(placed.rows)
    assert {beside(places, row) for row in range(len(WRAP))} == {""}
