"""Intervals by formula: what they rest on, and what has none. Figures are in the golden cases."""

from __future__ import annotations

import math

import pytest

from qualcode.errors import UsageProblem
from qualcode.reliability import coefficients
from qualcode.reliability.analytic import (
    fleiss_cohen_everitt,
    gwet,
    standard_error_of_no_agreement,
)
from qualcode.reliability.intervals import hayes_krippendorff
from qualcode.reliability.patterns import count

# 20 both yes, 5 only a, 10 only b, 15 neither: kappa .40
TABLE = count([[1, 1]] * 20 + [[1, 0]] * 5 + [[0, 1]] * 10 + [[0, 0]] * 15)
ALIKE = count([[0, 0]] * 5)


def test_the_standard_error_of_a_worked_table() -> None:
    # po .70, pe .50; p(1-p) form of Fleiss, Cohen & Everitt by hand
    p = {(1, 1): 0.4, (1, 0): 0.1, (0, 1): 0.2, (0, 0): 0.3}
    rows, columns = {1: 0.5, 0: 0.5}, {1: 0.6, 0: 0.4}
    kappa, pe = 0.4, 0.5
    total = sum(
        share * ((i == j) - (columns[i] + rows[j]) * (1 - kappa)) ** 2
        for (i, j), share in p.items()
    )
    se = math.sqrt((total - (kappa - pe * (1 - kappa)) ** 2) / 50) / (1 - pe)
    found = fleiss_cohen_everitt(TABLE)[0]
    assert found.se == pytest.approx(se)
    assert found.low == pytest.approx(0.4 - 1.959964 * se, abs=1e-6)


def test_coders_who_agree_by_chance_have_a_standard_error_too() -> None:
    assert standard_error_of_no_agreement(TABLE)[0] == pytest.approx(0.1386, abs=5e-4)
    assert standard_error_of_no_agreement(ALIKE)[0] is None


def test_an_interval_is_undefined_where_its_figure_is() -> None:
    assert fleiss_cohen_everitt(ALIKE)[0].reason == "code_never_used"
    assert gwet(ALIKE, "krippendorff_alpha")[0].reason == "code_never_used"
    assert gwet(count([[1, 0]]), "gwet_ac1")[0].reason == "few_units"
    assert hayes_krippendorff(ALIKE)[0].reason == "code_never_used"


def test_perfect_agreement_has_no_spread() -> None:
    found = gwet(count([[1, 1]] * 4 + [[0, 0]] * 6), "krippendorff_alpha")[0]
    assert (found.low, found.high) == (1, 1)


def test_the_same_seed_gives_the_same_limits_around_alpha() -> None:
    one, again = hayes_krippendorff(TABLE, seed=7)[0], hayes_krippendorff(TABLE, seed=7)[0]
    assert one == again
    alpha = coefficients.krippendorff_alpha(TABLE)[0].require()
    assert one.low is not None
    assert one.high is not None
    assert one.low < alpha < one.high


def test_alpha_takes_no_weights_here() -> None:
    with pytest.raises(UsageProblem, match="nominal"):
        gwet(TABLE, "krippendorff_alpha", weights="linear")


def test_a_coder_who_rated_nothing_changes_no_interval() -> None:
    two = [[1, 1]] * 20 + [[1, 0]] * 5 + [[0, 1]] * 10 + [[0, 0]] * 15
    silent = count([[a, -1, b] for a, b in two])
    for name in ("conger_kappa", "fleiss_kappa", "gwet_ac1", "krippendorff_alpha"):
        found, expected = gwet(silent, name)[0], gwet(TABLE, name)[0]
        assert found.se == pytest.approx(expected.se)


def test_the_formula_of_kappa_knows_any_confidence() -> None:
    wide, narrow = fleiss_cohen_everitt(TABLE, level=0.99)[0], fleiss_cohen_everitt(TABLE)[0]
    assert (wide.level, wide.se) == (0.99, narrow.se)
    assert wide.low == pytest.approx(0.4 - 2.575829 * (wide.se or 0), abs=1e-6)
