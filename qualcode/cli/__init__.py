"""The command line: parse, ask, write. Commands hold no statistics and no SQL.

The table below names every command, the module it lives in and its one-line help, so that
``qualcode --help`` imports nothing but click; a test keeps the help lines equal to the commands'
own. Data goes to stdout, everything else to stderr.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import click

from qualcode import __version__
from qualcode.errors import QualcodeError

COMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("demo", "Run the whole story on the fictional sample study."),
    "init": ("project", "Create a project file."),
    "status": ("project", "Show how far the work has come and the next command."),
    "preview": ("documents", "Show what an import would see; write nothing."),
    "import": ("documents", "Read transcripts, or another program's project, into a project."),
    "documents": ("documents", "List the documents of a project."),
    "labels": ("labels", "Show who speaks under which label of a document, or say it."),
    "participants": ("participants", "Participants and their attributes."),
    "disclosure": ("disclosure", "Look for what would name somebody before anything leaves."),
    "deid": ("deid", "Suggest, review and bake redactions; look for names that are left."),
    "codebook": ("codebook", "The codebook and its frozen versions."),
    "code": ("codings", "Open the coding screen."),
    "serve": ("serve", "Show the screens in a browser, on this machine only."),
    "codings": ("codings", "Codings as a tidy table, in and out."),
    "round": ("rounds", "Rounds of coding, assignments and the finished mark."),
    "agreement": ("agreement", "How far the coders agree, per code and overall."),
    "disagreements": ("disagreements", "List where coders disagree, what moves alpha most first."),
    "adjudicate": (
        "disagreements",
        "Decide where coders disagreed, on a screen; no coding changes.",
    ),
    "themes": ("themes", "Count themes: codings, documents, participants, words."),
    "plot": ("plot", "Draw a picture of themes or agreement as SVG, PNG or PDF."),
    "excerpts": ("excerpts", "Write coded excerpts with their attribution."),
    "search": ("search", "Show every place where TEXT was said, with the words around it."),
    "export": ("export", "Write a report, a workbook, or a project for other programs."),
    "memos": ("memos", "Write down notes, summaries and searches for negative cases."),
    "methods": ("methods", "Write the methods paragraph from what the project holds."),
    "history": ("history", "Who did what, and when."),
    "undo": ("history", "Take back your last action."),
    "redo": ("history", "Repeat what you last took back."),
    "purge": ("purge", "Delete what somebody no longer consents to, for ever."),
    "check": ("project", "Check the project file against its own log."),
    "backup": ("project", "Write a verified copy of a project."),
}


class LazyGroup(click.Group):
    """A group that imports a command's module only when the command is run."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"qualcode.cli.{COMMANDS[cmd_name][0]}")
        command: click.Command = getattr(module, f"{cmd_name}_command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, help_line) for name, (_, help_line) in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        """Run, and show an error raised on purpose as one line with its exit code."""
        try:
            return super().invoke(ctx)
        except QualcodeError as error:
            from qualcode.text.safe import shown

            if ctx.params.get("debug"):
                click.echo("The trace below may hold data of your project.", err=True)
                raise
            click.echo(f"qualcode: {shown(str(error))}", err=True)
            ctx.exit(error.exit_code)
        except click.MissingParameter as error:
            if error.param is not None and error.param.name == "project":
                from pathlib import Path

                from qualcode.text.safe import shown

                here = [shown(path.name) for path in sorted(Path.cwd().glob("*.qualcode"))]
                if here:
                    found = f"In this folder: {', '.join(here)}"
                    raise click.MissingParameter(found, error.ctx, error.param) from None
            raise
        except KeyboardInterrupt:
            ctx.exit(130)


@click.group(
    cls=LazyGroup,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="qualcode")
@click.option("--debug", is_flag=True, help="Show the trace of an error (it may hold data).")
@click.pass_context
def cli(ctx: click.Context, debug: bool) -> None:
    """Code transcripts, see how far coders agree, count themes, report them in Word.

    Without a command: open the screens on the project in this folder.

    \b
    Example:
        qualcode demo
    """
    if ctx.invoked_subcommand is None:
        from qualcode.cli.codings import open_here

        sys.exit(open_here())
