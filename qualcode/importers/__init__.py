"""A file becomes a ``Reading``: its text, who speaks where, and what is uncertain.

One table holds the formats: ours, and those of plug-ins, entry points of the group
``qualcode.readers``; all are the same ``Reader``. Nothing here stores anything, asks anything or
knows SQL.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from importlib import import_module
from pathlib import PurePath
from typing import TypedDict, Unpack

from qualcode.errors import ReadingError, UnknownName
from qualcode.importers.guarded import run
from qualcode.importers.source import Reader, Source, load, sniff
from qualcode.model import NamedReading, Reading, ReadingWarning

GROUP = "qualcode.readers"

_BUILT_IN = {
    "txt": "plain:TXT",
    "md": "plain:MD",
    "docx": "word:DOCX",
    "vtt": "captions:VTT",
    "srt": "captions:SRT",
    "sbv": "captions:SBV",
    "odt": "odt:ODT",
    "rtf": "rtf:RTF",
    "html": "web_page:HTML",
    "json": "whisper:JSON",
    "tsv": "whisper:TSV",
    "otr": "otranscribe:OTR",
    "eaf": "elan:EAF",
    "cha": "chat:CHA",
    "pdf": "pdf:PDF",
    "csv": "tables:CSV",
    "xlsx": "tables:XLSX",
}
"""Format → module of this package and its ``Reader``."""


@cache
def readers() -> Mapping[str, Reader]:
    """Give the one table from format to reader: ours first, then those of plug-ins, by name.

    A plug-in adds formats; it cannot replace one of ours.
    """
    from importlib.metadata import entry_points  # costs the child of ``guarded`` half its start

    table: dict[str, Reader] = {}
    for name, place in _BUILT_IN.items():
        module, _, reader = place.partition(":")
        table[name] = getattr(import_module(f"{__name__}.{module}"), reader)
    for point in sorted(entry_points(group=GROUP), key=lambda point: (point.name, point.value)):
        if point.name not in table:
            table[point.name] = point.load()
    return table


def formats() -> list[str]:
    """Give the names of the formats that can be read."""
    return list(readers())


class How(TypedDict, total=False):
    """How to read a file; every entry may be left out."""

    format: str | None
    """Name of the format; None finds it in the content, then in the file name."""

    encoding: str | None
    """Codec of a text file; None finds it."""

    pattern: str | None
    """Label pattern of running text (``text.turns.PATTERNS``); None finds it."""

    max_gap: float | None
    """Captions: a pause longer than this many seconds ends a turn; None never does."""

    large: bool
    """Also read a file of more than 50 MB."""

    table: str | None
    """Tables: ``transcript``, ``survey`` or ``participants``; None finds it in the columns."""

    text_columns: Sequence[str]
    """Tables: the columns that hold words; none finds them."""

    id_column: str | None
    """Surveys: the column that says who answers; None finds it."""

    one_document: bool
    """Surveys: one document per column instead of one per answer; for ``read_all``."""

    labels: Collection[str]
    """Labels known from other documents (``project.speakers.known``): where prose may look like a
    label, one of these is one."""


def read(path: str | os.PathLike[str], **how: Unpack[How]) -> Reading:
    """Read a transcript as one text. Nothing is stored.

    Raises:
        ReadingError: The file cannot be read; the text names it and says why.
        UnknownName: There is no such format, encoding, pattern or column.
    """
    reading = examine(path, **how)
    if not reading.text.strip():
        instead = [w.message for w in reading.warnings if w.code == "participants_table"]
        raise ReadingError(path, instead[0] if instead else "The file holds no text.")
    return reading


def read_all(path: str | os.PathLike[str], **how: Unpack[How]) -> list[NamedReading]:
    """Read a file as the documents it holds: one, or of a survey one for every answer.

    Returns:
        At least one; called after the file's name without its ending, in the file's order. What
        is uncertain about the file as a whole stands with the first.

    Raises:
        ReadingError, UnknownName: As ``read``.
    """
    source, reader = _source(path, how)
    name = PurePath(path).stem
    if reader.documents is None:
        return [NamedReading(name, read(path, **how))]
    found = [named for named in reader.documents(source, name) if named.reading.text.strip()]
    if not found:
        raise ReadingError(path, "The file holds no text.")
    return found


def examine(path: str | os.PathLike[str], **how: Unpack[How]) -> Reading:
    """Look at a file as ``read`` does; one without text, such as of participants, comes back too.

    Raises:
        ReadingError, UnknownName: As ``read``.
    """
    source, reader = _source(path, how)
    reading = run(reader.read, source) if reader.guarded else reader.read(source)
    if not reading.text.strip() and reading.facts.get("kind") != "participants":
        raise ReadingError(path, "The file holds no text.")
    return reading


def _source(path: str | os.PathLike[str], how: How) -> tuple[Source, Reader]:
    """Load a file and find who reads it."""
    table = readers()
    format = how.get("format")
    if format is not None and format not in table:
        raise UnknownName("format", format, list(table))
    data = load(path, large=how.get("large", False))
    found = sniff(path, data, table)
    name = format or found.format
    if name is None:
        raise ReadingError(path, f"{found.problem} Formats read: {', '.join(table)}.")
    warnings: tuple[ReadingWarning, ...] = ()
    if format is None and found.surprise:
        warnings = (ReadingWarning("format_by_content", found.surprise),)
    source = Source(
        path,
        data,
        name,
        how.get("encoding"),
        how.get("pattern"),
        how.get("max_gap"),
        warnings,
        how.get("table"),
        tuple(how.get("text_columns") or ()),
        how.get("id_column"),
        how.get("one_document", False),
        tuple(sorted(how.get("labels") or ())),
    )
    return source, table[name]
