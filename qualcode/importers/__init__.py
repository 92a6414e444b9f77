"""A file becomes a ``Reading``: its text, who speaks where, and what is uncertain.

``FORMATS`` of the house and those of plug-ins are registered the same way, as entry points of the
group ``qualcode.readers``. Nothing here stores anything, asks anything or knows SQL.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from importlib.metadata import EntryPoint, entry_points

from qualcode.errors import ReadingError, UnknownName
from qualcode.importers.source import Reader, Source, load, sniff
from qualcode.model import Reading, ReadingWarning

GROUP = "qualcode.readers"

_BUILT_IN = (
    EntryPoint("txt", "qualcode.importers.plain:TXT", GROUP),
    EntryPoint("md", "qualcode.importers.plain:MD", GROUP),
    EntryPoint("docx", "qualcode.importers.word:DOCX", GROUP),
    EntryPoint("vtt", "qualcode.importers.captions:VTT", GROUP),
    EntryPoint("srt", "qualcode.importers.captions:SRT", GROUP),
)


@cache
def readers() -> Mapping[str, Reader]:
    """Give the one table from format to reader: ours first, then those of plug-ins, by name.

    A plug-in adds formats; it cannot replace one of ours.
    """
    table: dict[str, Reader] = {point.name: point.load() for point in _BUILT_IN}
    for point in sorted(entry_points(group=GROUP), key=lambda point: (point.name, point.value)):
        if point.name not in table:
            table[point.name] = point.load()
    return table


def formats() -> list[str]:
    """Give the names of the formats that can be read."""
    return list(readers())


def read(
    path: str | os.PathLike[str],
    *,
    format: str | None = None,
    encoding: str | None = None,
    pattern: str | None = None,
    max_gap: float | None = None,
    large: bool = False,
) -> Reading:
    """Read a transcript. Nothing is stored.

    Args:
        path: A regular file.
        format: Name of the format; None finds it in the content, then in the file name.
        encoding: Codec of a text file; None finds it.
        pattern: Label pattern of running text (``text.turns.PATTERNS``); None finds it.
        max_gap: Captions: a pause longer than this many seconds ends a turn; None never does.
        large: Also read a file of more than 50 MB.

    Raises:
        ReadingError: The file cannot be read; the text names it and says why.
        UnknownName: There is no such format, encoding or pattern.
    """
    table = readers()
    if format is not None and format not in table:
        raise UnknownName("format", format, list(table))
    data = load(path, large=large)
    found = sniff(path, data, table)
    name = format or found.format
    if name is None:
        raise ReadingError(path, f"{found.problem} Formats read: {', '.join(table)}.")
    warnings: tuple[ReadingWarning, ...] = ()
    if format is None and found.surprise:
        warnings = (ReadingWarning("format_by_content", found.surprise),)
    source = Source(path, data, name, encoding, pattern, max_gap, warnings)
    reading = table[name].read(source)
    if not reading.text.strip():
        raise ReadingError(path, "The file holds no text.")
    return reading
