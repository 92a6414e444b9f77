"""Where coders disagree: which stretch, what kind of disagreement, and how much hangs on it.

An *episode* is a run of consecutive units of a document on which coders disagree about one code.
It is something to talk about, never a measure of reliability.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal, TypeAlias, get_args

import numpy as np

from qualcode.model import Span
from qualcode.reliability.patterns import Integers
from qualcode.reliability.units import Placed, Ratings
from qualcode.spans import unite

Kind: TypeAlias = Literal["boundary", "confusable", "omission"]
KINDS: tuple[Kind, ...] = get_args(Kind)
"""In the order that settles ties."""

Votes: TypeAlias = dict[int, frozenset[int]]
"""Code → the coders who gave it to a unit."""


@dataclass(frozen=True, slots=True)
class Episode:
    """A run of units on which coders disagree about one code. Numbers are positions."""

    code: int
    document: int
    first: int
    """Its first unit, in ``ratings.units``."""

    last: int
    """Its last unit; the same as ``first`` for a single one."""

    present: tuple[int, ...]
    """Coders who gave the code to one of its units at least."""

    absent: tuple[int, ...]
    """Coders who withheld it from one of its units at least; some may be in both."""

    kind: Kind
    """``boundary``: the other coded nearby, with an overlapping span; ``confusable``: the other
    used another code there; ``omission``: neither. The commonest over units and coder pairs."""

    other_codes: tuple[int, ...]
    """Codes that coders without this one used there and coders with it did not."""

    votes: tuple[int, int]
    """Ratings "present" and "absent" over its units."""

    delta_present: float | None
    """How alpha of the code would change if all had said present here; None where undefined."""

    delta_absent: float | None
    """The same if all had said absent. It can be negative."""

    @property
    def delta(self) -> float | None:
        """The change towards the majority; of a tie, the smaller. None where undefined."""
        present, absent = self.votes
        if present != absent:
            return self.delta_present if present > absent else self.delta_absent
        known = [d for d in (self.delta_present, self.delta_absent) if d is not None]
        return min(known) if len(known) == 2 else None


def episodes(ratings: Ratings, codings: Iterable[Placed]) -> list[Episode]:
    """Find all disagreements.

    Args:
        ratings: What was said of each unit.
        codings: The spans the ratings were made of, to tell a boundary from an omission.

    Returns:
        The one that moves alpha most comes first; those whose effect is undefined last; then by
        document, place and code.
    """
    said = _said(ratings)
    spans = _spans(ratings, codings)
    found = []
    for code in np.flatnonzero(ratings.known):
        found += list(_of_code(ratings, said, spans, int(code)))
    return sorted(found, key=lambda e: (-(e.delta if e.delta is not None else -2), e.first, e.code))


def confusions(ratings: Ratings) -> Counter[tuple[int, int]]:
    """Count code pairs that one coder used where the other used the other one instead.

    Returns:
        ``(code, code)``, the smaller position first → units × coder pairs; the commonest pairs
        are the definitions to sharpen.
    """
    counts: Counter[tuple[int, int]] = Counter()
    for votes in _said(ratings).values():
        for a in votes:
            for b in votes:
                if a < b:
                    only_a, only_b = votes[a] - votes[b], votes[b] - votes[a]
                    counts[a, b] += len(only_a) * len(only_b)
    return Counter({pair: n for pair, n in counts.items() if n})


def _of_code(
    ratings: Ratings,
    said: dict[int, Votes],
    spans: dict[tuple[int, int, int], list[Span]],
    code: int,
) -> Iterator[Episode]:
    units = ratings.units
    raters = ratings.seen.sum(axis=1)
    first, last = np.searchsorted(ratings.present[0], [code, code + 1])
    k = np.bincount(ratings.present[1][first:last], minlength=len(units))
    alpha = _Alpha(k, raters)
    differing = np.flatnonzero((k > 0) & (k < raters))
    runs = groupby(
        enumerate(differing.tolist()),
        key=lambda pair: (int(units.document[pair[1]]), pair[1] - pair[0]),
    )
    for (document, _), run in runs:
        at = [unit for _, unit in run]
        kinds: Counter[Kind] = Counter()
        who: set[int] = set()
        without: set[int] = set()
        others: set[int] = set()
        for unit in at:
            votes = said.get(unit, {})
            gave = votes.get(code, frozenset())
            withheld = frozenset(np.flatnonzero(ratings.seen[unit]).tolist()) - gave
            who |= gave
            without |= withheld
            others |= {
                other
                for other, coders in votes.items()
                if other != code and coders & withheld and not coders & gave
            }
            place = Span(int(units.start[unit]), int(units.stop[unit]))
            for g in gave:
                for h in withheld:
                    kinds[_kind(votes, spans, code, document, place, g, h)] += 1
        kind = max(KINDS, key=lambda one: kinds[one])
        yield Episode(
            code, document, at[0], at[-1], tuple(sorted(who)), tuple(sorted(without)), kind,
            tuple(sorted(others)), (int(k[at].sum()), int((raters[at] - k[at]).sum())),
            alpha.change(at, present=True), alpha.change(at, present=False),
        )  # fmt: skip


def _kind(
    votes: Votes,
    spans: dict[tuple[int, int, int], list[Span]],
    code: int,
    document: int,
    unit: Span,
    gave: int,
    withheld: int,
) -> Kind:
    mine = [s for s in spans.get((document, gave, code), []) if s.overlap(unit)]
    theirs = spans.get((document, withheld, code), [])
    if any(_overlapping(span, theirs) for span in mine):
        return "boundary"
    if any(withheld in coders and gave not in coders for c, coders in votes.items() if c != code):
        return "confusable"
    return "omission"


def _overlapping(span: Span, others: Sequence[Span]) -> bool:
    at = bisect_left(others, span.start, key=lambda one: one.stop)
    return at < len(others) and any(one.overlap(span) for one in others[at : at + 2])


def _said(ratings: Ratings) -> dict[int, Votes]:
    """Unit → code → who gave it; units nobody gave a code are left out."""
    said: dict[int, dict[int, set[int]]] = {}
    for code, unit, coder in zip(*(array.tolist() for array in ratings.present), strict=True):
        said.setdefault(unit, {}).setdefault(code, set()).add(coder)
    return {u: {c: frozenset(who) for c, who in votes.items()} for u, votes in said.items()}


def _spans(ratings: Ratings, codings: Iterable[Placed]) -> dict[tuple[int, int, int], list[Span]]:
    """(document, coder, code) → the coder's spans, united, in text order."""
    documents, coders, codes = (
        {name: at for at, name in enumerate(names)}
        for names in (ratings.units.documents, ratings.coders, ratings.codes)
    )
    found: dict[tuple[int, int, int], list[Span]] = {}
    for one in codings:
        if one.document in documents and one.coder in coders and one.code in codes:
            key = documents[one.document], coders[one.coder], codes[one.code]
            found.setdefault(key, []).append(Span(one.start, one.stop))
    return {key: list(unite(spans)) for key, spans in found.items()}


class _Alpha:
    """Alpha of one code, and what it would be were some units unanimous."""

    def __init__(self, k: Integers, raters: Integers) -> None:
        self._k, self._m = k.astype(np.float64), raters.astype(np.float64)
        m = np.maximum(self._m - 1, 1)
        paired = self._m >= 2
        self._o11 = np.where(paired, self._k * (self._k - 1) / m, 0.0)
        self._o00 = np.where(paired, (self._m - self._k) * (self._m - self._k - 1) / m, 0.0)
        self._o01 = np.where(paired, self._k * (self._m - self._k) / m, 0.0)
        self._totals = np.array([self._o11.sum(), self._o00.sum(), self._o01.sum()])
        self.value = _alpha(*self._totals)

    def change(self, at: Sequence[int], *, present: bool) -> float | None:
        """How alpha moves when all coders say the same on these units."""
        here = np.array([self._o11[at].sum(), self._o00[at].sum(), self._o01[at].sum()])
        agreed = float(self._m[at].sum())
        new = self._totals - here + ([agreed, 0, 0] if present else [0, agreed, 0])
        moved = _alpha(*new)
        return None if moved is None or self.value is None else moved - self.value


def _alpha(o11: float, o00: float, o01: float) -> float | None:
    n1, n0 = o11 + o01, o00 + o01
    if n1 < 0.5 or n0 < 0.5:  # sums of whole numbers over m-1: nothing smaller occurs but 0
        return None
    return float(1 - (n1 + n0 - 1) * o01 / (n1 * n0))
