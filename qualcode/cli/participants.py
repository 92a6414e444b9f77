"""Participants and their attributes."""

from __future__ import annotations

from pathlib import Path

import click

from qualcode.cli.output import PROJECT, coder_option, emit, report_options, say


@click.group("participants")
def participants_command() -> None:
    """Participants and their attributes."""


@participants_command.command("import")
@click.argument("project", type=PROJECT)
@click.argument("file", type=PROJECT)
@click.option("--update", is_flag=True, help="Replace attribute values that differ.")
@coder_option
def import_participants(project: Path, file: Path, update: bool, coder: str | None) -> None:
    """Bring in participants from CSV: one row each, further columns become attributes.

    A column `speaker` links the labels used in transcripts (several with `;`), `role` says
    participant, moderator or other, and `note` is left out.

    \b
    Example:
        qualcode participants import harbour.qualcode transcripts_sample/participants.csv
    """
    from qualcode.formats.cells import read_csv
    from qualcode.project import open as open_project

    records = read_csv(file)
    with open_project(project) as opened:
        counts = opened.participants.import_table(records, by=opened.acting(coder), update=update)
    say(", ".join(f"{n} {what}" for what, n in counts.items()))


@participants_command.command("list")
@click.argument("project", type=PROJECT)
@report_options
def list_participants(project: Path, as_json: bool, out: Path | None, force: bool) -> None:
    """List participants, the labels they speak under and their attributes.

    \b
    Example:
        qualcode participants list qualcode-demo/demo.qualcode
    """
    from qualcode.project import open as open_project

    with open_project(project) as opened:
        table = opened.participants.table()
    emit(table, "participants", as_json=as_json, out=out, force=force)
