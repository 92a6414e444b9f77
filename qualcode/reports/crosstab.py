"""Codes against an attribute: who raises what, in numbers or percent, and how two groups differ.

The table is long, a row for each code and group, because each cell needs its base and, where it has
no figure, its reason beside it; a program picks what it needs by ``cell`` and ``group``.
``crosstab_wide`` lays the same cells out for the eye and for a spreadsheet, a column per group.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, get_args

from qualcode.errors import UnknownName, UsageProblem
from qualcode.model import Cell, CrosstabCell, Percent, Table
from qualcode.reports.codebook import paths
from qualcode.reports.corpus import Corpus, as_group, corpus
from qualcode.reports.disclosed import disclosed
from qualcode.reports.themes import left_out
from qualcode.themes.crosstabs import (
    LEVEL,
    CrossCell,
    bases,
    rate_ratio,
    shares,
)
from qualcode.themes.crosstabs import crosstab as crossed
from qualcode.themes.frequencies import ALL, Group, frequencies

if TYPE_CHECKING:
    from qualcode.project import Project

COLUMNS = [
    "code", "path", "level", "kind", "group", "group_2", "cell", "value", "base", "percent",
    "compared_with", "ci_low", "ci_high", "ci_level", "n_documents", "reason", "source",
    "rolled_up",
]  # fmt: skip

RATIO = "rate_ratio"
LEAD = ["code", "path", "level", "kind", "cell"]
CELLS: tuple[str, ...] = get_args(CrosstabCell)
PERCENTS: tuple[str, ...] = get_args(Percent)


def crosstab(
    project: Project,
    *,
    by: Sequence[str],
    cell: CrosstabCell = "codings",
    percent: Percent = "none",
    compare: tuple[str, str] | None = None,
    source: str = "reading",
    own: bool = False,
    include_moderator: bool = False,
    include_unfinished: bool = False,
) -> Table:
    """Count every code in each group of an attribute, or of two attributes together.

    Args:
        project: An open project; of an open blind round only ``project.coder``'s codings count.
        by: One attribute of participants or documents, or two. A value comes from the participant,
            else from the document, else it is "(not set)".
        cell: What is counted; ``per_1000_words`` are codings per 1,000 words of the group.
        percent: ``row``: of the code's figure in all groups. ``column``: of what the group holds:
            its documents, participants or words; for codings all codings in the group, each code
            by itself.
        compare: Two values of the one attribute as they are shown, a and b: the rate of codings
            per word in a over that in b, with a 95 % interval, whatever ``cell`` says.
        source, own, include_moderator, include_unfinished: As for ``frequency``.

    Returns:
        Columns ``COLUMNS``. First the base rows (``kind`` is ``base``, ``code`` None): documents,
        participants and words of each group; then a row per code (codebook order) and group, ``*``
        first; then, if asked for, a row per code whose ``cell`` is ``rate_ratio``: ``group`` over
        ``compared_with``. ``base`` is what ``value`` is a part of; ``percent`` is None unless asked
        for; ``reason`` says why a figure does not exist: ``no_words``, ``empty_base``,
        ``few_documents`` (fewer than 5, or than 2 on a side: no interval), ``zero_cell`` (no
        coding on a side: no ratio; or all of a side in one document: no interval).

    Raises:
        UnknownName: No such source, coder, attribute, value or kind of cell.
        UsageProblem: Not one or two different attributes; percentages of a rate; a comparison by
            two.
        QualcodeError: No document is finished in this source.
    """
    _check(by, cell, percent, compare)
    read = corpus(
        project,
        source=source,
        by=by,
        own=own,
        include_moderator=include_moderator,
        include_unfinished=include_unfinished,
    )
    counts = frequencies(read.documents, read.members, read.groups)
    totals = _all_codings(read) if (cell, percent) == ("codings", "column") else None
    n = {row.group: len(row.base.documents) for row in counts.rows}
    cells = [*(bases(counts.rows)), *crossed(counts.rows, cell, percent, totals)]
    lead = _Lead(read)
    rows = [lead.row(one, n[one.group]) for one in cells]
    notes = [*read.notes(), *left_out(counts.dropped), *_notes(cell, percent)]
    if compare is not None:
        rows += _ratios(project, read, compare, lead)
        notes.append(
            f"rate_ratio: codings per word, group over compared_with; {LEVEL:.0%} interval by "
            "leaving out one document at a time, each code by itself. Below 5 documents, or 2 on "
            "a side, there is none."
        )
    provenance = {
        "source": source, "by": list(by), "cell": cell, "percent": percent,
        "compare": None if compare is None else list(compare), "rolled_up": not own,
        "data": project.digest(),
    }  # fmt: skip
    return disclosed(project, Table("crosstab", COLUMNS, rows, notes, provenance))


def crosstab_wide(table: Table) -> Table:
    """Lay out what ``crosstab`` gave with a column for each group.

    Returns:
        Columns ``code, path, level, kind, cell``, then ``*`` and the groups (of two attributes
        ``a × b``); a value, or its percentage if these were asked for. Of a comparison ``rate
        ratio``, ``ci_low``, ``ci_high`` and ``reason`` follow.
    """
    plain = [row for row in table if row["cell"] != RATIO]
    first = [row for row in plain if row["kind"] == "base" and row["cell"] == "documents"]
    lines = [plain[at : at + len(first)] for at in range(0, len(plain), len(first))]
    headings = _headings([(row["group"], row["group_2"]) for row in first])
    as_share = table.provenance["percent"] != "none"
    columns = [*LEAD, *headings]
    rows: list[tuple[Cell, ...]] = [
        (
            *(line[0][name] for name in LEAD),
            *(r["percent" if as_share and r["kind"] != "base" else "value"] for r in line),
        )
        for line in lines
    ]
    if table.provenance["compare"] is not None:
        columns += [RATIO, "ci_low", "ci_high", "reason"]
        ratios = {
            row["code"]: (row["value"], row["ci_low"], row["ci_high"], row["reason"])
            for row in table
            if row["cell"] == RATIO
        }
        rows = [(*row, *ratios.get(row[0], (None,) * 4)) for row in rows]
    return Table(table.name, columns, rows, table.notes, table.provenance)


def _headings(places: Sequence[tuple[Cell, Cell]]) -> Iterator[str]:
    """A name for each column of groups, a prime added to one that is taken."""
    taken = {*LEAD, RATIO, "ci_low", "ci_high", "reason"}
    for one, other in places:
        name = str(one) if other is None else f"{one} × {other}"
        while name in taken:
            name += "'"
        taken.add(name)
        yield name


def _check(by: Sequence[str], cell: str, percent: str, compare: tuple[str, str] | None) -> None:
    if cell not in CELLS:
        raise UnknownName("kind of cell", cell, CELLS)
    if percent not in PERCENTS:
        raise UnknownName("kind of percentage", percent, PERCENTS)
    if len(by) not in (1, 2):
        raise UsageProblem("A crosstab is by one attribute or two: --by ATTRIBUTE.")
    if len(set(by)) < len(by):
        raise UsageProblem(f'Two attributes are crossed, "{by[0]}" with itself says nothing more.')
    if cell == "per_1000_words" and percent != "none":
        raise UsageProblem("A rate per 1,000 words has no percentages: leave out --percent.")
    if compare is not None and len(by) != 1:
        raise UsageProblem("Two groups are compared by one attribute: give --by once.")


def _all_codings(read: Corpus) -> dict[Group, int]:
    """Group → codings in it, each code by itself, so that none counts for its parents again."""
    alone = {code: [code] for code in read.members}
    found: dict[Group, int] = {}
    for row in frequencies(read.documents, alone, read.groups).rows:
        found[row.group] = found.get(row.group, 0) + row.codings
    return found


class _Lead:
    """The columns that say which code, group and source a row is of."""

    def __init__(self, read: Corpus) -> None:
        way = paths(read.codes)
        self._of: dict[str | None, tuple[Cell, ...]] = {
            code.code: (code.code, " › ".join(way[code.code]), len(way[code.code]), code.kind)
            for code in read.codes
        }
        self._of[None] = (None, None, None, "base")
        self._groups = any(isinstance(group, tuple) for group in read.groups)
        self._end = read.source, not read.own

    def row(self, one: CrossCell, documents: int) -> tuple[Cell, ...]:
        if isinstance(one.group, tuple):
            groups: tuple[Cell, Cell] = (one.group[0], one.group[1])
        else:
            groups = (one.group, ALL if self._groups else None)
        figures = (one.cell, one.value, one.base, one.percent, None, None, None, None)
        return (*self._of[one.code], *groups, *figures, documents, one.reason, *self._end)

    def ratio(self, code: str, a: str, b: str, found: Sequence[Cell]) -> tuple[Cell, ...]:
        """``found`` is value, low, high, level, documents, reason."""
        value, *interval = found
        return (*self._of[code], a, None, RATIO, value, None, None, b, *interval, *self._end)


def _ratios(
    project: Project, read: Corpus, compare: tuple[str, str], lead: _Lead
) -> Iterator[tuple[Cell, ...]]:
    from qualcode.reliability.student_t import quantile

    a, b = (_value(read, wanted) for wanted in compare)
    if a == b:
        raise UsageProblem("Compare two different groups: --compare A B.")
    each = [frequencies([one], read.members, read.groups) for one in read.documents]
    for code, documents in shares(each, a, b).items():
        found = rate_ratio(documents, quantile)
        level = None if found.low is None else LEVEL
        figures = (found.value, found.low, found.high, level, found.documents, found.reason)
        yield lead.ratio(code, a, b, figures)


def _value(read: Corpus, wanted: str) -> str:
    """A group by what is shown of it: asked by name, a label would tell whom it stands for."""
    groups = [group for group in read.groups if isinstance(group, str)]
    for group in groups:
        if wanted.casefold() in (group.casefold(), *([ALL] if group == as_group(ALL) else ())):
            return group
    raise UnknownName("group", wanted, groups)


def _notes(cell: str, percent: str) -> Iterator[str]:
    if percent == "row":
        yield (
            "Percent of the code's figure in all groups; who or what belongs to two groups counts "
            "in both."
        )
    elif percent == "column" and cell == "codings":
        yield "Percent of all codings in the group, each code by itself."
    elif percent == "column":
        yield f"Percent of the group's {cell}."
