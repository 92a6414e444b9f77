"""CSV as people exchange it: cells no spreadsheet takes for a formula, and a patient reader.

A spreadsheet evaluates ``=…`` even inside quotes. A text cell that begins so gets one ``'`` in
front when written, and loses it when read; numbers stay as they are. This module knows nothing
of what the columns mean.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator
from pathlib import Path

from qualcode.errors import InputProblems, Problem

GUARDED = "=+-@\t\r\n'"
"""A text beginning with one of these is written with one ``'`` in front."""

DELIMITERS = ",;\t"
LARGEST = 50 * 1024 * 1024
"""Bytes; a table beyond this is a mistake or an attack."""


def guard(text: str) -> str:
    """Give a text as a CSV cell that no spreadsheet evaluates; most texts come back unchanged."""
    return "'" + text if text and text[0] in GUARDED else text


def unguard(cell: str) -> str:
    """Give the text that ``guard`` wrote as this cell; a cell it cannot have changed stays."""
    return cell[1:] if len(cell) > 1 and cell[0] == "'" and cell[1] in GUARDED else cell


def read_csv(
    path: Path, *, required: Collection[str] = (), guarded: bool = True
) -> list[tuple[int, dict[str, str]]]:
    """Read a CSV file with a header row; comma, semicolon or tab, with or without a BOM.

    Args:
        path: UTF-8, or UTF-16 with a byte order mark (what spreadsheets call "Unicode text").
        required: Columns that must be there. Of the three delimiters, the one that finds most of
            them is taken, then the one with most columns.
        guarded: Take off the ``'`` that ``guard`` puts before ``=``, ``+``, ``-``, ``@`` …

    Returns:
        ``(line, row)`` for every row that is not blank, in file order: ``line`` is where the row
        begins in the file, counting from 1; ``row`` holds every column of the header, in its
        order, as text; empty cells are ``""``.

    Raises:
        InputProblems: All problems at once, each with its line: no header, a column named twice
            or missing, a row with too many or too few cells, an open quote, not UTF-8.
    """
    text = _decoded(path)
    delimiter = max(DELIMITERS, key=lambda sign: _header_fit(text, sign, required))
    lines = _rows(path, text, delimiter)
    start, header = next(lines, (1, []))
    columns = [unguard(name).strip() if guarded else name.strip() for name in header]
    while columns and not columns[-1]:  # empty cells on the right: spreadsheets add them
        columns.pop()
    problems = [Problem(start, message) for message in _header_problems(columns, required)]
    found: list[tuple[int, dict[str, str]]] = []
    for line, cells in lines:
        if len(cells) > len(columns) and not any(cells[len(columns) :]):
            cells = cells[: len(columns)]
        if len(cells) != len(columns):
            problems.append(
                Problem(line, f"{len(cells)} cells where the header has {len(columns)}.")
            )
            continue
        values = [unguard(cell) for cell in cells] if guarded else cells
        found.append((line, dict(zip(columns, values, strict=True))))
    if problems:
        raise InputProblems(path, problems)
    return found


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


def _header_fit(text: str, delimiter: str, required: Collection[str]) -> tuple[int, int]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        header = next((row for row in reader if any(row)), [])
    except csv.Error:  # an endless first cell: not this delimiter; _rows reports the line
        return (0, 0)
    names = {name.strip() for name in header}
    return len(names.intersection(required)), len(header)


def _rows(path: Path, text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
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
        raise InputProblems(path, [problem]) from error
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
