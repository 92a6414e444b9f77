"""Numbers in cells whose colour follows them: code by case, code by code."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

from qualcode.exporters.figures.canvas import GREY, INK, LEADING, PALE, SMALL, Canvas
from qualcode.exporters.figures.records import Grid, Square
from qualcode.exporters.figures.rows import GAP, Names, below

LEAST, MOST, HEAD = 10.5, 26.0, 90.0
HATCH = "//////"
GAMMA = 0.7
"""Below 1, small numbers differ more in colour: counts are many small ones and few large ones."""


def draw_grid(canvas: Canvas, grid: Grid) -> float:
    """Draw a grid; columns that find no room go below, with the names of the lines again."""
    colours = _Colours(grid)
    if grid.triangle:
        return below(canvas, grid.key, _triangle(canvas, grid, colours))
    names = Names(canvas, grid.lines, 0.4)
    cell = _cell(canvas, grid)
    beside = max(1, int((canvas.width - names.width - GAP) / cell))
    wide = min(MOST, (canvas.width - names.width - GAP) / min(beside, max(1, len(grid.columns))))
    y = 2.0
    for start in range(0, len(grid.columns), beside):
        columns = grid.columns[start : start + beside]
        squares = [row[start : start + beside] for row in grid.squares]
        y = _block(canvas, names, columns, squares, colours, wide, y) + GAP
    return below(canvas, grid.key, y)


def _cell(canvas: Canvas, grid: Grid) -> float:
    texts = {square.text for row in grid.squares for square in row}
    return max([LEAST, *(canvas.measure(text, SMALL) + 3 for text in texts)])


def _block(
    canvas: Canvas,
    names: Names,
    columns: Sequence[str],
    squares: Sequence[Sequence[Square]],
    colours: _Colours,
    wide: float,
    y: float,
) -> float:
    """A run of columns with their headings, turned, above."""
    heads = [canvas.wrapped(name, HEAD, SMALL)[: 2 if wide > 17 else 1] for name in columns]
    heads = [
        _ended(head, canvas.wrapped(name, HEAD, SMALL))
        for head, name in zip(heads, columns, strict=True)
    ]
    tall = max(canvas.measure(line, SMALL) for head in heads for line in head)
    top = y + tall + 4
    left = names.width + GAP
    for n, head in enumerate(heads):
        for m, line in enumerate(head):
            x = left + (n + 0.5) * wide + (m - (len(head) - 1) / 2) * SMALL * LEADING
            canvas.text(x, top - 3, line, size=SMALL, turned=90, anchor="center")
    names.write(top)
    for row, (at, high) in zip(squares, names.places(top), strict=True):
        for n, square in enumerate(row):
            _square(canvas, square, colours, left + n * wide, at - high / 2, wide, high)
    return top + names.height


def _ended(head: list[str], whole: list[str]) -> list[str]:
    """A heading cut to its lines, with an ellipsis where some are left out."""
    return head if len(head) == len(whole) else [*head[:-1], head[-1] + "…"]


def _triangle(canvas: Canvas, grid: Grid, colours: _Colours) -> float:
    """Pairs of the same things below the diagonal, their names at its steps as well.

    Where headings find no room they are numbers; where cells do not, the last columns go below.
    """
    names, count = Names(canvas, grid.lines, 0.36), len(grid.lines)
    heads = [_first(canvas.wrapped(name, HEAD, SMALL)) for name in grid.columns]
    reach = [canvas.measure(head, SMALL) * sqrt(0.5) for head in heads]
    room, cell = canvas.width - names.width - GAP, _cell(canvas, grid)
    wide = min([MOST, *((room - far - 6) / (n + 1) for n, far in enumerate(reach[:-1]))])
    if wide >= cell:
        middles = names.places(0)
        above = max(far - y + high / 2 for far, (y, high) in zip(reach, middles, strict=True))
        return _steps(canvas, grid, colours, (0, count), wide, 6 + max(0.0, above), heads)
    narrow = max((canvas.measure(s.text, SMALL) for row in grid.squares for s in row), default=0.0)
    room -= canvas.measure(f"{count}", SMALL)
    beside = max(1, min(count, int(room / (narrow + 2))))
    y = 2.0
    for start in range(0, max(1, count - 1), beside):
        columns = (start, min(start + beside, count))
        y = _steps(canvas, grid, colours, columns, min(MOST, room / beside), y, None)
    return y


def _first(lines: list[str]) -> str:
    return lines[0] + "…" * (len(lines) > 1)


def _steps(
    canvas: Canvas,
    grid: Grid,
    colours: _Colours,
    columns: tuple[int, int],
    wide: float,
    top: float,
    heads: Sequence[str] | None,
) -> float:
    """Some columns of a triangle, with the lines that reach into them."""
    first, stop = columns
    names = Names(canvas, grid.lines[first:], 0.36)
    left = names.width + GAP
    names.write(top)
    for i, (y, high) in enumerate(names.places(top), first):
        for n in range(first, min(i, stop)):
            x = left + (n - first) * wide
            _square(canvas, grid.squares[i][n], colours, x, y - high / 2, wide, high)
        x = left + (i - first) * wide
        if heads is None and i < stop:
            canvas.text(x + 1.5, y, str(i + 1), size=SMALL, ink=GREY)
        elif heads is not None and i < len(grid.lines) - 1:
            foot = y + high / 2 - 2
            canvas.text(x + wide / 2 - 1, foot, heads[i], size=SMALL, turned=45, anchor="baseline")
    return top + names.height + 4


def _square(
    canvas: Canvas, square: Square, colours: _Colours, x: float, y: float, wide: float, high: float
) -> None:
    if square.value is None:
        canvas.box(x, y, wide, high, fill="#ffffff", edge=PALE, hatch=HATCH)
        if square.text:
            room = canvas.measure(square.text, SMALL) + 3
            canvas.box(x + (wide - room) / 2, y + 1.5, room, high - 3, fill="#ffffff")
            canvas.text(x + wide / 2, y + high / 2, square.text, size=SMALL, at="center", ink=GREY)
        return
    fill, ink = colours.of(square.value)
    canvas.box(x, y, wide, high, fill=fill, edge=PALE if not square.value else "#ffffff")
    canvas.text(x + wide / 2, y + high / 2, square.text, size=SMALL, at="center", ink=ink)


class _Colours:
    """Cividis from pale to dark, the greatest number darkest, zero white; and an ink to read."""

    def __init__(self, grid: Grid) -> None:
        from matplotlib import colormaps

        self._map = colormaps["cividis_r"]
        values = [s.value for row in grid.squares for s in row if s.value]
        self._most = max(values, default=1.0)

    def of(self, value: float) -> tuple[str, str]:
        from matplotlib.colors import to_hex

        if not value:
            return "#ffffff", GREY
        red, green, blue, _ = self._map(0.04 + 0.96 * (value / self._most) ** GAMMA)
        light = sum(
            weight * (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4)
            for weight, c in ((0.2126, red), (0.7152, green), (0.0722, blue))
        )
        return to_hex((red, green, blue)), INK if light > 0.179 else "#ffffff"
