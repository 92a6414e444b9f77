"""Which codings touch which rows, and in which lane beside the text each is drawn.

Knows no Textual, and of codings only their span.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from qualcode.model import Coding, Span
from qualcode.tui.widgets.wrap import WrapIndex


@dataclass(frozen=True, slots=True)
class Placed:
    """A coding with its place on the screen."""

    coding: Coding
    first_row: int
    last_row: int
    lane: int
    """From 0, the lane next to the text. Lanes beyond those on screen become ``+``."""

    @property
    def rows(self) -> range:
        """Every row that shows some of it."""
        return range(self.first_row, self.last_row + 1)


class SpanIndex:
    """The codings of a document by block, each in a lane that no other uses on the same row.

    Lanes are given greedily from the top of the document. A coding added later takes the lowest
    lane that is free; the others never move.
    """

    def __init__(self, wrap: WrapIndex, codings: Iterable[Coding] = ()) -> None:
        self._wrap = wrap
        self._by_id: dict[str, Placed] = {}
        self._by_block: dict[int, list[Placed]] = {}
        if not len(wrap):
            return
        ends: list[int] = []  # last row in use, by lane
        spread = [(*wrap.rows_of(c.span.start, c.span.stop), c) for c in codings]
        for first, last, coding in sorted(spread, key=_lane_order):
            lane = next((i for i, end in enumerate(ends) if end < first), len(ends))
            ends[lane : lane + 1] = [last]
            self._keep(Placed(coding, first, last, lane))

    def __len__(self) -> int:
        return len(self._by_id)

    def get(self, coding_id: str) -> Placed | None:
        """The place of a coding; None where it is not in this document."""
        return self._by_id.get(coding_id)

    def all(self) -> list[Placed]:
        """Every coding, in text order, the longer first where two begin together."""
        return sorted(self._by_id.values(), key=_text_order)

    def in_block(self, block: int) -> list[Placed]:
        """The codings that touch a block, in text order."""
        return self._by_block.get(block, [])

    def on_row(self, row: int) -> list[Placed]:
        """The codings that show on a row, in text order."""
        block = self._wrap.row_block[row]
        return [p for p in self.in_block(block) if p.first_row <= row <= p.last_row]

    def touching(self, span: Span) -> list[Placed]:
        """The codings that share a character with ``span``, in text order."""
        if not self._by_id:
            return []
        first, last = self._wrap.rows_of(span.start, span.stop)
        found = {
            p.coding.id: p
            for block in range(self._wrap.row_block[first], self._wrap.row_block[last] + 1)
            for p in self.in_block(block)
            if p.coding.span.overlap(span)
        }
        return list(found.values())

    def add(self, coding: Coding) -> Placed:
        """Place a coding in the lowest lane free on all its rows."""
        first, last = self._wrap.rows_of(coding.span.start, coding.span.stop)
        taken = {
            p.lane
            for block in self._blocks(first, last)
            for p in self.in_block(block)
            if p.first_row <= last and p.last_row >= first
        }
        lane = next(i for i in range(len(taken) + 1) if i not in taken)
        placed = Placed(coding, first, last, lane)
        self._keep(placed)
        return placed

    def remove(self, coding_id: str) -> Placed | None:
        """Take a coding out; gives where it was, None where it is not here."""
        placed = self._by_id.pop(coding_id, None)
        if placed is not None:
            for block in self._blocks(placed.first_row, placed.last_row):
                self._by_block[block].remove(placed)
        return placed

    def _keep(self, placed: Placed) -> None:
        self._by_id[placed.coding.id] = placed
        for block in self._blocks(placed.first_row, placed.last_row):
            here = self._by_block.setdefault(block, [])
            here.append(placed)
            if len(here) > 1 and _text_order(here[-2]) > _text_order(placed):
                here.sort(key=_text_order)

    def _blocks(self, first_row: int, last_row: int) -> range:
        return range(self._wrap.row_block[first_row], self._wrap.row_block[last_row] + 1)


def _lane_order(spread: tuple[int, int, Coding]) -> tuple[int, int, int, int, str]:
    """From the top; of two that begin together the longer first, so that it lies inside."""
    first, last, coding = spread
    return (first, -last, coding.span.start, -coding.span.stop, coding.id)


def _text_order(placed: Placed) -> tuple[int, int, str]:
    span = placed.coding.span
    return (span.start, -span.stop, placed.coding.id)
