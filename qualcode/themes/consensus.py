"""One reading out of several coders' codings of a document: what all say, or what was decided.

Derived whenever it is asked for; the independent codings stay as they are.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from qualcode.model import Decision, Span
from qualcode.themes.frequencies import Mark, joint_valence


class Verdict(NamedTuple):
    """What was decided about one unit and code."""

    present: bool
    span: Span
    """The stretch that the decision was about."""


@dataclass(frozen=True, slots=True)
class Decided:
    """An adjudication, as far as a consensus needs it."""

    code: str
    span: Span
    decision: Decision
    new_code: str | None = None


@dataclass(frozen=True, slots=True)
class Consensus:
    """What the coders of one document say together."""

    marks: tuple[Mark, ...]
    """One per maximal run of units that bear a code, in the order of code and text."""

    undecided: int
    """Unit × code cells on which coders differ and nobody has decided; they are left out."""


def consensus(
    units: Sequence[Span],
    readings: Sequence[Sequence[Mark]],
    decisions: Sequence[Decided] = (),
    *,
    rule: Literal["unanimous", "majority"] = "unanimous",
) -> Consensus:
    """Derive the common reading of a document.

    A unit bears a code where all coders (``majority``: more than half) coded it, or where that was
    decided. A mark is a maximal run of such units, drawn in to the outermost boundaries that
    coders drew in it, and further to the stretch decided upon where a narrower one was chosen, so
    that quotes keep boundaries people chose.

    Args:
        units: The units of the document in text order.
        readings: The marks of each coder who finished the document.
        decisions: In the order they were made: the last one on a unit holds.
        rule: What counts as agreed where nothing was decided.
    """
    starts = [unit.start for unit in units]
    by_code: dict[str, list[list[Mark]]] = {}
    for at, reading in enumerate(readings):
        for mark in reading:
            by_code.setdefault(mark.code, [[] for _ in readings])[at].append(mark)
    decided = _decided(units, starts, decisions)
    found: list[Mark] = []
    undecided = 0
    for code in sorted({*by_code, *(code for code, _ in decided)}):
        each = by_code.get(code, [[] for _ in readings])
        votes = [{u for m in marks for u in _touched(units, starts, m)} for marks in each]
        present: list[int] = []
        for unit in sorted({*set().union(*votes), *(u for c, u in decided if c == code)}):
            for_it = sum(unit in one for one in votes)
            verdict = decided.get((code, unit))
            if verdict is not None:
                agreed = verdict.present
            elif rule == "majority":
                agreed = 2 * for_it > len(readings)
            else:
                agreed = for_it == len(readings)
                undecided += not agreed
            if agreed:
                present.append(unit)
        drawn = [mark for marks in each for mark in marks]
        for a, b in _runs(present):
            first, last = decided.get((code, a)), decided.get((code, b))
            found.append(_mark(code, units[a].start, units[b].stop, drawn, first, last))
    return Consensus(tuple(found), undecided)


def _decided(
    units: Sequence[Span], starts: Sequence[int], decisions: Sequence[Decided]
) -> dict[tuple[str, int], Verdict]:
    """(code, unit) → what was decided last."""
    verdicts: dict[tuple[str, int], Verdict] = {}
    for one in decisions:
        for unit in _touched(units, starts, one.span):
            verdicts[one.code, unit] = Verdict(one.decision == "present", one.span)
            if one.decision == "recode" and one.new_code is not None:
                verdicts[one.new_code, unit] = Verdict(True, one.span)
    return verdicts


def _touched(units: Sequence[Span], starts: Sequence[int], span: Span | Mark) -> Iterator[int]:
    at = max(0, bisect_right(starts, span.start) - 1)
    while at < len(units) and units[at].start < span.stop:
        if units[at].stop > span.start:
            yield at
        at += 1


def _runs(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """First and last of each run of consecutive numbers."""
    first = last = None
    for number in numbers:
        if last is not None and first is not None and number != last + 1:
            yield first, last
            first = None
        first, last = (number if first is None else first), number
    if first is not None and last is not None:
        yield first, last


def _mark(
    code: str,
    start: int,
    stop: int,
    drawn: Sequence[Mark],
    first: Verdict | None,
    last: Verdict | None,
) -> Mark:
    """The mark of a run.

    Args:
        drawn: What coders marked with the code.
        first: What was decided about its first unit; None where all agreed.
        last: The same of its last unit.
    """
    inside = [mark for mark in drawn if mark.start < stop and mark.stop > start]
    low = max(start, first.span.start) if first else start
    high = min(stop, last.span.stop) if last else stop
    begin = max(low, min((mark.start for mark in inside), default=low))
    end = min(high, max((mark.stop for mark in inside), default=high))
    if begin >= end:  # decided beside what anybody marked: the decision's own boundaries hold
        begin, end = low, high
    return Mark(
        code,
        begin,
        end,
        joint_valence(mark.valence for mark in inside),
        any(mark.disconfirming for mark in inside),
    )
