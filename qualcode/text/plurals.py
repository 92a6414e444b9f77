"""How many there are of something, in words that fit the number."""

from __future__ import annotations


def counted(n: int, one: str, many: str = "") -> str:
    """``1 turn``, ``2,000 turns``; ``many`` where it is more than one with an s."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"
