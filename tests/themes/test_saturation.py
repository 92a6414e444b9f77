"""Saturation: the worked example first, then what no order of documents may change."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qualcode.themes.saturation import band, saturation

quick = settings(max_examples=60, deadline=None)


def documents(*new: int) -> list[set[str]]:
    """Documents that bring so many codes each that none before them had."""
    found, there = [], 0
    for n in new:
        found.append({f"c{at}" for at in range(there, there + n)} | ({"c0"} if there else set()))
        there += n
    return found


WORKED = documents(12, 5, 4, 2, 2, 1, 1, 0, 0)


def test_the_worked_example_is_reached_at_6_plus_2() -> None:
    found = saturation(WORKED)
    assert found.new == (12, 5, 4, 2, 2, 1, 1, 0, 0)
    assert found.base_codes == 23
    assert found.ratios[:3] == pytest.approx((3 / 23, 2 / 23, 1 / 23))
    assert [f"{ratio:.3f}" for ratio in found.ratios] == ["0.130", "0.087", "0.043", "0.000"]
    assert (found.reached, str(found), found.reason) == (6, "6+2", "")
    assert found.codes == (12, 17, 21, 23, 25, 26, 27, 27, 27)


@pytest.mark.parametrize(
    ("base", "run", "threshold", "said"),
    # base 5: 25 codes; runs 1+1, 1+0, 0+0.  run of 3: 4/23, 2/23, 1/23.
    [(4, 2, 0.0, "7+2"), (5, 2, 0.05, "6+2"), (6, 2, 0.05, "6+2"), (4, 3, 0.05, "6+3")],
)
def test_base_run_and_threshold_can_be_chosen(
    base: int, run: int, threshold: float, said: str
) -> None:
    assert str(saturation(WORKED, base=base, run=run, threshold=threshold)) == said


def test_what_does_not_exist_has_a_reason() -> None:
    few = saturation(documents(3, 2, 1, 0, 0))
    assert (few.base_codes, few.ratios, few.reached) == (None, (), None)
    assert few.reason == "too_few_documents"
    assert few.codes == (3, 5, 6, 6, 6)
    assert saturation([set()] * 6).reason == "no_codes_in_base"
    going_on = saturation(documents(3, 3, 3, 3, 3, 3))
    assert (going_on.reached, going_on.reason, str(going_on)) == (None, "not_reached", "")


def test_the_band_of_documents_that_are_all_alike_has_no_width() -> None:
    found = band([{"a", "b"}] * 7, orders=50)
    assert found.low == found.high == (2,) * 7
    assert (found.reached_low, found.reached_high, found.share) == (4, 4, 1.0)


def test_the_band_leaves_out_a_twentieth_of_the_orders_on_either_side() -> None:
    # One document of ten has 9 codes: it comes first in a tenth of the orders.
    found = band([{"a"}] * 9 + [{f"c{n}" for n in range(9)}], orders=1000, seed=1)
    assert (found.low[0], found.high[0]) == (1, 9)
    # One of thirty has them: that is rarer than one order in twenty.
    found = band([{"a"}] * 29 + [{f"c{n}" for n in range(9)}], orders=1000, seed=1)
    assert (found.low[0], found.high[0]) == (1, 1)


def test_the_same_seed_draws_the_same_orders() -> None:
    assert band(WORKED, orders=40, seed=3) == band(WORKED, orders=40, seed=3)


codes = st.sets(st.sampled_from("abcdefgh"), max_size=5)


@quick
@given(st.lists(codes, min_size=1, max_size=10))
def test_every_order_ends_with_the_same_codes(found: list[set[str]]) -> None:
    total = len(set().union(*found))
    assert saturation(found).codes[-1] == total
    shown = band(found, orders=20)
    assert (shown.low[-1], shown.high[-1]) == (total, total)
    assert all(low <= high for low, high in zip(shown.low, shown.high, strict=True))


@quick
@given(st.lists(codes, min_size=6, max_size=12), st.sampled_from([0.0, 0.05, 0.2]))
def test_the_point_agrees_with_a_count_by_sets(found: list[set[str]], threshold: float) -> None:
    base = set().union(*found[:4])
    point = None
    for at in range(4, len(found) - 1):
        new = set().union(*found[at : at + 2]) - set().union(*found[:at])
        if base and point is None and len(new) / len(base) <= threshold:
            point = at
    assert saturation(found, threshold=threshold).reached == point


def test_documents_without_any_code_after_saturation_do_not_move_it() -> None:
    assert saturation([*WORKED, set(), set()]).reached == 6
