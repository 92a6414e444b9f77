"""How alike passages are: worked by hand, then what must always hold, then scikit-learn's numbers."""

from __future__ import annotations

from math import log, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qualcode.text.similar import Rarity, cosine, nearest, vector

WALK, VAN, BED = ["officer", "walked"], ["van", "late", "walked"], ["bed"]
UNITS = [WALK, VAN, BED]

bags = st.lists(st.sampled_from("abcdefg"), max_size=8)
studies = st.lists(bags, min_size=1, max_size=6)


def test_a_rare_term_counts_for_more_than_one_in_two_of_three_units() -> None:
    rarity = Rarity.among(UNITS)
    assert rarity.idf("walked") == log(4 / 3) + 1  # in 2 of 3 units
    assert rarity.idf("bed") == log(4 / 2) + 1  # in 1 of 3
    assert rarity.idf("never said") == log(4 / 1) + 1


def test_likeness_of_two_sentences_worked_by_hand() -> None:
    # idf: walked 1.287682, others 1.693147
    # officer walked: length √(1.693147² + 1.287682²) = 2.127175
    # van late walked: length √(2 · 1.693147² + 1.287682²) = 2.718723
    # cosine: 1.287682² / (2.127175 · 2.718723) = 0.286710
    rarity = Rarity.among(UNITS)
    assert cosine(vector(WALK, rarity), vector(VAN, rarity)) == pytest.approx(0.286710, abs=1e-6)
    assert cosine(vector(WALK, rarity), vector(BED, rarity)) == 0


def test_a_term_said_again_counts_for_less_each_time() -> None:
    rarity = Rarity.among(UNITS)
    twice = vector(["bed", "bed", "van"], rarity)
    assert twice["bed"] / twice["van"] == pytest.approx(1 + log(2))


def test_nearest_gives_the_most_alike_first_and_nothing_below_the_threshold() -> None:
    rarity = Rarity.among(UNITS)
    (found,) = nearest([WALK], [BED, VAN, WALK], rarity, at_least=0.2)
    assert [one.at for one in found] == [2, 1]
    assert [one.score for one in found] == pytest.approx([1, 0.286710], abs=1e-6)
    (few,) = nearest([WALK], [BED, VAN, WALK], rarity, at_least=0.3)
    assert [one.at for one in few] == [2]


def test_equals_stand_in_the_order_of_the_passages() -> None:
    ((first, second),) = nearest([BED], [BED, BED], Rarity.among(UNITS), at_least=0.5)
    assert (first.at, second.at) == (0, 1)


def test_what_holds_no_term_is_like_nothing() -> None:
    rarity = Rarity.among(UNITS)
    assert vector([], rarity) == {}
    assert nearest([[]], UNITS, rarity, at_least=0) == [[]]
    assert nearest([WALK], [[], BED], rarity, at_least=0) == [[]]
    assert nearest([], UNITS, rarity, at_least=0) == []
    assert nearest([WALK], [], rarity, at_least=0) == [[]]


@given(studies)
def test_nothing_is_more_like_a_stretch_than_itself(units: list[list[str]]) -> None:
    rarity = Rarity.among(units)
    for terms, found in zip(units, nearest(units, units, rarity, at_least=0), strict=True):
        if terms:
            assert found[0].score == pytest.approx(1)
            assert all(0 < one.score <= 1 for one in found)
            assert any(units[one.at] is terms and one.score == found[0].score for one in found)


@given(studies, bags, bags)
def test_likeness_goes_both_ways(units: list[list[str]], a: list[str], b: list[str]) -> None:
    rarity = Rarity.among(units)
    there, back = (cosine(vector(x, rarity), vector(y, rarity)) for x, y in ((a, b), (b, a)))
    assert there == pytest.approx(back, abs=1e-12)


@given(studies, bags, st.randoms(use_true_random=False))
def test_the_order_of_documents_and_of_words_changes_nothing(
    units: list[list[str]], asked: list[str], random: object
) -> None:
    order = list(range(len(units)))
    random.shuffle(order)  # type: ignore[attr-defined]
    shuffled = [units[at][::-1] for at in order]
    (found,) = nearest([asked], units, Rarity.among(units), at_least=0)
    (again,) = nearest([asked[::-1]], shuffled, Rarity.among(shuffled), at_least=0)
    assert {one.at: one.score for one in found} == {order[o.at]: o.score for o in again}


@given(bags.filter(bool), st.floats(0.01, 100))
def test_the_length_of_a_vector_plays_no_part(terms: list[str], factor: float) -> None:
    rarity = Rarity.among([terms, ["a"]])
    one = vector(terms, rarity)
    longer = {term: weight * factor for term, weight in one.items()}
    length = sqrt(sum(weight**2 for weight in longer.values()))
    scaled = {term: weight / length for term, weight in longer.items()}
    assert cosine(one, scaled) == pytest.approx(1)


@settings(deadline=None, max_examples=50)
@given(studies, studies)
def test_scikit_learn_gives_the_same_scores(
    asked: list[list[str]], passages: list[list[str]]
) -> None:
    from sklearn.feature_extraction.text import TfidfVectorizer

    units = [*asked, *passages, ["a"]]
    peer = TfidfVectorizer(analyzer=list, sublinear_tf=True, smooth_idf=True, norm="l2").fit(units)
    theirs = (peer.transform(asked) @ peer.transform(passages).T).toarray()
    ours = np.zeros_like(theirs)
    for row, found in enumerate(nearest(asked, passages, Rarity.among(units), at_least=0)):
        for one in found:
            ours[row, one.at] = one.score
    np.testing.assert_allclose(ours, theirs, atol=1e-12)
