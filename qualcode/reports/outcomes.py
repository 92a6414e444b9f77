"""Tables of figures to set beside themes: outcomes measured elsewhere, and how the two fit."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from qualcode.errors import InputProblems, Problem
from qualcode.formats.cells import read_csv

COLUMNS = ("attribute", "value", "measure", "amount", "unit", "n", "period", "source")
FITS = ("confirms", "expands", "discordant")
"""How figures and themes meet (Fetters, Curry & Creswell 2013)."""

Place: TypeAlias = tuple[str, str, str, str]
"""Attribute, value, measure and period of an outcome, lower case."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One figure of one group, as a table of outcomes gives it."""

    line: int
    attribute: str
    value: str
    measure: str
    amount: float
    unit: str
    n: int | None
    """How many it was measured on; None where the table does not say."""

    period: str
    source: str

    def place(self, shown: Callable[[str], str] = str) -> Place:
        """What tells it from all others of its table; ``shown`` is how its words look."""
        return (
            shown(self.attribute).casefold(), shown(self.value).casefold(),
            shown(self.measure).casefold(), shown(self.period).casefold(),
        )  # fmt: skip


def read_outcomes(path: Path) -> list[Outcome]:
    """Read the columns ``COLUMNS`` of a CSV file, in file order; others are left alone.

    Raises:
        InputProblems: All at once, with their lines: an amount that is no number, an ``n`` that is
            no whole number, an empty attribute, value or measure, the same outcome twice.
    """
    problems: list[Problem] = []
    found: dict[Place, Outcome] = {}
    for line, row in read_csv(path, required=COLUMNS):
        cells = {name: row[name].strip() for name in COLUMNS}
        empty = [name for name in ("attribute", "value", "measure") if not cells[name]]
        problems += [Problem(line, f'the column "{name}" is empty.') for name in empty]
        amount, n = _number(cells["amount"]), _whole(cells["n"])
        if amount is None:
            problems.append(Problem(line, f'the amount "{cells["amount"]}" is not a number.'))
        if n is None and cells["n"]:
            problems.append(Problem(line, f'n is "{cells["n"]}", not a whole number.'))
        at, value, measure, period = (
            cells[name].casefold() for name in ("attribute", "value", "measure", "period")
        )
        key = (at, value, measure, period)
        if key in found:
            problems.append(
                Problem(line, f"this outcome is there already (line {found[key].line}).")
            )
        elif amount is not None:
            found[key] = Outcome(
                line, cells["attribute"], cells["value"], cells["measure"], amount, cells["unit"],
                n, cells["period"], cells["source"],
            )  # fmt: skip
    if not found and not problems:
        problems.append(Problem(0, "there is no outcome in it."))
    if problems:
        raise InputProblems(path, problems)
    return list(found.values())


def read_fits(
    path: Path,
    outcomes: Sequence[Outcome],
    codes: Mapping[str, str],
    shown: Callable[[str], str],
) -> dict[tuple[str, Place], tuple[str, str]]:
    """Read what people wrote into a joint display: ``fit`` and ``interpretation`` of its rows.

    Args:
        path: The display as CSV, filled in; rows where both are empty say nothing.
        outcomes: Those of the display.
        codes: What a code may be called, lower case → the code.
        shown: How a text looks in a table that left: the display may have names as labels.

    Returns:
        (Code, place) → its fit, one of ``FITS`` or "", and its interpretation.

    Raises:
        InputProblems: All at once, with their lines: a fit that is none, a code or an outcome that
            is not in the display, a row twice.
    """
    known = {one.place(look): one.place() for one in outcomes for look in (shown, str)}
    problems: list[Problem] = []
    found: dict[tuple[str, Place], tuple[str, str]] = {}
    required = ("code", "attribute", "value", "measure", "period", "fit", "interpretation")
    for line, row in read_csv(path, required=required):
        fit, words = row["fit"].strip().casefold(), row["interpretation"].strip()
        if not fit and not words:
            continue
        if fit and fit not in FITS:
            problems.append(
                Problem(line, f'fit is "{row["fit"].strip()}"; it can be {", ".join(FITS)}.')
            )
        code = codes.get(row["code"].strip().casefold())
        of = [row[name].strip() for name in required[1:5]]
        place = known.get((of[0].casefold(), of[1].casefold(), of[2].casefold(), of[3].casefold()))
        if code is None:
            problems.append(Problem(line, f'there is no code "{row["code"].strip()}".'))
            continue
        if place is None:
            told = " · ".join(filter(None, of))
            problems.append(Problem(line, f'the table of outcomes has no "{told}".'))
            continue
        key = (code, place)
        if key in found:
            problems.append(Problem(line, "this row of the display is there twice."))
        found[key] = (fit, words)
    if problems:
        raise InputProblems(path, problems)
    return found


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _whole(text: str) -> int | None:
    value = _number(text)
    return int(value) if value is not None and value.is_integer() and value >= 0 else None
