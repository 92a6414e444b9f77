"""Theme tables for the results section: evidence, framework, joint display, saturation."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qualcode.cli.leaving import (
    accepting_options,
    leaving_options,
    refuse_to_disclose,
    suppress_option,
    without_names,
    without_small_counts,
)
from qualcode.cli.output import PROJECT, emit, say, start_of
from qualcode.cli.theme_options import Counted, theme_options
from qualcode.model import Cell, Table
from qualcode.text.plurals import counted

if TYPE_CHECKING:
    from qualcode.reports.framework import CaseKind


@click.command("evidence")
@theme_options
@click.option("--site", required=True, help="Attribute that says where: site.")
@click.option("--stakeholder", required=True, help="Attribute that says who: stakeholder_role.")
@click.option("--code", "codes", multiple=True, help="Only this code; may be given again.")
@suppress_option
@leaving_options
def evidence_command(
    counted: Counted,
    site: str,
    stakeholder: str,
    codes: tuple[str, ...],
    suppress: bool,
    as_json: bool,
    out: Path | None,
    force: bool,
    **leaving: Any,
) -> None:
    """Set what supports each code beside what contradicts it.

    A row per code, site and stakeholder group: participants and documents of all there, codings by
    valence, those marked as disconfirming, and one exemplar. Where none is marked the table says
    whether a search for negative cases was recorded ("qualcode memos add") or not. On the terminal
    cells without codings are left out; files and JSON hold them all.

    \b
    Example:
        qualcode themes evidence qualcode-demo/demo.qualcode --site site
          --stakeholder stakeholder_role --code leadership_signal
    """
    from qualcode.reports.evidence import evidence

    with counted.opened() as project:
        refuse_to_disclose(project, out, counted.coder, **leaving)
        table = evidence(
            project, site=site, stakeholder=stakeholder, codes=codes, **counted.what_counts()
        )
        leaves = as_json or out is not None
        table = without_small_counts(project, table, suppress, leaves)
    shown = table if as_json or out is not None else _without(table, "codings", (0,))
    emit(
        shown,
        "themes",
        as_json=as_json,
        out=out,
        force=force,
        shown_columns=[
            "code", "site", "stakeholder", "participants", "n_participants", "facilitator",
            "barrier", "mixed", "disconfirming", "exemplar",
        ],
        readable={"exemplar": start_of},
    )  # fmt: skip


@click.command("framework")
@theme_options
@click.option("--case", type=click.Choice(["document", "participant"]), default="document",
              show_default=True, help="What a row of the matrix is.")  # fmt: skip
@click.option("--code", "codes", multiple=True, help="Only this code; may be given again.")
@click.option("--wide", is_flag=True, help="A row per case and a column per code, to be read.")
@leaving_options
def framework_command(
    counted: Counted,
    case: CaseKind,
    codes: tuple[str, ...],
    wide: bool,
    as_json: bool,
    out: Path | None,
    force: bool,
    **leaving: Any,
) -> None:
    """Chart cases by codes: your summaries, with count and locators (Ritchie and Spencer).

    A cell holds what somebody wrote in a memo of the kind summary on that code and case
    ("qualcode memos add"); nothing is ever generated, and an empty cell says whether anything is
    coded there. On the terminal cells without codings or summary are left out.

    \b
    Example:
        qualcode themes framework qualcode-demo/demo.qualcode --code warm_handoff --wide
          --out framework.xlsx
    """
    from qualcode.reports.framework import EMPTY, framework

    with counted.opened() as project:
        refuse_to_disclose(project, out, counted.coder, **leaving)
        table = framework(project, case=case, codes=codes, wide=wide, **counted.what_counts())
    if wide or as_json or out is not None:
        emit(table, "themes", as_json=as_json, out=out, force=force)
        return
    emit(
        _without(table, "state", (EMPTY,)),
        "themes",
        as_json=as_json,
        out=out,
        force=force,
        shown_columns=["case", "code", "state", "summary", "codings", "locators"],
        readable={"summary": start_of, "locators": start_of},
    )


@click.command("joint")
@theme_options
@click.option("--outcomes", required=True, type=PROJECT, help="CSV of figures by group.")
@click.option("--fit", type=PROJECT, help="This display as CSV, fit and interpretation filled in.")
@click.option("--code", "codes", multiple=True, help="Only this code; may be given again.")
@suppress_option
@leaving_options
def joint_command(
    counted: Counted,
    outcomes: Path,
    fit: Path | None,
    codes: tuple[str, ...],
    suppress: bool,
    as_json: bool,
    out: Path | None,
    force: bool,
    **leaving: Any,
) -> None:
    """Set themes beside outcomes that were measured in the same groups.

    The outcomes have the columns attribute, value, measure, amount, unit, n, period and source;
    attribute and value say whose they are (site, Port Alder). How the two fit and what that means
    is for people to write: fill in the columns fit (confirms, expands, discordant) and
    interpretation of the written CSV, and give it back with --fit.

    \b
    Example:
        qualcode themes joint qualcode-demo/demo.qualcode
          --outcomes transcripts_sample/outcomes_by_site.csv --out joint.csv
    """
    from qualcode.reports.joint import joint

    with counted.opened() as project:
        refuse_to_disclose(project, out, counted.coder, **leaving)
        table = joint(project, outcomes=outcomes, fit=fit, codes=codes, **counted.what_counts())
        leaves = as_json or out is not None
        table = without_small_counts(project, table, suppress, leaves)
    emit(
        table,
        "themes",
        as_json=as_json,
        out=out,
        force=force,
        shown_columns=[
            "code", "value", "participants", "n_participants", "facilitator", "barrier", "balance",
            "measure", "amount", "unit", "fit", "interpretation", "exemplar",
        ],
        readable={"exemplar": start_of},
    )  # fmt: skip


@click.command("saturation")
@theme_options
@click.option("--group", help="Attribute whose values are also looked at one by one.")
@click.option("--base", type=click.IntRange(1), default=4, show_default=True,
              help="Documents whose codes the later ones are measured against.")  # fmt: skip
@click.option("--run", "run_", type=click.IntRange(1), default=2, show_default=True,
              help="Consecutive documents looked at together.")  # fmt: skip
@click.option("--threshold", type=click.FloatRange(0), default=0.05, show_default=True,
              help="New codes of a run, by those of the base.")  # fmt: skip
@click.option("--orders", type=click.IntRange(1), default=1000, show_default=True,
              help="Shuffled orders of the documents, for the band.")  # fmt: skip
@click.option("--seed", type=int, default=1, help="The same seed shuffles the same.")
@accepting_options
def saturation_command(
    counted: Counted,
    group: str | None,
    base: int,
    run_: int,
    threshold: float,
    orders: int,
    seed: int,
    as_json: bool,
    out: Path | None,
    force: bool,
    **accepting: Any,
) -> None:
    """Show how many codes each further document added (code saturation).

    After Guest, Namey and Chen (2020): "6+2" means that after six documents the next two brought
    at most the threshold. Documents come by collection date where all have one, else as they were
    imported. A code counts where it was applied itself, with or without --own.

    \b
    Example:
        qualcode themes saturation qualcode-demo/demo.qualcode --group site
    """
    from qualcode.reports.saturation import saturation, told

    what = counted.what_counts()
    del what["own"]
    with counted.opened() as project:
        table = without_names(
            project,
            out,
            counted.coder,
            lambda: saturation(
                project, group=group, base=base, run=run_, threshold=threshold, orders=orders,
                seed=seed, **what,
            ),
            **accepting,
        )  # fmt: skip
    emit(
        table,
        "themes",
        as_json=as_json,
        out=out,
        force=force,
        shown_columns=[
            "group", "n", "document", "collected_on", "new_codes", "codes", "codes_low",
            "codes_high", "run_ratio",
        ],
    )  # fmt: skip
    if not as_json and out is None:
        for line in told(table):
            click.echo(line)


def _without(table: Table, column: str, values: tuple[Cell, ...]) -> Table:
    """Only the rows that hold something in a column; a sentence says how many are left out."""
    at = list(table.columns).index(column)
    rows = [row for row in table.rows if row[at] not in values]
    if len(rows) < len(table.rows):
        n = len(table.rows) - len(rows)
        say(f"{counted(n, 'cell without codings is', 'cells without codings are')} not shown.")
    return Table(table.name, table.columns, rows, table.notes, table.provenance)
