"""A document of paragraphs and tables, as word processors and web pages hold it, as a Reading.

The text is in reading order, an empty line between paragraphs. Formatting counts only for telling
who speaks. A table with the columns of a transcript is read as one. What stands beside the text,
and what was tracked as changed, is counted and told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from qualcode.importers.composed import Piece, Utterance, compose
from qualcode.importers.source import Source
from qualcode.model import Reading, ReadingWarning, Turn
from qualcode.text.plurals import counted
from qualcode.text.times import TIME, seconds
from qualcode.text.turns import find_turns

_SPEAKER = frozenset(["speaker", "speaker name", "speaker label"])
_CONTENT = frozenset(["content", "words", "text", "utterance", "transcript", "speech"])
_TIME_COLUMN = frozenset(["time", "timestamp", "time stamp", "timecode", "start", "start time"])
_STAMP = re.compile(rf"[\[(]?({TIME})[\])]?")


@dataclass(slots=True)
class Paragraph:
    """A paragraph, or the paragraphs of a table's cell: its characters and which are bold."""

    pieces: list[tuple[str, bool]] = field(default_factory=list)
    """Stretches of text with whether they are bold, in order."""

    heading: bool = False

    lines: list[int] = field(default_factory=list)
    """Line of the file on which each of its lines begins; empty where the file has no lines."""

    @property
    def text(self) -> str:
        return "".join(text for text, _ in self.pieces)

    def numbered(self) -> list[int]:
        """Give ``lines``, as many as there are; the last counts for those after it."""
        many = self.text.count("\n") + 1
        return [*self.lines, *self.lines[-1:] * many][:many]

    def paragraphs(self) -> list[Paragraph]:
        return [self]

    def formatting(self) -> dict[int, tuple[str, tuple[int, ...]]]:
        """Give the lines that have formatting, for ``text.turns.find_turns``: line number from 0
        → its text with ``**`` around bold and ``#`` before a heading, and where those stand."""
        if not self.heading and not any(bold for _, bold in self.pieces):
            return {}
        found: dict[int, tuple[str, tuple[int, ...]]] = {}
        for n, line in enumerate(self._lines()):
            marked, inserted = _marked(line, self.heading)
            if inserted:
                found[n] = (marked, inserted)
        return found

    def _lines(self) -> list[list[tuple[str, bool]]]:
        lines: list[list[tuple[str, bool]]] = [[]]
        for text, bold in self.pieces:
            first, *rest = text.split("\n")
            lines[-1].append((first, bold))
            lines += [[(line, bold)] for line in rest]
        return lines


@dataclass(slots=True)
class Table:
    """A table: its rows, each a list of cells."""

    rows: list[list[Paragraph]] = field(default_factory=list)

    def paragraphs(self) -> list[Paragraph]:
        """Give every row as one paragraph, TAB between its cells; empty cells at the end go."""
        found = []
        for row in self.rows:
            pieces: list[tuple[str, bool]] = []
            lines: list[int] = []
            for i, cell in enumerate(row):
                pieces += [("\t", False)] if i else []
                pieces += cell.pieces
                lines += cell.numbered()[1 if lines else 0 :]
            found.append(Paragraph(pieces, lines=lines))
        return found


def _marked(line: list[tuple[str, bool]], heading: bool) -> tuple[str, tuple[int, ...]]:
    """Write marks into a line, stripped of outer white space; none go round white space alone."""
    text = "".join(piece for piece, _ in line)
    bold = [is_bold for piece, is_bold in line for _ in piece]
    start = len(text) - len(text.lstrip())
    stop = len(text.rstrip())
    marked: list[str] = []
    inserted: list[int] = []

    def insert(marks: str) -> None:
        inserted.extend(range(len(marked), len(marked) + len(marks)))
        marked.extend(marks)

    if heading and start < stop:
        insert("# ")
    inside = False
    blanks = 0
    for i in range(start, stop):
        if text[i].isspace():
            blanks += 1
            continue
        if inside and not bold[i]:
            insert("**")
            inside = False
        marked.extend(text[i - blanks : i])
        if bold[i] and not inside:
            insert("**")
            inside = True
        blanks = 0
        marked.append(text[i])
    if inside:
        insert("**")
    return "".join(marked), tuple(inserted)


Part = Paragraph | Table
_Lined = TypeVar("_Lined", Turn, ReadingWarning)


def read_parts(
    source: Source,
    parts: Sequence[Part],
    *,
    counts: Mapping[str, int],
    dropped: Mapping[str, int],
    metadata: Mapping[str, str],
    encoding: str | None = None,
    warnings: Sequence[ReadingWarning] = (),
) -> Reading:
    """Give the reading of a document.

    Args:
        source: The file.
        parts: Its paragraphs and tables in reading order; blank ones are left out.
        counts: ``insertions``, ``deletions``, ``comments``, ``notes``, ``headers`` → how many.
        dropped: Kind of character → how many were dropped.
        metadata: Fields such as ``title``.
        encoding: Codec; None where the format has none of its own.
        warnings: What the reader found uncertain; told before what is found here.
    """
    told = (*source.warnings, *warnings, *_warnings(counts))
    tables = [part for part in parts if isinstance(part, Table) and _columns(part)]
    reading = _records(source, parts) if tables else _page(source, parts)
    return replace(
        reading,
        encoding=encoding,
        metadata=metadata,
        warnings=(*told, *reading.warnings),
        dropped=dict(dropped),
        facts={**reading.facts, **{name: count for name, count in counts.items() if count}},
    )


def flow(parts: Sequence[Part]) -> tuple[str, dict[int, tuple[str, tuple[int, ...]]]]:
    """Give the text of paragraphs, and the formatting of its lines for ``find_turns``."""
    paragraphs = [line for part in parts for line in part.paragraphs() if line.text.strip()]
    text = "\n\n".join(paragraph.text for paragraph in paragraphs)
    formatting: dict[int, tuple[str, tuple[int, ...]]] = {}
    n = 0
    for paragraph in paragraphs:
        for i, marked in paragraph.formatting().items():
            formatting[n + i] = marked
        n += paragraph.text.count("\n") + 2
    return text, formatting


def lines_in_file(parts: Sequence[Part]) -> list[int]:
    """Give for every line of what ``flow`` gives its line of the file; empty where there is none.

    A blank line between paragraphs has that of the paragraph before.
    """
    found: list[int] = []
    for part in parts:
        for paragraph in part.paragraphs():
            if paragraph.lines and paragraph.text.strip():
                found += [*([found[-1]] if found else []), *paragraph.numbered()]
    return found


def _page(source: Source, parts: Sequence[Part]) -> Reading:
    """Read running text, as from any page: labels stay in it."""
    text, formatting = flow(parts)
    found = find_turns(text, pattern=source.pattern, known=source.labels, formatting=formatting)
    lines = lines_in_file(parts)

    def placed(one: _Lined) -> _Lined:
        return replace(one, line=lines[one.line - 1]) if lines and one.line else one

    return Reading(
        text=text,
        turns=tuple(map(placed, found.turns)),
        format=source.format,
        pattern=found.pattern,
        encoding=None,
        sha256=source.sha256,
        source=source.data,
        anchors=found.anchors,
        warnings=tuple(map(placed, found.warnings)),
        facts={"preamble_lines": found.preamble_lines},
    )


def _columns(table: Table) -> tuple[int, int, int | None] | None:
    """Give the places of speaker, words and time in a transcript's table; None in any other."""
    if not table.rows:
        return None
    header = [" ".join(cell.text.split()).casefold().rstrip(":") for cell in table.rows[0]]
    speaker = next((i for i, name in enumerate(header) if name in _SPEAKER), None)
    words = next((i for i, name in enumerate(header) if name in _CONTENT), None)
    if speaker is None or words is None:
        return None
    return speaker, words, next((i for i, name in enumerate(header) if name in _TIME_COLUMN), None)


def _records(source: Source, parts: Sequence[Part]) -> Reading:
    """Read a document whose speech stands in tables with ``Speaker`` and ``Content`` columns."""
    said: list[Utterance | str] = []
    warnings: list[ReadingWarning] = []
    for part in parts:
        columns = _columns(part) if isinstance(part, Table) else None
        if columns is None or isinstance(part, Paragraph):
            said += [paragraph.text for paragraph in part.paragraphs()]
        else:
            said += _utterances(part, columns)
            warnings += _columns_left_out(part, columns)
    composed = compose(said, glue="\n")
    first = next((i for i, part in enumerate(said) if isinstance(part, Utterance)), len(said))
    before = [part for part in said[:first] if isinstance(part, str)]
    lines = sum(1 for part in before for line in part.split("\n") if line.strip())
    if not composed.turns:
        message = "No speaker labels found; a turn is a paragraph."
        warnings.append(ReadingWarning("no_speakers", message))
    return Reading(
        text=composed.text,
        turns=composed.turns,
        format=source.format,
        pattern=None,
        encoding=None,
        sha256=source.sha256,
        source=source.data,
        anchors=composed.anchors,
        warnings=(*warnings, *composed.warnings),
        facts={"preamble_lines": lines},
    )


def _utterances(table: Table, columns: tuple[int, int, int | None]) -> Iterator[Utterance]:
    """Give the rows as turns: a speaker opens one, an empty speaker cell continues it."""
    speaker, words, time = columns
    current: Utterance | None = None
    for number, row in enumerate(table.rows[1:], 2):
        cells = [_lines(cell.text) for cell in row]
        cells += [""] * (len(table.rows[0]) - len(cells))
        label = " ".join(cells[speaker].split()).rstrip(": ") or None
        if label is None and not cells[words]:
            continue
        stamp = _STAMP.fullmatch(cells[time]) if time is not None else None
        start = seconds(stamp[1]) if stamp else None
        if label is not None or current is None:
            if current is not None:
                yield current
            begins = row[speaker].lines if speaker < len(row) else []
            current = Utterance(label, [], start, line=begins[0] if begins else number)
        else:
            current.flags = ("continuation",)
        current.pieces.append(Piece(cells[words], start))
    if current is not None:
        yield current


def _lines(cell: str) -> str:
    return "\n".join(filter(None, (line.strip() for line in cell.split("\n"))))


def _columns_left_out(
    table: Table, columns: tuple[int, int, int | None]
) -> Iterator[ReadingWarning]:
    for i, head in enumerate(table.rows[0]):
        filled = sum(1 for row in table.rows[1:] if i < len(row) and row[i].text.strip())
        if i not in columns and filled:
            are = "is" if filled == 1 else "are"
            yield ReadingWarning(
                "column_left_out",
                f'{counted(filled, "cell")} of the column "{" ".join(head.text.split())}" {are} not'
                " text.",
            )


TOLD = {
    "insertions": ("tracked_insertions", "tracked insertion", "read as text"),
    "deletions": ("tracked_deletions", "tracked deletion", "left out"),
    "comments": ("comments", "comment", "not part of the text"),
    "notes": ("notes", "footnote or endnote", "not part of the text"),
    "headers": ("headers", "header or footer", "not part of the text"),
}
"""What is counted beside the text → code of its warning, what it is, what became of it."""


def _warnings(counts: Mapping[str, int]) -> Iterator[ReadingWarning]:
    for name, count in counts.items():
        if count:
            code, noun, what = TOLD[name]
            plural = {"footnote or endnote": "footnotes or endnotes"}.get(
                noun, "headers or footers" if name == "headers" else noun + "s"
            )
            are = counted(count, f"{noun} is", f"{plural} are")
            yield ReadingWarning(code, f"{are} {what}.")
