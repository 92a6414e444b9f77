"""Colours of codes as they can be read on the background they are written on, on every screen.

A codebook's colours are chosen once, for dark and light themes alike. What is written knows nothing
of the theme: ``Line``, ``Paper`` and ``Choices`` ink their rows when they draw them, the one at a
list's cursor too; ``rows.Palette`` inks what it draws.
"""

from __future__ import annotations

from functools import lru_cache

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.strip import Strip

_READABLE = 4.5
"""Least contrast that a colour is given with its background (WCAG 2, level AA)."""

_LEFT = 3.5
"""From here on a colour stays what it is: themes write white on a row at the cursor with 4.4."""


def inked(strip: Strip) -> Strip:
    """A row in colours that can be read; the terminal's own 16 stay what they are."""
    segments = [Segment(text, _legible(style), control) for text, style, control in strip]
    return Strip(segments, strip.cell_length)


@lru_cache(maxsize=1024)
def _legible(style: Style | None) -> Style | None:
    """The style, its colour drawn towards white or black until it can be read on its background."""
    if style is None or style.color is None or style.bgcolor is None or style.reverse:
        return style
    if style.color.triplet is None or style.bgcolor.triplet is None:
        return style
    colour, background = map(Color.from_rich_color, (style.color, style.bgcolor))
    if contrast(colour, background) >= _LEFT:
        return style
    return style + Style(color=readable(colour, background).rich_color)


def readable(colour: Color, background: Color) -> Color:
    """The colour, drawn towards white or black until it can be read on the background."""
    end = Color(255, 255, 255) if _luminance(background) < 0.18 else Color(0, 0, 0)
    for tenths in range(10):
        found = colour.blend(end, tenths / 10)
        if contrast(found, background) >= _READABLE:
            return found
    return end


def contrast(a: Color, b: Color) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2: https://www.w3.org/TR/WCAG22/)."""
    lighter, darker = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Color) -> float:
    parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour.normalized]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
