"""Transcripts on their way in, and what is in the project."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

from qualcode.cli.foreign import (
    import_project,
    project_options,
    refuse_mixed,
    split_options,
)
from qualcode.cli.leaving import accepting_options, without_names
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
    say_warnings,
    shown_as,
    start_of,
)
from qualcode.errors import AlreadyThere, QualcodeError, UsageProblem
from qualcode.model import Added, Coder, DocumentKind, NamedReading, Table, Turn
from qualcode.text.plurals import counted
from qualcode.text.safe import shown

if TYPE_CHECKING:
    from qualcode.project import Project
    from qualcode.text.roster import LabelDecision

TABLES = ["transcript", "survey", "participants"]
KINDS = [kind for kind in get_args(DocumentKind) if kind]
UNSHOWN = {"characters", "removed", "document_id", "start", "stop"}
"""Columns of a table of documents that only files and JSON have."""


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
@project_options
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def preview_command(files: tuple[Path, ...], as_json: bool, **how: Any) -> None:
    """Show what an import would see; write nothing.

    Of another program's project (.qdpx, .qde, .sqlite3, .qda) it shows what is in it, how its
    offsets count, and what would be kept, changed or left behind.

    \b
    Example:
        qualcode preview transcripts_sample/A-FG1.vtt
    """
    from qualcode.reports.preview import preview, preview_lines
    from qualcode.reports.project_preview import is_project, preview_project, project_lines

    how, theirs = split_options(how, files)

    def look(path: Path) -> dict[str, Any]:
        if is_project(path):
            return preview_project(path, **theirs, large=how["large"])
        found: dict[str, Any] = preview([path], **how)["files"][0]
        return found

    if as_json:
        seen = [look(path) for path in files]
        alone = len(files) == 1 and is_project(files[0])
        emit_json("preview", seen[0] if alone else {"files": seen})
        return
    failed: list[QualcodeError] = []
    for path in files:
        try:
            one = look(path)
        except QualcodeError as error:
            failed.append(error)
            continue
        for line in project_lines(one) if is_project(path) else preview_lines(one):
            click.echo(shown(line))
    if failed:
        raise _together(failed)


@click.command("import")
@click.argument("project", type=PROJECT)
@click.argument("files", nargs=-1, required=True, type=PROJECT)
@reading_options
@click.option("--kind", type=click.Choice(KINDS), default=None, help="What kind of document it is.")
@click.option("--attribute", "attributes", multiple=True, metavar="K=V", help="Such as site=North.")
@click.option("--labels", "label_file", type=PROJECT, help="Who speaks under which label: a CSV.")
@click.option("--replaces", metavar="DOCUMENT", help="The file is a corrected version of this one.")
@click.option("--again", is_flag=True, help="Import a file that is already in the project.")
@project_options
@click.option(
    "--mark-finished", is_flag=True, help="Projects: coders finished each document they coded."
)
@click.option("--losses", type=PROJECT, metavar="FILE.csv", help="Projects: list what is lost.")
@coder_option
def import_command(
    project: Path,
    files: tuple[Path, ...],
    kind: str | None,
    attributes: tuple[str, ...],
    label_file: Path | None,
    replaces: str | None,
    again: bool,
    mark_finished: bool,
    losses: Path | None,
    coder: str | None,
    **how: Any,
) -> None:
    """Read transcripts, or another program's project, into a project.

    Each file is one action, so that `qualcode undo` takes one file back. A file that cannot be
    read is reported, again at the end, and the others still go in (exit code 1). Every answer of a
    survey (CSV or XLSX) becomes a document; its further columns become attributes.

    What was decided on a label before holds in new documents too; --labels decides it for these
    files, with the columns of `qualcode labels`.

    With --replaces A-FG1 the file, a corrected version, takes the place of that document: codings,
    memos, finished marks and redactions go to the same words, and what cannot be placed is listed.

    A REFI-QDA project (.qdpx, .qde) of NVivo, MAXQDA, ATLAS.ti and others, a Taguette .sqlite3 or a
    QualCoder .qda comes in whole: coders, codes, documents, codings, memos, participants. A second
    import adds only what is new.

    \b
    Example:
        qualcode import harbour.qualcode transcripts_sample/A-FG1.vtt --kind focus-group
    """
    from qualcode.cli.labels import say_strange
    from qualcode.importers.labels_csv import LabelRow, read_labels
    from qualcode.project import open as open_project
    from qualcode.reports.other_programs import is_project

    how, theirs = split_options(how, files)
    only_transcripts = {
        "kind": kind, "attribute": attributes, "labels": label_file, "replaces": replaces,
        "again": again,
    }  # fmt: skip
    refuse_mixed(files, only_transcripts, {"mark_finished": mark_finished, "losses": losses})
    if replaces is not None and (again or len(files) > 1):
        raise UsageProblem("--replaces takes one file, and no --again.")
    values = dict(_pair(text) for text in attributes)
    rows: list[LabelRow] = [] if label_file is None else read_labels(label_file)
    seen: set[str] = set()
    failed: list[QualcodeError] = []
    with open_project(project) as opened:
        by = opened.acting(coder)
        if replaces is not None:
            opened.documents.named(replaces)  # an unknown name is a slip of the command, not a file
        for path in progress(files, "Reading"):
            try:
                if is_project(path):
                    import_project(
                        opened, path, {**theirs, "coder": coder, "large": how["large"]}, by=by,
                        mark_finished=mark_finished, losses=losses,
                    )  # fmt: skip
                    continue
                seen |= _import(
                    opened, path, how, by=by, kind=kind, again=again, attributes=values,
                    labels=[row.decision for row in rows], replaces=replaces,
                )  # fmt: skip
            except QualcodeError as error:
                failed.append(error)
                say(str(error))
    say_strange([row for row in rows if row.decision.label not in seen], "these files")
    if failed:
        were = "was" if len(failed) == 1 else "were"
        of = f"{len(failed)} of {counted(len(files), 'file')}"
        raise _together(failed, f"{of} {were} not imported:")


def _import(
    project: Project,
    path: Path,
    how: dict[str, Any],
    *,
    by: Coder,
    kind: str | None,
    again: bool,
    attributes: dict[str, str],
    labels: list[LabelDecision],
    replaces: str | None,
) -> set[str]:
    """Read a file, store its documents and tell what is worth knowing about them.

    Args:
        replaces: Name of the document that the file is a corrected version of.

    Returns:
        The labels it has.
    """
    from qualcode.cli.labels import say_labels
    from qualcode.importers import read_all

    decided = {one.label for one in labels}
    speaking = {one.label for one in labels if one.kind != "not a speaker"}
    named = read_all(path, **how, labels=project.speakers.known() | speaking)
    survey = any("column" in one.reading.metadata for one in named)
    if replaces is not None:
        from qualcode.cli.corrections import replace_document

        document = replace_document(
            project, replaces, named, by=by, source_name=path.name, kind=kind,
            attributes=attributes, labels=labels,
        )  # fmt: skip
        say_labels(project, document, decided)
        return _raw_labels(named)
    try:
        added = project.documents.add_all(
            named,
            by=by,
            kind=kind or ("survey" if survey else ""),
            source_name=path.name,
            again=again,
            attributes=attributes,
            labels=labels,
        )
    except AlreadyThere as error:
        raise AlreadyThere(f"{error} Use --again to import it once more.") from error
    _say_added(path, named, added)
    if not survey:
        for document in added.documents:
            say_labels(project, document, decided)
    return _raw_labels(named)


def _say_added(path: Path, named: Sequence[NamedReading], added: Added) -> None:
    """Tell what came in, and what is uncertain about it."""
    if len(named) == 1:
        reading, document = named[0].reading, added.documents[0]
        say(
            f"{document.name}: {counted(len(reading.turns), 'turn')},"
            f" {counted(len(_labels(reading.turns)), 'speaker')},"
            f" {counted(document.characters, 'character')} ({reading.format})"
        )
    else:
        there = f", {added.there} more were here already" if added.there else ""
        people = {who for one in named for who in one.participants}
        who = f" of {counted(len(people), 'participant')}" if people else ""
        format_ = named[0].reading.format
        say(f"{path.stem}: {counted(len(added.documents), 'document')}{who}{there} ({format_})")
    wanted = {one.name for one in named}
    for document in added.documents:
        if document.name not in wanted:
            name = document.name.rpartition(" (")[0]
            say(f'  There was a document "{name}" already; this one is "{document.name}".')
    say_warnings(named[0].reading.warnings)
    say_differing(added.differing, "stays")


@click.command("documents")
@click.argument("project", type=PROJECT)
@click.option("--unplaced", is_flag=True, help="List what corrected versions could not place.")
@coder_option
@identified_option
@accepting_options
@report_options
def documents_command(
    project: Path,
    unplaced: bool,
    coder: str | None,
    identified: str | None,
    as_json: bool,
    out: Path | None,
    force: bool,
    **accepting: Any,
) -> None:
    """List the documents of a project.

    With --unplaced: the codings, decisions and redactions that found no place when a corrected
    version took the place of their document (qualcode import --replaces). Turns and words are of
    the replaced version, "near turn" is where to look in the new one.

    \b
    Example:
        qualcode documents qualcode-demo/demo.qualcode
    """
    from qualcode.project import open as open_project
    from qualcode.reports.disclosed import disclosed

    with open_project(project, coder=coder) as opened:
        shown_as(opened, identified, coder)

        def made() -> Table:
            if unplaced:
                return disclosed(opened, opened.documents.unplaced(), rendered=["excerpt"])
            return disclosed(opened, opened.documents.table())

        table = without_names(opened, out, coder, made, **accepting)
    unshown = set(UNSHOWN)
    if any(dict(zip(table.columns, row, strict=True)).get("removed") for row in table.rows):
        unshown.discard("removed")
    emit(
        table,
        "unplaced" if unplaced else "documents",
        as_json=as_json,
        out=out,
        force=force,
        shown_columns=[name for name in table.columns if name not in unshown],
        readable={"excerpt": start_of},
    )


def _together(failed: Sequence[QualcodeError], introduction: str = "") -> QualcodeError:
    """Make one error of those of several files.

    It has exit code 2 where each is a slip of the command, such as an unknown --format, else 1.
    """
    error = QualcodeError("\n".join(filter(None, [introduction, *map(str, failed)])))
    error.exit_code = max(1, min(one.exit_code for one in failed))
    return error


def _pair(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not separator or not name.strip():
        raise UsageProblem(f'--attribute takes NAME=VALUE, such as site=North; got "{text}".')
    return name.strip(), value.strip()


def _raw_labels(named: Sequence[NamedReading]) -> set[str]:
    return {turn.label for one in named for turn in one.reading.turns if turn.label is not None}


def _labels(turns: tuple[Turn, ...]) -> set[str]:
    return {turn.speaker for turn in turns if turn.speaker is not None}
