"""Stretches of one version of a text, found in the next. All of it is invented."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualcode.model import Span
from qualcode.spans import trim
from qualcode.text.alignment import align, tokens
from qualcode.text.carry import AGAIN, AROUND, GONE, SEVERAL, Placement, carry
from qualcode.text.graphemes import cuts

OLD = """Interview made up for tests.

Moderator: How did they meet you?

P1: She walked over and said her name. I had never
seen her.

P2: Yeah.

Moderator: What happened then, in the weeks after?

P2: Yeah. They put me on the list for a bed. Nobody called me, and I recieved no letter. So I waited.

P1: This paragraph goes away. We talked about the boat and the weather.

P2: Yeah.

Moderator: Anything else?

P1: Then nothing, for months. She wrote once, that was all.
"""
NEW = """Interview made up for tests.

MODERATOR: How did they meet you?

Maria: She walked over and said her name. I had never seen her.

Joe: Yeah.

MODERATOR: What happened then, in the weeks after?

Joe: Yeah. They put me on the list for a bed. Nobody
called me, and I received no letter.

Maria: So I waited.

Joe: Yeah.

MODERATOR: Anything else?

Maria: Then nothing, for months. Then nothing, for months. She wrote once,
that was all.
"""
"""Labels fixed, lines wrapped anew, a typo corrected, a turn split, a paragraph gone, a sentence
doubled."""


def nth(text: str, words: str, n: int = 1) -> Span:
    """The n-th place where words stand in a text."""
    at = -1
    for _ in range(n):
        at = text.index(words, at + 1)
    return Span(at, at + len(words))


def placed(old: str, new: str, words: str, n: int = 1) -> tuple[str, str | None, int | None]:
    """How words of the old text were placed, the new words, and the line they stand in."""
    (found,) = carry(old, new, [nth(old, words, n)])
    if found.span is None:
        return found.how, None, None
    line = new.count("\n", 0, found.span.start) + 1
    return found.how, new[found.span.start : found.span.stop], line


@pytest.mark.parametrize(
    ("words", "n", "expected"),
    [
        ("I had never\nseen her", 1, ("placed", "I had never seen her", 5)),
        ("Yeah.", 1, ("placed", "Yeah.", 7)),
        ("Yeah.", 2, ("placed", "Yeah.", 11)),
        ("Yeah.", 3, ("placed", "Yeah.", 16)),
        ("Nobody called me", 1, ("placed", "Nobody\ncalled me", 11)),
        ("recieved", 1, ("changed", "received", 12)),
        ("I recieved no letter", 1, ("changed", "I received no letter", 12)),
        ("no letter. So I waited.", 1, ("changed", "no letter.\n\nMaria: So I waited.", 12)),
        ("the boat and the weather", 1, ("unplaced", None, None)),
        ("weather", 1, ("unplaced", None, None)),
        ("Then nothing, for months.", 1, ("placed", "Then nothing, for months.", 20)),
        ("She wrote once, that was all", 1, ("placed", "She wrote once,\nthat was all", 20)),
        ("Moderator", 2, ("changed", "MODERATOR", 9)),
        ("P2", 1, ("unplaced", None, None)),
    ],
)
def test_a_transcript_corrected_throughout(
    words: str, n: int, expected: tuple[str, str | None, int | None]
) -> None:
    assert placed(OLD, NEW, words, n) == expected


def test_what_was_deleted_says_that_its_words_are_gone() -> None:
    old = "One two three. Four five six. Seven eight nine."
    (found,) = carry(old, "One two three. Seven eight nine.", [nth(old, "Four five six")])
    assert (found.how, found.span, found.reason) == ("unplaced", None, GONE)


def test_what_stands_in_the_place_of_rewritten_words_is_told() -> None:
    old, new = "We met Tom at the pier today.", "We met Bartholomew at the pier today."
    (found,) = carry(old, new, [nth(old, "Tom")])
    assert (found.how, found.near, found.instead) == ("unplaced", nth(new, "Bartholomew"), True)


def test_of_equal_answers_side_by_side_of_which_one_is_gone_none_is_placed() -> None:
    old = "M: Say it again and again.\n\nP: Yeah.\n\nP: Yeah.\n\nM: Now let us go on to the end."
    new = old.replace("P: Yeah.\n\n", "", 1)
    first, second = carry(old, new, [nth(old, "Yeah.", 1), nth(old, "Yeah.", 2)])
    assert (first.how, first.reason) == ("unplaced", SEVERAL)
    assert (second.how, second.reason) == ("unplaced", GONE)


def test_an_answer_goes_with_its_question() -> None:
    old = (
        "M: Did you sleep in the boat that night?\n\nP: Yeah.\n\n"
        "M: And did anyone come by in the morning?\n\nP: Yeah.\n\n"
    )
    new = "M: And did anyone come by in the morning?\n\nP: Yeah.\n\n"
    first, second = carry(old, new, [nth(old, "Yeah.", 1), nth(old, "Yeah.", 2)])
    assert (first.how, second) == ("unplaced", Placement("placed", nth(new, "Yeah.")))


def test_a_short_answer_in_a_conversation_of_other_words_is_not_placed() -> None:
    old = "M: Who opened the harbour gate for you?\n\nP: Yeah.\n\nM: Which winter did it freeze?"
    new = "M: So your sister sold apples then?\n\nP: Yeah.\n\nM: Please tell us about trains."
    (found,) = carry(old, new, [nth(old, "Yeah")])
    assert (found.how, found.reason) == ("unplaced", AROUND)


def test_a_short_answer_beside_which_another_gives_the_same_one_now_is_not_placed() -> None:
    old = "M: Who opened the harbour gate for you?\n\nP1: Yeah.\n\nM: Which winter did it freeze?"
    new = old.replace("P1: Yeah.", "Ann: Yeah.\n\nP2: Yeah.")
    (found,) = carry(old, new, [nth(old, "Yeah")])
    assert (found.how, found.reason) == ("unplaced", AGAIN)


def test_a_paragraph_that_was_moved_is_found_by_its_words() -> None:
    moved = "We rowed out to the buoy and waited for light."
    rest = " ".join(f"Sentence {n} of many is here." for n in range(60))
    (found,) = carry(f"{moved} {rest}", f"{rest} {moved}", [nth(moved, "rowed out to the buoy")])
    assert found == Placement("placed", nth(f"{rest} {moved}", "rowed out to the buoy"))


def test_a_span_inside_a_word_stays_inside_it() -> None:
    old, new = "A warm handoff at the door.", "Then: a very warm handoff\nat the door."
    assert placed(old, new, "hand") == ("placed", "hand", 1)


def test_words_added_before_and_behind_are_left_outside() -> None:
    old, new = "She said nothing to me.", "Well, she said. She said nothing to me. Nothing at all."
    assert placed(old, new, "said nothing to me") == ("placed", "said nothing to me", 1)


def test_a_character_is_never_cut_where_an_accent_was_added() -> None:
    old, new = "We met in the cafe there.", "We met in the cafe\u0301 there."
    (found,) = carry(old, new, [nth(old, "cafe")])
    assert found.span == nth(new, "cafe\u0301")


def test_a_text_of_one_word_repeated_is_aligned_in_a_moment() -> None:
    old, new = "yeah " * 20_000, "no " + "yeah " * 10_000 + "um " * 50 + "yeah " * 10_000
    assert len(carry(old, new, [Span(0, 4)])) == 1


# Properties

WORD = st.sampled_from(["yeah", "no", "boat", "pier", "Anna:", "wo\u0301rd", "👍🏽", "—", "x."])
TEXT = st.lists(st.tuples(WORD, st.sampled_from([" ", "\n", "\n\n"])), max_size=40).map(
    lambda parts: "".join(word + blank for word, blank in parts)
)


def spans_of(text: str) -> list[Span]:
    """Every span from a word to the second after it, as codings are: trimmed, characters whole."""
    starts = [at for at in range(len(text)) if not cuts(text, at)]
    found = [trim(text, Span(a, b)) for a, b in zip(starts, starts[7:], strict=False)]
    return [span for span in found if span is not None]


@given(TEXT)
def test_in_the_same_text_every_span_stays(text: str) -> None:
    assert carry(text, text, spans_of(text)) == [
        Placement("placed", span) for span in spans_of(text)
    ]


@given(TEXT, TEXT)
def test_words_put_in_front_or_behind_shift_exactly(text: str, more: str) -> None:
    before, after = "Zero " * 3, "Zweck " * 3
    shifted = [Span(s.start + len(before), s.stop + len(before)) for s in spans_of(text)]
    found = carry(text, before + text + after, spans_of(text))
    assert [one.span for one in found] == shifted


@given(TEXT, TEXT)
def test_whatever_is_placed_is_whole_and_inside(old: str, new: str) -> None:
    for span, found in zip(spans_of(old), carry(old, new, spans_of(old)), strict=True):
        for one in (found.span, found.near):
            if one is not None:
                assert one.stop <= len(new)
                assert trim(new, one) == one
                assert not cuts(new, one.start)
                assert not cuts(new, one.stop)
        assert (found.span is None) == (found.how == "unplaced") == bool(found.reason)
        if found.how == "placed" and found.span is not None:
            there, here = new[found.span.start : found.span.stop], old[span.start : span.stop]
            assert "".join(there.split()) == "".join(here.split())


@given(TEXT, TEXT)
def test_the_same_is_found_every_time(old: str, new: str) -> None:
    assert carry(old, new, spans_of(old)) == carry(old, new, spans_of(old))


@given(st.lists(WORD, max_size=12), st.lists(WORD, max_size=12))
def test_deleted_words_that_stood_once_are_not_placed(before: list[str], after: list[str]) -> None:
    quote = "only here once"
    old = " ".join([*before, quote, *after])
    new = " ".join([*before, *after])
    (found,) = carry(old, new, [nth(old, quote)])
    assert found.how == "unplaced"


@given(TEXT, TEXT)
def test_an_alignment_ascends_and_joins_equal_words(old: str, new: str) -> None:
    a, b = tokens(old).words, tokens(new).words
    match = align(a, b)
    joined = [(n, to) for n, to in enumerate(match) if to >= 0]
    assert all(a[n] == b[to] for n, to in joined)
    assert all(x[1] < y[1] for x, y in pairwise(joined))
