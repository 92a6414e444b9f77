"""How a stretch of text appears in terminal cells, and back from a cell to the text.

Terminals and libraries disagree about the width of many characters (skin tones, keycaps, joined
emoji, tabs). Here each *grapheme* (what a reader takes for one character) is drawn as something
whose width nobody disputes, always at least one cell, so that an offset and a cell tell each
other exactly. Control and bidirectional characters never reach the terminal. A redacted stretch
is one grapheme too, drawn as its label. Knows no Textual.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from rich.cells import cell_len, get_character_cell_size

from qualcode.text.safe import shown

if TYPE_CHECKING:
    from qualcode.text.redaction import Replacement

_SIMPLE = re.compile(
    "[\x00-\xac\xae-\u02ff\u0370-\u0377\u037a-\u037f\u0384-\u0482"
    "\u2010-\u2029\u2030-\u205e\u20a0-\u20bf]*"
)
"""Text whose every character is one grapheme and, once shown, one cell. It takes in the curly
quotes, dashes and ellipses of ordinary transcripts, so nearly all of them take the fast way."""

_ZWJ = "\u200d"
_EMOJI_STYLE = "\ufe0f"
_KEYCAP = "\u20e3"
_DOTTED_CIRCLE = "\u25cc"
_UNDRAWABLE = "\u2426"
_MOST_CELLS = 4
MOST_CHARACTERS = 32
"""A base with a heap of marks may not outgrow the narrowest text column, nor take for ever."""

WIDEST_LABEL = 120
"""Cells of a label before it is fitted to the rows."""


@dataclass(frozen=True, slots=True)
class Graphemes:
    """The graphemes of one stretch of text."""

    starts: Sequence[int]
    """Offset of each in the text, ascending."""

    stop: int
    """Where the last one ends."""

    cells: Sequence[int]
    """Cells each takes when drawn; never 0."""

    labels: Mapping[int, str] = field(default_factory=dict)
    """Where redacted stretches begin → what is drawn for each; all else is drawn as itself."""

    def next(self, position: int) -> int:
        """The first boundary after ``position``; ``stop`` at the end."""
        i = bisect_right(self.starts, position)
        return self.starts[i] if i < len(self.starts) else self.stop

    def back(self, position: int) -> int:
        """The last boundary before ``position``; the start at the beginning."""
        i = bisect_right(self.starts, position - 1) - 1
        return self.starts[max(i, 0)]

    def snap(self, position: int) -> int:
        """The boundary at or before ``position``."""
        if position >= self.stop:
            return self.stop
        return self.starts[max(bisect_right(self.starts, position) - 1, 0)]


def is_simple(text: str, start: int, stop: int) -> bool:
    """Whether every character of ``text[start:stop]`` is one grapheme of one cell."""
    return _SIMPLE.fullmatch(text, start, stop) is not None


def graphemes(text: str, start: int, stop: int) -> Graphemes:
    """Cut ``text[start:stop]`` into graphemes and measure each as ``draw`` will draw it."""
    starts, cells, at = array("I"), bytearray(), start
    while at < stop:
        if starts and _joins(text, starts[-1], at, cells[-1]):
            cells[-1] = cells_of(text[starts[-1] : at + 1])
        else:
            starts.append(at)
            cells.append(cells_of(text[at]))
        at += 1
        simple = _SIMPLE.match(text, at - 1, stop)
        if simple and simple.end() > at:  # of simple text only the first may join what is before
            starts.extend(range(at, simple.end()))
            cells.extend(b"\1" * (simple.end() - at))
            at = simple.end()
    return Graphemes(starts, stop, cells)


def redacted_graphemes(
    text: str, start: int, stop: int, replacements: Sequence[Replacement], widest: int
) -> Graphemes:
    """As ``graphemes``, with each of these stretches as one, drawn as its label.

    Args:
        replacements: Those that touch ``text[start:stop]``, in text order.
        widest: Cells a label may take; what is cut ends in ``…``.
    """
    starts, cells, labels = array("I"), bytearray(), dict[int, str]()

    def plain(first: int, last: int) -> None:
        if is_simple(text, first, last):
            starts.extend(range(first, last))
            cells.extend(b"\1" * (last - first))
        else:
            measured = graphemes(text, first, last)
            starts.extend(measured.starts)
            cells.extend(measured.cells)

    at = start
    for one in replacements:
        begins = max(at, one.start)
        plain(at, begins)
        labels[begins] = fit(one.label, widest)
        starts.append(begins)
        cells.append(cell_len(labels[begins]))
        at = min(one.stop, stop)
    plain(at, stop)
    return Graphemes(starts, stop, cells, labels)


def _joins(text: str, base_at: int, at: int, cells: int) -> bool:
    """Whether the character at ``at`` belongs to the grapheme that begins at ``base_at``."""
    character, base = text[at], text[base_at]
    if not (_extends(character) or _is_regional(character) or text[at - 1] == _ZWJ):
        return False  # nearly every one
    if at - base_at >= MOST_CHARACTERS:
        return False
    if shown(character) != character or shown(base) != base or character == "\n" or base == "\n":
        return False  # a control is always drawn by itself
    if _is_regional(character):
        return _is_regional(base) and at == base_at + 1
    if _extends(character):
        spacing = get_character_cell_size(character)
        return cells + spacing <= _MOST_CELLS
    return text[at - 1] == _ZWJ and _is_pictograph(base) and _is_pictograph(character)


@lru_cache(4096)
def _extends(character: str) -> bool:
    """Whether a character attaches to the one before: marks, joiners, selectors, skin tones."""
    return (
        get_character_cell_size(character) == 0
        or unicodedata.category(character) in ("Mn", "Me", "Mc")
        or character == "\xad"
        or "\U0001f3fb" <= character <= "\U0001f3ff"
    )


@lru_cache(4096)
def _is_pictograph(character: str) -> bool:
    return unicodedata.category(character) in ("So", "Cn") or character in "\u2640\u2642"


def _is_regional(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


@lru_cache(8192)
def draw(grapheme: str) -> str:
    """Give what stands for a grapheme on screen: at least one cell, no control, no joiner.

    A flag is its two letters; a cluster with a joiner, emoji style, skin tone or keycap its first
    character; a mark without a base sits on a dotted circle; what cannot be drawn is ``␦``.
    """
    base = grapheme[0]
    if base == "\n":
        return " "
    visible = shown(base)
    if visible != base or _is_unencodable(base):
        return visible if visible != base else _UNDRAWABLE
    if _is_regional(base):
        return "".join(chr(ord(c) - 0x1F1E6 + 65) for c in grapheme if _is_regional(c))
    if "\U0001f3fb" <= base <= "\U0001f3ff":
        return _UNDRAWABLE
    marks = "".join(c for c in grapheme[1:] if _is_drawn_mark(c))
    if _extends(base):
        marks = (base if _is_drawn_mark(base) else "") + marks
        return _DOTTED_CIRCLE + marks if marks else _UNDRAWABLE
    if any(c in (_ZWJ, _EMOJI_STYLE, _KEYCAP) for c in grapheme) and not base.isalpha():
        return base
    return base + marks


@lru_cache(8192)
def cells_of(grapheme: str) -> int:
    """How many cells ``draw(grapheme)`` takes."""
    return sum(get_character_cell_size(c) for c in draw(grapheme))


@lru_cache(4096)
def _is_drawn_mark(character: str) -> bool:
    if unicodedata.category(character) == "Cf" or character in (_ZWJ, _KEYCAP):
        return False
    selector = "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"
    tone = "\U0001f3fb" <= character <= "\U0001f3ff"
    return not (selector or tone or _is_unencodable(character))


def _is_unencodable(character: str) -> bool:
    """Surrogates and noncharacters: a terminal cannot be sent them."""
    code = ord(character)
    return 0xD800 <= code <= 0xDFFF or 0xFDD0 <= code <= 0xFDEF or code & 0xFFFE == 0xFFFE


def drawn(text: str) -> str:
    """Give any text as it is drawn, in characters whose width nobody disputes; lines stay lines."""
    if is_simple(text, 0, len(text)):
        return shown(text)
    return "\n".join("".join(_pieces(line)[0]) for line in text.split("\n"))


@lru_cache(4096)
def fit(text: str, width: int) -> str:
    """Draw a short text (a name, a label) in at most ``width`` cells; what is cut ends in ``…``."""
    pieces, cells = _pieces(text)
    if sum(cells) <= width:
        return "".join(pieces)
    return "".join(pieces[: _fitting(cells, width - 1)]).rstrip() + "…" if width > 0 else ""


@lru_cache(4096)
def fit_end(text: str, width: int) -> str:
    """Draw the end of a text in at most ``width`` cells; what is cut begins with ``…``."""
    pieces, cells = _pieces(text)
    if sum(cells) <= width:
        return "".join(pieces)
    kept = len(pieces) - _fitting(cells[::-1], width - 1)
    return "…" + "".join(pieces[kept:]) if width > 0 else ""


def _pieces(text: str) -> tuple[Sequence[str], Sequence[int]]:
    """What is drawn for each grapheme of a text, and its cells."""
    if is_simple(text, 0, len(text)):
        return shown(text).replace("\n", " "), b"\1" * len(text)
    measured = graphemes(text, 0, len(text))
    pieces = [draw(text[a:b]) for a, b in pairwise([*measured.starts, len(text)])]
    return pieces, measured.cells


def _fitting(cells: Sequence[int], width: int) -> int:
    """How many of these go into so many cells."""
    used = 0
    for n, wide in enumerate(cells):
        used += wide
        if used > width:
            return n
    return len(cells)


class DisplayMap:
    """The cells of a document's blocks. Simple blocks cost nothing; others are measured once.

    Args:
        text: The document's text.
        blocks: ``(start, stop)`` of each block, in text order.
        replacements: What is redacted, in text order, none overlapping another. One that runs
            over the border of two blocks has its label in both.
    """

    def __init__(
        self,
        text: str,
        blocks: Sequence[tuple[int, int]],
        replacements: Sequence[Replacement] = (),
    ) -> None:
        self.text = text
        self._blocks = blocks
        self._replacements = _by_block(blocks, replacements)
        self._measured: dict[int, Graphemes] = {
            i: self._measure(i, WIDEST_LABEL)
            for i, (start, stop) in enumerate(blocks)
            if i in self._replacements or not is_simple(text, start, stop)
        }

    def _measure(self, block: int, widest: int) -> Graphemes:
        start, stop = self._blocks[block]
        replacements = self._replacements.get(block)
        if replacements is None:
            return graphemes(self.text, start, stop)
        return redacted_graphemes(self.text, start, stop, replacements, widest)

    def within(self, width: int) -> DisplayMap:
        """The same for rows of so many cells: labels that would not fit beside a cursor are cut."""
        too_wide = [
            i
            for i in self._replacements
            if any(cell_len(label) >= width for label in self._measured[i].labels.values())
        ]
        if not too_wide:
            return self
        narrow = copy(self)
        narrow._measured = {**self._measured, **{i: self._measure(i, width - 1) for i in too_wide}}
        return narrow

    def graphemes(self, block: int) -> Graphemes | None:
        """The graphemes of a block; None where each character is one, of one cell."""
        return self._measured.get(block)

    def row(self, block: int, start: int, stop: int) -> DisplayRow:
        """Give one row of a block, ready to be drawn; both ends on grapheme boundaries."""
        measured = self._measured.get(block)
        if measured is None:
            return DisplayRow(start, stop, shown(self.text[start:stop]).replace("\n", " "))
        first = bisect_right(measured.starts, start) - 1
        last = bisect_right(measured.starts, stop - 1)
        starts = [*measured.starts[first:last], stop]
        labels = measured.labels
        drawn = [labels[a] if a in labels else draw(self.text[a:b]) for a, b in pairwise(starts)]
        at, cells = 0, [0]
        for width in measured.cells[first:last]:
            at += width
            cells.append(at)
        return DisplayRow(start, stop, drawn, starts, cells)


def _by_block(
    blocks: Sequence[tuple[int, int]], replacements: Sequence[Replacement]
) -> dict[int, list[Replacement]]:
    """The replacements that touch each block; blocks without one are not in it."""
    found: dict[int, list[Replacement]] = {}
    starts = [start for start, _ in blocks] if replacements else []
    for one in replacements:
        first = max(bisect_right(starts, one.start) - 1, 0)
        for i in range(first, bisect_left(starts, one.stop)):
            if one.start < blocks[i][1] and blocks[i][0] < one.stop:
                found.setdefault(i, []).append(one)
    return found


class DisplayRow:
    """One row of text: what is drawn, and the way between offsets and cells."""

    __slots__ = ("_cells", "_drawn", "_starts", "start", "stop")

    def __init__(
        self,
        start: int,
        stop: int,
        drawn: str | list[str],
        starts: list[int] | None = None,
        cells: list[int] | None = None,
    ) -> None:
        self.start, self.stop = start, stop
        self._drawn, self._starts, self._cells = drawn, starts, cells

    @property
    def width(self) -> int:
        """Cells of the whole row."""
        return self.stop - self.start if self._cells is None else self._cells[-1]

    def snap(self, position: int) -> int:
        """The grapheme boundary at or before ``position``, inside this row."""
        position = max(self.start, min(self.stop, position))
        if self._starts is None:
            return position
        return self._starts[bisect_right(self._starts, position) - 1]

    def after(self, position: int) -> int:
        """The boundary at or after ``position``, inside this row."""
        at = self.snap(position)
        return at if at >= min(position, self.stop) else self.next(at)

    def next(self, position: int) -> int:
        """The boundary after ``position``; the row's end at its end."""
        if self._starts is None:
            return min(position + 1, self.stop)
        return self._starts[min(bisect_right(self._starts, position), len(self._starts) - 1)]

    def cell(self, position: int) -> int:
        """The cell where the grapheme at ``position`` begins; the width at the row's end."""
        position = max(self.start, min(self.stop, position))
        if self._starts is None or self._cells is None:
            return position - self.start
        return self._cells[bisect_right(self._starts, position) - 1]

    def position(self, cell: int) -> int:
        """The grapheme drawn over ``cell``; the row's end right of it, its start left of it."""
        if self._starts is None or self._cells is None:
            return self.start + max(0, min(cell, self.stop - self.start))
        return self._starts[max(bisect_right(self._cells, cell) - 1, 0)]

    def drawn(self, start: int, stop: int) -> str:
        """What is drawn for ``text[start:stop]``; both on boundaries of this row."""
        if self._starts is None:
            return "".join(self._drawn[start - self.start : stop - self.start])
        first = bisect_right(self._starts, start) - 1
        last = bisect_right(self._starts, stop) - 1
        return "".join(self._drawn[first:last])
