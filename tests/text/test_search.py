"""What a search finds in a text, and that a hit is a stretch of that very text."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualcode.errors import UsageProblem
from qualcode.model import Span
from qualcode.text import lemmas
from qualcode.text.lemmas import lemmatiser
from qualcode.text.search import Mode, find, has_marks_inside, plain_words

TEXT = "She handed him over. “It’s a hand-off,” she said: hand\non hand, [laughs], Café, HANDLE."


def cut(asked: str, mode: Mode = "words", text: str = TEXT) -> list[str]:
    return [text[span.start : span.stop] for span in find(asked, [text], mode)[0]]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("hand", ["hand", "hand", "hand"]),
        ("hand*", ["handed", "hand", "hand", "hand", "HANDLE"]),
        ("hand on hand", ["hand\non hand"]),
        ("it's", ["It’s"]),
        ("[laughs]", ["[laughs]"]),
        ("café", ["Café"]),
        ("over.", ["over."]),
        ("nothing", []),
    ],
)
def test_whole_words_are_found_in_any_case_and_white_space(asked: str, found: list[str]) -> None:
    assert cut(asked) == found


@pytest.mark.parametrize(
    "asked",
    ['"hand on hand"', "“hand on hand”", " „hand on hand“ ", "»hand on  hand«", "‘hand on hand’"],
)
@pytest.mark.parametrize("mode", ["words", "text", "lemma"])
def test_a_phrase_in_quotation_marks_is_that_phrase(asked: str, mode: Mode) -> None:
    spans = find(asked, [TEXT], mode, lemma=str)[0]
    assert [TEXT[span.start : span.stop] for span in spans] == ["hand\non hand"]
    assert plain_words(asked) == ["hand", "on", "hand"]


def test_quotation_marks_that_are_not_around_everything_are_looked_for() -> None:
    assert cut('"hand" on "hand"') == []
    assert has_marks_inside('"hand" on "hand"', "words")
    assert cut("“It's a hand-off,” she") == ["“It’s a hand-off,” she"]
    assert cut("“It’s", "regex") == ["“It’s"]
    assert cut("'tis o'", text="'Tis o' him") == ["'Tis o'"]
    for asked in ("hand", "“hand”", '"hand"'):
        assert not has_marks_inside(asked, "words")


@pytest.mark.parametrize("asked", ['""', "“ ”"])
def test_nothing_in_quotation_marks_is_nothing_to_look_for(asked: str) -> None:
    with pytest.raises(UsageProblem, match="Say what to look for"):
        find(asked, [TEXT])


def test_text_is_found_inside_words_too() -> None:
    assert cut("and", "text") == ["and", "and", "and", "and", "AND"]
    assert cut("在一", "text", "我们在一起") == ["在一"]


def test_accents_are_found_however_they_are_encoded() -> None:
    apart = unicodedata.normalize("NFD", TEXT)
    assert cut("café", text=apart) == [unicodedata.normalize("NFD", "Café")]


def test_signs_of_a_pattern_mean_themselves_outside_regex() -> None:
    assert cut("h.nd") == []
    assert cut("h.nd", "regex") == ["hand", "hand", "hand", "hand", "HAND"]


def test_a_pattern_that_is_none_is_pointed_at() -> None:
    with pytest.raises(UsageProblem, match=r"No regular expression: missing \)") as error:
        find("(hand", [TEXT], "regex")
    assert str(error.value).splitlines()[1:] == ["(hand", "^"]


def test_nothing_to_look_for_is_said() -> None:
    with pytest.raises(UsageProblem, match="Say what to look for"):
        find("  ", [TEXT])


def test_every_form_of_a_word_is_found_in_order() -> None:
    basic = {"handed": "hand", "hands": "hand", "said": "say"}
    spans = find("hand him", [TEXT], "lemma", lemma=lambda word: basic.get(word, word))[0]
    assert [TEXT[s.start : s.stop] for s in spans] == ["handed him"]


def test_without_a_lemmatiser_it_says_how_to_get_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: object) -> object:
        raise ValueError

    monkeypatch.setattr("spacy.lookups.load_lookups", none)
    monkeypatch.setattr(lemmas, "installed_model", lambda language: None)
    with pytest.raises(UsageProblem, match="pip install spacy-lookups-data"):
        lemmatiser()


def test_with_real_tables_irregular_forms_are_found() -> None:
    pytest.importorskip("spacy_lookups_data", reason="the tables are an own package of 100 MB")
    text = "She went there, children go, nobody has gone; the officers’ children were going."
    (spans,) = find("go", [text], "lemma", lemma=lemmatiser())
    assert [text[s.start : s.stop] for s in spans] == ["went", "go", "gone", "going"]
    (spans,) = find("child be", [text], "lemma", lemma=lemmatiser())
    assert [text[s.start : s.stop] for s in spans] == ["children were"]


def test_only_plain_words_are_asked_of_an_index() -> None:
    assert plain_words("warm hand* café it's 24 off") == ["warm", "24", "off"]


@given(st.text("ab é'’\n*", max_size=40), st.text("abé'’", min_size=1, max_size=3))
def test_a_hit_is_the_words_asked_for_with_nothing_of_a_word_around(text: str, asked: str) -> None:
    for span in find(asked, [text])[0]:
        hit = text[span.start : span.stop]
        assert hit.replace("’", "'").casefold() == asked.replace("’", "'").casefold()
        if re.match(r"\w", asked[0]):
            assert not re.match(r"\w", text[span.start - 1 : span.start])
        if re.match(r"\w", asked[-1]):
            assert not re.match(r"\w", text[span.stop : span.stop + 1])


@given(st.lists(st.text("ab ", max_size=12), max_size=4), st.sampled_from(["a", "ab", "b"]))
def test_each_text_is_searched_for_itself(texts: list[str], asked: str) -> None:
    alone = [find(asked, [text])[0] for text in texts]
    assert find(asked, texts) == alone


def test_hits_do_not_overlap() -> None:
    assert find("aa", ["aaaa"], "text")[0] == [Span(0, 2), Span(2, 4)]
