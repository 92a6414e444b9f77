"""What must hold of any Word file, looked for in its package: parts, order, ids, anchors, grids.

The checks know the format (ECMA-376), not the program: each gives what is wrong, empty if nothing.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
TYPES = "[Content_Types].xml"
BODY = "word/document.xml"
STYLES = "word/styles.xml"

_BORDERS = "top start left bottom end right insideH insideV between bar tl2br tr2bl"
ORDER = {
    "p": "pPr *",
    "r": "rPr *",
    "tc": "tcPr *",
    "tr": "tblPrEx trPr *",
    "tbl": "tblPr tblGrid tr",
    "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers"
    " pBdr shd tabs suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE"
    " autoSpaceDN bidi adjustRightInd snapToGrid spacing ind contextualSpacing mirrorIndents"
    " suppressOverlap jc textDirection textAlignment textboxTightWrap outlineLvl divId cnfStyle rPr"
    " sectPr pPrChange",
    "rPr": "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint"
    " noProof snapToGrid vanish webHidden color spacing w kern position sz szCs highlight u effect"
    " bdr shd fitText vertAlign rtl cs em lang eastAsianLayout specVanish oMath",
    "tcPr": "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText"
    " vAlign hideMark",
    "tblPr": "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc"
    " tblCellSpacing tblInd tblBorders shd tblLayout tblCellMar tblLook",
    "trPr": "cnfStyle divId gridBefore gridAfter wBefore wAfter cantSplit trHeight tblHeader",
    "sectPr": "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc"
    " pgBorders lnNumType pgNumType cols formProt vAlign noEndnote titlePg textDirection bidi"
    " rtlGutter docGrid",
    "pBdr": "top left bottom right between bar",
    "tblBorders": _BORDERS,
    "tcBorders": _BORDERS,
    "tblCellMar": "top start left bottom end right",
    "styles": "docDefaults latentStyles style",
    "docDefaults": "rPrDefault pPrDefault",
    "style": "name aliases basedOn next link autoRedefine hidden uiPriority semiHidden"
    " unhideWhenUsed qFormat locked personal rsid pPr rPr tblPr trPr tcPr tblStylePr",
    f"{WP}inline": f"{WP}extent {WP}effectExtent {WP}docPr {WP}cNvGraphicFramePr"
    " {http://schemas.openxmlformats.org/drawingml/2006/main}graphic",
}  # ECMA-376 part 1, the sequences of wml.xsd and dml-wordprocessingDrawing.xsd; *: anything else

STYLED = {"pStyle": "paragraph", "rStyle": "character", "tblStyle": "table"}
NAMED = re.compile(r"[^\W\d]\w{0,39}|_\w{0,39}")
"""What Word lets a bookmark be called."""


class Package:
    """The parts of a Word file, read once."""

    def __init__(self, path: Path) -> None:
        with zipfile.ZipFile(path) as file:
            self.names = file.namelist()
            self.parts = {name: file.read(name) for name in self.names}
        self._trees: dict[str, Any] = {}

    def tree(self, name: str) -> Any:
        """The root of a part; raises where it is not well-formed."""
        if name not in self._trees:
            self._trees[name] = etree.fromstring(self.parts[name])
        return self._trees[name]

    def written(self) -> Iterator[tuple[str, Any]]:
        """Every part in WordprocessingML."""
        for name in self.names:
            if re.fullmatch(r"word/[^/]+\.xml", name):
                yield name, self.tree(name)

    def problems(self) -> list[str]:
        """All that the checks below find."""
        checks = (self.types, self.relationships, self.order, self.ids, self.anchors, self.fields,
                  self.styles, self.grids)  # fmt: skip
        return [problem for check in checks for problem in check()]

    def types(self) -> Iterator[str]:
        """Parts said twice, not there, or without a type."""
        for name, times in Counter(self.names).items():
            if times > 1:
                yield f"{name} stands in the zip {times} times"
        root = self.tree(TYPES)
        said = [str(one.get("PartName")).lstrip("/") for one in root if one.get("PartName")]
        endings = [str(one.get("Extension")).casefold() for one in root if one.get("Extension")]
        yield from (
            f"{name} has a type and is not there" for name in said if name not in self.parts
        )
        for name in self.names:
            if name not in (TYPES, *said) and name.rpartition(".")[2].casefold() not in endings:
                yield f"{name} has no type"
        for listed in (said, endings):
            yield from (f"{one} is said twice" for one, n in Counter(listed).items() if n > 1)

    def relationships(self) -> Iterator[str]:
        """Targets that are not there, parts nobody points to, ids used and not there, or twice."""
        reached = {TYPES}
        for name in [one for one in self.names if one.endswith(".rels")]:
            reached.add(name)
            folder, _, file = name.rpartition("/")
            source = posixpath.join(folder.removesuffix("_rels"), file.removesuffix(".rels"))
            ids = [str(one.get("Id")) for one in self.tree(name)]
            if len(ids) != len(set(ids)):
                yield f"{name} has an id twice"
            for one in self.tree(name):
                if one.get("TargetMode") == "External":
                    yield f"{name} points out of the file"
                base = posixpath.dirname(source)
                target = posixpath.normpath(posixpath.join("/", base, str(one.get("Target"))))
                reached.add(target.lstrip("/"))
                if target.lstrip("/") not in self.parts:
                    yield f"{name} points to {target}, which is not there"
            if source in self.parts:
                used = {
                    str(value)
                    for element in self.tree(source).iter()
                    for key, value in element.attrib.items()
                    if key.startswith(R)
                }
                yield from (f"{source} uses {one}, which {name} has not" for one in used - set(ids))
        yield from (f"nothing points to {name}" for name in self.names if name not in reached)

    def order(self) -> Iterator[str]:
        """Children that do not stand where the schema wants them."""
        for name, root in self.written():
            for parent, words in ORDER.items():
                order = words.split()
                rest = len(order) - 1 if order[-1] == "*" else None
                for element in root.iter(parent if parent.startswith("{") else W + parent):
                    tags = [str(child.tag).removeprefix(W) for child in element]
                    places = [order.index(tag) if tag in order else rest for tag in tags]
                    if None in places or places != sorted(p for p in places if p is not None):
                        yield f"{name}: {parent} holds {' '.join(tags)}"

    def ids(self) -> Iterator[str]:
        """Ids that stand for two things, bookmarks without an end, comments without a place."""
        body = self.tree(BODY)
        for tag, key in ((f"{W}bookmarkStart", f"{W}id"), (f"{W}bookmarkStart", f"{W}name"),
                         (f"{W}bookmarkEnd", f"{W}id"), (f"{WP}docPr", "id")):  # fmt: skip
            found = Counter(str(one.get(key)) for one in body.iter(tag))
            yield from (f"{tag} {key} {one} stands {n} times" for one, n in found.items() if n > 1)
        starts, ends = (
            {str(one.get(f"{W}id")) for one in body.iter(W + tag)}
            for tag in ("bookmarkStart", "bookmarkEnd")
        )
        yield from (f"bookmark {one} has no end or no start" for one in starts ^ ends)
        comments = [one for name, root in self.written() for one in root.iter(f"{W}comment")]
        said = [str(one.get(f"{W}id")) for one in comments]
        for tag in ("commentRangeStart", "commentRangeEnd", "commentReference"):
            placed = [str(one.get(f"{W}id")) for one in body.iter(W + tag)]
            if sorted(placed) != sorted(said) or len(said) != len(set(said)):
                yield f"{tag} and comments differ"

    def anchors(self) -> Iterator[str]:
        """Bookmarks of a name Word does not take; links and fields that lead nowhere."""
        body = self.tree(BODY)
        names = {str(one.get(f"{W}name")) for one in body.iter(f"{W}bookmarkStart")}
        yield from (f"a bookmark is called {name}" for name in names if not NAMED.fullmatch(name))
        for link in body.iter(f"{W}hyperlink"):
            if link.get(f"{W}anchor") not in names:
                yield f"a link leads to {link.get(f'{W}anchor')}"
        for field in body.iter(f"{W}instrText"):
            words = str(field.text).split()
            if words[0] in ("REF", "PAGEREF") and words[1] not in names:
                yield f"a field refers to {words[1]}"

    def fields(self) -> Iterator[str]:
        """Parts whose fields do not begin, separate and end one after the other."""
        for name, root in self.written():
            steps = [one.get(f"{W}fldCharType") for one in root.iter(f"{W}fldChar")]
            if steps != ["begin", "separate", "end"] * (len(steps) // 3):
                yield f"{name}: {steps}"

    def styles(self) -> Iterator[str]:
        """Styles that are used and not defined, or defined twice."""
        root = self.tree(STYLES)
        defined = [(one.get(f"{W}type"), one.get(f"{W}styleId")) for one in root.iter(f"{W}style")]
        yield from (f"{one} is defined {n} times" for one, n in Counter(defined).items() if n > 1)
        for name, part in self.written():
            for tag, kind in STYLED.items():
                for one in {str(used.get(f"{W}val")) for used in part.iter(W + tag)}:
                    if (kind, one) not in defined:
                        yield f"{name} uses the {kind} style {one}"
        for style in root.iter(f"{W}style"):
            for tag in ("basedOn", "next", "link"):
                other = style.find(W + tag)
                if other is not None and other.get(f"{W}val") not in {id_ for _, id_ in defined}:
                    yield f"{style.get(f'{W}styleId')}: {tag} {other.get(f'{W}val')}"

    def grids(self) -> Iterator[str]:
        """Tables whose rows do not fill their grid, or whose cells have not its widths."""
        for n, table in enumerate(self.tree(BODY).iter(f"{W}tbl"), 1):
            grid = [int(one.get(f"{W}w")) for one in table.find(f"{W}tblGrid")]
            for row in table.findall(f"{W}tr"):
                at = 0
                for cell in row.findall(f"{W}tc"):
                    span = cell.find(f"{W}tcPr/{W}gridSpan")
                    across = 1 if span is None else int(span.get(f"{W}val"))
                    width = cell.find(f"{W}tcPr/{W}tcW")
                    if width is None or int(width.get(f"{W}w")) != sum(grid[at : at + across]):
                        yield f"table {n}: a cell is not as wide as its columns"
                    if cell[-1].tag != f"{W}p":
                        yield f"table {n}: a cell does not end in a paragraph"
                    at += across
                if at != len(grid):
                    yield f"table {n}: a row has {at} cells, the grid {len(grid)}"


def words_of(element: Any) -> str:
    """The text of a run or of anything around runs; line ends and tabs as characters."""
    signs = {f"{W}br": "\n", f"{W}tab": "\t"}
    found = element.iter(f"{W}t", *signs)  # a tab stop lies in tabs, no run
    return "".join(
        one.text or "" if one.tag == f"{W}t" else signs[one.tag]
        for one in found
        if one.tag == f"{W}t" or one.getparent().tag == f"{W}r"
    )
