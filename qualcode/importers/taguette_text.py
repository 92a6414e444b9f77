"""The text of a document as Taguette keeps it, and where its offsets lie in it.

Taguette keeps every document as a page and counts UTF-8 bytes of its words, tags left out. White
space in which a page is merely laid out becomes one blank, the end of a block ends a paragraph;
so every stretch of bytes is kept with the characters that it became.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass
from html.parser import HTMLParser

from qualcode.importers.characters import clean

_PARAGRAPHS = frozenset([
    "p", "pre", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "table",
    "caption", "div", "section", "article", "hr",
])  # fmt: skip
_LINES = frozenset(["li", "dt", "dd", "tr", "thead", "tbody"])
_CELLS = frozenset(["td", "th"])
_HIDDEN = frozenset(["script", "style"])
_TOKENS = re.compile(r"[ \t\n\f\r\v]+|[^ \t\n\f\r\v]+(?: [^ \t\n\f\r\v]+)*")


@dataclass(slots=True)
class _Stretch:
    """Bytes that stand together, and what became of them."""

    begins: int
    """The first byte."""

    size: int
    at: int
    """Where its characters are in our text."""

    kept: str
    """Its characters there; one blank or none for white space."""


class PageText:
    """A page as text.

    Attributes:
        text: As we keep it.
        size: UTF-8 bytes of all its words: one past the last offset there is.
        dropped: Kind of character → how many were dropped.
    """

    def __init__(self, page: str) -> None:
        walker = _Walker()
        # a page that is cut short, as a snippet may be, must not end inside a line end
        walker.feed(page.replace("\r\n", "\n").replace("\r", "\n"))
        walker.close()
        walker.settle()
        self.text = "".join(walker.pieces)
        self.size = walker.bytes
        self.dropped = walker.dropped
        self._stretches = walker.stretches
        self._begins = [one.begins for one in walker.stretches]
        self._ends = [one.begins + one.size for one in walker.stretches]

    def start(self, offset: int) -> int:
        """Map where a highlight begins; inside a character, to before it."""
        at = bisect_right(self._begins, offset) - 1
        return self._map(at, offset, up=False) if at >= 0 else 0

    def stop(self, offset: int) -> int:
        """Map where a highlight ends; inside a character, to after it."""
        at = bisect_left(self._ends, offset)
        return self._map(at, offset, up=True) if at < len(self._ends) else len(self.text)

    def _map(self, at: int, offset: int, *, up: bool) -> int:
        one = self._stretches[at]
        past = offset - one.begins
        if past <= 0:
            return one.at
        if past >= one.size:
            return one.at + len(one.kept)
        encoded = one.kept.encode()
        if len(encoded) != one.size:  # white space, or what was dropped
            return one.at + (len(one.kept) if up else 0)
        whole = encoded[:past].decode(errors="ignore")
        inside = len(whole.encode()) < past
        return one.at + len(whole) + (up and inside)


class _Walker(HTMLParser):
    """Walks the text nodes of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.stretches: list[_Stretch] = []
        self.bytes = 0
        self.dropped: Counter[str] = Counter()
        self._length = 0
        self._break = ""
        self._waiting: list[_Stretch] = []  # white space after which nothing has come yet
        self._preformatted = self._hidden = 0
        self._first = False  # nothing has come yet in a <pre>

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self._end("\n\n" if self._break.startswith("\n") else "\n")
        self._handle(tag)
        self._preformatted += tag == "pre"
        self._first = tag == "pre"
        self._hidden += tag in _HIDDEN

    def handle_endtag(self, tag: str) -> None:
        self._handle(tag)
        self._preformatted -= tag == "pre" and self._preformatted > 0
        self._hidden -= tag in _HIDDEN and self._hidden > 0
        self._first = False

    def _handle(self, tag: str) -> None:
        if tag in _PARAGRAPHS:
            self._end("\n\n")
        elif tag in _LINES:
            self._end("\n")
        elif tag in _CELLS:
            self._end("\t")

    def _end(self, with_: str) -> None:
        """End a paragraph, a line or a cell, as soon as something follows."""
        self._break = max(self._break, with_, key=("", "\t", "\n", "\n\n").index)
        self.settle()

    def parse_marked_section(self, i: int, report: bool = True) -> int:
        # html.parser stops for good at a "<![" it does not know
        try:
            return super().parse_marked_section(i, report)
        except AssertionError:
            self.handle_data("<![")
            return i + 3

    def handle_data(self, data: str) -> None:
        if self._first:
            data = data.removeprefix("\n")
        self._first = False
        if self._hidden:
            self._stretch(data, "")
        elif self._preformatted:
            self._words(data)
        else:
            for token in _TOKENS.findall(data):
                if token.isspace() and token[0] in " \t\n\f\r\v":
                    self._waiting.append(self._stretch(token, ""))
                else:
                    self._words(token)

    def _words(self, words: str) -> None:
        self._flush()
        kept, dropped = clean(words)
        if kept == words:
            self._put(words, words)
            return
        self.dropped.update(dropped)
        for char in words:
            self._put(char, clean(char)[0])

    def _flush(self) -> None:
        """Write what parts the words to come from those before."""
        if self._break and self.pieces:
            self.pieces.append(self._break)
            self._length += len(self._break)
            self._waiting = []
        elif self._waiting and self.pieces:
            first = self._waiting[0]
            first.kept = " "
            self.pieces.append(" ")
            self._length += 1
        for one in self._waiting[1:]:
            one.at = self._length
        self._break, self._waiting = "", []

    def settle(self) -> None:
        """Leave out white space at the end of a line."""
        self._waiting = []

    def _put(self, theirs: str, ours: str) -> None:
        self._stretch(theirs, ours)
        if ours:
            self.pieces.append(ours)
            self._length += len(ours)

    def _stretch(self, theirs: str, ours: str) -> _Stretch:
        size = len(theirs.encode("utf-8", "replace"))
        found = _Stretch(self.bytes, size, self._length, ours)
        if size:
            self.stretches.append(found)
        self.bytes += size
        return found
