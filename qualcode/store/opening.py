"""Looking at a project file before trusting it, and connecting to it.

A file that is not ours, newer than we are, or altered is refused by name and stays as it is.
"""

from __future__ import annotations

import hashlib
import sqlite3
import stat
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from qualcode.errors import NewerProject, NotAProject, ProjectReadOnly
from qualcode.store import disk, schema
from qualcode.store.failures import ERRORS, failure

WAIT = 5.0
"""Seconds to wait for another process to finish its action."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a look at a project file showed."""

    user_version: int
    after_crash: bool
    """Whether a journal or WAL lay beside it."""


def look(path: Path) -> Found:
    """Look at a file and refuse it unless it is a whole project of ours.

    Raises:
        NotAProject: no such file, another kind of file, damaged, or altered.
        NewerProject: written by a later qualcode.
    """
    version = _header(path)
    crashed = disk.crashed(path)
    # A read-only connection cannot roll back what a crash left, so that one may write
    mode = "rw" if crashed and disk.writable(path) else "ro"
    try:
        connection = plain(path, mode)
        try:
            _look_inside(connection, path, version)
            if crashed and _value(connection, "PRAGMA quick_check(1)") != "ok":
                raise NotAProject(f"{path} is damaged. Restore the last backup.")
        finally:
            connection.close()
    except ERRORS as error:
        raise failure(error, path) from error
    return Found(version, crashed)


def connect(path: Path, *, read_only: bool) -> tuple[sqlite3.Connection, bool]:
    """Open a connection with every safety on, ready for questions only.

    Returns:
        The connection, and whether it may only read because another process holds the file in
        WAL mode, which this SQLite must not write to.
    """
    try:
        connection = plain(path, "ro" if read_only else "rw")
        try:
            held = False
            if not read_only:
                held = _set_journal(connection, disk.journal_mode(path))
            for pragma in (
                "foreign_keys = ON",
                "recursive_triggers = ON",  # else REPLACE deletes without the delete triggers
                "secure_delete = ON",
                "synchronous = FULL",
                "fullfsync = ON",
            ):
                connection.execute(f"PRAGMA {pragma}")
            connection.execute("PRAGMA query_only = ON")
        except BaseException:
            connection.close()
            raise
    except ERRORS as error:
        raise failure(error, path) from error
    return connection, held


def fingerprint(connection: sqlite3.Connection) -> str:
    """SHA-256 over every table, index, view and trigger of the file, by name."""
    rows = connection.execute(
        "SELECT type, name, ifnull(sql, '') FROM sqlite_schema ORDER BY type, name"
    ).fetchall()
    digest = hashlib.sha256()
    for kind, name, sql in rows:
        if not (kind in ("table", "index") and name in schema.NOT_FINGERPRINTED):
            digest.update(f"{kind}\0{name}\0{sql}\0".encode())
    return digest.hexdigest()


def needs_migration(path: Path) -> ProjectReadOnly:
    """Give the error for an older project that cannot be brought up to date where it lies."""
    return ProjectReadOnly(
        f"{path} was written by an earlier qualcode and must be brought up to date, but cannot be "
        "written here. Make the file and its folder writable, or work on a copy."
    )


def _header(path: Path) -> int:
    """The schema version in the file's first bytes."""
    try:
        kind = path.stat().st_mode
    except FileNotFoundError:
        raise NotAProject(
            f"{path}: there is no such project. Create it with: qualcode init {path}"
        ) from None
    except OSError as error:
        raise NotAProject(f"{path} cannot be read: {error.strerror}.") from error
    if not stat.S_ISREG(kind):
        raise NotAProject(f"{path} is not a regular file.")
    try:
        with path.open("rb") as file:
            head = file.read(100)
    except OSError as error:
        raise NotAProject(f"{path} cannot be read: {error.strerror}.") from error
    is_ours = int.from_bytes(head[68:72]) == schema.APPLICATION_ID
    if len(head) < 100 or not head.startswith(b"SQLite format 3\0") or not is_ours:
        raise NotAProject(f"{path} is not a qualcode project.")
    version = int.from_bytes(head[60:64])
    if version > schema.USER_VERSION:
        raise _newer(path)
    return version


def _look_inside(connection: sqlite3.Connection, path: Path, version: int) -> None:
    known = schema.FINGERPRINTS.get(version)
    if known is None:
        raise NotAProject(f"{path} has schema {version}, which no released qualcode wrote.")
    if fingerprint(connection) != known:
        raise NotAProject(
            f"{path} has been altered by another program: its tables or triggers are not those of "
            "a qualcode project. It was not opened."
        )
    reader = _value(connection, "SELECT min_reader FROM project")
    if reader is not None and int(str(reader)) > schema.USER_VERSION:
        raise _newer(path)


def _newer(path: Path) -> NewerProject:
    return NewerProject(f"{path} was written by a later qualcode. Update qualcode to open it.")


def plain(path: Path, mode: str) -> sqlite3.Connection:
    """Connect for a look: ``mode`` is ``ro`` or ``rw``, and no write is let through."""
    connection = sqlite3.connect(
        f"file:{quote(str(path))}?mode={mode}", uri=True, isolation_level=None, timeout=WAIT
    )
    try:
        for pragma in ("query_only = ON", "trusted_schema = OFF", "cell_size_check = ON"):
            connection.execute(f"PRAGMA {pragma}")
    except BaseException:
        connection.close()
        raise
    return connection


def _set_journal(connection: sqlite3.Connection, wanted: str) -> bool:
    """Set the journal mode; True if the file is held in a WAL that we must not write."""
    current = str(_value(connection, "PRAGMA journal_mode"))
    if current == wanted:
        return False
    connection.execute("PRAGMA query_only = OFF")
    try:
        connection.execute(f"PRAGMA journal_mode = {wanted}").fetchall()
    except sqlite3.OperationalError as error:
        if (error.sqlite_errorcode or 0) & 0xFF != sqlite3.SQLITE_BUSY:
            raise
        return current == "wal"
    return False


def _value(connection: sqlite3.Connection, sql: str) -> object:
    row = connection.execute(sql).fetchone()
    return row[0] if row else None
