"""Whose voices a selection of quotes lets speak."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from qualcode.themes.concentration import balanced, concentration

quick = settings(max_examples=100, deadline=None)


def test_a_worked_selection() -> None:
    # 8 quotes, 3 of them A's (one with B): .375; C is coded, of a group of which nobody is quoted
    quotes = ["A", "A", "AB", "B", "D", "D", "E", "F"]
    groups = {"A": ["police"], "B": ["police"], "C": ["court"], "D": ["aid"]}
    found = concentration(quotes, "ABCDEF", "ABCDEFG", groups)
    assert (found.top_participant, found.top_quotes, found.top_share) == ("A", 3, 0.375)
    assert (found.quoted, found.participants, found.never_quoted) == (5, 7, ("court",))
    assert found.is_concentrated
    assert not concentration(quotes[:7], "", "", {}).is_concentrated  # fewer than 8
    assert not concentration([*"AABBCCDD"], "", "", {}).is_concentrated  # a quarter, not more


def test_without_a_speaker_nobody_is_on_top() -> None:
    found = concentration([[], []], [], ["A"], {})
    assert (found.top_participant, found.top_share, found.quoted) == (None, None, 0)
    assert not found.is_concentrated


def test_exemplars_come_first_then_one_of_each_speaker_in_turn() -> None:
    quotes = [(False, "A"), (False, "A"), (True, "A"), (False, "B"), (False, "C"), (False, "B")]
    assert balanced(quotes, 1) == [2]
    assert balanced(quotes, 4) == [0, 2, 3, 4]
    assert balanced(quotes, 5) == [0, 1, 2, 3, 4]
    assert balanced(quotes, 99) == [0, 1, 2, 3, 4, 5]


@quick
@given(st.lists(st.tuples(st.booleans(), st.sampled_from("ABCD")), max_size=12), st.integers(0, 12))
def test_no_speaker_is_two_quotes_ahead_who_is_not_an_exemplars(
    quotes: list[tuple[bool, str]], limit: int
) -> None:
    chosen = balanced(quotes, limit)
    assert len(chosen) == min(limit, len(quotes))
    assert chosen == sorted(set(chosen))
    exemplars = {i for i, (is_one, _) in enumerate(quotes) if is_one}
    assert exemplars <= set(chosen) or set(chosen) <= exemplars
    plain = [quotes[i][1] for i in chosen if i not in exemplars]
    left = [quotes[i][1] for i in range(len(quotes)) if i not in chosen and i not in exemplars]
    for who in left:
        if plain:
            assert plain.count(who) >= max(map(plain.count, plain)) - 1
