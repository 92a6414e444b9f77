"""``export word``: the report."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from qualcode.cli.output import PROJECT, say
from qualcode.cli.report_options import gathered, report_parts, warn_of_few
from qualcode.errors import UsageProblem
from qualcode.text.safe import replaced_in


@click.command("word")
@click.argument("project", type=PROJECT, required=False)
@click.argument("out", type=PROJECT, required=False)
@report_parts
@click.option("--marks", default="tint", help="tint (with comments), or brackets for print.")
@click.option("--template", type=PROJECT, help="A .docx or .dotx whose look the report takes on.")
@click.option("--write-template", type=PROJECT, help="Write a template to start from, and stop.")
@click.pass_context
def word_command(
    called: click.Context,
    /,
    project: Path | None,
    out: Path | None,
    template: Path | None,
    write_template: Path | None,
    force: bool,
    **options: Any,
) -> None:
    """Write a report as a Word file.

    Excerpts by code, theme frequencies, agreement, a transcript with one comment per coding (the
    first coded document, or those named with --document), the codebook and how it changed, rounds,
    decisions, COREQ, and where all of it comes from. Names that accepted redactions cover are shown
    as their labels.

    Of the tables, participants by attribute want --by, the evidence matrix --site and
    --stakeholder, the joint display --outcomes.

    --what also takes figures, frequency, crosstab, cooccurrence, evidence, joint, saturation,
    agreement, codebook, versions, rounds, decisions, coreq.

    \b
    Example:
        qualcode export word qualcode-demo/demo.qualcode report.docx --quotes 3 --document A-FG1
    """
    from qualcode.exporters.word import write_template as write_start
    from qualcode.exporters.word import write_word

    if write_template is not None:
        write_start(_docx(write_template), force=force)
        say(f"Template written to {write_template}; change its styles and give it to --template.")
        return
    if project is None or out is None:
        raise UsageProblem("Say which PROJECT to read and which file OUT.docx to write.")
    report = gathered(called, project, _docx(out), **options)
    replaced = write_word(report, out, force=force, template=template)
    say(f"Report written to {out}")
    warn_of_few(report)
    if replaced:
        say(replaced_in("a Word file", replaced))


def _docx(path: Path) -> Path:
    if path.suffix.casefold() != ".docx":
        raise UsageProblem(f"{path} must end in .docx.")
    return path
