"""The screens in a browser."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import click

from qualcode.cli.codings import who_codes
from qualcode.cli.output import PROJECT, coder_option, say


@click.command("serve")
@click.argument("project", type=PROJECT)
@click.option(
    "--port", type=click.IntRange(1, 65535), help="Port on 127.0.0.1; a free one if left out."
)
@click.option("--no-open", is_flag=True, help="Print the address only; open no browser.")
@coder_option
def serve_command(project: Path, port: int | None, no_open: bool, coder: str | None) -> None:
    """Show the screens in a browser, on this machine only.

    The address that is printed holds a token: whoever has it, on this machine, codes as you. One
    window at a time has the screens; closing it, or Ctrl+C here, ends them.

    \b
    Example:
        qualcode serve qualcode-demo/demo.qualcode --coder you
    """
    name = who_codes(project, coder)
    from qualcode.tui.serving.opening import can_open, opened
    from qualcode.tui.serving.server import serve

    with ExitStack() as until_the_end:

        def ready(address: str) -> None:
            say(f"{project} for {name}, on this machine only. Ctrl+C ends it. Open:")
            click.echo(address)
            if not no_open and can_open():
                until_the_end.enter_context(opened(address))

        serve(project, coder=name, port=port, ready=ready)
