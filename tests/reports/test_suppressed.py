"""Theme tables without counts of one or two participants."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise, product

from hypothesis import given, settings
from hypothesis import strategies as st

from qualcode.model import Cell, Table
from qualcode.reports.suppressed import (
    few_in_crosstab,
    small_counts,
    suppressed,
    suppressed_crosstab,
)

TABLE = Table(
    "frequency",
    ["code", "group", "participants", "n_participants", "top_participant"],
    [
        ("trust", "*", 8, 20, "P1"),
        ("trust", "officer", 5, 12, "P1"),
        ("trust", "sergeant", 2, 2, "S1"),
        ("trust", "nurse", 1, 6, "N1"),
        ("fear", "*", 5, 20, "P1"),
        ("fear", "officer", 4, 12, "P1"),
        ("fear", "sergeant", 0, 2, None),
        ("fear", "nurse", 2, 6, "N1"),
    ],
)


def test_small_counts_go_and_what_would_give_them_away() -> None:
    rows = [row[1:4] for row in suppressed(TABLE, 3).rows]
    assert rows == [
        ("*", 8, 20),
        ("officer", 5, 12),
        ("sergeant", "<3", "<3"),  # 8 - 5 = 3: the sergeants are 1 and the nurses 2, or otherwise
        ("nurse", "<3", "withheld"),  # 20 - 12 = 8 would tell 2 and 6
        ("*", 5, 20),
        ("officer", 4, 12),  # they are 6 with the nurses: somebody is in two, and nothing adds up
        ("sergeant", 0, "<3"),
        ("nurse", "<3", "withheld"),
    ]


def test_who_stands_behind_a_small_count_goes_with_it_and_a_note_says_so() -> None:
    table = suppressed(TABLE, 3)
    assert [row["top_participant"] for row in table] == [
        "P1", "P1", None, None, "P1", "P1", None, None,
    ]  # fmt: skip
    assert table.notes[-1].startswith("Counts of 1 to 2 participants are printed as <3 (5); 2 more")
    assert table.provenance["suppressed_below"] == 3


def test_small_counts_are_counted() -> None:
    assert small_counts(TABLE, 3) == 4
    assert small_counts(suppressed(TABLE, 3), 3) == 0


def crossed(*lines: tuple[str, list[int]], percent: str = "none") -> Table:
    """A crosstab of participants: path → a count for each group, the base row's path ""."""
    columns = ["code", "path", "kind", "group", "group_2", "cell", "value", "base", "percent",
               "reason", "rolled_up"]  # fmt: skip
    base = [sum(lines[0][1]), *lines[0][1]]
    rows: list[tuple[Cell, ...]] = []
    for path, counts in lines:
        line = [sum(counts), *counts]
        for at, value in enumerate(line):
            of = None if not path else line[0] if percent == "row" else base[at]
            share = None if percent == "none" or not of else 100 * value / of
            group = "*" if not at else f"g{at}"
            kind = "theme" if path else "base"
            rows.append(
                (path or None, path or None, kind, group, None, "participants", value, of, share,
                 None, True)
            )  # fmt: skip
    return Table("crosstab", columns, rows, (), {"percent": percent})


def printed(table: Table, column: str = "value") -> list[list[Cell]]:
    values = table.column(column)
    width = len(dict.fromkeys(table.column("group")))
    return [list(values[at : at + width]) for at in range(0, len(values), width)]


def test_a_second_cell_of_a_crosstab_goes_where_the_total_would_tell() -> None:
    table = suppressed_crosstab(crossed(("", [9, 8, 9]), ("trust", [1, 4, 6])), 3)
    assert printed(table) == [[26, 9, 8, 9], [11, "<3", "withheld", 6]]
    assert table.notes == [
        "Counts of 1 to 2 participants are printed as <3 (1); 1 more are withheld, for totals "
        "would give them away."
    ]
    assert few_in_crosstab(table, 3) == 0


def test_a_second_cell_has_room_in_the_base_row() -> None:
    # All 4 of the second group trust: of 6 in both that would leave 2 for the first.
    table = suppressed_crosstab(crossed(("", [9, 4, 9]), ("trust", [2, 4, 6])), 3)
    assert printed(table)[1] == [12, "<3", 4, "withheld"]


def test_a_base_of_few_people_goes_wherever_it_stands() -> None:
    table = suppressed_crosstab(crossed(("", [2, 8, 9]), ("trust", [0, 4, 6]), percent="column"), 3)
    assert printed(table)[0] == [19, "<3", "withheld", 9]
    assert printed(table, "base")[1] == [19, "<3", "withheld", 9]
    assert printed(table, "percent")[1] == [1000 / 19, None, None, 600 / 9]
    assert printed(table, "reason")[1] == [None, "suppressed", "suppressed", None]


def test_a_percentage_of_a_withheld_total_is_withheld() -> None:
    table = suppressed_crosstab(crossed(("", [8, 9]), ("trust", [1, 1]), percent="row"), 3)
    assert printed(table)[1] == ["withheld", "<3", "<3"]
    assert printed(table, "base")[1] == ["withheld"] * 3
    assert printed(table, "percent")[1] == [None] * 3


def test_counts_of_anything_but_people_stay() -> None:
    table = crossed(("", [9, 8]), ("trust", [1, 4]))
    rows = [(*row[:5], "codings" if row[0] else row[5], *row[6:]) for row in table.rows]
    same = Table("crosstab", table.columns, rows, (), table.provenance)
    assert printed(suppressed_crosstab(same, 3)) == printed(same)


def readings(before: list[list[int]], table: Table) -> Iterator[list[tuple[int, ...]]]:
    """Every three lines that fit what is printed: all are tried, none is reasoned about."""
    ways = []
    for line, shown in zip(before, printed(table), strict=True):
        choices = [
            (1, 2) if mark == "<3" else range(1, 8) if mark == "withheld" else (value,)
            for value, mark in zip(line, shown[1:], strict=True)
        ]
        total = shown[0]
        ways.append(
            [
                cells
                for cells in product(*choices)
                if total == "withheld"
                or (sum(cells) in (1, 2) if total == "<3" else sum(cells) == total)
            ]
        )
    for lines in product(*ways):
        pairs = pairwise(lines)
        if all(a >= b for upper, lower in pairs for a, b in zip(upper, lower, strict=True)):
            yield list(lines)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(*[st.integers(0, 6)] * 3), min_size=2, max_size=3))
def test_neither_totals_nor_bases_nor_codes_below_tell_a_small_count(
    drawn: list[tuple[int, ...]],
) -> None:
    base, parent, child = zip(*[sorted(cell, reverse=True) for cell in drawn], strict=True)
    before = [list(base), list(parent), list(child)]
    table = suppressed_crosstab(
        crossed(("", before[0]), ("trust", before[1]), ("trust › hope", before[2])), 3
    )
    fitting = list(readings(before, table))
    assert fitting
    for at, line in enumerate(before):
        for group, value in enumerate(line):
            if 0 < value < 3:
                assert len({lines[at][group] for lines in fitting}) > 1
