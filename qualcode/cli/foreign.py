"""Projects of other programs on their way in, for `qualcode import` and `qualcode preview`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qualcode.cli.output import Command, say
from qualcode.errors import UsageProblem
from qualcode.text.plurals import counted

if TYPE_CHECKING:
    from qualcode.model import Coder
    from qualcode.project import Project

_READING = ("offsets", "split_codes", "their_project")


def project_options(command: Command) -> Command:
    """Add what tells how to read a project of another program."""
    for option in (
        click.option(
            "--project",
            "their_project",
            metavar="NAME",
            help="Projects: which one, where a file of Taguette holds several.",
        ),
        click.option(
            "--split-codes",
            metavar="SEP",
            help="Projects: what parts a code's name from its parent's, such as “::”.",
        ),
        click.option(
            "--offsets",
            metavar="RULE",
            help="Projects: what offsets count, instead of finding it: utf16, codepoint-crlf1 …",
        ),
    ):
        command = option(command)
    return command


def split_options(
    how: dict[str, Any], files: Sequence[Path]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Part the options of reading into those for transcripts and those for projects.

    Raises:
        UsageProblem: An option is for the other kind of file.
    """
    theirs = {
        "project" if name == "their_project" else name: how[name]
        for name in _READING
        if how[name] is not None
    }
    ours = {name: value for name, value in how.items() if name not in _READING}
    refuse_mixed(files, {k: v for k, v in ours.items() if k != "large"}, theirs)
    return ours, theirs


def refuse_mixed(
    files: Sequence[Path], for_transcripts: dict[str, Any], for_projects: dict[str, Any]
) -> None:
    """Refuse options that none of the files has a use for, and one list for several projects."""
    from qualcode.reports.other_programs import is_project

    projects = [path for path in files if is_project(path)]
    used = _given(for_projects)
    if used and not projects:
        raise UsageProblem(f"{used[0]} is for projects of other programs (.qdpx, .sqlite3, .qda).")
    used = _given(for_transcripts)
    if used and len(projects) == len(files):
        raise UsageProblem(f"{used[0]} is for transcripts, not for a project of another program.")
    if for_projects.get("losses") is not None and len(projects) > 1:
        raise UsageProblem("--losses takes one project at a time.")


def _given(options: dict[str, Any]) -> list[str]:
    names = {"id_column": "id", "text_columns": "text", "table": "as"}
    return ["--" + names.get(k, k).replace("_", "-") for k, value in options.items() if value]


def import_project(
    project: Project,
    path: Path,
    how: dict[str, Any],
    *,
    by: Coder,
    mark_finished: bool,
    losses: Path | None,
) -> None:
    """Read a project, store it, and tell what came in and what did not."""
    from qualcode.exporters.spreadsheet import write_table
    from qualcode.reports.other_programs import name_of, read_project
    from qualcode.reports.project_preview import brought_lines, losses_table

    contents = read_project(path, **how, labels=project.speakers.known())
    if losses is not None:
        write_table(losses_table(contents.losses), losses, schema="losses")
    brought = project.import_contents(
        contents, by=by, name=name_of(path), mark_finished=mark_finished
    )
    for line in brought_lines(path, contents, brought, mark_finished):
        say(line)
    if losses is not None:
        say(f"  {counted(len(contents.losses), 'loss', 'losses')} written to {losses}")
