"""What would identify somebody, before anything leaves."""

from __future__ import annotations

from pathlib import Path

import click

from qualcode.cli.output import PROJECT, emit, report_options, say
from qualcode.errors import CheckFailed, UsageProblem
from qualcode.text.plurals import counted


@click.command("disclosure")
@click.argument("project", type=PROJECT)
@click.option("--names", "lists", type=PROJECT, multiple=True, help="Further names, as for deid.")
@click.option("--key", type=PROJECT, help="A key that `deid bake` wrote.")
@click.option("--attributes", metavar="A,B", help="Printed together; else role and site.")
@click.option("--at-least", type=click.IntRange(2), help="Participants that must share them; 3.")
@click.option("--keep", is_flag=True, help="Keep --attributes and --at-least for this project.")
@click.option("--attribution", help="A pattern of attribution to check instead.")
@click.option("--coder", help="With whose eyes to look, and who keeps.")
@report_options
def disclosure_command(
    project: Path,
    lists: tuple[Path, ...],
    key: Path | None,
    attributes: str | None,
    at_least: int | None,
    keep: bool,
    attribution: str | None,
    coder: str | None,
    as_json: bool,
    out: Path | None,
    force: bool,
) -> None:
    """Look for what would name somebody before anything leaves.

    Exports run the same check and write nothing where a row says fail. It looks through texts as
    redactions show them, speakers, memos and comments, codes, attributes and titles, for the names
    of redactions, participants, the roster and your lists: written as known they fail, in other
    case they warn, as do addresses, numbers and dates. Of attributes that fewer than 3 participants
    share, quotes are printed without the part that tells. Names are masked: first letter and
    length. Ends with 3 where something fails.

    \b
    Example:
        qualcode disclosure qualcode-demo/demo.qualcode --names transcripts_sample/names.csv
    """
    from qualcode.importers.names_csv import read_names
    from qualcode.project import open as open_project
    from qualcode.reports.disclosure import CHECKLIST, FAIL, disclosure
    from qualcode.reports.left_over import read_key
    from qualcode.reports.printed import keep_settings, named_attributes

    if attributes is not None and attribution is not None:
        raise UsageProblem("Choose --attributes or --attribution.")
    listed = [name for path in lists for name in read_names(path)]
    opens = None if key is None else read_key(key).names
    with open_project(project, coder=coder, read_only=not keep) as opened:
        chosen = None
        if attributes is not None:
            words = [word.strip() for word in attributes.split(",") if word.strip()]
            chosen = named_attributes(opened, words)
        if keep:
            keep_settings(opened, chosen, at_least, by=coder)
        found = disclosure(
            opened,
            listed=listed,
            key=opens,
            attributes=chosen,
            fewest=at_least,
            attribution=attribution,
        )
    emit(found, "disclosure", as_json=as_json, out=out, force=force)
    failing = sum(1 for row in found if row["severity"] == FAIL)
    if not as_json:
        say("To see for yourself, for no rule finds it:")
        for line in CHECKLIST:
            say(f"  [ ] {line}")
    if failing:
        raise CheckFailed(
            f"{counted(failing, 'place')} would tell who somebody is. Redact them (qualcode deid "
            "suggest), reword them, or accept them when you export (--accept RULE --reason TEXT)."
        )
