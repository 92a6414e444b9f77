"""What other programs would report for the same codings of two coders, and by which rule.

For translating a figure into or out of another program, never in place of our own. Each rule is
as public documentation of the program states it; where that was second-hand the rule says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qualcode.model import Span
from qualcode.reliability import coefficients
from qualcode.reliability.estimates import Estimate
from qualcode.reliability.patterns import PatternCounts, count
from qualcode.spans import intersect, unite

RULES = {
    "NVivo": "Cohen's kappa per document and code over every character of the document; a "
    "character is coded if a coding touches it, white space included.",
    "ATLAS.ti": "Over the characters of all documents: percent agreement, Holsti's index and "
    "binary alpha of each code; cu-alpha of all codes on what was marked.",
    "MAXQDA": "Per document: codes that both used or neither, and as often; segments that cover "
    "90 % of the longer one match (second-hand), chance is one over the number of codes.",
    "Dedoose": "Units are the first coder's excerpts; Cohen's kappa of each code, and the pooled "
    "kappa of all.",
}

ALIKE = 0.9
"""Share of the longer segment that two segments of MAXQDA must have in common."""


def cells(none: int, second: int, first: int, both: int) -> PatternCounts:
    """Counts of two coders from how many units neither, one or both gave a code."""
    table = np.array([[[none, second, first, both]]], dtype=np.float64)
    patterns = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=np.int64)
    return PatternCounts(table, patterns)


def characters(length: int, a: Sequence[Span], b: Sequence[Span]) -> PatternCounts:
    """Compare two coders on every character of a text.

    Args:
        length: Characters of the text.
        a, b: Each coder's spans of one code.
    """
    mine, theirs = _covered(a), _covered(b)
    both = sum(len(span) for span in intersect(a, b))
    return cells(length - mine - theirs + both, theirs - both, mine - both, both)


def _covered(spans: Sequence[Span]) -> int:
    return sum(len(span) for span in unite(spans))


@dataclass(frozen=True, slots=True)
class Matched:
    """MAXQDA's comparison of segments."""

    share: float | None
    """Segments of either coder that have a match; None where there is no segment."""

    kappa: float | None
    """(share - 1/codes)/(1 - 1/codes)."""

    segments: int


def maxqda(a: Sequence[tuple[str, Span]], b: Sequence[tuple[str, Span]], codes: int) -> Matched:
    """Match the segments of two coders in one document.

    Args:
        a, b: ``(code, span)`` of each coder.
        codes: How many codes there are.
    """
    total = len(a) + len(b)
    if not total:
        return Matched(None, None, 0)
    matched = _matching(a, b) + _matching(b, a)
    share = matched / total
    chance = 1 / codes if codes else 1.0
    return Matched(share, (share - chance) / (1 - chance) if codes > 1 else None, total)


def _matching(mine: Sequence[tuple[str, Span]], theirs: Sequence[tuple[str, Span]]) -> int:
    of_code: dict[str, list[Span]] = {}
    for code, span in theirs:
        of_code.setdefault(code, []).append(span)
    return sum(
        any(
            span.overlap(other) >= ALIKE * max(len(span), len(other))
            for other in of_code.get(code, ())
        )
        for code, span in mine
    )


def dedoose(
    a: Sequence[tuple[str, str, Span]], b: Sequence[tuple[str, str, Span]], codes: Sequence[str]
) -> PatternCounts:
    """Compare two coders on the excerpts that the first one made.

    Args:
        a, b: ``(document, code, span)`` of each coder.
        codes: In the order of the counts.

    Returns:
        Counts of each code over the distinct excerpts of ``a``: whether each coder gave it there.
    """
    excerpts = sorted({(document, span) for document, _, span in a})
    first = {(document, code, span) for document, code, span in a}
    theirs: dict[tuple[str, str], list[Span]] = {}
    for document, code, span in b:
        theirs.setdefault((document, code), []).append(span)
    values = [
        [
            (
                int((document, code, span) in first),
                int(any(span.overlap(other) for other in theirs.get((document, code), ()))),
            )
            for document, span in excerpts
        ]
        for code in codes
    ]
    return count(np.array(values, dtype=np.int64).reshape(len(codes), len(excerpts), 2))


def pooled(counts: PatternCounts) -> Estimate:
    """Dedoose's one figure: the kappa pooled over codes."""
    return coefficients.pooled_kappa(counts)
