"""Figures of single values and of sets of codes: asked for by name, beside those of every code.

``category_…`` is one value of a table of ratings against all others; ``krippendorff_alpha_set`` is
alpha over the set of codes that a coder gave a unit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import combinations

from qualcode.errors import UsageProblem
from qualcode.reliability import registry
from qualcode.reliability.basis import counted
from qualcode.reliability.patterns import PatternCounts
from qualcode.reliability.registry import Coefficient
from qualcode.reliability.sets import SetDistance, count_sets, krippendorff_alpha_set
from qualcode.reliability.units import Ratings
from qualcode.reports.figures import ALL, Line, Subject, intervals_of
from qualcode.reports.wanted import CATEGORY, SET, Wanted

OF = {
    "category_alpha": registry.ALPHA,
    "category_fleiss_kappa": registry.FLEISS,
    "category_cohen_kappa": registry.COHEN,
}
"""Statistic of one value → the one it is, of that value against the rest."""


def of_categories(subject: Subject, want: Wanted) -> Iterator[Line]:
    """Each value of each code against all others; missing stays missing.

    Returns:
        Lines of scope ``category``; ``code`` names the value (``code: value`` where there are
        several codes). None where the values are absent and present: there the one is the other.
    """
    asked = [name for name in want.statistics if name in CATEGORY]
    if subject.counts.presence:
        return
    nominal = replace(want, level="nominal", weights="none")
    for at, code in enumerate(subject.codes):
        only = subject.counts.only_code(at)
        for position, category in enumerate(only.categories):
            name = str(category) if len(subject.codes) == 1 else f"{code}: {category}"
            rest = only.against_rest(position)
            for statistic in asked:
                base = replace(OF[statistic], name=statistic)
                yield from _of_one(subject, name, rest, base, nominal)


def _of_one(
    subject: Subject, name: str, rest: PatternCounts, base: Coefficient, want: Wanted
) -> Iterator[Line]:
    names = subject.coders
    pairs: list[tuple[int, int] | None] = [None]
    if base.of_pair:
        pairs = list(combinations(range(len(names)), 2))
    for pair in pairs:
        counts = rest if pair is None else rest.only_coders(pair)
        limits = intervals_of(counts, [base], want, subject.sampled)[0][0]
        who = None if pair is None else (names[pair[0]], names[pair[1]])
        figure = base.figure(counts)[0]
        yield Line(subject, "category", name, base, figure, limits, counted(counts, 0), who)


def of_sets(subject: Subject, ratings: Ratings, want: Wanted) -> Iterator[Line]:
    """Alpha over the sets of codes that coders gave the units, one line for each distance.

    Raises:
        UsageProblem: The units are characters: a set there is no judgement of its own.
    """
    if SET not in want.statistics or not subject.codes:
        return
    if ratings.units.weight is not None:
        raise UsageProblem(f"{SET} is of units, such as sentences; not of single characters.")
    counts = _sets(ratings)
    for distance in want.distances:
        of = Coefficient(SET, partial(_alpha, distance=distance), averaging=None)
        limits = intervals_of(counts, [of], want, subject.sampled)[0][0]
        figure = of.figure(counts)[0]
        line = Line(subject, "overall", ALL, of, figure, limits, counted(counts, 0))
        yield replace(line, distance=distance)


def _alpha(counts: PatternCounts, *, distance: SetDistance) -> object:
    return krippendorff_alpha_set(counts, distance=distance)


def _sets(ratings: Ratings) -> PatternCounts:
    """What each coder gave each unit, as sets; None where they have not finished the document."""
    given: list[list[set[str] | None]] = [
        [set() if seen else None for seen in row] for row in ratings.seen.tolist()
    ]
    for code, unit, coder in zip(*(array.tolist() for array in ratings.present), strict=True):
        there = given[unit][coder]
        if there is not None:
            there.add(ratings.codes[code])
    return count_sets(given, documents=ratings.units.document.tolist())
