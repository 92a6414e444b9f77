"""Coded excerpts with their attribution."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from qualcode.cli.leaving import leaving_options, refuse_to_disclose
from qualcode.cli.output import (
    PROJECT,
    emit,
    identified_option,
    report_options,
    shown_as,
    start_of,
)


@click.command("excerpts")
@click.argument("project", type=PROJECT)
@click.argument("query", required=False)
@click.option("--code", help="Only this code and those below it.")
@click.option("--coder", help="All codings of this coder, seen with this coder's eyes.")
@click.option("--round", "round_", help="All codings of this round, coder by coder.")
@click.option("--document", help="Only this document.")
@click.option("--source", default="reading", help="reading, consensus, majority or coder:NAME.")
@click.option("--include-unfinished", is_flag=True, help="Read documents nobody has finished.")
@click.option("--include-moderator", is_flag=True, help="Give turns of moderators, too.")
@click.option("--cut", is_flag=True, help="Give only the words that the query's codes share.")
@click.option(
    "--context",
    type=click.IntRange(min=0),
    default=1,
    show_default=True,
    help="Turns given before and after an excerpt.",
)
@click.option("--limit", type=click.IntRange(min=1), help="Give at most so many excerpts.")
@click.option(
    "--balance",
    type=click.Choice(["speaker"]),
    help="With --limit: exemplars first, then one of each speaker in turn.",
)
@identified_option
@leaving_options
@report_options
def excerpts_command(
    project: Path,
    query: str | None,
    code: str | None,
    coder: str | None,
    round_: str | None,
    document: str | None,
    source: str,
    include_unfinished: bool,
    include_moderator: bool,
    cut: bool,
    context: int,
    limit: int | None,
    balance: str | None,
    identified: str | None,
    as_json: bool,
    out: Path | None,
    force: bool,
    **leaving: Any,
) -> None:
    """Write coded excerpts with their attribution.

    QUERY says which: codes (with those below them; CODE! for itself), "words", /patterns/,
    ATTRIBUTE=VALUE (also != < >), valence=, speaker:, document:, coder:, round:,
    has:memo|exemplar|disconfirming, joined by NOT, NEAR/k, AND, OR and parentheses. WITHIN
    overlap|turn|document|participant, at the end, says where codes and words are looked for.
    Overlapping codings are one excerpt that lists their codes. A query without a code gives turns.
    Words and values are compared as they are shown, names as labels. The grammar with examples:
    docs/excerpts.md.

    Without --coder, --round, coder: or round: the finished documents of one source are read, as in
    "qualcode themes frequency"; coders are never pooled.

    \b
    Example:
        qualcode excerpts qualcode-demo/demo.qualcode \\
            'officer_buy_in AND valence=barrier AND NOT leadership_signal' --out barriers.csv
    """
    from qualcode.project import open as open_project
    from qualcode.reports.excerpts import excerpts

    with open_project(project, coder=coder) as opened:
        shown_as(opened, identified, coder)
        refuse_to_disclose(opened, out, coder, **leaving)
        table = excerpts(
            opened,
            query,
            code=code,
            coder=coder,
            round=round_,
            document=document,
            source=source,
            include_unfinished=include_unfinished,
            leaving=out is not None,
            include_moderator=include_moderator,
            cut=cut,
            context=context,
            limit=limit,
            balance=balance is not None,
        )
    emit(
        table,
        "excerpts",
        as_json=as_json,
        out=out,
        force=force,
        shown_columns=["document", "turns", "participant", "codes", "text"],
        readable={"text": start_of},
    )
