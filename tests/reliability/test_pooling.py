"""Counts put together are the counts of the ratings put together."""

from __future__ import annotations

import numpy as np
import pytest

from qualcode.reliability.coefficients import gwet_ac1, krippendorff_alpha, percent_agreement
from qualcode.reliability.intervals import jackknife
from qualcode.reliability.patterns import count
from qualcode.reliability.pooling import Part, pool

CODES, CODERS, DOCUMENTS = ("a", "b", "c"), ("x", "y", "z"), ("d1", "d2", "d3", "d4", "d5", "d6")
STATISTICS = (percent_agreement, krippendorff_alpha, gwet_ac1)


@pytest.mark.parametrize("seed", range(20))
def test_pooled_counts_equal_those_of_the_ratings_laid_end_to_end(seed: int) -> None:
    rng = np.random.default_rng(seed)
    parts, whole, where = [], [], []
    for _ in range(rng.integers(2, 4)):
        codes = sorted(rng.choice(3, size=rng.integers(1, 4), replace=False))
        coders = sorted(rng.choice(3, size=rng.integers(2, 4), replace=False))
        documents = list(rng.permutation(6)[: rng.integers(2, 6)])
        units = 40
        values = rng.choice([-1, 0, 1], p=[0.1, 0.6, 0.3], size=(len(codes), units, len(coders)))
        of = [DOCUMENTS[documents[n % len(documents)]] for n in range(units)]
        counts = count(values, documents=of)
        parts.append(
            Part(
                counts,
                tuple(CODES[n] for n in codes),
                tuple(CODERS[n] for n in coders),
                tuple(map(str, counts.documents)),
            )
        )
        dense = np.full((3, units, 3), -1)
        dense[np.ix_(codes, range(units), coders)] = values
        whole.append(dense)
        where += of
    expected = count(np.concatenate(whole, axis=1), documents=where)
    found = pool(parts, CODES, CODERS, DOCUMENTS)
    for statistic in STATISTICS:
        for one, two in zip(statistic(found), statistic(expected), strict=True):
            assert one.reason == two.reason
            assert one.value == pytest.approx(two.value, abs=1e-12)
    limits = [jackknife(counts, krippendorff_alpha) for counts in (found, expected)]
    for ours, theirs in zip(*limits, strict=True):
        assert ours.low == pytest.approx(theirs.low, abs=1e-12)
        assert ours.high == pytest.approx(theirs.high, abs=1e-12)


def test_coders_of_one_round_are_missing_in_the_other() -> None:
    first = Part(count([[1, 1], [0, 1]], documents=["d1", "d1"]), ("a",), ("x", "y"), ("d1",))
    second = Part(count([[1, 0]], documents=["d2"]), ("b",), ("y", "z"), ("d2",))
    found = pool([first, second], ("a", "b"), CODERS, ("d1", "d2"))
    assert found.table.sum(axis=(1, 2)).tolist() == [2, 1]
    rated = {tuple(row) for row in found.patterns.tolist()}
    assert rated == {(1, 1, -1), (0, 1, -1), (-1, 1, 0)}
