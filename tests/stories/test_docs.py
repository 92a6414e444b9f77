"""The pages in docs/ say what the program does: their examples run, one after another."""

from __future__ import annotations

import re
import shlex
import shutil
from importlib import import_module
from pathlib import Path

import pytest

from tests.cli.conftest import Shell

ROOT = Path(__file__).parents[2]


def examples(page: str) -> list[list[str]]:
    """The commands in the page's blocks, without those that hold a place to fill in."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    blocks = re.findall(r"^```\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    lines = [line for block in blocks for line in block.splitlines()]
    return [shlex.split(line) for line in lines if "…" not in line]


def test_the_page_on_names_is_done_line_by_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("QUALCODE_CODER", raising=False)
    shutil.copytree(ROOT / "transcripts_sample", tmp_path / "transcripts_sample")
    shell = Shell(tmp_path)
    commands = examples("names.md")
    assert len(commands) > 12
    for program, *words in commands:
        assert program == "qualcode"
        result = shell.run(*words)
        assert result.exit_code == 0, f"{shlex.join(words)}\n{result.output}"
    assert "withdrawn-1" in shell.ok("participants", "list", "study.qualcode")


def test_the_page_on_evidence_is_done_line_by_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sample_file: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("QUALCODE_CODER", raising=False)
    shutil.copytree(ROOT / "transcripts_sample", tmp_path / "transcripts_sample")
    (tmp_path / "qualcode-demo").mkdir()
    shutil.copy(sample_file, tmp_path / "qualcode-demo" / "demo.qualcode")
    shell = Shell(tmp_path)
    for _, *words in examples("evidence.md"):
        result = shell.run(*words)
        assert result.exit_code == 0, f"{shlex.join(words)}\n{result.output}"
    written = {file.name for file in tmp_path.iterdir()}
    assert {"evidence.csv", "framework.xlsx", "joint.csv", "saturation.csv"} <= written


@pytest.mark.parametrize("module", ["evidence", "framework", "joint", "saturation"])
def test_the_page_on_evidence_names_every_column(module: str) -> None:
    text = (ROOT / "docs" / "evidence.md").read_text(encoding="utf-8")
    columns = import_module(f"qualcode.reports.{module}").COLUMNS
    assert [name for name in columns if f"`{name}`" not in text] == []
