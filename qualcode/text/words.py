"""What counts as a word."""

from __future__ import annotations

import re

from qualcode.model import Span

_RUN = re.compile(r"\S+")
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")


def words(text: str, span: Span | None = None) -> list[Span]:
    """Give the words of a stretch of text, in text order.

    A word is a maximal run of characters without white space that holds a letter or a digit:
    ``don't``, ``24/7``, ``[inaudible]`` are one word each, a lone dash is none. A word that the
    span cuts counts with the part inside.

    Args:
        text: The whole text; the spans returned count from its beginning.
        span: The stretch to look at; None for the whole text.
    """
    start, stop = (0, len(text)) if span is None else (span.start, span.stop)
    return [
        Span(run.start(), run.end())
        for run in _RUN.finditer(text, start, stop)
        if _LETTER_OR_DIGIT.search(run[0])
    ]


def count_words(text: str, span: Span | None = None) -> int:
    """Count the words of a stretch of text, as ``words`` finds them."""
    stretch = text if span is None else text[span.start : span.stop]
    return sum(1 for run in stretch.split() if _LETTER_OR_DIGIT.search(run))
