"""The coefficients by name: ours, and those of plug-ins.

A plug-in is an entry point of the group ``qualcode.coefficients`` that names a ``Coefficient``; it
adds a name and cannot replace one of ours.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, TypeAlias

from qualcode.errors import UnknownName
from qualcode.reliability import coefficients
from qualcode.reliability.estimates import Estimate
from qualcode.reliability.patterns import PatternCounts
from qualcode.reliability.weights import Level, Weights

GROUP = "qualcode.coefficients"

Takes: TypeAlias = Literal["", "weights", "level"]


@dataclass(frozen=True, slots=True)
class Coefficient:
    """A statistic of agreement."""

    name: str
    function: Callable[..., Any]
    """``function(counts)``; with a pair ``function(counts, (a, b))``; with ``takes`` that too."""

    of_pair: bool = False
    """Whether it compares two coders; else it takes any number."""

    takes: Takes = ""
    """Whether near misses can count in part: agreement weights, or a level of measurement."""

    presence: bool = False
    """Whether it is about presence of a code; ratings with other values have none."""

    of_codes: bool = False
    """Whether it is one figure made of all codes, instead of one for each."""

    averaging: str | None = None
    """What one figure of several pairs or codes is made of, where that must be said."""

    beyond_chance: bool = True
    """Whether the customary thresholds (.667, .800) speak of it."""

    def figure(
        self,
        counts: PatternCounts,
        pair: tuple[int, int] = (0, 1),
        *,
        weights: Weights = "none",
        level: Level = "nominal",
    ) -> Estimate:
        """The statistic of each code."""
        given: dict[str, str] = {}
        if self.takes:
            given[self.takes] = weights if self.takes == "weights" else level
        where = (pair,) if self.of_pair else ()
        found: Estimate = self.function(counts, *where, **given)
        return found


PERCENT = Coefficient(
    "percent_agreement", coefficients.percent_agreement, averaging="unit_mean", beyond_chance=False
)
POSITIVE = Coefficient(
    "positive_agreement", coefficients.positive_agreement, presence=True,
    averaging="coincidence", beyond_chance=False,
)  # fmt: skip
NEGATIVE = Coefficient(
    "negative_agreement", coefficients.negative_agreement, presence=True,
    averaging="coincidence", beyond_chance=False,
)  # fmt: skip
ALPHA = Coefficient("krippendorff_alpha", coefficients.krippendorff_alpha, takes="level")
COHEN = Coefficient("cohen_kappa", coefficients.cohen_kappa, of_pair=True, takes="weights")
LIGHT = Coefficient("light_kappa", coefficients.light_kappa, averaging="pair_mean")
CONGER = Coefficient("conger_kappa", coefficients.conger_kappa, takes="weights")
FLEISS = Coefficient("fleiss_kappa", coefficients.fleiss_kappa, takes="weights")
SCOTT = Coefficient("scott_pi", coefficients.scott_pi, of_pair=True)
AC1 = Coefficient("gwet_ac1", coefficients.gwet_ac1)
AC2 = Coefficient("gwet_ac2", coefficients.gwet_ac2, takes="weights")
BRENNAN_PREDIGER = Coefficient("brennan_prediger", coefficients.brennan_prediger, takes="weights")
HOLSTI = Coefficient(
    "holsti", coefficients.holsti, of_pair=True, presence=True, beyond_chance=False
)
POOLED = Coefficient(
    "pooled_kappa", coefficients.pooled_kappa, of_pair=True, presence=True, of_codes=True,
    averaging="code_mean",
)  # fmt: skip
KAPPA_MAX = Coefficient("kappa_max", coefficients.kappa_max, of_pair=True, beyond_chance=False)
BIAS = Coefficient("bias", coefficients.bias, of_pair=True, presence=True, beyond_chance=False)

OURS: Mapping[str, Coefficient] = {
    one.name: one
    for one in (
        PERCENT, POSITIVE, NEGATIVE, ALPHA, COHEN, LIGHT, CONGER, FLEISS, SCOTT, AC1, AC2,
        BRENNAN_PREDIGER, HOLSTI, POOLED, KAPPA_MAX, BIAS,
    )
}  # fmt: skip


@cache
def known() -> Mapping[str, Coefficient]:
    """Every coefficient by name: ours, then those of plug-ins."""
    from importlib.metadata import entry_points

    table = dict(OURS)
    for point in sorted(entry_points(group=GROUP), key=lambda point: (point.name, point.value)):
        if point.name not in table:
            table[point.name] = point.load()
    return table


def named(name: str) -> Coefficient:
    """The coefficient of that name.

    Raises:
        UnknownName: There is none.
    """
    table = known()
    if name not in table:
        raise UnknownName("statistic", name, list(table))
    return table[name]
