"""Ratings made in any other tool, from CSV or XLSX: units × coders, ready to be compared.

Two layouts are read. *Long*: a row for each rating, columns ``unit``, ``coder``, ``value``, and
``document`` and ``code`` where there are any. *Wide*: a row for each unit, columns ``unit``,
``document`` and ``code`` where there are any, and then one for each coder.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from qualcode.errors import InputProblems, Problem, UnknownName
from qualcode.importers.tables import read_records
from qualcode.text.plurals import counted

Layout: TypeAlias = Literal["long", "wide"]
LAYOUTS: tuple[str, ...] = get_args(Layout)
NUMERIC = ("interval", "ratio")
"""Levels of measurement whose values are numbers."""

SMALLEST, LARGEST = 1e-100, 1e100
"""Numbers whose squares still are numbers."""

LONG = ("unit", "coder", "value")
UNITS = ("unit", "item", "id", "case")
"""What the column of units may be called."""

Category: TypeAlias = str | float


@dataclass(frozen=True, slots=True, repr=False)
class RatingsFile:
    """Ratings as a file has them."""

    codes: tuple[str, ...]
    """One empty name where the file is about one question."""

    coders: tuple[str, ...]
    """In the order of the file."""

    units: tuple[str, ...]
    documents: tuple[str, ...] | None
    """For each unit its document; None where the file names none."""

    categories: tuple[Category, ...]
    """The declared values in order, used or not; else those that occur, sorted."""

    values: NDArray[np.int64]
    """``(codes, units, coders)``: positions in ``categories``, -1 missing."""

    layout: Layout
    warnings: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"<RatingsFile {len(self.units)} units, {len(self.coders)} coders>"


@dataclass(frozen=True, slots=True)
class _Rating:
    line: int
    unit: str
    document: str
    code: str
    coder: str
    value: str


def read_ratings(
    path: Path,
    *,
    layout: str | None = None,
    level: str = "nominal",
    categories: Sequence[str] = (),
    missing: Sequence[str] = (),
) -> RatingsFile:
    """Read a table of ratings.

    Args:
        layout: ``long`` or ``wide``; None finds it in the columns.
        level: Level of measurement; ``interval`` and ``ratio`` need numbers.
        categories: The values in order, unused ones too; none: those that occur.
        missing: Cells that mean "did not rate", besides empty ones. "NA" is a value unless it is
            named here.

    Raises:
        InputProblems: All problems, each with its line: conflicting ratings of one unit by one
            coder, undeclared values, text at a numeric level, one coder alone, an unknown header.
        UnknownName: There is no such layout.
    """
    if layout is not None and layout not in LAYOUTS:
        raise UnknownName("layout", layout, LAYOUTS)
    records = read_records(path)
    if not records:
        raise InputProblems(path, [Problem(0, "There are no ratings.")])
    header = list(records[0][1])
    folded = {name.strip().casefold(): name for name in reversed(header)}
    chosen = layout or ("long" if {"coder", "value"} <= folded.keys() else "wide")
    unit = next((folded[name] for name in UNITS if name in folded), None)
    wanted = [name for name in LONG if name != "unit" and name not in folded]
    half_long = layout is None and chosen == "wide" and bool({"coder", "value"} & folded.keys())
    if unit is None or half_long or (chosen == "long" and wanted):
        chosen = "long" if half_long else chosen
        raise InputProblems(path, [Problem(1, _unknown_header(header, chosen))])
    if chosen == "long":
        ratings = _long(records, folded, unit)
    else:
        ratings = _wide(records, folded, unit, header)
    blank = {"", *missing}
    problems = [
        Problem(one.line, f"{what} is empty.")
        for one in ratings
        for what, text in (("unit", one.unit), ("coder", one.coder))
        if not text
    ]
    coders = tuple(dict.fromkeys(one.coder for one in ratings))
    if len(coders) < 2:
        who = f"only {coders[0]}" if coders else "none"
        problems.append(Problem(1, f"Two coders or more are compared; the file has {who}."))
    kept = [one for one in ratings if one.value not in blank]
    if not kept and not problems:
        problems.append(Problem(0, "There are no ratings: every cell is empty or missing."))
    domain, wrong = _domain(kept, level, categories)
    kept, collapsed, conflicting = _once(kept)
    problems += [*wrong, *conflicting]
    if problems:
        raise InputProblems(path, problems)
    return _table(ratings, kept, coders, domain, chosen, collapsed)


def _unknown_header(header: Sequence[str], layout: str) -> str:
    seen = ", ".join(f'"{name}"' for name in header)
    return f"The columns are {seen}. A {layout} table of ratings has " + (
        "unit, coder and value (and document, code where there are any)."
        if layout == "long"
        else "unit (document, code where there are any), and then a column for each coder."
    )


def _long(
    records: Sequence[tuple[int, Mapping[str, str]]], folded: Mapping[str, str], unit: str
) -> list[_Rating]:
    def cell(row: Mapping[str, str], name: str) -> str:
        return row[folded[name]].strip() if name in folded else ""

    return [
        _Rating(
            line, row[unit].strip(), cell(row, "document"), cell(row, "code"), cell(row, "coder"),
            cell(row, "value"),
        )
        for line, row in records
    ]  # fmt: skip


def _wide(
    records: Sequence[tuple[int, Mapping[str, str]]],
    folded: Mapping[str, str],
    unit: str,
    header: Sequence[str],
) -> list[_Rating]:
    document, code = folded.get("document"), folded.get("code")
    coders = [name for name in header if name not in (unit, document, code)]
    return [
        _Rating(
            line, row[unit].strip(), row[document].strip() if document else "",
            row[code].strip() if code else "", coder.strip(), row[coder].strip(),
        )
        for line, row in records
        for coder in coders
    ]  # fmt: skip


def _domain(
    ratings: Sequence[_Rating], level: str, declared: Sequence[str]
) -> tuple[dict[str, Category], list[Problem]]:
    """Value as written → category, in the order of the categories; and what is wrong."""
    problems: list[Problem] = []
    if level in NUMERIC:
        numbers: dict[str, Category] = {}
        for line, text in [(1, name) for name in declared] + [(r.line, r.value) for r in ratings]:
            number = _number(text)
            why = _unfit(number, level)
            if why is not None:
                problems.append(Problem(line, f'"{text}" is {why}.'))
            elif number is not None and line > 1:
                numbers[text] = number
        known = [number for number in map(_number, declared) if number is not None]
        if declared:
            problems += [
                Problem(one.line, f"{one.value} is not among the declared categories.")
                for one in ratings
                if one.value in numbers and numbers[one.value] not in known
            ]
        every = dict.fromkeys(sorted({*known, *map(float, numbers.values())}))
        return {
            **{str(number): number for number in every},
            **dict(sorted(numbers.items(), key=lambda pair: float(pair[1]))),
        }, problems
    if declared:
        names = [name.strip() for name in declared]
        problems += [
            Problem(
                one.line,
                f'"{one.value}" is not among the declared categories: {", ".join(names)}.',
            )
            for one in ratings
            if one.value not in names
        ]
        return {name: name for name in names}, problems
    found = sorted({one.value for one in ratings}, key=_order)
    if level == "ordinal" and any(_number(value) is None for value in found):
        values = ", ".join(found)
        problems.append(
            Problem(1, f"The ordinal level needs the order of the values (--categories): {values}.")
        )
    return {value: value for value in found}, problems


def _unfit(number: float | None, level: str) -> str | None:
    """Why a number cannot be measured with; None where it can."""
    if number is None:
        return f"no number, as the {level} level needs"
    if number and not SMALLEST < abs(number) < LARGEST:
        return "too large or too small to be squared"
    return "below 0, where the ratio level has nothing" if level == "ratio" and number < 0 else None


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    # float() takes "1_000" for a number, which in a table it hardly is.
    return number if np.isfinite(number) and "_" not in text else None


def _order(text: str) -> tuple[int, float, str]:
    number = _number(text)
    return (0, number, text) if number is not None else (1, 0.0, text)


def _once(ratings: Sequence[_Rating]) -> tuple[list[_Rating], int, list[Problem]]:
    """One rating of a unit by a coder; how many identical ones went; what contradicts."""
    first: dict[tuple[str, str, str, str], _Rating] = {}
    collapsed, problems = 0, []
    for one in ratings:
        there = first.setdefault((one.document, one.unit, one.code, one.coder), one)
        if there is one:
            continue
        if there.value == one.value:
            collapsed += 1
        else:
            problems.append(
                Problem(
                    one.line,
                    f'{one.coder} rated unit {one.unit} "{one.value}" here and "{there.value}" '
                    f"on line {there.line}.",
                )
            )
    return list(first.values()), collapsed, problems


def _table(
    everything: Sequence[_Rating],
    kept: Sequence[_Rating],
    coders: tuple[str, ...],
    domain: Mapping[str, Category],
    layout: str,
    collapsed: int,
) -> RatingsFile:
    categories = tuple(dict.fromkeys(domain.values()))
    position = {category: at for at, category in enumerate(categories)}
    codes = tuple(dict.fromkeys(one.code for one in everything))
    rows = list(dict.fromkeys((one.document, one.unit) for one in everything))
    at_row = {row: at for at, row in enumerate(rows)}
    at_code = {code: at for at, code in enumerate(codes)}
    at_coder = {coder: at for at, coder in enumerate(coders)}
    values = np.full((len(codes), len(rows), len(coders)), -1, dtype=np.int64)
    for one in kept:
        place = at_code[one.code], at_row[one.document, one.unit], at_coder[one.coder]
        values[place] = position[domain[one.value]]
    warnings = []
    if collapsed:
        twice, count = counted(collapsed, "rating"), "counts" if collapsed == 1 else "count"
        warnings.append(f"{twice} stood there twice, alike, and {count} once.")
    named = any(document for document, _ in rows)
    if not named:
        warnings.append(
            "The file names no documents: intervals rest on units, which are not independent if "
            "they come from the same texts."
        )
    return RatingsFile(
        codes,
        coders,
        tuple(unit for _, unit in rows),
        tuple(document for document, _ in rows) if named else None,
        categories,
        values,
        "long" if layout == "long" else "wide",
        tuple(warnings),
    )
