"""What happens at the door: other files, newer files, altered files, read-only folders, full disks."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import sqlite_utils

import qualcode
from qualcode.errors import (
    DiskFull,
    NewerProject,
    NotAProject,
    ProjectExists,
    ProjectLocked,
    ProjectReadOnly,
    Refused,
    UnknownName,
)
from qualcode.model import Code
from qualcode.store import disk, migrations, opening, schema
from qualcode.store.check import check
from qualcode.store.failures import failure
from tests.store.conftest import Study


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "p.qualcode"
    qualcode.create(made, title="T", coder="ana").close()
    return made


def columns(path: Path, table: str) -> list[str]:
    with sqlite3.connect(path) as connection:
        return [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]


def patched(path: Path, sql: str) -> bytes:
    """Change a project as another program would, and give its bytes."""
    with sqlite3.connect(path) as connection:
        connection.executescript(sql)
    connection.close()
    return path.read_bytes()


def test_a_closed_project_is_one_file_for_its_owner_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        qualcode.create(tmp_path / "p.qualcode", title="T", coder="ana").close()
    finally:
        os.umask(before)
    assert [p.name for p in tmp_path.iterdir()] == ["p.qualcode"]
    assert stat.S_IMODE((tmp_path / "p.qualcode").stat().st_mode) == 0o600


def test_the_side_files_of_an_open_project_are_its_owners_too(path: Path) -> None:
    with qualcode.open(path, coder="ana") as project, project._db.writing():
        project._db.connection.execute("UPDATE project SET title = 'x'")
        for file in disk.side_files(path):
            assert stat.S_IMODE(file.stat().st_mode) == 0o600
        project._db.connection.execute("ROLLBACK")


def test_a_file_that_is_there_is_never_overwritten(path: Path) -> None:
    before = path.read_bytes()
    with pytest.raises(ProjectExists, match="already there"):
        qualcode.create(path, title="Another", coder="ben")
    assert path.read_bytes() == before


def test_a_project_that_could_not_begin_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(qualcode.QualcodeError, match="name"):
        qualcode.create(tmp_path / "p.qualcode", title="T", coder="a\nb")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"", "not a qualcode project"), (b"SQLite format 3\0" + bytes(200), "not a qualcode"),
     (b"hello, this is no database at all", "not a qualcode project")],
)  # fmt: skip
def test_another_kind_of_file_is_refused(tmp_path: Path, content: bytes, says: str) -> None:
    file = tmp_path / "x.qualcode"
    file.write_bytes(content)
    with pytest.raises(NotAProject, match=says):
        qualcode.open(file)
    assert file.read_bytes() == content


def test_a_missing_project_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(NotAProject, match="qualcode init"):
        qualcode.open(tmp_path / "none.qualcode")


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotAProject, match="regular file"):
        qualcode.open(tmp_path)


@pytest.mark.parametrize("sql", ["PRAGMA user_version = 99", "UPDATE project SET min_reader = 99"])
def test_a_newer_project_is_refused_and_stays_as_it_is(path: Path, sql: str) -> None:
    before = patched(path, sql)
    with pytest.raises(NewerProject, match="later qualcode"):
        qualcode.open(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TRIGGER spy AFTER INSERT ON coding BEGIN DELETE FROM memo; END",
        "CREATE VIEW everything AS SELECT * FROM document",
        "DROP TRIGGER change_keep_d",
        "ALTER TABLE memo ADD COLUMN extra TEXT",
    ],
)
def test_an_altered_schema_is_refused_and_stays_as_it_is(path: Path, sql: str) -> None:
    before = patched(path, sql)
    with pytest.raises(NotAProject, match="altered by another program"):
        qualcode.open(path)
    assert path.read_bytes() == before


def test_an_unknown_coder_is_refused_by_name(path: Path) -> None:
    with pytest.raises(UnknownName, match=r'no coder "zoe"\. Known: ana'):
        qualcode.open(path, coder="zoe")


def test_a_locked_project_says_so_and_changes_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "WAIT", 0.05)
    other = sqlite3.connect(path, isolation_level=None)
    with qualcode.open(path, coder="ana") as project:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(ProjectLocked, match="being written by another program"):
            project.coders.add("ben")
        other.execute("ROLLBACK")
        other.close()
        project.coders.add("ben")


def test_a_full_disk_is_named_and_nothing_is_half_written(study: Study) -> None:
    project = study.project
    pages = project._db.one("PRAGMA page_count")
    assert pages is not None
    project._db.connection.execute(f"PRAGMA max_page_count = {pages[0]}")
    before = project.digest()
    with pytest.raises(DiskFull, match="no room left"):
        project.memos.write("x" * 200_000, by=study.ana)
    assert project.digest() == before
    assert project.memos.list() == []


def test_an_error_of_the_disk_is_not_taken_for_damage() -> None:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR
    assert "the disk failed" in str(failure(error, Path("p.qualcode")))


@pytest.mark.skipif(os.name != "posix" or not hasattr(os, "geteuid"), reason="needs POSIX modes")
def test_a_read_only_folder_opens_for_reading(path: Path) -> None:
    script = (
        "import os, sys, qualcode, qualcode.project, qualcode.store.migrations\n"
        "if os.geteuid() == 0: os.setuid(65534)\n"
        "p = qualcode.open(sys.argv[1])\n"
        "print(p.title, len(p.rounds.list()))\n"
        "try: p.coders.add('ben')\n"
        "except qualcode.QualcodeError as e: print(type(e).__name__, e.exit_code)\n"
    )
    path.chmod(0o444)
    path.parent.chmod(0o555)
    for parent in path.parents:  # another user must be able to reach it
        if parent.stat().st_uid == os.geteuid() and parent != path.parent:
            parent.chmod(parent.stat().st_mode | 0o055)
            if parent.name.startswith("pytest-of"):
                break
    try:
        ran = subprocess.run(
            [sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=True
        )
    finally:
        path.parent.chmod(0o755)
    assert ran.stdout.split("\n")[:2] == ["T 1", "ProjectReadOnly 1"]


def test_a_project_with_two_names_opens_for_reading_only(path: Path) -> None:
    os.link(path, path.with_name("second.qualcode"))
    with qualcode.open(path) as project, pytest.raises(ProjectReadOnly, match="several names"):
        project.coders.add("ben")


def test_what_a_crash_left_is_rolled_back_on_opening(study: Study, tmp_path: Path) -> None:
    project = study.project
    crashed = tmp_path / "crashed.qualcode"
    with project._db.writing():
        run = project._db.connection.execute
        run("PRAGMA cache_size = 1")  # so that the pages reach the file before the commit
        run("UPDATE project SET title = 'half'")
        run("INSERT INTO setting (id, name, value) VALUES ('x', 'x', ?)", ("y" * 400_000,))
        shutil.copy(study.path, crashed)
        for file in disk.side_files(study.path):
            shutil.copy(file, str(crashed) + file.name.removeprefix(study.path.name))
        run("ROLLBACK")
    with qualcode.open(crashed, coder="ana") as again:
        assert again.title == "Harbour"


@pytest.mark.parametrize(
    ("version", "safe"),
    [((3, 40, 1), False), ((3, 44, 6), True), ((3, 45, 0), False), ((3, 50, 6), False),
     ((3, 50, 7), True), ((3, 51, 2), False), ((3, 51, 3), True)],
)  # fmt: skip
def test_wal_is_used_only_where_sqlite_keeps_it_safe(
    version: tuple[int, int, int], safe: bool
) -> None:
    assert disk.wal_is_safe(version) is safe


def test_a_synchronised_folder_is_not_local(tmp_path: Path) -> None:
    assert not disk.is_local(tmp_path / "Dropbox" / "study.qualcode")


def test_an_older_file_is_backed_up_before_it_is_migrated(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "USER_VERSION", 3)
    monkeypatch.setitem(schema.FINGERPRINTS, 3, schema.FINGERPRINTS[2])

    def step(db: sqlite_utils.Database) -> None:
        db.table("setting").transform(rename={"value": "content"})

    monkeypatch.setattr("qualcode.store.backup._verify", lambda file: None)
    kept = migrations.migrate(path, {2: step})
    assert sqlite3.connect(path).execute("PRAGMA user_version").fetchone() == (3,)
    assert sqlite3.connect(kept).execute("PRAGMA user_version").fetchone() == (2,)
    assert columns(path, "setting")[3] == "content"
    assert columns(kept, "setting")[3] == "value"


def test_a_project_of_schema_1_opens_with_its_memos_and_takes_summaries(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "old.qualcode"
    with monkeypatch.context() as before:
        before.setattr(schema, "USER_VERSION", 1)
        before.setattr(schema, "SUMMARIES", ())
        old = qualcode.create(path, title="Old", coder="ana")
        ana = old.coders.named("ana")
        old.codebook.import_codes([Code("", "trust")], by=ana)
        trust = old.codebook.named("trust").id
        first = old.memos.write("Think again.", by=ana, code_id=trust)
        old.memos.write("I did.", by=ana, memo_id=first.id)
        old.close()
    with qualcode.open(path, coder="ana") as project:
        assert [memo.body for memo in project.memos.list()] == ["Think again.", "I did."]
        assert project.memos.list()[1].memo_id == first.id
        person = project.participants.import_table([(2, {"participant": "P1"})], by=ana)
        assert person["participants"] == 1
        who = project.participants.list()[0].id
        project.memos.write("Slow.", by=ana, kind="summary", code_id=trust, participant_id=who)
        project.history.undo(ana)
        assert len(project.memos.list()) == 2
    assert [result for result in check(path) if not result.ok] == []
    assert (tmp_path / "old.schema-1.backup.qualcode").exists()


def test_a_memo_that_is_no_summary_hangs_on_one_thing(path: Path) -> None:
    with qualcode.open(path, coder="ana") as project:
        ana = project.coders.named("ana")
        project.codebook.import_codes([Code("", "trust")], by=ana)
        project.participants.import_table([(2, {"participant": "P1"})], by=ana)
        trust, who = project.codebook.named("trust").id, project.participants.list()[0].id
        with pytest.raises(Refused, match="hangs on one thing"):
            project.memos.write("Slow.", by=ana, code_id=trust, participant_id=who)
        assert project.memos.list() == []


def test_a_migration_that_fails_leaves_the_old_file(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "USER_VERSION", 3)

    def step(db: sqlite_utils.Database) -> None:
        db.table("setting").transform(rename={"value": "content"})
        db.execute("UPDATE project SET title = 'half'")
        raise RuntimeError("midway")

    monkeypatch.setattr("qualcode.store.backup._verify", lambda file: None)
    with pytest.raises(RuntimeError):
        migrations.migrate(path, {2: step})
    monkeypatch.undo()
    assert columns(path, "setting")[3] == "value"
    with qualcode.open(path) as project:
        assert project.title == "T"
