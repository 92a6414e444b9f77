"""The methods paragraph and the COREQ checklist."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import click

from qualcode.cli.leaving import leaving_options, refuse_to_disclose
from qualcode.cli.output import (
    PROJECT,
    coder_option,
    emit,
    emit_json,
    identified_option,
    report_options,
    say_notes,
    shown_as,
    table_json,
)
from qualcode.errors import UsageProblem
from qualcode.text.safe import shown


@click.command("methods")
@click.argument("project", type=PROJECT)
@click.option("--round", "rounds", multiple=True, help="A round to report; all visible if none.")
@click.option("--coreq", is_flag=True, help="The COREQ checklist instead of the paragraph.")
@coder_option
@identified_option
@leaving_options
@report_options
def methods_command(
    project: Path,
    rounds: tuple[str, ...],
    coreq: bool,
    coder: str | None,
    identified: str | None,
    as_json: bool,
    out: Path | None,
    force: bool,
    **leaving: Any,
) -> None:
    """Write the methods paragraph from what the project holds.

    What was analysed, how it was coded, how far coders agreed, how themes were counted, and with
    what. Every figure is computed now; [state: …] stands where only the authors know. With --coreq
    the 32 items of the checklist: those the project can speak to are filled in, marked "check".

    \b
    Example:
        qualcode methods qualcode-demo/demo.qualcode
    """
    from qualcode.project import open as open_project
    from qualcode.reports.coreq import coreq as checklist
    from qualcode.reports.methods import methods

    if as_json and out is not None:
        raise UsageProblem("Choose --json or --out; --out report.json writes JSON to a file.")
    with open_project(project) as opened:
        shown_as(opened, identified, coder)
        refuse_to_disclose(opened, out, coder, attributed=False, **leaving)
        if coreq:
            table = checklist(opened)
            emit(table, "methods", as_json=as_json, out=out, force=force)
            return
        found = methods(opened, rounds=rounds or None)
    if as_json:
        emit_json("methods", {"paragraphs": found.paragraphs, **table_json(found.facts)})
    elif out is not None:
        emit(found.facts, "methods", as_json=False, out=out, force=force)
    else:
        width = min(shutil.get_terminal_size().columns, 100)
        for paragraph in found.paragraphs:
            click.echo(click.wrap_text(shown(paragraph), width=width))
            click.echo("")
        say_notes(found.facts.notes)
