"""Tables as people exchange them: cells no spreadsheet takes for a formula, and patient readers.

A spreadsheet evaluates ``=…`` even inside quotes. A text cell that begins so gets one ``'`` in
front when written, and loses it when read; numbers stay as they are. CSV and XLSX give the same
rows, every cell a string. This module knows nothing of what the columns mean.
"""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from qualcode.errors import InputProblems, Problem

if TYPE_CHECKING:
    from datetime import timedelta

PathLike: TypeAlias = str | os.PathLike[str]
Lines: TypeAlias = Iterable[tuple[int, list[str]]]
"""Rows that are not blank: the line each begins on, counting from 1, and its cells."""

GUARDED = "=+-@＝＋－＠\t\r\n'"
"""A text beginning with one of these is written with one ``'`` in front.

The full-width forms are what an input method for Chinese or Japanese types for the first four.
"""

DELIMITERS = ",;\t"
LARGEST = 50 * 1024 * 1024
"""Bytes; a table beyond this is a mistake or an attack."""

_TRIED = 100_000
"""Characters on which delimiters are tried; fewer than a cell may have in the csv module."""


def guard(text: str) -> str:
    """Give a text as a CSV cell that no spreadsheet evaluates; most texts come back unchanged."""
    return "'" + text if text and text[0] in GUARDED else text


def unguard(cell: str) -> str:
    """Give the text that ``guard`` wrote as this cell; a cell it cannot have changed stays."""
    return cell[1:] if len(cell) > 1 and cell[0] == "'" and cell[1] in GUARDED else cell


_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
"""How workbooks write what XML cannot hold: ``_x000D_`` is a carriage return."""

_UNVALUED = re.compile(rb"</f>(?:<v\s*/>|<v></v>)?</c>")
_BREAK = re.compile(r"\s*\n\s*")
_BOM_BYTES = b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"


@dataclass(frozen=True, slots=True, repr=False)
class Grid:
    """A table with named columns."""

    title: str
    """What stands alone in a row above the header; ``""`` where nothing does."""

    columns: tuple[str, ...]
    rows: list[tuple[int, dict[str, str]]]
    """``(line, row)`` as ``read_csv`` gives them."""


def read_csv(
    path: Path, *, required: Collection[str] = (), guarded: bool = True, titled: bool = False
) -> list[tuple[int, dict[str, str]]]:
    """Read a CSV file with a header row; comma, semicolon or tab, with or without a BOM.

    Args:
        path: UTF-8, or UTF-16 with a byte order mark (what spreadsheets call "Unicode text").
        required: Columns that must be there. Of the three delimiters, the one that finds most of
            them is taken, then the one that divides most rows alike, then most columns.
        guarded: Take off the ``'`` that ``guard`` puts before ``=``, ``+``, ``-``, ``@`` …
        titled: A first row with one filled cell is a title, and the header comes after it.

    Returns:
        ``(line, row)`` for every row that is not blank, in file order: ``line`` is where the row
        begins in the file, counting from 1; ``row`` holds every column of the header, in its
        order, as text; empty cells are ``""``.

    Raises:
        InputProblems: All problems at once, each with its line: no header, a column named twice
            or missing, a row with too many or too few cells, an open quote, not UTF-8.
    """
    text = _decoded(path)
    return parse_csv(text, path, required=required, guarded=guarded, titled=titled).rows


def parse_csv(
    text: str,
    path: PathLike,
    *,
    required: Collection[str] = (),
    guarded: bool = True,
    titled: bool = False,
) -> Grid:
    """Read the text of a CSV file; arguments and problems are those of ``read_csv``."""
    delimiter = max(DELIMITERS, key=lambda sign: _fit(text, sign, required, titled))
    return as_grid(
        path, _rows(path, text, delimiter), required=required, guarded=guarded, titled=titled
    )


def as_grid(
    path: PathLike,
    lines: Lines,
    *,
    required: Collection[str] = (),
    guarded: bool = False,
    titled: bool = False,
) -> Grid:
    """Give rows their columns: the first is the header, unless it is a title.

    Raises:
        InputProblems: As ``read_csv``.
    """
    rows = list(lines)
    title = ""
    if titled and _has_title([cells for _, cells in rows[:2]]):
        title = next(cell.strip() for cell in rows[0][1] if cell.strip())
        del rows[0]
    start, header = rows.pop(0) if rows else (1, [])
    columns = [_BREAK.sub(" ", (unguard(name) if guarded else name).strip()) for name in header]
    while columns and not columns[-1]:  # empty cells on the right: spreadsheets add them
        columns.pop()
    problems = [Problem(start, message) for message in _header_problems(columns, required)]
    found: list[tuple[int, dict[str, str]]] = []
    for line, cells in rows:
        if len(cells) > len(columns) and not any(cells[len(columns) :]):
            cells = cells[: len(columns)]
        if len(cells) != len(columns):
            held = "1 cell" if len(cells) == 1 else f"{len(cells)} cells"
            problems.append(Problem(line, f"{held} where the header has {len(columns)}."))
            continue
        values = [unguard(cell) for cell in cells] if guarded else cells
        found.append((line, dict(zip(columns, values, strict=True))))
    if problems:
        raise InputProblems(Path(path), problems)
    return Grid(title, tuple(columns), found)


def read_xlsx(data: bytes, path: PathLike) -> dict[str, Any]:
    """Read the first sheet of a workbook that holds anything, the values its formulas last had.

    Numbers are written as briefly as they can be, dates as ISO. It unpacks what may be hostile:
    call it through ``importers.guarded``.

    Returns:
        JSON values: ``lines`` as ``as_grid`` takes them, every row as long as the longest;
        ``sheet``, its name; ``left_out``, the names of further sheets that hold anything;
        ``unvalued``, how many formulas of the workbook have no value.

    Raises:
        HostileFile: It breaks a limit of ``SafeZip``, or its XML declares entities.
        ReadingError: It is damaged, encrypted or no workbook.
    """
    import warnings
    from xml.etree.ElementTree import ParseError

    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    from qualcode.errors import ReadingError

    unvalued = _refuse_hostile(data, path)
    found: dict[str, list[tuple[int, list[str]]]] = {}
    broken = (
        InvalidFileException, ParseError, KeyError, ValueError, TypeError, AttributeError,
        IndexError, OverflowError, SyntaxError, OSError,
    )  # fmt: skip
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # styles and validations it does not know
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            for sheet in book.worksheets:
                sheet.reset_dimensions()  # what a sheet says of its size need not be true
                lines = _sheet_lines(sheet.iter_rows(values_only=True))
                if lines:
                    found[sheet.title] = lines
    # lxml's own errors are SyntaxErrors; openpyxl raises whatever it stumbles over
    except broken as error:
        raise ReadingError(path, "The workbook is damaged or not one.") from error
    if not found:
        raise ReadingError(path, "The workbook holds no table.")
    name, *others = found
    return {"sheet": name, "lines": found[name], "left_out": others, "unvalued": unvalued}


def _refuse_hostile(data: bytes, path: PathLike) -> int:
    """Unpack every part once within the limits; openpyxl would ask no questions.

    Returns:
        The number of formulas that no program has computed: openpyxl gives an empty cell.
    """
    from qualcode.errors import ReadingError
    from qualcode.formats.safe_zip import SafeZip
    from qualcode.formats.xml import refuse_document_type

    archive = SafeZip(data, os.fspath(path))
    if "xl/workbook.xml" not in archive:
        raise ReadingError(path, "The archive holds no workbook.")
    unvalued = 0
    for name in archive.names():
        part = archive.read(name)
        if name.startswith("xl/worksheets/"):
            unvalued += len(_UNVALUED.findall(part))
        if name.endswith((".xml", ".rels")) or part[:4].strip(_BOM_BYTES).startswith(b"<"):
            refuse_document_type(part, os.fspath(path))
    return unvalued


def _sheet_lines(rows: Iterable[Sequence[object]]) -> list[tuple[int, list[str]]]:
    found: list[tuple[int, list[str]]] = []
    for n, row in enumerate(rows, 1):
        cells = [_cell(value) for value in row]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            found.append((n, cells))
    width = max((len(cells) for _, cells in found), default=0)
    return [(n, cells + [""] * (width - len(cells))) for n, cells in found]


def _cell(value: object) -> str:
    from datetime import date, datetime, time, timedelta

    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        midnight = value.time() == time()
        return value.date().isoformat() if midnight else value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return _clock(value)
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), str(value))


def _clock(length: timedelta) -> str:
    minutes, seconds = divmod(int(length.total_seconds()), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"


def _decoded(path: Path) -> str:
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise InputProblems(
                path, [Problem(0, f"{size:,} bytes; a table may have at most {LARGEST:,}.")]
            )
        data = path.read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise InputProblems(path, [Problem(0, f"cannot be read: {reason}.")]) from error
    codec = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = 'this is not UTF-8 text; save the table as "CSV UTF-8".'
        raise InputProblems(path, [Problem(line, message)]) from error


def _fit(text: str, delimiter: str, required: Collection[str], titled: bool) -> tuple[int, ...]:
    """How well a delimiter divides the beginning of a table; the greater the better."""
    beginning = text[:_TRIED]
    reader = csv.reader(io.StringIO(beginning, newline=""), delimiter=delimiter)
    try:
        rows = [row for row in reader if any(row)]
    except csv.Error:  # not with this delimiter; _rows reports the line
        rows = []
    if titled and _has_title(rows[:2]):
        del rows[0]
    if not rows:
        return (0, 0, 0)
    names = {name.strip() for name in rows[0]}
    width = len(rows[0])
    alike = sum(1 for row in rows if len(row) == width) if width > 1 else 0
    return len(names.intersection(required)), alike, width


def _has_title(rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether the first of two rows has one filled cell and the second has more."""
    filled = [sum(1 for cell in row if cell.strip()) for row in rows]
    return len(filled) == 2 and filled[0] == 1 and filled[1] > 1


def _rows(path: PathLike, text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Every row that is not blank with the line it begins on."""
    # The limit of the csv module is a setting of the whole process; a long excerpt exceeds it.
    before = csv.field_size_limit(len(text) + 1)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        rows: list[tuple[int, list[str]]] = []
        begins = 1
        for row in reader:
            if any(row):
                rows.append((begins, row))
            begins = reader.line_num + 1
    except csv.Error as error:
        problem = Problem(begins, f"not a readable CSV row: {error}.")
        raise InputProblems(Path(path), [problem]) from error
    finally:
        csv.field_size_limit(before)
    return iter(rows)


def _header_problems(columns: list[str], required: Collection[str]) -> list[str]:
    if not columns:
        return ["there is no header row."]
    twice = sorted({name for name in columns if name and columns.count(name) > 1})
    missing = [name for name in required if name not in columns]
    problems = [f'the column "{name}" is there twice.' for name in twice]
    problems += [f'there is no column "{name}".' for name in missing]
    if "" in columns:
        problems.append("a column has no name.")
    return problems
