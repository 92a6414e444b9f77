"""What an offset of another program counts, and where it lies in our text.

The standard counts code points from 0. Programs count UTF-16 units, or count a line end of two
characters as one, or count the byte order mark; nothing in a file says so. So each of the eight
rules is tried on every selection of a project, and the one that puts most of them where words
begin and end is taken.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

Unit: TypeAlias = Literal["code points", "UTF-16 code units"]

BOM = "\ufeff"
_SPECIAL = re.compile("\r\n|[\U00010000-\U0010ffff]|[\x00-\x08\x0e-\x1f\ufeff\ufffe]")
_MOVED = re.compile("\r\n|[\x00-\x08\x0e-\x1f\ufeff\ufffe]")
_LINE_END = re.compile("\r\n|[\r\x0b\x0c]")
_DROPPED = re.compile("[\x00-\x08\x0e-\x1f\ufeff\ufffe]")
_SHORTEST_QUOTE = 4


@dataclass(frozen=True, slots=True)
class Rule:
    """One way of counting."""

    unit: Unit
    crlf_as_one: bool
    bom_counted: bool

    @property
    def name(self) -> str:
        """The name under which ``--offsets`` knows it."""
        parts = ["utf16" if self.unit == "UTF-16 code units" else "codepoint"]
        parts += ["crlf1"] if self.crlf_as_one else []
        parts += ["bom"] if self.bom_counted else []
        return "-".join(parts)

    @property
    def newline(self) -> str:
        """How a line end of two characters counts, in words."""
        return "CRLF as 1" if self.crlf_as_one else "as stored (CRLF=2)"


RULES: tuple[Rule, ...] = tuple(
    Rule(unit, crlf_as_one, bom_counted)
    for unit in ("code points", "UTF-16 code units")
    for crlf_as_one in (False, True)
    for bom_counted in (False, True)
)
"""All eight; the first is the standard's."""

BY_NAME = {rule.name: rule for rule in RULES}
_USUAL = {
    "nvivo": BY_NAME["utf16"],
    "atlas": BY_NAME["codepoint-crlf1"],
    "maxqda": BY_NAME["codepoint-crlf1"],
    "qualcoder": BY_NAME["codepoint-crlf1"],
}


def usual(origin: str) -> Rule:
    """Give the rule that a program is known to follow; the standard's for any other."""
    lowered = origin.casefold().lstrip()
    if lowered.startswith("qualcode "):
        lowered = lowered.partition(" for ")[2]
    return next((rule for name, rule in _USUAL.items() if lowered.startswith(name)), RULES[0])


class Positions:
    """A text as stored by another program, and the same text as we keep it.

    Attributes:
        raw: As decoded: byte order mark, line ends and control characters as stored.
        text: With LF line ends, without byte order marks and control characters.
    """

    def __init__(self, raw: str) -> None:
        self.raw = raw
        text = _LINE_END.sub("\n", raw)
        self.text = _DROPPED.sub("", text)
        self.bom = raw.startswith(BOM)
        self.crlf = raw.count("\r\n")
        self.astral = sum(1 for char in raw if char > "\uffff") if not raw.isascii() else 0
        self._rules: dict[Rule, PositionMap] = {}

    def under(self, rule: Rule) -> PositionMap:
        """Give the map of a rule; rules that count this text alike share one."""
        same = Rule(
            rule.unit if self.astral else "code points",
            rule.crlf_as_one and bool(self.crlf),
            rule.bom_counted and self.bom,
        )
        if same not in self._rules:
            self._rules[same] = PositionMap(self.raw, same)
        return self._rules[same]


class PositionMap:
    """From an offset that counts by a rule to a place in the text that we keep.

    Attributes:
        length: Of the text, as the rule counts it.
    """

    def __init__(self, raw: str, rule: Rule) -> None:
        self._theirs: list[int] = []
        self._widths: list[int] = []
        self._ours: list[int] = []
        self._ours_widths: list[int] = []
        utf16 = rule.unit == "UTF-16 code units"
        place = theirs = ours = 0
        for found in (_SPECIAL if utf16 else _MOVED).finditer(raw):
            char = found[0]
            theirs += found.start() - place
            ours += found.start() - place
            place = found.end()
            if char == "\r\n":
                width, ours_width = 1 if rule.crlf_as_one else 2, 1
            elif char > "\uffff":
                width, ours_width = 2, 1
            else:
                is_bom = char == BOM and found.start() == 0
                width, ours_width = int(rule.bom_counted or not is_bom), 0
            self._theirs.append(theirs)
            self._widths.append(width)
            self._ours.append(ours)
            self._ours_widths.append(ours_width)
            theirs += width
            ours += ours_width
        self.length = theirs + len(raw) - place
        self._our_length = ours + len(raw) - place

    def start(self, position: int) -> int:
        """Map where a selection begins; inside a character or a line end, to before it."""
        return self._map(position, up=False)

    def stop(self, position: int) -> int:
        """Map where a selection ends; inside a character or a line end, to after it."""
        return self._map(position, up=True)

    def _map(self, position: int, *, up: bool) -> int:
        if position <= 0:
            return 0
        if position >= self.length:
            return self._our_length
        at = bisect_right(self._theirs, position) - 1
        if at < 0:
            return position
        past = position - self._theirs[at]
        if past < self._widths[at]:
            return self._ours[at] + (self._ours_widths[at] if past and up else 0)
        return self._ours[at] + self._ours_widths[at] + past - self._widths[at]


@dataclass(frozen=True, slots=True)
class Selected:
    """A selection as the file has it."""

    start: int
    stop: int
    name: str = ""
    """Often the beginning of what it selects."""


@dataclass(frozen=True, slots=True, order=True)
class Score:
    """How well a rule fits; the greater the better."""

    quote: int = 0
    """Selections whose name begins what they select."""

    clean: int = 0
    """Selections of which neither end cuts a word in two."""

    in_range: int = 0
    """Selections that lie inside their text."""

    def __add__(self, other: Score) -> Score:
        return Score(
            self.quote + other.quote, self.clean + other.clean, self.in_range + other.in_range
        )


@dataclass(frozen=True, slots=True)
class Choice:
    """The rule taken for a project, and why."""

    rule: Rule
    scores: Mapping[Rule, Score]
    """Of every rule, over all texts."""

    of: int
    """Selections looked at."""

    others: tuple[tuple[int, Rule], ...] = ()
    """``(place of the text, rule)`` of texts that another rule fits better."""

    @property
    def score(self) -> Score:
        """Of the rule taken."""
        return self.scores[self.rule]


def choose(
    texts: Sequence[tuple[Positions, Sequence[Selected]]], origin: str, rule: Rule | None = None
) -> Choice:
    """Find what the offsets of a project count: the rule that fits its selections best.

    Args:
        texts: Each text with its selections.
        origin: The program; it decides where the evidence does not.
        rule: One that somebody named, to follow whatever the evidence says.
    """
    scores = [_scores(text, selected) for text, selected in texts]
    total = {each: sum((one[each] for one in scores), Score()) for each in RULES}
    of = sum(len(selected) for _, selected in texts)
    if rule is not None:
        return Choice(rule, total, of)
    preferred = usual(origin)
    order = sorted(RULES, key=lambda each: (each != preferred, RULES.index(each)))
    best = max(order, key=lambda each: total[each])  # of equals, the first
    others = []
    for n, one in enumerate(scores):
        better = max(order, key=lambda each, one=one: one[each])  # type: ignore[misc]
        if one[better] > one[best]:
            others.append((n, better))
    return Choice(best, total, of, tuple(others))


def _scores(text: Positions, selected: Sequence[Selected]) -> dict[Rule, Score]:
    """Give the score of every rule; rules that count this text alike are looked at once."""
    known: dict[int, Score] = {}
    for rule in RULES:
        where = text.under(rule)
        if id(where) not in known:
            known[id(where)] = score(text, rule, selected)
    return {rule: known[id(text.under(rule))] for rule in RULES}


def score(text: Positions, rule: Rule, selected: Iterable[Selected]) -> Score:
    """Count how well a rule puts selections where words begin and end."""
    where = text.under(rule)
    quote = clean = inside = 0
    for one in selected:
        start, stop = where.start(one.start), where.stop(one.stop)
        quote += bool(one.name) and quotes(one.name, text.text, start, stop)
        clean += not (cuts_word(text.text, start) or cuts_word(text.text, stop))
        inside += 0 <= one.start <= one.stop <= where.length
    return Score(quote, clean, inside)


def quotes(name: str, text: str, start: int, stop: int) -> bool:
    """Tell whether a name of more than three characters begins a stretch of text."""
    wanted = " ".join(name.rstrip().removesuffix("…").split())
    if len(wanted) < _SHORTEST_QUOTE:
        return False
    # white space may run on for long, but hardly ever for ten times the words
    beginning = " ".join(text[start : min(stop, start + 10 * len(wanted) + 100)].split())
    return beginning.startswith(wanted)


def cuts_word(text: str, position: int) -> bool:
    """Tell whether a boundary lies between two letters or digits."""
    return 0 < position < len(text) and text[position - 1].isalnum() and text[position].isalnum()


def offsets(text: str, rule: Rule) -> Iterator[int]:
    """Give the offset of every place in a stored text as a rule counts it, the end included.

    The reverse of ``PositionMap`` on raw text: what an export writes.
    """
    at = 0
    for n, char in enumerate(text):
        yield at
        if char == "\ufeff" and n == 0:
            at += rule.bom_counted
        elif char == "\n" and n and text[n - 1] == "\r":
            at += not rule.crlf_as_one
        elif char > "\uffff" and rule.unit == "UTF-16 code units":
            at += 2
        else:
            at += 1
    yield at
