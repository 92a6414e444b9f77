"""Theme tables."""

from __future__ import annotations

import shutil
from pathlib import Path

import click

from qualcode.cli.output import PROJECT, emit, identified_option, report_options, say, shown_as
from qualcode.model import Cell, Table
from qualcode.text.safe import shown

EIGHTHS = " ▏▎▍▌▋▊▉█"


@click.group("themes")
def themes_command() -> None:
    """Count themes: codings, documents, participants, words."""


@themes_command.command("frequency")
@click.argument("project", type=PROJECT)
@click.option("--source", default="reading", help="reading, consensus, majority or coder:NAME.")
@click.option("--by", help="An attribute of participants or documents to group by.")
@click.option("--own", is_flag=True, help="Count a code without the codes below it.")
@click.option("--include-moderator", is_flag=True, help="Count what moderators say, too.")
@click.option("--include-unfinished", is_flag=True, help="Read documents nobody has finished.")
@click.option("--coder", help="Whose codings of a round that is still blind may be read.")
@identified_option
@report_options
def frequency_command(
    project: Path,
    source: str,
    by: str | None,
    own: bool,
    include_moderator: bool,
    include_unfinished: bool,
    coder: str | None,
    identified: str | None,
    as_json: bool,
    out: Path | None,
    force: bool,
) -> None:
    """Count each code: codings, documents, participants, turns, words.

    Counted are the finished documents of one source. "reading" takes, per document, the consensus
    where it was adjudicated, else its only coder, else the one who finished most documents;
    coders are never pooled. Turns of moderators do not count. Overlapping codings of a code are
    one; a code includes the codes below it. Participants are those who speak a coded turn, of all
    who speak; a speaker linked to no participant counts as one, with a warning.

    \b
    Example:
        qualcode themes frequency qualcode-demo/demo.qualcode --by stakeholder_role
    """
    from qualcode.project import open as open_project
    from qualcode.reports.themes import frequency

    with open_project(project, coder=coder) as opened:
        shown_as(opened, identified, coder)
        table = frequency(
            opened,
            source=source,
            by=by,
            own=own,
            include_moderator=include_moderator,
            include_unfinished=include_unfinished,
        )
    if as_json or out is not None:
        emit(table, "themes", as_json=as_json, out=out, force=force)
        return
    for line in bars(table, shutil.get_terminal_size().columns):
        click.echo(line)
    for note in table.notes:
        say(note)


def bars(table: Table, width: int) -> list[str]:
    """The frequency table as bars of participants, or of documents where nobody is one.

    Args:
        table: What ``reports.themes.frequency`` gave.
        width: Columns of the terminal.
    """
    rows = [(_label(row), _counts(row), _fraction(row)) for row in table]
    names = min(max((len(label) for label, _, _ in rows), default=0), max(12, width // 3))
    longest = max((len(counts) for _, counts, _ in rows), default=0)
    room = max(4, min(20, width - names - longest - 2))
    return [
        f"{label[:names]:<{names}} {_bar(part, room)} {counts}".rstrip()
        for label, counts, part in rows
    ]


def _label(row: dict[str, Cell]) -> str:
    level = row["level"]
    indent = "  " * (level - 1 if isinstance(level, int) else 0)
    if row["group"] != "*":
        return shown(f"{indent}  · {row['group']}")
    return shown(f"{indent}{str(row['path']).rpartition(' › ')[2]}")


def _of(row: dict[str, Cell]) -> str:
    return "participants" if row["n_participants"] else "documents"


def _counts(row: dict[str, Cell]) -> str:
    of = _of(row)
    flags = f" · {str(row['flags']).replace(' ', ', ')}" if row["flags"] else ""
    return f"{row[of]} of {row[f'n_{of}']} {of} · {row['codings']} codings{flags}"


def _fraction(row: dict[str, Cell]) -> float:
    of = _of(row)
    part, whole = row[of], row[f"n_{of}"]
    return part / whole if isinstance(part, int) and isinstance(whole, int) and whole else 0.0


def _bar(fraction: float, room: int) -> str:
    eighths = round(fraction * room * 8)
    full, rest = divmod(eighths, 8)
    return ("█" * full + (EIGHTHS[rest] if rest else "")).ljust(room)
