"""Codebooks as tables, from a spreadsheet or from Taguette or QualCoder: a row for each code.

Columns are named as the fields are, in any order; where a stranger's table uses other words, one
message says which columns there are and how to say which is which.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from qualcode.codebook_files.entries import (
    FIELDS,
    LIST_FIELDS,
    CodebookFile,
    Found,
    add,
    tree,
)
from qualcode.errors import InputProblems, Problem

Records = Sequence[tuple[int, Mapping[str, str]]]

ALSO: Mapping[str, tuple[str, ...]] = {
    "code": ("tag", "short name", "code id"),
    "brief": ("description", "short definition", "brief definition"),
    "full": ("full definition",),
    "use_when": ("when to use", "when to use it", "use when", "inclusion", "inclusion criteria"),
    "not_when": (
        "when not to use", "when not to use it", "not when", "exclusion", "exclusion criteria",
    ),
    "example": ("examples",),
    "near_miss": ("near misses", "near miss"),
    "colour": ("color",),
    "parent": ("parent code",),
}  # fmt: skip
"""What a field's column may also be called, in any case; nothing that could mean two fields."""

PASSED_OVER = ("number of highlights", "number of documents", "path", "level", "note")
"""Columns of other programs, or of our own overview, that say nothing about a code."""

SEPARATOR = ">>"
"""Between a category and what is below it, as QualCoder writes them."""


def read_table(
    path: Path, records: Records, *, columns: Mapping[str, str] | None = None
) -> tuple[CodebookFile, frozenset[str]]:
    """Read codes from rows.

    Args:
        path: What problems name.
        records: ``(line, row)``, every row with all columns.
        columns: Field → column, where the table uses words of its own.

    Returns:
        The codes, parents before children, and which fields the table has: the others are not
        empty, they are not said.

    Raises:
        InputProblems: everything that is wrong, each with its line.
    """
    if not records:
        raise InputProblems(path, [Problem(0, "There is no code in this file.")])
    header = list(records[0][1])
    placed = _placed(path, header, columns or {})
    found = Found()
    for name in header:
        if name not in placed.values() and name.casefold() not in PASSED_OVER:
            found.warnings.append(Problem(1, f'The column "{name}" was left out.'))
    for line, row in records:
        cells = {field: row[column].strip() for field, column in placed.items()}
        lists = {
            field: [part.strip() for part in cells.get(field, "").split("\n") if part.strip()]
            for field in LIST_FIELDS
        }
        texts = {field: text for field, text in cells.items() if field not in LIST_FIELDS}
        add(found, line, texts, lists)
    codes = tree(found)
    if found.problems:
        raise InputProblems(path, found.problems)
    return CodebookFile("", "", tuple(codes), tuple(sorted(found.warnings))), frozenset(placed)


def _placed(path: Path, header: Sequence[str], columns: Mapping[str, str]) -> dict[str, str]:
    """Field → column of the table."""
    folded = {name.strip().casefold(): name for name in reversed(header)}
    problems = []
    placed: dict[str, str] = {}
    for field, column in columns.items():
        if field not in FIELDS:
            problems.append(
                Problem(1, f'There is no field "{field}"; the fields are {", ".join(FIELDS)}.')
            )
        elif column.strip().casefold() not in folded:
            problems.append(Problem(1, f'There is no column "{column}": {_listed(header)}.'))
        else:
            placed[field] = folded[column.strip().casefold()]
    for field in FIELDS:
        for word in (field, *ALSO.get(field, ())):
            if field not in placed and word in folded and folded[word] not in placed.values():
                placed[field] = folded[word]
    if "code" not in placed and not problems:
        problems.append(
            Problem(
                1,
                f"No column is called “code”; there are {_listed(header)}. Say which is which, "
                'such as --column "code=NAME OF THE COLUMN" --column "brief=…"; the fields are '
                f"{', '.join(FIELDS)}.",
            )
        )
    if problems:
        raise InputProblems(path, problems)
    return placed


def _listed(header: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in header)


def is_qualcoder(text: str) -> bool:
    """Whether a text is QualCoder's list of codes: ``category>>code TAB memo`` on each line."""
    lines = [line for line in text.splitlines() if line.strip()]
    tabs = all(line.count("\t") <= 1 for line in lines)
    return bool(lines) and tabs and any(SEPARATOR in line or "\t" in line for line in lines)


def read_qualcoder(path: Path, text: str) -> CodebookFile:
    """Read QualCoder's list of codes; categories become codes that are not applied.

    Raises:
        InputProblems: a name is empty or is there twice.
    """
    found = Found()
    seen: set[str] = set()
    for line, raw in enumerate(text.split("\n"), 1):
        where, _, memo = raw.strip("\r\n").partition("\t")
        way = [part.strip() for part in where.split(SEPARATOR)]
        if not raw.strip():
            continue
        for above, name in zip([None, *way[:-2]], way[:-1], strict=False):
            if name.casefold() not in seen:
                seen.add(name.casefold())
                add(found, line, {"code": name, "parent": above or "", "codable": "false"}, {})
        parent = way[-2] if len(way) > 1 else ""
        seen.add(way[-1].casefold())
        add(found, line, {"code": way[-1], "parent": parent, "brief": memo.strip()}, {})
    codes = tree(found)
    if found.problems:
        raise InputProblems(path, found.problems)
    return CodebookFile("", "", tuple(codes), tuple(sorted(found.warnings)))
