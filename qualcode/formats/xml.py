"""Parse XML from strangers: no document type, no entities, nothing fetched."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from qualcode.errors import HostileFile, ReadingError

if TYPE_CHECKING:
    from lxml.etree import _Element

_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ENCODING = re.compile(rb"<\?xml[^>]{0,200}?\sencoding\s*=\s*[\"']([^\"']{1,40})[\"']")
_ENCODINGS = frozenset([
    "utf-8", "utf8", "utf-16", "utf-16le", "utf-16be", "utf-32", "utf-32le", "utf-32be",
    "us-ascii", "ascii", "iso-8859-1", "iso-8859-15", "latin1", "windows-1252",
])  # fmt: skip
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def refuse_document_type(data: bytes, path: str = "") -> None:
    """Refuse any ``<!DOCTYPE`` or ``<!ENTITY``, in whatever encoding the parser would read.

    Raises:
        HostileFile: There is one, or the encoding could hide one.
    """
    # without its zero bytes, UTF-16 and UTF-32 of either byte order reads like ASCII
    plain = data.replace(b"\0", b"") if b"\0" in data else data
    if _DECLARATION.search(plain):
        raise HostileFile(
            path, "The file declares a document type or entities; such XML is not read."
        )
    beginning = plain[:400]
    for bom in _BOMS:
        beginning = beginning.removeprefix(bom)
    declared = _ENCODING.match(beginning)
    named = declared[1].decode("ascii", "replace").lower() if declared else "utf-8"
    if not beginning.lstrip().startswith(b"<") or named not in _ENCODINGS:
        raise HostileFile(path, "The XML is in an encoding that is not read.")


def parse(data: bytes, path: str = "") -> _Element:
    """Parse a whole document and give its root element.

    Raises:
        HostileFile: It declares a document type or entities.
        ReadingError: It is not well-formed, or a part of it is too large.
    """
    from lxml import etree

    refuse_document_type(data, path)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise ReadingError(path, _problem(error.lineno)) from error


def elements(data: bytes, tags: tuple[str, ...], path: str = "") -> Iterator[_Element]:
    """Give the elements of these names as each is complete; the caller clears them.

    Raises:
        HostileFile, ReadingError: As ``parse``, once the place is reached.
    """
    from lxml import etree

    refuse_document_type(data, path)
    parsed = etree.iterparse(
        io.BytesIO(data),
        events=("end",),
        tag=tags,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    )
    try:
        for _, element in parsed:
            yield element
    except etree.XMLSyntaxError as error:
        raise ReadingError(path, _problem(error.lineno)) from error


def _problem(line: int | None) -> str:
    return f"The XML is damaged or too large (line {line or 0} of a part)."
