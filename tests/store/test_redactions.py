"""Redactions: suggested, decided, and the layer made of the accepted ones."""

from __future__ import annotations

import pytest

from qualcode.errors import InvalidSpan, Refused, UsageProblem
from qualcode.model import Redaction, Span
from qualcode.text.names import Suggestion
from tests.store.conftest import Study


def suggest(study: Study, *words: str, label: str = "[P01]") -> list[Redaction]:
    found = [Suggestion(study.document.id, study.span(one), label, "person") for one in words]
    study.project.redactions.suggest(found, by=study.ana)
    return study.project.redactions.list()


def shown(study: Study) -> str:
    text = study.project.documents.text(study.document.id)
    return study.project.layer.rendering(study.document.id, text).text


def test_only_an_accepted_redaction_acts(study: Study) -> None:
    (one,) = suggest(study, "her name")
    assert "her name" in shown(study)
    study.project.redactions.decide([one.id], "accepted", by=study.ana)
    assert "said [P01]. I had" in shown(study)
    assert "her name" in study.project.documents.text(study.document.id)


def test_what_is_decided_stays_when_it_is_suggested_again(study: Study) -> None:
    (one,) = suggest(study, "her name")
    study.project.redactions.decide([one.id], "rejected", by=study.ana)
    (again,) = suggest(study, "her name", label="[other]")
    assert (again.status, again.label) == ("rejected", "[P01]")


def test_a_review_is_one_action_and_one_undo(study: Study) -> None:
    first, second = suggest(study, "her name", "a bed")
    study.project.redactions.review(
        {first.id: ("accepted", "[A]"), second.id: ("rejected", None)}, by=study.ana
    )
    assert [(one.status, one.label) for one in study.project.redactions.list()] == [
        ("accepted", "[A]"),
        ("rejected", "[P01]"),
    ]
    study.project.history.undo(study.ana)
    assert {one.status for one in study.project.redactions.list()} == {"suggested"}


def test_a_decision_that_changes_nothing_is_no_action(study: Study) -> None:
    (one,) = suggest(study, "her name")
    before = len(study.project.history.log())
    assert study.project.redactions.decide([one.id], "suggested", by=study.ana) == 0
    assert len(study.project.history.log()) == before


def test_a_missing_redaction_leaves_the_others_undecided(study: Study) -> None:
    (one,) = suggest(study, "her name")
    with pytest.raises(Refused):
        study.project.redactions.decide([one.id, "nothing"], "accepted", by=study.ana)
    assert study.project.redactions.get(one.id).status == "suggested"


@pytest.mark.parametrize("label", ["", "  ", "two\nlines", "x" * 41])
def test_a_label_is_one_short_line(study: Study, label: str) -> None:
    with pytest.raises(UsageProblem):
        study.project.redactions.add(study.document.id, Span(0, 3), label, by=study.ana)


def test_a_redaction_lies_in_its_text(study: Study) -> None:
    with pytest.raises(InvalidSpan):
        study.project.redactions.add(study.document.id, Span(0, 9999), "[x]", by=study.ana)


def test_the_first_name_of_somebody_redacted_is_known_in_loose_words(study: Study) -> None:
    # "Nobody called" stands in for a first and a last name
    study.project.redactions.add(
        study.document.id, study.span("Nobody called"), "[P01]", by=study.ana
    )
    assert study.project.layer.words("Nobody came") == "[P01] came"


def test_a_part_that_was_rejected_as_a_word_stays_one(study: Study) -> None:
    project = study.project
    project.redactions.add(study.document.id, study.span("Nobody called"), "[P01]", by=study.ana)
    project.redactions.add(
        study.document.id, study.span("Nobody"), "[P01]", by=study.ana, status="rejected"
    )
    assert project.layer.words("Nobody came") == "Nobody came"


def test_identified_text_needs_a_reason(study: Study) -> None:
    (one,) = suggest(study, "her name")
    study.project.redactions.decide([one.id], "accepted", by=study.ana)
    with pytest.raises(UsageProblem):
        study.project.identify("  ", by=study.ana)
    study.project.identify("for the ethics board", by=study.ana)
    assert "her name" in shown(study)
    assert study.project.history.log()[0].verb == "identified export"
