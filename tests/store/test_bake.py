"""A project to give away says the same of its codings as the one it was made from."""

from __future__ import annotations

from pathlib import Path

import pytest

import qualcode
from qualcode.errors import ProjectExists, Refused, StillBlind
from qualcode.model import Span
from qualcode.store.check import check
from tests.store.conftest import Study


def redact(study: Study, words: str, label: str) -> None:
    study.project.redactions.add(study.document.id, study.span(words), label, by=study.ana)


def baked(study: Study, tmp_path: Path) -> qualcode.project.Project:
    study.project.bake(tmp_path / "out.qualcode", by=study.ana)
    assert all(result.ok for result in check(tmp_path / "out.qualcode"))
    return qualcode.open(tmp_path / "out.qualcode", "ana")


def test_a_coding_stands_on_the_same_words(study: Study, tmp_path: Path) -> None:
    study.project.codings.apply(
        study.document.id, study.span("Nobody called."), study.code("housing"), by=study.ana
    )
    redact(study, "They put me", "[P02 and a much longer label]")
    with baked(study, tmp_path) as project:
        (coding,) = project.codings.list()
        text = project.documents.text(coding.document_id)
        assert text[coding.span.start : coding.span.stop] == "Nobody called."


def test_a_coding_that_cuts_a_redaction_grows_to_the_label(study: Study, tmp_path: Path) -> None:
    study.project.codings.apply(
        study.document.id, study.span("her name. I"), study.code("handoff"), by=study.ana
    )
    redact(study, "said her", "[x]")
    with baked(study, tmp_path) as project:
        (coding,) = project.codings.list()
        text = project.documents.text(coding.document_id)
        assert text[coding.span.start : coding.span.stop] == "[x] name. I"


def test_codings_that_coincide_become_one_with_the_memos_of_both(
    study: Study, tmp_path: Path
) -> None:
    for words in ("walked over", "walked"):
        coding = study.project.codings.apply(
            study.document.id, study.span(words), study.code("handoff"), by=study.ana
        )
        study.project.memos.write(words, by=study.ana, coding_id=coding.id)
    redact(study, "walked over", "[x]")
    result = study.project.bake(tmp_path / "out.qualcode", by=study.ana)
    assert (result.codings, result.coincided) == (1, 1)
    with qualcode.open(tmp_path / "out.qualcode", "ana") as project:
        (coding,) = project.codings.list()
        assert len(project.memos.list(coding_id=coding.id)) == 2


def test_turns_and_sentences_are_those_of_the_rendered_text(study: Study, tmp_path: Path) -> None:
    before = study.project.documents.transcript(study.document.id)
    redact(study, "She walked over", "[x]")
    with baked(study, tmp_path) as project:
        after = project.documents.transcript(project.documents.list()[0].id)
        assert len(after.turns) == len(before.turns)
        assert len(after.sentences) == len(before.sentences)
        turn = after.turns[1]
        assert after.text[turn.start : turn.stop].startswith("[x] and said her name.")


def test_its_log_begins_with_one_action_that_is_not_taken_back(
    study: Study, tmp_path: Path
) -> None:
    redact(study, "her name", "[x]")
    with baked(study, tmp_path) as project:
        assert [entry.verb for entry in project.history.log()] == ["bake project"]
        assert project.redactions.list() == []
        with pytest.raises(Refused):
            project.history.undo(project.coders.named("ana"))


def test_documents_whose_names_come_to_be_alike_get_a_number(study: Study, tmp_path: Path) -> None:
    from tests.store.texts import reading

    text = "Moderator: Dana, and Rosa.\n\nP1: Yes, we are.\n\nModerator: Good.\n\nP1: Yes.\n"
    added = study.project.documents.add(reading(text), "Dana", by=study.ana)
    study.project.documents.add(reading(text + "\nP1: More.\n"), "Rosa", by=study.ana)
    for name in ("Dana", "Rosa"):
        at = text.index(name)
        study.project.redactions.add(added.id, Span(at, at + 4), "[x]", by=study.ana)
    with baked(study, tmp_path) as project:
        assert [one.name for one in project.documents.list()] == ["harbour", "[x]", "[x] (2)"]


def test_removed_documents_and_private_memos_stay_behind(study: Study, tmp_path: Path) -> None:
    from tests.store.texts import reading

    gone = study.project.documents.add(reading("P1: Gone.\n\nP1: Yes.\n"), "gone", by=study.ana)
    study.project.documents.remove(gone.id, by=study.ana)
    study.project.memos.write("mine alone", by=study.ana, private=True)
    redact(study, "her name", "[x]")
    result = study.project.bake(tmp_path / "out.qualcode", by=study.ana)
    assert (result.documents, result.private) == (1, 1)
    assert b"mine alone" not in (tmp_path / "out.qualcode").read_bytes()
    assert b"Gone" not in (tmp_path / "out.qualcode").read_bytes()


def test_nothing_is_baked_without_an_accepted_redaction(study: Study, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="No redaction is accepted"):
        study.project.bake(tmp_path / "out.qualcode", by=study.ana)
    assert [file.name for file in tmp_path.iterdir() if "out" in file.name] == []


def test_nothing_is_baked_while_a_blind_round_is_open(study: Study, tmp_path: Path) -> None:
    redact(study, "her name", "[x]")
    study.project.rounds.open("round 1", by=study.ana)
    with pytest.raises(StillBlind):
        study.project.bake(tmp_path / "out.qualcode", by=study.ana)


def test_what_is_there_is_not_replaced_unasked(study: Study, tmp_path: Path) -> None:
    redact(study, "her name", "[x]")
    (tmp_path / "out.qualcode").write_text("mine", encoding="utf-8")
    with pytest.raises(ProjectExists):
        study.project.bake(tmp_path / "out.qualcode", by=study.ana)
    with pytest.raises(Refused):
        study.project.bake(study.path, by=study.ana, force=True)
