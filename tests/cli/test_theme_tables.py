"""``themes crosstab``, ``matrix`` and ``cooccurrence``: grids for people, long tables for programs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from qualcode.cli import cli
from qualcode.cli.themes_tables import blocks, cases_across, crossed, meeting
from qualcode.model import Table
from tests.reports.studies import Study


@pytest.fixture
def project(tmp_path: Path) -> Path:
    study = Study(tmp_path / "study.qualcode", ["trust", ("hope", "trust"), "fear"])
    for name, site in (("fg", "north"), ("later", "south")):
        study.document(name, f"P1: I trusted her {name}.\n\nP2: I hoped, afraid.\n", site=site)
    study.code("ana", "fg", "trust", "trusted her")
    study.code("ana", "fg", "hope", "hoped")
    study.code("ana", "fg", "fear", "afraid")
    study.finish("ana", "fg")
    study.finish("ana", "later")
    study.project.close()
    return study.path


def run(*words: object) -> Result:
    return CliRunner().invoke(cli, ["themes", *map(str, words)])


def test_a_crosstab_shows_bases_first_and_codes_below(project: Path) -> None:
    shown = run("crosstab", project, "--by", "site", "--cell", "participants")
    lines = [line.split() for line in shown.stdout.splitlines()]
    assert lines[0] == ["all", "north", "south"]
    assert lines[2:6] == [
        ["documents", "2", "1", "1"], ["participants", "2", "2", "2"], ["words", "14", "7", "7"],
        ["trust", "2", "2", "0"],
    ]  # fmt: skip
    assert "Source: reading" in shown.stderr


@pytest.mark.parametrize(
    ("command", "schema_columns"),
    [
        (["crosstab", "--by", "site"], ["code", "path", "level", "kind", "group", "group_2"]),
        (["matrix"], ["case", "code"]),
        (["cooccurrence"], ["code_a", "code_b", "relation", "n"]),
        (["crosstab", "--by", "site", "--wide"], ["code", "path", "level", "kind", "cell", "*"]),
        (["matrix", "--wide"], ["case", "trust", "hope", "fear"]),
    ],
)
def test_json_holds_the_named_columns(
    project: Path, command: list[str], schema_columns: list[str]
) -> None:
    answer = json.loads(run(command[0], project, *command[1:], "--json").stdout)
    assert answer["schema"] == "qualcode.themes/1"
    assert answer["columns"][: len(schema_columns)] == schema_columns
    assert answer["rows"]


def test_a_comparison_stands_in_a_last_column(project: Path) -> None:
    shown = run("crosstab", project, "--by", "site", "--compare", "north", "south")
    assert shown.stdout.splitlines()[0].split()[-1] == "ratio"
    assert "– zero_cell" in shown.stdout
    assert "leaving out one document at a time" in shown.stderr


def test_a_matrix_has_codes_down_and_cases_across(project: Path) -> None:
    lines = [line.split() for line in run("matrix", project).stdout.splitlines()]
    assert lines[0] == ["fg", "later"]
    assert lines[2:] == [["trust", "2", "0"], ["hope", "1", "0"], ["fear", "1", "0"]]


def test_pairs_that_never_meet_are_counted_below_the_table(project: Path) -> None:
    shown = run("cooccurrence", project, "--relation", "overlap")
    assert "2 pairs never come up so" in shown.stderr
    together = run("cooccurrence", project)
    assert "hope + fear" in together.stdout


def test_a_file_is_written_by_its_ending(project: Path, tmp_path: Path) -> None:
    out = tmp_path / "pairs.csv"
    assert run("cooccurrence", project, "--out", out).exit_code == 0
    assert out.read_text(encoding="utf-8").startswith('"code_a","code_b","relation"')


@pytest.mark.parametrize(
    "words",
    [
        ["crosstab", "--by", "shoe_size"],
        ["crosstab"],
        ["crosstab", "--by", "site", "--cell", "shouts"],
        ["crosstab", "--by", "site", "--compare", "north", "nowhere"],
        ["matrix", "--rows", "village"],
        ["cooccurrence", "--relation", "near:0"],
    ],
)
def test_what_does_not_exist_exits_with_2(project: Path, words: list[str]) -> None:
    assert run(words[0], project, *words[1:]).exit_code == 2


def wide(*rows: tuple[object, ...]) -> Table:
    columns = ["code", "path", "level", "kind", "cell", "*", "north"]
    return Table("crosstab", columns, rows)  # type: ignore[arg-type]


def test_percentages_and_rates_are_rounded_for_the_eye_only() -> None:
    base = (None, None, None, "base", "words", 10, 4)
    code = ("hope", "trust › hope", 2, "theme", "words", 100.0, 62.5)
    assert [row[2] for row in crossed(wide(base, code), "row").rows] == ["4", "62 %"]
    assert crossed(wide(code), "none").rows == [("  hope", "100.0", "62.5")]


def test_a_grid_too_wide_for_the_terminal_comes_in_blocks() -> None:
    columns = ["case", *"abcdef"]
    values: list[tuple[str, ...]] = [("trust", *["123456789"] * 6)]
    parts = list(blocks(Table("matrix", columns, values), 40))
    assert [len(part.columns) for part in parts] == [3, 3, 3]
    assert [part.columns[0] for part in parts] == ["case"] * 3
    assert len(list(blocks(Table("matrix", columns, values), 10))) == 6


def test_control_characters_of_a_name_are_made_visible() -> None:
    row = ("fg", "trust", "tr\x1b[2Just", 1, "codings", 1, None)
    columns = ["case", "code", "path", "level", "cell", "value", "reason"]
    grid = cases_across(Table("matrix", columns, [row]))
    assert "\x1b" not in str(grid.rows[0][0])


def test_pairs_are_listed_from_the_most_frequent_down() -> None:
    columns = ["code_a", "code_b", "n", "jaccard", "near_index", "lift", "lift_within",
               "documents", "flags"]  # fmt: skip
    rows = [
        ("a", "b", 1, 0.1, None, 1.0, 1.0, 1, "sparse"), ("a", "c", 0, 0.0, None, 0.0, 0.0, 0, ""),
        ("b", "c", 3, 0.3, None, 2.0, 1.5, 2, ""),
    ]  # fmt: skip
    found = meeting(Table("cooccurrence", columns, rows))
    assert [row[0] for row in found.rows] == ["b + c", "a + b"]
    assert list(found.columns) == ["codes", "n", "jaccard", "lift", "within", "docs", ""]


BY_SITE = ("--by", "site", "--cell", "participants")


def test_small_counts_of_a_crosstab_are_hidden_on_request(project: Path) -> None:
    answer = json.loads(run("crosstab", project, *BY_SITE, "--suppress", "--json").stdout)
    values = [row["value"] for row in answer["rows"] if row["code"] == "trust"]
    assert values == ["<3", "withheld", "withheld"]
    assert answer["provenance"]["suppressed_below"] == 3
    shown = run("crosstab", project, *BY_SITE, "--suppress").stdout
    assert [line.split() for line in shown.splitlines()][5] == [
        "trust",
        "<3",
        "withheld",
        "withheld",
    ]


@pytest.mark.parametrize(
    "command", [["crosstab", *BY_SITE], ["crosstab", "--by", "site"], ["cooccurrence"]]
)
def test_small_counts_that_leave_are_told(
    project: Path, tmp_path: Path, command: list[str]
) -> None:
    for n, options in enumerate((["--json"], ["--out", str(tmp_path / "table.csv")])):
        told = run(command[0], project, *command[1:], *options).stderr
        assert "with fewer than 3 participants: --suppress hides them." in told, n
        hidden = run(command[0], project, *command[1:], *options, "--suppress", "--force")
        assert "--suppress hides them" not in hidden.stderr
    assert "--suppress" not in run(command[0], project, *command[1:]).stderr


def test_pairs_of_few_participants_are_hidden_on_request(project: Path) -> None:
    answer = json.loads(run("cooccurrence", project, "--suppress", "--json").stdout)
    pairs = {(r["code_a"], r["code_b"]): r["participants"] for r in answer["rows"]}
    assert pairs == {("trust", "fear"): "<3", ("hope", "fear"): "<3"}


def test_a_matrix_of_participants_cannot_hide_them(project: Path) -> None:
    refused = run("matrix", project, "--rows", "participant", "--suppress")
    assert (refused.exit_code, "take --rows document" in refused.stderr) == (2, True)
    told = run("matrix", project, "--rows", "participant", "--json").stderr
    assert "Every row is one participant" in told
    assert run("matrix", project, "--suppress", "--json").exit_code == 0
