"""Change between rounds, and a coder who marks more or less than the others."""

from __future__ import annotations

import pytest

from qualcode.reliability.coefficients import krippendorff_alpha
from qualcode.reliability.drift import change, coder_shift
from qualcode.reliability.intervals import jackknife
from qualcode.reliability.patterns import PatternCounts, count

GOOD = [[1, 1], [1, 1], [0, 0], [0, 0], [0, 0], [1, 0]]
POOR = [[1, 0], [0, 1], [0, 0], [1, 1], [0, 1], [1, 0]]


def counts_of(*documents: list[list[int]]) -> PatternCounts:
    names = [n for n, rows in enumerate(documents) for _ in rows]
    return count([row for rows in documents for row in rows], documents=names)


def test_a_fall_in_agreement_has_welchs_interval() -> None:
    early, late = counts_of(GOOD, GOOD, GOOD[::2]), counts_of(POOR, POOR[1:], POOR[:4])
    a, b = ((krippendorff_alpha(c)[0], jackknife(c, krippendorff_alpha)[0]) for c in (early, late))
    found = change(a, b)
    assert a[1].se is not None
    assert b[1].se is not None
    assert found.value == pytest.approx((b[0].value or 0) - (a[0].value or 0))
    assert found.se == pytest.approx((a[1].se ** 2 + b[1].se ** 2) ** 0.5)
    assert found.df is not None
    assert 2 <= found.df <= 4
    assert found.low is not None
    assert found.high is not None
    assert found.drift == (found.high < 0 or found.low > 0)


def test_a_figure_that_does_not_exist_has_no_change_but_a_reason() -> None:
    alike = counts_of([[0, 0]] * 3, [[0, 0]] * 3)
    a = krippendorff_alpha(alike)[0], jackknife(alike, krippendorff_alpha)[0]
    found = change(a, a)
    assert (found.value, found.reason, found.drift) == (None, "code_never_used", None)


def test_a_coder_who_marks_more_is_above_the_others_by_that_much() -> None:
    # of four units the first coder marks three, the others one and one
    found = coder_shift(count([[1, 1, 0], [1, 0, 1], [1, 0, 0], [0, 0, 0]]), 0)[0]
    assert found.observed == 0.75
    assert found.expected == 0.25
    assert found.value == 0.5


def test_only_units_that_another_rated_too_are_compared() -> None:
    found = coder_shift(count([[1, -1], [1, 0], [-1, 1]]), 0)[0]
    assert found.value == 1
    assert coder_shift(count([[1, -1], [-1, 1]]), 0)[0].reason == "no_pairable_units"
