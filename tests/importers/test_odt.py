"""OpenDocument texts: every word of the text, no deleted one, and who speaks."""

from __future__ import annotations

from pathlib import Path

import pytest

from qualcode.errors import HostileFile, ReadingError
from tests.importers.files import reading, said, told
from tests.importers.odt_files import content, odt, p, packed, page_styles, table
from tests.importers.odt_files import said as spoken


def text(tmp_path: Path, *blocks: str) -> str:
    return reading(tmp_path, "a.odt", odt(*blocks)).text


def test_paragraphs_headings_and_lists_are_parted_by_an_empty_line(tmp_path: Path) -> None:
    items = f"<text:list><text:list-item>{p('a')}</text:list-item></text:list>"
    heading = '<text:h text:outline-level="1">Top</text:h>'
    assert text(tmp_path, heading, p("One."), p(""), items) == "Top\n\nOne.\n\na"


def test_blanks_tabs_and_breaks_are_characters(tmp_path: Path) -> None:
    marks = 'a<text:s/>b<text:s text:c="3"/>c<text:tab/>d<text:line-break/>e'
    assert text(tmp_path, p(marks)) == "a b   c\td\ne"


def test_line_ends_of_the_xml_are_one_blank(tmp_path: Path) -> None:
    split = "  One\n   and<text:span> \n two</text:span> three."
    assert text(tmp_path, p(split)) == "One and two three."


def test_deleted_text_is_counted_and_left_out(tmp_path: Path) -> None:
    tracked = (
        "<text:tracked-changes>"
        f"<text:changed-region><text:deletion>{p('never')}</text:deletion></text:changed-region>"
        "<text:changed-region><text:insertion/></text:changed-region></text:tracked-changes>"
    )
    words = '<text:change-start text:change-id="b"/>One<text:change-end text:change-id="b"/>.'
    found = reading(tmp_path, "a.odt", odt(tracked, p(words)))
    assert found.text == "One."
    assert [warning.message for warning in found.warnings][:2] == [
        "1 tracked insertion is read as text.",
        "1 tracked deletion is left out.",
    ]


def test_notes_comments_and_headers_are_counted_not_read(tmp_path: Path) -> None:
    note = f"<text:note><text:note-citation>1</text:note-citation><text:note-body>{p('See p. 3')}</text:note-body></text:note>"
    comment = f"<office:annotation>{p('Really?')}</office:annotation>"
    header = page_styles(f"<style:header>{p('Confidential')}</style:header>")
    found = reading(tmp_path, "a.odt", odt(p(f"One{note}{comment}.")))
    assert found.text == "One."
    assert told(found)[:2] == [("comments", None), ("notes", None)]
    whole = packed(content=content(p("One.")), styles=header)
    assert told(reading(tmp_path, "b.odt", whole))[0] == ("headers", None)


def test_a_bold_label_opens_a_turn(tmp_path: Path) -> None:
    found = reading(tmp_path, "a.odt", odt(spoken("Ina", "One."), p("More."), spoken("Bo", "Two.")))
    assert found.pattern == "bold-label"
    assert said(found) == [("Ina", "One.\n\nMore."), ("Bo", "Two.")]


def test_a_label_may_be_bold_by_the_style_that_its_style_is_based_on(tmp_path: Path) -> None:
    styles = (
        '<style:style style:name="S"><style:text-properties fo:font-weight="700"/></style:style>'
        '<style:style style:name="T" style:parent-style-name="S"/>'
    )
    lines = [p(f'<text:span text:style-name="T">{who}:</text:span> Yes.') for who in ("Ina", "Bo")]
    found = reading(tmp_path, "a.odt", odt(*lines, styles=styles))
    assert (found.pattern, said(found)) == ("bold-label", [("Ina", "Yes."), ("Bo", "Yes.")])


def test_a_text_box_is_read_once_after_its_paragraph(tmp_path: Path) -> None:
    box = f"<draw:frame><draw:text-box>{p('Boxed.')}</draw:text-box><svg:desc>A box</svg:desc></draw:frame>"
    assert text(tmp_path, p(f"Before.{box}"), p("After.")) == "Before.\n\nBoxed.\n\nAfter."


def test_a_table_is_read_by_rows(tmp_path: Path) -> None:
    assert text(tmp_path, table(["a", "b"], ["c", "d"]), p("End")) == "a\tb\n\nc\td\n\nEnd"


def test_a_table_of_speakers_and_words_gives_turns(tmp_path: Path) -> None:
    rows = [["Speaker", "Content"], ["Ina", "One."], ["", "Two."], ["Bo", "Three."]]
    found = reading(tmp_path, "a.odt", odt(table(*rows)))
    assert said(found) == [("Ina", "One.\nTwo."), ("Bo", "Three.")]


def test_a_cell_that_stands_for_millions_is_no_trap(tmp_path: Path) -> None:
    cell = '<table:table-cell table:number-columns-repeated="99999999"/>'
    block = f"<table:table><table:table-row><table:table-cell>{p('a')}</table:table-cell>{cell}</table:table-row></table:table>"
    assert text(tmp_path, block).strip() == "a"


def test_the_title_is_metadata(tmp_path: Path) -> None:
    meta = '<x xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Talk</dc:title><dc:creator>Zoe</dc:creator></x>'
    assert reading(tmp_path, "a.odt", odt(p("One."), meta=meta)).metadata == {"title": "Talk"}


def test_a_control_character_is_dropped_and_counted(tmp_path: Path) -> None:
    found = reading(tmp_path, "a.odt", odt(p("a\ufeffb\u202ec [laughs]")))
    assert (found.text, dict(found.dropped)) == ("ab\u202ec [laughs]", {"U+FEFF": 1})


def test_the_content_beats_the_ending(tmp_path: Path) -> None:
    found = reading(tmp_path, "a.docx", odt(p("One.")))
    assert (found.format, told(found)[0]) == ("odt", ("format_by_content", None))


def refused(tmp_path: Path, file: bytes) -> ReadingError:
    with pytest.raises(ReadingError) as caught:
        reading(tmp_path, "a.odt", file)
    assert str(caught.value).startswith(f"{tmp_path / 'a.odt'}: ")
    assert "\n" not in str(caught.value)
    return caught.value


@pytest.mark.parametrize("part", ["content", "styles", "meta"])
def test_a_document_type_in_any_part_is_refused(tmp_path: Path, part: str) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY e "lol">]><x>&e;</x>'
    parts = {"content": content(p("One."))} | {part: bomb}
    assert isinstance(refused(tmp_path, packed(**parts)), HostileFile)


def test_an_encrypted_text_says_so(tmp_path: Path) -> None:
    file = packed(**{"META-INF/manifest": "<m:encryption-data/>", "content": "\x01"})
    assert "encrypted" in str(refused(tmp_path, file))


def test_what_is_no_text_or_damaged_says_so(tmp_path: Path) -> None:
    assert "no OpenDocument text" in str(refused(tmp_path, packed(settings="<x/>")))
    assert "not a text" in str(refused(tmp_path, packed(content="<x/>")))
    assert "damaged" in str(refused(tmp_path, packed(content="<x>")))
    whole = odt(p("One."))
    assert "damaged" in str(refused(tmp_path, whole[: len(whole) // 2]))
