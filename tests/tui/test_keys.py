"""Keyboard, help, palette and ``docs/keys.md`` know the same acts."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.binding import Binding

from qualcode.tui.app import QualcodeApp
from qualcode.tui.coding import CodingScreen
from qualcode.tui.commands import ActionsProvider
from qualcode.tui.keys import EVERYWHERE, every_binding, expanded, key_name, key_rows, page
from qualcode.tui.widgets.sheet import Sheet
from qualcode.tui.widgets.transcript_view import TranscriptView
from tests.tui.conftest import Study, press, screens

DOCS = Path(__file__).parents[2] / "docs" / "keys.md"

EVERY = [binding for bindings in every_binding().values() for binding in expanded(bindings)]


def test_docs_are_what_the_bindings_say() -> None:
    assert DOCS.read_text(encoding="utf-8") == page()


@pytest.mark.parametrize("binding", EVERY, ids=lambda b: f"{b.id}-{b.key}")
def test_every_binding_has_id_description_and_tooltip(binding: Binding) -> None:
    assert binding.id
    assert binding.description
    assert binding.tooltip


@pytest.mark.parametrize("screen", [name for name in every_binding() if name != EVERYWHERE])
def test_no_key_means_two_things_on_a_screen(screen: str) -> None:
    sections = every_binding()
    keys = [binding.key for binding in expanded([*sections[screen], *sections[EVERYWHERE]])]
    assert sorted(keys) == sorted(set(keys))


async def test_help_palette_and_docs_list_the_same_acts(study: Study) -> None:
    async with screens(study) as pilot:
        screen = pilot.app.screen
        active = [a.binding for a in screen.active_bindings.values()]
        in_help = {id_ for row in key_rows(active) for id_ in row.ids}
        in_palette = {binding.id for _, binding in ActionsProvider(screen).actions()}
        await press(pilot, "question_mark")
        sheet = pilot.app.screen
        assert isinstance(sheet, Sheet)
        for row in key_rows(active):
            assert row.tooltip in sheet.body.plain
    docs = DOCS.read_text(encoding="utf-8")
    coding = {
        b.id for o in (TranscriptView, CodingScreen, QualcodeApp) for b in expanded(o.BINDINGS)
    }
    assert in_help == coding - {"work.retry"}  # nothing is unsaved
    assert in_palette == in_help - {"app.palette"}  # it is what is open
    for row in key_rows(expanded([*TranscriptView.BINDINGS, *CodingScreen.BINDINGS])):
        assert f"| {row.tooltip} |" in docs


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("full_stop", "."), ("greater_than_sign", ">"), ("ctrl+r", "Ctrl+R"), ("pagedown", "PgDn"),
        ("shift+tab", "Shift+Tab"), ("f4", "F4"), ("a", "a"), ("A", "A"), ("shift+up", "Shift+↑"), ("plus", "+"), ("minus", "-"),
    ],
)  # fmt: skip
def test_keys_are_called_what_is_printed_on_them(key: str, name: str) -> None:
    assert key_name(key) == name


def test_the_nine_digits_stand_in_one_line() -> None:
    rows = key_rows(expanded(CodingScreen.BINDINGS))
    (digits,) = [row for row in rows if "code.quick_1" in row.ids]
    assert digits.keys == "1–9"
