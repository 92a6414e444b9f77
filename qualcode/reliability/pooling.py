"""Counts of several rounds as one sample, whatever codes, coders and documents each had."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qualcode.reliability.patterns import PatternCounts


@dataclass(frozen=True, eq=False)
class Part:
    """The counts of one round, with what stands on their axes."""

    counts: PatternCounts
    codes: tuple[str, ...]
    coders: tuple[str, ...]
    documents: tuple[str, ...]


def pool(
    parts: Sequence[Part],
    codes: Sequence[str],
    coders: Sequence[str],
    documents: Sequence[str],
) -> PatternCounts:
    """Put the counts of several rounds together.

    A coder who was not in a round, and a code that it did not have, are missing there. A document
    of several rounds is one document, for intervals, and its units count once for each.

    Args:
        parts: Counts of presence and absence; each part's names are among those of the whole.
        codes: Of the whole, in the order of its figures; likewise ``coders`` and ``documents``.

    Returns:
        Counts of shape ``(codes, documents, patterns)``; the patterns of the parts in turn.
    """
    width = sum(len(part.counts.patterns) for part in parts)
    table = np.zeros((len(codes), len(documents), width))
    patterns = np.full((width, len(coders)), -1, dtype=np.int64)
    first = 0
    for part in parts:
        last = first + len(part.counts.patterns)
        patterns[first:last, [coders.index(name) for name in part.coders]] = part.counts.patterns
        rows = [codes.index(name) for name in part.codes]
        columns = [documents.index(name) for name in part.documents]
        table[np.ix_(rows, columns, range(first, last))] = part.counts.table
        first = last
    return PatternCounts(table, patterns, documents=tuple(documents))
