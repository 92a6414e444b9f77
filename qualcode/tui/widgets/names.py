"""Which code names stand beside which row. Knows no Textual.

A name stands whole on the first row of its coding, else on the next row of it; where neither has
room it is counted, ``+2``. A name longer than the column runs on in the next row if nothing begins
there; else, and where a row would show nothing but a count, it is cut and ends in ``…``. Names that
are placed do not move when another coding comes or goes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from rich.cells import cell_len

from qualcode.model import Coding
from qualcode.tui.widgets.display import fit
from qualcode.tui.widgets.lanes import Placed

MOST_CELLS = 200
"""No name is longer than this on any screen."""


class NamePlaces:
    """The names beside the rows of a document.

    Args:
        width: Cells of the column; 0 for none.
        name: The name of a coding's code.
        placed: The codings, in text order.
    """

    def __init__(
        self, width: int, name: Callable[[Coding], str], placed: Iterable[Placed] = ()
    ) -> None:
        self._width, self._name = width, name
        self._names: dict[int, dict[str, str]] = {}
        """Row → coding id → what is drawn."""

        self._hidden: dict[int, dict[str, Placed]] = {}
        """Row → the codings it only counts."""

        self._placed: dict[str, Placed] = {}
        self._two_rows: set[str] = set()
        """The codings whose name runs on in the next row."""

        known = list(placed)
        self._begin = Counter(one.first_row for one in known)
        """How many codings begin on a row."""

        for one in known:
            self._place(one)

    def on_row(self, row: int) -> tuple[dict[str, str], int]:
        """What a row shows: names by coding id in order of placing, and how many more there are."""
        names, hidden = self._names.get(row, {}), self._hidden.get(row, {})
        if not hidden:
            return names, 0
        if not names:
            id_, placed = next(iter(hidden.items()))
            more = len(hidden) - 1
            return {id_: fit(self._name(placed.coding), self._width - _count_cells(more))}, more
        excess = self._used(row) - self._width
        if excess > 0:  # only a name in two rows is left to give way
            id_, name = next(iter(names.items()))
            names = {id_: fit(name, cell_len(name) - excess)}
        return names, len(hidden)

    def add(self, placed: Placed) -> None:
        """Place a coding's name. Only rows of that coding change."""
        self._begin[placed.first_row] += 1
        self._place(placed)

    def remove(self, placed: Placed) -> None:
        """Take a coding's name away; names only counted take the room. Only its rows change."""
        id_, freed = placed.coding.id, placed.rows[:2]
        if self._placed.pop(id_, None) is None:
            return
        self._begin[placed.first_row] -= 1
        self._two_rows.discard(id_)
        for row in freed:
            self._names.get(row, {}).pop(id_, None)
            self._hidden.get(row, {}).pop(id_, None)
        for row in freed:
            for other in list(self._hidden.get(row, {}).values()):
                counted = self._hidden[row].pop(other.coding.id)
                if not self._put(counted, [r for r in other.rows[:2] if r in freed]):
                    self._hidden[row][other.coding.id] = counted

    def _place(self, placed: Placed) -> None:
        if not self._width:
            return
        self._placed[placed.coding.id] = placed
        if not self._put(placed, placed.rows[:2]):
            self._count(placed)

    def _put(self, placed: Placed, rows: Sequence[int]) -> bool:
        id_, name = placed.coding.id, self._name(placed.coding)
        parts = self._in_two(name)
        if parts and len(rows) == 2 and not self._begin[rows[1]] and not any(map(self._used, rows)):
            self._two_rows.add(id_)
            for row, part in zip(rows, parts, strict=True):
                self._names.setdefault(row, {})[id_] = part
            return True
        name = fit(name, self._width)
        for row in rows:
            if self._used(row) + cell_len(name) + bool(self._names.get(row)) <= self._width:
                self._names.setdefault(row, {})[id_] = name
                return True
        return False

    def _in_two(self, name: str) -> tuple[str, str] | None:
        """A name too long for one row, broken at a blank; None where it need or can not be."""
        whole = fit(name, MOST_CELLS)
        cut = whole.rfind(" ", 0, self._width + 1)
        parts = whole[:cut], whole[cut + 1 :]
        if cell_len(whole) <= self._width or cut < 1:
            return None
        return parts if max(map(cell_len, parts)) <= self._width else None

    def _count(self, placed: Placed) -> None:
        row = placed.first_row
        hidden = self._hidden.setdefault(row, {})
        hidden[placed.coding.id] = placed
        names = self._names.get(row, {})
        while names and self._used(row) > self._width:  # the count itself needs room
            id_ = next(reversed(names))
            if id_ in self._two_rows:
                break
            del names[id_]
            hidden[id_] = self._placed[id_]
        for id_, other in list(hidden.items()):  # a shorter name may have it now
            if len(hidden) > 1 and self._put(other, [row]):
                del hidden[id_]

    def _used(self, row: int) -> int:
        """Cells taken on a row, the count with the blank before it included."""
        names = self._names.get(row, {})
        cells = sum(cell_len(name) for name in names.values()) + max(0, len(names) - 1)
        return cells + _count_cells(len(self._hidden.get(row, {})))


def _count_cells(more: int) -> int:
    return len(f" +{more}") if more else 0
