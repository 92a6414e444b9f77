"""Web pages: the words of the blocks, bold labels, nothing fetched."""

from __future__ import annotations

from pathlib import Path

import pytest

from qualcode.errors import ReadingError
from qualcode.importers.web_page import words_of
from tests.importers.files import reading, said, told


def page(body: str, head: str = "") -> str:
    return f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>"


def text(tmp_path: Path, body: str, head: str = "") -> str:
    return reading(tmp_path, "a.html", page(body, head)).text


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<p>One.</p><p>Two.</p>", "One.\n\nTwo."),
        ("<p>One.<p>Two.", "One.\n\nTwo."),
        ("<p>One,<br>two.<br></p>", "One,\ntwo."),
        ("<div>One<div>Two</div>Three</div>", "One\n\nTwo\n\nThree"),
        ("<ul><li>a<li>b</ul>c", "a\n\nb\n\nc"),
        ("<p>  One \n two\t<i> three</i> </p>", "One two three"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("<p>a&nbsp;&lt;b&gt; &amp; &#x2013;</p>", "a\xa0<b> & –"),
        ("<p>un<b>bel</b>iev<span>able</span></p>", "unbelievable"),
        ("One<hr>Two", "One\n\nTwo"),
        ("<table><tr><td>a<td>b<tr><td>c<td><p>d<p>e</table>", "a\tb\n\nc\td\ne"),
        ("<table><td>a<td>b</table>", "a\tb"),
        ("<p>a <![no such thing b</p>", "a <![no such thing b"),
        ("<p>2 < 3 [laughs] <inaudible></p>", "2 < 3 [laughs]"),
    ],
)
def test_the_end_of_a_block_ends_a_paragraph(tmp_path: Path, body: str, words: str) -> None:
    assert text(tmp_path, body) == words


def test_scripts_styles_and_titles_are_not_text(tmp_path: Path) -> None:
    head = "<title>A  talk</title><style>p { color: red }</style>"
    found = reading(tmp_path, "a.html", page("<script>x = '<p>no</p>'</script><p>Yes.</p>", head))
    assert (found.text, found.metadata) == ("Yes.", {"title": "A talk"})


@pytest.mark.parametrize(
    "label",
    [
        "<b>{}:</b>",
        "<strong>{}</strong><b>:</b>",
        '<span style="color: red; font-weight:bold">{}:</span>',
        '<span style="FONT-WEIGHT: 700">{}:</span>',
        '<span class="x who">{}:</span>',
        "<b><span>{}</span>:</b>",
    ],
)
def test_a_bold_label_opens_a_turn(tmp_path: Path, label: str) -> None:
    body = "".join(f"<p>{label.format(who)} Yes.</p>" for who in ("Ina", "Bo"))
    found = reading(tmp_path, "a.html", page(body, "<style>.who{font-weight:600}</style>"))
    assert (found.pattern, said(found)) == ("bold-label", [("Ina", "Yes."), ("Bo", "Yes.")])


def test_what_is_not_bold_is_found_as_in_plain_text(tmp_path: Path) -> None:
    plain = '<p><b style="font-weight:normal">Ina: <b>Oh</b> no.</b></p>'
    found = reading(tmp_path, "a.html", page(plain * 2))
    assert (found.pattern, said(found)) == ("label", [("Ina", "Oh no.")] * 2)


def test_a_heading_between_turns_is_nobodys_speech(tmp_path: Path) -> None:
    body = "<p><b>Ina:</b> One.</p><h2>Part two</h2><p><b>Ina:</b> Two.</p>"
    assert said(reading(tmp_path, "a.html", page(body))) == [("Ina", "One."), ("Ina", "Two.")]


def test_a_table_of_speakers_and_words_gives_turns(tmp_path: Path) -> None:
    body = "<table><tr><th>Speaker<th>Text</tr><tr><td>Ina<td>One.</tr><tr><td>Bo<td>Two.</table>"
    assert said(reading(tmp_path, "a.html", page(body))) == [("Ina", "One."), ("Bo", "Two.")]


def test_a_page_is_decoded_as_it_says_where_it_is_not_unicode(tmp_path: Path) -> None:
    greek = page("<p>Αβ</p>", '<meta charset="iso-8859-7">').encode("iso-8859-7")
    found = reading(tmp_path, "a.html", greek)
    assert (found.text, found.encoding, told(found)) == (
        "Αβ",
        "iso8859-7",
        [("no_speakers", None)],
    )


def test_a_codec_that_is_none_of_text_is_not_tried(tmp_path: Path) -> None:
    odd = page("<p>é</p>", "<meta charset=rot13>").encode("cp1252")
    found = reading(tmp_path, "a.html", odd)
    assert (found.text, told(found)[0]) == ("é", ("encoding_guessed", 1))


@pytest.mark.parametrize("beginning", ["<html>", "\ufeff<!DOCTYPE HTML><p>", "<!-- x -->\n<html>"])
def test_the_content_beats_the_ending(tmp_path: Path, beginning: str) -> None:
    found = reading(tmp_path, "a.txt", f"{beginning}One.")
    assert (found.format, found.text) == ("html", "One.")


def test_control_characters_are_dropped_and_counted(tmp_path: Path) -> None:
    found = reading(tmp_path, "a.html", page("<p>a\x1bb&#xFEFF;c\u202ed</p>"))
    assert (found.text, dict(found.dropped)) == ("abc\u202ed", {"U+001B": 1, "U+FEFF": 1})


def test_a_page_without_words_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match="holds no text"):
        reading(tmp_path, "a.html", page("<script>x</script>"))


def test_elements_without_end_take_no_time() -> None:
    for piece in ("<b>", "<p>", "<table>", "<td>", "<ul><li>", "</p>", "&amp;", "<title>"):
        assert words_of(piece * 5_000 + "a").parts or piece == "<title>"
