"""Dark screens or light ones: chosen with a key, kept for the user."""

from __future__ import annotations

import stat

import pytest

from qualcode.tui.kept import keep, state_file
from qualcode.tui.look import FILE, PART, keep_look, kept_look
from tests.tui.conftest import Study, press, screens


@pytest.fixture(autouse=True)
def _not_decided_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TEXTUAL_THEME", raising=False)


async def test_t_makes_the_screens_light_and_they_stay_so(study: Study) -> None:
    async with screens(study) as pilot:
        assert pilot.app.theme == "textual-dark"
        await press(pilot, "T")
        assert pilot.app.theme == "textual-light"
    async with screens(study) as pilot:
        assert pilot.app.theme == "textual-light"
        await press(pilot, "T")
    async with screens(study) as pilot:
        assert pilot.app.theme == "textual-dark"


async def test_a_typed_t_is_a_letter(study: Study) -> None:
    async with screens(study) as pilot:
        await press(pilot, "M", "T")
        assert pilot.app.theme == "textual-dark"


async def test_where_there_are_16_colours_the_terminals_own_are_used(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_look("light")
    monkeypatch.setenv("COLORTERM", "")
    monkeypatch.setenv("TERM", "linux")
    async with screens(study) as pilot:
        assert pilot.app.theme == "ansi-light"
        await press(pilot, "T")
        assert pilot.app.theme == "ansi-dark"


async def test_without_colours_no_other_look_is_offered(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with screens(study) as pilot:
        ids = {a.binding.id for a in pilot.app.screen.active_bindings.values()}
        assert "view.theme" not in ids
        assert "help.show" in ids


async def test_a_damaged_file_is_named_and_put_right_by_the_next_choice(study: Study) -> None:
    state_file(FILE).parent.mkdir(parents=True)
    state_file(FILE).write_text("{", encoding="utf-8")
    async with screens(study) as pilot:
        assert pilot.app.theme == "textual-dark"
        said = pilot.app.messages[-1]  # type: ignore[attr-defined]
        assert said[0] == "error"
        assert str(state_file(FILE)) in said[1]
        await press(pilot, "T")
    assert kept_look() == ("light", "")


@pytest.mark.parametrize("look", ["pink", 3, None])
def test_a_look_nobody_knows_is_named(look: object) -> None:
    keep(state_file(FILE), PART, {"look": look})
    found, problem = kept_look()
    assert found is None
    assert problem == (
        f'{state_file(FILE)}: "look" must be "dark" or "light". The screens are dark.'
    )


def test_a_file_in_another_form_is_named() -> None:
    keep(state_file(FILE), "places", {})
    assert "is not in the form of qualcode.screens/1" in kept_look()[1]


def test_textual_theme_still_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    keep_look("light")
    monkeypatch.setenv("TEXTUAL_THEME", "textual-dark")
    assert kept_look() == (None, "")


def test_the_file_is_the_owners_alone() -> None:
    assert kept_look() == (None, "")
    keep_look("dark")
    assert kept_look() == ("dark", "")
    assert stat.S_IMODE(state_file(FILE).stat().st_mode) == 0o600
