"""A new file appears whole or not at all: written beside its target, then renamed over it."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from qualcode.errors import ExportError


@contextmanager
def new_file(path: Path, *, force: bool = False) -> Iterator[IO[bytes]]:
    """Open a file that takes the place of ``path`` once the block ends without an error.

    The temporary file lies in the same folder, readable by its owner alone, and is synced before
    it is renamed. If anything fails inside the block, or the disk is full, it is removed and what
    was at ``path`` before is still there, unchanged. A link is followed: its target is replaced.

    Args:
        path: Where the file shall be.
        force: Replace a file that is already there.

    Raises:
        ExportError: The file exists and ``force`` is not set, ``path`` is something other than a
            file, or the folder or the disk does not allow writing.
    """
    target = Path(os.path.realpath(path))
    _refuse(path, target, force)
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=".qualcode-", suffix=".tmp")
    except OSError as error:
        raise _cannot_write(path, error) from error
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        _refuse(path, target, force)
        os.replace(temporary, target)
    except OSError as error:
        raise _cannot_write(path, error) from error
    finally:
        with suppress(FileNotFoundError):
            temporary.unlink()
    _sync_folder(target.parent)


def refuse_to_replace(path: Path, *, force: bool = False, what: str = "") -> None:
    """Refuse what ``new_file`` would refuse, before work is done for it.

    Args:
        what: How the file is spoken of, where it is not the one that was asked for.

    Raises:
        ExportError: As for ``new_file``.
    """
    _refuse(path, Path(os.path.realpath(path)), force, what)


def _refuse(path: Path, target: Path, force: bool, what: str = "") -> None:
    try:
        kind = os.stat(target).st_mode
    except FileNotFoundError:
        return
    except OSError as error:
        raise _cannot_write(path, error) from error
    if not stat.S_ISREG(kind):
        raise ExportError(f"{what or path} is not a file; choose another name.")
    if not force:
        raise ExportError(
            f"{what or path} exists already; use --force to replace it, or another name."
        )


def _cannot_write(path: Path, error: OSError) -> ExportError:
    reason = error.strerror or type(error).__name__
    return ExportError(f"{path} cannot be written: {reason}. Nothing was changed.")


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":  # other systems cannot open a folder to sync it
        return
    # The new file is complete and in place; a folder that refuses to sync (network drives do)
    # only means that a power cut in the next moments could bring the old one back.
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
