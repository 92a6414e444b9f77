"""What the command line loads, and what its help promises."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from qualcode.cli import COMMANDS, cli

HEAVY = (
    "pandas", "numpy", "spacy", "textual", "docx", "matplotlib", "sqlite_utils", "krippendorff",
    "lxml", "sqlite3", "rich",
)  # fmt: skip


def loaded_by(statement: str) -> set[str]:
    """The heavy modules that a fresh Python has loaded after a statement."""
    script = f"import sys\n{statement}\nprint([m for m in {HEAVY!r} if m in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(ast.literal_eval(ran.stdout.splitlines()[-1]))


def test_the_command_line_loads_nothing_heavy() -> None:
    assert loaded_by("import qualcode.cli") == set()


def test_help_loads_nothing_heavy() -> None:
    help_ = "from qualcode.cli import cli\ntry: cli.main(['--help'])\nexcept SystemExit: pass"
    assert loaded_by(help_) == set()


def test_importing_the_package_loads_nothing_heavy() -> None:
    assert loaded_by("import qualcode") == set()


def test_pictures_are_made_ready_without_matplotlib() -> None:
    loaded = loaded_by("import qualcode.reports.plots, qualcode.exporters.figures")
    assert "matplotlib" not in loaded


FIRST_FRAME = """
import os, sys
from pathlib import Path
from textual.drivers.headless_driver import HeadlessDriver
from qualcode.tui.app import QualcodeApp

class Terminal(HeadlessDriver):
    is_headless = False  # a headless app sends nothing

    def write(self, data):
        if "opening …" in data:
            print(sorted(sys.modules), file=sys.__stdout__, flush=True)
            os._exit(0)

app = QualcodeApp(Path("nobody-opened-it.qualcode"), coder="ana")
app.driver_class = Terminal
app.run(size=(80, 24))
"""


def test_the_first_frame_is_drawn_before_anything_of_the_project_is_loaded() -> None:
    ran = subprocess.run([sys.executable, "-c", FIRST_FRAME], capture_output=True, check=True)
    loaded = ast.literal_eval(ran.stdout.decode())
    assert set(HEAVY) & set(loaded) == {"textual", "rich"}
    ours = [name for name in loaded if name.startswith("qualcode.")]
    packages = {name.split(".")[1] for name in ours}
    assert packages == {"tui", "text", "errors"}
    screens = {"coding", "desk", "codebook", "agreement", "adjudication", "themes", "search"}
    assert {name for name in ours if name.rpartition(".")[2] in screens} == set()


def test_opening_a_project_needs_neither_pandas_nor_sqlite_utils(tmp_path: Path) -> None:
    path = tmp_path / "p.qualcode"
    create = f"import qualcode; qualcode.create({str(path)!r}, title='t', coder='ana').close()"
    subprocess.run([sys.executable, "-c", create], check=True)
    rare = ("contents", "store.bake", "store.imports", "store.contents")
    opened = loaded_by(
        f"import qualcode; qualcode.open({str(path)!r}).close()\n"
        f"assert not [m for m in {rare!r} if f'qualcode.{{m}}' in sys.modules]"
    )
    assert opened & {"pandas", "numpy", "spacy", "textual", "docx", "sqlite_utils"} == set()
    assert "sqlite3" in opened


def test_counting_themes_loads_no_reader_of_files_and_nothing_that_deletes() -> None:
    count = "import qualcode.project, qualcode.reports.themes"
    unwanted = ("yaml", "qualcode.contents", "qualcode.store.purge", "qualcode.store.bake")
    script = f"import sys\n{count}\nprint([m for m in {unwanted!r} if m in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ast.literal_eval(ran.stdout) == []


def every_command() -> Iterator[tuple[str, click.Command]]:
    context = click.Context(cli)
    for name in COMMANDS:
        command = cli.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            for sub in command.list_commands(context):
                found = command.get_command(context, sub)
                assert found is not None
                yield f"{name} {sub}", found
        else:
            yield name, command


def test_the_lazy_table_has_the_commands_own_help_lines() -> None:
    context = click.Context(cli)
    for name, (_, line) in COMMANDS.items():
        command = cli.get_command(context, name)
        assert command is not None
        assert command.help is not None
        assert command.help.strip().splitlines()[0] == line, name


@pytest.mark.parametrize(
    ("name", "command"), [pytest.param(n, c, id=n) for n, c in every_command()]
)
def test_every_command_has_help_with_an_example(name: str, command: click.Command) -> None:
    assert command.help is not None
    assert "Example:" in command.help
    assert f"qualcode {name}" in command.help


def test_a_public_name_is_what_it_says() -> None:
    import qualcode

    for name in qualcode.__all__:
        assert getattr(qualcode, name) is not None
    with pytest.raises(AttributeError):
        qualcode.nothing  # noqa: B018
