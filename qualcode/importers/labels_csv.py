"""A label table from CSV or XLSX: what a researcher makes of the labels of a transcript.

Only the form is checked here; which labels a document has is for the project to say. Every problem
carries its line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from qualcode.errors import InputProblems, Problem
from qualcode.importers.tables import read_records
from qualcode.model import LabelKind
from qualcode.text.roster import MANY, LabelDecision, problems

NEEDED = ("label", "speaker", "role", "kind")
SHOWN = ("turns", "proposed", "why", "note")
"""Columns for readers of the file, such as ``qualcode labels`` writes; they decide nothing."""


@dataclass(frozen=True, slots=True, repr=False)
class LabelRow:
    """One row of a label table."""

    line: int
    decision: LabelDecision


def read_labels(path: Path) -> list[LabelRow]:
    """Read ``label,speaker,role,kind`` and, where it is there, ``participant``, in file order.

    A blank ``speaker``, ``role`` or ``participant`` leaves what is known. A blank ``kind`` is
    ``joint`` where ``speaker`` holds several names, parted by ``;``, else ``speaker``.

    Raises:
        InputProblems: all problems at once, with their lines.
        ReadingError: the file cannot be read.
    """
    records = read_records(path)
    if not records:
        raise InputProblems(path, [Problem(0, "There are no rows.")])
    columns = {name.strip().casefold(): name for name in records[0][1]}
    _refuse_header(path, columns)
    rows = [LabelRow(line, _decision(row, columns)) for line, row in records]
    wrong = problems([row.decision for row in rows])
    if wrong:
        raise InputProblems(path, [Problem(rows[n].line, message) for n, message in wrong])
    return rows


def _refuse_header(path: Path, columns: Mapping[str, str]) -> None:
    missing = [name for name in NEEDED if name not in columns]
    strange = [
        name for folded, name in columns.items() if folded not in (*NEEDED, "participant", *SHOWN)
    ]
    found = []
    if missing:
        found.append(Problem(1, f"There is no column {', '.join(missing)}."))
    if strange:
        known = ", ".join((*NEEDED, "participant"))
        found.append(Problem(1, f"Not a column of a label table ({known}): {', '.join(strange)}."))
    if found:
        raise InputProblems(path, found)


def _decision(row: Mapping[str, str], columns: Mapping[str, str]) -> LabelDecision:
    cells = {folded: row.get(name, "").strip() for folded, name in columns.items()}
    kind = cells["kind"].casefold() or ("joint" if MANY in cells["speaker"] else "speaker")
    return LabelDecision(
        cells["label"],
        cells["speaker"],
        cells["role"].casefold(),
        cast(LabelKind, kind),  # one that is none is among the problems
        cells.get("participant") or None,
    )
