"""Surveys: a row is one person's answers, and every answer is a document.

So a coder reads answers one by one, and figures that leave out a document at a time leave out one
answer. What else the row says are attributes: the participant's, where it is the same in all of
their rows, else the document's.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from qualcode.formats.cells import Grid
from qualcode.importers.composed import Composed, Piece, Utterance, compose
from qualcode.importers.source import Source
from qualcode.model import NamedReading, Reading, ReadingWarning, Turn
from qualcode.text.plurals import counted

ID_COLUMNS = ("case", "id", "participant", "respondent")


@dataclass(frozen=True, slots=True)
class _Answer:
    """A cell with words in it."""

    line: int
    column: str
    words: str
    """As in the cell."""

    id: str
    """Of who answers; the number of the row, from 1, where the table does not say."""

    known: bool
    """Whether the table says who answers."""

    row: Mapping[str, str]


def ids(grid: Grid, asked: str | None = None) -> tuple[str | None, list[str]]:
    """Give the column that says who answers, None if there is none, and the ID of every row."""
    folded = {name.casefold(): name for name in reversed(grid.columns)}
    column = asked or next((folded[name] for name in ID_COLUMNS if name in folded), None)
    given = [row[column].strip() if column else "" for _, row in grid.rows]
    return column, [label or str(n) for n, label in enumerate(given, 1)]


def answers_as_turns(grid: Grid, columns: Sequence[str], id_column: str | None) -> Composed:
    """Write the answers one after the other, a turn each, row by row."""
    return _composed(_answers(grid, columns, id_column))


def answers(
    grid: Grid,
    columns: Sequence[str],
    source: Source,
    name: str,
    encoding: str | None,
    warnings: Sequence[ReadingWarning] = (),
    dropped: Mapping[str, int] | None = None,
) -> list[NamedReading]:
    """Give the documents of a survey: one per answer, or with ``one_document`` one per column.

    Args:
        columns: Those of words.
        name: Of the file; documents are called ``NAME/ID``, with several columns
            ``NAME/ID – COLUMN``.
        warnings: Of the whole file; the first document carries them, and the counts ``dropped``.
    """
    id_column, labels = ids(grid, source.id_column)
    told = [*warnings, *remarks(grid, columns, id_column)]
    others = [column for column in grid.columns if column not in (id_column, *columns)]
    personal = _personal(grid, labels, others) if id_column else []
    varying = [column for column in others if column not in personal]
    people = _people(grid, labels, personal, id_column)
    found: list[NamedReading] = []
    if source.one_document:
        told += _unused(grid, varying)
        for column in columns:
            reading = _one_document(grid, column, source, encoding)
            label = f"{name} – {column}" if len(columns) > 1 else name
            found.append(NamedReading(label, reading, {}, people))
    else:
        for answer in _answers(grid, columns, source.id_column):
            label = f"{name}/{answer.id}"
            label += f" – {answer.column}" if len(columns) > 1 else ""
            kept = [c for c in grid.columns if c in (id_column, *others, answer.column)]
            reading = _document(answer, source, encoding, kept, grid.title)
            attributes = {c: v for c in varying if (v := answer.row[c].strip())}
            person = {answer.id: people[answer.id]} if answer.known else {}
            found.append(NamedReading(label, reading, attributes, person))
    if found:
        found[0] = _with_remarks(found[0], told, dropped or {})
    return found


def _answers(grid: Grid, columns: Sequence[str], id_column: str | None) -> Iterator[_Answer]:
    column, labels = ids(grid, id_column)
    for (line, row), label in zip(grid.rows, labels, strict=True):
        known = column is not None and bool(row[column].strip())
        for text in columns:
            if row[text].strip():
                yield _Answer(line, text, row[text], label, known, row)


def _composed(found: Iterator[_Answer]) -> Composed:
    return compose(
        Utterance(answer.id, [Piece(answer.words.strip())], line=answer.line) for answer in found
    )


def _document(
    answer: _Answer, source: Source, encoding: str | None, kept: Sequence[str], title: str
) -> Reading:
    """Make the document of one answer: its words as they stand in the cell, a single turn.

    The row alone is kept as its source: withdrawing one person's answer must not leave it behind
    in the files of all others.
    """
    row = _as_csv(kept, answer.row)
    start = len(answer.words) - len(answer.words.lstrip())
    stop = len(answer.words.rstrip())
    metadata = {"column": answer.column, "line": str(answer.line)}
    return Reading(
        text=answer.words,
        turns=(Turn(1, answer.id, answer.id, start, stop, line=answer.line),),
        format=source.format,
        pattern=None,
        encoding=encoding,
        sha256=hashlib.sha256(row).hexdigest(),
        source=row,
        metadata={"title": title, **metadata} if title else metadata,
        facts={"preamble_lines": 0},
    )


def _as_csv(columns: Sequence[str], row: Mapping[str, str]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([columns, [row[name] for name in columns]])
    return text.getvalue().encode()


def _one_document(grid: Grid, column: str, source: Source, encoding: str | None) -> Reading:
    composed = _composed(_answers(grid, [column], source.id_column))
    return Reading(
        text=composed.text,
        turns=composed.turns,
        format=source.format,
        pattern=None,
        encoding=encoding,
        sha256=source.sha256,
        source=source.data,
        metadata={"column": column, **({"title": grid.title} if grid.title else {})},
        facts={"preamble_lines": 0},
    )


def _personal(grid: Grid, labels: Sequence[str], columns: Sequence[str]) -> list[str]:
    """Give the columns that say the same in all rows of a person; blank cells say nothing."""
    found = []
    for column in columns:
        said: dict[str, str] = {}
        rows = zip(labels, grid.rows, strict=True)
        cells = [(label, value) for label, (_, row) in rows if (value := row[column].strip())]
        if all(said.setdefault(label, value) == value for label, value in cells):
            found.append(column)
    return found


def _people(
    grid: Grid, labels: Sequence[str], columns: Sequence[str], id_column: str | None
) -> dict[str, dict[str, str]]:
    """Give everyone who is named in the ID column, with their attributes."""
    found: dict[str, dict[str, str]] = {}
    for label, (_, row) in zip(labels, grid.rows, strict=True):
        if id_column is None or not row[id_column].strip():
            continue
        values = {column: row[column].strip() for column in columns if row[column].strip()}
        found.setdefault(label, {}).update(values)
    return found


def remarks(grid: Grid, columns: Sequence[str], id_column: str | None) -> Iterator[ReadingWarning]:
    """Tell of cells no document is made of, and of rows that do not say who answers."""
    for column in columns:
        empty = [line for line, row in grid.rows if not row[column].strip()]
        if empty:
            cells = counted(len(empty), "cell is", "cells are")
            message = f'{cells} empty in the column "{column}"; no document is made of it.'
            yield ReadingWarning("empty_cells", message, empty[0])
    if id_column is not None:
        nameless = [line for line, row in grid.rows if not row[id_column].strip()]
        for line in nameless:
            message = f'The column "{id_column}" is empty here; the row goes by its number.'
            yield ReadingWarning("no_id", message, line)


def _unused(grid: Grid, columns: Sequence[str]) -> Iterator[ReadingWarning]:
    for column in columns:
        filled = [line for line, row in grid.rows if row[column].strip()]
        if filled:
            cells = counted(len(filled), "cell")
            message = (
                f'The column "{column}" is left out, {cells}: it differs from answer to answer,'
                " and one document has no place for that."
            )
            yield ReadingWarning("column_left_out", message, filled[0])


def _with_remarks(
    named: NamedReading, warnings: Sequence[ReadingWarning], dropped: Mapping[str, int]
) -> NamedReading:
    reading = replace(named.reading, warnings=tuple(warnings), dropped=dict(dropped))
    return replace(named, reading=reading)
