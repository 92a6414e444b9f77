"""What one unit of each pattern adds to the sums that coefficients are functions of.

Every function gives ``F[pattern, feature]``, for ``PatternCounts.sums``.
"""

from __future__ import annotations

import numpy as np

from qualcode.reliability.estimates import Floats
from qualcode.reliability.patterns import PatternCounts
from qualcode.reliability.weights import Weights, agreement_weights


def coincidence_cells(counts: PatternCounts) -> Floats:
    """Krippendorff's coincidences ``(values × values)``: r_k(r_l - [k=l])/(m-1)."""
    r, m = counts.ratings, counts.raters
    pairs = r[:, :, None] * (r[:, None, :] - np.eye(r.shape[1]))
    weight = np.where(m >= 2, 1 / np.maximum(m - 1, 1), 0.0)
    cells: Floats = (pairs * weight[:, None, None]).reshape(len(r), r.shape[1] ** 2)
    return cells


def differing(counts: PatternCounts, d: Floats) -> Floats:
    """Coincidences that differ, by how far: sum_kl r_k r_l d_kl/(m-1); one feature."""
    r, m = counts.ratings, counts.raters
    pairs = ((r @ d) * r).sum(axis=1)
    return np.where(m >= 2, pairs / np.maximum(m - 1, 1), 0.0)[:, None]


def agreeing(counts: PatternCounts, weights: Weights) -> Floats:
    """Whether a unit is pairable, and the share of its pairs that agree (in part)."""
    r, m = counts.ratings, counts.raters
    w = agreement_weights(counts.categories, weights)
    pairs = (r * (r @ w - 1)).sum(axis=1)
    share = np.where(m >= 2, pairs / np.maximum(m * (m - 1), 1), 0.0)
    return np.stack([(m >= 2).astype(np.float64), share], axis=1)


def unit_shares(counts: PatternCounts) -> Floats:
    """Whether a unit was rated, the share of each value r_k/m, and r_k."""
    r, m = counts.ratings, counts.raters
    share = r / np.maximum(m, 1)[:, None]
    return np.concatenate([(m >= 1).astype(np.float64)[:, None], share, r], axis=1)


def pooled_pairs(counts: PatternCounts) -> Floats:
    """Ordered pairs that agree, and all of them."""
    r, m = counts.ratings, counts.raters
    return np.stack([(r * (r - 1)).sum(axis=1), m * (m - 1)], axis=1)


def pair_margins(counts: PatternCounts, pair: tuple[int, int], weights: Weights) -> Floats:
    """Of two coders: rated by both, agreement, and each one's values where both rated."""
    a, b = counts.patterns[:, pair[0]], counts.patterns[:, pair[1]]
    both = (a >= 0) & (b >= 0)
    w = agreement_weights(counts.categories, weights)
    values = np.arange(len(counts.categories))
    agreement = np.where(both, w[a, b], 0.0)
    rows, columns = ((one[:, None] == values) & both[:, None] for one in (a, b))
    return np.column_stack([both, agreement, rows, columns])


def pair_cells(counts: PatternCounts, pair: tuple[int, int]) -> Floats:
    """Of two coders: which pair of values ``(values × values)`` they gave."""
    a, b = counts.patterns[:, pair[0]], counts.patterns[:, pair[1]]
    values = np.arange(len(counts.categories))
    cells = (a[:, None] == values)[:, :, None] & (b[:, None] == values)[:, None, :]
    return np.asarray(cells.reshape(len(a), len(values) ** 2), dtype=np.float64)


def one_hot(counts: PatternCounts) -> Floats:
    """Which value each coder gave: ``(coders × values)``."""
    values = np.arange(len(counts.categories))
    hot = counts.patterns[:, :, None] == values
    return np.asarray(hot.reshape(hot.shape[0], hot.shape[1] * hot.shape[2]), dtype=np.float64)
