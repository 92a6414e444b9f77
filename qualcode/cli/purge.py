"""Withdrawn consent: show what would go, ask, and take it out of the project for ever."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qualcode.cli.output import PROJECT, busy, coder_option, emit_json, print_table, say
from qualcode.errors import ProjectError, Refused, UsageProblem
from qualcode.model import Cell, Table
from qualcode.text.plurals import counted
from qualcode.text.safe import shown

if TYPE_CHECKING:
    from qualcode.project import Project
    from qualcode.store.purge import PurgePlan, Withdrawn

REMAINS = (
    "Undo, removing a document and redacting a name delete nothing; this does, and cannot be taken "
    "back."
)
ELSEWHERE = (
    "Exports, reports, bundles, copies in other folders, snapshots and synchronised folders are "
    "not looked through: what they hold is yours to find."
)


@click.command("purge")
@click.argument("project", type=PROJECT)
@click.option("--document", help="The document that goes, as a whole unless --turn is given.")
@click.option(
    "--turn", "turns", type=click.IntRange(1), multiple=True, metavar="N",
    help="Only this turn of the document; may be repeated.",
)  # fmt: skip
@click.option("--participant", help="What this participant says, everywhere, and who they are.")
@click.option("--reason", help="Kept in the log; it must not tell who or what is purged.")
@click.option("--rename", metavar="NAME", help="A new name for the document, if its name tells.")
@click.option("--mentions", is_flag=True, help="Also blank their names where others say them.")
@click.option(
    "--keep-memos", is_flag=True,
    help="Where only a part of a document goes, keep memos on the document as a whole.",
)  # fmt: skip
@click.option("--backups", is_flag=True, help="Also delete the copies of the project listed.")
@click.option("--dry-run", is_flag=True, help="Show what would go; change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask; for scripts.")
@click.option("--finish", is_flag=True, help="Overwrite free pages after a purge cut short.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@coder_option
def purge_command(project: Path, **options: Any) -> None:
    """Delete what somebody no longer consents to, for ever.

    The words become blanks of the same length (█), so that codings, turns and counts of codings
    stay where they are. With them go the file as received, memos on them whoever wrote them,
    quotations in codes, frozen codebooks and other memos, and every line of the log that holds
    any of it. Of a participant the names, labels and attributes go as well; “withdrawn-1” stays.
    Earlier and corrected versions of a document, and documents taken out, are purged alike.

    First it shows what would go, and which copies beside the project still hold it; then it asks
    for the name to be typed. The reason stays in the log: write no name into it.

    \b
    Example:
        qualcode purge harbour.qualcode --participant A-O4 --reason "consent withdrawn" --dry-run
    """
    from qualcode.project import open as open_project
    from qualcode.store.purge import Withdrawn

    finish = options["finish"]
    if finish and (options["document"] or options["participant"]):
        raise UsageProblem("--finish takes no --document or --participant: it finishes what began.")
    with open_project(project) as opened:
        if finish:
            _finish(opened, options)
            return
        what = Withdrawn(
            options["document"], options["turns"], options["participant"],
            options["mentions"], options["keep_memos"], options["rename"],
        )  # fmt: skip
        _purge(opened, what, options)


def _finish(project: Project, options: dict[str, Any]) -> None:
    if not project.purges.unfinished():
        say("No purge is unfinished.")
    else:
        with busy("Writing the file anew"):
            project.purges.finish(by=project.acting(options["coder"]))
        say("The free pages are overwritten; the purge is finished.")
    if options["as_json"]:
        emit_json("purge", {"purged": False, "finished": True})


def _purge(project: Project, what: Withdrawn, options: dict[str, Any]) -> None:
    as_json, dry_run = options["as_json"], options["dry_run"]
    if not dry_run:
        _require_reason(options)
        project.acting(options["coder"])  # ask for it before anything else
    with busy("Looking for it"):
        plan = project.purges.plan(what)
    if not as_json:
        _show(plan)
    copies = [copy for copy in plan.copies if copy.what == "copy"] if options["backups"] else []
    if plan.empty and not copies and not dry_run:
        raise Refused("Nothing of it is left in the project to purge.")
    done = finished = False
    if not dry_run:
        if not options["yes"]:
            _confirm(what)
        if not plan.empty:
            done, finished = True, _do(project, what, plan, options)
        _delete(copies)
    if as_json:
        deleted = [str(copy.path) for copy in copies] if not dry_run else []
        emit_json("purge", _as_json(plan, done, finished, deleted))
    if done and not finished:
        raise ProjectError(
            "It is purged, but free pages of the file may still hold words: another window has the "
            "project open, or the disk is full. Then run: qualcode purge "
            f"{project.path} --finish"
        )


def _require_reason(options: dict[str, Any]) -> None:
    if not (options["reason"] or "").strip():
        raise UsageProblem("Say why with --reason, such as “consent withdrawn, form of 3 May”.")
    if not options["yes"] and not _on_terminal():
        raise UsageProblem("Nobody is there to confirm: use --yes, or --dry-run to only look.")


def _do(project: Project, what: Withdrawn, plan: PurgePlan, options: dict[str, Any]) -> bool:
    with busy("Purging"):
        by = project.acting(options["coder"])
        done = project.purge(what, reason=options["reason"], by=by, expected=plan)
    say("Purged." if done.finished else "Purged, not finished.")
    return done.finished


def _on_terminal() -> bool:
    return sys.stdin.isatty()


def _confirm(what: Withdrawn) -> None:
    name = what.participant or what.document or ""
    typed = click.prompt(shown(f"To purge it for ever, type {name}"), err=True, default="",
                         show_default=False)  # fmt: skip
    if typed.strip() != name.strip():
        raise Refused("That is not the name; nothing was purged.")


def _delete(copies: list[Any]) -> None:
    from qualcode.store.copies import delete

    for copy in copies:
        delete(copy)
        say(f"Deleted {copy.path}")


def _show(plan: PurgePlan) -> None:
    rows: list[tuple[Cell, ...]] = [
        (
            one.name, one.new_name, "whole" if one.whole else "part", one.turns, one.characters,
            one.removed,
        )
        for one in plan.documents
    ]  # fmt: skip
    columns = ["document", "renamed", "goes", "turns", "characters", "taken_out"]
    if rows:
        print_table(Table("purge", columns, rows))
    counts = {
        "speaker": plan.speakers, "label": plan.labels, "attribute value": plan.values,
        "memo": plan.memos, "example": plan.examples, "definition": plan.definitions,
        "frozen codebook": plan.versions, "adjudication reason": plan.reasons, "note": plan.notes,
        "line": plan.lines,
    }  # fmt: skip
    said = [counted(n, noun) for noun, n in counts.items() if n]
    say(f"With it: {', '.join(said)} of the log." if plan.lines else "Nothing of it is left.")
    if plan.mentions:
        say(
            f"Others name them {counted(plan.mentions, 'time')}; that stays, unless --mentions is "
            "given. Redactions can hide it."
        )
    if plan.people:
        say(
            f"Who said some of it stays, with attributes and other documents: "
            f"{', '.join(plan.people)} (--participant)."
        )
    for one in plan.documents:
        if one.whole and one.new_name is None and not one.removed:
            say(f"The document is still called {one.name}; --rename gives it another name.")
    if plan.same_words:
        say(f"Some of the same words stand in, and stay in: {', '.join(plan.same_words)}.")
    for copy in plan.copies:
        say(_told(copy.what, copy.path))
    say(REMAINS)
    say(ELSEWHERE)


def _told(what: str, path: Path) -> str:
    match what:
        case "copy":
            return f"A copy of the project still holds it: {path} (--backups deletes it)."
        case "transcript":
            return f"The file it was read from: {path} (yours to delete)."
        case "table":
            return f"The table it is a row of: {path} (yours to take the row out)."
        case _:
            return f"A project that cannot be read, and may hold it: {path} (yours to delete)."


def _as_json(plan: PurgePlan, done: bool, finished: bool, deleted: list[str]) -> dict[str, Any]:
    content = asdict(plan)
    content["copies"] = [{"path": str(copy.path), "what": copy.what} for copy in plan.copies]
    return {"purged": done, "finished": finished, "deleted": deleted, **content}
