"""Who did what, when; take it back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from qualcode.cli.leaving import leaving_options, refuse_to_disclose
from qualcode.cli.output import PROJECT, coder_option, emit, minute, report_options, say
from qualcode.model import Table


@click.command("history")
@click.argument("project", type=PROJECT)
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="How many.")
@click.option("--all", "everything", is_flag=True, help="The whole history.")
@coder_option
@leaving_options
@report_options
def history_command(
    project: Path,
    limit: int,
    everything: bool,
    coder: str | None,
    as_json: bool,
    out: Path | None,
    force: bool,
    **leaving: Any,
) -> None:
    """Who did what, and when.

    The newest stands first; what was taken back is marked as undone.

    \b
    Example:
        qualcode history qualcode-demo/demo.qualcode
    """
    from qualcode.project import open as open_project
    from qualcode.reports.disclosed import disclosed

    with open_project(project) as opened:
        refuse_to_disclose(opened, out, coder, attributed=False, **leaving)
        log = opened.history.log(None if everything else limit)
        columns = ["at", "coder", "verb", "changes", "summary", "undone", "act"]
        rows = [(a.at, a.coder, a.verb, a.changes, a.summary, a.undone, a.act) for a in log]
        table = disclosed(opened, Table("history", columns, rows))
    emit(
        table,
        "history",
        as_json=as_json,
        out=out,
        force=force,
        shown_columns=["at", "coder", "verb", "summary", "undone"],
        readable={"at": minute},
    )


@click.command("undo")
@click.argument("project", type=PROJECT)
@coder_option
def undo_command(project: Path, coder: str | None) -> None:
    """Take back your last action.

    Undo is refused, with the reason, where someone has since changed the same thing.

    \b
    Example:
        qualcode undo harbour.qualcode --coder ana
    """
    from qualcode.project import open as open_project

    with open_project(project) as opened:
        undone = opened.history.undo(opened.acting(coder))
    say(f"Undone: {undone.verb} {undone.summary}".rstrip())


@click.command("redo")
@click.argument("project", type=PROJECT)
@coder_option
def redo_command(project: Path, coder: str | None) -> None:
    """Repeat what you last took back.

    \b
    Example:
        qualcode redo harbour.qualcode --coder ana
    """
    from qualcode.project import open as open_project

    with open_project(project) as opened:
        redone = opened.history.redo(opened.acting(coder))
    say(f"Redone: {redone.verb} {redone.summary}".rstrip())
