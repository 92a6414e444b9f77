"""Suggestions on screen: looked at on request, accepted one by one, absent from a blind round."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

import qualcode
from qualcode import importers
from qualcode.model import Span
from qualcode.tui.app import QualcodeApp
from qualcode.tui.coding import CodingScreen
from qualcode.tui.commands import ActionsProvider
from qualcode.tui.suggestions import SuggestionsScreen
from tests.tui.conftest import Study, hit, line, on_screen, press, screens

OTHER = """\
P3: The outreach worker was late.

P4: The landlord was luck, I got a bed that week.

P3: The [red]clinic[/red] office never called and nothing happened for weeks. [@click=app.quit]No[/].
"""
BED = "I got a bed the same week. [laughs] That was luck."
CALLED = "Then nothing happened for weeks. The office never called."


@pytest.fixture
def two(study: Study, tmp_path: Path) -> Study:
    """Two passages of ana's are coded in *talk*; *other* holds sentences like them."""
    source = tmp_path / "other.txt"
    source.write_text(OTHER, encoding="utf-8")
    with study.open() as project:
        ana = project.acting("ana")
        project.documents.add(importers.read(source), "other", by=ana)
        talk = project.documents.named("talk")
        text = project.documents.text(talk.id)
        for code, quote in (("housing", BED), ("waiting", CALLED)):
            start = text.index(quote)
            span = Span(start, start + len(quote))
            project.codings.apply(talk.id, span, project.codebook.named(code).id, by=ana)
    return study


def made_by(study: Study, coder: str = "ana") -> list[tuple[object, object]]:
    with study.open(coder) as project:
        rows = project.codings.table(document="other").records()
    return [(row["code"], row["made_by"]) for row in rows]


def here(pilot: Pilot[int]) -> str:
    screen = pilot.app.screen
    assert isinstance(screen, SuggestionsScreen)
    assert screen.here is not None
    return screen.here.text


async def test_sentences_like_coded_ones_stand_in_a_list_with_the_passage_below(two: Study) -> None:
    async with screens(two, document="other") as pilot:
        await press(pilot, "S")
        assert "Suggestions for other  2 suggestions" in line(pilot, "header")
        drawn = on_screen(pilot)
        assert "is like 0." in drawn
        assert "talk, turn 5, ana" in drawn
        assert CALLED in drawn
        assert "█" in drawn
    assert made_by(two) == []


async def test_accepting_codes_the_sentence_in_one_act_that_says_where_it_comes_from(
    two: Study,
) -> None:
    async with screens(two, document="other") as pilot:
        await press(pilot, "S")
        taken = here(pilot)
        await hit(pilot, "y")
        assert "1 suggestion " in line(pilot, "header")
        assert "Applied: " in line(pilot, "status")
        ((_, how),) = made_by(two)
        assert how == "suggestion"
        await hit(pilot, "u")
        assert made_by(two) == []
        assert "2 suggestions" in line(pilot, "header")
        assert here(pilot) == taken
        await hit(pilot, "enter", "q")
        screen = pilot.app.screen
        assert isinstance(screen, CodingScreen)
        assert screen.desk is not None
        assert len(screen.desk.mine()) == 1  # the text below shows it


async def test_what_is_put_away_stays_away_until_qualcode_is_left(two: Study) -> None:
    async with screens(two, document="other") as pilot:
        await press(pilot, "S")
        gone = here(pilot)
        await hit(pilot, "x")
        assert here(pilot) != gone
        await hit(pilot, "q", "S")
        assert "1 suggestion " in line(pilot, "header")
    async with screens(two, document="other") as pilot:
        await press(pilot, "S")
        assert "2 suggestions" in line(pilot, "header")
    assert made_by(two) == []


async def test_a_suggestion_is_opened_in_the_text(two: Study) -> None:
    async with screens(two, document="other") as pilot:
        await press(pilot, "S", "G")
        words = here(pilot)
        await press(pilot, "o")
        screen = pilot.app.screen
        assert isinstance(screen, CodingScreen)
        view = screen.text.view
        assert view is not None
        assert view.text[screen.text.position :].startswith(words[:20])


async def test_one_code_alone_is_shown_and_all_again(two: Study) -> None:
    async with screens(two, document="other") as pilot:
        await press(pilot, "S", "f")
        assert isinstance(pilot.app.focused, Input)
        pilot.app.focused.value = "housing"
        await hit(pilot, "enter")
        assert "1 suggestion  only housing" in line(pilot, "header")
        await hit(pilot, "f")
        assert "2 suggestions" in line(pilot, "header")
        await hit(pilot, "f", "escape")
        assert "2 suggestions" in line(pilot, "header")


async def test_words_that_look_like_markup_are_words(two: Study) -> None:
    async with screens(two, document="other", size=(140, 30)) as pilot:
        await press(pilot, "S")
        assert (
            "The [red]clinic[/red] office never called and nothing happened for weeks."
            in on_screen(pilot)
        )


async def test_where_nothing_is_alike_it_says_so(study: Study) -> None:
    async with screens(study) as pilot:
        await press(pilot, "S")
        assert "0 suggestions" in line(pilot, "header")
        assert "No uncoded sentence here is like" in line(pilot, "status")
        await press(pilot, "y", "x", "o", "f")
        assert isinstance(pilot.app.screen, SuggestionsScreen)
        assert "accept" not in line(pilot, "keys")


async def test_a_finished_document_is_not_offered_suggestions(two: Study) -> None:
    with two.open() as project:
        ana, other = project.acting("ana"), project.documents.named("other")
        solo = project.rounds.named("solo")
        start = OTHER.index("The landlord")
        project.codings.apply(
            other.id, Span(start, start + 12), project.codebook.named("housing").id, by=ana
        )
        project.rounds.finish(solo.id, other.id, ana.id, by=ana)
    async with screens(two, document="other") as pilot:
        await press(pilot, "S")
        assert isinstance(pilot.app.screen, CodingScreen)
        assert "finished" in line(pilot, "status")


def blind(study: Study) -> None:
    """Open a blind round on *other*, in which ben has coded what is suggested."""
    with study.open("ben") as project:
        ana, ben = project.coders.named("ana"), project.coders.named("ben")
        round_ = project.rounds.open("r1", by=ana)
        other = project.documents.named("other")
        project.rounds.assign(round_.id, [other.id], [ana.id, ben.id], by=ana)
        text = project.documents.text(other.id)
        quote = "The landlord was luck, I got a bed that week."
        span = Span(text.index(quote), text.index(quote) + len(quote))
        project.codings.apply(other.id, span, project.codebook.named("housing").id, by=ben)


@pytest.mark.parametrize("coder", ["ana", "ben"])
async def test_in_a_blind_round_neither_coder_finds_any_trace_of_suggestions(
    two: Study, coder: str
) -> None:
    blind(two)
    async with screens(two, coder=coder, document="other", size=(140, 40)) as pilot:
        screen = pilot.app.screen
        assert "suggest.open" not in {a.binding.id for a in screen.active_bindings.values()}
        acts = {binding.id for _, binding in ActionsProvider(screen).actions()}
        assert "suggest.open" not in acts
        await press(pilot, "S")
        assert pilot.app.screen is screen
        assert "uggestion" not in on_screen(pilot)
        await press(pilot, "question_mark")
        assert "like passages coded" not in on_screen(pilot)


async def test_a_round_that_begins_meanwhile_ends_the_suggestions(two: Study) -> None:
    async with screens(two, document="other") as pilot:
        await press(pilot, "S")
        blind(two)
        await hit(pilot, "y")
        assert isinstance(pilot.app, QualcodeApp)
        assert "nothing is suggested" in pilot.app.messages[-1][1]
        assert "0 suggestions" in line(pilot, "header")
        assert "is like" not in on_screen(pilot)
    assert made_by(two) == []


async def test_after_a_round_closes_they_are_offered_again(two: Study) -> None:
    blind(two)
    with qualcode.open(two.path, coder="ana") as project:
        project.rounds.close(project.rounds.named("r1").id, by=project.acting("ana"))
    async with screens(two, coder="ana", document="other") as pilot:
        acts = {binding.id for _, binding in ActionsProvider(pilot.app.screen).actions()}
        assert "suggest.open" in acts


async def test_without_colours_the_cursor_is_seen(
    two: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with screens(two, document="other") as pilot:
        await press(pilot, "S", "j")
        strips = pilot.app.screen._compositor.render_strips()
        marked = "".join(s.text for strip in strips for s in strip if s.style and s.style.reverse)
        assert here(pilot)[:20] in marked
