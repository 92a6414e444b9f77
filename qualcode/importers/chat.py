"""CHAT, the format of CHILDES and TalkBank: ``*INV:`` lines are turns, ``@`` lines the header.

Dependent tiers (``%mor:`` …) are counted but not read. A line that begins with a TAB goes on with
the one before. Times stand in "bullets" between two control characters, in milliseconds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from qualcode.errors import ReadingError
from qualcode.importers.characters import decode
from qualcode.importers.composed import Piece, Utterance, compose
from qualcode.importers.source import Reader, Source
from qualcode.model import Reading, ReadingWarning

_NAK = "\x15"
_BULLET = re.compile(rf"{_NAK}(?:[^\s{_NAK}]{{0,200}}_)?(\d{{1,12}})_(\d{{1,12}}){_NAK}")
_HEADER = re.compile(r"@([^:\n]{1,60})(?::\s*(.*))?")
_MAIN = re.compile(r"\*([^\s:*]{1,60}):\s*(.*)")
_TIER = re.compile(r"%[^\s:]{1,60}:")
_MARKS = frozenset(["UTF8", "Begin", "End"])
_RECOGNISED = re.compile(r"(?:@[^\n]*\n|\s*\n)*@Begin\s*(?:\n|\Z)")


@dataclass(slots=True)
class _File:
    """What the lines of the file hold."""

    parts: list[Utterance | str] = field(default_factory=list)
    metadata: dict[str, list[str]] = field(default_factory=dict)
    warnings: list[ReadingWarning] = field(default_factory=list)
    tiers: list[int] = field(default_factory=list)
    """Lines of the dependent tiers."""

    ended: bool = False


def read_cha(source: Source) -> Reading:
    """Read a CHAT file.

    Raises:
        ReadingError: It has no ``@Begin``.
    """
    decoded = decode(source, keep=_NAK)
    if not re.search(r"^@Begin[ \t]*$", decoded.text, re.MULTILINE):
        raise ReadingError(source.path, "The file has no line @Begin, as CHAT must.")
    file = _File()
    for number, line in _lines(decoded.text):
        _take(file, number, line)
    if not file.ended:
        message = "The file ends without @End; it may be cut off."
        file.warnings.append(ReadingWarning("cut_off", message, decoded.text.count("\n") + 1))
    composed = compose(file.parts)
    if not composed.turns:
        message = "No speaker labels found; a turn is a paragraph."
        file.warnings.append(ReadingWarning("no_speakers", message))
    left = f"Dependent tiers left out: {len(file.tiers)}."
    told = [ReadingWarning("tier_left_out", left, file.tiers[0])] if file.tiers else []
    lines = sorted([*file.warnings, *composed.warnings], key=lambda found: found.line or 0)
    return Reading(
        text=composed.text,
        turns=composed.turns,
        format=source.format,
        pattern=None,
        encoding=decoded.encoding,
        sha256=source.sha256,
        source=source.data,
        anchors=composed.anchors,
        metadata={name: "\n".join(values) for name, values in file.metadata.items()},
        warnings=(*source.warnings, *decoded.warnings, *told, *lines),
        dropped=decoded.dropped,
        facts={"preamble_lines": 0},
    )


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Give the lines with their numbers, those that begin with a TAB joined to the one before."""
    begins = 0
    pieces: list[str] = []
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith("\t") and pieces:
            pieces.append(line.strip())
            continue
        if any(pieces):
            yield begins, " ".join(pieces)
        begins, pieces = number, [line.strip()]
    if any(pieces):
        yield begins, " ".join(pieces)


def _take(file: _File, number: int, line: str) -> None:
    header = _HEADER.fullmatch(line)
    main = _MAIN.fullmatch(line)
    if header:
        if header[1] in _MARKS:
            file.ended = header[1] == "End"
        else:
            file.metadata.setdefault(header[1].lower(), []).append(_plain(header[2] or ""))
    elif main:
        file.parts.append(_utterance(file, number, main[1], main[2]))
    elif _TIER.match(line):
        file.tiers.append(number)
    else:
        message = "This line has no tier; read as text of the turn before."
        file.warnings.append(ReadingWarning("outside_tier", message, number))
        if file.parts and isinstance(file.parts[-1], Utterance):
            file.parts[-1].pieces.append(Piece(_plain(line)))
        else:
            file.parts.append(_plain(line))


def _utterance(file: _File, number: int, label: str, words: str) -> Utterance:
    """Give a turn: its words are cut at the bullets, each of which ends the words it times."""
    said = Utterance(label, line=number)
    at = 0
    for bullet in _BULLET.finditer(words):
        start, stop = int(bullet[1]) / 1000, int(bullet[2]) / 1000
        said.pieces.append(Piece(_plain(words[at : bullet.start()]), start))
        said.start_seconds = start if said.start_seconds is None else said.start_seconds
        said.stop_seconds = stop
        at = bullet.end()
    rest = _plain(words[at:])
    if rest or not said.pieces:
        said.pieces.append(Piece(rest))
    _check_times(file, said)
    return said


def _check_times(file: _File, said: Utterance) -> None:
    start, stop = said.start_seconds, said.stop_seconds
    if start is None:
        return
    if stop is not None and stop < start:
        message = "The bullet stops before it starts; its end is left out."
        file.warnings.append(ReadingWarning("stop_before_start", message, said.line))
        said.stop_seconds = None
    before = (part.start_seconds for part in reversed(file.parts) if isinstance(part, Utterance))
    if start < next((time for time in before if time is not None), 0.0):
        message = "The time runs backwards here."
        file.warnings.append(ReadingWarning("time_backwards", message, said.line))


def _plain(text: str) -> str:
    """Give words as one line; a control character that is no bullet's is shown as CLAN does."""
    return " ".join(text.replace(_NAK, "\u2022").split(" ")).strip()


def is_cha(data: bytes) -> bool:
    """Tell whether the first lines are those of a CHAT file."""
    head = data[:4096].removeprefix(b"\xef\xbb\xbf").decode("latin-1").replace("\r\n", "\n")
    return _RECOGNISED.match(head) is not None


CHA = Reader((".cha",), read_cha, is_cha)
