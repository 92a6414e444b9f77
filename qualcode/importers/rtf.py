r"""Rich Text Format: striprtf gives the characters; what it does not tell is found beforehand.

A first pass over the control words finds what is bold, what was tracked as changed and what
stands beside the text. It writes marks between the words that no RTF can hold, and striprtf
carries them over. It also writes every control word with its blank, so that striprtf sees no
link (it would put the address into the text) and no byte of a picture.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from qualcode.errors import ReadingError
from qualcode.importers.characters import clean
from qualcode.importers.page import Paragraph, read_parts
from qualcode.importers.source import Reader, Source
from qualcode.model import Reading, ReadingWarning

_SIGNATURE = b"{\\rtf"
_BINARY = re.compile(rb"\\bin(\d{1,9}) ?")
_TOKEN = re.compile(
    r"\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})? ?"
    r"|\\'(?P<byte>[0-9a-fA-F]{2})|\\(?P<sign>[^a-zA-Z])|(?P<brace>[{}])|[\r\n]+"
    r"|(?P<plain>[^\\{}\r\n\x80-\xff]+)|(?P<high>[\x80-\xff])"
)
# Beyond U+FFFF: RTF writes such characters as two halves, so before these are joined there is none
_BOLD, _LIGHT, _LINE, _HEAD = "\U0010fffd", "\U0010fffe", "\U0010ffff", "\U0010fffc"
_MARKS = re.compile(f"([{_BOLD}{_LIGHT}{_HEAD}])")
_LETTERS = frozenset([
    "tab", "emdash", "endash", "emspace", "enspace", "qmspace", "bullet", "lquote", "rquote",
    "ldblquote", "rdblquote", "u", "line",
])  # fmt: skip
_BESIDE = {
    "annotation": "comments", "footnote": "notes", "header": "headers", "headerf": "headers",
    "headerl": "headers", "headerr": "headers", "footer": "headers", "footerf": "headers",
    "footerl": "headers", "footerr": "headers",
}  # fmt: skip
_COUNTS = ("insertions", "deletions", "comments", "notes", "headers")
_WRITTEN = {"cell": "\\tab ", "nestcell": "\\tab ", "line": _LINE}
_STYLE = re.compile(r"\\s(\d{1,5})[^;{}]{0,400}?\s(?:heading \d|title|subtitle);", re.IGNORECASE)
_TITLE = re.compile(r"\{\\title\s([^{}\\\x80-\xff]{1,500})\}")
_CODE_PAGE = re.compile(r"\\ansicpg(\d{1,5})")


@dataclass(frozen=True, slots=True)
class _Group:
    """What holds in a group of the file, until its brace closes."""

    bold: bool = False
    heading: bool = False
    deleted: bool = False
    inserted: bool = False
    beside: str | None = None
    """Which count its words belong to, where they are not text."""


class _Marker:
    """Goes over the control words and writes the file anew, with marks."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._now = _Group()
        self._around: list[_Group] = []
        self._written: list[str] = []
        self._headings = set(_STYLE.findall(text))
        # what the last marks say of bold and heading; None after a group
        self._marked: tuple[bool, bool] | None = None
        self._change = ""
        self._counted = False
        self.cut_off = False
        """Whether a group is open where the file ends."""

        self.counts = dict.fromkeys(_COUNTS, 0)

    def marked(self) -> str:
        """Give the file with marks for striprtf."""
        for token in _TOKEN.finditer(self._text):
            if token["brace"]:
                self._brace(token["brace"])
            elif token["word"]:
                self._word(token["word"], token["number"])
            elif token["sign"]:
                if token["sign"] in "*\r\n":
                    self._written.append("\\* " if token["sign"] == "*" else "\\par ")
                else:
                    self._letters(token[0])
            elif token["high"]:
                self._letters(f"\\'{ord(token[0]):02x}")
            elif token["byte"] or token["plain"]:
                self._letters(token[0])
        self.cut_off = bool(self._around)
        return "".join(self._written)

    def _brace(self, brace: str) -> None:
        if brace == "{":
            self._around.append(self._now)
        elif self._around:
            self._now = self._around.pop()
            self._counted = self._counted and self._now.beside is not None
        self._marked = None  # a mark in a group that is not text is lost with it
        self._written.append(brace)

    def _word(self, word: str, number: str | None) -> None:
        on = number != "0"
        if word == "b":
            self._now = replace(self._now, bold=on)
        elif word == "deleted":
            self._now = replace(self._now, deleted=on)
        elif word == "revised":
            self._now = replace(self._now, inserted=on)
        elif word == "s":
            self._now = replace(self._now, heading=number in self._headings)
        elif word == "pard":
            self._now = replace(self._now, heading=False)
        elif word == "plain":
            self._now = replace(self._now, bold=False, deleted=False, inserted=False)
        elif word in _BESIDE and self._now.beside is None:
            self._now, self._counted = replace(self._now, beside=_BESIDE[word]), False
        written = _WRITTEN.get(word, f"\\{word}{number or ''} ")
        if word in _LETTERS:
            self._letters(written)
        else:
            self._written.append(written)

    def _letters(self, written: str) -> None:
        """Write characters: text, unless they were deleted or stand beside it."""
        now = self._now
        if now.beside is not None:
            if not self._counted and written.strip():
                self.counts[now.beside] += 1
                self._counted = True
            self._written.append(written)
            return
        change = "deletions" if now.deleted else "insertions" if now.inserted else ""
        if change and change != self._change:
            self.counts[change] += 1
        self._change = change
        if now.deleted:
            return
        if self._marked != (now.bold, now.heading):
            self._written.append(_BOLD if now.bold else _LIGHT)
            self._written.append(_HEAD if now.heading else "")
            self._marked = (now.bold, now.heading)
        self._written.append(written)


def read_rtf(source: Source) -> Reading:
    """Read a Rich Text file.

    Raises:
        ReadingError: It does not begin as an RTF file must, or cannot be decoded.
    """
    from striprtf.striprtf import rtf_to_text

    if not source.data.startswith(_SIGNATURE):
        raise ReadingError(source.path, "This is not an RTF file.")
    text = _without_binary(source.data).decode("latin-1")
    marker = _Marker(text)
    marked = marker.marked()
    try:
        raw: str = rtf_to_text(marked, errors="replace")  # type: ignore[no-untyped-call]
    except (ValueError, TypeError, LookupError, OverflowError) as error:
        # what it raises on control words without their number, or with one out of range
        raise ReadingError(source.path, "The RTF is damaged.") from error
    if marker.cut_off:
        raise ReadingError(source.path, "The RTF ends in the middle; it is cut off.")
    parts, dropped = _paragraphs(raw)
    title = _TITLE.search(text)
    page = _CODE_PAGE.search(text)
    undecoded = raw.count("\ufffd")
    message = f"Characters that could not be decoded and stand as \ufffd: {undecoded}."
    return read_parts(
        source,
        parts,
        counts=marker.counts,
        dropped=dropped,
        metadata={"title": title[1].strip()} if title else {},
        encoding=f"cp{page[1]}" if page else "cp1252",
        warnings=[ReadingWarning("undecoded", message)] if undecoded else [],
    )


def _without_binary(data: bytes) -> bytes:
    r"""Leave out what follows ``\bin``: bytes of a picture, in which any sign may occur."""
    kept: list[bytes] = []
    at = 0
    while found := _BINARY.search(data, at):
        kept.append(data[at : found.start()])
        at = found.end() + int(found[1])
    return b"".join([*kept, data[at:]])


def _paragraphs(raw: str) -> tuple[list[Paragraph], Counter[str]]:
    """Divide what striprtf gave into paragraphs by line ends, and these at the marks."""
    dropped: Counter[str] = Counter()
    paragraphs = []
    bold = False
    for line in raw.replace("\r", "").split("\n"):
        paragraph = Paragraph()
        for piece in _MARKS.split(line):
            if piece == _HEAD:
                paragraph.heading = True
            elif _MARKS.fullmatch(piece):
                bold = piece == _BOLD
            elif piece:
                for text in _cleaned(piece, dropped):
                    paragraph.pieces.append((text, bold))
        paragraphs.append(paragraph)
    return paragraphs, dropped


def _cleaned(piece: str, dropped: Counter[str]) -> Iterator[str]:
    text, counts = clean(piece.replace(_LINE, "\n"))
    dropped.update(counts)
    if text:
        yield text


def is_rtf(data: bytes) -> bool:
    """Tell whether the bytes begin as an RTF file must."""
    return data.startswith(_SIGNATURE)


RTF = Reader((".rtf",), read_rtf, is_rtf, guarded=True)
