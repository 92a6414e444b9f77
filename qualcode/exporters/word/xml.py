"""WordprocessingML as strings: text made safe, properties in the order the schema demands.

Every string that comes from data passes ``Ink.text`` or ``Ink.attribute``. The order of children
is part of the format (ECMA-376 part 1, 17.3.1.26, 17.3.2.28, 17.4.70): Word calls a file with
another order damaged.
"""

from __future__ import annotations

import re
from functools import cache

from qualcode.exporters.word.scripts import east_asian, one_way, stretches
from qualcode.text.safe import visible_bidi, xml_safe

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAMESPACES = f'xmlns:w="{W}" xmlns:r="{R}"'
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

_BREAK = re.compile("(\r\n|[\n\r\t])")
_COLOUR = re.compile("#[0-9A-Fa-f]{6}")
GREY = "888888"


def escaped(text: str) -> str:
    """Text whose signs cannot be taken for markup; the ampersand goes first."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace('"', "&quot;")


class Ink:
    """Writes text into XML and counts what XML cannot hold."""

    def __init__(self) -> None:
        self.replaced = 0
        """Characters that became U+FFFD."""

    def plain(self, text: str) -> str:
        """Text that XML can hold, not yet escaped."""
        if text.isprintable():  # no control, bidi or surrogate character and no line end
            return text
        safe, replaced = xml_safe(visible_bidi(text))
        self.replaced += replaced
        return safe

    def attribute(self, text: str) -> str:
        """Text as the value of an attribute, or as character data."""
        return escaped(self.plain(text))

    def text(self, text: str) -> str:
        """Text as the content of a run; line ends and tabs become Word's own."""
        if text.isprintable() or _BREAK.search(text) is None:  # line ends are not printable
            return f'<w:t xml:space="preserve">{self.attribute(text)}</w:t>' if text else ""
        parts = []
        for part in _BREAK.split(text):
            if part == "\t":
                parts.append("<w:tab/>")
            elif part in ("\n", "\r", "\r\n"):
                parts.append("<w:br/>")
            elif part:
                parts.append(f'<w:t xml:space="preserve">{self.attribute(part)}</w:t>')
        return "".join(parts)

    def run(self, text: str, properties: str = "") -> str:
        """A run of text, or several where its direction turns; empty for an empty text."""
        if one_way(text):
            if text.isprintable():  # what nearly every text is: no line end, no control character
                inner = f'<w:t xml:space="preserve">{escaped(text)}</w:t>' if text else ""
            else:
                inner = self.text(text)
            return f"<w:r>{properties}{inner}</w:r>" if inner else ""
        east = east_asian(text)
        return "".join(
            f"<w:r>{scripted(properties, east=east, right=right)}{self.text(part)}</w:r>"
            for part, right in stretches(text)
        )


def hex_colour(colour: str) -> str:
    """``RRGGBB`` of a code's colour; grey for anything else."""
    return colour[1:].upper() if _COLOUR.fullmatch(colour) else GREY


def tint(colour: str, strength: float = 0.3) -> str:
    """The colour mixed with white, so that black text stays readable on it."""
    whole = hex_colour(colour)
    parts = [int(whole[at : at + 2], 16) for at in (0, 2, 4)]
    return "".join(f"{round(255 - (255 - part) * strength):02X}" for part in parts)


@cache
def rpr(
    *,
    style: str = "",
    bold: bool = False,
    italic: bool = False,
    colour: str = "",
    underline: bool = False,
    fill: str = "",
    superscript: bool = False,
) -> str:
    """Properties of a run, in schema order; empty where there are none."""
    inner = ""
    if style:
        inner += f'<w:rStyle w:val="{style}"/>'
    if bold:
        inner += "<w:b/><w:bCs/>"
    if italic:
        inner += "<w:i/><w:iCs/>"
    if colour:
        inner += f'<w:color w:val="{colour}"/>'
    if underline:
        inner += '<w:u w:val="single"/>'
    if fill:
        inner += f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>'
    if superscript:
        inner += '<w:vertAlign w:val="superscript"/>'
    return f"<w:rPr>{inner}</w:rPr>" if inner else ""


@cache
def scripted(properties: str, *, east: bool, right: bool) -> str:
    """The properties of a run with what its script asks for; ``properties`` is from ``rpr``."""
    inner = properties.removeprefix("<w:rPr>").removesuffix("</w:rPr>")
    if east:
        style, mark, rest = inner.rpartition("<w:rStyle")
        end = rest.find("/>") + 2 if mark else 0
        inner = f'{style}{mark}{rest[:end]}<w:rFonts w:hint="eastAsia"/>{rest[end:]}'
    if right:
        inner += "<w:rtl/>"
    return f"<w:rPr>{inner}</w:rPr>" if inner else ""


def ppr(
    style: str = "",
    *,
    keep_next: bool = False,
    page_break: bool = False,
    bar: str = "",
    left: int | None = None,
    hanging: tuple[int, ...] = (),
    align: str = "",
    bidi: bool = False,
    section: str = "",
) -> str:
    """Properties of a paragraph, in schema order; empty where there are none.

    Args:
        bar: Colour of a 3 pt bar where lines begin.
        left: Indent in twips from where lines begin.
        hanging: Tab stops; the first line begins at 0, the others at the last stop.
        bidi: Lines run from the right; left and right of indents and stops change places.
        section: A ``w:sectPr``: the paragraph ends that section.
    """
    inner = f'<w:pStyle w:val="{style}"/>' if style else ""
    if keep_next:
        inner += "<w:keepNext/>"
    if page_break:
        inner += "<w:pageBreakBefore/>"
    if bar:
        side = "right" if bidi else "left"
        rule = f'<w:{side} w:val="single" w:sz="24" w:space="8" w:color="{bar}"/>'
        inner += f"<w:pBdr>{rule}</w:pBdr>"
    if hanging:
        stops = "".join(f'<w:tab w:val="left" w:pos="{at}"/>' for at in hanging)
        inner += f"<w:tabs>{stops}</w:tabs>"
    if bidi:
        inner += "<w:bidi/>"
    if hanging:
        inner += f'<w:ind w:left="{hanging[-1]}" w:hanging="{hanging[-1]}"/>'
    elif left is not None:
        inner += f'<w:ind w:left="{left}"/>'
    if align:
        inner += f'<w:jc w:val="{align}"/>'
    inner += section
    return f"<w:pPr>{inner}</w:pPr>" if inner else ""


def paragraph(content: str, properties: str = "") -> str:
    """A paragraph of runs."""
    return f"<w:p>{properties}{content}</w:p>"


def linked(anchor: str, runs: str) -> str:
    """Runs that lead to a bookmark of the file."""
    return f'<w:hyperlink w:anchor="{anchor}" w:history="1">{runs}</w:hyperlink>'


def tcpr(width: int, *, top: int = 0, bottom: int = 0, valign: str = "") -> str:
    """Properties of a table cell, in schema order.

    Args:
        width: In twips.
        top: Rule above, in eighths of a point; 0 for none. Likewise ``bottom``.
    """
    rules = ""
    if top:
        rules += f'<w:top w:val="single" w:sz="{top}" w:space="0" w:color="000000"/>'
    if bottom:
        rules += f'<w:bottom w:val="single" w:sz="{bottom}" w:space="0" w:color="000000"/>'
    inner = f'<w:tcW w:w="{width}" w:type="dxa"/>'
    if rules:
        inner += f"<w:tcBorders>{rules}</w:tcBorders>"
    if valign:
        inner += f'<w:vAlign w:val="{valign}"/>'
    return f"<w:tcPr>{inner}</w:tcPr>"


def field(instruction: str, cached: str, properties: str = "") -> str:
    """A field with the text it shows until Word renews it; ``cached`` is one or more runs."""
    return (
        f'<w:r>{properties}<w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r>{properties}<w:instrText xml:space="preserve"> {instruction} </w:instrText></w:r>'
        f'<w:r>{properties}<w:fldChar w:fldCharType="separate"/></w:r>'
        f'{cached}<w:r>{properties}<w:fldChar w:fldCharType="end"/></w:r>'
    )
