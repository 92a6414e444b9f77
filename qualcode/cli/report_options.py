"""What both kinds of report, Word and HTML, ask, and how it is gathered."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from qualcode.cli.leaving import leaving_options, refuse_to_disclose
from qualcode.cli.output import PROJECT, busy, identified_option, say, shown_as

if TYPE_CHECKING:
    from qualcode.exporters.report import Report

WHAT = "front,excerpts,tables,transcript,appendix"
_SILENT = frozenset({"force", "identified", "accept", "reason"})
"""Options that change nothing of the report, or are told elsewhere on its last page."""


def report_parts(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that every report takes; the command gives them to ``gathered``."""
    for option in (
        click.option("--force", is_flag=True, help="Replace an existing file."),
        leaving_options,
        identified_option,
        click.option("--coder", help="Whose codings of a round that is still blind may be read."),
        click.option(
            "--include-unfinished", is_flag=True, help="Read documents nobody has finished."
        ),
        click.option(
            "--attribution", help='Line under a quote, such as "{participant}, {document}".'
        ),
        click.option(
            "--context", type=click.IntRange(0), default=0, help="Turns printed before a quote."
        ),
        click.option("--quotes", type=click.IntRange(1), help="At most so many quotes per code."),
        table_options,
        click.option(
            "--source", default="reading", help="reading, consensus, majority or coder:NAME."
        ),
        click.option(
            "--document", "documents", multiple=True, help="A transcript to print annotated."
        ),
        click.option("--what", default=WHAT, show_default=True, help="The parts; also figures."),
    ):
        command = option(command)
    return command


def gathered(
    called: click.Context,
    project: Path,
    out: Path,
    *,
    what: str,
    coder: str | None,
    identified: str | None,
    attribution: str | None,
    accept: tuple[str, ...],
    reason: str | None,
    fresh_ids: int | None,
    ids_key: Path | None,
    **wanted: Any,
) -> Report:
    """Gather what a report holds, once it is sure that it names nobody.

    Args:
        called: The command, which is printed on the report's last page.
        wanted: The other options of ``report_parts``, and those of ``word_report``.
    """
    from qualcode.project import open as open_project
    from qualcode.reports.word import word_report

    with open_project(project, coder=coder) as opened:
        shown_as(opened, identified, coder)
        refuse_to_disclose(
            opened, out, coder, attribution=attribution, accept=accept, reason=reason,
            fresh_ids=fresh_ids, ids_key=ids_key,
        )  # fmt: skip
        with busy("Gathering the report"):
            return word_report(
                opened,
                what=[part.strip() for part in what.split(",") if part.strip()],
                attribution=attribution,
                command=_typed(called),
                **wanted,
            )


def _typed(called: click.Context) -> str:
    """The command with the options that were given; files by their names, without folders.

    Project and OUT stand for themselves: where they lie changes nothing of the report.
    """
    words = ["qualcode", "export", str(called.command.name), "PROJECT", "OUT"]
    for option in called.command.params:
        name = option.name or ""
        given = called.get_parameter_source(name) is ParameterSource.COMMANDLINE
        if not given or name in _SILENT or not isinstance(option, click.Option):
            continue
        value = called.params[name]
        for one in value if isinstance(value, tuple) else (value,):
            said = one.name if isinstance(one, Path) else str(one)
            words += [option.opts[0]] if option.is_flag else [option.opts[0], shlex.quote(said)]
    return " ".join(words)


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
