"""Which words of a text count when likeness is measured, and where they stand."""

from __future__ import annotations

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st

from qualcode.errors import UsageProblem
from qualcode.model import Span
from qualcode.text import terms as module
from qualcode.text.terms import Reader, basic_forms

SAID = "I don't know, the Officers — a warm hand-off’s 24/7 [laughs]"


def test_words_that_stand_anywhere_and_marks_do_not_count() -> None:
    assert Reader().read(SAID).terms == [
        "know", "officers", "warm", "hand", "24/7", "laughs",
    ]  # fmt: skip


def test_a_stretch_holds_the_terms_that_begin_in_it() -> None:
    read = Reader().read(SAID)
    start = SAID.index("warm")
    assert read.within(Span(start, len(SAID))) == ["warm", "hand", "24/7", "laughs"]
    assert read.within(Span(start, start + 1)) == ["warm"]
    assert read.within(Span(start + 1, start + 5)) == []


def test_all_forms_of_a_word_are_one_term_where_they_are_known() -> None:
    lemma = {"officers": "officer", "beds": "bed"}
    read = Reader(lemma=lambda word: lemma.get(word, word)).read("Officers need beds, one bed.")
    assert read.terms == ["officer", "need", "bed", "bed"]


def test_without_a_lemmatiser_the_forms_are_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(language: str) -> None:
        raise UsageProblem("none")

    monkeypatch.setattr(module, "lemmatiser", none)
    assert basic_forms() is None


def test_a_run_without_blanks_of_hundreds_of_characters_holds_no_words() -> None:
    assert Reader().read("bed " + "x" * 400 + " van").terms == ["bed", "van"]


def test_a_language_that_spacy_does_not_know_is_cut_all_the_same() -> None:
    assert Reader("tlh").read("nuqneH, tlhIngan!").terms == ["nuqneh", "tlhingan"]


@settings(deadline=None)  # spaCy is loaded by the first
@given(st.text(st.sampled_from("aI'’.,-—\n\t [é👍b"), max_size=60))
def test_each_run_alone_is_cut_as_in_its_text(text: str) -> None:
    whole = spacy.blank("en")(text)
    known = [
        (token.idx, token.lower_.replace("’", "'"))
        for token in whole
        if not token.is_stop and any(c.isalnum() for c in token.text)
    ]
    read = Reader().read(text)
    assert list(zip(read.starts, read.terms, strict=True)) == known
