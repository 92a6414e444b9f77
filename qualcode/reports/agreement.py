"""How far coders agree, per code and overall: one tidy row per figure.

Coefficients suit work on a codebook, not reflexive thematic analysis (O'Connor & Joffe 2020,
International Journal of Qualitative Methods, 19). No figure stands alone: each row carries its
unit, counts, prevalence, interval and, where it does not exist, the reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from qualcode import __version__
from qualcode.errors import CheckFailed, UsageProblem
from qualcode.model import Cell, Coder, Table
from qualcode.reliability.crosscheck import PACKAGE, TOLERANCE, CrossCheck
from qualcode.reliability.intervals import RESAMPLES
from qualcode.reports import pooled, segments
from qualcode.reports.cut import SEGMENT, Scope, scope
from qualcode.reports.disclosed import disclosed
from qualcode.reports.figures import (
    COLUMNS,
    Line,
    Subject,
    checked,
    lines,
    resampling,
    without_rows,
)
from qualcode.reports.of_values import of_sets
from qualcode.reports.ratings import RatedRound, comparable, rated_round
from qualcode.reports.stability import STABILITY, selves
from qualcode.reports.wanted import SET, Wanted, wanted
from qualcode.text.plurals import counted

if TYPE_CHECKING:
    from qualcode.project import Project

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
    "few_units": "1 unit",
    "no_formula": "no formula",
    "no_sample": "no sample",
}
"""Reason → the words a person reads."""


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
    statistics: Sequence[str] = (),
    distances: Sequence[str] = (),
    by: Sequence[str] = (),
    documents: Sequence[str] = (),
    roll_up: bool = False,
    restrict: str | None = None,
    include_excluded: bool = False,
    pool_versions: bool = False,
) -> Table:
    """Compare what coders said about each unit, per code and over all codes.

    Args:
        project: An open project.
        rounds: Names of rounds; None: every closed or unblinded round but ``solo`` and recoding
            ones (``solo`` where there is no other). Each has its rows.
            A recoding round, which must be named, has rows of scope ``stability`` alone: a coder
            (``coder_a``) with their earlier self (``coder_b``).
        unit: Kind of unit: sentence, turn, paragraph, document, ``window:N``, character.
        codes: Names of codes; None: all of the round's codebook version, or of the codebook.
        coders: Names of coders; None: all who finished a document of the round.
        interval: ``jackknife``, ``bootstrap-documents``, ``bootstrap-units``; for comparison with
            others ``gwet``, ``fce``, ``hayes-krippendorff``. None: jackknife from 5 documents with
            pairable units, else units, with a warning.
        level: Confidence of the intervals.
        seed: Of the bootstraps; the same project, options and seed give the same table.
        resamples: How many samples a bootstrap draws.
        overlap: How much of a unit a coding must cover: ``any``, ``majority``, ``chars:K``.
        check: Whether the ``krippendorff`` package recomputes every alpha.
        statistics: Names of ``reliability.registry`` (for segments of ``segments.OF``), also for
            pairs, documents and all codes together; none: percent and positive agreement, kappa,
            AC1 and alpha, kappa of pairs, alpha of all codes.
        distances: Of ``krippendorff_alpha_set``: nominal, jaccard, masi, passonneau2004; none:
            masi.
        by: Scopes: ``code``, ``pair``, ``document`` (all codes together), ``round``; none: all but
            documents.
        documents: Names of documents; none: all of the round.
        roll_up: A code is present where one below it is.
        restrict: ``any-coded``: only units that some coder gave some code; biases kappa downwards.
        include_excluded: What moderators say counts too.
        pool_versions: Also all rounds as one sample, whatever codebook version each was on: rows
            whose ``round`` is ``*``; see ``reports.pooled``.

    Returns:
        The tidy columns of ``COLUMNS``; scope ``code`` (all coders), ``pair`` (two of them) and
        ``overall`` (code ``*``: on all unit × code cells, so its ``n_units`` are cells).
        ``value`` is None exactly where ``status`` is ``undefined``. Sorted by round, then codebook
        order. ``provenance`` holds options, data, versions, coverage, warnings and
        cross_check of the JSON answer.

    Raises:
        StillBlind: A round asked for is blind and open.
        UnknownName: A round, code, coder, unit or interval does not exist.
    """
    want = wanted(
        statistics=statistics, by=by, interval=interval, ci_level=level, seed=seed,
        resamples=resamples, distances=distances,
        known=segments.OF if unit == SEGMENT else None,
    )  # fmt: skip
    asked = scope(
        project, unit=unit, overlap=overlap, documents=documents, roll_up=roll_up,
        restrict=restrict, include_excluded=include_excluded,
    )  # fmt: skip
    chosen, hidden = comparable(project, rounds)
    people = None if coders is None else list(dict.fromkeys(map(project.coders.named, coders)))
    only = None if codes is None else [project.codebook.named(name) for name in codes]
    rated = [
        one
        for round_ in chosen
        for one in (
            selves(project, round_, only=only, people=people, asked=asked)
            if round_.purpose == "recode"
            else [rated_round(project, round_, only=only, people=people, asked=asked)]
        )
    ]
    if asked.unit == SEGMENT:
        found = [line for one in rated for line in segments.lines(one, want)]
    else:
        found = [
            line
            for one in rated
            for line in (
                *lines(one.subject(), want), *of_sets(one.subject(), one.ratings, want)
            )
        ]  # fmt: skip
    if pool_versions:
        found += lines(_poolable(rated, want, asked), want)
    second = checked(found) if check else None
    warnings = [*hidden, *(text for one in rated for text in one.warnings)]
    warnings += resampling(found, want)
    if asked.unit != SEGMENT:
        warnings += without_rows(found, want)
    if second is not None and not second.agrees:
        warnings.append(disagreement(second))
    provenance = {
        "options": {**_options(rated, want, check, asked), "pool_versions": pool_versions},
        "versions": {
            name: __version__ if name == "qualcode" else version(name)
            for name in ("qualcode", PACKAGE, "numpy")
        },
        "data": _data(rated),
        "cross_check": None if second is None else check_json(second),
        "coverage": _coverage(project, rated),
        "warnings": warnings,
    }
    rows = [line.row(second) for line in found]
    said = [*_notes(rated, found, want, asked), *_apart(project, rounds), *warnings]
    if pool_versions:
        said.insert(len(rated), pooled.note(rated))
    return disclosed(project, Table("agreement", COLUMNS, rows, tuple(said), provenance))


def _poolable(rated: Sequence[RatedRound], want: Wanted, asked: Scope) -> Subject:
    """All rounds together, where what is asked for is made of counts of presence."""
    if asked.unit == SEGMENT or SET in want.statistics:
        what = "Free segments" if asked.unit == SEGMENT else f"Sets of codes ({SET})"
        raise UsageProblem(f"{what} of several rounds cannot be pooled; leave out --pool-versions.")
    return pooled.pooled(rated)


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
        if row["scope"] in ("code", "overall", STABILITY) and row["document"] is None:
            whose = row["round"]
            if row["scope"] == STABILITY:
                whose = f"{row['round']}: {row['coder_a']} and {row['coder_b']}"
            each = grouped.setdefault((whose, row["code"]), {})
            each[str(row["statistic"])] = row
    rows: list[tuple[Cell, ...]] = []
    for (round_, code), each in grouped.items():
        alpha = each.get("krippendorff_alpha")
        if alpha is None:
            raise UsageProblem("The wide table is made of the figures with alpha among them.")
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
    """Raise ``CheckFailed`` unless every alpha's lower limit exists and reaches ``least``.

    Single documents, which have no interval, are not asked.

    Raises:
        UsageProblem: The table has no alpha that could be checked.
    """
    alphas = [
        row for row in table if row["statistic"] == "krippendorff_alpha" and row["document"] is None
    ]
    if not alphas:
        raise UsageProblem("There is no alpha among these figures, so no lower limit to check.")
    low = [
        f"{row['code']} ({row['round']})"
        for row in alphas
        if row["ci_low"] is None or not float(row["ci_low"]) >= least
    ]
    if low:
        raise CheckFailed(
            f"The lower limit of alpha is below {least:g} or does not exist for: {', '.join(low)}."
        )


def disagreement(checked: CrossCheck) -> str:
    """The sentence for when the second implementation found another alpha."""
    wrong = [name for name, apart in checked.differences.items() if apart > TOLERANCE]
    return (
        f"Alpha differs from the {checked.package} package {checked.version} for: "
        f"{', '.join([*wrong, *checked.contradicted])}. Please report this; do not use the figures."
    )


def check_json(checked: CrossCheck) -> dict[str, Any]:
    """The object ``cross_check`` of the JSON answer."""
    return {
        "package": checked.package,
        "version": checked.version,
        "checked": checked.checked,
        "not_checked": checked.not_checked,
        "max_abs_difference": checked.max_abs_difference,
        "agrees": checked.agrees,
    }


def _options(
    rated: Sequence[RatedRound], want: Wanted, check: bool, asked: Scope
) -> dict[str, Any]:
    return {
        "unit": asked.unit,
        "overlap": asked.overlap,
        "roll_up": asked.roll_up,
        "restrict": asked.restrict,
        "include_excluded": asked.include_excluded,
        "round": [one.round.name for one in rated],
        "coders": sorted({c.name for one in rated for c in one.coders}, key=str.casefold),
        "statistics": list(want.statistics) or "default",
        "by": list(want.scopes),
        "interval": want.interval or "auto",
        "ci_level": want.ci_level,
        "level": want.level,
        "seed": want.seed,
        "resamples": want.resamples,
        "cross_check": check,
    }


def _data(rated: Sequence[RatedRound]) -> dict[str, Any]:
    each = [
        {
            "round": one.round.name,
            "sha256": one.digest(),
            "unit_cut": one.ratings.units.cut,
            "documents": len(set(one.ratings.units.document.tolist())),
            "units": one.ratings.units.size,
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
    counted = {(one.round.name, document.id) for one in rated for document in one.documents}
    columns = ["document", "coder", "round", "status", "finished_at", "codebook_version"]
    return [
        {name: row[name] for name in columns}
        for row in project.rounds.coverage(removed=True)
        if (row["round"], row["document_id"]) in counted
    ]


def _notes(
    rated: Sequence[RatedRound], found: Sequence[Line], want: Wanted, asked: Scope
) -> Iterator[str]:
    for one in rated:
        if asked.unit == SEGMENT:
            yield segments.note(one)
            continue
        ratings = one.ratings
        documents = len(set(ratings.units.document.tolist()))
        pinned = one.round.codebook_version
        who = f"{_named(one.coders)}; "
        finished = "that two coders or more finished"
        if one.scope == STABILITY:
            who = f"{one.coders[0].name} with what they coded before, {one.coders[1].name}; "
            finished = "coded twice"
        yield (
            f'Round "{one.round.name}": {who}'
            f"{counted(ratings.units.size, f'{asked.unit} unit')} of "
            f"{counted(documents, 'document')} {finished}"
            f"{f', codebook {pinned}' if pinned else ''}; "
            f"{counted(ratings.excluded, 'unit')} of moderators left out."
        )
    methods = dict.fromkeys(line.interval.method for line in found if line.document is None)
    if methods:
        yield f"{want.ci_level:.0%} intervals: {', '.join(methods)}; overlap rule: {asked.overlap}."
    if asked.roll_up:
        yield "Rolled up: a code counts as present where one below it is."
    if asked.restrict is not None:
        yield "Only units that some coder gave some code: kappa and alpha are biased downwards."
    if asked.include_excluded:
        yield "What moderators say is counted too."


def _apart(project: Project, rounds: Sequence[str] | None) -> Iterator[str]:
    """Which rounds are about one coder each, where nobody has named them."""
    anew = [f'"{r.name}"' for r in project.rounds.list() if r.purpose == "recode"]
    if rounds is None and anew:
        yield (
            f"Not compared here: {', '.join(anew)}, of coders coding anew; name such a round to "
            "see how far they agree with their earlier selves."
        )


def _named(coders: Sequence[Coder]) -> str:
    return f"coders {', '.join(c.name for c in coders)}" if coders else "no coder"
