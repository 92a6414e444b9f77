"""``qualcode themes frequency``: bars for people, JSON on request."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from qualcode.cli import cli
from qualcode.cli.themes import bars
from qualcode.model import Table
from tests.reports.studies import Study


@pytest.fixture
def project(tmp_path: Path) -> Path:
    study = Study(tmp_path / "study.qualcode", ["trust", ("hope", "trust"), "fear"])
    study.document("fg", "P1: I trusted her.\n\nP2: I hoped.\n\nP3: No.\n\nP4: No.\n", site="north")
    study.code("ana", "fg", "trust", "trusted her")
    study.code("ana", "fg", "hope", "hoped")
    study.finish("ana", "fg")
    study.project.close()
    return study.path


def run(*words: object) -> Result:
    return CliRunner().invoke(cli, ["themes", "frequency", *map(str, words)])


def table(*rows: tuple[str, int, str, int, int, int, int, int, str]) -> Table:
    columns = [
        "path", "level", "group", "participants", "n_participants", "documents", "n_documents",
        "codings", "flags",
    ]  # fmt: skip
    return Table("frequency", columns, rows)


def test_json_has_the_columns_of_the_design(project: Path) -> None:
    answer = json.loads(run(project, "--json").stdout)
    assert answer["schema"] == "qualcode.themes/1"
    assert answer["columns"][:3] == ["code", "path", "level"]
    assert [row["codings"] for row in answer["rows"]] == [2, 1, 0]


def test_the_counts_go_to_stdout_and_the_notes_to_stderr(project: Path) -> None:
    shown = run(project, "--by", "site")
    assert shown.exit_code == 0
    assert "2 of 4 participants · 2 codings" in shown.stdout
    assert "· north" in shown.stdout
    assert "Source: reading" in shown.stderr
    assert "Source" not in shown.stdout


def test_bars_show_participants_of_all_who_speak_and_codings() -> None:
    drawn = bars(
        table(
            ("trust", 1, "*", 2, 4, 1, 1, 48, ""),
            ("trust › hope", 2, "*", 1, 4, 1, 1, 3, "one_speaker few_words"),
            ("fear", 1, "*", 0, 4, 0, 1, 0, ""),
        ),
        100,
    )
    assert drawn == [
        "trust  ██████████           2 of 4 participants · 48 codings",
        "  hope █████                1 of 4 participants · 3 codings · one speaker, few words",
        "fear                        0 of 4 participants · 0 codings",
    ]


def test_bars_count_documents_where_nobody_is_a_participant() -> None:
    drawn = bars(table(("trust", 1, "*", 0, 0, 1, 2, 5, "")), 100)
    assert drawn == ["trust ██████████           1 of 2 documents · 5 codings"]


def test_bars_fit_a_narrow_terminal_and_show_control_characters() -> None:
    drawn = bars(table(("a very long name of a code \x1b[2J here", 1, "*", 1, 2, 1, 1, 5, "")), 60)
    assert all(len(line) <= 60 and "\x1b" not in line for line in drawn)


@pytest.mark.parametrize(
    ("option", "value"), [("--by", "shoe_size"), ("--source", "everyone"), ("--coder", "nobody")]
)
def test_an_unknown_name_exits_with_2(project: Path, option: str, value: str) -> None:
    assert run(project, option, value).exit_code == 2


def test_nothing_finished_exits_with_1_and_no_table(tmp_path: Path) -> None:
    study = Study(tmp_path / "empty.qualcode", ["trust"])
    study.document("d", "P1: Well.\n")
    study.project.close()
    shown = run(study.path)
    assert (shown.exit_code, shown.stdout) == (1, "")


def test_counting_loads_neither_pandas_nor_numpy(project: Path) -> None:
    script = (
        "import sys; from qualcode.cli import cli\n"
        f"try: cli.main(['themes', 'frequency', {str(project)!r}, '--json'])\n"
        "except SystemExit: pass\n"
        "print(','.join(m for m in ('pandas', 'numpy', 'spacy', 'krippendorff', 'sqlite_utils')"
        " if m in sys.modules), file=sys.stderr)"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert json.loads(ran.stdout)["rows"]
    assert ran.stderr.splitlines()[-1] == ""
