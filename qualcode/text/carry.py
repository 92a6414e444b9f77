"""Where a stretch of one version of a text stands in another version.

Used when a corrected transcript takes the place of the one that was coded. A stretch that would
be put in the wrong place does more harm than one that has to be placed by hand, so whatever is
not certain is left out, with the reason. Pure: texts and spans in, spans out.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Literal, TypeAlias

from qualcode.model import Span
from qualcode.text.alignment import align, tokens
from qualcode.text.graphemes import cuts

How: TypeAlias = Literal["placed", "changed", "unplaced"]

GONE = "its words are gone"
REWRITTEN = "its words were rewritten"
ENDS = "its beginning or its end was rewritten"
AROUND = "the words around it changed too much to be sure"
SEVERAL = "the same words stood there more than once, and not all of them are left"
AGAIN = "the same words stand there more than once now"

LONG = 6
"""Words in a row that are the same in both versions: so many need no look around."""

AROUND_WORDS = 6
"""Words looked at on either side of a shorter stretch."""

CLOSE_BY = 24
"""Words and signs on either side in which a shorter stretch may not stand once more."""

MOVED = 5
"""Words of a stretch that is looked for elsewhere, if it stands once in both versions."""

ENOUGH = 0.6
"""Share of a stretch's words that must be there for it to be the same stretch, corrected."""

ALIKE = 0.6
"""Likeness (difflib's ratio) from which one word is another one corrected."""

SHORT = 4
"""Letters from which a word may be another one corrected, with other letters."""

FEW = 400
"""Pairs of words up to which corrected words are told apart from exchanged ones."""


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a stretch went."""

    how: How
    """``placed``: the same words, white space aside. ``changed``: words inside were corrected."""

    span: Span | None
    """In the new text; None where it is unplaced."""

    reason: str = ""
    """Why it is unplaced."""

    near: Span | None = None
    """What stands in the new text where an unplaced stretch was; None where nothing does."""

    instead: bool = False
    """Whether ``near`` stands there in its very place, and for nothing else."""


def carry(old: str, new: str, spans: Iterable[Span]) -> list[Placement]:
    """Find stretches of an old version of a text in a new one.

    Args:
        spans: In the old text, in any order.

    Returns:
        One placement for each span, in their order. A span given is inside the new text, has no
        white space at its ends and cuts no character in two.
    """
    versions = Versions(old, new)
    return [versions.place(span) for span in spans]


class Versions:
    """Two versions of a text, aligned."""

    def __init__(self, old: str, new: str) -> None:
        self._text = new
        self._old, self._new = tokens(old), tokens(new)
        self._match = align(self._old.words, self._new.words)
        self._before, self._after = _nearest(self._match)
        self._taken = bytearray(len(self._new))
        for to in self._match:
            if to >= 0:
                self._taken[to] = 1
        self._slides = self._sliding()
        self._alike: dict[int, dict[int, int]] = {}
        self._places: dict[str, list[int]] | None = None
        self._old_places: dict[str, list[int]] | None = None

    def place(self, span: Span) -> Placement:
        """Find one stretch of the old text in the new one."""
        i = bisect_right(self._old.stops, span.start)
        j = bisect_left(self._old.starts, span.stop) - 1
        if i > j:
            return Placement("unplaced", None, GONE)
        match = self._match[i : j + 1]
        whole = match[0] >= 0 and match == list(range(match[0], match[0] + len(match)))
        if whole:
            found = self._same(span, i, j)
        elif self._moved(i, j) is not None:
            return self._drawn(span, i, j, self._moved(i, j) or 0)
        else:
            found = self._corrected(span, i, j)
        if found.span is None:
            near = self._near(i, j)
            instead = near is not None and self._before[i] == i - 1 and self._after[j] == j + 1
            return Placement("unplaced", None, found.reason, near, instead)
        return found

    def added(self) -> int:
        """How many words of the new text were not in the old one, corrected words included."""
        return sum(map(_is_word, self._new.words)) - sum(
            to >= 0 and _is_word(word)
            for to, word in zip(self._match, self._old.words, strict=True)
        )

    # The same words

    def _same(self, span: Span, i: int, j: int) -> Placement:
        if any(start <= i and j < stop for start, stop in self._slides_at(i)):
            return Placement("unplaced", None, SEVERAL)
        s = self._match[i]
        certain = sum(map(_is_word, self._old.words[i : j + 1])) >= LONG
        if not certain and (reason := self._doubt(i, j, s, s + j - i)):
            return Placement("unplaced", None, reason)
        return self._drawn(span, i, j, s)

    def _drawn(self, span: Span, i: int, j: int, s: int) -> Placement:
        """Put a span on the same words, which begin at word ``s``; it may begin inside a word."""
        old, new, e = self._old, self._new, s + j - i
        start = new.starts[s] + max(span.start - old.starts[i], 0)
        stop = new.stops[e] - max(old.stops[j] - span.stop, 0)
        return self._whole_characters("placed", start, stop)

    def _moved(self, i: int, j: int) -> int | None:
        """Where long words begin that stand once in the old text, and once elsewhere in the new."""
        words = self._old.words[i : j + 1]
        if sum(map(_is_word, words)) < MOVED:
            return None
        if self._places is None or self._old_places is None:
            self._places, self._old_places = _places(self._new.words), _places(self._old.words)
        if any(word not in self._places for word in words):
            return None
        rare = min(range(len(words)), key=lambda n: len(self._places[words[n]]))  # type: ignore[index]
        rarest = words[rare]

        def standing(places: dict[str, list[int]], within: list[str]) -> list[int]:
            starts = (at - rare for at in places[rarest])
            return [at for at in starts if at >= 0 and within[at : at + len(words)] == words]

        here = standing(self._places, self._new.words)
        there = standing(self._old_places, self._old.words)
        return here[0] if len(here) == len(there) == 1 else None

    # Corrected words

    def _corrected(self, span: Span, i: int, j: int) -> Placement:
        """Put a span on words of which some were corrected, if both of its ends are certain."""
        targets = [self._target(n) for n in range(i, j + 1)]
        if not any(to is not None for to in targets):
            return Placement("unplaced", None, REWRITTEN if self._near(i, j) else GONE)
        s, e = self._first(i, j), self._last(i, j)
        if s is None or e is None or s > e:
            return Placement("unplaced", None, ENDS)
        counts = [_is_word(word) for word in self._old.words[i : j + 1]]
        if not any(counts):
            counts = [True] * len(counts)
        kept = sum(
            to is not None and s <= to <= e
            for to, is_word in zip(targets, counts, strict=True)
            if is_word
        )
        if kept < ENOUGH * sum(counts) or e - s > 1.5 * (j - i) + 4:
            return Placement("unplaced", None, REWRITTEN)
        if not self._run(i, j) and (reason := self._doubt(i, j, s, e)):
            return Placement("unplaced", None, reason)
        start, stop = self._new.starts[s], self._new.stops[e]
        if self._match[i] >= 0:
            start += max(span.start - self._old.starts[i], 0)
        if self._match[j] >= 0:
            stop -= max(self._old.stops[j] - span.stop, 0)
        return self._whole_characters("changed", start, stop)

    def _target(self, n: int) -> int | None:
        """The word of the new text that an old word is, corrected or not."""
        return self._match[n] if self._match[n] >= 0 else self._soft(n).get(n)

    def _first(self, i: int, j: int) -> int | None:
        """The word of the new text with which a stretch begins; None where that is not certain."""
        target = self._target(i)
        if target is not None:
            return target
        a0, a1, b0, b1 = self._gap(i)
        if a0 != i:
            return None
        if b0 < b1:
            return b0
        return self._match[a1] if a1 <= j else None

    def _last(self, i: int, j: int) -> int | None:
        target = self._target(j)
        if target is not None:
            return target
        a0, a1, b0, b1 = self._gap(j)
        if a1 != j + 1:
            return None
        if b0 < b1:
            return b1 - 1
        return self._match[a0 - 1] if a0 - 1 >= i else None

    def _run(self, i: int, j: int) -> bool:
        """Whether enough words in a row are the same to be certain without a look around."""
        run, last = 0, -2
        for n in range(i, j + 1):
            to = self._match[n]
            if to < 0 or to != last + 1:
                run = 0
            run += to >= 0 and _is_word(self._old.words[n])
            last = to if to >= 0 else -2
            if run >= LONG:
                return True
        return False

    def _gap(self, n: int) -> tuple[int, int, int, int]:
        """The words around an unmatched one that are not matched either, on both sides."""
        a0, a1 = self._before[n] + 1, self._after[n]
        b0 = self._match[a0 - 1] + 1 if a0 else 0
        b1 = self._match[a1] if a1 < len(self._old) else len(self._new)
        return a0, a1, b0, b1

    def _soft(self, n: int) -> dict[int, int]:
        """Old word → the new word it was corrected to, in the gap around word ``n``."""
        a0, a1, b0, b1 = self._gap(n)
        if a0 not in self._alike:
            old, new = self._old.words[a0:a1], self._new.words[b0:b1]
            pairs = _alike_pairs(old, new) if len(old) * len(new) <= FEW else []
            self._alike[a0] = {a0 + at: b0 + to for at, to in pairs}
        return self._alike[a0]

    # What is around

    def _doubt(self, i: int, j: int, s: int, e: int) -> str:
        """Why a short stretch may have been something else; empty where nothing speaks for it."""
        if not self._fits_around(i, j, s, e):
            return AROUND
        return AGAIN if self._stands_again(s, e) else ""

    def _stands_again(self, s: int, e: int) -> bool:
        """Whether new words close by, on another line, are the very same: another one's answer."""
        words, length = self._new.words, e - s + 1
        quote = words[s : e + 1]
        first = max(s - length - CLOSE_BY, 0)
        for at in range(first, min(e + CLOSE_BY, len(words) - length) + 1):
            if words[at] != quote[0] or s - length < at <= e or words[at : at + length] != quote:
                continue
            between = self._new.stops[min(at + length - 1, e)], self._new.starts[max(at, s)]
            if not all(self._taken[at : at + length]) and "\n" in self._text[slice(*between)]:
                return True
        return False

    def _fits_around(self, i: int, j: int, s: int, e: int) -> bool:
        """Whether the words before and after a short stretch are those that were there."""
        left = self._hits(range(i - 1, -1, -1), s, -1)
        right = self._hits(range(j + 1, len(self._old)), e, 1)
        full = AROUND_WORDS, round(AROUND_WORDS * ENOUGH)
        if any(seen == full[0] and hits >= full[1] for seen, hits in (left, right)):
            return True
        return 2 * (left[1] + right[1]) >= left[0] + right[0]

    def _hits(self, numbers: range, last: int, step: int) -> tuple[int, int]:
        """How many words lie on one side, six at most, and how many of them are there still."""
        seen = hits = 0
        for n in numbers:
            if not _is_word(self._old.words[n]):
                continue
            seen += 1
            to = self._match[n]
            if to >= 0 and 0 < (to - last) * step <= 4 * AROUND_WORDS:
                hits += 1
                last = to
            if seen == AROUND_WORDS:
                break
        return seen, hits

    def _near(self, i: int, j: int) -> Span | None:
        before, after = self._before[i], self._after[j]
        s = self._match[before] + 1 if before >= 0 else 0
        e = (self._match[after] if after < len(self._old) else len(self._new)) - 1
        if s > e:
            return None
        return self._whole_characters("changed", self._new.starts[s], self._new.stops[e]).span

    def _whole_characters(self, how: How, start: int, stop: int) -> Placement:
        """A span grown to whole characters, so that no accent or joined sign is cut off."""
        grown = Span(start, stop)
        while cuts(self._text, start):
            start -= 1
        while cuts(self._text, stop):
            stop += 1
        span = Span(start, stop)
        return Placement(how if span == grown else "changed", span)

    # Words of which it cannot be told which of several equal ones are gone

    def _sliding(self) -> list[tuple[int, int]]:
        """Stretches of words that may as well be those deleted beside them, in text order."""
        old, match = self._old.words, self._match
        slides = []
        n = 0
        while n < len(old):
            if match[n] >= 0:
                n += 1
                continue
            a0, a1, b0, b1 = self._gap(n)
            n = a1
            if b0 < b1:
                continue
            left = a0
            while left > 0 and old[left - 1] == old[a1 - 1 - (a0 - left)]:
                if match[left - 1] < 0 or (left < a0 and match[left - 1] + 1 != match[left]):
                    break
                left -= 1
            right = a1
            while right < len(old) and old[right] == old[a0 + right - a1]:
                if match[right] < 0 or (right > a1 and match[right - 1] + 1 != match[right]):
                    break
                right += 1
            slides += [pair for pair in ((left, a0), (a1, right)) if pair[0] < pair[1]]
        return sorted(slides)

    def _slides_at(self, i: int) -> list[tuple[int, int]]:
        """The sliding stretches that may hold word ``i``."""
        at = bisect_right(self._slides, (i, len(self._old)))
        return self._slides[max(at - 4, 0) : at]


def _nearest(match: list[int]) -> tuple[list[int], list[int]]:
    """For each word the matched one before it (or -1), and after it (or the number of words)."""
    before, after = [-1] * len(match), [len(match)] * len(match)
    last = -1
    for n, to in enumerate(match):
        before[n] = last
        last = n if to >= 0 else last
    last = len(match)
    for n in range(len(match) - 1, -1, -1):
        after[n] = last
        last = n if match[n] >= 0 else last
    return before, after


def _places(words: Iterable[str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for n, word in enumerate(words):
        found.setdefault(word, []).append(n)
    return found


def _is_word(token: str) -> bool:
    return token[0].isalnum() or token[0] == "_"


@lru_cache(maxsize=65_536)
def _likeness(old: str, new: str) -> float:
    """How much two words are alike, signs never; of short words the letters must be the same."""
    if not (_is_word(old) and _is_word(new)):
        return 0.0
    old, new = old.casefold(), new.casefold()
    if sorted(old) == sorted(new):
        return 1.0
    if min(len(old), len(new)) < SHORT:
        return 0.0
    return SequenceMatcher(None, old, new, autojunk=False).ratio()


def _alike_pairs(old: list[str], new: list[str]) -> list[tuple[int, int]]:
    """The words of a gap that were corrected one into another: the ascending pairs most alike."""
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for a in range(len(old) - 1, -1, -1):
        for b in range(len(new) - 1, -1, -1):
            alike = _likeness(old[a], new[b])
            paired = best[a + 1][b + 1] + alike if alike >= ALIKE else 0.0
            best[a][b] = max(paired, best[a + 1][b], best[a][b + 1])
    pairs, a, b = [], 0, 0
    while a < len(old) and b < len(new):
        alike = _likeness(old[a], new[b])
        if alike >= ALIKE and best[a][b] == best[a + 1][b + 1] + alike:
            pairs.append((a, b))
            a, b = a + 1, b + 1
        elif best[a][b] == best[a + 1][b]:
            a += 1
        else:
            b += 1
    return pairs
