"""Tables as files: CSV, XLSX, JSON, HTML, Parquet, by the ending. Text is text in all of them.

What is written is what the table holds: numbers unrounded, undefined cells empty (null in JSON).
A plug-in adds endings: an entry point of the group ``qualcode.exporters`` that names an
``Exporter``. It cannot replace one of ours.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO

from qualcode.errors import UsageProblem
from qualcode.exporters.csv_file import USUAL, Csv, description_of, write_csv, write_description
from qualcode.exporters.files import new_file, refuse_to_replace
from qualcode.exporters.html.table import write_table as write_page
from qualcode.exporters.parquet import write_parquet
from qualcode.exporters.workbook import write_table as write_sheet
from qualcode.model import Table

GROUP = "qualcode.exporters"


@dataclass(frozen=True, slots=True)
class Exporter:
    """A format that tables can be written in."""

    ending: str
    """Of the file's name, lower case with the dot."""

    write: Callable[[Table, IO[bytes], str], None]
    """``write(table, file, schema)``; ``schema`` names the JSON contract."""


@cache
def exporters() -> Mapping[str, Exporter]:
    """Every exporter by its ending: ours, then those of plug-ins."""
    from importlib.metadata import entry_points

    table = {one.ending: one for one in (CSV, XLSX, JSON, HTML, PARQUET)}
    for point in sorted(entry_points(group=GROUP), key=lambda point: (point.name, point.value)):
        exporter = point.load()
        table.setdefault(exporter.ending, exporter)
    return table


def write_table(
    table: Table,
    out: Path,
    *,
    schema: str,
    force: bool = False,
    csv: Csv = USUAL,
    described: bool = False,
) -> list[Path]:
    """Write a table to a file, readable by its owner alone.

    Args:
        out: Its ending says how: .csv, .xlsx, .json, .html, .parquet, or one of a plug-in's.
        schema: Name of the JSON contract, as in ``qualcode.<schema>/1``.
        force: Replace a file that is already there.
        csv: How a CSV file is written. Other endings take no notice.
        described: Write ``FILE.meta.json`` beside a CSV file: types, notes, provenance, and how
            many cells are guarded. Other endings say so themselves.

    Returns:
        The files written, ``out`` first.

    Raises:
        UsageProblem: Another ending.
        ExportError: It cannot be written; what was there before is still there.
    """
    known = exporters()
    ending = out.suffix.casefold()
    exporter = known.get(ending)
    if exporter is None:
        raise UsageProblem(f"{out} cannot be told a format by; end it in {', '.join(known)}.")
    if ending != CSV.ending:
        with new_file(out, force=force) as file:
            exporter.write(table, file, schema)
        return [out]
    beside = description_of(out)
    if described:
        refuse_to_replace(out, force=force)
        refuse_to_replace(beside, force=force, what=f"{beside}, which describes {out.name},")
    with new_file(out, force=force) as file:
        write_csv(table, file, csv)
    if not described:
        return [out]
    with new_file(beside, force=force) as file:
        write_description(table, file, name=out.name, schema=schema, how=csv)
    return [out, beside]


def _csv(table: Table, file: IO[bytes], schema: str) -> None:
    write_csv(table, file)


def _json(table: Table, file: IO[bytes], schema: str) -> None:
    answer = {
        "schema": f"qualcode.{schema}/1",
        "columns": list(table.columns),
        "rows": table.records(),
        "notes": list(table.notes),
        "provenance": dict(table.provenance),
    }
    written = json.dumps(answer, ensure_ascii=False, allow_nan=False, indent=1)
    file.write(written.encode("utf-8", errors="replace") + b"\n")


CSV = Exporter(".csv", _csv)
XLSX = Exporter(".xlsx", write_sheet)
JSON = Exporter(".json", _json)
HTML = Exporter(".html", write_page)
PARQUET = Exporter(".parquet", write_parquet)
