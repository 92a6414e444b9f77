"""Exports for other programs; Word so far."""

from __future__ import annotations

from pathlib import Path

import click

from qualcode.cli.output import PROJECT, identified_option, say, shown_as
from qualcode.errors import UsageProblem

WHAT = "front,excerpts,frequency,agreement,transcript,appendix"


@click.group("export")
def export_command() -> None:
    """Write a Word report."""


@export_command.command("word")
@click.argument("project", type=PROJECT)
@click.argument("out", type=PROJECT)
@click.option("--what", default=WHAT, show_default=True, help="The parts to write.")
@click.option("--document", "documents", multiple=True, help="A transcript to print annotated.")
@click.option("--source", default="reading", help="reading, consensus, majority or coder:NAME.")
@click.option("--quotes", type=click.IntRange(1), help="At most so many quotes per code.")
@click.option("--attribution", help='Line under a quote, such as "{participant}, {document}".')
@click.option("--include-unfinished", is_flag=True, help="Read documents nobody has finished.")
@click.option("--coder", help="Whose codings of a round that is still blind may be read.")
@identified_option
@click.option("--force", is_flag=True, help="Replace an existing file.")
def word_command(
    project: Path,
    out: Path,
    what: str,
    documents: tuple[str, ...],
    source: str,
    quotes: int | None,
    attribution: str | None,
    include_unfinished: bool,
    coder: str | None,
    identified: str | None,
    force: bool,
) -> None:
    """Write a report as a Word file.

    Excerpts by code, theme frequencies, agreement, a transcript with one comment per coding (the
    first coded document, or those named with --document), the codebook, and where all of it
    comes from. Names that accepted redactions cover are shown as their labels.

    \b
    Example:
        qualcode export word qualcode-demo/demo.qualcode report.docx --quotes 3 --document A-FG1
    """
    from qualcode.exporters.word import write_word
    from qualcode.project import open as open_project
    from qualcode.reports.word import word_report

    if out.suffix.casefold() != ".docx":
        raise UsageProblem(f"{out} must end in .docx.")
    with open_project(project, coder=coder) as opened:
        shown_as(opened, identified, coder)
        report = word_report(
            opened,
            what=[part.strip() for part in what.split(",") if part.strip()],
            documents=documents,
            source=source,
            include_unfinished=include_unfinished,
            quotes=quotes,
            attribution=attribution,
        )
    replaced = write_word(report, out, force=force)
    say(f"Report written to {out}")
    if replaced:
        say(f"{replaced} characters cannot stand in a Word file and are shown as U+FFFD.")
