"""What SQLite says, in the researcher's words: the thing, what is wrong, the way out."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from qualcode.errors import (
    DiskFull,
    InvalidSpan,
    NotAProject,
    ProjectError,
    ProjectLocked,
    ProjectReadOnly,
    QualcodeError,
    Refused,
    RoundClosed,
)

_RULES: dict[str, tuple[type[QualcodeError], str]] = {
    "round is closed": (RoundClosed, "The round is closed; its codings stay as they are."),
    "span outside the text": (InvalidSpan, "The span reaches past the end of the text."),
    "a closed round has been seen: it reopens only as not blind": (
        Refused,
        "The round was blind and is closed: its codings may have been compared. It stays closed.",
    ),
    "position outside the text": (InvalidSpan, "The position lies past the end of the text."),
}


ERRORS = (sqlite3.DatabaseError, UnicodeDecodeError)
"""What reading or writing a project file may raise; the second where damage hit a text."""


def failure(error: sqlite3.Error | UnicodeDecodeError, path: Path) -> QualcodeError:
    """Give the error to raise for what SQLite reports on a project file; nothing was changed."""
    if isinstance(error, UnicodeDecodeError) or str(error).startswith("Could not decode"):
        # SQLite's own words would quote the text it could not decode
        return _damaged(path)
    code = getattr(error, "sqlite_errorcode", 0) or 0
    match code & 0xFF:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return ProjectLocked(
                f"{path} is being written by another program; nothing was changed. Try again, or "
                "close the other window."
            )
        case sqlite3.SQLITE_FULL:
            return DiskFull(
                f"{path}: there is no room left on the disk; nothing was changed. Free some space "
                "and try again."
            )
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM:
            return read_only(path)
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return _damaged(path)
        case sqlite3.SQLITE_IOERR:
            return ProjectError(
                f"{path}: the disk failed while reading or writing; nothing was changed."
            )
        case sqlite3.SQLITE_CONSTRAINT:
            return _refusal(str(error))
        case _:
            return ProjectError(f"{path}: SQLite reports: {error}")


def _damaged(path: Path) -> NotAProject:
    return NotAProject(
        f"{path} is damaged. Restore the last backup; “qualcode check” says what is wrong."
    )


def read_only(path: Path) -> ProjectReadOnly:
    """Give the error for a project that cannot be written."""
    if not path.exists():
        return ProjectReadOnly(
            f"{path} is no longer there: it was moved or deleted while it was open. "
            "Move it back, or restore a backup."
        )
    return ProjectReadOnly(
        f"{path} cannot be written: the file or its folder is read-only, or the file has several "
        "names (hard links). Make both writable, or work on a copy."
    )


def no_folder(path: Path) -> ProjectReadOnly:
    """Give the error for a file in a folder that does not exist."""
    return ProjectReadOnly(
        f"{path.parent}: there is no such folder. Make it, or choose another place."
    )


def half_character() -> Refused:
    """Give the error for text with a lone surrogate, as a badly encoded terminal may send it."""
    return Refused(
        "This text holds half a character, which no file can keep; nothing was changed. Type it "
        "anew."
    )


def _refusal(message: str) -> QualcodeError:
    if message in _RULES:
        kind, text = _RULES[message]
        return kind(text)
    if message.startswith("UNIQUE constraint failed: "):
        columns = message.removeprefix("UNIQUE constraint failed: ").replace("_pk", "")
        return Refused(f"This would be there twice ({columns}).")
    if message.startswith("FOREIGN KEY"):
        return Refused("Something else refers to it, or it refers to what is not there.")
    if message.startswith("CHECK constraint failed: "):
        # the rule itself, as the schema words it: it holds no values
        return Refused(f"The project's rules forbid this: {message[25:]}.")
    return Refused(f"The project's rules forbid this: {message}.")
