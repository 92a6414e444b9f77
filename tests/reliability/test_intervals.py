"""Intervals: a jackknife by hand, bootstraps against a plain loop, and when there is none."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from qualcode.reliability import intervals, student_t
from qualcode.reliability.coefficients import (
    cohen_kappa,
    gwet_ac1,
    krippendorff_alpha,
    percent_agreement,
)
from qualcode.reliability.patterns import count

DOCUMENTS = list("aaaabbbbccccddddeeee")
RATINGS = np.array(
    [
        [1, 1], [0, 0], [0, 0], [1, 0],
        [1, 1], [1, 1], [0, 0], [0, 0],
        [0, 1], [0, 0], [1, 1], [0, 0],
        [1, 1], [0, 0], [0, 0], [0, 0],
        [0, 0], [1, 0], [1, 1], [0, 1],
    ]
)  # fmt: skip


def alpha_of(ratings: NDArray[np.int64]) -> float:
    return krippendorff_alpha(count(ratings))[0].require()


def test_the_jackknife_leaves_out_one_document_at_a_time() -> None:
    counts = count(RATINGS, documents=DOCUMENTS)
    found = intervals.jackknife(counts, krippendorff_alpha)[0]
    without = [alpha_of(RATINGS[np.array(DOCUMENTS) != d]) for d in "abcde"]
    mean = sum(without) / 5
    se = math.sqrt(4 / 5 * sum((theta - mean) ** 2 for theta in without))
    assert found.se == pytest.approx(se)
    assert found.low == pytest.approx(alpha_of(RATINGS) - 2.776445105 * se)
    assert found.high == pytest.approx(min(1.0, alpha_of(RATINGS) + 2.776445105 * se))
    assert found.documents == 5


def test_the_upper_limit_stops_at_one_and_the_lower_stops_nowhere() -> None:
    ratings = np.array([[1, 1], [0, 0]] * 4 + [[1, 0], [0, 1]])
    found = intervals.jackknife(count(ratings, documents=list("aabbccddee")), krippendorff_alpha)[0]
    assert found.high == 1.0
    assert found.low is not None
    assert found.low < 0


def test_documents_without_pairable_units_do_not_count_as_documents() -> None:
    ratings = np.vstack([RATINGS, [[1, -1], [0, -1]]])
    counts = count(ratings, documents=[*DOCUMENTS, "f", "f"])
    found = intervals.jackknife(counts, krippendorff_alpha)[0]
    assert found == intervals.jackknife(count(RATINGS, documents=DOCUMENTS), krippendorff_alpha)[0]


def test_a_code_in_one_document_has_no_jackknife_interval() -> None:
    ratings = np.zeros((10, 2), dtype=np.int64)
    ratings[:2] = [[1, 1], [1, 0]]
    found = intervals.jackknife(count(ratings, documents=list("aabbccddee")), krippendorff_alpha)[0]
    assert (found.low, found.high, found.reason) == (None, None, "code_in_one_document")


def test_one_document_has_no_document_interval() -> None:
    counts = count(RATINGS)
    assert intervals.jackknife(counts, krippendorff_alpha)[0].reason == "few_documents"
    drawn = intervals.bootstrap_documents(counts, krippendorff_alpha, resamples=50)[0]
    assert drawn.reason == "few_documents"


def test_a_figure_that_does_not_exist_has_no_interval_and_the_same_reason() -> None:
    unused = count(np.zeros((20, 2), dtype=np.int64), documents=DOCUMENTS)
    for method in ("jackknife", "bootstrap-documents", "bootstrap-units"):
        found = intervals.interval(unused, krippendorff_alpha, method=method, resamples=50)[0]
        assert (found.low, found.reason) == (None, "code_never_used")


def test_five_documents_get_the_jackknife_and_four_resampled_units_with_a_warning() -> None:
    five = intervals.interval(count(RATINGS, documents=DOCUMENTS), krippendorff_alpha)[0]
    four = intervals.interval(
        count(RATINGS[:16], documents=DOCUMENTS[:16]), krippendorff_alpha, resamples=200
    )[0]
    assert (five.method, five.warning) == ("jackknife", None)
    assert four.method == "bootstrap-units"
    assert four.warning


def test_the_same_seed_gives_the_same_limits_and_another_seed_others() -> None:
    counts = count(RATINGS, documents=DOCUMENTS)
    for draw in (intervals.bootstrap_units, intervals.bootstrap_documents):
        one, again = (draw(counts, krippendorff_alpha, resamples=300, seed=7) for _ in range(2))
        other = draw(counts, krippendorff_alpha, resamples=300, seed=8)
        assert one == again
        assert one[0].se != other[0].se


def test_a_codes_interval_does_not_depend_on_the_codes_beside_it() -> None:
    other = np.roll(RATINGS, 3, axis=0)
    alone = count(RATINGS, documents=DOCUMENTS)
    beside = count(np.stack([other, RATINGS]), documents=DOCUMENTS)
    for method in ("jackknife", "bootstrap-documents", "bootstrap-units"):
        one = intervals.interval(alone, krippendorff_alpha, method=method, resamples=200)[0]
        two = intervals.interval(beside, krippendorff_alpha, method=method, resamples=200)[1]
        assert one == two


def test_several_statistics_at_once_have_the_intervals_they_have_alone() -> None:
    counts = count(RATINGS, documents=["a"] * 10 + ["b"] * 10)
    statistics: list[intervals.Statistic] = [
        krippendorff_alpha,
        cohen_kappa,
        gwet_ac1,
        percent_agreement,
    ]
    together = intervals.intervals(counts, statistics, resamples=300, seed=3)
    alone = [intervals.interval(counts, one, resamples=300, seed=3) for one in statistics]
    assert together == alone


def test_resampled_units_spread_as_a_plain_loop_over_units_does() -> None:
    found = intervals.bootstrap_units(count(RATINGS), percent_agreement, resamples=4000)[0]
    rng = np.random.default_rng(0)
    agree = RATINGS[:, 0] == RATINGS[:, 1]
    drawn = agree[rng.integers(0, 20, (4000, 20))].mean(axis=1)
    assert found.se == pytest.approx(drawn.std(ddof=1), abs=0.005)
    assert found.low == pytest.approx(np.quantile(drawn, 0.025), abs=0.051)


def test_resampled_documents_spread_as_a_plain_loop_over_documents_does() -> None:
    counts = count(RATINGS, documents=DOCUMENTS)
    found = intervals.bootstrap_documents(counts, krippendorff_alpha, resamples=2000)[0]
    rng = np.random.default_rng(0)
    drawn = [
        alpha_of(RATINGS.reshape(5, 4, 2)[rng.integers(0, 5, 5)].reshape(20, 2))
        for _ in range(1000)
    ]
    assert found.se == pytest.approx(np.std(drawn, ddof=1), abs=0.015)


def test_a_code_that_vanishes_from_many_resamples_has_no_interval() -> None:
    # One of twenty units: drawn again in none of them with probability (19/20)^20 = .36
    ratings = np.zeros((20, 2), dtype=np.int64)
    ratings[0] = 1
    found = intervals.bootstrap_units(count(ratings), krippendorff_alpha, resamples=500)[0]
    assert (found.low, found.reason) == (None, "unstable_resamples")


def test_the_chance_of_lying_below_a_threshold_is_a_half_at_the_threshold() -> None:
    counts = count(RATINGS, documents=DOCUMENTS)
    found = intervals.jackknife(counts, krippendorff_alpha)[0]
    assert found.se is not None
    expected = student_t.cdf((0.667 - alpha_of(RATINGS)) / found.se, 4)
    assert found.p_below_667 == pytest.approx(expected)
    assert found.p_below_667 is not None
    assert found.p_below_800 is not None
    assert found.p_below_667 < found.p_below_800


@pytest.mark.parametrize(
    ("share", "df", "value"),
    [(0.975, 1, 12.706205), (0.975, 4, 2.776445), (0.975, 9, 2.262157), (0.95, 30, 1.697261)],
)
def test_students_t_has_the_printed_quantiles(share: float, df: int, value: float) -> None:
    assert student_t.quantile(share, df) == pytest.approx(value, abs=1e-6)
    assert student_t.quantile(1 - share, df) == pytest.approx(-value, abs=1e-6)
    assert student_t.cdf(value, df) == pytest.approx(share, abs=1e-7)


def test_students_t_refuses_what_it_cannot_answer() -> None:
    with pytest.raises(ValueError, match="share"):
        student_t.quantile(1.0, 5)
    with pytest.raises(ValueError, match="degrees"):
        student_t.cdf(1.0, 0)
