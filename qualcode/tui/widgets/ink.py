"""Colours of codes as they can be read on the background they are written on, on every screen.

A codebook's colours are chosen once, for dark and light themes alike. What is written knows nothing
of the theme: ``Line``, ``Paper`` and ``Choices`` ink their rows when they draw them, the one at a
list's cursor too; ``rows.Palette`` and ``rows.RowPainter`` ink what they draw. Dimmed text becomes
a colour here, so that it can be read as well; Textual would dim it whatever comes out.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.strip import Strip

from qualcode.text.bars import EIGHTHS

_READABLE = 4.5
"""Least contrast that a colour is given with its background (WCAG 2, level AA)."""

_DIM = 2 / 3
"""Share of its colour that dimmed text keeps, the rest being its background's."""

_CURSOR = 0.4
"""Share of the theme's colour in the row at a list's cursor, also where a field has the keys."""


def cursor_colours(variables: Mapping[str, str]) -> dict[str, str]:
    """Give the row at a list's cursor a shade on which words and code colours can be read.

    Textual's is the full colour: its white has a contrast of 3.8 there, and hues turn black.

    Args:
        variables: A theme's, with ``background``, ``foreground`` and ``primary`` as ``#rrggbb``.

    Returns:
        The variables that are to be others.
    """
    ground, primary = Color.parse(variables["background"]), Color.parse(variables["primary"])
    shade, words = ground.blend(primary, _CURSOR).hex6, variables["foreground"]
    return {
        "block-cursor-background": shade,
        "block-cursor-foreground": words,
        "block-cursor-blurred-background": shade,
        "block-cursor-blurred-foreground": words,
    }


def inked(strip: Strip, *, ansi: bool) -> Strip:
    """A row in colours that can be read.

    Args:
        ansi: Whether the terminal's own colours are used. They stay what they are; a reversed row
            becomes one block, its bars are as on other rows.
    """
    segments = [
        Segment(text, _told_apart(text, style) if ansi else _legible(style), control)
        for text, style, control in strip
    ]
    return Strip(segments, strip.cell_length)


def _told_apart(text: str, style: Style | None) -> Style | None:
    if style is None or not style.reverse:
        return style
    if text.strip(EIGHTHS) == "" != text.strip():
        return style + Style(reverse=False)
    return Style(reverse=True, bold=style.bold, italic=style.italic, underline=style.underline)


@lru_cache(maxsize=1024)
def _legible(style: Style | None) -> Style | None:
    """The style, its colour drawn towards white or black until it can be read on its background."""
    if style is None or style.color is None or style.bgcolor is None or style.reverse:
        return style
    if style.color.triplet is None or style.bgcolor.triplet is None:
        return style
    colour, background = map(Color.from_rich_color, (style.color, style.bgcolor))
    wanted = background.blend(colour, _DIM) if style.dim else colour
    found = readable(wanted, background)
    return style if found == colour else style + Style(color=found.rich_color, dim=False)


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
