"""What the disk under a project can be trusted with.

SQLite's WAL mode is faster, but wants shared memory (no network or synchronised folder) and an
SQLite without the WAL-reset fault, which can lose committed actions of two connections.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from pathlib import Path

_REMOTE = ("nfs", "cifs", "smb", "fuse", "9p", "afs", "sshfs", "davfs", "ceph", "gluster")
_SYNCHRONISED = ("dropbox", "onedrive", "icloud", "google drive", "googledrive", "nextcloud")


def wal_is_safe(version: tuple[int, int, int]) -> bool:
    """Whether this SQLite may use WAL with two connections.

    Source:
        https://sqlite.org/wal.html#walresetbug (3.7.0 to 3.51.2; mended also in 3.50.7, 3.44.6).
    """
    return (
        version >= (3, 51, 3)
        or (3, 50, 7) <= version < (3, 51, 0)
        or (3, 44, 6) <= version < (3, 45, 0)
    )


def is_local(path: Path) -> bool:
    """Whether a file lies on a disk of this machine, outside synchronised folders.

    Where the system does not say what the disk is, it counts as remote: the careful choice.
    """
    parts = [part.casefold() for part in path.parts]
    if any(name in part for part in parts for name in _SYNCHRONISED):
        return False
    mounts = Path("/proc/mounts")
    if not mounts.exists():
        return False
    best, kind = "", ""
    for line in mounts.read_text(encoding="utf-8", errors="replace").splitlines():
        _, point, found, *_ = line.split(" ")
        point = point.replace("\\040", " ")
        inside = path.is_relative_to(point)
        if inside and len(point) >= len(best):
            best, kind = point, found
    return bool(kind) and not kind.startswith(_REMOTE)


def journal_mode(path: Path) -> str:
    """The journal mode to use for a project: ``wal`` where that is safe, else ``delete``."""
    return "wal" if wal_is_safe(sqlite3.sqlite_version_info) and is_local(path) else "delete"


def writable(path: Path) -> bool:
    """Whether the file and its folder can be written; SQLite's journal lies in the folder.

    A file with several names (hard links) counts as not writable: its journal would lie beside
    one of them only, and a crash would not be mended under the other.
    """
    return (
        os.access(path, os.W_OK)
        and os.access(path.parent, os.W_OK | os.X_OK)
        and path.stat().st_nlink == 1
    )


def side_files(path: Path) -> list[Path]:
    """The journal, WAL and shared-memory files that lie beside a project now."""
    beside = [path.with_name(path.name + end) for end in ("-journal", "-wal", "-shm")]
    return [file for file in beside if file.exists()]


def crashed(path: Path) -> bool:
    """Whether a journal or WAL with something in it lies beside a project.

    One that vanishes meanwhile is another window's, which has just committed.
    """
    for file in side_files(path):
        with suppress(FileNotFoundError):
            if file.stat().st_size:
                return True
    return False


def real(path: Path | str) -> Path:
    """The file itself, links followed: SQLite keeps its journal beside that one."""
    return Path(os.path.realpath(path))
