"""Known names in a text that is about to leave."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qualcode.text.disclosure import Names, Plain, _is_mark, folded, masked, plain

quick = settings(deadline=None)
"""No deadline: a loaded machine is no bug."""


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


@quick
@given(AROUND, LETTERS, AROUND)
def test_a_name_between_words_is_found_wherever_it_stands(
    before: str, name: str, after: str
) -> None:
    text = f"{before} {unicodedata.normalize('NFD', name)}, {after}"
    assert any(
        hit.exact and plain(text[hit.span.start : hit.span.stop]) == plain(name)
        for hit in Names([name]).hits(text)
    )


@quick
@given(LETTERS, LETTERS, LETTERS)
def test_a_name_inside_a_word_is_not_found(before: str, name: str, after: str) -> None:
    words = Names([name])
    for word in (before + name, name + after.lower(), before + name + after):
        if plain(word).casefold() != plain(name).casefold():
            assert words.hits(f"a {word}.") == []


@quick
@given(st.text(max_size=40) | AROUND)
def test_places_are_those_of_the_text_as_given(text: str) -> None:
    here = Plain(text)
    assert here.text == plain(text)
    for at in range(len(here.text)):
        span = here.given(at, at + 1)
        assert here.text[at] in plain(text[span.start : span.stop])


def everywhere(names: list[str], text: str) -> list[tuple[int, int, bool]]:
    """What must be found, by trying all names at every place: slow where there are many."""
    known = sorted({name for one in names if (name := folded(one))}, key=lambda n: (-len(n), n))
    words = "|".join(r"\s+".join(map(re.escape, name.split(" "))) for name in known)
    found: list[tuple[int, int, bool]] = []
    for exact in (True, False):
        pattern = re.compile(
            rf"(?<![^\W_])(?:{words})(?![^\W_])" if words else r"(?!)", 0 if exact else re.I
        )
        at, first = 0, list(found)
        while (match := pattern.search(text, at)) is not None:
            start, stop = match.span()
            if _is_mark(text[stop : stop + 1]) or _is_mark(text[max(0, start - 1) : start]):
                at = start + 1
                continue
            at = stop
            if not any(a < stop and start < b for a, b, _ in first):
                found.append((start, stop, exact))
    return sorted(found)


SYLLABLES = st.sampled_from([
    "Dana", "dana", "Will", "will", "WILL", "Al", "Ali", "al\u0131", "\u0130da", "ida", "Stra\u00dfe",
    "STRASSE", "Stra\u1e9ee", "Ru\u017f", "rus", "\u212aim", "kim", "\u01f0o", "D.J.", "d.j", "-",
    "_", "\u0345", "\u0301", ".", "'s", "\u03a3\u03bf\u03c2", "\u03c3\u03bf\u03c3", "7", "(", "\n",
])  # fmt: skip
NAMES = st.lists(SYLLABLES, min_size=1, max_size=3).map(" ".join) | st.lists(
    SYLLABLES, min_size=1, max_size=2
).map("".join)
TEXTS = st.lists(SYLLABLES | st.just(" "), max_size=14).map("".join) | st.lists(
    SYLLABLES, max_size=10
).map(" ".join)


@quick
@given(st.lists(NAMES, max_size=6), TEXTS)
def test_names_whose_words_are_not_all_said_need_not_be_looked_for(
    names: list[str], text: str
) -> None:
    text = plain(text)
    hits = [(h.span.start, h.span.stop, h.exact) for h in Names(names).hits(text)]
    assert hits == everywhere(names, text)
