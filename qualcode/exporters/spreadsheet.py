"""Tables as files: CSV, XLSX, JSON, HTML, Parquet, by the ending. Text is text in all of them.

What is written is what the table holds: numbers unrounded, undefined cells empty (null in JSON).
A plug-in adds endings: an entry point of the group ``qualcode.exporters`` that names an
``Exporter``. It cannot replace one of ours.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import IO

from qualcode.errors import UsageProblem
from qualcode.exporters import workbook
from qualcode.exporters.columns import columns, facts, kind, plain
from qualcode.exporters.csv_file import USUAL, Csv, description_of, write_csv, write_description
from qualcode.exporters.files import new_file, refuse_to_replace
from qualcode.exporters.parquet import write_parquet
from qualcode.model import Table
from qualcode.text.safe import visible_bidi, xml_safe

GROUP = "qualcode.exporters"

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
_LOOK = (
    "body{font:15px/1.45 system-ui,sans-serif;margin:2rem;color:#1f2937}"
    "table{border-collapse:collapse}th,td{padding:.3rem .7rem;text-align:left;vertical-align:top;"
    "border-bottom:1px solid #d5d9e0;white-space:pre-wrap}"
    "thead th{border-bottom:2px solid #1f2937;position:sticky;top:0;background:#fff}"
    ".n{text-align:right;white-space:nowrap}p,li{max-width:50rem}"
)


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
        refuse_to_replace(beside, force=force)
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


def _html(table: Table, file: IO[bytes], schema: str) -> None:
    kinds = [kind(cells) for cells in columns(table)]
    classes = [' class="n"' if of in ("integer", "number") else "" for of in kinds]

    def lines() -> Iterator[str]:
        title = _markup(table.name)
        yield (
            '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
            f"<title>{title}</title><style>{_LOOK}</style></head>\n<body><h1>{title}</h1>\n"
        )
        heads = zip(classes, table.columns, strict=True)
        yield "<table><thead><tr>"
        yield "".join(f'<th scope="col"{look}>{_markup(name)}</th>' for look, name in heads)
        yield "</tr></thead>\n<tbody>\n"
        for row in table.rows:
            cells = zip(classes, row, strict=True)
            yield "<tr>" + "".join(f"<td{c}>{_markup(plain(v))}</td>" for c, v in cells)
            yield "</tr>\n"
        yield "</tbody></table>\n<ul>\n"
        yield from (f"<li>{_markup(note)}</li>\n" for note in table.notes)
        yield from (f"<li>{_markup(f'{name}: {fact}')}</li>\n" for name, fact in facts(table))
        yield "</ul></body></html>\n"

    for line in lines():
        file.write(line.encode("utf-8"))


def _markup(text: str) -> str:
    return escape(xml_safe(visible_bidi(text))[0])


CSV = Exporter(".csv", _csv)
XLSX = Exporter(".xlsx", workbook.write_table)
JSON = Exporter(".json", _json)
HTML = Exporter(".html", _html)
PARQUET = Exporter(".parquet", write_parquet)
