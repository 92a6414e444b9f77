"""Commands: what they print, where, and with which exit code."""

from __future__ import annotations

import csv
import sqlite3
from pathlib import Path

import pytest

from tests.cli.conftest import TRANSCRIPT, Shell


def coding(words: str, code: str, coder: str, round_: str = "") -> str:
    start = TRANSCRIPT.index(words)
    return f"harbour,{start},{start + len(words)},{code},{coder},{round_}\n"


HEADER = "document,start,stop,code,coder,round\n"


def test_init_makes_a_project_and_says_what_is_next(shell: Shell) -> None:
    result = shell.run("init", "harbour", "--coder", "ana")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "Next: qualcode import harbour.qualcode" in result.stderr
    assert (shell.folder / "harbour.qualcode").exists()


def test_init_never_replaces_a_project(study: Shell) -> None:
    result = study.run("init", "s", "--coder", "ben")
    assert result.exit_code == 1
    assert "already there" in result.stderr


def test_a_codebook_with_problems_makes_no_project(shell: Shell) -> None:
    shell.file(
        "bad.yaml",
        "codes:\n  - code: a\n  - code: A\n  - {code: b, parent: c}\n  - {code: c, parent: b}\n",
    )
    result = shell.run("init", "p", "--codebook", "bad.yaml", "--coder", "ana")
    assert result.exit_code == 1
    assert "bad.yaml:3: " in result.stderr
    assert "bad.yaml:4: " in result.stderr  # the circle
    assert not (shell.folder / "p.qualcode").exists()


def test_import_reports_a_bad_file_and_takes_the_others(study: Shell) -> None:
    study.file("good.txt", "P1: One more.\n\nP1: And another.\n")
    study.file("empty.txt", "")
    result = study.run("import", "s.qualcode", "empty.txt", "good.txt", "none.txt")
    assert result.exit_code == 1
    assert "good: 2 turns, 1 speaker, " in result.stderr
    last = result.stderr.split("2 of 3 files were not imported:")[1]
    assert "empty.txt: The file is empty." in last
    assert "none.txt: Cannot be read" in last
    names = [row["document"] for row in study.json("documents", "s.qualcode")["rows"]]
    assert names == ["harbour", "good"]


def test_a_document_twice_is_refused_by_name(study: Shell) -> None:
    result = study.run("import", "s.qualcode", "harbour.txt")
    assert result.exit_code == 1
    assert 'as "harbour"' in result.stderr


def test_json_goes_to_stdout_and_nothing_else_does(study: Shell) -> None:
    answer = study.json("documents", "s.qualcode")
    assert answer["schema"] == "qualcode.documents/1"
    assert answer["columns"] == [
        "document", "kind", "format", "turns", "speakers", "words", "characters", "finished_by",
        "removed",
    ]  # fmt: skip
    assert answer["rows"][0]["turns"] == 3


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("documents", "none.qualcode"), "there is no such project"),
        (("documents", "harbour.txt"), "not a qualcode project"),
        (("codings", "export", "s.qualcode", "--coder", "zoe"), 'no coder "zoe". Known: ana'),
        (("round", "finish", "s.qualcode", "r9", "--document", "harbour"), 'no round "r9"'),
        (("codebook", "show", "s.qualcode", "--version", "v9"), 'no codebook version "v9"'),
    ],
)
def test_an_error_is_one_line_that_names_the_thing(
    study: Shell, words: tuple[str, ...], says: str
) -> None:
    result = study.run(*words)
    assert result.exit_code == (2 if "no " in says and "such" not in says else 1)
    assert result.stdout == ""
    assert len(result.stderr.strip().splitlines()) == 1
    assert says in result.stderr


def test_debug_shows_the_trace_and_warns_of_data(study: Shell) -> None:
    from qualcode.errors import NotAProject

    with pytest.raises(NotAProject):
        study.run("--debug", "documents", "none.qualcode")


def test_codings_go_out_and_come_back(study: Shell) -> None:
    study.file("c.csv", HEADER + coding("a bed", "housing", "ben"))
    study.ok("codings", "import", "s.qualcode", "c.csv")
    study.ok("codings", "export", "s.qualcode", "out.csv")
    with (study.folder / "out.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["excerpt"], row["code"], row["coder"]) == ("a bed", "housing", "ben")
    study.ok("init", "t", "--coder", "ana", "--codebook", "book.yaml")
    study.ok("import", "t.qualcode", "harbour.txt")
    study.ok("codings", "import", "t.qualcode", "out.csv")
    assert study.json("codings", "export", "t.qualcode")["rows"][0]["excerpt"] == "a bed"


def test_bad_codings_are_all_listed_and_none_is_stored(study: Shell) -> None:
    study.file("c.csv", HEADER + coding("a bed", "joy", "ben") + "harbour,1,99999,housing,ben,\n")
    result = study.run("codings", "import", "s.qualcode", "c.csv")
    assert result.exit_code == 1
    assert 'c.csv:2: there is no code "joy"' in result.stderr
    assert "c.csv:3: the span 1–99999 reaches past the end" in result.stderr
    assert study.json("codings", "export", "s.qualcode")["rows"] == []


def test_undo_and_redo_say_what_they_did(study: Shell) -> None:
    study.file("c.csv", HEADER + coding("a bed", "housing", "ana"))
    study.ok("codings", "import", "s.qualcode", "c.csv")
    assert "Undone: import codings 1 coding" in study.run("undo", "s.qualcode").stderr
    assert study.json("codings", "export", "s.qualcode")["rows"] == []
    assert "Redone: import codings" in study.run("redo", "s.qualcode").stderr
    nothing = study.run("redo", "s.qualcode")
    assert nothing.exit_code == 1
    assert "nothing to redo" in nothing.stderr


def test_the_history_is_newest_first(study: Shell) -> None:
    verbs = [row["verb"] for row in study.json("history", "s.qualcode")["rows"]]
    assert verbs == ["add document", "import codebook", "create project"]


def test_check_passes_and_fails_with_exit_3(study: Shell) -> None:
    answer = study.json("check", "s.qualcode")
    assert (answer["schema"], answer["ok"]) == ("qualcode.check/1", True)
    with sqlite3.connect(study.folder / "s.qualcode") as connection:
        connection.execute("UPDATE code SET brief = 'other' WHERE code = 'housing'")
    connection.close()
    result = study.run("check", "s.qualcode")
    assert result.exit_code == 3
    assert "FAILED" in result.stdout
    assert "replay" in result.stderr


def test_backup_writes_a_copy_and_never_over_another(study: Shell) -> None:
    study.ok("backup", "s.qualcode", "copy.qualcode")
    study.ok("check", "copy.qualcode")
    assert study.run("backup", "s.qualcode", "copy.qualcode").exit_code == 1


def test_a_blind_round_from_opening_to_closing(study: Shell) -> None:
    study.ok("codebook", "freeze", "s.qualcode", "v1")
    study.ok("round", "open", "s.qualcode", "r1", "--codebook", "v1")
    study.ok("round", "assign", "s.qualcode", "r1", "--to", "ana", "--to", "ben")
    rows = study.json("round", "list", "s.qualcode")["rows"]
    assert [(r["coder"], r["status"], r["blind"]) for r in rows] == [
        ("ana", "unfinished", True),
        ("ben", "unfinished", True),
    ]
    study.ok("round", "finish", "s.qualcode", "r1", "--document", "harbour", "--coder", "ben")
    study.ok("round", "close", "s.qualcode", "r1")
    assert study.json("round", "list", "s.qualcode")["rows"][1]["status"] == "finished"
    assert study.run("round", "close", "s.qualcode", "r1").exit_code == 1


def test_a_blind_round_keeps_to_the_codebook_as_it_is_when_it_is_opened(study: Shell) -> None:
    said = study.run("round", "open", "s.qualcode", "r1").stderr
    assert said.strip() == 'Round "r1" is open, blind, with codebook v1.'
    study.ok("round", "sample", "s.qualcode", "r2", "--to", "ana", "--to", "ben")
    study.ok("round", "open", "s.qualcode", "pilot", "--not-blind")
    study.ok("round", "assign", "s.qualcode", "r1", "--to", "ana")
    study.ok("round", "assign", "s.qualcode", "pilot", "--to", "ana")
    rows = study.json("round", "list", "s.qualcode")["rows"]
    pinned = {r["round"]: r["codebook_version"] for r in rows if r["round"] != "solo"}
    assert pinned == {"r1": "v1", "r2": "v1", "pilot": None}


def test_without_a_project_a_command_names_those_in_this_folder(
    study: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(study.folder)
    result = study.run("status")
    assert result.exit_code == 2
    assert "Missing argument 'PROJECT'. In this folder: s.qualcode" in result.stderr


def test_status_names_the_next_command(study: Shell) -> None:
    answer = study.json("status", "s.qualcode")
    assert answer["next"] == "qualcode code s.qualcode"
    assert [row["step"] for row in answer["rows"]][:3] == ["documents", "names", "codebook"]


def test_participants_come_with_their_attributes(study: Shell) -> None:
    study.file("people.csv", "participant,speaker,site\nA1,P1,North\nA2,P2,South\n")
    study.ok("participants", "import", "s.qualcode", "people.csv")
    rows = study.json("participants", "list", "s.qualcode")["rows"]
    assert rows[0] == {
        "participant": "A1",
        "speakers": "P1",
        "role": "participant",
        "site": "North",
    }


def test_the_screens_need_a_terminal(study: Shell) -> None:
    result = study.run("code", "s.qualcode")
    assert result.exit_code == 2
    assert "terminal" in result.stderr


def test_without_a_command_and_a_project_the_way_in_is_shown(shell: Shell) -> None:
    result = shell.run()
    assert result.exit_code == 2
    assert "qualcode init" in result.stderr
    assert "qualcode demo" in result.stderr


NOTATIONS = ["[inaudible]", "[/oops]", "[@click=app.bell]x[/]", "[red]red[/red]", "=1+1"]


@pytest.mark.parametrize("notation", NOTATIONS)
def test_what_people_said_is_printed_literally(study: Shell, notation: str) -> None:
    study.file("odd.txt", f"P1: Then {notation} he left.\n\nP1: Yes.\n")
    study.ok("import", "s.qualcode", "odd.txt")
    start = len("P1: Then ")
    study.file("c.csv", HEADER + f"odd,{start},{start + len(notation)},housing,ana,\n")
    study.ok("codings", "import", "s.qualcode", "c.csv")
    assert notation in study.ok("codings", "export", "s.qualcode").replace("\n", "")


def test_escape_sequences_never_reach_the_terminal(study: Shell) -> None:
    name = "a\x1b]52;c;x\x07\u202eb"
    result = study.run("codebook", "show", "s.qualcode", "--version", name)
    assert "\x1b" not in result.output
    assert "\u202e" not in result.output
    assert "␛" in result.output


def test_a_table_goes_to_a_file_by_its_ending(study: Shell) -> None:
    for ending in ("csv", "xlsx", "json", "html"):
        out = Path(f"d.{ending}")
        study.ok("documents", "s.qualcode", "--out", out)
        assert out.stat().st_size > 0
        assert out.stat().st_mode & 0o777 == 0o600
        assert study.run("documents", "s.qualcode", "--out", out).exit_code == 1
        study.ok("documents", "s.qualcode", "--out", out, "--force")
    assert study.run("documents", "s.qualcode", "--out", "d.pdf").exit_code == 2


def test_csv_comes_with_its_description_and_options_of_its_own(study: Shell) -> None:
    said = study.run("documents", "s.qualcode", "--out", "d.csv", "--bom").stderr
    assert "1 row written to d.csv; columns, notes and provenance to d.csv.meta.json" in said
    assert (study.folder / "d.csv").read_bytes()[:3] == b"\xef\xbb\xbf"
    assert (study.folder / "d.csv.meta.json").stat().st_mode & 0o777 == 0o600
    study.ok("documents", "s.qualcode", "--out", "d.csv", "--force")
    assert (study.folder / "d.csv").read_bytes()[:1] == b'"'


@pytest.mark.parametrize("option", ["--bom", "--raw"])
@pytest.mark.parametrize("rest", [("--out", "d.xlsx"), ("--json",), ()])
def test_the_options_of_csv_are_refused_where_no_csv_is_written(
    study: Shell, option: str, rest: tuple[str, ...]
) -> None:
    result = study.run("documents", "s.qualcode", option, *rest)
    assert result.exit_code == 2
    assert f"{option} says how CSV is written; give --out FILE.csv with it." in result.stderr
    assert not (study.folder / "d.xlsx").exists()


def test_raw_codings_hold_the_words_as_they_are(study: Shell) -> None:
    study.file("sums.txt", "P1: =1+1 he said.\n\nP1: Yes.\n")
    study.ok("import", "s.qualcode", "sums.txt")
    study.file("c.csv", HEADER + "sums,4,8,housing,ana,\n")
    study.ok("codings", "import", "s.qualcode", "c.csv")
    study.ok("codings", "export", "s.qualcode", "out.csv", "--raw")
    assert '"=1+1"' in (study.folder / "out.csv").read_text("utf-8")
    study.ok("codings", "export", "s.qualcode", "out.csv", "--force")
    assert '"\'=1+1"' in (study.folder / "out.csv").read_text("utf-8")
