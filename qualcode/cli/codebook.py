"""The codebook and its frozen versions."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qualcode.cli.leaving import (
    accepting_options,
    leaving_options,
    refuse_to_disclose,
    without_names,
)
from qualcode.cli.output import (
    PROJECT,
    coder_option,
    emit,
    identified_option,
    report_options,
    say,
    shown_as,
    start_of,
)
from qualcode.errors import CheckFailed, UsageProblem
from qualcode.model import Code, Table
from qualcode.text.plurals import counted

if TYPE_CHECKING:
    from qualcode.codebook_files import CodebookFile


@click.group("codebook")
def codebook_command() -> None:
    """The codebook and its frozen versions."""


@codebook_command.command("import")
@click.argument("project", type=PROJECT)
@click.argument("file", type=PROJECT)
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="FIELD=COLUMN",
    help="Tables: which column holds a field, such as brief=Definition.",
)
@click.option("--retire-absent", is_flag=True, help="Retire codes that the file does not have.")
@coder_option
def import_codebook(
    project: Path, file: Path, columns: tuple[str, ...], retire_absent: bool, coder: str | None
) -> None:
    """Bring in a codebook: add its codes, change those that are there.

    From YAML, from a table (CSV or XLSX, a row for each code, also Taguette's), from a REFI-QDA
    codebook (.qdc) or from QualCoder's list of codes. Codes that the file does not have stay
    unless --retire-absent says otherwise, and so do fields that the file does not speak of. All
    problems of the file are listed at once, with their lines, and then nothing is stored.

    \b
    Example:
        qualcode codebook import harbour.qualcode codebooks/lead-mechanisms-v2.yaml
    """
    from qualcode.project import open as open_project

    book, fields = _read(file, columns)
    for warning in book.warnings:
        at = f"{file}:{warning.line}" if warning.line else str(file)
        say(f"{at}: {warning.message}")
    with open_project(project) as opened:
        by = opened.acting(coder)
        changed = opened.codebook.import_codes(
            list(book.codes), by=by, retire_absent=retire_absent, fields=fields
        )
    for what, codes in changed.items():
        if codes:
            say(f"{len(codes)} {what}: {', '.join(codes)}")


def _read(file: Path, columns: tuple[str, ...]) -> tuple[CodebookFile, frozenset[str] | None]:
    """Read a codebook file by its ending; and which fields it speaks of, None for all."""
    from qualcode.codebook_files import (
        codebook_text,
        is_qualcoder,
        read_qdc,
        read_qualcoder,
        read_table,
        read_yaml,
    )
    from qualcode.importers.tables import read_records

    ending = file.suffix.casefold()
    chosen = dict(_pair(text) for text in columns)
    if ending in (".csv", ".xlsx", ".tsv"):
        return read_table(file, read_records(file), columns=chosen)
    if chosen:
        raise UsageProblem("--column is for tables, CSV or XLSX.")
    if ending == ".qdc":
        return read_qdc(file)
    if ending == ".txt":
        text = codebook_text(file)
        if is_qualcoder(text):
            return read_qualcoder(file, text), frozenset({"code", "parent", "brief", "codable"})
    if ending not in (".yaml", ".yml"):
        raise UsageProblem(
            f"{file} must end in .yaml, .csv, .xlsx or .qdc (or be QualCoder's .txt)."
        )
    return read_yaml(file), None


def _pair(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not separator or not name.strip() or not value.strip():
        raise UsageProblem(f'--column takes FIELD=COLUMN, such as brief=Definition; got "{text}".')
    return name.strip(), value.strip()


@codebook_command.command("export")
@click.argument("project", type=PROJECT)
@click.argument("out", type=PROJECT)
@click.option("--version", help="A frozen version instead of the codebook as it is now.")
@coder_option
@identified_option
@leaving_options
@click.option("--force", is_flag=True, help="Replace an existing file.")
def export_codebook(
    project: Path,
    out: Path,
    version: str | None,
    coder: str | None,
    identified: str | None,
    force: bool,
    **leaving: Any,
) -> None:
    """Write the codebook to a file that can be edited and brought in again.

    By its ending: .yaml, .csv, .xlsx (.json and .html to read).

    \b
    Example:
        qualcode codebook export qualcode-demo/demo.qualcode codebook.yaml --version v2
    """
    from qualcode.codebook_files import write_yaml
    from qualcode.exporters.files import new_file
    from qualcode.exporters.spreadsheet import write_table
    from qualcode.project import open as open_project
    from qualcode.reports.codebook import codebook_file
    from qualcode.reports.disclosed import worded

    with open_project(project) as opened:
        shown_as(opened, identified, coder)
        refuse_to_disclose(opened, out, coder, attributed=False, **leaving)
        table, title = codebook_file(opened, version=version), opened.layer.words(opened.title)
        book = opened.codebook
        chosen = book.codes() if version is None else book.version(version).codes
        codes = [worded(code, opened.layer) for code in chosen]
    if out.suffix.casefold() in (".yaml", ".yml"):
        with new_file(out, force=force) as file:
            file.write(write_yaml(codes, title=title, version=version or "").encode())
    else:
        write_table(table, out, schema="codebook", force=force)
    say(f"{counted(len(table), 'code')} written to {out}")


@codebook_command.command("check")
@click.argument("codebook", type=PROJECT)
@coder_option
@accepting_options
@report_options
def check_codebook(
    codebook: Path,
    coder: str | None,
    as_json: bool,
    out: Path | None,
    force: bool,
    **accepting: Any,
) -> None:
    """Look for what makes a codebook hard to code with; exit 3 where something is found.

    Codes without definition, rules or two examples, names that look alike, near misses said on one
    side only. CODEBOOK is a project or a codebook file.

    \b
    Example:
        qualcode codebook check codebooks/lead-mechanisms-v2.yaml
    """
    from qualcode.project import open as open_project

    if codebook.suffix.casefold() == ".qualcode":
        with open_project(codebook) as opened:
            codes = opened.codebook.codes()
            table = without_names(opened, out, coder, lambda: _findings(codes), **accepting)
    elif accepting["accept"]:
        raise UsageProblem("--accept is for a project, not for a codebook file.")
    else:
        table = _findings(_read(codebook, ())[0].codes)
    emit(table, "codebook_check", as_json=as_json, out=out, force=force)
    if table.rows:
        raise CheckFailed(f"{codebook}: {counted(len(table), 'finding')}.")


def _findings(codes: Sequence[Code]) -> Table:
    from qualcode.codebook_files.lint import findings

    found = findings(codes)
    return Table(
        "codebook_check",
        ["code", "finding", "message"],
        [(one.code, one.finding, one.message) for one in found],
        [f"{counted(len(codes), 'code')}, {counted(len(found), 'finding')}."],
    )


@codebook_command.command("diff")
@click.argument("project", type=PROJECT)
@click.argument("earlier")
@click.argument("later", default="now")
@click.option("--queue", is_flag=True, help="List codings whose rules have changed since instead.")
@coder_option
@identified_option
@leaving_options
@report_options
def diff_codebook(
    project: Path,
    earlier: str,
    later: str,
    queue: bool,
    coder: str | None,
    identified: str | None,
    as_json: bool,
    out: Path | None,
    force: bool,
    **leaving: Any,
) -> None:
    """Show what a version of the codebook changed against an earlier one.

    LATER is a frozen version, or "now". With --queue the codings made under rules that the latest
    version words differently: what to look at again.

    \b
    Example:
        qualcode codebook diff qualcode-demo/demo.qualcode v1 v2
    """
    from qualcode.project import open as open_project
    from qualcode.reports.codebook_diff import codebook_diff, recode_queue

    with open_project(project) as opened:
        shown_as(opened, identified, coder)
        refuse_to_disclose(opened, out, coder, attributed=False, **leaving)
        found = codebook_diff(opened, earlier, later)
        table = recode_queue(opened) if queue else found
    shown_columns = ["document", "turn", "code", "coder", "round", "changed", "excerpt"]
    emit(
        table, "codebook_diff", as_json=as_json, out=out, force=force,
        shown_columns=shown_columns if queue else None,
        readable={"excerpt": start_of} if queue else {"before": start_of, "after": start_of},
    )  # fmt: skip


@codebook_command.command("show")
@click.argument("project", type=PROJECT)
@click.option("--version", help="A frozen version instead of the codebook as it is now.")
@coder_option
@identified_option
@leaving_options
@report_options
def show_codebook(
    project: Path,
    version: str | None,
    coder: str | None,
    identified: str | None,
    as_json: bool,
    out: Path | None,
    force: bool,
    **leaving: Any,
) -> None:
    """Show the codebook with its definitions.

    \b
    Example:
        qualcode codebook show qualcode-demo/demo.qualcode --version v1
    """
    from qualcode.project import open as open_project
    from qualcode.reports.codebook import codebook

    with open_project(project) as opened:
        shown_as(opened, identified, coder)
        refuse_to_disclose(opened, out, coder, attributed=False, **leaving)
        table = codebook(opened, version=version)
    emit(
        table,
        "codebook",
        as_json=as_json,
        out=out,
        force=force,
        shown_columns=["key", "path", "kind", "brief"],
    )


@codebook_command.command("freeze")
@click.argument("project", type=PROJECT)
@click.argument("label")
@coder_option
def freeze_codebook(project: Path, label: str, coder: str | None) -> None:
    """Freeze the codebook as it is now under a label, for rounds to be coded with.

    \b
    Example:
        qualcode codebook freeze harbour.qualcode v2
    """
    from qualcode.project import open as open_project

    with open_project(project) as opened:
        version = opened.codebook.freeze(label, by=opened.acting(coder))
    say(f"{version.label}: {counted(len(version.codes), 'code')}, sha256 {version.sha256[:12]}")
