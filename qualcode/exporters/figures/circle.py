"""Things around a circle, joined where they go together."""

from __future__ import annotations

from math import cos, dist, pi, sin, sqrt

from qualcode.exporters.figures.canvas import GREY, LEADING, MM, NORMAL, SMALL, Canvas
from qualcode.exporters.figures.records import Circle
from qualcode.exporters.figures.rows import below

LABEL = 0.27
WIDEST = 5.0
RADIUS = 45 * MM
STEP = NORMAL * LEADING


def draw_circle(canvas: Canvas, circle: Circle) -> float:
    """Draw a circular network: names outwards, lines as wide and as dark as they are many.

    Where names find no room they are numbers, told below.
    """
    count = len(circle.names)
    labels = [canvas.wrapped(name, min(canvas.width * LABEL, 130.0)) for name in circle.names]
    radius, reach = _fitted(canvas, labels)
    numbered = max(len(label) for label in labels) * STEP > 2 * pi * radius / count
    if numbered:
        labels = [[str(n)] for n in range(1, count + 1)]
        radius, reach = _fitted(canvas, labels)
    centre = (canvas.width / 2, radius + reach + 2)
    places = [
        (centre[0] + radius * sin(2 * pi * n / count), centre[1] - radius * cos(2 * pi * n / count))
        for n in range(count)
    ]
    most = max((n for _, _, n in circle.joined), default=1)
    for a, b, n in sorted(circle.joined, key=lambda one: (one[2], one[:2])):
        bend = _bend(places[a], places[b], centre, radius)
        canvas.curve(places[a], bend, places[b], ink=_grey(n / most), width=_wide(n, most))
    heaviest = max(circle.weights, default=1) or 1
    for n, (label, weight) in enumerate(zip(labels, circle.weights, strict=True)):
        x, y = places[n]
        if weight:
            canvas.mark(x, y, "o", ink="#0072B2", size=3 + 7 * sqrt(weight / heaviest))
        else:
            canvas.mark(x, y, "o", ink=GREY, size=3, hollow=True)
        _name(canvas, label, n / count, centre, radius + 9)
    bottom = _legend(canvas, most, centre[1] + radius + reach)
    if numbered:
        listed = " · ".join(f"{n} {name}" for n, name in enumerate(circle.names, 1))
        bottom = below(canvas, listed, bottom)
    return below(canvas, circle.key, bottom)


def _fitted(canvas: Canvas, labels: list[list[str]]) -> tuple[float, float]:
    """The circle's radius, and how far the names reach beyond it."""
    reach = max(canvas.measure(line) for label in labels for line in label) + 12
    return min(RADIUS, max(40.0, canvas.width / 2 - reach)), reach


def _bend(
    start: tuple[float, float], stop: tuple[float, float], centre: tuple[float, float],
    radius: float,
) -> tuple[float, float]:  # fmt: skip
    """Where a line bends to: the further apart its ends, the nearer the centre."""
    middle = ((start[0] + stop[0]) / 2, (start[1] + stop[1]) / 2)
    pull = 0.1 + 0.35 * dist(start, stop) / radius
    return (
        middle[0] + pull * (centre[0] - middle[0]),
        middle[1] + pull * (centre[1] - middle[1]),
    )


def _name(
    canvas: Canvas, label: list[str], part: float, centre: tuple[float, float], far: float
) -> None:
    """A name along its ray, read from left to right on both sides."""
    turn = 2 * pi * part
    left = part > 0.5
    degrees = 90 - 360 * part
    for n, line in enumerate(label):
        off = (n - (len(label) - 1) / 2) * STEP * (-1 if left else 1)
        x = centre[0] + far * sin(turn) + off * cos(turn)
        y = centre[1] - far * cos(turn) + off * sin(turn)
        canvas.text(
            x, y, line, at="right" if left else "left",
            turned=degrees + 180 if left else degrees, anchor="center",
        )  # fmt: skip


def _legend(canvas: Canvas, most: int, y: float) -> float:
    """Three lines of the picture with their numbers."""
    x = 0.0
    for n in sorted({1, max(1, most // 2), most}):
        canvas.line([x, x + 16], [y, y], ink=_grey(n / most), width=_wide(n, most))
        canvas.text(x + 20, y, f"{n:,}", size=SMALL, ink=GREY)
        x += 34 + canvas.measure(f"{n:,}", SMALL)
    return y + SMALL * LEADING


def _wide(n: int, most: int) -> float:
    return max(0.4, WIDEST * n / most)


def _grey(part: float) -> str:
    level = round(205 - 150 * part)
    return f"#{level:02x}{level:02x}{level:02x}"
