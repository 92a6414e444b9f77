"""Counts of few people are taken out of what is printed, and cannot be worked out from the rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from qualcode.themes.suppression import Mark, Relation, suppress


def line(total: int, *groups: int, at_least: int = 3) -> list[Mark]:
    """What is printed of a total and of its groups."""
    counts = dict(enumerate([total, *groups]))
    parts = tuple(range(1, len(counts)))
    weights = {0: 4}
    relations = [Relation(0, parts, exact=total == sum(groups), groups=True)]
    relations += [Relation(part, (0,)) for part in parts]
    return list(suppress(counts, relations, at_least=at_least, weights=weights).values())


def test_without_totals_only_the_small_counts_go() -> None:
    marks = suppress({"trust": 1, "fear": 5, "hope": 0, "doubt": 2}, [])
    assert list(marks.values()) == ["few", "", "", "few"]


def test_a_total_that_gives_it_away_takes_the_smallest_neighbour_along() -> None:
    assert line(15, 1, 9, 5, 0) == ["", "few", "", "withheld", ""]  # 6 left: 1 and 5, or 2 and 4


def test_a_neighbour_that_could_only_be_itself_protects_nothing() -> None:
    assert line(9, 1, 3, 5) == ["", "few", "", "withheld"]  # 1 and 3 make 4: 2 would leave a "<3"


def test_a_total_stays_where_a_second_small_count_can_go() -> None:
    assert line(4, 2, 2) == ["", "few", "withheld"]  # "<3" and "<3" make 4: 2 and 2


def test_a_count_of_few_people_is_not_broken_down() -> None:
    assert line(2, 1, 1, 0) == ["few", "group", "group", "group"]
    assert line(2, 2, 0, 0) == ["few", "group", "group", "group"]  # looks the same


def test_one_person_is_hidden_where_only_one_would_be_few() -> None:
    assert line(9, 1, 5, 3, at_least=2) == ["", "withheld", "", "withheld"]  # "<2" would say 1


def test_groups_that_share_somebody_can_tell_each_other_too() -> None:
    # 6 in all, 4 and 2 in two groups of which somebody could be in both: then 2 is as much as 1.
    assert line(6, 4, 2) == ["", "withheld", "few"]
    assert line(5, 4, 2) == ["", "", "few"]  # 4 and 1 would do
    assert line(5, 3, 2, 1) == ["", "", "few", "few"]


def test_in_a_table_with_both_totals_a_rectangle_is_taken_out() -> None:
    cells = {(0, 0): 1, (0, 1): 9, (0, 2): 20, (1, 0): 8, (1, 1): 7, (1, 2): 20}
    rows = {("row", i): sum(v for (r, _), v in cells.items() if r == i) for i in (0, 1)}
    columns = {("column", j): sum(v for (_, c), v in cells.items() if c == j) for j in (0, 1, 2)}
    relations = [
        Relation(
            (name, n), tuple(cell for cell in cells if cell[name == "column"] == n), exact=True
        )
        for name, n in (*rows, *columns)
    ]
    marks = suppress(
        {**cells, **rows, **columns}, relations, weights=dict.fromkeys([*rows, *columns], 4)
    )
    assert [cell for cell, mark in marks.items() if mark] == [(0, 0), (0, 1), (1, 0), (1, 1)]


def test_zeros_and_large_counts_stay() -> None:
    assert line(9, 0, 4, 5) == ["", "", "", ""]


def test_a_group_that_is_left_out_cannot_be_told_by_the_others() -> None:
    counts = {"all": 9, "north": 4, "south": 4, "left out": 1}
    whole = Relation("all", ("north", "south", "left out"), exact=True, groups=True)
    marks = suppress(counts, [whole], everybody="all", unprinted={"left out"})
    assert list(marks.values()) == ["", "withheld", "", ""]


def readings(
    counts: Mapping[int, int], relations: Sequence[Relation[int]], marks: Mapping[int, Mark]
) -> Iterator[tuple[int, ...]]:
    """Every set of counts that fits what is printed, by trying all of them."""
    most = max(counts.values()) + 3
    ways = {"few": range(1, 3), "withheld": range(1, most), "group": range(most)}
    choices = [ways.get(marks[name], (value,)) for name, value in counts.items()]
    for found in product(*choices):
        sums = [(found[r.one], sum(found[part] for part in r.parts), r.exact) for r in relations]
        if all(one == parts if exact else one <= parts for one, parts, exact in sums):
            yield found


@st.composite
def told(draw: st.DrawFn) -> tuple[dict[int, int], list[Relation[int]]]:
    """Five counts, and relations between them that are true."""
    values = draw(st.lists(st.sampled_from([0, 1, 1, 2, 2, 3, 4, 5]), min_size=5, max_size=5))
    relations = []
    for one, parts in draw(
        st.lists(st.tuples(st.integers(0, 4), st.sets(st.integers(0, 4), min_size=1)), max_size=6)
    ):
        others = tuple(sorted(parts - {one}))
        total = sum(values[part] for part in others)
        if others and values[one] <= total:
            groups = draw(st.booleans())
            relations.append(Relation(one, others, exact=values[one] == total, groups=groups))
    return dict(enumerate(values)), relations


@settings(max_examples=80, deadline=None)
@given(told())
def test_no_count_that_is_taken_out_can_be_worked_out(
    drawn: tuple[dict[int, int], list[Relation[int]]],
) -> None:
    counts, relations = drawn
    marks = suppress(counts, relations)
    fitting = list(readings(counts, relations, marks))
    assert tuple(counts.values()) in fitting
    for name, value in counts.items():
        assert marks[name] or not 0 < value < 3
        if marks[name] and value:
            assert len({found[name] for found in fitting}) > 1
