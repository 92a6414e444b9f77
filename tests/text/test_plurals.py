"""Numbers with their nouns."""

from __future__ import annotations

import pytest

from qualcode.text.plurals import counted
from qualcode.text.safe import replaced_in


@pytest.mark.parametrize(
    ("n", "words", "said"),
    [
        (0, ("turn",), "0 turns"),
        (1, ("turn",), "1 turn"),
        (2_000, ("turn",), "2,000 turns"),
        (1, ("turn has", "turns have"), "1 turn has"),
        (2, ("turn has", "turns have"), "2 turns have"),
    ],
)
def test_one_is_one_and_the_rest_are_many(n: int, words: tuple[str, ...], said: str) -> None:
    assert counted(n, *words) == said


def test_one_character_that_was_replaced_is_one() -> None:
    assert replaced_in("XML", 1) == "1 character cannot stand in XML and is shown as U+FFFD."
    assert replaced_in("XML", 2) == "2 characters cannot stand in XML and are shown as U+FFFD."
