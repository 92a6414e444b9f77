"""Looking for words, and coding what was found."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qualcode.cli.leaving import leaving_options, refuse_to_disclose
from qualcode.cli.output import (
    PROJECT,
    emit,
    identified_option,
    report_options,
    say,
    shown_as,
)
from qualcode.errors import UsageProblem
from qualcode.text.plurals import counted

if TYPE_CHECKING:
    from qualcode.project import Project
    from qualcode.reports.search import Scope


@click.command("search")
@click.argument("project", type=PROJECT)
@click.argument("text")
@click.option(
    "--mode", default="words", help="words (default), text (inside words too), regex or lemma."
)
@click.option("--document", "documents", multiple=True, help="Only in this document; repeatable.")
@click.option("--code", "codes", multiple=True, help="Only where this code lies; repeatable.")
@click.option("--speaker", "speakers", multiple=True, help="Only where they speak; repeatable.")
@click.option("--where", multiple=True, help="Only where ATTRIBUTE=VALUE; repeatable.")
@click.option("--without-moderator", is_flag=True, help="Not in what moderators say.")
@click.option(
    "--context", type=click.IntRange(0), default=60, help="Characters before and after; 60."
)
@click.option("--apply", "apply_code", metavar="CODE", help="Propose this code for every place.")
@click.option("--unit", help="With --apply: hit, sentence (default), turn.")
@click.option("--yes", is_flag=True, help="With --apply: make the codings, in one action.")
@click.option("--coder", help="Who looks, and with --apply who codes.")
@identified_option
@leaving_options
@report_options
def search_command(
    project: Path,
    text: str,
    mode: str,
    documents: Sequence[str],
    codes: Sequence[str],
    speakers: Sequence[str],
    where: Sequence[str],
    without_moderator: bool,
    context: int,
    apply_code: str | None,
    unit: str | None,
    yes: bool,
    coder: str | None,
    identified: str | None,
    as_json: bool,
    out: Path | None,
    force: bool,
    **leaving: Any,
) -> None:
    """Show every place where TEXT was said, with the words around it.

    TEXT is whole words in this order, any case, in quotation marks or not; hand* finds every
    ending. Names behind labels are not found. With --apply it says how many codings that would
    make, and makes them with --yes: one action, one undo, marked as made by a search.

    \b
    Example:
        qualcode search qualcode-demo/demo.qualcode "phone call" --without-moderator
    """
    from qualcode.project import open as open_project
    from qualcode.reports.search import Scope, search

    for given, option in ((yes, "--yes"), (unit is not None, "--unit")):
        if given and apply_code is None:
            raise UsageProblem(f"{option} goes with --apply CODE.")
    scope = Scope(documents, codes, speakers, _attributes(where), not without_moderator)
    with open_project(project, coder=coder) as opened:
        shown_as(opened, identified, coder)
        refuse_to_disclose(opened, out, coder, attributed=False, **leaving)
        if apply_code is not None:
            _apply(opened, text, mode, scope, apply_code, unit or "sentence", yes, coder)
            return
        table = search(opened, text, mode=mode, scope=scope, context=context)
    emit(
        table,
        "search",
        as_json=as_json,
        out=out,
        force=force,
        shown_columns=["document", "turn", "speaker", "before", "hit", "after"],
        readable={
            "before": lambda words: str(words)[-28:].replace("\n", " "),
            "after": lambda words: str(words)[:28].replace("\n", " "),
        },
    )


def _attributes(where: Sequence[str]) -> dict[str, str]:
    found = {}
    for one in where:
        name, sign, value = one.partition("=")
        if not sign or not name.strip():
            raise UsageProblem(f"--where {one}: write ATTRIBUTE=VALUE.")
        found[name.strip()] = value.strip()
    return found


def _apply(
    project: Project,
    text: str,
    mode: str,
    scope: Scope,
    code: str,
    unit: str,
    yes: bool,
    coder: str | None,
) -> None:
    """Say what would be coded; code it if asked to."""
    from qualcode.reports.autocode import apply_proposal, proposal
    from qualcode.reports.search import hits

    me = project.acting(coder)
    found = hits(project, text, mode=mode, scope=scope)
    named = project.codebook.named(code)
    proposed = proposal(project, found, named, unit, by=me)
    what = f"{named.title}, by {unit}, for {me.name}: {proposed.sentence()}."
    if not proposed.new:
        say(f"{what} Nothing was changed.")
        return
    if not yes:
        say(f"{what} Nothing was changed; --yes makes the codings.")
        return
    made = apply_proposal(project, proposed, by=me)
    say(f"{what} {counted(len(made), 'coding')} made; qualcode undo takes them back.")
