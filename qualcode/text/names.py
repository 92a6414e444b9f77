"""Where a text names someone: names from lists, and identifiers by their form.

What is found is a suggestion for a person to accept or reject. A name that is misspelt, or a rare
role, is not found; a name that is also a word ("Will") is found where it is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from qualcode.model import Span


@dataclass(frozen=True, slots=True, repr=False)
class Name:
    """A name to look for, and the label that stands for who bears it."""

    name: str
    kind: str
    label: str


@dataclass(frozen=True, slots=True, repr=False)
class Found:
    """A stretch of a text that names someone."""

    span: Span
    label: str
    kind: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A stretch of a document that may have to be redacted."""

    document_id: str
    span: Span
    label: str
    kind: str


def find(text: str, names: Sequence[Name], *, ignore_case: bool = False) -> list[Found]:
    """Find names as whole words, the longest where several fit; a line may break inside one.

    Returns:
        In text order, none overlapping another. Of two entries of one name the first counts.
    """
    known: dict[str, Name] = {}
    for one in names:
        key = _key(one.name, ignore_case)
        if key:
            known.setdefault(key, one)
    if not known:
        return []
    longest_first = sorted(known, key=lambda key: (-len(key), key))
    words = "|".join(r"\s+".join(map(re.escape, key.split(" "))) for key in longest_first)
    pattern = re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE if ignore_case else 0)
    found = []
    for match in pattern.finditer(text):
        one = known[_key(match.group(), ignore_case)]
        found.append(Found(Span(match.start(), match.end()), one.label, one.kind))
    return found


def _key(name: str, ignore_case: bool) -> str:
    folded = " ".join(name.split())
    return folded.lower() if ignore_case else folded


_MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|"
    r"Aug(?:ust|\.)?|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
_NUMBER = r"(?:\s+(?i:number|no\.?|num\.?)[,:]?)?\s*#?\s*"


class Form(NamedTuple):
    """What an identifier looks like."""

    kind: str
    label: str
    begins: re.Pattern[str]
    """Where one may begin. It starts with a set of characters, which ``re`` finds several times
    sooner in a long text than it tries a whole form at every place."""

    whole: re.Pattern[str]
    """All of it, from there; where it has a group, the group alone is the identifier."""


def _form(kind: str, label: str, first: str, not_after: str, whole: str, *, word: str = "") -> Form:
    """A form.

    Args:
        first: Characters that it may begin with, as in a set.
        not_after: Those that it may not follow.
        whole: All of it.
        word: Its first word if that is one of a few, in any case: ``case|docket``.
    """
    tails = "|".join(dict.fromkeys(one[1:] for one in word.split("|")))
    begins = re.compile(rf"[{first}](?<![{not_after}][{first}])(?i:{tails})")
    return Form(kind, label, begins, re.compile(f"(?i:{word}){whole}"))


FORMS: tuple[Form, ...] = (
    _form("ssn", "[id number]", r"\d", r"\w-", r"\d{3}-\d{2}-\d{4}(?![\w-])"),
    _form(
        "phone",
        "[phone]",
        r"+(\d",
        r"\w+.-",
        r"(?:\+\d{1,3}(?:[ .-]?\(?\d{1,4}\)?){2,5}"
        r"|(?:1[-. ])?(?:\(\d{3}\) ?|\d{3}[-. ])?\d{3}[-. ]\d{4})(?![\w-])",
    ),
    _form(
        "date",
        "[date]",
        r"\dJFMASOND",
        r"\w/-",
        rf"(?:\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}}/\d{{1,2}}/(?:\d{{4}}|\d{{2}})"
        rf"|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?(?:,? \d{{4}})?"
        rf"|\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH}(?:,? \d{{4}})?)(?![\w/-])",
    ),
    _form(
        "case",
        "[case number]",
        "cCdDiI\u0130\u0131rRbBwW",
        r"\w",
        rf"{_NUMBER}((?:[A-Z]{{1,4}}-?)?\d[\w-]*\d)(?!\w)",
        word="case|docket|incident|report|citation|booking|warrant",
    ),
    _form(  # as registers number their files: a year of two or four digits, and which one of it
        "case",
        "[case number]",
        r"A-Z\d",
        r"\w/.-",
        r"(?:[A-Z]{1,4}-(?:\d{2}|\d{4})-\d{2,6}"
        r"|(?!(?:0[1-9]|1[0-2])-(?:19|20)\d\d(?!\d))\d{2}-\d{4,6})(?![\w/-])",
    ),
    _form(
        "badge",
        "[badge number]",
        "bBsS\u017f",
        r"\w",
        rf"{_NUMBER}(?:(?i:is|was|like|reads?|says)\s+)?#?((?:[A-Z]-?)?\d{{2,6}})(?![\w-])",
        word="badge|shield|star",
    ),
)
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def identifiers(text: str) -> list[Found]:
    """Find e-mail addresses, telephone, identity, case and badge numbers, and dates.

    Returns:
        In text order, none overlapping another.
    """
    found = sorted(_forms(text), key=lambda one: (one.span.start, -one.span.stop))
    kept: list[Found] = []
    for one in found:
        if not kept or one.span.start >= kept[-1].span.stop:
            kept.append(one)
    return kept


def _forms(text: str) -> Iterator[Found]:
    if "@" in text:
        for match in _EMAIL.finditer(text):
            yield Found(Span(*match.span()), "[email]", "email")
    for kind, label, begins, whole in FORMS:
        stop = 0
        for begin in begins.finditer(text):
            found = whole.match(text, begin.start()) if begin.start() >= stop else None
            if found is not None:
                stop = found.end()
                yield Found(Span(*found.span(1 if whole.groups else 0)), label, kind)
