"""Theme tables."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qualcode.cli.leaving import (
    accepting_options,
    suppress_option,
    without_names,
    without_small_counts,
)
from qualcode.cli.output import emit, say_notes
from qualcode.cli.theme_options import Counted, theme_options
from qualcode.cli.themes_evidence import (
    evidence_command,
    framework_command,
    joint_command,
    saturation_command,
)
from qualcode.cli.themes_tables import cooccurrence_command, crosstab_command, matrix_command
from qualcode.model import Table
from qualcode.text.bars import bar
from qualcode.text.safe import shown

if TYPE_CHECKING:
    from qualcode.reports.theme_bars import Bar


@click.group("themes")
def themes_command() -> None:
    """Count themes: codings, documents, participants, words."""


for _command in (
    crosstab_command, matrix_command, cooccurrence_command, evidence_command, framework_command,
    joint_command, saturation_command,
):  # fmt: skip
    themes_command.add_command(_command)


@themes_command.command("frequency")
@theme_options
@click.option("--by", help="An attribute of participants or documents to group by.")
@suppress_option
@accepting_options
def frequency_command(
    counted: Counted,
    by: str | None,
    suppress: bool,
    as_json: bool,
    out: Path | None,
    force: bool,
    **accepting: Any,
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
    from qualcode.reports.themes import frequency

    with counted.opened() as project:
        table = without_names(
            project,
            out,
            counted.coder,
            lambda: frequency(project, by=by, **counted.what_counts()),
            **accepting,
        )
        table = without_small_counts(project, table, suppress, as_json or out is not None)
    if as_json or out is not None:
        emit(table, "themes", as_json=as_json, out=out, force=force)
        return
    for line in bars(table, shutil.get_terminal_size().columns):
        click.echo(line)
    say_notes(table.notes)


def bars(table: Table, width: int) -> list[str]:
    """The frequency table as bars of participants, or of documents where nobody is one.

    Args:
        table: What ``reports.themes.frequency`` gave.
        width: Columns of the terminal.
    """
    from qualcode.reports.theme_bars import theme_bars

    rows = [(_label(one), _counts(one), one.fraction or 0.0) for one in theme_bars(table)]
    names = min(max((len(label) for label, _, _ in rows), default=0), max(12, width // 3))
    longest = max((len(counts) for _, counts, _ in rows), default=0)
    room = max(4, min(20, width - names - longest - 2))
    return [
        f"{label[:names]:<{names}} {bar(part, room)} {counts}".rstrip()
        for label, counts, part in rows
    ]


def _label(one: Bar) -> str:
    indent = "  " * (one.level - 1)
    return shown(f"{indent}  · {one.name}" if one.is_group else f"{indent}{one.name}")


def _counts(one: Bar) -> str:
    flags = f" · {', '.join(one.flags)}" if one.flags else ""
    return f"{one.figures()}{flags}"
