"""Ratings from elsewhere: two layouts, and every problem with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from qualcode.errors import InputProblems, UnknownName
from qualcode.importers.ratings import RatingsFile, read_ratings

LONG = """unit,document,code,coder,value
1,A,handoff,ana,yes
1,A,handoff,ben,no
2,A,handoff,ana,yes
2,A,handoff,ben,yes
1,B,handoff,ana,
1,B,handoff,ben,no
"""
WIDE = """unit;ana;ben;cy
1;2;2;
2;1;3;1
3;;;3
"""


def read(tmp_path: Path, text: str, **how: object) -> RatingsFile:
    path = tmp_path / "ratings.csv"
    path.write_text(text, encoding="utf-8")
    return read_ratings(path, **how)  # type: ignore[arg-type]


def problems(tmp_path: Path, text: str, **how: object) -> list[tuple[int, str]]:
    with pytest.raises(InputProblems) as caught:
        read(tmp_path, text, **how)
    return [(problem.line, problem.message) for problem in caught.value.problems]


def test_a_long_table_has_a_row_for_each_rating(tmp_path: Path) -> None:
    found = read(tmp_path, LONG)
    assert (found.codes, found.coders, found.layout) == (("handoff",), ("ana", "ben"), "long")
    assert (found.units, found.documents) == (("1", "2", "1"), ("A", "A", "B"))
    assert found.categories == ("no", "yes")
    assert found.values.tolist() == [[[1, 0], [1, 1], [-1, 0]]]


def test_a_wide_table_has_a_column_for_each_coder(tmp_path: Path) -> None:
    found = read(tmp_path, WIDE)
    assert (found.codes, found.coders, found.layout) == (("",), ("ana", "ben", "cy"), "wide")
    assert found.categories == ("1", "2", "3")
    assert found.values.tolist() == [[[1, 1, -1], [0, 2, 0], [-1, -1, 2]]]
    assert "names no documents" in found.warnings[0]


def test_numbers_are_categories_by_size_at_a_numeric_level(tmp_path: Path) -> None:
    found = read(tmp_path, "unit,ana,ben\n1,10,9.5\n2,9.50,2\n", level="interval")
    assert found.categories == (2.0, 9.5, 10.0)
    assert found.values.tolist() == [[[2, 1], [1, 0]]]


def test_declared_categories_keep_their_order_used_or_not(tmp_path: Path) -> None:
    found = read(tmp_path, WIDE, categories=["3", "2", "1", "0"])
    assert found.categories == ("3", "2", "1", "0")
    assert problems(tmp_path, WIDE, categories=["1", "2"]) == [
        (3, '"3" is not among the declared categories: 1, 2.'),
        (4, '"3" is not among the declared categories: 1, 2.'),
    ]


def test_na_is_a_value_unless_it_is_said_to_be_missing(tmp_path: Path) -> None:
    text = "unit,ana,ben\n1,NA,yes\n2,yes,yes\n"
    assert read(tmp_path, text).categories == ("NA", "yes")
    assert read(tmp_path, text, missing=["NA"]).values.tolist() == [[[-1, 0], [0, 0]]]


def test_ratings_that_contradict_are_named_and_alike_ones_count_once(tmp_path: Path) -> None:
    assert problems(tmp_path, LONG + "1,A,handoff,ana,no\n") == [
        (8, 'ana rated unit 1 "no" here and "yes" on line 2.')
    ]
    assert (
        "1 rating stood there twice" in read(tmp_path, LONG + "1,A,handoff,ana,yes\n").warnings[0]
    )


def test_text_at_a_numeric_level_is_a_problem_with_its_line(tmp_path: Path) -> None:
    assert problems(tmp_path, "unit,ana,ben\n1,high,2\n2,nan,3\n", level="interval") == [
        (2, '"high" is no number, as the interval level needs.'),
        (3, '"nan" is no number, as the interval level needs.'),
    ]


def test_one_coder_or_an_unknown_header_is_refused(tmp_path: Path) -> None:
    assert problems(tmp_path, "unit,ana\n1,2\n") == [
        (1, "Two coders or more are compared; the file has only ana.")
    ]
    ((line, message),) = problems(tmp_path, "question,ana,ben\n1,2,2\n")
    assert line == 1
    assert message.startswith('The columns are "question", "ana", "ben". A wide table')
    ((_, message),) = problems(tmp_path, WIDE, layout="long")
    assert "unit, coder and value" in message
    with pytest.raises(UnknownName):
        read(tmp_path, WIDE, layout="round")


def test_all_problems_come_at_once(tmp_path: Path) -> None:
    text = "unit,coder,value\n1,ana,yes\n1,ana,no\n,ben,yes\n2,,no\n"
    assert [line for line, _ in problems(tmp_path, text)] == [3, 4, 5]


def test_a_file_without_ratings_says_so(tmp_path: Path) -> None:
    assert problems(tmp_path, "unit,ana,ben\n") == [(0, "There are no ratings.")]


def test_cells_that_are_all_empty_are_no_ratings(tmp_path: Path) -> None:
    assert problems(tmp_path, "unit,ana,ben\n1,,\n2,NA,\n", missing=["NA"]) == [
        (0, "There are no ratings: every cell is empty or missing.")
    ]


def test_words_at_the_ordinal_level_need_their_order(tmp_path: Path) -> None:
    text = "unit,ana,ben\n1,low,high\n2,medium,low\n"
    ((line, message),) = problems(tmp_path, text, level="ordinal")
    assert line == 1
    assert "needs the order of the values (--categories): high, low, medium" in message
    found = read(tmp_path, text, level="ordinal", categories=["low", "medium", "high"])
    assert found.values.tolist() == [[[0, 2], [1, 0]]]


@pytest.mark.parametrize(
    ("value", "level", "why"),
    [
        ("1e200", "interval", "too large or too small to be squared"),
        ("1e-200", "interval", "too large or too small to be squared"),
        ("1_000", "interval", "no number, as the interval level needs"),
        ("-2", "ratio", "below 0, where the ratio level has nothing"),
    ],
)
def test_numbers_nobody_can_measure_with_are_problems(
    tmp_path: Path, value: str, level: str, why: str
) -> None:
    text = f"unit,ana,ben\n1,1,2\n2,{value},3\n"
    assert problems(tmp_path, text, level=level) == [(3, f'"{value}" is {why}.')]


def test_half_a_long_table_is_no_wide_one(tmp_path: Path) -> None:
    ((_, message),) = problems(tmp_path, "unit,coder,rating\n1,ana,yes\n1,ben,no\n")
    assert "A long table of ratings has unit, coder and value" in message


def test_a_wide_table_may_name_codes(tmp_path: Path) -> None:
    found = read(tmp_path, "unit,code,ana,ben\n1,trust,1,0\n1,fear,0,0\n2,trust,1,1\n")
    assert (found.codes, found.coders, found.units) == (
        ("trust", "fear"),
        ("ana", "ben"),
        ("1", "2"),
    )
    assert found.values.tolist() == [[[1, 0], [1, 1]], [[0, 0], [-1, -1]]]
