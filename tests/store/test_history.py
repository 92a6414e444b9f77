"""Actions: all or nothing, logged, taken back and repeated."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import qualcode
from qualcode.errors import (
    Conflict,
    InvalidSpan,
    NothingToUndo,
    ProjectReadOnly,
    Refused,
    UndoRefused,
)
from qualcode.model import Coder, Span
from qualcode.store.check import check
from tests.store.conftest import Study


def fine(path: Path) -> bool:
    return all(result.ok for result in check(path))


def test_undo_takes_a_coding_back_and_redo_brings_it_again(study: Study) -> None:
    project = study.project
    made = project.codings.apply(
        study.document.id, study.span("said her name"), study.code("handoff"), by=study.ana
    )
    assert project.history.undo(study.ana).verb == "apply code"
    assert project.codings.list() == []
    project.history.redo(study.ana)
    assert [c.id for c in project.codings.list()] == [made.id]
    assert fine(study.path)


def test_undo_survives_closing_the_project(study: Study) -> None:
    study.project.codings.apply(
        study.document.id, study.span("her name"), study.code("handoff"), by=study.ana
    )
    study.project.close()
    with qualcode.open(study.path, coder="ana") as again:
        again.history.undo(again.acting("ana"))
        assert again.codings.list() == []


def test_undo_goes_back_to_the_beginning_and_redo_to_the_end(study: Study) -> None:
    project, document = study.project, study.document.id
    first = project.codings.apply(
        document, study.span("a bed"), study.code("housing"), by=study.ana
    )
    project.codings.resize(first.id, study.span("list for a bed"), by=study.ana)
    project.memos.write("why?", by=study.ana, coding_id=first.id)
    project.codings.mark(first.id, by=study.ana, valence="barrier", exemplar=True)
    project.codings.recode(first.id, study.code("timing"), by=study.ana)
    project.codings.remove(first.id, by=study.ana)
    end = project.codings.table().rows
    undone = 9  # all but the project's beginning
    for _ in range(undone):
        project.history.undo(study.ana)
    with pytest.raises(UndoRefused, match="beginning"):
        project.history.undo(study.ana)
    assert project.codebook.codes() == []
    assert [d.removed for d in project.documents.list()] == [True]
    for _ in range(undone):
        project.history.redo(study.ana)
    assert project.codings.table().rows == end
    project.history.undo(study.ana)
    assert project.codings.get(first.id).valence == "barrier"
    assert [m.body for m in project.memos.list(coding_id=first.id)] == ["why?"]
    assert fine(study.path)


def test_an_ordinary_action_clears_what_could_be_redone(study: Study) -> None:
    project = study.project
    project.codings.apply(
        study.document.id, study.span("a bed"), study.code("housing"), by=study.ana
    )
    project.history.undo(study.ana)
    project.codings.apply(
        study.document.id, study.span("weeks"), study.code("timing"), by=study.ana
    )
    with pytest.raises(NothingToUndo):
        project.history.redo(study.ana)


def test_undo_is_per_coder(study: Study) -> None:
    project = study.project
    project.codings.apply(
        study.document.id, study.span("a bed"), study.code("housing"), by=study.ben
    )
    project.codings.apply(
        study.document.id, study.span("weeks"), study.code("timing"), by=study.ana
    )
    project.history.undo(study.ben)
    assert {c.coder_id for c in project.codings.list()} == {study.ana.id}


def reword(study: Study, name: str, by: Coder, **fields: Any) -> None:
    codes = [replace(c, **fields) if c.code == name else c for c in study.project.codebook.codes()]
    study.project.codebook.import_codes(codes, by=by)


def test_undo_refuses_what_another_coder_has_since_changed(study: Study) -> None:
    reword(study, "housing", study.ana, brief="ana's words")
    reword(study, "housing", study.ben, brief="ben's words")
    with pytest.raises(UndoRefused, match=r"changed since \(brief\): ben, .*import codebook"):
        study.project.history.undo(study.ana)
    assert study.project.codebook.named("housing").brief == "ben's words"
    assert fine(study.path)


def test_different_columns_do_not_stand_in_each_others_way(study: Study) -> None:
    reword(study, "housing", study.ana, brief="ana's")
    reword(study, "housing", study.ben, full="ben's")
    study.project.history.undo(study.ana)
    housing = study.project.codebook.named("housing")
    assert (housing.brief, housing.full) == ("", "ben's")


def test_an_undo_that_changes_nothing_does_not_stay_on_top(study: Study) -> None:
    project = study.project
    project.coders.add("cam", by=study.ana)  # an act whose undo leaves the coder, who may be used
    project.codings.apply(
        study.document.id, study.span("a bed"), study.code("housing"), by=study.ana
    )
    project.history.undo(study.ana)
    assert project.history.undo(study.ana).verb == "add coder"
    assert project.history.undo(study.ana).verb == "add document"


def test_a_failed_action_leaves_nothing(study: Study) -> None:
    project = study.project
    before = project.digest()

    def half() -> None:
        with project.history.action("write memo", study.ana) as action:
            action.insert("memo", {"coder_id": study.ana.id, "body": "x", "created_at": "now"})
            raise RuntimeError("midway")

    with pytest.raises(RuntimeError, match="midway"):
        half()
    assert project.memos.list() == []
    assert project.digest() == before


@pytest.mark.parametrize("sql", ["DELETE FROM coder", "UPDATE round SET name = 'x'"])
def test_outside_an_action_every_write_fails(study: Study, sql: str) -> None:
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        study.project._db.connection.execute(sql)


def test_the_log_holds_no_transcript_text(study: Study) -> None:
    study.project.codings.apply(
        study.document.id, study.span("her name"), study.code("handoff"), by=study.ana
    )
    lines = " ".join(line for (line,) in study.project._db.query("SELECT line FROM change"))
    for words in ("walked over", "her name", "Nobody called"):
        assert words not in lines


def test_a_row_shown_in_another_revision_is_a_conflict(study: Study) -> None:
    project = study.project
    made = project.codings.apply(
        study.document.id, study.span("a bed"), study.code("housing"), by=study.ana
    )
    project.codings.mark(made.id, by=study.ana, exemplar=True)
    with pytest.raises(Conflict):
        project.codings.resize(made.id, Span(3, 9), by=study.ana, rev=made.rev)


def test_a_coder_changes_only_their_own_codings(study: Study) -> None:
    project = study.project
    made = project.codings.apply(
        study.document.id, study.span("a bed"), study.code("housing"), by=study.ana
    )
    for act in (
        lambda: project.codings.remove(made.id, by=study.ben),
        lambda: project.codings.resize(made.id, Span(3, 9), by=study.ben),
        lambda: project.codings.recode(made.id, study.code("timing"), by=study.ben),
        lambda: project.codings.mark(made.id, by=study.ben, exemplar=True),
    ):
        with pytest.raises(Refused, match="another coder's"):
            act()


def test_two_windows_see_each_others_actions(study: Study) -> None:
    with qualcode.open(study.path, coder="ben") as other:
        before = other._db.data_version()
        study.project.codings.apply(
            study.document.id, study.span("a bed"), study.code("housing"), by=study.ana
        )
        assert other._db.data_version() != before
        assert len(other.codings.list()) == 1
        other.codings.apply(
            study.document.id, study.span("weeks"), study.code("timing"), by=other.acting("ben")
        )
    assert len(study.project.codings.list()) == 2
    assert fine(study.path)


def test_the_history_names_what_was_touched_in_counts(study: Study) -> None:
    study.project.codings.apply(
        study.document.id, study.span("a bed"), study.code("housing"), by=study.ana
    )
    newest = study.project.history.log(1)[0]
    assert (newest.verb, newest.coder) == ("apply code", "ana")
    assert newest.summary == "1 coding, 1 assignment in harbour"


def test_a_read_only_project_refuses_to_write(study: Study) -> None:
    study.project.close()
    with qualcode.open(study.path, read_only=True) as project, pytest.raises(ProjectReadOnly):
        project.coders.add("cam")


def test_a_closed_round_cannot_be_reopened_by_undo(study: Study) -> None:
    project = study.project
    opened = project.rounds.open("r1", by=study.ana)
    project.rounds.assign(opened.id, [study.document.id], [study.ana.id], by=study.ana)
    project.codings.apply(
        study.document.id, study.span("a bed"), study.code("housing"), by=study.ana
    )
    project.rounds.close(opened.id, by=study.ana)
    with pytest.raises(UndoRefused, match="compared"):
        project.history.undo(study.ana)


def test_unblinding_cannot_be_taken_back(study: Study) -> None:
    project = study.project
    opened = project.rounds.open("r1", by=study.ana)
    project.rounds.unblind(opened.id, by=study.ana, reason="pilot")
    with pytest.raises(UndoRefused, match="unblinding"):
        project.history.undo(study.ana)


def test_a_layer_of_many_rows_is_stored_whole_and_in_order(study: Study) -> None:
    rows = [(position, 1000 + position) for position in range(50)]
    rows += [(position, 2000 + position) for position in range(49, -1, -1)]
    rows += [(0, ms) for ms in range(5000, 5151)]
    with study.project._session.writer.action("replace document", study.ana.id) as action:
        action.put_layer("anchor", [study.document.id], rows)
    stored = study.project._session.db.query("SELECT position, ms FROM anchor ORDER BY 1, 2")
    assert stored == sorted(rows)
    assert fine(study.path)


def test_one_row_outside_the_text_refuses_the_whole_layer(study: Study) -> None:
    rows = [(0, ms) for ms in range(250)] + [(10**6, 0)]
    with (
        pytest.raises(InvalidSpan, match="past the end"),
        study.project._session.writer.action("replace document", study.ana.id) as action,
    ):
        action.put_layer("anchor", [study.document.id], rows)
    assert study.project._session.db.query("SELECT count(*) FROM anchor") == [(0,)]
