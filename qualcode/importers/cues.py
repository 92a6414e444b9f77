"""Cues become turns: what captions, machine transcripts and annotation tiers have in common.

Consecutive cues of one speaker are one turn; their times stay as anchors.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from qualcode.importers.composed import Piece, Unnamed, Utterance, compose, compose_unnamed
from qualcode.importers.source import Source
from qualcode.model import Reading, ReadingWarning


@dataclass(slots=True)
class Cue:
    """One cue of the file."""

    line: int | None
    """Line of the file it begins on, from 1; None where the format has no lines."""

    start: float | None
    stop: float | None
    """None where the file does not state them, or states nonsense."""

    lines: list[str] = field(default_factory=list)
    """As in the file, without outer white space."""


@dataclass(slots=True)
class Voice:
    """What one speaker says in one cue; ``label`` None where the cue does not say who."""

    label: str | None
    words: list[str] = field(default_factory=list)


def said(voices: Iterable[Voice]) -> list[Voice]:
    """Leave out an unnamed voice that says nothing."""
    return [voice for voice in voices if voice.label is not None or any(voice.words)]


def merge(
    cues: Sequence[Cue], spoken: Sequence[Sequence[Voice]], max_gap: float | None
) -> Iterator[Utterance]:
    """Join consecutive cues of one speaker; a cue without a label continues the speaker."""
    current: Utterance | None = None
    last: float | None = None  # when the cue before ended, or else began
    for cue, voices in zip(cues, spoken, strict=True):
        paused = (
            max_gap is not None
            and last is not None
            and cue.start is not None
            and cue.start - last > max_gap
        )
        for voice in voices:
            changes = voice.label is not None and (current is None or voice.label != current.label)
            if current is None or paused or changes:
                if current is not None:
                    yield current
                label = voice.label or (current.label if current else None)
                current = Utterance(label, [], cue.start, cue.stop, cue.line)
                paused = False
            current.pieces.append(Piece(_joined(voice), cue.start))
            if current.start_seconds is None:
                current.start_seconds = cue.start
            current.stop_seconds = cue.stop
        if cue.start is not None:
            last = cue.start if cue.stop is None else cue.stop
    if current is not None:
        yield current


def one_each(cues: Sequence[Cue], spoken: Sequence[Sequence[Voice]] | None) -> Iterator[Unnamed]:
    """Make every cue a turn; without ``spoken``, of its lines."""
    if spoken is None:
        words = [_together(cue.lines) for cue in cues]
    else:
        words = [_together(list(map(_joined, voices))) for voices in spoken]
    for cue, together in zip(cues, words, strict=True):
        yield together, cue.start, cue.stop, cue.line


def _joined(voice: Voice) -> str:
    return _together(voice.words)


def _together(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else " ".join(filter(None, words))


def backwards(cues: Iterable[Cue]) -> Iterator[ReadingWarning]:
    """Warn of every cue that begins before the one before it."""
    last = -1.0
    for cue in cues:
        if cue.start is None:
            continue
        if cue.start < last:
            yield ReadingWarning("time_backwards", "The time runs backwards here.", cue.line)
        last = cue.start


def timed(
    line: int | None, start: float | None, stop: float | None, warnings: list[ReadingWarning]
) -> Cue:
    """Give a cue of these times; a stop before its start is left out, with a warning."""
    if start is not None and stop is not None and stop < start:
        message = "The cue stops before it starts; its end is left out."
        warnings.append(ReadingWarning("stop_before_start", message, line))
        return Cue(line, start, None)
    return Cue(line, start, stop)


def as_seconds(value: object) -> float | None:
    """Give a number of seconds from a file; None where it is no number that can be a time."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) and number >= 0 else None


def read_cues(
    source: Source,
    cues: Sequence[Cue],
    spoken: Sequence[Sequence[Voice]] | None,
    *,
    encoding: str | None,
    metadata: Mapping[str, str],
    dropped: Mapping[str, int],
    told: Sequence[ReadingWarning] = (),
    warnings: Iterable[ReadingWarning] = (),
    facts: Mapping[str, object] | None = None,
) -> Reading:
    """Give the reading of a file of cues.

    Args:
        source: The file.
        cues: In reading order.
        spoken: Who says what in each; without any label every cue is a turn. None where nobody is
            named and the lines of the cues are their words.
        encoding: Codec; None where the format has none of its own.
        metadata: Fields of a header.
        dropped: Kind of character → how many were dropped.
        told: Warnings about the whole file; these come first.
        warnings: Warnings about lines; they are sorted in with those found here.
        facts: What else the preview shows.
    """
    labelled = sum(1 for voices in spoken or () if any(voice.label for voice in voices))
    if spoken is not None and labelled:
        composed = compose(merge(cues, spoken, source.max_gap))
    else:
        composed = compose_unnamed(one_each(cues, spoken))
    lines = [*warnings, *backwards(cues), *composed.warnings]
    return Reading(
        text=composed.text,
        turns=composed.turns,
        format=source.format,
        pattern=None,
        encoding=encoding,
        sha256=source.sha256,
        source=source.data,
        anchors=composed.anchors,
        metadata=metadata,
        warnings=(*source.warnings, *told, *sorted(lines, key=lambda found: found.line or 0)),
        dropped=dict(dropped),
        facts={
            "preamble_lines": 0,
            "cues": {"total": len(cues), "labelled": labelled, "unlabelled": len(cues) - labelled},
            **(facts or {}),
        },
    )
