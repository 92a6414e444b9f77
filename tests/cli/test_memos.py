"""Memos on the command line: searches for negative cases and summaries go into theme tables."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from qualcode.cli import cli
from tests.reports.studies import Study


@pytest.fixture
def project(tmp_path: Path) -> Path:
    study = Study(tmp_path / "study.qualcode", ["trust", "fear"])
    study.document(
        "fg", "P1: I trusted her.\n\nP2: I hoped.\n\nP1: No.\n", site="north", agency="police"
    )
    study.participants({"participant": "A", "speaker": "P1"})
    study.code("ana", "fg", "trust", "trusted her")
    study.finish("ana", "fg")
    study.project.close()
    return study.path


def run(*words: object, text: str | None = None) -> Result:
    return CliRunner().invoke(cli, [str(word) for word in words], input=text)


def disconfirming(project: Path) -> str:
    options = ("--site", "site", "--stakeholder", "agency", "--code", "trust", "--json")
    rows = json.loads(run("themes", "evidence", project, *options).stdout)["rows"]
    return str(rows[0]["disconfirming"])


def test_a_recorded_search_changes_the_evidence_and_undo_takes_it_back(project: Path) -> None:
    assert disconfirming(project) == "not searched"
    words = "Read fg twice for mistrust."
    search = ("--kind", "negative-case-search", "--code", "trust")
    assert run("memos", "add", project, words, *search).exit_code == 0
    assert disconfirming(project) == "none found (search recorded)"
    assert words in run("memos", "list", project).stdout
    assert run("undo", project).exit_code == 0
    assert disconfirming(project) == "not searched"


def test_a_summary_fills_a_cell_of_the_framework(project: Path) -> None:
    summary = ("--kind", "summary", "--code", "TRUST", "--participant", "a")
    assert run("memos", "add", project, "-", *summary, text="Slowly.\n").exit_code == 0
    shown = run("themes", "framework", project, "--case", "participant")
    assert "Slowly." in shown.stdout
    assert "fear" not in shown.stdout
    answer = json.loads(run("themes", "framework", project, "--json").stdout)
    assert answer["schema"] == "qualcode.themes/1"
    assert {row["state"] for row in answer["rows"]} == {"no summary written", "nothing coded"}


@pytest.mark.parametrize(
    "options",
    [
        ("--kind", "summary", "--code", "trust"),
        ("--kind", "summary", "--code", "trust", "--document", "fg", "--participant", "A"),
        ("--kind", "negative-case-search"),
        ("--kind", "negative-case-search", "--code", "trust", "--document", "fg"),
        ("--code", "trust", "--document", "fg"),
        ("--code", "joy"),
        ("--participant", "Z"),
        ("--kind", "thought"),
    ],
)
def test_a_memo_on_the_wrong_thing_is_a_usage_error(project: Path, options: tuple[str]) -> None:
    assert run("memos", "add", project, "Words.", *options).exit_code == 2
    assert json.loads(run("memos", "list", project, "--json").stdout)["rows"] == []


def test_ones_own_memo_can_be_removed(project: Path) -> None:
    run("memos", "add", project, "A thought.", "--document", "fg")
    row = json.loads(run("memos", "list", project, "--json").stdout)["rows"][0]
    assert (row["kind"], row["document"], row["coder"]) == ("note", "fg", "ana")
    assert run("memos", "remove", project, row["memo_id"]).exit_code == 0
    assert run("memos", "remove", project, row["memo_id"]).exit_code == 2
    assert json.loads(run("memos", "list", project, "--json").stdout)["rows"] == []
