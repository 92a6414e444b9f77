"""Adjudicating on the screens: what is shown of a disagreement, what is decided, what never changes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.pilot import Pilot

from qualcode.model import Cell, Span
from qualcode.project import Project
from qualcode.reports.agreement import agreement
from qualcode.reports.themes import frequency
from qualcode.tui.adjudication import AdjudicationScreen
from qualcode.tui.agreement import AgreementScreen
from qualcode.tui.app import QualcodeApp
from qualcode.tui.commands import ActionsProvider
from qualcode.tui.widgets.memo_editor import MemoEditor
from qualcode.tui.widgets.paper import Paper
from tests.tui.conftest import TALKED, Study, hit, line, on_screen, press, screens, settled


@asynccontextmanager
async def cards(
    study: Study, *, order: str = "document", size: tuple[int, int] = (80, 24)
) -> AsyncIterator[Pilot[int]]:
    """The adjudication screen, the cards in the order of documents."""
    with study.open() as project:
        round_ = project.rounds.named("r1")
    app = QualcodeApp(study.path, coder="ana", adjudicate=(round_.id, None))
    async with app.run_test(size=size, notifications=True) as pilot:
        await settled(pilot)
        for _ in range(("effect on alpha", "document", "code").index(order)):
            await press(pilot, "o")
        while "1 of 4" not in line(pilot, "header"):
            await press(pilot, "p")
        yield pilot


def paper(pilot: Pilot[int], which: str) -> str:
    return pilot.app.screen.query_one(f"#{which}", Paper).content.plain


def decisions(study: Study) -> list[tuple[str, str, str, str]]:
    """Code, decision, words and reason of every decision."""
    with study.open() as project:
        codes = {code.id: code.code for code in project.codebook.codes()}
        return [
            (
                codes[one.code_id],
                one.decision if one.new_code_id is None else f"as {codes[one.new_code_id]}",
                project.documents.text(one.document_id)[one.span.start : one.span.stop],
                one.reason,
            )
            for one in project.adjudications.list()
        ]


def record(project: Project) -> tuple[list[object], list[dict[str, Cell]]]:
    """Every coding, and every figure of agreement."""
    rows = agreement(project, resamples=50, check=False, by=["code", "pair", "document", "round"])
    return list(project.codings.list()), list(rows)


# What a card shows


async def test_a_card_shows_what_each_said_without_saying_who(coded: Study) -> None:
    async with cards(coded) as pilot:
        rows = paper(pilot, "sides").splitlines()
        assert rows[0].endswith("trust  boundary")
        assert rows[1] == "● coder 1  present, 8 words"
        assert rows[2] == "○ coder 2  absent, but overlapping it: 3 words"
        assert rows[3] == "– coder 3  not finished"
        assert rows[-1] == "to decide"
        assert "trust" in paper(pilot, "rules")
        everything = on_screen(pilot)
        assert "She came back. We talked." in everything
        assert not any(name in everything for name in ("ben", "cho"))
        await press(pilot, "v")
        assert [row.split()[1] for row in paper(pilot, "sides").splitlines()[1:4]] == [
            "ana", "ben", "cho",
        ]  # fmt: skip


async def test_a_confusable_one_names_the_other_code(coded: Study) -> None:
    async with cards(coded) as pilot:
        await press(pilot, "n")
        rows = paper(pilot, "sides").splitlines()
        assert "confusable" in rows[0]
        assert rows[2].endswith("absent; coded 2 fear")


async def test_opening_marks_the_document_before_it_is_shown_and_says_so(coded: Study) -> None:
    async with cards(coded) as pilot:
        with coded.open() as project:
            assert len(project.adjudications.discussed()) == 1
        await press(pilot, "p")
        await press(pilot, "n", "n", "n")
        assert "d2 counts as discussed from now on." in line(pilot, "status")
        with coded.open() as project:
            assert len(project.adjudications.discussed()) == 2


async def test_cards_are_walked_by_effect_document_and_code(coded: Study) -> None:
    async with cards(coded, order="code") as pilot:
        seen = []
        for _ in range(4):
            seen.append(paper(pilot, "sides").split()[1])
            await press(pilot, "n")
        assert seen == ["trust", "trust", "fear", "fear"]
        assert line(pilot, "status").endswith("That was the last one. 4 to decide: tab.")


# Deciding


async def test_a_decision_is_stored_and_the_next_open_one_shown(coded: Study) -> None:
    async with cards(coded) as pilot:
        await press(pilot, "y")
        assert "2 of 4  1 decided" in line(pilot, "header")
        assert "Decided present: trust." in line(pilot, "status")
        await press(pilot, "p")
        assert "DECIDED  present, ana" in paper(pilot, "sides")
    assert decisions(coded) == [
        ("trust", "present", "I trusted her. She came back. We talked.", "")
    ]


async def test_a_burst_of_keys_decides_one_card_each(coded: Study) -> None:
    async with cards(coded) as pilot:
        await press(pilot, "x", "x")
        await press(pilot, "x")
        await press(pilot, "x")
        assert "4 decided" in line(pilot, "header")
    assert [(code, decision) for code, decision, _, _ in decisions(coded)] == [
        ("trust", "absent"), ("trust", "absent"), ("fear", "absent"), ("fear", "absent"),
    ]  # fmt: skip


async def test_a_recode_settles_both_cards_and_undo_opens_both(coded: Study) -> None:
    async with cards(coded) as pilot:
        await hit(pilot, "n", "c", *"fear", "enter")
        assert "2 decided" in line(pilot, "header")
        assert decisions(coded) == [("trust", "as fear", "I was afraid.", "")]
        await press(pilot, "u")
        assert "0 decided" in line(pilot, "header")
        assert "Undone: adjudicate" in line(pilot, "status")
        assert paper(pilot, "sides").splitlines()[0].endswith("trust  confusable")
        await press(pilot, "U")
        assert "2 decided" in line(pilot, "header")


async def test_another_coders_stretch_leaves_this_one_absent(coded: Study) -> None:
    async with cards(coded) as pilot:
        names = []
        for _ in range(3):
            names.append(next(r for r in paper(pilot, "sides").splitlines() if "STRETCH" in r))
            await press(pilot, "e")
        assert names == [
            "STRETCH union, 8 words", "STRETCH coder 2, 3 words", "STRETCH whole units, 5 words",
        ]  # fmt: skip
        await press(pilot, "escape")  # words of one's own come after the last
        await press(pilot, "e", "y")
    assert decisions(coded) == [("trust", "absent", "She came back. We talked.", "")]


async def test_words_of_ones_own_decide_part_of_it(coded: Study) -> None:
    async with cards(coded) as pilot:
        await press(pilot, "e", "e", "e")
        assert {"adj.present", "adj.keep"} & _active(pilot) == {"adj.keep"}
        assert isinstance(pilot.app.screen, AdjudicationScreen)
        pilot.app.screen.text.go_to(TALKED.index("She came"))
        await press(pilot, "s", "enter")
        assert "STRETCH mine, 3 words" in paper(pilot, "sides")
        await press(pilot, "y", "p")
        assert "STRETCH as decided, 3 words" in paper(pilot, "sides")
        assert "DECIDED  present and absent" in paper(pilot, "sides")
    assert decisions(coded) == [
        ("trust", "present", "She came back.", ""), ("trust", "absent", "We talked.", ""),
    ]  # fmt: skip


async def test_words_elsewhere_are_no_stretch(coded: Study) -> None:
    async with cards(coded) as pilot:
        await press(pilot, "e", "e", "e", "G", "s", "enter")
        assert "outside what is disagreed on" in line(pilot, "status")
        await press(pilot, "q")
        assert isinstance(pilot.app.screen, AdjudicationScreen)
        assert "adj.present" in _active(pilot)


async def test_a_reason_goes_with_the_decision_and_may_be_changed_later(coded: Study) -> None:
    async with cards(coded) as pilot:
        await press(pilot, "m")
        assert isinstance(pilot.app.screen, MemoEditor)
        await hit(pilot, *"one", "ctrl+s")
        assert "WHY, not stored yet one" in paper(pilot, "sides")
        await press(pilot, "y", "p")
        assert decisions(coded)[0][3] == "one"
        await hit(pilot, "m", *" two", "ctrl+s")
        assert decisions(coded)[0][3] == "one two"
        assert "ana: one two" in paper(pilot, "sides")
        await press(pilot, "u")
        assert decisions(coded)[0][3] == "one"


async def test_later_leaves_it_and_takes_a_decision_away(coded: Study) -> None:
    async with cards(coded) as pilot:
        await press(pilot, "l")
        assert "2 of 4  0 decided" in line(pilot, "header")
        await press(pilot, "x", "x")
        await press(pilot, "x")
        assert "1 of 4  3 decided" in line(pilot, "header")  # what was left comes at the end
        await press(pilot, "n", "l")
        assert "2 decided" in line(pilot, "header")
        await press(pilot, "u")
        assert "3 decided" in line(pilot, "header")


async def test_a_decided_one_becomes_an_example_in_the_draft(coded: Study) -> None:
    async with cards(coded) as pilot:
        await press(pilot, "plus")
        assert "Decide first" in line(pilot, "status")
        await press(pilot, "y", "p", "plus")
        assert "Added to the examples of trust" in line(pilot, "status")
        with coded.open() as project:
            assert project.codebook.named("trust").example == (
                "I trusted her. She came back. We talked.",
            )
        await press(pilot, "u")
        await press(pilot, "x", "plus")
    with coded.open() as project:
        code = project.codebook.named("trust")
        assert (code.example, len(code.near_miss)) == ((), 1)


async def test_undo_takes_back_no_coding(coded: Study) -> None:
    with coded.open() as project:
        d2 = project.documents.named("d2").id
        project.codings.apply(
            d2, Span(0, 9), project.codebook.named("hope").id, by=project.acting("ana")
        )
        before = project.codings.list()
    async with cards(coded) as pilot:
        await press(pilot, "u")
        assert any("apply code" in words for _, words in _messages(pilot))
    with coded.open() as project:
        assert project.codings.list() == before


async def test_deciding_everything_changes_no_coding_and_no_figure(coded: Study) -> None:
    with coded.open() as project:
        before = record(project)
    async with cards(coded) as pilot:
        await press(pilot, "y")
        await hit(pilot, "c", *"hope", "enter")
        await press(pilot, "x")
        await press(pilot, "y")
        assert "4 decided" in line(pilot, "header")
    with coded.open() as project:
        assert record(project) == before


async def test_what_is_decided_reaches_the_themes(coded: Study) -> None:
    def counted() -> dict[str, object]:
        with coded.open() as project:
            rows = frequency(project, source="consensus")
            return {str(row["code"]): row["codings"] for row in rows}

    before = counted()
    async with cards(coded) as pilot:
        await press(pilot, "n", "n", "y")
    after = counted()
    assert (before["fear"], after["fear"]) == (0, 1)


# Finding the way, and blindness


def _active(pilot: Pilot[int]) -> set[str | None]:
    return {a.binding.id for a in pilot.app.screen.active_bindings.values() if a.enabled}


def _messages(pilot: Pilot[int]) -> list[tuple[str, str]]:
    assert isinstance(pilot.app, QualcodeApp)
    return pilot.app.messages


async def test_f7_shows_figures_and_enter_leads_to_the_disagreements_of_a_code(
    coded: Study,
) -> None:
    async with screens(coded, document=None) as pilot:
        await press(pilot, "f7")
        assert isinstance(pilot.app.screen, AgreementScreen)
        assert line(pilot, "header").startswith("Agreement, r1")
        rows = {row.split()[0]: row for row in on_screen(pilot).splitlines() if row.strip()}
        assert "0 of 2" in rows["fear"]
        assert "never used" in rows["hope"]
        await press(pilot, "j", "j", "enter")
        assert "Nobody disagrees about hope." in line(pilot, "status")
        await press(pilot, "k", "enter")
        assert isinstance(pilot.app.screen, AdjudicationScreen)
        assert "1 of 2" in line(pilot, "header")
        await press(pilot, "x", "q")
        rows = {row.split()[0]: row for row in on_screen(pilot).splitlines() if row.strip()}
        assert "1 of 2" in rows["fear"]


async def test_the_palette_of_the_documents_offers_to_adjudicate(coded: Study) -> None:
    async with screens(coded, document=None) as pilot:
        offered = {b.id for _, b in ActionsProvider(pilot.app.screen).actions()}
        assert {"screen.agreement", "screen.adjudicate"} <= offered
        await press(pilot, "A")
        assert isinstance(pilot.app.screen, AdjudicationScreen)


@pytest.mark.parametrize("document", ["talk", None])
async def test_in_an_open_blind_round_nothing_leads_to_agreement(
    blind_study: Study, document: str | None
) -> None:
    async with screens(blind_study, document=document) as pilot:
        await settled(pilot)
        assert not {"screen.agreement", "screen.adjudicate"} & _active(pilot)
        before = pilot.app.screen
        await press(pilot, "f7", "question_mark")
        assert "agree" not in on_screen(pilot).casefold()
        await press(pilot, "escape", "A")
        assert pilot.app.screen is before or document == "talk"


async def test_who_codes_an_open_blind_round_sees_no_figures_of_an_earlier_one(
    coded: Study,
) -> None:
    with coded.open() as project:
        ana = project.acting("ana")
        blind = project.rounds.open("r2", by=ana)
        d2 = project.documents.named("d2").id
        project.rounds.assign(blind.id, [d2], [ana.id], by=ana)
    async with screens(coded, document="d2") as pilot:
        assert "BLIND" in line(pilot, "header")
        assert "screen.agreement" not in _active(pilot)
        await press(pilot, "q")
        assert "screen.agreement" in _active(pilot)
        await press(pilot, "f7")
        assert line(pilot, "header").startswith("Agreement, r1")


async def test_a_round_that_is_blind_again_by_then_is_not_shown(blind_study: Study) -> None:
    with blind_study.open() as project:
        round_ = project.rounds.named("r1")
    app = QualcodeApp(blind_study.path, coder="ana", adjudicate=(round_.id, None))
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        assert not isinstance(app.screen, AdjudicationScreen)
        assert any("blind" in words for _, words in app.messages)
        with blind_study.open() as project:
            assert project.adjudications.discussed() == {}


@pytest.mark.parametrize("size", [(60, 12), (80, 24), (120, 40), (160, 50)])
async def test_the_disagreement_is_in_view_whatever_the_size(
    coded: Study, size: tuple[int, int]
) -> None:
    async with cards(coded, size=size) as pilot:
        assert "She came back." in on_screen(pilot)
        assert "coder 1" in on_screen(pilot)


async def test_redacted_names_are_labels_on_the_card_and_in_the_rules(coded: Study) -> None:
    with coded.open() as project:
        document, ana = project.documents.named("d2"), project.acting("ana")
        start = project.documents.text(document.id).index("Nobody")
        span = Span(start, start + len("Nobody"))
        project.redactions.add(document.id, span, "[P9]", "person", by=ana)
    async with cards(coded) as pilot:
        await press(pilot, "n", "n", "n")
        await press(pilot, "m")
        await hit(pilot, *"Nobody", "ctrl+s", "y")
        await press(pilot, "n", "n", "n")
        await press(pilot, "plus")
        shown = on_screen(pilot)
        assert "[P9] called me." in shown
        assert "ana: [P9]" in shown
        assert "Nobody" not in shown
    with coded.open() as project:
        assert project.codebook.named("fear").example == ("[P9] called me. ([P9])",)


async def test_rules_that_do_not_fit_the_card_say_so_and_f3_shows_them(coded: Study) -> None:
    with coded.open() as project:
        long = " ".join(f"rule{n}" for n in range(90))
        trust = project.codebook.named("trust")
        project.codebook.edit(trust.id, by=project.acting("ana"), full=long)
    async with cards(coded) as pilot:
        while "trust" not in paper(pilot, "rules"):
            await press(pilot, "n")
        rows = [row[44:].rstrip() for row in on_screen(pilot).splitlines() if "rule" in row]
        assert rows[-1].endswith("…")
        await press(pilot, "f3")
        assert "rule89" in on_screen(pilot)
