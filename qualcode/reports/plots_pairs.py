"""Pictures of codes that come up together: a triangle of counts, a circular network."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from qualcode.exporters.figures.records import Circle, Grid, Square
from qualcode.model import Cell, Table
from qualcode.reports.cooccurrence import cooccurrence
from qualcode.reports.pictured import Names, Picture, require
from qualcode.reports.suppressed import suppressed_in
from qualcode.text.plurals import counted

if TYPE_CHECKING:
    from qualcode.project import Project

NONE = "No two codes come up together"
MOST_LINES = 60
"""Of a network: more than that and nobody tells one from another."""

Found = dict[frozenset[str], int]


def cooccurrence_picture(
    project: Project, *, relation: str = "turn", suppress: bool = False, **counts: Any
) -> Picture:
    """Draw how often each two codes come up together, in a triangle.

    Args:
        relation, counts: As for ``reports.cooccurrence``.
        suppress: Take counts of few participants out of the data; none of them is drawn.
    """
    table, found = _counted(project, relation, suppress, counts)
    told = {frozenset((str(row["code_a"]), str(row["code_b"]))) for row in table}
    names, order = Names(project), _order(project, found)
    squares = [
        [
            _square(found.get(frozenset((a, b)), 0) if frozenset((a, b)) in told else None)
            for b in order
        ]
        for a in order
    ]
    unpaired = any(square.value is None for i, row in enumerate(squares) for square in row[:i])
    left = len(names.order) - len(order)
    key = f"Cells: {_what(table)}; the darker, the more."
    if unpaired:
        key += " Hatched: a code with one below it, never counted."
    if left:
        key += f" Left out: {counted(left, 'code that comes', 'codes that come')} up with no other."
    drawing = Grid(
        [names.line(code) for code in order], [names.title(code) for code in order], squares, True,
        key,
    )  # fmt: skip
    alt = f"Triangle of {len(order)} codes: {_what(table)}. Most: {_most(names, found)}."
    return Picture(
        "cooccurrence", f"Codes That Come Up Together {_where(table)}", alt, table, drawing
    )


def network_picture(
    project: Project, *, relation: str = "turn", suppress: bool = False, **counts: Any
) -> Picture:
    """Draw codes around a circle, joined where they come up together.

    Args:
        relation, counts: As for ``reports.cooccurrence``.
        suppress: Take counts of few participants out of the data; none of them is drawn.
    """
    table, found = _counted(project, relation, suppress, counts)
    names, order = Names(project), _order(project, found)
    place = {code: at for at, code in enumerate(order)}
    ranked = sorted(found.items(), key=lambda one: (-one[1], sorted(place[c] for c in one[0])))
    drawn = ranked[:MOST_LINES]
    sizes: dict[str, Cell] = {}
    for row in table:
        sizes[str(row["code_a"])], sizes[str(row["code_b"])] = row["n_a"], row["n_b"]
    key = (
        f"Lines: {_what(table)[0].lower()}{_what(table)[1:]}. Dots: the larger, the more of a code."
    )
    if len(drawn) < len(ranked):
        key += f" Drawn are the {len(drawn)} strongest of {len(ranked)} lines."
    left = len(names.order) - len(order)
    if left:
        key += f" Left out: {counted(left, 'code that comes', 'codes that come')} up with no other."
    drawing = Circle(
        [names.title(code) for code in order],
        [float(str(sizes[code])) for code in order],
        [(*sorted(place[c] for c in pair), n) for pair, n in drawn],  # type: ignore[misc]
        key,
    )
    alt = f"Circular network of {len(order)} codes: {_what(table)}. Most: {_most(names, found)}."
    return Picture("network", f"Network of Codes {_where(table)}", alt, table, drawing)


def _counted(
    project: Project, relation: str, suppress: bool, counts: dict[str, Any]
) -> tuple[Table, Found]:
    """The table, and of each pair that comes up together how often."""
    table = cooccurrence(project, relation=relation, **counts)
    found = {
        frozenset((str(row["code_a"]), str(row["code_b"]))): int(str(row["n"]))
        for row in table
        if row["n"]
    }
    require(list(found), f"{NONE} (relation {relation}); nothing to draw.")
    if suppress:
        (table,) = suppressed_in(project, table)
    return table, found


def _order(project: Project, found: Found) -> list[str]:
    """The codes that come up with another, in the order of the codebook."""
    return Names(project).sorted(code for pair in found for code in pair)


def _where(table: Table) -> str:
    """Where two codes must stand to come up together, for a caption."""
    relation = str(table.provenance["relation"])
    told = {"overlap": "in the Same Words", "turn": "in the Same Turn"}
    return told.get(relation) or f"Within {relation.partition(':')[2]} Turns"


def _what(table: Table) -> str:
    """What a number counts."""
    relation = str(table.provenance["relation"])
    if relation == "overlap":
        return "number of characters that bear both codes"
    if relation == "turn":
        return "number of turns that bear both codes"
    within = relation.partition(":")[2]
    return f"number of turns with the one code within {within} turns of the other, both ways"


def _most(names: Names, found: Found) -> str:
    ranked: Sequence[tuple[frozenset[str], int]] = sorted(
        found.items(), key=lambda one: (-one[1], names.sorted(one[0]))
    )
    return ", ".join(
        f"{' and '.join(names.title(code) for code in names.sorted(pair))} ({n:,})"
        for pair, n in ranked[:5]
    )


def _square(value: int | None) -> Square:
    return Square(None, "") if value is None else Square(float(value), f"{value:,}")
