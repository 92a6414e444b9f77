"""Participants and their attributes."""

from __future__ import annotations

from pathlib import Path

import click

from qualcode.cli.output import (
    PROJECT,
    coder_option,
    emit,
    identified_option,
    report_options,
    say,
    say_differing,
    shown_as,
)


@click.group("participants")
def participants_command() -> None:
    """Participants and their attributes."""


@participants_command.command("import")
@click.argument("project", type=PROJECT)
@click.argument("file", type=PROJECT)
@click.option("--update", is_flag=True, help="Replace attribute values that differ.")
@coder_option
def import_participants(project: Path, file: Path, update: bool, coder: str | None) -> None:
    """Bring in participants from CSV or XLSX: one row each, further columns become attributes.

    Who it is stands in the column `case`, `id`, `participant` or `respondent`, else in the first.
    A column `speaker` links the labels used in transcripts (several with `;`), `role` says
    participant, moderator or other, and `note` is left out. Values that are there already stay,
    unless --update replaces them; those that differ are listed.

    \b
    Example:
        qualcode participants import harbour.qualcode transcripts_sample/participants.csv
    """
    from qualcode.importers.tables import read_records
    from qualcode.project import open as open_project

    records = read_records(file)
    with open_project(project) as opened:
        people = opened.participants
        by = opened.acting(coder)
        differing = people.differing(records)
        counts = people.import_table(records, by=by, update=update, source=file)
        unlinked, silent = people.unlinked(), people.silent()
    say(", ".join(f"{n} {what}" for what, n in counts.items()))
    say_differing(differing, "replaced" if update else "stays; --update replaces it")
    if unlinked:
        say(f"Speakers no participant is linked to: {', '.join(unlinked)}")
    if silent:
        say(f"Participants who speak under no label: {', '.join(silent)}")


@participants_command.command("list")
@click.argument("project", type=PROJECT)
@identified_option
@report_options
def list_participants(
    project: Path, identified: str | None, as_json: bool, out: Path | None, force: bool
) -> None:
    """List participants, the labels they speak under and their attributes.

    \b
    Example:
        qualcode participants list qualcode-demo/demo.qualcode
    """
    from qualcode.project import open as open_project
    from qualcode.reports.disclosed import disclosed

    with open_project(project) as opened:
        shown_as(opened, identified)
        table = disclosed(opened, opened.participants.table())
    emit(table, "participants", as_json=as_json, out=out, force=force)
