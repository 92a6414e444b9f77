"""Theme tables without counts of so few participants that they could be told.

Tables that are read together are looked at together: the same people counted in two of them are one
count, printed the same way in both. ``themes.suppression`` chooses what goes; here stands what its
counts are and what a reader knows of them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import permutations
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from qualcode.model import Cell, Table
from qualcode.reports.printed import at_least as at_least_of
from qualcode.themes.suppression import Mark, Relation, suppress

if TYPE_CHECKING:
    from qualcode.project import Project

COUNTS = ("participants", "n_participants")
TELLING = (
    "top_participant", "top_share", "effective_participants", "flags", "exemplar_document",
    "exemplar_turns", "exemplar_participant", "excerpt_id",
)  # fmt: skip
"""Columns that say who or how few stand behind a count."""

FIGURES = (
    "codings", "codings_min", "codings_max", "documents", "groups", "turns", "words", "characters",
    "share", "per_1000_words", "facilitator", "barrier", "mixed", "no_valence", "disconfirming",
    "disconfirming_codings", "balance", "exemplar",
)  # fmt: skip
"""Columns that say in which groups of few people there is somebody."""

WITHHELD = "withheld"
ALL = "*"
DEARER, TOTAL = 3, 4
"""How much dearer a base is than a count of a code, and a total than one of its groups."""

Where: TypeAlias = frozenset[tuple[str, str]]
"""Attribute and value of a group; empty for everybody."""


class Counted(NamedTuple):
    """What a number of participants is of, in whatever table it stands."""

    codes: frozenset[str]
    """One, or a pair of those that come up together; none for all who could raise one."""

    where: Where
    rest: str = ""
    """Of which attributes the groups are left out; empty for a count that is printed."""


class _Place(NamedTuple):
    row: int
    column: str
    of: Counted


def small_counts(table: Table, at_least: int, *, counts: Sequence[str] = COUNTS) -> int:
    """How many rows count fewer than ``at_least`` participants, but some."""
    columns = [name for name in counts if name in table.columns]
    return sum(1 for row in table if any(_is_few(row[name], at_least) for name in columns))


def few_in_crosstab(table: Table, at_least: int) -> int:
    """How many cells of ``reports.crosstab``'s table count fewer participants, but some."""
    return sum(
        1 for row in table if row["cell"] == "participants" and _is_few(row["value"], at_least)
    )


def suppressed_in(project: Project, *tables: Table) -> list[Table]:
    """Theme tables of a project that are passed on together, small counts taken out."""
    parents = {code.code: code.parent for code in project.codebook.codes()}
    return suppressed(tables, at_least_of(project), parents)


def suppressed(
    tables: Sequence[Table], at_least: int, parents: Mapping[str, str | None]
) -> list[Table]:
    """Theme tables that are read together, small counts of participants taken out.

    A reader is taken to know that groups add up to their total, where they do; that nobody raises a
    code who is not counted in N; and, where codes are rolled up, that whoever raises a code raises
    those above, and that nobody else does where the codes below hold as many.

    Args:
        tables: What ``frequency``, ``crosstab``, ``cooccurrence``, ``evidence`` and ``joint``
            give, the same documents counted in the same way; as they are printed, rows that are
            left out left out.
        parents: Code → the code above, None at the top.

    Returns:
        The same tables, row by row: "<3" for a count of 1 or 2, "withheld" for one that would give
        another away and for all groups of a count of 1 or 2. In such rows the columns that say
        who stands behind a count are None, in those of such groups all figures. In a crosstab a
        percentage of which either part is taken out is None with the reason ``suppressed``.
    """
    places = [list(_places(table)) for table in tables]
    counts: dict[Counted, int] = {}
    for table, found in zip(tables, places, strict=True):
        for at, column, count in found:
            value = table.rows[at][table.columns.index(column)]
            assert isinstance(value, int)
            assert counts.setdefault(count, value) == value, "tables that count differently"
    rolled_up = all(table.provenance.get("rolled_up", True) for table in tables)
    marks = suppress(
        counts,
        [*_groups(counts), *_codes(counts, parents if rolled_up else dict.fromkeys(parents))],
        at_least=at_least,
        everybody=Counted(frozenset(), frozenset()),
        unprinted={count for count in counts if count.rest},
        weights=_weights(counts),
    )
    taken = _Taken(marks, at_least)
    return [taken.out_of(table, found) for table, found in zip(tables, places, strict=True)]


def _places(table: Table) -> Iterator[_Place]:
    """Where in a table participants are counted."""
    for at, row in enumerate(table):
        where = _where(table, row)
        if "code_a" in table.columns:
            codes = frozenset((str(row["code_a"]), str(row["code_b"])))
        else:
            codes = frozenset() if row["code"] is None else frozenset((str(row["code"]),))
        if table.name == "crosstab":
            if row["cell"] == "participants":
                yield _Place(at, "value", Counted(codes, where))
            continue
        for column, of in zip(COUNTS, (codes, frozenset[str]()), strict=True):
            if isinstance(row.get(column), int):
                yield _Place(at, column, Counted(of, where))


def _where(table: Table, row: Mapping[str, Any]) -> Where:
    """The group that a row counts in."""
    if "site" in table.columns:
        names = [table.provenance["site"], table.provenance["stakeholder"]]
        values = [row["site"], row["stakeholder"]]
    elif "attribute" in table.columns:
        names, values = [row["attribute"]], [row["value"]]
    else:
        by = table.provenance.get("by") or "group"
        names = [by] if isinstance(by, str) else list(by)
        values = [row.get(column) for column in ("group", "group_2")][: len(names)]
    return frozenset(
        (str(name).casefold(), str(value))
        for name, value in zip(names, values, strict=True)
        if value not in (ALL, None)
    )


def _groups(counts: dict[Counted, int]) -> list[Relation[Counted]]:
    """How counts are made up of groups; what is left out of those is added to ``counts``."""
    by_attributes: dict[frozenset[str], dict[tuple[str, ...], list[Counted]]] = {}
    for count in counts:
        attributes = tuple(sorted(name for name, _ in count.where))
        by_attributes.setdefault(count.codes, {}).setdefault(attributes, []).append(count)
    found: list[Relation[Counted]] = []
    for lines in by_attributes.values():
        for upper, lower in permutations(lines, 2):
            if not set(upper) < set(lower):
                continue
            for one in lines[upper]:
                parts = [part for part in lines[lower] if one.where < part.where]
                left = counts[one] - sum(counts[part] for part in parts)
                if left > 0:
                    parts.append(Counted(one.codes, one.where, " × ".join(lower)))
                    counts[parts[-1]] = left
                found.append(Relation(one, tuple(parts), exact=left >= 0, groups=True))
                if left < 0:
                    found += [Relation(part, (one,)) for part in parts]
    return found


def _codes(
    counts: Mapping[Counted, int], parents: Mapping[str, str | None]
) -> Iterator[Relation[Counted]]:
    """How counts of codes hold each other, in the same group."""
    ways = {code: tuple(_above(code, parents)) for code in parents}
    children: dict[str | None, list[str]] = {}
    for code, parent in parents.items():
        children.setdefault(parent, []).append(code)
    for count in counts:
        if not count.codes:
            continue
        if len(count.codes) == 1:
            (code,) = count.codes
            upper = [frozenset((above,)) for above in ways.get(code, ())]
            below = [count._replace(codes=frozenset((one,))) for one in children.get(code, ())]
            told = bool(below) and all(one in counts for one in below)
            if told and sum(counts[one] for one in below) >= counts[count]:
                yield Relation(count, tuple(below))
        else:
            a, b = sorted(count.codes)
            mine, others = (a, *ways.get(a, ())), (b, *ways.get(b, ()))
            upper = [frozenset((one, other)) for one in mine for other in others]
            upper += [frozenset((a,)), frozenset((b,))]
        for codes in (*upper, frozenset[str]()):
            one = count._replace(codes=codes)
            if codes != count.codes and one in counts and counts[one] >= counts[count]:
                yield Relation(count, (one,))


def _above(code: str, parents: Mapping[str, str | None]) -> Iterator[str]:
    above = parents[code]
    while above is not None and above in parents:
        yield above
        above = parents[above]


def _weights(counts: Collection[Counted]) -> dict[Counted, int]:
    """A base is dearer than a code, and a total than what it is a total of."""
    deepest = max((len(count.where) for count in counts), default=0)
    return {
        count: (1 if count.codes else DEARER) * TOTAL ** (deepest - len(count.where))
        for count in counts
    }


class _Taken:
    """What is taken out, and how tables are printed without it."""

    def __init__(self, marks: Mapping[Counted, Mark], at_least: int) -> None:
        self.marks, self.at_least = marks, at_least

    def out_of(self, table: Table, places: Sequence[_Place]) -> Table:
        columns = list(table.columns)
        rows = table.records()
        shown: dict[tuple[int, str], str] = {}
        for at, column, count in places:
            mark = self.marks[count]
            if not mark:
                continue
            shown[at, column] = f"<{self.at_least}" if mark == "few" else WITHHELD
            rows[at][column] = shown[at, column]
            hidden = FIGURES if column != "n_participants" and mark == "group" else ()
            for told in (*TELLING, *hidden):
                if told in columns and table.name != "crosstab":
                    rows[at][told] = None
        if table.name == "crosstab":
            self._percentages(table, rows, places)
        few = sum(mark != WITHHELD for mark in shown.values())
        facts = {**table.provenance, "suppressed_below": self.at_least}
        notes = [*table.notes, _note(self.at_least, few, len(shown) - few)]
        return Table(table.name, columns, [tuple(row.values()) for row in rows], notes, facts)

    def _percentages(
        self, table: Table, rows: list[dict[str, Cell]], places: Sequence[_Place]
    ) -> None:
        """Print of what a count is a part of what is printed there, and no share that tells it."""
        of_rows = table.provenance["percent"] == "row"
        printed = {count: rows[at]["value"] for at, _, count in places}
        for at, _, count in places:
            if not count.codes:
                continue
            everybody: Where = frozenset()
            base = Counted(count.codes, everybody) if of_rows else Counted(frozenset(), count.where)
            if self.marks[base]:
                rows[at]["base"] = printed[base]
            if rows[at]["percent"] is not None and (self.marks[base] or self.marks[count]):
                rows[at]["percent"], rows[at]["reason"] = None, "suppressed"


def _note(at_least: int, few: int, withheld: int) -> str:
    taken = (
        f"Counts of 1 to {at_least - 1} participants are printed as <{at_least} ({few}) and not "
        "broken down"
    )
    if not withheld:
        return f"{taken}."
    are = "is" if withheld == 1 else "are"
    return f"{taken}; {withheld} more {are} withheld, for others would give them or those away."


def _is_few(value: Cell, at_least: int) -> bool:
    return isinstance(value, int) and 0 < value < at_least
