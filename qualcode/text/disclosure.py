"""Known names and identifiers in a text that is about to leave, and how they are told of.

A name counts as a whole word only: "Al" stands neither in "Alder" nor in "Ali"; an underscore
parts words, for it does so in names of files. Letters are compared as NFC writes them, and what
cannot be seen (a soft hyphen, a zero-width space) is passed over; places are those of the text as
given. Nothing here knows a project or a file.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from qualcode.model import Span

_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_HIDDEN = re.compile("[\u00ad\u200b\u200c\u200d\u2060\ufeff]")
_RUN = re.compile(r"[^\W_]+")
_LIKE_I = str.maketrans("\u0130\u0131", "ii")
_WORD_BEFORE, _WORD_AFTER = r"(?<![^\W_])", r"(?![^\W_])"


@dataclass(frozen=True, slots=True, repr=False)
class Hit:
    """A known name in a text."""

    span: Span
    """In the text as given."""

    name: str
    """As it is known, not as it stands."""

    exact: bool
    """Written as it is known; else in other case."""


class Plain:
    """A text without what cannot be seen and every letter written in one way.

    Attributes:
        text: What to look in.
    """

    def __init__(self, text: str) -> None:
        self._starts: list[int] | None = None
        self._stops: list[int] = []
        self.text = text
        if text.isascii():
            return
        if _HIDDEN.search(text) is None and unicodedata.is_normalized("NFC", text):
            return
        self._starts, pieces = [], []
        for start, stop, letters in _letters(text):
            pieces.append(letters)
            self._starts += [start] * len(letters)
            self._stops += [stop] * len(letters)
        self.text = "".join(pieces)

    def given(self, start: int, stop: int) -> Span:
        """Where a stretch of the plain text stands in the text as given, whole letters."""
        if self._starts is None:
            return Span(start, stop)
        return Span(self._starts[start], self._stops[stop - 1])


def _letters(text: str) -> Iterator[tuple[int, int, str]]:
    """Start, stop and NFC of each run of characters that NFC may write as one letter."""
    start, chunk, stop = 0, "", 0
    for at, char in enumerate(text):
        if ord(char) in _INVISIBLE:
            continue
        alone = unicodedata.normalize("NFC", char)
        joined = unicodedata.normalize("NFC", chunk + char)
        if chunk and (unicodedata.combining(char) or joined != _nfc(chunk) + alone):
            chunk, stop = chunk + char, at + 1
            continue
        if chunk:
            yield start, stop, _nfc(chunk)
        start, chunk, stop = at, char, at + 1
    if chunk:
        yield start, stop, _nfc(chunk)


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def plain(text: str) -> str:
    """The text as names are compared: see ``Plain``."""
    return _nfc(text.translate(_INVISIBLE))


def folded(name: str) -> str:
    """A name as names are compared, with single blanks: it may be broken over two lines."""
    return " ".join(plain(name).split())


class Names:
    """Names to look for.

    Args:
        names: As they are known; blank ones are passed over.
        other_case: Find them in other case, too.
    """

    def __init__(self, names: Iterable[str], *, other_case: bool = True) -> None:
        known = sorted({name for one in names if (name := folded(one))})
        self._loose = {name.casefold(): name for name in reversed(known)}
        self._other_case = other_case
        self._runs = {name: _runs(name) for name in known}

    def __bool__(self) -> bool:
        return bool(self._loose)

    def hits(self, text: str) -> list[Hit]:
        """Where the names stand, the longest where several fit; in text order, none overlapping.

        A name written as it is known goes before one in other case.
        """
        if not self._loose:
            return []
        here = Plain(text)
        names = self._may_stand_in(here.text)
        begins = _beginnings(names, here.text)
        found = [
            Hit(here.given(start, stop), folded(here.text[start:stop]), True)
            for start, stop in _matches(_pattern(names), here.text, begins)
        ]
        if not self._other_case:
            return found
        starts = [hit.span.start for hit in found]
        exact = list(found)
        for start, stop in _matches(_pattern(names, re.IGNORECASE), here.text, begins):
            span = here.given(start, stop)
            i = bisect_right(starts, span.stop - 1) - 1
            if i >= 0 and exact[i].span.overlap(span):
                continue
            name = folded(here.text[start:stop])
            found.append(Hit(span, self._loose.get(name.casefold(), name), False))
        return sorted(found, key=lambda hit: hit.span)

    def _may_stand_in(self, text: str) -> tuple[str, ...]:
        """The names of which every word occurs in the text: few of many, and so sooner found."""
        said = _runs(" ".join(set(text.split())))
        return tuple(name for name, runs in self._runs.items() if runs <= said)

    def masked_in(self, text: str) -> str:
        """The text with every known name masked, whatever its case."""
        pieces, at = [], 0
        for hit in self.hits(text):
            pieces += [text[at : hit.span.start], masked(text[hit.span.start : hit.span.stop])]
            at = hit.span.stop
        return "".join([*pieces, text[at:]])


def _alike(text: str) -> str:
    """The same for all that ``re`` takes for one where it ignores case, and for some more."""
    return text.translate(_LIKE_I).casefold()


def _runs(text: str) -> frozenset[str]:
    return frozenset(_RUN.findall(_alike(text)))


def _beginnings(names: Sequence[str], text: str) -> list[int]:
    """Where in a text one of some names may begin, whatever its case: one look for all of them."""
    firsts = {_alike(name[0]) for name in names}
    letters = "".join(re.escape(char) for char in sorted(set(text)) if _alike(char) in firsts)
    if not letters:
        return []
    return [m.start() for m in re.finditer(rf"[{letters}](?<![^\W_][{letters}])", text)]


@lru_cache(maxsize=64)
def _pattern(names: tuple[str, ...], flags: int = 0) -> re.Pattern[str]:
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    words = "|".join(r"\s+".join(map(re.escape, name.split(" "))) for name in longest_first)
    return re.compile(rf"{_WORD_BEFORE}(?:{words}){_WORD_AFTER}" if words else r"(?!)", flags)


def _matches(
    pattern: re.Pattern[str], text: str, begins: Sequence[int]
) -> Iterator[tuple[int, int]]:
    """The matches that no vowel sign or accent goes on: to ``re`` those are no part of a word."""
    at = 0
    for start in begins:
        match = pattern.match(text, start) if start >= at else None
        if match is None:
            continue
        stop = match.end()
        if _is_mark(text[stop : stop + 1]) or _is_mark(text[max(0, start - 1) : start]):
            continue
        yield start, stop
        at = stop


def _is_mark(char: str) -> bool:
    return bool(char) and not char.isascii() and unicodedata.category(char).startswith("M")


def masked(name: str) -> str:
    """What may be said of a name in a list of where it stands: its first letter and its length."""
    text = " ".join(name.split())
    return f"{text[:1]}…({len(text)})" if text else ""
