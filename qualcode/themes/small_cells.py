"""Who can be told from a role and a site: combinations of attributes that few people share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

Values = tuple[tuple[str, str], ...]
"""``(attribute, value)`` of those that have one, in the order asked for."""


@dataclass(frozen=True, slots=True)
class SmallCell:
    """A combination of values that fewer people share than may be."""

    values: Values
    people: tuple[str, ...]
    """Who shares it, by name."""

    dropped: frozenset[str]
    """Attributes to leave out, so that enough people share what is left."""


def small_cells(
    people: Sequence[tuple[str, Mapping[str, str]]], attributes: Sequence[str], at_least: int
) -> list[SmallCell]:
    """Find the combinations that fewer than ``at_least`` people share.

    Left out are as few attributes as do; of equals the earlier attribute stays. Where no single
    attribute is shared by enough people, all are left out.

    Args:
        people: Label → attributes; somebody who has several values stands here once for each.
        attributes: Those printed together; one without a value is not printed.

    Returns:
        By their values; somebody without any value is in no cell.
    """
    held: dict[Values, set[str]] = {}
    for label, values in people:
        cell = tuple((name, values[name]) for name in attributes if values.get(name))
        for n in range(1, len(cell) + 1):
            for part in combinations(cell, n):
                held.setdefault(part, set())
        if cell:
            held[cell].add(label)
    holders = {
        part: {who for cell, whose in held.items() if set(part) <= set(cell) for who in whose}
        for part in held
    }
    found = []
    for cell, whose in sorted(held.items()):
        if whose and len(holders[cell]) < at_least:
            kept = next(
                (
                    part
                    for n in range(len(cell) - 1, 0, -1)
                    for part in combinations(cell, n)
                    if len(holders[part]) >= at_least
                ),
                (),
            )
            dropped = frozenset(name for name, _ in cell) - {name for name, _ in kept}
            found.append(SmallCell(cell, tuple(sorted(holders[cell])), dropped))
    return found
