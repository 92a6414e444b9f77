"""Write a file and read it: what most tests of importers do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qualcode.importers import read
from qualcode.model import Reading

Said = tuple[str | None, str]


def reading(folder: Path, name: str, content: str | bytes, **options: Any) -> Reading:
    """Write ``content`` as the file ``name`` and read it."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read(path, **options)


def said(found: Reading) -> list[Said]:
    """Who says what, in order."""
    return [(turn.speaker, found.text[turn.start : turn.stop]) for turn in found.turns]


def told(found: Reading) -> list[tuple[str, int | None]]:
    """The warnings as code and line."""
    return [(warning.code, warning.line) for warning in found.warnings]
