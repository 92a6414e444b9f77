"""How far apart two values are: agreement weights and the distances of alpha's levels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

import numpy as np

from qualcode.errors import UsageProblem
from qualcode.reliability.estimates import Floats

Weights: TypeAlias = Literal["none", "linear", "quadratic", "ordinal"]
Level: TypeAlias = Literal["nominal", "ordinal", "interval", "ratio"]


def agreement_weights(categories: Sequence[object], weights: Weights) -> Floats:
    """Give the agreement between every two categories: 1 on the diagonal, less further away.

    Args:
        categories: The declared values in order. Numbers count as themselves, anything else by
            rank.
        weights: ``none`` (1 or 0), ``linear`` 1-|x-y|/R, ``quadratic`` 1-((x-y)/R)² with R the
            range of the values, ``ordinal`` 1-C(|k-l|+1, 2)/C(q, 2) on ranks.

    Returns:
        ``(categories, categories)``, symmetric.

    Source:
        Cohen, J. (1968). Weighted kappa. Psychological Bulletin, 70(4), 213–220; ordinal: Gwet,
        K. L. (2014). Handbook of Inter-Rater Reliability, 4th ed., chapter 3. Not the same as
        Krippendorff's ordinal metric.
    """
    q = len(categories)
    if weights == "none" or q < 2:
        return np.eye(q)
    if weights == "ordinal":
        steps = np.abs(np.subtract.outer(np.arange(q), np.arange(q))).astype(np.float64)
        ordinal: Floats = 1 - steps * (steps + 1) / (q * (q - 1))
        return ordinal
    x = _numbers(categories)
    if x is None:
        x = np.arange(q, dtype=np.float64)
    apart = np.abs(np.subtract.outer(x, x)) / (x.max() - x.min())
    return np.asarray(1 - (apart if weights == "linear" else apart**2))


def distances(categories: Sequence[object], level: Level, totals: Floats) -> Floats:
    """Give Krippendorff's squared distance between every two values.

    Args:
        categories: The declared values in order; numbers for ``interval`` and ``ratio``.
        level: nominal 0/1; interval (x-y)²; ratio ((x-y)/(x+y))², 0 where x+y = 0; ordinal
            (n_k+…+n_l - (n_k+n_l)/2)².
        totals: ``(…, categories)``: how often each value was paired; only ``ordinal`` uses it.

    Returns:
        ``(…, categories, categories)``, or without leading axes where the level needs none.

    Raises:
        UsageProblem: If the level needs numbers and the categories are not.

    Source:
        Krippendorff, K. (2011). Computing Krippendorff's alpha-reliability. University of
        Pennsylvania, Annenberg School for Communication, section D.
    """
    if level == "nominal":
        return np.asarray(1 - np.eye(len(categories)))
    if level == "ordinal":
        below = np.cumsum(totals, axis=-1) - totals / 2
        return np.asarray(np.square(below[..., :, None] - below[..., None, :]))
    x = _numbers(categories)
    if x is None:
        raise UsageProblem(f"The {level} level needs categories that are numbers.")
    apart = np.subtract.outer(x, x)
    if level == "interval":
        return np.asarray(np.square(apart))
    total = np.add.outer(x, x)
    return np.asarray(
        np.square(np.divide(apart, total, out=np.zeros_like(apart), where=total != 0))
    )


def _numbers(categories: Sequence[object]) -> Floats | None:
    numeric = [float(c) for c in categories if isinstance(c, int | float)]
    return np.array(numeric) if len(numeric) == len(categories) else None
