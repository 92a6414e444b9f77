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


CODING = {
    "move.left": "left h", "move.right": "right l", "move.up": "up k", "move.down": "down j",
    "move.word_next": "w", "move.word_back": "b",
    "move.sentence_next": ")", "move.sentence_back": "(",
    "move.turn_next": "n", "move.turn_back": "p",
    "move.page_down": "pagedown space", "move.page_up": "pageup",
    "move.row_start": "home", "move.row_end": "end", "move.top": "g", "move.bottom": "G",
    "move.goto": ":",
    "select.extend_left": "shift+left H", "select.extend_right": "shift+right L",
    "select.extend_up": "shift+up K", "select.extend_down": "shift+down J",
    "select.word": "e", "select.sentence": "s", "select.turn": "t",
    "select.grow": "+ =", "select.shrink": "-", "select.swap": "o", "select.clear": "escape",
    **{f"code.quick_{n}": str(n) for n in range(1, 10)},
    "code.by_key": "a", "code.pick": "c enter", "code.repeat": ".", "code.in_vivo": "i",
    "coding.next": "]", "coding.back": "[", "coding.cycle": ",",
    "coding.stop_forward": ">", "coding.stop_back": "<",
    "coding.start_forward": "}", "coding.start_back": "{",
    "coding.recode": "r", "coding.remove": "x delete",
    "coding.exemplar": "*", "coding.disconfirming": "D", "coding.valence": "V",
    "work.uncoded_next": "tab", "work.uncoded_back": "shift+tab", "work.finish": "F",
    "memo.coding": "m", "memo.document": "M",
    "search.open": "/", "search.next": "N", "search.back": "P",
    "view.density": "v", "view.filter": "f", "view.copy": "y",
    "history.undo": "u", "history.redo": "U ctrl+r", "history.show": "f4",
    "panel.codes": "f2", "panel.entry": "f3", "app.back": "q",
}  # fmt: skip
"""The keyboard that coders learn and remap in ``keys.toml``: an id changed is a line lost there."""

EVERYWHERE_KEYS = {
    "help.show": "? f1", "screen.project": "f5", "screen.codebook": "f6", "screen.agreement": "f7",
    "screen.themes": "f8", "screen.search": "f9", "app.palette": "ctrl+p", "app.quit": "ctrl+q",
}  # fmt: skip

DECIDING = {
    "adj.next": "n", "adj.back": "p", "adj.order": "o",
    "adj.present": "y", "adj.absent": "x", "adj.other": "c", "adj.span": "e", "adj.mask": "v",
    "adj.defer": "l", "adj.rationale": "m",
    "adj.rule": "+ =",  # the key of + without Shift, as for select.grow
}  # fmt: skip


@pytest.mark.parametrize(
    ("screen", "expected"),
    [
        ("The coding screen", CODING),
        (EVERYWHERE, EVERYWHERE_KEYS),
        ("The adjudication screen", DECIDING),
    ],
)
def test_the_acts_of_the_design_have_their_ids_and_keys(
    screen: str, expected: dict[str, str]
) -> None:
    found: dict[str, list[str]] = {}
    for binding in expanded(every_binding()[screen]):
        name = binding.key.removeprefix("upper_")
        character = key_name(name)
        found.setdefault(binding.id or "", []).append(character if len(character) == 1 else name)
    arrows = str.maketrans({"←": "left", "→": "right", "↑": "up", "↓": "down"})
    keys = {id_: " ".join(names).translate(arrows) for id_, names in found.items()}
    assert {id_: keys.get(id_) for id_ in expected} == expected
