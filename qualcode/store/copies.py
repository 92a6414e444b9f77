"""Other files beside a project that still hold what was purged from it.

Only what can be recognised: projects that are copies of this one, and the very files that
documents were read from. Exports, bundles, snapshots and copies elsewhere are not looked for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from qualcode.errors import QualcodeError
from qualcode.store import disk, opening, schema
from qualcode.store.called import NEUTRAL
from qualcode.store.database import Database
from qualcode.store.failures import ERRORS
from qualcode.text.quotes import PURGED

MANY = 5_000
"""Files looked at; in a folder with more, the project does not live alone."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A file that still holds what goes, or may hold it."""

    path: Path
    what: Literal["copy", "unreadable copy", "transcript", "table"]
    """A project that was copied from this one, one that cannot be read, a file as received, or by
    its name a table of which a row was received."""


def find_copies(
    path: Path,
    project_id: str,
    texts: Mapping[str, str],
    participant: str | None,
    sources: Iterable[tuple[int, str]],
    tables: Collection[str],
) -> tuple[Copy, ...]:
    """Look in the project's folder and the folders in it.

    Args:
        texts: Document id → its text after the purge.
        participant: Id of the participant who goes.
        sources: ``(bytes, SHA-256)`` of the files that the documents were read from.
        tables: Names of the files of which a document is one row.
    """
    wanted: dict[int, set[str]] = {}
    for size, sha256 in sources:
        wanted.setdefault(size, set()).add(sha256)
    found: list[Copy] = []
    for n, file in enumerate(_files(path)):
        if n == MANY:
            break
        try:
            size = file.stat().st_size
            head = _head(file)
        except OSError:
            continue  # what cannot be opened cannot be told apart; the caller says so
        if int.from_bytes(head[68:72]) == schema.APPLICATION_ID and head.startswith(b"SQLite"):
            copy = _copy(file, project_id, texts, participant)
            if copy is not None:
                found.append(copy)
        elif size in wanted and _sha256(file) in wanted[size]:
            found.append(Copy(file, "transcript"))
        elif file.name in tables:
            found.append(Copy(file, "table"))
    return tuple(found)


def delete(copy: Copy) -> None:
    """Delete a copy of the project with what lies beside it; a transcript is left alone."""
    if copy.what == "copy":
        for file in (*disk.side_files(copy.path), copy.path):
            file.unlink(missing_ok=True)


def _files(path: Path) -> Iterator[Path]:
    own = disk.side_files(path)
    for one in sorted(path.parent.iterdir()):
        inside = [one]
        if one.is_dir() and not one.is_symlink():
            try:
                inside = sorted(one.iterdir())
            except OSError:
                continue
        for file in inside:
            if file.is_file() and file not in own and not file.samefile(path):
                yield file


def _head(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(100)


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _copy(
    file: Path, project_id: str, texts: Mapping[str, str], participant: str | None
) -> Copy | None:
    """The file as a copy that holds something of it; None where it holds nothing."""
    try:
        opening.look(file)
        with Database(opening.plain(file, "ro"), file, read_only=True) as db:
            if db.one("SELECT 1 FROM project WHERE id = ?", project_id) is None:
                return None
            return Copy(file, "copy") if _holds(db, texts, participant) else None
    except (QualcodeError, *ERRORS):
        return Copy(file, "unreadable copy")


def _holds(db: Database, texts: Mapping[str, str], participant: str | None) -> bool:
    for document_id, after in texts.items():
        row = db.one("SELECT text FROM document WHERE id = ?", document_id)
        if row is not None and any(
            gone == PURGED and here != PURGED for gone, here in zip(after, row[0], strict=False)
        ):
            return True
    row = db.one("SELECT label FROM participant WHERE id = ?", participant or "")
    return row is not None and not row[0].startswith(NEUTRAL)
