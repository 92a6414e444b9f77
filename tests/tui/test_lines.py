"""What stands in the rows around the text, at any width."""

from __future__ import annotations

import pytest

from qualcode.tui.layout import layout
from qualcode.tui.widgets.status_line import (
    Heading,
    Named,
    footer,
    header,
    here,
    odd_character,
    status,
)


def heading(**facts: object) -> Heading:
    known: dict[str, object] = {
        "document": "FG-03 Harbour officers", "coder": "B", "round": "r1", "blind": True,
        "codebook": "v3", "place": "turn 26/470", "read": 5, "saving": "saved",
    }  # fmt: skip
    return Heading(**(known | facts))  # type: ignore[arg-type]


def test_the_header_says_who_codes_what_where() -> None:
    assert header(heading(), 90).plain == (
        "FG-03 Harbour officers  coder B  BLIND r1  codebook v3  turn 26/470  read 5%  saved"
    )


@pytest.mark.parametrize("width", range(60, 200, 7))
def test_blind_and_unsaved_are_never_left_out(width: int) -> None:
    facts = heading(
        document="A very long name of a document " * 3,
        coder="c" * 40,
        saving="NOT SAVED",
        finished=True,
    )
    row = header(facts, width)
    assert "BLIND r1" in row.plain
    assert "NOT SAVED" in row.plain
    assert row.cell_length <= width


def test_a_long_document_name_is_cut_with_an_ellipsis() -> None:
    assert "…" in header(heading(document="x" * 100), 80).plain


def test_markup_in_a_name_is_text() -> None:
    assert header(heading(document="[b]talk[/b]"), 100).plain.startswith("[b]talk[/b]  coder")


def named(name: str, *details: str, exemplar: bool = False, coder: str | None = None) -> Named:
    return Named("2", name, "#888888", details, exemplar, coder)


def test_here_names_the_focused_coding_with_details_and_others_without() -> None:
    first = named("warm handoff", "24 words", "memo", exemplar=True)
    row = here([first, named("buy-in", "3 words")], first, 80)
    assert row.plain == "HERE  2 warm handoff* (24 words, memo)   2 buy-in"


def test_here_counts_what_does_not_fit() -> None:
    codings = [named(f"a rather long code name {n}") for n in range(5)]
    row = here(codings, None, 80)
    assert row.plain.endswith("+3")
    assert row.cell_length <= 80


def test_here_cuts_a_single_name_only_with_an_ellipsis() -> None:
    row = here([named("x" * 100)], None, 60)
    assert row.plain.endswith("…")
    assert row.cell_length <= 60


def test_the_status_row_keeps_what_has_just_happened_before_the_place() -> None:
    row = status(
        "SELECT", ["P4", "00:07:34", "1 sentence, 11 words"], "Undone: 2 warm handoff, turn 26", 50
    )
    assert row.plain == " SELECT   P4  Undone: 2 warm handoff, turn 26"


def test_the_footer_names_whole_keys_only() -> None:
    keys = [("1-9", "code"), ("c", "pick"), ("tab", "next uncoded")]
    assert footer(keys, 20).plain == "1-9 code  c pick"


def test_acts_begin_small_in_the_footer() -> None:
    assert footer([("s", "Sentence"), ("^p", "palette")], 40).plain == "s sentence  ^p palette"


@pytest.mark.parametrize(
    ("character", "name"),
    [
        ("\u202e", "U+202E RIGHT-TO-LEFT OVERRIDE"),
        ("\x1b", "U+001B control character"),
        ("a", None),
        ("\t", None),
    ],
)
def test_a_character_that_cannot_be_drawn_is_named(character: str, name: str | None) -> None:
    assert odd_character(character) == name


@pytest.mark.parametrize("width", range(6, 60))
def test_the_footer_names_the_help_whatever_else_fits(width: int) -> None:
    keys = [("enter", "open"), ("c", "code"), ("?", "help"), ("^p", "palette")]
    row = footer(keys, width).plain
    assert row.count("? help") == 1
    assert len(row) <= width
    assert footer(keys, 22).plain == "enter open  ? help"


@pytest.mark.parametrize(
    ("width", "parts"),
    [
        (60, (0, 9, 3, 0, 0)), (80, (0, 9, 3, 0, 0)), (99, (0, 9, 3, 0, 0)),
        (100, (24, 9, 3, 0, 0)), (119, (24, 9, 3, 0, 0)),
        (120, (24, 16, 5, 16, 0)), (159, (24, 16, 5, 24, 0)),
        (160, (24, 16, 5, 18, 36)), (200, (24, 16, 5, 29, 36)),
    ],
)  # fmt: skip
def test_columns_go_to_the_text_first(width: int, parts: tuple[int, ...]) -> None:
    plan = layout(width, 40)
    assert (plan.tree, plan.gutter, plan.lanes, plan.names, plan.side) == parts


def test_rules_lie_below_the_text_only_where_rows_abound() -> None:
    assert layout(120, 32).below == 7
    assert layout(120, 31).below == 0
    assert layout(160, 50).below == 0


def test_small_screens_lose_the_footer_then_everything() -> None:
    assert layout(80, 16).footer
    assert not layout(80, 15).footer
    assert layout(59, 24).tiny
    assert layout(80, 11).tiny
    assert not layout(60, 12).tiny
