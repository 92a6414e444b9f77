"""Sentences as people say them."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qualcode.text.blocks import blocks
from qualcode.text.segmentation import (
    _begins,
    _is_boundary,
    _tokenizer,
    maker,
    pipeline,
    segment,
    sentences,
)
from qualcode.text.turns import find_turns

if TYPE_CHECKING:
    from spacy.language import Language

DRAWN = [
    "He came. | She left.",
    "What? | Nothing! | Okay.",
    "I said okay. | So we went. | No joke. | Right.",
    "Um... I don't know. | You know?",
    "It was Lt. Brandt and Sgt. Lena Brandt.",
    "Ofc. Renner, Cpl. Adeyemi and Det. Vane came. | Capt. Sloan did not.",
    "Dr. Quist asked Mrs. Etxe.",
    "D.J. went home. | T. May stayed.",
    "It was 5 p.m. and dark.",
    "It cost $3.50. | I paid.",
    "We met on Jan. 3 in the annex.",
    "He lives on 4th Ave. | They know.",
    "It was No. 5 on the list.",
    "I said no. | Then I left.",
    '"Did you call?" she asked. | I had.',
    "“Is it you?” Renner said. | It was.",
    'He goes, "where is the card?" | And I said what card.',
    "It was him and I. | They know that.",
    "[laughs] Right. | [pause] Well.",
    "One line\nand the next. | Two.",
    "No stop here\n\n|Another paragraph",
    "No stop here\n \t\n|Another paragraph",
    "See http://a.example/x.html for it. | Good.",
    "Él vino. | ¿Y ella?",
]


@pytest.mark.parametrize("drawn", DRAWN)
def test_sentences_end_where_the_bar_is_drawn(drawn: str) -> None:
    text = drawn.replace("| ", "").replace("|", "")
    expected = [part.strip() for part in drawn.split("|")]
    assert [text[one.start : one.stop] for one in sentences(text)] == expected


@pytest.mark.parametrize("blank", ["", " ", "\n\n", "\t \n"])
def test_a_blank_text_has_no_sentence(blank: str) -> None:
    assert sentences(blank) == []


WORDS = [
    "He", "went.", "Lt.", "Brandt?", '"Yes?"', "she", "said", "No.", "5", "p.m.", "I.", "They",
    "D.J.", "...", "ok!", "\n", "\n\n", "\t", "", "e\u0301", "世界。", "[laughs]", "$3.50", "U.S.", "—",
    "\u00a0", "\u2028",
]  # fmt: skip
SPEECH = st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join)


@settings(max_examples=60, deadline=None)
@given(text=SPEECH)
def test_sentences_cover_all_but_white_space_and_never_a_blank_line(text: str) -> None:
    found = sentences(text)
    at = 0
    for one in found:
        assert at <= one.start < one.stop
        assert text[at : one.start].strip() == ""
        assert at == 0 or text[at : one.start] != ""
        words = text[one.start : one.stop]
        assert words == words.strip()
        assert "\n\n" not in words
        at = one.stop
    assert text[at:].strip() == ""


def test_the_same_text_gives_the_same_sentences_whatever_was_cut_before() -> None:
    text = "It was Lt. Brandt. He said okay. So we went."
    before = sentences(text)
    sentences("Okay. Lt. Lt. so. So. " * 50)
    assert sentences(text) == before


def test_the_library_as_others_use_it_is_left_alone() -> None:
    import nupunkt

    text = "He met Ofc. Renner there. Fine."
    before = nupunkt.sent_tokenize(text)
    sentences(text)
    assert nupunkt.sent_tokenize(text) == before


def test_a_document_is_cut_inside_its_blocks() -> None:
    text = "A heading\n\nIna: One. Two\nBo: three.\nIna: Four.\nBo: Five.\n"
    found = segment(text, blocks(text, find_turns(text).turns))
    assert [text[one.start : one.stop] for one in found] == [
        "A heading", "One.", "Two", "three.", "Four.", "Five.",
    ]  # fmt: skip


def test_the_maker_names_software_version_and_rules() -> None:
    made = json.loads(maker())
    assert list(made) == ["rules", "software", "version"]
    assert made["software"] == "nupunkt"
    assert len(made["rules"]) == 64


def test_another_list_of_titles_is_another_maker(monkeypatch: pytest.MonkeyPatch) -> None:
    from qualcode.text import segmentation

    before = maker()
    monkeypatch.setitem(segmentation._RULES, "titles", ["dr"])
    maker.cache_clear()
    try:
        assert maker() != before
    finally:
        maker.cache_clear()


def in_spacy(text: str) -> list[tuple[int, int]]:
    """The sentences of a spaCy document, without the white space that its tokens include."""
    found = []
    for sentence in english()(text).sents:
        if sentence.text.strip():
            start = sentence.end_char - len(sentence.text.lstrip())
            found.append((start, sentence.start_char + len(sentence.text.rstrip())))
    return found


@cache
def english() -> Language:
    return pipeline("en")


def test_spacy_has_the_same_sentences() -> None:
    assert english().pipe_names == ["qualcode_sentences"]
    for drawn in DRAWN:
        text = drawn.replace("|", "")
        assert in_spacy(text) == [(one.start, one.stop) for one in sentences(text)], text


@settings(max_examples=60, deadline=None)
@given(text=SPEECH)
def test_spacy_has_the_same_sentences_in_any_speech(text: str) -> None:
    assert in_spacy(text) == [(one.start, one.stop) for one in sentences(text)]


def test_cutting_sentences_does_not_load_spacy() -> None:
    program = (
        "import sys; from qualcode.text.segmentation import sentences; sentences('A b. C d.');"
        " print('spacy' in sys.modules)"
    )
    result = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    assert result.stdout.strip() == "False"


@pytest.mark.parametrize("piece", ["I. A", "x.", "?", '."', "No. ", "\n\n"])
def test_a_long_text_of_anything_is_cut_in_a_moment(piece: str) -> None:
    from time import process_time

    begun = process_time()
    sentences((piece * 50_000)[:50_000])
    assert process_time() - begun < 5  # quadratic behaviour takes minutes


WORDS = [
    "iv", "ill", "Dr", "word", "Next", "I", "no", "No", "Nos", "St", "e.g", "a", "U.S", "p.m", "et",
    "al", "inc", "don’t", "Núñez", "3", "1", "(a)", "Los", "angeles", "(he", "“what", "gone", "home",
    "said",
]  # fmt: skip
MARKS = [
    ". ", ". ", ". ", ". ", " ", " ", "? ", "! ", "… ", "... ", ", ", ".\n", ".\n  ", '. "', '." ',
    ".) ", ".  ", ".\t", " . . . ", "! ! ", ".",
]  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(MARKS)), max_size=16))
def test_the_short_cut_past_nupunkt_cuts_where_nupunkt_does(pieces: list[tuple[str, str]]) -> None:
    text = "".join(word + mark for word, mark in pieces)
    begins = {begin for begin, _ in _tokenizer().span_tokenize(text)} - {0}
    assert set(_begins(text)) - {0} == begins


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(MARKS)), max_size=16))
def test_what_the_short_cut_holds_for_certain_needs_no_further_look(
    pieces: list[tuple[str, str]],
) -> None:
    text = "".join(word + mark for word, mark in pieces)
    certain = [begin for begin, sure in _begins(text).items() if sure]
    assert all(_is_boundary(text, 0, begin) for begin in certain)
