"""Blocks: the turns of a document, and the paragraphs outside them.

A block is what is wrapped on screen, cut into sentences and counted. Speakers' label lines
belong to no block.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from qualcode.model import Block, Turn
from qualcode.text.quotes import PURGED

LONGEST = 100
"""Characters of a line above a turn that may have been its label line before it was purged."""

_STAMP_ONLY = re.compile(r"[\[(#]?(?:\d{1,3}:)?\d{1,3}:[0-5]\d(?:[.,]\d{1,3})?(?:-\d)?[\])#]?:?")


@dataclass(slots=True)
class _Line:
    """A line that is not blank."""

    n: int
    start: int
    """First character that is not white space."""

    stop: int
    """One past the last character that is not white space."""

    taken: bool = False
    """Whether it holds words of a turn, or is a turn's label line."""


def blocks(text: str, turns: Iterable[Turn]) -> list[Block]:
    """Give every turn that has words, and every non-blank paragraph outside all turns.

    A paragraph is a maximal run of non-blank lines. A line that holds part of a turn, or the
    label or stamp line of a turn directly above its words, is not part of one.

    Args:
        text: The document's text.
        turns: In text order, not overlapping.

    Returns:
        Blocks in text order, none overlapping, none with outer white space, none empty.
    """
    spoken = [turn for turn in turns if turn.start < turn.stop]
    lines = _lines(text)
    _take(text, lines, spoken)
    found = [Block(turn.start, turn.stop, turn) for turn in spoken]
    found += [Block(start, stop, None) for start, stop in _paragraphs(lines)]
    return sorted(found, key=lambda block: block.start)


def _lines(text: str) -> list[_Line]:
    lines, at = [], 0
    for n, raw in enumerate(text.split("\n")):
        words = raw.strip()
        if words:
            start = at + len(raw) - len(raw.lstrip())
            lines.append(_Line(n, start, start + len(words)))
        at += len(raw) + 1
    return lines


def _take(text: str, lines: Sequence[_Line], spoken: Sequence[Turn]) -> None:
    """Mark the lines that hold words of a turn, or only the label of the turn below."""
    i, last = 0, len(lines)
    for turn in spoken:
        while i < last and lines[i].stop <= turn.start:
            i += 1
        first = i
        while i < last and lines[i].start < turn.stop:
            lines[i].taken = True
            i += 1
        if 0 < first < last and lines[first].start == turn.start:
            above = lines[first - 1]
            if not above.taken:
                above.taken = _is_label_line(text[above.start : above.stop], turn)
        i = max(first, i - 1)  # the next turn may begin on the line where this one ends


def _is_label_line(line: str, turn: Turn) -> bool:
    if PURGED in line:  # the label was purged with its words, and has another name since
        return len(line) <= LONGEST
    if turn.label:
        return turn.label in line and len(line) <= len(turn.label) + 40
    return turn.start_seconds is not None and _STAMP_ONLY.fullmatch(line) is not None


def _paragraphs(lines: Iterable[_Line]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    follows = -1  # number of the line that would go on with the last paragraph
    for line in lines:
        if line.taken:
            continue
        if line.n == follows:
            found[-1] = (found[-1][0], line.stop)
        else:
            found.append((line.start, line.stop))
        follows = line.n + 1
    return found
