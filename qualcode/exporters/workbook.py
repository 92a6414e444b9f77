"""Tables as the sheets of a workbook (XLSX): text stays text, numbers stay numbers.

Cells are written by the type of their column. XlsxWriter's ``write``, pandas and openpyxl look at
the value instead and make a formula of ``=1+1``; none of them is used here.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Any

from qualcode.errors import UsageProblem
from qualcode.exporters.columns import Kind, columns, facts, kind, plain
from qualcode.model import Cell, Table
from qualcode.text.safe import replaced_in, xml_safe

LONGEST = 32_767
"""UTF-16 units that a cell of a spreadsheet holds; XlsxWriter cuts what is longer."""

ROWS, COLUMNS = 1_048_576, 16_384
"""What a sheet holds."""

WIDEST = 60
"""Letters in the width of a column; longer texts are wrapped."""

LINE, HIGHEST = 15, 405
"""Points: a line of text, and the most a row gets (Excel allows 409)."""

NAME = 31
"""Letters in the name of a sheet."""

NOTES = "Notes"

OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    # The look of a cell that names none: naming one in every cell takes a third of the time more.
    "default_format_properties": {"font_name": "Calibri", "font_size": 11, "valign": "top"},
}


def write_workbook(sheets: Sequence[tuple[str, Table]], file: IO[bytes]) -> None:
    """Write tables as a workbook: a sheet each, and one of notes and provenance at the end.

    The first row of a sheet stays in view. A text of more than 32,767 UTF-16 units goes on in the
    column ``…_2``. What XML cannot hold becomes U+FFFD, and the notes say how often.

    Args:
        sheets: Name and table; names are shortened and made different where need be.

    Raises:
        UsageProblem: A table has more rows or columns than a sheet holds.
    """
    import xlsxwriter

    memory = io.BytesIO()  # in memory: the system's temporary folder is not the place for texts
    with xlsxwriter.Workbook(memory, OPTIONS) as book:
        looks = _Looks(book)
        taken = {NOTES.casefold()}
        notes: list[tuple[str, str, str]] = []
        for name, table in sheets:
            sheet = book.add_worksheet(_sheet_name(name, taken))
            replaced = _fill(sheet, table, looks)
            notes += [(name, *fact) for fact in _notes(table, replaced)]
        _fill_notes(book.add_worksheet(NOTES), notes, looks, several=len(sheets) > 1)
    file.write(memory.getvalue())


def write_table(table: Table, file: IO[bytes], schema: str) -> None:
    """Write one table as a workbook, as ``Exporter.write`` does."""
    write_workbook([(schema, table)], file)


class _Looks:
    """How cells look."""

    def __init__(self, book: Any) -> None:
        self.head = book.add_format({"bold": True, "bottom": 1, "valign": "top", "text_wrap": True})
        self.head_right = book.add_format(
            {"bold": True, "bottom": 1, "valign": "top", "text_wrap": True, "align": "right"}
        )
        self.plain = None
        self.wrapped = book.add_format({"valign": "top", "text_wrap": True})
        self.rounded = book.add_format({"valign": "top", "num_format": "0.000"})


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of a sheet."""

    label: str
    kind: Kind
    width: float
    look: Any
    cells: Sequence[Cell]
    wraps: bool = False


def _fill(sheet: Any, table: Table, looks: _Looks) -> int:
    """Write a table into an empty sheet; gives how many characters became U+FFFD."""
    made, replaced = _columns(table, looks)
    if len(table.rows) >= ROWS or len(made) > COLUMNS:
        raise UsageProblem(
            "This table has more rows or columns than a spreadsheet holds; write it as .csv."
        )
    for at, column in enumerate(made):
        sheet.set_column(at, at, column.width, column.look)
        right = column.kind in ("integer", "number")
        sheet.write_string(0, at, column.label, looks.head_right if right else looks.head)
        write = _writer(sheet, column.kind)
        for line, value in enumerate(column.cells, 1):
            if value is not None and value != "":
                write(line, at, value)
    for line, lines in enumerate(_lines(made), 1):
        if lines > 1:
            sheet.set_row(line, min(HIGHEST, LINE * lines))
    sheet.freeze_panes(1, 0)
    if table.rows:
        sheet.autofilter(0, 0, len(table.rows), len(made) - 1)
    _for_print(sheet)
    sheet.repeat_rows(0)
    return replaced


def _writer(sheet: Any, kind: Kind) -> Callable[[int, int, Cell], object]:
    if kind in ("integer", "number"):
        return sheet.write_number  # type: ignore[no-any-return]
    return sheet.write_boolean if kind == "boolean" else sheet.write_string  # type: ignore[no-any-return]


def _columns(table: Table, looks: _Looks) -> tuple[list[_Column], int]:
    """The columns of a sheet; one with texts too long for a cell goes on in the next."""
    made: list[_Column] = []
    replaced = 0
    for name, cells in zip(table.columns, columns(table), strict=True):
        of = kind(cells)
        label = _cut(xml_safe(name)[0])[0]
        if of in ("text", "empty"):
            texts, wrong = _texts(cells)
            replaced += wrong
            for part, pieces in enumerate(_parts(texts), 1):
                called = label if part == 1 else f"{label}_{part}"
                made.append(_text_column(called, pieces, looks))
        else:
            look = looks.rounded if of == "number" and _shows_in_thousandths(cells) else looks.plain
            made.append(_Column(label, of, min(WIDEST, max(len(label) + 2, 9)), look, cells))
    return made, replaced


def _text_column(label: str, texts: Sequence[str], looks: _Looks) -> _Column:
    longest = max(map(len, texts), default=0)
    wraps = longest > WIDEST or any("\n" in text for text in texts)
    width = min(WIDEST, max(len(label) + 2, longest + 1))
    return _Column(label, "text", width, looks.wrapped if wraps else looks.plain, texts, wraps)


def _lines(made: Sequence[_Column]) -> Iterator[int]:
    """How many lines each row needs; Excel would find out on opening, LibreOffice does not."""
    wrapped = [column for column in made if column.wraps]
    for cells in zip(*(column.cells for column in wrapped), strict=True):
        yield max(map(_height, cells))


def _height(cell: Cell) -> int:
    text = str(cell or "")
    if len(text) < WIDEST and "\n" not in text:
        return 1
    wide = 1 if text.isascii() else 1 + sum(sign > "\u2e7f" for sign in text) / len(text)
    return sum(1 + int(len(line) * wide) // (WIDEST - 2) for line in text.split("\n"))


def _texts(cells: Sequence[Cell]) -> tuple[list[str], int]:
    """Cells as texts that XML can hold, and how many characters it could not."""
    found: list[str] = []
    replaced = 0
    for cell in cells:
        text = cell if isinstance(cell, str) else plain(cell)
        if not text.isprintable():  # else no control character or surrogate is in it
            text, wrong = xml_safe(text)
            replaced += wrong
        found.append(text)
    return found, replaced


def _parts(texts: list[str]) -> Iterator[list[str]]:
    """Texts cut to what a cell holds: all beginnings, then what follows while any goes on."""
    if max(map(len, texts), default=0) * 2 <= LONGEST:
        yield texts
        return
    pieces = [_cut(text) for text in texts]
    for part in range(max(map(len, pieces))):
        yield [each[part] if part < len(each) else "" for each in pieces]


def _cut(text: str) -> list[str]:
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


def _shows_in_thousandths(cells: Sequence[Cell]) -> bool:
    """Tell whether three decimals show something of every figure but zero."""
    figures = [abs(cell) for cell in cells if isinstance(cell, int | float)]
    return all(figure == 0 or 0.0005 <= figure < 1e9 for figure in figures)


def _notes(table: Table, replaced: int) -> Iterator[tuple[str, str]]:
    yield from (("note", note) for note in table.notes)
    if replaced:
        yield "note", replaced_in("a workbook", replaced)
    yield from facts(table)


def _fill_notes(
    sheet: Any, notes: Sequence[tuple[str, str, str]], looks: _Looks, *, several: bool
) -> None:
    """Write notes, each with what it is; with the sheet it is on where there are several."""
    shown = [note if several else note[1:] for note in notes]
    widths = (16, 24, 100) if several else (24, 100)
    for at, width in enumerate(widths):
        sheet.set_column(at, at, width, looks.wrapped)
    for line, note in enumerate(shown):
        *names, text = [_cut(xml_safe(cell)[0]) for cell in note]
        for at, piece in enumerate([*(name[0] for name in names), *text]):
            sheet.write_string(line, at, piece)
    _for_print(sheet)


def _for_print(sheet: Any) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)


def _sheet_name(name: str, taken: set[str]) -> str:
    """A name that a workbook allows and has not given to another sheet yet."""
    plain_name = "".join(" " if sign in "[]:*?/\\'" else sign for sign in xml_safe(name)[0]).strip()
    chosen = plain_name[:NAME] or "Table"
    n = 1
    while chosen.casefold() in taken:
        n += 1
        chosen = f"{plain_name[: NAME - 3]} {n}"
    taken.add(chosen.casefold())
    return chosen
