"""The whole story on the fictional sample study, from transcripts to a Word report."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qualcode.cli.leaving import refuse_to_disclose
from qualcode.cli.output import PROJECT, say
from qualcode.errors import ProjectExists
from qualcode.model import Table
from qualcode.text.safe import shown

if TYPE_CHECKING:
    from qualcode.project import Project

FOLDER = "qualcode-demo"
FILE = "demo.qualcode"
WIDTH = 20
"""Cells of a bar from 0 to 1."""

COMMON = 20
"""Units that some coder gave a code, from which on the demo shows its bar."""


@click.command("demo")
@click.option(
    "--dir", "folder", type=PROJECT, default=Path(FOLDER), show_default=True, help="Where to."
)
@click.option("--no-tui", is_flag=True, help="Do not open the screens at the end.")
def demo_command(folder: Path, no_tui: bool) -> None:
    """Run the whole story on the fictional sample study.

    Makes a project of interviews and focus groups that three coders have coded, shows how far
    they agree and which themes there are, writes a Word report and tables, and opens the screens.
    A demo that is there already is used again, with whatever you have coded in it.

    \b
    Example:
        qualcode demo --no-tui
    """
    path = _place(folder)
    with _project(path) as project:
        _show(project, folder)
    click.echo(f"Next: qualcode code {shown(str(path))} --document A-FG1")
    if not no_tui and sys.stdin.isatty() and sys.stdout.isatty():
        from qualcode.cli.codings import run_screens

        sys.exit(run_screens(path, coder=None))


def _place(folder: Path) -> Path:
    """The demo's project file; refuses a folder that holds something else."""
    path = folder / FILE
    if folder.exists() and not path.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ProjectExists(
            f"{folder} is already there and is not a demo. Name another folder with --dir."
        )
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def _project(path: Path) -> Project:
    """The demo's project: the one that is there, or a new one."""
    import qualcode
    from qualcode.reports.sample import Step, build, is_demo

    if path.exists():
        project = qualcode.open(path)
        if not is_demo(project):
            project.close()
            raise ProjectExists(f"{path} is not a demo. Name another folder with --dir.")
        project.acting(None)
        say(f"Using the demo that is there: {path}")
        return project

    def tell(step: Step) -> None:
        click.echo(f"{step.what:<13} {step.done}")

    return build(path, tell)


def _show(project: Project, folder: Path) -> None:
    """Agreement, themes, and the files."""
    from qualcode.exporters.spreadsheet import write_table
    from qualcode.exporters.word import write_word
    from qualcode.reports.agreement import agreement, agreement_wide, require_cross_check
    from qualcode.reports.themes import frequency
    from qualcode.reports.word import word_report

    table = agreement(project)
    require_cross_check(table)
    click.echo("")
    for line in agreement_bars(agreement_wide(table), shutil.get_terminal_size().columns):
        click.echo(line)
    themes = frequency(project)
    files = [folder / name for name in ("report.docx", "agreement.csv", "themes.csv")]
    refuse_to_disclose(project, files[0])
    write_word(word_report(project), files[0], force=True)
    write_table(table, files[1], schema="agreement", force=True)
    write_table(themes, files[2], schema="themes", force=True)
    click.echo("")
    for file in files:
        click.echo(f"wrote         {shown(str(file))}")


def agreement_bars(wide: Table, width: int) -> list[str]:
    """Krippendorff's alpha of the common codes as bars with intervals, round by round.

    Args:
        wide: What ``reports.agreement.agreement_wide`` gave.
        width: Columns of the terminal.
    """
    rows = list(wide)
    room = max(8, min(WIDTH, width - 60))
    lines: list[str] = []
    for name in dict.fromkeys(str(row["round"]) for row in rows):
        lines.append(f"Krippendorff's alpha, {shown(name)} (bars from 0 to 1, 95 % interval)")
        rarer = 0
        for row in rows:
            alpha, low, high = row["alpha"], row["ci_low"], row["ci_high"]
            if row["round"] != name:
                continue
            used = row["n_any"]
            if not isinstance(alpha, float) or not isinstance(used, int) or used < COMMON:
                rarer += 1
                continue
            filled = round(max(0.0, min(1.0, alpha)) * room)
            interval = (
                f"[{low:.2f}, {high:.2f}]"
                if isinstance(low, float) and isinstance(high, float)
                else "no interval"
            )
            code = "all codes" if row["code"] == "*" else str(row["code"]).replace("_", " ")
            bar = ("█" * filled).ljust(room, "·")
            lines.append(f"  {shown(code):<26} {bar} {alpha:5.2f} {interval}")
        if rarer:
            lines.append(f"  and {rarer} rarer codes (all of them: qualcode agreement)")
    return lines
