"""Memos: what researchers write down about a code, a document, a participant."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, get_args

import click

from qualcode.cli.leaving import leaving_options, refuse_to_disclose
from qualcode.cli.output import (
    PROJECT,
    coder_option,
    emit,
    identified_option,
    minute,
    report_options,
    say,
    shown_as,
    start_of,
)
from qualcode.errors import UnknownName, UsageProblem
from qualcode.model import MemoKind

KINDS = click.Choice(get_args(MemoKind))


@click.group("memos")
def memos_command() -> None:
    """Write down notes, summaries and searches for negative cases."""


@memos_command.command("add")
@click.argument("project", type=PROJECT)
@click.argument("text")
@click.option("--kind", type=KINDS, default="note", show_default=True, help="What it is.")
@click.option("--code", help="The code it is about.")
@click.option("--document", help="The document it is about.")
@click.option("--participant", help="The participant it is about.")
@click.option("--private", is_flag=True, help="Only you see it.")
@coder_option
def add_memo(
    project: Path,
    text: str,
    kind: MemoKind,
    code: str | None,
    document: str | None,
    participant: str | None,
    private: bool,
    coder: str | None,
) -> None:
    """Write a memo on one thing, or on the project.

    Two kinds go into theme tables. A negative-case-search records, on a code, that you looked for
    what contradicts it, where and how ("qualcode themes evidence"). A summary hangs on a code and
    on a document or participant, and fills that cell of "qualcode themes framework". TEXT "-" is
    read from standard input. One action, which "qualcode undo" takes back.

    \b
    Example:
        qualcode memos add qualcode-demo/demo.qualcode --kind negative-case-search
          --code warm_handoff "Read all 12 documents again for hand-offs that failed."
    """
    from qualcode.project import open as open_project

    if kind == "summary" and (code is None or (document is None) == (participant is None)):
        raise UsageProblem("A summary needs --code, and --document or --participant.")
    if kind == "negative-case-search" and (code is None or document or participant):
        raise UsageProblem("A search for negative cases needs --code, and nothing else.")
    if (
        kind not in ("summary", "negative-case-search")
        and sum(1 for one in (code, document, participant) if one is not None) > 1
    ):
        raise UsageProblem("A memo hangs on one thing; choose --code, --document or --participant.")
    body = sys.stdin.read().strip() if text == "-" else text
    with open_project(project) as opened:
        by = opened.acting(coder)
        on: dict[str, Any] = {}
        if code is not None:
            on["code_id"] = opened.codebook.named(code).id
        if document is not None:
            on["document_id"] = opened.documents.named(document).id
        if participant is not None:
            people = {p.label.casefold(): p.id for p in opened.participants.list()}
            if participant.casefold() not in people:
                known = [p.label for p in opened.participants.list()]
                raise UnknownName("participant", participant, known)
            on["participant_id"] = people[participant.casefold()]
        written = opened.memos.write(body, by=by, kind=kind, private=private, **on)
    say(f"Memo {written.id} written.")


@memos_command.command("list")
@click.argument("project", type=PROJECT)
@click.option("--kind", type=KINDS, help="Only memos of this kind.")
@click.option("--code", help="Only memos on this code.")
@click.option("--coder", help="Whose memos of a round that is still blind may be read.")
@identified_option
@leaving_options
@report_options
def list_memos(
    project: Path,
    kind: MemoKind | None,
    code: str | None,
    coder: str | None,
    identified: str | None,
    as_json: bool,
    out: Path | None,
    force: bool,
    **leaving: Any,
) -> None:
    """List memos with what they hang on, oldest first.

    \b
    Example:
        qualcode memos list qualcode-demo/demo.qualcode --kind note
    """
    from qualcode.project import open as open_project
    from qualcode.reports.memos import memos

    with open_project(project, coder=coder) as opened:
        shown_as(opened, identified, coder)
        refuse_to_disclose(opened, out, coder, **leaving)
        table = memos(opened, kind=kind, code=code)
    emit(
        table,
        "memos",
        as_json=as_json,
        out=out,
        force=force,
        shown_columns=["written_at", "coder", "kind", "code", "document", "participant", "memo"],
        readable={"written_at": minute, "memo": start_of},
    )


@memos_command.command("remove")
@click.argument("project", type=PROJECT)
@click.argument("memo_id")
@coder_option
def remove_memo(project: Path, memo_id: str, coder: str | None) -> None:
    """Remove a memo of your own; its id stands in "qualcode memos list --json".

    \b
    Example:
        qualcode memos remove harbour.qualcode 01a2141e-7490-703d-88b9-07f79c080010
    """
    from qualcode.project import open as open_project

    with open_project(project) as opened:
        by = opened.acting(coder)
        opened.memos.get(memo_id)
        opened.memos.remove(memo_id, by=by)
    say("Memo removed.")
