"""Counts of few people are taken out of tables, and cannot be worked out from what is left."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from qualcode.themes.suppression import Margins, Suppressed, suppress


def full(rows: list[list[int]]) -> Margins:
    """The table with all its totals."""
    columns = [sum(column) for column in zip(*rows, strict=True)]
    return Margins(rows, [sum(row) for row in rows], columns, sum(columns))


def test_without_totals_only_the_small_counts_go() -> None:
    assert suppress(Margins([[1, 5, 0], [7, 2, 9]])).cells == (("few", "", ""), ("", "few", ""))


def test_a_total_that_gives_it_away_takes_the_smallest_neighbour_along() -> None:
    marks = suppress(Margins([[1, 9, 5, 0]], [15]))
    assert marks.cells == (("few", "", "withheld", ""),)  # 15 - 9 = 6: 1 and 5, or 2 and 4
    assert marks.row_totals == ("",)


def test_a_neighbour_that_could_only_be_itself_protects_nothing() -> None:
    marks = suppress(Margins([[1, 3, 5]], [9]))
    assert marks.cells == (("few", "", "withheld"),)  # 1 and 3 make 4: 2 would leave a "<3"


def test_in_a_table_with_both_totals_a_rectangle_is_taken_out() -> None:
    marks = suppress(full([[1, 9, 20], [8, 7, 20], [20, 20, 20]]))
    taken = [(i, j) for i, row in enumerate(marks.cells) for j, mark in enumerate(row) if mark]
    assert taken == [(0, 0), (0, 1), (1, 0), (1, 1)]
    assert not any(marks.row_totals + marks.column_totals)


def test_two_that_add_up_to_few_are_not_told_by_their_total() -> None:
    marks = suppress(Margins([[1, 1]], [2]))  # "<3" and "<3" are "<3" would say 1 and 1
    assert marks.row_totals == ("withheld",)


def test_zeros_and_large_counts_stay() -> None:
    table = full([[0, 4], [5, 0]])
    marks = suppress(table)
    assert not any(any(row) for row in marks.cells)


def readings(table: Margins, marks: Suppressed, most: int) -> Iterator[tuple[int, ...]]:
    """Every table that fits what is printed, by trying all: another way than ``suppress`` goes."""
    flat = [mark for row in marks.cells for mark in row]
    values = [value for row in table.cells for value in row]
    ways = {"few": (1, 2), "withheld": tuple(range(1, most))}
    choices = [ways.get(mark, (value,)) for mark, value in zip(flat, values, strict=True)]
    width = len(table.cells[0])

    def fits(total: int, mark: str, found: int) -> bool:
        return found == total if not mark else mark == "withheld" or found in (1, 2)

    for cells in product(*choices):
        rows = [sum(cells[i : i + width]) for i in range(0, len(cells), width)]
        columns = [sum(cells[j::width]) for j in range(width)]
        totals = [
            *zip(table.row_totals or (), marks.row_totals, rows, strict=False),
            *zip(table.column_totals or (), marks.column_totals, columns, strict=False),
        ]
        if table.grand_total is not None:
            totals.append((table.grand_total, marks.grand_total, sum(cells)))
        if all(fits(*one) for one in totals):
            yield cells


CELLS = st.sampled_from([0, 0, 1, 2, 3, 4, 6])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=2), st.sampled_from("rcb"))
def test_no_count_of_few_people_can_be_worked_out(rows: list[tuple[int, ...]], which: str) -> None:
    table = full([list(row) for row in rows])
    if which == "r":
        table = Margins(table.cells, table.row_totals)
    elif which == "c":
        table = Margins(table.cells, None, table.column_totals)
    marks = suppress(table)
    fitting = list(readings(table, marks, 9))
    values = [value for row in rows for value in row]
    for at, value in enumerate(values):
        if 0 < value < 3:
            assert len({cells[at] for cells in fitting}) > 1
