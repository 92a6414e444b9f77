"""The look of the report: styles by name, added to the shell before the body is written.

Fonts are named outright (never by theme), so that every script gets the same answer everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass

BODY, HEADINGS = "Calibri", "Cambria"
INK, BLUE, QUIET = "1F2937", "1F5F8B", "5B6573"


@dataclass(frozen=True, slots=True)
class Style:
    """A style of the report; sizes in half points, distances in twips."""

    name: str
    kind: str = "paragraph"
    based_on: str = "Normal"
    font: str = ""
    size: int = 0
    bold: bool = False
    italic: bool = False
    colour: str = ""
    before: int | None = None
    after: int | None = None
    line: int | None = None
    left: int = 0
    hanging: int = 0
    right: int = 0
    tabs: tuple[int, ...] = ()
    keep_next: bool = False
    keep_lines: bool = False
    outline: int | None = None

    @property
    def id(self) -> str:
        """The style's id in the file: its name without blanks, as Word makes them."""
        return "".join(word[:1].upper() + word[1:] for word in self.name.split())


CHARACTER = "character"
STYLES = (
    Style("Normal", based_on="", font=BODY, size=22, colour=INK, after=120, line=264),
    Style("Title", font=HEADINGS, size=56, before=240, after=120, line=240),
    Style("Subtitle", size=28, colour=QUIET, after=60, line=240),
    Style(
        "heading 1", font=HEADINGS, size=36, bold=True, before=480, after=120, line=240,
        keep_next=True, keep_lines=True, outline=0,
    ),
    Style(
        "heading 2", font=HEADINGS, size=26, bold=True, colour=BLUE, before=320, after=60,
        line=240, keep_next=True, keep_lines=True, outline=1,
    ),
    Style("TOC Heading", bold=True, size=24, before=240, after=80, keep_next=True),
    Style("toc 1", size=20, before=10, after=0, line=240),
    Style("toc 2", size=18, after=0, line=240, left=360),
    Style("footer", size=17, colour=QUIET, after=0, line=240),
    Style("Report Counts", colour=QUIET, after=120),
    Style("Code Definition", after=140, keep_next=True, keep_lines=True),
    Style("Excerpt", after=200, left=540, right=360, keep_lines=True),
    Style("Table Number", bold=True, before=240, after=0, line=240, keep_next=True),
    Style("Table Title", italic=True, after=100, line=240, keep_next=True),
    Style("Table Text", size=19, before=30, after=30, line=240),
    Style("Table Note", size=18, colour=QUIET, before=80, after=240, line=240),
    Style("Turn", after=100, left=1720, hanging=1720, tabs=(480, 1720)),
    Style("Mark Key", size=17, colour=QUIET, after=120, line=240, left=1720, keep_lines=True),
    Style("annotation text", size=20, after=40, line=240),
    Style("Attribution", CHARACTER, "", size=18, colour=QUIET),
    Style("Quiet", CHARACTER, "", colour=QUIET),
    Style("Context", CHARACTER, "", size=20, colour=QUIET),
    Style("Code Mark", CHARACTER, "", bold=True, size=16, colour=QUIET),
    Style("Speaker", CHARACTER, "", bold=True, colour=BLUE),
    Style("Turn Number", CHARACTER, "", size=16, colour=QUIET),
    Style("Code Chip", CHARACTER, "", bold=True),
    Style("annotation reference", CHARACTER, "", size=16),
)  # fmt: skip


def style_xml(style: Style) -> str:
    """The definition of a style, children in schema order, without namespace declarations."""
    custom = ' w:customStyle="1"' if style.name[0].isupper() and style.name not in BUILT_IN else ""
    default = ' w:default="1"' if style.name == "Normal" else ""
    inner = f'<w:name w:val="{style.name}"/>'
    if style.based_on:
        inner += f'<w:basedOn w:val="{style.based_on}"/>'
    inner += "<w:qFormat/>"
    paragraph = _paragraph(style) if style.kind == "paragraph" else ""
    if paragraph:
        inner += f"<w:pPr>{paragraph}</w:pPr>"
    if run := _run(style):
        inner += f"<w:rPr>{run}</w:rPr>"
    return (
        f'<w:style w:type="{style.kind}"{default}{custom} w:styleId="{style.id}">{inner}</w:style>'
    )


BUILT_IN = {"Normal", "Title", "Subtitle", "TOC Heading"}


def fonts(name: str) -> str:
    """The font for all four kinds of script."""
    return f'<w:rFonts w:ascii="{name}" w:hAnsi="{name}" w:eastAsia="{name}" w:cs="{name}"/>'


def _paragraph(style: Style) -> str:
    inner = "<w:keepNext/>" if style.keep_next else ""
    inner += "<w:keepLines/>" if style.keep_lines else ""
    inner += "<w:widowControl/>"
    if style.tabs:
        stops = "".join(f'<w:tab w:val="left" w:pos="{at}"/>' for at in style.tabs)
        inner += f"<w:tabs>{stops}</w:tabs>"
    space = "" if style.before is None else f' w:before="{style.before}"'
    space += "" if style.after is None else f' w:after="{style.after}"'
    space += "" if style.line is None else f' w:line="{style.line}" w:lineRule="auto"'
    inner += f"<w:spacing{space}/>" if space else ""
    if style.left or style.right:
        right = f' w:right="{style.right}"' if style.right else ""
        hanging = f' w:hanging="{style.hanging}"' if style.hanging else ""
        inner += f'<w:ind w:left="{style.left}"{right}{hanging}/>'
    if style.outline is not None:
        inner += f'<w:outlineLvl w:val="{style.outline}"/>'
    return inner


def _run(style: Style) -> str:
    inner = fonts(style.font) if style.font else ""
    inner += "<w:b/><w:bCs/>" if style.bold else ""
    inner += "<w:i/><w:iCs/>" if style.italic else ""
    inner += f'<w:color w:val="{style.colour}"/>' if style.colour else ""
    inner += f'<w:sz w:val="{style.size}"/><w:szCs w:val="{style.size}"/>' if style.size else ""
    return inner
