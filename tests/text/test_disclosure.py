"""Known names in a text that is about to leave."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualcode.text.disclosure import Names, Plain, masked, plain


def found(text: str, *names: str) -> list[tuple[str, bool]]:
    return [(text[h.span.start : h.span.stop], h.exact) for h in Names(names).hits(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("She wanted Ali, not Al.", [("Ali", True), ("Al", True)]),
        ("Port Alder is also tall", []),
        ("D.J.'s always on mute", [("D.J.", True)]),
        ("Dana\nWill came", [("Dana\nWill", True)]),
        ("ask Will_interview.txt", [("Will", True)]),
        ("I will, dana will", [("will", False), ("dana will", False)]),
        ("dana Will", [("Will", True)]),
    ],
)
def test_names_are_found_as_whole_words(text: str, expected: list[tuple[str, bool]]) -> None:
    assert found(text, "Al", "Ali", "D.J.", "Dana Will", "Will") == expected


def test_an_accent_typed_as_a_character_of_its_own_makes_no_difference() -> None:
    apart = unicodedata.normalize("NFD", "to Núñez, and Núñezs")
    assert found(apart, "Núñez") == [(unicodedata.normalize("NFD", "Núñez"), True)]
    assert found("to Núñez", unicodedata.normalize("NFD", "Núñez")) == [("Núñez", True)]


def test_what_cannot_be_seen_hides_no_name() -> None:
    assert found("to Da\u00adna\u200b!", "Dana") == [("Da\u00adna", True)]


def test_a_vowel_sign_or_accent_goes_on_with_the_word() -> None:
    assert found("रामा राम", "राम") == [("राम", True)]
    assert found("Maq\u0303 Maq", "Maq") == [("Maq", True)]


def test_a_mask_holds_the_first_letter_and_the_length() -> None:
    assert masked("Dana\n Will") == "D…(9)"
    assert Names(["Dana"]).masked_in("of Dana, dana") == "of D…(4), d…(4)"


LETTERS = st.text(alphabet="abcdñéüæxyz", min_size=2, max_size=7).map(str.capitalize)
AROUND = st.text(alphabet="abñ e\u0301\u00ad\u1100\u1161\u11a8.,-\n'“”_", max_size=30)


@given(AROUND, LETTERS, AROUND)
def test_a_name_between_words_is_found_wherever_it_stands(
    before: str, name: str, after: str
) -> None:
    text = f"{before} {unicodedata.normalize('NFD', name)}, {after}"
    assert any(
        hit.exact and plain(text[hit.span.start : hit.span.stop]) == plain(name)
        for hit in Names([name]).hits(text)
    )


@given(LETTERS, LETTERS, LETTERS)
def test_a_name_inside_a_word_is_not_found(before: str, name: str, after: str) -> None:
    words = Names([name])
    for word in (before + name, name + after.lower(), before + name + after):
        if plain(word).casefold() != plain(name).casefold():
            assert words.hits(f"a {word}.") == []


@given(st.text(max_size=40) | AROUND)
def test_places_are_those_of_the_text_as_given(text: str) -> None:
    here = Plain(text)
    assert here.text == plain(text)
    for at in range(len(here.text)):
        span = here.given(at, at + 1)
        assert here.text[at] in plain(text[span.start : span.stop])
