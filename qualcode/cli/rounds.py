"""Rounds of coding, assignments and the finished mark."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

from qualcode.cli.leaving import accepting_options, without_names
from qualcode.cli.output import PROJECT, coder_option, emit, report_options, say
from qualcode.model import Coder, Purpose, Table
from qualcode.text.plurals import counted

if TYPE_CHECKING:
    from qualcode.project import Project


@click.group("round")
def round_command() -> None:
    """Rounds of coding, assignments and the finished mark."""


def _as_now(opened: Project, by: Coder) -> str | None:
    """Label of the version that holds the codebook as it is now; None where there are no codes."""
    version = opened.codebook.as_now(by=by)
    return None if version is None else version.label


@round_command.command("open")
@click.argument("project", type=PROJECT)
@click.argument("name")
@click.option("--purpose", type=click.Choice(get_args(Purpose)), default="reliability")
@click.option("--codebook", "version", help="Label of the frozen codebook version to code with.")
@click.option("--not-blind", is_flag=True, help="Let coders see each other's codings.")
@coder_option
def open_round(
    project: Path,
    name: str,
    purpose: Purpose,
    version: str | None,
    not_blind: bool,
    coder: str | None,
) -> None:
    """Open a round; blind unless you say otherwise.

    A blind round keeps to one version of the codebook, or coders would see each other's new codes:
    that of --codebook, else the codebook as it is now, which is frozen if it is not yet.

    \b
    Example:
        qualcode round open harbour.qualcode "round 1" --codebook v1
    """
    from qualcode.project import open as open_project

    with open_project(project) as opened:
        by = opened.acting(coder)
        with_now = not not_blind and version is None
        round_ = opened.rounds.open(
            name,
            by=by,
            purpose=purpose,
            blind=not not_blind,
            codebook_version=_as_now(opened, by) if with_now else version,
        )
    pinned = f", with codebook {round_.codebook_version}" if round_.codebook_version else ""
    say(f'Round "{name}" is open, {"not blind" if not_blind else "blind"}{pinned}.')


@round_command.command("assign")
@click.argument("project", type=PROJECT)
@click.argument("name")
@click.option("--document", "documents", multiple=True, help="A document; all if left out.")
@click.option("--to", "coders", multiple=True, required=True, help="A coder; a new name is added.")
@coder_option
def assign(
    project: Path, name: str, documents: tuple[str, ...], coders: tuple[str, ...], coder: str | None
) -> None:
    """Give documents to coders in a round.

    \b
    Example:
        qualcode round assign harbour.qualcode "round 1" --document A-FG1 --to ana --to ben
    """
    from qualcode.project import open as open_project

    with open_project(project) as opened:
        by = opened.acting(coder)
        chosen = [opened.documents.named(d) for d in documents] or [
            d for d in opened.documents.list() if not d.removed
        ]
        known = {c.name.casefold(): c for c in opened.coders.list()}
        people = [known.get(c.casefold()) or opened.coders.add(c) for c in coders]
        opened.rounds.assign(
            opened.rounds.named(name).id, [d.id for d in chosen], [c.id for c in people], by=by
        )
    say(f"{counted(len(chosen), 'document')} assigned to {', '.join(c.name for c in people)}.")


@round_command.command("finish")
@click.argument("project", type=PROJECT)
@click.argument("name")
@click.option("--document", required=True, help="The document you have finished.")
@coder_option
def finish(project: Path, name: str, document: str, coder: str | None) -> None:
    """Declare a document finished: where you applied no code, your record says absent.

    \b
    Example:
        qualcode round finish harbour.qualcode "round 1" --document A-FG1 --coder ana
    """
    from qualcode.project import open as open_project

    with open_project(project) as opened:
        by = opened.acting(coder)
        found = opened.documents.named(document)
        opened.rounds.finish(opened.rounds.named(name).id, found.id, by.id, by=by)
    say(f"{found.name} is finished by {by.name}.")


@round_command.command("close")
@click.argument("project", type=PROJECT)
@click.argument("name")
@coder_option
def close(project: Path, name: str, coder: str | None) -> None:
    """Close a round: its codings stay as they are and may be compared.

    \b
    Example:
        qualcode round close harbour.qualcode "round 1"
    """
    from qualcode.project import open as open_project

    with open_project(project) as opened:
        by = opened.acting(coder)
        opened.rounds.close(opened.rounds.named(name).id, by=by)
    say(f'Round "{name}" is closed.')


@round_command.command("unblind")
@click.argument("project", type=PROJECT)
@click.argument("name")
@click.option("--reason", required=True, help="Why; it is logged.")
@coder_option
def unblind(project: Path, name: str, reason: str, coder: str | None) -> None:
    """Let coders see each other's codings in an open round; logged, never taken back.

    \b
    Example:
        qualcode round unblind harbour.qualcode "round 1" --reason "pilot discussion"
    """
    from qualcode.project import open as open_project

    with open_project(project) as opened:
        by = opened.acting(coder)
        opened.rounds.unblind(opened.rounds.named(name).id, by=by, reason=reason)
    say(f'Round "{name}" is no longer blind.')


@round_command.command("sample")
@click.argument("project", type=PROJECT)
@click.argument("name")
@click.option("--to", "coders", multiple=True, required=True, help="A coder; a new name is added.")
@click.option("--strata", default="", metavar="A,B", help="Attributes of documents, and kind.")
@click.option("--share", type=float, default=0.2, help="Of the documents; 0.2 by default.")
@click.option("--seed", type=int, default=1, help="The same seed draws the same documents.")
@click.option("--crossed", is_flag=True, help="Every document to every coder, not in pairs.")
@click.option("--codebook", "version", help="Frozen codebook version of a new round.")
@click.option("--dry-run", is_flag=True, help="Show what would be drawn; write nothing.")
@coder_option
@accepting_options
@report_options
def sample(
    project: Path,
    name: str,
    coders: tuple[str, ...],
    strata: str,
    share: float,
    seed: int,
    crossed: bool,
    version: str | None,
    dry_run: bool,
    coder: str | None,
    as_json: bool,
    out: Path | None,
    force: bool,
    **accepting: Any,
) -> None:
    """Draw documents for double coding, and assign them to pairs of coders.

    Each stratum gives its share, at least one document; pairs rotate, so that all coders meet.
    Documents that were discussed, or that two coders have in another round, are not drawn: they
    would not be coded independently. A round that is not there is opened, blind, with
    the codebook as it is now if none is named. How the sample was drawn is kept with it (round list
    --json).

    \b
    Example:
        qualcode round sample qualcode-demo/demo.qualcode "round 3" --strata site --share 0.5 \\
            --to coder-a --to coder-b --dry-run
    """
    from qualcode.project import open as open_project
    from qualcode.reports.rounds import draw, draw_sample, sample_table

    by_attribute = [one.strip() for one in strata.split(",") if one.strip()]
    with open_project(project) as opened:
        drawn = draw(
            opened, name, coders=coders, strata=by_attribute, share=share, seed=seed,
            crossed=crossed,
        )  # fmt: skip
        table = without_names(
            opened, out, coder, lambda: sample_table(opened, drawn), **accepting
        )  # before anybody is assigned
        if not dry_run:
            by = opened.acting(coder)
            new = all(r.name.casefold() != drawn.round.casefold() for r in opened.rounds.list())
            if version is None and new:
                version = _as_now(opened, by)
            table = draw_sample(opened, drawn, by=by, codebook_version=version)
    emit(
        table, "round.sample", as_json=as_json, out=out, force=force,
        shown_columns=["stratum", "of", "drawn", "document", "coders"],
    )  # fmt: skip
    if dry_run:
        say("Nothing was written.")


@round_command.command("plan")
@click.argument("project", type=PROJECT)
@click.option("--round", "name", help="The pilot; the newest double-coded one if left out.")
@click.option("--target", type=float, default=0.1, help="Half the interval's width; 0.1 if none.")
@click.option("--code", "codes", multiple=True, help="A code; all of the round if left out.")
@click.option("--unit", default="sentence", help="sentence (default), turn, paragraph …")
@click.option("--confidence", type=float, default=0.95, help="Of the interval; 0.95 by default.")
@coder_option
@accepting_options
@report_options
def plan_round(
    project: Path,
    name: str | None,
    target: float,
    codes: tuple[str, ...],
    unit: str,
    confidence: float,
    coder: str | None,
    as_json: bool,
    out: Path | None,
    force: bool,
    **accepting: Any,
) -> None:
    """How many documents to double-code for an interval as narrow as you want it.

    From how much the documents of a pilot differ: a figure for planning, no more. It stands from
    two documents on; under five the pilot says little, and the table says so.

    \b
    Example:
        qualcode round plan qualcode-demo/demo.qualcode --round "round 2" --target 0.1
    """
    from qualcode.project import open as open_project
    from qualcode.reports.rounds import plan

    with open_project(project) as opened:
        table = without_names(
            opened,
            out,
            coder,
            lambda: plan(
                opened, round=name, target=target, codes=codes or None, unit=unit, level=confidence
            ),
            **accepting,
        )
    emit(
        table, "round.plan", as_json=as_json, out=out, force=force,
        shown_columns=["code", "value", "half_width", "documents_needed", "reason", "n_documents",
                       "n_units", "n_any", "flags"],
    )  # fmt: skip


@round_command.command("drift")
@click.argument("project", type=PROJECT)
@click.option("--earlier", help="A round; with --later. Every one with the next if left out.")
@click.option("--later", help="The round to compare it with; the same one: only within it.")
@click.option("--code", "codes", multiple=True, help="A code; all that both have if left out.")
@click.option("--unit", default="sentence", help="sentence (default), turn, paragraph …")
@click.option("--confidence", type=float, default=0.95, help="Of the intervals; 0.95 by default.")
@coder_option
@accepting_options
@report_options
def drift_command(
    project: Path,
    earlier: str | None,
    later: str | None,
    codes: tuple[str, ...],
    unit: str,
    confidence: float,
    coder: str | None,
    as_json: bool,
    out: Path | None,
    force: bool,
    **accepting: Any,
) -> None:
    """Whether agreement changes, and whether a coder moves away from the others.

    From round to round: alpha, and how much more often each coder says present than the others do
    on the same units (coder_shift). Within a round of five documents or more: the same along the
    order in which the coder finished them (coder_trend). Flag drift: the interval excludes 0.
    Without --code the terminal shows all codes together (*) and what drifts; files and --json hold
    every row.

    \b
    Example:
        qualcode round drift qualcode-demo/demo.qualcode --earlier "round 1" --later "round 2"
    """
    from qualcode.project import open as open_project
    from qualcode.reports.drift import drift

    with open_project(project) as opened:
        table = without_names(
            opened,
            out,
            coder,
            lambda: drift(
                opened,
                earlier=earlier,
                later=later,
                codes=codes or None,
                unit=unit,
                level=confidence,
            ),
            **accepting,
        )
    shown = table if codes or as_json or out is not None else _drifting(table)
    emit(
        shown, "round.drift", as_json=as_json, out=out, force=force,
        shown_columns=["earlier", "later", "statistic", "code", "coder", "value_earlier",
                       "value_later", "change", "ci_low", "ci_high", "ci_reason", "flags"],
    )  # fmt: skip


def _drifting(table: Table) -> Table:
    """What a person looks at first: all codes together, and the codes that drift."""
    at, flags = list(table.columns).index("code"), list(table.columns).index("flags")
    rows = [row for row in table.rows if row[at] == "*" or "drift" in str(row[flags]).split()]
    return Table(table.name, table.columns, rows, table.notes, table.provenance)


@round_command.command("list")
@click.argument("project", type=PROJECT)
@coder_option
@accepting_options
@report_options
def list_rounds(
    project: Path,
    coder: str | None,
    as_json: bool,
    out: Path | None,
    force: bool,
    **accepting: Any,
) -> None:
    """List rounds, who has which document, and what is finished.

    With --json the provenance tells how the documents of a round were drawn (round sample).

    \b
    Example:
        qualcode round list qualcode-demo/demo.qualcode
    """
    from qualcode.project import open as open_project
    from qualcode.reports.rounds import rounds

    with open_project(project) as opened:
        table = without_names(opened, out, coder, lambda: rounds(opened), **accepting)
    emit(
        table,
        "rounds",
        as_json=as_json,
        out=out,
        force=force,
        shown_columns=[
            "round",
            "state",
            "blind",
            "codebook_version",
            "document",
            "coder",
            "status",
        ],
    )
