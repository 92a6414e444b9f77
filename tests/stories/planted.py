"""What was planted in the sample study, and which tests ask the program for it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from qualcode.reports.sample import STUDY, folder
from tests.cli.conftest import Shell

Test = TypeVar("Test", bound=Callable[..., None])

ASKED: dict[str, list[str]] = {}
"""Id of an item → the tests that ask for it, of the modules that are loaded."""


@cache
def planted() -> dict[str, dict[str, Any]]:
    """Id → item of ``planted.json``."""
    items = json.loads((folder(STUDY) / "planted.json").read_text(encoding="utf-8"))["items"]
    return {item["id"]: item for item in items}


def finds(*ids: str) -> Callable[[Test], Test]:
    """Mark a test that asks reports, exports, importers or checks for these items."""

    def marked(test: Test) -> Test:
        for id_ in ids:
            assert id_ in planted(), f"nothing of that id is planted: {id_}"
            ASKED.setdefault(id_, []).append(test.__name__)
        return test

    return marked


def bring_in(shell: Shell) -> tuple[Path, str]:
    """Import the sample's transcripts and participants as a user does, nothing redacted.

    Returns:
        The project file, and what the import said.
    """
    study, file = folder(STUDY), shell.folder / "raw.qualcode"
    transcripts = [path for path in sorted(study.iterdir()) if re.match("[ABX]-", path.name)]
    shell.ok("init", file, "--coder", "ana")
    said = shell.run("import", file, *transcripts).output
    shell.ok("participants", "import", file, study / "participants.csv")
    return file, said
