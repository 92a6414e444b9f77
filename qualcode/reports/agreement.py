"""How far coders agree, per code and overall: one tidy row per figure.

Coefficients suit work on a codebook, not reflexive thematic analysis (O'Connor & Joffe 2020,
International Journal of Qualitative Methods, 19). No figure stands alone: each row carries its
unit, counts, prevalence, interval and, where it does not exist, the reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from itertools import combinations
from typing import TYPE_CHECKING, Any, get_args

from qualcode import __version__
from qualcode.errors import CheckFailed, UnknownName, UsageProblem
from qualcode.model import Cell, Coder, Table, UnitKind
from qualcode.reliability import coefficients
from qualcode.reliability.crosscheck import PACKAGE, TOLERANCE, Claim, CrossCheck, cross_check
from qualcode.reliability.estimates import Estimate, Floats
from qualcode.reliability.intervals import (
    ENOUGH_DOCUMENTS,
    RESAMPLES,
    Interval,
    Method,
    Statistic,
    intervals,
)
from qualcode.reliability.patterns import PatternCounts
from qualcode.reliability.units import check_overlap
from qualcode.reports.ratings import (
    Counted,
    RatedRound,
    comparable,
    counted,
    counted_pair,
    rated_round,
    summed,
)

if TYPE_CHECKING:
    from qualcode.project import Project

COLUMNS = [
    "scope", "code", "round", "codebook_version", "coder_a", "coder_b", "unit", "overlap",
    "statistic", "level", "weights", "averaging", "value", "status", "reason", "ci_low", "ci_high",
    "ci_level", "ci_method", "ci_reason", "se", "p_below_667", "p_below_800", "n_units",
    "n_documents", "n_coders", "n_pairs", "n_present", "n_any", "n_all", "n_none", "prevalence",
    "observed", "expected", "cross_check_difference", "flags",
]  # fmt: skip

ALL = "*"
RARE = 0.10
LITTLE = 10
THRESHOLD = 0.667
BEYOND_CHANCE = {"krippendorff_alpha", "cohen_kappa", "conger_kappa", "gwet_ac1"}

HOW: dict[str, tuple[str | None, str | None, str | None]] = {
    "percent_agreement": (None, None, "unit_mean"),
    "positive_agreement": (None, None, "coincidence"),
    "cohen_kappa": (None, "none", None),
    "conger_kappa": (None, "none", None),
    "gwet_ac1": (None, "none", None),
    "krippendorff_alpha": ("nominal", None, None),
}
"""Statistic → level of measurement, weights, averaging, where it has them."""


WIDE = [
    "round", "code", "prevalence", "n_any", "n_all", "percent_agreement", "positive_agreement",
    "kappa", "kappa_name", "gwet_ac1", "alpha", "ci_low", "ci_high", "ci_method", "reason",
    "flags",
]  # fmt: skip

WORDS = {
    "single_coder": "one coder",
    "no_pairable_units": "no pairs",
    "code_never_used": "never used",
    "no_variation": "no variation",
    "single_category": "one category",
    "pair_undefined": "undefined pair",
    "few_documents": "1 document",
    "code_in_one_document": "1 document",
    "unstable_resamples": "too rare",
}
"""Reason → the words a person reads."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The options of the figures."""

    unit: str
    overlap: str
    method: Method | None
    level: float
    seed: int
    resamples: int


def agreement(
    project: Project,
    *,
    rounds: Sequence[str] | None = None,
    unit: str = "sentence",
    codes: Sequence[str] | None = None,
    coders: Sequence[str] | None = None,
    interval: str | None = None,
    level: float = 0.95,
    seed: int = 1,
    resamples: int = RESAMPLES,
    overlap: str = "any",
    check: bool = True,
) -> Table:
    """Compare what coders said about each unit, per code and over all codes.

    Args:
        project: An open project.
        rounds: Names of rounds; None: every closed or unblinded round but ``solo`` and recoding
            ones (``solo`` where there is no other). Rounds are never pooled: each has its rows.
        unit: Kind of unit: sentence, turn, paragraph, document.
        codes: Names of codes; None: all of the round's codebook version, or of the codebook.
        coders: Names of coders; None: all who finished a document of the round.
        interval: ``jackknife``, ``bootstrap-documents`` or ``bootstrap-units``; None: jackknife
            from 5 documents with pairable units, else units, with a warning.
        level: Confidence of the intervals.
        seed: Of the bootstraps; the same project, options and seed give the same table.
        resamples: How many samples a bootstrap draws.
        overlap: How much of a unit a coding must cover: ``any``, ``majority``, ``chars:K``.
        check: Whether the ``krippendorff`` package recomputes every alpha.

    Returns:
        The tidy columns of ``COLUMNS``; scope ``code`` (all coders), ``pair`` (Cohen's kappa of
        two) and ``overall`` (code ``*``: alpha on all unit × code cells, so its ``n_units`` are
        cells). ``value`` is None exactly where ``status`` is ``undefined``. Sorted by round, then
        codebook order. ``provenance`` holds options, data, versions, coverage, warnings and
        cross_check of the JSON answer.

    Raises:
        StillBlind: A round asked for is blind and open.
        UnknownName: A round, code, coder, unit or interval does not exist.
    """
    wanted = _wanted(unit, overlap, interval, level, seed, resamples)
    chosen, hidden = comparable(project, rounds)
    people = None if coders is None else [project.coders.named(name) for name in coders]
    only = None if codes is None else [project.codebook.named(name) for name in codes]
    rated = [
        rated_round(project, r, only=only, people=people, unit=unit, overlap=overlap)
        for r in chosen
    ]
    lines = [line for one in rated for line in _lines(one, wanted)]
    checked = _checked(rated, lines) if check else None
    warnings = [*hidden, *(text for one in rated for text in one.warnings)]
    warnings += _resampling(lines, wanted)
    if checked is not None and not checked.agrees:
        warnings.append(_disagreement(checked))
    provenance = {
        "options": _options(rated, wanted, check),
        "versions": {
            name: __version__ if name == "qualcode" else version(name)
            for name in ("qualcode", PACKAGE, "numpy")
        },
        "data": _data(rated),
        "cross_check": None if checked is None else _check_json(checked),
        "coverage": _coverage(project, rated),
        "warnings": warnings,
    }
    rows = [line.row(wanted, checked) for line in lines]
    notes = [project.layer.words(note) for note in (*_notes(rated, lines, wanted), *warnings)]
    return Table("agreement", COLUMNS, rows, notes, provenance)


def agreement_wide(table: Table) -> Table:
    """Lay the figures of all coders side by side, one row per round and code.

    Args:
        table: What ``agreement`` gave.

    Returns:
        Columns ``WIDE``: ``kappa`` is Cohen's for two coders, Conger's for more (``kappa_name``);
        ``ci_low``, ``ci_high`` and ``ci_method`` are alpha's; ``reason`` says in words why alpha,
        or else its interval, does not exist. ``*`` (all codes) comes last in its round.
    """
    grouped: dict[tuple[Cell, Cell], dict[str, dict[str, Cell]]] = {}
    for row in table:
        if row["scope"] != "pair":
            each = grouped.setdefault((row["round"], row["code"]), {})
            each[str(row["statistic"])] = row
    rows: list[tuple[Cell, ...]] = []
    for (round_, code), each in grouped.items():
        alpha = each["krippendorff_alpha"]
        kappa = next((name for name in ("cohen_kappa", "conger_kappa") if name in each), None)
        values = {name: row["value"] for name, row in each.items()}
        reason = alpha["reason"] or alpha["ci_reason"]
        rows.append(
            (
                round_, code, alpha["prevalence"], alpha["n_any"], alpha["n_all"],
                values.get("percent_agreement"), values.get("positive_agreement"),
                values.get(kappa or ""), kappa, values.get("gwet_ac1"), alpha["value"],
                alpha["ci_low"], alpha["ci_high"], alpha["ci_method"],
                WORDS.get(str(reason), reason), alpha["flags"],
            )
        )  # fmt: skip
    return Table("agreement", WIDE, rows, table.notes, table.provenance)


def agreement_json(table: Table) -> dict[str, Any]:
    """The body of ``agreement --json``: options, versions, data, cross_check, rows and the rest."""
    return {**table.provenance, "rows": table.records()}


def require_cross_check(table: Table) -> None:
    """Raise ``CheckFailed`` if the second implementation found another alpha anywhere."""
    check = table.provenance["cross_check"]
    if check is not None and not check["agrees"]:
        raise CheckFailed(str(table.provenance["warnings"][-1]))


def require_lower_limit(table: Table, least: float) -> None:
    """Raise ``CheckFailed`` unless every alpha's lower limit exists and reaches ``least``."""
    low = [
        f"{row['code']} ({row['round']})"
        for row in table
        if row["statistic"] == "krippendorff_alpha"
        and (row["ci_low"] is None or float(row["ci_low"]) < least)
    ]
    if low:
        raise CheckFailed(
            f"The lower limit of alpha is below {least:g} or does not exist for: {', '.join(low)}."
        )


@dataclass(frozen=True, slots=True)
class Line:
    """One figure before it becomes a row."""

    rated: RatedRound
    scope: str
    code: str
    statistic: str
    estimate: Estimate
    interval: Interval
    counted: Counted
    pair: tuple[str, str] | None = None

    def row(self, wanted: Wanted, checked: CrossCheck | None) -> tuple[Cell, ...]:
        """The cells of ``COLUMNS``."""
        n, sure, reason = self.counted, self.interval, self.estimate.reason
        level, weights, averaging = HOW[self.statistic]
        difference = None
        if checked is not None and self.statistic == "krippendorff_alpha":
            difference = checked.differences.get(_claim(self.rated, self.code))
        a, b = self.pair or (None, None)
        return (
            self.scope, self.code, self.rated.round.name, self.rated.round.codebook_version, a, b,
            wanted.unit, wanted.overlap, self.statistic, level, weights,
            "unit_x_code" if self.code == ALL else averaging, self.estimate.value,
            "undefined" if reason else "ok", reason, sure.low, sure.high, sure.level, sure.method,
            sure.reason, sure.se, sure.p_below_667, sure.p_below_800, n.units, n.documents,
            n.coders, n.pairs, n.present, n.any, n.all, n.none, n.prevalence,
            self.estimate.observed, self.estimate.expected, difference, " ".join(self.flags()),
        )  # fmt: skip

    def flags(self) -> Iterator[str]:
        """What a reader must know before trusting the figure."""
        if self.counted.prevalence is not None and self.counted.prevalence < RARE:
            yield "rare_code"
        if self.counted.any < LITTLE:
            yield "low_information"
        if self.interval.documents < ENOUGH_DOCUMENTS:
            yield "few_documents"
        yield from self.estimate.flags
        low = self.interval.low
        if self.statistic in BEYOND_CHANCE and low is not None and low < THRESHOLD:
            yield "below_667"


def _wanted(
    unit: str, overlap: str, interval: str | None, level: float, seed: int, resamples: int
) -> Wanted:
    if unit not in get_args(UnitKind):
        raise UnknownName("unit", unit, get_args(UnitKind))
    check_overlap(overlap)
    if not 0 < level < 1:
        raise UsageProblem(f"A confidence lies between 0 and 1, such as 0.95; got {level:g}.")
    if resamples < 1 or seed < 0:
        raise UsageProblem("A bootstrap needs at least 1 resample and a seed of 0 or more.")
    methods: tuple[Method, ...] = get_args(Method)
    for method in methods:
        if method == interval:
            return Wanted(unit, overlap, method, level, seed, resamples)
    if interval is not None:
        raise UnknownName("interval", interval, methods)
    return Wanted(unit, overlap, None, level, seed, resamples)


def _lines(rated: RatedRound, wanted: Wanted) -> Iterator[Line]:
    counts, ratings = rated.ratings.counts(), rated.ratings
    names = [c.name for c in rated.coders]
    two = (names[0], names[1]) if len(names) == 2 else None
    kappa = "conger_kappa" if len(names) > 2 else "cohen_kappa"
    chosen = ["percent_agreement", "positive_agreement", kappa, "gwet_ac1", "krippendorff_alpha"]
    functions: list[Statistic] = [getattr(coefficients, name) for name in chosen]
    figures = [function(counts) for function in functions]
    sure = _intervals(counts, functions, wanted)
    pairs = list(_pairs(counts, names, wanted))
    for at, code in enumerate(rated.codes):
        n = counted(ratings, counts, at)
        for which, name in enumerate(chosen):
            yield Line(
                rated, "code", code.code, name, figures[which][at], sure[which][at], n,
                two if name == "cohen_kappa" else None,
            )  # fmt: skip
        for pair in pairs:
            yield Line(
                rated, "pair", code.code, "cohen_kappa", pair.kappa[at], pair.intervals[at],
                counted_pair(pair.cells[at], pair.intervals[at].documents), pair.names,
            )  # fmt: skip
    if rated.codes:
        whole = counts.stacked()
        alpha = coefficients.krippendorff_alpha
        each = [counted(ratings, counts, at) for at in range(len(rated.codes))]
        yield Line(
            rated, "overall", ALL, "krippendorff_alpha", alpha(whole)[0],
            _intervals(whole, [alpha], wanted)[0][0], summed(each),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pair:
    """Cohen's kappa of two coders, per code."""

    names: tuple[str, str]
    kappa: Estimate
    intervals: tuple[Interval, ...]
    cells: Floats


def _pairs(counts: PatternCounts, names: Sequence[str], wanted: Wanted) -> Iterator[Pair]:
    """Every pair, on the documents that both finished: those alone are its sample."""
    for a, b in combinations(range(len(names)), 2):
        theirs = counts.only_coders((a, b))
        yield Pair(
            (names[a], names[b]),
            coefficients.cohen_kappa(theirs),
            _intervals(theirs, [coefficients.cohen_kappa], wanted)[0],
            coefficients.pair_table(theirs, (0, 1)),
        )


def _intervals(
    counts: PatternCounts, functions: Sequence[Statistic], wanted: Wanted
) -> list[tuple[Interval, ...]]:
    return intervals(
        counts,
        functions,
        method=wanted.method,
        level=wanted.level,
        resamples=wanted.resamples,
        seed=wanted.seed,
    )


def _checked(rated: Sequence[RatedRound], lines: Sequence[Line]) -> CrossCheck:
    import numpy as np

    alphas = {
        _claim(line.rated, line.code): line.estimate.value
        for line in lines
        if line.statistic == "krippendorff_alpha"
    }

    def claims() -> Iterator[Claim]:
        for one in rated:
            matrices = [one.ratings.matrix(at) for at in range(len(one.codes))]
            for code, values in zip(one.codes, matrices, strict=True):
                name = _claim(one, code.code)
                yield Claim(name, values, alphas[name])
            if matrices:
                name = _claim(one, ALL)
                yield Claim(name, np.concatenate(matrices), alphas[name])

    return cross_check(claims())


def _claim(rated: RatedRound, code: str) -> str:
    """Name of an alpha in the cross-check."""
    return f"{rated.round.name}: {code}"


def _disagreement(checked: CrossCheck) -> str:
    wrong = [name for name, apart in checked.differences.items() if apart > TOLERANCE]
    return (
        f"Alpha differs from the {checked.package} package {checked.version} for: "
        f"{', '.join([*wrong, *checked.contradicted])}. Please report this; do not use the figures."
    )


def _check_json(checked: CrossCheck) -> dict[str, Any]:
    return {
        "package": checked.package,
        "version": checked.version,
        "checked": checked.checked,
        "not_checked": checked.not_checked,
        "max_abs_difference": checked.max_abs_difference,
        "agrees": checked.agrees,
    }


def _options(rated: Sequence[RatedRound], wanted: Wanted, check: bool) -> dict[str, Any]:
    return {
        "unit": wanted.unit,
        "overlap": wanted.overlap,
        "round": [one.round.name for one in rated],
        "coders": sorted({c.name for one in rated for c in one.coders}, key=str.casefold),
        "interval": wanted.method or "auto",
        "ci_level": wanted.level,
        "level": "nominal",
        "seed": wanted.seed,
        "resamples": wanted.resamples,
        "cross_check": check,
    }


def _data(rated: Sequence[RatedRound]) -> dict[str, Any]:
    each = [
        {
            "round": one.round.name,
            "sha256": one.digest(),
            "unit_cut": one.ratings.units.cut,
            "documents": len(set(one.ratings.units.document.tolist())),
            "units": len(one.ratings.units),
            "units_excluded": one.ratings.excluded,
            "coders": [c.name for c in one.coders],
        }
        for one in rated
    ]
    if len(each) == 1:
        return {key: value for key, value in each[0].items() if key != "round"}
    return {
        "sha256": _digest([str(one["sha256"]) for one in each]),
        "unit_cut": _digest([str(one["unit_cut"]) for one in each]),
        "documents": sum(int(str(one["documents"])) for one in each),
        "units": sum(int(str(one["units"])) for one in each),
        "coders": sorted({c.name for one in rated for c in one.coders}, key=str.casefold),
        "rounds": each,
    }


def _digest(parts: Sequence[str]) -> str:
    return sha256("\n".join(parts).encode()).hexdigest()


def _coverage(project: Project, rated: Sequence[RatedRound]) -> list[dict[str, Cell]]:
    names = {one.round.name for one in rated}
    columns = ["document", "coder", "round", "status", "finished_at", "codebook_version"]
    return [r for r in project.rounds.coverage().select(columns) if r["round"] in names]


def _notes(rated: Sequence[RatedRound], lines: Sequence[Line], wanted: Wanted) -> Iterator[str]:
    for one in rated:
        ratings = one.ratings
        documents = len(set(ratings.units.document.tolist()))
        pinned = one.round.codebook_version
        yield (
            f'Round "{one.round.name}": {_named(one.coders)}; '
            f"{len(ratings.units):,} {wanted.unit} units of {documents} documents that two coders "
            f"or more finished{f', codebook {pinned}' if pinned else ''}; "
            f"{ratings.excluded} units of moderators left out."
        )
    methods = dict.fromkeys(line.interval.method for line in lines)
    if methods:
        yield f"{wanted.level:.0%} intervals: {', '.join(methods)}; overlap rule: {wanted.overlap}."


def _named(coders: Sequence[Coder]) -> str:
    return f"coders {', '.join(c.name for c in coders)}" if coders else "no coder"


def _resampling(lines: Sequence[Line], wanted: Wanted) -> Iterator[str]:
    """Where intervals come from resampled units, said once per round, and of pairs by name."""
    of: dict[str, dict[str, None]] = {}
    for line in lines:
        if line.interval.warning is not None:
            pair = " and ".join(line.pair or ()) if line.scope == "pair" else ""
            of.setdefault(line.rated.round.name, {})[pair] = None
    for name, pairs in of.items():
        whose = "" if "" in pairs else f", kappa of {'; '.join(pairs)}"
        why = "asked for" if wanted.method else f"there are fewer than {ENOUGH_DOCUMENTS} documents"
        yield (
            f'Round "{name}"{whose}: Intervals by resampling units, as {why}; units of one '
            "transcript are not independent, so the true uncertainty is larger."
        )
