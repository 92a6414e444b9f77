"""Codings, assignments and decisions from CSV, also from other tools: cells into typed rows.

Only the form is checked here (columns, numbers, marks); whether a document, coder, code or round
exists, and whether a span lies inside its text, is for the project to say. Every problem carries
its line.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

from qualcode.errors import InputProblems, Problem
from qualcode.formats.cells import read_csv
from qualcode.model import Decision, Purpose, RoundState, Valence

Row = dict[str, Any]
Reader = Callable[[str], Any]

YES = {"1", "yes", "true", "x"}
NO = {"", "0", "no", "false"}


def _text(cell: str) -> str:
    if not cell:
        raise ValueError("is empty")
    return cell


def _optional(cell: str) -> str | None:
    return cell or None


def _number(cell: str) -> int:
    if not cell.isascii() or not cell.isdigit():
        raise ValueError("is not a whole number from 0")
    return int(cell)


def _mark(cell: str) -> bool:
    folded = cell.casefold()
    if folded in YES:
        return True
    if folded in NO:
        return False
    raise ValueError("is neither yes nor no")


def _one_of(words: Sequence[str], *, empty: str | None) -> Reader:
    def read(cell: str) -> str | None:
        if not cell:
            return empty
        if cell.casefold() not in words:
            raise ValueError(f"is none of {', '.join(words)}")
        return cell.casefold()

    return read


CODING: Mapping[str, tuple[Reader, bool]] = {
    "document": (_text, True),
    "start": (_number, True),
    "stop": (_number, True),
    "code": (_text, True),
    "coder": (_text, True),
    "round": (_optional, False),
    "memo": (_optional, False),
    "valence": (_one_of(get_args(Valence), empty=None), False),
    "exemplar": (_mark, False),
    "disconfirming": (_mark, False),
}
"""Column → how its cells are read, and whether the file must have it."""

ASSIGNMENT: Mapping[str, tuple[Reader, bool]] = {
    "round": (_text, True),
    "document": (_text, True),
    "coder": (_text, True),
    "finished": (_optional, True),
    "purpose": (_one_of(get_args(Purpose), empty="reliability"), False),
    "codebook_version": (_optional, False),
    "blind": (_mark, False),
    "state": (_one_of(get_args(RoundState), empty="open"), False),
}

ADJUDICATION: Mapping[str, tuple[Reader, bool]] = {
    "round": (_text, True),
    "document": (_text, True),
    "code": (_text, True),
    "start": (_number, True),
    "stop": (_number, True),
    "decision": (_one_of(get_args(Decision), empty=None), True),
    "new_code": (_optional, False),
    "reason": (str, False),
    "decided_by": (_text, True),
    "decided_at": (_optional, False),
}


def read_rows(path: Path, columns: Mapping[str, tuple[Reader, bool]]) -> list[Row]:
    """Read a CSV whose columns are named as ``columns``; others are left alone.

    Returns:
        One dictionary per row in file order, every column of ``columns`` present (None where the
        file does not have it), and ``line`` (from 1) and ``file``.

    Raises:
        InputProblems: all missing columns, or all cells that cannot be read, with their lines.
    """
    records = read_csv(path)
    rows: list[Row] = []
    problems: list[Problem] = []
    if records:
        header = records[0][1].keys()
        missing = [name for name, (_, needed) in columns.items() if needed and name not in header]
        if missing:
            raise InputProblems(path, [Problem(1, f"There is no column {', '.join(missing)}.")])
    for line, cells in records:
        row: Row = {"line": line, "file": str(path)}
        for name, (reader, _) in columns.items():
            cell = cells.get(name, "")
            try:
                row[name] = reader(cell if name in ("memo", "reason") else cell.strip())
            except ValueError as error:
                problems.append(Problem(line, f"{name} {error}."))
        rows.append(row)
    if problems:
        raise InputProblems(path, problems)
    return rows
