"""Tables as files: CSV, XLSX, JSON, HTML, chosen by the ending. Text stays text in all of them.

What is written is what the table holds: numbers unrounded, undefined cells empty (null in JSON).
A plug-in adds endings: an entry point of the group ``qualcode.exporters`` that names an
``Exporter``. It cannot replace one of ours.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import IO, Any

from qualcode.errors import UsageProblem
from qualcode.exporters.files import new_file
from qualcode.formats.cells import guard
from qualcode.model import Cell, Table
from qualcode.text.safe import visible_bidi, xml_safe

GROUP = "qualcode.exporters"

LONGEST = 32_767
"""UTF-16 units that a cell of a spreadsheet holds; XlsxWriter cuts what is longer."""

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

    table = {one.ending: one for one in (CSV, XLSX, JSON, HTML)}
    for point in sorted(entry_points(group=GROUP), key=lambda point: (point.name, point.value)):
        exporter = point.load()
        table.setdefault(exporter.ending, exporter)
    return table


def write_table(table: Table, out: Path, *, schema: str, force: bool = False) -> None:
    """Write a table to a file, readable by its owner alone.

    Args:
        out: Its ending says how: .csv, .xlsx, .json, .html, or one of a plug-in's.
        schema: Name of the JSON contract, as in ``qualcode.<schema>/1``.
        force: Replace a file that is already there.

    Raises:
        UsageProblem: Another ending.
        ExportError: It cannot be written; what was at ``out`` before is still there.
    """
    known = exporters()
    exporter = known.get(out.suffix.casefold())
    if exporter is None:
        raise UsageProblem(f"{out} cannot be told a format by; end it in {', '.join(known)}.")
    with new_file(out, force=force) as file:
        exporter.write(table, file, schema)


def _plain(value: Cell) -> str:
    """A cell as text that a program reads back."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else repr(value)


def _csv(table: Table, file: IO[bytes], schema: str) -> None:
    # A lone surrogate has no UTF-8; no reader lets one in, so "?" is never seen in practice.
    text = io.TextIOWrapper(file, encoding="utf-8", errors="replace", newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow([guard(name) for name in table.columns])
    for row in table.rows:
        writer.writerow([guard(v) if isinstance(v, str) else _plain(v) for v in row])
    text.flush()
    text.detach()


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
    numeric = _numeric(table)
    classes = [' class="n"' if number else "" for number in numeric]

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
            yield "<tr>" + "".join(f"<td{c}>{_markup(_plain(v))}</td>" for c, v in cells)
            yield "</tr>\n"
        yield "</tbody></table>\n<ul>\n"
        yield from (f"<li>{_markup(note)}</li>\n" for note in table.notes)
        yield from (f"<li>{_markup(f'{name}: {fact}')}</li>\n" for name, fact in _facts(table))
        yield "</ul></body></html>\n"

    for line in lines():
        file.write(line.encode("utf-8"))


def _xlsx(table: Table, file: IO[bytes], schema: str) -> None:
    import xlsxwriter

    memory = io.BytesIO()  # in memory: the system's temporary folder is not the place for texts
    book = xlsxwriter.Workbook(
        memory,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    bold = book.add_format({"bold": True, "bottom": 1})
    sheet = book.add_worksheet(_sheet_name(schema))
    columns = list(_xlsx_columns(table))
    for at, (name, width, cells) in enumerate(columns):
        _write(sheet, 0, at, name, bold)
        sheet.set_column(at, at, width)
        for line, value in enumerate(cells, 1):
            _write(sheet, line, at, value)
    sheet.freeze_panes(1, 0)
    if table.rows:
        sheet.autofilter(0, 0, len(table.rows), len(columns) - 1)
    notes = book.add_worksheet("Notes")
    notes.set_column(0, 0, 24)
    notes.set_column(1, 1, 100)
    facts = [*(("note", note) for note in table.notes), *_facts(table)]
    for line, (name, fact) in enumerate(facts):
        for at, piece in enumerate([_pieces(_safe(name))[0], *_pieces(_safe(fact))]):
            _write(notes, line, at, piece)
    book.close()
    file.write(memory.getvalue())


def _xlsx_columns(table: Table) -> Iterator[tuple[str, float, list[Cell]]]:
    """Name, width and cells; a column with texts too long for a cell goes on in the next."""
    for at, name in enumerate(table.columns):
        values = [row[at] for row in table.rows]
        pieces = [_pieces(_safe(v)) if isinstance(v, str) else [v] for v in values]
        for part in range(max(map(len, pieces), default=1)):
            cells: list[Cell] = [each[part] if part < len(each) else None for each in pieces]
            longest = max((len(_plain(cell)) for cell in cells), default=0)
            label = _pieces(_safe(name))[0]
            yield (
                label if part == 0 else f"{label}_{part + 1}",
                min(60, max(len(name) + 2, longest + 1)),
                cells,
            )


def _write(sheet: Any, line: int, column: int, value: Cell, look: Any = None) -> None:
    """Write a cell by its type: a text is never taken for a formula, a number or a link."""
    if value is None or value == "":
        return
    if isinstance(value, bool):
        failed = sheet.write_boolean(line, column, value, look)
    elif isinstance(value, str):
        failed = sheet.write_string(line, column, value, look)
    else:
        failed = sheet.write_number(line, column, value, look)
    if failed:
        raise UsageProblem(
            "This table has more rows or columns than a spreadsheet holds; write it as .csv."
        )


def _pieces(text: str) -> list[str]:
    """A text cut so that each part fits into a cell; no character is cut in two."""
    if len(text) * 2 <= LONGEST:
        return [text]
    parts: list[str] = []
    start = units = 0
    for at, sign in enumerate(text):
        size = 2 if sign > "\uffff" else 1
        if units + size > LONGEST:
            parts.append(text[start:at])
            start, units = at, 0
        units += size
    return [*parts, text[start:]]


def _facts(table: Table) -> Iterator[tuple[str, str]]:
    for name, value in table.provenance.items():
        plain = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        yield name.replace("_", " "), plain


def _safe(text: str) -> str:
    return xml_safe(text)[0]


def _markup(text: str) -> str:
    return escape(_safe(visible_bidi(text)))


def _numeric(table: Table) -> list[bool]:
    """Which columns hold numbers and nothing else."""
    found = []
    for at in range(len(table.columns)):
        values = [row[at] for row in table.rows if row[at] is not None]
        numbers = [isinstance(v, int | float) and not isinstance(v, bool) for v in values]
        found.append(bool(values) and all(numbers))
    return found


def _sheet_name(name: str) -> str:
    plain = "".join(" " if sign in "[]:*?/\\'" else sign for sign in name).strip()
    return plain[:31] or "Table"


CSV = Exporter(".csv", _csv)
XLSX = Exporter(".xlsx", _xlsx)
JSON = Exporter(".json", _json)
HTML = Exporter(".html", _html)
