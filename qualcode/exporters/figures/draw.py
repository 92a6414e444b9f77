"""Draw a record as a file: which function draws it, what the file says of itself."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any

from qualcode import __version__
from qualcode.exporters.figures.canvas import MM, Canvas, looks
from qualcode.exporters.figures.circle import draw_circle
from qualcode.exporters.figures.course import draw_course
from qualcode.exporters.figures.grid import draw_grid
from qualcode.exporters.figures.records import (
    Circle,
    Course,
    Dots,
    Drawing,
    Grid,
    Shares,
    Strips,
)
from qualcode.exporters.figures.rows import draw_dots, draw_shares, draw_strips
from qualcode.text.safe import visible_bidi, xml_safe

ENDINGS = (".svg", ".png", ".pdf")
WIDTH = 183.0
"""Millimetres: two columns of most journals; one is 89."""

PAGE = 240.0
"""Millimetres that a printed page is high, within its margins."""

NARROWEST, WIDEST = 60.0, 400.0
DPI = 300


@dataclass(frozen=True, slots=True, repr=False)
class Drawn:
    """A picture as a file."""

    data: bytes
    height: float
    """In millimetres."""

    replaced: tuple[str, ...]
    """Signs that cannot be drawn and are written as ``[U+1F642]``."""


def draw(
    drawing: Drawing,
    ending: str,
    *,
    title: str,
    alt: str,
    width: float = WIDTH,
    dpi: int = DPI,
) -> Drawn:
    """Draw a record.

    Args:
        drawing: What to draw; it decides the height.
        ending: ``.svg``, ``.png`` or ``.pdf``.
        title: Of the file; it does not stand in the picture, whose caption says it.
        alt: What somebody who cannot see the picture is told.
        width: In millimetres.
        dpi: Of a PNG.
    """
    with looks():
        canvas = Canvas(width * MM)
        height = _height(canvas, drawing)
        kind = ending.removeprefix(".")
        data = canvas.saved(height, kind, _facts(kind, title, alt), dpi)
    if kind == "svg":
        data = _told(data, title, alt)
    return Drawn(data, height / MM, tuple(sorted(canvas.replaced)))


def _height(canvas: Canvas, drawing: Drawing) -> float:
    """Draw, and say how much of the sheet it took."""
    match drawing:
        case Dots():
            return draw_dots(canvas, drawing)
        case Shares():
            return draw_shares(canvas, drawing)
        case Strips():
            return draw_strips(canvas, drawing)
        case Grid():
            return draw_grid(canvas, drawing)
        case Circle():
            return draw_circle(canvas, drawing)
        case Course():
            return draw_course(canvas, drawing)


def _facts(kind: str, title: str, alt: str) -> dict[str, Any]:
    """What the file says of itself; no date, so that the same data give the same file."""
    program, (title, alt) = f"qualcode {__version__}", (_plain(title), _plain(alt))
    if kind == "png":
        return {"Title": title, "Description": alt, "Software": program}
    if kind == "pdf":
        return {
            "Title": title, "Subject": alt, "Creator": program, "Producer": program,
            "CreationDate": None,
        }  # fmt: skip
    return {"Creator": program, "Date": None}


def _told(svg: bytes, title: str, alt: str) -> bytes:
    """The SVG with title and alternative text, without the document type that names an address."""
    text = svg.decode()
    text = text[text.index("<svg ") :].replace(
        "<svg ", '<svg role="img" aria-labelledby="title desc" ', 1
    )
    start, _, rest = text.partition(">\n")
    said = (
        f'<title id="title">{escape(_plain(title), quote=False)}</title>\n'
        f' <desc id="desc">{escape(_plain(alt), quote=False)}</desc>\n'
    )
    return f'<?xml version="1.0" encoding="utf-8"?>\n{start}>\n {said}{rest}'.encode()


def _plain(text: str) -> str:
    return xml_safe(visible_bidi(" ".join(text.split())))[0]
