"""Stretches of text, counted in characters (code points), and what is done with many of them.

Pure; the one implementation that reliability, themes, exports and screens share.
"""

from __future__ import annotations

from collections.abc import Iterable

from qualcode.model import Span


def unite(spans: Iterable[Span], *, touching: bool = True) -> list[Span]:
    """Merge spans that overlap, and with ``touching`` also those that only meet.

    Args:
        spans: In any order, duplicates and nesting allowed.
        touching: Whether ``[0, 5)`` and ``[5, 9)`` become one. Units of analysis want that (a
            boundary drawn twice is no boundary); counting codings does not.

    Returns:
        Disjoint spans in text order that cover exactly the same characters; empty for none.
    """
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and (
            span.start < merged[-1].stop or (touching and span.start == merged[-1].stop)
        ):
            if span.stop > merged[-1].stop:
                merged[-1] = Span(merged[-1].start, span.stop)
        else:
            merged.append(span)
    return merged


def intersect(a: Iterable[Span], b: Iterable[Span]) -> list[Span]:
    """Give the stretches covered by both sides, in text order; each side is united first."""
    left, right = unite(a), unite(b)
    common: list[Span] = []
    i = j = 0
    while i < len(left) and j < len(right):
        start, stop = max(left[i].start, right[j].start), min(left[i].stop, right[j].stop)
        if start < stop:
            common.append(Span(start, stop))
        if left[i].stop <= right[j].stop:
            i += 1
        else:
            j += 1
    return common


def trim(text: str, span: Span) -> Span | None:
    """Draw a span in until it neither begins nor ends with white space; None if nothing is left."""
    start, stop = span.start, span.stop
    while start < stop and text[start].isspace():
        start += 1
    while start < stop and text[stop - 1].isspace():
        stop -= 1
    return Span(start, stop) if start < stop else None
