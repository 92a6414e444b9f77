"""What all theme commands ask: whose codings, what counts, who looks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qualcode.cli.output import PROJECT, identified_option, report_options, shown_as

if TYPE_CHECKING:
    from qualcode.project import Project


@dataclass(frozen=True, slots=True)
class Counted:
    """The shared answers of one theme command."""

    project: Path
    source: str
    own: bool
    include_moderator: bool
    include_unfinished: bool
    coder: str | None
    identified: str | None

    @contextmanager
    def opened(self) -> Iterator[Project]:
        """The project, open with the coder's eyes, redactions lifted where a reason is given."""
        from qualcode.project import open as open_project

        with open_project(self.project, coder=self.coder) as project:
            shown_as(project, self.identified, self.coder)
            yield project

    def what_counts(self) -> dict[str, Any]:
        """The arguments that every theme report takes."""
        return {
            "source": self.source,
            "own": self.own,
            "include_moderator": self.include_moderator,
            "include_unfinished": self.include_unfinished,
        }


def theme_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add PROJECT and the options that say what counts; the command gets them as ``counted``.

    Its own options stand between this decorator and the function; ``as_json``, ``out`` and
    ``force`` come along, as from ``report_options``.
    """
    return counting_options(command, report_options)


def counting_options(
    command: Callable[..., None], output: Callable[[Any], Any]
) -> Callable[..., None]:
    """As ``theme_options``, for a command with other options of output than a table has.

    Args:
        output: Adds those options to a command.
    """

    @wraps(command)
    def wrapped(
        project: Path,
        source: str,
        own: bool,
        include_moderator: bool,
        include_unfinished: bool,
        coder: str | None,
        identified: str | None,
        **others: Any,
    ) -> None:
        counted = Counted(
            project, source, own, include_moderator, include_unfinished, coder, identified
        )
        command(counted, **others)

    made: Any = wrapped
    own_options = made.__dict__.pop("__click_params__", [])  # click shows what is added last first
    made = identified_option(output(made))
    for option in (
        click.option("--coder", help="Whose codings of a round that is still blind may be read."),
        click.option(
            "--include-unfinished", is_flag=True, help="Read documents nobody has finished."
        ),
        click.option("--include-moderator", is_flag=True, help="Count what moderators say, too."),
        click.option("--own", is_flag=True, help="Count a code without the codes below it."),
        click.option(
            "--source",
            default="reading",
            help="reading (default), consensus, majority or coder:NAME.",
        ),
    ):
        made = option(made)
    made.__click_params__ += own_options
    finished: Callable[..., None] = click.argument("project", type=PROJECT)(made)
    return finished
