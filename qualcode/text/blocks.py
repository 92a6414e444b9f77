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
    start: int
    """First character that is not white space; equal to ``stop`` on a blank line."""

    stop: int
    """One past the last character that is not white space."""

    taken: bool = False
    """Whether it holds words of a turn, or is a turn's label line."""

    @property
    def blank(self) -> bool:
        return self.start == self.stop


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
    for raw in text.split("\n"):
        words = raw.strip()
        start = at + len(raw) - len(raw.lstrip()) if words else at
        lines.append(_Line(start, start + len(words)))
        at += len(raw) + 1
    return lines


def _take(text: str, lines: Sequence[_Line], spoken: Sequence[Turn]) -> None:
    """Mark the lines that hold words of a turn, or only the label of the turn below."""
    i = 0
    for turn in spoken:
        while i < len(lines) and (lines[i].blank or lines[i].stop <= turn.start):
            i += 1
        first = i
        while i < len(lines) and (lines[i].blank or lines[i].start < turn.stop):
            lines[i].taken = not lines[i].blank
            i += 1
        if first < len(lines) and lines[first].start == turn.start:
            above = first - 1
            while above >= 0 and lines[above].blank:
                above -= 1
            if above >= 0 and not lines[above].taken:
                label_line = text[lines[above].start : lines[above].stop]
                lines[above].taken = _is_label_line(label_line, turn)
        i = max(first, i - 1)  # the next turn may begin on the line where this one ends


def _is_label_line(line: str, turn: Turn) -> bool:
    if PURGED in line:  # the label was purged with its words, and has another name since
        return len(line) <= LONGEST
    if turn.label:
        return turn.label in line and len(line) <= len(turn.label) + 40
    return turn.start_seconds is not None and _STAMP_ONLY.fullmatch(line) is not None


def _paragraphs(lines: Iterable[_Line]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    open_ = False
    for line in lines:
        if line.blank or line.taken:
            open_ = False
        elif open_:
            found[-1] = (found[-1][0], line.stop)
        else:
            found.append((line.start, line.stop))
            open_ = True
    return found
