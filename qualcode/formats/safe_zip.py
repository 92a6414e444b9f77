"""Read members of an archive within limits, in memory; nothing is ever extracted.

Sizes are counted while unpacking: what an archive says about itself is not believed.
"""

from __future__ import annotations

import io
import re
import stat
import struct
import zipfile
import zlib

from qualcode.errors import HostileFile, ReadingError

UNPACKED_LIMIT = 200_000_000
RATIO_LIMIT = 200
ENTRIES_LIMIT = 10_000

_SMALL = 100_000  # a short member of blanks may well shrink more than 200 times
_CHUNK = 1 << 18
_OUTSIDE = re.compile(r"[/\\]|[A-Za-z]:|(?:.*[/\\])?\.\.(?:[/\\]|$)", re.DOTALL)
# what zipfile raises on damage; NotImplementedError (features it lacks) is a RuntimeError
_BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, RuntimeError,
)  # fmt: skip
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class SafeZip:
    """An archive whose members are read by exact name.

    Raises:
        HostileFile: A limit is exceeded, or a name is doubled, absolute, or leads out of it.
        ReadingError: It is damaged, encrypted, or not an archive.
    """

    def __init__(self, data: bytes, path: str = "") -> None:
        self._path = path
        self._unpacked = 0
        if data.count(b"PK\x01\x02") > ENTRIES_LIMIT:  # before each becomes a Python object
            raise HostileFile(path, f"The archive has more than {ENTRIES_LIMIT:,} entries.")
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _BROKEN as error:
            raise ReadingError(path, "The file is damaged or not an archive.") from error
        self._members: dict[str, zipfile.ZipInfo] = {}
        for info in self._zip.infolist():
            self._admit(info)
        if sum(info.file_size for info in self._members.values()) > UNPACKED_LIMIT:
            raise self._too_large()

    def _admit(self, info: zipfile.ZipInfo) -> None:
        name = info.orig_filename
        if info.filename in self._members:
            raise HostileFile(self._path, "The archive holds two entries of one name.")
        if _OUTSIDE.match(name) or "\0" in name:
            raise HostileFile(self._path, "The archive holds an entry that leads out of it.")
        if stat.S_ISLNK(info.external_attr >> 16):
            raise HostileFile(self._path, "The archive holds a link.")
        self._members[info.filename] = info

    def names(self) -> list[str]:
        """Give the names of the members, in the archive's order."""
        return list(self._members)

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def read(self, name: str) -> bytes:
        """Unpack one member; the limits hold for all that was unpacked so far together."""
        info = self._members.get(name)
        if info is None:
            raise ReadingError(self._path, "A part of the file is missing; it is damaged.")
        if info.flag_bits & 0x1:
            raise ReadingError(self._path, "The file is encrypted; save it without a password.")
        if info.compress_type not in _METHODS:
            raise ReadingError(self._path, "The file is packed in a way that is not read.")
        chunks: list[bytes] = []
        size = 0
        try:
            with self._zip.open(info) as member:
                while chunk := member.read(_CHUNK):
                    size += len(chunk)
                    self._unpacked += len(chunk)
                    self._check(size, info.compress_size)
                    chunks.append(chunk)
        except _BROKEN as error:
            raise ReadingError(self._path, "The file is damaged.") from error
        return b"".join(chunks)

    def _check(self, size: int, packed: int) -> None:
        if self._unpacked > UNPACKED_LIMIT:
            raise self._too_large()
        if size > _SMALL and size > RATIO_LIMIT * packed:
            raise HostileFile(
                self._path, f"A part unpacks to more than {RATIO_LIMIT} times its size."
            )

    def _too_large(self) -> HostileFile:
        limit = UNPACKED_LIMIT // 1_000_000
        return HostileFile(self._path, f"The file unpacks to more than {limit} MB.")
