"""Sentences like coded passages: what is suggested, to whom, and what becomes of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import qualcode
from qualcode import reports
from qualcode.errors import StillBlind, UnknownName, UsageProblem
from qualcode.model import Redaction, Span, Table
from qualcode.project import Project
from qualcode.reports.suggestions import accept, suggested, suggests
from tests.reports.studies import Study

A = (
    "Moderator: Did the outreach worker walk with you to the shelter?\n\n"
    "P1: The outreach worker walked me over to the shelter. It rained.\n\n"
    "P2: Every shelter bed was taken by noon. Nobody called.\n"
)
B = (
    "Moderator: The outreach worker walked people over to the shelter, yes?\n\n"
    "P3: My outreach worker walked me to the clinic herself. She sang.\n\n"
    "P4: By noon every bed was taken. Yes.\n\n"
    "P3: The ferry left early.\n"
)
WALKED = "The outreach worker walked me over to the shelter."
TAKEN = "Every shelter bed was taken by noon."
HERSELF = "My outreach worker walked me to the clinic herself."


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    made = Study(tmp_path / "p.qualcode", ["handoff", "housing", "weather"])
    made.document("A", A)
    made.document("B", B)
    made.code("ana", "A", "handoff", WALKED)
    made.code("ana", "A", "housing", TAKEN)
    yield made
    made.project.close()


def told(table: Table) -> list[tuple[object, object]]:
    """Code and sentence of every suggestion."""
    return [(row["code"], row["text"]) for row in table.records()]


def test_a_sentence_like_a_coded_passage_is_suggested_with_that_passage(study: Study) -> None:
    table = reports.suggestions(study.project, "B")
    assert told(table)[:2] == [
        ("housing", "By noon every bed was taken."),
        ("handoff", HERSELF),
    ]
    first = table.records()[1]
    assert B[int(str(first["start"])) : int(str(first["stop"]))] == HERSELF
    assert (first["turn"], first["speaker"]) == (2, "P3")
    assert (first["like_document"], first["like_turn"], first["coder"]) == ("A", 2, "ana")
    assert first["like_text"] == WALKED
    assert A[int(str(first["like_start"])) : int(str(first["like_stop"]))] == WALKED
    scores = [float(str(row["score"])) for row in table.records()]
    assert scores == sorted(scores, reverse=True)
    assert 0.3 <= min(scores) <= max(scores) <= 1
    assert table.provenance["terms"] in ("words", "basic forms of words")


def test_nothing_is_applied_by_looking(study: Study) -> None:
    reports.suggestions(study.project, "B")
    assert len(study.project.codings.list()) == 2


def test_moderators_short_and_coded_sentences_are_left_out(study: Study) -> None:
    study.code("ana", "B", "weather", "herself")  # part of a sentence codes it
    assert told(reports.suggestions(study.project, "B", at_least=0)) == [
        ("housing", "By noon every bed was taken."),
    ]


def test_a_passage_of_a_moderator_teaches_nothing(study: Study) -> None:
    question = "Did the outreach worker walk with you to the shelter?"
    study.code("ana", "A", "weather", question)
    codes = {code for code, _ in told(reports.suggestions(study.project, "B", at_least=0))}
    assert codes == {"handoff", "housing"}


def test_one_code_a_limit_and_a_threshold_narrow_what_is_shown(study: Study) -> None:
    project = study.project
    assert told(reports.suggestions(project, "B", code="handoff", at_least=0.4)) == [
        ("handoff", HERSELF)
    ]
    few = reports.suggestions(project, "B", limit=1)
    assert len(few) == 1
    assert few.notes[0].startswith(f"1 of {len(reports.suggestions(project, 'B'))} suggestions")
    nothing = reports.suggestions(project, "B", at_least=1)
    assert len(nothing) == 0
    assert "like_text" in nothing.columns
    with pytest.raises(UnknownName):
        reports.suggestions(project, "B", code="cold")


def test_a_sentence_is_not_compared_with_a_coding_of_itself_by_another(study: Study) -> None:
    study.code("ben", "B", "weather", HERSELF)
    codes = [
        code for code, text in told(reports.suggestions(study.project, "B")) if text == HERSELF
    ]
    assert codes == ["handoff"]


def test_codings_of_the_same_words_are_one_passage_with_both_coders(study: Study) -> None:
    study.code("ben", "A", "handoff", WALKED)
    study.code("ben", "A", "handoff", f"{WALKED} It rained.")
    project = study.project
    (one,) = [
        one
        for one in suggested(project, study.documents["B"], by=study.coders["ana"])
        if one.code.code == "handoff"
    ]
    (like,) = [like for like in one.like if like.text == WALKED]
    assert like.coders == ("ana", "ben")
    assert len(one.like) == 1  # the other overlaps it


def test_accepting_is_one_act_that_the_record_shows_and_undo_takes_back(study: Study) -> None:
    project, ana = study.project, study.coders["ana"]
    one = suggested(project, study.documents["B"], by=ana)[0]
    made = accept(project, one, by=ana)
    assert made.made_by == "suggestion"
    rows = project.codings.table(document="B").records()
    assert [(row["code"], row["made_by"]) for row in rows] == [("housing", "suggestion")]
    assert one.text not in [text for _, text in told(reports.suggestions(project, "B"))]
    project.history.undo(ana)
    assert len(project.codings.list()) == 2


def test_in_an_open_blind_round_nothing_is_suggested_not_even_a_count(study: Study) -> None:
    study.round("r1", {"B": ["ana", "ben"]})
    project, ana = study.project, study.coders["ana"]
    waiting = study.documents["B"]
    assert not suggests(project, waiting.id, ana)
    with pytest.raises(StillBlind, match="nothing is suggested") as refused:
        reports.suggestions(project, "B")
    assert not any(word in str(refused.value) for word in ("handoff", "housing", "outreach"))
    study.finish("ana", "B", round="r1")  # it can be opened again
    with pytest.raises(StillBlind):
        reports.suggestions(project, "B")
    study.close("r1")
    assert suggests(project, waiting.id, ana)


def test_a_suggestion_read_before_a_blind_round_cannot_be_accepted_in_it(study: Study) -> None:
    ana = study.coders["ana"]
    one = suggested(study.project, study.documents["B"], by=ana)[0]
    study.round("r1", {"B": ["ana", "ben"]})
    with pytest.raises(StillBlind):
        accept(study.project, one, by=ana)
    assert len(study.project.codings.list()) == 2


def test_who_works_in_a_blind_round_is_shown_their_own_codings_alone(study: Study) -> None:
    study.document("C", "P5: The ferry never came to the harbour.\n\nP5: Rain fell.\n")
    study.code("ben", "C", "weather", "The ferry never came to the harbour.")
    ferry = ("weather", "The ferry left early.")
    project = study.project
    assert ferry in told(reports.suggestions(project, "B", at_least=0))
    study.round("r1", {"C": ["ana", "ben"]})
    table = reports.suggestions(project, "B", at_least=0)
    assert {row["coder"] for row in table.records()} == {"ana"}
    assert "Only your own codings" in table.notes[0]


def test_what_another_codes_in_a_blind_round_is_not_compared_with(study: Study) -> None:
    study.document("C", "P5: The ferry never came to the harbour.\n")
    study.round("r1", {"C": ["ben", "cam"]})
    study.code("ben", "C", "weather", "The ferry never came to the harbour.", round="r1")
    codes = {code for code, _ in told(reports.suggestions(study.project, "B", at_least=0))}
    assert codes == {"handoff", "housing"}


def test_without_a_coder_there_is_nobody_to_suggest_to(study: Study) -> None:
    study.project.close()
    with qualcode.open(study.path) as project, pytest.raises(UsageProblem, match="one coder"):
        reports.suggestions(project, "B")


def test_a_round_with_a_pinned_version_is_suggested_its_codes_alone(study: Study) -> None:
    project, ana = study.project, study.coders["ana"]
    project.codebook.freeze("v1", by=ana)
    study.code("ana", "A", "weather", "It rained.")
    round_ = project.rounds.open("r1", by=ana, blind=False, codebook_version="v1")
    project.rounds.assign(round_.id, [study.documents["B"].id], [ana.id], by=ana)
    every = suggested(project, study.documents["B"], by=ana)
    made = accept(project, every[0], by=ana)
    assert made.round_id == round_.id


def redacted(project: Project, study: Study, document: str, words: str, label: str) -> Redaction:
    text = project.documents.text(study.documents[document].id)
    start = text.index(words)
    return project.redactions.add(
        study.documents[document].id, Span(start, start + len(words)), label, "person",
        by=study.coders["ana"],
    )  # fmt: skip


def test_names_are_compared_and_shown_as_their_labels(study: Study) -> None:
    project = study.project
    study.document("C", "P5: Dorothea Quill repaired ovens.\n\nP6: Nobody spoke.\n")
    study.document("D", "P7: Dorothea Quill baked bread.\n")
    study.code("ana", "D", "weather", "Dorothea Quill baked bread.")
    by_name = [c for c, _ in told(reports.suggestions(project, "C"))]
    assert by_name == ["weather"]
    redacted(project, study, "C", "Dorothea Quill", "[baker A]")
    redacted(project, study, "D", "Dorothea Quill", "[person 2]")
    assert told(reports.suggestions(project, "C")) == []
    (row,) = reports.suggestions(project, "C", at_least=0).records() or [{}]
    assert "Dorothea" not in str(row)


def test_the_words_of_a_transcript_stay_out_of_the_representation(study: Study) -> None:
    one = suggested(study.project, study.documents["B"], by=study.coders["ana"])[0]
    assert "bed" not in repr(one)
    assert "bed" not in repr(one.like)
