"""The file of a REFI-QDA project: an archive with one ``.qde`` and its sources, or a bare ``.qde``.

Programs lay the archive out as they like: any name for the ``.qde``, ``sources/`` or ``Sources/``,
paths with and without ``internal://``, further entries for themselves.
"""

from __future__ import annotations

import os
from urllib.parse import unquote

from qualcode.errors import ReadingError
from qualcode.formats.safe_zip import SafeZip
from qualcode.importers.source import PathLike

_SIGNATURE = b"PK\x03\x04"
_EMPTY = b"PK\x05\x06"
_BOM = b"\xef\xbb\xbf"
_FOLDER = "sources"


class Package:
    """A project file, unpacked as far as it is asked for.

    Attributes:
        qde_name: Of the project's XML, as the archive names it.
        xml: Its bytes without byte order mark.
        xml_bom: Whether there was one.
        entries: How many entries the archive has; 0 of a bare ``.qde``.
        folders: Its top folders, sorted.

    Raises:
        HostileFile: A limit of ``SafeZip`` is broken.
        ReadingError: It is damaged, or holds no ``.qde`` or several.
    """

    def __init__(self, data: bytes, path: PathLike) -> None:
        self._path = os.fspath(path)
        self._archive: SafeZip | None = None
        self._files: list[str] = []
        if data.startswith((_SIGNATURE, _EMPTY)):
            self._archive = SafeZip(data, self._path)
            names = self._archive.names()
            self._files = [name for name in names if not name.endswith("/") and not _system(name)]
            self.qde_name = self._project_file()
            xml = self._archive.read(self.qde_name)
            self.entries = len(names)
            self.folders = sorted({name.partition("/")[0] for name in names if "/" in name})
        else:
            xml = data
            self.qde_name, self.entries, self.folders = os.path.basename(self._path), 0, []
        self._by_base: dict[str, list[str]] = {}
        for name in self._files:
            for base in {_base(name), _base(name).casefold()}:
                self._by_base.setdefault(base, []).append(name)
        self.xml_bom = xml.startswith(_BOM)
        self.xml = xml.removeprefix(_BOM)

    def _project_file(self) -> str:
        """Name the one ``.qde``: at the root, else anywhere."""
        every = [name for name in self._files if name.casefold().endswith(".qde")]
        found = [name for name in every if "/" not in name] or every
        if not found:
            raise ReadingError(self._path, "The archive holds no .qde; it is no REFI-QDA project.")
        if len(found) > 1:
            raise ReadingError(
                self._path, f"The archive holds several projects: {', '.join(sorted(found))}."
            )
        return found[0]

    def find(self, path: str) -> str | None:
        """Name the entry that a path such as ``internal://GUID.txt`` means; None if there is none.

        Its last part counts: in a folder ``sources`` of any case, then anywhere.
        """
        written = path.strip()
        for base in dict.fromkeys((_base(written), _base(unquote(written)))):
            if not base:
                continue
            there: list[str] = self._by_base.get(base, []) + self._by_base.get(base.casefold(), [])
            there = [*(name for name in there if _base(name) == base), *there]
            in_folder = [name for name in there if _FOLDER in name.casefold().split("/")[:-1]]
            if in_folder or there:
                return (in_folder or there)[0]
        return None

    def read(self, name: str) -> bytes:
        """Unpack one entry."""
        assert self._archive is not None  # only an archive has entries to find
        return self._archive.read(name)


def _base(path: str) -> str:
    return path.replace("\\", "/").rpartition("/")[2]


def _system(name: str) -> bool:
    """Tell whether an operating system has put the entry beside the others."""
    return name.startswith("__MACOSX/") or _base(name).startswith("._")
