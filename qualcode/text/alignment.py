"""Which words of one text are which words of another: the alignment of two versions.

Anchors are runs of words that stand exactly once in both versions, kept where their order is the
same (patience diff, Bram Cohen); between two anchors the search goes on with shorter runs. White
space counts for nothing, so that lines may be wrapped anew. Doubling both texts about doubles the
time; what would take longer is left unaligned.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

_TOKEN = re.compile(r"\w+|[^\w\s]")

RUNS = (8, 4, 2, 1)
"""Lengths of the runs that may be anchors, in the order in which they are tried."""

SMALL = 40_000
"""Pairs of words up to which a gap without any anchor is compared word by word."""

DEEPEST = 40
"""Anchors found inside gaps between anchors, so many times at most."""


@dataclass(frozen=True, slots=True, repr=False)
class Tokens:
    """The words and signs of a text: runs of letters and digits, and every other mark alone."""

    words: list[str]
    starts: list[int]
    stops: list[int]

    def __len__(self) -> int:
        return len(self.words)


def tokens(text: str) -> Tokens:
    """Cut a text into words and signs; all but white space is in one of them."""
    found = list(_TOKEN.finditer(text))
    return Tokens(
        [one[0] for one in found], [one.start() for one in found], [one.end() for one in found]
    )


def align(old: Sequence[str], new: Sequence[str]) -> list[int]:
    """For each word of ``old`` the number of the same word in ``new``; -1 where there is none.

    The numbers ascend: what was moved past what stayed is found nowhere.
    """
    numbers: dict[str, int] = {}
    a = [numbers.setdefault(word, len(numbers)) for word in old]
    b = [numbers.setdefault(word, len(numbers)) for word in new]
    match = [-1] * len(a)
    gaps = [(0, len(a), 0, len(b), 0)]
    while gaps:
        a0, a1, b0, b1, depth = gaps.pop()
        while a0 < a1 and b0 < b1 and a[a0] == b[b0]:
            match[a0] = b0
            a0, b0 = a0 + 1, b0 + 1
        while a0 < a1 and b0 < b1 and a[a1 - 1] == b[b1 - 1]:
            a1, b1 = a1 - 1, b1 - 1
            match[a1] = b1
        if a0 == a1 or b0 == b1:
            continue
        blocks = list(_blocks(a, b, (a0, a1, b0, b1), depth))
        for at, to, length in blocks:
            match[at : at + length] = range(to, to + length)
        if depth < DEEPEST and (a1 - a0) * (b1 - b0) > SMALL:
            gaps += _between(blocks, (a0, a1, b0, b1), depth + 1)
    return match


Gap = tuple[int, int, int, int]


def _between(
    blocks: Sequence[tuple[int, int, int]], gap: Gap, depth: int
) -> Iterator[tuple[int, int, int, int, int]]:
    """What blocks leave open of a gap; nothing where there are no blocks."""
    a0, a1, b0, b1 = gap
    if not blocks:
        return
    for at, to, length in (*blocks, (a1, b1, 0)):
        yield a0, at, b0, to, depth
        a0, b0 = at + length, to + length


def _blocks(
    a: Sequence[int], b: Sequence[int], gap: Gap, depth: int
) -> Iterator[tuple[int, int, int]]:
    """Blocks ``(in a, in b, length)`` of a gap that are the same, ascending in both."""
    a0, a1, b0, b1 = gap
    if (a1 - a0) * (b1 - b0) <= SMALL:
        matcher = SequenceMatcher(None, a[a0:a1], b[b0:b1], autojunk=False)
        yield from ((a0 + at, b0 + to, n) for at, to, n in matcher.get_matching_blocks() if n)
        return
    for length in RUNS:
        chain = _ascending(_once_in_both(a, b, gap, length))
        if chain:
            yield from _merged(chain, length)
            return


def _once_in_both(
    a: Sequence[int], b: Sequence[int], gap: Gap, length: int
) -> list[tuple[int, int]]:
    """Runs of words that a gap has exactly once on either side, in the order of ``a``."""
    there = _once(b, gap[2], gap[3], length)
    here = _once(a, gap[0], gap[1], length)
    return [(at, there[run]) for run, at in here.items() if at >= 0 and there.get(run, -1) >= 0]


def _once(
    words: Sequence[int], start: int, stop: int, length: int
) -> dict[int | tuple[int, ...], int]:
    """Run → where it stands; -1 where it stands more than once."""
    runs: Iterator[int | tuple[int, ...]] = (
        iter(words[start:stop])
        if length == 1
        else zip(*(words[start + n : stop] for n in range(length)), strict=False)
    )
    found: dict[int | tuple[int, ...], int] = {}
    for at, run in enumerate(runs, start):
        found[run] = -1 if run in found else at
    return found


def _ascending(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest choice of pairs that ascends on both sides; ``pairs`` ascend on the first."""
    ends: list[int] = []
    at_end: list[int] = []
    before: list[int] = []
    for n, (_, to) in enumerate(pairs):
        place = bisect_left(ends, to)
        before.append(at_end[place - 1] if place else -1)
        ends[place : place + 1] = [to]
        at_end[place : place + 1] = [n]
    chain: list[tuple[int, int]] = []
    n = at_end[-1] if at_end else -1
    while n >= 0:
        chain.append(pairs[n])
        n = before[n]
    return chain[::-1]


def _merged(chain: Sequence[tuple[int, int]], length: int) -> Iterator[tuple[int, int, int]]:
    """Overlapping runs on one diagonal as one block; a run that crosses the last one is left."""
    start, to, stop = chain[0][0], chain[0][1], chain[0][0] + length
    for at, there in chain[1:]:
        if there - at == to - start and at <= stop:
            stop = at + length
        elif at >= stop and there >= to + stop - start:
            yield start, to, stop - start
            start, to, stop = at, there, at + length
    yield start, to, stop - start
