"""Pictures of rows: dots and forests, bars of shares, strips along a document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

from qualcode.exporters.figures.canvas import GREY, INK, LEADING, NORMAL, PALE, RULE, SMALL, Canvas
from qualcode.exporters.figures.records import Dots, Line, Panel, Shares, Strips

LOOKS = (
    ("#0072B2", "o"), ("#D55E00", "s"), ("#009E73", "^"), ("#CC79A7", "D"), ("#56B4E9", "v"),
    ("#E69F00", "P"), ("#000000", "X"),
)  # fmt: skip
"""Colours of Okabe & Ito (2008), each with a marker of its own, so that grey tells them apart."""

INDENT, GAP, ROW, NARROW = 8.0, 7.0, 12.0, 44.0
PARTS = ("#f2f2f2", "#d0d0d0")
UNDEFINED = "×"


def draw_dots(canvas: Canvas, dots: Dots) -> float:
    """Draw dots, with limits where they have any; panels that find no room go below."""
    names = Names(canvas, dots.lines, 0.42 if len(dots.panels) > 1 else 0.46)
    texts = [
        max((canvas.measure(canvas.literal(d.text), SMALL) for d in p.dots if d.value is not None),
            default=0.0)
        for p in dots.panels
    ]  # fmt: skip
    room = canvas.width - names.width
    wanted = max((NARROW + 2 * GAP + text for text in texts), default=room)
    blocks = ceil(len(dots.panels) / max(1, int(room / wanted)))
    beside = ceil(len(dots.panels) / max(1, blocks))
    y = 2.0
    for start in range(0, len(dots.panels), max(1, beside)):
        block = dots.panels[start : start + beside]
        place = _Place(start, room / beside, y)
        y = _block(canvas, dots, names, block, texts[start : start + beside], place)
    return below(canvas, dots.key, y)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a row of panels goes."""

    first: int
    """The number of its first panel, from 0."""

    each: float
    """Points that a panel is wide."""

    y: float


def _block(
    canvas: Canvas,
    dots: Dots,
    names: Names,
    panels: Sequence[Panel],
    texts: Sequence[float],
    place: _Place,
) -> float:
    """Panels beside one another, with the names of their lines."""
    each, y = place.each, place.y
    heads = [canvas.wrapped(p.heading, each - GAP - 10, NORMAL, True) for p in panels]
    tall = max((len(head) for head in heads), default=0)
    under = any(panel.below for panel in panels)
    head = (tall + under) * NORMAL * LEADING
    top = y + head + (5 if head else 0)
    names.write(top)
    for n, (panel, lines, text) in enumerate(zip(panels, heads, texts, strict=True)):
        left = names.width + n * each + GAP
        right = left + each - GAP - text - (GAP if text else 0)
        look = LOOKS[(place.first + n) % len(LOOKS)]
        hollow = (place.first + n) // len(LOOKS) % 2 == 1
        base = y + (tall - len(lines)) * NORMAL * LEADING
        if lines != [""]:
            centre = base + len(lines) * NORMAL * LEADING / 2
            canvas.mark(left + 3, base + NORMAL * LEADING / 2, look[1], ink=look[0], hollow=hollow)
            canvas.text(left + 10, centre, lines, bold=True)
        if panel.below:
            x, line = left + (10 if lines != [""] else 3), top - 5 - SMALL * LEADING / 2
            canvas.text(x, line, panel.below, size=SMALL, ink=GREY)
        _scale(canvas, dots, left, right, top, names.height)
        for dot, (at, _) in zip(panel.dots, names.places(top), strict=True):
            if dot.value is None:
                _undefined(canvas, dot.text, left, at, each - GAP)
                continue
            _dot(canvas, dots, (dot.low, dot.value, dot.high), left, right, at, look, hollow)
            canvas.text(left + each - GAP, at, dot.text, size=SMALL, at="right")
    return top + names.height + 26 + GAP


def _scale(
    canvas: Canvas, dots: Dots, left: float, right: float, top: float, height: float
) -> None:
    """The axis below a panel; its words are left out where they find no room."""
    bottom = top + height + 1
    for value in dots.guides:
        x = _x(dots, value, left, right)
        canvas.line([x, x], [top, bottom], ink=RULE, width=0.6, dashes=(2, 2), over=0)
    canvas.line([left, right], [bottom, bottom], ink=RULE)
    taken: list[tuple[float, float]] = []
    for value, text in dots.ticks:
        x = _x(dots, value, left, right)
        canvas.line([x, x], [bottom, bottom + 2.5], ink=RULE)
        half = canvas.measure(text, SMALL) / 2 + 2
        if all(x + half <= start or stop <= x - half for start, stop in taken):
            canvas.text(x, bottom + 8, text, size=SMALL, at="center", ink=GREY)
            taken.append((x - half, x + half))
    if canvas.measure(dots.scale, SMALL) <= right - left + 30:
        canvas.text((left + right) / 2, bottom + 17, dots.scale, size=SMALL, at="center", ink=GREY)


def _dot(
    canvas: Canvas,
    dots: Dots,
    values: tuple[float | None, float, float | None],
    left: float,
    right: float,
    y: float,
    look: tuple[str, str],
    hollow: bool,
) -> None:
    low, value, high = values
    colour, sign = look
    x = _x(dots, value, left, right)
    if low is None or high is None:
        if not dots.guides:
            canvas.line([left, x], [y, y], ink=PALE, width=0.8, over=1)
        canvas.mark(x, y, sign, ink=colour, hollow=hollow or bool(dots.guides))
        return
    ends = [_x(dots, max(low, dots.low), left, right), _x(dots, min(high, dots.high), left, right)]
    canvas.line(ends, [y, y], ink=colour, width=1.1)
    for limit, end, arrow in ((low, ends[0], "<"), (high, ends[1], ">")):
        if dots.low <= limit <= dots.high:
            canvas.line([end, end], [y - 2, y + 2], ink=colour, width=1.1)
        else:
            canvas.mark(end, y, arrow, ink=colour, size=3.5)
    canvas.mark(x, y, sign, ink=colour, hollow=hollow)


def _undefined(canvas: Canvas, reason: str, left: float, y: float, room: float) -> None:
    """Say that there is no figure; what follows a colon is left out where it finds no room."""
    words = canvas.literal(f"{UNDEFINED} {reason}")
    if canvas.measure(words, SMALL) > room - 5:
        words = words.partition(":")[0]
    canvas.box(left + 2, y - 5, canvas.measure(words, SMALL) + 2, 10, fill="#ffffff", over=1)
    canvas.text(left + 3, y, words, size=SMALL, ink=GREY)


def _x(dots: Dots, value: float, left: float, right: float) -> float:
    inside = min(max(value, dots.low), dots.high)
    return left + 3 + (right - left - 6) * (inside - dots.low) / (dots.high - dots.low)


def draw_shares(canvas: Canvas, shares: Shares) -> float:
    """Draw bars cut into parts; a part has its name where it finds room."""
    names = Names(canvas, shares.lines, 0.42)
    told = [t for t, parts in zip(shares.texts, shares.parts, strict=True) if parts]
    text = max((canvas.measure(canvas.literal(t), SMALL) for t in told), default=0.0)
    heads = canvas.wrapped(shares.heading, max(text, 60), SMALL)
    text = max([text, *(canvas.measure(line, SMALL) for line in heads)])
    top = 4 + len(heads) * SMALL * LEADING
    left, right = names.width + GAP, canvas.width - text - GAP
    canvas.text(canvas.width, 2 + (top - 4) / 2, heads, size=SMALL, at="right", ink=GREY)
    names.write(top)
    rows = zip(shares.parts, shares.texts, names.places(top), strict=True)
    for parts, said, (y, _) in rows:
        if not parts:
            _undefined(canvas, said, left, y, canvas.width - left)
            continue
        canvas.text(canvas.width, y, said, size=SMALL, at="right")
        x = left
        for n, (name, share) in enumerate(parts):
            wide = share * (right - left)
            fill = "#0072B2" if n == 0 else PARTS[n % 2]
            canvas.box(x, y - 4.4, wide, 8.8, fill=fill, edge="#ffffff", line=0.6)
            plain = canvas.literal(name)
            if canvas.measure(plain, SMALL) + 4 <= wide:
                ink = "#ffffff" if n == 0 else INK
                canvas.text(x + wide / 2, y, plain, size=SMALL, at="center", ink=ink)
            x += wide
    bottom = top + names.height + 1
    canvas.line([left, right], [bottom, bottom], ink=RULE)
    for value, label in ((0.0, "0"), (0.5, "50"), (1.0, "100 %")):
        x = left + value * (right - left)
        canvas.line([x, x], [bottom, bottom + 2.5], ink=RULE)
        canvas.text(x, bottom + 8, label, size=SMALL, at="center", ink=GREY)
    middle = (left + right) / 2
    canvas.text(middle, bottom + 17, "% of the words", size=SMALL, at="center", ink=GREY)
    return below(canvas, shares.key, bottom + 26)


def draw_strips(canvas: Canvas, strips: Strips) -> float:
    """Draw where in a document codes lie; what does not count is a gap in the strip's ground."""
    names = Names(canvas, strips.lines, 0.4)
    text = max((canvas.measure(canvas.literal(t), SMALL) for t in strips.texts), default=0.0)
    left, right = names.width + GAP, canvas.width - text - GAP
    step = (right - left) / (strips.last - strips.first + 1)
    top = 4.0
    names.write(top)
    for places, said, (y, _) in zip(strips.places, strips.texts, names.places(top), strict=True):
        for start, stop in runs(strips.counted):
            x = left + (start - strips.first) * step
            canvas.box(x, y - 0.5, (stop - start + 1) * step, 1, fill=PALE)
        for start, stop in runs(places):
            x = left + (start - strips.first) * step
            wide = max((stop - start + 1) * step, 0.8)
            canvas.box(x, y - 4, wide, 8, fill="#0072B2")
        canvas.text(canvas.width, y, said, size=SMALL, at="right")
    bottom = top + names.height + 1
    canvas.line([left, right], [bottom, bottom], ink=RULE)
    for number in _round_numbers(strips.first, strips.last):
        x = left + (number - strips.first + 0.5) * step
        canvas.line([x, x], [bottom, bottom + 2.5], ink=RULE)
        canvas.text(x, bottom + 8, str(number), size=SMALL, at="center", ink=GREY)
    canvas.text((left + right) / 2, bottom + 17, strips.scale, size=SMALL, at="center", ink=GREY)
    return below(canvas, strips.key, bottom + 26)


def runs(places: Sequence[int]) -> Iterator[tuple[int, int]]:
    """First and last of each run of consecutive numbers."""
    if not places:
        return
    start = places[0]
    for before, place in pairwise(places):
        if place != before + 1:
            yield start, before
            start = place
    yield start, places[-1]


def _round_numbers(first: int, last: int) -> Iterator[int]:
    span = last - first
    step = next((s for s in (1, 2, 5, 10, 20, 25, 50, 100, 200, 500) if span / s <= 7), 1000)
    yield from (n for n in range(first, last + 1) if n % step == 0 or n == first == last)


class Names:
    """The names at the left of rows, wrapped; they decide how high each row is."""

    def __init__(self, canvas: Canvas, lines: Sequence[Line], most: float) -> None:
        self._canvas, self._lines = canvas, lines
        room = canvas.width * most
        self._wrapped = [
            canvas.wrapped(line.label, room - INDENT * line.indent, NORMAL, line.bold)
            for line in lines
        ]
        self.width = max(
            (
                canvas.measure(piece, NORMAL, line.bold) + INDENT * line.indent
                for line, pieces in zip(lines, self._wrapped, strict=True)
                for piece in pieces
            ),
            default=0.0,
        )
        self._heights = [max(ROW, len(pieces) * NORMAL * LEADING + 3) for pieces in self._wrapped]
        self.height = sum(self._heights)

    def places(self, top: float) -> Iterator[tuple[float, float]]:
        """The middle of each row and its height."""
        for height in self._heights:
            yield top + height / 2, height
            top += height

    def write(self, top: float) -> None:
        rows = zip(self._lines, self._wrapped, self.places(top), strict=True)
        for line, pieces, (y, _) in rows:
            self._canvas.text(INDENT * line.indent, y, pieces, bold=line.bold)


def below(canvas: Canvas, key: str, y: float) -> float:
    """Write what marks mean below the picture, and give its end."""
    if not key:
        return y
    for n, line in enumerate(_paragraph(canvas, key)):
        canvas.text(0, y + (n + 0.5) * SMALL * LEADING, line, size=SMALL, ink=GREY)
        last = n
    return y + (last + 1) * SMALL * LEADING + 3


def _paragraph(canvas: Canvas, text: str) -> list[str]:
    """Words in lines as wide as the sheet, as many as it takes."""
    lines = [""]
    for word in canvas.literal(text).split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and canvas.measure(longer, SMALL) > canvas.width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines
