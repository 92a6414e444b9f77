"""Counts of so few people that they could be told, taken out of all that is printed together.

A count of one or two people is printed as "<3". Where others let a reader work it out, some of
those are withheld, too. What is safe is not argued but shown: for every count that is taken out
``suppress`` finds another set of counts, with another figure there, that prints the same and keeps
every relation the reader knows. Whoever cannot tell the two apart cannot work the count out.

Source: Fischetti, M. & Salazar, J. J. (1999). Models and algorithms for the 2-dimensional cell
suppression problem in statistical disclosure control. Mathematical Programming, 84, 283-312 (what
has to be protected; the search is a plain one of least cost).
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import Generic, Literal, NamedTuple, TypeVar

Mark = Literal["", "few", "withheld", "group"]
"""What to print of a count: itself, "<3", or that it is withheld (as a group of few people)."""

Name = TypeVar("Name", bound=Hashable)

STEP = 200
"""What it costs that a count which is taken out already differs, too."""

TAKEN = 1_000
"""What it costs to withhold one more count, times its weight, besides its own figure."""

HIDDEN = 3
"""How much dearer it is to withhold a count of few people, of which "<3" says something, and one
that protects only if it could be of few people, which a reader might not think."""

TRIES = 1_000
"""Sets of counts that are looked at for one that has to be protected, with each of ``HASTE``."""

HASTE = (1, 4, 40)
"""How much dearer than one more count is every step that a set is away from what must hold: the
first finds what costs least, the last finds something."""


@dataclass(frozen=True, slots=True)
class Relation(Generic[Name]):
    """What a reader knows of some counts, whatever is printed of them."""

    one: Name
    parts: tuple[Name, ...]
    exact: bool = False
    """Whether ``one`` is the sum of its parts; else it is no more than that."""

    groups: bool = False
    """Whether the parts are groups of those counted in ``one``."""


def suppress(
    counts: Mapping[Name, int],
    relations: Sequence[Relation[Name]],
    *,
    at_least: int = 3,
    everybody: Name | None = None,
    unprinted: Collection[Name] = (),
    weights: Mapping[Name, int] | None = None,
) -> dict[Name, Mark]:
    """Choose what to take out, so that nobody can work out a count of few people.

    Taken out are counts from 1 to ``at_least - 1``; the groups of one, those of nobody too, so that
    it is not broken down at all; and what else costs least. A zero stays elsewhere. A reader is
    taken to know ``relations``, that "<3" is 1 or 2, and that what is withheld is no zero but among
    such groups. Of no count of people that is taken out can they say which of two figures it has.

    Args:
        counts: Those printed together, and those not printed of which something is known.
        relations: All of them true of ``counts``.
        at_least: The smallest count that may be printed, 0 aside.
        everybody: Name of the count of all people, of whom all others are a part; it is never
            withheld, for it stands everywhere.
        unprinted: Names of counts that are not printed; they are protected like the others.
        weights: Name → how dear a count is to the reader; 1 if nothing is said.

    Returns:
        Name → what to print of it, ``""`` for those not printed.
    """
    search = _Search(counts, relations, at_least, everybody, frozenset(unprinted), weights)
    for name, value in counts.items():
        if value and name not in search.safe and search.is_taken_out(name):
            search.protect(name)
    return {name: "" if name in unprinted else search.marks[name] for name in counts}


class _Changed(NamedTuple, Generic[Name]):
    """Other counts than there are, and what of the relations they do not keep."""

    changes: dict[Name, int]
    price: int
    shifts: dict[int, int]
    """Place of a relation → how much larger its parts are beside their whole."""

    broken: dict[int, int]
    """Place of a relation that does not hold → how much too large its parts are."""


class _Search(Generic[Name]):
    """What is taken out so far, and how it could be otherwise."""

    def __init__(
        self,
        counts: Mapping[Name, int],
        relations: Sequence[Relation[Name]],
        at_least: int,
        everybody: Name | None,
        unprinted: frozenset[Name],
        weights: Mapping[Name, int] | None,
    ) -> None:
        self.counts, self.at_least = counts, at_least
        self.everybody, self.unprinted, self.weights = everybody, unprinted, weights or {}
        self.marks: dict[Name, Mark] = {
            name: "few" if self._is_few(value) else "" for name, value in counts.items()
        }
        self.safe: set[Name] = set()
        """Those for which another set of counts was found."""

        self._relations = relations
        self._rooms = [sum(counts[p] for p in r.parts) - counts[r.one] for r in relations]
        self._of: dict[Name, list[tuple[int, int]]] = {name: [] for name in counts}
        for at, relation in enumerate(relations):
            self._of[relation.one].append((at, -1))
            for part in relation.parts:
                self._of[part].append((at, 1))
        self._loose = self._groups_of_few(relations)
        self.marks.update(dict.fromkeys(self._loose, "group"))

    def is_taken_out(self, name: Name) -> bool:
        """Whether a count must not be told; of those not printed only one of few people."""
        few = self._is_few(self.counts[name])
        return few if name in self.unprinted else bool(self.marks[name])

    def protect(self, name: Name) -> None:
        """Withhold what else it takes; where nothing is found, all but how many people there are.

        Then anything may be: that nobody raised anything, and all are in another group.
        """
        found = next((made for haste in HASTE if (made := self._other(name, haste))), None)
        if found is None:
            self._loose = set(self.counts) - {self.everybody}
            self.marks.update(dict.fromkeys(self._loose, "group"))
            self.safe.update(self.counts)
            return
        for other, change in found.items():
            self.safe.add(other)
            stays = self.marks[other] == "few" and self._is_few(self.counts[other] + change)
            if other not in self._loose and not stays:
                self.marks[other] = "withheld"

    def _is_few(self, value: int) -> bool:
        return 0 < value < self.at_least

    def _groups_of_few(self, relations: Sequence[Relation[Name]]) -> set[Name]:
        """All groups of counts of few people, and groups of those."""
        found: set[Name] = set()
        todo = [name for name, value in self.counts.items() if self._is_few(value)]
        while todo:
            name = todo.pop()
            for at, sign in self._of[name]:
                relation = relations[at]
                if relation.groups and sign < 0:
                    new = set(relation.parts) - found
                    found |= new
                    todo += new
        return found

    def _other(self, name: Name, haste: int) -> dict[Name, int] | None:
        """Changes that cost little and lead to other counts that print the same."""
        queue: list[tuple[int, int, _Changed[Name]]] = []
        seen: set[frozenset[tuple[Name, int]]] = set()

        def consider(before: _Changed[Name], other: Name, step: int) -> None:
            change = before.changes.get(other, 0) + step
            changes = {**before.changes, other: change}
            state = frozenset(changes.items())
            if state in seen or (price := self._price(other, change)) is None:
                return
            seen.add(state)
            price += before.price - (self._price(other, change - step) or 0)
            shifts, broken = self._shifted(before, other, step)
            far = sum(map(abs, broken.values()))
            made = _Changed(changes, price, shifts, broken)
            heappush(queue, (price + haste * TAKEN * far, len(seen), made))

        for step in (1, -1):
            consider(_Changed({}, 0, {}, {}), name, step)
        for _ in range(TRIES):
            if not queue:
                return None
            _, _, found = heappop(queue)
            if not found.broken:
                return found.changes
            at = next(at for at in found.shifts if at in found.broken)
            for other, step in self._mended(self._relations[at], found.broken[at]):
                if (found.changes.get(other, 0) + step) * step > 0:
                    consider(found, other, step)
        return None

    def _price(self, name: Name, change: int) -> int | None:
        """What it costs to print the same of a changed count; None where nothing can."""
        if not change:
            return 0
        before, after = self.counts[name], self.counts[name] + change
        price = STEP * abs(change)
        if name in self.unprinted or name in self._loose:
            return None if after < 0 else price
        if not before or after < 1:
            return None
        if name == self.everybody and not (self._is_few(before) and self._is_few(after)):
            return None
        weight = TAKEN * self.weights.get(name, 1)
        if not self.marks[name]:
            price += weight + before
        elif self.marks[name] == "few" and not self._is_few(after):
            price += weight * HIDDEN
        if self._is_few(after) and not self._is_few(before):
            price += weight * HIDDEN
        return price

    def _shifted(
        self, before: _Changed[Name], name: Name, step: int
    ) -> tuple[dict[int, int], dict[int, int]]:
        """``shifts`` and ``broken`` once a count changes by a step more."""
        shifts, broken = before.shifts.copy(), before.broken.copy()
        for at, sign in self._of[name]:
            shifts[at] = shift = shifts.get(at, 0) + sign * step
            room = self._rooms[at] + shift
            if room < 0 or (room and self._relations[at].exact):
                broken[at] = room
            else:
                broken.pop(at, None)
        return shifts, broken

    def _mended(self, relation: Relation[Name], room: int) -> Iterator[tuple[Name, int]]:
        """Which count may change by one to come nearer to what the relation says."""
        step = 1 if room < 0 else -1
        yield relation.one, -step
        for part in relation.parts:
            yield part, step
