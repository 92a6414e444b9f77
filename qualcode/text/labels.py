"""How transcripts label who speaks: a table of forms, and which label-like lines are refused.

The forms are tried on single lines, stripped of outer white space. Which form a document follows
and where its turns lie is decided in ``turns``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

from qualcode.text.times import END_STAMP, TIME

_LABEL = r"(?P<label>[^:*\[\]<>\n]{1,60}?)"
_STAMP = rf"(?P<time>{TIME})"
_WORDS = r"\s*+(?P<words>.*)"
_ENDS_BOLD = r"(?::++\s*+\*\*|\*\*\s*+:++)"
# Possessive quantifiers (``*+``): a line of a million blanks must not take a million squared steps.


def _bold(line: str) -> bool:
    return line.startswith("**")


def _in_brackets(line: str) -> bool:
    return line.startswith("[")


def _ends_in_time(line: str) -> bool:
    return line[-1:].isdecimal()


def _holds(mark: str) -> Callable[[str], bool]:
    return lambda line: mark in line


_COLON, _BRACKET, _NUMBER_SIGN, _CLOSED = _holds(":"), _holds("["), _holds("#"), _holds("):")


@dataclass(frozen=True, slots=True)
class Form:
    """One way of writing a label. Groups: ``label``, ``time``, ``words``, ``channel``."""

    name: str
    regex: re.Pattern[str]
    may_be: Callable[[str], bool]
    """Whether, at a glance, a line may have this form: most have none, and patterns take long."""

    doubtful: bool = False
    """Prose often looks like it: a label must occur twice, be on the roster, or be a role."""

    @property
    def groups(self) -> tuple[bool, bool]:
        """Whether there is a time, and a channel, in it."""
        return "time" in self.regex.groupindex, "channel" in self.regex.groupindex


def _form(name: str, may_be: Callable[[str], bool], regex: str, *, doubtful: bool = False) -> Form:
    return Form(name, re.compile(regex), may_be, doubtful)


FORMS: tuple[Form, ...] = (
    _form("bold-time-label", _bold, rf"\*\*\s*+\[{_STAMP}\]\s*+{_LABEL}\s*+{_ENDS_BOLD}{_WORDS}"),
    _form("bold-label-time", _bold, rf"\*\*\s*+{_LABEL}\s*+{_ENDS_BOLD}\s*+{_STAMP}(?P<words>)"),
    _form("label-time-line", _ends_in_time, rf"{_LABEL}\s*+:++\s++{_STAMP}(?P<words>)"),
    _form("label-paren-time", _CLOSED, rf"{_LABEL}\s*+\({_STAMP}\):(?P<words>)"),
    _form(
        "label-gap-time", _ends_in_time, rf"(?:{_LABEL}(?:[^\S\n]{{2,}}+|\t))?{_STAMP}(?P<words>)"
    ),
    _form("time-label", _in_brackets, rf"\[{_STAMP}\]\s*+{_LABEL}\s*+:++(?=\s|$){_WORDS}"),
    _form(
        "label-bracket-time",
        _BRACKET,
        rf"(?:\*\*\s*+)?{_LABEL}\s*+(?::++\s*+(?:\*\*)?|\*\*\s*+:++)\s*+\[{_STAMP}\]{_WORDS}",
    ),
    _form("end-stamp", _NUMBER_SIGN, rf"{_LABEL}\s*+:++\s++(?P<words>.*?)(?P<time>{END_STAMP})"),
    _form(
        "bold-label",
        _bold,
        rf"\*\*\s*+{_LABEL}\s*+(?::++\s*+\*\*"
        r"|\*\*\s*+(?:\(\s*+[_*]*(?P<channel>[^()\n]{1,40}?)[_*]*\)\s*+)?:++)"
        rf"{_WORDS}",
    ),
    _form("bracket-label", _in_brackets, rf"\[{_LABEL}\](?!\():?{_WORDS}", doubtful=True),
    _form("label", _COLON, rf"{_LABEL}\s*+:++(?=\s|$){_WORDS}", doubtful=True),
)
"""In order of precedence: stamped forms beat ``label``, which matches most of them as well."""

FORM = {form.name: form for form in FORMS}

_NEVER = frozenset([
    "summary", "decision", "decisions", "action", "note", "notes", "todo", "example", "title",
    "topic", "tags", "date", "time", "location", "media", "subject", "speakers", "tema", "fecha",
    "http", "https", "ftp", "file", "mailto", "action required",
])  # fmt: skip
_SOUNDS = frozenset(["inaudible", "laughs", "crosstalk", "music", "pause", "sic", "redacted"])
_ROLE = re.compile(
    r"(?:(?i:speaker|participant|interviewer|moderator|facilitator|host|audience|researcher"
    r"|respondent)|Q|A|I|R|P|INT)\s*[-#.]?\s*\d{0,4}"
)
_NOT_SPEECH_LINE = re.compile(r"#{1,6}\s|[-*+•–—‣◦▪]\s|\d{1,3}[.)]\s|\||```|~~~|>")
_FENCE = re.compile(r"```|~~~")
_HAS_LETTER_OR_DIGIT = re.compile(r"[^\W_]")


class Line(NamedTuple):
    """A non-empty line without its outer white space."""

    n: int
    """Number in the text, from 0."""

    start: int
    """Where it begins in the text."""

    literal: str
    """Its text."""

    marked: str
    """Its text with the marks that stand for formatting (``**`` bold, ``#`` heading), on which
    forms are tried; the same as ``literal`` in a file that has no formatting."""

    inserted: tuple[int, ...] = ()
    """Indices in ``marked`` of the characters that are not in the text, ascending."""

    silent: bool = False
    """Whether nobody speaks in it, whatever it looks like: a list item, a heading, code."""

    def position(self, index: int) -> int:
        """Give the position in the text of an index into ``marked``."""
        if not self.inserted:
            return self.start + index
        return self.start + index - sum(1 for mark in self.inserted if mark < index)


class Hit(NamedTuple):
    """A line that has a label of some form."""

    line: Line
    form: Form
    label: str | None
    """Without trailing colons; None where only a time stands."""

    time: str | None
    words: int
    """Where the words after the label begin in the text."""

    words_stop: int
    channel: str | None = None


def hits(lines: Iterable[Line], form: Form) -> tuple[list[Hit], list[Hit]]:
    """Give the lines that have the form of a label, in order: those fit to be one, and the rest.

    Left out is what the line alone shows to be none: list items, headings, table rows, code,
    sounds in brackets, labels of more than five words. Refused are words such as "Note".
    """
    fit: list[Hit] = []
    refused: list[Hit] = []
    has_time, has_channel = form.groups
    for line in lines:
        match = None if line.silent else form.regex.fullmatch(line.marked)
        if match is None:
            continue
        label = (match["label"] or "").strip() or None
        if label is not None and (not is_sound_form(label) or _is_noise(label, form)):
            continue
        words, words_stop = match.span("words")
        hit = Hit(
            line,
            form,
            label,
            match["time"] if has_time else None,
            line.position(words),
            line.position(words_stop),
            match["channel"] if has_channel else None,
        )
        (refused if label is not None and never_speaks(label) else fit).append(hit)
    return fit, refused


@lru_cache(maxsize=4096)
def is_sound_form(label: str) -> bool:
    """Tell whether a label may be one at all: a letter or digit, no more than five words."""
    return bool(_HAS_LETTER_OR_DIGIT.search(label)) and len(label.split()) <= 5 and "|" not in label


def _is_noise(label: str, form: Form) -> bool:
    """Tell whether brackets hold what a transcriber heard, such as ``[laughs]``."""
    return form.name == "bracket-label" and label.casefold().split()[0] in _SOUNDS


def never_speaks(label: str) -> bool:
    """Tell whether a label is a word such as "Note" or "Date", which heads text, not speech."""
    return label.casefold() in _NEVER


def is_role(label: str) -> bool:
    """Tell whether a label is a role, with a number or without: "Interviewer", "P3", "Q"."""
    return _ROLE.fullmatch(label) is not None


def accept(fit: Sequence[Hit], roster: frozenset[str]) -> tuple[list[Hit], list[Hit]]:
    """Divide hits of one form into accepted labels and doubtful ones, both in order.

    Args:
        fit: What ``hits`` found fit, in the whole document.
        roster: Case-folded names known from elsewhere (``roster_of``).
    """
    often = Counter(hit.label for hit in fit if hit.label)
    known = {label for label, count in often.items() if count >= 2}

    def acceptable(label: str) -> bool:
        return label in known or label.casefold() in roster or is_role(label)

    @cache
    def names_somebody(label: str) -> bool:
        return acceptable(label) or all(map(acceptable, voices(label)))

    accepted: list[Hit] = []
    doubtful: list[Hit] = []
    for hit in fit:
        fine = not hit.form.doubtful or hit.label is None or names_somebody(hit.label)
        (accepted if fine else doubtful).append(hit)
    return accepted, doubtful


def voices(label: str) -> list[str]:
    """Give the parts of a label that may name several speakers: ``AB, CD`` → ``AB`` and ``CD``."""
    return [part for part in re.split(r"\s*(?:,|&|/|\band\b)\s*", label) if part] or [label]


def lines_of(text: str, formatting: dict[int, tuple[str, tuple[int, ...]]]) -> list[Line]:
    """Give the non-empty lines of a text.

    Args:
        text: The document's text.
        formatting: Line number from 0 → its stripped text with marks, and where the marks stand
            in it; only for lines that have formatting.
    """
    lines: list[Line] = []
    fences: list[int] = []
    at = 0
    for n, raw in enumerate(text.split("\n")):
        literal = raw.strip()
        if literal:
            start = at + len(raw) - len(raw.lstrip())
            marked, inserted = formatting.get(n, (literal, ()))
            # what begins with a letter, as most lines do, is neither
            if not literal[0].isalpha() and _FENCE.match(literal):
                fences.append(len(lines))
            silent = not marked[0].isalpha() and _NOT_SPEECH_LINE.match(marked) is not None
            lines.append(Line(n, start, literal, marked, inserted, silent))
        at += len(raw) + 1
    for opens, closes in zip(fences[::2], fences[1::2], strict=False):
        for i in range(opens, closes + 1):
            lines[i] = lines[i]._replace(silent=True)
    return lines


_HEADER_FIELD = re.compile(
    r"(?:#{1,6}\s*)?\**(speakers?|participants|attendees|panel(?:l?ists)?|present)\**\s*:\**\s*(.+)",
    re.IGNORECASE,
)


def roster_of(names: Iterable[str], lines: Iterable[Line]) -> frozenset[str]:
    """Give the forms in which a speaker list lets us expect a label, case-folded.

    Args:
        names: A list from front matter; an entry may hold several, parted by ``;`` or lines.
        lines: The document's first lines; ``Speakers: …`` fields among them are read as well.
    """
    entries = [part for name in names for part in re.split(r"[;\n]", name)]
    for line in lines:
        match = _HEADER_FIELD.fullmatch(line.literal)
        if match and match[1].casefold() != "speaker":
            entries += re.split(r"[,;]", match[2])
    forms: set[str] = set()
    for entry in entries:
        name, _, alias = entry.partition("(")
        parts = name.strip(" -*\t'\"").split()
        if not parts or len(parts) > 5:
            continue
        forms |= {" ".join(parts), parts[0], parts[-1], "".join(part[0] for part in parts)}
        forms.add(alias.strip(" )"))
    return frozenset(form.casefold() for form in forms if form)


def known_forms(labels: Iterable[str]) -> frozenset[str]:
    """Give the forms in which labels met before may come again, case-folded: with their alias."""
    forms: set[str] = set()
    for label in labels:
        name, _, alias = label.partition("(")
        forms |= {label.strip(), name.strip(), alias.strip(" )")}
    return frozenset(form.casefold() for form in forms if form)
