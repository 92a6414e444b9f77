"""How alike two stretches of text are: by the words they share, rare ones counting for more.

Each stretch becomes a vector of its terms, weighted by *tf-idf*: ``(1 + ln tf) * idf`` with
``idf = ln((1 + n) / (1 + df)) + 1``, where ``tf`` is how often the stretch holds the term, ``n``
the number of units (sentences) of all texts, and ``df`` in how many of those it occurs. Two
stretches are as alike as the cosine of the angle between their vectors: 0 where they share no term,
1 where they hold the same terms in the same proportions. The order of the words plays no part, nor
does their meaning: *bed* and *housing* share nothing.

Source:
    Manning, C. D., Raghavan, P., & Schütze, H. (2008). Introduction to information retrieval.
    Cambridge University Press. Cosine: § 6.3.1; sublinear tf: § 6.4.1. Weights of terms: Salton,
    G., & Buckley, C. (1988). Term-weighting approaches in automatic text retrieval. Information
    Processing & Management, 24(5), 513–523. The two ones in the idf are scikit-learn's
    (``smooth_idf``): no division by zero, and a term that every unit holds still counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import numpy as np

Vector: TypeAlias = Mapping[str, float]
"""Term → weight, of length 1, terms in alphabetical order; empty where there are no terms."""


@dataclass(frozen=True, slots=True)
class Rarity:
    """In how many units each term occurs."""

    units: int
    holding: Mapping[str, int]

    @classmethod
    def among(cls, units: Iterable[Iterable[str]]) -> Rarity:
        """Count in the terms of these units."""
        n, holding = 0, Counter[str]()
        for terms in units:
            n += 1
            holding.update(set(terms))
        return cls(n, holding)

    def idf(self, term: str) -> float:
        """How much a term counts: 1 where every unit holds it, more the fewer do."""
        return log((1 + self.units) / (1 + self.holding.get(term, 0))) + 1


def vector(terms: Iterable[str], rarity: Rarity) -> Vector:
    """The weights of a stretch's terms, scaled to length 1."""
    counts = sorted(Counter(terms).items())
    weights = {term: (1 + log(tf)) * rarity.idf(term) for term, tf in counts}
    length = sqrt(sum(weight * weight for weight in weights.values()))
    return {term: weight / length for term, weight in weights.items()}


def cosine(a: Vector, b: Vector) -> float:
    """How alike two stretches are, from 0 to 1; 0 where one of them holds no term."""
    return min(1.0, sum(weight * b[term] for term, weight in a.items() if term in b))


@dataclass(frozen=True, slots=True)
class Like:
    """A passage that is like what was asked about."""

    at: int
    """Which, counting from 0."""

    score: float
    """The cosine."""


def nearest(
    asked: Sequence[Sequence[str]],
    passages: Sequence[Sequence[str]],
    rarity: Rarity,
    *,
    at_least: float,
) -> list[list[Like]]:
    """For each stretch that is asked about, the passages that are like it.

    Args:
        asked, passages: The terms of each.
        at_least: Passages less alike than this are left out, and so is what shares no term.

    Returns:
        One list for each stretch asked about: the most alike first, among equals the first
        passage; empty where there is none.
    """
    import numpy as np

    holding = _holding(passages, rarity)
    found: list[list[Like]] = []
    for terms in asked:
        scores = np.zeros(len(passages))
        for term, weight in vector(terms, rarity).items():
            if term in holding:
                which, weights = holding[term]
                scores[which] += weight * weights
        alike = np.flatnonzero((scores > 0) & (scores >= at_least))
        best = alike[np.argsort(-scores[alike], kind="stable")]
        found.append([Like(int(at), min(1.0, float(scores[at]))) for at in best])
    return found


def _holding(
    passages: Sequence[Sequence[str]], rarity: Rarity
) -> dict[str, tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]]:
    """Term → which passages hold it, and with what weight."""
    import numpy as np

    listed: dict[str, tuple[list[int], list[float]]] = {}
    for at, terms in enumerate(passages):
        for term, weight in vector(terms, rarity).items():
            which, weights = listed.setdefault(term, ([], []))
            which.append(at)
            weights.append(weight)
    return {term: (np.array(which), np.array(w)) for term, (which, w) in listed.items()}
