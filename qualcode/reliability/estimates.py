"""Figures that may not exist: a value, or the reason why there is none.

An ``Estimate`` holds one figure per code (and, under resampling, per resample). Undefined is not
zero, not one and not a silent NaN: it is a reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from qualcode.errors import Undefined

Floats: TypeAlias = NDArray[np.float64]
Bools: TypeAlias = NDArray[np.bool_]

Reason: TypeAlias = Literal[
    "",
    "single_coder",
    "no_pairable_units",
    "code_never_used",
    "no_variation",
    "single_category",
    "pair_undefined",
    "few_documents",
    "code_in_one_document",
    "unstable_resamples",
    "few_units",
    "no_formula",
    "no_sample",
    "no_valued_segment",
    "no_intersecting_categories",
    "overlapping_codes",
]
"""Why a figure or an interval does not exist; "" where it does."""

REASONS: tuple[str, ...] = get_args(Reason)
_NUMBER = {reason: number for number, reason in enumerate(REASONS)}


@dataclass(frozen=True, slots=True, eq=False)
class Estimate:
    """A statistic for each code, with what it was made of.

    All arrays have the same shape: ``(codes,)``, or ``(resamples, codes)`` from resampled counts.
    ``estimate[i]`` is the estimate of one code; ``value``, ``reason`` … read a single figure.
    """

    values: Floats
    """The figures; NaN exactly where ``reasons`` names a reason (``value`` is None there)."""

    reasons: NDArray[np.int8]
    """Position in ``REASONS``; 0 where the figure exists."""

    observed_values: Floats
    """Observed agreement (for alpha: observed *disagreement*); NaN where there is none."""

    expected_values: Floats
    """The same as expected by chance; NaN where the statistic has no such part."""

    constant: Bools
    """Whether all ratings were alike, so that the figure rests on no variation (a flag)."""

    @classmethod
    def ratio(
        cls,
        numerator: Floats,
        denominator: Floats,
        *,
        undefined: list[tuple[Reason, Bools]],
        observed: Floats | None = None,
        expected: Floats | None = None,
        constant: Bools | None = None,
    ) -> Estimate:
        """Divide where the figure exists.

        Args:
            numerator: Any shape; broadcast against ``denominator``.
            denominator: Never zero where no reason holds.
            undefined: Reasons and where they hold; the first that holds is the one given.
            observed: What the statistic observed, kept for the reader.
            expected: What it expected by chance.
            constant: Where all ratings were alike.
        """
        shape = np.broadcast_shapes(np.shape(numerator), np.shape(denominator))
        reasons = np.zeros(shape, dtype=np.int8)
        for reason, holds in reversed(undefined):
            reasons[np.broadcast_to(holds, shape)] = _NUMBER[reason]
        exists = reasons == 0
        values = np.full(shape, np.nan)
        np.divide(numerator, denominator, out=values, where=exists)
        nothing = np.full(shape, np.nan)
        return cls(
            values,
            reasons,
            nothing if observed is None else np.broadcast_to(observed, shape),
            nothing if expected is None else np.broadcast_to(expected, shape),
            np.zeros(shape, dtype=np.bool_) if constant is None else constant,
        )

    @property
    def shape(self) -> tuple[int, ...]:
        """``(codes,)`` or ``(resamples, codes)``."""
        return self.values.shape

    def __len__(self) -> int:
        return len(self.values)

    def __getitem__(self, at: int) -> Estimate:
        """The estimate of one code (or of one resample, where there are resamples)."""
        return Estimate(
            np.asarray(self.values[at]),
            np.asarray(self.reasons[at]),
            np.asarray(self.observed_values[at]),
            np.asarray(self.expected_values[at]),
            np.asarray(self.constant[at]),
        )

    def __iter__(self) -> Iterator[Estimate]:
        return (self[at] for at in range(len(self)))

    @property
    def value(self) -> float | None:
        """The single figure; None where it does not exist. ``ValueError`` if there are several."""
        return _single(self.values)

    @property
    def reason(self) -> str | None:
        """Why the single figure does not exist; None where it does."""
        return REASONS[int(self.reasons.item())] or None

    @property
    def observed(self) -> float | None:
        """What was observed for the single figure: agreement, or disagreement for alpha."""
        return _single(self.observed_values)

    @property
    def expected(self) -> float | None:
        """What chance alone would have given."""
        return _single(self.expected_values)

    @property
    def flags(self) -> tuple[str, ...]:
        """``no_variation`` where all ratings were alike and the formula still gives a figure."""
        return ("no_variation",) if bool(self.constant.item()) and self.reason is None else ()

    def require(self) -> float:
        """The single figure; raises ``Undefined`` with the reason where it does not exist."""
        value = self.value
        if value is None:
            raise Undefined(self.reason or "")
        return value


def _single(values: Floats) -> float | None:
    value = float(values.item())
    return None if np.isnan(value) else value
