"""``themes crosstab``, ``matrix`` and ``cooccurrence``: codes against groups, cases, each other."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, get_args

import click

from qualcode.cli.leaving import (
    accepting_options,
    suppress_option,
    without_names,
    without_small_counts,
)
from qualcode.cli.output import cell_text, emit, print_table, say, say_notes
from qualcode.cli.theme_options import Counted, theme_options
from qualcode.errors import UsageProblem
from qualcode.model import Cell, CrosstabCell, MatrixCase, MatrixCell, Percent, Table
from qualcode.text.plurals import counted
from qualcode.text.safe import shown

BETWEEN = 3
"""Columns of the terminal between two columns of a table, at most."""

wide_option = click.option(
    "--wide", is_flag=True, help="In JSON and files one column per group or code, not one row."
)


@click.command("crosstab")
@theme_options
@click.option("--by", multiple=True, required=True, help="An attribute; give it twice for two.")
@click.option(
    "--cell", type=click.Choice(get_args(CrosstabCell)), default="codings", help="What is counted."
)
@click.option(
    "--percent", type=click.Choice(get_args(Percent)), default="none",
    help="row: of the code's figure in all groups; column: of what the group holds.",
)  # fmt: skip
@click.option(
    "--compare", nargs=2, metavar="A B", help="The rate of group A over that of B, with interval."
)
@wide_option
@suppress_option
@accepting_options
def crosstab_command(
    counted: Counted,
    by: tuple[str, ...],
    cell: CrosstabCell,
    percent: Percent,
    compare: tuple[str, str] | None,
    wide: bool,
    suppress: bool,
    as_json: bool,
    out: Path | None,
    force: bool,
    **accepting: Any,
) -> None:
    """Count each code in each group of an attribute, or of two.

    A value comes from the participant, else from the document, else it is "(not set)". The first
    rows say how many documents, participants and words each group holds. With --compare: codings
    per word in A over those in B, and a 95 % interval by leaving out one document at a time; there
    is none below five documents, or two on a side.

    \b
    Example:
        qualcode themes crosstab qualcode-demo/demo.qualcode --by site --cell participants
    """
    from qualcode.reports.crosstab import crosstab, crosstab_wide

    with counted.opened() as project:
        table = without_names(
            project,
            out,
            counted.coder,
            lambda: crosstab(
                project, by=by, cell=cell, percent=percent, compare=compare, **counted.what_counts()
            ),
            **accepting,
        )
        table = without_small_counts(project, table, suppress, as_json or out is not None)
    if as_json or out is not None:
        chosen = crosstab_wide(table) if wide else table
        emit(chosen, "themes", as_json=as_json, out=out, force=force)
        return
    _show(crossed(crosstab_wide(table), percent), table.notes)


@click.command("matrix")
@theme_options
@click.option(
    "--rows", type=click.Choice(get_args(MatrixCase)), default="document", help="What a case is."
)
@click.option(
    "--cell", type=click.Choice(get_args(MatrixCell)), default="codings",
    help="Codings; 1 or 0; share of the case's words.",
)  # fmt: skip
@wide_option
@suppress_option
@accepting_options
def matrix_command(
    counted: Counted,
    rows: MatrixCase,
    cell: MatrixCell,
    wide: bool,
    suppress: bool,
    as_json: bool,
    out: Path | None,
    force: bool,
    **accepting: Any,
) -> None:
    """Give each code in each document, or in each participant.

    0 is absent; a dash stands where a document is not read. On the terminal codes go down and
    cases across; --wide writes a row for each case, as statistics packages take it.

    \b
    Example:
        qualcode themes matrix qualcode-demo/demo.qualcode --rows document --cell codings
    """
    from qualcode.reports.matrix import matrix, matrix_wide

    people = rows == "participant"
    if people and suppress:
        raise UsageProblem(
            "Every row of --rows participant is one person, so --suppress would leave nothing; "
            "take --rows document."
        )
    with counted.opened() as project:
        table = without_names(
            project,
            out,
            counted.coder,
            lambda: matrix(project, rows=rows, cell=cell, **counted.what_counts()),
            **accepting,
        )
    if as_json or out is not None:
        if people:
            say("Every row is one participant: think who will read this file.")
        chosen = matrix_wide(table) if wide else table
        emit(chosen, "themes", as_json=as_json, out=out, force=force)
        return
    _show(cases_across(table), table.notes)


@click.command("cooccurrence")
@theme_options
@click.option("--relation", default="turn", help="overlap, turn (default) or near:K turns.")
@suppress_option
@accepting_options
def cooccurrence_command(
    counted: Counted,
    relation: str,
    suppress: bool,
    as_json: bool,
    out: Path | None,
    force: bool,
    **accepting: Any,
) -> None:
    """Show which codes come up together: in the same words, the same turn, or K turns apart.

    Lift is how often they do over how often they would by chance; within: by chance inside each
    document. Where the first is high and the second is not, both merely live in the same
    documents. sparse: fewer than 5 expected. Moderators' turns are not numbered. JSON and files
    hold every pair, also those that never meet; a code and one below it are no pair.

    \b
    Example:
        qualcode themes cooccurrence qualcode-demo/demo.qualcode --relation near:2
    """
    from qualcode.reports.cooccurrence import cooccurrence

    with counted.opened() as project:
        table = without_names(
            project,
            out,
            counted.coder,
            lambda: cooccurrence(project, relation=relation, **counted.what_counts()),
            **accepting,
        )
        leaves = as_json or out is not None
        table = without_small_counts(project, table, suppress, leaves)
    if as_json or out is not None:
        emit(table, "themes", as_json=as_json, out=out, force=force)
        return
    met = meeting(table)
    print_table(met, dict.fromkeys(met.columns, _two))
    say_notes(table.notes)
    _say_apart(len(table) - len(met))


def _say_apart(n: int) -> None:
    apart = counted(n, "pair never comes", "pairs never come")
    say(f"{apart} up so; JSON and files list all pairs.")


def crossed(wide: Table, percent: str) -> Table:
    """A wide crosstab as a person reads it: base rows, then codes, all as text.

    Args:
        wide: What ``crosstab_wide`` gave.
        percent: As it was asked for; decides how a figure that is no count looks.
    """
    lead, ratio = 5, "rate_ratio" in wide.columns
    last = len(wide.columns) - (4 if ratio else 0)
    headings = ["all" if name == "*" else name.replace("* × *", "all") for name in wide.columns]
    rows: list[tuple[Cell, ...]] = []
    for row in wide.rows:
        is_base = row[3] == "base"
        cells = [_figure(value, percent != "none") for value in row[lead:last]]
        end = () if not ratio else ("",) if is_base else (_interval(*row[last:]),)
        rows.append((str(row[4]) if is_base else _label(row[1], row[2]), *cells, *end))
    columns = ["", *headings[lead:last], *(["ratio"] if ratio else [])]
    return Table(wide.name, columns, rows)


def cases_across(table: Table) -> Table:
    """A matrix as a person reads it: codes down, cases across."""
    records = table.records()
    codes = list(dict.fromkeys(row["code"] for row in records))
    columns = [str(row["case"]) for row in records[:: len(codes) or 1]]
    rows = [
        (
            _label(records[at]["path"], records[at]["level"]),
            *(cell_text(row["value"]) for row in records[at :: len(codes)]),
        )
        for at in range(len(codes))
    ]
    return Table(table.name, ["", *columns], rows)


def meeting(table: Table) -> Table:
    """The pairs that come up together, most first."""
    rows = [row for row in table if row["n"]]
    rows.sort(key=lambda row: -_number(row["n"]))
    index = "near_index" if any(row["near_index"] is not None for row in rows) else "jaccard"
    shown_columns = ["n", index, "lift", "lift_within", "documents", "flags"]
    headings = ["codes", "n", index.removesuffix("_index"), "lift", "within", "docs", ""]
    cells = [
        (f"{row['code_a']} + {row['code_b']}", *(row[name] for name in shown_columns))
        for row in rows
    ]
    return Table(table.name, headings, cells)


def blocks(table: Table, width: int) -> Iterator[Table]:
    """A table that is too wide, in parts that fit, each with the first column.

    Args:
        table: All cells are text; those after the first column come out drawn to the right.
        width: Columns of the terminal.
    """
    longest = [
        max(len(name), *(len(str(row[at])) for row in table.rows), 1)
        for at, name in enumerate(table.columns)
    ]
    at = 1
    while at < len(longest):
        taken, room = at, width - longest[0] - BETWEEN
        while at < len(longest) and (at == taken or longest[at] + BETWEEN <= room):
            room -= longest[at] + BETWEEN
            at += 1
        columns = [table.columns[i].rjust(longest[i]) for i in range(taken, at)]
        rows = [
            (row[0], *(str(row[i]).rjust(longest[i]) for i in range(taken, at)))
            for row in table.rows
        ]
        yield Table(table.name, [table.columns[0], *columns], rows)


def _show(table: Table, notes: Sequence[str]) -> None:
    """Print a grid, in blocks where a terminal is too narrow; a pipe gets it whole."""
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else 1_000_000
    for at, block in enumerate(blocks(table, width)):
        if at:
            click.echo()
        print_table(block)
    say_notes(notes)


def _label(path: Cell, level: Cell) -> str:
    title = str(path).rpartition(" › ")[2]
    indent = "  " * (level - 1 if isinstance(level, int) else 0)
    label = shown(f"{indent}{title}")
    return label if len(label) <= 32 else label[:31] + "…"


def _figure(value: Cell, is_percent: bool) -> str:
    if isinstance(value, float):
        return f"{value:.0f} %" if is_percent else f"{value:.1f}"
    return cell_text(value)


def _interval(value: Any, low: Any, high: Any, reason: Any) -> str:
    if value is None:
        return f"– {reason}"
    return f"{value:.2f} " + (str(reason) if low is None else f"[{low:.2f}, {high:.2f}]")


def _two(value: Cell) -> Cell:
    return f"{value:.2f}" if isinstance(value, float) else value


def _number(value: Cell) -> float:
    return value if isinstance(value, int | float) else 0
