"""Which codings, or turns, a query holds of.

Everything here is counted in characters of the document's own text. One coder's record of a
document (or what several agreed upon) is looked at by itself: codings of another coder never make
a query hold. Words are not searched here; whoever asks says where they are.
"""

from __future__ import annotations

import operator
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from qualcode.model import Span
from qualcode.spans import intersect, unite
from qualcode.themes.query import (
    And,
    Near,
    Node,
    Not,
    Or,
    Query,
    Term,
    date,
    folded,
    number,
    parts,
)  # fmt: skip

Piece = tuple[str, int, int]
"""Document, start and stop: a stretch in which words are looked for."""

Finds = Callable[[Term, Sequence[Piece]], Collection[Piece]]
"""The pieces in which the words or the pattern of a term are found."""

COMPARED: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt,
    ">=": operator.ge,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """A turn, or a paragraph of a document in which nobody speaks."""

    start: int
    stop: int
    speakers: tuple[str, ...] = ()
    """Every name that ``speaker:`` may call those who speak by."""

    people: tuple[str, ...] = ()
    """The participants who speak; a speaker linked to none is one; empty for moderators."""

    eligible: bool = True
    """Whether it may be an excerpt itself, and is numbered for NEAR: no moderator's turn."""


@dataclass(frozen=True, slots=True)
class Coded:
    """A coding, or what coders agreed on, as far as a query can ask for it."""

    start: int
    stop: int
    code: str
    valence: str | None = None
    marks: frozenset[str] = frozenset()
    """Which of memo, exemplar, disconfirming it has."""


@dataclass(frozen=True)
class Record:
    """What one coder (or several together) said of one document in one round."""

    document: str
    name: str
    """Of the document, as ``document:`` may call it."""

    places: tuple[Place, ...]
    """In text order, never overlapping."""

    codings: tuple[Coded, ...]
    coder: str = ""
    round: str = ""
    reading: str = ""
    """Records with the same one are read together where a query looks at a participant."""

    values: Mapping[str, str] = field(default_factory=dict)
    """Attributes of the document."""

    @cached_property
    def starts(self) -> list[int]:
        return [place.start for place in self.places]

    @cached_property
    def numbers(self) -> list[int | None]:
        """The number of each place among the eligible ones, None for the others."""
        count, found = 0, list[int | None]()
        for place in self.places:
            found.append(count if place.eligible else None)
            count += place.eligible
        return found

    @cached_property
    def by_code(self) -> dict[str, list[int]]:
        """The indexes of the codings of each code."""
        found: dict[str, list[int]] = {}
        for n, coding in enumerate(self.codings):
            found.setdefault(coding.code, []).append(n)
        return found

    @cached_property
    def coded(self) -> list[list[int]]:
        """For each place the indexes of the codings in it."""
        found: list[list[int]] = [[] for _ in self.places]
        for n, coding in enumerate(self.codings):
            for i in self.touched(coding.start, coding.stop):
                found[i].append(n)
        return found

    def touched(self, start: int, stop: int) -> range:
        """Which places a stretch touches, as indexes."""
        first = max(0, bisect_right(self.starts, start) - 1)
        if first < len(self.places) and self.places[first].stop <= start:
            first += 1
        return range(first, max(first, bisect_left(self.starts, stop)))


@dataclass(frozen=True, slots=True)
class Found:
    """A coding, a turn, or a part of a coding, of which the query holds."""

    record: int
    coding: int | None
    """None for a turn."""

    start: int
    stop: int
    inside: tuple[int, ...] = field(default=(), compare=False)
    """Of a turn the codings in it."""


def matching(
    query: Query,
    records: Sequence[Record],
    people: Mapping[str, Mapping[str, str]],
    finds: Finds,
    *,
    cut: bool = False,
) -> list[Found]:
    """Give what the query holds of.

    Args:
        query: With its names looked up, see ``query.named``.
        people: Participant → attribute → value; what is empty there is the document's.
        cut: Give of a coding only what lies in all the codes that the query asks for together.

    Returns:
        Codings of the codes that the query asks for; where it asks for none, eligible turns. By
        record, place and coding; several may overlap.
    """
    asked = query.asked_for()
    candidates = list(_candidates(records, asked))
    answers = _Answers(query, records, people)
    answers.search(candidates, finds)
    held = [one for one in candidates if answers.holds(query.tree, one)]
    if cut:
        return [part for one in held for part in answers.cut(one)]
    return held


def _candidates(records: Sequence[Record], asked: Collection[str]) -> Iterator[Found]:
    for at, record in enumerate(records):
        if asked:
            for number_of, coding in enumerate(record.codings):
                if coding.code in asked:
                    yield Found(at, number_of, coding.start, coding.stop)
        else:
            for i, place in enumerate(record.places):
                if place.eligible and place.start < place.stop:
                    yield Found(at, None, place.start, place.stop, tuple(record.coded[i]))


class _Spans:
    """Disjoint stretches of one text, to ask quickly whether another touches any."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self.spans = unite(spans)
        self._starts = [span.start for span in self.spans]

    def touch(self, start: int, stop: int) -> bool:
        at = bisect_left(self._starts, stop) - 1
        return at >= 0 and self.spans[at].stop > start


class _Answers:
    """What holds of which candidate; everything that several share is worked out once."""

    def __init__(
        self,
        query: Query,
        records: Sequence[Record],
        people: Mapping[str, Mapping[str, str]],
    ) -> None:
        self._query, self._records, self._people = query, records, people
        # By id: nodes are made once, and their hash would be computed for every candidate.
        self._hits: dict[int, Collection[Piece]] = {}
        self._spans: dict[tuple[int, int], _Spans] = {}
        self._regions: dict[tuple[int, object], bool] = {}
        self._here: tuple[Found | None, object, Callable[[], Iterable[tuple[int, int, int]]]]
        self._here = (None, None, tuple)  # the candidate looked at last, and its region
        self._said: dict[tuple[str, str], list[tuple[int, Place]]] = {}
        if query.within == "participant":
            for at, record in enumerate(records):
                for place in record.places:
                    for who in place.people:
                        self._said.setdefault((record.reading, who), []).append((at, place))

    def search(self, candidates: Sequence[Found], finds: Finds) -> None:
        """Have the words of the query looked for, each term once."""
        terms = list(self._query.terms("text", "regex"))
        if not terms:
            return
        near = any(isinstance(node, Near) for node in _nodes(self._query.tree))
        pieces: dict[Piece, None] = {}
        if near or self._query.within != "overlap":
            for record in self._records:
                pieces.update(((record.document, p.start, p.stop), None) for p in record.places)
        if self._query.within == "overlap":
            for one in candidates:
                pieces.update(dict.fromkeys(self._pieces(one.record, one.start, one.stop)))
        for term in terms:
            self._hits[id(term)] = finds(term, [p for p in pieces if p[1] < p[2]])

    def holds(self, node: Node, one: Found) -> bool:
        """Whether the query, or a part of it, holds of a candidate."""
        if isinstance(node, Not):
            return not self.holds(node.of, one)
        if isinstance(node, And):
            return all(self.holds(part, one) for part in node.parts)
        if isinstance(node, Or):
            return any(self.holds(part, one) for part in node.parts)
        if isinstance(node, Near) or node.kind in ("code", "text", "regex"):
            return self._looked_for(node, one)
        return self._own(node, one)

    # Codes and words: looked for where WITHIN says

    def _looked_for(self, node: Term | Near, one: Found) -> bool:
        if self._query.within == "overlap":
            return self._is_in(node, one.record, one.start, one.stop)
        mine = None if one.coding is None else self._records[one.record].codings[one.coding].code
        if isinstance(node, Term) and mine in node.codes:
            return True  # it is there itself, wherever is looked
        if self._here[0] is not one:
            self._here = (one, *self._region(one))
        _, key, region = self._here
        if key is None:
            return any(self._is_in(node, *stretch) for stretch in region())
        known = (id(node), key)
        if known not in self._regions:
            self._regions[known] = any(self._is_in(node, *stretch) for stretch in region())
        return self._regions[known]

    def _region(self, one: Found) -> tuple[object, Callable[[], Iterable[tuple[int, int, int]]]]:
        """Where to look: a key where several candidates share it, and its stretches."""
        at, record = one.record, self._records[one.record]
        touched = record.touched(one.start, one.stop)
        own = [(at, one.start, one.stop)]
        if self._query.within == "document":
            return at, lambda: [(at, 0, sys.maxsize)]
        around = [(at, record.places[i].start, record.places[i].stop) for i in touched]
        if self._query.within == "participant":
            who = frozenset(name for i in touched for name in record.places[i].people)
            if who:
                return (record.reading, who), lambda: [
                    (there, place.start, place.stop)
                    for name in who
                    for there, place in self._said[record.reading, name]
                ]
        return (at, touched) if around else None, lambda: around or own

    def _is_in(self, node: Term | Near, at: int, start: int, stop: int) -> bool:
        if isinstance(node, Near) or node.kind == "code":
            return self._of(node, at).touch(start, stop)
        hits = self._hits[id(node)]
        return any(piece in hits for piece in self._pieces(at, start, stop))

    def _pieces(self, at: int, start: int, stop: int) -> Iterator[Piece]:
        """A stretch turn by turn, so that words are never found across two speakers."""
        record = self._records[at]
        for i in record.touched(start, stop):
            place = record.places[i]
            yield record.document, max(start, place.start), min(stop, place.stop)

    def _of(self, node: Node, at: int) -> _Spans:
        """Where a node's codes are, or its words by the turn, in one record."""
        key = (id(node), at)
        if key not in self._spans:
            spans = (
                self._near(node, at)
                if isinstance(node, Near)
                else [span for _, span in self._occurrences(node, at)]
            )
            self._spans[key] = _Spans(spans)
        return self._spans[key]

    def _occurrences(self, node: Node, at: int) -> Iterator[tuple[object, Span]]:
        """Every coding, or turn with the words, that a code, a text or an OR of them names."""
        record = self._records[at]
        if isinstance(node, Or):
            for part in node.parts:
                yield from self._occurrences(part, at)
        elif isinstance(node, Term) and node.kind == "code":
            for i in sorted(i for code in node.codes for i in record.by_code.get(code, ())):
                yield i, Span(record.codings[i].start, record.codings[i].stop)
        elif isinstance(node, Term):
            for place in record.places:
                if (record.document, place.start, place.stop) in self._hits[id(node)]:
                    yield (node.kind, node.value, place.start), Span(place.start, place.stop)

    def _near(self, node: Near, at: int) -> list[Span]:
        """All of the one that have another of the other near, and the reverse."""
        a, b = list(self._occurrences(node.a, at)), list(self._occurrences(node.b, at))
        return [*self._close(a, b, node.turns, at), *self._close(b, a, node.turns, at)]

    def _close(
        self,
        ones: Sequence[tuple[object, Span]],
        others: Sequence[tuple[object, Span]],
        reach: int,
        at: int,
    ) -> Iterator[Span]:
        """Those with another (a coding is not near itself) at most ``reach`` numbers away."""
        there: dict[int, set[object]] = {}
        for key, span in others:
            for n in self._numbers(at, span):
                there.setdefault(n, set()).add(key)
        known = sorted(there)
        for key, span in ones:
            numbers = self._numbers(at, span)
            if not numbers:
                continue
            first = bisect_left(known, numbers[0] - reach)
            last = bisect_right(known, numbers[-1] + reach)
            if any(there[n] - {key} for n in known[first:last]):
                yield span

    def _numbers(self, at: int, span: Span) -> list[int]:
        numbers = self._records[at].numbers
        touched = self._records[at].touched(span.start, span.stop)
        return [n for i in touched if (n := numbers[i]) is not None]

    # Facts of the excerpt itself, wherever WITHIN looks

    def _own(self, term: Term, one: Found) -> bool:
        record = self._records[one.record]
        if term.kind == "coder":
            return record.coder == term.value
        if term.kind == "round":
            return record.round == term.value
        if term.kind == "document":
            return folded(record.name) == folded(term.value)
        if term.kind in ("valence", "has"):
            return any(_marked(term, coding) for coding in self._codings(one))
        touched = [record.places[i] for i in record.touched(one.start, one.stop)]
        if term.kind == "speaker":
            return any(folded(term.value) == folded(n) for p in touched for n in p.speakers)
        return any(compared(v, term.relation, term.value) for v in self._values(term, one, touched))

    def _codings(self, one: Found) -> Iterable[Coded]:
        """The candidate's own coding; all that lie in it where it is a turn."""
        codings = self._records[one.record].codings
        return [codings[i] for i in ((one.coding,) if one.coding is not None else one.inside)]

    def _values(self, term: Term, one: Found, touched: Iterable[Place]) -> set[str]:
        """Values of the participants who speak; of the document where one has none."""
        fallback = self._records[one.record].values.get(term.name, "")
        people = {who for place in touched for who in place.people}
        values = {self._people.get(who, {}).get(term.name, "") or fallback for who in people}
        return (values or {fallback}) - {""}

    # The intersection

    def cut(self, one: Found) -> Iterator[Found]:
        common = self._common(self._query.tree, one.record)
        own = [Span(one.start, one.stop)]
        for span in own if common is None else intersect(own, common):
            yield Found(one.record, one.coding, span.start, span.stop)

    def _common(self, node: Node, at: int) -> list[Span] | None:
        """Where all that is asked for together lies; None where nothing narrows it down."""
        if isinstance(node, And):
            common: list[Span] | None = None
            for part in node.parts:
                spans = self._common(part, at)
                if spans is not None:
                    common = spans if common is None else intersect(common, spans)
            return common
        if isinstance(node, Or):
            wide: list[Span] = []
            for part in node.parts:
                more = self._common(part, at)
                if more is None:
                    return None
                wide += more
            return wide
        if isinstance(node, Near) or (isinstance(node, Term) and node.kind == "code"):
            return self._of(node, at).spans
        return None


def _nodes(node: Node) -> Iterator[Node]:
    yield node
    for part in parts(node):
        yield from _nodes(part)


def _marked(term: Term, coding: Coded) -> bool:
    if term.kind == "has":
        return term.value in coding.marks
    if term.relation == "=":
        return (coding.valence or "none") == term.value
    return coding.valence is not None and coding.valence != term.value


def compared(value: str, relation: str, asked: str) -> bool:
    """Whether a value stands in a relation to the one asked for.

    Numbers compare as numbers where both are, ISO dates as dates; else only equality is defined,
    in any case, blanks standing for underscores.
    """
    for kind in (number, date):
        one, other = kind(value), kind(asked)
        if one is not None and other is not None:
            return COMPARED[relation](one, other)
    return relation in ("=", "!=") and COMPARED[relation](folded(value), folded(asked))


def is_comparable(value: str, asked: str) -> bool:
    """Whether one can be less than the other: both are numbers, or dates."""
    return any(None not in (kind(value), kind(asked)) for kind in (number, date))
