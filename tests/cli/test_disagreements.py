"""``qualcode disagreements`` and ``adjudicate``: what they show, mark and refuse."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import qualcode
from tests.cli.conftest import Shell
from tests.reports.studies import Study

TEXT = "P1: I trusted her. She came back. We talked.\n\nP2: I was afraid.\n"


@pytest.fixture
def project(shell: Shell) -> Shell:
    """A closed round r1 on d1 and d2, in which ana and ben disagree once each."""
    study = Study(shell.folder / "s.qualcode", ["trust", "fear"])
    for name in ("d1", "d2"):
        study.document(name, f"{TEXT}\nP3: {name}\n")
    study.round("r1", dict.fromkeys(("d1", "d2"), ("ana", "ben")))
    for name in ("d1", "d2"):
        study.code("ana", name, "trust", "I trusted her.", round="r1")
    study.code("ben", "d1", "trust", "I trusted her. She came back.", round="r1")
    study.code("ben", "d2", "trust", "I trusted her.", round="r1")
    study.code("ben", "d2", "fear", "I was afraid.", round="r1")
    for coder in ("ana", "ben"):
        study.finish(coder, "d1", "d2", round="r1")
    study.close("r1")
    study.project.close()
    return shell


def discussed(shell: Shell) -> int:
    with qualcode.open(shell.folder / "s.qualcode", coder="ana") as project:
        return len(project.adjudications.discussed())


def test_they_are_listed_and_the_documents_marked(project: Shell) -> None:
    shown = project.run("disagreements", "s.qualcode", "--coder", "ben")
    assert shown.exit_code == 0, shown.output
    for words in ("boundary", "omission", "She came back.", "I was afraid."):
        assert words in shown.stdout
    assert "2 disagreements on sentence units (1 boundary, 1 omission), 0 decided" in shown.stderr
    assert "Marked as discussed: 2 documents (d1, d2)" in shown.stderr
    assert "discuss document" in project.ok("history", "s.qualcode")
    assert "Marked" not in project.run("disagreements", "s.qualcode").stderr


def test_only_what_is_listed_is_marked(project: Shell) -> None:
    project.ok("disagreements", "s.qualcode", "--type", "omission")
    assert discussed(project) == 1
    project.ok("disagreements", "s.qualcode", "--code", "trust", "--document", "d2")
    assert discussed(project) == 1  # nobody disagrees about it there


def test_json_and_files_hold_every_column(project: Shell, tmp_path: Path) -> None:
    answer = project.json("disagreements", "s.qualcode")
    assert answer["schema"] == "qualcode.disagreements/1"
    (first, second) = answer["rows"]
    assert {first["type"], second["type"]} == {"boundary", "omission"}
    assert first["delta_alpha"] > 0
    assert second["delta_alpha"] is None  # fear would be used no more: undefined comes last
    project.ok("disagreements", "s.qualcode", "--out", "d.csv")
    with (tmp_path / "d.csv").open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.DictReader(file).fieldnames or []) == answer["columns"]


def test_an_open_blind_round_is_refused_by_both(project: Shell) -> None:
    project.ok("round", "open", "s.qualcode", "r2", "--coder", "ana")
    for command in ("disagreements", "adjudicate"):
        refused = project.run(command, "s.qualcode", "--round", "r2", "--coder", "ana")
        assert refused.exit_code == 1
        assert "blind" in refused.stderr
    assert discussed(project) == 0


@pytest.mark.parametrize(
    "words", [("--round", "r9"), ("--code", "hope"), ("--document", "d9"), ("--type", "slip"),
              ("--unit", "word")],
)  # fmt: skip
def test_an_unknown_name_is_a_usage_error(project: Shell, words: tuple[str, str]) -> None:
    refused = project.run("disagreements", "s.qualcode", *words)
    assert refused.exit_code == 2
    assert discussed(project) == 0


def test_the_screen_needs_a_terminal(project: Shell) -> None:
    refused = project.run("adjudicate", "s.qualcode", "--coder", "ana")
    assert refused.exit_code == 2
    assert "terminal" in refused.stderr


def test_agreement_shows_which_codes_stood_for_each_other(project: Shell) -> None:
    answer = project.json("agreement", "s.qualcode", "--table", "confusion", "--unit", "document")
    assert answer["schema"] == "qualcode.confusion/1"
    assert answer["columns"][:3] == ["code_a", "code_b", "n"]
    assert answer["rows"] == []
    assert project.run("agreement", "s.qualcode", "--table", "slip").exit_code == 2
