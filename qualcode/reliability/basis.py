"""What a figure of agreement rests on: units, documents, coders, and how often a code was given."""

from __future__ import annotations

from dataclasses import dataclass

from qualcode.reliability.patterns import PatternCounts


@dataclass(frozen=True, slots=True)
class Counted:
    """What a figure rests on."""

    units: int
    documents: int
    coders: int
    pairs: int
    ratings: int
    present: int | None
    """Ratings that say present, and below the units; None where values are not of presence."""

    any: int | None
    all: int | None
    none: int | None

    @property
    def prevalence(self) -> float | None:
        """Share of ratings that say "present"; None where there is no rating."""
        return None if self.present is None or not self.ratings else self.present / self.ratings


def counted(counts: PatternCounts, code: int) -> Counted:
    """What the figures of one code rest on: units that were rated, and by how many."""
    units = counts.table[code].sum(axis=0)
    m = counts.raters
    rated = m >= 1
    given = (counts.patterns >= 0) & (units > 0)[:, None]
    base = (
        int(units[rated].sum()),
        int(counts.pairable()[code].sum()),
        int(given.any(axis=0).sum()),
        int((units * m * (m - 1)).sum() / 2),
        int((units * m).sum()),
    )
    if not counts.presence:
        return Counted(*base, None, None, None, None)
    k = counts.ratings[:, 1]
    return Counted(
        *base,
        int((units * k).sum()),
        int(units[rated & (k > 0)].sum()),
        int(units[rated & (k == m)].sum()),
        int(units[rated & (k == 0)].sum()),
    )
