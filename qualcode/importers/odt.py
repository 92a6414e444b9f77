"""OpenDocument texts: the paragraphs, headings, lists and tables of ``content.xml``.

Inserted words are text; deleted ones lie apart in the file and are only counted, as are comments,
notes and headers.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from qualcode.errors import ReadingError
from qualcode.formats.safe_zip import SafeZip
from qualcode.formats.xml import parse
from qualcode.importers.characters import clean
from qualcode.importers.page import Paragraph, Part, Table, read_parts
from qualcode.importers.source import Reader, Source
from qualcode.model import Reading

if TYPE_CHECKING:
    from lxml.etree import _Element

_OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
_FO = "{" + _OASIS + "xsl-fo-compatible:1.0}"
_PREFIX = {
    _OASIS + "text:1.0": "text",
    _OASIS + "table:1.0": "table",
    _OASIS + "office:1.0": "office",
    _OASIS + "drawing:1.0": "draw",
    _OASIS + "style:1.0": "style",
    _OASIS + "svg-compatible:1.0": "svg",
    _OASIS + "meta:1.0": "meta",
    "http://purl.org/dc/elements/1.1/": "dc",
}
_BLOCKS = frozenset(["text:p", "text:h"])
_NOT_TEXT = frozenset([
    "text:tracked-changes", "text:note", "office:annotation", "text:sequence-decls",
    "text:variable-decls", "text:user-field-decls", "office:forms", "text:ruby-text", "svg:title",
    "svg:desc", "text:index-title-template",
])  # fmt: skip
_BLANKS = re.compile(r"[ \t\r\n]+")
_BOLD = re.compile(r"bold|[6-9]00")
_DEPTH = 20
_REPEATED = 64  # columns; a spreadsheet's last empty cell may stand for millions
_SIGNATURE = b"application/vnd.oasis.opendocument.text"


class _Styles:
    """Which styles are bold, and what each is based on."""

    def __init__(self) -> None:
        self._bold: dict[str, bool] = {}
        self._parent: dict[str, str] = {}

    def add(self, root: _Element) -> None:
        for style in root.iter("{" + _OASIS + "style:1.0}style"):
            name = _get(style, "style:name")
            if name is None:
                continue
            parent = _get(style, "style:parent-style-name")
            if parent is not None:
                self._parent[name] = parent
            for child in style:
                weight = child.get(_FO + "font-weight")
                if _name(child) == "style:text-properties" and weight is not None:
                    self._bold[name] = _BOLD.fullmatch(weight) is not None

    def bold(self, name: str | None, inherited: bool) -> bool:
        """Tell whether text of a style is bold; where nothing says so, as the text around it."""
        for _ in range(_DEPTH):
            if name is None:
                break
            if name in self._bold:
                return self._bold[name]
            name = self._parent.get(name)
        return inherited


class _Body:
    """Walks the body and counts what is dropped on the way."""

    def __init__(self, styles: _Styles) -> None:
        self._styles = styles
        self._after_blank = True
        self.dropped: Counter[str] = Counter()

    def parts(self, element: _Element) -> Iterator[Part]:
        """Give paragraphs and tables in reading order."""
        for child in element:
            name = _name(child)
            if name in _NOT_TEXT:
                continue
            if name in _BLOCKS:
                yield from self._with_boxes(child, name == "text:h")
            elif name == "table:table":
                yield Table(list(self._rows(child)))
            elif len(child):
                yield from self.parts(child)

    def _with_boxes(self, element: _Element, heading: bool) -> Iterator[Part]:
        """Give a paragraph, and after it what stands in boxes anchored to it."""
        paragraph = Paragraph([], heading)
        self._after_blank = True
        boxes: list[_Element] = []
        bold = self._styles.bold(_get(element, "text:style-name"), False)
        self._walk(element, paragraph, bold, boxes)
        yield paragraph
        for box in boxes:
            yield from self.parts(box)

    def _walk(self, element: _Element, into: Paragraph, bold: bool, boxes: list[_Element]) -> None:
        self._write(into, element.text, bold)
        for child in element:
            name = _name(child)
            if name in ("text:s", "text:tab", "text:line-break"):
                self._mark(child, name, into, bold)
            elif name == "draw:text-box":
                boxes.append(child)
            elif name in _BLOCKS:  # a paragraph in a paragraph: only boxes should hold them
                into.pieces.append(("\n", False))
                self._walk(child, into, bold, boxes)
            elif name and name not in _NOT_TEXT:
                inner = bold
                if name == "text:span":
                    inner = self._styles.bold(_get(child, "text:style-name"), bold)
                self._walk(child, into, inner, boxes)
            self._write(into, child.tail, bold)

    def _mark(self, element: _Element, name: str, into: Paragraph, bold: bool) -> None:
        if name == "text:s":
            count = _number(_get(element, "text:c"), 1000)
            into.pieces.append((" " * count, bold))
        else:
            into.pieces.append(("\t" if name == "text:tab" else "\n", bold))
        self._after_blank = name == "text:line-break"

    def _write(self, into: Paragraph, text: str | None, bold: bool) -> None:
        """Append characters; line ends and repeated blanks of the XML are one blank."""
        if not text:
            return
        text = _BLANKS.sub(" ", text)
        if self._after_blank and text[0] == " ":
            text = text[1:]
        if not text:
            return
        self._after_blank = text[-1] == " "
        if not text.isascii():
            text, dropped = clean(text)
            self.dropped.update(dropped)
        into.pieces.append((text, bold))

    def _rows(self, element: _Element) -> Iterator[list[Paragraph]]:
        for child in element:
            name = _name(child)
            if name == "table:table-row":
                yield list(self._cells(child))
            elif name in ("table:table-rows", "table:table-header-rows", "table:table-row-group"):
                yield from self._rows(child)

    def _cells(self, row: _Element) -> Iterator[Paragraph]:
        for cell in row:
            if _name(cell) in ("table:table-cell", "table:covered-table-cell"):
                lines = [line for part in self.parts(cell) for line in part.paragraphs()]
                pieces: list[tuple[str, bool]] = []
                for line in lines:
                    if line.text.strip():
                        pieces += [("\n", False)] if pieces else []
                        pieces += line.pieces
                for _ in range(_number(_get(cell, "table:number-columns-repeated"), _REPEATED)):
                    yield Paragraph(list(pieces))


def read_odt(source: Source) -> Reading:
    """Read an OpenDocument text.

    Raises:
        HostileFile: It breaks a limit of the archive, or its XML declares entities.
        ReadingError: It is damaged, encrypted or not an OpenDocument text.
    """
    path = os.fspath(source.path)
    archive = SafeZip(source.data, path)
    if "META-INF/manifest.xml" in archive and b"encryption-data" in archive.read(
        "META-INF/manifest.xml"
    ):
        raise ReadingError(path, "The file is encrypted; save it without a password.")
    if "content.xml" not in archive:
        raise ReadingError(path, "The archive holds no OpenDocument text.")
    root = parse(archive.read("content.xml"), path)
    office = "{" + _OASIS + "office:1.0}"
    text = root.find(f"{office}body/{office}text")
    if text is None:
        raise ReadingError(path, "This OpenDocument file is not a text.")
    styles = _Styles()
    headers = 0
    if "styles.xml" in archive:
        page_styles = parse(archive.read("styles.xml"), path)
        styles.add(page_styles)
        headers = _headers(page_styles)
    styles.add(root)
    body = _Body(styles)
    parts = list(body.parts(text))
    counts = _count(text) | {"headers": headers}
    return read_parts(
        source, parts, counts=counts, dropped=body.dropped, metadata=_properties(archive, path)
    )


def _count(text: _Element) -> dict[str, int]:
    """Count what was tracked, and what stands beside the text."""
    names: Counter[str] = Counter(
        name
        for element in text.iter()
        if (name := _name(element)) != "office:annotation" or _has_words(element)
    )
    return {
        "insertions": names["text:insertion"],
        "deletions": names["text:deletion"],
        "comments": names["office:annotation"],
        "notes": names["text:note"],
    }


def _headers(styles: _Element) -> int:
    """Count headers and footers with words in them."""
    return sum(
        1
        for element in styles.iter()
        if re.fullmatch(r"style:(?:header|footer)(?:-left|-first)?", _name(element))
        and _has_words(element)
    )


def _has_words(element: _Element) -> bool:
    return any(text.strip() for text in element.itertext())


def _properties(archive: SafeZip, path: str) -> dict[str, str]:
    """Give the document's own title; who wrote it is nobody's business here."""
    if "meta.xml" in archive:
        for element in parse(archive.read("meta.xml"), path).iter():
            if _name(element) == "dc:title" and (element.text or "").strip():
                return {"title": (element.text or "").strip()}
    return {}


def _name(element: _Element) -> str:
    """Give ``text:p`` and the like, whatever prefix the file uses; ``""`` for what is foreign."""
    tag = element.tag
    if not isinstance(tag, str):
        return ""  # a comment or processing instruction
    namespace, _, local = tag[1:].rpartition("}")
    if namespace in _PREFIX:
        return f"{_PREFIX[namespace]}:{local}"
    return "other"


def _get(element: _Element, name: str) -> str | None:
    prefix, _, local = name.partition(":")
    for namespace, short in _PREFIX.items():
        if short == prefix:
            value = element.get(f"{{{namespace}}}{local}")
            return None if value is None else str(value)
    return None


def _number(value: str | None, most: int) -> int:
    """Read a count of at least 1, at most ``most``; nonsense is 1."""
    if value is None or not re.fullmatch(r"[0-9]{1,9}", value):
        return 1
    return max(1, min(int(value), most))


def is_odt(data: bytes) -> bool:
    """Tell whether the bytes are an archive that says first of all that it is such a text."""
    return data.startswith(b"PK\x03\x04") and data[30:].startswith(b"mimetype" + _SIGNATURE)


ODT = Reader((".odt",), read_odt, is_odt, guarded=True)
