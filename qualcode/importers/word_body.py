"""The body of a Word document, walked element by element.

A walker of our own, because the usual ones lose words: tracked insertions and content controls
vanish from a paragraph's text, and cells looked up one by one take minutes. The tree is never
held whole: a paragraph or row is read when it is complete, then let go.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from qualcode.formats.xml import elements
from qualcode.importers.characters import clean
from qualcode.importers.page import Paragraph, Table

if TYPE_CHECKING:
    from lxml.etree import _Element

_WORD = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",  # "Strict Open XML"
)
_MATH = (
    "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "http://purl.oclc.org/ooxml/officeDocument/math",
)
_COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_TOP = tuple(f"{{{namespace}}}{name}" for namespace in _WORD for name in ("p", "tr", "tbl"))
_SKIPPED = frozenset(["pPr", "rPr", "sdtPr", "sdtEndPr", "tblPr", "tblGrid", "trPr", "tcPr"])
_REMOVED = frozenset(["del", "moveFrom"])
_ADDED = frozenset(["ins", "moveTo"])
_MARKS = {
    "tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n",
    "noBreakHyphen": "\u2011", "softHyphen": "\u00ad",
}  # fmt: skip
_DEPTH = 20
_HEADINGS = ("heading", "title", "subtitle")


class Styles:
    """Which styles of a document are bold, and which are headings."""

    def __init__(self, root: _Element | None = None) -> None:
        self._bold: dict[str, bool | None] = {}
        self._heading: set[str] = set()
        self._based_on: dict[str, str] = {}
        for style in [] if root is None else root:
            name = _attribute(style, "styleId")
            if _local(style) != "style" or name is None:
                continue
            for child in style:
                local = _local(child)
                if local == "basedOn":
                    self._based_on[name] = _attribute(child, "val") or ""
                elif local == "rPr":
                    self._bold[name] = _is_bold(child)
                elif local == "name":
                    shown = (_attribute(child, "val") or "").casefold()
                    if shown.startswith("heading") or shown in _HEADINGS:
                        self._heading.add(name)

    def bold(self, name: str | None) -> bool:
        """Tell whether text of this style, or of one that it is based on, is bold."""
        for _ in range(_DEPTH):
            if name is None:
                return False
            found = self._bold.get(name)
            if found is not None:
                return found
            name = self._based_on.get(name)
        return False

    def heading(self, name: str | None) -> bool:
        """Tell whether paragraphs of this style are headings, or of one that it is based on."""
        for _ in range(_DEPTH):
            if name is None:
                return False
            if name in self._heading:
                return True
            name = self._based_on.get(name)
        return False


class WordBody:
    """Walks a body and counts on the way what was inserted, deleted and dropped."""

    def __init__(self, styles: Styles) -> None:
        self._styles = styles
        self.insertions = 0
        self.deletions = 0
        self.dropped: Counter[str] = Counter()

    def parts(self, data: bytes, path: str) -> Iterator[Paragraph | Table]:
        """Give paragraphs and tables in reading order; blank paragraphs as well.

        Raises:
            HostileFile, ReadingError: As ``formats.xml.elements``.
        """
        table = Table()
        open_: Paragraph | None = None
        for element in elements(data, _TOP, path):
            local, around = _local(element), [_local(outer) for outer in element.iterancestors()]
            in_tables = around.count("tbl")
            if "p" in around or "Fallback" in around or (in_tables and local == "p"):
                continue  # read with the paragraph, the cell it is in
            if local == "p":
                open_ = self._continue(open_, element)
                if not self._joins_next(element):
                    yield from self._with_boxes(open_, element)
                    open_ = None
            elif local == "tr" and in_tables == 1:
                row = self._row(element)
                if row is not None:
                    table.rows.append(row)
            elif local == "tbl" and not in_tables:
                yield table
                table = Table()
            else:
                continue
            _let_go(element)
        if open_ is not None:
            yield open_

    def _continue(self, before: Paragraph | None, element: _Element) -> Paragraph:
        paragraph = self._paragraph(element)
        if before is None:
            return paragraph
        return Paragraph(before.pieces + paragraph.pieces, before.heading)

    def _joins_next(self, element: _Element) -> bool:
        """Tell whether the paragraph's end was deleted, so that the next one continues it."""
        mark = _child(_child(element, "pPr"), "rPr")
        deleted = mark is not None and any(_local(child) in _REMOVED for child in mark)
        self.deletions += deleted
        return deleted

    def _with_boxes(self, paragraph: Paragraph, element: _Element) -> Iterator[Paragraph]:
        """Give a paragraph, and after it what stands in text boxes anchored to it."""
        yield paragraph
        for box in _boxes(element):
            for inner in self._blocks(box, 0):
                yield from inner.paragraphs()

    def _paragraph(self, element: _Element) -> Paragraph:
        style = _attribute(_child(_child(element, "pPr"), "pStyle"), "val")
        paragraph = Paragraph([], self._styles.heading(style))
        self._walk(element, paragraph, self._styles.bold(style), 0)
        return paragraph

    def _walk(self, element: _Element, into: Paragraph, bold: bool, depth: int) -> None:
        """Append the text under an element: whatever wraps it, unless it was deleted."""
        for child in element:
            local = _local(child)
            if local in _SKIPPED or local in ("txbxContent", "Fallback"):
                continue
            if local in _REMOVED:
                self.deletions += _has_text(child)
                continue
            if local in _ADDED:
                self.insertions += _has_text(child)
            if local == "t":
                self._write(into, (child.text or "").replace("\n", " "), bold)
            elif local in _MARKS:
                self._write(into, _MARKS[local], bold)
            elif local == "sym":
                self._write(into, _symbol(child), bold)
            elif len(child):
                inner = self._run_bold(child, bold) if local == "r" else bold
                self._walk(child, into, inner, depth + 1)

    def _write(self, into: Paragraph, text: str, bold: bool) -> None:
        if not text.isascii() or not text.isprintable():
            text, dropped = clean(text)
            self.dropped.update(dropped)
        if text:
            into.pieces.append((text, bold))

    def _run_bold(self, run: _Element, inherited: bool) -> bool:
        properties = _child(run, "rPr")
        if properties is None:
            return inherited
        own = _is_bold(properties)
        if own is not None:
            return own
        style = _attribute(_child(properties, "rStyle"), "val")
        return inherited or self._styles.bold(style)

    def _row(self, element: _Element) -> list[Paragraph] | None:
        """Give the cells of a row; None if the row was deleted."""
        properties = _child(element, "trPr")
        changes = [] if properties is None else [_local(child) for child in properties]
        if "del" in changes:
            self.deletions += 1
            return None
        self.insertions += "ins" in changes
        return [self._cell(cell) for cell in _descend(element, "tc")]

    def _cell(self, element: _Element) -> Paragraph:
        """Give a cell's paragraphs, and the tables in it, as lines of one paragraph."""
        lines = [line for block in self._blocks(element, 0) for line in block.paragraphs()]
        pieces: list[tuple[str, bool]] = []
        for line in lines:
            if line.text.strip():
                pieces += [("\n", False)] if pieces else []
                pieces += line.pieces
        return Paragraph(pieces)

    def _blocks(self, element: _Element, depth: int) -> Iterator[Paragraph | Table]:
        for child in element:
            local = _local(child)
            if local == "p":
                yield from self._with_boxes(self._paragraph(child), child)
            elif local == "tbl":
                rows = (self._row(row) for row in _descend(child, "tr"))
                yield Table([row for row in rows if row is not None])
            elif local not in _SKIPPED and local not in _REMOVED and len(child):
                yield from self._blocks(child, depth + 1)


def _let_go(element: _Element) -> None:
    """Free a finished element and what came before it; the parser still holds its parents."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _local(element: _Element) -> str:
    """Give the name of an element of Word, of its mathematics or of ``mc:``; else ``""``."""
    tag = element.tag
    if not isinstance(tag, str):
        return ""  # a comment or processing instruction
    namespace, _, name = tag.lstrip("{").rpartition("}")
    if namespace in _WORD or namespace == _COMPATIBILITY or (namespace in _MATH and name == "t"):
        return name
    return ""


def _attribute(element: _Element | None, name: str) -> str | None:
    if element is None:
        return None
    for namespace in _WORD:
        value = element.get(f"{{{namespace}}}{name}")
        if value is not None:
            return str(value)
    return None


def _child(element: _Element | None, name: str) -> _Element | None:
    if element is None:
        return None
    return next((child for child in element if _local(child) == name), None)


def _descend(element: _Element, name: str) -> Iterator[_Element]:
    """Give the children of a name, through content controls and the like around them."""
    for child in element:
        local = _local(child)
        if local == name:
            yield child
        elif local in ("sdt", "sdtContent", "customXml", "ins"):
            yield from _descend(child, name)


def _boxes(element: _Element) -> Iterator[_Element]:
    """Give the contents of the text boxes under an element; those within others not again."""
    for child in element:
        local = _local(child)
        if local == "txbxContent":
            yield child
        elif local not in ("Fallback", *_REMOVED) and len(child):
            yield from _boxes(child)


def _has_text(element: _Element) -> bool:
    return any(_local(inner) in ("t", "delText") and inner.text for inner in element.iter())


def _is_bold(properties: _Element) -> bool | None:
    mark = _child(properties, "b")
    if mark is None:
        return None
    return _attribute(mark, "val") not in ("0", "false", "off", "none")


def _symbol(element: _Element) -> str:
    try:
        return chr(int(_attribute(element, "char") or "", 16))
    except (ValueError, OverflowError):
        return "\ufffd"
