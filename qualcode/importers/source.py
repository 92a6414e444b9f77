"""The file as received: its bytes, and which format they are in."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from qualcode.errors import ReadingError
from qualcode.formats.safe_zip import SafeZip
from qualcode.model import NamedReading, Reading, ReadingWarning

LIMIT = 50_000_000
"""Bytes of the largest file that is read without being told to."""

PathLike: TypeAlias = str | os.PathLike[str]


@dataclass(frozen=True, slots=True, repr=False)
class Source:
    """A file to read, and how."""

    path: PathLike
    data: bytes
    format: str
    encoding: str | None = None
    """Codec asked for; None to find it."""

    pattern: str | None = None
    max_gap: float | None = None
    warnings: tuple[ReadingWarning, ...] = ()
    """What is already known to be uncertain."""

    table: str | None = None
    """What a table is, a name from ``tables.KINDS``; None to find it."""

    text_columns: tuple[str, ...] = ()
    """Columns of a table that hold words; none to find them."""

    id_column: str | None = None
    """Column of a survey that says who answers; None to find it."""

    one_document: bool = False
    """Whether the answers of a survey become one document."""

    labels: tuple[str, ...] = ()
    """Labels known from other documents."""

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True, slots=True)
class Reader:
    """A format that can be read: what an entry point of ``qualcode.readers`` names."""

    endings: tuple[str, ...]
    """File name endings, lower case with the dot."""

    read: Callable[[Source], Reading]

    recognises: Callable[[bytes], bool] | None = None
    """Whether these bytes are certainly of this format; None where only the name can tell."""

    guarded: bool = False
    """Whether to read in a child process with limits, see ``importers.guarded``: what is packed,
    or parsed by native code. ``read`` must then be a function at the top of its module."""

    documents: Callable[[Source, str], list[NamedReading]] | None = None
    """For a format of which one file may hold several documents: gives them, named after the
    file's name; None where a file is one document."""


@dataclass(frozen=True, slots=True)
class Sniffed:
    """What format a file seems to have."""

    format: str | None
    surprise: str = ""
    """What to tell where the content contradicts the name."""

    problem: str = ""
    """Why there is no format."""


def load(path: PathLike, *, large: bool = False) -> bytes:
    """Read a regular file whole.

    Raises:
        ReadingError: Not there, not readable, not a regular file, empty, or over 50 MB.
    """
    # without O_NONBLOCK, opening a FIFO waits for a writer for ever
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        if stat.S_ISDIR(os.stat(path).st_mode):
            raise ReadingError(path, "This is a folder, not a file.")
        with open(os.open(path, flags), "rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise ReadingError(path, "This is not a regular file.")
            if status.st_size > LIMIT and not large:
                raise ReadingError(
                    path,
                    f"The file has {status.st_size / 1e6:.0f} MB; more than {LIMIT / 1e6:.0f} MB"
                    " are only read with --large.",
                )
            data = file.read()
    except OSError as error:
        raise ReadingError(path, f"Cannot be read: {error.strerror or error}.") from error
    except ValueError as error:  # a name with a NUL character
        raise ReadingError(path, "This is not a file name.") from error
    if not data:
        raise ReadingError(path, "The file is empty.")
    return data


_COMPOUND = rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = re.escape("EncryptedPackage".encode("utf-16-le"))

_FOREIGN = (
    (
        re.compile(_COMPOUND + rb".*" + _ENCRYPTED, re.DOTALL),
        "The file is encrypted; save it without a password.",
    ),
    (
        re.compile(_COMPOUND),
        "This is an old Word file or another program's; save it as .docx.",
    ),
)

_NO_TRANSCRIPT = {
    ".qdpx": "This is a whole project, not a transcript; bring it in with qualcode import.",
    ".qde": "This is a whole project, not a transcript; bring it in with qualcode import.",
    ".qdc": "This is a codebook, not a transcript; bring it in with qualcode codebook import.",
}

_ARCHIVES = frozenset(["docx", "odt", "xlsx"])


def sniff(path: PathLike, data: bytes, table: Mapping[str, Reader]) -> Sniffed:
    """Find the format: from the content, and only then from the file name's ending."""
    ending = Path(path).suffix.lower()
    named = next((name for name, reader in table.items() if ending in reader.endings), None)
    if named is None and ending in _NO_TRANSCRIPT:
        return Sniffed(None, problem=_NO_TRANSCRIPT[ending])
    recognised = [
        name for name, reader in table.items() if reader.recognises and reader.recognises(data)
    ]
    if named in recognised:
        return Sniffed(named)
    if recognised:
        saw = recognised[0]
        told = f"ends in {ending}" if ending else "has no ending"
        return Sniffed(saw, f"The content is {saw}, though the file name {told}; read as {saw}.")
    for signature, problem in _FOREIGN:
        if signature.match(data):
            return Sniffed(None, problem=problem)
    if data.startswith(b"PK\x03\x04") and named not in _ARCHIVES:
        return Sniffed(None, problem="This is an archive of another kind.")
    if named is None:
        told = f'Files ending in "{ending}"' if ending else "Files without an ending"
        return Sniffed(None, problem=f"{told} are not read.")
    return Sniffed(named)


def is_docx(data: bytes) -> bool:
    """Tell whether the bytes are an archive with a Word document's main part."""
    if not data.startswith(b"PK\x03\x04"):
        return False
    try:
        archive = SafeZip(data)
    except ReadingError:
        return False
    return any(re.fullmatch(r"word/document\d*\.xml", name) for name in archive.names())
