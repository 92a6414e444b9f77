"""A redacted stretch on screen: one unit, drawn as its label; offsets stay those of the text."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualcode.model import Span
from qualcode.text.redaction import Rendering, Replacement, united
from qualcode.tui.desk import nudged
from qualcode.tui.widgets.cursor import STEPS, Cursor
from qualcode.tui.widgets.display import DisplayMap, graphemes
from qualcode.tui.widgets.document_view import DocumentView
from qualcode.tui.widgets.lanes import SpanIndex
from qualcode.tui.widgets.rows import Overlay
from qualcode.tui.widgets.wrap import WrapIndex
from tests.tui.shelf import lines, press, shelf
from tests.tui.test_rows import assert_rows_fit, painter
from tests.tui.texts import coding_at, odd_texts, of_blocks, quick, transcript, view

TALK = (
    "M: Who came?",
    "P1: Officer Zachary Okonkwo did, with Dr. Zachary. Smith took notes. He left.",
    "P2: Zachary!",
)
NAMES = {"Zachary Okonkwo": "[P07]", "Dr. Zachary. Smith": "[P08]", "Zachary!": "[P07]"}


def redacted(*talk: str, **names: str) -> DocumentView:
    """The talk with these names redacted wherever they stand."""
    plain = transcript(*talk)
    found = [
        (Span(at, at + len(name)), label)
        for name, label in names.items()
        for at in range(len(plain.text))
        if plain.text.startswith(name, at)
    ]
    return DocumentView(plain, Rendering(plain.text, united(found)))


DOCUMENT = redacted(*TALK, **NAMES)
NAME = Span(DOCUMENT.text.index("Zachary"), DOCUMENT.text.index(" did"))


def cursor(document: DocumentView, at: int, width: int = 30) -> Cursor:
    found = Cursor(document, WrapIndex(document.text, document.spans, document.display, width))
    found.place(at)
    return found


def drawn(document: DocumentView, width: int) -> list[str]:
    wrap = WrapIndex(document.text, document.spans, document.display, width)
    rows = [wrap.display(row) for row in range(len(wrap))]
    return [row.drawn(row.start, row.stop) for row in rows]


def test_a_name_is_drawn_as_its_label() -> None:
    assert drawn(DOCUMENT, 60) == [
        "Who came?", "Officer [P07] did, with [P08] took notes. He left.", "[P07]",
    ]  # fmt: skip


def test_a_label_is_never_broken_and_a_wider_one_is_cut() -> None:
    document = redacted("P1: I met Ann there.", Ann="[a long label]")
    assert drawn(document, 16) == ["I met ", "[a long label] ", "there."]
    assert drawn(document, 10) == ["I met ", "[a long… ", "there."]


def test_blanks_inside_a_name_do_not_break_a_row() -> None:
    document = redacted("P1: So Ann\nLee came.", **{"Ann\nLee": "[P1]"})
    assert drawn(document, 20) == ["So [P1] came."]


@pytest.mark.parametrize(
    ("step", "start", "arrives"),
    [
        ("right", "Zachary Okonkwo", " did"),
        ("left", " did", "Zachary Okonkwo"),
        ("word_next", "Officer", "Zachary Okonkwo"),
        ("word_next", "Zachary Okonkwo", "did"),
        ("word_back", "did", "Zachary Okonkwo"),
        ("sentence_next", "Officer", "He left"),
        ("sentence_back", "He left", "Officer"),
        ("turn_next", "did", "Zachary!"),
    ],
)
def test_steps_go_over_a_name_as_over_one_character(step: str, start: str, arrives: str) -> None:
    found = cursor(DOCUMENT, DOCUMENT.text.index(start))
    found.step(step)
    assert DOCUMENT.text[found.head :].startswith(arrives)


def test_a_place_inside_a_name_is_its_beginning() -> None:
    assert DOCUMENT.snap(NAME.start + 3) == NAME.start
    assert DOCUMENT.snap_up(NAME.start + 3) == NAME.stop


def test_a_selection_that_cuts_a_name_grows_to_the_whole() -> None:
    found = cursor(DOCUMENT, 0)
    found.select(Span(NAME.start + 3, NAME.stop + 2))
    assert found.selection == Span(NAME.start, NAME.stop + 2)
    found.select(Span(NAME.start - 2, NAME.start + 3))
    assert found.selection == Span(NAME.start - 2, NAME.stop)


def test_two_sentences_that_meet_inside_a_name_are_selected_as_one() -> None:
    found = cursor(DOCUMENT, DOCUMENT.text.index("with Dr."))
    found.select_unit("sentence")
    assert found.selection is not None
    assert DOCUMENT.cut(found.selection) == "Officer [P07] did, with [P08] took notes."


def test_a_word_is_a_label_with_what_touches_it() -> None:
    document = redacted("P1: Zoe's, then.", Zoe="[P1]")
    word = document.word_span(document.first)
    assert word is not None
    assert document.cut(word) == "[P1]'s,"


def test_an_end_of_a_coding_inside_a_name_is_nudged_out_of_it() -> None:
    inside = Span(DOCUMENT.text.index("Officer"), NAME.start + 3)
    forward, back = nudged(DOCUMENT, inside, "stop", 1), nudged(DOCUMENT, inside, "stop", -1)
    assert forward == Span(inside.start, NAME.stop)
    assert back == Span(inside.start, NAME.start - 1)


async def test_a_coding_that_begins_inside_a_name_is_drawn_at_the_label_and_found_there() -> None:
    inside = coding_at("a", NAME.start + 8, NAME.stop + 4)
    async with shelf(inside, document=DOCUMENT) as (pilot, text):
        await press(pilot, "right_square_bracket")
        assert text.position == NAME.start
        assert text.focused_coding == inside
        assert text.codings_here() == [inside]
        await press(pilot, "w")
        assert text.focused_coding == inside
        assert any("Officer [P07] did" in line for line in lines(text))


async def test_copying_gives_the_label() -> None:
    async with shelf(document=DOCUMENT) as (pilot, _):
        await press(pilot, "n w e y")
        assert pilot.app.clipboard == "[P07]"


async def test_a_label_is_clicked_on_and_dragged_over_as_one() -> None:
    async with shelf(document=DOCUMENT) as (pilot, text):
        y = next(n for n, row in enumerate(lines(text)) if "[P07]" in row)
        x = lines(text)[y].index("[P07]")
        await pilot.click(text, offset=(x + 3, y))
        assert text.position == NAME.start
        await pilot.mouse_down(text, offset=(x, y))
        await pilot.hover(text, offset=(x + 5, y))
        await pilot.mouse_up(text, offset=(x + 5, y))
        assert text.selection == NAME


def test_without_redactions_simple_blocks_stay_simple() -> None:
    plain = view(*TALK)
    assert all(plain.display.graphemes(block) is None for block in range(3))
    assert [DOCUMENT.display.graphemes(block) is None for block in range(3)] == [True, False, False]
    assert plain.sentences is plain.transcript.sentences


def test_a_redaction_over_the_border_of_two_turns_has_its_label_in_both() -> None:
    text = "one\ntwo"
    display = DisplayMap(text, [(0, 3), (4, 7)], [Replacement(2, 5, "[x]")])
    assert [display.row(b, a, z).drawn(a, z) for b, a, z in ((0, 0, 3), (1, 4, 7))] == [
        "on[x]", "[x]wo",
    ]  # fmt: skip


# Whatever the text and whatever is redacted in it

labels = st.sampled_from(["[P07]", "[x]", "[a label of some length]", "[日本]", "\u202e[!]"])


@st.composite
def documents(draw: st.DrawFn) -> DocumentView:
    plain = of_blocks(*draw(odd_texts)).transcript
    end = len(plain.text)
    spans = st.tuples(st.integers(0, max(end - 1, 0)), st.integers(1, 25), labels)
    found = [
        (Span(start, min(end, start + length)), label)
        for start, length, label in draw(st.lists(spans, max_size=5))
        if end
    ]
    return DocumentView(plain, Rendering(plain.text, united(found)))


@quick
@given(documents(), st.integers(8, 30))
def test_rows_tile_their_blocks_and_fit(document: DocumentView, width: int) -> None:
    wrap = WrapIndex(document.text, document.spans, document.display, width)
    for i, (start, stop) in enumerate(document.spans):
        rows = range(wrap.first_row[i], wrap.first_row[i + 1])
        bounds = [*(wrap.row_start[row] for row in rows), stop]
        assert bounds[0] == start
        assert [wrap.row_stop[row] for row in rows] == bounds[1:]
        assert all(a < b for a, b in pairwise(bounds))
        for row in rows:
            assert wrap.display(row).width + (row == rows[-1]) <= width


@quick
@given(documents(), st.integers(8, 30))
def test_every_position_is_found_again_and_steps_right_undo_steps_left(
    document: DocumentView, width: int
) -> None:
    wrap = WrapIndex(document.text, document.spans, document.display, width)
    at, path = document.first, [document.first]
    while document.blocks and document.forward(at) != at:
        at = document.forward(at)
        path.append(at)
    assert path[-1] == document.last
    for before, after in pairwise(path):
        assert document.backward(after) == before
    for position in path if document.blocks else ():
        assert wrap.position_at(*wrap.cell_at(position)) == position


@quick
@given(documents(), st.lists(st.sampled_from([*STEPS, "up", "down", "row_end"]), max_size=25))
def test_no_step_stops_inside_a_label_and_none_is_stuck(
    document: DocumentView, steps: list[str]
) -> None:
    found = cursor(document, 0)
    inside = {
        position
        for one in document.rendering.replacements
        for position in range(one.start + 1, one.stop)
    } - {edge for block in document.spans for edge in block}
    for step in steps:
        found.step(step)
        assert document.snap(found.head) == found.head
        assert found.head not in inside
    for step in ("word_next", "sentence_next", "turn_next"):
        found.place(document.first)
        for _ in range(len(document.text) + 1):
            found.step(step)
        assert found.head == document.last


@quick
@given(documents(), st.integers(24, 90), st.data())
def test_nothing_of_what_is_redacted_is_drawn(
    document: DocumentView, width: int, data: st.DataObject
) -> None:
    """The whole text is redacted, so that every character drawn is a label's."""
    text = document.text
    if not document.blocks:
        return
    hidden = DocumentView(
        document.transcript, Rendering(text, [Replacement(0, len(text), "[P07]")])
    )
    drawing = painter(hidden, [coding_at("k", 0, len(text))], width)
    position = hidden.snap(data.draw(st.integers(0, len(text))))
    focused = drawing._index.all()[0]
    text_at, names_at = drawing.columns.text_at, drawing.columns.names_at
    for row in range(len(drawing._wrap)):
        strip = drawing.strip(row, Overlay(position, None, focused), top=row == 0)
        assert strip.crop(text_at, names_at).text.strip() == "[P07]"
        assert not [c for c in strip.text if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp")]


@quick
@given(documents(), st.integers(24, 90), st.data())
def test_rows_with_labels_codings_and_hits_fit_and_hold_no_control_character(
    document: DocumentView, width: int, data: st.DataObject
) -> None:
    end = len(document.text)
    if not document.blocks:
        return
    start = data.draw(st.integers(0, end - 1))
    codings = [coding_at("k", start, data.draw(st.integers(start + 1, end)))]
    drawing = painter(document, codings, width)
    position = document.snap(data.draw(st.integers(0, end)))
    over = Overlay(position, codings[0].span, drawing._index.all()[0])
    assert_rows_fit(drawing, width, over, data)


@quick
@given(documents(), st.data())
def test_codings_are_drawn_at_whole_labels(document: DocumentView, data: st.DataObject) -> None:
    end = len(document.text)
    if not document.blocks:
        return
    start = data.draw(st.integers(0, end - 1))
    coding = coding_at("k", start, data.draw(st.integers(start + 1, end)))
    wrap = WrapIndex(document.text, document.spans, document.display, 30)
    placed = SpanIndex(wrap, [coding]).all()[0]
    for row in placed.rows:
        shown = wrap.display(row)
        for edge in (shown.snap(coding.span.start), shown.after(coding.span.stop)):
            assert document.snap(edge) == edge


@quick
@given(odd_texts)
def test_no_redaction_measures_as_without(texts: list[str]) -> None:
    document = of_blocks(*texts)
    for block, (start, stop) in enumerate(document.spans):
        measured = document.display.graphemes(block)
        if measured is not None:
            assert list(measured.starts) == list(graphemes(document.text, start, stop).starts)
            assert not measured.labels
