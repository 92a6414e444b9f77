"""Web pages: the words of the blocks, in order. Nothing is fetched and no script is run.

The end of a block ends a paragraph. Bold counts only for telling who speaks.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser

from qualcode.errors import ReadingError
from qualcode.importers.characters import Decoded, clean, decode
from qualcode.importers.page import Paragraph, Part, Table, read_parts
from qualcode.importers.source import Reader, Source
from qualcode.model import Reading

_BLOCKS = frozenset([
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details",
    "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form",
    "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "html", "legend", "li", "main",
    "menu", "nav", "ol", "optgroup", "option", "p", "pre", "search", "section", "select",
    "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
])  # fmt: skip
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
_NOT_TEXT = frozenset(["script", "style", "title", "template", "noscript", "iframe", "svg", "math"])
_VOID = frozenset([
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
])  # fmt: skip
# a start tag that ends an element left open, as the standard allows
_ENDED_BY = {
    "p": _BLOCKS - {"body", "html"},
    "li": frozenset(["li"]),
    "dt": frozenset(["dt", "dd"]),
    "dd": frozenset(["dt", "dd"]),
    "td": frozenset(["td", "th", "tr"]),
    "th": frozenset(["td", "th", "tr"]),
    "tr": frozenset(["tr"]),
    "option": frozenset(["option", "optgroup"]),
}
_BLANKS = re.compile(r"[ \t\n\f\r]+")
_BOLD = re.compile(r"font-weight\s*:\s*(\w+)", re.IGNORECASE)
_RULE = re.compile(r"\.([\w-]{1,40})\s*\{([^{}]{0,2000})\}")
_RECOGNISED = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html)\b",
    re.I | re.S,
)
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([\w:.-]{1,40})", re.IGNORECASE)
_CODECS = re.compile(
    r"utf-8|iso-8859-\d{1,2}|windows-\d{3,4}|cp\d{3,5}|koi8-[ru]|macintosh|shift_jis|euc-jp|euc-kr"
    r"|gb2312|gbk|gb18030|big5|latin1|us-ascii",
    re.IGNORECASE,
)
_WESTERN = frozenset(["iso-8859-1", "latin1", "us-ascii"])
"""Names under which every browser reads Western Windows."""


@dataclass(slots=True)
class _Open:
    """An element whose end has not come."""

    tag: str
    bold: bool
    stamp: float | None = None
    """Seconds, for the element that stands for a time stamp."""


@dataclass(slots=True)
class Words:
    """What a page says."""

    parts: list[Part] = field(default_factory=list)
    title: str = ""
    dropped: Counter[str] = field(default_factory=Counter)
    anchors: list[tuple[Paragraph, int, float]] = field(default_factory=list)
    """Time stamps: the paragraph, how many characters of it stand before, seconds."""


class PageParser(HTMLParser):
    """Collects the words of a page.

    Args:
        stamps: Attribute that makes an element a time stamp in seconds; its words are not text.
    """

    def __init__(self, stamps: str | None = None) -> None:
        super().__init__(convert_charrefs=True)
        self.words = Words()
        self._stamps = stamps
        self._open: list[_Open] = []
        self._counts: Counter[str] = Counter()
        self._paragraph = Paragraph()
        self._length = 0  # of the paragraph's text
        self._breaks = 0  # lines of it that have ended
        self._line = 1  # of the page, on which the words at hand begin
        self._tables: list[Table] = []
        self._cells: list[Paragraph] = []
        self._bold_classes: dict[str, bool] = {}

    # --- what the parser calls --------------------------------------------------------------------

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            if self._paragraph.pieces:
                self._append("\n")
            return
        while self._open and tag in _ENDED_BY.get(self._open[-1].tag, ()):
            self._close()
        if tag in _BLOCKS:
            self._end_block()
        given = {name: value or "" for name, value in attrs}
        if tag in _HEADINGS:
            self._paragraph.heading = True
        if tag == "table":
            self._tables.append(Table())
        elif tag == "tr" and self._tables:
            self._tables[-1].rows.append([])
        elif tag in ("td", "th") and self._tables:
            self._tables[-1].rows = self._tables[-1].rows or [[]]
            self._cells.append(Paragraph())
        if tag not in _VOID:
            self._push(tag, given)

    def handle_endtag(self, tag: str) -> None:
        if self._counts[tag]:
            while self._open[-1].tag != tag:
                self._close()
            self._close()
        elif tag in _BLOCKS:
            self._end_block()

    def handle_data(self, data: str) -> None:
        if self._counts["style"]:
            self._learn(data)
        elif self._counts["title"] and not self._counts["svg"]:
            self.words.title += data
        elif any(self._counts[tag] for tag in _NOT_TEXT) or self._in_stamp():
            return
        elif self._counts["pre"]:
            self._line = self.getpos()[0]
            self._append(data.replace("\r\n", "\n").replace("\r", "\n"))
        else:
            blank = len(data) - len(data.lstrip())
            self._line = self.getpos()[0] + data.count("\n", 0, blank)
            self._append_flowing(_BLANKS.sub(" ", data))

    def parse_marked_section(self, i: int, report: bool = True) -> int:
        # html.parser stops for good at a "<![" it does not know
        try:
            return super().parse_marked_section(i, report)
        except AssertionError:
            self.handle_data("<![")
            return i + 3

    def finish(self) -> Words:
        """Take in what is left open at the end, and give the words."""
        self.close()
        while self._open:
            self._close()
        self._end_block()
        return self.words

    # --- what the elements mean -------------------------------------------------------------------

    def _push(self, tag: str, given: dict[str, str]) -> None:
        inherited = self._open[-1].bold if self._open else False
        stamp = None
        if self._stamps is not None and self._stamps in given:
            stamp = _seconds(given[self._stamps])
            if stamp is not None:
                self.words.anchors.append((self._paragraph, self._length, stamp))
        self._open.append(_Open(tag, self._is_bold(tag, given, inherited), stamp))
        self._counts[tag] += 1

    def _is_bold(self, tag: str, given: dict[str, str], inherited: bool) -> bool:
        found = _BOLD.search(given.get("style", ""))
        if found:
            return _heavy(found[1])
        for name in given.get("class", "").split():
            if name in self._bold_classes:
                return self._bold_classes[name]
        return tag in ("b", "strong", "th") or inherited

    def _learn(self, style: str) -> None:
        """Remember which classes a style sheet makes bold."""
        for name, rule in _RULE.findall(style):
            found = _BOLD.search(rule)
            if found:
                self._bold_classes[name] = _heavy(found[1])

    def _close(self) -> None:
        tag = self._open.pop().tag
        self._counts[tag] -= 1
        if tag not in _BLOCKS:
            return
        self._end_block()
        if tag in ("td", "th") and self._cells:
            cell = self._cells.pop()
            self._tables[-1].rows[-1].append(cell)
        elif tag == "table" and self._tables:
            table = self._tables.pop()
            for paragraph in [table] if not self._cells else table.paragraphs():
                self._put(paragraph)

    def _in_stamp(self) -> bool:
        return self._stamps is not None and any(one.stamp is not None for one in self._open)

    def _append_flowing(self, text: str) -> None:
        """Append text in which blanks are layout: none at the start of a line, never two."""
        pieces = self._paragraph.pieces
        before = pieces[-1][0][-1:] if pieces else "\n"
        if before in " \n":
            text = text.removeprefix(" ")
        self._append(text)

    def _append(self, text: str) -> None:
        if not text.isascii() or not text.isprintable():
            text, dropped = clean(text)
            self.words.dropped.update(dropped)
        if text:
            self._length += len(text)
            self._number(text)
            self._paragraph.pieces.append((text, bool(self._open) and self._open[-1].bold))

    def _number(self, text: str) -> None:
        """Note on which line of the page each line of the paragraph begins."""
        lines = self._paragraph.lines
        for i, line in enumerate(text.split("\n")):
            self._breaks += bool(i)
            if len(lines) <= self._breaks and line.strip():
                missing = self._breaks - len(lines)
                lines += [self._line + i] * (missing + 1)

    def _end_block(self) -> None:
        paragraph = self._paragraph
        self._length = self._breaks = 0
        if paragraph.pieces:
            text, bold = paragraph.pieces[-1]
            paragraph.pieces[-1] = (text.rstrip(" \n"), bold)
        if paragraph.text.strip():
            self._paragraph = Paragraph()
            self._put(paragraph)
        else:
            paragraph.pieces.clear()
            paragraph.lines.clear()
            paragraph.heading = False

    def _put(self, part: Part) -> None:
        if not self._cells:
            self.words.parts.append(part)
            return
        for paragraph in part.paragraphs():
            cell = self._cells[-1]
            cell.pieces += [("\n", False)] if cell.pieces else []
            cell.pieces += paragraph.pieces
            cell.lines += paragraph.numbered()


def read_html(source: Source) -> Reading:
    """Read a web page.

    Raises:
        ReadingError: It cannot be decoded as asked.
    """
    decoded = _decoded(source)
    words = words_of(decoded.text)
    metadata = {"title": " ".join(words.title.split())} if words.title.strip() else {}
    return read_parts(
        source,
        words.parts,
        counts={},
        dropped=words.dropped + Counter(decoded.dropped),
        metadata=metadata,
        encoding=decoded.encoding,
        warnings=decoded.warnings,
    )


def words_of(text: str, *, stamps: str | None = None) -> Words:
    """Give the words of a page, or of a piece of one; see ``PageParser``."""
    parser = PageParser(stamps)
    parser.feed(text)
    return parser.finish()


def _decoded(source: Source) -> Decoded:
    """Decode as any text; what is not Unicode, by the codec that the page names."""
    decoded = decode(source)
    if not decoded.warnings:
        return decoded
    named = _CHARSET.search(source.data[:4096])
    codec = named[1].decode("ascii").lower() if named else ""
    if not _CODECS.fullmatch(codec) or codec == "utf-8":
        return decoded
    try:
        asked = decode(replace(source, encoding="cp1252" if codec in _WESTERN else codec))
    except ReadingError:
        return decoded
    return asked


def _heavy(weight: str) -> bool:
    return weight.lower() in ("bold", "bolder") or weight in ("600", "700", "800", "900")


def _seconds(stamp: str) -> float | None:
    return float(stamp) if re.fullmatch(r"\d{1,7}(?:\.\d{1,20})?", stamp.strip()) else None


def is_html(data: bytes) -> bool:
    """Tell whether the bytes begin as a web page does."""
    head = data[:4096].replace(b"\0", b"")
    for mark in (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"):
        head = head.removeprefix(mark)
    return _RECOGNISED.match(head.decode("latin-1")) is not None


HTML = Reader((".html", ".htm", ".xhtml"), read_html, is_html, guarded=True)
