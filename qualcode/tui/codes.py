"""How codes look on screen: one character each to press, and a colour.

Colour is never the only signal: the key stands beside every name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from qualcode.model import Code
from qualcode.tui.widgets.transcript_view import ShownCode

KEYS = "123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
"""Given out in codebook order to codes that bring no key of their own."""

NO_KEY = "·"

HUES = ("#E69F00", "#56B4E9", "#00B386", "#F0E442", "#4C9BE8", "#E8743B", "#CC79A7", "#B8B8B8")
"""Okabe and Ito's hues, the dark ones lightened so that they read on a dark background."""

HUE_NAMES = ("orange", "sky blue", "green", "yellow", "blue", "vermilion", "pink", "grey")
"""What they are called, in the same order."""

UNCOLOURED = "#888888"
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


def shown_codes(codes: Sequence[Code]) -> dict[str, ShownCode]:
    """Give every code its key and colour.

    Args:
        codes: Live codes in codebook order.

    Returns:
        Code id → how to show it, in codebook order. A key that the codebook gives is kept, the
        first claim wins; a code that cannot be applied has none, nor one beyond the 61st.
    """
    taken: dict[str, str] = {}
    for code in codes:
        if code.codable and code.key and code.key in KEYS and len(code.key) == 1:
            taken.setdefault(code.key, code.id)
    own = {id_: key for key, id_ in taken.items()}
    free = iter([key for key in KEYS if key not in taken])
    found: dict[str, ShownCode] = {}
    for n, code in enumerate(codes):
        key = own.get(code.id) or (next(free, NO_KEY) if code.codable else NO_KEY)
        found[code.id] = ShownCode(code.id, key, code.title, _colour(code, n))
    return found


def _colour(code: Code, n: int) -> str:
    given = code.colour if _COLOUR.fullmatch(code.colour) else UNCOLOURED
    return given if given != UNCOLOURED else HUES[n % len(HUES)]


def depths(codes: Iterable[Code]) -> dict[str, int]:
    """How deep each code lies in the tree, by id; 0 at the top."""
    by_name: dict[str, int] = {}
    found: dict[str, int] = {}
    for code in codes:
        depth = by_name[code.parent] + 1 if code.parent in by_name else 0
        by_name[code.code] = found[code.id] = depth
    return found


def path(code: Code, codes: Iterable[Code]) -> str:
    """The names above a code, outermost first, ``buy-in › workload`` without the code itself."""
    by_name = {other.code: other for other in codes}
    above: list[str] = []
    parent = code.parent
    while parent is not None and parent in by_name and len(above) < len(by_name):
        above.append(by_name[parent].title)
        parent = by_name[parent].parent
    return " › ".join(reversed(above))
