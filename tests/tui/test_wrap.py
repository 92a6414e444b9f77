"""Rows of text: where they are cut, and which position is on which."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from qualcode.tui.widgets.display import graphemes
from qualcode.tui.widgets.document_view import DocumentView
from qualcode.tui.widgets.wrap import WrapIndex, _measured_rows, _simple_rows
from tests.tui.texts import odd_texts, of_blocks, quick

widths = st.integers(8, 30)


def wrap(document: DocumentView, width: int) -> WrapIndex:
    return WrapIndex(document.text, document.spans, document.display, width)


def rows(*blocks: str, width: int) -> list[str]:
    document = of_blocks(*blocks)
    found = wrap(document, width)
    return [document.text[a:b] for a, b in zip(found.row_start, found.row_stop, strict=True)]


def test_a_row_ends_after_the_blank_behind_a_word() -> None:
    assert rows("They started standing next to us.", width=16) == [
        "They started ", "standing next ", "to us.",
    ]  # fmt: skip


def test_a_word_longer_than_a_row_is_split() -> None:
    assert rows("Donaudampfschifffahrt", width=10) == ["Donaudampf", "schifffahr", "t"]


def test_a_row_that_is_just_full_leaves_a_cell_for_the_cursor_behind_it() -> None:
    assert rows("12345678", width=8) == ["1234567", "8"]


def test_a_line_break_inside_a_block_ends_the_row() -> None:
    assert rows("One.\nTwo.", width=20) == ["One.\n", "Two."]


def test_wide_characters_may_be_cut_between_any_two() -> None:
    assert rows("我们在一起工作了", width=8) == ["我们在一", "起工作", "了"]


def test_a_wide_full_stop_never_begins_a_row() -> None:
    assert rows("我们在一。起工", width=8) == ["我们在", "一。起", "工"]


def test_no_blocks_give_no_rows() -> None:
    assert len(wrap(of_blocks(), 20)) == 0


def test_the_end_of_a_block_is_on_its_last_row() -> None:
    document = of_blocks("one two three", "four")
    assert wrap(document, 8).row_of(13) == 1


def test_the_end_key_stops_before_the_offset_that_begins_the_next_row() -> None:
    document = of_blocks("one two three")
    assert wrap(document, 8).position_at(0, 99) == 7  # the blank; 8 is where "three" begins


def test_the_end_of_a_block_can_be_reached() -> None:
    document = of_blocks("one two three")
    assert wrap(document, 8).position_at(1, 99) == 13


def test_a_stretch_between_blocks_belongs_to_the_row_before() -> None:
    document = of_blocks("one", "two")
    assert wrap(document, 8).rows_of(3, 4) == (0, 0)


@quick
@given(odd_texts, widths)
def test_rows_tile_their_blocks(texts: list[str], width: int) -> None:
    document = of_blocks(*texts)
    found = wrap(document, width)
    for i, (start, stop) in enumerate(document.spans):
        first, last = found.first_row[i], found.first_row[i + 1] - 1
        bounds = [*found.row_start[first : last + 1], stop]
        assert bounds[0] == start
        assert list(found.row_stop[first : last + 1]) == bounds[1:]
        assert all(a < b for a, b in pairwise(bounds))


@quick
@given(odd_texts, widths)
def test_rows_fit_their_width_and_blocks_leave_a_cell_at_their_end(
    texts: list[str], width: int
) -> None:
    document = of_blocks(*texts)
    found = wrap(document, width)
    for row in range(len(found)):
        ends = row + 1 == found.first_row[found.row_block[row] + 1]
        assert found.display(row).width + ends <= width


@quick
@given(odd_texts, widths)
def test_every_position_is_found_again_at_its_row_and_cell(texts: list[str], width: int) -> None:
    document = of_blocks(*texts)
    found = wrap(document, width)
    position, seen = document.first, False
    while document.blocks and not seen:
        row, cell = found.cell_at(position)
        assert found.position_at(row, cell) == position
        seen = position == document.last
        position = document.forward(position)


@quick
@given(st.text("ab .-\n", min_size=1, max_size=80), widths)
def test_the_fast_way_cuts_as_the_measured_way_does(text: str, width: int) -> None:
    fast = _simple_rows(text, 0, len(text), width)
    assert fast == _measured_rows(text, graphemes(text, 0, len(text)), width)
