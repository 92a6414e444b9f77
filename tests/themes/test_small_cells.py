"""Combinations of attributes that few people share."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qualcode.themes.small_cells import small_cells

PEOPLE = [
    *((f"O{n}", {"role": "officer", "site": "North"}) for n in range(3)),
    ("S1", {"role": "sergeant", "site": "North"}),
    ("S2", {"role": "sergeant", "site": "South"}),
    ("X1", {"role": "", "site": ""}),
]


def test_the_part_that_few_share_is_left_out() -> None:
    first, second = small_cells(PEOPLE, ["role", "site"], 3)
    assert dict(first.values) == {"role": "sergeant", "site": "North"}
    assert first.people == ("S1",)
    assert first.dropped == {"role"}  # four people are at North
    assert second.dropped == {"role", "site"}  # one is at South, two are sergeants


def test_what_enough_people_share_stays_and_the_limit_can_be_set() -> None:
    assert small_cells(PEOPLE, ["role"], 2) == []
    assert [cell.people for cell in small_cells(PEOPLE, ["role"], 3)] == [("S1", "S2")]
    assert [cell.people for cell in small_cells(PEOPLE, [], 3)] == []


@given(
    st.lists(
        st.fixed_dictionaries({"a": st.sampled_from("xy "), "b": st.sampled_from("xyz")}),
        max_size=12,
    ),
    st.integers(1, 5),
)
def test_what_is_left_is_shared_by_enough(rows: list[dict[str, str]], at_least: int) -> None:
    people = [(str(n), row) for n, row in enumerate(rows)]
    for cell in small_cells(people, ["a", "b"], at_least):
        left = [(name, value) for name, value in cell.values if name not in cell.dropped]
        sharing = [row for row in rows if all(row[name] == value for name, value in left)]
        assert not left or len(sharing) >= at_least
        assert cell.dropped
