"""Bars of block characters, drawn to an eighth of a cell."""

from __future__ import annotations

EIGHTHS = " ▏▎▍▌▋▊▉█"


def bar(fraction: float, room: int) -> str:
    """A bar that fills part of ``room`` cells, padded with blanks to all of them.

    Args:
        fraction: Of the room; below 0 counts as 0, above 1 as 1. What is more than nothing is
            drawn as an eighth of a cell at least.
    """
    part = max(0.0, min(1.0, fraction)) * room * 8
    eighths = max(round(part), 1) if part > 0 else 0
    full, rest = divmod(eighths, 8)
    return ("█" * full + (EIGHTHS[rest] if rest else "")).ljust(room)
