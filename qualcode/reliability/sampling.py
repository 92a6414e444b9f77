"""Which documents two coders code: a seeded, stratified sample, and how many it takes.

A document's place in the draw depends on the seed and its own id alone: one that is added later
does not change who was drawn before it, within its stratum's quota.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import combinations
from typing import TypeAlias

from qualcode.errors import UsageProblem
from qualcode.reliability import student_t

Stratum: TypeAlias = tuple[str, ...]
"""The values that a document has of the attributes to stratify by."""

MOST = 10_000
"""Documents that a plan goes up to."""


def order_of(documents: Iterable[str], seed: int) -> list[str]:
    """Put documents in the order of the draw: by SHA-256 of seed and id."""
    return sorted(documents, key=lambda id_: sha256(f"{seed}{id_}".encode()).hexdigest())


def quotas(sizes: Mapping[Stratum, int], share: float) -> dict[Stratum, int]:
    """How many documents each stratum gives: by largest remainder, at least one.

    Args:
        sizes: How many documents each stratum has.
        share: Of all documents; the whole sample is this share rounded up, and more where every
            stratum's one needs it.

    Raises:
        UsageProblem: The share is not above 0 and at most 1.
    """
    if not 0 < share <= 1:
        raise UsageProblem(f"A share lies above 0 and is at most 1, such as 0.2; got {share:g}.")
    filled = {stratum: size for stratum, size in sizes.items() if size}
    total = math.ceil(sum(filled.values()) * share - 1e-9)
    exact = {stratum: size * share for stratum, size in filled.items()}
    given = {stratum: int(want + 1e-9) for stratum, want in exact.items()}
    left = total - sum(given.values())
    by_remainder = sorted(filled, key=lambda s: (-(exact[s] - given[s]), s))
    for stratum in by_remainder[: max(left, 0)]:
        given[stratum] += 1
    return {stratum: min(max(n, 1), filled[stratum]) for stratum, n in sorted(given.items())}


@dataclass(frozen=True, slots=True)
class Sample:
    """A drawn sample."""

    documents: tuple[str, ...]
    """By stratum, then in the order of the draw."""

    quotas: Mapping[Stratum, int]
    sizes: Mapping[Stratum, int]
    """How many documents each stratum could give."""


def draw(frame: Mapping[str, Stratum], share: float, seed: int) -> Sample:
    """Draw documents from each stratum; the same frame, share and seed give the same ones.

    Args:
        frame: Document id → its stratum; all that may be drawn.
    """
    strata: dict[Stratum, list[str]] = {}
    for document in order_of(frame, seed):
        strata.setdefault(frame[document], []).append(document)
    sizes = {stratum: len(strata[stratum]) for stratum in sorted(strata)}
    wanted = quotas(sizes, share)
    chosen = [document for stratum, n in wanted.items() for document in strata[stratum][:n]]
    return Sample(tuple(chosen), wanted, sizes)


def rotated(
    documents: Sequence[str], coders: Sequence[str], *, crossed: bool = False
) -> list[tuple[str, str]]:
    """Give each document to two coders, pair after pair so that all pairs meet.

    Args:
        documents: In the order of the draw.
        coders: Two or more.
        crossed: Give every document to every coder instead.

    Returns:
        ``(document, coder)``, two for each document (all coders if crossed).

    Raises:
        UsageProblem: There are fewer than two coders.
    """
    coders = list(dict.fromkeys(coders))
    if len(coders) < 2:
        raise UsageProblem("Double coding takes two coders or more; name them with --to.")
    if crossed:
        return [(document, coder) for document in documents for coder in coders]
    pairs = _balanced(list(combinations(coders, 2)))
    return [
        (document, coder)
        for at, document in enumerate(documents)
        for coder in pairs[at % len(pairs)]
    ]


def _balanced(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The pairs in an order in which nobody waits long: least busy coders first."""
    load: dict[str, int] = {}
    ordered: list[tuple[str, str]] = []
    left = list(pairs)
    while left:
        best = min(left, key=lambda p: (load.get(p[0], 0) + load.get(p[1], 0), pairs.index(p)))
        left.remove(best)
        ordered.append(best)
        for coder in best:
            load[coder] = load.get(coder, 0) + 1
    return ordered


def half_width(documents: int, *, se: float, pilot: int, level: float = 0.95) -> float:
    """Half the width that an interval of alpha can be expected to have.

    Args:
        documents: Planned, two or more.
        se: Standard error of the pilot's jackknife.
        pilot: How many documents the pilot had.
        level: Confidence.

    Returns:
        t(D-1) se sqrt(D0/D): a figure for planning, as good as the pilot is like the rest.
    """
    t = student_t.quantile((1 + level) / 2, documents - 1)
    return t * se * math.sqrt(pilot / documents)


def documents_needed(target: float, *, se: float, pilot: int, level: float = 0.95) -> int | None:
    """The smallest number of documents whose interval is expected to be ± ``target`` or better.

    Returns:
        None where even ``MOST`` documents would not do.

    Raises:
        UsageProblem: The target is not above 0.
    """
    if not target > 0:
        raise UsageProblem("A half width is above 0, such as 0.1.")
    low, high = 2, MOST
    if half_width(high, se=se, pilot=pilot, level=level) > target:
        return None
    while low < high:  # the half width falls with every document
        middle = (low + high) // 2
        if half_width(middle, se=se, pilot=pilot, level=level) <= target:
            high = middle
        else:
            low = middle + 1
    return low
