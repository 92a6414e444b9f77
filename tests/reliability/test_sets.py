"""Distances between sets of codes, and alpha made of them."""

from __future__ import annotations

import pytest

from qualcode.errors import UsageProblem
from qualcode.reliability.coefficients import krippendorff_alpha
from qualcode.reliability.patterns import count
from qualcode.reliability.sets import SetDistance, between, count_sets, krippendorff_alpha_set

A, B, AB, BC, NONE = (frozenset(letters) for letters in ("a", "b", "ab", "bc", ""))


@pytest.mark.parametrize(
    ("distance", "subset", "overlap", "disjoint", "nothing"),
    [
        ("nominal", 1, 1, 1, 1),
        ("jaccard", 1 / 2, 2 / 3, 1, 1),
        ("masi", 1 - 1 / 2 * 2 / 3, 1 - 1 / 3 * 1 / 3, 1, 1),
        ("passonneau2004", 1 / 3, 2 / 3, 1, 1 / 3),
    ],
)
def test_distances_are_as_their_authors_define_them(
    distance: SetDistance, subset: float, overlap: float, disjoint: float, nothing: float
) -> None:
    assert between(A, A, distance) == 0
    assert between(NONE, NONE, distance) == 0
    assert between(A, AB, distance) == pytest.approx(subset)
    assert between(AB, BC, distance) == pytest.approx(overlap)
    assert between(A, B, distance) == disjoint
    assert between(A, NONE, distance) == pytest.approx(nothing)
    assert between(NONE, A, distance) == pytest.approx(nothing)


def test_sets_of_one_code_each_give_the_nominal_alpha() -> None:
    rows = [(0, 0), (1, 1), (0, 1), (2, 2), (2, 1), (0, -1)]
    sets = [[None if v < 0 else {"abc"[v]} for v in row] for row in rows]
    alone = krippendorff_alpha(count(rows, categories=("a", "b", "c")))[0].value
    exact: list[SetDistance] = ["nominal", "jaccard", "masi"]
    for distance in exact:
        found = krippendorff_alpha_set(count_sets(sets), distance=distance)[0].value
        assert found == pytest.approx(alone)


def test_an_empty_set_is_a_judgement_and_a_missing_one_is_none() -> None:
    looked = count_sets([[{"a"}, {"a"}], [set(), set()]])
    missing = count_sets([[{"a"}, {"a"}], [None, None]])
    assert krippendorff_alpha_set(looked)[0].value == 1
    assert krippendorff_alpha_set(missing)[0].reason == "no_variation"


def test_ratings_that_are_no_sets_have_no_such_distance() -> None:
    with pytest.raises(UsageProblem, match="sets of codes"):
        krippendorff_alpha_set(count([[0, 1]]))
    with pytest.raises(UsageProblem, match="nearly"):
        krippendorff_alpha_set(count_sets([[{"a"}, {"b"}]]), distance="nearly")  # type: ignore[arg-type]
