"""Change over time: of agreement between two rounds, and of one coder against the others.

Between rounds a figure's change is taken from one to the other; within a round a coder's shift is
followed from document to document.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qualcode.reliability import student_t
from qualcode.reliability.estimates import Estimate, Floats
from qualcode.reliability.intervals import Interval
from qualcode.reliability.patterns import PatternCounts


@dataclass(frozen=True, slots=True)
class Change:
    """A figure's change from an earlier to a later round, with its interval."""

    value: float | None
    low: float | None
    high: float | None
    se: float | None
    df: float | None
    reason: str | None = None
    """Why there is no interval; None where there is one."""

    @property
    def drift(self) -> bool | None:
        """Whether the interval excludes 0; None where there is no interval."""
        if self.low is None or self.high is None:
            return None
        return self.low > 0 or self.high < 0


def change(
    earlier: tuple[Estimate, Interval], later: tuple[Estimate, Interval], *, level: float = 0.95
) -> Change:
    """Compare a figure of two rounds on different documents.

    Args:
        earlier: The single figure and its jackknife.
        later: The same of the later round.
        level: Confidence.

    Returns:
        se = sqrt(se1² + se2²), Student's t with Welch's degrees of freedom. Undefined where a
        figure or a standard error is; the reason is that of the first.

    Source:
        Welch, B. L. (1947). Biometrika, 34(1–2), 28–35.
    """
    (a, of_a), (b, of_b) = earlier, later
    if a.value is None or b.value is None:
        return Change(None, None, None, None, None, a.reason or b.reason)
    value = b.value - a.value
    if of_a.se is None or of_b.se is None:
        return Change(value, None, None, None, None, of_a.reason or of_b.reason)
    one, two = of_a.se**2, of_b.se**2
    se = math.sqrt(one + two)
    if se == 0:
        return Change(value, value, value, 0.0, None)
    below = one**2 / max(of_a.documents - 1, 1) + two**2 / max(of_b.documents - 1, 1)
    df = (one + two) ** 2 / below
    half = student_t.quantile((1 + level) / 2, df) * se
    return Change(value, value - half, value + half, se, df)


def coder_shift(counts: PatternCounts, coder: int) -> Estimate:
    """How much more often a coder says present than the others do on the same units.

    Args:
        counts: Pattern counts of presence.
        coder: Position of the coder.

    Returns:
        The mean over units that the coder and another rated of the coder's rating less the mean
        of the others'; from -1 to 1, per code. ``observed`` is the coder's rate, ``expected`` the
        others'. Undefined: ``no_pairable_units``.
    """
    sums = counts.sums(("shift", coder), lambda: _shift(counts, coder))
    units, mine, others = sums[..., 0], sums[..., 1], sums[..., 2]
    some = np.maximum(units, 1)
    return Estimate.ratio(
        mine - others,
        some,
        undefined=[("no_pairable_units", units == 0)],
        observed=np.where(units > 0, mine / some, np.nan),
        expected=np.where(units > 0, others / some, np.nan),
    )


def coder_trend(counts: PatternCounts, coder: int, places: Sequence[float]) -> Estimate:
    """How much a coder's shift changes from one document to the next they finish.

    Args:
        counts: Pattern counts of presence.
        coder: Position of the coder.
        places: For each document its place in the order in which the coder finished them.

    Returns:
        The slope of the least-squares line through the documents' shifts (``coder_shift``), each
        weighted with its units, per code. ``observed`` is the shift that the line has in the first
        place, ``expected`` the one in the last. Undefined: ``no_pairable_units``; ``few_documents``
        where all lie in one place.
    """
    rows = counts.table @ _shift(counts, coder)
    x = np.asarray(places, dtype=np.float64)
    n, d = rows[..., 0], rows[..., 1] - rows[..., 2]
    each = np.stack([n, n * x, n * x * x, d, d * x], axis=-1)
    if counts.weights is None:
        sums = each.sum(axis=-2)
    else:
        sums = np.einsum("rd,cdk->rck", counts.weights, each)
    units, sum_x, sum_xx, shift, shift_x = np.moveaxis(sums, -1, 0)
    some = np.maximum(units, 1)
    middle = sum_x / some
    spread = sum_xx - middle * sum_x
    flat = spread <= 1e-9 * some
    slope = np.divide(shift_x - middle * shift, spread, out=np.zeros_like(spread), where=~flat)
    line = shift / some - slope * middle
    ends = [line + slope * at for at in (x.min(initial=np.inf), x.max(initial=-np.inf))]
    return Estimate.ratio(
        slope,
        np.ones_like(slope),
        undefined=[("no_pairable_units", units == 0), ("few_documents", flat)],
        observed=np.where(flat, np.nan, ends[0]),
        expected=np.where(flat, np.nan, ends[1]),
    )


def _shift(counts: PatternCounts, coder: int) -> Floats:
    mine = counts.patterns[:, coder]
    rest = np.delete(counts.patterns, coder, axis=1)
    raters = (rest >= 0).sum(axis=1)
    both = (mine >= 0) & (raters > 0)
    theirs = (rest == 1).sum(axis=1) / np.maximum(raters, 1)
    return np.stack(
        [both.astype(np.float64), both * (mine == 1), np.where(both, theirs, 0.0)], axis=1
    )
