"""Every word a file holds, wherever it stands: text, comments, headers, properties, attributes.

It reads to find what should not be there, so it leaves nothing out and understands little: words
split over runs are joined, blocks are kept apart. It unpacks what may be hostile: call ``words_of``
through ``importers.guarded``. Projects are read by ``store.all_words``.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

from qualcode.errors import HostileFile, InputProblems, ReadingError
from qualcode.formats.cells import parse_csv
from qualcode.formats.safe_zip import SafeZip
from qualcode.formats.xml import parse

if TYPE_CHECKING:
    from lxml.etree import _Element

ZIP, PDF, SQLITE = b"PK\x03\x04", b"%PDF", b"SQLite format 3\0"
DEEPEST = 2
"""Archives within archives."""

_BLOCKS = frozenset([
    "p", "h", "si", "is", "c", "comment", "tr", "tc", "table-cell", "annotation", "footnote",
    "li", "cell", "title", "br", "tab", "line-break", "s", "cr", "text-box",
])  # fmt: skip
"""Elements of Word, OpenDocument and spreadsheets at which one word ends and another begins."""

_INLINE = frozenset([
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "del", "dfn", "em", "font", "i", "ins", "kbd",
    "mark", "q", "s", "small", "span", "strike", "strong", "sub", "sup", "tt", "u", "var", "wbr",
])  # fmt: skip
_PICTURES = (
    b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"\0\0\1\0", b"\0\1\0\0", b"OTTO", b"wOF",
    b"\x01\0\0\0", b"\xd7\xcd\xc6\x9a",
)  # fmt: skip
"""How pictures and fonts begin, which archives of documents hold."""

_EMPTY_LINES = re.compile(r"\s*\n\s*")
Words = list[list[str]]


def words_of(data: bytes, path: str) -> dict[str, Any]:
    """Give all words of a file.

    Returns:
        JSON values: ``words``, pairs of a place and its text; ``unread``, parts that hold no text
        this can read (pictures).

    Raises:
        ReadingError: it is damaged, encrypted, or of a kind that cannot be looked into.
    """
    unread: list[str] = []
    words = [[place, text] for place, text in _words(data, path, unread, 0) if text.strip()]
    return {"words": words, "unread": unread}


def _words(data: bytes, path: str, unread: list[str], depth: int) -> Iterator[tuple[str, str]]:
    if data.startswith(ZIP):
        yield from _archive(data, path, unread, depth)
    elif data.startswith(PDF):
        yield from _pdf(data, path)
    else:
        text = _decoded(data, path)
        ending = path.rpartition(".")[2].casefold()
        start = text.lstrip("\ufeff \t\r\n")[:200].casefold()
        if ending in ("html", "htm") or start.startswith(("<!doctype html", "<html")):
            yield from _page(text)
        elif start.startswith("<?xml") or ending in ("xml", "svg", "eaf"):
            yield from _xml(data, path, "text")
        elif start.startswith("{\\rtf"):
            yield from _rtf(text)
        elif ending in ("json", "otr") or start.startswith('{"'):
            yield from _json(text)
        elif ending in ("csv", "tsv"):
            yield from _table(text, path)
        else:
            yield "text", text


def _decoded(data: bytes, path: str) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    if b"\0" in data:
        raise ReadingError(path, "This kind of file cannot be looked into.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


# Archives


def _archive(data: bytes, path: str, unread: list[str], depth: int) -> Iterator[tuple[str, str]]:
    archive = SafeZip(data, path)
    cells = _cells_of_strings(archive, path)
    for name in archive.names():
        if name.endswith("/"):
            continue
        yield "names of the parts", name
        part = archive.read(name)
        if name == "xl/sharedStrings.xml":
            for n, item in enumerate(parse(part, path)):
                yield cells.get(n, name), _joined(item)
        elif name.endswith((".xml", ".rels", ".xhtml")) or part.lstrip()[:5] == b"<?xml":
            yield from _xml(part, path, name)
        elif part.startswith(ZIP):
            if depth >= DEEPEST:
                raise HostileFile(path, "Archives lie within archives within archives.")
            for place, text in _words(part, path, unread, depth + 1):
                yield f"{name}, {place}", text
        elif part.startswith(_PICTURES) or b"\0" in part[:4000]:
            unread.append(name)
        else:
            for place, text in _words(part, name, unread, depth + 1):
                yield f"{name}, {place}", text


def _cells_of_strings(archive: SafeZip, path: str) -> dict[int, str]:
    """Number of a shared string of a workbook → the first cell that shows it."""
    found: dict[int, str] = {}
    if "xl/sharedStrings.xml" not in archive:
        return found
    for name in archive.names():
        if not name.startswith("xl/worksheets/") or not name.endswith(".xml"):
            continue
        sheet = name.rpartition("/")[2].removesuffix(".xml")
        for cell in parse(archive.read(name), path).iter("{*}c"):
            value = cell.find("{*}v")
            if cell.get("t") == "s" and value is not None and (value.text or "").isdigit():
                found.setdefault(int(value.text or 0), f"{sheet}, cell {cell.get('r', '?')}")
    return found


# XML


def _xml(data: bytes, path: str, place: str) -> Iterator[tuple[str, str]]:
    root = parse(data, path)
    yield place, _joined(root)
    attributes: dict[str, None] = {}
    comments: list[str] = []
    for element in root.iter():
        if isinstance(element.tag, str):
            attributes.update(dict.fromkeys(map(str, element.attrib.values())))
        else:
            comments.append(element.text or "")
    yield f"{place}, attributes", "\n".join(attributes)
    yield f"{place}, remarks", "\n".join(comments)


def _joined(root: _Element) -> str:
    """The text of an element: runs joined, blocks on lines of their own."""
    pieces: list[str] = []
    todo: list[_Element | str] = [root]
    while todo:  # not by recursion: XML of strangers may be deep
        here = todo.pop()
        if isinstance(here, str):
            pieces.append(here)
            continue
        name = here.tag.rpartition("}")[2] if isinstance(here.tag, str) else ""
        apart = "\n" if name.casefold() in _BLOCKS or not _in_a_run(here) else ""
        after: list[_Element | str] = [here.tail or ""] if here is not root else []
        if not name:
            todo += reversed(after)
            continue
        inside: list[_Element | str] = [apart, here.text or "", *here, apart]
        todo += reversed([*inside, *after])
    return _EMPTY_LINES.sub("\n", "".join(pieces))


_RUNS = frozenset([
    "r", "t", "span", "ins", "del", "deltext", "instrtext", "rpr", "ppr", "hyperlink", "a", "sdt",
    "sdtcontent", "smarttag", "bookmarkstart", "bookmarkend", "prooferr", "fldsimple", "sectpr",
    "commentrangestart", "commentrangeend", "commentreference", "lastrenderedpagebreak",
    "nobreakhyphen", "softhyphen", "b", "i", "u", "ruby", "rt", "bookmark-start",
    "bookmark-end", "soft-page-break", "movefrom", "moveto", "rph", "fldchar", "tspan",
])  # fmt: skip
"""Elements that stand within a word, or between the parts of one."""


def _in_a_run(element: _Element) -> bool:
    parent = element.getparent()
    tag = element.tag if isinstance(element.tag, str) else ""
    name = tag.rpartition("}")[2].casefold()
    above = parent.tag if parent is not None and isinstance(parent.tag, str) else ""
    return name in _RUNS or above.rpartition("}")[2].casefold() in ("rpr", "ppr")


# Text


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text: list[str] = []
        self.attributes: list[str] = []
        self.remarks: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [value for _, value in attrs if value]
        self._apart(tag)

    def handle_endtag(self, tag: str) -> None:
        self._apart(tag)

    def _apart(self, tag: str) -> None:
        if tag not in _INLINE:
            self.text.append("\n")

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def handle_comment(self, data: str) -> None:
        self.remarks.append(data)

    def handle_decl(self, decl: str) -> None:
        self.remarks.append(decl)

    def handle_pi(self, data: str) -> None:
        self.remarks.append(data)

    def unknown_decl(self, data: str) -> None:
        self.remarks.append(data)


def _page(text: str) -> Iterator[tuple[str, str]]:
    page = _Page()
    page.feed(text)
    page.close()
    yield "text", "".join(page.text)
    yield "attributes", "\n".join(page.attributes)
    yield "remarks", "\n".join(page.remarks)


def _rtf(text: str) -> Iterator[tuple[str, str]]:
    from striprtf.striprtf import rtf_to_text

    plain = str(rtf_to_text(text, errors="replace"))  # type: ignore[no-untyped-call]
    # an emoji comes as two halves, which no answer could carry
    yield "text", plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    yield "the file itself", text


def _json(text: str) -> Iterator[tuple[str, str]]:
    try:
        held = json.loads(text)
    except (ValueError, RecursionError):
        yield "text", text
        return
    yield from strings(held)


def strings(value: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Every string of a JSON value, keys too, with where it stands."""
    todo = [(place, value)]
    while todo:
        where, one = todo.pop()
        if isinstance(one, str):
            yield where or "text", one
        elif isinstance(one, list):
            todo += [(f"{where}[{n}]", item) for n, item in enumerate(one)]
        elif isinstance(one, dict):
            yield where or "keys", "\n".join(map(str, one))
            todo += [(f"{where}.{n}".lstrip("."), item) for n, item in enumerate(one.values(), 1)]


def _table(text: str, path: str) -> Iterator[tuple[str, str]]:
    try:
        grid = parse_csv(text, path)
    except (InputProblems, csv.Error):
        yield "text", text
        return
    yield "header", "\n".join(grid.columns)
    for line, row in grid.rows:
        for n, cell in enumerate(row.values(), 1):
            yield f"line {line}, column {n}", cell


def _pdf(data: bytes, path: str) -> Iterator[tuple[str, str]]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(io.BytesIO(data))
    except pypdfium2.PdfiumError as error:
        raise ReadingError(path, "The PDF is damaged or encrypted.") from error
    yield "properties", "\n".join(map(str, document.get_metadata_dict().values()))
    for n in range(len(document)):
        page = document[n]
        text = page.get_textpage().get_text_bounded()
        # U+FFFE stands for the hyphen at the end of a line
        yield f"page {n + 1}", re.sub("\ufffe\\s*", "", text).replace("\r", "")
