"""What counts as a quotation, and what a blank leaves."""

from __future__ import annotations

import pytest

from qualcode.model import Span
from qualcode.text.quotes import Quotations, blanked, counterparts, named, shared

SAID = "She walked over and said her name, and nobody else in that office ever had."


def shown(text: str, *elsewhere: str) -> str:
    """A text with what it quotes of ``SAID`` blanked."""
    found = Quotations([SAID])
    found.leave(found.candidates(text, short=True), elsewhere)
    return blanked(text, found.places(text)).replace("█", "x")


@pytest.mark.parametrize(
    "text",
    [
        "She walked over and said her name",
        "she  WALKED\nover and “said her name”",
        "[P1] walked over and said her",
        "her name",
        "… and nobody else in that office …",
    ],
)
def test_a_quotation_is_known_by_its_words(text: str) -> None:
    assert Quotations([SAID]).quotes(text, short=True)


@pytest.mark.parametrize(
    "text",
    ["", "name her", "She walked over to me and said a name", "nobody", "name of the office"],
)
def test_other_words_are_no_quotation(text: str) -> None:
    assert not Quotations([SAID]).quotes(text, short=len(text.split()) != 1)


def test_a_quotation_goes_with_its_marks_and_the_rest_stays() -> None:
    assert shown("One. As in “she walked over, and said her name”, he wrote. Two.") == (
        f"One. As in {'x' * len('“she walked over, and said her name”')}, he wrote. Two."
    )


def test_without_marks_the_whole_sentence_goes() -> None:
    text = "One. Then she walked over and said her wrong name. Two.\nThree."
    assert shown(text) == f"One. {'x' * 45} Two.\nThree."


def test_what_is_said_elsewhere_too_is_left() -> None:
    text = "Nobody else in that office ever smiled."
    assert shown(text) == "x" * len(text)
    assert shown(text, "But nobody else in that office ever came.") == text


def test_blanks_keep_line_ends_and_white_space_at_the_ends_of_lines() -> None:
    text = "a b\n  c d \n\n   \ne"
    assert blanked(text, [Span(0, len(text))]) == "███\n  ███ \n\n   \n█"
    assert blanked(text, [Span(6, 7)]) == "a b\n  █ d \n\n   \ne"


def test_names_are_whole_words_in_their_own_case() -> None:
    text = "Ann and ANN, Anna, ann; Ann\nArbor_Ann"
    found = [text[span.start : span.stop] for span in named(text, ["Ann", "Ann Arbor"])]
    assert found == ["Ann", "Ann\nArbor", "Ann"]


def test_texts_are_alike_by_runs_of_eight_words() -> None:
    assert shared([SAID], [SAID, "She walked over and said her name, and I did."]) == [8, 1]


def test_corrected_words_are_found_in_the_other_version() -> None:
    old = "Int: Who?\n\nP1: She wlkd over and sad so.\n\nInt: And then? Tell me.\n"
    new = "Int: Who?\n\nP1: She walked over and said so.\n\nInt: And then? Tell me.\n"
    turns = [Span(5, 9), Span(new.index("She"), new.index("so.") + 3)]
    start = old.index("She")
    found = counterparts(old, [Span(start, old.index("so.") + 3)], new, turns)
    assert [new[span.start : span.stop] for span in found] == ["She walked over and said so."]
    found = counterparts(old, [Span(start + 4, start + 8)], new, turns)
    assert [new[span.start : span.stop] for span in found] == ["walked"]
    assert counterparts(old, [Span(start, start + 3)], "Something else.", []) == []
