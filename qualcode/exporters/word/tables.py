"""Tables in APA style: number in bold, title in italics, three rules, a note."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from qualcode.exporters.report import Column, Figure, Piece, PrintedCell, PrintedTable
from qualcode.exporters.word.pictures import drawing
from qualcode.exporters.word.scripts import right_to_left
from qualcode.exporters.word.xml import Ink, field, paragraph, ppr, rpr, tcpr

HEAVY, LIGHT = 8, 4
"""Rules in eighths of a point."""

INDENT = 200
"""Twips by which a code stands right of its parent, and words right of the numbers before them."""

TOGETHER = 12
"""Tables up to this many rows stay on one page."""


def printed(table: PrintedTable, ink: Ink, number: int, bookmark: int, width: int) -> Iterator[str]:
    """A table with its caption and note; ``bookmark`` is the id of the mark on "Table 1"."""
    yield from caption("Table", number, table.title, ink, bookmark)
    yield from grid(table.columns, table.rows, ink, width)
    yield from noted(table.note, ink)


def pictured(figure: Figure, ink: Ink, number: int, bookmark: int, width: int) -> Iterator[str]:
    """A picture with its caption and note; ``bookmark`` is the id of the mark on "Figure 1"."""
    yield from caption("Figure", number, figure.caption, ink, bookmark)
    yield paragraph(drawing(figure, ink, number, width), ppr(keep_next=bool(figure.note)))
    yield from noted(figure.note, ink)


def caption(kind: str, number: int, title: str, ink: Ink, bookmark: int) -> Iterator[str]:
    """Number and title; "Table 1" is a field in a bookmark that sentences refer to."""
    bold = rpr(bold=True)
    label = ink.run(f"{kind} ", bold) + field(
        f"SEQ {kind} \\* ARABIC", ink.run(str(number), bold), bold
    )
    yield paragraph(
        f'<w:bookmarkStart w:id="{bookmark}" w:name="{mark(kind, number)}"/>{label}'
        f'<w:bookmarkEnd w:id="{bookmark}"/>',
        ppr("TableNumber"),
    )
    yield paragraph(ink.run(title), ppr("TableTitle", bidi=right_to_left(title)))


def mark(kind: str, number: int) -> str:
    """The bookmark on the number of a table or picture."""
    return f"{kind.lower()}_{number}"


def noted(pieces: Sequence[Piece], ink: Ink) -> Iterator[str]:
    """What stands below a table or a picture; nothing where there is nothing to note."""
    runs = "".join(
        ink.run(
            piece.text,
            rpr(italic=piece.italic, bold=piece.bold, superscript=piece.superscript),
        )
        for piece in pieces
    )
    if runs:
        yield paragraph(runs, ppr("TableNote"))


def grid(
    columns: Sequence[Column], rows: Sequence[Sequence[PrintedCell]], ink: Ink, width: int
) -> Iterator[str]:
    """The table itself: heading row repeated on every page, no row broken across pages."""
    widths = shares([column.width for column in columns], width)
    yield table_start(widths)
    heading = [PrintedCell(column.label, bold=True) for column in columns]
    yield _row(heading, columns, widths, ink, top=HEAVY, bottom=LIGHT, heading=True, keep=True)
    for at, row in enumerate(rows, 1):
        last = at == len(rows)
        keep = not last and (len(rows) <= TOGETHER or at in (1, len(rows) - 1))
        yield _row(row, columns, widths, ink, bottom=HEAVY if last else 0, keep=keep)
    yield "</w:tbl>"


def facts(rows: Sequence[tuple[str, str]], ink: Ink, width: int) -> Iterator[str]:
    """Facts and their values, a line each, without rules."""
    if not rows:
        return
    columns = [Column("", 25), Column("", 75)]
    widths = shares([column.width for column in columns], width)
    yield table_start(widths)
    for name, value in rows:
        cells = [PrintedCell(name, bold=True), PrintedCell(value)]
        yield _row(cells, columns, widths, ink)
    yield "</w:tbl>" + paragraph("")


def shares(parts: Sequence[int], width: int) -> list[int]:
    """Widths in twips that add up to the whole."""
    total, edges, done = sum(parts), [0], 0
    for part in parts:
        done += part
        edges.append(width * done // total)
    return [right - left for left, right in pairwise(edges)]


def table_start(widths: Sequence[int]) -> str:
    """The opening of a table of fixed widths."""
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    margins = '<w:left w:w="70" w:type="dxa"/><w:right w:w="70" w:type="dxa"/>'
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        f"<w:tblCellMar>{margins}</w:tblCellMar></w:tblPr><w:tblGrid>{columns}</w:tblGrid>"
    )


def row_start(*, heading: bool = False, split: bool = False) -> str:
    """The opening of a row; a heading is repeated on every page."""
    inner = "" if split else "<w:cantSplit/>"
    inner += "<w:tblHeader/>" if heading else ""
    return f"<w:tr><w:trPr>{inner}</w:trPr>" if inner else "<w:tr>"


def _row(
    cells: Sequence[PrintedCell],
    columns: Sequence[Column],
    widths: Sequence[int],
    ink: Ink,
    *,
    top: int = 0,
    bottom: int = 0,
    heading: bool = False,
    keep: bool = False,
) -> str:
    parts = [row_start(heading=heading)]
    after_number = False
    for cell, column, width in zip(cells, columns, widths, strict=True):
        steps = cell.indent + (after_number and not column.number)
        after_number = column.number
        look = ppr(
            "TableText",
            keep_next=keep,
            left=steps * INDENT if steps else None,
            align="right" if column.number else "",
            bidi=not column.number and right_to_left(cell.text),
        )
        content = ink.run(cell.text, rpr(bold=cell.bold))
        content += ink.run(cell.note, rpr(superscript=True))
        place = tcpr(width, top=top, bottom=bottom, valign="bottom" if heading else "")
        parts.append(f"<w:tc>{place}{paragraph(content, look)}</w:tc>")
    parts.append("</w:tr>")
    return "".join(parts)
