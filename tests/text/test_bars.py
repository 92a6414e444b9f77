"""Bars of block characters: their length says the fraction, to an eighth of a cell."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualcode.text.bars import EIGHTHS, bar


@pytest.mark.parametrize(
    ("fraction", "drawn"),
    [(0, "    "), (1, "████"), (0.5, "██  "), (0.53125, "██▏ "), (0.96875, "███▉"), (0.001, "▏   "),
     (-1, "    "), (7, "████")],
)  # fmt: skip
def test_a_bar_is_drawn_to_an_eighth_of_a_cell(fraction: float, drawn: str) -> None:
    assert bar(fraction, 4) == drawn


@given(st.floats(0, 1), st.floats(0, 1), st.integers(1, 60))
def test_a_bar_fills_its_room_and_grows_with_the_fraction(a: float, b: float, room: int) -> None:
    def eighths(drawn: str) -> int:
        return sum(8 if c == "█" else EIGHTHS.index(c) for c in drawn)

    low, high = bar(min(a, b), room), bar(max(a, b), room)
    assert len(low) == len(high) == room
    assert eighths(low) <= eighths(high)
    assert (eighths(low) == 0) == (min(a, b) == 0)
