"""What an import would see: the answer of ``qualcode preview``. Nothing is stored."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Unpack

from qualcode.importers import How, examine
from qualcode.model import Reading, Turn
from qualcode.text.plurals import counted
from qualcode.text.roster import near_duplicates

NOBODY = "(none)"
"""Under this name the counts of speakers hold the turns of which nobody knows who spoke."""

_TABLES = {
    "transcript": "a transcript",
    "survey": "answers to a survey",
    "participants": "participants",
}
_TURNS_SHOWN = 5
_WARNINGS_SHOWN = 10
_WIDTH = 100


def preview(paths: Iterable[str | os.PathLike[str]], **how: Unpack[How]) -> dict[str, Any]:
    """Read files and give what was found in each, as JSON values.

    Args:
        paths: Files; ``how`` is that of ``importers.read``, for all of them.

    Returns:
        ``{"schema": "qualcode.preview/1", "files": [...]}``, one object per file, in order.
        ``turns`` includes labels without words, which an import would not store; those of a
        survey are its answers, each a document of its own when imported.

    Raises:
        ReadingError: One of the files cannot be read.
        UnknownName: There is no such format, encoding, pattern or column.
    """
    files = [described(path, examine(path, **how)) for path in paths]
    return {"schema": "qualcode.preview/1", "files": files}


def described(path: str | os.PathLike[str], reading: Reading) -> dict[str, Any]:
    """Give what was found in one file: an object of ``preview``."""
    counts = Counter(NOBODY if t.speaker is None else t.speaker for t in reading.turns)
    verbatim = reading.facts.get("kind") == "survey"
    alike = [] if verbatim else near_duplicates([name for name in counts if name != NOBODY], [])
    return {
        "file": os.fspath(path),
        "format": reading.format,
        "encoding": reading.encoding,
        "characters": len(reading.text),
        "sha256": reading.sha256,
        "pattern": reading.pattern,
        "turns": [_turn(reading.text, turn, verbatim) for turn in reading.turns],
        "speakers": dict(counts),
        "near_duplicates": [list(pair) for pair in alike],
        "warnings": [
            {"code": warning.code, "line": warning.line, "message": warning.message}
            for warning in reading.warnings
        ],
        "metadata": dict(reading.metadata),
        "dropped": dict(reading.dropped),
        **reading.facts,
    }


def _turn(text: str, turn: Turn, verbatim: bool) -> dict[str, Any]:
    words = text[turn.start : turn.stop]
    return {
        "n": turn.n,
        "speaker": turn.speaker,
        "start_seconds": turn.start_seconds,
        "stop_seconds": turn.stop_seconds,
        "text": words if verbatim else turn_text(words),
        "start": turn.start,
        "stop": turn.stop,
        "line": turn.line,
        "flags": list(turn.flags),
    }


def turn_text(words: str) -> str:
    """Give the words of a turn as they are compared: lines stripped, empty lines left out."""
    return "\n".join(filter(None, (line.strip() for line in words.split("\n"))))


def preview_lines(found: Mapping[str, Any]) -> Iterator[str]:
    """Give one file's object as lines for a person: the first turns, warnings, a summary last.

    The text in them is as in the file; whoever prints it makes control characters visible.
    """
    encoding = f", {found['encoding']}" if found["encoding"] else ""
    pattern = f", labels like {found['pattern']}" if found["pattern"] else ""
    kind = f"{found['format']}{encoding}"
    yield f"{found['file']}: {kind}, {counted(found['characters'], 'character')}{pattern}"
    if "rows" in found:
        yield from table_lines(found)
    if found.get("kind") != "survey":
        for name, turns in found["speakers"].items():
            yield f"  {_folded(name)}: {counted(turns, 'turn')}"
    for a, b in found["near_duplicates"]:
        yield f'  ? "{_folded(a)}" and "{_folded(b)}" look alike'
    for turn in found["turns"][:_TURNS_SHOWN]:
        time = "" if turn["start_seconds"] is None else f"{clock(turn['start_seconds'])}  "
        who = "" if turn["speaker"] is None else f"{_folded(turn['speaker'])}: "
        line = f"  {turn['n']}  {time}{who}{_folded(turn['text'])}"
        yield line if len(line) <= _WIDTH else line[: _WIDTH - 1] + "…"
    left = len(found["turns"]) - _TURNS_SHOWN
    if left > 0:
        yield f"  … and {left:,} more"
    warnings = found["warnings"]
    for warning in warnings[:_WARNINGS_SHOWN]:
        at = f"line {warning['line']}: " if warning["line"] else ""
        yield f"  ! {at}{warning['message']}"
    if len(warnings) > _WARNINGS_SHOWN:
        yield f"  ! … and {len(warnings) - _WARNINGS_SHOWN:,} more"
    yield summary(found)


def table_lines(found: Mapping[str, Any]) -> Iterator[str]:
    """Give what a table was read as, and of a survey how many documents it will become."""
    columns = ", ".join(map(_folded, found["columns"]))
    yield f"  a table, {_TABLES[found['kind']]}: {counted(found['rows'], 'row')} of {columns}"
    if found["kind"] != "survey":
        return
    texts = ", ".join(map(_folded, found["text_columns"]))
    who = "row number" if found["id_column"] is None else _folded(found["id_column"])
    answers = counted(len(found["turns"]), "answer")
    documents = counted(found["documents"], "document")
    yield f"  {answers} in {texts}, by {who}: {documents}"


def summary(found: Mapping[str, Any]) -> str:
    """Give how much was found: turns, speakers, what is unattributed, what was dropped."""
    parts = [
        counted(len(found["turns"]), "turn"),
        counted(len(found["speakers"].keys() - {NOBODY}), "speaker"),
    ]
    if "cues" in found:
        parts.append(counted(found["cues"]["unlabelled"], "unattributed cue"))
    parts.append(counted(sum(found["dropped"].values()), "character") + " dropped")
    return ", ".join(parts)


def clock(seconds: float) -> str:
    """Give seconds as ``M:SS`` or ``H:MM:SS``, without fractions."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _folded(text: str) -> str:
    return " ".join(text.split())
