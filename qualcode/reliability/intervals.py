"""How sure a figure is: intervals over documents (jackknife, bootstrap) or over units.

Coders differ between documents, and sentences of one transcript are not independent; so documents
are the sample wherever there are enough of them. Every random draw comes from the seed given, and
the interval of one code does not depend on which other codes were asked for.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from qualcode.reliability import student_t
from qualcode.reliability.coefficients import coincidences, krippendorff_alpha
from qualcode.reliability.estimates import REASONS, Estimate, Floats
from qualcode.reliability.patterns import PatternCounts
from qualcode.reliability.weights import Level, distances

Statistic: TypeAlias = Callable[[PatternCounts], Estimate]
Method: TypeAlias = Literal["jackknife", "bootstrap-documents", "bootstrap-units"]
"""What suits coded transcripts."""

ForComparison: TypeAlias = Literal["gwet", "fce", "hayes-krippendorff"]
"""What other programs and papers report; too narrow for the units of transcripts."""

ENOUGH_DOCUMENTS = 5
"""From this many documents with pairable units the jackknife is the default."""

RESAMPLES = 10_000
UNSTABLE = 0.05
"""Above this share of undefined resamples a bootstrap gives no interval."""

CELLS = 2_000_000
"""Numbers held at a time while resampling."""

UNITS_WARNING = (
    "Intervals by resampling units, as there are fewer than 5 documents or it was asked for; "
    "units of one transcript are not independent, so the true uncertainty is larger."
)


@dataclass(frozen=True, slots=True)
class Interval:
    """The interval of one figure."""

    method: Method | ForComparison
    low: float | None
    """Lower limit; None where the interval does not exist."""

    high: float | None
    """Upper limit; never above 1 but for ``fce``."""

    level: float
    """Confidence, such as .95."""

    reason: str | None = None
    """Why it does not exist; None where it does."""

    se: float | None = None
    """Standard error: jackknife, or the standard deviation of the resamples."""

    documents: int = 0
    """How many documents had pairable units."""

    p_below_667: float | None = None
    p_below_800: float | None = None
    """How probable it is that the true figure lies below the customary thresholds."""

    resamples: int | None = None
    seed: int | None = None
    """Of a bootstrap; None for the jackknife."""

    warning: str | None = None
    """A sentence that must be shown with the interval."""


def interval(
    counts: PatternCounts,
    statistic: Statistic,
    *,
    method: Method | None = None,
    level: float = 0.95,
    resamples: int = RESAMPLES,
    seed: int = 1,
) -> tuple[Interval, ...]:
    """Give each code's interval, by default with the method that suits its number of documents.

    Args:
        counts: Pattern counts of one code or several.
        statistic: A function of ``qualcode.reliability.coefficients``.
        method: None: ``jackknife`` from ``ENOUGH_DOCUMENTS`` documents with pairable units, else
            ``bootstrap-units`` with its warning.
        level: Confidence.
        resamples: How many samples a bootstrap draws.
        seed: The same seed and counts give the same interval.

    Returns:
        One interval per code.
    """
    return intervals(
        counts, [statistic], method=method, level=level, resamples=resamples, seed=seed
    )[0]


def intervals(
    counts: PatternCounts,
    statistics: Sequence[Statistic],
    *,
    method: Method | None = None,
    level: float = 0.95,
    resamples: int = RESAMPLES,
    seed: int = 1,
) -> list[tuple[Interval, ...]]:
    """Give the intervals of several statistics; each is as ``interval`` alone would give it.

    Resampled units are drawn once for all statistics: drawing is the larger part of the work.
    """
    found: list[list[Interval]] = [[] for _ in statistics]
    per_code = counts.pairable().sum(axis=-1)
    for code in range(counts.codes):
        only = counts.only_code(code)
        enough = per_code[code] >= ENOUGH_DOCUMENTS
        chosen = method or ("jackknife" if enough else "bootstrap-units")
        if chosen == "bootstrap-units":
            each = _resampled(only, statistics, level, resamples, seed)
        elif chosen == "jackknife":
            each = [jackknife(only, one, level=level)[0] for one in statistics]
        else:
            each = [
                bootstrap_documents(only, one, level=level, resamples=resamples, seed=seed)[0]
                for one in statistics
            ]
        for row, one in zip(found, each, strict=True):
            row.append(one)
    return [tuple(row) for row in found]


def jackknife(
    counts: PatternCounts, statistic: Statistic, *, level: float = 0.95
) -> tuple[Interval, ...]:
    """Leave one document out at a time: theta ± t(D-1) se.

    se² = (D-1)/D sum_d (theta_d - mean theta_d)², over the D documents that hold pairable units.
    The upper limit is clipped at 1, the lower is not.

    Args:
        counts: Pattern counts of one code or several.
        statistic: A function of ``qualcode.reliability.coefficients``.
        level: Confidence.

    Returns:
        One interval per code. Reasons: those of the figure itself; ``few_documents`` with a single
        document; ``code_in_one_document`` where the figure vanishes with one document.

    Source:
        Efron, B., & Tibshirani, R. J. (1993). An Introduction to the Bootstrap, chapter 11.
    """
    theta = statistic(counts)
    keep = counts.pairable()
    without = without_each_document(counts, statistic)
    return tuple(
        jackknifed(theta[code], without[:, code][keep[code]], level) for code in range(counts.codes)
    )


def without_each_document(counts: PatternCounts, statistic: Statistic) -> Floats:
    """Figures without each document in turn, ``(documents, codes)``; NaN where there is none."""
    documents = len(counts.documents)
    found = [np.zeros((0, counts.codes))]
    for rows in _batches(documents, documents):
        weights = np.ones((len(rows), documents))
        weights[np.arange(len(rows)), rows] = 0.0
        found.append(statistic(counts.reweighted(weights)).values)
    return np.concatenate(found[1:] or found)


def bootstrap_documents(
    counts: PatternCounts,
    statistic: Statistic,
    *,
    level: float = 0.95,
    resamples: int = RESAMPLES,
    seed: int = 1,
) -> tuple[Interval, ...]:
    """Draw documents with replacement and take percentiles of the figure.

    Args:
        counts: Pattern counts of one code or several.
        statistic: A function of ``qualcode.reliability.coefficients``.
        level: Confidence.
        resamples: How many samples of documents are drawn.
        seed: The same seed and counts give the same interval.

    Returns:
        One interval per code; undefined (``unstable_resamples``) if more than 5 % of the samples
        give no figure, ``few_documents`` with a single document.
    """
    theta, keep = statistic(counts), counts.pairable()
    drawn = np.full((resamples, counts.codes), np.nan)
    groups: dict[bytes, list[int]] = {}
    for code in range(counts.codes):
        groups.setdefault(keep[code].tobytes(), []).append(code)
    for codes in groups.values():
        documents = int(keep[codes[0]].sum())
        if documents < 2:
            continue
        chosen = counts.only_documents(keep[codes[0]])
        rng = np.random.default_rng(seed)
        width = counts.codes * len(counts.categories) ** 2
        for rows in _batches(resamples, max(width, documents)):
            weights = rng.multinomial(documents, [1 / documents] * documents, size=len(rows))
            values = statistic(chosen.reweighted(weights.astype(np.float64))).values
            drawn[rows[:, None], codes] = values[:, codes]
    return tuple(
        _percentiles(
            "bootstrap-documents", theta[code], drawn[:, code], level, int(keep[code].sum()), seed
        )
        for code in range(counts.codes)
    )


def bootstrap_units(
    counts: PatternCounts,
    statistic: Statistic,
    *,
    level: float = 0.95,
    resamples: int = RESAMPLES,
    seed: int = 1,
) -> tuple[Interval, ...]:
    """Draw units with replacement, whatever their document, and take percentiles of the figure.

    Too narrow for transcripts, whose units are not independent (``Interval.warning``); for codes
    counted in few documents there is nothing better. Arguments and result as in
    ``bootstrap_documents``.
    """
    return interval(
        counts,
        statistic,
        method="bootstrap-units",
        level=level,
        resamples=resamples,
        seed=seed,
    )


def hayes_krippendorff(
    counts: PatternCounts,
    *,
    alpha_level: Level = "nominal",
    level: float = 0.95,
    resamples: int = RESAMPLES,
    seed: int = 1,
) -> tuple[Interval, ...]:
    """Redraw pairs of ratings and take percentiles of alpha: only to compare with other programs.

    As many pairs as coders form in pairable units are drawn from the observed coincidences, and
    D_e stays as it is. Pairs of one unit are not independent, so the interval is too narrow.

    Args:
        counts: Pattern counts of one code or several.
        alpha_level: Level of measurement of the categories.
        level: Confidence.

    Source:
        Hayes, A. F., & Krippendorff, K. (2007). Communication Methods and Measures, 1(1), 77–89.
    """
    theta = krippendorff_alpha(counts, level=alpha_level)
    o, totals = coincidences(counts)
    d = np.broadcast_to(distances(counts.categories, alpha_level, totals), o.shape)
    found = []
    for code in range(counts.codes):
        drawn = np.full(resamples, np.nan)
        one = theta[code]
        if one.reason is None:
            m = counts.raters
            pairs = int((counts.table[code].sum(axis=0) * m * (m - 1) / 2).sum())
            share, apart = o[code].ravel() / o[code].sum(), d[code].ravel()
            rng = np.random.default_rng(seed)
            for rows in _batches(resamples, len(share)):
                sample = rng.multinomial(pairs, share, size=len(rows))
                drawn[rows] = 1 - sample @ apart / pairs / float(one.expected_values)
        documents = int(counts.pairable()[code].sum())
        found.append(_percentiles("hayes-krippendorff", one, drawn, level, documents, seed))
    return tuple(found)


def _resampled(
    counts: PatternCounts, statistics: Sequence[Statistic], level: float, resamples: int, seed: int
) -> list[Interval]:
    """Unit bootstrap of one code: every statistic on the same samples."""
    thetas = [statistic(counts)[0] for statistic in statistics]
    drawn = np.full((len(statistics), resamples), np.nan)
    cells = counts.table[0].sum(axis=0)
    units, used = int(cells.sum()), np.flatnonzero(cells)
    wanted = [at for at, theta in enumerate(thetas) if theta.reason is None]
    rng = np.random.default_rng(seed)
    width = max(len(cells), counts.coders * len(counts.categories))
    for rows in _batches(resamples, width) if units and wanted else []:
        table = np.zeros((len(rows), 1, 1, len(cells)))
        table[:, 0, 0, used] = rng.multinomial(units, cells[used] / units, size=len(rows))
        sample = counts.with_table(table)
        for at in wanted:
            drawn[at, rows] = statistics[at](sample).values[:, 0]
    documents = int(counts.pairable().sum())
    return [
        _percentiles("bootstrap-units", theta, values, level, documents, seed)
        for theta, values in zip(thetas, drawn, strict=True)
    ]


def jackknifed(theta: Estimate, without: Floats, level: float) -> Interval:
    """The jackknife's interval of one figure.

    Args:
        theta: The single figure.
        without: The figure without each document in turn; NaN where there is none then.
        level: Confidence.
    """
    documents = len(without)
    reason = theta.reason
    if reason is None and documents < 2:
        reason = "few_documents"
    if reason is None and np.isnan(without).any():
        reason = "code_in_one_document"
    if reason is not None:
        return Interval("jackknife", None, None, level, reason, documents=documents)
    spread = float(np.square(without - without.mean()).sum())
    se = math.sqrt((documents - 1) / documents * spread)
    half = student_t.quantile((1 + level) / 2, documents - 1) * se
    value = theta.require()
    return Interval(
        "jackknife",
        value - half,
        min(value + half, 1.0),
        level,
        se=se,
        documents=documents,
        p_below_667=_below(0.667, value, se, documents - 1),
        p_below_800=_below(0.800, value, se, documents - 1),
    )


def _below(threshold: float, value: float, se: float, df: int) -> float:
    if se == 0:
        return 1.0 if value < threshold else 0.0
    return student_t.cdf((threshold - value) / se, df)


def _percentiles(
    method: Method | ForComparison,
    theta: Estimate,
    drawn: Floats,
    level: float,
    documents: int,
    seed: int,
) -> Interval:
    warning = UNITS_WARNING if method == "bootstrap-units" else None
    defined = drawn[~np.isnan(drawn)]
    reason = theta.reason
    if reason is None and method == "bootstrap-documents" and documents < 2:
        reason = "few_documents"
    if reason is None and len(defined) < (1 - UNSTABLE) * len(drawn):
        reason = "unstable_resamples"
    if reason is not None:
        assert reason in REASONS
        return Interval(
            method, None, None, level, reason, documents=documents,
            resamples=len(drawn), seed=seed, warning=warning,
        )  # fmt: skip
    tail = (1 - level) / 2
    low, high = np.quantile(defined, [tail, 1 - tail])
    return Interval(
        method,
        float(low),
        float(high),
        level,
        se=float(defined.std(ddof=1)),
        documents=documents,
        p_below_667=float((defined < 0.667).mean()),
        p_below_800=float((defined < 0.800).mean()),
        resamples=len(drawn),
        seed=seed,
        warning=warning,
    )


def _batches(resamples: int, width: int) -> list[NDArray[np.int64]]:
    """Row numbers in batches that keep ``rows × width`` numbers below ``CELLS``."""
    size = max(1, CELLS // max(width, 1))
    return [np.arange(at, min(at + size, resamples)) for at in range(0, resamples, size)]
