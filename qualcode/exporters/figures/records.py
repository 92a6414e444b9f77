"""What a picture is made of: plain records, filled by ``reports.pictures``.

Texts are literal. None is what does not exist; it is drawn in words, never as zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Line:
    """What stands left of a row: mostly a code."""

    label: str
    indent: int = 0
    """Steps to the right: the level of a code below its parent."""

    bold: bool = False


@dataclass(frozen=True, slots=True)
class Dot:
    """One figure of a row."""

    value: float | None
    text: str
    """The figure in words, at the right; of one that is not drawn why: ``not defined: …``."""

    low: float | None = None
    high: float | None = None
    """Limits of its interval, where it has one."""


@dataclass(frozen=True, slots=True)
class Panel:
    """A column of dots: a group, or a round."""

    heading: str
    below: str
    """A second line of the heading: ``N = 11 participants``."""

    dots: Sequence[Dot]
    """One per line."""


@dataclass(frozen=True, slots=True)
class Dots:
    """Dots on one scale, panel beside panel; with limits they are a forest."""

    lines: Sequence[Line]
    panels: Sequence[Panel]
    low: float
    high: float
    """Ends of the scale; a limit beyond them ends in an arrow."""

    ticks: Sequence[tuple[float, str]]
    """Those that matter most first: one that finds no room has no number."""

    scale: str
    """What the scale measures."""

    guides: Sequence[float] = ()
    """Values that a thin line marks."""

    key: str = ""
    """What marks mean that do not explain themselves; below the picture."""


@dataclass(frozen=True, slots=True)
class Shares:
    """Bars of 100 %, each cut into the parts of who spoke; the first part is named."""

    lines: Sequence[Line]
    parts: Sequence[Sequence[tuple[str, float]]]
    """Per line ``(name, share)``, the largest first; none where the shares do not exist."""

    texts: Sequence[str]
    """Per line what stands at the right; of one without shares why: ``not defined: …``."""

    heading: str
    """Above what stands at the right."""

    key: str = ""


@dataclass(frozen=True, slots=True)
class Strips:
    """Where in a document codes lie: a strip for each."""

    lines: Sequence[Line]
    places: Sequence[Sequence[int]]
    """Per line the numbered places with the code, ascending."""

    first: int
    last: int
    """Numbers of the first place and the last."""

    counted: Sequence[int]
    """The places that count; the others (a moderator's turns) are shown as gaps."""

    texts: Sequence[str]
    scale: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Square:
    """A cell of a grid."""

    value: float | None
    """Decides the colour; zero stays white, None is hatched."""

    text: str


@dataclass(frozen=True, slots=True)
class Grid:
    """Numbers in cells whose colour follows them."""

    lines: Sequence[Line]
    columns: Sequence[str]
    squares: Sequence[Sequence[Square]]
    """One row of squares per line, one square per column."""

    triangle: bool = False
    """Lines and columns are the same things, each pair told once: of line i the first i squares."""

    key: str = ""


@dataclass(frozen=True, slots=True)
class Circle:
    """Things around a circle, joined where they go together."""

    names: Sequence[str]
    weights: Sequence[float]
    joined: Sequence[tuple[int, int, int]]
    """``(name, other name, how often)``."""

    key: str = ""


@dataclass(frozen=True, slots=True)
class Course:
    """Something that grows document by document, within the band of other orders."""

    places: Sequence[str]
    """Names along the way."""

    values: Sequence[float]
    low: Sequence[float]
    high: Sequence[float]
    """Of the band at each place; empty where there is none."""

    scale: str
    along: str
    mark: int | None = None
    """The place (from 0) at which something is reached."""

    mark_text: str = ""
    key: str = ""


Drawing: TypeAlias = Dots | Shares | Strips | Grid | Circle | Course
