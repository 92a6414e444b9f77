"""The theme tables for the results section, on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from qualcode.cli import cli
from tests.reports.studies import Study


@pytest.fixture
def project(tmp_path: Path) -> Path:
    study = Study(tmp_path / "study.qualcode", ["trust", ("hope", "trust"), "fear"])
    study.document(
        "fg", "P1: I trusted her.\n\nP2: I hoped.\n\nP3: No.\n\nP1: No.\n", site="north", role="all"
    )
    study.code("ana", "fg", "trust", "trusted her", valence="facilitator")
    study.code("ana", "fg", "hope", "hoped", disconfirming=True)
    study.finish("ana", "fg")
    study.project.close()
    return study.path


def run(*words: object) -> Result:
    return CliRunner().invoke(cli, [str(word) for word in words])


def test_evidence_shows_cells_with_codings_and_json_holds_all(project: Path) -> None:
    options = (project, "--site", "site", "--stakeholder", "role")
    shown = run("themes", "evidence", *options)
    assert "trust" in shown.stdout
    assert "fear" not in shown.stdout
    assert "2 cells without codings are not shown." in shown.stderr
    answer = json.loads(run("themes", "evidence", *options, "--json").stdout)
    assert answer["schema"] == "qualcode.themes/1"
    assert {row["code"] for row in answer["rows"]} == {"trust", "hope", "fear"}
    assert {row["disconfirming"] for row in answer["rows"]} == {"1", "not searched"}


def test_evidence_needs_both_attributes_and_known_ones(project: Path) -> None:
    assert run("themes", "evidence", project, "--site", "site").exit_code == 2
    wrong = run("themes", "evidence", project, "--site", "planet", "--stakeholder", "site")
    assert wrong.exit_code == 2
    assert 'There is no attribute "planet". Known: role, site.' in wrong.stderr


def test_saturation_says_where_it_was_reached_or_why_not(project: Path) -> None:
    shown = run("themes", "saturation", project)
    assert "All documents: too few documents for a base and one run." in shown.stdout
    assert "code saturation" in shown.stderr
    row = json.loads(run("themes", "saturation", project, "--json").stdout)["rows"][0]
    assert (row["new_codes"], row["reached"], row["reason"]) == (2, None, "too_few_documents")


@pytest.mark.parametrize("option", [("--base", "0"), ("--threshold", "-1"), ("--group", "size")])
def test_saturation_refuses_what_cannot_be(project: Path, option: tuple[str, str]) -> None:
    assert run("themes", "saturation", project, *option).exit_code == 2


def test_a_joint_display_reads_outcomes_and_names_what_is_wrong_with_them(
    project: Path, tmp_path: Path
) -> None:
    outcomes = tmp_path / "outcomes.csv"
    header = "attribute,value,measure,amount,unit,n,period,source\n"
    outcomes.write_text(header + "site,north,arrests,12,per month,6,2024,log\n", encoding="utf-8")
    shown = run("themes", "joint", project, "--outcomes", outcomes)
    assert shown.exit_code == 0
    assert "arrests" in shown.stdout
    assert "--fit FILE" in shown.stderr
    outcomes.write_text(header + "site,north,arrests,some,,,,\n", encoding="utf-8")
    wrong = run("themes", "joint", project, "--outcomes", outcomes)
    assert wrong.exit_code == 1
    assert 'outcomes.csv:2: the amount "some" is not a number.' in wrong.stderr
    outcomes.write_text(header + "site,south,arrests,1,,,,\n", encoding="utf-8")
    assert run("themes", "joint", project, "--outcomes", outcomes).exit_code == 2


def test_small_counts_are_hidden_on_request_with_the_place_of_their_quote(project: Path) -> None:
    options = (project, "--site", "site", "--stakeholder", "role", "--json", "--suppress")
    rows = json.loads(run("themes", "evidence", *options).stdout)["rows"]
    first = rows[0]
    assert (first["participants"], first["exemplar_participant"]) == ("<3", None)
    assert first["exemplar"] == "trusted her"


def test_one_attribute_for_site_and_stakeholder_is_refused(project: Path) -> None:
    same = run("themes", "evidence", project, "--site", "site", "--stakeholder", "Site")
    assert same.exit_code == 2
    assert 'both "site"' in same.stderr
    assert '--by "site"' in same.stderr


def test_an_excerpt_with_a_name_of_the_roster_does_not_leave(tmp_path: Path) -> None:
    study = Study(tmp_path / "named.qualcode", ["trust"])
    study.document("d", "Rosa: I am Rosa.\n\nP2: I hoped.\n\nRosa: No.\n", site="north", role="all")
    study.participants({"participant": "A", "speaker": "Rosa"})
    study.code("ana", "d", "trust", "I am Rosa.")
    study.finish("ana", "d")
    study.project.close()
    out = tmp_path / "evidence.csv"
    options = ("--site", "site", "--stakeholder", "role", "--out", out)
    refused = run("themes", "evidence", study.path, *options)
    assert refused.exit_code == 3
    assert not out.exists()
    assert "Rosa" not in refused.output
    accepted = (*options, "--accept", "name", "--reason", "She asked for it.")
    assert run("themes", "evidence", study.path, *accepted).exit_code == 0
