"""Text made from records: captions and tables have cells and cues, not a running text.

A turn becomes the paragraph ``LABEL: words``, or only its words where nobody is named; an empty
line lies between two paragraphs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from qualcode.model import ReadingWarning, Turn


@dataclass(slots=True)
class Piece:
    """Words of one turn that the file keeps together: a cue, a cell."""

    words: str
    """Without outer white space."""

    start_seconds: float | None = None
    """Where known, an anchor at the first of the words."""


@dataclass(slots=True)
class Utterance:
    """One turn, before it has its place in the text."""

    label: str | None
    """None where the file does not say who speaks."""

    pieces: list[Piece] = field(default_factory=list)
    start_seconds: float | None = None
    stop_seconds: float | None = None
    line: int | None = None
    """Line of the source file, from 1."""

    flags: tuple[str, ...] = ()


Unnamed: TypeAlias = tuple[str, float | None, float | None, int | None]
"""A turn of one piece by nobody named: its words, when they start and stop, and their line."""


@dataclass(frozen=True, slots=True)
class Composed:
    """The text and where its turns lie."""

    text: str
    turns: tuple[Turn, ...]
    anchors: tuple[tuple[int, float], ...]
    warnings: tuple[ReadingWarning, ...]


def compose(parts: Iterable[Utterance | str], *, glue: str = " ") -> Composed:
    """Write utterances one after the other; a plain string is a paragraph outside all turns.

    Args:
        parts: In reading order; blank strings are left out.
        glue: What joins the pieces of one turn.
    """
    written: list[str] = []
    turns: list[Turn] = []
    anchors: list[tuple[int, float]] = []
    warnings: list[ReadingWarning] = []
    at = 0
    for part in parts:
        if isinstance(part, str):
            paragraph = part.strip()
        else:
            paragraph, turn = _write(part, len(turns) + 1, at, glue, anchors)
            turns.append(turn)
            if turn.start == turn.stop:
                message = "A label without words; it will not be stored."
                warnings.append(ReadingWarning("empty_turn", message, turn.line))
        if paragraph:
            written.append(paragraph)
            at += len(paragraph) + 2
    return Composed("\n\n".join(written), tuple(turns), tuple(anchors), tuple(warnings))


def compose_unnamed(parts: Iterable[Unnamed]) -> Composed:
    """Write turns one after the other, each as its words only; those without words are left out."""
    written: list[str] = []
    turns: list[Turn] = []
    anchors: list[tuple[int, float]] = []
    at = 0
    for words, began, ended, line in parts:
        if not words:
            continue
        written.append(words)
        stop = at + len(words)
        turns.append(_turn(len(written), None, at, stop, began, ended, line, ()))
        if began is not None:
            anchors.append((at, began))
        at = stop + 2
    return Composed("\n\n".join(written), tuple(turns), tuple(anchors), ())


def _write(
    said: Utterance, n: int, at: int, glue: str, anchors: list[tuple[int, float]]
) -> tuple[str, Turn]:
    label, flags = said.label, said.flags
    spoken = [piece for piece in said.pieces if piece.words]
    lead = "" if label is None else f"{label}: " if spoken else f"{label}:"
    start = stop = at + len(lead)
    for i, piece in enumerate(spoken):
        stop += len(glue) if i else 0
        if piece.start_seconds is not None:
            anchors.append((stop, piece.start_seconds))
        stop += len(piece.words)
    turn = _turn(n, label, start, stop, said.start_seconds, said.stop_seconds, said.line, flags)
    words = spoken[0].words if len(spoken) == 1 else glue.join(piece.words for piece in spoken)
    return lead + words, turn


class _Unfrozen:
    """A turn whose fields can still be set."""

    __slots__ = Turn.__slots__


def _turn(
    n: int,
    label: str | None,
    start: int,
    stop: int,
    began: float | None,
    ended: float | None,
    line: int | None,
    flags: tuple[str, ...],
) -> Turn:
    """Make a turn in a fifth of the time ``Turn(...)`` takes, as captions hold thousands.

    A frozen record sets each of its fields by a call; this one is frozen when they are set.
    """
    turn: Any = _Unfrozen()
    turn.n, turn.speaker, turn.label = n, label, label
    turn.start, turn.stop = start, stop
    turn.start_seconds, turn.stop_seconds = began, ended
    turn.line, turn.flags = line, flags
    turn.role, turn.participants = "participant", ()
    turn.__class__ = Turn
    frozen: Turn = turn
    return frozen
