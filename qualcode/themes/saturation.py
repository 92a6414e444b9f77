"""When further documents bring hardly any new code: Guest, Namey and Chen's stopping rule.

It speaks of codes only, not of what they mean, and of the order in which the documents came.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass

BASE = 4
RUN = 2
THRESHOLD = 0.05
ORDERS = 1000
BAND = 0.9
"""Share of the orders that lies in the band."""

TOO_FEW = "too_few_documents"
NO_CODES = "no_codes_in_base"
NOT_REACHED = "not_reached"


@dataclass(frozen=True, slots=True)
class Saturation:
    """How the codes of a row of documents came together."""

    new: tuple[int, ...]
    """Of each document, how many codes stood in none before it."""

    run: int
    """Documents in a run."""

    base_codes: int | None
    """Distinct codes of the base; None where there are too few documents."""

    ratios: tuple[float, ...]
    """Of each run, the codes new in it by those of the base. The first run begins with the first
    document after the base, the next one document later. Empty where undefined."""

    reached: int | None
    """How many documents stand before the first run at or below the threshold; None with a
    reason."""

    reason: str = ""
    """``too_few_documents``: fewer than base and one run; ``no_codes_in_base``: there is nothing
    to divide by; ``not_reached``: no run was at or below the threshold."""

    @property
    def codes(self) -> tuple[int, ...]:
        """Distinct codes after each document."""
        total, found = 0, []
        for n in self.new:
            total += n
            found.append(total)
        return tuple(found)

    def __str__(self) -> str:
        """As the source writes it, ``6+2``: six documents, and two more to know it."""
        return "" if self.reached is None else f"{self.reached}+{self.run}"


@dataclass(frozen=True, slots=True)
class Band:
    """What other orders of the same documents would have shown."""

    low: tuple[int, ...]
    high: tuple[int, ...]
    """Distinct codes after the first, second, … document, in all orders but the most extreme."""

    reached_low: int | None
    reached_high: int | None
    """Documents until it is reached; None where so many orders never reach it."""

    share: float
    """Of the orders, how many reach it at all."""


def saturation(
    documents: Sequence[Collection[str]],
    *,
    base: int = BASE,
    run: int = RUN,
    threshold: float = THRESHOLD,
) -> Saturation:
    """Find when runs of documents stop bringing new codes.

    Args:
        documents: The codes of each document, in the order in which they were collected.
        base: How many documents the codes are measured against.
        run: How many consecutive later documents are looked at together.
        threshold: The ratio, new codes of a run by codes of the base, at or below which it is
            reached.

    Source:
        Guest, G., Namey, E., & Chen, M. (2020). A simple method to assess and report thematic
        saturation in qualitative research. PLOS ONE, 15(5), e0232076.
    """
    return _rule(_news(_masks(documents)), base, run, threshold)


def band(
    documents: Sequence[Collection[str]],
    *,
    base: int = BASE,
    run: int = RUN,
    threshold: float = THRESHOLD,
    orders: int = ORDERS,
    seed: int = 0,
) -> Band:
    """Shuffle the documents and look again: how far the curve hangs on their order.

    Args:
        orders: How many orders are drawn, at least 1; the same seed draws the same.

    Returns:
        The central 90 % of the orders, by rank: no value in between is made up.
    """
    masks, draw = _masks(documents), random.Random(seed)
    curves: list[tuple[int, ...]] = []
    reached: list[float] = []
    for _ in range(orders):
        draw.shuffle(masks)
        found = _rule(_news(masks), base, run, threshold)
        curves.append(found.codes)
        reached.append(float("inf") if found.reached is None else found.reached)
    ends = [_ends(column) for column in zip(*curves, strict=True)]
    low, high = _ends(reached)
    return Band(
        tuple(int(one) for one, _ in ends),
        tuple(int(one) for _, one in ends),
        None if low == float("inf") else int(low),
        None if high == float("inf") else int(high),
        sum(one != float("inf") for one in reached) / orders,
    )


def _rule(new: tuple[int, ...], base: int, run: int, threshold: float) -> Saturation:
    if len(new) < base + run:
        return Saturation(new, run, None, (), None, TOO_FEW)
    codes = sum(new[:base])
    if not codes:
        return Saturation(new, run, codes, (), None, NO_CODES)
    starts = range(base, len(new) - run + 1)
    ratios = tuple(sum(new[at : at + run]) / codes for at in starts)
    for at, ratio in zip(starts, ratios, strict=True):
        if ratio <= threshold:
            return Saturation(new, run, codes, ratios, at)
    return Saturation(new, run, codes, ratios, None, NOT_REACHED)


def _masks(documents: Sequence[Collection[str]]) -> list[int]:
    """Each document as the bits of its codes: a thousand orders are a thousand additions."""
    place = {code: at for at, code in enumerate(sorted({c for one in documents for c in one}))}
    return [sum(1 << place[code] for code in set(one)) for one in documents]


def _news(masks: Sequence[int]) -> tuple[int, ...]:
    """Of each document, how many codes stand in none before it."""
    seen, found = 0, []
    for mask in masks:
        found.append((mask & ~seen).bit_count())
        seen |= mask
    return tuple(found)


def _ends(values: Sequence[float]) -> tuple[float, float]:
    """The lowest and the highest value once the extremes on both sides are left out."""
    ranked = sorted(values)
    out = int(len(ranked) * (1 - BAND) / 2 + 1e-9)
    return ranked[out], ranked[-1 - out]
