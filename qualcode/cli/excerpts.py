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
@click.argument("code", required=False)
@click.option("--coder", help="All codings of this coder, seen with this coder's eyes.")
@click.option("--round", "round_", help="All codings of this round, coder by coder.")
@click.option("--document", help="Only this document.")
@click.option("--source", default="reading", help="reading, consensus, majority or coder:NAME.")
@click.option("--include-unfinished", is_flag=True, help="Read documents nobody has finished.")
@identified_option
@leaving_options
@report_options
def excerpts_command(
    project: Path,
    code: str | None,
    coder: str | None,
    round_: str | None,
    document: str | None,
    source: str,
    include_unfinished: bool,
    identified: str | None,
    as_json: bool,
    out: Path | None,
    force: bool,
    **leaving: Any,
) -> None:
    """Write coded excerpts with their attribution.

    With CODE only its excerpts and those of the codes below it. Without --coder or --round the
    finished documents of one source are read, as in "qualcode themes frequency"; coders are never
    pooled, and what one coder marked twice with a code is one excerpt.

    \b
    Example:
        qualcode excerpts qualcode-demo/demo.qualcode warm_handoff --out handoff.csv
    """
    from qualcode.project import open as open_project
    from qualcode.reports.excerpts import excerpts

    with open_project(project, coder=coder) as opened:
        shown_as(opened, identified, coder)
        refuse_to_disclose(opened, out, coder, **leaving)
        table = excerpts(
            opened,
            code=code,
            coder=coder,
            round=round_,
            document=document,
            source=source,
            include_unfinished=include_unfinished,
            leaving=out is not None,
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
