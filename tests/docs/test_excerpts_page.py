"""``docs/excerpts.md``: its queries find something in the demo, its error is what is printed."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from qualcode.reports.sample import build
from qualcode.themes import query
from tests.cli.conftest import Shell

PAGE = (Path(__file__).parents[2] / "docs" / "excerpts.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
COMMANDS = [line for kind, block in BLOCKS if not kind for line in block.splitlines()]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    (folder / "qualcode-demo").mkdir()
    build(folder / "qualcode-demo" / "demo.qualcode").close()
    return folder


def test_every_example_finds_something(demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(demo)
    monkeypatch.setenv("QUALCODE_CODER", "coder-a")
    shell = Shell(demo)
    assert len(COMMANDS) > 8
    for line in COMMANDS:
        program, *words = shlex.split(line)
        assert program == "qualcode"
        if "--out" in words:
            shell.ok(*words)
        else:
            assert json.loads(shell.ok(*words, "--json"))["rows"], line


def test_the_error_is_printed_as_it_stands(demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(demo)
    (printed,) = [block for kind, block in BLOCKS if kind == "text"]
    asked = printed.splitlines()[1].strip()
    result = Shell(demo).run("excerpts", "qualcode-demo/demo.qualcode", asked)
    assert (result.exit_code, result.stderr) == (2, printed)


def test_every_prefix_and_mark_of_the_language_is_on_the_page() -> None:
    for prefix in query.PREFIXES:
        assert f"`{prefix}:" in PAGE, prefix
    for word in (*query.MARKS, *query.VALENCES):
        assert word in PAGE, word
