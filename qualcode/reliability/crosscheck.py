"""Alpha recomputed from the raw ratings by the ``krippendorff`` package.

Two implementations that share no code and no intermediate result must meet in every figure, and in
what does not exist.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version

import numpy as np
from numpy.typing import ArrayLike

from qualcode.reliability.weights import Level

PACKAGE = "krippendorff"
TOLERANCE = 1e-9
LARGEST = 2_000_000
"""The package holds units × values × values numbers; with more units of two values, or as many
numbers, it is not asked."""


@dataclass(frozen=True, slots=True)
class Claim:
    """An alpha of ours, with the raw ratings it was computed from."""

    name: str
    """Which figure it is, such as the code's name."""

    values: ArrayLike | None
    """``(units, coders)``: positions in ``categories``, -1 missing; None where they are too many
    to be laid out."""

    alpha: float | None
    """Ours; None where it does not exist."""

    categories: Sequence[object] = (0, 1)
    level: Level = "nominal"


@dataclass(frozen=True, slots=True)
class CrossCheck:
    """How far the two implementations lie apart."""

    package: str
    version: str
    checked: int
    """Figures compared, undefined ones included."""

    not_checked: int
    """Figures with too many units for the package."""

    max_abs_difference: float | None
    """Largest difference of two existing figures; None if none was compared."""

    differences: dict[str, float]
    """Difference of each figure that exists on both sides."""

    contradicted: tuple[str, ...]
    """Names of figures that exist on one side only."""

    @property
    def agrees(self) -> bool:
        """Whether every figure checked meets its counterpart within ``TOLERANCE``."""
        return not self.contradicted and (self.max_abs_difference or 0.0) <= TOLERANCE


def cross_check(claims: Iterable[Claim], *, largest: int = LARGEST) -> CrossCheck:
    """Recompute every alpha claimed and compare.

    Args:
        claims: Our figures with their raw ratings; taken one at a time, so a generator keeps only
            one matrix in memory.
        largest: Units above which a figure of two values is not checked; fewer with more values.
    """
    differences: dict[str, float] = {}
    contradicted: list[str] = []
    checked = not_checked = 0
    for claim in claims:
        values = None if claim.values is None else np.asarray(claim.values)
        if values is None or len(values) * (len(claim.categories) / 2) ** 2 > largest:
            not_checked += 1
            continue
        checked += 1
        theirs = recomputed(values, claim.categories, claim.level)
        if theirs is None or claim.alpha is None:
            if theirs is not claim.alpha:
                contradicted.append(claim.name)
        else:
            differences[claim.name] = abs(theirs - claim.alpha)
    return CrossCheck(
        PACKAGE,
        version(PACKAGE),
        checked,
        not_checked,
        max(differences.values(), default=None),
        differences,
        tuple(contradicted),
    )


def recomputed(
    values: ArrayLike, categories: Sequence[object] = (0, 1), level: Level = "nominal"
) -> float | None:
    """Alpha as the ``krippendorff`` package computes it; None where it gives none.

    Args:
        values: ``(units, coders)``: positions in ``categories``, -1 missing.
        categories: The declared values, used or not.
        level: Level of measurement; interval and ratio need numbers as categories.
    """
    import krippendorff

    position = np.asarray(values)
    numeric = level in ("interval", "ratio")
    domain = np.asarray(categories if numeric else range(len(categories)), dtype=np.float64)
    if position.size == 0:
        return None
    ratings = np.where(position < 0, np.nan, domain[np.maximum(position, 0)])
    try:
        with np.errstate(invalid="ignore", divide="ignore"):
            alpha = krippendorff.alpha(
                reliability_data=ratings.T, value_domain=domain, level_of_measurement=level
            )
    except ValueError:  # its answer where only one value, or no pairable unit, is there
        return None
    return None if math.isnan(alpha) else float(alpha)
