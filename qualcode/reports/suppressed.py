"""Theme tables without counts of so few participants that they could be told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

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
    facts = {**table.provenance, "suppressed_below": at_least}
    return Table(
        table.name,
        columns,
        [tuple(row) for row in rows],
        [*table.notes, _note(at_least, taken)],
        facts,
    )


def few_in_crosstab(table: Table, at_least: int) -> int:
    """How many cells of ``reports.crosstab``'s table count fewer participants, but some."""
    return sum(
        1 for row in table if row["cell"] == "participants" and _is_few(row["value"], at_least)
    )


def suppressed_crosstab(table: Table, at_least: int) -> Table:
    """What ``reports.crosstab`` gave, small counts of participants taken out.

    A code's line has its groups and their total. Besides, a reader knows that nobody raises a
    code who is not in the base row, nor a code below another without raising that: a cell is
    withheld for a small one only if these leave it room.

    Returns:
        The same rows: "<3" for a count of 1 or 2, "withheld" for one that would give another away,
        wherever it stands, in ``base`` too; a percentage of which either part is taken out is None
        with the reason ``suppressed``.
    """
    rows = table.records()
    lines = list(_lines(rows))
    taken = {"few": 0, WITHHELD: 0}
    shown: dict[int, str] = {}
    for line in lines:
        for n, mark in _marks_of_line(rows, line, lines, at_least).items():
            if mark:
                shown[n] = f"<{at_least}" if mark == "few" else WITHHELD
                taken[mark] += 1
    of_rows = table.provenance["percent"] == "row"
    base = lines[0] if lines else []
    for line in lines:
        for at, n in enumerate(line):
            part_of = None if line is base else line[0] if of_rows else base[at]
            if n in shown:
                rows[n]["value"] = shown[n]
            if part_of in shown:
                rows[n]["base"] = shown[part_of]
            if rows[n]["percent"] is not None and (n in shown or part_of in shown):
                rows[n]["percent"], rows[n]["reason"] = None, "suppressed"
    facts = {**table.provenance, "suppressed_below": at_least}
    cells = [tuple(row.values()) for row in rows]
    return Table(table.name, table.columns, cells, [*table.notes, _note(at_least, taken)], facts)


def _lines(rows: Sequence[dict[str, Cell]]) -> Iterator[list[int]]:
    """The lines that count participants, the base row's first: numbers of rows, total first."""
    line: list[int] = []
    for n, row in enumerate(rows):
        if row["cell"] != "participants":
            continue
        if line and rows[line[0]]["code"] != row["code"]:
            yield line
            line = []
        line.append(n)
    if line:
        yield line


def _marks_of_line(
    rows: Sequence[dict[str, Cell]], line: list[int], lines: Sequence[list[int]], at_least: int
) -> dict[int, str]:
    """Row → what becomes of its count."""
    above = [other for other in lines if other is not line and _holds(rows, other, line)]
    below = [other for other in lines if other is not line and _holds(rows, line, other)]
    places = [(0, len(line) - 1), *((0, at) for at in range(len(line) - 1))]
    values = [_count(rows[n]) for n in line]
    total, *cells = values
    if sum(cells) != total:  # somebody is in two groups: a total tells nothing
        return {
            n: "few" if 0 < value < at_least else "" for n, value in zip(line, values, strict=True)
        }
    least = {p: max(_count(rows[o[at]]) for o in below) for at, p in enumerate(places) if below}
    most = {p: min(_count(rows[o[at]]) for o in above) for at, p in enumerate(places) if above}
    found = suppress(Margins([cells], [total], least=least, most=most), at_least=at_least)
    return dict(zip(line, (found.row_totals[0], *found.cells[0]), strict=True))


def _holds(rows: Sequence[dict[str, Cell]], one: list[int], other: list[int]) -> bool:
    """Whether everybody of another line is in this one: the base row, or a code above."""
    first, second = rows[one[0]], rows[other[0]]
    if first["kind"] == "base":
        return True
    return bool(first["rolled_up"]) and str(second["path"]).startswith(f"{first['path']} › ")


def _count(row: dict[str, Cell]) -> int:
    value = row["value"]
    assert isinstance(value, int)
    return value


def _note(at_least: int, taken: Mapping[str, int]) -> str:
    return (
        f"Counts of 1 to {at_least - 1} participants are printed as <{at_least} ({taken['few']}); "
        f"{taken[WITHHELD]} more are withheld, for totals would give them away."
    )


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
