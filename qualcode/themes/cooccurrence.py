"""Which codes come up together: in the same words, in the same turn, or a few turns apart.

Turns are the eligible stretches of a document, numbered without those that do not count: with the
moderator's turns in between, answers would always be two turns apart. Codings are united and
clipped as ``frequencies`` does it. One sweep per document, over what was coded in text order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Literal, TypeAlias

from qualcode.themes.frequencies import Places, ReadDocument, by_code, hulls, of_codes

Relation: TypeAlias = Literal["overlap", "turn", "near"]

NEAR = 2
"""How many turns apart counts as near, if nobody says otherwise."""

SPARSE = 5
"""Below this many expected, a lift says little."""

Piece: TypeAlias = tuple[int, int, int, int]
"""The part of a coding in one turn: start, stop, place of the code, number of the coding."""


@dataclass(slots=True)
class Together:
    """Two codes, a and b, in one relation; characters for ``overlap``, turns otherwise."""

    a: str
    b: str
    relation: Relation
    n_a: int = 0
    """|A|: turns with a; for ``overlap`` its characters."""

    n_b: int = 0
    total: int = 0
    """T: eligible turns; for ``overlap`` eligible characters."""

    n: int = 0
    """Turns with both; for ``overlap`` shared characters; for ``near`` a_near + b_near."""

    pairs: int = 0
    """``overlap``: pairs of codings that share text."""

    a_near: int = 0
    """``near``: turns with a that have b within k turns."""

    b_near: int = 0
    expected: float = 0.0
    """n if the two had nothing to do with each other: |A| |B| / T; for ``near`` the same in each
    document, over widened turns, summed."""

    expected_within: float = 0.0
    """The same in each document by itself, summed."""

    documents: set[str] = field(default_factory=set)
    participants: set[str] = field(default_factory=set)
    """Who speaks where they come up together; for ``near`` in the turns counted in n."""

    @property
    def jaccard(self) -> float | None:
        """Both of either; None for ``near``, and where neither comes up."""
        if self.relation == "near":
            return None
        either = self.n_a + self.n_b - self.n
        return self.n / either if either else None

    @property
    def near_index(self) -> float | None:
        """(a_near + b_near) / (|A| + |B|); None but for ``near``, and where neither comes up."""
        if self.relation != "near":
            return None
        either = self.n_a + self.n_b
        return self.n / either if either else None

    @property
    def lift(self) -> float | None:
        """n of what is expected; None where a code does not come up."""
        return self.n / self.expected if self.expected else None

    @property
    def lift_within(self) -> float | None:
        """n of what is expected in each document by itself; None where that is nothing.

        A lift above 1 that falls here is due to documents in which both live, not to their
        being said together. ``near`` expects by document anyway, so there the two are one.
        """
        return self.n / self.expected_within if self.expected_within else None

    @property
    def sparse(self) -> bool:
        """Whether fewer than ``SPARSE`` are expected."""
        return self.expected < SPARSE


_Pairs: TypeAlias = list[list[Together | None]]
"""By the places of two codes, the earlier one first; None the other way round, and for kin."""


def cooccurrence(
    documents: Sequence[ReadDocument],
    codes: Mapping[str, Sequence[str]],
    relation: Relation = "turn",
    *,
    k: int = NEAR,
    families: Mapping[str, Collection[str]] | None = None,
) -> list[Together]:
    """Count every pair of codes.

    Args:
        documents: Those that count, in any order.
        codes: Code → the codes whose marks count for it, as for ``frequencies``.
        relation: ``overlap``, ``turn`` or ``near``.
        k: ``near``: how many turns apart, within a document.
        families: Code → itself and all its descendants, also where figures are not rolled up:
            no code is paired with its own descendant. As ``codes`` if None.

    Returns:
        One per pair, in the order of the codes; also those that never come up together.
    """
    names = list(codes)
    kin = codes if families is None else families
    table: _Pairs = [
        [
            Together(a, b, relation) if at < j and b not in kin[a] and a not in kin[b] else None
            for j, b in enumerate(names)
        ]
        for at, a in enumerate(names)
    ]
    sizes: Counter[int] = Counter()
    total = 0
    for document in documents:
        swept = _swept(document, list(codes.values()), relation, k, table)
        _expect(table, swept)
        sizes.update(swept.sizes)
        total += swept.total
    found = []
    for i, row in enumerate(table):
        for j, one in enumerate(row):
            if one is None:
                continue
            one.n_a, one.n_b, one.total = sizes[i], sizes[j], total
            if relation == "near":
                one.n, one.expected = one.a_near + one.b_near, one.expected_within
            elif total:
                one.expected = one.n_a * one.n_b / total
            found.append(one)
    return found


@dataclass(frozen=True, slots=True)
class _Swept:
    """What one document holds of each code, by the places of the codes."""

    total: int
    sizes: Mapping[int, int]
    widened: Mapping[int, int]
    """``near``: turns with the code within k turns; else empty."""


def _expect(table: _Pairs, swept: _Swept) -> None:
    """Add what a document lets expect of each pair of its codes."""
    sizes, widened, total = swept.sizes, swept.widened, swept.total
    present = sorted(sizes)
    for at, i in enumerate(present):
        row, a = table[i], sizes[i]
        for j in present[at + 1 :]:
            one = row[j]
            if one is None:
                continue
            if widened:
                one.expected_within += (a * widened[j] + sizes[j] * widened[i]) / total
            else:
                one.expected_within += a * sizes[j] / total


def _swept(
    document: ReadDocument,
    codes: Sequence[Sequence[str]],
    relation: Relation,
    k: int,
    table: _Pairs,
) -> _Swept:
    """Add to the pairs what comes up together in a document."""
    places, marks = Places(document), by_code(document.marks)
    turns: dict[int, list[Piece]] = {}
    number = 0
    for code, members in enumerate(codes):
        for begin, end in hulls(of_codes(marks, members)):
            number += 1
            for turn, start, stop in places.pieces(begin, end):
                turns.setdefault(turn, []).append((start, stop, code, number))
    if relation == "overlap":
        _overlapping(document, turns, table)
        length = sum(stretch.stop - stretch.start for stretch in document.stretches)
        covered: dict[int, int] = {}
        for pieces in turns.values():
            for start, stop, code, _ in pieces:
                covered[code] = covered.get(code, 0) + stop - start
        return _Swept(length, covered, {})
    n = len(document.stretches)
    present = {turn: {code for _, _, code, _ in turns[turn]} for turn in sorted(turns)}
    where: dict[int, list[int]] = {}
    for turn, here in present.items():
        for code in here:
            where.setdefault(code, []).append(turn)
    sizes = {code: len(at) for code, at in where.items()}
    if relation == "turn":
        _in_one_turn(document, present, table)
        return _Swept(n, sizes, {})
    _near(document, present, k, table)
    return _Swept(n, sizes, {code: _reach(at, k, n) for code, at in where.items()})


def _overlapping(document: ReadDocument, turns: Mapping[int, list[Piece]], table: _Pairs) -> None:
    """Sweep over the pieces of every turn, with those that are not over yet at hand."""
    met: set[tuple[int, int]] = set()
    for turn, pieces in turns.items():
        who = document.stretches[turn].participants
        unfinished: list[Piece] = []
        for piece in sorted(pieces):
            start, stop, code, number = piece
            unfinished = [one for one in unfinished if one[1] > start]
            for _, until, other, other_number in unfinished:  # of other codes: one's own are united
                one = table[code][other] or table[other][code]
                if one is None:
                    continue
                one.n += (stop if stop < until else until) - start
                one.documents.add(document.name)
                one.participants.update(who)
                pair = (number, other_number) if number < other_number else (other_number, number)
                if pair not in met:  # two codings may share text in several turns
                    met.add(pair)
                    one.pairs += 1
            unfinished.append(piece)


def _in_one_turn(document: ReadDocument, present: Mapping[int, set[int]], table: _Pairs) -> None:
    for turn, codes in present.items():
        if len(codes) > 1:
            who = document.stretches[turn].participants
            for i, j in combinations(sorted(codes), 2):
                one = table[i][j]
                if one is not None:
                    one.n += 1
                    one.documents.add(document.name)
                    one.participants.update(who)


def _near(document: ReadDocument, present: Mapping[int, set[int]], k: int, table: _Pairs) -> None:
    """Move a window of k turns to either side along the coded turns, which are in text order."""
    name, order = document.name, list(present)
    window: dict[int, int] = {}
    first = last = 0
    for turn, codes in present.items():
        while last < len(order) and order[last] <= turn + k:
            for code in present[order[last]]:
                window[code] = window.get(code, 0) + 1
            last += 1
        while order[first] < turn - k:
            for code in present[order[first]]:
                window[code] -= 1
                if not window[code]:
                    del window[code]
            first += 1
        who = document.stretches[turn].participants
        for code in codes:
            row = table[code]
            for other in window:
                one = row[other]
                if one is not None:
                    one.a_near += 1
                else:
                    one = table[other][code]
                    if one is None:  # the same code, or a relation of it
                        continue
                    one.b_near += 1
                one.documents.add(name)
                for person in who:  # mostly one, and sooner than a set is updated with it
                    one.participants.add(person)


def _reach(turns: Sequence[int], k: int, total: int) -> int:
    """How many of a document's turns lie within k of some of these, which are in text order."""
    reached, done = 0, 0
    for turn in turns:
        stop = min(turn + k + 1, total)
        reached += stop - max(turn - k, done)
        done = stop
    return reached
