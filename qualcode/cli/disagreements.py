"""Where coders disagree, and the screen to settle it on."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from qualcode.cli.leaving import leaving_options, refuse_to_disclose
from qualcode.cli.output import PROJECT, coder_option, emit, report_options, say, start_of
from qualcode.text.plurals import counted

SHOWN = [
    "round", "document", "unit_id", "code", "type", "coders_present", "coders_absent",
    "delta_present", "delta_absent", "decision", "text",
]  # fmt: skip


@click.command("disagreements")
@click.argument("project", type=PROJECT)
@click.option("--round", "rounds", multiple=True, help="A round; all visible ones if left out.")
@click.option("--code", "codes", multiple=True, help="Only this code.")
@click.option("--document", "documents", multiple=True, help="Only this document.")
@click.option("--type", "kinds", multiple=True, help="Only boundary, confusable or omission.")
@click.option("--undecided", is_flag=True, help="Only what nobody has decided yet.")
@click.option("--unit", default="sentence", help="sentence (default), turn, paragraph, document.")
@click.option("--overlap", default="any", help="Part of a unit to cover: any, majority, chars:K.")
@coder_option
@leaving_options
@report_options
def disagreements_command(
    project: Path,
    rounds: tuple[str, ...],
    codes: tuple[str, ...],
    documents: tuple[str, ...],
    kinds: tuple[str, ...],
    undecided: bool,
    unit: str,
    overlap: str,
    coder: str | None,
    as_json: bool,
    out: Path | None,
    force: bool,
    **leaving: Any,
) -> None:
    """List where coders disagree, what moves alpha most first.

    boundary: the other coder coded nearby, with an overlapping stretch; confusable: the other used
    another code there; omission: neither. delta: how alpha of the code would change if all had
    said present, or absent, there. It is something to talk about, not a measure of reliability.

    To look at a document's disagreements is to discuss it: the documents listed are marked so, in
    the log. Samples skip them from then on. In an open blind round nothing is shown to anybody.

    \b
    Example:
        qualcode disagreements qualcode-demo/demo.qualcode --round "round 1" --type confusable
    """
    from qualcode.project import open as open_project
    from qualcode.reports.disagreements import disagreements, discuss

    with open_project(project) as opened:
        refuse_to_disclose(opened, out, coder, attributed=False, **leaving)
        table = disagreements(
            opened,
            rounds=rounds or None,
            codes=codes or None,
            documents=documents or None,
            kinds=kinds,
            undecided=undecided,
            unit=unit,
            overlap=overlap,
        )
        marked = discuss(opened, table, by=opened.acting(coder)) if table.rows else []
    emit(
        table,
        "disagreements",
        as_json=as_json,
        out=out,
        force=force,
        shown_columns=SHOWN,
        readable={"text": start_of},
    )
    if marked:
        say(f"Marked as discussed: {counted(len(marked), 'document')} ({', '.join(marked)}).")


@click.command("adjudicate")
@click.argument("project", type=PROJECT)
@click.option("--round", "round_", help="The round; the last one that may be compared if left out.")
@click.option("--code", help="Only this code.")
@click.option("--no-mouse", is_flag=True, help="Leave the mouse to the terminal.")
@coder_option
def adjudicate_command(
    project: Path, round_: str | None, code: str | None, no_mouse: bool, coder: str | None
) -> None:
    """Decide where coders disagreed, on a screen; no coding changes.

    What is decided is a layer of its own: the consensus, which themes and excerpts can be read
    from. The independent codings stay as they are, and with them every figure of agreement.

    \b
    Example:
        qualcode adjudicate qualcode-demo/demo.qualcode --round "round 2"
    """
    from qualcode.cli.codings import run_screens
    from qualcode.project import open as open_project
    from qualcode.reports.disagreements import to_adjudicate

    with open_project(project) as opened:
        found = to_adjudicate(opened, round_)
        only = None if code is None else opened.codebook.named(code)
    sys.exit(
        run_screens(
            project,
            coder=coder,
            mouse=not no_mouse,
            adjudicate=(found.id, None if only is None else only.id),
        )
    )
