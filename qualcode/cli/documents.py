"""Transcripts on their way in, and what is in the project."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

from qualcode.cli.output import (
    PROJECT,
    Command,
    coder_option,
    emit,
    emit_json,
    identified_option,
    progress,
    report_options,
    say,
    say_differing,
    shown_as,
)
from qualcode.errors import QualcodeError, UsageProblem
from qualcode.model import Coder, DocumentKind, Turn
from qualcode.text.safe import shown

if TYPE_CHECKING:
    from qualcode.project import Project

TABLES = ["transcript", "survey", "participants"]
KINDS = [kind for kind in get_args(DocumentKind) if kind]


def reading_options(command: Command) -> Command:
    """Add what tells ``importers.read`` how to read a file; the names are its own."""
    for option in (
        click.option(
            "--one-document", is_flag=True, help="Surveys: all answers of a column in one document."
        ),
        click.option(
            "--id", "id_column", metavar="COLUMN", help="Surveys: the column saying who answers."
        ),
        click.option(
            "--text",
            "text_columns",
            multiple=True,
            metavar="COLUMN",
            help="Tables: a column of words; give it again for further ones.",
        ),
        click.option(
            "--as", "table", type=click.Choice(TABLES), help="Tables: read as this kind of table."
        ),
        click.option("--large", is_flag=True, help="Also read files of more than 50 MB."),
        click.option(
            "--max-gap", type=float, metavar="SECONDS", help="Captions: a longer pause ends a turn."
        ),
        click.option("--pattern", help="Follow this form of speaker labels instead of finding it."),
        click.option("--encoding", help="Read text with this encoding instead of finding it."),
        click.option("--format", help="Read as this format instead of finding it."),
    ):
        command = option(command)
    return command


@click.command("preview")
@click.argument("files", nargs=-1, required=True, type=PROJECT)
@reading_options
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def preview_command(files: tuple[Path, ...], as_json: bool, **how: Any) -> None:
    """Show what an import would see; write nothing.

    \b
    Example:
        qualcode preview transcripts_sample/A-FG1.vtt
    """
    from qualcode.reports.preview import preview, preview_lines

    if as_json:
        answer = preview(list(files), **how)
        emit_json("preview", {key: value for key, value in answer.items() if key != "schema"})
        return
    failed: list[QualcodeError] = []
    for path in files:
        try:
            found = preview([path], **how)["files"]
        except QualcodeError as error:
            failed.append(error)
            continue
        for line in preview_lines(found[0]):
            click.echo(shown(line))
    if failed:
        raise QualcodeError("\n".join(str(error) for error in failed))


@click.command("import")
@click.argument("project", type=PROJECT)
@click.argument("files", nargs=-1, required=True, type=PROJECT)
@reading_options
@click.option("--kind", type=click.Choice(KINDS), default=None, help="What kind of document it is.")
@click.option("--attribute", "attributes", multiple=True, metavar="K=V", help="Such as site=North.")
@click.option("--again", is_flag=True, help="Import a file that is already in the project.")
@coder_option
def import_command(
    project: Path,
    files: tuple[Path, ...],
    kind: str | None,
    attributes: tuple[str, ...],
    again: bool,
    coder: str | None,
    **how: Any,
) -> None:
    """Read transcripts into a project.

    Each file is one action, so that `qualcode undo` takes one file back. A file that cannot be
    read is reported, again at the end, and the others still go in (exit code 1). Every answer of a
    survey (CSV or XLSX) becomes a document; its further columns become attributes.

    \b
    Example:
        qualcode import harbour.qualcode transcripts_sample/A-FG1.vtt --kind focus-group
    """
    from qualcode.project import open as open_project

    values = dict(_pair(text) for text in attributes)
    failed: list[QualcodeError] = []
    with open_project(project) as opened:
        by = opened.acting(coder)
        for path in progress(files, "Reading"):
            try:
                _import(opened, path, how, by=by, kind=kind, again=again, attributes=values)
            except QualcodeError as error:
                failed.append(error)
                say(str(error))
    if failed:
        raise QualcodeError(
            f"{len(failed)} of {len(files)} files were not imported:\n"
            + "\n".join(str(error) for error in failed)
        )


def _import(
    project: Project,
    path: Path,
    how: dict[str, Any],
    *,
    by: Coder,
    kind: str | None,
    again: bool,
    attributes: dict[str, str],
) -> None:
    """Read a file, store its documents and tell what is worth knowing about them."""
    from qualcode.importers import read_all

    named = read_all(path, **how)
    survey = any("column" in one.reading.metadata for one in named)
    added = project.documents.add_all(
        named,
        by=by,
        kind=kind or ("survey" if survey else ""),
        source_name=path.name,
        again=again,
        attributes=attributes,
    )
    if len(named) == 1:
        reading, document = named[0].reading, added.documents[0]
        say(
            f"{document.name}: {len(reading.turns)} turns, {len(_labels(reading.turns))} speakers,"
            f" {document.characters:,} characters ({reading.format})"
        )
    else:
        there = f", {added.there} more were here already" if added.there else ""
        people = {who for one in named for who in one.participants}
        who = f" of {len(people)} participants" if people else ""
        format_ = named[0].reading.format
        say(f"{path.stem}: {len(added.documents)} documents{who}{there} ({format_})")
    wanted = {one.name for one in named}
    for document in added.documents:
        if document.name not in wanted:
            name = document.name.rpartition(" (")[0]
            say(f'  There was a document "{name}" already; this one is "{document.name}".')
    for warning in named[0].reading.warnings:
        at = f" (line {warning.line})" if warning.line else ""
        say(f"  {warning.message}{at}")
    say_differing(added.differing, "stays")


@click.command("documents")
@click.argument("project", type=PROJECT)
@coder_option
@identified_option
@report_options
def documents_command(
    project: Path,
    coder: str | None,
    identified: str | None,
    as_json: bool,
    out: Path | None,
    force: bool,
) -> None:
    """List the documents of a project.

    \b
    Example:
        qualcode documents qualcode-demo/demo.qualcode
    """
    from qualcode.project import open as open_project
    from qualcode.reports.disclosed import disclosed

    with open_project(project, coder=coder) as opened:
        shown_as(opened, identified, coder)
        table = disclosed(opened, opened.documents.table())
    emit(
        table,
        "documents",
        as_json=as_json,
        out=out,
        force=force,
        shown_columns=["document", "kind", "format", "turns", "speakers", "words", "finished_by"],
    )


def _pair(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not separator or not name.strip():
        raise UsageProblem(f'--attribute takes NAME=VALUE, such as site=North; got "{text}".')
    return name.strip(), value.strip()


def _labels(turns: tuple[Turn, ...]) -> set[str]:
    return {turn.speaker for turn in turns if turn.speaker is not None}
