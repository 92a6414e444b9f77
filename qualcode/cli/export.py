"""Exports for readers and for other programs: Word, HTML, Excel, REFI-QDA."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from qualcode.cli.export_files import html_command, xlsx_command
from qualcode.cli.export_word import word_command
from qualcode.cli.leaving import leaving_options, refuse_to_disclose
from qualcode.cli.output import (
    PROJECT,
    coder_option,
    identified_option,
    say,
    shown_as,
)
from qualcode.errors import UnknownName, UsageProblem
from qualcode.text.plurals import counted
from qualcode.text.safe import replaced_in


@click.group("export")
def export_command() -> None:
    """Write a report, a workbook, or a project for other programs."""


export_command.add_command(word_command)
export_command.add_command(html_command)
export_command.add_command(xlsx_command)


@export_command.command("qdpx")
@click.argument("project", type=PROJECT)
@click.argument("out", type=PROJECT)
@click.option("--round", "round_", help="Whose codings; needed where several rounds hold some.")
@click.option("--consensus", is_flag=True, help="What the coders of each document say together.")
@click.option("--target", default="spec", help="spec (default), atlas, maxqda or nvivo.")
@click.option("--coder", help="Whose codings of a round that is still blind may be read.")
@identified_option
@leaving_options
@click.option("--force", is_flag=True, help="Replace existing files.")
def qdpx_command(
    project: Path,
    out: Path,
    round_: str | None,
    consensus: bool,
    target: str,
    coder: str | None,
    identified: str | None,
    force: bool,
    **leaving: Any,
) -> None:
    """Write a REFI-QDA project, which NVivo, MAXQDA, ATLAS.ti, QualCoder and others open.

    Names that accepted redactions cover are shown as labels, offsets with them: such texts come
    back as documents of their own, those of --identified as the ones they are. What the standard
    has no place for is listed in OUT.losses.csv. What an import kept of pictures, recordings, links
    and graphs goes back, without their files. The targets tell how offsets count and lines end;
    all but spec are second-hand until somebody has opened such a file in that program.

    \b
    Example:
        qualcode export qdpx qualcode-demo/demo.qualcode demo.qdpx --round "round 2"
    """
    from qualcode.exporters.files import refuse_to_replace
    from qualcode.exporters.refi_qda import TARGETS, count_of, write_qdpx
    from qualcode.exporters.spreadsheet import write_table
    from qualcode.project import open as open_project
    from qualcode.reports.refi import contents_of, losses

    if round_ is not None and consensus:
        raise UsageProblem("Choose --round or --consensus.")
    if target not in TARGETS:
        raise UnknownName("target", target, TARGETS)
    if out.suffix.casefold() != ".qdpx":
        raise UsageProblem(f"{out} must end in .qdpx.")
    list_of = out.with_name(f"{out.name}.losses.csv")
    refuse_to_replace(list_of, force=force)
    with open_project(project, coder=coder) as opened:
        shown_as(opened, identified, coder)
        refuse_to_disclose(opened, out, coder, **leaving)
        contents = contents_of(opened, round=round_, consensus=consensus)
    written = write_qdpx(contents, out, target=target, force=force)  # type: ignore[arg-type]
    left = losses(contents, written.losses)
    write_table(left, list_of, schema="losses", force=True)
    held = ", ".join(counted(n, what) for what, n in count_of(contents).items())
    say(f"{out}: {held}. What could not come along: {list_of} ({counted(len(left), 'line')}).")
    if written.replaced:
        say(replaced_in("XML", written.replaced))
    stay = sum(one.fate == "dropped" for one in written.losses)
    if stay:
        say(f"{stay} of what was kept from an import has no place in the file; the list names it.")


@export_command.command("qdc")
@click.argument("project", type=PROJECT)
@click.argument("out", type=PROJECT)
@click.option("--version", help="A frozen version instead of the codebook as it is now.")
@coder_option
@identified_option
@leaving_options
@click.option("--force", is_flag=True, help="Replace an existing file.")
def qdc_command(
    project: Path,
    out: Path,
    version: str | None,
    coder: str | None,
    identified: str | None,
    force: bool,
    **leaving: Any,
) -> None:
    """Write the codebook as REFI-QDA codebook, which other programs import.

    \b
    Example:
        qualcode export qdc qualcode-demo/demo.qualcode demo.qdc
    """
    from qualcode.exporters.refi_qda import write_qdc
    from qualcode.project import open as open_project
    from qualcode.reports.refi import ORIGIN, codes_of

    if out.suffix.casefold() != ".qdc":
        raise UsageProblem(f"{out} must end in .qdc.")
    with open_project(project) as opened:
        shown_as(opened, identified, coder)
        refuse_to_disclose(opened, out, coder, attributed=False, **leaving)
        codes = codes_of(opened, version=version)
    written = write_qdc(codes, out, origin=ORIGIN, force=force)
    say(f"{out}: {counted(len(codes), 'code')}.")
    if written.replaced:
        say(replaced_in("XML", written.replaced))
