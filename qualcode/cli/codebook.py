"""The codebook and its frozen versions."""

from __future__ import annotations

from pathlib import Path

import click

from qualcode.cli.output import (
    PROJECT,
    coder_option,
    emit,
    identified_option,
    report_options,
    say,
    shown_as,
)


@click.group("codebook")
def codebook_command() -> None:
    """The codebook and its frozen versions."""


@codebook_command.command("import")
@click.argument("project", type=PROJECT)
@click.argument("file", type=PROJECT)
@click.option("--retire-absent", is_flag=True, help="Retire codes that the file does not have.")
@coder_option
def import_codebook(project: Path, file: Path, retire_absent: bool, coder: str | None) -> None:
    """Bring in a YAML codebook: add its codes, change those that are there.

    Codes that the file does not have stay unless --retire-absent says otherwise. All problems of
    the file are listed at once, with their lines, and then nothing is stored.

    \b
    Example:
        qualcode codebook import harbour.qualcode codebooks/lead-mechanisms-v2.yaml
    """
    from qualcode.codebook_files import read_yaml
    from qualcode.project import open as open_project

    book = read_yaml(file)
    for warning in book.warnings:
        say(f"{file}:{warning.line}: {warning.message}")
    with open_project(project) as opened:
        by = opened.acting(coder)
        changed = opened.codebook.import_codes(list(book.codes), by=by, retire_absent=retire_absent)
    for what, codes in changed.items():
        if codes:
            say(f"{len(codes)} {what}: {', '.join(codes)}")


@codebook_command.command("show")
@click.argument("project", type=PROJECT)
@click.option("--version", help="A frozen version instead of the codebook as it is now.")
@identified_option
@report_options
def show_codebook(
    project: Path,
    version: str | None,
    identified: str | None,
    as_json: bool,
    out: Path | None,
    force: bool,
) -> None:
    """Show the codebook with its definitions.

    \b
    Example:
        qualcode codebook show qualcode-demo/demo.qualcode --version v1
    """
    from qualcode.project import open as open_project
    from qualcode.reports.codebook import codebook

    with open_project(project) as opened:
        shown_as(opened, identified)
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
    say(f"{version.label}: {len(version.codes)} codes, sha256 {version.sha256[:12]}")
