"""Projects of Taguette and QualCoder through the commands: preview, import, again, undo, check."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Shell
from tests.importers.foreign_files import (
    TEXT,
    WHEN,
    coded,
    highlight,
    qualcoder,
    run,
    taguette,
)

CASES = {
    "cases": [{"caseid": 1, "name": "P1", "memo": "", "owner": "rosa"}],
    "case_text": [{"caseid": 1, "fid": 1, "pos0": 0, "pos1": len(TEXT)}],
    "attribute_type": [{"name": "age", "valuetype": "numeric"}],
    "attribute": [{"name": "age", "attr_type": "case", "value": "41", "id": 1}],
    "journal": [{"name": "Day 1", "jentry": "Cold.", "owner": "ben", "date": WHEN}],
}  # fmt: skip


@pytest.fixture
def here(shell: Shell) -> Shell:
    """An empty project ``h.qualcode`` of Kim's."""
    shell.ok("init", "h", "--coder", "Kim", "--title", "Here")
    return shell


def tags(here: Shell) -> Path:
    return taguette(
        here.folder / "Harbour.sqlite3",
        highlight("walked over", 1, 2),
        highlight("🧩 thing", 1, who="ben"),
    )


def codes(here: Shell) -> Path:
    return qualcoder(
        here.folder / "Harbour.qda",
        coded("walked over", memo="Why?"),
        coded("naïve, I thought 😀", 2, "ben", important=1),
        **CASES,
    )


def excerpts(here: Shell) -> list[tuple[Any, ...]]:
    rows = here.json("codings", "export", "h.qualcode")["rows"]
    return [(row["coder"], row["code"], row["round"], row["excerpt"]) for row in rows]


TAGUETTE = [
    ("rosa", "contact.warm", "import Harbour", "walked over"),
    ("rosa", "naïve", "import Harbour", "walked over"),
    ("ben", "contact.warm", "import Harbour", "🧩 thing"),
]
QUALCODER = [
    ("rosa", "warm", "import Harbour", "walked over"),
    ("ben", "name said", "import Harbour", "naïve, I thought 😀"),
]
BOTH = pytest.mark.parametrize(
    ("make", "expected"), [(tags, TAGUETTE), (codes, QUALCODER)], ids=["taguette", "qualcoder"]
)


@BOTH
def test_a_project_comes_in_whole_and_sound(make: Any, expected: Any, here: Shell) -> None:
    here.ok("import", "h.qualcode", make(here))
    assert excerpts(here) == expected
    here.ok("check", "h.qualcode")


@BOTH
def test_a_second_import_brings_nothing(make: Any, expected: Any, here: Shell) -> None:
    path = make(here)
    here.ok("import", "h.qualcode", path)
    told = here.run("import", "h.qualcode", path)
    assert "nothing that is not here already" in told.stderr
    assert excerpts(here) == expected


@BOTH
def test_one_undo_takes_it_back_and_redo_brings_it_again(
    make: Any, expected: Any, here: Shell
) -> None:
    here.ok("import", "h.qualcode", make(here))
    here.ok("undo", "h.qualcode")
    assert excerpts(here) == []
    here.ok("check", "h.qualcode")
    here.ok("redo", "h.qualcode")
    assert excerpts(here) == expected


@BOTH
def test_a_preview_shows_every_coding_and_stores_nothing(
    make: Any, expected: Any, here: Shell
) -> None:
    path = make(here)
    before = {one: one.stat().st_mtime_ns for one in here.folder.rglob("*")}
    found = here.json("preview", path)
    shown = [
        (one["coder"], one["code"], "import Harbour", one["text"])
        for source in found["sources"]
        for one in source["selections"]
    ]
    assert sorted(shown) == sorted(expected)
    rule = found["offset_rule"]
    assert rule["quote"] == rule["in_range"] == rule["clean"] == rule["of"] == 2
    assert found["valid"]
    assert "Offsets count" in here.ok("preview", path)
    assert {one: one.stat().st_mtime_ns for one in here.folder.rglob("*")} == before


@BOTH
def test_losses_go_into_a_file(make: Any, expected: Any, here: Shell) -> None:
    here.ok("import", "h.qualcode", make(here), "--losses", "lost.csv")
    with (here.folder / "lost.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {"element", "guid", "where", "fate", "reason"} == set(rows[0])


def test_cases_attributes_and_marks_of_qualcoder_come_along(here: Shell) -> None:
    here.ok("import", "h.qualcode", codes(here))
    (row,) = here.json("participants", "list", "h.qualcode")["rows"]
    assert (row["participant"], row["age"]) == ("P1", "41")
    rows = here.json("codings", "export", "h.qualcode")["rows"]
    assert [(row["exemplar"], row["memo"]) for row in rows] == [(0, "Why?"), (1, None)]


def test_the_database_in_qualcoders_folder_is_the_project_too(here: Shell) -> None:
    path = codes(here)
    here.ok("import", "h.qualcode", path / "data.qda")
    assert excerpts(here) == QUALCODER


def test_the_coder_named_has_the_highlights_of_nobody(here: Shell) -> None:
    path = taguette(here.folder / "Harbour.sqlite3", highlight("walked over", 1, who=None))
    here.ok("import", "h.qualcode", path, "--coder", "Kim")
    assert [row[0] for row in excerpts(here)] == ["Kim"]


def test_of_several_projects_one_must_be_named(here: Shell) -> None:
    path = taguette(
        here.folder / "Harbour.sqlite3", highlight("walked over", 1), projects=("One", "Two")
    )
    told = here.run("import", "h.qualcode", path)
    assert told.exit_code == 2
    assert "One (1), Two (2)" in told.stderr
    assert here.run("preview", path).exit_code == 2
    here.ok("preview", path, "--project", "One")
    here.ok("import", "h.qualcode", path, "--project", "one")
    assert len(excerpts(here)) == 1


def test_a_hostile_file_stores_nothing(here: Shell) -> None:
    path = run(tags(here), "CREATE TRIGGER x AFTER INSERT ON tags BEGIN SELECT 1; END")
    told = here.run("import", "h.qualcode", path)
    assert (told.exit_code, told.stderr.count("has a trigger")) == (1, 2)
    assert here.json("documents", "h.qualcode")["rows"] == []


@pytest.mark.parametrize(
    ("file", "option"),
    [
        ("x.txt", "--project"), ("x.qdpx", "--project"), ("Harbour.sqlite3", "--offsets"),
        ("Harbour.sqlite3", "--split-codes"), ("Harbour.sqlite3", "--kind"),
    ],
)  # fmt: skip
def test_an_option_for_other_files_is_a_usage_error(file: str, option: str, here: Shell) -> None:
    tags(here)
    here.file("x.txt", "words")
    value = {"--kind": "interview", "--offsets": "utf16"}.get(option, "x")
    told = here.run("import", "h.qualcode", file, option, value)
    assert (told.exit_code, option in told.stderr) == (2, True)


def test_a_copy_that_another_coder_worked_on_adds_what_is_new(here: Shell) -> None:
    here.ok("import", "h.qualcode", codes(here))
    copy = qualcoder(here.folder / "Copy.qda", coded("said her name", 1, "cleo"), **CASES)
    here.ok("import", "h.qualcode", copy)
    assert excerpts(here)[-1:] + excerpts(here)[:1] == [
        ("cleo", "warm", "import Copy", "said her name"), QUALCODER[0],
    ]  # fmt: skip
    assert len(here.json("documents", "h.qualcode")["rows"]) == 1
    here.ok("check", "h.qualcode")
