"""What lies in a folder, for choosing files to import; and which folder that was last time.

Pure but for looking: nothing is opened, nothing drawn.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from qualcode.text.safe import shown
from qualcode.tui.kept import keep, kept, state_file

_ANEW = re.compile(r".*/(?=[/~])")
_MOST = 5_000
"""Entries listed of one folder; what is beyond can still be typed."""

FILE, PART = "import-folders.json", "folders"


@dataclass(frozen=True, slots=True)
class Entry:
    """A folder, or a file that may be read."""

    path: Path
    folder: bool
    size: int = 0
    """Bytes; 0 for a folder."""

    @property
    def name(self) -> str:
        """As it is listed and typed: control characters visible, a folder ends in a slash."""
        return shown(self.path.name) + ("/" if self.folder else "")


@dataclass(frozen=True, slots=True)
class Listing:
    """What a folder holds: folders first, then files, each by name."""

    folder: Path
    entries: Sequence[Entry] = ()
    problem: str = ""
    """Why there is nothing to list."""


def listing(folder: Path, endings: Collection[str]) -> Listing:
    """List a folder: its folders, and the files with one of these endings.

    What begins with a dot is left out, as elsewhere on this computer.
    """
    found: list[Entry] = []
    try:
        with os.scandir(folder) as inside:
            for item in inside:
                if item.name.startswith(".") or len(found) >= _MOST:
                    continue
                path = folder / item.name
                if _is(item, folder=True):
                    found.append(Entry(path, folder=True))
                elif path.suffix.lower() in endings and _is(item, folder=False):
                    found.append(Entry(path, folder=False, size=item.stat().st_size))
    except OSError as error:
        return Listing(folder, problem=f"{error.strerror or error}.")
    found.sort(key=lambda entry: (not entry.folder, entry.name.casefold(), entry.name))
    return Listing(folder, found)


def _is(item: os.DirEntry[str], *, folder: bool) -> bool:
    try:
        return item.is_dir() if folder else item.is_file()
    except OSError:  # a link that leads nowhere
        return False


def split(typed: str, base: Path) -> tuple[Path, str]:
    """Give the folder that a typed path leads to, and the beginning of a name after it.

    ``//`` and ``/~`` begin anew, so that nothing has to be deleted before another path is typed.

    Args:
        base: Where a relative path starts.
    """
    typed = _ANEW.sub("", typed)
    head, slash, tail = typed.rpartition("/")
    if not slash:
        return (Path(os.path.expanduser("~")), "") if typed == "~" else (base, typed)
    return base / os.path.expanduser(head or "/"), tail


def matching(entries: Sequence[Entry], beginning: str) -> list[Entry]:
    """Give the entries whose names begin so, any case."""
    wanted = beginning.casefold()
    return [entry for entry in entries if entry.name.casefold().startswith(wanted)]


def completed(typed: str, entries: Sequence[Entry]) -> str:
    """Give what was typed with as much of a name added as is certain.

    Args:
        entries: Those of the folder the typed path leads to.
    """
    head, slash, tail = typed.rpartition("/")
    names = [entry.name for entry in matching(entries, tail)]
    if not names:
        return typed
    if len(names) == 1:
        return head + slash + names[0]
    certain = _common(names)
    return head + slash + (certain if len(certain) >= len(tail) else tail)


def _common(names: Sequence[str]) -> str:
    """Give the beginning that all names share."""
    shortest, longest = min(names), max(names)
    for n, character in enumerate(shortest):
        if n >= len(longest) or longest[n] != character:
            return shortest[:n]
    return shortest


def measured(size: int) -> str:
    """Give a size as people say it: ``812 B``, ``14 kB``, ``1.2 MB``."""
    if size < 1_000:
        return f"{size} B"
    return f"{round(size / 1e3):,} kB" if size < 999_500 else f"{size / 1e6:,.1f} MB"


def recent_folder(project_id: str, otherwise: Path) -> Path:
    """The folder this project's files were last imported from.

    Args:
        otherwise: What is given where that is unknown, or gone.
    """
    folder = kept(state_file(FILE), PART).get(project_id)
    try:
        return Path(folder) if isinstance(folder, str) and Path(folder).is_dir() else otherwise
    except (OSError, ValueError):  # damaged
        return otherwise


def keep_folder(project_id: str, folder: Path) -> None:
    """Remember the folder for the project's next import.

    Raises:
        OSError: it could not be written; the file is as it was.
    """
    file = state_file(FILE)
    keep(file, PART, {**kept(file, PART), project_id: str(folder)})
