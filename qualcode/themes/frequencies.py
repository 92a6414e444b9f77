"""How often a theme comes up, in how many documents, and in whose words.

Counts are of *eligible* stretches: the turns of participants (of moderators too, if asked for),
or the paragraphs of a document in which nobody speaks. One coder's overlapping codings of a code
are united before anything is counted, so that a duplicate nested in another changes no figure;
touching ones stay two.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import NamedTuple, TypeAlias

from qualcode.model import Valence

ALL = "*"
"""The group that holds everything."""

Group: TypeAlias = str | tuple[str, ...]
"""A value of the attribute that things are grouped by; of several attributes a value each."""

Piece: TypeAlias = tuple[int, int, int]
"""The part of a coding in one eligible stretch: the stretch's index, start, stop."""

CONCENTRATED = 0.5
ENOUGH_PARTICIPANTS = 3
FEW_WORDS = 200

_LETTER_OR_DIGIT = re.compile(r"[^\W_]")
_RUN = re.compile(r"\S+")
_place = attrgetter("start", "stop")


class Stretch(NamedTuple):
    """An eligible turn, or a paragraph of a document in which nobody speaks."""

    start: int
    stop: int
    participants: tuple[str, ...] = ()
    """Who speaks; both where two do; none for a paragraph."""

    groups: tuple[Group, ...] = ()
    """Those it belongs to; empty where nothing is grouped."""


class Mark(NamedTuple):
    """A coding, or what coders agreed on, as far as counting needs it."""

    code: str
    start: int
    stop: int
    valence: Valence | None = None
    disconfirming: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class ReadDocument:
    """A document that counts, with the codings that count in it."""

    name: str
    text: str
    stretches: tuple[Stretch, ...]
    """In text order, never overlapping."""

    marks: tuple[Mark, ...]
    """Of one source: coders are never pooled."""

    readings: tuple[tuple[Mark, ...], ...] = ()
    """The codings of each coder who finished the document: the range between coders."""


@dataclass(slots=True)
class Base:
    """What a group holds: the N of every "n of N"."""

    documents: set[str] = field(default_factory=set)
    participants: set[str] = field(default_factory=set)
    focus_groups: set[str] = field(default_factory=set)
    turns: int = 0
    words: int = 0
    characters: int = 0


@dataclass(slots=True)
class Frequency:
    """One code in one group."""

    code: str
    group: Group
    base: Base
    codings: int = 0
    codings_min: int = 0
    codings_max: int = 0
    documents: set[str] = field(default_factory=set)
    participants: set[str] = field(default_factory=set)
    focus_groups: set[str] = field(default_factory=set)
    turns: int = 0
    words: int = 0
    characters: int = 0
    valence: Counter[str] = field(default_factory=Counter)
    disconfirming: int = 0
    words_by: Counter[str] = field(default_factory=Counter)
    """Covered words of each participant; of both where two speak."""

    @property
    def share(self) -> float | None:
        """Covered words of all eligible words; None where there are none."""
        return self.words / self.base.words if self.base.words else None

    @property
    def per_1000_words(self) -> float | None:
        """Codings per 1,000 eligible words; None where there are none."""
        return 1000 * self.codings / self.base.words if self.base.words else None

    @property
    def top_participant(self) -> str | None:
        """Who speaks most of the covered words, the first by name among equals."""
        return min(self.words_by, key=lambda who: (-self.words_by[who], who), default=None)

    @property
    def top_share(self) -> float | None:
        """Their share of the covered words; None where no participant speaks any."""
        top, total = self.top_participant, self.words_by.total()
        return None if top is None or not total else self.words_by[top] / total

    @property
    def effective_participants(self) -> float | None:
        """1/sum p²: with how many equal speakers the words would be as concentrated."""
        total = self.words_by.total()
        if not total:
            return None
        return 1 / sum((words / total) ** 2 for words in self.words_by.values())

    def flags(self) -> Iterator[str]:
        """What a reader must know before calling it a theme of the whole study."""
        if not self.codings:
            return
        crowd = len(self.base.participants) >= ENOUGH_PARTICIPANTS
        concentrated = (self.top_share or 0) > CONCENTRATED and crowd
        if concentrated or len(self.participants) == 1:
            yield "one_speaker"
        if len(self.documents) == 1:
            yield "one_document"
        if self.words < FEW_WORDS:
            yield "few_words"


@dataclass(frozen=True, slots=True)
class Counts:
    """Frequencies in the order of the codes, and within a code of the groups."""

    rows: tuple[Frequency, ...]
    dropped: int
    """Codings left without a letter or digit of an eligible stretch."""


def frequencies(
    documents: Sequence[ReadDocument],
    codes: Mapping[str, Sequence[str]],
    groups: Sequence[Group] = (),
) -> Counts:
    """Count every code.

    Args:
        documents: Those that count, in any order.
        codes: Code → the codes whose marks count for it: itself, and its descendants if figures
            are rolled up. Their order is that of the rows.
        groups: Values of the grouping attribute, in the order of the rows; ``*`` comes first.
    """
    named = (ALL, *groups)
    bases = {group: Base() for group in named}
    table = {(c, g): Frequency(c, g, bases[g]) for c in codes for g in named}
    dropped = 0
    for document in documents:
        places = Places(document)
        places.add_base(bases)
        dropped += places.dropped(document.marks)
        marks = by_code(document.marks)
        others = [by_code(reading) for reading in document.readings if reading != document.marks]
        for code, members in codes.items():
            counted = places.count(table, code, of_codes(marks, members))
            each = [places.codings(of_codes(reading, members)) for reading in others]
            if len(others) < len(document.readings) or not others:
                each.append(counted)  # the record that is counted is one of the readings
            for group in set().union(*each):
                said = [one.get(group, 0) for one in each]
                table[code, group].codings_min += min(said)
                table[code, group].codings_max += max(said)
    return Counts(tuple(table.values()), dropped)


def places(
    document: ReadDocument, codes: Mapping[str, Sequence[str]]
) -> dict[str, list[tuple[int, ...]]]:
    """Where in a document each code stands.

    Args:
        codes: As for ``frequencies``.

    Returns:
        Code → for each of its codings, as they are counted, the eligible stretches it lies in, by
        their index in ``document.stretches``; codes that are not there are left out.
    """
    there, marks = Places(document), by_code(document.marks)
    found: dict[str, list[tuple[int, ...]]] = {}
    for code, members in codes.items():
        for one in unite(of_codes(marks, members)):
            pieces = there.pieces(one.start, one.stop)
            if pieces:
                found.setdefault(code, []).append(tuple(at for at, _, _ in pieces))
    return found


def by_code(marks: Iterable[Mark]) -> dict[str, list[Mark]]:
    """Code → its marks, in the order given."""
    found: dict[str, list[Mark]] = {}
    for mark in marks:
        found.setdefault(mark.code, []).append(mark)
    return found


def of_codes(marks: Mapping[str, list[Mark]], members: Sequence[str]) -> list[Mark]:
    """The marks of several codes."""
    return [mark for code in members for mark in marks.get(code, ())]


def unite(marks: Iterable[Mark]) -> list[Mark]:
    """Merge marks that overlap; touching ones stay apart. Each bears the code of its first.

    Unlike valences make ``mixed``; a mark without valence adds nothing to one that has it.
    """
    merged: list[list[Mark]] = []
    stop = -1
    for mark in sorted(marks, key=_place):
        if mark.start < stop:
            merged[-1].append(mark)
        else:
            merged.append([mark])
        if mark.stop > stop:
            stop = mark.stop
    return [_united(marks) for marks in merged]


def hulls(marks: Iterable[Mark]) -> list[tuple[int, int]]:
    """Where the marks that ``unite`` gives begin and end, for who needs no more of them."""
    found: list[tuple[int, int]] = []
    begin = end = -1
    for start, stop in sorted([(mark.start, mark.stop) for mark in marks]):
        if start >= end:
            if end >= 0:
                found.append((begin, end))
            begin, end = start, stop
        elif stop > end:
            end = stop
    if end >= 0:
        found.append((begin, end))
    return found


def _united(marks: Sequence[Mark]) -> Mark:
    if len(marks) == 1:
        return marks[0]
    return Mark(
        marks[0].code,
        marks[0].start,
        max(m.stop for m in marks),
        joint_valence([m.valence for m in marks]),
        any(m.disconfirming for m in marks),
    )


def holds_words(text: str, start: int, stop: int) -> bool:
    """Whether a stretch holds a letter or digit; one that does not is not counted."""
    return _LETTER_OR_DIGIT.search(text, start, stop) is not None


def joint_valence(valences: Iterable[Valence | None]) -> Valence | None:
    """The one valence given, ``mixed`` where there are several, None where there is none."""
    given = {valence for valence in valences if valence is not None}
    return given.pop() if len(given) == 1 else ("mixed" if given else None)


def _words(text: str) -> int:
    """Runs without white space that hold a letter or digit."""
    return len([r for r in text.split() if r[0].isalnum() or _LETTER_OR_DIGIT.search(r)])


class Places:
    """One document's eligible stretches, with what lies where in them."""

    def __init__(self, document: ReadDocument) -> None:
        self.name, self.text, self.stretches = document.name, document.text, document.stretches
        self._starts = [stretch.start for stretch in self.stretches]
        self._pieces: dict[tuple[int, int], list[Piece]] = {}
        self._words: dict[tuple[int, int], int] = {}
        speakers = {who for stretch in self.stretches for who in stretch.participants}
        self._is_focus_group = len(speakers) >= 2
        self._grouped = any(stretch.groups for stretch in self.stretches)

    def words(self, at: int, start: int, stop: int) -> int:
        """Words of a stretch whose first letter or digit lies in ``[start, stop)`` of it."""
        known = self._words.get((start, stop))  # a coding counts for its code and those above
        if known is not None:
            return known
        words = _words(self.text[start:stop])
        head = start
        while head > self.stretches[at].start and not self.text[head - 1].isspace():
            head -= 1
        if head < start and _LETTER_OR_DIGIT.search(self.text, head, start):
            rest = _RUN.match(self.text, start, stop)  # of a word that has begun before
            words -= rest is not None and _LETTER_OR_DIGIT.search(rest[0]) is not None
        self._words[start, stop] = words
        return words

    def add_base(self, bases: Mapping[Group, Base]) -> None:
        alike: dict[tuple[Group, ...], list[Stretch]] = {}
        for stretch in self.stretches:
            alike.setdefault(stretch.groups, []).append(stretch)
        for groups, stretches in alike.items():
            words = _words(" ".join([self.text[s.start : s.stop] for s in stretches]))
            characters = sum([s.stop - s.start for s in stretches])
            participants = {who for s in stretches for who in s.participants}
            for group in (ALL, *groups):
                base = bases[group]
                base.documents.add(self.name)
                base.participants |= participants
                if self._is_focus_group:
                    base.focus_groups.add(self.name)
                base.turns += len(stretches)
                base.words += words
                base.characters += characters

    def pieces(self, start: int, stop: int) -> list[Piece]:
        """Parts in eligible stretches that hold a letter or digit: (stretch, start, stop)."""
        known = self._pieces.get((start, stop))
        if known is not None:
            return known
        found = self._pieces[start, stop] = []
        at = max(0, bisect_right(self._starts, start) - 1)
        while at < len(self.stretches) and self.stretches[at].start < stop:
            stretch = self.stretches[at]  # compared by hand: asked for every coding of a study
            first = start if start > stretch.start else stretch.start
            last = stop if stop < stretch.stop else stretch.stop
            if first < last and _LETTER_OR_DIGIT.search(self.text, first, last):
                found.append((at, first, last))
            at += 1
        return found

    def dropped(self, marks: Iterable[Mark]) -> int:
        return sum(not self.pieces(mark.start, mark.stop) for mark in marks)

    def codings(self, marks: Iterable[Mark]) -> Mapping[Group, int]:
        """Codings in each group."""
        held = [pieces for start, stop in hulls(marks) if (pieces := self.pieces(start, stop))]
        return self._in_groups(held)

    def count(
        self, table: Mapping[tuple[str, Group], Frequency], code: str, marks: Iterable[Mark]
    ) -> Mapping[Group, int]:
        """Add this document's marks of a code to its frequencies; gives its codings by group."""
        held: list[list[Piece]] = []
        for one in unite(marks):
            pieces = self.pieces(one.start, one.stop)
            if pieces:
                held.append(pieces)
            for group in self._groups(pieces):
                row = table[code, group]
                row.valence[one.valence or ""] += 1
                row.disconfirming += one.disconfirming
        found = self._in_groups(held)
        for group, codings in found.items():
            self._add(table[code, group], codings, [p for pieces in held for p in pieces])
        return found

    def _add(self, row: Frequency, codings: int, pieces: Iterable[Piece]) -> None:
        """Add what lies in eligible stretches of the row's group to it."""
        stretches = self.stretches
        if row.group != ALL:
            pieces = [piece for piece in pieces if row.group in stretches[piece[0]].groups]
        row.codings += codings
        row.documents.add(self.name)
        if self._is_focus_group:
            row.focus_groups.add(self.name)
        row.turns += len({at for at, _, _ in pieces})
        for at, start, stop in pieces:
            words = self.words(at, start, stop)
            row.words += words
            row.characters += stop - start
            for who in stretches[at].participants:
                row.words_by[who] += words
        row.participants.update(row.words_by)

    def _in_groups(self, held: Sequence[Sequence[Piece]]) -> Mapping[Group, int]:
        """How many of some codings, given by their pieces, lie in each group."""
        if not self._grouped:
            return {ALL: len(held)} if held else {}
        return Counter(group for pieces in held for group in self._groups(pieces))

    def _groups(self, pieces: Sequence[Piece]) -> set[Group]:
        if not pieces:
            return set()
        if not self._grouped:
            return {ALL}
        return {ALL, *(group for at, _, _ in pieces for group in self.stretches[at].groups)}
