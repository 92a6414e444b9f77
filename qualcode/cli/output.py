"""How commands show what they found: a table on the terminal, JSON, or a file by its ending."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Any, TypeVar

import click

from qualcode.errors import UsageProblem
from qualcode.model import Cell, DifferingValue, ReadingWarning, Table
from qualcode.text.plurals import counted
from qualcode.text.safe import shown

if TYPE_CHECKING:
    from qualcode.project import Project

Item = TypeVar("Item")
Command = TypeVar("Command", bound=Callable[..., Any])

PROJECT = click.Path(path_type=Path)
CSV = "qualcode.csv"
"""Where the options of a CSV file lie in the context of a command."""

LONG = 60
"""Characters of a memo or an excerpt in a readable table."""

WHOLE_WORD = 16
"""Words up to this long are not broken in a readable table."""


REPORT_OPTIONS = frozenset({"as_json", "out", "force", "bom", "raw"})
"""Parameters that ``report_options`` adds."""


def report_options(command: Command) -> Command:
    """Add ``--json``, ``--out``, ``--force``, ``--bom`` and ``--raw``: every reporting command's.

    The last two say how a CSV file is written; ``emit`` finds them, the command itself need not
    know of them.
    """

    @wraps(command)
    def checked(*arguments: Any, bom: bool, raw: bool, **options: Any) -> Any:
        out = options.get("file") or options["out"]
        for given, name in ((bom, "--bom"), (raw, "--raw")):
            if given and (out is None or out.suffix.casefold() != ".csv"):
                raise UsageProblem(f"{name} says how CSV is written; give --out FILE.csv with it.")
        click.get_current_context().meta[CSV] = {"bom": bom, "raw": raw}
        return command(*arguments, **options)

    made: Any = checked
    for option in (
        click.option("--raw", is_flag=True, help="CSV: no ' before what looks like a formula."),
        click.option("--bom", is_flag=True, help="CSV: begin with the mark older Excel needs."),
        click.option("--force", is_flag=True, help="Replace an existing file."),
        click.option(
            "--out", type=PROJECT, help="Write to a .csv, .xlsx, .json, .html or .parquet file."
        ),
        click.option("--json", "as_json", is_flag=True, help="Print one JSON object."),
    ):
        made = option(made)
    return made  # type: ignore[no-any-return]


def coder_option(command: Command) -> Command:
    """Add ``--coder``, who acts; see ``Project.acting`` for what holds without it."""
    return click.option("--coder", help="Who acts; needed once, then remembered.")(command)


def identified_option(command: Command) -> Command:
    """Add ``--identified``, which lifts the redactions of one export; see ``shown_as``."""
    return click.option(
        "--identified",
        metavar="REASON",
        help="Show names as they were said, not as labels; the reason is logged.",
    )(command)


def shown_as(project: Project, identified: str | None, coder: str | None = None) -> None:
    """Lift the redactions where a reason is given; it goes into the log and the provenance."""
    if identified is not None:
        project.identify(identified, by=project.acting(coder))


def say(message: str) -> None:
    """Tell the researcher something that is not data: on stderr, control characters visible."""
    click.echo(shown(message), err=True)


def say_notes(notes: Iterable[str]) -> None:
    """Tell what belongs to a table; where a person is watching, no line breaks within a word."""
    width = shutil.get_terminal_size().columns if sys.stderr.isatty() else None
    for note in notes:
        say(note if width is None else _in_lines(shown(note), width))


def _in_lines(text: str, width: int) -> str:
    """The text in lines of so many characters; a path or name that is longer stays whole."""
    lines = text.split("\n")
    return "\n".join(
        fill(line, width, break_long_words=False, break_on_hyphens=False) for line in lines
    )


def say_differing(values: Iterable[DifferingValue], what_happens: str) -> None:
    """List the attribute values in which a file and the project differ."""
    for value in values:
        say(
            f'  {value.participant}: {value.attribute} is "{value.stored}" here and "{value.given}"'
            f" in the file ({what_happens})."
        )


def say_warnings(warnings: Iterable[ReadingWarning]) -> None:
    """List what was uncertain in a file, with its lines."""
    for warning in warnings:
        at = f" (line {warning.line})" if warning.line else ""
        say(f"  {warning.message}{at}")


def progress(items: Sequence[Item], what: str) -> Iterator[Item]:
    """Give the items one by one, with a bar on stderr where a person is watching."""
    if not sys.stderr.isatty() or len(items) < 2:
        yield from items
        return
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    yield from track(items, description=what, console=console, transient=True)


@contextmanager
def busy(what: str) -> Iterator[None]:
    """Show on stderr that something is being done, where a person is watching."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console
    from rich.text import Text

    with Console(stderr=True).status(Text(f"{what} …")):
        yield


def emit_json(schema: str, content: Mapping[str, Any]) -> None:
    """Print one JSON object; numbers are not rounded, undefined is null."""
    answer = {"schema": f"qualcode.{schema}/1", **content}
    click.echo(json.dumps(answer, ensure_ascii=False, allow_nan=False, indent=1))


def table_json(table: Table) -> dict[str, Any]:
    """The JSON body of a table: columns, one object per row, notes and provenance."""
    return {
        "columns": list(table.columns),
        "rows": table.records(),
        "notes": list(table.notes),
        "provenance": dict(table.provenance),
    }


def emit(
    table: Table,
    schema: str,
    *,
    as_json: bool,
    out: Path | None,
    force: bool,
    shown_columns: Sequence[str] | None = None,
    readable: Mapping[str, Callable[[Cell], Cell]] | None = None,
) -> None:
    """Give a table to whoever asked: a file, JSON, or a readable table with its notes.

    Args:
        shown_columns: Columns of the readable table; all of them if None. Files and JSON always
            hold every column.
        readable: How cells of a column look in the readable table, where not as they are.
    """
    if as_json and out is not None:
        raise UsageProblem("Choose --json or --out; --out report.json writes JSON to a file.")
    if as_json:
        emit_json(schema, table_json(table))
        return
    if out is not None:
        from qualcode.exporters.csv_file import Csv
        from qualcode.exporters.spreadsheet import write_table

        how = Csv(**click.get_current_context().meta.get(CSV, {}))
        _, *beside = write_table(table, out, schema=schema, force=force, csv=how, described=True)
        also = f"; columns, notes and provenance to {beside[0]}" if beside else ""
        say(f"{counted(len(table), 'row')} written to {out}{also}")
        return
    print_table(table if shown_columns is None else table.select(shown_columns), readable)
    say_notes(table.notes)


def cell_text(value: Cell) -> str:
    """A cell as a person reads it: three decimals, a dash for what does not exist."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.3f}"
    return shown(str(value)).replace("\n", " ")


def minute(at: Cell) -> Cell:
    """A time of the log to the minute, as a person reads it; UTC as all times of the log."""
    return at[:16].replace("T", " ") if isinstance(at, str) else at


def start_of(text: Cell) -> Cell:
    """The beginning of a long text, on one line; what is cut ends in ``…``."""
    line = " ".join(str(text).split()) if text is not None else ""
    return (line if len(line) <= LONG else line[: LONG - 1].rstrip() + "…") or None


def print_table(table: Table, readable: Mapping[str, Callable[[Cell], Cell]] | None = None) -> None:
    """Print a table to stdout, as wide as the terminal allows; nothing in it is interpreted."""
    from rich import box
    from rich.console import Console
    from rich.table import Table as Drawn
    from rich.text import Text

    drawn = Drawn(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    numeric = [
        any(isinstance(row[i], int | float) and not isinstance(row[i], bool) for row in table.rows)
        for i in range(len(table.columns))
    ]
    as_read = readable or {}
    cells = [
        [
            cell_text(as_read[name](value) if name in as_read else value)
            for name, value in zip(table.columns, row, strict=True)
        ]
        for row in table.rows
    ]
    for i, (name, is_number) in enumerate(zip(table.columns, numeric, strict=True)):
        heading = name.replace("_", " ")
        words = [word for text in (heading, *(row[i] for row in cells)) for word in text.split()]
        drawn.add_column(
            Text(heading),
            justify="right" if is_number else "left",
            overflow="fold",
            no_wrap=is_number,
            min_width=min(max(map(len, words), default=1), WHOLE_WORD),
        )
    for row in cells:
        drawn.add_row(*map(Text, row))
    console = Console(markup=False, highlight=False, emoji=False)
    if not console.is_terminal:  # a pipe has no width: keep every column whole
        wide = console.options.update(width=100_000)
        console.width = max(console.measure(drawn, options=wide).maximum, 80)
    console.print(drawn)
