"""A picture before it is drawn: its data, its words, and what to draw of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qualcode.errors import QualcodeError
from qualcode.exporters.figures.records import Drawing, Line
from qualcode.model import Cell, Table
from qualcode.reports.codebook import paths

if TYPE_CHECKING:
    from qualcode.project import Project

PAIRED = 3
"""How many things an alternative text names at either end."""


@dataclass(frozen=True, slots=True, repr=False)
class Picture:
    """One picture of a project; drawn from its table, so that it shows no more than that does."""

    name: str
    """As ``qualcode plot`` knows it."""

    title: str
    """In title case, as captions are, without a full stop."""

    alt: str
    """What somebody who cannot see it is told."""

    table: Table
    """The data drawn, names through the de-identification layer; its notes belong to the
    caption."""

    drawing: Drawing

    def __repr__(self) -> str:
        return f"<Picture {self.name}>"


class Names:
    """The codes of a project as pictures write them: titles, as they are shown."""

    def __init__(self, project: Project) -> None:
        codes = project.codebook.codes(removed=True)
        way = paths(codes)
        self._titles = {code.code: project.layer.words(code.title) for code in codes}
        self._levels = {code.code: len(way[code.code]) - 1 for code in codes}
        self.order = {code.code: at for at, code in enumerate(codes)}
        """Code → its place in the codebook, parents before children."""

    def title(self, code: Cell) -> str:
        """The title of a code, or the code where the codebook has lost it."""
        return self._titles.get(str(code), str(code))

    def line(self, code: Cell, *, tree: bool = True) -> Line:
        """The code as the name of a row, below its parent where the rows are a tree."""
        return Line(self.title(code), self._levels.get(str(code), 0) if tree else 0)

    def sorted(self, codes: Iterable[Cell]) -> list[str]:
        """Each code once, in the order of the codebook."""
        return sorted(dict.fromkeys(map(str, codes)), key=lambda c: self.order.get(c, len(c)))


def extremes(told: Sequence[tuple[float, str]]) -> str:
    """The largest and the smallest in a sentence; told: ``(value, "name (figure)")``."""
    ranked = [text for _, text in sorted(told, key=lambda one: -one[0])]
    if len(ranked) <= 2 * PAIRED:
        return f"{', '.join(ranked)}." if ranked else "Nothing is defined."
    most, least = ranked[:PAIRED], ranked[-PAIRED:]
    return f"Most: {', '.join(most)}. Least: {', '.join(least)}."


def require(rows: Sequence[object], problem: str) -> None:
    """Refuse to draw a picture of nothing; ``problem`` says what is missing and the way out."""
    if not rows:
        raise QualcodeError(problem)
