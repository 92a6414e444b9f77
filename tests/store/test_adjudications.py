"""Decisions on disagreements: a layer beside the codings, undone like anything else."""

from __future__ import annotations

import pytest

from qualcode.errors import InvalidSpan, Refused, StillBlind, UsageProblem
from qualcode.model import Adjudication, Decision, Round, Span
from qualcode.store.check import check
from tests.store.conftest import Study
from tests.store.texts import reading


@pytest.fixture
def round_(study: Study) -> Round:
    """A closed blind round in which ana and ben coded the document differently."""
    project = study.project
    opened = project.rounds.open("r1", by=study.ana)
    people = [study.ana.id, study.ben.id]
    project.rounds.assign(opened.id, [study.document.id], people, by=study.ana)
    project.codings.apply(
        study.document.id, Span(0, 10), study.code("handoff"), by=study.ana, round_id=opened.id
    )
    for who in (study.ana, study.ben):
        project.rounds.finish(opened.id, study.document.id, who.id, by=who)
    return opened


def decide(
    study: Study, round_: Round, decision: Decision = "present", **how: str | None
) -> Adjudication:
    return study.project.adjudications.decide(
        round_.id, study.document.id, study.code("handoff"), Span(0, 10), decision, by=study.ben,
        **how,  # type: ignore[arg-type]
    )  # fmt: skip


def close(study: Study, round_: Round) -> None:
    study.project.rounds.close(round_.id, by=study.ana)


def test_nothing_is_decided_while_the_round_is_blind(study: Study, round_: Round) -> None:
    with pytest.raises(StillBlind):
        decide(study, round_)
    with pytest.raises(StillBlind):
        study.project.adjudications.discuss(round_.id, study.document.id, by=study.ana)


def test_a_decision_is_kept_with_its_reason_and_changes_no_coding(
    study: Study, round_: Round
) -> None:
    close(study, round_)
    before = study.project.codings.list()
    made = decide(study, round_, reason="  She was there herself. ")
    assert study.project.adjudications.list() == [made]
    assert (made.decision, made.reason, made.decided_by_id) == (
        "present", "She was there herself.", study.ben.id,
    )  # fmt: skip
    assert study.project.codings.list() == before


def test_deciding_anew_replaces_the_decision(study: Study, round_: Round) -> None:
    close(study, round_)
    decide(study, round_)
    again = decide(study, round_, "absent")
    assert [one.decision for one in study.project.adjudications.list()] == ["absent"]
    study.project.history.undo(study.ben)
    assert [one.decision for one in study.project.adjudications.list()] == ["present"]
    assert again.id == study.project.adjudications.list()[0].id


def test_a_recode_names_another_code_and_nothing_else_does(study: Study, round_: Round) -> None:
    close(study, round_)
    made = decide(study, round_, "recode", new_code_id=study.code("housing"))
    assert made.new_code_id == study.code("housing")
    with pytest.raises(UsageProblem):
        decide(study, round_, "recode")
    with pytest.raises(UsageProblem):
        decide(study, round_, "present", new_code_id=study.code("housing"))
    with pytest.raises(UsageProblem):
        decide(study, round_, "recode", new_code_id=study.code("handoff"))


def test_a_stretch_beyond_the_text_is_refused(study: Study, round_: Round) -> None:
    close(study, round_)
    beyond = Span(0, study.document.characters + 1)
    with pytest.raises(InvalidSpan):
        study.project.adjudications.decide(
            round_.id, study.document.id, study.code("handoff"), beyond, "present", by=study.ana
        )


def test_a_decision_can_be_withdrawn_and_that_undone(study: Study, round_: Round) -> None:
    close(study, round_)
    made = decide(study, round_)
    study.project.adjudications.withdraw(made.id, by=study.ana)
    assert study.project.adjudications.list() == []
    with pytest.raises(Refused):
        study.project.adjudications.withdraw(made.id, by=study.ana)
    study.project.history.undo(study.ana)
    assert study.project.adjudications.list() == [made]


def test_looking_together_marks_the_document_once(study: Study, round_: Round) -> None:
    close(study, round_)
    adjudications = study.project.adjudications
    assert adjudications.discuss(round_.id, study.document.id, by=study.ana)
    assert not adjudications.discuss(round_.id, study.document.id, by=study.ben)
    assert list(adjudications.discussed()) == [(round_.id, study.document.id)]


def test_deciding_marks_the_document_as_discussed(study: Study, round_: Round) -> None:
    close(study, round_)
    decide(study, round_)
    assert list(study.project.adjudications.discussed()) == [(round_.id, study.document.id)]
    study.project.history.undo(study.ben)
    assert not study.project.adjudications.discussed()
    assert all(result.ok for result in check(study.path))


def test_several_stretches_are_decided_in_one_action(study: Study, round_: Round) -> None:
    close(study, round_)
    verdicts: list[tuple[Span, Decision]] = [(Span(0, 5), "present"), (Span(5, 10), "absent")]
    made = study.project.adjudications.settle(
        round_.id, study.document.id, study.code("handoff"), verdicts, by=study.ben
    )
    assert [(one.span, one.decision) for one in made] == verdicts
    study.project.history.undo(study.ben)
    assert study.project.adjudications.list() == []


def test_an_earlier_decision_inside_a_later_one_makes_way(study: Study, round_: Round) -> None:
    close(study, round_)
    adjudications, place = study.project.adjudications, (round_.id, study.document.id)
    code = study.code("handoff")
    adjudications.decide(*place, code, Span(2, 5), "present", by=study.ben)
    outside = adjudications.decide(*place, code, Span(8, 12), "present", by=study.ben)
    made = adjudications.decide(*place, code, Span(0, 10), "absent", by=study.ben)
    assert adjudications.list() == [made, outside]
    study.project.history.undo(study.ben)
    assert [one.span for one in adjudications.list()] == [Span(2, 5), Span(8, 12)]


def test_several_decisions_are_withdrawn_in_one_action(study: Study, round_: Round) -> None:
    close(study, round_)
    adjudications, place = study.project.adjudications, (round_.id, study.document.id)
    made = [
        adjudications.decide(*place, study.code("handoff"), span, "present", by=study.ben)
        for span in (Span(0, 5), Span(6, 9))
    ]
    adjudications.withdraw(*(one.id for one in made), by=study.ben)
    assert adjudications.list() == []
    study.project.history.undo(study.ben)
    assert adjudications.list() == made


def test_undo_passes_over_having_looked_together(study: Study, round_: Round) -> None:
    close(study, round_)
    adjudications = study.project.adjudications
    decide(study, round_)
    study.project.documents.add(reading("P1: More."), "more", by=study.ana)
    more = study.project.documents.named("more")
    adjudications.discuss(round_.id, more.id, by=study.ben)
    study.project.history.undo(study.ben)
    assert adjudications.list() == []
    assert (round_.id, more.id) in adjudications.discussed()
    study.project.history.redo(study.ben)
    assert len(adjudications.list()) == 1
