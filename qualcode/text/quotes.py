"""Quotations of a passage in loose texts, found by their words: case, marks, line ends aside.

For what must go together with a passage: a code's example, a frozen codebook, a memo that quotes
it. Pure; knows no project.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TypeAlias

from qualcode.model import Span
from qualcode.spans import intersect, unite
from qualcode.text.alignment import align, tokens

PURGED = "\u2588"
"""What stands for a character that is gone: one for one, so that offsets stay."""

RUN = 5
"""Words in a row from which a text counts as a quotation of the passage."""

Words: TypeAlias = tuple[str, ...]

_WORD = re.compile(r"(?:\w[\u0300-\u036f]*)+")
"""With accents that are characters of their own: one program writes é as one, another as two."""

_QUOTED = re.compile(r"“[^”\n]*”|\"[^\"\n]*\"|«[^»\n]*»|„[^“\n]*“|‘[^’\n]*’")
_SENTENCE = re.compile(r"[^\n]*?(?:[.!?…]+[\"”’»)\]]*(?=\s|$)|(?=\n|$))")


class Quotations:
    """What a loose text quotes of passages that are to go.

    Args:
        passages: The texts that go.
    """

    def __init__(self, passages: Iterable[str]) -> None:
        self._runs: set[Words] = set()
        self._joined: list[str] = []
        for passage in passages:
            words = _words(passage)
            self._runs.update(_runs(words))
            self._joined.append(f" {' '.join(words)} ")
        self._elsewhere: set[Words] = set()

    def candidates(self, text: str, *, short: bool = False) -> set[Words]:
        """The runs of words that a text shares with the passages.

        Args:
            short: A text of fewer than ``RUN`` words is one run.
        """
        words = _words(text)
        if len(words) >= RUN:
            return {run for run in _runs(words) if run in self._runs}
        whole = f" {' '.join(words)} "
        if short and words and any(whole in joined for joined in self._joined):
            return {tuple(words)}
        return set()

    def leave(self, candidates: Iterable[Words], texts: Iterable[str]) -> None:
        """Take no notice of runs that texts which stay hold as well: others say them too."""
        wanted = set(candidates)
        few = [run for run in wanted if len(run) < RUN]
        for text in texts:
            words = _words(text)
            self._elsewhere |= wanted.intersection(_runs(words))
            if few:
                joined = f" {' '.join(words)} "
                self._elsewhere.update(run for run in few if f" {' '.join(run)} " in joined)

    def quotes(self, text: str, *, short: bool = False) -> bool:
        """Whether a text quotes a passage."""
        return bool(self.candidates(text, short=short) - self._elsewhere)

    def places(self, text: str) -> list[Span]:
        """Where a text quotes a passage.

        Each grows to what stands between its quotation marks, else to its whole sentences: words
        that were left out or changed in quoting go as well.
        """
        found = list(_WORD.finditer(text))
        words = [_folded(one.group()) for one in found]
        hits = [
            Span(found[i].start(), found[i + RUN - 1].end())
            for i, run in enumerate(_runs(words))
            if run in self._runs and run not in self._elsewhere
        ]
        return unite(_grown(text, hit) for hit in unite(hits))


def blanked(text: str, spans: Iterable[Span]) -> str:
    """A text without the characters of some stretches; as long as before, line by line.

    Line ends stay, and so does white space at the ends of a line: what cuts a text into
    paragraphs finds it as it was.
    """
    pieces, at = [], 0
    for span in unite(spans):
        pieces.append(text[at : span.start])
        pieces.append("\n".join(map(_blank, text[span.start : span.stop].split("\n"))))
        at = span.stop
    return "".join([*pieces, text[at:]])


def named(text: str, names: Sequence[str]) -> list[Span]:
    """Where a text holds one of the names as whole words, letter for letter.

    An accent may be a part of its letter or a character of its own, in the text and in the name.
    """
    if not names:
        return []
    return [Span(found.start(), found.end()) for found in _any_of(tuple(names)).finditer(text)]


@lru_cache(maxsize=4)
def _any_of(names: Words) -> re.Pattern[str]:
    spelt = {unicodedata.normalize(form, name) for name in names for form in ("NFC", "NFD")}
    longest_first = sorted({*names, *spelt}, key=lambda name: (-len(name), name))
    either = "|".join(r"\s+".join(map(re.escape, name.split())) for name in longest_first)
    return re.compile(rf"(?<![^\W_])(?:{either})(?![^\W_])")


def shared(passages: Iterable[str], texts: Iterable[str], run: int = 8) -> list[int]:
    """How many different runs of so many words each text has in common with the passages."""
    theirs: set[Words] = set()
    for passage in passages:
        theirs.update(_runs(_words(passage), run))
    return [len(theirs.intersection(_runs(_words(text), run))) for text in texts]


def counterparts(old: str, spans: Iterable[Span], new: str, turns: Sequence[Span]) -> list[Span]:
    """Where stretches of one version of a text stand in another, corrected words included.

    What lies between the words next to a stretch goes with it, inside the turns in which some of
    its words stand: here a word too many does less harm than a word left.

    Args:
        turns: Of the new version.
    """
    a, b = tokens(old), tokens(new)
    match = align(a.words, b.words)
    found: list[Span] = []
    if not any(to >= 0 and word.isalnum() for to, word in zip(match, a.words, strict=True)):
        return found  # another text altogether
    for span in spans:
        i, j = bisect_right(a.stops, span.start), bisect_left(a.starts, span.stop)
        first = next((to + 1 for to in reversed(match[:i]) if to >= 0), 0)
        last = next((to - 1 for to in match[j:] if to >= 0), len(b) - 1)
        core = [to for to in match[i:j] if to >= 0]
        if i == j or first > last:
            continue
        whole = [Span(b.starts[first], b.stops[last])]
        if core:
            kept = Span(b.starts[core[0]], b.stops[core[-1]])
            whole = intersect(whole, [kept, *(turn for turn in turns if turn.overlap(kept))])
        found += whole
    return unite(found)


def _blank(line: str) -> str:
    words = line.strip()
    if not words:
        return line
    start = len(line) - len(line.lstrip())
    return line[:start] + PURGED * len(words) + line[start + len(words) :]


def _grown(text: str, hit: Span) -> Span:
    for pattern in (_QUOTED, _SENTENCE):
        parts = [
            Span(found.start(), found.end())
            for found in pattern.finditer(text)
            if found.start() < found.end() and Span(found.start(), found.end()).overlap(hit)
        ]
        if parts and parts[0].start <= hit.start and hit.stop <= parts[-1].stop:
            whole = text[parts[0].start : parts[-1].stop]
            start = parts[0].start + len(whole) - len(whole.lstrip())
            return Span(min(start, hit.start), parts[-1].stop)
    return hit


def _words(text: str) -> list[str]:
    return _WORD.findall(_folded(text))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", text.casefold())


def _runs(words: Sequence[str], run: int = RUN) -> Iterable[Words]:
    return zip(*(words[n:] for n in range(run)), strict=False)
