"""The file around the body: python-docx makes styles, footers, sections and properties.

Body and comments hold one marker each; ``writer`` streams the real ones over them. What
python-docx's template brings along (a thumbnail, its author, a 2013 date, a hundred table styles,
compatibility with Word 2010) does not go into a report.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Twips

from qualcode.exporters.report import Report
from qualcode.exporters.word.excerpts import LEFT
from qualcode.exporters.word.styles import BODY, fonts
from qualcode.exporters.word.template import add_missing_styles, open_template
from qualcode.exporters.word.xml import NAMESPACES, Ink, field, paragraph

SHORT, LONG, MARGIN = 12240, 15840, 1440
"""A letter page in twips."""

_UNWANTED = ("/thumbnail", "/extended-properties", "/custom-properties")
_OF_A_BODY = ("/styles", "/settings", "/fontTable", "/theme", "/header", "/footer")
_OF_A_SECTION = frozenset(
    qn(f"w:{tag}") for tag in ("headerReference", "footerReference", "pgSz", "pgMar")
)
"""What a section says; columns and borders of a template would break tables and bars."""

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
    left: int
    """Twips by which quotes stand in."""

    body: str
    """Where in the package the marker stands that the body replaces; likewise ``comments``."""

    comments: str


def make_shell(report: Report, ink: Ink, template: Path | None = None) -> Shell:
    """Make the file around a report's body.

    Args:
        template: A house template: its page, header, footer and styles are taken on.

    Raises:
        ExportError: The template is no Word file.
    """
    document: Any = Document() if template is None else open_template(template)
    _drop_parts(document, house=template is not None)
    if template is None:
        _set_styles(document)
        _set_settings(document)
    else:
        add_missing_styles(document)
    for element in list(document.element.body)[:-1]:
        document.element.body.remove(element)
    _set_pages(document, report, ink, house=template is not None)
    # A comment makes python-docx add the part, its content type and its relationship.
    marker = document.add_paragraph("marker")
    comment = document.add_comment(marker.runs, text="marker", author="marker")
    _set_properties(document, report, ink)
    file = io.BytesIO()
    document.save(file)
    upright, across = document.sections
    return Shell(
        file.getvalue(),
        _section_xml(upright),
        _section_xml(across),
        _text_width(upright),
        _text_width(across),
        _excerpt_left(document),
        document.part.partname.membername,
        comment.part.partname.membername,
    )


def _set_pages(document: Any, report: Report, ink: Ink, *, house: bool) -> None:
    """Two sections, upright and across, each with its footer; a template's own stays."""
    footed = house and any(
        paragraph.text.strip() for paragraph in document.sections[-1].footer.paragraphs
    )
    own = document.sections[-1]
    if not house:
        _set_page(own, SHORT, LONG)
    if own.page_width > own.page_height:
        _turn(own)
    document.add_section(WD_SECTION.NEW_PAGE)
    upright, across = document.sections
    _turn(across)
    across.footer.is_linked_to_previous = footed
    if report.footer and not footed:
        tabs = _footer_tabs(document)
        _set_footer(upright, report, ink, _text_width(upright), tabs)
        _set_footer(across, report, ink, _text_width(across), tabs)


def _turn(section: Section) -> None:
    width, height = section.page_width, section.page_height
    section.page_width, section.page_height = height, width
    wide = height is not None and width is not None and height > width
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT


def _text_width(section: Section) -> int:
    """In twips."""
    whole, left, right = section.page_width, section.left_margin, section.right_margin
    return int(((whole or Twips(SHORT)) - (left or 0) - (right or 0)) / Twips(1))


def _excerpt_left(document: Any) -> int:
    """Twips by which the style of quotes stands in from where lines begin."""
    indent = document.styles["Excerpt"].paragraph_format.left_indent
    return LEFT if indent is None else round(indent / Twips(1))


def _footer_tabs(document: Any) -> list[int]:
    """Tab stops of the footer's style, in twips: they would stand before ours."""
    stops = document.styles["footer"].paragraph_format.tab_stops
    return [round(stop.position / Twips(1)) for stop in stops]


def _drop_parts(document: Any, *, house: bool) -> None:
    """Leave out what a report does not need, and what the template's text brought along."""
    package, body = document.part.package.rels, document.part.rels
    for key, relationship in list(package.items()):
        if relationship.reltype.endswith(_UNWANTED):
            package.pop(key)
    kept = (*_OF_A_BODY, "/numbering") if house else _OF_A_BODY
    for key, relationship in list(body.items()):
        if not relationship.reltype.endswith(kept):
            body.pop(key)


def _set_styles(document: Any) -> None:
    styles = document.styles.element
    for element in styles.findall(qn("w:style")):
        if element.find(qn("w:name")).get(qn("w:val")) not in _KEPT:
            styles.remove(element)
    add_missing_styles(document)
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


def _set_footer(
    section: Section, report: Report, ink: Ink, width: int, others: Sequence[int]
) -> None:
    """What the report is, and the page at the one right stop; the style's own are cleared."""
    stops = "".join(f'<w:tab w:val="clear" w:pos="{at}"/>' for at in others if at != width)
    tabs = f'<w:tabs>{stops}<w:tab w:val="right" w:pos="{width}"/></w:tabs>'
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
    plain = {
        "title": report.title,
        "author": report.program,
        "last_modified_by": report.program,
        "keywords": ", ".join(report.keywords),
    }
    for name, text in plain.items():
        setattr(properties, name, ink.plain(text)[:255])
    # python-docx refuses more than 255 characters here, which the format does not.
    description = properties._element.get_or_add_description()
    description.text = "\n".join(
        f"{name}: {ink.plain(value)}" for name, value in report.provenance if value
    )
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
        if child.tag in _OF_A_SECTION
    ]
    return f"<w:sectPr>{''.join(parts)}</w:sectPr>"
