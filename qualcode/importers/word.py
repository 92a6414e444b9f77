"""Word documents: every word of the text, inserted ones included, deleted ones left out.

The text is that of ``word_body.WordBody``; ``page`` finds the speakers in it.
"""

from __future__ import annotations

import os
import posixpath
import re

from qualcode.errors import ReadingError
from qualcode.formats.safe_zip import SafeZip
from qualcode.formats.xml import parse
from qualcode.importers.page import read_parts
from qualcode.importers.source import Reader, Source, is_docx
from qualcode.importers.word_body import Styles, WordBody
from qualcode.model import Reading

_OFFICE_DOCUMENT = "/officeDocument"


def read_word(source: Source) -> Reading:
    """Read a Word document.

    Raises:
        HostileFile: It breaks a limit of the archive, or its XML declares entities.
        ReadingError: It is damaged, encrypted or not a Word document.
    """
    path = os.fspath(source.path)
    archive = SafeZip(source.data, str(path))
    main = _main_part(archive, str(path))
    folder = posixpath.dirname(main)
    styles = Styles()
    if f"{folder}/styles.xml" in archive:
        styles = Styles(parse(archive.read(f"{folder}/styles.xml"), str(path)))
    body = WordBody(styles)
    parts = list(body.parts(archive.read(main), str(path)))
    counts = {
        "insertions": body.insertions,
        "deletions": body.deletions,
        **_left_out(archive, folder, str(path)),
    }
    return read_parts(
        source, parts, counts=counts, dropped=body.dropped, metadata=_properties(archive, str(path))
    )


def _main_part(archive: SafeZip, path: str) -> str:
    """Name the part that holds the body: as the archive says, else where Word puts it."""
    if "_rels/.rels" in archive:
        for relation in parse(archive.read("_rels/.rels"), path):
            target = posixpath.normpath(relation.get("Target", "").lstrip("/"))
            if relation.get("Type", "").endswith(_OFFICE_DOCUMENT) and target in archive:
                return target
    if "word/document.xml" in archive:
        return "word/document.xml"
    raise ReadingError(path, "The archive holds no Word document.")


def _left_out(archive: SafeZip, folder: str, path: str) -> dict[str, int]:
    """Count what stands beside the text: comments, foot- and endnotes, headers and footers."""
    counts = {"comments": 0, "notes": 0, "headers": 0}
    kinds = (("comments", "comment"), ("footnotes", "footnote"), ("endnotes", "endnote"))
    for part, element in kinds:
        name = f"{folder}/{part}.xml"
        if name in archive:
            found = [
                child
                for child in parse(archive.read(name), path)
                if isinstance(child.tag, str)
                and child.tag.endswith("}" + element)
                and _has_words(child)
            ]
            counts["comments" if part == "comments" else "notes"] += len(found)
    for name in archive.names():
        if re.fullmatch(re.escape(folder) + r"/(?:header|footer)\d*\.xml", name):
            counts["headers"] += _has_words(parse(archive.read(name), path))
    return counts


def _has_words(element: object) -> bool:
    texts: list[str] = element.xpath(".//*[local-name()='t']/text()")  # type: ignore[attr-defined]
    return any(text.strip() for text in texts)


def _properties(archive: SafeZip, path: str) -> dict[str, str]:
    """Give the document's own title; who wrote it is nobody's business here."""
    if "docProps/core.xml" not in archive:
        return {}
    for child in parse(archive.read("docProps/core.xml"), path):
        if (
            isinstance(child.tag, str)
            and child.tag.endswith("}title")
            and (child.text or "").strip()
        ):
            return {"title": (child.text or "").strip()}
    return {}


DOCX = Reader((".docx",), read_word, is_docx, guarded=True)
