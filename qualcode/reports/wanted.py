"""Which figures of agreement are asked for, and how: the options, checked."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import get_args

from qualcode.errors import UnknownName, UsageProblem
from qualcode.reliability import registry
from qualcode.reliability.intervals import RESAMPLES, ForComparison, Method
from qualcode.reliability.sets import SetDistance
from qualcode.reliability.weights import Level, Weights

CATEGORY = ("category_alpha", "category_fleiss_kappa", "category_cohen_kappa")
SET = "krippendorff_alpha_set"
BESIDE = (*CATEGORY, SET)
"""Statistics that are not one figure per code; ``reports.of_values`` makes them."""

DISTANCES: tuple[str, ...] = get_args(SetDistance)
SCOPES = ("code", "pair", "document", "round")
INTERVALS: tuple[str, ...] = (*get_args(Method), *get_args(ForComparison))
LEVELS: tuple[str, ...] = get_args(Level)
WEIGHTS: tuple[str, ...] = get_args(Weights)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which figures, and how."""

    statistics: tuple[str, ...] = ()
    """None: those that are printed together by default."""

    scopes: tuple[str, ...] = ("code", "pair", "round")
    interval: Method | ForComparison | None = None
    """None: what suits the number of documents."""

    ci_level: float = 0.95
    seed: int = 1
    resamples: int = RESAMPLES
    level: Level = "nominal"
    """Level of measurement of the values."""

    weights: Weights = "none"
    distances: tuple[SetDistance, ...] = ("masi",)
    """Between sets of codes."""


def wanted(
    *,
    statistics: Sequence[str] = (),
    by: Sequence[str] = (),
    interval: str | None = None,
    ci_level: float = 0.95,
    seed: int = 1,
    resamples: int = RESAMPLES,
    level: str = "nominal",
    weights: str = "none",
    distances: Sequence[str] = (),
    known: Collection[str] | None = None,
) -> Wanted:
    """Check the options of the figures.

    Args:
        known: Names that statistics may have; None: those of ``reliability.registry``.

    Raises:
        UnknownName: A statistic, scope, interval, level or weights does not exist.
        UsageProblem: A number makes no sense.
    """
    for kind, chosen, there in (
        ("statistic", statistics, (*registry.known(), *BESIDE) if known is None else known),
        ("distance", distances, DISTANCES),
        ("scope", by, SCOPES),
        ("interval", [interval] if interval is not None else [], INTERVALS),
        ("level", [level], LEVELS),
        ("weights", [weights], WEIGHTS),
    ):
        for name in chosen:
            if name not in there:
                raise UnknownName(kind, name, list(there))
    if not 0 < ci_level < 1:
        raise UsageProblem(f"A confidence lies between 0 and 1, such as 0.95; got {ci_level:g}.")
    if resamples < 1 or seed < 0:
        raise UsageProblem("A bootstrap needs at least 1 resample and a seed of 0 or more.")
    methods: tuple[Method | ForComparison, ...] = (*get_args(Method), *get_args(ForComparison))
    measured: tuple[Level, ...] = get_args(Level)
    weighed: tuple[Weights, ...] = get_args(Weights)
    between: tuple[SetDistance, ...] = get_args(SetDistance)
    return Wanted(
        tuple(dict.fromkeys(statistics)),
        tuple(dict.fromkeys(by)) or Wanted().scopes,
        next((one for one in methods if one == interval), None),
        ci_level,
        seed,
        resamples,
        next(one for one in measured if one == level),
        next(one for one in weighed if one == weights),
        tuple(one for one in between if one in distances) or Wanted().distances,
    )
