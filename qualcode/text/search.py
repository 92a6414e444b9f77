"""Looking for words in texts: whole words in their order, any text, a pattern, or all their forms.

What is found is a stretch of the very text that was searched, in characters; nothing is folded or
normalised on the way, because that would move offsets.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import Literal, TypeAlias

from qualcode.errors import UsageProblem
from qualcode.model import Span
from qualcode.text import patterns
from qualcode.text.patterns import BadPattern

Mode: TypeAlias = Literal["words", "text", "regex", "lemma"]
MODES: tuple[Mode, ...] = ("words", "text", "regex", "lemma")

_APOSTROPHES = "'’ʼ"
_WORD = re.compile(rf"\w+(?:[{_APOSTROPHES}]\w+)*")
_MARKS = '"“”„‟«»‹›＂「」『』'
# A straight ' before a word may be an apostrophe: 'tis, the drivin'.
_PHRASE = re.compile(rf"\s*(?:[{_MARKS}]([^{_MARKS}]*)[{_MARKS}]|[‘‚]([^‘‚]*)[’‘])\s*")
MARKS_INSIDE = "quotation marks inside the words were looked for, too"
"""What to say where nothing is found; see ``has_marks_inside``."""


def find(
    asked: str,
    texts: Sequence[str],
    mode: Mode = "words",
    *,
    lemma: Callable[[str], str] | None = None,
) -> list[list[Span]]:
    """Look in texts.

    Args:
        asked: ``words``: whole words in this order, any white space between them; ``*`` at the end
            of a word stands for any ending (``hand*``). ``text``: the same anywhere, inside words
            too. ``regex``: a regular expression as ``re`` has them. ``lemma``: words in this order,
            each in any of its forms. Always any case, ``'`` and ``’`` alike, accents however they
            are encoded. Quotation marks of any kind around all of it, but for ``regex``, say
            nothing more and are not looked for.
        lemma: Word → its basic form; needed for ``lemma``.

    Returns:
        For each text its places in text order, not overlapping.

    Raises:
        UsageProblem: Nothing to look for is given, or it is no regular expression, which the
            message shows; or the expression takes longer than ``patterns.SECONDS``.
    """
    if mode != "regex":
        asked = _phrase(asked)
    if not asked.strip():
        raise UsageProblem("Say what to look for.")
    if mode == "regex":
        return _regex(asked, texts)
    if mode == "lemma":
        if lemma is None:
            raise UsageProblem("Looking for all forms of a word needs a lemmatiser.")
        return [_lemmas(asked, text, lemma) for text in texts]
    pattern = _pattern(asked, whole=mode == "words")
    return [[Span(*one.span()) for one in pattern.finditer(text)] for text in texts]


def plain_words(asked: str) -> list[str]:
    """The words that a text must hold if ``words`` is to find something in it; none of ``hand*``.

    Only words of plain letters and digits: others may be cut otherwise by an index.
    """
    return [word for word in _phrase(asked).split() if word.isascii() and word.isalnum()]


def has_marks_inside(asked: str, mode: Mode) -> bool:
    """Whether quotation marks are looked for as they stand, for they are not around all of it."""
    return mode in ("words", "text") and not set(_MARKS).isdisjoint(_phrase(asked))


def _phrase(asked: str) -> str:
    """What stands between quotation marks, if all of it does."""
    found = _PHRASE.fullmatch(asked)
    return asked if found is None else found[1] or found[2] or ""


def _pattern(asked: str, *, whole: bool) -> re.Pattern[str]:
    forms = dict.fromkeys(unicodedata.normalize(form, asked) for form in ("NFC", "NFD"))
    made = []
    for form in forms:
        parts = []
        for word in form.split():
            open_ended = whole and word.endswith("*") and len(word) > 1
            escaped = _escaped(word[:-1] if open_ended else word)
            parts.append(escaped + (r"\w*" if open_ended else ""))
        inner = r"\s+".join(parts)
        # A boundary only where the word itself has one: "[laughs]" begins with no letter.
        before = r"(?<!\w)" if whole and re.match(r"\w", form.split()[0]) else ""
        after = r"(?!\w)" if whole and re.match(r"\w", form.split()[-1][-1]) else ""
        made.append(f"{before}{inner}{after}")
    return re.compile("|".join(made), re.IGNORECASE)


def _escaped(word: str) -> str:
    return "".join(
        f"[{_APOSTROPHES}]" if sign in _APOSTROPHES else re.escape(sign) for sign in word
    )


def _regex(asked: str, texts: Sequence[str]) -> list[list[Span]]:
    try:
        return patterns.matches(asked, texts)
    except BadPattern as error:
        pointer = f"{asked}\n{' ' * error.position}^"
        raise UsageProblem(f"No regular expression: {error.problem}.\n{pointer}") from error
    except TimeoutError as error:
        raise UsageProblem(
            f"This expression takes more than {patterns.SECONDS:g} seconds and was stopped; make "
            "it simpler."
        ) from error
    except MemoryError as error:
        raise UsageProblem("This expression takes more memory than there is.") from error


def _lemmas(asked: str, text: str, lemma: Callable[[str], str]) -> list[Span]:
    def basic(word: str) -> str:
        return lemma(word.replace("’", "'").casefold())

    wanted = [basic(word) for word in _WORD.findall(asked)]
    words = [Span(*one.span()) for one in _WORD.finditer(text)]
    if not wanted:
        raise UsageProblem("Say a word whose forms to look for.")
    forms = [basic(text[word.start : word.stop]) for word in words]
    found, at = [], 0
    while at + len(wanted) <= len(words):
        if forms[at : at + len(wanted)] == wanted:
            found.append(Span(words[at].start, words[at + len(wanted) - 1].stop))
            at += len(wanted)
        else:
            at += 1
    return found
