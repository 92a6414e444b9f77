"""One connection to one project file: reading outside actions, writing only inside.

Every read fetches all its rows, so that no half-read cursor holds up another's commit. Outside
``writing`` and ``maintenance`` SQLite itself refuses every write (``query_only``).
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any

from qualcode.errors import ProjectExists
from qualcode.store import disk, opening, schema
from qualcode.store.failures import ERRORS, failure, half_character, no_folder, read_only
from qualcode.store.ids import new_id

Row = tuple[Any, ...]


class Database:
    """An open project file. It belongs to the thread that opened it."""

    def __init__(self, connection: sqlite3.Connection, path: Path, *, read_only: bool) -> None:
        self.connection = connection
        self.path = path
        self.read_only = read_only

    def query(self, sql: str, *params: Any) -> list[Row]:
        """All rows of a question."""
        try:
            return self.connection.execute(sql, params).fetchall()
        except ERRORS as error:
            raise failure(error, self.path) from error
        except UnicodeEncodeError:
            raise half_character() from None

    def one(self, sql: str, *params: Any) -> Row | None:
        """The first row of a question; None if it has none."""
        rows = self.query(sql, *params)
        return rows[0] if rows else None

    def data_version(self) -> int:
        """A number that changes whenever *another* connection has changed the file."""
        row = self.one("PRAGMA data_version")
        assert row is not None
        return int(row[0])

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the write lock: everything inside is one transaction, all of it or nothing.

        Raises:
            ProjectReadOnly, ProjectLocked, DiskFull, Refused: nothing was changed.
        """
        if self.read_only:
            raise read_only(self.path)
        run = self.connection.execute
        try:
            run("PRAGMA query_only = OFF")
            run("BEGIN IMMEDIATE")
            yield
            if self.connection.in_transaction:  # else taken back inside: nothing to keep
                run("COMMIT")
        except ERRORS as error:
            raise failure(error, self.path) from error
        except UnicodeEncodeError:
            raise half_character() from None
        finally:
            if self.connection.in_transaction:
                run("ROLLBACK")
            run("PRAGMA query_only = ON")

    @contextmanager
    def maintenance(self) -> Iterator[sqlite3.Connection]:
        """Lift ``query_only`` without a transaction, for backup, migration and the index."""
        try:
            self.connection.execute("PRAGMA query_only = OFF")
            yield self.connection
        except ERRORS as error:
            raise failure(error, self.path) from error
        finally:
            self.connection.execute("PRAGMA query_only = ON")

    def close(self) -> None:
        """Close the file, so that it is one file again. Closing twice is harmless."""
        if not self.read_only:
            # another window still has it open, the connection is closed already, or it is damaged
            with suppress(sqlite3.Error):
                self.connection.execute("PRAGMA query_only = OFF")
                if self.connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal":
                    self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
                    self.connection.execute("PRAGMA journal_mode = DELETE").fetchall()
        self.connection.close()

    def __enter__(self) -> Database:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def create(path: Path | str) -> Database:
    """Make an empty project file, readable by its owner alone, and open it.

    It holds the schema and the mark of this copy; title, coder and first round are the history's
    first action.

    Raises:
        ProjectExists: there is a file of that name; it was not touched.
    """
    path = Path(path).absolute()
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
    except FileExistsError:
        raise ProjectExists(f"{path} is already there. Choose another name, or open it.") from None
    except FileNotFoundError:
        raise no_folder(path) from None
    except OSError as error:
        raise read_only(path) from error
    os.fchmod(handle, 0o600)
    os.close(handle)
    try:
        _lay_out(path)
    except BaseException:
        for file in (path, *disk.side_files(path)):
            file.unlink(missing_ok=True)
        raise
    return open_(path)


def _lay_out(path: Path) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
        connection.executescript(f"BEGIN IMMEDIATE;{schema.SCHEMA}")
        for statement in schema.SUMMARIES:
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {schema.USER_VERSION}")
        replica = new_id()
        connection.execute(
            "INSERT INTO replica (id, label, here) VALUES (?, ?, 1)", (replica, replica[-8:])
        )
        connection.execute("COMMIT")
    except ERRORS as error:
        raise failure(error, path) from error
    finally:
        connection.close()


def open_(path: Path | str, *, read_only: bool = False) -> Database:
    """Open a project file, after looking at it without touching it; migrate an older one.

    A file or folder that cannot be written opens for reading only.

    Raises:
        NotAProject: another kind of file, damaged, or altered by another program.
        NewerProject: written by a later qualcode.
    """
    path = disk.real(path)
    found = opening.look(path)
    read_only = read_only or not disk.writable(path)
    if found.user_version < schema.USER_VERSION:
        from qualcode.store.migrations import migrate

        if read_only:
            raise opening.needs_migration(path)
        migrate(path)
    connection, locked_in_wal = opening.connect(path, read_only=read_only)
    return Database(connection, path, read_only=read_only or locked_in_wal)
