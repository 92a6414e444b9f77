"""Codings: the screen they are made on, and the tidy table they travel in."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from qualcode.cli.leaving import leaving_options, refuse_to_disclose
from qualcode.cli.output import (
    PROJECT,
    busy,
    coder_option,
    emit,
    identified_option,
    report_options,
    say,
    shown_as,
    start_of,
)
from qualcode.errors import UsageProblem


@click.command("code")
@click.argument("project", type=PROJECT)
@click.option("--document", help="Open this document.")
@click.option("--no-mouse", is_flag=True, help="Leave the mouse to the terminal.")
@coder_option
def code_command(project: Path, document: str | None, no_mouse: bool, coder: str | None) -> None:
    """Open the coding screen.

    \b
    Example:
        qualcode code qualcode-demo/demo.qualcode --coder you --document A-FG1
    """
    sys.exit(run_screens(project, coder=coder, document=document, mouse=not no_mouse))


def run_screens(
    project: Path,
    *,
    coder: str | None,
    document: str | None = None,
    mouse: bool = True,
    adjudicate: tuple[str, str | None] | None = None,
) -> int:
    """Open the screens on a project; the coder is made known first if the name is new.

    Args:
        document: Name of the document to open at once.
        adjudicate: Ids of the round and the code whose disagreements to open at once.
    """
    if not sys.stdin.isatty() or not sys.stdout.isatty():
        raise UsageProblem("The screens need a terminal; this is not one. In a browser: serve")
    name = who_codes(project, coder, document)
    from qualcode.tui.app import run

    return run(project, coder=name, document=document, mouse=mouse, adjudicate=adjudicate)


def who_codes(project: Path, coder: str | None, document: str | None = None) -> str:
    """Name of the coder whose screens are opened, made known first if the name is new.

    Args:
        document: Name of a document that must be there.
    """
    from qualcode.project import open as open_project

    with open_project(project) as opened:
        name = opened.acting(coder, new=coder is not None).name
        if document is not None:
            opened.documents.named(document)
    return name


def open_here() -> int:
    """Open the project in this folder; ask which if there are several, offer a new one if none."""
    found = sorted(Path.cwd().glob("*.qualcode"))
    if len(found) == 1:
        return run_screens(found[0], coder=None)
    if not found:
        if sys.stdin.isatty():
            return run_screens(_new_project(), coder=None)
        raise UsageProblem(
            "There is no project in this folder. Start with: qualcode init NAME --coder YOU"
            "  or look around in: qualcode demo"
        )
    if not sys.stdin.isatty():
        raise UsageProblem(
            "There are several projects in this folder; name one: qualcode code NAME"
        )
    for n, path in enumerate(found, 1):
        say(f"{n}  {path.name}")
    chosen = click.prompt("Open which", type=click.IntRange(1, len(found)), err=True)
    return run_screens(found[chosen - 1], coder=None)


def _new_project() -> Path:
    """Ask for a name and a coder, and create a project in this folder; an empty answer leaves."""
    from qualcode.project import create

    say("There is no project in this folder. Create one? (Ctrl+C to leave; qualcode demo to try)")
    title = click.prompt("Name of the study", err=True).strip()
    coder = click.prompt("Your name as a coder", err=True).strip()
    stem = "".join(c if c.isalnum() or c in "-_" else "-" for c in title).strip("-") or "study"
    path = Path.cwd() / f"{stem}.qualcode"
    create(path, title=title, coder=coder).close()
    say(f"Created {path.name}. Its codebook: qualcode codebook import {path.name} CODEBOOK.yaml")
    return path


@click.group("codings")
def codings_command() -> None:
    """Codings as a tidy table, in and out."""


@codings_command.command("import")
@click.argument("project", type=PROJECT)
@click.argument("files", nargs=-1, required=True, type=PROJECT)
@click.option("--assignments", type=PROJECT, help="CSV of rounds, assignments and finished marks.")
@click.option("--adjudications", type=PROJECT, help="CSV of decisions where coders disagreed.")
@coder_option
def import_codings(
    project: Path,
    files: tuple[Path, ...],
    assignments: Path | None,
    adjudications: Path | None,
    coder: str | None,
) -> None:
    """Bring in codings from CSV, all in one action or none.

    Without the finished marks in --assignments nothing can be counted: where a coder has not
    declared a document finished, no coding means missing, not absent.

    \b
    Example:
        qualcode codings import harbour.qualcode transcripts_sample/codings/*.csv \\
            --assignments transcripts_sample/assignments.csv
    """
    from qualcode.project import open as open_project
    from qualcode.reports.codings import import_codings as bring_in

    with open_project(project) as opened, busy("Checking and storing codings"):
        counts = bring_in(
            opened,
            codings=files,
            assignments=assignments,
            adjudications=adjudications,
            by=opened.acting(coder),
        )
    say(", ".join(f"{n} {what}" for what, n in counts.items()))


@codings_command.command("export")
@click.argument("project", type=PROJECT)
@click.argument("file", type=PROJECT, required=False)
@click.option("--round", "round_", help="Only this round.")
@coder_option
@identified_option
@leaving_options
@report_options
def export_codings(
    project: Path,
    file: Path | None,
    round_: str | None,
    coder: str | None,
    identified: str | None,
    as_json: bool,
    out: Path | None,
    force: bool,
    **leaving: Any,
) -> None:
    """Write codings as a tidy table, with their excerpts.

    In an open blind round only your own codings are in it. Where redactions are accepted, the
    excerpts show their labels; offsets are always those of the text as imported.

    \b
    Example:
        qualcode codings export qualcode-demo/demo.qualcode codings.csv
    """
    from qualcode.project import open as open_project
    from qualcode.reports.disclosed import disclosed

    if file is not None and out is not None:
        raise UsageProblem("Name the file once: as FILE or with --out.")
    with open_project(project, coder=coder) as opened:
        shown_as(opened, identified, coder)
        refuse_to_disclose(opened, file or out, coder, **leaving)
        table = disclosed(opened, opened.codings.table(round_), rendered=["memo", "excerpt"])
    emit(
        table,
        "codings",
        as_json=as_json,
        out=file or out,
        force=force,
        shown_columns=["document", "turn", "code", "coder", "round", "valence", "excerpt"],
        readable={"excerpt": start_of},
    )
