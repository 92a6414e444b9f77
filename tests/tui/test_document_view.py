"""Steps through a document, and the units found at a position."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualcode.model import Span
from qualcode.tui.widgets.cursor import STEPS, Cursor
from qualcode.tui.widgets.document_view import DocumentView
from qualcode.tui.widgets.wrap import WrapIndex
from tests.tui.texts import odd_texts, of_blocks, quick, view

FOCUS_GROUP = view(
    "M: What changed?",
    "P4: They stood by us. She took him from there. Ten minutes.",
    "P2: The card! Yes.",
)


def cursor(document: DocumentView, at: str = "", width: int = 20) -> Cursor:
    """A cursor before the first place where these words stand."""
    wrap = WrapIndex(document.text, document.spans, document.display, width)
    found = Cursor(document, wrap)
    if at:
        found.place(document.text.index(at))
    return found


def words(document: DocumentView, span: Span | None) -> str | None:
    return None if span is None else document.text[span.start : span.stop]


def selected(found: Cursor) -> str | None:
    return words(found.view, found.selection)


@pytest.mark.parametrize(
    ("step", "arrives_before"),
    [
        ("right", "he took"),
        ("left", " She took"),
        ("word_next", "took"),
        ("word_back", "us. She"),
        ("sentence_next", "Ten"),
        ("sentence_back", "They"),
        ("turn_next", "The card"),
        ("turn_back", "They"),
        ("top", "What"),
        ("row_end", " him from"),
        ("row_start", "us. She took"),
    ],
)
def test_a_step_arrives_where_its_name_says(step: str, arrives_before: str) -> None:
    found = cursor(FOCUS_GROUP, "She took", width=14)
    found.step(step)
    assert FOCUS_GROUP.text[found.head :].startswith(arrives_before)


def test_the_step_from_the_end_of_a_turn_leads_over_the_label_to_the_next() -> None:
    found = cursor(FOCUS_GROUP, "What")
    found.head = FOCUS_GROUP.blocks[0].stop
    found.step("right")
    assert FOCUS_GROUP.text[found.head :].startswith("They stood")


def test_a_short_row_between_does_not_shift_the_column() -> None:
    document = of_blocks("one two three four", "a", "one two three four")
    found = cursor(document, "four")
    for _ in range(2):
        found.step("down")
    assert found.head == document.text.rindex("four")


def test_a_page_ends_at_the_last_row() -> None:
    found = cursor(of_blocks("one", "two", "three"), "one")
    found.step("page_down", page=10)
    assert found.head == found.view.text.index("three")


@quick
@given(odd_texts)
def test_every_step_right_is_undone_by_a_step_left(texts: list[str]) -> None:
    document = of_blocks(*texts)
    at, path = document.first, [document.first]
    while document.forward(at) != at:
        at = document.forward(at)
        path.append(at)
    assert path[-1] == document.last
    for before, after in pairwise(path):
        assert document.backward(after) == before


@quick
@given(odd_texts, st.lists(st.sampled_from([*STEPS, "up", "down", "row_end"]), max_size=20))
def test_no_step_leaves_the_positions_of_the_document(texts: list[str], steps: list[str]) -> None:
    document = of_blocks(*texts)
    found = cursor(document)
    for step in steps:
        found.step(step)
        assert document.snap(found.head) == found.head
        assert document.first <= found.head <= document.last


# Selecting


def test_the_sentence_key_selects_the_sentence_that_agreement_counts() -> None:
    found = cursor(FOCUS_GROUP, "took him")
    found.select_unit("sentence")
    assert selected(found) == "She took him from there."
    assert found.selection in FOCUS_GROUP.transcript.sentences


def test_the_same_key_again_adds_the_next_unit() -> None:
    found = cursor(FOCUS_GROUP, "took him")
    found.select_unit("sentence")
    found.select_unit("sentence")
    assert selected(found) == "She took him from there. Ten minutes."


def test_a_larger_unit_after_a_smaller_one_selects_what_is_around() -> None:
    found = cursor(FOCUS_GROUP, "him from")
    for kind, expected in (
        ("word", "him"),
        ("sentence", "She took him from there."),
        ("turn", "They stood by us. She took him from there. Ten minutes."),
    ):
        found.select_unit(kind)
        assert selected(found) == expected


def test_growing_goes_from_word_to_sentence_to_turn_to_two_turns() -> None:
    found = cursor(FOCUS_GROUP, "him from")
    lengths = []
    for _ in range(5):
        found.grow()
        assert found.selection is not None
        lengths.append(len(found.selection))
    assert lengths == [3, 24, 55, 55 + len("\nP2: The card! Yes."), lengths[3]]


def test_shrinking_takes_growing_back_step_by_step() -> None:
    found = cursor(FOCUS_GROUP, "him from")
    start, kept = found.head, []
    for _ in range(3):
        kept.append(selected(found))
        found.grow()
    back = []
    for _ in range(3):
        found.shrink()
        back.append(selected(found))
    assert back == kept[::-1]
    assert found.head == start


def test_shrinking_a_sentence_leaves_its_first_word() -> None:
    found = cursor(FOCUS_GROUP, "took him")
    found.select_unit("sentence")
    found.shrink()
    assert selected(found) == "She"


def test_extending_back_over_the_anchor_selects_the_other_side() -> None:
    found = cursor(FOCUS_GROUP, "took him")
    found.step("right", extend=True)
    found.step("left", extend=True)
    found.step("left", extend=True)
    assert selected(found) == " "


def test_the_other_end_can_be_moved_after_swapping() -> None:
    found = cursor(FOCUS_GROUP, "took him")
    found.select_unit("word")
    found.swap()
    found.step("word_back", extend=True)
    assert selected(found) == "She took"


def test_a_step_without_shift_selects_nothing_any_more() -> None:
    found = cursor(FOCUS_GROUP, "took him")
    found.select_unit("word")
    found.step("right")
    assert found.selection is None


def test_a_selection_is_widened_to_whole_graphemes() -> None:
    document = of_blocks("cafe\u0301!")
    found = cursor(document)
    found.select(Span(0, 4))
    assert found.selection == Span(0, 5)


# What a code would be applied to


def test_without_a_selection_the_target_is_the_sentence_here() -> None:
    found = cursor(FOCUS_GROUP, "took him")
    assert words(FOCUS_GROUP, found.target()) == "She took him from there."


def test_blanks_at_the_ends_of_a_selection_are_no_part_of_the_target() -> None:
    start = FOCUS_GROUP.text.index(" She took ")
    found = cursor(FOCUS_GROUP)
    found.select(Span(start, start + len(" She took ")))
    assert words(FOCUS_GROUP, found.target()) == "She took"


def test_a_selection_of_blanks_is_no_target() -> None:
    start = FOCUS_GROUP.text.index(" She")
    found = cursor(FOCUS_GROUP)
    found.select(Span(start, start + 1))
    assert found.target() is None


def test_a_selection_up_to_the_next_turn_leaves_its_label_out() -> None:
    found = cursor(FOCUS_GROUP, "Ten minutes")
    found.step("turn_next", extend=True)
    assert words(FOCUS_GROUP, found.target()) == "Ten minutes."


def test_a_selection_from_the_end_of_a_turn_leaves_the_next_label_out() -> None:
    found = cursor(FOCUS_GROUP)
    found.head = FOCUS_GROUP.blocks[0].stop
    found.step("sentence_next", extend=True)
    found.step("right", extend=True)
    assert words(FOCUS_GROUP, found.target()) == "T"


def test_an_empty_document_has_no_target() -> None:
    assert cursor(of_blocks()).target() is None


@quick
@given(odd_texts, st.integers(0, 300), st.integers(1, 60))
def test_a_target_has_no_blanks_at_its_ends_and_begins_and_ends_in_blocks(
    texts: list[str], start: int, length: int
) -> None:
    document = of_blocks(*texts)
    found = cursor(document)
    found.select(Span(start, start + length))
    target = found.target()
    if target is not None:
        taken = document.text[target.start : target.stop]
        assert taken == taken.strip()
        assert any(b.start <= target.start < b.stop for b in document.blocks)
        assert any(b.start < target.stop <= b.stop for b in document.blocks)


# What is for coding


def test_a_moderators_turn_is_not_for_coding() -> None:
    assert [FOCUS_GROUP.to_code(block) for block in FOCUS_GROUP.blocks] == [False, True, True]


def test_without_turns_every_paragraph_is_for_coding() -> None:
    notes = of_blocks("Arrived at nine.", "Left at ten.")
    assert [notes.to_code(block) for block in notes.blocks] == [True, True]


def test_beside_turns_a_heading_is_not_for_coding() -> None:
    document = view("Focus group 3", "P1: Yes.")
    assert [document.to_code(block) for block in document.blocks] == [False, True]
