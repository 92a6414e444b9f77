"""What Whisper and WhisperX write: JSON with segments, or a table of milliseconds.

A segment is a cue; WhisperX says in it who speaks.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from qualcode.errors import ReadingError
from qualcode.importers.characters import clean, decode
from qualcode.importers.cues import Cue, Voice, as_seconds, read_cues, timed
from qualcode.importers.source import Reader, Source
from qualcode.model import Reading, ReadingWarning
from qualcode.text.plurals import counted

_SEGMENTS = re.compile(rb'"segments"\s*:\s*\[')
_BLANKS = re.compile(r"[ \t\n\r]*")
_HEADER = re.compile(rb"(?:\xef\xbb\xbf)?start\tend\t(?:speaker\t)?text[ \t]*\r?\n")
_COLUMNS = ("start", "end", "text")
_UNREADABLE = "These times cannot be read; the words are kept."
_JSON_ERRORS = (ValueError, RecursionError)
"""What the parser raises: JSONDecodeError is a ValueError, as is a number of 5,000 digits."""


def read_json(source: Source) -> Reading:
    """Read the ``segments`` of a JSON file.

    Raises:
        ReadingError: It is damaged, or holds no segments.
    """
    decoded = decode(source)
    warnings: list[ReadingWarning] = []
    dropped = Counter(decoded.dropped)
    cues: list[Cue] = []
    spoken: list[list[Voice]] = []
    metadata: dict[str, str] = {}
    for line, name, value in _values(source, decoded.text):
        if name == "language" and isinstance(value, str):
            metadata["language"] = value
        if name != "segments":
            continue
        if not isinstance(value, dict):
            warnings.append(ReadingWarning("malformed_cue", "This is no segment.", line))
            continue
        cues.append(_cue(line, value.get("start"), value.get("end"), 1, warnings))
        label = _words(value.get("speaker"), dropped)
        spoken.append([Voice(label or None, [_words(value.get("text"), dropped)])])
    if not cues:
        raise ReadingError(
            source.path,
            'The JSON holds no "segments"; what is read are the files of Whisper and WhisperX.',
        )
    return read_cues(
        source,
        cues,
        spoken,
        encoding=decoded.encoding,
        metadata=metadata,
        dropped=dropped,
        told=decoded.warnings,
        warnings=warnings,
    )


def _values(source: Source, text: str) -> Iterator[tuple[int, str, Any]]:
    """Give the fields of the JSON object with their lines; of ``segments`` every entry apart."""
    lines = _Lines(text)
    at = _next(source, text, 0, "{")
    if text[at:].startswith("}"):
        return
    while True:
        name, at = _value(source, text, at)
        at = _next(source, text, _blank(text, at), ":")
        if name == "segments" and text[at : at + 1] == "[":
            at = _blank(text, at + 1)
            while text[at : at + 1] != "]":
                begins = at
                value, at = _value(source, text, at)
                yield lines.of(begins), name, value
                at = _blank(text, at)
                if text[at : at + 1] != "]":
                    at = _next(source, text, at, ",")
            at += 1
        else:
            begins = at
            value, at = _value(source, text, at)
            yield lines.of(begins), str(name), value
        at = _blank(text, at)
        if text[at : at + 1] == "}":
            return
        at = _next(source, text, at, ",")


class _Lines:
    """Counts lines for places that are asked in ascending order."""

    def __init__(self, text: str) -> None:
        self._text, self._at, self._line = text, 0, 1

    def of(self, place: int) -> int:
        self._line += self._text.count("\n", self._at, place)
        self._at = place
        return self._line


def _value(source: Source, text: str, at: int) -> tuple[Any, int]:
    try:
        found: tuple[Any, int] = json.JSONDecoder().raw_decode(text, at)
    except _JSON_ERRORS:
        raise _damaged(source, text, at) from None  # the exception holds the whole file
    return found


def _next(source: Source, text: str, at: int, sign: str) -> int:
    at = _blank(text, at)
    if text[at : at + 1] != sign:
        raise _damaged(source, text, at)
    return _blank(text, at + 1)


def _blank(text: str, at: int) -> int:
    found = _BLANKS.match(text, at)
    return found.end() if found else at


def _damaged(source: Source, text: str, at: int) -> ReadingError:
    line = text.count("\n", 0, at) + 1
    return ReadingError(source.path, f"The JSON is damaged or cut off (line {line}).")


def _words(value: Any, dropped: Counter[str]) -> str:
    """Give a string of the file on one line; what escapes smuggled in is dropped and counted."""
    if not isinstance(value, str):
        return ""
    text, counts = clean(value)
    dropped.update(counts)
    return " ".join(filter(None, (line.strip() for line in text.split("\n"))))


def _cue(line: int, start: Any, stop: Any, unit: int, warnings: list[ReadingWarning]) -> Cue:
    starts, stops = as_seconds(start), as_seconds(stop)
    if starts is None or (stops is None and stop is not None):
        warnings.append(ReadingWarning("malformed_cue", _UNREADABLE, line))
        return Cue(line, None, None)
    return timed(line, starts / unit, None if stops is None else stops / unit, warnings)


def read_tsv(source: Source) -> Reading:
    """Read a table with the columns ``start``, ``end`` (milliseconds) and ``text``.

    Raises:
        ReadingError: It has other columns.
    """
    decoded = decode(source)
    header, *rows = decoded.text.split("\n")
    columns = [name.strip().casefold() for name in header.split("\t")]
    if not set(_COLUMNS) <= set(columns):
        raise ReadingError(
            source.path,
            'The table has no columns "start", "end" and "text", as Whisper writes them;'
            " read another one with --format csv.",
        )
    start, stop, text = map(columns.index, _COLUMNS)
    speaker = columns.index("speaker") if "speaker" in columns else None
    warnings: list[ReadingWarning] = []
    cues: list[Cue] = []
    spoken: list[list[Voice]] = []
    for line, row in enumerate(rows, 2):
        if not row.strip():
            continue
        cells = [cell.strip() for cell in row.split("\t")]
        if len(cells) != len(columns):
            held = counted(len(cells), "cell")
            message = f"{held} where the header has {len(columns)}; the words are kept."
            warnings.append(ReadingWarning("malformed_cue", message, line))
            cues.append(Cue(line, None, None))
            spoken.append([Voice(None, [" ".join(filter(None, cells))])])
            continue
        cues.append(_cue(line, _number(cells[start]), _number(cells[stop]), 1000, warnings))
        label = None if speaker is None else cells[speaker] or None
        spoken.append([Voice(label, [cells[text]])])
    return read_cues(
        source,
        cues,
        spoken,
        encoding=decoded.encoding,
        metadata={},
        dropped=decoded.dropped,
        told=decoded.warnings,
        warnings=warnings,
    )


def _number(cell: str) -> float | str:
    return float(cell) if re.fullmatch(r"\d{1,12}(?:\.\d{1,9})?", cell) else cell


def is_json(data: bytes) -> bool:
    """Tell whether the bytes are a JSON object with a list of segments."""
    plain = data.replace(b"\0", b"") if b"\0" in data[:8] else data
    for mark in (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"):
        plain = plain.removeprefix(mark)
    return plain[:4096].lstrip().startswith(b"{") and _SEGMENTS.search(plain) is not None


def is_tsv(data: bytes) -> bool:
    """Tell whether the first line is the header of Whisper's table."""
    return _HEADER.match(data) is not None


JSON = Reader((".json",), read_json, is_json)
TSV = Reader((".tsv",), read_tsv, is_tsv)
