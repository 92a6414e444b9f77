"""Coefficients: worked by hand, then properties, then a slow loop that shares no code."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from qualcode.errors import Undefined, UsageProblem
from qualcode.reliability import coefficients as c
from qualcode.reliability.estimates import Estimate
from qualcode.reliability.patterns import PatternCounts, count, count_codes

quick = settings(max_examples=50, deadline=None)
"""No deadline: a loaded machine is no bug."""

Ratings = NDArray[np.int64]
Statistic = Callable[[PatternCounts], Estimate]

EVERY: dict[str, Statistic] = {
    "percent": c.percent_agreement,
    "positive": c.positive_agreement,
    "negative": c.negative_agreement,
    "alpha": c.krippendorff_alpha,
    "cohen": c.cohen_kappa,
    "light": c.light_kappa,
    "conger": c.conger_kappa,
    "fleiss": c.fleiss_kappa,
    "scott": c.scott_pi,
    "ac1": c.gwet_ac1,
    "brennan": c.brennan_prediger,
    "holsti": c.holsti,
    "pooled": c.pooled_kappa,
}
every = pytest.mark.parametrize("statistic", [pytest.param(f, id=n) for n, f in EVERY.items()])


def table(both: int, first: int, second: int, neither: int) -> PatternCounts:
    """Two coders: units both gave the code to, only the first, only the second, neither."""
    rows = [[1, 1]] * both + [[1, 0]] * first + [[0, 1]] * second + [[0, 0]] * neither
    return count(rows)


# 20 both yes, 5 only a, 10 only b, 15 neither: po = 0.70
WORKED = table(20, 5, 10, 15)


def test_percent_agreement_of_a_worked_table() -> None:
    assert c.percent_agreement(WORKED)[0].value == pytest.approx(0.70)


def test_kappa_of_a_worked_table() -> None:
    # pe = (25 * 30 + 25 * 20) / 50² = 0.50, kappa = 0.20 / 0.50
    kappa = c.cohen_kappa(WORKED)[0]
    assert kappa.value == pytest.approx(0.40)
    assert (kappa.observed, kappa.expected) == pytest.approx((0.70, 0.50))


def test_alpha_of_a_worked_table() -> None:
    # n1 = 55, n0 = 45, n = 100, o01 = 15: alpha = 1 - 99 * 15 / (55 * 45)
    assert c.krippendorff_alpha(WORKED)[0].value == pytest.approx(1 - 99 * 15 / (55 * 45))


def test_ac1_of_a_worked_table() -> None:
    # pi = .55, pe = 2 * .55 * .45 = .495
    assert c.gwet_ac1(WORKED)[0].value == pytest.approx((0.70 - 0.495) / (1 - 0.495))


def test_positive_agreement_of_a_worked_table() -> None:
    assert c.positive_agreement(WORKED)[0].value == pytest.approx(40 / (40 + 5 + 10))


def test_alpha_of_three_coders_weighs_pairs_by_how_many_rated_the_unit() -> None:
    # (1,1,0): o11 = 2*1/2 = 1, o01 = 2*1/2 = 1; (0,0,0): o00 = 3; (1,1,missing): o11 = 2
    # n1 = 1+2+1 = 4, n0 = 3+1 = 4, n = 8, alpha = 1 - 7 * 1 / (4 * 4)
    counts = count([[1, 1, 0], [0, 0, 0], [1, 1, -1]])
    assert c.krippendorff_alpha(counts)[0].value == pytest.approx(1 - 7 / 16)


def test_more_blank_units_move_percent_and_ac1_but_not_positive_agreement() -> None:
    few, many = table(20, 9, 9, 12), table(20, 9, 9, 6412)
    assert c.percent_agreement(many)[0].require() > 0.99
    assert c.gwet_ac1(many)[0].require() > 0.99 > c.gwet_ac1(few)[0].require()
    positive = [c.positive_agreement(counts)[0].require() for counts in (few, many)]
    assert positive[0] == positive[1] == pytest.approx(40 / 58)


def test_codes_are_counted_apart_and_stacked_as_one_variable() -> None:
    ratings = np.array([[[1, 1], [0, 0], [1, 0]], [[0, 0], [0, 1], [0, 0]]])
    counts = count(ratings)
    together = count(ratings.reshape(6, 2))
    assert c.krippendorff_alpha(counts).shape == (2,)
    assert (
        c.krippendorff_alpha(counts.stacked())[0].value == c.krippendorff_alpha(together)[0].value
    )


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([[1], [0]], "single_coder"),
        ([[1, -1], [0, -1]], "single_coder"),
        ([[1, -1], [-1, 0]], "no_pairable_units"),
        ([[0, 0], [0, 0]], "code_never_used"),
        ([[1, 1], [1, 1]], "no_variation"),
        (np.zeros((0, 2), dtype=np.int64), "no_pairable_units"),
        (np.zeros((0, 0), dtype=np.int64), "no_pairable_units"),
    ],
    ids=["one coder", "one rated", "no pairs", "never used", "all present", "no unit", "nobody"],
)
@pytest.mark.parametrize("name", ["alpha", "cohen", "light", "conger", "fleiss", "scott"])
def test_a_chance_corrected_figure_that_does_not_exist_says_why(
    rows: object, reason: str, name: str
) -> None:
    found = EVERY[name](count(np.asarray(rows)))[0]
    assert found.value is None
    if name == "light" and reason in ("code_never_used", "no_variation"):
        assert found.reason == "pair_undefined"
    else:
        assert found.reason == reason
    with pytest.raises(Undefined):
        found.require()


@every
@pytest.mark.parametrize("coders", [0, 1, 2, 3])
def test_no_unit_gives_a_reason_and_no_warning(statistic: Statistic, coders: int) -> None:
    found = statistic(count(np.zeros((0, coders), dtype=np.int64)))[0]
    assert found.value is None
    assert found.reason


def test_percent_and_ac1_of_an_unused_code_are_one_and_flagged() -> None:
    unused = table(0, 0, 0, 5)
    for statistic in (c.percent_agreement, c.gwet_ac1, c.brennan_prediger):
        found = statistic(unused)[0]
        assert (found.value, found.reason, found.flags) == (1.0, None, ("no_variation",))


def test_positive_agreement_of_an_unused_code_does_not_exist() -> None:
    assert c.positive_agreement(table(0, 0, 0, 5))[0].reason == "code_never_used"


def test_one_coder_using_the_code_and_the_other_never_gives_kappa_zero() -> None:
    assert c.cohen_kappa(table(0, 3, 0, 7))[0].value == 0.0


def test_an_undefined_code_beside_others_leaves_them_alone() -> None:
    found = c.krippendorff_alpha(count([[[0, 0], [0, 0]], [[1, 1], [0, 0]]]))
    assert [one.value for one in found] == [None, 1.0]


def test_a_value_that_was_not_declared_is_refused() -> None:
    with pytest.raises(UsageProblem, match="declare every category"):
        count([[0, 2]])


cells = arrays(
    np.int64,
    st.tuples(st.integers(1, 12), st.integers(2, 4)),
    elements=st.integers(-1, 1),
)


def figure(statistic: Statistic, ratings: Ratings) -> float | str | None:
    """The figure, or the reason why there is none."""
    found = statistic(count(ratings))[0]
    return found.value if found.reason is None else found.reason


@every
@quick
@given(cells, st.randoms(use_true_random=False))
def test_the_order_of_units_changes_nothing(
    statistic: Statistic, ratings: Ratings, random: object
) -> None:
    order = list(range(len(ratings)))
    random.shuffle(order)  # type: ignore[attr-defined]
    assert figure(statistic, ratings[order]) == pytest.approx(figure(statistic, ratings))


@pytest.mark.parametrize(
    "name", [n for n in EVERY if n not in ("cohen", "scott", "holsti", "pooled")]
)
@quick
@given(ratings=cells, data=st.data())
def test_the_order_of_coders_changes_nothing(
    name: str, ratings: Ratings, data: st.DataObject
) -> None:
    order = data.draw(st.permutations(range(ratings.shape[1])))
    changed, same = figure(EVERY[name], ratings[:, order]), figure(EVERY[name], ratings)
    assert changed == pytest.approx(same, abs=1e-12)


@pytest.mark.parametrize("name", ["cohen", "scott", "holsti", "pooled"])
@quick
@given(ratings=cells)
def test_swapping_two_coders_changes_nothing(name: str, ratings: Ratings) -> None:
    assert figure(EVERY[name], ratings[:, 1::-1]) == pytest.approx(
        figure(EVERY[name], ratings[:, :2]), abs=1e-12
    )


@every
@quick
@given(column=arrays(np.int64, st.integers(2, 12), elements=st.integers(0, 1)))
def test_agreement_with_oneself_is_one_where_it_exists(
    statistic: Statistic, column: Ratings
) -> None:
    found = figure(statistic, np.stack([column, column, column], axis=1))
    assert found == pytest.approx(1.0) if not isinstance(found, str) else found


@quick
@given(cells)
def test_alpha_equals_a_slow_loop(ratings: Ratings) -> None:
    assert figure(c.krippendorff_alpha, ratings) == approx_or_none(slow_alpha(ratings))


@quick
@given(cells)
def test_cohens_kappa_equals_a_slow_loop(ratings: Ratings) -> None:
    assert figure(c.cohen_kappa, ratings) == approx_or_none(slow_cohen(ratings))


@quick
@given(cells)
def test_percent_agreement_equals_a_slow_loop(ratings: Ratings) -> None:
    shares = []
    for row in ratings.tolist():
        pairs = list(combinations([value for value in row if value >= 0], 2))
        if pairs:
            shares.append(sum(a == b for a, b in pairs) / len(pairs))
    expected = sum(shares) / len(shares) if shares else None
    assert figure(c.percent_agreement, ratings) == approx_or_none(expected)


@quick
@given(cells, st.integers(1, 3), st.data())
def test_counting_codes_from_spans_equals_counting_whole_arrays(
    first: Ratings, codes: int, data: st.DataObject
) -> None:
    seen = first >= 0
    units, coders = first.shape
    ratings = np.where(
        seen[None],
        data.draw(arrays(np.int64, (codes, units, coders), elements=st.integers(0, 1))),
        -1,
    )
    documents = data.draw(arrays(np.int64, units, elements=st.integers(0, 1)))
    code, unit, coder = np.nonzero(ratings == 1)
    sparse = count_codes(seen, documents, ("d", "e"), codes, (code, unit, coder))
    dense = count(ratings)
    for statistic in (c.krippendorff_alpha, c.gwet_ac1, c.conger_kappa, c.positive_agreement):
        one, two = statistic(sparse), statistic(dense)
        np.testing.assert_array_equal(one.reasons, two.reasons)
        np.testing.assert_allclose(one.values, two.values, atol=1e-12)


class approx_or_none:
    """Equal to the number, or to any reason where there is none."""

    def __init__(self, expected: float | None) -> None:
        self.expected = expected

    def __eq__(self, found: object) -> bool:
        if self.expected is None:
            return isinstance(found, str)
        return bool(found == pytest.approx(self.expected, abs=1e-10))

    def __repr__(self) -> str:
        return f"approx_or_none({self.expected})"


def slow_alpha(ratings: Ratings) -> float | None:
    """Every ordered pair of ratings of a unit, weighted; then every ordered pair of all."""
    values: list[int] = []
    observed = 0.0
    for row in ratings.tolist():
        given_here = [value for value in row if value >= 0]
        if len(given_here) < 2:
            continue
        values += given_here
        for i, a in enumerate(given_here):
            for j, b in enumerate(given_here):
                if i != j and a != b:
                    observed += 1 / (len(given_here) - 1)
    n = len(values)
    expected = sum(a != b for i, a in enumerate(values) for j, b in enumerate(values) if i != j)
    if n < 2 or expected == 0:
        return None
    return 1 - (observed / n) / (expected / (n * (n - 1)))


def slow_cohen(ratings: Ratings) -> float | None:
    both = [(a, b) for a, b in ratings[:, :2].tolist() if a >= 0 and b >= 0]
    if not both:
        return None
    po = sum(a == b for a, b in both) / len(both)
    pe = sum(
        sum(a == v for a, _ in both) * sum(b == v for _, b in both) / len(both) ** 2 for v in (0, 1)
    )
    return None if pe == 1 else (po - pe) / (1 - pe)
