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

from qualcode.model import Cell
from qualcode.reliability import analytic, registry
from qualcode.reliability.basis import Counted, counted
from qualcode.reliability.crosscheck import LARGEST, Claim, CrossCheck, cross_check
from qualcode.reliability.estimates import Estimate, Floats
from qualcode.reliability.intervals import (
    ENOUGH_DOCUMENTS,
    Interval,
    Method,
    Statistic,
    hayes_krippendorff,
    intervals,
    jackknife,
    jackknifed,
    without_each_document,
)
from qualcode.reliability.patterns import PatternCounts
from qualcode.reliability.registry import Coefficient
from qualcode.reliability.weights import Level, Weights
from qualcode.reports.wanted import BESIDE, Wanted

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


@dataclass(frozen=True, slots=True)
class Subject:
    """What is compared: the ratings of one round, or of one file."""

    name: str
    """Of the round; of the file, where the ratings are from elsewhere."""

    codes: tuple[str, ...]
    coders: tuple[str, ...]
    counts: PatternCounts
    matrix: Callable[[int, int | None], NDArray[np.int64] | NDArray[np.int8]]
    """Raw ratings of one code, in one document or all, ``(units, coders)``, -1 missing: for the
    second implementation."""

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
    document_at: int | None = None
    """Position of ``document`` in the subject's counts."""

    distance: str | None = None
    """Between sets of codes."""

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
        stacked = self.code == ALL and not self.coefficient.of_codes
        averaging = ALL_CELLS if stacked else self.coefficient.averaging
        return (
            self.scope, self.code, of.rolled_up, self.document, of.name, of.version, a, b, of.unit,
            of.overlap, of.restrict, self.statistic, self.level if takes == "level" else None,
            self.weights if takes == "weights" else None, averaging, self.distance,
            self.estimate.value,
            "undefined" if reason else "ok", reason, sure.low, sure.high, sure.level, sure.method,
            sure.reason, sure.se, sure.p_below_667, sure.p_below_800, n.units, n.documents,
            n.coders, n.pairs, n.present, n.any, n.all, n.none, n.prevalence,
            self.estimate.observed, self.estimate.expected, difference, " ".join(self.flags()),
        )  # fmt: skip

    def claim(self) -> str:
        """Name of an alpha in the cross-check."""
        where = f" in {self.document}" if self.document else ""
        whose = f" ({' and '.join(self.pair)})" if self.pair else ""
        return f"{self.subject.name}{whose}: {self.code}{where}"

    def flags(self) -> Iterator[str]:
        """What a reader must know before trusting the figure."""
        if self.counted.prevalence is not None and self.counted.prevalence < RARE:
            yield "rare_code"
        if self.counted.any is not None and self.counted.any < LITTLE:
            yield "low_information"
        if self.counted.documents < ENOUGH_DOCUMENTS:
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
    chosen = [one for one in _all_coders(subject, want) if not one.of_codes]
    each = [_Figures(subject.counts, one, want) for one in chosen]
    sure = intervals_of(subject.counts, chosen, want, subject.sampled)
    apart = "pair" in want.scopes and subject.scope is None
    pairs = list(_pairs(subject, want)) if apart else []
    scope = subject.scope or "code"
    for at, code in enumerate(subject.codes):
        n = counted(subject.counts, at)
        if "code" in want.scopes:
            for figures, limits in zip(each, sure, strict=True):
                pair = two if figures.coefficient.of_pair or subject.scope else None
                yield figures.line(subject, scope, code, at, limits[at], n, pair)
        for two_of_them in pairs:
            yield from two_of_them.lines(subject, code, at)
    for two_of_them in pairs if subject.codes else []:
        yield from two_of_them.over_codes(subject, want)
    if "document" in want.scopes:
        yield from _by_document(subject, want)
    if subject.codes and "round" in want.scopes:
        yield from _overall(subject, want)


def claims(found: Sequence[Line]) -> Iterator[Claim]:
    """Every alpha with its raw ratings, for the second implementation; one matrix at a time."""
    for line in found:
        if line.statistic == registry.ALPHA.name:
            categories = line.subject.counts.categories
            yield Claim(line.claim(), _raw(line), line.estimate.value, categories, line.level)


def _raw(line: Line) -> NDArray[np.int64] | NDArray[np.int8] | None:
    """The ratings that a figure is made of; None where they are too many to be laid out."""
    subject, document = line.subject, line.document_at
    all_codes = range(len(subject.codes))
    codes = list(all_codes) if line.code == ALL else [subject.codes.index(line.code)]
    table = subject.counts.table[codes]
    if (table if document is None else table[:, document]).sum() > LARGEST:
        return None
    values = np.concatenate([subject.matrix(at, document) for at in codes])
    if line.pair is None or subject.scope is not None:
        return values
    return values[:, [subject.coders.index(coder) for coder in line.pair]]


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
        what = "figures" if want.statistics else "kappa"
        whose = "" if "" in pairs else f", {what} of {'; '.join(pairs)}"
        why = "asked for" if want.interval else f"there are fewer than {ENOUGH_DOCUMENTS} documents"
        yield (
            f"{name}{whose}: Intervals by resampling units, as {why}; units of one "
            "transcript are not independent, so the true uncertainty is larger."
        )


def without_rows(found: Sequence[Line], want: Wanted) -> Iterator[str]:
    """Which of the statistics asked for have no row, and why."""
    there = {line.statistic for line in found}
    for name in want.statistics:
        if name in BESIDE:
            if name not in there:
                yield f"{name} has no row here: these ratings have no values or sets of that kind."
            continue
        one = registry.named(name)
        if one.name not in there:
            why = "is about the presence of a code, which these ratings do not tell"
            if not one.presence or any(line.subject.counts.presence for line in found):
                why = "compares two coders; see it by pair"
            yield f"{one.name} has no row here: it {why}."


def _chosen(subject: Subject, want: Wanted) -> list[Coefficient]:
    if want.statistics:
        every = [registry.named(name) for name in want.statistics if name not in BESIDE]
        return [one for one in every if subject.counts.presence or not one.presence]
    kappa = registry.COHEN if len(subject.coders) == 2 else registry.CONGER
    gwet = registry.AC1 if want.weights == "none" else registry.AC2
    positive = [registry.POSITIVE] if subject.counts.presence else []
    return [registry.PERCENT, *positive, kappa, gwet, registry.ALPHA]


def _all_coders(subject: Subject, want: Wanted) -> list[Coefficient]:
    """The chosen statistics that exist for all coders together."""
    two = len(subject.coders) == 2
    return [one for one in _chosen(subject, want) if two or not one.of_pair]


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
    ) -> Line:
        return Line(
            subject, scope, code, self.coefficient, self._estimate[at], interval, n, pair,
            level=self._want.level, weights=self._want.weights,
        )  # fmt: skip


def _function(coefficient: Coefficient, want: Wanted) -> Statistic:
    return lambda counts: coefficient.figure(counts, weights=want.weights, level=want.level)


def intervals_of(
    counts: PatternCounts, chosen: Sequence[Coefficient], want: Wanted, sampled: bool
) -> list[tuple[Interval, ...]]:
    """The intervals of several statistics, per statistic one for each code."""
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
        return analytic.fleiss_cohen_everitt(counts, weights=want.weights, level=want.ci_level)
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


def one_figure(
    estimate: Estimate, documents: int, without: Callable[[], Floats], want: Wanted
) -> Interval:
    """The interval of a single figure that only the jackknife over documents is known for.

    Args:
        documents: How many there are.
        without: Gives the figure without each document in turn; called only where it is used.
    """
    reason = None
    if want.interval not in (None, "jackknife"):
        reason = "no_formula"
    elif estimate.reason is None and documents < ENOUGH_DOCUMENTS:
        reason = "few_documents"
    if reason is None:
        return jackknifed(estimate, without(), want.ci_level)
    method = want.interval or "jackknife"
    return Interval(method, None, None, want.ci_level, reason, documents=documents)


@dataclass(frozen=True, slots=True)
class _Pair:
    """The figures of two coders, on the documents that both finished: their sample."""

    names: tuple[str, str]
    counts: PatternCounts
    figures: Sequence[_Figures]
    sure: Sequence[tuple[Interval, ...]]

    def lines(self, subject: Subject, code: str, at: int) -> Iterator[Line]:
        n = counted(self.counts, at)
        for figures, limits in zip(self.figures, self.sure, strict=True):
            yield figures.line(subject, "pair", code, at, limits[at], n, self.names)

    def over_codes(self, subject: Subject, want: Wanted) -> Iterator[Line]:
        for one in _chosen(subject, want):
            if one.of_codes:
                yield _over_codes(subject, self.counts, one, want, "pair", self.names)


def _pairs(subject: Subject, want: Wanted) -> Iterator[_Pair]:
    """Every pair of coders: Cohen's kappa, or the statistics asked for."""
    names = subject.coders
    chosen = _chosen(subject, want) if want.statistics else [registry.COHEN]
    chosen = [one for one in chosen if not one.of_codes]
    for a, b in combinations(range(len(names)), 2):
        theirs = subject.counts.only_coders((a, b))
        figures = [_Figures(theirs, one, want) for one in chosen]
        sure = intervals_of(theirs, chosen, want, subject.sampled)
        yield _Pair((names[a], names[b]), theirs, figures, sure)


def _overall(subject: Subject, want: Wanted) -> Iterator[Line]:
    """Alpha, or what was asked for, on all unit × code cells; pooled figures over the codes."""
    whole = subject.counts.stacked()
    asked = _all_coders(subject, want) if want.statistics else [registry.ALPHA]
    chosen = [one for one in asked if not one.of_codes]
    sure = intervals_of(whole, chosen, want, subject.sampled)
    n = replace(counted(whole, 0), documents=_documents(subject.counts))
    scope = subject.scope or "overall"
    names = subject.coders
    for one, limits in zip(chosen, sure, strict=True):
        pair = (names[0], names[1]) if one.of_pair or subject.scope else None
        yield _Figures(whole, one, want).line(subject, scope, ALL, 0, limits[0], n, pair)
    for one in asked:
        if one.of_codes:
            yield _over_codes(subject, subject.counts, one, want, scope, (names[0], names[1]))


def _over_codes(
    subject: Subject,
    counts: PatternCounts,
    coefficient: Coefficient,
    want: Wanted,
    scope: str,
    pair: tuple[str, str],
) -> Line:
    """One figure made of the figures of all codes, such as a pooled kappa."""
    function = _function(coefficient, want)
    keep = counts.pairable().any(axis=0)
    limits = one_figure(
        function(counts)[0], int(keep.sum()),
        lambda: without_each_document(counts, function)[keep, 0], want,
    )  # fmt: skip
    n = replace(counted(counts.stacked(), 0), documents=_documents(counts))
    return _Figures(counts, coefficient, want).line(subject, scope, ALL, 0, limits, n, pair)


def _documents(counts: PatternCounts) -> int:
    """Documents with pairable units of any code."""
    return int(counts.pairable().any(axis=0).sum())


def _by_document(subject: Subject, want: Wanted) -> Iterator[Line]:
    """Each document, all codes together: what was asked for, else percent agreement and alpha.

    One document has no interval.
    """
    whole = subject.counts.stacked()
    asked = _all_coders(subject, want) if want.statistics else [registry.PERCENT, registry.ALPHA]
    names, scope = subject.coders, subject.scope or "document"
    for at, name in enumerate(subject.documents):
        only = whole.only_documents(np.arange(len(subject.documents)) == at)
        n = counted(only, 0)
        if not n.pairs:
            continue
        for one in asked:
            if one.of_codes:
                continue
            pair = (names[0], names[1]) if one.of_pair or subject.scope else None
            none = Interval("jackknife", None, None, want.ci_level, "few_documents", documents=1)
            line = _Figures(only, one, want).line(subject, scope, ALL, 0, none, n, pair)
            yield replace(line, document=name, document_at=at)
