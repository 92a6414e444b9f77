"""OpenDocument texts for tests, written out as the XML that a word processor would write."""

from __future__ import annotations

import io
import zipfile
from xml.sax.saxutils import escape

_SHORT = {
    "office": "office", "text": "text", "table": "table", "style": "style", "draw": "drawing",
    "fo": "xsl-fo-compatible", "svg": "svg-compatible",
}  # fmt: skip
_ATTRIBUTES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in _SHORT.items()
)
_BOLD = (
    '<style:style style:name="B" style:family="text">'
    '<style:text-properties fo:font-weight="bold"/></style:style>'
)


def p(text: str, *, style: str = "") -> str:
    """A paragraph; the text is XML already."""
    named = f' text:style-name="{style}"' if style else ""
    return f"<text:p{named}>{text}</text:p>"


def said(label: str, words: str) -> str:
    """A paragraph with a bold label."""
    return p(f'<text:span text:style-name="B">{escape(label)}:</text:span> {escape(words)}')


def table(*rows: list[str]) -> str:
    """A table of plain cells."""
    cells = (
        "".join(f"<table:table-cell>{p(escape(cell))}</table:table-cell>" for cell in row)
        for row in rows
    )
    inside = "".join(f"<table:table-row>{row}</table:table-row>" for row in cells)
    return f"<table:table>{inside}</table:table>"


def content(*blocks: str, styles: str = _BOLD) -> str:
    """The part ``content.xml``."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_ATTRIBUTES}>'
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:text>{''.join(blocks)}</office:text></office:body>"
        "</office:document-content>"
    )


def page_styles(inside: str) -> str:
    """The part ``styles.xml``."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-styles {_ATTRIBUTES}>'
        f"{inside}</office:document-styles>"
    )


def packed(**parts: str) -> bytes:
    """An archive of parts: ``content=…`` becomes ``content.xml``; the type comes first."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as written:
        kind = zipfile.ZipInfo("mimetype")
        written.writestr(kind, "application/vnd.oasis.opendocument.text", zipfile.ZIP_STORED)
        for name, part in parts.items():
            written.writestr(zipfile.ZipInfo(f"{name}.xml"), part, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def odt(*blocks: str, styles: str = _BOLD, **parts: str) -> bytes:
    """An OpenDocument text of these blocks."""
    return packed(content=content(*blocks, styles=styles), **parts)
