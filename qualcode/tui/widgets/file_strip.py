"""The files of an import in one row, each with what became of it so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual.content import Content

from qualcode.tui.literal import clipped, literal

MARKS: Mapping[str, str] = {
    "unread": "…",
    "open": "·",
    "confirmed": "✓",
    "left out": "–",
    "unreadable": "!",
}
"""State of a file → the character before its name; ``unread`` until it was read."""

_LONGEST = 24
_MORE = "  +99"


def strip(files: Sequence[tuple[str, str]], at: int, width: int) -> Content:
    """Give the row: as many files as fit around the one looked at, ``+3`` for the rest.

    Args:
        files: Name and mark of each, in order.
        at: Which is looked at.
    """
    cells = [f" {mark} {clipped(name, _LONGEST)} " for name, mark in files]
    pieces = [literal(text, "reverse bold" if n == at else "") for n, text in enumerate(cells)]
    first = last = at
    used = pieces[at].cell_length
    room = width - 2 * len(_MORE)
    while True:
        after = last + 1 < len(pieces) and used + pieces[last + 1].cell_length <= room
        before = first > 0 and used + pieces[first - 1].cell_length <= room
        if after:
            last += 1
            used += pieces[last].cell_length
        elif before:
            first -= 1
            used += pieces[first].cell_length
        else:
            break
    shown = pieces[first : last + 1]
    if first:
        shown = [literal(f"+{first} ", "dim"), *shown]
    if last + 1 < len(pieces):
        shown = [*shown, literal(f" +{len(pieces) - last - 1}", "dim")]
    return Content("").join(shown)
