"""Bytes to characters: encodings, line ends, and what is dropped and counted."""

from __future__ import annotations

from pathlib import Path

import pytest

from qualcode.errors import ReadingError, UnknownName
from tests.importers.files import reading, told

WORDS = "Señora Núñez: cómo está\nAl: fine – more or less\n"


@pytest.mark.parametrize(
    ("codec", "recorded"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-32", "utf-32"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("cp1252", "cp1252"),
    ],
)
def test_the_encoding_is_found_and_recorded(tmp_path: Path, codec: str, recorded: str) -> None:
    found = reading(tmp_path, "a.txt", WORDS.encode(codec))
    assert (found.text, found.encoding) == (WORDS, recorded)


def test_only_a_guess_is_a_warning(tmp_path: Path) -> None:
    guessed = ("encoding_guessed", 1)
    assert guessed in told(reading(tmp_path, "a.txt", WORDS.encode("cp1252")))
    assert guessed not in told(reading(tmp_path, "a.txt", WORDS.encode()))


def test_cp1252_decodes_every_byte(tmp_path: Path) -> None:
    assert reading(tmp_path, "a.txt", bytes(range(32, 256))).text[-128:-126] == "€\x81"


def test_an_encoding_that_is_asked_for_is_taken(tmp_path: Path) -> None:
    found = reading(tmp_path, "a.txt", "é".encode("cp437"), encoding="cp437")
    assert (found.text, found.encoding) == ("é", "cp437")


def test_an_encoding_that_does_not_fit_names_the_byte(tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match=r"Not utf-8: byte 3 does not fit"):
        reading(tmp_path, "a.txt", b"abc\xff", encoding="utf-8")


@pytest.mark.parametrize("encoding", ["klingon", "hex", "rot13", ""])
def test_what_is_no_encoding_of_text_is_unknown(tmp_path: Path, encoding: str) -> None:
    with pytest.raises(UnknownName, match="no encoding"):
        reading(tmp_path, "a.txt", b"abc", encoding=encoding)


@pytest.mark.parametrize("encoding", ["idna", "punycode", "undefined"])
def test_codecs_of_other_things_give_one_line(tmp_path: Path, encoding: str) -> None:
    with pytest.raises(ReadingError, match=f"Not {encoding}"):
        reading(tmp_path, "a.txt", b"xn--\xff.a" * 20, encoding=encoding)


def test_every_kind_of_line_end_is_one_line_feed(tmp_path: Path) -> None:
    assert reading(tmp_path, "a.txt", b"a\r\nb\rc\x0bd\x0ce\n").text == "a\nb\nc\nd\ne\n"


def test_unusual_separators_are_no_line_ends(tmp_path: Path) -> None:
    text = "a\u2028b\u2029c\x85d"
    assert reading(tmp_path, "a.txt", text).text == text


def test_controls_are_dropped_and_counted(tmp_path: Path) -> None:
    found = reading(tmp_path, "a.txt", "a\x00\x1b[31mb\x1bc\ufeff\td")
    assert found.text == "a[31mbc\td"
    assert found.dropped == {"U+0000": 1, "U+001B": 2, "U+FEFF": 1}


def test_what_merely_looks_odd_stays(tmp_path: Path) -> None:
    text = "e\u0301 \u00a0 \u202eabc\u202c [laughs] \x9b"
    found = reading(tmp_path, "a.txt", text)
    assert (found.text, found.dropped) == (text, {})


def test_a_lone_surrogate_becomes_the_replacement_character(tmp_path: Path) -> None:
    found = reading(tmp_path, "a.txt", b"a \\ud83d b \\ud83d\\ude00", encoding="unicode_escape")
    assert found.text == "a \ufffd b \U0001f600"
    assert found.dropped == {"lone surrogate": 1}
