"""What each coder does to the figures: how often they use a code, and agreement without them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from qualcode.errors import UsageProblem
from qualcode.model import Cell, Table
from qualcode.reliability.coefficients import krippendorff_alpha
from qualcode.reports.cut import SEGMENT, scope
from qualcode.reports.disclosed import disclosed
from qualcode.reports.figures import ALL
from qualcode.reports.ratings import RatedRound, comparable, rated_rounds

if TYPE_CHECKING:
    from qualcode.project import Project
    from qualcode.reliability.patterns import PatternCounts

COLUMNS = [
    "round", "coder", "code", "unit", "rate", "n_units", "n_documents", "n_present", "alpha",
    "alpha_without", "status", "reason",
]  # fmt: skip

COVERAGE = ["document", "coder", "round", "status", "finished_at", "codebook_version"]


def coder_effects(
    project: Project,
    *,
    rounds: Sequence[str] | None = None,
    codes: Sequence[str] | None = None,
    coders: Sequence[str] | None = None,
    **how: Any,
) -> Table:
    """Tell each coder's rate of every code, and alpha without them.

    Args:
        rounds, codes, coders: As for ``agreement``.
        how: What is compared, as for ``cut.scope``: ``unit``, ``overlap``, ``documents`` …

    Returns:
        Columns ``COLUMNS``, by round, code and coder; ``*`` is all unit × code cells. ``rate``:
        share of the units the coder and another rated that the coder gave the code
        (``n_present`` of ``n_units``). ``alpha``: of all coders; ``alpha_without``: of the others,
        undefined where fewer than two are left. ``reason`` is that of the one which is undefined,
        first ``alpha``.

    Raises:
        StillBlind, UnknownName: As for ``agreement``.
    """
    asked = scope(project, **how)
    if asked.unit == SEGMENT:
        raise UsageProblem("A rate needs units that every coder rates, not segments.")
    compared, notes = rated_rounds(project, rounds, codes=codes, coders=coders, asked=asked)
    rows: list[tuple[Cell, ...]] = []
    for rated in compared:
        rows += _effects(rated)
    notes.append(
        f"rate: share of {asked.unit} units given the code, of those that another rated too."
    )
    return disclosed(project, Table("coder_effects", COLUMNS, rows, notes))


def coverage(project: Project, *, rounds: Sequence[str] | None = None) -> Table:
    """Tell who finished which document in which round: marks only, never codings.

    Returns:
        Columns ``document, coder, round, status, finished_at, codebook_version``; status is
        ``finished`` or ``unfinished``. None: every round that can be compared.

    Raises:
        StillBlind, UnknownName: As for ``agreement``.
    """
    chosen, notes = comparable(project, rounds)
    names = {r.name for r in chosen}
    rows = [
        tuple(row[name] for name in COVERAGE)
        for row in project.rounds.coverage()
        if row["round"] in names
    ]
    return disclosed(project, Table("coverage", COVERAGE, rows, notes))


def _effects(rated: RatedRound) -> Iterator[tuple[Cell, ...]]:
    counts = rated.ratings.counts()
    each = [(code.code, counts.only_code(at)) for at, code in enumerate(rated.codes)]
    if each:
        each.append((ALL, counts.stacked()))
    for code, one in each:
        alpha = krippendorff_alpha(one)[0]
        for at, coder in enumerate(rated.coders):
            units, documents, given = _rated_by(one, at)
            without, reason = None, alpha.reason or "single_coder"
            if len(rated.coders) > 2:
                others = [n for n in range(len(rated.coders)) if n != at]
                left = krippendorff_alpha(one.only_coders(others))[0]
                without, reason = left.value, alpha.reason or left.reason or ""
            yield (
                rated.round.name, coder.name, code, rated.ratings.units.kind,
                given / units if units else None, units, documents, given, alpha.value, without,
                "undefined" if reason else "ok", reason or None,
            )  # fmt: skip


def _rated_by(counts: PatternCounts, coder: int) -> tuple[int, int, int]:
    """Units that the coder and another rated, their documents, and those given the code."""
    mine = counts.patterns[:, coder]
    shared = (mine >= 0) & (counts.raters >= 2)
    table = counts.table[0]
    documents = int((table[:, shared].sum(axis=1) > 0).sum())
    return int(table[:, shared].sum()), documents, int(table[:, shared & (mine == 1)].sum())
