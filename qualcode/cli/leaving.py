"""What every export that carries text does first: the disclosure check, and what was accepted."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qualcode.cli.output import PROJECT, Command, busy, say
from qualcode.errors import CheckFailed, UnknownName, UsageProblem
from qualcode.text.plurals import counted

if TYPE_CHECKING:
    from qualcode.model import Table
    from qualcode.project import Project

SHOWN = 12
"""Places of what stops an export that are listed."""


def leaving_options(command: Command) -> Command:
    """Add the options that ``refuse_to_disclose`` takes, for a command's ``**leaving``."""
    for option in (
        click.option(
            "--ids-key", type=PROJECT, help="Write there which participant has which fresh id."
        ),
        click.option(
            "--fresh-ids",
            type=int,
            metavar="SEED",
            help="Give participants other ids than elsewhere; the same seed, the same ids.",
        ),
    ):
        command = option(command)
    return accepting_options(command)


def accepting_options(command: Command) -> Command:
    """Add ``--accept`` and ``--reason``, for a command's ``**accepting``.

    ``refuse_to_disclose`` and ``without_names`` take them.
    """
    for option in (
        click.option("--reason", metavar="TEXT", help="Why --accept; logged, and printed with it."),
        click.option(
            "--accept",
            metavar="RULE",
            multiple=True,
            help="Let a rule of the disclosure check be broken: name, small-cell.",
        ),
    ):
        command = option(command)
    return command


def suppress_option(command: Command) -> Command:
    """Add ``--suppress``, for tables that count participants; see ``without_small_counts``."""
    return click.option(
        "--suppress",
        is_flag=True,
        help="Print counts of 1 or 2 participants as <3, and none that would give them away.",
    )(command)


def without_small_counts(project: Project, table: Table, suppress: bool, leaves: bool) -> Table:
    """A table of participants as it may be passed on; without ``--suppress`` only a warning.

    Args:
        leaves: Whether it becomes a file or JSON; else nothing is said.
    """
    from qualcode.reports.printed import at_least
    from qualcode.reports.suppressed import few_in_crosstab, small_counts, suppressed_in

    if suppress:
        with busy("Taking small counts out"):
            return suppressed_in(project, table)[0]
    fewest, crossed = at_least(project), table.name == "crosstab"
    few = few_in_crosstab(table, fewest) if crossed else small_counts(table, fewest)
    if leaves and few:
        say(f"{counted(few, 'row')} with fewer than {fewest} participants: --suppress hides them.")
    return table


def refuse_to_disclose(
    project: Project,
    out: Path | None,
    coder: str | None = None,
    *,
    attribution: str | None = None,
    attributed: bool = True,
    accept: tuple[str, ...] = (),
    reason: str | None = None,
    fresh_ids: int | None = None,
    ids_key: Path | None = None,
) -> None:
    """Refuse an export that would name somebody; called once what is shown is settled.

    Args:
        out: The file to be written; nothing leaves where it is None.
        coder: Who acts, for the log.
        fresh_ids: Seed of other ids for the participants; who has which is not written anywhere
            but to ``ids_key``.
        attribution: The pattern asked for, where the export prints attributions.
        attributed: Whether it prints attributes of participants at all.

    Raises:
        CheckFailed: A rule stops it; what stands where was said, names masked. Nothing was written.
        UnknownName: A rule to accept does not exist, or stops nothing.
        UsageProblem: ``accept`` and ``reason`` go together.
    """
    from qualcode.reports.disclosure import FAIL, disclosure
    from qualcode.reports.printed import SMALL_CELL

    _refuse_unaccepted(out, accept, reason)
    if ids_key is not None and fresh_ids is None:
        raise UsageProblem("--ids-key goes with --fresh-ids SEED.")
    if fresh_ids is not None and out is not None and out.suffix.casefold() == ".qdpx":
        raise UsageProblem("--fresh-ids cannot hide who is who in a project: its ids stay.")
    ids = {} if fresh_ids is None else project.renumber(fresh_ids)
    if out is None:
        if ids_key is not None:
            _write_key(ids_key, ids)
        return
    _accept(project, coder, accept, reason)
    found = disclosure(project, attribution=attribution, file=out.name, tables=False)
    rows = [row for row in found if row["severity"] == FAIL]
    if rows:
        raise CheckFailed(_refusal(project, rows))
    if ids_key is not None:
        _write_key(ids_key, ids)
    small = [row for row in found if row["rule"] == SMALL_CELL]
    if attributed and small and SMALL_CELL not in project.accepted:
        say(
            f"{counted(len(small), 'combination')} of attributes held by few participants: "
            f"printed in part (qualcode disclosure {project.path})."
        )


def without_names(
    project: Project,
    out: Path | None,
    coder: str | None,
    make: Callable[[], Table],
    *,
    accept: tuple[str, ...] = (),
    reason: str | None = None,
) -> Table:
    """A table of figures and names of things, refused where it names somebody and leaves.

    It is looked at itself, not the whole project: what was said is not in it.

    Args:
        out: The file to be written; nothing leaves where it is None.
        coder: Who acts, for the log.
        make: Makes the table, once what is shown is settled.

    Raises:
        CheckFailed: As for ``refuse_to_disclose``.
    """
    from qualcode.reports.disclosure import names_in

    _refuse_unaccepted(out, accept, reason)
    _accept(project, coder, accept, reason)
    table = make()
    rows = [] if out is None else names_in(project, table, out.name)
    if rows:
        raise CheckFailed(_refusal(project, rows))
    return table


def _refuse_unaccepted(out: Path | None, accept: tuple[str, ...], reason: str | None) -> None:
    from qualcode.reports.disclosure import STOPPING

    for rule in accept:
        if rule not in STOPPING:
            raise UnknownName("rule that stops an export", rule, STOPPING)
    if bool(accept) != (reason is not None):
        raise UsageProblem("--accept RULE and --reason TEXT go together.")
    if out is None and accept:
        raise UsageProblem("--accept is for what is written to a file.")


def _accept(
    project: Project, coder: str | None, rules: tuple[str, ...], reason: str | None
) -> None:
    for rule in dict.fromkeys(rules):
        project.accept(rule, str(reason), by=project.acting(coder))


def _write_key(path: Path, ids: dict[str, str]) -> None:
    from qualcode.exporters.files import new_file

    with new_file(path) as file:
        held = {"schema": "qualcode.ids/1", "note": "Who is who. Pass this to nobody.", "ids": ids}
        file.write((json.dumps(held, ensure_ascii=False, indent=1) + "\n").encode())
    say(f"{path}: which participant has which id. Keep it apart, and give it to nobody.")


def _refusal(project: Project, rows: list[dict[str, Any]]) -> str:
    """Say what stops an export, a line a place, and give the sentence that ends it."""
    for row in rows[:SHOWN]:
        say(f"  {row['where']}: {row['text']} ({row['rule']}: {row['how']})")
    if len(rows) > SHOWN:
        say(f"  … and {counted(len(rows) - SHOWN, 'more place')}")
    rules = list(dict.fromkeys(str(row["rule"]) for row in rows))
    return (
        f"Nothing was written: {counted(len(rows), 'place')} would tell who somebody is. See all: "
        f"qualcode disclosure {project.path}. Redact them (qualcode deid suggest), reword them, or "
        f"accept them: {' '.join(f'--accept {rule}' for rule in rules)} --reason TEXT."
    )
