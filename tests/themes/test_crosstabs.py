"""Cells of a crosstab and the comparison of two groups, against figures done by hand."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qualcode.model import CrosstabCell
from qualcode.reliability.student_t import quantile
from qualcode.themes.crosstabs import Share, bases, crosstab, rate_ratio, shares
from qualcode.themes.frequencies import Mark, ReadDocument, Stretch, frequencies

quick = settings(max_examples=60, deadline=None)

# north: P1 says "one two", P2 "three"; south: P3 says "four five six".
READ = ReadDocument(
    "d",
    "one two three four five six",
    (
        Stretch(0, 7, ("P1",), ("north",)),
        Stretch(8, 13, ("P2",), ("north",)),
        Stretch(14, 27, ("P3",), ("south",)),
    ),
    (Mark("trust", 0, 3), Mark("trust", 9, 12), Mark("trust", 14, 18), Mark("fear", 14, 27)),
)
CODES = {"trust": ["trust"], "fear": ["fear"]}
ROWS = frequencies([READ], CODES, ["north", "south"]).rows


def test_the_bases_are_documents_participants_and_words_of_each_group() -> None:
    found = [(one.cell, one.group, one.value) for one in bases(ROWS)]
    assert found == [
        ("documents", "*", 1), ("documents", "north", 1), ("documents", "south", 1),
        ("participants", "*", 3), ("participants", "north", 2), ("participants", "south", 1),
        ("words", "*", 6), ("words", "north", 3), ("words", "south", 3),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "values", "base"),
    [
        ("codings", [3, 2, 1], [None, None, None]),
        ("documents", [1, 1, 1], [1, 1, 1]),
        ("participants", [3, 2, 1], [3, 2, 1]),
        ("words", [2, 1, 1], [6, 3, 3]),
        ("per_1000_words", [500.0, pytest.approx(2000 / 3), pytest.approx(1000 / 3)], [6, 3, 3]),
    ],
)
def test_a_cell_has_a_value_and_what_it_is_of(
    cell: CrosstabCell, values: list[float], base: list[float | None]
) -> None:
    # "hree" of "three" is coded: the word's first letter is not, so it is no covered word.
    found = list(crosstab(ROWS, cell))[:3]
    assert [one.value for one in found] == values
    assert [one.base for one in found] == base
    assert {one.percent for one in found} == {None}


def test_percent_of_a_row_is_of_the_code_in_all_groups() -> None:
    found = list(crosstab(ROWS, "codings", "row"))[:3]
    assert [one.percent for one in found] == pytest.approx([100, 200 / 3, 100 / 3])


def test_percent_of_a_column_is_of_what_the_group_holds() -> None:
    assert [one.percent for one in crosstab(ROWS, "participants", "column")][:3] == [100] * 3
    codings = crosstab(ROWS, "codings", "column", {"*": 4, "north": 2, "south": 2})
    assert [one.percent for one in codings] == [75, 100, 50, 25, 0, 50]


def test_a_percentage_of_nothing_and_a_rate_of_no_words_do_not_exist() -> None:
    empty = frequencies([], {"hope": ["hope"]}, ["east"]).rows
    assert [one.reason for one in crosstab(empty, "participants", "column")] == ["empty_base"] * 2
    assert [(o.value, o.reason) for o in crosstab(empty, "per_1000_words")] == [
        (None, "no_words")
    ] * 2


DOCUMENTS = [
    Share(4, 1000, 1, 500), Share(2, 800, 2, 700), Share(6, 1200, 1, 900), Share(3, 500, 3, 1000),
    Share(5, 900, 2, 600),
]  # fmt: skip


def test_a_rate_ratio_and_its_jackknife_interval_by_hand() -> None:
    # Rates 20/4400 and 9/3700. Leaving out one document at a time: 16/3400 and 8/3200, ...
    logs = [
        math.log(16 / 3400 / (8 / 3200)), math.log(18 / 3600 / (7 / 3000)),
        math.log(14 / 3200 / (8 / 2800)), math.log(17 / 3900 / (6 / 2700)),
        math.log(15 / 3500 / (7 / 3100)),
    ]  # fmt: skip
    mean = sum(logs) / 5
    se = math.sqrt(4 / 5 * sum((log - mean) ** 2 for log in logs))
    found = rate_ratio(DOCUMENTS, quantile)
    assert found.value == pytest.approx(20 / 4400 / (9 / 3700))
    assert found.low is not None and found.high is not None  # noqa: PT018
    assert math.log(found.low) == pytest.approx(
        math.log(found.value or 0) - 2.776445 * se, abs=1e-6
    )
    assert math.log(found.high) == pytest.approx(
        math.log(found.value or 0) + 2.776445 * se, abs=1e-6
    )
    assert (found.documents, found.reason) == (5, None)


def test_below_five_documents_or_two_on_a_side_there_is_no_interval() -> None:
    few = rate_ratio(DOCUMENTS[:4], quantile)
    assert (few.low, few.high, few.reason) == (None, None, "few_documents")
    assert few.value == pytest.approx(15 / 3500 / (7 / 3100))
    one_side = [Share(1, 100, 0, 0)] * 6 + [Share(0, 0, 3, 100)]
    assert rate_ratio(one_side, quantile).reason == "few_documents"
    assert rate_ratio([Share(1, 100, 0, 0)] * 6, quantile).value is None
    assert rate_ratio([], quantile).reason == "few_documents"


def test_a_code_that_one_group_never_raises_has_no_ratio() -> None:
    found = rate_ratio([Share(1, 100, 0, 100)] * 6, quantile)
    assert (found.value, found.low, found.reason) == (None, None, "zero_cell")


def test_a_ratio_that_hangs_on_one_document_has_no_interval() -> None:
    found = rate_ratio([Share(2, 100, 0, 100)] * 5 + [Share(2, 100, 4, 100)], quantile)
    assert (found.low, found.reason) == (None, "zero_cell")
    assert found.value == pytest.approx(3.0)


def test_documents_without_words_of_either_group_do_not_count() -> None:
    found = rate_ratio([*DOCUMENTS, Share(0, 0, 0, 0)], quantile)
    assert found == rate_ratio(DOCUMENTS, quantile)


def test_shares_are_what_each_document_adds() -> None:
    each = [frequencies([READ], CODES, ["north", "south"])]
    assert shares(each, "north", "south") == {
        "trust": [Share(2, 3, 1, 3)],
        "fear": [Share(0, 3, 1, 3)],
    }


side = st.tuples(st.integers(1, 9), st.integers(50, 900))


@quick
@given(st.lists(st.tuples(side, side), min_size=5, max_size=9))
def test_swapping_the_groups_turns_the_ratio_and_its_limits_over(
    drawn: list[tuple[tuple[int, int], tuple[int, int]]],
) -> None:
    one = rate_ratio([Share(*a, *b) for a, b in drawn], quantile)
    other = rate_ratio([Share(*b, *a) for a, b in drawn], quantile)
    assert one.value is not None and one.low is not None and one.high is not None  # noqa: PT018
    assert other.value == pytest.approx(1 / one.value)
    assert other.low == pytest.approx(1 / one.high)
    assert other.high == pytest.approx(1 / one.low)
    assert one.low <= one.value <= one.high
