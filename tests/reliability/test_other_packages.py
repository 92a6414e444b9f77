"""The same figures by packages that share no code with ours, on random ratings."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest
from irrCAC.raw import CAC
from numpy.typing import NDArray
from sklearn.metrics import cohen_kappa_score

from qualcode.reliability import coefficients as c
from qualcode.reliability.crosscheck import Claim, cross_check, recomputed
from qualcode.reliability.patterns import count

SEEDS = range(8)


def random_ratings(seed: int, *, missing: bool = True, values: int = 3) -> NDArray[np.int64]:
    """Forty units, four coders who often follow the first, some ratings missing."""
    rng = np.random.default_rng(seed)
    first = rng.integers(0, values, 40)
    ratings: NDArray[np.int64] = np.stack([first] * 4, axis=1)
    stray = rng.random(ratings.shape) < 0.35
    ratings[stray] = rng.integers(0, values, int(stray.sum()))
    if missing:
        # The first coder rates all: irrCAC trips over a unit that nobody rated.
        absent = rng.random(ratings.shape) < 0.2
        absent[:, 0] = False
        ratings[absent] = -1
    return ratings


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval", "ratio"])
def test_alpha_meets_krippendorff(seed: int, level: Any) -> None:
    ratings = random_ratings(seed)
    ours = c.krippendorff_alpha(count(ratings, categories=(1, 2, 3)), level=level)[0]
    assert ours.value == pytest.approx(recomputed(ratings, (1, 2, 3), level), abs=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (c.gwet_ac1, "gwet"),
        (c.fleiss_kappa, "fleiss"),
        (c.conger_kappa, "conger"),
        (c.brennan_prediger, "bp"),
    ],
    ids=["ac1", "fleiss", "conger", "bp"],
)
def test_coefficients_meet_irrcac(seed: int, ours: Any, theirs: str) -> None:
    ratings = random_ratings(seed)
    frame = pd.DataFrame(np.where(ratings < 0, np.nan, ratings + 1))
    expected = getattr(CAC(frame, categories=[1, 2, 3], digits=12), theirs)()["est"]
    found = ours(count(ratings, categories=(1, 2, 3)))[0]
    assert found.value == pytest.approx(expected["coefficient_value"], abs=1e-9)
    assert found.observed == pytest.approx(expected["pa"], abs=1e-9)
    assert found.expected == pytest.approx(expected["pe"], abs=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("weights", [None, "linear", "quadratic"])
def test_cohens_kappa_meets_scikit_learn(seed: int, weights: str | None) -> None:
    ratings = random_ratings(seed, missing=False)[:, :2]
    expected = cohen_kappa_score(ratings[:, 0], ratings[:, 1], labels=[0, 1, 2], weights=weights)
    found = c.cohen_kappa(count(ratings, categories=(0, 1, 2)), weights=weights or "none")[0]  # type: ignore[arg-type]
    assert found.value == pytest.approx(expected, abs=1e-12)


def claim(rows: Sequence[Sequence[int]], alpha: float | None) -> Claim:
    return Claim("figure", np.array(rows), alpha)


def test_a_right_alpha_passes_the_cross_check() -> None:
    rows = [[1, 1], [0, 0], [1, 0], [0, 0]]
    alpha = c.krippendorff_alpha(count(rows))[0].value
    found = cross_check([claim(rows, alpha)])
    assert found.agrees
    assert (found.checked, found.not_checked) == (1, 0)
    assert found.max_abs_difference == pytest.approx(0.0, abs=1e-12)


def test_an_alpha_that_is_off_by_a_millionth_fails_the_cross_check() -> None:
    rows = [[1, 1], [0, 0], [1, 0], [0, 0]]
    alpha = c.krippendorff_alpha(count(rows))[0].require()
    found = cross_check([claim(rows, alpha + 1e-6)])
    assert not found.agrees
    assert found.max_abs_difference == pytest.approx(1e-6, rel=1e-3)


@pytest.mark.parametrize(
    "rows", [[[0, 0], [0, 0]], [[1, 1], [1, 1]], [[1, -1], [-1, 0]], [[-1, -1]]],
    ids=["never used", "always used", "no pairs", "nobody"],
)  # fmt: skip
def test_what_does_not_exist_here_exists_there_neither(rows: list[list[int]]) -> None:
    found = cross_check([claim(rows, c.krippendorff_alpha(count(rows))[0].value)])
    assert found.agrees
    assert found.max_abs_difference is None


def test_a_figure_that_exists_on_one_side_only_contradicts() -> None:
    assert cross_check([claim([[0, 0], [0, 0]], 1.0)]).contradicted == ("figure",)
    assert cross_check([claim([[1, 1], [0, 0]], None)]).contradicted == ("figure",)


def test_too_many_units_are_not_checked_and_said_so() -> None:
    found = cross_check([claim([[1, 1], [0, 0], [1, 0]], 0.5)], largest=2)
    assert (found.checked, found.not_checked, found.agrees) == (0, 1, True)


def test_no_figure_of_ours_is_a_silent_nan() -> None:
    found = c.krippendorff_alpha(count([[0, 0]]))[0]
    assert found.value is None
    assert math.isnan(float(found.values))


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval", "ratio"])
def test_alpha_of_many_values_meets_krippendorff(level: Any) -> None:
    # 60 values: more than a table of values × values is kept for.
    rng = np.random.default_rng(4)
    ratings = np.minimum(rng.integers(0, 57, (80, 1)) + rng.integers(0, 4, (80, 3)), 59)
    ratings[rng.random(ratings.shape) < 0.2] = -1
    values = tuple(range(5, 65))
    documents = [n % 4 for n in range(80)]
    counts = count(ratings, categories=values, documents=documents)
    expected = recomputed(ratings, values, level)
    assert c.krippendorff_alpha(counts, level=level)[0].value == pytest.approx(expected, abs=1e-12)
    # Without the second document, as the jackknife counts it.
    without = np.array([n != 1 for n in documents])
    fewer = c.krippendorff_alpha(counts.reweighted(np.array([[1.0, 0.0, 1.0, 1.0]])), level=level)
    expected = recomputed(ratings[without], values, level)
    assert fewer.values[0, 0] == pytest.approx(expected, abs=1e-12)


def test_measurements_take_memory_by_their_number_not_its_cube() -> None:
    import tracemalloc

    rng = np.random.default_rng(4)
    measured = rng.normal(50, 10, (400, 2))
    values = np.unique(measured)
    counts = count(np.searchsorted(values, measured), categories=tuple(values.tolist()))
    tracemalloc.start()
    assert c.krippendorff_alpha(counts, level="interval")[0].value is not None
    assert c.krippendorff_alpha(counts, level="ordinal")[0].value is not None
    assert c.cohen_kappa(counts)[0].value is not None
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 100e6  # 400 × 800 × 800 numbers would be 2 GB


def test_a_table_too_large_for_the_second_package_is_counted_as_not_checked() -> None:
    values = tuple(range(400))
    wide = Claim("figure", np.zeros((100, 2), dtype=np.int64), None, values)
    assert cross_check([wide, Claim("too many to lay out", None, 0.5)]).not_checked == 2
