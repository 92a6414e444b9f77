"""A curve that grows document by document."""

from __future__ import annotations

from qualcode.exporters.figures.canvas import GREY, INK, PALE, RULE, SMALL, Canvas
from qualcode.exporters.figures.records import Course
from qualcode.exporters.figures.rows import below

HIGH = 130.0


def draw_course(canvas: Canvas, course: Course) -> float:
    """Draw a curve in the band of other orders, with names along the way."""
    most = max([1.0, *course.values, *course.high])
    ticks = _ticks(most)
    left = 18 + max(canvas.measure(f"{tick:,}", SMALL) for tick in ticks)
    right, top, bottom = canvas.width - 14, 14.0, 14.0 + HIGH
    count = len(course.places)

    def x(at: int) -> float:
        return left + 8 + (right - left - 16) * (at / (count - 1) if count > 1 else 0.5)

    def y(value: float) -> float:
        return bottom - (bottom - top) * value / ticks[-1]

    xs = [x(at) for at in range(count)]
    for tick in ticks:
        canvas.line([left, right], [y(tick)] * 2, ink=PALE, width=0.5, over=0)
        canvas.text(left - 4, y(tick), f"{tick:,}", size=SMALL, at="right", ink=GREY)
    canvas.line([left, right], [bottom, bottom], ink=RULE)
    canvas.text(6, (top + bottom) / 2, course.scale, size=SMALL, at="center", turned=90, ink=GREY)
    if course.low:
        canvas.area(xs, [y(v) for v in course.low], [y(v) for v in course.high])
    canvas.line(xs, [y(v) for v in course.values], ink="#0072B2", width=1.2)
    for at, value in enumerate(course.values):
        canvas.mark(xs[at], y(value), ink="#0072B2", size=4)
    if course.mark is not None:
        here = xs[course.mark]
        canvas.line([here, here], [top - 4, bottom], ink=INK, dashes=(3, 2))
        side, off = ("right", -4) if here > (left + right) / 2 else ("left", 4)
        canvas.text(here + off, top - 5, course.mark_text, size=SMALL, at=side)
    whole = [canvas.wrapped(name, 90, SMALL) for name in course.places]
    names = [lines[0] + "…" * (len(lines) > 1) for lines in whole]
    every = max(1, round(9.5 * count / max(1.0, right - left - 16) + 0.49))
    deep = 0.0
    for at in range(0, count, every):
        canvas.text(xs[at], bottom + 5, names[at], size=SMALL, at="right", turned=90, ink=GREY)
        deep = max(deep, canvas.measure(names[at], SMALL))
    canvas.text(
        (left + right) / 2, bottom + deep + 14, course.along, size=SMALL, at="center", ink=GREY
    )
    return below(canvas, course.key, bottom + deep + 23)


def _ticks(most: float) -> list[int]:
    step = next((s for s in (1, 2, 5, 10, 20, 25, 50, 100, 200, 500) if most / s <= 5), 1000)
    return list(range(0, int(most + step - 1e-9) // step * step + 1, step))
