"""Cells of the matrices that go into a paper: which quote stands for them, and what was searched.

Nothing here makes up a word: a quote is somebody's, a summary is a researcher's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

QUOTABLE = 60
"""Words; a longer quote stands for a cell only where there is no shorter one."""

SEARCHED = "none found (search recorded)"
NOT_SEARCHED = "not searched"


def exemplar_order(words: int, marked: bool, place: Sequence[int]) -> tuple[object, ...]:
    """How well a quote can stand for its cell; the least is taken.

    Those that a coder marked as exemplar come first; then the longest of at most ``QUOTABLE``
    words, which says most, then the shortest beyond; among equals the first in the documents.

    Args:
        words: Of the quote.
        place: Its document and where it begins: breaks ties, so that the choice is always the
            same.
    """
    long = words > QUOTABLE
    return not marked, long, words if long else -words, tuple(place)


def disconfirming(codings: int, searched: bool) -> str:
    """What the column of disconfirming codings says: it is never empty.

    Args:
        searched: Whether somebody recorded a search for negative cases of the code.
    """
    return str(codings) if codings else SEARCHED if searched else NOT_SEARCHED


def balance(valence: Mapping[str, int]) -> float | None:
    """How a theme leans: (facilitator − barrier) / (facilitator + barrier + mixed).

    Args:
        valence: Codings by ``facilitator``, ``barrier``, ``mixed``; others do not count.

    Returns:
        1 where all codings are facilitators, −1 where all are barriers; None where none has a
        valence.
    """
    pro, against, mixed = (valence.get(v, 0) for v in ("facilitator", "barrier", "mixed"))
    total = pro + against + mixed
    return (pro - against) / total if total else None


def run_of(numbers: Sequence[int]) -> str:
    """Numbers of turns as a locator: ``14``, ``31–32``; what lies between was passed over."""
    return str(numbers[0]) if len(numbers) == 1 else f"{numbers[0]}–{numbers[-1]}"
