"""Pictures of the report: PNG files inside the docx, shown in a line of their own.

ECMA-376 part 1, 20.4.2.8 (inline) and 20.2.2.5 (pic).
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

from qualcode.errors import ExportError
from qualcode.exporters.report import Figure, Figures, Report
from qualcode.exporters.word.xml import Ink

A = "http://schemas.openxmlformats.org/drawingml/2006/main"
PICTURE = "http://schemas.openxmlformats.org/drawingml/2006/picture"
WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
IMAGE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
EMU_PER_POINT = 12_700
HIGHEST = 640
"""Points: taller than this, a picture and its caption no longer fit on one page."""

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_METRE = 39.3701


def pictures(report: Report) -> Iterator[Figure]:
    """The pictures of a report, in the order in which they are numbered."""
    for part in report.parts:
        if isinstance(part, Figures):
            yield from part.pictures


def drawing(figure: Figure, ink: Ink, number: int, width: int) -> str:
    """A run that shows a picture, no wider than ``width`` twips; its id is unique by number."""
    across, down = _size(figure, width)
    name = f"Figure {number}"
    size = f'cx="{across}" cy="{down}"'
    return (
        f'<w:r><w:drawing><wp:inline xmlns:wp="{WP}" distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent {size}/><wp:effectExtent l="0" t="0" r="0" b="0"/>'
        f'<wp:docPr id="{number}" name="{name}" descr="{ink.attribute(figure.alt)}"/>'
        f'<wp:cNvGraphicFramePr><a:graphicFrameLocks xmlns:a="{A}" noChangeAspect="1"/>'
        f'</wp:cNvGraphicFramePr><a:graphic xmlns:a="{A}"><a:graphicData uri="{PICTURE}">'
        f'<pic:pic xmlns:pic="{PICTURE}"><pic:nvPicPr><pic:cNvPr id="{number}" name="{name}"/>'
        f'<pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="{_id(number)}"/><a:stretch>'
        f'<a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/>'
        f'<a:ext {size}/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>'
        "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )


def media(number: int) -> str:
    """Where a picture lies in the package; no name that a template would use."""
    return f"word/media/qualcode{number}.png"


def with_types(types: str) -> str:
    """``[Content_Types].xml`` that knows PNG files."""
    if re.search(r'<Default\b[^>]*Extension="png"', types, re.IGNORECASE):
        return types
    return _after_start(types, "Types", '<Default Extension="png" ContentType="image/png"/>')


def with_relationships(relationships: str, n: int) -> str:
    """The relationships of the body with those of its ``n`` pictures."""
    added = "".join(
        f'<Relationship Id="{_id(number)}" Type="{IMAGE}" '
        f'Target="{media(number).removeprefix("word/")}"/>'
        for number in range(1, n + 1)
    )
    return _after_start(relationships, "Relationships", added)


def _after_start(xml: str, tag: str, added: str) -> str:
    return re.sub(rf"(<{tag}\b[^>]*>)", lambda start: start[1] + added, xml, count=1)


def _id(number: int) -> str:
    return f"rIdFigure{number}"


def _size(figure: Figure, width: int) -> tuple[int, int]:
    """Width and height in EMU; the picture's own where none is asked for, made to fit."""
    own = _own_size(figure)
    across = figure.width or own[0]
    down = figure.height or across * own[1] / own[0]
    shrink = min(1.0, width / 20 / across, HIGHEST / down)
    return round(across * shrink * EMU_PER_POINT), round(down * shrink * EMU_PER_POINT)


def _own_size(figure: Figure) -> tuple[float, float]:
    """Width and height in points, by the dots per metre the file names, else 96 to the inch."""
    data = figure.png
    if not data.startswith(_SIGNATURE) or data[12:16] != b"IHDR" or len(data) < 33:
        raise ExportError(f'The picture "{figure.caption}" is not a PNG file.')
    dots: tuple[int, int] = struct.unpack(">II", data[16:24])
    if 0 in dots:
        raise ExportError(f'The picture "{figure.caption}" is empty.')
    at = data.find(b"pHYs", 33, data.find(b"IDAT"))
    per_inch = 96.0
    if at > 0 and data[at + 12] == 1:
        per_inch = struct.unpack(">I", data[at + 4 : at + 8])[0] / _METRE or 96.0
    return dots[0] * 72 / per_inch, dots[1] * 72 / per_inch
