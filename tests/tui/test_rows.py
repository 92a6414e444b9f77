"""What a row of the transcript shows, and that it fits."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.segment import Segment
from rich.style import Style
from textual.color import Color

from qualcode.model import Coding, Span
from qualcode.tui.widgets.document_view import DocumentView
from qualcode.tui.widgets.ink import contrast, readable
from qualcode.tui.widgets.lanes import SpanIndex
from qualcode.tui.widgets.rows import Columns, Overlay, Palette, RowPainter
from qualcode.tui.widgets.wrap import WrapIndex
from tests.tui.shelf import TALK, cell_style, line_of, lines, press, shelf
from tests.tui.texts import CODES, coding, coding_at, odd_texts, of_blocks, quick, view


async def test_speaker_lane_and_text_stand_in_columns() -> None:
    async with shelf(coding("a", TALK, "They stood by us.")) as (_, text):
        assert lines(text)[:4] == [
            "             Focus group 3".ljust(79),
            "M            What changed?".ljust(79),
            "P4         1 They stood by us. She walked over, said her name, and took him".ljust(79),
            "             from there. Ten minutes.".ljust(79),
        ]


async def test_a_wide_gutter_numbers_turns_and_tells_times() -> None:
    async with shelf(size=(100, 20)) as (pilot, text):
        text.set_layout(16, 5, 16)
        await pilot.pause()
        assert [line[:22] for line in lines(text)[2:4]] == [
            "   2 P4               ",
            "     00:00:20         ",
        ]


async def test_the_first_row_in_view_says_who_speaks() -> None:
    async with shelf(size=(80, 6), document=view("P4: " + "word " * 200, "P2: Yes.")) as (
        pilot,
        text,
    ):
        await press(pilot, "pagedown")
        assert lines(text)[0].startswith("↑ P4 ")


async def test_the_first_row_in_view_names_the_codes_that_run_on() -> None:
    document = view("P4: " + "word " * 200, "P2: Yes.")
    long = coding_at("a", document.blocks[0].start, document.blocks[0].stop)
    async with shelf(long, size=(80, 6), document=document) as (pilot, text):
        await press(pilot, "pagedown")
        assert [line[11] for line in lines(text)[:3]] == ["1", "┃", "1"]  # the 9th row has its key


async def test_a_lane_shows_key_line_and_end() -> None:
    document = view("P4: " + "word " * 60)
    long = coding_at("a", document.blocks[0].start, document.blocks[0].stop - 1)
    async with shelf(long, document=document) as (pilot, text):
        await press(pilot, "G")
        assert "".join(line[11] for line in lines(text)[:5]) == "1│││╰"


async def test_the_focused_coding_has_a_heavy_lane() -> None:
    document = view("P4: " + "word " * 60)
    long = coding_at("a", document.blocks[0].start, document.blocks[0].stop - 1)
    async with shelf(long, document=document) as (_, text):
        assert "".join(line[11] for line in lines(text)[:5]) == "1┃┃┃┗"


async def test_codings_beyond_the_lanes_are_a_plus() -> None:
    several = [coding(f"k{i}", TALK, "They stood by us.", "trust") for i in range(4)]
    async with shelf(*several) as (_, text):
        assert lines(text)[2][:13] == "P4      +333 "


async def test_names_stand_beside_the_text() -> None:
    async with shelf(coding("a", TALK, "They stood by us."), size=(100, 20)) as (pilot, text):
        text.set_layout(9, 3, 16)
        await pilot.pause()
        assert lines(text)[2].rstrip().endswith(" warm handoff")


@pytest.mark.parametrize("notation", ["[laughs]", "[/x]", "[@click=app.quit]Q[/]", "[P3]"])
async def test_notations_are_shown_literally(notation: str) -> None:
    async with shelf(document=view(f"P1: So {notation} yes.")) as (_, text):
        assert f"So {notation} yes." in lines(text)[0]


async def test_an_empty_document_says_so() -> None:
    async with shelf(document=of_blocks()) as (pilot, text):
        await press(pilot, "j w s shift+right plus minus G pagedown right_square_bracket comma y")
        assert lines(text)[0].startswith("This document holds no text.")
        assert text.target() is None


async def test_marks_go_from_edges_to_tints_to_text_alone() -> None:
    async with shelf(coding("a", TALK, "They stood by us.")) as (pilot, text):
        inner = (2, 20)  # inside the coding, away from its edges
        edges = cell_style(text, *inner)
        await press(pilot, "v")
        tints = cell_style(text, *inner)
        await press(pilot, "v")
        assert edges.bgcolor != tints.bgcolor
        assert lines(text)[2][9:13] == "    "
        await press(pilot, "v")
        assert cell_style(text, *inner) == edges


async def test_edges_are_bold_and_underlined_and_the_rest_is_not() -> None:
    async with shelf(coding("a", TALK, "They stood by us."), position=0) as (_, text):
        marked = [cell_style(text, 2, x) for x in (13, 14, 28, 29, 30)]
        assert [bool(style.underline) for style in marked] == [True, False, False, True, False]


async def test_only_one_code_is_shown_after_the_filter_key() -> None:
    codings = [coding("a", TALK, "They stood"), coding("b", TALK, "Ten minutes", "buyin")]
    async with shelf(*codings) as (pilot, text):
        await press(pilot, "right_square_bracket f")
        assert [line[11] for line in lines(text)[2:4]] == ["1", " "]
        await press(pilot, "f")
        assert [line[11] for line in lines(text)[2:4]] == ["1", "2"]


@pytest.mark.parametrize("size", [(46, 12), (80, 24), (120, 40)])
async def test_without_colours_cursor_selection_and_text_differ_by_attributes(
    size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(os.environ, "NO_COLOR", "1")
    async with shelf(size=size, ansi_color=True) as (pilot, text):
        await press(pilot, "n n w e")
        y, at = line_of(text, "They stood"), 13
        attributes = [
            (bool(style.reverse), bool(style.bold), bool(style.underline))
            for style in (cell_style(text, y, at + x) for x in (1, 5, 9, 10, 11))
        ]
        plain, chosen, inside, cursor, after = attributes
        assert plain == after == (False, False, False)
        assert chosen == inside == (True, True, False)
        assert cursor == (False, False, True)  # the edge of a coding is bold as well
        await press(pilot, "escape")
        assert bool(cell_style(text, y, at + 10).reverse)


@pytest.mark.parametrize("environment", ["NO_COLOR", "16 colours"])
async def test_with_few_colours_no_two_marks_on_the_text_look_alike(
    environment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if environment == "NO_COLOR":
        monkeypatch.setitem(os.environ, "NO_COLOR", "1")
    one, other = coding("a", TALK, "The card!"), coding("b", TALK, "And then?", "buyin")
    async with shelf(one, other, ansi_color=True) as (pilot, text):
        hit = TALK.text.index("Ten")
        text.hits = [Span(hit, hit + 3)]

        def look(words: str, at: int = 0) -> tuple[bool, ...]:
            y = line_of(text, words)
            x = lines(text)[y].index(words) + at
            style = cell_style(text, y, x)
            flags = (style.reverse, style.bold, style.italic, style.underline, style.underline2,
                     style.blink)  # fmt: skip
            return tuple(bool(flag) for flag in flags)

        await press(pilot, "n n n")
        looks = {
            "text": look("They stood", 1),
            "cursor": look("The card!"),
            "edge of a coding": look("And then?"),
            "hit": look("Ten minutes"),
            "focused coding in its lane": look("1 The card!"),
            "other coding in its lane": look("2 And then?"),
        }
        await press(pilot, "n e")
        looks["selection"] = look("And then?", 1)
        looks["edge in the selection"] = look("And then?")
        looks["cursor beside the selection"] = look("And then?", 3)
    lane = looks.pop("other coding in its lane")
    assert lane != looks["focused coding in its lane"]
    looks.pop("focused coding in its lane")
    assert len(set(looks.values())) == len(looks), looks


def test_every_code_can_be_read_on_dark_and_light() -> None:
    for background in (Color.parse("#121212"), Color.parse("#e0e0e0")):
        for colour in ("#0072B2", "#F0E442", "#000000", "#ffffff", "#888888"):
            assert contrast(readable(Color.parse(colour), background), background) >= 4.5


def painter(document: DocumentView, codings: Sequence[Coding], width: int) -> RowPainter:
    columns = Columns.of(width, 9, 3, 16 if width > 60 else 0)
    wrap = WrapIndex(document.text, document.spans, document.display, columns.text)
    base = Style(color="white", bgcolor="black")
    palette = Palette(base, base, Style(reverse=True), Style(bold=True), ansi=False)
    return RowPainter(document, wrap, SpanIndex(wrap, codings), CODES, columns, palette)


@quick
@given(odd_texts.filter(any), st.data())
def test_whatever_the_text_rows_fit_and_hold_no_control_character(
    texts: list[str], data: st.DataObject
) -> None:
    document = of_blocks(*texts)
    width = data.draw(st.integers(24, 100))
    end = len(document.text)
    spans = data.draw(st.lists(st.tuples(st.integers(0, end - 1), st.integers(1, 40)), max_size=5))
    codings = [
        coding_at(f"k{i}", start, min(end, start + length), list(CODES)[i % 3])
        for i, (start, length) in enumerate(spans)
    ]
    drawing = painter(document, codings, width)
    focused = drawing._index.all()[0] if codings else None
    position = document.snap(data.draw(st.integers(0, end)))
    selection = codings[-1].span if codings else None
    assert_rows_fit(drawing, width, Overlay(position, selection, focused), data)


def assert_rows_fit(drawing: RowPainter, width: int, over: Overlay, data: st.DataObject) -> None:
    """Every row fits and holds no control character, with hits in it and marked any way."""
    end = len(drawing._view.text)
    found = data.draw(st.lists(st.tuples(st.integers(0, end - 1), st.integers(1, 9)), max_size=4))
    drawing.hits = tuple(Span(start, min(end, start + length)) for start, length in sorted(found))
    drawing.density = data.draw(st.sampled_from(["edges", "tints", "text"]))
    for row in range(len(drawing._wrap)):
        for one in (Overlay(drawing._view.last), over):
            strip = drawing.strip(row, one, top=row == 0)
            assert sum(Segment(s.text).cell_length for s in strip) <= width
            assert not [
                c for c in strip.text if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp")
            ]
            assert all(segment.style is not None for segment in strip)


# Columns


def test_columns_give_the_text_what_the_layout_promises() -> None:
    promised = {(66, 9, 3, 0): 53, (79, 9, 3, 0): 66, (95, 16, 5, 16): 57, (99, 16, 5, 16): 61}
    for (width, *cells), text in promised.items():
        assert Columns.of(width, *cells).text == text


def test_very_long_lines_are_not_drawn() -> None:
    assert all(Columns.of(width, 9, 3, 0).text <= 88 for width in range(20, 300))


def test_columns_never_overlap() -> None:
    for width, next_width in pairwise(range(40, 200)):
        assert Columns.of(width, 16, 5, 16).text <= Columns.of(next_width, 16, 5, 16).text
