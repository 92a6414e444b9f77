"""The label table of a document: who speaks under which label."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from qualcode.cli.output import (
    PROJECT,
    coder_option,
    emit,
    identified_option,
    report_options,
    say,
    shown_as,
)
from qualcode.errors import UsageProblem
from qualcode.text.plurals import counted

if TYPE_CHECKING:
    from qualcode.importers.labels_csv import LabelRow
    from qualcode.model import Coder, Document
    from qualcode.project import Project


@click.command("labels")
@click.argument("project", type=PROJECT)
@click.argument("document")
@click.option("--apply", "table", type=PROJECT, help="Make the label table what this CSV says.")
@coder_option
@identified_option
@report_options
def labels_command(
    project: Path,
    document: str,
    table: Path | None,
    coder: str | None,
    identified: str | None,
    as_json: bool,
    out: Path | None,
    force: bool,
) -> None:
    """Show who speaks under which label of a document, or say it.

    Aliases, initials and earlier decisions are proposed, never applied: write the table to a CSV,
    edit its columns `speaker`, `role`, `kind` (speaker, joint, not a speaker) and `participant`,
    and apply it. Several speakers of one label are parted by `;`. The words under what is not a
    speaker join the turn before; text and codings stay where they are.

    \b
    Example:
        qualcode labels qualcode-demo/demo.qualcode A-FG1
    """
    from qualcode.project import open as open_project
    from qualcode.reports.labels import label_table

    if table is not None and (as_json or out is not None):
        raise UsageProblem("--apply changes the table; ask for --json or --out without it.")
    with open_project(project, coder=coder) as opened:
        found = opened.documents.named(document)
        if table is not None:
            from qualcode.importers.labels_csv import read_labels

            _apply(opened, found, read_labels(table), by=opened.acting(coder))
            return
        shown_as(opened, identified, coder)
        answer = label_table(opened, found.id)
        if not answer.rows:
            say(f"{opened.layer.words(found.name)} has no speaker labels.")
    told = [name for name in answer.columns if name == "label" or any(answer.column(name))]
    emit(answer, "labels", as_json=as_json, out=out, force=force, shown_columns=told)


def _apply(project: Project, document: Document, rows: list[LabelRow], *, by: Coder) -> None:
    """Decide what the rows say, and tell what came of it and what it may change."""
    from qualcode.reports.labels import meant

    has = {label.label for label in project.speakers.labels(document.id)}
    given = meant(project, document.id, [row.decision for row in rows])
    ours = [decision for decision in given if decision.label in has]
    strange = [row for row, one in zip(rows, given, strict=True) if one.label not in has]
    say_strange(strange, document.name)
    counts = project.speakers.decide(document.id, ours, by=by)
    parts = [f"{counted(counts['labels'], 'label')} changed"]
    parts += [
        counted(counts[what], f"new {what[:-1]}")
        for what in ("speakers", "participants")
        if counts[what]
    ]
    if counts["turns"]:
        change = "fewer" if counts["turns"] > 0 else "more"
        parts.append(f"{counted(abs(counts['turns']), 'turn')} {change}")
    say(f"{document.name}: {', '.join(parts)}")
    if counts["labels"]:
        caution = project.speakers.caution([document.id])
        if caution:
            say(caution)


def say_strange(rows: list[LabelRow], where: str) -> None:
    """List the rows of a label table whose label is not there."""
    if rows:
        strange = ", ".join(f'"{row.decision.label}" (line {row.line})' for row in rows)
        say(f"Not a label of {where}, left out: {strange}")


def say_labels(project: Project, document: Document, decided: set[str]) -> None:
    """Tell of a new document what it begins with, what is proposed and what looks alike.

    Args:
        decided: Labels that were decided on in this very command: nothing to tell about them.
    """
    from qualcode.reports.labels import known_before, look_alike, numbered_anew, said

    words = project.layer.words
    labels = project.speakers.labels(document.id)
    open_ones = [one for one in labels if one.label not in decided]
    known = list(known_before(open_ones))
    if known:
        say(words(f"  As decided before: {'; '.join(known)}."))
    numbered = list(numbered_anew(open_ones))
    if numbered:
        say(words(f"  Numbered by a recorder, in every file anew: {'; '.join(numbered)}."))
    proposed = [
        f'"{one.decision.label}" for {said(one.decision)} ({one.why})'
        for one in project.speakers.proposals(document.id)
        if one.decision.label not in decided
    ]
    if proposed:
        say(words(f"  Proposed, not applied: {'; '.join(proposed)}."))
    for line in look_alike(project, document.id):
        say(words(f"  {line}"))
