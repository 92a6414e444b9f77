"""Figures of agreement as tidy rows: what is compared, by which statistics, with which intervals.

The same for the rounds of a project and for ratings made elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from qualcode.errors import UnknownName, UsageProblem
from qualcode.model import Cell
from qualcode.reliability import analytic, registry
from qualcode.reliability.basis import Counted, counted
from qualcode.reliability.crosscheck import Claim, CrossCheck, cross_check
from qualcode.reliability.estimates import Estimate
from qualcode.reliability.intervals import (
    ENOUGH_DOCUMENTS,
    RESAMPLES,
    ForComparison,
    Interval,
    Method,
    Statistic,
    hayes_krippendorff,
    intervals,
    jackknife,
)
from qualcode.reliability.patterns import PatternCounts
from qualcode.reliability.registry import Coefficient
from qualcode.reliability.weights import Level, Weights

COLUMNS = [
    "scope", "code", "rolled_up", "document", "round", "codebook_version", "coder_a", "coder_b",
    "unit", "overlap", "restrict", "statistic", "level", "weights", "averaging", "distance",
    "value", "status", "reason", "ci_low", "ci_high", "ci_level", "ci_method", "ci_reason", "se",
    "p_below_667", "p_below_800", "n_units", "n_documents", "n_coders", "n_pairs", "n_present",
    "n_any", "n_all", "n_none", "prevalence", "observed", "expected", "cross_check_difference",
    "flags",
]  # fmt: skip

ALL = "*"
ALL_CELLS = "unit_x_code"
"""What one figure of all codes is made of: every cell of units × codes."""

RARE = 0.10
LITTLE = 10
THRESHOLD = 0.667

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
) -> Wanted:
    """Check the options of the figures.

    Raises:
        UnknownName: A statistic, scope, interval, level or weights does not exist.
        UsageProblem: A number makes no sense.
    """
    for name in statistics:
        registry.named(name)
    for kind, chosen, there in (
        ("scope", by, SCOPES),
        ("interval", [interval] if interval is not None else [], INTERVALS),
        ("level", [level], LEVELS),
        ("weights", [weights], WEIGHTS),
    ):
        for name in chosen:
            if name not in there:
                raise UnknownName(kind, name, there)
    if not 0 < ci_level < 1:
        raise UsageProblem(f"A confidence lies between 0 and 1, such as 0.95; got {ci_level:g}.")
    if resamples < 1 or seed < 0:
        raise UsageProblem("A bootstrap needs at least 1 resample and a seed of 0 or more.")
    methods: tuple[Method | ForComparison, ...] = (*get_args(Method), *get_args(ForComparison))
    measured: tuple[Level, ...] = get_args(Level)
    weighed: tuple[Weights, ...] = get_args(Weights)
    return Wanted(
        tuple(dict.fromkeys(statistics)),
        tuple(dict.fromkeys(by)) or Wanted().scopes,
        next((one for one in methods if one == interval), None),
        ci_level,
        seed,
        resamples,
        next(one for one in measured if one == level),
        next(one for one in weighed if one == weights),
    )


@dataclass(frozen=True, slots=True)
class Subject:
    """What is compared: the ratings of one round, or of one file."""

    name: str
    """Of the round; of the file, where the ratings are from elsewhere."""

    codes: tuple[str, ...]
    coders: tuple[str, ...]
    counts: PatternCounts
    matrix: Callable[[int], NDArray[np.int64] | NDArray[np.int8]]
    """Raw ratings of one code, ``(units, coders)``, -1 missing: for the second implementation."""

    unit: str
    overlap: str | None = None
    version: str | None = None
    documents: tuple[str, ...] = ()
    """Names, in the order of ``counts.documents``."""

    rolled_up: bool = False
    restrict: str | None = None
    sampled: bool = True
    """Whether the units may be taken for a sample; characters may not."""

    flags: tuple[str, ...] = ()
    """What holds for every figure of it, such as ``discussed``."""

    called: str = ""
    """How warnings name it; its name where empty."""

    scope: str | None = None
    """Instead of ``code``: ``stability`` where a coder is compared with their earlier self."""


@dataclass(frozen=True, slots=True)
class Line:
    """One figure before it becomes a row."""

    subject: Subject
    scope: str
    code: str
    coefficient: Coefficient
    estimate: Estimate
    interval: Interval
    counted: Counted
    pair: tuple[str, str] | None = None
    document: str | None = None
    level: Level = "nominal"
    weights: Weights = "none"

    @property
    def statistic(self) -> str:
        return self.coefficient.name

    def row(self, checked: CrossCheck | None) -> tuple[Cell, ...]:
        """The cells of ``COLUMNS``."""
        n, sure, reason, of = self.counted, self.interval, self.estimate.reason, self.subject
        takes, difference = self.coefficient.takes, None
        if checked is not None and self.statistic == registry.ALPHA.name:
            difference = checked.differences.get(self.claim())
        a, b = self.pair or (None, None)
        averaging = ALL_CELLS if self.code == ALL else self.coefficient.averaging
        return (
            self.scope, self.code, of.rolled_up, self.document, of.name, of.version, a, b, of.unit,
            of.overlap, of.restrict, self.statistic, self.level if takes == "level" else None,
            self.weights if takes == "weights" else None, averaging, None, self.estimate.value,
            "undefined" if reason else "ok", reason, sure.low, sure.high, sure.level, sure.method,
            sure.reason, sure.se, sure.p_below_667, sure.p_below_800, n.units, n.documents,
            n.coders, n.pairs, n.present, n.any, n.all, n.none, n.prevalence,
            self.estimate.observed, self.estimate.expected, difference, " ".join(self.flags()),
        )  # fmt: skip

    def claim(self) -> str:
        """Name of an alpha in the cross-check."""
        where = f" in {self.document}" if self.document else ""
        return f"{self.subject.name}: {self.code}{where}"

    def flags(self) -> Iterator[str]:
        """What a reader must know before trusting the figure."""
        if self.counted.prevalence is not None and self.counted.prevalence < RARE:
            yield "rare_code"
        if self.counted.any is not None and self.counted.any < LITTLE:
            yield "low_information"
        if self.interval.documents < ENOUGH_DOCUMENTS:
            yield "few_documents"
        yield from self.estimate.flags
        low = self.interval.low
        if self.coefficient.beyond_chance and low is not None and low < THRESHOLD:
            yield "below_667"
        yield from self.subject.flags


def lines(subject: Subject, want: Wanted) -> Iterator[Line]:
    """Every figure of a subject: per code and per pair of coders, then over all codes."""
    names = subject.coders
    two = (names[0], names[1]) if len(names) == 2 else None
    chosen = [one for one in _chosen(subject, want) if two is not None or not one.of_pair]
    paired = [one for one in _chosen(subject, want) if one.of_pair] or [registry.COHEN]
    each = [_Figures(subject.counts, one, want) for one in chosen]
    sure = _intervals(subject.counts, chosen, want, subject.sampled)
    pairs = list(_pairs(subject, paired, want)) if "pair" in want.scopes else []
    scope = subject.scope or "code"
    for at, code in enumerate(subject.codes):
        n = counted(subject.counts, at)
        if "code" in want.scopes:
            for figures, limits in zip(each, sure, strict=True):
                pair = two if figures.coefficient.of_pair else None
                yield figures.line(subject, scope, code, at, limits[at], n, pair)
        for two_of_them in pairs:
            yield from two_of_them.lines(subject, code, at)
    if "document" in want.scopes:
        yield from _by_document(subject, want)
    if subject.codes and "round" in want.scopes:
        yield from _overall(subject, want)


def claims(found: Sequence[Line]) -> Iterator[Claim]:
    """Every alpha with its raw ratings, for the second implementation; one matrix at a time."""
    for line in found:
        if line.statistic != registry.ALPHA.name or line.document is not None:
            continue
        subject = line.subject
        if line.code == ALL:
            values = np.concatenate([subject.matrix(at) for at in range(len(subject.codes))])
        else:
            values = np.asarray(subject.matrix(subject.codes.index(line.code)))
        categories = subject.counts.categories
        yield Claim(line.claim(), values, line.estimate.value, categories, line.level)


def checked(found: Sequence[Line]) -> CrossCheck:
    """Have the ``krippendorff`` package compute every alpha again."""
    return cross_check(claims(found))


def resampling(found: Sequence[Line], want: Wanted) -> Iterator[str]:
    """Where intervals come from resampled units, said once per subject, and of pairs by name."""
    of: dict[str, dict[str, None]] = {}
    for line in found:
        if line.interval.warning is not None and line.document is None:
            pair = " and ".join(line.pair or ()) if line.scope == "pair" else ""
            of.setdefault(line.subject.called or line.subject.name, {})[pair] = None
    for name, pairs in of.items():
        whose = "" if "" in pairs else f", kappa of {'; '.join(pairs)}"
        why = "asked for" if want.interval else f"there are fewer than {ENOUGH_DOCUMENTS} documents"
        yield (
            f"{name}{whose}: Intervals by resampling units, as {why}; units of one "
            "transcript are not independent, so the true uncertainty is larger."
        )


def _chosen(subject: Subject, want: Wanted) -> list[Coefficient]:
    if want.statistics:
        every = [registry.named(name) for name in want.statistics]
        return [one for one in every if subject.counts.presence or not one.presence]
    kappa = registry.COHEN if len(subject.coders) == 2 else registry.CONGER
    gwet = registry.AC1 if want.weights == "none" else registry.AC2
    positive = [registry.POSITIVE] if subject.counts.presence else []
    return [registry.PERCENT, *positive, kappa, gwet, registry.ALPHA]


class _Figures:
    """One statistic of all codes."""

    def __init__(self, counts: PatternCounts, coefficient: Coefficient, want: Wanted) -> None:
        self.counts, self.coefficient, self._want = counts, coefficient, want
        self._estimate = _function(coefficient, want)(counts)

    def line(
        self,
        subject: Subject,
        scope: str,
        code: str,
        at: int,
        interval: Interval,
        n: Counted,
        pair: tuple[str, str] | None = None,
        document: str | None = None,
    ) -> Line:
        if len(self._estimate) == 1:  # one figure for all codes, such as a pooled kappa
            at = 0
        return Line(
            subject, scope, code, self.coefficient, self._estimate[at], interval, n, pair,
            document, self._want.level, self._want.weights,
        )  # fmt: skip


def _function(coefficient: Coefficient, want: Wanted) -> Statistic:
    return lambda counts: coefficient.figure(counts, weights=want.weights, level=want.level)


def _intervals(
    counts: PatternCounts, chosen: Sequence[Coefficient], want: Wanted, sampled: bool
) -> list[tuple[Interval, ...]]:
    functions = [_function(one, want) for one in chosen]
    if not sampled and want.interval != "bootstrap-documents":
        return [_of_documents(counts, one, want) for one in functions]
    if want.interval is None or want.interval in get_args(Method):
        methods: tuple[Method, ...] = get_args(Method)
        return intervals(
            counts,
            functions,
            method=next((one for one in methods if one == want.interval), None),
            level=want.ci_level,
            resamples=want.resamples,
            seed=want.seed,
        )
    return [_for_comparison(counts, one, want) for one in chosen]


def _of_documents(counts: PatternCounts, function: Statistic, want: Wanted) -> tuple[Interval, ...]:
    """The jackknife where there are documents enough for it; else none, for units are no sample."""
    theta, documents = function(counts), counts.pairable().sum(axis=-1).tolist()
    found = []
    for code, limits in enumerate(jackknife(counts, function, level=want.ci_level)):
        if want.interval in (None, "jackknife") and documents[code] >= ENOUGH_DOCUMENTS:
            found.append(limits)
        else:
            method = want.interval or "jackknife"
            reason = theta[code].reason or "no_sample"
            none = Interval(method, None, None, want.ci_level, reason)
            found.append(replace(none, documents=documents[code]))
    return tuple(found)


def _for_comparison(
    counts: PatternCounts, coefficient: Coefficient, want: Wanted
) -> tuple[Interval, ...]:
    """Intervals as papers and other programs give them; none where there is no formula."""
    name = coefficient.name
    if want.interval == "hayes-krippendorff" and name == registry.ALPHA.name:
        return hayes_krippendorff(
            counts, alpha_level=want.level, level=want.ci_level, resamples=want.resamples,
            seed=want.seed,
        )  # fmt: skip
    if want.interval == "fce" and name == registry.COHEN.name:
        return analytic.fleiss_cohen_everitt(counts, weights=want.weights)
    linear: tuple[analytic.Linearized, ...] = get_args(analytic.Linearized)
    formula = next((one for one in linear if one == name), None)
    nominal = name != registry.ALPHA.name or want.level == "nominal"
    if want.interval == "gwet" and formula is not None and nominal:
        weights = want.weights if coefficient.takes == "weights" else "none"
        return analytic.gwet(counts, formula, weights=weights, level=want.ci_level)
    assert want.interval is not None
    none = Interval(want.interval, None, None, want.ci_level, "no_formula")
    documents = counts.pairable().sum(axis=-1)
    return tuple(replace(none, documents=int(n)) for n in documents)


@dataclass(frozen=True, slots=True)
class _Pair:
    """The figures of two coders, on the documents that both finished: their sample."""

    names: tuple[str, str]
    figures: Sequence[_Figures]
    sure: Sequence[tuple[Interval, ...]]

    def lines(self, subject: Subject, code: str, at: int) -> Iterator[Line]:
        for figures, limits in zip(self.figures, self.sure, strict=True):
            n = counted(figures.counts, at)
            which = at if len(limits) > 1 else 0
            yield figures.line(subject, "pair", code, at, limits[which], n, self.names)


def _pairs(subject: Subject, chosen: Sequence[Coefficient], want: Wanted) -> Iterator[_Pair]:
    names = subject.coders
    for a, b in combinations(range(len(names)), 2):
        theirs = subject.counts.only_coders((a, b))
        figures = [_Figures(theirs, one, want) for one in chosen]
        sure = _intervals(theirs, chosen, want, subject.sampled)
        yield _Pair((names[a], names[b]), figures, sure)


def _overall(subject: Subject, want: Wanted) -> Iterator[Line]:
    """Alpha on all unit × code cells."""
    whole = subject.counts.stacked()
    figures = _Figures(whole, registry.ALPHA, want)
    limits = _intervals(whole, [registry.ALPHA], want, subject.sampled)[0][0]
    n = counted(whole, 0)
    most = max(counted(subject.counts, at).documents for at in range(len(subject.codes)))
    yield figures.line(subject, "overall", ALL, 0, limits, replace(n, documents=most))


def _by_document(subject: Subject, want: Wanted) -> Iterator[Line]:
    """Alpha and percent agreement of each document, all codes together; one has no interval."""
    whole = subject.counts.stacked()
    for at, name in enumerate(subject.documents):
        only = whole.only_documents(np.arange(len(subject.documents)) == at)
        n = counted(only, 0)
        if not n.pairs:
            continue
        for one in (registry.PERCENT, registry.ALPHA):
            none = Interval("jackknife", None, None, want.ci_level, "few_documents", documents=1)
            yield _Figures(only, one, want).line(
                subject, "document", ALL, 0, none, n, document=name
            )
