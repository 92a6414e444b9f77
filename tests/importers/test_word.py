"""Word documents: every inserted word, no deleted one, and who speaks."""

from __future__ import annotations

from pathlib import Path

from tests.importers.docx_files import WORD, archive, deleted, docx, inserted, p, root, run, table
from tests.importers.docx_files import said as spoken
from tests.importers.files import reading, said, told


def text(tmp_path: Path, *blocks: str) -> str:
    return reading(tmp_path, "a.docx", docx(*blocks)).text


def test_paragraphs_are_parted_by_an_empty_line_and_empty_ones_left_out(tmp_path: Path) -> None:
    assert text(tmp_path, p("One."), p(), p(" "), p("Two.")) == "One.\n\nTwo."


def test_tabs_breaks_and_hyphens_are_characters(tmp_path: Path) -> None:
    marks = "<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t><w:noBreakHyphen/></w:r>"
    assert text(tmp_path, p(marks)) == "a\tb\nc\u2011"


def test_a_tracked_insertion_is_text_and_a_deletion_is_not(tmp_path: Path) -> None:
    block = p("We ", inserted("really "), deleted("never "), "went.", inserted("Yes."))
    found = reading(tmp_path, "a.docx", docx(block))
    assert found.text == "We really went.Yes."
    assert (found.facts["insertions"], found.facts["deletions"]) == (2, 1)
    assert [warning.message for warning in found.warnings][:2] == [
        "2 tracked insertions are read as text.",
        "1 tracked deletion is left out.",
    ]


def test_moved_text_stands_where_it_was_moved_to(tmp_path: Path) -> None:
    moved = f"<w:moveFrom>{run('Here. ')}</w:moveFrom>"
    there = f"<w:moveTo>{run(' Here.')}</w:moveTo>"
    assert text(tmp_path, p(moved, "Now.", there)) == "Now. Here."


def test_a_deleted_paragraph_end_joins_two_paragraphs(tmp_path: Path) -> None:
    ended = "<w:pPr><w:rPr><w:del/></w:rPr></w:pPr>"
    assert text(tmp_path, f"<w:p>{ended}{run('One ')}</w:p>", p("two."), p("Three.")) == (
        "One two.\n\nThree."
    )


def test_content_controls_links_and_fields_keep_their_words(tmp_path: Path) -> None:
    control = f"<w:sdt><w:sdtPr/><w:sdtContent>{run('in a control')}</w:sdtContent></w:sdt>"
    link = f"<w:hyperlink>{run(' in a link')}</w:hyperlink>"
    field = f"<w:r><w:instrText>PAGE</w:instrText></w:r><w:fldSimple>{run(' 7')}</w:fldSimple>"
    block = f"<w:sdt><w:sdtContent>{p(control, link, field)}</w:sdtContent></w:sdt>"
    assert text(tmp_path, block) == "in a control in a link 7"


def test_a_text_box_is_read_once_after_its_paragraph(tmp_path: Path) -> None:
    box = f"<w:txbxContent>{p('Boxed.')}</w:txbxContent>"
    both = (
        f"<w:r><mc:AlternateContent><mc:Choice>{box}</mc:Choice>"
        f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r>"
    )
    assert text(tmp_path, p("Before.", both), p("After.")) == "Before.\n\nBoxed.\n\nAfter."


def test_a_table_is_read_by_rows(tmp_path: Path) -> None:
    assert text(tmp_path, p("Top"), table(["a", "b"], ["c", "d"]), p("End")) == (
        "Top\n\na\tb\n\nc\td\n\nEnd"
    )


def test_a_table_in_a_table_is_read_once(tmp_path: Path) -> None:
    inner = table(["x", "y"])
    outer = f"<w:tbl><w:tr><w:tc>{p('a')}{inner}</w:tc><w:tc>{p('b')}</w:tc></w:tr></w:tbl>"
    assert text(tmp_path, outer) == "a\nx\ty\tb"


def test_a_deleted_row_is_left_out(tmp_path: Path) -> None:
    gone = f"<w:tr><w:trPr><w:del/></w:trPr><w:tc>{p('gone')}</w:tc></w:tr>"
    kept = f"<w:tr><w:tc>{p('kept')}</w:tc></w:tr>"
    found = reading(tmp_path, "a.docx", docx(f"<w:tbl>{gone}{kept}</w:tbl>"))
    assert (found.text, found.facts["deletions"]) == ("kept", 1)


def test_a_table_of_speakers_and_words_gives_turns(tmp_path: Path) -> None:
    rows = [["Speaker", "Content"], ["Ina", "One."], ["", "Two."], ["Ina", "Three."]]
    found = reading(tmp_path, "a.docx", docx(p("A talk"), table(*rows)))
    assert found.text == "A talk\n\nIna: One.\nTwo.\n\nIna: Three."
    assert said(found) == [("Ina", "One.\nTwo."), ("Ina", "Three.")]
    assert [turn.flags for turn in found.turns] == [("continuation",), ()]
    assert found.facts["preamble_lines"] == 1


def test_a_column_that_is_not_read_is_told(tmp_path: Path) -> None:
    rows = [["Speaker", "Text", "Remarks"], ["Ina", "One.", "loud"], ["Bo", "Two.", ""]]
    found = reading(tmp_path, "a.docx", docx(table(*rows)))
    assert [warning.message for warning in found.warnings] == [
        '1 cell of the column "Remarks" is not text.'
    ]


def test_a_bold_label_opens_a_turn(tmp_path: Path) -> None:
    found = reading(
        tmp_path, "a.docx", docx(spoken("Ina", "One."), p("More."), spoken("Bo", "Two."))
    )
    assert found.pattern == "bold-label"
    assert found.text == "Ina: One.\n\nMore.\n\nBo: Two."
    assert said(found) == [("Ina", "One.\n\nMore."), ("Bo", "Two.")]


def test_a_label_may_be_bold_by_its_style_or_in_several_runs(tmp_path: Path) -> None:
    styles = root(
        "styles",
        '<w:style w:styleId="Strong"><w:rPr><w:b/></w:rPr></w:style>'
        '<w:style w:styleId="Who"><w:basedOn w:val="Strong"/></w:style>',
    )
    styled = '<w:r><w:rPr><w:rStyle w:val="Who"/></w:rPr><w:t>Ina:</w:t></w:r>'
    split = run("Bo", bold=True) + run(" Lind", bold=True) + run(":", bold=True)
    blocks = docx(p(styled, run(" One.")), p(split, run(" Two.")), styles=styles)
    found = reading(tmp_path, "a.docx", blocks)
    assert found.pattern == "bold-label"
    assert said(found) == [("Ina", "One."), ("Bo Lind", "Two.")]


def test_bold_words_in_speech_are_plain_text(tmp_path: Path) -> None:
    loud = p(run("Ina:", bold=True), run(" Not "), run("now", bold=True), run("!"))
    found = reading(tmp_path, "a.docx", docx(loud, spoken("Bo", "Why?")))
    assert said(found) == [("Ina", "Not now!"), ("Bo", "Why?")]


def test_a_line_break_inside_a_paragraph_moves_no_bold_label(tmp_path: Path) -> None:
    broken = p(run("Ina:", bold=True), "<w:r><w:t> One</w:t><w:br/><w:t>and two.</w:t></w:r>")
    found = reading(tmp_path, "a.docx", docx(broken, spoken("Bo", "Yes."), spoken("Cy", "No.")))
    assert said(found) == [("Ina", "One\nand two."), ("Bo", "Yes."), ("Cy", "No.")]


def test_labels_that_are_not_bold_are_found_as_in_plain_text(tmp_path: Path) -> None:
    blocks = [p("Interviewer: One?"), p("P1: Two."), p("P1: ", run("Three.", bold=True))]
    found = reading(tmp_path, "a.docx", docx(*blocks))
    assert said(found) == [("Interviewer", "One?"), ("P1", "Two."), ("P1", "Three.")]


def test_a_heading_between_turns_is_nobodys_speech(tmp_path: Path) -> None:
    styles = root("styles", '<w:style w:styleId="H"><w:name w:val="heading 2"/></w:style>')
    blocks = [spoken("Ina", "One."), p("Part two", style="H"), spoken("Ina", "Two.")]
    found = reading(tmp_path, "a.docx", docx(*blocks, styles=styles))
    assert said(found) == [("Ina", "One."), ("Ina", "Two.")]


def test_comments_notes_and_headers_are_counted_not_read(tmp_path: Path) -> None:
    found = reading(
        tmp_path,
        "a.docx",
        docx(
            p("Body."),
            comments=root("comments", f"<w:comment>{p('Really?')}</w:comment>"),
            footnotes=root(
                "footnotes",
                f"<w:footnote>{p()}</w:footnote><w:footnote>{p('See p. 3.')}</w:footnote>",
            ),
            header1=root("hdr", p("Confidential")),
        ),
    )
    assert found.text == "Body."
    assert told(found)[:3] == [("comments", None), ("notes", None), ("headers", None)]
    assert [found.facts[name] for name in ("comments", "notes", "headers")] == [1, 1, 1]


def test_the_reading_keeps_the_source_and_has_no_encoding(tmp_path: Path) -> None:
    content = docx(p("Body."))
    found = reading(tmp_path, "a.docx", content)
    assert (found.format, found.encoding, found.source) == ("docx", None, content)


def test_strict_open_xml_is_read_as_well(tmp_path: Path) -> None:
    body = root("document", f"<w:body>{p('Body.')}</w:body>")
    strict = archive(
        {
            "word/document.xml": body.replace(
                WORD, "http://purl.oclc.org/ooxml/wordprocessingml/main"
            )
        }
    )
    assert reading(tmp_path, "a.docx", strict).text == "Body."


def test_a_control_character_is_dropped_and_counted(tmp_path: Path) -> None:
    found = reading(tmp_path, "a.docx", docx(p("a\ufeffb")))
    assert (found.text, dict(found.dropped)) == ("ab", {"U+FEFF": 1})


def test_a_long_table_is_read_whole(tmp_path: Path) -> None:
    rows = 3000
    found = reading(tmp_path, "a.docx", docx(table(*([f"{n * n}", "a", "b"] for n in range(rows)))))
    assert found.text.count("\ta\tb") == rows
