"""Keys of a coder's own, from ``keys.toml``."""

from __future__ import annotations

from pathlib import Path

from qualcode.tui.app import QualcodeApp
from qualcode.tui.keys import key
from qualcode.tui.own_keys import own_keys
from tests.tui.conftest import Study, line, press, screens

BOUND = [
    key("code.pick", "c,enter", "pick", "Pick", "Choose a code"),
    key("app.back", "q", "back", "Back", "Back"),
]


def read(tmp_path: Path, text: str) -> tuple[dict[str, str], list[str]]:
    file = tmp_path / "keys.toml"
    file.write_text(text, encoding="utf-8")
    keymap, problems = own_keys({"the screen": BOUND}, file)
    return keymap, [problem.removeprefix(f"{file}") for problem in problems]


def test_without_a_file_the_usual_keys_apply(tmp_path: Path) -> None:
    assert own_keys({"the screen": BOUND}, tmp_path / "none.toml") == ({}, [])


def test_keys_are_replaced_by_id(tmp_path: Path) -> None:
    assert read(tmp_path, '"code.pick" = "z"') == ({"code.pick": "z"}, [])


def test_an_act_that_does_not_exist_is_reported(tmp_path: Path) -> None:
    keymap, problems = read(tmp_path, '"code.fly" = "z"')
    assert keymap == {}
    assert problems == [': there is no act "code.fly"; docs/keys.md lists them.']


def test_keys_that_are_no_text_are_reported(tmp_path: Path) -> None:
    keymap, problems = read(tmp_path, '"code.pick" = 3')
    assert keymap == {}
    assert problems == [': the keys of "code.pick" must be text such as "c,enter".']


def test_a_key_for_two_acts_is_reported(tmp_path: Path) -> None:
    _, problems = read(tmp_path, '"code.pick" = "q"')
    assert problems == [": on the screen, q stands for code.pick and app.back."]


def test_a_damaged_file_leaves_the_usual_keys(tmp_path: Path) -> None:
    keymap, problems = read(tmp_path, "code.pick = ")
    assert keymap == {}
    assert "The usual keys apply." in problems[0]


async def test_own_keys_work_and_show_in_the_footer(study: Study, tmp_path: Path) -> None:
    folder = tmp_path / "config" / "qualcode"
    folder.mkdir(parents=True)
    (folder / "keys.toml").write_text('"history.undo" = "z"\n"code.fly" = "y"\n', encoding="utf-8")
    async with screens(study) as pilot:
        await press(pilot, "n", "1")
        assert len(study.codings()) == 1
        await press(pilot, "z")
        assert study.codings() == []
        assert "z undo" in line(pilot, "keys")
        app = pilot.app
        assert isinstance(app, QualcodeApp)
        assert ["code.fly" in words for _, words in app.messages] == [True]
