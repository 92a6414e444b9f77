"""A house template: its page, header and styles win, its text and its origin stay behind."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.shared import Cm, Pt

from qualcode.errors import ExportError
from qualcode.exporters.word import write_template, write_word
from tests.exporters.packages import Package
from tests.exporters.reports import W, everything, excerpts, part, png, report


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A4, a logo and a word in the header, green headings, an own Excerpt and its old text."""
    document: Any = Document()
    document.styles["Heading 1"].font.name = "Georgia"
    document.styles["Heading 1"].element.set(f"{W}styleId", "berschrift1")
    excerpt = document.styles.add_style("Excerpt", WD_STYLE_TYPE.PARAGRAPH)
    excerpt.paragraph_format.left_indent = Pt(50)
    document.add_paragraph("Old words", style="Heading 1")
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(3)
    section.header.paragraphs[0].text = "Harbour Institute"
    section.header.paragraphs[0].add_run().add_picture(io.BytesIO(png()))
    document.add_comment(document.paragraphs[0].runs, text="An old remark", author="somebody")
    path = tmp_path / "house.docx"
    document.save(path)
    return path


def made(house: Path, tmp_path: Path) -> Path:
    path = tmp_path / "report.docx"
    write_word(everything(), path, force=True, template=house)
    return path


def test_the_styles_page_and_header_of_the_house_win(house: Path, tmp_path: Path) -> None:
    document: Any = Document(str(made(house, tmp_path)))
    assert document.styles["Heading 1"].font.name == "Georgia"
    assert {s.header.paragraphs[0].text for s in document.sections} == {"Harbour Institute"}
    upright, across, last = document.sections
    assert (upright.page_width, upright.page_height) == (last.page_width, last.page_height)
    assert round(upright.page_width.cm, 1) == 21.0
    assert across.page_width == upright.page_height
    headings = [p for p in document.paragraphs if p.style.name == "Heading 1"]
    assert headings[0].text == "Mechanisms"
    widths = [
        int(w.get(f"{W}w")) for w in next(document.element.iter(f"{W}tbl")).iter(f"{W}gridCol")
    ]
    assert sum(widths) == pytest.approx(15 * 567, abs=2)  # 21 cm less two margins of 3


def test_a_report_in_the_look_of_a_house_is_a_sound_file(house: Path, tmp_path: Path) -> None:
    assert Package(made(house, tmp_path)).problems() == []


def test_a_style_is_found_by_its_name_and_missing_ones_are_added(
    house: Path, tmp_path: Path
) -> None:
    path = made(house, tmp_path)
    styles = part(path, "word/styles.xml")
    ids = [s.get(f"{W}styleId") for s in styles.iter(f"{W}style")]
    assert {"Heading1", "Excerpt", "Turn", "TableNote", "Attribution"} <= set(ids)
    assert "berschrift1" not in ids
    bars = [p for p in part(path).iter(f"{W}pPr") if p.find(f"{W}pBdr") is not None]
    assert bars[0].find(f"{W}ind").get(f"{W}left") == "1000"


def test_text_and_comments_of_the_template_stay_behind(house: Path, tmp_path: Path) -> None:
    path = made(house, tmp_path)
    with zipfile.ZipFile(path) as file:
        said = b"".join(file.read(name) for name in file.namelist())
    assert b"Old words" not in said
    assert b"old remark" not in said
    document = Document(str(path))
    assert [comment.author for comment in document.comments] == ["ana", "ben"]
    assert document.core_properties.author == "qualcode"


def test_a_dotx_serves_as_well_and_two_builds_are_the_same(house: Path, tmp_path: Path) -> None:
    dotx = tmp_path / "house.dotx"
    with zipfile.ZipFile(house) as old, zipfile.ZipFile(dotx, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"document.main+xml", b"template.main+xml"))
    assert made(dotx, tmp_path).read_bytes() == made(house, tmp_path).read_bytes()


def test_settings_that_ask_at_opening_or_point_outside_are_left_out(
    house: Path, tmp_path: Path
) -> None:
    document: Any = Document(str(house))
    link = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"
    settings = document.settings
    key = document.part._settings_part.relate_to(
        "file:///C:/Users/somebody/house.dotm", link, is_external=True
    )
    for tag in ("attachedTemplate", "updateFields"):
        element = settings.element.makeelement(f"{W}{tag}", {})
        if tag == "attachedTemplate":
            r = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
            element.set(r, key)
        settings.element.insert(0, element)
    document.save(house)
    path = made(house, tmp_path)
    with zipfile.ZipFile(path) as file:
        said = b"".join(file.read(name) for name in file.namelist())
    assert b"somebody" not in said
    assert b"updateFields" not in said


@pytest.mark.parametrize("what", ["text", "zip", "folder", "missing", "character"])
def test_what_is_no_template_is_said_and_the_old_file_kept(tmp_path: Path, what: str) -> None:
    template, path = tmp_path / "house.docx", tmp_path / "report.docx"
    path.write_bytes(b"before")
    if what == "text":
        template.write_text("Dear all")
    elif what == "zip":
        with zipfile.ZipFile(template, "w") as file:
            file.writestr("a.txt", "b")
    elif what == "folder":
        template.mkdir()
    elif what == "character":
        document = Document()
        document.styles.add_style("Excerpt", WD_STYLE_TYPE.CHARACTER)
        document.save(str(template))
    with pytest.raises(ExportError, match=r"house\.docx") as problem:
        write_word(report(excerpts("One.")), path, force=True, template=template)
    assert "\n" not in str(problem.value)
    assert problem.value.exit_code == 1
    assert path.read_bytes() == b"before"


def test_a_template_to_start_from_shows_every_style_and_gives_the_same_report(
    tmp_path: Path,
) -> None:
    start = tmp_path / "start.docx"
    write_template(start)
    names = {p.style.name for p in Document(str(start)).paragraphs if p.style is not None}
    assert {"Excerpt", "Turn", "Table Note", "Heading 1", "Heading 2", "Title", "toc 1"} <= names
    document = Document(str(made(start, tmp_path)))
    assert document.sections[0].footer.paragraphs[0].text == "Harbour\tPage 1 of 1"
    with pytest.raises(ExportError, match="exists already"):
        write_template(start)
