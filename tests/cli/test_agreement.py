"""``qualcode agreement``: the table, the JSON answer and the exit codes."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from qualcode.cli import cli
from qualcode.cli.agreement import lines
from qualcode.model import Table
from qualcode.reports.agreement import WIDE
from tests.cli.conftest import Shell
from tests.reports.studies import Study

TEXT = "P1: I trusted her. She came back. We talked.\n\nP2: I was afraid.\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Six documents finished by ana and ben in a closed round; "fear" is never used."""
    study = Study(tmp_path / "study.qualcode", ["trust", "fear"])
    names = [f"d{n}" for n in range(6)]
    for name in names:
        study.document(name, f"{TEXT}\nP3: {name}\n")
    study.round("r1", dict.fromkeys(names, ("ana", "ben")))
    for n, name in enumerate(names):
        study.code("ana", name, "trust", "trusted her", round="r1")
        study.code("ben", name, "trust", "came back" if n == 0 else "trusted her", round="r1")
    for coder in ("ana", "ben"):
        study.finish(coder, *names, round="r1")
    study.close("r1")
    study.project.close()
    return study.path


def run(*words: object) -> Result:
    return CliRunner().invoke(cli, ["agreement", *map(str, words)])


def test_the_table_shows_figures_and_says_in_words_what_does_not_exist(project: Path) -> None:
    shown = run(project)
    assert shown.exit_code == 0
    found = {line.split()[0]: line for line in shown.stdout.splitlines() if line.strip()}
    # 30 sentences: 5 both, 1 each alone, 23 neither: o01 = 2, n1 = 12, n0 = 48
    assert f"{1 - 59 * 2 / (12 * 48):.3f}".lstrip("0") in found["trust"]
    assert "never used" in found["fear"]
    assert "nan" not in shown.stdout.casefold()


def test_the_table_fits_a_terminal_and_cuts_only_long_names() -> None:
    name = "a_very_long_name_of_a_code_that_nobody_should_type"
    row = ("r1", name, 0.05, 3, 1, 0.97, 0.5, -0.123, "cohen_kappa", 0.9, 0.25, -0.006, 1.0)
    wide = Table("agreement", WIDE, [(*row, "jackknife", None, "")])
    assert lines(wide, 60)[2] == "a_very_l…  .970 -.123  .900  .250 [-.006, 1.000]  .050     3"
    assert lines(wide, 200)[2].startswith(f"{name}  .970")


def test_notes_name_unit_round_coders_and_interval(project: Path) -> None:
    notes = run(project).stderr
    assert 'Round "r1": coders ana, ben; 30 sentence units of 6 documents' in notes
    assert "jackknife" in notes


def test_the_json_answer_is_one_object_without_nan(project: Path) -> None:
    shown = run(project, "--json", "--seed", 3)
    answer = json.loads(shown.stdout)
    assert answer["schema"] == "qualcode.agreement/1"
    assert answer["options"]["seed"] == 3
    assert answer["cross_check"]["package"] == "krippendorff"
    undefined = [row for row in answer["rows"] if row["value"] is None]
    assert undefined
    assert all(row["reason"] for row in undefined)


def test_a_json_file_holds_the_very_object_that_is_printed(project: Path, tmp_path: Path) -> None:
    out = tmp_path / "agreement.json"
    assert run(project, "--out", out).exit_code == 0
    assert out.read_bytes() == run(project, "--json").stdout_bytes
    assert run(project, "--out", out).exit_code == 1
    assert run(project, "--out", out, "--force").exit_code == 0


def test_a_csv_file_holds_one_row_per_figure(project: Path, tmp_path: Path) -> None:
    out = tmp_path / "agreement.csv"
    assert run(project, "--out", out).exit_code == 0
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(json.loads(run(project, "--json").stdout)["rows"])
    assert {"scope", "code", "statistic", "value", "reason"} <= set(rows[0])


def test_the_same_command_prints_the_same_bytes(project: Path) -> None:
    words = (project, "--json", "--interval", "bootstrap-units", "--resamples", 50)
    assert run(*words).stdout_bytes == run(*words).stdout_bytes


def test_a_lower_limit_under_the_threshold_exits_with_3_and_still_shows_the_table(
    project: Path,
) -> None:
    shown = run(project, "--code", "trust", "--fail-under", 0.99)
    assert shown.exit_code == 3
    assert "trust" in shown.stdout
    assert run(project, "--code", "trust", "--fail-under", 0.1).exit_code == 0


def test_a_disputed_alpha_exits_with_3(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qualcode.reliability.crosscheck.recomputed", lambda *_: 0.5)
    assert run(project).exit_code == 3
    assert run(project, "--no-cross-check").exit_code == 0


@pytest.mark.parametrize(
    ("option", "value"),
    [("--code", "nothing"), ("--coder", "nobody"), ("--round", "r9"), ("--unit", "window"),
     ("--interval", "guess"), ("--overlap", "half"), ("--confidence", "95")],
)  # fmt: skip
def test_an_unknown_name_exits_with_2_and_one_line(project: Path, option: str, value: str) -> None:
    shown = run(project, option, value)
    assert shown.exit_code == 2
    assert len(shown.stderr.splitlines()) == 1


def test_an_open_blind_round_is_refused(tmp_path: Path) -> None:
    study = Study(tmp_path / "blind.qualcode", ["trust"])
    study.document("d", TEXT)
    study.round("r1", {"d": ["ana", "ben"]})
    study.project.close()
    shown = run(study.path)
    assert (shown.exit_code, shown.stdout) == (1, "")
    assert "blind and open" in shown.stderr


def test_comparing_loads_no_pandas(project: Path) -> None:
    script = (
        "import sys; from qualcode.cli import cli\n"
        f"try: cli.main(['agreement', {str(project)!r}, '--json'])\n"
        "except SystemExit: pass\n"
        "print(','.join(m for m in ('pandas', 'spacy', 'scipy', 'sqlite_utils') if m in sys.modules),"
        " file=sys.stderr)"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert json.loads(ran.stdout)["rows"]
    assert ran.stderr.strip() == ""


def test_methods_are_printed_as_json_and_as_a_checklist(study: Shell) -> None:
    assert "[state:" in study.ok("methods", "s.qualcode")
    answer = study.json("methods", "s.qualcode")
    assert answer["schema"] == "qualcode.methods/1"
    assert answer["paragraphs"]
    assert len(study.json("methods", "s.qualcode", "--coreq")["rows"]) == 32


@pytest.mark.parametrize(
    "extra", [["--unit", "turn"], ["--fail-under", "0.5"], ["--statistic", "holsti"]]
)
def test_what_the_panel_has_no_use_for_is_refused(study: Shell, extra: list[str]) -> None:
    refused = study.run("agreement", "s.qualcode", "--panel", *extra)
    assert refused.exit_code == 2
    assert f"{extra[0]} does not go with --panel" in refused.output


def test_sets_of_codes_are_asked_for_with_their_distance(project: Path) -> None:
    asked = run(project, "--statistic", "krippendorff_alpha_set", "--distance", "jaccard", "--json")
    rows = json.loads(asked.stdout)["rows"]
    assert [(row["code"], row["distance"]) for row in rows] == [("*", "jaccard")]
    assert run(project, "--distance", "near").exit_code == 2


def test_pooled_rounds_are_shown_last_and_do_not_go_with_other_tables(
    sample_of_two: Path, tmp_path: Path
) -> None:
    shown = CliRunner().invoke(cli, ["agreement", str(sample_of_two), "--pool-versions"])
    assert shown.exit_code == 0, shown.output
    titles = [
        line for line in shown.stdout.splitlines() if line in ("r1", "r2", "all rounds together")
    ]
    assert titles == ["r1", "r2", "all rounds together"]
    for extra in (["--table", "confusion"], ["--panel"]):
        refused = CliRunner().invoke(
            cli, ["agreement", str(sample_of_two), "--pool-versions", *extra]
        )
        assert refused.exit_code == 2
        assert "--pool-versions" in refused.stderr
    table = tmp_path / "ratings.csv"
    table.write_text("unit,ana,ben\n1,a,b\n")
    refused = CliRunner().invoke(cli, ["agreement", "--ratings", str(table), "--pool-versions"])
    assert refused.exit_code == 2


@pytest.fixture
def sample_of_two(tmp_path: Path) -> Path:
    """Two closed rounds of one document each."""
    study = Study(tmp_path / "two.qualcode", ["trust", "fear"])
    for n in (1, 2):
        study.document(f"d{n}", f"{TEXT}\nP3: {n}\n")
        study.round(f"r{n}", {f"d{n}": ("ana", "ben")})
        study.code("ana", f"d{n}", "trust", "trusted her", round=f"r{n}")
        for coder in ("ana", "ben"):
            study.finish(coder, f"d{n}", round=f"r{n}")
        study.close(f"r{n}")
    study.project.close()
    return study.path
