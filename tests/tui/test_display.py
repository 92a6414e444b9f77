"""Text in terminal cells: what is drawn, how wide, and the way back."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from qualcode.tui.widgets.display import (
    DisplayMap,
    DisplayRow,
    _joins,
    cells_of,
    draw,
    fit,
    graphemes,
)
from tests.tui.texts import odd_text, quick


def row(text: str) -> DisplayRow:
    return DisplayMap(text, [(0, len(text))]).row(0, 0, len(text))


def drawn(text: str) -> str:
    whole = row(text)
    return whole.drawn(0, len(text))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred", "␛[31mred"),
        ("a\tb", "a b"),
        ("a\x9bb", "a␦b"),
        ("a\u202eb", "a␦b"),
        ("a\ufeffb", "a␦b"),
        ("cafe\u0301", "cafe\u0301"),
        ("👍🏽", "👍"),
        ("👨‍👩‍👧 home", "👨 home"),
        ("❤️", "❤"),
        ("1️⃣", "1"),
        ("🇨🇦", "CA"),
        ("\u0301a", "◌\u0301a"),
        ("[laughs] [/x] [@click=app.quit]", "[laughs] [/x] [@click=app.quit]"),
    ],
)
def test_each_character_is_drawn_as_something_of_undisputed_width(text: str, shown: str) -> None:
    assert drawn(text) == shown


def test_a_letter_with_its_accent_is_one_grapheme() -> None:
    assert list(graphemes("e\u0301a", 0, 3).starts) == [0, 2]


def test_a_family_emoji_is_one_grapheme_of_two_cells() -> None:
    family = graphemes("👨‍👩‍👧", 0, 5)
    assert (list(family.starts), list(family.cells)) == ([0], [2])


def test_an_offset_after_a_wide_character_lies_two_cells_on() -> None:
    assert row("你好").cell(1) == 2


def test_both_cells_of_a_wide_character_lead_to_it() -> None:
    assert [row("你好").position(cell) for cell in (0, 1, 2, 3)] == [0, 0, 1, 1]


def test_a_cell_right_of_the_text_leads_to_its_end() -> None:
    assert row("abc").position(40) == 3


def test_snapping_into_a_grapheme_goes_to_its_beginning() -> None:
    assert row("ae\u0301b").snap(2) == 1


def test_after_gives_the_boundary_behind_a_grapheme_cut_in_two() -> None:
    assert row("ae\u0301b").after(2) == 3


def test_a_long_name_is_cut_with_an_ellipsis() -> None:
    assert fit("Case Manager", 8) == "Case Ma…"


def test_a_name_that_fits_stays_whole() -> None:
    assert fit("Moderator", 9) == "Moderator"


def test_a_wide_name_is_cut_between_characters() -> None:
    assert fit("你好世界", 6) == "你好…"


@quick
@given(odd_text, st.integers(0, 12))
def test_a_fitted_name_never_takes_more_cells_than_given(text: str, width: int) -> None:
    assert cell_len(fit(text, width)) <= width


@quick
@given(odd_text)
def test_no_control_bidi_or_joining_character_is_drawn(text: str) -> None:
    shown = drawn(text) if text else ""
    assert not [c for c in shown if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp", "Cs")]


@quick
@given(odd_text)
def test_the_cells_counted_are_the_cells_rich_counts(text: str) -> None:
    measured = graphemes(text, 0, len(text))
    bounds = [*measured.starts, len(text)]
    pieces = [draw(text[a:b]) for a, b in pairwise(bounds)]
    assert [cell_len(piece) for piece in pieces] == list(measured.cells)
    assert all(cells >= 1 for cells in measured.cells)


@quick
@given(odd_text.filter(bool))
def test_offset_to_cell_and_back_is_the_same_offset(text: str) -> None:
    whole = row(text)
    for position in [*graphemes(text, 0, len(text)).starts, len(text)]:
        assert whole.position(whole.cell(position)) == position


@quick
@given(odd_text)
def test_whole_runs_of_ordinary_text_are_cut_as_one_character_after_another(text: str) -> None:
    starts, cells = list[int](), list[int]()
    for at in range(len(text)):
        if starts and _joins(text, starts[-1], at, cells[-1]):
            cells[-1] = cells_of(text[starts[-1] : at + 1])
        else:
            starts.append(at)
            cells.append(cells_of(text[at]))
    measured = graphemes(text, 0, len(text))
    assert (list(measured.starts), list(measured.cells)) == (starts, cells)


@quick
@given(odd_text)
def test_graphemes_tile_the_text_and_steps_back_undo_steps_on(text: str) -> None:
    measured = graphemes(text, 0, len(text))
    at, path = 0, [0]
    while text and at < len(text):
        at = measured.next(at)
        path.append(at)
    assert path[-1] == len(text)
    for before, after in pairwise(path):
        assert measured.back(after) == before
