"""Searching on screen: hits in their context, opened in their document, coded after a preview."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from qualcode.model import Span
from qualcode.tui.coding import CodingScreen
from qualcode.tui.literal import end_of
from qualcode.tui.search import SearchScreen
from tests.tui.conftest import Study, hit, line, make_study, on_screen, press, screens


async def look_for(pilot: Pilot[int], words: str) -> None:
    focused = pilot.app.focused
    assert isinstance(focused, Input)
    focused.value = words
    await press(pilot, "enter")


async def test_hits_stand_in_a_list_with_the_word_in_the_middle(study: Study) -> None:
    async with screens(study, document=None) as pilot:
        await press(pilot, "f9")
        await look_for(pilot, "then")
        assert "2 hits in 1 document" in line(pilot, "header")
        assert "And then?" in on_screen(pilot)
        await hit(pilot, "o")
        assert "1 hit " in line(pilot, "header")
        assert "without moderators" in line(pilot, "status")


async def test_enter_opens_a_hit_and_two_keys_walk_them(study: Study) -> None:
    async with screens(study, document=None) as pilot:
        await press(pilot, "f9")
        await look_for(pilot, "the")
        await press(pilot, "enter")
        screen = pilot.app.screen
        assert isinstance(screen, CodingScreen)
        assert "▸" in on_screen(pilot)
        await press(pilot, "N")
        text = screen.text
        assert text.selection is not None
        assert text.view is not None
        assert text.view.text[text.selection.start : text.selection.stop].casefold() == "the"
        first = text.selection
        await press(pilot, "N")
        assert text.selection != first
        await press(pilot, "P")
        assert text.selection == first
        await press(pilot, "q")
        assert isinstance(pilot.app.screen, SearchScreen)


async def test_marked_hits_are_coded_after_a_preview_in_one_undo(study: Study) -> None:
    with study.open() as project:
        me, talk = project.acting("ana"), project.documents.named("talk")
        text, waiting = project.documents.text(talk.id), project.codebook.named("waiting").id
        start = text.index("The office never called.")
        project.codings.apply(talk.id, Span(start, start + 24), waiting, by=me)
    async with screens(study, document=None) as pilot:
        await press(pilot, "f9")
        await look_for(pilot, "office")
        await press(pilot, "slash")
        await look_for(pilot, "the")
        await hit(pilot, "A", "c")
        assert isinstance(pilot.app.focused, Input)
        pilot.app.focused.value = "waiting"
        await press(pilot, "enter")
        assert "t its turn   (Esc: none)" in on_screen(pilot)
        await press(pilot, "s")
        assert "2 new, 1 already coded." in on_screen(pilot)
        assert len(study.codings()) == 1
        await press(pilot, "enter")
        assert len(study.codings()) == 3
        assert "2 codings with waiting; 1 already coded." in on_screen(pilot)
        await press(pilot, "u")
        assert study.codings() == [("waiting", "The office never called.")]
        await press(pilot, "U")
        assert len(study.codings()) == 3


async def test_ways_to_search_are_changed_by_a_key_and_said(study: Study) -> None:
    async with screens(study, document=None) as pilot:
        await press(pilot, "f9")
        await look_for(pilot, "happen")
        assert "Nothing found; whole words" in line(pilot, "status")
        await hit(pilot, "ctrl+u")
        await look_for(pilot, 'the "happen"')
        assert "Nothing found; quotation marks inside" in line(pilot, "status")
        await press(pilot, "escape")  # nothing to go to: back
        assert not isinstance(pilot.app.screen, SearchScreen)
        await press(pilot, "f9")
        await look_for(pilot, "the")
        await hit(pilot, "m", "m")
        assert "a regular expression" in line(pilot, "status")
        await press(pilot, "slash")
        await look_for(pilot, "(the")
        assert "No regular expression" in pilot.app.messages[-1][1]  # type: ignore[attr-defined]


async def test_search_begins_in_the_document_that_is_open(study: Study) -> None:
    async with screens(study) as pilot:
        await press(pilot, "slash")
        assert "in talk" in line(pilot, "status")
        await look_for(pilot, "bed")
        assert "1 hit in 1 document" in line(pilot, "header")
        await hit(pilot, "d")
        assert "in talk" not in line(pilot, "status")


async def test_a_blind_coder_sees_no_code_of_another_on_a_hit(blind_study: Study) -> None:
    async with screens(blind_study, document=None) as pilot:
        await press(pilot, "f9")
        await look_for(pilot, "got a bed")
        assert "housing" not in on_screen(pilot)


async def test_the_hit_is_in_view_whatever_comes_before_it(tmp_path: Path) -> None:
    turns = "\n\n".join(f"P1: Number {n}." for n in range(40))
    async with screens(make_study(tmp_path, turns + "\n\nP2: A bed.\n"), document=None) as pilot:
        await press(pilot, "f9")
        await look_for(pilot, "bed")
        passage = pilot.app.screen.query_one("#passage")
        rows = on_screen(pilot).splitlines()[passage.region.y :]
        assert any("A bed." in row for row in rows)


@pytest.mark.parametrize(
    ("text", "width", "end"),
    [("abcdef", 6, "abcdef"), ("abcdef", 4, "…def"), ("caf\u00e9 au", 4, "… au"), ("我们在一起", 6, "…一起"), ("ab", 0, "")],
)  # fmt: skip
def test_the_beginning_of_what_is_cut_is_an_ellipsis(text: str, width: int, end: str) -> None:
    assert end_of(text, width) == end


async def test_nothing_stands_between_a_hit_and_the_comma_after_it(tmp_path: Path) -> None:
    text = "P1: The bed, you know.\n"
    async with screens(make_study(tmp_path, text), document=None) as pilot:
        await press(pilot, "f9")
        await look_for(pilot, "bed")
        assert sum("The bed, you know." in row for row in on_screen(pilot).splitlines()) == 2


async def test_the_text_below_shows_what_was_coded_by_a_search(study: Study) -> None:
    async with screens(study) as pilot:
        await press(pilot, "slash")
        await look_for(pilot, "bed")
        await hit(pilot, "c")
        assert isinstance(pilot.app.focused, Input)
        pilot.app.focused.value = "housing"
        await press(pilot, "enter")
        await press(pilot, "s")
        await press(pilot, "enter")
        await press(pilot, "q")
        screen = pilot.app.screen
        assert isinstance(screen, CodingScreen)
        assert screen.desk is not None
        assert len(screen.desk.mine()) == 1


async def test_back_from_coding_hits_the_selection_and_the_focused_coding_stay(
    study: Study,
) -> None:
    async with screens(study) as pilot:
        await press(pilot, "n", "e", "1", "e", "2", "comma")
        screen = pilot.app.screen
        assert isinstance(screen, CodingScreen)
        before = (screen.text.selection, screen.text.focused_coding, line(pilot, "here"))
        assert before[0] is not None
        assert before[1] is not None
        await press(pilot, "slash")
        await look_for(pilot, "bed")
        await hit(pilot, "c")
        assert isinstance(pilot.app.focused, Input)
        pilot.app.focused.value = "waiting"
        await press(pilot, "enter")
        await press(pilot, "s", "enter")
        await press(pilot, "q")
        assert screen.desk is not None
        assert len(screen.desk.mine()) == 3
        after = (screen.text.selection, screen.text.focused_coding, line(pilot, "here"))
        assert after == before


async def test_while_typing_the_footer_names_only_keys_that_are_not_typed(study: Study) -> None:
    async with screens(study, document=None) as pilot:
        await press(pilot, "f9")
        assert line(pilot, "keys") == "enter search  f1 help  ^p palette"
        await look_for(pilot, "bed")
        await pilot.pause()
        assert "/ words" in line(pilot, "keys")


async def test_leaving_before_an_undo_is_stored_is_no_harm(study: Study) -> None:
    with study.open() as project:
        me, talk = project.acting("ana"), project.documents.named("talk")
        project.codings.apply(talk.id, Span(0, 9), project.codebook.named("waiting").id, by=me)
    async with screens(study, document=None) as pilot:
        await press(pilot, "f9")
        await look_for(pilot, "the")
        await pilot.press("u", "q")  # in one breath
        await press(pilot, "f6")
        assert "5 codes" in line(pilot, "header")
    assert study.codings() == []


async def test_where_there_are_no_hits_the_screen_says_how_to_look(study: Study) -> None:
    async with screens(study) as pilot:
        await press(pilot, "f9")
        assert "Type what was said" in on_screen(pilot)
        await hit(pilot, *"zzz", "enter")
        assert "moderators." in on_screen(pilot)
        await hit(pilot, "ctrl+u", *"bed", "enter")
        assert "Type what was said" not in on_screen(pilot)
        plain = line(pilot, "header")
        await press(pilot, "slash")
        await hit(pilot, "ctrl+u", *"“bed”", "enter")
        assert "hit" in plain
        assert line(pilot, "header") == plain
