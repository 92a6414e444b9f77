"""A report as one web page, and a project's tables as one workbook."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from qualcode.cli.leaving import (
    leaving_options,
    refuse_to_disclose,
    suppress_option,
    without_small_counts,
)
from qualcode.cli.output import PROJECT, busy, identified_option, say, shown_as
from qualcode.cli.report_options import gathered, report_parts, warn_of_few
from qualcode.errors import UsageProblem
from qualcode.text.safe import replaced_in


@click.command("html")
@click.argument("project", type=PROJECT)
@click.argument("out", type=PROJECT)
@report_parts
@click.pass_context
def html_command(
    called: click.Context, /, project: Path, out: Path, force: bool, **options: Any
) -> None:
    """Write the report as one HTML file, which any browser opens and prints.

    The parts and their options are those of the Word report. The file holds no script and
    loads nothing from anywhere, so that it can be mailed and kept. Names that accepted redactions
    cover are shown as their labels. There is no --marks: a transcript tells every coding with its
    turn, on paper too.

    \b
    Example:
        qualcode export html qualcode-demo/demo.qualcode report.html --quotes 3 --document A-FG1
    """
    from qualcode.exporters.html import write_html

    if out.suffix.casefold() not in (".html", ".htm"):
        raise UsageProblem(f"{out} must end in .html.")
    report = gathered(called, project, out, **options)
    replaced = write_html(report, out, force=force)
    say(f"Report written to {out}")
    warn_of_few(report)
    if replaced:
        say(replaced_in("a web page", replaced))


@click.command("xlsx")
@click.argument("project", type=PROJECT)
@click.argument("out", type=PROJECT)
@click.option("--source", default="reading", help="reading, consensus, majority or coder:NAME.")
@click.option("--include-unfinished", is_flag=True, help="Read documents nobody has finished.")
@suppress_option
@click.option("--coder", help="Whose codings of a round that is still blind may be read.")
@identified_option
@leaving_options
@click.option("--force", is_flag=True, help="Replace an existing file.")
def xlsx_command(
    project: Path,
    out: Path,
    source: str,
    include_unfinished: bool,
    suppress: bool,
    coder: str | None,
    identified: str | None,
    force: bool,
    **leaving: Any,
) -> None:
    """Write a project's tables as one Excel workbook, a sheet each.

    Theme frequencies, excerpts, codings, agreement, documents, participants and the codebook; the
    sheet Notes says of each what was counted and where it comes from. Text stays text: no cell is
    a formula. With --suppress the sheets that list excerpts, codings and participants one by one
    are left out, for in them the counts could be counted.

    \b
    Example:
        qualcode export xlsx qualcode-demo/demo.qualcode tables.xlsx
    """
    from qualcode.exporters.files import new_file
    from qualcode.exporters.workbook import write_workbook
    from qualcode.project import open as open_project
    from qualcode.reports.workbook import workbook

    if out.suffix.casefold() != ".xlsx":
        raise UsageProblem(f"{out} must end in .xlsx.")
    with open_project(project, coder=coder) as opened:
        shown_as(opened, identified, coder)
        refuse_to_disclose(opened, out, coder, attributed=not suppress, **leaving)
        with busy("Gathering the tables"):
            sheets = workbook(
                opened, source=source, include_unfinished=include_unfinished, suppress=suppress
            )
        with new_file(out, force=force) as file:
            write_workbook([(table.name, table) for table in sheets], file)
        held = ", ".join(f"{table.name} ({len(table):,})" for table in sheets)
        say(f"{out}: {held}.")
        if not suppress:
            without_small_counts(opened, sheets[0], False, True)
