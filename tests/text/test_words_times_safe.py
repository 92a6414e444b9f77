"""Small things that much rests on: words, time stamps, text made safe to show, whole letters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualcode.model import Span
from qualcode.text.graphemes import cuts
from qualcode.text.safe import shown, visible_bidi, xml_safe
from qualcode.text.times import seconds, stamps
from qualcode.text.words import count_words, words


def test_a_word_is_a_run_with_a_letter_or_digit() -> None:
    text = "I don't - work 24/7 … [inaudible] ___ no."
    found = [text[word.start : word.stop] for word in words(text)]
    assert found == ["I", "don't", "work", "24/7", "[inaudible]", "no."]
    assert count_words(text) == 6


def test_a_word_that_a_span_cuts_counts_with_its_part() -> None:
    text = "one two three"
    assert words(text, Span(2, 6)) == [Span(2, 3), Span(4, 6)]
    assert count_words(text, Span(2, 6)) == 2


@given(st.text(max_size=60))
def test_counting_words_agrees_with_finding_them(text: str) -> None:
    assert count_words(text) == len(words(text))


@pytest.mark.parametrize(
    ("stamp", "value"),
    [
        ("0:03", 3),
        ("59:58", 3598),
        ("1:00:03", 3603),
        ("[00:00:03.250]", 3.25),
        ("00:01,5", 1.5),
        ("#00:00:12-3#", 12.3),
        ("(75:00)", 4500),
    ],
)
def test_a_stamp_in_seconds(stamp: str, value: float) -> None:
    assert seconds(stamp) == pytest.approx(value)


def test_stamps_inside_speech_are_found_between_two_places() -> None:
    text = "[0:01] a [0:02] b #00:00:03-0# at 10:30"
    assert stamps(text, 3, len(text)) == [(9, 2.0), (18, 3.0)]


def test_what_a_terminal_would_obey_is_shown_as_a_picture() -> None:
    assert shown("a\x1b[31m\x07\x7f") == "a␛[31m␇␡"
    assert shown("\x9b\u202e\u2028\ufeff\ud800") == "␦" * 5
    assert shown("[laughs] é 世 \U0001f600\n") == "[laughs] é 世 \U0001f600\n"


@given(st.text())
def test_what_is_shown_has_the_same_length_and_stays_so(text: str) -> None:
    assert len(shown(text)) == len(text)
    assert shown(shown(text)) == shown(text)


def test_what_xml_cannot_hold_is_replaced_and_counted() -> None:
    assert xml_safe("a\x1bb\x00\tc\ufffe") == ("a\ufffdb\ufffd\tc\ufffd", 3)


def test_bidirectional_controls_are_written_out_and_marks_stay() -> None:
    assert visible_bidi("\u202eabc\u2069\u200f") == "[U+202E]abc[U+2069]\u200f"


@pytest.mark.parametrize(
    ("text", "position", "cut"),
    [
        ("ab", 1, False),
        ("e\u0301", 1, True),
        ("\U0001f1f3\U0001f1f4\U0001f1f8\U0001f1ea", 1, True),  # two flags
        ("\U0001f1f3\U0001f1f4\U0001f1f8\U0001f1ea", 2, False),
        ("\U0001f469\u200d\U0001f680", 2, True),  # a woman, a joiner, a rocket
        ("\n\u0301", 1, False),
        ("é", 0, False),
        ("é", 1, False),
    ],
)
def test_a_letter_is_not_cut_from_its_accent(text: str, position: int, cut: bool) -> None:
    assert cuts(text, position) is cut
