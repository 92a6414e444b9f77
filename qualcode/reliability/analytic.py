"""Intervals from formulas, with units as the sample: for comparison with published figures.

Sentences of one transcript are not independent, so these are too narrow for coded transcripts; for
a table of ratings of unrelated items they are what the literature reports.
"""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Literal, TypeAlias

import numpy as np

from qualcode.errors import UsageProblem
from qualcode.reliability import coefficients, student_t
from qualcode.reliability.estimates import Estimate, Floats
from qualcode.reliability.intervals import Interval
from qualcode.reliability.patterns import Integers, PatternCounts
from qualcode.reliability.weights import Weights, agreement_weights

Linearized: TypeAlias = Literal[
    "gwet_ac1", "gwet_ac2", "fleiss_kappa", "conger_kappa", "brennan_prediger",
    "krippendorff_alpha",
]  # fmt: skip
"""Statistics that ``gwet`` knows a variance for; alpha at the nominal level."""


def gwet(
    counts: PatternCounts,
    statistic: Linearized,
    *,
    weights: Weights = "none",
    level: float = 0.95,
) -> tuple[Interval, ...]:
    """Linearised variance of a chance-corrected coefficient, and theta ± t(n-1) se.

    Args:
        counts: Pattern counts of one code or several.
        statistic: Its name.
        weights: As given to the statistic; alpha takes none.
        level: Confidence.

    Returns:
        One interval per code; n units were rated at all (by two coders for alpha). The upper limit
        is clipped at 1. Undefined where the figure is, and (``few_units``) for a single unit.

    Source:
        Gwet, K. L. (2008). British Journal of Mathematical and Statistical Psychology, 61(1),
        29–48; (2014) Handbook of Inter-Rater Reliability, 4th ed., chapters 5 and 6.
    """
    if statistic == "krippendorff_alpha" and weights != "none":
        raise UsageProblem("Gwet's variance of alpha is given here for the nominal level only.")
    theta = _figure(counts, statistic, weights)
    return tuple(
        _interval(theta[code], *_variance(counts.only_code(code), statistic, weights), level)
        for code in range(counts.codes)
    )


def fleiss_cohen_everitt(
    counts: PatternCounts,
    pair: tuple[int, int] = (0, 1),
    *,
    weights: Weights = "none",
    level: float = 0.95,
) -> tuple[Interval, ...]:
    """Large-sample standard error of Cohen's kappa, and kappa ± z se (z = 1.96 for 95 %).

    Returns:
        One interval per code, not clipped: as tables of the literature print it.

    Source:
        Fleiss, J. L., Cohen, J., & Everitt, B. S. (1969). Psychological Bulletin, 72(5), 323–327.
    """
    theta = coefficients.cohen_kappa(counts, pair, weights=weights)
    w = agreement_weights(counts.categories, weights)
    found = []
    for code, table in enumerate(coefficients.pair_table(counts, pair)):
        one = theta[code]
        if one.reason is not None:
            found.append(Interval("fce", None, None, level, one.reason))
            continue
        value, se = one.require(), _fce(table, w, one.require())
        half = NormalDist().inv_cdf((1 + level) / 2) * se
        found.append(Interval("fce", value - half, value + half, level, se=se))
    return tuple(found)


def standard_error_of_no_agreement(
    counts: PatternCounts, pair: tuple[int, int] = (0, 1), *, weights: Weights = "none"
) -> tuple[float | None, ...]:
    """Standard error of Cohen's kappa if the coders agreed by chance alone; None where undefined.

    Source: as ``fleiss_cohen_everitt``, with kappa 0 and p[i,j] = p[i,.] p[.,j].
    """
    theta = coefficients.cohen_kappa(counts, pair, weights=weights)
    w = agreement_weights(counts.categories, weights)
    found: list[float | None] = []
    for code, table in enumerate(coefficients.pair_table(counts, pair)):
        if theta[code].reason is not None:
            found.append(None)
            continue
        n = table.sum()
        independent = np.outer(table.sum(axis=1), table.sum(axis=0)) / n
        found.append(_fce(independent, w, 0.0))
    return tuple(found)


def _fce(table: Floats, w: Floats, kappa: float) -> float:
    n = table.sum()
    p = table / n
    rows, columns = p.sum(axis=1), p.sum(axis=0)
    pe = float(rows @ w @ columns)
    u = (w @ columns)[:, None] + (rows @ w)[None, :]
    total = float((p * np.square(w - u * (1 - kappa))).sum()) - (kappa - pe * (1 - kappa)) ** 2
    return math.sqrt(max(total, 0.0) / n) / (1 - pe)


def _figure(counts: PatternCounts, statistic: Linearized, weights: Weights) -> Estimate:
    if statistic == "gwet_ac1":
        return coefficients.gwet_ac1(counts)
    if statistic == "gwet_ac2":
        return coefficients.gwet_ac2(counts, weights=weights)
    if statistic == "fleiss_kappa":
        return coefficients.fleiss_kappa(counts, weights=weights)
    if statistic == "conger_kappa":
        return coefficients.conger_kappa(counts, weights=weights)
    if statistic == "brennan_prediger":
        return coefficients.brennan_prediger(counts, weights=weights)
    return coefficients.krippendorff_alpha(counts)


def _interval(theta: Estimate, variance: float, units: int, level: float) -> Interval:
    reason = theta.reason or ("few_units" if units < 2 else None)
    if reason is not None:
        return Interval("gwet", None, None, level, reason)
    value, se = theta.require(), math.sqrt(max(variance, 0.0))
    half = student_t.quantile((1 + level) / 2, units - 1) * se
    return Interval("gwet", value - half, min(value + half, 1.0), level, se=se)


def _variance(counts: PatternCounts, statistic: Linearized, weights: Weights) -> tuple[float, int]:
    """The variance of one code's figure, and the units it rests on."""
    w = agreement_weights(counts.categories, weights)
    units = counts.table[0].sum(axis=0)
    if statistic == "krippendorff_alpha":
        return _variance_of_alpha(units, counts.ratings, counts.raters, w)
    rated = np.flatnonzero((counts.raters >= 1) & (units > 0))
    units, r, m = units[rated], counts.ratings[rated], counts.raters[rated]
    n, paired = units.sum(), m >= 2
    n_paired = units[paired].sum()
    if n < 2 or n_paired == 0:
        return math.nan, int(n)
    agreeing = (r * (r @ w - 1)).sum(axis=1)
    a = np.where(paired, agreeing / np.maximum(m * (m - 1), 1), 0.0)
    pi = (units[:, None] * r / m[:, None]).sum(axis=0) / n
    pa = (units * a).sum() / n_paired
    pe, e = _chance(counts.patterns[rated], units, r / m[:, None], pi, w, statistic)
    if pe == 1:
        return math.nan, int(n)
    kappa = (pa - pe) / (1 - pe)
    x = n / n_paired * (a - pe) * paired / (1 - pe) - 2 * (1 - kappa) * (e - pe) / (1 - pe)
    return float((units * np.square(x - kappa)).sum() / (n * (n - 1))), int(n)


def _chance(
    patterns: Integers, units: Floats, share: Floats, pi: Floats, w: Floats, statistic: Linearized
) -> tuple[float, Floats]:
    """Agreement by chance, and each pattern's part in it."""
    q = len(pi)
    if statistic == "brennan_prediger":
        pe = float(w.sum()) / q**2
        return pe, np.full(len(share), pe)
    if statistic == "fleiss_kappa":
        return float(pi @ w @ pi), share @ ((w + w.T) / 2 @ pi)
    if statistic == "conger_kappa":
        return _chance_of_conger(patterns, units, w)
    scale = float(w.sum()) / (q * (q - 1))
    return scale * float((pi * (1 - pi)).sum()), scale * (share @ (1 - pi))


def _chance_of_conger(patterns: Integers, units: Floats, w: Floats) -> tuple[float, Floats]:
    patterns = patterns[:, units @ (patterns >= 0) > 0]  # who rated nothing is no coder here
    n, coders = units.sum(), patterns.shape[1]
    gave = (patterns[:, :, None] == np.arange(len(w))).astype(np.float64)
    rated = (patterns >= 0).astype(np.float64)
    by_coder = units @ rated
    p = np.einsum("u,ugk->gk", units, gave) / by_coder[:, None]
    mean = p.mean(axis=0)
    spread = np.cov(p, rowvar=False, ddof=1).reshape(len(w), len(w))
    pe = float((w * (np.outer(mean, mean) - spread / coders)).sum())
    missing = rated - by_coder / n
    v = (n / by_coder)[None, :, None] * ((gave - missing[:, :, None] * p[None]) @ w.T)
    e = ((coders * mean[None, :] - p)[None] * v).sum(axis=(1, 2)) / (coders * (coders - 1))
    return pe, e


def _variance_of_alpha(units: Floats, r: Floats, m: Floats, w: Floats) -> tuple[float, int]:
    paired = np.flatnonzero((m >= 2) & (units > 0))
    units, r, m = units[paired], r[paired], m[paired]
    n = units.sum()
    if n < 2:
        return math.nan, int(n)
    mean = (units * m).sum() / n
    apart = m / mean - 1
    b = (r * (r @ w - 1)).sum(axis=1) / (mean * (m - 1))
    nearly = (units * b).sum() / n
    small = 1 / (n * mean)
    pa = (1 - small) * nearly + small
    pi = (units[:, None] * r).sum(axis=0) / (n * mean)
    pe = float(pi @ w @ pi)
    if pe == 1:
        return math.nan, int(n)
    kappa = (nearly - pe) / (1 - pe)
    e = r @ ((w + w.T) / 2 @ pi) / mean - pe * apart - pe
    x = (b - pa * apart - pe - 2 * (1 - kappa) * e) / (1 - pe)
    return float((units * np.square(x - kappa)).sum() / (n * (n - 1))), int(n)
