"""Rounds of coding, assignments and the finished mark."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import click

from qualcode.cli.output import PROJECT, coder_option, emit, report_options, say
from qualcode.model import Purpose


@click.group("round")
def round_command() -> None:
    """Rounds of coding, assignments and the finished mark."""


@round_command.command("open")
@click.argument("project", type=PROJECT)
@click.argument("name")
@click.option("--purpose", type=click.Choice(get_args(Purpose)), default="reliability")
@click.option("--codebook", "version", help="Label of the frozen codebook version to code with.")
@click.option("--not-blind", is_flag=True, help="Let coders see each other's codings.")
@coder_option
def open_round(
    project: Path,
    name: str,
    purpose: Purpose,
    version: str | None,
    not_blind: bool,
    coder: str | None,
) -> None:
    """Open a round; blind unless you say otherwise.

    \b
    Example:
        qualcode round open harbour.qualcode "round 1" --codebook v1
    """
    from qualcode.project import open as open_project

    with open_project(project) as opened:
        opened.rounds.open(
            name,
            by=opened.acting(coder),
            purpose=purpose,
            blind=not not_blind,
            codebook_version=version,
        )
    say(f'Round "{name}" is open, {"not blind" if not_blind else "blind"}.')


@round_command.command("assign")
@click.argument("project", type=PROJECT)
@click.argument("name")
@click.option("--document", "documents", multiple=True, help="A document; all if left out.")
@click.option("--to", "coders", multiple=True, required=True, help="A coder; a new name is added.")
@coder_option
def assign(
    project: Path, name: str, documents: tuple[str, ...], coders: tuple[str, ...], coder: str | None
) -> None:
    """Give documents to coders in a round.

    \b
    Example:
        qualcode round assign harbour.qualcode "round 1" --document A-FG1 --to ana --to ben
    """
    from qualcode.project import open as open_project

    with open_project(project) as opened:
        by = opened.acting(coder)
        chosen = [opened.documents.named(d) for d in documents] or [
            d for d in opened.documents.list() if not d.removed
        ]
        known = {c.name.casefold(): c for c in opened.coders.list()}
        people = [known.get(c.casefold()) or opened.coders.add(c) for c in coders]
        opened.rounds.assign(
            opened.rounds.named(name).id, [d.id for d in chosen], [c.id for c in people], by=by
        )
    say(f"{len(chosen)} documents assigned to {', '.join(c.name for c in people)}.")


@round_command.command("finish")
@click.argument("project", type=PROJECT)
@click.argument("name")
@click.option("--document", required=True, help="The document you have finished.")
@coder_option
def finish(project: Path, name: str, document: str, coder: str | None) -> None:
    """Declare a document finished: where you applied no code, your record says absent.

    \b
    Example:
        qualcode round finish harbour.qualcode "round 1" --document A-FG1 --coder ana
    """
    from qualcode.project import open as open_project

    with open_project(project) as opened:
        by = opened.acting(coder)
        found = opened.documents.named(document)
        opened.rounds.finish(opened.rounds.named(name).id, found.id, by.id, by=by)
    say(f"{found.name} is finished by {by.name}.")


@round_command.command("close")
@click.argument("project", type=PROJECT)
@click.argument("name")
@coder_option
def close(project: Path, name: str, coder: str | None) -> None:
    """Close a round: its codings stay as they are and may be compared.

    \b
    Example:
        qualcode round close harbour.qualcode "round 1"
    """
    from qualcode.project import open as open_project

    with open_project(project) as opened:
        by = opened.acting(coder)
        opened.rounds.close(opened.rounds.named(name).id, by=by)
    say(f'Round "{name}" is closed.')


@round_command.command("unblind")
@click.argument("project", type=PROJECT)
@click.argument("name")
@click.option("--reason", required=True, help="Why; it is logged.")
@coder_option
def unblind(project: Path, name: str, reason: str, coder: str | None) -> None:
    """Let coders see each other's codings in an open round; logged, never taken back.

    \b
    Example:
        qualcode round unblind harbour.qualcode "round 1" --reason "pilot discussion"
    """
    from qualcode.project import open as open_project

    with open_project(project) as opened:
        by = opened.acting(coder)
        opened.rounds.unblind(opened.rounds.named(name).id, by=by, reason=reason)
    say(f'Round "{name}" is no longer blind.')


@round_command.command("list")
@click.argument("project", type=PROJECT)
@report_options
def list_rounds(project: Path, as_json: bool, out: Path | None, force: bool) -> None:
    """List rounds, who has which document, and what is finished.

    \b
    Example:
        qualcode round list qualcode-demo/demo.qualcode
    """
    from qualcode.project import open as open_project

    with open_project(project) as opened:
        table = opened.rounds.coverage()
    emit(
        table,
        "rounds",
        as_json=as_json,
        out=out,
        force=force,
        shown_columns=[
            "round",
            "state",
            "blind",
            "codebook_version",
            "document",
            "coder",
            "status",
        ],
    )
