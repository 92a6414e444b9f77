"""Counts of so few people that they could be told, taken out of a table and not given away again.

A cell of one or two people is printed as "<3". Where a total lets a reader work it out, a second
cell is withheld, too. The check is exact: cells and totals are a flow between rows and columns, and
a withheld cell can be told if and only if no cycle of changes to withheld cells leads through it
(two tables with the same printed cells differ by such cycles only).

Source: Fischetti, M. & Salazar, J. J. (1999). Models and algorithms for the 2-dimensional cell
suppression problem in statistical disclosure control. Mathematical Programming, 84, 283-312.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Mark = Literal["", "few", "withheld"]
_Inner = Literal["", "few", "withheld", "hidden"]
"""``hidden``: a count of few people that "<3" would still tell; printed as ``withheld``."""

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Margins:
    """Counts with the totals that are printed beside them.

    Attributes:
        cells: Row by row, all rows of one length.
        row_totals: A total for each row; None where no such column is printed.
        column_totals: A total for each column; None where no such row is printed.
        grand_total: None where it is not printed.
        least, most: ``(row, column)`` → the largest count known to be part of this one, the
            smallest known to hold it; totals in the row and column after the last. Elsewhere a
            count may be anything. Those counts are protected in the same way, each in its line.
    """

    cells: Sequence[Sequence[int]]
    row_totals: Sequence[int] | None = None
    column_totals: Sequence[int] | None = None
    grand_total: int | None = None
    least: Mapping[Place, int] = field(default_factory=dict)
    most: Mapping[Place, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Suppressed:
    """What to print of each cell and total: ``""`` it, ``few`` "<3", ``withheld`` nothing."""

    cells: tuple[tuple[Mark, ...], ...]
    row_totals: tuple[Mark, ...]
    """Empty where no such column is printed, as the others."""

    column_totals: tuple[Mark, ...]
    grand_total: Mark


def suppress(table: Margins, *, at_least: int = 3) -> Suppressed:
    """Choose the cells to take out, so that nobody can work out a count of few people.

    Taken out are counts from 1 to ``at_least - 1``, totals too, and as few others as a greedy
    search finds: the smallest that does, never a zero, a total only where no cell is left. Where
    even "<3" tells ("<3" and "<3" are "<3": 1 and 1), that is withheld. A reader is taken to know
    that what is withheld is no smaller than ``at_least``, though it may be.

    Args:
        table: Its cells add up to the totals in every line that has one.
        at_least: The smallest count that may be printed, 0 aside. With 2, "<2" says 1: nothing can
            protect that.
    """
    grid = _Grid(table, at_least)
    while (place := grid.told()) is not None and grid.take_out_another(place):
        pass
    return grid.marked()


class _Grid:
    """The table with its totals as a last column and a last row."""

    def __init__(self, table: Margins, at_least: int) -> None:
        self.rows, self.columns = len(table.cells), len(table.cells[0]) if table.cells else 0
        self.at_least = at_least
        self.least, self.most = table.least, table.most
        self.values: dict[Place, int] = {}
        """``(row, column)`` → count; totals in row ``rows`` and column ``columns``."""
        for i, row in enumerate(table.cells):
            self.values.update({(i, j): value for j, value in enumerate(row)})
        for i, value in enumerate(table.row_totals or ()):
            self.values[i, self.columns] = value
        for j, value in enumerate(table.column_totals or ()):
            self.values[self.rows, j] = value
        if table.grand_total is not None:
            self.values[self.rows, self.columns] = table.grand_total
        self.marks: dict[Place, _Inner] = {
            place: "few" if 0 < value < at_least else "" for place, value in self.values.items()
        }
        self.absent = {
            (i, j)
            for i in range(self.rows + 1)
            for j in range(self.columns + 1)
            if (i, j) not in self.values
        }

    def told(self) -> Place | None:
        """A count of few people that can be worked out; None where there is none."""
        few = (place for place, value in self.values.items() if 0 < value < self.at_least)
        return next((place for place in few if not self._may_differ(place)), None)

    def take_out_another(self, told: Place) -> bool:
        """Take out the one that makes a count safe, else one that comes near; False: none is left.

        In its line before elsewhere, what need not be printed as "<3" before what is.
        """
        left: list[tuple[Place, _Inner]] = []
        for before, after in (("", "withheld"), ("few", "hidden")):
            here = self._candidates(before)
            near = [place for place in here if place[0] == told[0] or place[1] == told[1]]
            for place in (*near, *(place for place in here if place not in near)):
                self.marks[place] = "withheld" if after == "withheld" else "hidden"
                if self._may_differ(told):
                    return True
                left.append((place, self.marks[place]))
                self.marks[place] = "few" if before == "few" else ""
        if left:
            place, mark = left[0]
            self.marks[place] = mark
        return bool(left)

    def _candidates(self, mark: str) -> list[Place]:
        found = [
            place
            for place, now in self.marks.items()
            if now == mark and (mark or self.values[place] >= self.at_least)
        ]
        totals_first = -1 if mark else 1
        return sorted(found, key=lambda p: (self._is_total(p) * totals_first, self.values[p], p))

    def _is_total(self, place: Place) -> bool:
        return place[0] == self.rows or place[1] == self.columns

    def _may_differ(self, place: Place) -> bool:
        """Whether another count than the true one fits all that is printed."""
        return any(
            self._reaches(target, start, place)
            for start, target, by in self._moves()
            if by == place
        )

    def _reaches(self, start: tuple[str, int], goal: tuple[str, int], without: Place) -> bool:
        seen, todo = {start}, [start]
        moves = [(a, b) for a, b, by in self._moves() if by != without]
        while todo:
            here = todo.pop()
            if here == goal:
                return True
            for a, b in moves:
                if a == here and b not in seen:
                    seen.add(b)
                    todo.append(b)
        return False

    def _moves(self) -> Iterator[tuple[tuple[str, int], tuple[str, int], Place]]:
        """Changes by one that a reader cannot rule out, as arcs: ``(from, to, cell)``.

        A cell flows from its row to its column, a total back: what flows in flows out.
        """
        for place in (*self.marks, *self.absent):
            lower, upper = self._bounds(place)
            i, j = place
            row, column = ("row", i), ("column", j)
            back = (i == self.rows) != (j == self.columns)
            there = (column, row) if back else (row, column)
            if place in self.absent:
                yield (*there, place)
                yield (there[1], there[0], place)
                continue
            value = self.values[place]
            if self.marks[place] and (upper is None or value < upper) and self._may_rise(place):
                yield (*there, place)
            if self.marks[place] and value > lower and self._may_fall(place):
                yield (there[1], there[0], place)

    def _may_rise(self, place: Place) -> bool:
        """Whether what holds the count leaves room.

        A 1 in a 1 has it: that one is protected, too, and can only rise, so both may be 2.
        """
        value = self.values[place]
        return value == 1 or place not in self.most or value < self.most[place]

    def _may_fall(self, place: Place) -> bool:
        """Whether what the count holds leaves room; one of the largest of few people always does.

        For a part of it that is as large is protected, too, and can only fall.
        """
        value = self.values[place]
        return value == self.at_least - 1 or value > self.least.get(place, 0)

    def _bounds(self, place: Place) -> tuple[int, int | None]:
        mark = self.marks.get(place)
        if mark == "few":
            return 1, self.at_least - 1
        return 1 if mark == "hidden" else self.at_least, None

    def marked(self) -> Suppressed:
        def shown(place: Place) -> Mark:
            mark = self.marks.get(place, "")
            return "withheld" if mark == "hidden" else mark

        def line(places: list[Place]) -> tuple[Mark, ...]:
            return tuple(shown(place) for place in places if place in self.marks)

        n, m = self.rows, self.columns
        return Suppressed(
            tuple(line([(i, j) for j in range(m)]) for i in range(n)),
            line([(i, m) for i in range(n)]),
            line([(n, j) for j in range(m)]),
            shown((n, m)),
        )
