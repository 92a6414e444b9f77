"""oTranscribe: a page of words in JSON, in which every time stamp is an element of its own.

The words are read as those of a page, labels included; a stamp is not text but an anchor, and
the time of the turn whose line it stands before.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from qualcode.errors import ReadingError
from qualcode.importers.characters import decode
from qualcode.importers.page import flow
from qualcode.importers.source import Reader, Source
from qualcode.importers.web_page import Words, words_of
from qualcode.model import Reading, ReadingWarning, Turn
from qualcode.text.turns import find_turns

Anchors = list[tuple[int, float]]


def read_otr(source: Source) -> Reading:
    """Read a file of oTranscribe.

    Raises:
        ReadingError: It is damaged, or not of oTranscribe.
    """
    decoded = decode(source)
    try:
        file = json.loads(decoded.text)
    except (ValueError, RecursionError):
        # "from None": the exception holds the whole file
        raise ReadingError(source.path, "The JSON is damaged or cut off.") from None
    if not isinstance(file, dict) or not isinstance(file.get("text"), str):
        raise ReadingError(source.path, 'The JSON holds no "text", as oTranscribe writes it.')
    words = words_of(file["text"], stamps="data-timestamp")
    text, formatting = flow(words.parts)
    found = find_turns(text, pattern=source.pattern, known=source.labels, formatting=formatting)
    anchors = _anchors(words, text)
    turns = _timed(text, found.turns, anchors)
    media = file.get("media")
    return Reading(
        text=text,
        turns=turns,
        format=source.format,
        pattern=found.pattern,
        encoding=decoded.encoding,
        sha256=source.sha256,
        source=source.data,
        anchors=tuple(sorted([*found.anchors, *anchors])),
        metadata={"media": media} if isinstance(media, str) and media else {},
        # lines of the text are not lines of the file, which has but one
        warnings=(
            *source.warnings,
            *decoded.warnings,
            *(replace(warning, line=None) for warning in found.warnings),
            *_backwards(turns),
        ),
        dropped=words.dropped + Counter(decoded.dropped),
        facts={"preamble_lines": found.preamble_lines},
    )


def _anchors(words: Words, text: str) -> Anchors:
    """Give where in the text the stamps stand; one at the end of everything, at its end."""
    places: dict[int, int] = {}
    at = 0
    for part in words.parts:
        for paragraph in part.paragraphs():
            if paragraph.text.strip():
                places[id(paragraph)] = at
                at += len(paragraph.text) + 2
    return sorted(
        (min(places.get(id(paragraph), len(text)) + before, len(text)), seconds)
        for paragraph, before, seconds in words.anchors
    )


def _timed(text: str, turns: Sequence[Turn], anchors: Anchors) -> tuple[Turn, ...]:
    """Give every turn the time of a stamp on its line before its words, the last of several."""
    places = [place for place, _ in anchors]
    found = []
    for turn in turns:
        line = text.rfind("\n", 0, turn.start) + 1
        label = text.rfind(turn.label, 0, turn.start) if turn.label else line
        begins = text.rfind("\n", 0, max(label, 0)) + 1 if label >= 0 else line
        last = bisect_right(places, turn.start) - 1
        time = turn.start_seconds
        if time is None and last >= 0 and places[last] >= begins:
            time = anchors[last][1]
        found.append(replace(turn, start_seconds=time, line=None))
    return tuple(found)


def _backwards(turns: Sequence[Turn]) -> list[ReadingWarning]:
    times = [turn.start_seconds for turn in turns if turn.start_seconds is not None]
    if times == sorted(times):
        return []
    return [ReadingWarning("time_backwards", "The time runs backwards in this file.")]


def is_otr(data: bytes) -> bool:
    """Tell whether the bytes are a JSON object with the fields of oTranscribe."""
    head = data[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    return head.startswith(b"{") and b'"text"' in data and b'"media' in data and b"<" in data


# Python's parser of web pages takes long over pages made to hold it up: so it runs under a clock
OTR = Reader((".otr",), read_otr, is_otr, guarded=True)
