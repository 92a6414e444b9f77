"""What one coder learns of another, and what messages and checks tell."""

from __future__ import annotations

from pathlib import Path

import pytest

import qualcode
from qualcode.errors import ProjectLocked, ProjectReadOnly, Refused, UnknownName
from qualcode.model import Code
from qualcode.store import opening
from qualcode.store.backup import write_backup as backup
from qualcode.store.check import check
from tests.store.conftest import Study
from tests.store.test_check import behind_its_back
from tests.store.texts import HARBOUR, reading


def blind_coding(study: Study) -> str:
    """The id of a coding of ana's in an open blind round that ben shares."""
    project = study.project
    opened = project.rounds.open("r1", by=study.ana)
    project.rounds.assign(
        opened.id, [study.document.id], [study.ana.id, study.ben.id], by=study.ana
    )
    return project.codings.apply(
        study.document.id, study.span("a bed"), study.code("housing"), by=study.ana
    ).id


def test_nobody_writes_on_a_coding_that_they_may_not_see(study: Study) -> None:
    coding = blind_coding(study)
    with pytest.raises(UnknownName, match="coding"):
        study.project.memos.write("I would not", by=study.ben, coding_id=coding)
    study.project.memos.write("mine", by=study.ana, coding_id=coding)


def test_an_error_does_not_tell_whose_hidden_coding_it_is(study: Study) -> None:
    coding = blind_coding(study)
    with pytest.raises(UnknownName):
        study.project.codings.remove(coding, by=study.ben)
    with pytest.raises(UnknownName):
        study.project.codings.mark(coding, by=study.ben, exemplar=True)


def test_the_history_is_silent_on_others_memos_while_a_round_is_blind(study: Study) -> None:
    project = study.project
    blind_coding(study)
    memo = project.memos.write("all about beds", by=study.ana, document_id=study.document.id)
    project.memos.edit(memo.id, "and waiting", by=study.ana)
    project.history.undo(study.ana)

    def verbs(coder: str) -> list[str]:
        with qualcode.open(study.path, coder=coder) as own:
            return [entry.verb for entry in own.history.log()][:4]

    assert verbs("ana") == ["undo", "edit memo", "write memo", "apply code"]
    assert verbs("ben") == ["assign", "open round", "add document", "import codebook"]
    project.rounds.close(project.rounds.named("r1").id, by=study.ana)
    assert verbs("ben") == ["close round", "undo", "edit memo", "write memo"]


def test_a_private_memo_of_another_does_not_show_as_a_mark(study: Study) -> None:
    project = study.project
    made = project.codings.apply(
        study.document.id, study.span("a bed"), study.code("housing"), by=study.ana
    )
    project.memos.write("unsure", by=study.ana, coding_id=made.id, private=True)
    assert project.codings.get(made.id).memo
    with qualcode.open(study.path, coder="ben") as other:
        assert not other.codings.get(made.id).memo
        assert other.codings.table().column("memo") == [None]


def test_a_removed_source_file_is_found(study: Study) -> None:
    study.project.close()
    behind_its_back(study.path, "DELETE FROM source")
    assert [result.name for result in check(study.path) if not result.ok] == ["sources"]


def test_a_locked_file_is_not_taken_for_a_damaged_one(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "WAIT", 0.05)
    with study.project._db.writing():
        study.project._db.connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        study.project._db.connection.execute("UPDATE project SET title = 'x'")
        study.project._db.connection.execute("COMMIT")
    with pytest.raises(ProjectLocked):
        check(study.path)
    with pytest.raises(ProjectLocked, match=r"study\.qualcode"):
        backup(study.path, study.path.with_name("copy.qualcode"))


def test_a_folder_that_is_not_there_is_named(tmp_path: Path, study: Study) -> None:
    with pytest.raises(ProjectReadOnly, match="nowhere: there is no such folder"):
        qualcode.create(tmp_path / "nowhere" / "p.qualcode", title="T")
    with pytest.raises(ProjectReadOnly, match="nowhere: there is no such folder"):
        backup(study.path, tmp_path / "nowhere" / "p.qualcode")


def test_a_coder_who_is_there_already_is_named(study: Study) -> None:
    study.project.coders.add("Åsa", by=study.ana)
    for name in ("BEN", "åsa"):
        with pytest.raises(Refused, match=f'coder "{name}" already'):
            study.project.coders.add(name, by=study.ana)


def test_names_are_found_in_any_case_beyond_ascii(study: Study) -> None:
    project = study.project
    project.coders.add("Åsa", by=study.ana)
    project.documents.add(reading(HARBOUR), "Élan", by=study.ana, again=True)
    project.rounds.open("Été", by=study.ana)
    assert project.coders.named("åsa").name == "Åsa"
    assert project.documents.named("ÉLAN").name == "Élan"
    assert project.rounds.named("été").name == "Été"
    with pytest.raises(Refused, match="already"):
        project.rounds.open("ÉTÉ", by=study.ana)


def test_half_a_character_is_refused_in_words(study: Study) -> None:
    before = study.project.digest()
    for write in (study.project.memos.write, study.project.rounds.open):
        with pytest.raises(Refused, match="half a character"):
            write("caf\ud800", by=study.ana)
    with pytest.raises(Refused, match="half a character"):
        study.project.codings.table(document="\ud800")
    assert study.project.digest() == before


def test_a_memo_that_is_answered_stays(study: Study) -> None:
    memo = study.project.memos.write("why?", by=study.ana)
    study.project.memos.write("because", by=study.ben, memo_id=memo.id)
    with pytest.raises(Refused, match="answers this one"):
        study.project.memos.remove(memo.id, by=study.ana)


def test_a_key_of_a_code_that_is_not_in_the_file_is_named(study: Study) -> None:
    with pytest.raises(Refused, match=r'Key "1" of new belongs to handoff'):
        study.project.codebook.import_codes([Code("", "new", key="1")], by=study.ana)


def test_a_parent_that_is_not_there_is_named(study: Study) -> None:
    with pytest.raises(Refused, match="new is under nowhere"):
        study.project.codebook.import_codes([Code("", "new", parent="nowhere")], by=study.ana)


def test_twice_the_history_is_twice_the_work_to_list(study: Study) -> None:
    project = study.project
    connection = project._db.connection

    def steps(first: int, last: int) -> int:
        """Steps of SQLite, in hundreds, to list a history with so many more acts."""
        with project._db.writing():
            connection.execute(
                "WITH RECURSIVE n(i) AS (SELECT ? UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
                " INSERT INTO action (id, replica_pk, stream, seq, clock, at, coder_pk, verb, act,"
                " schema, n_changes, prev_hash, hash) SELECT 'x' || i, 1, 'shared', 1000 + i, i,"
                " '2026-01-01T00:00:00Z', 1, 'write memo', 'a' || i, 1, 0, '', printf('%064d', i)"
                " FROM n",
                (first, last),
            )
        counted = iter(range(1, 10**9))
        done = [0]
        connection.set_progress_handler(lambda: done.__setitem__(0, next(counted)), 100)
        assert len(project.history.log()) > last
        connection.set_progress_handler(None, 0)
        return done[0]

    once = steps(1, 1000)
    assert steps(1001, 2000) < 2.5 * once
