"""Running commands as a user would, in an empty folder."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from qualcode.cli import cli

CODEBOOK = """codebook: harbour
codes:
  - code: warm_handoff
    brief: Passed on in person.
    key: "1"
  - code: housing
    brief: A bed.
"""
TRANSCRIPT = """Fictional interview, made up for tests.

Moderator: How did they meet you?

P1: She walked over and said her name. I had never seen her.

P2: They put me on the list for a bed. Nobody called.
"""


@dataclass
class Shell:
    """A folder and the commands run in it."""

    folder: Path

    def run(self, *words: str | Path) -> Result:
        """Run ``qualcode WORDS``; nothing but errors raised on purpose may escape."""
        result = CliRunner().invoke(cli, [str(word) for word in words])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    def ok(self, *words: str | Path) -> str:
        """Run a command that must succeed, and give its stdout."""
        result = self.run(*words)
        assert result.exit_code == 0, result.output
        return result.stdout

    def json(self, *words: str | Path) -> dict[str, Any]:
        """The JSON object a command answers with."""
        answer = json.loads(self.ok(*words, "--json"))
        assert isinstance(answer, dict)
        return answer

    def file(self, name: str, content: str) -> Path:
        path = self.folder / name
        path.write_text(content, encoding="utf-8")
        return path


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("QUALCODE_CODER", raising=False)
    monkeypatch.setenv("COLUMNS", "100")
    return Shell(tmp_path)


@pytest.fixture
def study(shell: Shell) -> Shell:
    """A project ``s.qualcode`` with one document and two codes; the coder is ana."""
    shell.file("book.yaml", CODEBOOK)
    shell.file("harbour.txt", TRANSCRIPT)
    shell.ok("init", "s", "--coder", "ana", "--codebook", "book.yaml", "--title", "Harbour")
    shell.ok("import", "s.qualcode", "harbour.txt", "--kind", "interview", "--attribute", "site=N")
    return shell
