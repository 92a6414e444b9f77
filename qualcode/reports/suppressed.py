"""Theme tables without counts of so few participants that they could be told."""

from __future__ import annotations

from collections.abc import Sequence

from qualcode.model import Cell, Table
from qualcode.themes.suppression import Margins, suppress

COUNTS = ("participants", "n_participants")
TELLING = (
    "top_participant", "top_share", "effective_participants", "flags", "exemplar_document",
    "exemplar_turns", "exemplar_participant", "excerpt_id",
)  # fmt: skip
"""Columns that say who or how few stand behind a count."""

WITHHELD = "withheld"
ALL = "*"


def small_counts(table: Table, at_least: int, *, counts: Sequence[str] = COUNTS) -> int:
    """How many rows count fewer than ``at_least`` participants, but some."""
    columns = [name for name in counts if name in table.columns]
    return sum(1 for row in table if any(_is_few(row[name], at_least) for name in columns))


def suppressed(
    table: Table,
    at_least: int,
    *,
    counts: Sequence[str] = COUNTS,
    line: str = "code",
    group: str = "group",
) -> Table:
    """A table with one row per code and group, small counts of participants taken out.

    Args:
        counts: Columns that count participants.
        line: Column of which each value has its own groups and their total.
        group: Column of the groups; its row ``*`` is their total. Where groups do not add up to
            it (somebody is in two), a total tells nothing, and only small counts go.

    Returns:
        The same rows: "<3" for a count of 1 or 2, "withheld" for one that would give another away;
        in such rows the columns that say who stands behind a count are None.
    """
    columns = list(table.columns)
    rows = [list(row) for row in table.rows]
    by_line: dict[Cell, list[int]] = {}
    for n, row in enumerate(rows):
        by_line.setdefault(row[columns.index(line)], []).append(n)
    taken: dict[str, int] = {"few": 0, WITHHELD: 0}
    for places in by_line.values():
        parts = [n for n in places if rows[n][columns.index(group)] != ALL]
        totals = [n for n in places if n not in parts]
        for name in (name for name in counts if name in columns):
            at = columns.index(name)
            for n, mark in _marks(rows, parts, totals, at, at_least).items():
                if mark:
                    rows[n][at] = f"<{at_least}" if mark == "few" else WITHHELD
                    taken[mark] += 1
                    for told in TELLING:
                        if told in columns:
                            rows[n][columns.index(told)] = None
    note = (
        f"Counts of 1 to {at_least - 1} participants are printed as <{at_least} ({taken['few']}); "
        f"{taken[WITHHELD]} more are withheld, for totals would give them away."
    )
    facts = {**table.provenance, "suppressed_below": at_least}
    return Table(table.name, columns, [tuple(row) for row in rows], [*table.notes, note], facts)


def _marks(
    rows: Sequence[Sequence[Cell]],
    parts: Sequence[int],
    totals: Sequence[int],
    at: int,
    at_least: int,
) -> dict[int, str]:
    """Row → what becomes of its count."""
    values = {n: value for n in (*parts, *totals) if isinstance(value := rows[n][at], int)}
    cells = [values[n] for n in parts if n in values]
    shown = [n for n in parts if n in values]
    total = values[totals[0]] if len(totals) == 1 and totals[0] in values else None
    if total is not None and cells and sum(cells) == total:
        found = suppress(Margins([cells], [total]), at_least=at_least)
        marks: dict[int, str] = dict(zip(shown, found.cells[0], strict=True))
        return {**marks, totals[0]: found.row_totals[0]}
    return {n: "few" if _is_few(value, at_least) else "" for n, value in values.items()}


def _is_few(value: Cell, at_least: int) -> bool:
    return isinstance(value, int) and 0 < value < at_least
