"""How the coding screen divides its columns and rows: text first, panels where there is room."""

from __future__ import annotations

from dataclasses import dataclass

LEAST_WIDTH, LEAST_HEIGHT = 60, 12
WIDEST_TEXT = 88
"""Columns of text beyond which lines become hard to follow; the room goes to the names."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Columns and rows of the coding screen's parts; 0 where a part is not shown."""

    tree: int
    gutter: int
    lanes: int
    names: int
    side: int
    """Columns of the panel right of the text: the codes here and their rules."""

    below: int
    """Rows of that panel where it lies below the text."""

    footer: bool
    tiny: bool = False
    """Too small for anything but a line that says so."""


def layout(width: int, height: int, *, tree: bool = True) -> Layout:
    """Divide a screen.

    Args:
        tree: Whether the code list is wanted where there is room for it.
    """
    footer = height >= 16
    if width < LEAST_WIDTH or height < LEAST_HEIGHT:
        return Layout(0, 9, 3, 0, 0, 0, footer=False, tiny=True)
    if width < 100:
        return Layout(0, 9, 3, 0, 0, 0, footer)
    list_ = 24 if tree else 0
    if width < 120:
        return Layout(list_, 9, 3, 0, 0, 0, footer)
    side = 36 if width >= 160 else 0
    below = 7 if not side and height >= 32 else 0
    names = 18 if width >= 160 else 16
    text = width - list_ - 16 - (5 + 1) - names - side - 1
    return Layout(list_, 16, 5, names + max(text - WIDEST_TEXT, 0), side, below, footer)
