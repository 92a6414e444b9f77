"""Create a project, see how far it has come, check it, copy it."""

from __future__ import annotations

from pathlib import Path

import click

from qualcode.cli.output import PROJECT, busy, emit_json, print_table, say, table_json
from qualcode.errors import CheckFailed
from qualcode.model import Table
from qualcode.text.plurals import counted
from qualcode.text.safe import shown

SUFFIX = ".qualcode"


@click.command("init")
@click.argument("project", type=PROJECT)
@click.option("--title", help="Title of the study; the file's name if left out.")
@click.option("--codebook", type=PROJECT, help="A YAML codebook to start with.")
@click.option("--coder", help="Your name as a coder.")
def init_command(
    project: Path, title: str | None, codebook: Path | None, coder: str | None
) -> None:
    """Create a project file.

    \b
    Example:
        qualcode init harbour --codebook codebooks/lead-mechanisms-v2.yaml --coder ana
    """
    from qualcode.codebook_files import read_yaml
    from qualcode.project import create

    path = project if project.suffix == SUFFIX else project.with_name(project.name + SUFFIX)
    book = read_yaml(codebook) if codebook is not None else None
    with create(path, title=title or path.stem, coder=coder) as created:
        if book is not None:
            created.codebook.import_codes(list(book.codes), by=created.acting(coder))
    say(f"Created {path}" + (f" with {counted(len(book.codes), 'code')}." if book else "."))
    say(f"Next: qualcode import {path} FILE…")


@click.command("status")
@click.argument("project", type=PROJECT)
@click.option("--coder", help="Whose progress to show.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def status_command(project: Path, coder: str | None, as_json: bool) -> None:
    """Show how far the work has come and the next command.

    \b
    Example:
        qualcode status qualcode-demo/demo.qualcode
    """
    from qualcode.project import open as open_project
    from qualcode.reports.status import status

    with open_project(project, coder=coder) as opened:
        found = status(opened)
    if as_json:
        emit_json("status", {"title": found.title, "next": found.next, **table_json(found.steps)})
        return
    click.echo(shown(found.title))
    print_table(found.steps)
    click.echo(shown(f"Next: {found.next}"))


@click.command("check")
@click.argument("project", type=PROJECT)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def check_command(project: Path, as_json: bool) -> None:
    """Check the project file against its own log.

    Reads everything and changes nothing: the file itself, the chain of the log, every row against
    what the log says it should be, every text against its digest. Exit code 3 if anything differs.

    \b
    Example:
        qualcode check qualcode-demo/demo.qualcode
    """
    from qualcode.store.check import check

    with busy("Checking"):
        results = check(project)
    ok = all(result.ok for result in results)
    if as_json:
        checks = [{"name": r.name, "ok": r.ok, "detail": r.detail} for r in results]
        emit_json("check", {"ok": ok, "checks": checks})
    else:
        rows = [("ok" if r.ok else "FAILED", r.name, r.detail) for r in results]
        print_table(Table("check", ["result", "check", "detail"], rows))
    if not ok:
        failed = ", ".join(result.name for result in results if not result.ok)
        raise CheckFailed(f"{project} does not hold what its log says: {failed}.")


@click.command("backup")
@click.argument("project", type=PROJECT)
@click.argument("out", type=PROJECT)
@click.option("--force", is_flag=True, help="Replace an existing file.")
def backup_command(project: Path, out: Path, force: bool) -> None:
    """Write a verified copy of a project.

    The copy is complete even while someone codes in the original, and is checked before it
    takes its name.

    \b
    Example:
        qualcode backup qualcode-demo/demo.qualcode demo-copy.qualcode
    """
    from qualcode.store.backup import write_backup

    with busy("Copying and checking"):
        write_backup(project, out, force=force)
    say(f"{out} is a verified copy of {project}.")
