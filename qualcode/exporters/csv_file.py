"""Tables as CSV, and the file beside it that says what CSV cannot: types, notes, provenance.

A text that a spreadsheet would evaluate is guarded, see ``formats.cells``; numbers never are.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, Any

from qualcode.exporters.columns import Kind, columns, kind, plain
from qualcode.formats.cells import GUARDED, guard
from qualcode.model import Cell, Table

AT_ONCE = 1000
"""Rows that are turned into columns and back together."""


@dataclass(frozen=True, slots=True)
class Csv:
    """How a CSV file is written, where not as usual."""

    bom: bool = False
    """Begin with a byte order mark: older Excel reads accents and emoji wrong without one."""

    raw: bool = False
    """Guard no cell: for programs that evaluate none, such as R and pandas."""


USUAL = Csv()


def write_csv(table: Table, file: IO[bytes], how: Csv = USUAL) -> None:
    """Write a table as UTF-8, every cell in quotes, figures unrounded, nothing for None."""
    # A lone surrogate has no UTF-8; no reader lets one in, so "?" is never seen in practice.
    codec = "utf-8-sig" if how.bom else "utf-8"
    text = io.TextIOWrapper(file, encoding=codec, errors="replace", newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(table.columns if how.raw else map(guard, table.columns))
    kinds = [kind(cells) for cells in columns(table)]
    rows = iter(table.rows)
    while chunk := list(islice(rows, AT_ONCE)):
        made = [
            _written(of, cells, raw=how.raw)
            for of, cells in zip(kinds, zip(*chunk, strict=True), strict=True)
        ]
        writer.writerows(zip(*made, strict=True))
    text.flush()
    text.detach()


def _written(of: Kind, cells: Sequence[Cell], *, raw: bool) -> Sequence[Cell]:
    """Cells of a column as the csv module shall take them."""
    if of in ("integer", "number", "empty"):
        return cells
    if of == "boolean" or raw:
        return [plain(cell) for cell in cells]
    return [
        ("'" + cell if cell and cell[0] in GUARDED else cell)
        if isinstance(cell, str)
        else plain(cell)
        for cell in cells
    ]


def description_of(path: Path) -> Path:
    """Where the description of a CSV file lies: ``FILE.meta.json`` beside it."""
    return path.with_name(f"{path.name}.meta.json")


def write_description(
    table: Table, file: IO[bytes], *, name: str, schema: str, how: Csv = USUAL
) -> None:
    """Write what a CSV file of the table cannot say of itself, as JSON.

    Args:
        name: Of the CSV file.
        schema: Of the table, as in ``qualcode.<schema>/1``.
    """
    found = list(_described(table, how))
    answer = {
        "schema": "qualcode.csv/1",
        "file": name,
        "table": f"qualcode.{schema}/1",
        "encoding": "utf-8-sig" if how.bom else "utf-8",
        "rows": len(table.rows),
        "guarded_cells": sum(column["guarded"] for column in found),
        "columns": found,
        "notes": list(table.notes),
        "provenance": dict(table.provenance),
    }
    written = json.dumps(answer, ensure_ascii=False, allow_nan=False, indent=1)
    file.write(written.encode("utf-8", errors="replace") + b"\n")


def _described(table: Table, how: Csv) -> Iterator[dict[str, Any]]:
    for name, cells in zip(table.columns, columns(table), strict=True):
        texts = [cell for cell in cells if isinstance(cell, str)]
        yield {
            "name": name,
            "type": kind(cells),
            "missing": sum(cell is None for cell in cells),
            "guarded": 0 if how.raw else sum(guard(text) != text for text in [name, *texts]),
        }
