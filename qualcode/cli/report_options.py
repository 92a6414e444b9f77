"""What both kinds of report, Word and HTML, ask about their theme tables."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qualcode.cli.output import PROJECT, say

if TYPE_CHECKING:
    from qualcode.exporters.report import Report


def table_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options of theme tables; the command gets them as ``tables``, ``word.Asked``."""

    @wraps(command)
    def wrapped(
        *given: Any,
        by: tuple[str, ...],
        site: str | None,
        stakeholder: str | None,
        outcomes: Path | None,
        fit: Path | None,
        suppress: bool,
        **others: Any,
    ) -> None:
        from qualcode.reports.word_matrices import Asked

        tables = Asked(by, site, stakeholder, outcomes, fit, suppress)
        command(*given, tables=tables, **others)

    made: Callable[..., None] = wrapped
    for option in (
        click.option(
            "--suppress", is_flag=True, help="Print counts of 1 or 2 participants as <3 in tables."
        ),
        click.option("--fit", type=PROJECT, help="The joint display as CSV, filled in by people."),
        click.option("--outcomes", type=PROJECT, help="CSV of outcomes, for a joint display."),
        click.option("--stakeholder", metavar="ATTR", help="Who, in the evidence matrix."),
        click.option("--site", metavar="ATTR", help="Where, in the evidence matrix."),
        click.option(
            "--by", metavar="ATTR", multiple=True, help="A table of participants by attribute."
        ),
    ):
        made = option(made)
    return made


def warn_of_few(report: Report) -> None:
    """Say which tables of a report count so few participants that they could be told."""
    from qualcode.reports.word import SMALL

    few = dict(report.provenance).get(SMALL)
    if few:
        say(f"{few} --suppress hides them.")
