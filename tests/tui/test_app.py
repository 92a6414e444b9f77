"""The app around the screens: leaving, palette, messages, crashes."""

from __future__ import annotations

import threading

import pytest
from textual.command import CommandPalette

from qualcode.errors import DiskFull
from qualcode.model import Span
from qualcode.project import Project
from qualcode.tui.app import QualcodeApp, crash_report
from qualcode.tui.coding import CodingScreen
from qualcode.tui.commands import ActionsProvider
from qualcode.tui.documents import ProjectScreen
from qualcode.tui.widgets.confirm import Confirm
from qualcode.tui.widgets.sheet import Sheet
from tests.tui.conftest import Study, line, on_screen, press, screens, settled


def the_app(pilot: object) -> QualcodeApp:
    app = getattr(pilot, "app", None)
    assert isinstance(app, QualcodeApp)
    return app


async def test_without_a_document_the_project_screen_opens(study: Study) -> None:
    async with screens(study, document=None) as pilot:
        await settled(pilot)
        assert isinstance(pilot.app.screen, ProjectScreen)
        assert "Harbour study" in line(pilot, "header")


async def test_q_goes_back_to_the_documents_and_from_there_leaves(study: Study) -> None:
    async with screens(study) as pilot:
        await press(pilot, "q")
        assert isinstance(pilot.app.screen, ProjectScreen)
        await pilot.press("q")
        await pilot.pause()
    assert pilot.app.return_code == 0


async def test_f5_goes_to_the_documents_and_enter_opens_one(study: Study) -> None:
    async with screens(study) as pilot:
        await press(pilot, "f5")
        assert isinstance(pilot.app.screen, ProjectScreen)
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, CodingScreen)


async def test_leaving_waits_for_what_is_being_stored(study: Study) -> None:
    held = threading.Event()

    def slow(project: Project) -> None:
        held.wait(5)
        project.coders.add("late", by=project.acting("ana"))

    async with screens(study) as pilot:
        the_app(pilot).write(slow, lambda _: None)
        await pilot.press("ctrl+q")
        assert the_app(pilot).is_running
        assert "saving…" in line(pilot, "header")
        held.set()
        await pilot.pause(0.2)
    with study.open() as project:
        assert "late" in [coder.name for coder in project.coders.list()]


async def test_leaving_the_document_before_an_act_is_stored_is_no_trouble(study: Study) -> None:
    held = threading.Event()
    async with screens(study) as pilot:
        app = the_app(pilot)
        app.write(lambda _: held.wait(5), lambda _: None)
        await pilot.press("n", "1", "x", "q")
        await pilot.pause(0.1)
        assert not isinstance(app.screen, CodingScreen)
        held.set()
        await settled(pilot)
        assert app.is_running
        assert study.codings() == [("handoff", "She walked over and said her name.")]
        assert [words for _, words in app.messages] == [
            "Not done: you had left the document before it was stored."
        ]


async def test_leaving_with_unsaved_work_is_asked(study: Study) -> None:
    def full(project: Project) -> None:
        raise DiskFull("There is no room on the disk; nothing was changed.")

    async with screens(study) as pilot:
        the_app(pilot).write(full, lambda _: None)
        await settled(pilot)
        assert "NOT SAVED" in line(pilot, "header")
        await pilot.press("ctrl+q")
        question = pilot.app.screen
        assert isinstance(question, Confirm)
        assert "There is no room on the disk" in question.body.plain
        await pilot.press("escape")
        assert the_app(pilot).is_running


OPENS = {
    "help": "question_mark", "picker": "c", "codes": "f2", "a key": "a", "a line": "colon",
    "memo": "M", "palette": "ctrl+p",
}  # fmt: skip
"""A key of the coding screen for every kind of dialogue."""


@pytest.mark.parametrize("key", OPENS.values(), ids=OPENS)
async def test_ctrl_q_quits_from_every_dialogue(study: Study, key: str) -> None:
    async with screens(study) as pilot:
        await press(pilot, key)
        assert pilot.app.screen.is_modal
        await pilot.press("ctrl+q")
        await pilot.pause(0.1)
    assert pilot.app.return_code == 0


@pytest.mark.parametrize("key", ["colon", "M"])
async def test_quitting_asks_once_where_something_typed_would_be_lost(
    study: Study, key: str
) -> None:
    async with screens(study) as pilot:
        await press(pilot, key, "7", "ctrl+q", "ctrl+q")
        question, below = pilot.app.screen, pilot.app.screen_stack[-2]
        assert isinstance(question, Confirm)
        assert "here would be lost." in question.body.plain
        await press(pilot, "escape")
        assert pilot.app.screen is below
        await press(pilot, "ctrl+q")
        await pilot.press("enter")
        await pilot.pause(0.1)
    assert pilot.app.return_code == 0


async def test_an_error_stays_on_screen_and_in_the_messages(study: Study) -> None:
    def full(project: Project) -> None:
        raise DiskFull("No room for [bold]it[/bold].")

    async with screens(study) as pilot:
        the_app(pilot).write(full, lambda _: None)
        await settled(pilot)
        await pilot.pause(0.2)
        assert "[bold]it[/bold]" in on_screen(pilot)
        await press(pilot, "f12")
        sheet = pilot.app.screen
        assert isinstance(sheet, Sheet)
        assert sheet.body.plain == "! NOT SAVED. No room for [bold]it[/bold]. Ctrl+S tries again."


async def test_saving_again_is_offered_only_where_something_is_not_saved(study: Study) -> None:
    def full(project: Project) -> None:
        raise DiskFull("No room.")

    async with screens(study) as pilot:
        ids = {a.binding.id for a in pilot.app.screen.active_bindings.values()}
        assert "work.retry" not in ids
        the_app(pilot).write(full, lambda _: None)
        await settled(pilot)
        ids = {a.binding.id for a in pilot.app.screen.active_bindings.values()}
        assert "work.retry" in ids


async def test_the_palette_offers_the_bindings_and_no_screenshot(study: Study) -> None:
    async with screens(study) as pilot:
        offered = {b.id for _, b in ActionsProvider(pilot.app.screen).actions()}
        active = {a.binding.id for a in pilot.app.screen.active_bindings.values()}
        assert offered == active - {None, "app.palette"}
        assert list(pilot.app.get_system_commands(pilot.app.screen)) == []
        await press(pilot, "ctrl+p", *"screenshot")
        assert isinstance(pilot.app.screen, CommandPalette)
        assert "Save an SVG" not in on_screen(pilot)


async def test_an_act_chosen_from_the_palette_is_done(study: Study) -> None:
    async with screens(study) as pilot:
        await press(pilot, "n", "1", "ctrl+p", *"undo my latest")
        await pilot.pause(0.3)
        await press(pilot, "enter")
        await pilot.pause(0.1)
        assert study.codings() == []


def test_a_crash_report_names_places_and_never_values() -> None:
    secret = "She walked over"
    try:
        try:
            raise KeyError(secret)
        except KeyError as error:
            raise ValueError(secret) from error
    except ValueError as error:
        report = crash_report(error).plain
    assert "KeyError" in report
    assert "ValueError" in report
    assert "test_app.py:" in report
    assert secret not in report


async def test_a_bug_ends_the_app_with_a_report_without_text(
    study: Study, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(project: Project) -> None:
        text = project.documents.text(project.documents.list()[0].id)
        raise KeyError(text)

    async def story() -> None:
        async with screens(study) as pilot:
            the_app(pilot).read(broken, lambda _: None)
            await pilot.pause(0.3)

    with pytest.raises(KeyError):
        await story()
    said = "".join(capsys.readouterr())
    assert "KeyError" in said
    assert "walked" not in said


async def test_no_color_makes_the_screens_use_the_terminals_own(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with screens(study) as pilot:
        await press(pilot, "n", "s", "1")
        assert pilot.app.native_ansi_color
        assert "She walked over" in on_screen(pilot)


async def test_a_sheet_promises_more_only_where_there_is_more(study: Study) -> None:
    async with screens(study) as pilot:
        await press(pilot, "f12")
        assert "Esc back" in on_screen(pilot)
        assert "more" not in on_screen(pilot)
        await press(pilot, "escape", "f1")
        assert "↓ ↑ more" in on_screen(pilot)
        await pilot.resize_terminal(80, 200)
        await settled(pilot)
        assert "↓ ↑ more" not in on_screen(pilot)


async def test_help_says_how_to_put_it_away(study: Study) -> None:
    async with screens(study) as pilot:
        await press(pilot, "question_mark")
        assert "Esc back" in on_screen(pilot)  # the list of keys is longer than the screen


@pytest.mark.parametrize(
    "keys",
    ["f6 u q", "f6 tab q", "f6 j J q", "f6 R u q", "f8 m q", "f8 u q", "f9 m q"],
)
async def test_leaving_a_screen_in_the_same_breath_is_no_harm(study: Study, keys: str) -> None:
    """What was asked of the project comes back to a screen that is gone."""
    with study.open() as project:
        me, talk = project.acting("ana"), project.documents.named("talk")
        housing = project.codebook.named("housing").id
        project.codings.apply(talk.id, Span(0, 9), housing, by=me)
    async with screens(study, document=None) as pilot:
        await pilot.press(*keys.split())
        await settled(pilot)
        await press(pilot, "f6")
        assert "5 codes" in line(pilot, "header")


@pytest.mark.parametrize("keys", ["S q", "S u q", "slash escape", "u q", "m escape q"])
async def test_leaving_a_document_in_the_same_breath_is_no_harm(study: Study, keys: str) -> None:
    async with screens(study) as pilot:
        await pilot.press(*keys.split())
        await settled(pilot)
        await press(pilot, "f6")
        assert "5 codes" in line(pilot, "header")
