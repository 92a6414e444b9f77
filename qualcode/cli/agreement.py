"""How far coders agree."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Set
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import click
from click.core import ParameterSource

from qualcode.cli.leaving import accepting_options, without_names
from qualcode.cli.output import (
    PROJECT,
    REPORT_OPTIONS,
    emit,
    emit_json,
    report_options,
    say,
    say_notes,
)
from qualcode.errors import UnknownName, UsageProblem
from qualcode.model import Cell, Table
from qualcode.text.plurals import counted
from qualcode.text.safe import shown

if TYPE_CHECKING:
    from qualcode.project import Project

DASH = "–"
SCHEMA = "qualcode.agreement/1"
HEAD = f"agree kappa   AC1 alpha {'limits':<14} prev.     n"
LEGEND = (
    "agree: share of agreeing pairs; limits: of alpha; prev.: share of ratings that say present; "
    "n: units that any coder gave the code."
)


@click.command("agreement")
@click.argument("project", type=PROJECT, required=False)
@click.option("--ratings", type=PROJECT, help="A CSV or XLSX of ratings instead of a project.")
@click.option("--round", "rounds", multiple=True, help="A round; all visible ones if left out.")
@click.option("--code", "codes", multiple=True, help="A code; all of the codebook if left out.")
@click.option("--coder", "coders", multiple=True, help="A coder to compare; all if left out.")
@click.option("--document", "documents", multiple=True, help="Only this document.")
@click.option(
    "--unit",
    help="sentence (default), turn, paragraph, document, window:N (words), character, segment.",
)
@click.option("--overlap", help="Part of a unit to cover: any (default), majority, chars:K.")
@click.option("--roll-up", is_flag=True, help="A code is present where one below it is.")
@click.option("--restrict", help="any-coded: only units that some coder gave some code.")
@click.option("--include-excluded", is_flag=True, help="Count what moderators say, too.")
@click.option("--pool-versions", is_flag=True, help="Also all rounds as one, whatever codebook.")
@click.option("--statistic", "statistics", multiple=True, help="A coefficient; give it again.")
@click.option(
    "--distance",
    "distances",
    multiple=True,
    help="Of krippendorff_alpha_set: nominal, jaccard, masi (default), passonneau2004.",
)
@click.option("--by", multiple=True, help="code, pair, document, round; all but document if none.")
@click.option(
    "--interval",
    help="jackknife, bootstrap-documents, bootstrap-units; gwet, fce or hayes-krippendorff to"
    " compare with others.",
)
@click.option("--confidence", type=float, default=0.95, help="Of the intervals; 0.95 by default.")
@click.option("--resamples", type=int, default=10_000, help="Samples a bootstrap draws.")
@click.option("--seed", type=int, default=1, help="Of the bootstrap; the same seed, same limits.")
@click.option("--layout", help="Ratings: long or wide, instead of finding it.")
@click.option("--categories", metavar="A,B,C", help="Ratings: all values, in their order.")
@click.option("--missing", multiple=True, metavar="CELL", help="Ratings: a cell for no rating.")
@click.option("--level", "measured", help="Ratings: nominal (default), ordinal, interval, ratio.")
@click.option("--weights", help="Ratings: none (default), linear, quadratic, ordinal.")
@click.option(
    "--table", "other", help="Instead of the figures: coder_effects, confusion, coverage."
)
@click.option("--panel", is_flag=True, help="Every unit side by side, and as other programs.")
@click.option("--no-cross-check", is_flag=True, help="Do not recompute alpha with krippendorff.")
@click.option("--fail-under", type=float, help="Exit 3 if a lower limit of alpha is below this.")
@accepting_options
@report_options
def agreement_command(
    project: Path | None, as_json: bool, out: Path | None, force: bool, **options: Any
) -> None:
    """How far the coders agree, per code and overall.

    Each code is one question: did this coder apply it to this unit? Where a coder finished a
    document, no coding means absent; where not, the document is missing for that coder. Every
    figure comes with its counts, prevalence and interval; one that does not exist says why.

    Of a recoding round (named with --round) each coder is compared with their earlier self.
    --table gives what stands behind the figures instead.

    With --ratings a table made in any other tool is compared instead: columns unit, coder, value
    (and document, code), or unit and a column for each coder.

    Coefficients suit work on a codebook. They are no measure of quality for reflexive thematic
    analysis (O'Connor & Joffe 2020).

    \b
    Example:
        qualcode agreement qualcode-demo/demo.qualcode --round "round 2"
    """
    from qualcode.reports.agreement import require_cross_check, require_lower_limit

    if as_json and out is not None:
        raise UsageProblem("Choose --json or --out; --out report.json writes JSON to a file.")
    least, ratings = options.pop("fail_under"), options.pop("ratings")
    other = options.pop("other")
    accepting = {key: options.pop(key) for key in ("accept", "reason")}
    if ratings is not None and accepting["accept"]:
        raise UsageProblem("--accept is for a project, not for --ratings.")

    def leaves(opened: Project, make: Callable[[], Table]) -> Table:
        return without_names(opened, out, None, make, **accepting)

    if other is not None:
        found = _other_table(project, other, options, leaves)
        emit(found, found.name, as_json=as_json, out=out, force=force)
        return
    if options.pop("panel"):
        _show_panel(project, options, leaves, as_json=as_json, out=out, force=force)
        return
    tidy = bool(options["statistics"] or options["by"] or options["unit"] == "segment")
    if (project is None) == (ratings is None):
        raise UsageProblem("Name a project, or --ratings FILE; one of the two.")
    if project is None:
        table = _of_ratings(ratings, options)
    else:
        table = _of_project(project, options, leaves)
    _show(table, as_json=as_json, out=out, force=force, tidy=tidy)
    require_cross_check(table)
    if least is not None:
        require_lower_limit(table, least)


TABLES = ("coder_effects", "confusion", "coverage")
Leaves: TypeAlias = "Callable[[Project, Callable[[], Table]], Table]"
"""Makes a table and refuses it where it names somebody and goes into a file."""


def _other_table(project: Path | None, name: str, options: dict[str, Any], leaves: Leaves) -> Table:
    """What stands behind the figures, as a table of its own."""
    from qualcode.project import open as open_project
    from qualcode.reports import coder_effects
    from qualcode.reports.disagreements import confusion

    if name not in TABLES:
        raise UnknownName("table", name, TABLES)
    if project is None:
        raise UsageProblem("--table tells of a project; name one.")
    if options["pool_versions"]:
        raise UsageProblem("--pool-versions does not go with --table: it has rows for every round.")
    rounds = options["rounds"] or None
    with open_project(project) as opened:
        if name == "coverage":
            _refuse_others({"project", "other", "rounds"}, "does not go with --table coverage")
            return leaves(opened, lambda: coder_effects.coverage(opened, rounds=rounds))
        make = confusion if name == "confusion" else coder_effects.coder_effects
        return leaves(
            opened,
            lambda: make(
                opened,
                rounds=rounds,
                codes=options["codes"] or None,
                coders=options["coders"] or None,
                unit=options["unit"] or "sentence",
                overlap=options["overlap"] or "any",
                documents=options["documents"],
                roll_up=options["roll_up"],
                restrict=options["restrict"],
                include_excluded=options["include_excluded"],
            ),
        )


def _show_panel(
    project: Path | None,
    options: dict[str, Any],
    leaves: Leaves,
    *,
    as_json: bool,
    out: Path | None,
    force: bool,
) -> None:
    """The same codings under every unit, and by other programs' rules."""
    from qualcode.project import open as open_project
    from qualcode.reports.panel import panel

    if project is None:
        raise UsageProblem("--panel compares the units of a project; name one.")
    _refuse_others({"project", "panel", "rounds", "codes", "coders"}, "does not go with --panel")
    with open_project(project) as opened:
        table = leaves(
            opened,
            lambda: panel(
                opened,
                rounds=options["rounds"] or None,
                codes=options["codes"] or None,
                coders=options["coders"] or None,
            ),
        )
    emit(
        table, "panel", as_json=as_json, out=out, force=force,
        shown_columns=["as", "round", "code", "document", "unit", "statistic", "value", "reason",
                       "n_units"],
    )  # fmt: skip


def _refuse_others(taken: Set[str], why: str) -> None:
    """Refuse every option given that would have no effect."""
    context = click.get_current_context()
    for one in context.command.params:
        given = context.get_parameter_source(str(one.name)) is ParameterSource.COMMANDLINE
        if given and one.name not in taken | REPORT_OPTIONS | {"accept", "reason"}:
            raise UsageProblem(f"{one.opts[0]} {why}.")


OF_RATINGS = {
    "layout": "--layout", "categories": "--categories", "missing": "--missing",
    "measured": "--level", "weights": "--weights",
}  # fmt: skip
OF_PROJECT = {
    "rounds": "--round", "documents": "--document", "unit": "--unit", "overlap": "--overlap",
    "distances": "--distance",
    "roll_up": "--roll-up", "restrict": "--restrict", "include_excluded": "--include-excluded",
    "pool_versions": "--pool-versions",
}  # fmt: skip


def _shared(options: dict[str, Any], aside: dict[str, str], why: str) -> dict[str, Any]:
    """What project and file take alike; an option that only the other takes is refused."""
    for name, spelt in aside.items():
        if options[name]:
            raise UsageProblem(f"{spelt} {why}.")
    return {
        "codes": options["codes"] or (),
        "coders": options["coders"] or (),
        "interval": options["interval"],
        "level": options["confidence"],
        "seed": options["seed"],
        "resamples": options["resamples"],
        "check": not options["no_cross_check"],
        "statistics": options["statistics"],
        "by": options["by"],
    }


def _of_project(project: Path, options: dict[str, Any], leaves: Leaves) -> Table:
    from qualcode.project import open as open_project
    from qualcode.reports.agreement import agreement

    shared = _shared(options, OF_RATINGS, "is for --ratings only")
    shared["codes"], shared["coders"] = shared["codes"] or None, shared["coders"] or None
    with open_project(project) as opened:
        return leaves(
            opened,
            lambda: agreement(
                opened,
                rounds=options["rounds"] or None,
                unit=options["unit"] or "sentence",
                overlap=options["overlap"] or "any",
                documents=options["documents"],
                distances=options["distances"],
                roll_up=options["roll_up"],
                restrict=options["restrict"],
                include_excluded=options["include_excluded"],
                pool_versions=options["pool_versions"],
                **shared,
            ),
        )


def _of_ratings(ratings: Path, options: dict[str, Any]) -> Table:
    from qualcode.reports.ratings_file import agreement_of_ratings

    shared = _shared(options, OF_PROJECT, "is for a project, not for --ratings")
    return agreement_of_ratings(
        ratings,
        layout=options["layout"],
        categories=[one.strip() for one in (options["categories"] or "").split(",") if one.strip()],
        missing=options["missing"],
        measured=options["measured"] or "nominal",
        weights=options["weights"] or "none",
        **shared,
    )


TIDY = [
    "round", "scope", "code", "document", "coder_a", "coder_b", "statistic", "value", "ci_low",
    "ci_high", "reason", "n_units",
]  # fmt: skip
"""Columns of the readable table where figures were chosen."""


def _show(table: Table, *, as_json: bool, out: Path | None, force: bool, tidy: bool) -> None:
    from qualcode.reports.agreement import agreement_json, agreement_wide

    if as_json:
        emit_json("agreement", agreement_json(table))
    elif out is not None and out.suffix.casefold() == ".json":
        _write_json(agreement_json(table), out, force)
    elif out is not None or tidy:
        used = [name for name in TIDY if any(cell is not None for cell in table.column(name))]
        emit(table, "agreement", as_json=False, out=out, force=force, shown_columns=used)
    else:
        for line in lines(agreement_wide(table), shutil.get_terminal_size().columns):
            click.echo(line)
        say_notes([LEGEND, *table.notes])


def _write_json(content: dict[str, Any], out: Path, force: bool) -> None:
    """Write the very object that ``--json`` prints."""
    from qualcode.exporters.files import new_file

    answer = json.dumps(
        {"schema": SCHEMA, **content}, ensure_ascii=False, allow_nan=False, indent=1
    )
    with new_file(out, force=force) as file:
        file.write(answer.encode() + b"\n")
    say(f"{counted(len(content['rows']), 'row')} written to {out}")


def lines(wide: Table, width: int) -> list[str]:
    """The wide agreement table for a terminal; what does not exist is said in words.

    Args:
        wide: What ``reports.agreement.agreement_wide`` gave.
        width: Columns of the terminal; only the names of codes give way.
    """
    rows = list(wide)
    names = [_name(row) for row in rows]
    room = max(8, min(max(map(len, names), default=0), width - len(HEAD) - 1))
    shown_lines: list[str] = []
    for round_ in dict.fromkeys(row["round"] for row in rows):
        title = "all rounds together" if round_ == "*" else shown(str(round_))
        shown_lines += ["", title] if shown_lines else [title]
        shown_lines.append(f"{'code':<{room}} {HEAD}")
        shown_lines += [
            f"{_cut(name, room):<{room}} {_figures(row)}"
            for row, name in zip(rows, names, strict=True)
            if row["round"] == round_
        ]
    return shown_lines


def _name(row: dict[str, Cell]) -> str:
    return "all codes" if row["code"] == "*" else shown(str(row["code"]))


def _cut(name: str, room: int) -> str:
    return name if len(name) <= room else f"{name[: room - 1]}…"


def _figures(row: dict[str, Cell]) -> str:
    low, high = row["ci_low"], row["ci_high"]
    limits = "" if row["reason"] is None else str(row["reason"])
    if low is not None and high is not None:
        limits = f"[{_number(low)}, {_number(high)}]"
    return (
        f"{_number(row['percent_agreement']):>5} {_number(row['kappa']):>5} "
        f"{_number(row['gwet_ac1']):>5} {_number(row['alpha']):>5} {limits:<14} "
        f"{_number(row['prevalence']):>5} {DASH if row['n_any'] is None else row['n_any']:>5}"
    )


def _number(value: Cell) -> str:
    """Three decimals without a leading zero, as papers print coefficients; a dash for none."""
    if not isinstance(value, int | float):
        return DASH
    text = f"{round(value, 3) + 0.0:.3f}"  # + 0.0: no "-0.000"
    return text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text
