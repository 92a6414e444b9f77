"""The words of a text that say what it is about, as likeness counts them.

spaCy cuts them: with a blank pipeline, which needs no model. Where a lemmatiser is installed the
forms of a word are one term; else each form is its own.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from qualcode.errors import UsageProblem
from qualcode.model import Span
from qualcode.text.lemmas import lemmatiser

if TYPE_CHECKING:
    from spacy.language import Language

_LETTER_OR_DIGIT = re.compile(r"[^\W_]")
_RUN = re.compile(r"\S+")
_LONGEST = 400
_ANY = "xx"
"""What spaCy calls a language that it has no rules for."""


@dataclass(frozen=True, slots=True, repr=False)
class Terms:
    """The terms of one text, in text order."""

    starts: Sequence[int]
    """Where each begins, in characters."""

    terms: Sequence[str]

    def within(self, span: Span) -> Sequence[str]:
        """The terms that begin in a stretch, each as often as it is there."""
        return self.terms[
            bisect_left(self.starts, span.start) : bisect_left(self.starts, span.stop)
        ]


def basic_forms(language: str = "en") -> Callable[[str], str] | None:
    """Word → its basic form; None where no lemmatiser is installed."""
    try:
        return lemmatiser(language)
    except UsageProblem:
        return None


class Reader:
    """Reads the terms of texts in one language.

    A term is a token with a letter or digit in it, in small letters and its basic form; words that
    stand in any text (spaCy's stop words: *the*, *and*, *would*) are none.

    spaCy cuts at white space first, so each run between two is cut once, however often it occurs;
    a run of 400 characters or more holds no words.

    Args:
        lemma: Word → its basic form; None takes words as they are.
    """

    def __init__(self, language: str = "en", *, lemma: Callable[[str], str] | None = None) -> None:
        self._pipeline = _blank(language)
        self._lemma = lemma
        self._known: dict[str, Sequence[tuple[int, str]]] = {}
        """What stands between white space → where its terms begin in it, and which."""

    def read(self, text: str) -> Terms:
        """Give the terms of a text."""
        known, starts, terms = self._known, array("I"), []
        for run in _RUN.finditer(text):
            found = known.get(run[0])
            if found is None:
                found = known[run[0]] = self._cut(run[0])
            for at, term in found:
                starts.append(run.start() + at)
                terms.append(term)
        return Terms(starts, terms)

    def _cut(self, run: str) -> Sequence[tuple[int, str]]:
        if len(run) >= _LONGEST:
            return ()
        found = []
        for token in self._pipeline.tokenizer(run):
            word = token.lower_.replace("’", "'")
            if not token.is_stop and _LETTER_OR_DIGIT.search(word):
                found.append((token.idx, word if self._lemma is None else self._lemma(word)))
        return found


@lru_cache(maxsize=8)
def _blank(language: str) -> Language:
    import spacy

    try:
        return spacy.blank(language)
    except ImportError:  # as spaCy says it of a language it does not know
        return spacy.blank(_ANY)
