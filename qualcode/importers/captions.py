"""Captions: WebVTT, SubRip and YouTube's SBV, divided into cues.

Two parsers of the field glue cue ids and notes into speech and merge voices, so this one is our
own. The file is divided at its empty lines and read once, from top to bottom: by one pattern where
it is as nearly all captions are, line by line where it is not.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain

from qualcode.errors import ReadingError
from qualcode.importers.characters import clean, decode
from qualcode.importers.cues import Cue, Voice, read_cues, said, timed
from qualcode.importers.source import Reader, Source
from qualcode.model import Reading, ReadingWarning
from qualcode.text.labels import is_role, is_sound_form, known_forms, never_speaks

_TIME = r"(?:\d{1,4}:)?\d{1,3}:[0-5]?\d(?:[.,]\d{1,9})?"
_PARTS = r"(?:(\d{1,4}):)?(\d{1,3}):([0-5]?\d)(?:[.,](\d{1,9}))?"
_TIMING = re.compile(rf"{_PARTS}\s*-->\s*{_PARTS}(?:\s.*)?")
_CLOCK = r"([0-9]{2}(?::[0-9]{2})?):([0-5][0-9])[.,]([0-9]{3})"
_USUAL = re.compile(rf"(\S+\n)?{_CLOCK} --> {_CLOCK}(?:[ \t][^\n]*)?\n(.+)", re.DOTALL)
"""A block that is one cue: its id, hours and minutes, seconds and thousandths, the words."""

_LOOKS_TIMED = re.compile(r"[\d:.,\s]*-->[\d:.,\s]*|.{0,40}\d:\d.{0,40}-->.*|.{0,40}-->.*\d:\d.*")
_SBV_TIMING = re.compile(rf"^[ \t]*({_TIME})[ \t]*,[ \t]*({_TIME})[ \t]*$", re.MULTILINE)
_SBV_BREAK = re.compile(r"\[br\]")
_RECOGNISED_SBV = re.compile(r"\s*+\d{1,3}:\d\d:\d\d\.\d{3},\d{1,3}:\d\d:\d\d\.\d{3}[ \t]*\n")
_WHOLE = {f"{n:02}": n for n in range(60)}
_THOUSANDTHS = {f"{n:03}": n / 1000 for n in range(1000)}
_TENTHS: list[int] = [10**digits for digits in range(10)]
_NOTE = re.compile(r"NOTE(?:[ \t](.*))?")
_VOICE = re.compile(r"<v(?:\.[^\s<>]{1,200})?[ \t]++([^<>\n]{1,200})>|</v>")
_TAG = re.compile(
    r"</?(?:c|i|b|u|s|v|rt|ruby|lang|font|span)(?:[.\s][^<>\n]{0,200})?>|<\d[\d:.,]{0,20}>"
    r"|\{\\[^{}\n]{0,100}\}",
    re.IGNORECASE,
)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});")
_PREFIX = re.compile(r"\[([^\[\]<>:]{1,40})\]:(?:\s+|$)|((?=[^\W_])[^<>:]{1,40}?)\s*:(?:\s+|$)")
_IN_BRACKETS = re.compile(r"\([^()]*\)?")
_PARTICLES = frozenset([
    "al", "and", "bin", "da", "de", "del", "den", "der", "di", "du", "el", "i", "la", "le", "van",
    "von", "y",
])  # fmt: skip
_RECOGNISED_SRT = re.compile(
    r"\s*+(?:\d{1,9}[ \t]*\n\s*+)?(?:\d{1,3}:)?\d{1,3}:\d\d[.,]\d{1,3}\s*-->"
)


@dataclass(slots=True)
class _File:
    """What the lines of a caption file hold."""

    cues: list[Cue] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    header: str = ""
    marked: bool = True
    """Whether there may be tags or references in its lines; most captions have none."""

    warnings: list[ReadingWarning] = field(default_factory=list)

    def warn(self, code: str, message: str, line: int | None) -> None:
        self.warnings.append(ReadingWarning(code, message, line))


def read_captions(source: Source) -> Reading:
    """Read a caption file, cue by cue.

    Raises:
        ReadingError: No line of the file is the timing of a cue.
    """
    decoded = decode(source)
    text = decoded.text
    if source.format == "sbv":  # the same cues, but for how their times are written
        text = _SBV_BREAK.sub(" ", _SBV_TIMING.sub(r"\1 --> \2", text))
    file = _parse(text, notes=source.format == "vtt")
    if not any(cue.start is not None for cue in file.cues):
        raise ReadingError(source.path, "No line of the file is the timing of a caption.")
    repeated = _drop_repeated(file)
    spoken = _voices(file, known_forms(source.labels))
    metadata = {"title": file.header} if file.header else {}
    if file.notes:
        metadata["note"] = "\n".join(file.notes)
    return read_cues(
        source,
        file.cues,
        spoken,
        encoding=decoded.encoding,
        metadata=metadata,
        dropped=decoded.dropped,
        told=decoded.warnings,
        warnings=file.warnings,
        facts={"repeated_lines": repeated} if repeated else {},
    )


def _parse(text: str, *, notes: bool) -> _File:
    """Divide the lines into cues, notes and the header; nothing that may be speech is lost."""
    file = _File(marked=any(mark in text for mark in "<{&"))
    number, begun = 1, False
    # an empty line ends a cue; one of blanks does not, live captions hold those
    for part in text.split("\n\n"):
        usual = _USUAL.fullmatch(part)
        if usual and part.count("-->") == 1:
            file.cues.append(_usual(usual, number, file.warnings))
            begun = True
        else:
            lines = part.removesuffix("\n").split("\n")
            at = _skip_blank(lines, 0)
            if notes and not begun:
                at = _skip_blank(lines, _header(lines, at, file))
            begun = begun or bool(part.strip())
            if at < len(lines):
                block = [line.strip() for line in lines[at:]]
                if not (notes and _set_aside(file, block)):
                    _read_block(file, block, number + at)
        number += part.count("\n") + 2
    return file


def _usual(match: re.Match[str], number: int, warnings: list[ReadingWarning]) -> Cue:
    """Give the cue of a block that begins on this line."""
    id, m, s, f, minutes, seconds, fraction, words = match.groups()
    start = _minutes(m) + _WHOLE[s] + _THOUSANDTHS[f]
    stop = _minutes(minutes) + _WHOLE[seconds] + _THOUSANDTHS[fraction]
    line = number + 1 if id else number
    said = words.strip()
    if said and "\n" not in said:
        lines = [said]
    else:
        lines = list(filter(None, map(str.strip, said.split("\n"))))
    if start <= stop:
        return Cue(line, start, stop, lines)
    odd = timed(line, start, stop, warnings)
    odd.lines = lines
    return odd


@lru_cache(maxsize=8)  # cues that follow one another mostly lie in the same minute
def _minutes(written: str) -> int:
    """Give the seconds of ``HH:MM`` or ``MM``."""
    hours, _, minutes = written.rpartition(":")
    return int(hours or 0) * 3600 + int(minutes) * 60


def _skip_blank(lines: Sequence[str], at: int) -> int:
    while at < len(lines) and not lines[at].strip():
        at += 1
    return at


def _header(lines: Sequence[str], first: int, file: _File) -> int:
    """Read ``WEBVTT`` and the lines under it up to the first empty one; give the line after."""
    if first == len(lines) or not re.match(r"WEBVTT(?:\s|$)", lines[first]):
        return first
    end = first
    while end < len(lines) and lines[end].strip() and "-->" not in lines[end]:
        end += 1
    file.header = "\n".join([lines[first][6:].strip(" \t-"), *lines[first + 1 : end]]).strip()
    return end


def _set_aside(file: _File, block: Sequence[str]) -> bool:
    """Keep what a note says; tell whether the lines are a note, a style or a region: no speech."""
    note = _NOTE.fullmatch(block[0])
    if not (note or block[0] in ("STYLE", "REGION")) or any("-->" in line for line in block):
        return False
    if note:
        file.notes.append("\n".join([note[1] or "", *block[1:]]).strip())
    return True


def _read_block(file: _File, block: Sequence[str], first: int) -> None:
    """Read lines without an empty one among them: usually one cue, its id and its timing."""
    at = 1 if len(block) > 1 and "-->" in block[1] else 0
    timing = _TIMING.fullmatch(block[at])
    if timing and "\n".join(block).count("-->") == 1:
        file.cues.append(_timed(file, timing, first + at))
        file.cues[-1].lines = list(filter(None, block[at + 1 :]))
        return
    timings = {i for i, line in enumerate(block) if "-->" in line and _LOOKS_TIMED.fullmatch(line)}
    ids = {i - 1 for i in timings if i and (i == 1 or block[i - 1].isdigit())} - timings
    loose: list[str] = []
    open_ = False
    for i, line in enumerate(block):
        if i in ids or not line:
            continue
        if i in timings:
            file.cues.append(_timed(file, _TIMING.fullmatch(line), first + i))
            open_ = True
        elif open_:
            file.cues[-1].lines.append(line)
        else:
            loose.append(line)
    if not loose:
        return
    if len(loose) == 1 and loose[0].isdigit():
        file.warn("malformed_cue", "A number without a caption.", first)
        return
    file.warn("outside_cue", "Text after an empty line; read as part of the cue before.", first)
    if timings:  # it stands before the block's first cue
        position = len(file.cues) - len(timings)
        if position == 0:
            file.cues.insert(0, Cue(first, None, None, loose))
        else:
            file.cues[position - 1].lines += loose
    elif file.cues:
        file.cues[-1].lines += loose
    else:
        file.cues.append(Cue(first, None, None, loose))


def _timed(file: _File, timing: re.Match[str] | None, number: int) -> Cue:
    if timing is None:
        file.warn("malformed_cue", "These times cannot be read; the words are kept.", number)
        return Cue(number, None, None)
    h, m, s, f, hours, minutes, seconds, fraction = timing.groups("0")
    start, stop = _seconds(h, m, s, f), _seconds(hours, minutes, seconds, fraction)
    return timed(number, start, stop, file.warnings)


def _seconds(hours: str, minutes: str, seconds: str, fraction: str) -> float:
    whole = int(hours) * 3600 + int(minutes) * 60 + int(seconds)
    return whole + int(fraction) / _TENTHS[len(fraction)]


def _drop_repeated(file: _File) -> int:
    """Drop what rolling captions show a second time; give the number of lines.

    Live captions scroll: each cue repeats the last line of the one before. People repeat
    themselves, too; so only a file in which at least half the cues do it is of that kind.
    """
    last: list[str] = []
    shared: list[int] = []
    first: int | None = None
    for cue, lines in zip(file.cues, _said(file), strict=True):
        shared.append(_shared(last, lines) if lines and lines[0] in last else 0)
        if shared[-1] and first is None:
            first = cue.line
        last = lines or last
    rolling = sum(map(bool, shared))
    if rolling < 3 or rolling * 2 < len(file.cues):
        return 0
    for cue, repeated in zip(file.cues, shared, strict=True):
        cue.lines = list(filter(_plain, cue.lines))[repeated:]
    message = f"Rolling captions: {sum(shared)} repeated lines were left out."
    file.warn("rolling_captions", message, first)
    return sum(shared)


def _shared(last: Sequence[str], lines: Sequence[str]) -> int:
    """How many lines at the beginning of a cue are those at the end of the one before."""
    for count in range(min(len(last), len(lines), 4), 0, -1):
        if last[-count:] == lines[:count]:
            return count
    return 0


def _said(file: _File) -> list[list[str]]:
    """Give the words of every cue's lines; lines without any are left out."""
    if not file.marked:  # no line is blank, or has outer white space
        return [cue.lines for cue in file.cues]
    return [list(filter(None, map(_plain, cue.lines))) for cue in file.cues]


def _plain(line: str) -> str:
    """Give the words of a line: without tags, references resolved, blanks at the ends removed."""
    if "<" in line or "{" in line:
        line = _TAG.sub("", _BREAK.sub(" ", line))
    return _resolved(line)


def _resolved(text: str) -> str:
    if "&" in text:
        resolved, _ = clean(_REFERENCE.sub(lambda found: html.unescape(found[0]), text))
        text = resolved.replace("\n", " ")
    return text.strip()


def _voices(file: _File, roster: frozenset[str]) -> list[list[Voice]] | None:
    """Give who says what in every cue: by voice tags, else by ``Name:`` at the start of a line.

    Returns:
        None where nobody can be named; the lines of the cues are then their words.
    """
    if file.marked and any(
        "<" in line and _VOICE.search(line) for cue in file.cues for line in cue.lines
    ):
        return [_tagged(cue.lines) for cue in file.cues]
    plain = _said(file)
    if ":" not in "".join(chain.from_iterable(plain)):
        if file.marked:
            for cue, lines in zip(file.cues, plain, strict=True):
                cue.lines = lines
        return None
    known = _known_labels(plain, roster)
    spoken: list[list[Voice]] = []
    for cue, lines in zip(file.cues, plain, strict=True):
        if not _may_name(lines):
            spoken.append(said([Voice(None, lines)]))
            continue
        voices = [Voice(None)]
        for line in lines:
            label, words = _prefixed(line)
            if label in known:
                voices.append(Voice(label, [words]))
                continue
            if label is not None and not never_speaks(label):
                file.warn("label_like", "Looks like a speaker label, read as text.", cue.line)
            voices[-1].words.append(line)
        spoken.append(said(voices))
    return spoken


def _tagged(lines: Sequence[str]) -> list[Voice]:
    voices = [Voice(None)]
    for line in lines:
        at = 0
        for tag in _VOICE.finditer(line):
            voices[-1].words.append(_plain(line[at : tag.start()]))
            at = tag.end()
            if tag[1]:
                voices.append(Voice(" ".join(_resolved(tag[1]).split()) or None))
        voices[-1].words.append(_plain(line[at:]))
    return said(voices)


def _may_name(lines: Sequence[str]) -> bool:
    """Tell whether some line may begin with a label; most cues show at a glance that none does."""
    return ":" in "".join(lines)


def _prefixed(line: str) -> tuple[str | None, str]:
    match = _PREFIX.match(line) if ":" in line else None
    if match is None:
        return None, line
    label = (match[1] or match[2]).strip()
    if not is_sound_form(label):
        return None, line
    return label, line[match.end() :].strip()


def _known_labels(cues: Sequence[Sequence[str]], roster: frozenset[str]) -> frozenset[str | None]:
    """Give the labels that are names of speakers: said twice, a role, or a name in a named file.

    Args:
        roster: Labels known from other documents, case-folded.
    """
    seen: Counter[str] = Counter()
    leading = 0
    for lines in filter(_may_name, cues):
        labels = [label for label, _ in map(_prefixed, lines) if label and not never_speaks(label)]
        leading += bool(lines) and bool(labels) and _prefixed(lines[0])[0] == labels[0]
        seen.update(labels)
    named = leading * 2 >= len(cues) or any(count > 1 for count in seen.values())
    all_named = leading == len(cues)
    return frozenset(
        label
        for label, count in seen.items()
        if count > 1
        or is_role(label)
        or label.casefold() in roster
        or (named and _is_name(label))
        or (all_named and " " not in label)
    )


def _is_name(label: str) -> bool:
    words = _IN_BRACKETS.sub(" ", label).split()
    return all(not word[0].islower() or word in _PARTICLES for word in words)


def _beginning(data: bytes) -> str:
    head = data[:4096].replace(b"\0", b"")
    for mark in (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"):
        head = head.removeprefix(mark)
    return head.decode("latin-1").replace("\r", "\n")


def is_vtt(data: bytes) -> bool:
    """Tell whether the bytes begin as a WebVTT file must."""
    return re.match(r"WEBVTT(?:\s|$)", _beginning(data)) is not None


def is_srt(data: bytes) -> bool:
    """Tell whether the bytes begin with the timing of a cue, a number above it or not."""
    return _RECOGNISED_SRT.match(_beginning(data)) is not None


def is_sbv(data: bytes) -> bool:
    """Tell whether the bytes begin with the times of a cue, as YouTube writes them."""
    return _RECOGNISED_SBV.match(_beginning(data)) is not None


VTT = Reader((".vtt",), read_captions, is_vtt)
SRT = Reader((".srt",), read_captions, is_srt)
SBV = Reader((".sbv",), read_captions, is_sbv)
