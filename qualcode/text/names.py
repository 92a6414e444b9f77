"""Where a text names someone: names from lists, and identifiers by their form.

What is found is a suggestion for a person to accept or reject. A name that is misspelt, or a rare
role, is not found; a name that is also a word ("Will") is found where it is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

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

PATTERNS: tuple[tuple[str, str, re.Pattern[str]], ...] = (
    ("email", "[email]", re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    ("ssn", "[id number]", re.compile(r"(?<![\w-])\d{3}-\d{2}-\d{4}(?![\w-])")),
    (
        "phone",
        "[phone]",
        re.compile(
            r"(?<![\w+.-])(?:\+\d{1,3}(?:[ .-]?\(?\d{1,4}\)?){2,5}"
            r"|(?:1[-. ])?(?:\(\d{3}\) ?|\d{3}[-. ])?\d{3}[-. ]\d{4})(?![\w-])"
        ),
    ),
    (
        "date",
        "[date]",
        re.compile(
            rf"(?<![\w/-])(?:\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}}/\d{{1,2}}/(?:\d{{4}}|\d{{2}})"
            rf"|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?(?:,? \d{{4}})?"
            rf"|\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH}(?:,? \d{{4}})?)(?![\w/-])"
        ),
    ),
    (
        "case",
        "[case number]",
        re.compile(
            r"(?<!\w)(?i:case|docket|incident|report|citation|booking|warrant)"
            rf"{_NUMBER}((?:[A-Z]{{1,4}}-?)?\d[\w-]*\d)(?!\w)"
        ),
    ),
    (  # as registers number their files: a year of two or four digits, and which one of it
        "case",
        "[case number]",
        re.compile(
            r"(?<![\w/.-])(?:[A-Z]{1,4}-(?:\d{2}|\d{4})-\d{2,6}"
            r"|(?!(?:0[1-9]|1[0-2])-(?:19|20)\d\d(?!\d))\d{2}-\d{4,6})(?![\w/-])"
        ),
    ),
    (
        "badge",
        "[badge number]",
        re.compile(
            rf"(?<!\w)(?i:badge|shield|star){_NUMBER}(?:(?i:is|was|like|reads?|says)\s+)?"
            r"#?((?:[A-Z]-?)?\d{2,6})(?![\w-])"
        ),
    ),
)
"""``(kind, label, form)``; where a form has a group, the group alone is the identifier."""


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
    for kind, label, form in PATTERNS:
        for match in form.finditer(text):
            group = 1 if form.groups else 0
            yield Found(Span(match.start(group), match.end(group)), label, kind)
