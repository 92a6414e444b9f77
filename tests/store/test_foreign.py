"""Databases of other programs: looked at, never run, never written to."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from qualcode.errors import HostileFile, ReadingError, UnknownName, UsageProblem
from qualcode.store.foreign import read_foreign
from tests.importers.foreign_files import (
    QUALCODER,
    TAGUETTE,
    coded,
    highlight,
    qualcoder,
    run,
    taguette,
    taguette_rows,
    write,
)


@pytest.fixture
def theirs(tmp_path: Path) -> Path:
    return taguette(tmp_path / "t.sqlite3", highlight("walked over", 1))


def beside(path: Path) -> list[str]:
    return sorted(one.name for one in path.parent.iterdir())


def test_the_rows_come_as_they_are_written(theirs: Path) -> None:
    found = read_foreign(theirs)
    assert found.program == "Taguette"
    assert [row["path"] for row in found.tables["tags"]] == ["contact.warm", "naïve"]
    assert found.tables["highlight_tags"] == [{"highlight_id": 1, "tag_id": 1}]
    assert "users" not in found.others  # accounts are nobody's research


def test_reading_changes_neither_the_file_nor_its_folder(theirs: Path) -> None:
    before, names = theirs.read_bytes(), beside(theirs)
    read_foreign(theirs)
    assert (theirs.read_bytes(), beside(theirs)) == (before, names)


def test_columns_that_a_version_does_not_have_are_left_out(tmp_path: Path) -> None:
    path = qualcoder(tmp_path / "p.qda", coded("walked over")) / "data.qda"
    run(path, "ALTER TABLE code_name DROP COLUMN supercid", "DROP TABLE journal")
    found = read_foreign(path)
    assert "supercid" not in found.tables["code_name"][0]
    assert "journal" not in found.tables


def test_the_views_that_qualcoder_itself_makes_are_no_obstacle(tmp_path: Path) -> None:
    assert "CREATE VIEW code_text_visible" in QUALCODER
    found = read_foreign(qualcoder(tmp_path / "p.qda", coded("walked over")) / "data.qda")
    assert len(found.tables["code_text"]) == 1


def test_tables_that_are_not_read_are_counted(tmp_path: Path) -> None:
    rows = [{"title": "a", "ssql": "select 1"}, {"title": "b", "ssql": "select 2"}]
    path = qualcoder(tmp_path / "p.qda", stored_sql=rows) / "data.qda"
    assert read_foreign(path).others == {"stored_sql": 2}


# What is refused


def test_a_view_in_place_of_a_table_is_refused_by_name(theirs: Path) -> None:
    run(
        theirs,
        "ALTER TABLE tags RENAME TO real_tags",
        "CREATE VIEW tags AS SELECT id, project_id, hex(randomblob(1000)) path FROM real_tags",
    )
    with pytest.raises(HostileFile, match="tags is a view, not a table"):
        read_foreign(theirs)


def test_a_trigger_on_a_table_that_is_read_is_refused_by_name(theirs: Path) -> None:
    run(theirs, "CREATE TRIGGER gotcha AFTER INSERT ON Tags BEGIN DELETE FROM documents; END")
    with pytest.raises(HostileFile, match=r"table tags has a trigger, 'gotcha'"):
        read_foreign(theirs)


def test_a_virtual_table_is_refused_by_name(theirs: Path) -> None:
    run(theirs, "DROP TABLE tags", "CREATE VIRTUAL TABLE tags USING fts5(id, project_id, path)")
    with pytest.raises(HostileFile, match="tags is a virtual table"):
        read_foreign(theirs)


@pytest.mark.parametrize(
    ("size", "told"),
    [(4, "The table tags has no column path"), (400_000_000, "A value has more than 200 MB")],
)
def test_a_column_that_would_be_computed_is_not_read(size: int, told: str, theirs: Path) -> None:
    run(
        theirs,
        "DROP TABLE tags",
        "CREATE TABLE tags (id INTEGER PRIMARY KEY, project_id INTEGER,"
        f" path TEXT AS (hex(zeroblob({size}))))",
        "INSERT INTO tags (project_id) VALUES (1)",
    )
    with pytest.raises(ReadingError, match=told):
        read_foreign(theirs)


def test_a_check_is_not_computed_either(theirs: Path) -> None:
    run(
        theirs,
        "CREATE TABLE slow (a CHECK (length(hex(zeroblob(a))) > 0))",
        "INSERT INTO slow VALUES (1)",
        "PRAGMA ignore_check_constraints = ON",
        "UPDATE slow SET a = 900000000",
    )
    assert read_foreign(theirs).others == {"slow": 1}


def test_missing_tables_are_named(theirs: Path) -> None:
    run(theirs, "DROP TABLE highlight_tags", "DROP TABLE tags")
    with pytest.raises(ReadingError, match="Taguette, but the tables tags, highlight_tags are"):
        read_foreign(theirs)


def test_a_missing_column_is_named(theirs: Path) -> None:
    run(theirs, "ALTER TABLE highlights DROP COLUMN end_offset")
    with pytest.raises(ReadingError, match="The table highlights has no column end_offset"):
        read_foreign(theirs)


def test_a_database_of_another_program_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "x.db", "CREATE TABLE contacts (name)")
    with pytest.raises(ReadingError, match="no project of Taguette or QualCoder"):
        read_foreign(path)


@pytest.mark.parametrize("junk", [b"", b"hello", b"\0" * 4096, b"SQLite format 3\0" + b"x" * 9000])
def test_junk_is_refused(junk: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite3"
    path.write_bytes(junk)
    with pytest.raises(ReadingError, match=r"not an SQLite file"):
        read_foreign(path)


def test_a_damaged_file_is_refused_and_nothing_of_it_is_quoted(theirs: Path) -> None:
    data = bytearray(theirs.read_bytes())
    place = data.rindex("naïve".encode())
    data[place : place + 6] = b"\xff" * 6
    theirs.write_bytes(bytes(data))
    with pytest.raises(ReadingError) as caught:
        read_foreign(theirs)
    assert "damaged" in str(caught.value)
    assert "What" not in str(caught.value)


def test_a_file_cut_short_is_refused(theirs: Path) -> None:
    theirs.write_bytes(theirs.read_bytes()[:9000])
    with pytest.raises(ReadingError, match="damaged"):
        read_foreign(theirs)


def test_bytes_where_text_belongs_are_refused(theirs: Path) -> None:
    run(theirs, "UPDATE documents SET contents = x'00ff'")
    with pytest.raises(ReadingError, match="The table documents holds bytes"):
        read_foreign(theirs)


def test_a_file_over_the_limit_is_refused(theirs: Path) -> None:
    with pytest.raises(ReadingError, match="more than 0 MB are only read with --large"):
        read_foreign(theirs, most=1000)


def test_a_fifo_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.sqlite3")
    with pytest.raises(ReadingError, match="not a regular file"):
        read_foreign(tmp_path / "x.sqlite3")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match="No such file"):
        read_foreign(tmp_path / "x.sqlite3")
    assert list(tmp_path.iterdir()) == []


# In use elsewhere


def test_changes_beside_the_file_are_not_passed_over(theirs: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy" / "t.sqlite3"
    copy.parent.mkdir()
    with closing(sqlite3.connect(theirs)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("INSERT INTO tags (project_id, path, description) VALUES (1, 'n', '')")
        connection.commit()
        for one in ("t.sqlite3", "t.sqlite3-wal"):
            shutil.copy(tmp_path / one, copy.parent / one)
    before = [(name, (copy.parent / name).read_bytes()) for name in beside(copy)]
    with pytest.raises(ReadingError, match=r"t\.sqlite3-wal beside it holds changes"):
        read_foreign(copy)
    assert [(name, (copy.parent / name).read_bytes()) for name in beside(copy)] == before


def test_a_closed_file_in_wal_mode_is_read_and_nothing_is_made_beside_it(theirs: Path) -> None:
    run(theirs, "PRAGMA journal_mode = WAL")
    assert beside(theirs) == ["t.sqlite3"]
    assert read_foreign(theirs).tables["tags"]
    assert beside(theirs) == ["t.sqlite3"]


def test_a_journal_that_waits_to_be_rolled_back_is_not_passed_over(theirs: Path) -> None:
    theirs.with_name("t.sqlite3-journal").write_bytes(b"\xd9\xd5\x05\xf9 and so on")
    with pytest.raises(ReadingError, match=r"t\.sqlite3-journal beside it holds changes"):
        read_foreign(theirs)


# Several projects


def test_of_several_projects_one_must_be_named(tmp_path: Path) -> None:
    path = taguette(tmp_path / "t.sqlite3", projects=("Harbour", "Other", "Other"))
    with pytest.raises(UsageProblem, match=r"Harbour \(1\), Other \(2\), Other \(3\)"):
        read_foreign(path)
    assert read_foreign(path, project="harbour").tables["projects"][0]["id"] == 1
    with pytest.raises(UsageProblem, match="give the number: 2, 3"):
        read_foreign(path, project="Other")
    assert read_foreign(path, project="3").tables["documents"] == []
    with pytest.raises(UnknownName, match='no project "Elsewhere"'):
        read_foreign(path, project="Elsewhere")


def test_only_what_belongs_to_the_project_is_read(tmp_path: Path) -> None:
    rows = taguette_rows([highlight("walked over", 1)], projects=("Harbour", "Other"))
    path = write(tmp_path / "t.sqlite3", TAGUETTE, rows)
    assert [len(one) for one in read_foreign(path, project="1").tables.values()] == [
        1, 1, 2, 1, 1, 2,
    ]  # fmt: skip
    assert sum(len(one) for one in read_foreign(path, project="2").tables.values()) == 1


def test_qualcoder_has_one_project(tmp_path: Path) -> None:
    with pytest.raises(UsageProblem, match="a QualCoder project is one project"):
        read_foreign(qualcoder(tmp_path / "p.qda") / "data.qda", project="p")
