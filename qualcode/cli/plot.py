"""Pictures for papers, with their data beside them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from qualcode.cli.leaving import (
    accepting_options,
    suppress_option,
    without_names,
    without_small_counts,
)
from qualcode.cli.output import PROJECT, busy, emit_json, say, say_notes, table_json
from qualcode.cli.theme_options import Counted, counting_options
from qualcode.errors import UsageProblem

if TYPE_CHECKING:
    from qualcode.model import Table

OPTIONS = {
    "source": "--source", "own": "--own", "include_moderator": "--include-moderator",
    "include_unfinished": "--include-unfinished", "by": "--by", "sort": "--sort",
    "cases": "--cases", "relation": "--relation", "document": "--document",
    "rounds": "--round", "unit": "--unit", "statistic": "--statistic", "suppress": "--suppress",
}  # fmt: skip
"""Argument of a picture → the option that gives it."""


def _list(context: click.Context, parameter: click.Parameter, asked: bool) -> None:
    """Print every picture with what it shows and which options it takes, and end."""
    if not asked or context.resilient_parsing:
        return
    from qualcode.reports.plots import PLOTS

    for name, kind in PLOTS.items():
        takes = " ".join(option for key, option in OPTIONS.items() if key in kind.takes)
        click.echo(f"{name:<13}{kind.line}\n{'':<13}{takes}")
    context.exit()


def _output(command: Any) -> Any:
    """Add where the picture goes and how wide it is."""
    for option in (
        click.option("--force", is_flag=True, help="Replace existing files."),
        click.option("--out", type=PROJECT, help="Draw to a .svg, .png or .pdf file."),
        click.option("--json", "as_json", is_flag=True, help="Print the data; draw nothing."),
    ):
        command = option(command)
    return command


def _counted(command: Callable[..., None]) -> Callable[..., None]:
    return counting_options(command, _output)


@click.command("plot")
@click.argument("name")
@_counted
@click.option("--by", help="frequency: an attribute to group by, a panel for each value.")
@suppress_option
@accepting_options
@click.option("--sort", help="frequency, speakers: codebook (default) or value.")
@click.option("--cases", help="heatmap: document (default) or participant.")
@click.option("--relation", help="cooccurrence, network: turn (default), overlap or near:K.")
@click.option("--document", help="codeline: the document.")
@click.option("--round", "rounds", multiple=True, help="forest, confusion: a round.")
@click.option("--unit", help="forest, confusion: sentence (default), turn, paragraph …")
@click.option("--statistic", help="forest: a coefficient; krippendorff_alpha by default.")
@click.option(
    "--width", type=float, default=183, show_default=True, help="In millimetres; a column has 89."
)
@click.option("--list", is_flag=True, is_eager=True, expose_value=False, callback=_list,
              help="Print what can be drawn, and the options of each.")  # fmt: skip
@click.pass_context
def plot_command(
    context: click.Context,
    /,
    counted: Counted,
    name: str,
    width: float,
    as_json: bool,
    out: Path | None,
    force: bool,
    **asked: Any,
) -> None:
    """Draw a picture of themes or agreement as SVG, PNG or PDF.

    NAME is frequency, heatmap, codeline, speakers, cooccurrence, network, saturation, forest or
    confusion; --list says what each shows. The data drawn are written beside the picture: --out
    F.svg also makes F.csv, and F.csv.meta.json with notes and provenance. The title goes into the
    file, not into the picture, with a description for those who cannot see it; the notes printed
    belong into the caption.

    \b
    Example:
        qualcode plot frequency qualcode-demo/demo.qualcode --by stakeholder_role --out themes.svg
    """
    from qualcode.reports.plots import picture, plot

    accepting = {key: asked.pop(key) for key in ("accept", "reason")}
    kind = plot(name)
    takes = kind.takes
    given = {**counted.what_counts(), **asked}
    wanted = {key for key in given if _on_the_line(context, key)}
    for key in sorted(wanted - takes):
        if key == "suppress":
            raise UsageProblem(f"--suppress does not go with {name}: {kind.not_suppressed}.")
        fits = ", ".join(option for k, option in OPTIONS.items() if k in takes)
        raise UsageProblem(f"{OPTIONS[key]} does not go with {name}, which takes {fits}.")
    if not as_json:
        _require_place(out, width, force)
    elif out is not None:
        raise UsageProblem("Choose --json or --out; the data are written beside the picture.")
    with counted.opened() as project:
        made: Any = None

        def data() -> Table:
            nonlocal made
            with busy("Counting"):
                made = picture(project, name, **{key: given[key] for key in sorted(wanted)})
            table: Table = made.table
            return table

        without_names(project, out, counted.coder, data, **accepting)
        if out is None:
            told = {"name": made.name, "title": made.title, "alt": made.alt}
            emit_json("plot", {**told, **table_json(made.table)})
        else:
            _write(made, out, width=width, force=force)
        if "suppress" in takes and not asked["suppress"]:
            without_small_counts(project, made.table, False, True)


def _on_the_line(context: click.Context, key: str) -> bool:
    return context.get_parameter_source(key) == ParameterSource.COMMANDLINE


def _require_place(out: Path | None, width: float, force: bool) -> None:
    """Refuse before the work what could not be written after it."""
    from qualcode.exporters.csv_file import description_of
    from qualcode.exporters.figures import ENDINGS, NARROWEST, WIDEST
    from qualcode.exporters.files import refuse_to_replace

    if out is None:
        raise UsageProblem("Say where the picture goes: --out F.svg, .png or .pdf.")
    if out.suffix.casefold() not in ENDINGS:
        raise UsageProblem(f"{out} must end in {', '.join(ENDINGS)}.")
    if not NARROWEST <= width <= WIDEST:
        raise UsageProblem(f"--width is from {NARROWEST:g} to {WIDEST:g} millimetres.")
    data = out.with_suffix(".csv")
    for path in (out, data):
        refuse_to_replace(path, force=force)
    beside = description_of(data)
    refuse_to_replace(beside, force=force, what=f"{beside}, which describes {data.name},")


def _write(made: Any, out: Path, *, width: float, force: bool) -> None:
    """The picture and its data, and what belongs into the caption."""
    from qualcode.exporters.figures import PAGE, draw
    from qualcode.exporters.files import new_file
    from qualcode.exporters.spreadsheet import write_table

    kind = out.suffix.casefold()
    with busy("Drawing"):
        drawn = draw(made.drawing, kind, title=made.title, alt=made.alt, width=width)
    data = out.with_suffix(".csv")
    with new_file(out, force=force) as file:
        file.write(drawn.data)
        write_table(made.table, data, schema="plot", force=force, described=True)
    say(f"{made.title}: {out} ({width:g} × {drawn.height:.0f} mm), data in {data}")
    say_notes(made.table.notes)
    if drawn.replaced:
        signs = ", ".join(f"U+{ord(sign):04X}" for sign in drawn.replaced)
        say(f"No installed font can draw {signs}; the picture shows the numbers.")
    if drawn.height > PAGE:
        say(f"The picture is higher than a page ({PAGE:.0f} mm); try a larger --width.")
