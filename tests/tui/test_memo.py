"""Memos: written below the text, saved when asked, never lost unasked."""

from __future__ import annotations

from textual.events import Paste

from qualcode.tui.coding import CodingScreen
from qualcode.tui.widgets.code_picker import CodePicker
from qualcode.tui.widgets.confirm import Confirm
from qualcode.tui.widgets.fields import SafeTextArea
from qualcode.tui.widgets.memo_editor import MemoEditor
from tests.tui.conftest import Study, line, on_screen, press, screens, settled


def bodies(study: Study) -> list[str]:
    with study.open() as project:
        return [memo.body for memo in project.memos.list()]


async def test_a_memo_on_a_coding_is_saved_and_named_in_the_line_here(study: Study) -> None:
    async with screens(study) as pilot:
        await press(pilot, "n", "1")
        await press(pilot, "m")
        await press(pilot, *"first", "ctrl+s")
        assert bodies(study) == ["first"]
        assert line(pilot, "here") == "HERE  1 warm handoff (7 words, memo)"


async def test_the_passage_stays_in_view_while_writing(study: Study) -> None:
    async with screens(study) as pilot:
        await press(pilot, "n", "1")
        await press(pilot, "m")
        assert "She walked over" in on_screen(pilot)
        assert "Memo on 1 warm handoff, turn 2" in on_screen(pilot)


async def test_m_again_goes_on_with_the_same_memo(study: Study) -> None:
    async with screens(study) as pilot:
        await press(pilot, "n", "1")
        await press(pilot, "m")
        await press(pilot, *"one", "ctrl+s")
        await press(pilot, "m")
        await press(pilot, *"two", "ctrl+s")
        assert bodies(study) == ["onetwo"]


async def test_emptying_a_memo_removes_it(study: Study) -> None:
    async with screens(study) as pilot:
        await press(pilot, "n", "1")
        await press(pilot, "m")
        await press(pilot, "a", "ctrl+s")
        await press(pilot, "m")
        await press(pilot, "backspace", "ctrl+s")
        assert bodies(study) == []
        assert "memo" not in line(pilot, "here")


async def test_leaving_asks_only_where_words_would_be_lost(study: Study) -> None:
    async with screens(study) as pilot:
        await press(pilot, "M")
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, CodingScreen)
        await press(pilot, "M")
        await press(pilot, "x", "escape")
        assert isinstance(pilot.app.screen, Confirm)
        await press(pilot, "escape")
        editor = pilot.app.screen
        assert isinstance(editor, MemoEditor)
        assert editor.query_one(SafeTextArea).text == "x"
        await press(pilot, "escape", "enter")
        assert isinstance(pilot.app.screen, CodingScreen)
        assert bodies(study) == []


async def test_a_document_memo_is_kept_with_the_document(study: Study) -> None:
    async with screens(study) as pilot:
        await press(pilot, "M")
        await press(pilot, *"whole", "ctrl+s")
    with study.open() as project:
        document = project.documents.named("talk")
        (memo,) = project.memos.list(document_id=document.id)
    assert (memo.body, memo.coding_id) == ("whole", None)


async def test_a_memo_with_control_characters_is_loaded_visibly(study: Study) -> None:
    with study.open() as project:
        document = project.documents.named("talk")
        project.memos.write("a\u202eb", by=project.acting("ana"), document_id=document.id)
    async with screens(study) as pilot:
        await press(pilot, "M")
        assert pilot.app.screen.query_one(SafeTextArea).text == "a␦b"
        await press(pilot, "escape")
    assert bodies(study) == ["a\u202eb"]  # looking changes nothing


async def test_what_is_pasted_into_a_memo_is_made_visible_and_keeps_its_lines(
    study: Study,
) -> None:
    async with screens(study) as pilot:
        await press(pilot, "M", "x")
        area = pilot.app.screen.query_one(SafeTextArea)
        pilot.app.post_message(
            Paste("a\x1b[31m\u202eb\x9b\tc\rsecond\r\n\nlast")
        )  # CR: a terminal's LF
        await settled(pilot)
        assert area.text == "xa␛[31m␦b␦ c\nsecond\n\nlast"
        assert not {"\x1b", "\x9b", "\u202e"} & set(on_screen(pilot))
        await press(pilot, "ctrl+s")
    assert bodies(study) == ["xa␛[31m␦b␦ c\nsecond\n\nlast"]


async def test_a_memo_is_not_laid_over_what_was_opened_meanwhile(study: Study) -> None:
    async with screens(study) as pilot:
        screen = pilot.app.screen
        assert isinstance(screen, CodingScreen)
        screen.action_memo_document()
        screen.action_pick()  # in one breath: the memo is still being read
        await settled(pilot)
        assert isinstance(pilot.app.screen, CodePicker)
        assert not any(isinstance(one, MemoEditor) for one in pilot.app.screen_stack)


async def test_digits_typed_in_a_memo_apply_no_code(study: Study) -> None:
    async with screens(study) as pilot:
        await press(pilot, "M")
        await press(pilot, "1", "2", "ctrl+s")
        assert study.codings() == []
        assert bodies(study) == ["12"]
