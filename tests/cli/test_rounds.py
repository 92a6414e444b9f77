"""Rounds on the command line: samples, plans, drift, coding anew, and what an open round hides."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Shell

HERE = "s.qualcode"
TEXT = "Moderator: How was it?\n\nP1: aa now. bb now. cc now. dd now.\n\nP2: Then {name}.\n"


@pytest.fixture
def six(shell: Shell) -> Shell:
    """Six documents, three of each site, nobody's yet; the coder is ana."""
    shell.file("book.yaml", "codebook: x\ncodes:\n  - code: trust\n    brief: Trust.\n")
    shell.ok("init", "s", "--coder", "ana", "--codebook", "book.yaml", "--title", "Six")
    for n in range(6):
        shell.file(f"d{n}.txt", TEXT.format(name=f"number {n}"))
        site = "north" if n < 3 else "south"
        shell.ok("import", HERE, f"d{n}.txt", "--kind", "interview", "--attribute", f"site={site}")
    return shell


def sample(shell: Shell, name: str = "r1", *more: str) -> dict[str, Any]:
    return shell.json(
        "round", "sample", HERE, name, "--strata", "site,kind", "--share", "0.3", "--seed", "7",
        "--to", "ana", "--to", "ben", *more,
    )  # fmt: skip


def finish(shell: Shell, name: str, documents: list[str], *, close: bool = True) -> None:
    """Both coders finish, ben marking nothing where ana marks the first words."""
    for coder in ("ana", "ben"):
        for document in documents:
            shell.ok("round", "finish", HERE, name, "--document", document, "--coder", coder)
    if close:
        shell.ok("round", "close", HERE, name)


def mark(shell: Shell, name: str, documents: list[str], coder: str = "ana") -> None:
    file = shell.folder / "codings.csv"
    with file.open("w", newline="", encoding="utf-8") as out:
        rows = csv.writer(out)
        rows.writerow(["document", "start", "stop", "code", "coder", "round"])
        for document in documents:
            start = TEXT.index("aa now")
            rows.writerow([document, start, start + 7, "trust", coder, name])
    shell.ok("codings", "import", HERE, file)


def test_a_sample_is_drawn_assigned_and_told(six: Shell) -> None:
    answer = sample(six)
    assert answer["schema"] == "qualcode.round.sample/1"
    assert {row["stratum"] for row in answer["rows"]} == {"north, interview", "south, interview"}
    assert {row["coders"] for row in answer["rows"]} == {"ana, ben"}
    rounds = six.json("round", "list", HERE)
    drawn = {row["document"] for row in answer["rows"]}
    assert {row["document"] for row in rounds["rows"] if row["round"] == "r1"} == drawn
    kept = rounds["provenance"]["samples"]["r1"]
    assert (kept["seed"], kept["share"], kept["strata"], kept["frame"]) == (
        7, 0.3, ["site", "kind"], 6,
    )  # fmt: skip
    assert "draw sample" in six.ok("history", HERE)


def test_a_dry_run_shows_the_same_documents_and_writes_nothing(six: Shell) -> None:
    dry = sample(six, "r1", "--dry-run")
    assert six.json("round", "list", HERE)["rows"] == []
    assert sample(six)["rows"] == dry["rows"]


def test_a_sample_goes_into_a_file(six: Shell) -> None:
    six.ok("round", "sample", HERE, "r1", "--to", "ana", "--to", "ben", "--out", "sample.csv")
    with (six.folder / "sample.csv").open(encoding="utf-8-sig", newline="") as file:
        assert next(csv.reader(file)) == [
            "stratum", "of", "drawn", "document", "document_id", "coders",
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--strata", "place"], 'There is no attribute "place"'),
        (["--share", "2"], "A share lies above 0"),
        (["--to", "ana"], "two coders or more"),
        (["--codebook", "v9"], 'There is no codebook version "v9"'),
    ],
)
def test_a_sample_that_makes_no_sense_is_a_usage_error(
    six: Shell, more: list[str], said: str
) -> None:
    to = [] if "--to" in more else ["--to", "ana", "--to", "ben"]
    result = six.run("round", "sample", HERE, "r1", *to, *more)
    assert (result.exit_code, said in result.stderr) == (2, True), result.stderr


def test_a_version_is_for_a_round_that_is_opened(six: Shell) -> None:
    six.ok("codebook", "freeze", HERE, "v1")
    sample(six, "r1", "--codebook", "v1")
    assert {r["codebook_version"] for r in six.json("round", "list", HERE)["rows"]} == {"v1"}
    result = six.run(
        "round", "sample", HERE, "r1", "--to", "ana", "--to", "ben", "--codebook", "v1"
    )
    assert (result.exit_code, "is open already" in result.stderr) == (2, True)


@pytest.fixture
def piloted(six: Shell) -> Shell:
    """A closed pilot of three documents; in the last one ben has marked what ana has."""
    documents = ["d0", "d1", "d2"]
    six.ok("round", "open", HERE, "pilot")
    six.ok("round", "assign", HERE, "pilot", "--document", "d0", "--document", "d1",
           "--document", "d2", "--to", "ana", "--to", "ben")  # fmt: skip
    mark(six, "pilot", documents)
    mark(six, "pilot", documents[1:], "ben")
    finish(six, "pilot", documents)
    return six


def test_a_plan_names_the_documents_it_takes(piloted: Shell) -> None:
    answer = piloted.json("round", "plan", HERE, "--target", "0.5")
    (row,) = [row for row in answer["rows"] if row["code"] == "trust"]
    assert (row["round"], row["n_documents"], row["target"]) == ("pilot", 3, 0.5)
    assert row["documents_needed"] > 3
    assert "few_documents" in row["flags"]
    shown = piloted.run("round", "plan", HERE)
    assert "For planning only" in shown.stderr


def test_drift_shows_all_codes_together_and_files_every_row(piloted: Shell) -> None:
    piloted.ok("round", "open", HERE, "r2")
    piloted.ok("round", "assign", HERE, "r2", "--document", "d3", "--document", "d4",
               "--to", "ana", "--to", "ben")  # fmt: skip
    mark(piloted, "r2", ["d3", "d4"])
    finish(piloted, "r2", ["d3", "d4"])
    answer = piloted.json("round", "drift", HERE, "--earlier", "pilot", "--later", "r2")
    assert {row["code"] for row in answer["rows"]} == {"trust", "*"}
    shown = piloted.ok("round", "drift", HERE, "--earlier", "pilot", "--later", "r2")
    assert "coder_shift" in shown
    assert piloted.run("round", "drift", HERE, "--earlier", "pilot").exit_code == 2


def test_tables_behind_the_figures(piloted: Shell) -> None:
    effects = piloted.json("agreement", HERE, "--table", "coder_effects", "--code", "trust")
    assert effects["schema"] == "qualcode.coder_effects/1"
    assert {row["coder"]: row["n_present"] for row in effects["rows"]} == {"ana": 3, "ben": 2}
    marks = piloted.json("agreement", HERE, "--table", "coverage")
    assert len(marks["rows"]) == 6
    result = piloted.run("agreement", HERE, "--table", "nothing")
    assert (result.exit_code, "coder_effects" in result.stderr) == (2, True)


def test_an_open_blind_round_is_refused_everywhere(piloted: Shell) -> None:
    piloted.ok("round", "open", HERE, "r2")
    piloted.ok("round", "assign", HERE, "r2", "--document", "d3", "--to", "ana", "--to", "ben")
    finish(piloted, "r2", ["d3"], close=False)
    for command in (
        ["round", "plan", HERE, "--round", "r2"],
        ["round", "drift", HERE, "--earlier", "pilot", "--later", "r2"],
        ["agreement", HERE, "--round", "r2", "--table", "coder_effects"],
        ["agreement", HERE, "--round", "r2", "--table", "coverage"],
        ["agreement", HERE, "--round", "r2"],
    ):
        result = piloted.run(*command)
        assert (result.exit_code, "is blind and open" in result.stderr) == (1, True), command


def test_a_coder_agrees_with_themselves_once_the_recoding_is_closed(piloted: Shell) -> None:
    piloted.ok("round", "open", HERE, "again", "--purpose", "recode")
    piloted.ok("round", "assign", HERE, "again", "--document", "d0", "--to", "ana")
    assert piloted.run("agreement", HERE, "--round", "again").exit_code == 1
    mark(piloted, "again", ["d0"])
    piloted.ok("round", "finish", HERE, "again", "--document", "d0", "--coder", "ana")
    piloted.ok("round", "close", HERE, "again")
    rows = piloted.json("agreement", HERE, "--round", "again")["rows"]
    assert {row["scope"] for row in rows} == {"stability"}
    assert {row["coder_b"] for row in rows} == {"ana (pilot)"}
    shown = piloted.ok("agreement", HERE, "--round", "again")
    assert "again: ana and ana (pilot)" in shown


def test_what_is_being_coded_anew_is_in_no_export_of_its_coder(piloted: Shell) -> None:
    def exported(*whose: str) -> tuple[int, Any]:
        answer = piloted.json("codings", "export", HERE, *whose)
        mine = [r for r in answer["rows"] if (r["document"], r["coder"]) == ("d0", "ana")]
        return len(mine), answer["notes"]

    piloted.ok("round", "open", HERE, "again", "--purpose", "recode")
    piloted.ok("round", "assign", HERE, "again", "--document", "d0", "--to", "ana")
    for whose in (["--coder", "ana"], []):
        found, notes = exported(*whose)
        assert found == 0
        assert notes == ["Left out, as ana is coding it anew: 1 earlier coding of d0."]
        excerpts = piloted.json("excerpts", HERE, "--round", "pilot", *whose)
        assert "d0" not in {row["document"] for row in excerpts["rows"]}
    assert exported("--coder", "ben") == (1, [])
    piloted.ok("round", "close", HERE, "again")
    assert exported("--coder", "ana") == (1, [])


def test_json_has_no_nan(piloted: Shell) -> None:
    for command in (["round", "plan"], ["round", "drift"]):
        text = piloted.ok(*command, HERE, "--json")
        json.loads(text, parse_constant=lambda name: pytest.fail(name))


def test_a_report_goes_into_a_spreadsheet(piloted: Shell) -> None:
    piloted.ok("round", "drift", HERE, "--out", "drift.xlsx")
    assert (piloted.folder / Path("drift.xlsx")).stat().st_size > 0
