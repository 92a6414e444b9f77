"""Pictures of agreement: a forest of coefficients with their intervals, codes taken for others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from qualcode.exporters.figures.records import Dot, Dots, Grid, Line, Panel, Square
from qualcode.model import Cell, Table
from qualcode.reports.agreement import WORDS, agreement
from qualcode.reports.disagreements import confusion
from qualcode.reports.pictured import Names, Picture, extremes, require
from qualcode.reports.wording import figure

if TYPE_CHECKING:
    from qualcode.project import Project

ALPHA = "krippendorff_alpha"
NAMED = {
    ALPHA: "Krippendorff’s alpha", "cohen_kappa": "Cohen’s kappa", "gwet_ac1": "Gwet’s AC1",
}  # fmt: skip
THRESHOLDS = (0.667, 0.8)
"""Krippendorff's: tentative conclusions from the first on, reliable from the second."""

ALL = "*"


def forest_picture(
    project: Project,
    *,
    rounds: Sequence[str] = (),
    unit: str = "sentence",
    statistic: str = ALPHA,
) -> Picture:
    """Draw agreement on each code with its interval, a panel for each round.

    Args:
        rounds: Names of rounds; none: as for ``reports.agreement``.
        unit: As for ``reports.agreement``.
        statistic: One coefficient, by its name there.
    """
    table = agreement(
        project, rounds=rounds or None, unit=unit, statistics=(statistic,), by=("code", "round"),
        check=False,
    )  # fmt: skip
    names = Names(project)
    rows = [row for row in table if row["statistic"] == statistic]
    kept = [tuple(row[name] for name in table.columns) for row in rows]
    table = Table("forest", table.columns, kept, table.notes, table.provenance)
    reasons = dict.fromkeys(WORDS.get(str(r["reason"]), str(r["reason"])) for r in rows)
    defined = [row for row in rows if row["value"] is not None]
    require(defined, f"{statistic} does not exist for any code: {', '.join(reasons)}.")
    found: dict[str, dict[str, dict[str, Cell]]] = {}
    for row in rows:
        found.setdefault(_heading(row), {})[str(row["code"])] = row
    order = names.sorted(row["code"] for row in rows if row["code"] != ALL)
    order += [ALL] * any(ALL in each for each in found.values())
    panels = [
        Panel(name, _below(each), [_dot(each.get(code)) for code in order])
        for name, each in found.items()
    ]
    words = NAMED.get(statistic, statistic.replace("_", " "))
    alphas = statistic == ALPHA
    low = _floor(panels)
    drawing = Dots(
        [Line("all codes", bold=True) if c == ALL else names.line(c) for c in order],
        panels, low, 1.0, _ticks(low), words, THRESHOLDS if alphas else (),
        key=_key(rows, alphas),
    )  # fmt: skip
    last = found[list(found)[-1]]
    told = [
        (float(str(row["value"])), f"{names.title(code)} ({_dot(row).text})")
        for code, row in last.items()
        if row["value"] is not None and code != ALL
    ]
    alt = (
        f"{words} of {len(order) - (ALL in order)} codes with intervals, "
        f"{', '.join(found)}; of the last: {extremes(told)}"
    )
    return Picture("forest", f"{_capitals(words)} of Each Code", alt, table, drawing)


def _heading(row: Mapping[str, Cell]) -> str:
    if row["scope"] == "stability":
        return f"{row['round']}: {row['coder_a']} and {row['coder_b']}"
    return str(row["round"])


def _below(each: Mapping[str, Mapping[str, Cell]]) -> str:
    counts = [row["n_documents"] for code, row in each.items() if code != ALL]
    most = max((n for n in counts if isinstance(n, int)), default=0)
    return f"N = {most} document{'s' * (most != 1)}"


def _dot(row: Mapping[str, Cell] | None) -> Dot:
    """The figure with its limits in words; what does not exist says why."""
    if row is None:
        return Dot(None, "not in this round")
    value, low, high = row["value"], row["ci_low"], row["ci_high"]
    if not isinstance(value, float):
        reason = str(row["reason"])
        return Dot(None, f"not defined: {WORDS.get(reason, reason.replace('_', ' '))}")
    text = figure(value)
    if isinstance(low, float) and isinstance(high, float):
        return Dot(value, f"{text} [{figure(low)}, {figure(high)}]", low, high)
    return Dot(value, f"{text} [–]")


def _key(rows: Sequence[Mapping[str, Cell]], alphas: bool) -> str:
    """What the marks mean, as far as they occur."""
    undefined = any(row["value"] is None for row in rows)
    without = any(row["value"] is not None and row["ci_low"] is None for row in rows)
    level = next((row["ci_level"] for row in rows if row["ci_level"] is not None), None)
    said = [
        f"Lines: {100 * level:g} % intervals." if isinstance(level, float) else "",
        "Hollow, [–]: no interval exists." if without else "",
        "×: the figure does not exist." if undefined else "",
        "Dashed: .667 and .8 (Krippendorff)." if alphas else "",
    ]
    return " ".join(filter(None, said))


def _floor(panels: Sequence[Panel]) -> float:
    """Where the scale begins: at 0, or as far below as a figure lies, but never below -1."""
    lows = [
        d.value if d.low is None else d.low for p in panels for d in p.dots if d.value is not None
    ]
    least = min([0.0, *lows])
    return 0.0 if least >= 0 else (-0.25 if least >= -0.25 else (-0.5 if least >= -0.5 else -1.0))


def _capitals(words: str) -> str:
    """Each word with a capital, as captions are; what has one further on keeps it."""
    return " ".join(word[:1].upper() + word[1:] for word in words.split())


def _ticks(low: float) -> list[tuple[float, str]]:
    below = [] if low == 0 else [(low, figure(low))]
    return [(0.0, "0"), (1.0, "1"), (0.5, ".5"), *below]


def confusion_picture(
    project: Project, *, rounds: Sequence[str] = (), unit: str = "sentence", **how: Any
) -> Picture:
    """Draw how often one coder used one code where another used the other instead.

    Args:
        rounds: A round; none: the last that may be compared and holds such units.
        unit: As for ``reports.confusion``.
    """
    table = confusion(project, rounds=rounds or None, unit=unit, **how)
    held = [str(row["round"]) for row in table]
    compared = [r for r in table.provenance["round"] if r in held]
    require(compared, "No coder used one code where another used another: nothing to draw.")
    chosen = compared[-1]
    rows = [row for row in table if row["round"] == chosen]
    kept = [tuple(row[name] for name in table.columns) for row in rows]
    table = Table("confusion", table.columns, kept, table.notes, table.provenance)
    names = Names(project)
    order = names.sorted(code for row in rows for code in (row["code_a"], row["code_b"]))
    counts = {frozenset((row["code_a"], row["code_b"])): row["n"] for row in rows}
    squares = [[_square(counts.get(frozenset((a, b)), 0)) for b in order] for a in order]
    drawing = Grid(
        [names.line(code, tree=False) for code in order],
        [names.title(code) for code in order], squares, True,
        f"Number of {unit}s × pairs of coders in which one used only the one code, the other only "
        "the other.",
    )  # fmt: skip
    most = [f"{names.title(r['code_a'])} and {names.title(r['code_b'])} ({r['n']})" for r in rows]
    alt = (
        f"Triangle of {len(order)} codes: how often one coder used one code where another used "
        f"the other, {chosen}. Most: {', '.join(most[:5])}."
    )
    title = f"Codes That Coders Used in Place of One Another, {chosen}"
    return Picture("confusion", title, alt, table, drawing)


def _square(value: Cell) -> Square:
    return Square(float(str(value)), f"{value:,}")
