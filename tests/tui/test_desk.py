"""What lies open before a coder: round, progress, ends to nudge, where ``:`` leads."""

from __future__ import annotations

import pytest

from qualcode.model import Block, Document, Span, Transcript, Turn
from qualcode.tui.desk import Desk, destination, nudged, open_desk
from qualcode.tui.widgets.document_view import DocumentView
from tests.tui.conftest import Study

TALK = "One two three.\nFour five.\n"


def view(*, turns: bool = True, seconds: float | None = None) -> DocumentView:
    spans = [(0, 14), (15, 25)]
    made = tuple(
        Turn(n, f"P{n}", None, a, b, None if seconds is None else seconds * n)
        for n, (a, b) in enumerate(spans, 1)
    )
    blocks = tuple(Block(a, b, t if turns else None) for (a, b), t in zip(spans, made, strict=True))
    document = Document("d", "talk", "", "en", "txt", None, None, len(TALK), "")
    sentences = tuple(Span(a, b) for a, b in spans)
    return DocumentView(Transcript(document, TALK, made if turns else (), blocks, sentences))


@pytest.mark.parametrize(
    ("edge", "step", "becomes"),
    [("stop", 1, "two three."), ("stop", -1, None), ("start", -1, "One two"), ("start", 1, None)],
)
def test_an_end_moves_to_the_next_edge_of_a_word(edge: str, step: int, becomes: str | None) -> None:
    span = nudged(view(), Span(4, 7), edge, step)  # "two"
    assert (TALK[span.start : span.stop] if span else None) == becomes


def test_an_end_crosses_into_the_next_turn() -> None:
    span = nudged(view(), Span(4, 14), "stop", 1)
    assert span == Span(4, 19)
    assert nudged(view(), Span(4, 19), "stop", -1) == Span(4, 14)


def test_beyond_the_last_and_first_word_there_is_nothing() -> None:
    assert nudged(view(), Span(15, 25), "stop", 1) is None
    assert nudged(view(), Span(0, 3), "start", -1) is None


def test_colon_finds_turns_times_and_offsets() -> None:
    assert destination("2", view()) == 15
    assert destination(":2", view()) == 15
    assert destination("@4", view()) == 4
    assert destination("@9999", view()) == 25
    timed = view(seconds=60)
    assert destination("01:30", timed) == 0
    assert destination("00:02:00", timed) == 15
    assert destination("0:10", timed) == 0  # before the first stated time


def test_colon_says_why_it_leads_nowhere() -> None:
    assert destination("3", view()) == "There is no turn 3; the last is 2."
    assert destination("3", view(turns=False)) == "There are 2 paragraphs."
    assert destination("01:00", view()) == "This document states no times."
    assert "Go to a turn" in str(destination("soon", view()))
    assert "Go to a turn" in str(destination("²", view()))


def desk_of(study: Study, coder: str) -> Desk:
    with study.open(coder) as project:
        document = project.documents.named("talk")
        return open_desk(project, document.id, project.coders.named(coder))


def test_in_an_open_blind_round_the_desk_holds_nothing_of_the_other(blind_study: Study) -> None:
    desk = desk_of(blind_study, "ana")
    assert desk.codings == {}
    assert desk.coders == {}
    assert desk.round.name == "r1"
    assert not desk.finished


def test_a_document_finished_in_a_round_opens_in_it_again(blind_study: Study) -> None:
    desk = desk_of(blind_study, "ben")
    assert (desk.round.name, desk.finished, len(desk.codings)) == ("r1", True, 1)


def test_it_does_also_where_the_coder_has_coded_it_alone_before(study: Study) -> None:
    with study.open() as project:
        ana, document = project.coders.named("ana"), project.documents.named("talk")
        housing = project.codebook.named("housing")
        project.codings.apply(document.id, Span(0, 9), housing.id, by=ana)
        round_ = project.rounds.open("r1", by=ana)
        project.rounds.assign(round_.id, [document.id], [ana.id], by=ana)
        project.rounds.finish(round_.id, document.id, ana.id, by=ana)
    desk = desk_of(study, "ana")
    assert (desk.round.name, desk.finished, desk.codings) == ("r1", True, {})
    with study.open() as project:
        project.rounds.close(round_.id, by=project.coders.named("ana"))
    assert desk_of(study, "ana").round.name == "solo"


def test_without_an_assignment_a_document_opens_for_solo_coding(study: Study) -> None:
    desk = desk_of(study, "ana")
    assert (desk.round.name, desk.finished, desk.may_create) == ("solo", False, True)


def test_uncoded_are_the_participants_turns_without_a_coding_of_mine(study: Study) -> None:
    with study.open("ben") as project:
        ben, document = project.acting("ben"), project.documents.named("talk")
        start = project.documents.text(document.id).index("I got a bed")
        housing = project.codebook.named("housing")
        project.codings.apply(document.id, Span(start, start + 11), housing.id, by=ben)
    assert [b.turn.n for b in desk_of(study, "ben").uncoded() if b.turn] == [2, 5]
    assert [b.turn.n for b in desk_of(study, "ana").uncoded() if b.turn] == [2, 3, 5]


def test_progress_counts_turns_reached(study: Study) -> None:
    desk = desk_of(study, "ana")
    last = desk.view.last
    assert [desk.reached(0), desk.reached(last)] == [1, 5]
    assert [desk.read_percent(n) for n in (0, 1, 5, 9)] == [0, 20, 100, 100]
    assert desk.unreached(2) == 3
