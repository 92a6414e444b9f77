r"""Rich Text: the characters of every writer, who speaks in bold, and what was tracked."""

from __future__ import annotations

from pathlib import Path

import pytest

from qualcode.errors import ReadingError
from tests.importers.files import reading, said, told


def rtf(*paragraphs: str, head: str = r"\ansi\ansicpg1252") -> bytes:
    """A Rich Text file of these paragraphs."""
    body = "".join(f"{paragraph}\\par\n" for paragraph in paragraphs)
    return f"{{\\rtf1{head}\n{body}}}".encode("latin-1")


def text(tmp_path: Path, *paragraphs: str) -> str:
    return reading(tmp_path, "a.rtf", rtf(*paragraphs)).text


def test_paragraphs_and_lines(tmp_path: Path) -> None:
    assert text(tmp_path, "One,\\line two.", "", "Three.") == "One,\ntwo.\n\nThree."


def test_characters_in_every_notation(tmp_path: Path) -> None:
    assert text(tmp_path, r"Jos\'e9 \u8211?\~\{a\}\tab\ldblquote b\rdblquote\emdash") == (
        "José –\xa0{a}\t“b”—"
    )


def test_raw_bytes_are_of_the_code_page_of_the_file(tmp_path: Path) -> None:
    greek = rtf("\xc1\xe2", head=r"\ansi\ansicpg1253")
    found = reading(tmp_path, "a.rtf", greek)
    assert (found.text, found.encoding) == ("Αβ", "cp1253")


def test_the_two_halves_of_an_emoji_are_one_character(tmp_path: Path) -> None:
    assert text(tmp_path, r"a\u-10179?\u-8704?b") == "a\U0001f600b"


def test_a_lone_half_is_replaced_and_counted(tmp_path: Path) -> None:
    found = reading(tmp_path, "a.rtf", rtf(r"a\u-10179?b"))
    assert (found.text, dict(found.dropped)) == ("a\ufffdb", {"lone surrogate": 1})


def test_a_bold_label_opens_a_turn(tmp_path: Path) -> None:
    found = reading(tmp_path, "a.rtf", rtf(r"{\b Ina:} One.", "More.", r"\b Bo:\b0  Two."))
    assert found.pattern == "bold-label"
    assert said(found) == [("Ina", "One.\n\nMore."), ("Bo", "Two.")]


def test_plain_text_ends_bold(tmp_path: Path) -> None:
    found = reading(tmp_path, "a.rtf", rtf(r"\b Ina:\plain  One.", r"\b Bo:\plain  Two."))
    assert said(found) == [("Ina", "One."), ("Bo", "Two.")]


def test_a_heading_between_turns_is_nobodys_speech(tmp_path: Path) -> None:
    styles = r"{\stylesheet{\s0 Normal;}{\s2\b heading 2;}}"
    lines = [r"\pard {\b Ina:} One.", r"\pard\s2 Part two", r"\pard {\b Ina:} Two."]
    found = reading(tmp_path, "a.rtf", rtf(*lines, head=rf"\ansi{styles}"))
    assert said(found) == [("Ina", "One."), ("Ina", "Two.")]


def test_tracked_changes_are_counted_and_deleted_words_left_out(tmp_path: Path) -> None:
    found = reading(tmp_path, "a.rtf", rtf(r"We {\revised really }{\deleted never }went."))
    assert found.text == "We really went."
    assert [warning.message for warning in found.warnings][:2] == [
        "1 tracked insertion is read as text.",
        "1 tracked deletion is left out.",
    ]


def test_a_deletion_of_several_groups_is_one(tmp_path: Path) -> None:
    found = reading(tmp_path, "a.rtf", rtf(r"a{\deleted b}{\deleted\b c}d\deleted e\deleted0 f"))
    assert (found.text, found.facts["deletions"]) == ("adf", 2)


def test_notes_comments_and_headers_are_counted_not_read(tmp_path: Path) -> None:
    beside = r"{\header Page {\b 1}}{\footer }"
    words = r"One{\footnote See p. 3}{\*\annotation Really?}."
    found = reading(tmp_path, "a.rtf", rtf(beside + words))
    assert found.text == "One."
    assert told(found)[:3] == [("comments", None), ("notes", None), ("headers", None)]


def test_the_address_of_a_link_is_not_text(tmp_path: Path) -> None:
    link = r'See {\field{\*\fldinst{HYPERLINK "http://a.example/"}}{\fldrslt{\ul our page}}}.'
    assert text(tmp_path, link) == "See our page."


def test_the_bytes_of_a_picture_are_not_text(tmp_path: Path) -> None:
    picture = rb"{\pict\wbitmap0\bin6 {}\par}"
    assert reading(tmp_path, "a.rtf", b"{\\rtf1 a" + picture + b"b}").text == "ab"


def test_cells_are_parted_by_tabs(tmp_path: Path) -> None:
    assert text(tmp_path, r"\trowd a\cell b\cell\row c\cell d\cell\row") == "a\tb\t\n\nc\td\t"


def test_the_title_is_metadata(tmp_path: Path) -> None:
    found = reading(tmp_path, "a.rtf", rtf("One.", head=r"\ansi{\info{\title Talk}{\author Zoe}}"))
    assert found.metadata == {"title": "Talk"}


def test_what_cannot_be_decoded_is_told(tmp_path: Path) -> None:
    found = reading(tmp_path, "a.rtf", rtf(r"a\'81b"))
    assert (found.text, told(found)[0]) == ("a\ufffdb", ("undecoded", None))
    assert found.warnings[0].message == (
        "Characters that could not be decoded and stand as \ufffd: 1."
    )


def test_the_content_beats_the_ending(tmp_path: Path) -> None:
    found = reading(tmp_path, "a.doc", rtf("One."))
    assert (found.format, told(found)[0]) == ("rtf", ("format_by_content", None))


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"Hello.", "not an RTF file"),
        (rtf("Hello.")[:-1], "cut off"),
        (rb"{\rtf1 a\uc b}", "damaged"),
        (rb"{\rtf1 }", "holds no text"),
        (b"{" * 100_000, "not an RTF file"),
    ],
)
def test_what_cannot_be_read_says_why(tmp_path: Path, content: bytes, problem: str) -> None:
    with pytest.raises(ReadingError) as caught:
        reading(tmp_path, "a.rtf", content)
    assert problem in str(caught.value)
    assert "\n" not in str(caught.value)


def test_braces_without_end_take_no_time(tmp_path: Path) -> None:
    deep = b"{\\rtf1 " + b"{\\b " * 50_000 + b"a" + b"}" * 50_001
    assert reading(tmp_path, "a.rtf", deep).text == "a"
