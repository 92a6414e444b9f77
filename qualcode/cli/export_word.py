"""``export word``: the report."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from qualcode.cli.leaving import leaving_options, refuse_to_disclose
from qualcode.cli.output import PROJECT, identified_option, say, shown_as
from qualcode.cli.report_options import table_options, warn_of_few
from qualcode.errors import UsageProblem

if TYPE_CHECKING:
    from qualcode.reports.word_matrices import Asked

WHAT = "front,excerpts,tables,transcript,appendix"
_SILENT = frozenset({"force", "identified", "accept", "reason"})
"""Options that change nothing of the report, or are told elsewhere on its last page."""


@click.command("word")
@click.argument("project", type=PROJECT, required=False)
@click.argument("out", type=PROJECT, required=False)
@click.option("--what", default=WHAT, show_default=True, help="The parts to write.")
@click.option("--document", "documents", multiple=True, help="A transcript to print annotated.")
@click.option("--source", default="reading", help="reading, consensus, majority or coder:NAME.")
@table_options
@click.option("--quotes", type=click.IntRange(1), help="At most so many quotes per code.")
@click.option("--attribution", help='Line under a quote, such as "{participant}, {document}".')
@click.option("--context", type=click.IntRange(0), default=0, help="Turns printed before a quote.")
@click.option("--marks", default="tint", help="tint (with comments), or brackets for print.")
@click.option("--template", type=PROJECT, help="A .docx or .dotx whose look the report takes on.")
@click.option("--write-template", type=PROJECT, help="Write a template to start from, and stop.")
@click.option("--include-unfinished", is_flag=True, help="Read documents nobody has finished.")
@click.option("--coder", help="Whose codings of a round that is still blind may be read.")
@identified_option
@leaving_options
@click.option("--force", is_flag=True, help="Replace an existing file.")
@click.pass_context
def word_command(
    called: click.Context,
    /,
    project: Path | None,
    out: Path | None,
    what: str,
    documents: tuple[str, ...],
    source: str,
    tables: Asked,
    quotes: int | None,
    attribution: str | None,
    context: int,
    marks: str,
    template: Path | None,
    write_template: Path | None,
    include_unfinished: bool,
    coder: str | None,
    identified: str | None,
    force: bool,
    **leaving: Any,
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
    from qualcode.project import open as open_project
    from qualcode.reports.word import word_report

    if write_template is not None:
        write_start(_docx(write_template), force=force)
        say(f"Template written to {write_template}; change its styles and give it to --template.")
        return
    if project is None or out is None:
        raise UsageProblem("Say which PROJECT to read and which file OUT.docx to write.")
    _docx(out)
    with open_project(project, coder=coder) as opened:
        shown_as(opened, identified, coder)
        refuse_to_disclose(opened, out, coder, attribution=attribution, **leaving)
        report = word_report(
            opened,
            what=[part.strip() for part in what.split(",") if part.strip()],
            documents=documents,
            source=source,
            include_unfinished=include_unfinished,
            quotes=quotes,
            attribution=attribution,
            context=context,
            marks=marks,
            tables=tables,
            command=typed(called, "word"),
        )
    replaced = write_word(report, out, force=force, template=template)
    say(f"Report written to {out}")
    warn_of_few(report)
    if replaced:
        say(f"{replaced} characters cannot stand in a Word file and are shown as U+FFFD.")


def typed(called: click.Context, format_: str) -> str:
    """The command with the options that were given; files by their names, without folders.

    Project and OUT stand for themselves: where they lie changes nothing of the report.
    """
    words = ["qualcode", "export", format_, "PROJECT", "OUT"]
    for option in called.command.params:
        name = option.name or ""
        given = called.get_parameter_source(name) is ParameterSource.COMMANDLINE
        if not given or name in _SILENT or not isinstance(option, click.Option):
            continue
        value = called.params[name]
        for one in value if isinstance(value, tuple) else (value,):
            said = one.name if isinstance(one, Path) else str(one)
            words += [option.opts[0]] if option.is_flag else [option.opts[0], shlex.quote(said)]
    return " ".join(words)


def _docx(path: Path) -> Path:
    if path.suffix.casefold() != ".docx":
        raise UsageProblem(f"{path} must end in .docx.")
    return path
