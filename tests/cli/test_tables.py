"""Surveys and participants on the command line."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from qualcode.cli.output import say_notes
from tests.cli.conftest import Shell
from tests.importers.xlsx_files import workbook

HOW = "Somebody walked me over to the door and waited."
WHY = "They had a list and my name was not on it yet."
SURVEY = f"id,site,how,why\nR1,North,{HOW},{WHY}\nR2,South,{WHY},\n"
PEOPLE = "id,speaker,site\nP1,Ola,North\nP2,,South\n"


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    monkeypatch.chdir(tmp_path)
    shell = Shell(tmp_path)
    shell.ok("init", "a.qualcode", "--title", "A", "--coder", "ana")
    return shell


def names(shell: Shell) -> list[str]:
    rows = shell.json("documents", "a.qualcode")["rows"]
    return [row["document"] for row in rows if not row["removed"]]


def test_a_survey_is_imported_answer_by_answer_and_undone_at_once(shell: Shell) -> None:
    shell.file("s.csv", SURVEY)
    told = shell.run("import", "a.qualcode", "s.csv").stderr
    assert "s: 3 documents of 2 participants (csv)" in told
    assert '1 cell is empty in the column "why"' in told
    assert names(shell) == ["s/R1 – how", "s/R1 – why", "s/R2 – how"]
    kinds = {row["kind"] for row in shell.json("documents", "a.qualcode")["rows"]}
    assert kinds == {"survey"}
    shell.ok("undo", "a.qualcode")
    assert names(shell) == []


def test_options_say_what_the_columns_are(shell: Shell) -> None:
    shell.file("s.csv", SURVEY)
    shell.ok("import", "a.qualcode", "s.csv", "--text", "why", "--id", "site")
    assert names(shell) == ["s/North"]
    shell.ok("import", "a.qualcode", "s.csv", "--text", "how", "--one-document")
    assert names(shell) == ["s/North", "s"]


def test_a_column_that_is_not_there_is_a_usage_error(shell: Shell) -> None:
    shell.file("s.csv", SURVEY)
    result = shell.run("preview", "s.csv", "--text", "answer")
    assert result.exit_code == 2
    assert "Known: id, site, how, why" in result.output


def test_a_preview_shows_a_survey_by_its_answers(shell: Shell) -> None:
    shell.file("s.csv", SURVEY)
    shown = shell.ok("preview", "s.csv")
    assert "a table, answers to a survey: 2 rows of id, site, how, why" in shown
    assert "3 answers in how, why, by id: 3 documents" in shown
    assert "1  R1: Somebody walked me over" in shown
    found = shell.json("preview", "s.csv")["files"][0]
    assert (found["rows"], found["text_column"]) == (2, "how")


def test_preview_and_import_of_participants_say_what_to_do(shell: Shell) -> None:
    shell.file("p.csv", PEOPLE)
    shown = shell.ok("preview", "p.csv")
    assert "participants: 2 rows of id, speaker, site" in shown
    assert "qualcode participants import" in shown
    result = shell.run("import", "a.qualcode", "p.csv")
    assert result.exit_code == 1
    assert "qualcode participants import" in result.output


def test_participants_come_from_a_workbook_too(shell: Shell) -> None:
    rows = [line.split(",") for line in PEOPLE.split()]
    (shell.folder / "p.xlsx").write_bytes(workbook(people=rows))
    told = shell.run("participants", "import", "a.qualcode", "p.xlsx").stderr
    assert "2 participants" in told
    assert "Participants who speak under no label: P2" in told
    listed = shell.json("participants", "list", "a.qualcode")["rows"]
    assert [(row["participant"], row["site"]) for row in listed] == [
        ("P1", "North"),
        ("P2", "South"),
    ]


def test_participants_import_lists_what_differs_and_who_is_not_linked(shell: Shell) -> None:
    shell.file("t.txt", "Ola: Yes.\n\nBo: No.\n\nOla: Yes.\n\nBo: No.\n")
    shell.ok("import", "a.qualcode", "t.txt")
    shell.ok("participants", "import", "a.qualcode", shell.file("p.csv", PEOPLE))
    other = shell.file("q.csv", "id,site\nP1,West\n")
    told = shell.run("participants", "import", "a.qualcode", other).stderr
    assert 'P1: site is "North" here and "West" in the file (stays; --update replaces it).' in told
    assert "Speakers no participant is linked to: Bo" in told
    told = shell.run("participants", "import", "a.qualcode", other, "--update").stderr
    assert "(replaced)" in told


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


NOTE = 'Round "round 2", kappa of coder-a and coder-c: too few documents in /a/long/path/of/it.csv.'


@pytest.mark.parametrize("width", [20, 40, 80])
def test_notes_on_a_terminal_break_between_words(
    width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    say_notes([NOTE, "Two."])
    *lines, last = terminal.getvalue().splitlines()
    assert " ".join(lines) == NOTE
    assert last == "Two."
    assert all(len(line) <= width or " " not in line for line in lines)


def test_notes_in_a_pipe_are_one_line_each(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setattr(sys, "stderr", pipe := io.StringIO())
    say_notes([NOTE, "Two."])
    assert pipe.getvalue() == f"{NOTE}\nTwo.\n"
