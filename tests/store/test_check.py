"""``check`` finds what changed behind the project's back, and a backup is a whole project."""

from __future__ import annotations

import random
import shutil
import sqlite3
from contextlib import suppress
from pathlib import Path

import pytest

import qualcode
from qualcode.errors import NotAProject, ProjectExists
from qualcode.store import schema
from qualcode.store.backup import write_backup as backup
from qualcode.store.check import check
from tests.store.conftest import Study


@pytest.fixture
def file(study: Study) -> Path:
    project = study.project
    made = project.codings.apply(
        study.document.id, study.span("her name"), study.code("handoff"), by=study.ana
    )
    project.memos.write("a memo", by=study.ana, coding_id=made.id)
    project.codebook.freeze("v1", by=study.ana)
    project.close()
    return study.path


def failed(path: Path) -> list[str]:
    return [result.name for result in check(path) if not result.ok]


def behind_its_back(path: Path, sql: str) -> None:
    """Run SQL with every trigger out of the way, and put the triggers back."""
    connection = sqlite3.connect(path, isolation_level=None)
    triggers = connection.execute(
        "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'"
    ).fetchall()
    for name, _ in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute("PRAGMA ignore_check_constraints = ON")
    connection.execute(sql)
    for _, create in triggers:
        connection.execute(create)
    connection.close()


def test_a_sound_project_passes_every_check(file: Path) -> None:
    results = check(file)
    assert all(result.ok for result in results)
    assert [result.name for result in results] == [
        "file", "integrity", "foreign keys", "chain", "replay", "texts", "sources", "spans", "marks",
        "purges",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("sql", "check_"),
    [
        ("UPDATE coding SET start = start + 1", "replay"),
        ("UPDATE coding SET valence = 'barrier'", "replay"),
        ("DELETE FROM memo", "replay"),
        ("UPDATE memo SET body = 'other words'", "replay"),
        ("UPDATE assignment SET finished_at = '2026-01-01'", "replay"),
        ("DELETE FROM turn WHERE n = 2", "replay"),
        ("UPDATE unit SET stop = stop + 1 WHERE n = 1", "replay"),
        ("UPDATE document SET text = replace(text, 'walked', 'talked')", "texts"),
        ("UPDATE source SET bytes = x'00'", "sources"),
        ("UPDATE action SET verb = 'remove coding' WHERE verb = 'apply code'", "chain"),
        ("UPDATE action SET at = '2020-01-01T00:00:00Z' WHERE pk = 3", "chain"),
        ("DELETE FROM action WHERE pk = 3", "chain"),
        ("UPDATE change SET line = replace(line, 'a memo', 'a demo')", "chain"),
        ("UPDATE change SET row_id = 'x' WHERE action_pk = 3", "chain"),
        ("UPDATE codebook_version SET body = replace(body, 'housing', 'housinG')", "marks"),
        ("UPDATE coding SET stop = 100000", "spans"),
    ],
)
def test_a_row_changed_behind_its_back_is_found(file: Path, sql: str, check_: str) -> None:
    behind_its_back(file, sql)
    assert check_ in failed(file)


def test_a_row_that_no_action_wrote_is_found(file: Path) -> None:
    behind_its_back(file, "INSERT INTO setting (id, name, value) VALUES ('i', 'n', 'v')")
    assert failed(file) == ["replay"]


def test_check_does_not_change_the_file(file: Path) -> None:
    before = file.read_bytes()
    check(file)
    assert file.read_bytes() == before


def values(path: Path) -> list[object]:
    """Every value in the file but the derived index, to see whether a flipped bit changed one."""
    connection = sqlite3.connect(path)
    try:
        tables = [
            name
            for (name,) in connection.execute(
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'turn_fts%'"
            )
        ]
        found: list[object] = []
        for table in tables:
            found.append(sorted(map(repr, connection.execute(f"SELECT * FROM {table}"))))
            found.append(
                connection.execute(
                    f"SELECT sql FROM sqlite_schema WHERE name = '{table}'"
                ).fetchall()
            )
        return found
    finally:
        connection.close()


def flip_bits(file: Path, folder: Path, times: int) -> int:
    """Flip one bit at a time; every flip that changes a value must show. Gives how many did."""
    rng, before = random.Random(3), values(file)
    data = bytearray(file.read_bytes())
    copy, changed = folder / "flipped.qualcode", 0
    for _ in range(times):
        at, bit = rng.randrange(len(data)), 1 << rng.randrange(8)
        data[at] ^= bit
        copy.write_bytes(data)
        data[at] ^= bit
        try:
            same = values(copy) == before
        except (sqlite3.DatabaseError, UnicodeDecodeError, OverflowError):
            same = False
        if not same:
            changed += 1
            with suppress(qualcode.QualcodeError):  # refused at the door, by its header
                assert failed(copy), f"bit {bit} of byte {at}"
    return changed


def test_check_finds_every_flipped_bit_that_changes_a_value(file: Path, tmp_path: Path) -> None:
    assert flip_bits(file, tmp_path, 150) > 5


@pytest.mark.long
def test_check_finds_five_thousand_flipped_bits(file: Path, tmp_path: Path) -> None:
    assert flip_bits(file, tmp_path, 5000) > 100


def test_a_backup_is_a_whole_project_for_its_owner_alone(file: Path, tmp_path: Path) -> None:
    out = tmp_path / "copy.qualcode"
    backup(file, out)
    assert failed(out) == []
    assert out.stat().st_mode & 0o777 == 0o600
    with qualcode.open(file) as old, qualcode.open(out) as new:
        assert new.digest() == old.digest()
        assert new.codings.table().rows == old.codings.table().rows


def test_a_backup_replaces_a_file_only_when_told(file: Path, tmp_path: Path) -> None:
    out = tmp_path / "copy.qualcode"
    out.write_text("mine")
    with pytest.raises(ProjectExists, match="--force"):
        backup(file, out)
    assert out.read_text() == "mine"
    backup(file, out, force=True)
    assert failed(out) == []


def test_a_backup_onto_the_project_itself_is_refused(file: Path) -> None:
    with pytest.raises(ProjectExists):
        backup(file, file, force=True)
    assert failed(file) == []


def test_a_damaged_project_is_not_backed_up(file: Path, tmp_path: Path) -> None:
    behind_its_back(file, "UPDATE coding SET valence = 'barrier'")
    with pytest.raises(qualcode.QualcodeError, match="replay"):
        backup(file, tmp_path / "copy.qualcode")
    assert not (tmp_path / "copy.qualcode").exists()


def test_a_backup_while_another_window_writes_is_one_state(study: Study, tmp_path: Path) -> None:
    study.project.codings.apply(
        study.document.id, study.span("her name"), study.code("handoff"), by=study.ana
    )
    backup(study.path, tmp_path / "copy.qualcode")
    assert failed(tmp_path / "copy.qualcode") == []


def test_something_else_is_refused_by_check(tmp_path: Path) -> None:
    other = tmp_path / "x.qualcode"
    other.write_text("no")
    assert failed(other) == ["file"]
    with pytest.raises(NotAProject):
        check(tmp_path / "none.qualcode")


def test_every_schema_is_the_one_that_was_released() -> None:
    from qualcode.store import opening

    connection = sqlite3.connect(":memory:")
    connection.executescript(schema.SCHEMA)
    assert opening.fingerprint(connection) == schema.FINGERPRINTS[1]
    for statement in schema.SUMMARIES:
        connection.execute(statement)
    assert opening.fingerprint(connection) == schema.FINGERPRINTS[2]


def test_a_text_that_damage_made_undecodable_is_found_and_not_quoted(file: Path) -> None:
    data = file.read_bytes()
    damaged = data.replace(b"walked over and said", b"walked over and\xf3said")
    assert damaged != data
    file.write_bytes(damaged)
    results = check(file)
    assert not all(result.ok for result in results)
    assert "walked" not in " ".join(result.detail for result in results)
    with qualcode.open(file) as project, pytest.raises(NotAProject, match="is damaged") as caught:
        project.documents.text(project.documents.list()[0].id)
    assert "walked" not in str(caught.value)


def test_a_truncated_file_is_found(file: Path, tmp_path: Path) -> None:
    cut = tmp_path / "cut.qualcode"
    shutil.copy(file, cut)
    cut.write_bytes(cut.read_bytes()[: 4096 * 5])
    assert failed(cut) != []
