"""A table as a page: every column and row, notes and provenance below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import IO

from qualcode.exporters.columns import Kind, columns, facts, kind, plain
from qualcode.exporters.html.look import TABLE
from qualcode.exporters.html.page import Ink, page, stream
from qualcode.model import Cell, Table
from qualcode.text.safe import replaced_in

AT_ONCE = 1000
"""Rows that are turned into columns and back together."""


def write_table(table: Table, file: IO[bytes], schema: str) -> None:
    """Write a table as one HTML file, as ``Exporter.write`` does."""
    ink = Ink()
    stream(file, page(table.name, TABLE, _body(table, ink), ink))


def _body(table: Table, ink: Ink) -> Iterator[str]:
    kinds = [kind(cells) for cells in columns(table)]
    title = ink.text(table.name.replace("_", " "))
    looks = [' class="n"' if of in ("integer", "number") else "" for of in kinds]
    heads = [
        f'<th scope="col"{look}>{ink.text(name)}</th>'
        for look, name in zip(looks, table.columns, strict=True)
    ]
    yield f'<main>\n<h1 id="title">{title}</h1>\n'
    yield '<div class="wide" role="region" aria-labelledby="title" tabindex="0">\n'
    yield f"<table>\n<thead><tr>{''.join(heads)}</tr></thead>\n<tbody>\n"
    rows = iter(table.rows)
    while chunk := list(islice(rows, AT_ONCE)):
        made = [
            _cells(of, cells, ink)
            for of, cells in zip(kinds, zip(*chunk, strict=True), strict=True)
        ]
        yield "".join([f"<tr>{''.join(row)}</tr>\n" for row in zip(*made, strict=True)])
    yield "</tbody>\n</table>\n</div>\n</main>\n<footer>\n<ul>\n"
    yield from (f"<li>{ink.text(note)}</li>\n" for note in table.notes)
    yield from (f"<li>{ink.text(f'{name}: {fact}')}</li>\n" for name, fact in facts(table))
    if ink.replaced:
        yield f"<li>{replaced_in('a web page', ink.replaced)}</li>\n"
    yield "</ul>\n</footer>\n"


def _cells(of: Kind, cells: Sequence[Cell], ink: Ink) -> list[str]:
    """The cells of a column; text goes in its own direction."""
    if of in ("integer", "number"):
        return [f'<td class="n">{plain(cell)}</td>' for cell in cells]
    if of in ("boolean", "empty"):
        return [f"<td>{plain(cell)}</td>" for cell in cells]
    text = ink.text
    return [
        f'<td dir="auto">{text(cell if isinstance(cell, str) else plain(cell))}</td>'
        for cell in cells
    ]
