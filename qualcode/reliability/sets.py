"""Agreement where a coder gives a unit several codes at once: alpha with distances between sets.

An empty set is a judgement: looked, and found nothing. Missing is something else.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal, TypeAlias

import numpy as np

from qualcode.errors import UsageProblem
from qualcode.reliability.coefficients import alpha_of_distances
from qualcode.reliability.estimates import Estimate
from qualcode.reliability.patterns import PatternCounts, count

Given: TypeAlias = frozenset[str]
SetDistance: TypeAlias = Literal["nominal", "jaccard", "masi", "passonneau2004"]


def count_sets(
    ratings: Sequence[Sequence[Collection[str] | None]],
    *,
    documents: Sequence[object] | None = None,
) -> PatternCounts:
    """Count patterns of sets: every set that occurs is one value.

    Args:
        ratings: ``[unit][coder]``: the codes given, none for "looked, nothing", None for missing.
        documents: For each unit the document it lies in; None: all in one.

    Returns:
        Counts of one variable; ``categories`` are the distinct sets, by size and names.
    """
    sets = {frozenset(given) for row in ratings for given in row if given is not None}
    order = sorted(sets, key=lambda given: (len(given), sorted(given)))
    at = {given: position for position, given in enumerate(order)}
    coders = len(ratings[0]) if ratings else 0
    values = [[-1 if g is None else at[frozenset(g)] for g in row] for row in ratings]
    return count(
        np.array(values, dtype=np.int64).reshape(len(ratings), coders),
        documents=documents,
        categories=order or [frozenset()],
        presence=False,
    )


def krippendorff_alpha_set(counts: PatternCounts, *, distance: SetDistance = "masi") -> Estimate:
    """Alpha over sets of codes.

    Args:
        counts: As ``count_sets`` gives them.
        distance: ``nominal`` 0 for the same set, else 1; ``jaccard`` 1 - |A∩B|/|A∪B|; ``masi``
            1 - JM, M = 1 equal, 2/3 subset, 1/3 overlap, 0 disjoint; ``passonneau2004`` 0 equal,
            1/3 subset (the empty set is one), 2/3 overlap, 1 disjoint. Not squared.

    Raises:
        UsageProblem: There is no such distance, or the counts are not of sets.

    Source:
        Passonneau, R. (2004), LREC; (2006), LREC: Measuring agreement on set-valued items (MASI).
        Alpha as in ``coefficients.krippendorff_alpha``.
    """
    sets = [value for value in counts.categories if isinstance(value, frozenset)]
    if len(sets) != len(counts.categories):
        raise UsageProblem("Distances between sets need ratings that are sets of codes.")
    apart = np.array([[between(a, b, distance) for b in sets] for a in sets])
    return alpha_of_distances(counts, apart, f"sets: {distance}")


def between(a: Given, b: Given, distance: SetDistance) -> float:
    """The distance of two sets, from 0 (equal) to 1; ``krippendorff_alpha_set`` defines them."""
    if a == b:
        return 0.0
    if distance == "nominal":
        return 1.0
    common, all_ = len(a & b), len(a | b)
    if distance == "jaccard":
        return 1 - common / all_
    if distance == "passonneau2004":
        if a <= b or b <= a:
            return 1 / 3
        return 2 / 3 if common else 1.0
    if distance == "masi":
        closeness = 2 / 3 if a <= b or b <= a else 1 / 3
        return 1 - common / all_ * closeness
    raise UsageProblem(f'There is no distance between sets called "{distance}".')
