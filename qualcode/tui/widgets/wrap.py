"""Cut the blocks of a document into rows of a given width. Knows no Textual.

Rows tile their block: no character is lost between two rows. A word and the blank after it stay
on one row together, and the end of a block always leaves a cell for the cursor behind it.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from qualcode.tui.widgets.display import DisplayMap, DisplayRow, Graphemes

_NEVER_FIRST = frozenset("、。，．！？；：）」』】》〉〕］｝,.!?;:)]}”’…ー々")
"""No row begins with these after a wide character."""


class WrapIndex:
    """Every row of a document at one width: arrays, so that 200,000 words stay small.

    Args:
        text: The document's text.
        blocks: ``(start, stop)`` of each block, in text order, not overlapping, none empty.
        display: The cells of those blocks.
        width: Cells in a row, at least 8.
    """

    def __init__(
        self, text: str, blocks: Sequence[tuple[int, int]], display: DisplayMap, width: int
    ) -> None:
        if width < 8:
            raise ValueError(f"A row of text needs at least 8 cells, got {width}.")
        self.width = width
        self._display = display = display.within(width)
        self.row_start = array("I")
        self.row_stop = array("I")
        self.row_block = array("I")
        self.first_row = array("I")
        """Row where each block begins; one more entry at the end: the number of rows."""
        for i, (start, stop) in enumerate(blocks):
            self.first_row.append(len(self.row_start))
            measured = display.graphemes(i)
            if measured is None:
                starts = _simple_rows(text, start, stop, width)
            else:
                starts = _measured_rows(text, measured, width)
            self.row_start.extend(starts)
            self.row_stop.extend(starts[1:])
            self.row_stop.append(stop)
            self.row_block.extend([i] * len(starts))
        self.first_row.append(len(self.row_start))

    def __len__(self) -> int:
        return len(self.row_start)

    def row_of(self, position: int) -> int:
        """The row that shows ``position``; between blocks, the row before it; 0 at the top."""
        return max(bisect_right(self.row_start, position) - 1, 0)

    def rows_of(self, start: int, stop: int) -> tuple[int, int]:
        """The first and the last row that show ``[start, stop)``.

        For a stretch that lies between blocks altogether, both are the row before it.
        """
        first = self.row_of(start)
        if start >= self.row_stop[first] and first + 1 < len(self):
            first += 1
        last = max(bisect_left(self.row_start, stop) - 1, 0)
        return (first, last) if first <= last else (last, last)

    def is_first(self, row: int) -> bool:
        """Whether a block begins on this row."""
        return row == self.first_row[self.row_block[row]]

    def display(self, row: int) -> DisplayRow:
        """Give the row, ready to be drawn."""
        return self._display.row(self.row_block[row], self.row_start[row], self.row_stop[row])

    def cell_at(self, position: int) -> tuple[int, int]:
        """The row and the cell where ``position`` is shown."""
        row = self.row_of(position)
        return row, self.display(row).cell(position)

    def position_at(self, row: int, cell: int) -> int:
        """The position shown at a cell, the nearest one on that row outside its text.

        Only the last row of a block has a position behind its text: elsewhere that offset is the
        beginning of the next row.
        """
        shown = self.display(row)
        position = shown.position(cell)
        if position < shown.stop or row + 1 == self.first_row[self.row_block[row] + 1]:
            return position
        return shown.snap(shown.stop - 1)


def _simple_rows(text: str, start: int, stop: int, width: int) -> list[int]:
    """Where each row begins, for a block in which every character takes one cell."""
    starts, at = [start], start
    rfind, find = text.rfind, text.find
    while True:
        limit = stop - 1 if stop - at < width else min(at + width, stop - 1)
        newline = find("\n", at, limit)
        if newline >= 0:
            cut = newline + 1
        elif stop - at < width:
            return starts
        else:
            cut = rfind(" ", at, limit) + 1 or limit
        starts.append(cut)
        at = cut


def _measured_rows(text: str, measured: Graphemes, width: int) -> list[int]:
    """Where each row begins, for a block with wide, joined, zero-width or redacted characters."""
    starts, cells, labels = measured.starts, measured.cells, measured.labels
    rows = [starts[0]]
    used, cut_at, used_at_cut = 0, -1, 0
    last = len(starts) - 1
    for i, (start, taken) in enumerate(zip(starts, cells, strict=True)):
        if used + taken + (i == last) > width:  # the last one leaves a cell for the cursor
            if cut_at < 0:
                cut_at, used_at_cut = i, used
            rows.append(starts[cut_at])
            used, cut_at = used - used_at_cut, -1
            if used + taken + (i == last) > width:
                rows.append(start)
                used = 0
        used += taken
        if i < last and start not in labels:  # a label is part of a word, whatever it covers
            character = text[start]
            if character == "\n":
                rows.append(starts[i + 1])
                used, cut_at = 0, -1
            elif character.isspace() or (
                taken > 1 and (starts[i + 1] in labels or text[starts[i + 1]] not in _NEVER_FIRST)
            ):
                cut_at, used_at_cut = i + 1, used
    return rows
