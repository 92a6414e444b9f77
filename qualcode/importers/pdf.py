"""PDF: lines that were wrapped to fit a page are joined again, running headers stand apart.

A PDF knows no paragraphs, only where each character lies. A line was wrapped where the next
word would not have fitted on it and the next line follows at the usual distance; unless that
line begins with a label, it continues the paragraph. The page's own lines, such as its number,
are no part of anybody's speech; they come after the text, once.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from qualcode.errors import ReadingError
from qualcode.importers.characters import clean
from qualcode.importers.source import Reader, Source
from qualcode.model import Reading, ReadingWarning
from qualcode.text.plurals import counted
from qualcode.text.turns import find_turns

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfTextPage

NO_TEXT = (
    "The file holds pictures of pages, not text. Make the text readable first, with a program for"
    " text recognition (OCR), or ask for the original document."
)
_EDGE = 3
"""Lines at the top and at the bottom of a page among which running ones are looked for."""

_RUNNING = 0.6
_GAP = 1.25
"""Usual distances of lines, from which on a greater one parts paragraphs."""

_ALIKE = 1.6
"""Times the height of one line that another of the same paragraph may have; bold is higher."""

_FULL = 0.99
_SAME_LINE = 0.3
_DIGITS = re.compile(r"\d+")
_HYPHEN = "\ufffe"
_LAST_HYPHEN = re.compile(r"(?<=[^\W\d_])-$")
"""At the end of a page PDFium leaves it as it is."""

_PARTED = re.compile(r"([\w'’]+)\ufffe([\w'’]+)")
_WORD = re.compile(r"[\w'’]+(?:-[\w'’]+)*")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a page; positions in points, upwards and to the right."""

    text: str
    """Without outer white space. A hyphen that parts a word at its end is U+FFFE."""

    page: int
    left: float
    right: float
    bottom: float
    ends: float
    """Bottom of the last character."""

    height: float
    first_word: float
    """Width of its first word."""


def read_pdf(source: Source) -> Reading:
    """Read the text layer of a PDF. Only to be called in a process with limits.

    Raises:
        ReadingError: It is damaged, encrypted, or has no text.
    """
    pages, title = _pages(source)
    lines = [line for page in pages for line in page]
    if not lines:
        raise ReadingError(source.path, NO_TEXT)
    running = _running(pages)
    kinds = dict.fromkeys(_kind(line) for line in lines if line in running)
    body = _one_line_each(line for line in lines if line not in running)
    dropped: Counter[str] = Counter()
    text = _cleaned(_with_hyphens(_joined(body, source.pattern)), dropped).strip()
    found = find_turns(text, pattern=source.pattern, known=source.labels)
    warnings = [*source.warnings, *_remarks(pages, running)]
    if running:
        first = {_kind(line): line.text for line in reversed(lines) if line in running}
        stretches = [text, *(_cleaned(first[kind], dropped).strip() for kind in kinds)]
        text = "\n\n".join(filter(None, stretches))
    return Reading(
        text=text,
        turns=found.turns,
        format=source.format,
        pattern=found.pattern,
        encoding=None,
        sha256=source.sha256,
        source=source.data,
        anchors=found.anchors,
        metadata={"title": title} if title else {},
        warnings=(*warnings, *found.warnings),
        dropped=dict(dropped),
        facts={"preamble_lines": found.preamble_lines, "pages": len(pages)},
    )


def _with_hyphens(text: str) -> str:
    """Put hyphens back that belong to their words, such as that of "harm-reduction".

    At the end of a line PDFium gives U+FFFE for them as for those of a word that was parted to
    fit. Which of both it was the other words of the text tell; where these do not, a hyphen is
    taken for one that parts only if another is known to. Beside digits and capitals it stays.
    """
    known: set[str] = set()
    for word in _WORD.findall(text):
        known.update({word.casefold(), *word.casefold().split("-")})

    def parts(found: re.Match[str]) -> bool | None:
        left, right = found[1].casefold(), found[2].casefold()
        name = found[1][-1].islower() and found[2][0].isupper()
        if name or found[1][-1].isdigit() or f"{left}-{right}" in known:
            return False
        return True if left + right in known else None

    hyphenated = any(parts(found) for found in _PARTED.finditer(text))

    def restored(found: re.Match[str]) -> str:
        told = parts(found)
        goes = hyphenated if told is None else told
        return found[0] if goes else f"{found[1]}-{found[2]}"

    return _PARTED.sub(restored, text)


def _cleaned(text: str, dropped: Counter[str]) -> str:
    cleaned, counts = clean(text)
    dropped.update(counts)
    return cleaned


def _pages(source: Source) -> tuple[list[list[_Line]], str]:
    """Give the lines of every page, in the order of the file, and the document's title."""
    from pypdfium2 import PdfDocument, PdfiumError

    try:
        pdf = PdfDocument(source.data)
    except PdfiumError as error:
        password = "password" in str(error).casefold()
        problem = (
            "The file is encrypted; save it without a password."
            if password
            else "The file is damaged or not a PDF."
        )
        raise ReadingError(source.path, problem) from error
    try:
        title = " ".join(clean(pdf.get_metadata_value("Title"))[0].split())
        return [list(_page_lines(pdf, n)) for n in range(len(pdf))], title
    except PdfiumError as error:
        raise ReadingError(source.path, "A page of the file is damaged.") from error
    finally:
        pdf.close()


def _page_lines(pdf: PdfDocument, n: int) -> Iterator[_Line]:
    page = pdf[n]
    try:
        layer = page.get_textpage()
        try:
            yield from _lines(layer, n)
        finally:
            layer.close()
    finally:
        page.close()


def _lines(layer: PdfTextPage, page: int) -> Iterator[_Line]:
    text = layer.get_text_range()
    places = _Places(layer, text)
    # at U+FFFE PDFium joins two lines, also where the second is somebody else's
    for match in re.finditer(r"[^\r\n\ufffe]+\ufffe?", text):
        raw = match[0]
        words = raw.strip()
        if not words:
            continue
        start = match.start() + len(raw) - len(raw.lstrip())
        first = places.box(start)
        last = places.box(start + len(words) - 1)
        word = places.box(start + len(words.split(None, 1)[0]) - 1)
        left, bottom, _, top = first
        width = max(word[2] - left, 0.0)
        yield _Line(words, page, left, last[2], bottom, last[1], top - bottom, width)


class _Places:
    """Where the characters of a page's text lie on it."""

    def __init__(self, layer: PdfTextPage, text: str) -> None:
        from pypdfium2 import raw

        self._layer, self._index_of = layer, raw.FPDFText_GetCharIndexFromTextIndex
        self._wide: list[int] | None = None
        if any(character > "\uffff" for character in text):
            # PDFium counts UTF-16 units
            self._wide, at = [], 0
            for character in text:
                self._wide.append(at)
                at += 2 if character > "\uffff" else 1

    def box(self, position: int) -> tuple[float, float, float, float]:
        """Give left, bottom, right, top of a character, as high as its font."""
        unit = position if self._wide is None else self._wide[position]
        index = self._index_of(self._layer, unit)
        if index < 0:
            return 0.0, 0.0, 0.0, 0.0
        left, bottom, right, top = self._layer.get_charbox(index, loose=True)
        return left, bottom, right, top


def _kind(line: _Line) -> str:
    """Give what a running line says, whatever the page's number."""
    return _DIGITS.sub("0", " ".join(line.text.split()))


def _running(pages: Sequence[Sequence[_Line]]) -> set[_Line]:
    """Find the lines at the edges of pages that are on more than 60 % of them, at one height.

    A label alone on its line is none, however often it stands there.
    """
    at_edges: defaultdict[tuple[str, int], list[_Line]] = defaultdict(list)
    for page in pages:
        by_height = sorted(page, key=lambda line: -line.bottom)
        for line in dict.fromkeys([*by_height[:_EDGE], *by_height[-_EDGE:]]):
            if not line.text.endswith(":"):
                at_edges[_kind(line), round(line.bottom)].append(line)
    filled = sum(1 for page in pages if page)
    found: set[_Line] = set()
    for lines in at_edges.values():
        on = len({line.page for line in lines})
        if on >= 2 and on > _RUNNING * filled:
            found.update(lines)
    return found


def _one_line_each(lines: Iterable[_Line]) -> list[_Line]:
    """Join what PDFium gives in parts though it stands on one line, such as label and words."""
    found: list[_Line] = []
    for line in lines:
        before = found[-1] if found else None
        if (
            before is not None
            and before.page == line.page
            and abs(before.ends - line.bottom) < _SAME_LINE * before.height
            and line.left >= before.right
        ):
            text = before.text + _between(before, line) + line.text
            found[-1] = replace(before, text=text, right=line.right, ends=line.ends)
        else:
            found.append(line)
    return found


def _joined(lines: Sequence[_Line], pattern: str | None) -> str:
    """Give the paragraphs, an empty line between two of them."""
    wrapped = _wrapped(lines)
    starts, alone = _labels(lines, wrapped, pattern)
    parts: list[str] = []
    for i, line in enumerate(lines):
        if not i:
            parts.append(line.text)
        elif not wrapped[i] or i in starts or i - 1 in alone:
            if parts[-1].endswith(_HYPHEN):  # of somebody who was interrupted
                parts[-1] = parts[-1][:-1] + "-"
            parts += ["\n\n", line.text]
        else:
            if lines[i - 1].page != line.page and line.text[0].islower():
                parts[-1] = _LAST_HYPHEN.sub(_HYPHEN, parts[-1])
            parts += [
                "" if parts[-1].endswith(_HYPHEN) else _between(lines[i - 1], line),
                line.text,
            ]
    return "".join(parts)


def _between(before: _Line, line: _Line) -> str:
    """Give what stands between two lines that are one: nothing within a word or a number."""
    number = re.search(r"\d-$", before.text) and line.text[0].isdigit()
    return "" if number or before.text.endswith(_HYPHEN) else " "


def _wrapped(lines: Sequence[_Line]) -> list[bool]:
    """Tell of every line whether it may be the rest of the one before."""
    margin = max((line.right for line in lines), default=0.0)
    distances = [
        before.ends - line.bottom
        for before, line in pairwise(lines)
        if before.page == line.page and before.ends > line.bottom
    ]
    usual = median(distances) if distances else 0.0
    found = [False]
    for before, line in pairwise(lines):
        blank = before.height / 4
        full = before.right + blank + line.first_word > margin * _FULL
        distance = before.ends - line.bottom
        parted = before.text.endswith(_HYPHEN) and line.text[0].islower()
        # a line higher up, or on the next page, stands at the top of a column
        near = before.page != line.page or distance < 0 or distance <= _GAP * usual
        alike = max(line.height, before.height) <= _ALIKE * min(line.height, before.height)
        found.append(near and alike and (full or parted))
    return found[: len(lines)]


def _labels(
    lines: Sequence[_Line], wrapped: Sequence[bool], pattern: str | None
) -> tuple[set[int], set[int]]:
    """Find the lines that begin with a label, and those that hold nothing else.

    Words in small letters that only ever stand at the beginning of a line because it was wrapped
    there, such as "and he said:", are no label. What only looks like a label in capitals keeps its
    line, so that it can be told where it is.
    """
    text = "\n".join(clean(line.text)[0] for line in lines)
    found = find_turns(text, pattern=pattern)
    places: defaultdict[str | None, list[int]] = defaultdict(list)
    ends: list[int] = []
    at = -1
    for part in text.split("\n"):
        at += len(part) + 1
        ends.append(at)
    alone: set[int] = set()
    for turn in found.turns:
        n = (turn.line or 1) - 1
        places[turn.label].append(n)
        if turn.start >= ends[n]:
            alone.add(n)
    starts: set[int] = set()
    for label, those in places.items():
        if not (label and label[0].islower() and all(wrapped[n] for n in those)):
            starts.update(those)
    alone &= starts
    for warning in found.warnings:
        n = (warning.line or 1) - 1
        if warning.code == "label_like" and not lines[n].text[0].islower():
            starts.add(n)
    return starts, alone


def _remarks(pages: Sequence[Sequence[_Line]], running: set[_Line]) -> Iterator[ReadingWarning]:
    empty = [str(n) for n, page in enumerate(pages, 1) if not page]
    if empty:
        which = "Page" if len(empty) == 1 else "Pages"
        has = "has" if len(empty) == 1 else "have"
        shown = ", ".join(empty[:10]) + (" …" if len(empty) > 10 else "")
        message = f"{which} {shown} {has} no text; a picture needs text recognition (OCR)."
        yield ReadingWarning("page_without_text", message)
    if running:
        lines = counted(
            len(running), "header or footer of a page is", "headers and footers of pages are"
        )
        message = f"{lines} no speech; each stands once, after the text."
        yield ReadingWarning("running_lines", message)


def is_pdf(data: bytes) -> bool:
    """Tell whether the bytes begin as a PDF does, a few stray ones before it or not."""
    return b"%PDF-" in data[:1024]


PDF = Reader((".pdf",), read_pdf, is_pdf, guarded=True)
