"""A verified copy of a project: complete while someone codes, checked before it takes its name."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from contextlib import suppress
from pathlib import Path

from qualcode.errors import ProjectError, ProjectExists
from qualcode.store import disk, opening
from qualcode.store.failures import ERRORS, failure, no_folder, read_only


def write_backup(path: Path, out: Path, *, force: bool = False) -> None:
    """Copy a project to ``out``, readable by its owner alone.

    The copy is made under another name, checked, and renamed: what was at ``out`` is replaced
    whole or stays.

    Raises:
        ProjectExists: ``out`` is there and ``force`` is not set, or it is the project itself.
        ProjectReadOnly, DiskFull: it cannot be written there. NotAProject: ``path`` is none.
    """
    path, out = disk.real(path), out.absolute()
    opening.look(path)
    if out.exists() and (not force or out.samefile(path)):
        raise ProjectExists(f"{out} is already there; use --force to replace it.")
    try:
        handle, name = tempfile.mkstemp(dir=out.parent, prefix=".qualcode-", suffix=".tmp")
    except FileNotFoundError:
        raise no_folder(out) from None
    except OSError as error:
        raise read_only(out) from error
    os.close(handle)
    temporary = Path(name)
    try:
        _copy(path, temporary, out)
        _verify(temporary)
        _sync(temporary)
        os.replace(temporary, out)
    except OSError as error:
        raise read_only(out) from error
    finally:
        for file in (temporary, *disk.side_files(temporary)):
            with suppress(FileNotFoundError):
                file.unlink()


def _copy(path: Path, temporary: Path, out: Path) -> None:
    try:
        connection = opening.plain(path, "ro")
        try:
            connection.execute("PRAGMA query_only = OFF")
            connection.execute("VACUUM INTO ?", (str(temporary),))
        finally:
            connection.close()
    except ERRORS as error:
        # room is short where the copy goes; all else is the project's
        code = getattr(error, "sqlite_errorcode", None) or 0
        full = code & 0xFF == sqlite3.SQLITE_FULL
        raise failure(error, out if full else path) from error


def _verify(temporary: Path) -> None:
    from qualcode.store.check import check

    wrong = [result.name for result in check(temporary) if not result.ok]
    if wrong:
        raise ProjectError(
            f"The copy does not hold what the log says ({', '.join(wrong)}); none was kept. Run "
            "“qualcode check” on the project."
        )


def _sync(file: Path) -> None:
    handle = os.open(file, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
