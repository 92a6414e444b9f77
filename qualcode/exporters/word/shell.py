"""The file around the body: python-docx makes styles, footers, sections and properties.

Body and comments hold one marker each; ``writer`` streams the real ones over them. What
python-docx's template brings along (a thumbnail, its author, a 2013 date, a hundred table styles,
compatibility with Word 2010) does not go into a report.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Twips

from qualcode.exporters.report import Report
from qualcode.exporters.word.styles import BODY, STYLES, fonts, style_xml
from qualcode.exporters.word.xml import NAMESPACES, Ink, field, paragraph

SHORT, LONG, MARGIN = 12240, 15840, 1440
"""A letter page in twips."""

PORTRAIT_WIDTH, LANDSCAPE_WIDTH = SHORT - 2 * MARGIN, LONG - 2 * MARGIN
_UNWANTED = (
    "/thumbnail", "/stylesWithEffects", "/customXml", "/extended-properties", "/numbering",
)  # fmt: skip
_KEPT = {"Normal Table", "No List", "Default Paragraph Font"}


@dataclass(frozen=True, slots=True)
class Shell:
    """A docx file with everything but its text."""

    data: bytes
    portrait: str
    """``w:sectPr`` of an upright section, with its footer."""

    landscape: str
    upright: int
    """Twips that the text of an upright page is wide."""

    across: int
    body: str = "word/document.xml"
    """Where in the package the marker stands that the body replaces; likewise ``comments``."""

    comments: str = "word/comments.xml"


def make_shell(report: Report, ink: Ink) -> Shell:
    """Make the file around a report's body."""
    document: Any = Document()
    _drop_parts(document)
    _set_styles(document)
    _set_settings(document)
    for element in list(document.element.body)[:-1]:
        document.element.body.remove(element)
    document.add_section(WD_SECTION.NEW_PAGE)
    upright, across = document.sections
    _set_page(upright, SHORT, LONG)
    _set_page(across, LONG, SHORT)
    across.orientation = WD_ORIENT.LANDSCAPE
    across.footer.is_linked_to_previous = False
    _set_footer(upright, report, ink, PORTRAIT_WIDTH)
    _set_footer(across, report, ink, LANDSCAPE_WIDTH)
    # A comment makes python-docx add the part, its content type and its relationship.
    marker = document.add_paragraph("marker")
    document.add_comment(marker.runs, text="marker", author="marker")
    _set_properties(document, report, ink)
    file = io.BytesIO()
    document.save(file)
    return Shell(
        file.getvalue(),
        _section_xml(upright),
        _section_xml(across),
        PORTRAIT_WIDTH,
        LANDSCAPE_WIDTH,
    )


def _drop_parts(document: Any) -> None:
    for relationships in (document.part.package.rels, document.part.rels):
        for key, relationship in list(relationships.items()):
            if relationship.reltype.endswith(_UNWANTED):
                relationships.pop(key)


def _set_styles(document: Any) -> None:
    styles = document.styles.element
    for element in styles.findall(qn("w:style")):
        if element.find(qn("w:name")).get(qn("w:val")) not in _KEPT:
            styles.remove(element)
    for style in STYLES:
        definition = style_xml(style).replace("<w:style ", f"<w:style {NAMESPACES} ", 1)
        styles.append(parse_xml(definition))
    run = styles.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    run.replace(
        run.find(qn("w:rFonts")),
        parse_xml(fonts(BODY).replace("<w:rFonts ", f"<w:rFonts {NAMESPACES} ", 1)),
    )


def _set_settings(document: Any) -> None:
    for setting in document.settings.element.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")


def _set_page(section: Section, width: int, height: int) -> None:
    section.page_width, section.page_height = Twips(width), Twips(height)
    for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
        setattr(section, side, Twips(MARGIN))
    section.footer_distance = Twips(MARGIN // 2)


def _set_footer(section: Section, report: Report, ink: Ink, width: int) -> None:
    tabs = f'<w:tabs><w:tab w:val="right" w:pos="{width}"/></w:tabs>'
    content = (
        ink.run(report.footer)
        + "<w:r><w:tab/></w:r>"
        + ink.run("Page ")
        + field("PAGE", ink.run("1"))
        + ink.run(" of ")
        + field("NUMPAGES", ink.run("1"))
    )
    made = paragraph(content, f'<w:pPr><w:pStyle w:val="Footer"/>{tabs}</w:pPr>')
    footer: Any = section.footer
    old = footer.paragraphs[0]._p
    old.getparent().replace(old, parse_xml(made.replace("<w:p>", f"<w:p {NAMESPACES}>", 1)))


def _set_properties(document: Any, report: Report, ink: Ink) -> None:
    properties = document.core_properties
    at = datetime.fromisoformat(report.at.replace("Z", "+00:00")).replace(tzinfo=None)
    digest = ", ".join(f"{name}: {value}" for name, value in report.provenance if "SHA" in name)
    plain = {
        "title": report.title,
        "author": report.program,
        "last_modified_by": report.program,
        "comments": digest,
        "keywords": ", ".join(report.keywords),
    }
    for name, text in plain.items():
        setattr(properties, name, ink.plain(text)[:255])
    properties.created = properties.modified = at
    properties.revision = 1


def _section_xml(section: Section) -> str:
    """The properties of a section, as text that can be put into the streamed body."""
    element: Any = section._sectPr
    parts = [
        f"<w:{child.tag.partition('}')[2]} "
        + " ".join(
            f'{"r" if "relationships" in key else "w"}:{key.partition("}")[2]}="{value}"'
            for key, value in child.attrib.items()
        )
        + "/>"
        for child in element
        if child.tag != qn("w:docGrid")
    ]
    return f"<w:sectPr>{''.join(parts)}</w:sectPr>"
