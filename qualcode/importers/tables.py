"""Tables: CSV and XLSX as a transcript, as a survey, or as a list of participants.

Which of them a table is shows in its columns, or ``--as`` says it. A transcript becomes one text, a
survey one document per answer (see ``survey``); participants are no text at all.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from qualcode.errors import InputProblems, ReadingError, UnknownName
from qualcode.formats.cells import Grid, as_grid, parse_csv, read_csv, read_xlsx
from qualcode.formats.safe_zip import SafeZip
from qualcode.importers.characters import clean, decode
from qualcode.importers.composed import Piece, Utterance, compose
from qualcode.importers.guarded import call
from qualcode.importers.source import Reader, Source, load
from qualcode.importers.survey import answers, answers_as_turns, ids, remarks
from qualcode.model import NamedReading, Reading, ReadingWarning
from qualcode.text.plurals import counted
from qualcode.text.times import TIME, seconds

KINDS = ("transcript", "survey", "participants")
WHAT_TO_DO = (
    "This is a table of participants, not a text: bring it in with `qualcode participants import`,"
    " or name the column that holds text with --text."
)

_SPEAKER = ("speaker", "speaker name", "speaker label")
_TEXT = ("words", "text", "content", "utterance")
_START = ("timestamp", "time", "time stamp", "timecode", "start", "start time")
_STOP = ("stop", "stop time", "end", "end time")
_STAMP = re.compile(rf"[\[(]?\s*({TIME})\s*[\])]?")
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});")
_ADDRESS = re.compile(r"https?://\S*", re.IGNORECASE)
_PROSE = 25
"""Characters that the cells of a text column have more of, on average."""

_DISTINCT = 0.8
_SHOWN = 100


@dataclass(slots=True)
class Loaded:
    """A table in memory, its cells free of what no document may hold."""

    grid: Grid
    encoding: str | None
    dropped: Counter[str] = field(default_factory=Counter)
    warnings: list[ReadingWarning] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Columns:
    """What a table is, and which of its columns are what."""

    kind: str
    text: tuple[str, ...] = ()
    """Columns of words, in the table's order; the transcript's one."""

    main: str = ""
    """The text column that has most to say; ``""`` in a table of participants."""

    speaker: str | None = None
    start: str | None = None
    stop: str | None = None


def read_table(source: Source) -> Reading:
    """Read a table; the answers of a survey become turns of one text.

    Returns:
        For a table of participants a ``Reading`` without text: only ``facts`` and a warning.

    Raises:
        ReadingError: It is no table, or its header or a row is not in order.
        UnknownName: A column asked for is not there.
    """
    table = load_table(source)
    columns = find_columns(table.grid, source)
    facts: dict[str, Any] = {"preamble_lines": 0, "kind": columns.kind}
    if columns.kind == "participants":
        table.warnings.append(ReadingWarning("participants_table", WHAT_TO_DO))
        composed = compose(())
    elif columns.kind == "survey":
        facts["id_column"] = ids(table.grid, source.id_column)[0]
        table.warnings += remarks(table.grid, columns.text, facts["id_column"])
        composed = answers_as_turns(table.grid, columns.text, source.id_column)
        facts["documents"] = len(columns.text) if source.one_document else len(composed.turns)
    else:
        said, unescaped = _utterances(table, columns)
        facts["html_entities"] = unescaped
        composed = compose(said, glue="\n")
        table.warnings += _left_out(table.grid, columns)
        if columns.speaker is None:
            message = "No column says who speaks; a row is a turn."
            table.warnings.append(ReadingWarning("no_speakers", message))
    facts |= _facts(table.grid, columns)
    return Reading(
        text=composed.text,
        turns=composed.turns,
        format=source.format,
        pattern=None,
        encoding=table.encoding,
        sha256=source.sha256,
        source=source.data,
        anchors=composed.anchors,
        metadata={"title": table.grid.title} if table.grid.title else {},
        warnings=(*source.warnings, *table.warnings, *composed.warnings),
        dropped=dict(table.dropped),
        facts=facts,
    )


def read_documents(source: Source, name: str) -> list[NamedReading]:
    """Read a table as the documents it holds: every answer of a survey is one.

    Args:
        name: Of the file; a document of a survey is called ``NAME/ID``.

    Raises:
        ReadingError: It is a table of participants, or as for ``read_table``.
    """
    table = load_table(source)
    columns = find_columns(table.grid, source)
    if columns.kind == "participants":
        raise ReadingError(source.path, WHAT_TO_DO)
    if columns.kind == "transcript":
        return [NamedReading(name, read_table(source))]
    first = (*source.warnings, *table.warnings)
    return answers(
        table.grid, columns.text, source, name, table.encoding, first, dict(table.dropped)
    )


def read_records(path: Path) -> list[tuple[int, dict[str, str]]]:
    """Read a CSV or XLSX table of any kind as ``formats.cells.read_csv`` gives it.

    Raises:
        InputProblems: As ``read_csv``.
        ReadingError: It is no workbook, or breaks a limit.
    """
    data = load(path)
    if not is_xlsx(data):
        return read_csv(path, titled=True)
    found = call(read_xlsx, data, path)
    return as_grid(path, _lines(found), titled=True).rows


def is_xlsx(data: bytes) -> bool:
    """Tell whether the bytes are an archive with the main part of a workbook."""
    if not data.startswith(b"PK\x03\x04"):
        return False
    try:
        return "xl/workbook.xml" in SafeZip(data)
    except ReadingError:
        return False


def load_table(source: Source) -> Loaded:
    """Read the cells of a table, whatever it is about.

    Raises:
        ReadingError: It is no table, or its header or a row is not in order.
    """
    try:
        if source.format == "xlsx":
            return _workbook(source)
        decoded = decode(source)
        grid = parse_csv(decoded.text, source.path, guarded=False, titled=True)
    except InputProblems as error:
        first, *others = error.problems
        at = f"Line {first.line}: " if first.line else ""
        more = f" ({len(others)} more problems.)" if others else ""
        raise ReadingError(source.path, at + first.message + more) from error
    return Loaded(grid, decoded.encoding, Counter(decoded.dropped), list(decoded.warnings))


def _workbook(source: Source) -> Loaded:
    found = call(read_xlsx, source.data, source.path)
    dropped: Counter[str] = Counter()
    warnings = []
    lines = [(line, [_cleaned(cell, dropped) for cell in cells]) for line, cells in _lines(found)]
    if found["left_out"]:
        names = ", ".join(f'"{name}"' for name in found["left_out"])
        message = f'Only the sheet "{found["sheet"]}" is read; left out: {names}.'
        warnings.append(ReadingWarning("sheets_left_out", message))
    if found["unvalued"]:
        have = counted(
            found["unvalued"], "formula has no value and is", "formulas have no value and are"
        )
        message = f"{have} read as empty. Open the file in a spreadsheet program and save it."
        warnings.append(ReadingWarning("formulas_without_value", message))
    return Loaded(as_grid(source.path, lines, titled=True), None, dropped, warnings)


def _lines(found: dict[str, Any]) -> list[tuple[int, list[str]]]:
    return [(line, cells) for line, cells in found["lines"]]


def _cleaned(cell: str, dropped: Counter[str]) -> str:
    if cell.isascii() and cell.isprintable():
        return cell
    text, counts = clean(cell)
    dropped.update(counts)
    return text


def find_columns(grid: Grid, source: Source) -> Columns:
    """Find what a table is: as asked, else a transcript, a survey, or participants.

    Raises:
        UnknownName: A column asked for is not there.
    """
    for wanted in (*source.text_columns, *([source.id_column] if source.id_column else [])):
        if wanted not in grid.columns:
            raise UnknownName("column", wanted, grid.columns)
    speaker = _named(grid.columns, _SPEAKER)
    asked = tuple(column for column in grid.columns if column in source.text_columns)
    words = asked[0] if len(asked) == 1 else _named(grid.columns, _TEXT)
    kind = source.table
    if kind is None and speaker is not None and words is not None and len(asked) < 2:
        kind = "transcript"
    lengths = _lengths(grid, ids(grid, source.id_column)[0])
    longest = max(lengths, key=lambda column: lengths[column], default="")
    if kind is None and (asked or (lengths and _is_prose(grid, longest, lengths[longest]))):
        kind = "survey"
    if kind == "transcript":
        start, stop = _named(grid.columns, _START), _named(grid.columns, _STOP)
        words = words or longest
        _require_text(source, words)
        return Columns(kind, (words,), words, speaker, start, stop)
    if kind == "survey":
        _require_text(source, asked or longest)
        texts = asked or tuple(
            column
            for column in lengths
            if column == longest
            or (lengths[column] * 2 >= lengths[longest] and _is_varied(grid, column))
        )
        main = max(texts, key=lambda column: lengths.get(column, 0.0))
        return Columns(kind, texts, main)
    return Columns("participants")


def _require_text(source: Source, found: object) -> None:
    if not found:
        raise ReadingError(source.path, "No column of the table holds words.")


def _named(columns: Iterable[str], names: Sequence[str]) -> str | None:
    """Give the column of the first of these names that is there, any case."""
    folded = {" ".join(name.split()).casefold().rstrip(":"): name for name in columns}
    return next((folded[name] for name in names if name in folded), None)


def _lengths(grid: Grid, id_column: str | None) -> dict[str, float]:
    """Give the mean length of the filled cells of every column that holds words."""
    found: dict[str, float] = {}
    for column in grid.columns:
        cells = _filled(grid, column)
        if column != id_column and sum(map(_is_words, cells)) * 2 > len(cells):
            found[column] = sum(map(len, cells)) / len(cells)
    return found


def _filled(grid: Grid, column: str) -> list[str]:
    return [row[column] for _, row in grid.rows if row[column].strip()]


def _is_words(cell: str) -> bool:
    """Tell words from time stamps, keys and addresses, however long and various they are."""
    letters = sum(map(str.isalpha, cell))
    return letters * 2 > len("".join(cell.split())) and not _ADDRESS.fullmatch(cell.strip())


def _is_varied(grid: Grid, column: str) -> bool:
    cells = _filled(grid, column)
    return len(set(cells)) > _DISTINCT * len(cells)


def _is_prose(grid: Grid, column: str, length: float) -> bool:
    return length > _PROSE and _is_varied(grid, column)


def _utterances(table: Loaded, columns: Columns) -> tuple[list[Utterance], int]:
    """Give the rows as turns: a speaker opens one, an empty speaker cell continues it.

    Returns:
        The turns, and the number of rows with references such as ``&#8212;``.
    """
    said: list[Utterance] = []
    unescaped = 0
    unread: list[int] = []
    last = -1.0
    for line, row in table.grid.rows:
        words, in_words = _unescaped(row[columns.main], table.dropped)
        label, in_label = _unescaped(row[columns.speaker] if columns.speaker else "", table.dropped)
        words, label = words.strip(), label.strip()
        unescaped += in_words or in_label
        if not words and not label:
            continue
        start, stop = (_time(row, column, line, unread) for column in (columns.start, columns.stop))
        if start is not None and start < last:
            message = "The time runs backwards here."
            table.warnings.append(ReadingWarning("time_backwards", message, line))
        last = last if start is None else start
        if label or not said or columns.speaker is None:
            said.append(Utterance(label or None, [], start, None, line))
        elif words:
            said[-1].flags = ("continuation",)
        said[-1].pieces.append(Piece(words, start))
        said[-1].stop_seconds = stop
    if unread:
        cells = counted(len(unread), "cell is no time stamp", "cells are no time stamps")
        message = f"{cells} that can be read; the first is here."
        table.warnings.append(ReadingWarning("time_unread", message, unread[0]))
    return said, unescaped


def _unescaped(cell: str, dropped: Counter[str]) -> tuple[str, bool]:
    """Resolve references such as ``&#8212;``; give the text and whether there were any."""
    if not _REFERENCE.search(cell):
        return cell, False

    def resolved(found: re.Match[str]) -> str:
        text = html.unescape(found[0])
        if not text:  # of a character that HTML does not allow
            dropped[found[0]] += 1
        return text

    return _cleaned(_REFERENCE.sub(resolved, cell), dropped), True


def _time(row: dict[str, str], column: str | None, line: int, unread: list[int]) -> float | None:
    cell = row[column].strip() if column else ""
    match = _STAMP.fullmatch(cell)
    if match:
        return seconds(match[1])
    if cell and line not in unread[-1:]:
        unread.append(line)
    return None


def _left_out(grid: Grid, columns: Columns) -> Iterator[ReadingWarning]:
    used = {columns.main, columns.speaker, columns.start, columns.stop}
    for column in grid.columns:
        filled = [line for line, row in grid.rows if row[column].strip()]
        if column not in used and filled:
            cells = counted(len(filled), "filled cell")
            message = f'The column "{column}" is left out: {cells}.'
            yield ReadingWarning("column_left_out", message, filled[0])


def _facts(grid: Grid, columns: Columns) -> dict[str, Any]:
    """Give what the preview shows of a table: its size and what is in its text column."""
    found: dict[str, Any] = {
        "rows": len(grid.rows),
        "columns": list(grid.columns),
        "filled": {column: len(_filled(grid, column)) for column in grid.columns},
    }
    if columns.main:
        cells = _filled(grid, columns.main)
        found |= {
            "text_column": columns.main,
            "text_columns": list(columns.text),
            "nonempty_text": len(cells),
            "first_text": cells[0][:_SHOWN] if cells else "",
            "last_text": cells[-1][:_SHOWN] if cells else "",
            "multiline_cells": sum(1 for cell in cells if "\n" in cell),
            "longest": max(map(len, cells), default=0),
        }
    return found


CSV = Reader((".csv",), read_table, documents=read_documents)
XLSX = Reader((".xlsx",), read_table, is_xlsx, documents=read_documents)
