"""Taguette's projects: tags and highlights on pages, and who made them.

The rows of the file are handed in; nothing here knows SQL. Offsets count the UTF-8 bytes of a
page's words; every highlight is held against the words that Taguette kept with it. A highlight
does not say who made it: the list of commands does.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from qualcode.contents import ForeignCoding, ProjectContents, from_plain, to_plain
from qualcode.formats.refi import unique_names
from qualcode.formats.refi_positions import cuts_word
from qualcode.importers.foreign_rows import (
    Gathered,
    Row,
    date,
    line,
    number,
    reading_of,
    same_words,
    sources_of,
    trimmed,
    words,
)
from qualcode.importers.guarded import call
from qualcode.importers.refi_texts import derived
from qualcode.importers.source import PathLike
from qualcode.importers.taguette_text import PageText
from qualcode.model import Code
from qualcode.text.plurals import counted

FORMAT = "taguette"
ORIGIN = "Taguette"

Tables: TypeAlias = Mapping[str, Sequence[Row]]


def read_taguette(
    tables: Tables,
    path: PathLike,
    *,
    coder: str | None = None,
    labels: Sequence[str] = (),
    selections: bool = False,
) -> ProjectContents:
    """Read one project of Taguette. Nothing is stored.

    Args:
        tables: The rows of ``projects`` (one), ``documents``, ``tags``, ``highlights``,
            ``highlight_tags`` and ``commands``.
        path: The file they are of, for messages.
        coder: Who made the highlights of which the commands do not say it; None is "unknown".
        labels: Labels of speakers known from other documents.
        selections: Also give every highlight with its text, as a preview shows it.

    Raises:
        ReadingError: It is too much to read within the limits.
    """
    data = json.dumps(tables, ensure_ascii=False).encode()
    return from_plain(
        call(
            read_plain, data, path, coder=coder, labels=sorted(labels), selections=selections
        )
    )  # fmt: skip


def read_plain(
    data: bytes, path: str, *, coder: str | None, labels: Sequence[str], selections: bool
) -> dict[str, Any]:
    """Be the child of ``read_taguette``: the contents as JSON values."""
    tables: Tables = json.loads(data)
    found = Gathered(ORIGIN)
    project = tables["projects"][0]
    base = f"{words(project, 'created')} {number(project, 'id')}"
    codes = _codes(tables["tags"], base, found)
    pages = _documents(tables["documents"], base, labels, found)
    score = _highlights(tables, base, codes, pages, coder or "", found)
    found.memo(words(project, "description"), "project", id_=derived("about", ORIGIN, base))
    if found.anonymous:
        who = f"“{coder or 'unknown'}”"
        told = counted(found.anonymous, "coding")
        found.warn("no_coder", f"{told}: no command says who made them; theirs is {who}.")
    every = list(codes.values())
    facts: dict[str, Any] = {
        "valid": True,
        "errors": [],
        "counts": _counts(tables),
        "code_depth": min(1, len(every)),
        "not_codable": 0,
        "offset_rule": {
            "rule": "utf8", "unit": "UTF-8 bytes", "newline": "as stored", "bom_counted": False,
            **score,
        },
    }  # fmt: skip
    if selections:
        facts["sources"] = sources_of(found.documents, found.codings, every, found.coders)
    contents = ProjectContents(
        FORMAT, ORIGIN, line(project, "name"), tuple(found.coders.values()),
        tuple(every), tuple(found.documents), tuple(found.codings), tuple(found.memos),
        losses=tuple(found.losses), warnings=tuple(found.warnings), facts=facts,
    )  # fmt: skip
    return to_plain(contents)


def _counts(tables: Tables) -> dict[str, int]:
    names = {
        "tags": "tags", "documents": "documents", "highlights": "highlights",
        "highlight_tags": "codings",
    }  # fmt: skip
    return {name: len(tables[table]) for table, name in names.items() if tables[table]}


def _codes(rows: Sequence[Row], base: str, found: Gathered) -> dict[int, Code]:
    """Give key of a tag → the code it becomes: its path is the name, whatever parts it."""
    ordered = sorted(rows, key=lambda row: line(row, "path").casefold())
    shorts = unique_names([line(row, "path") for row in ordered])
    codes = {}
    for position, (row, short) in enumerate(zip(ordered, shorts, strict=True)):
        key = number(row, "id")
        if key is None:
            continue
        # by its name, not by its key: in a copy of a project the keys are other ones
        id_ = derived("tag", ORIGIN, base, short)
        codes[key] = Code(
            id_, short, short if "_" in short else "", full=words(row, "description").strip(),
            position=position,
        )  # fmt: skip
        if short != line(row, "path"):
            found.loss("tag", "tags", "changed", f"its name is now {short}", id_)
    return codes


class _Page:
    """A document, and where its bytes lie."""

    def __init__(self, id_: str, name: str, page: PageText) -> None:
        self.id, self.name, self.page = id_, name, page


def _documents(
    rows: Sequence[Row], base: str, labels: Sequence[str], found: Gathered
) -> dict[int, _Page]:
    pages: dict[int, _Page] = {}
    seen: Counter[str] = Counter()
    for row in rows:
        key, written = number(row, "id"), words(row, "contents")
        if key is None:
            continue
        page = PageText(written)
        reading = reading_of(page.text, written.encode(), FORMAT, labels, page.dropped)
        name = line(row, "name") or f"document {key}"
        seen[reading.sha256] += 1
        id_ = derived("document", ORIGIN, base, reading.sha256, str(seen[reading.sha256]))
        pages[key] = _Page(id_, name, page)
        found.document(id_, name, reading, {}, line(row, "filename"))
        about = derived("about", ORIGIN, id_)
        found.memo(words(row, "description"), "document", id_, id_=about, at=date(row, "created"))
        if "<" in written:
            reason = "its layout is left out, its words are kept"
            found.loss("document", name, "changed", reason, id_)
    return pages


def _authors(commands: Sequence[Row]) -> dict[int, tuple[str, str]]:
    """Give key of a highlight → who last set it, and when."""
    authors: dict[int, tuple[str, str]] = {}
    for row in sorted(commands, key=lambda row: number(row, "id") or 0):
        try:
            payload = json.loads(words(row, "payload"))
        except ValueError:
            continue
        if isinstance(payload, dict) and payload.get("type") == "highlight_add":
            key = payload.get("highlight_id")
            if isinstance(key, int):
                authors[key] = line(row, "user_login"), date(row, "date")
    return authors


def _highlights(
    tables: Tables,
    base: str,
    codes: Mapping[int, Code],
    pages: Mapping[int, _Page],
    coder: str,
    found: Gathered,
) -> dict[str, int]:
    """Read the highlights; how many lie in their text, cut no word, say what was kept of them."""
    tagged: dict[int, list[int]] = defaultdict(list)
    for row in tables["highlight_tags"]:
        highlight, tag = number(row, "highlight_id"), number(row, "tag_id")
        if highlight is not None and tag is not None:
            tagged[highlight].append(tag)
    authors = _authors(tables["commands"])
    score: Counter[str] = Counter(quote=0, clean=0, in_range=0, of=0)
    others: Counter[str] = Counter()
    for row in tables["highlights"]:
        key, document = number(row, "id"), number(row, "document_id")
        if key is None or document is None or document not in pages:
            found.loss("highlight", "highlights", "dropped", "its document is not there")
            continue
        page = pages[document]
        tags = [codes[tag] for tag in tagged.get(key, ()) if tag in codes]
        span = _span(row, page, len(tags), score, others, found)
        if span is None:
            continue
        if not tags:
            found.loss("highlight", page.name, "dropped", "it has no tag", str(key))
        who, at = authors.get(key, ("", ""))
        found.anonymous += 0 if who else len(tags)
        author = found.coder(who or coder) if tags else ""
        offsets = [str(number(row, name)) for name in ("start_offset", "end_offset")]
        for code in tags:
            id_ = derived("coding", ORIGIN, page.id, code.id, author, *offsets)
            coding = ForeignCoding(id_, page.id, code.id, author, *span, at)
            found.coding(coding, "highlight", page.name)
    found.tell_mismatches(others)
    return dict(score)


def _span(
    row: Row, page: _Page, tags: int, score: Counter[str], others: Counter[str], found: Gathered
) -> tuple[int, int] | None:
    """Give where a highlight lies in the text; None where it cannot lie in it."""
    key = str(number(row, "id"))
    first, last = number(row, "start_offset"), number(row, "end_offset")
    held = f", with its {counted(tags, 'tag')}" if tags else ""
    score["of"] += 1
    if first is None or last is None or not 0 <= first < last or first >= page.page.size:
        reason = f"its offsets are no place in the text{held}"
        found.loss("highlight", page.name, "dropped", reason, key)
        return None
    if last > page.page.size:
        found.loss(
            "highlight", page.name, "changed", "its offsets leave the text; it was cut at its end",
            key,
        )  # fmt: skip
    text = page.page.text
    start, stop = trimmed(text, page.page.start(first), page.page.stop(last))
    if start >= stop:
        reason = f"it holds nothing that is text here{held}"
        found.loss("highlight", page.name, "dropped", reason, key)
        return None
    score["in_range"] += last <= page.page.size
    score["clean"] += not (cuts_word(text, start) or cuts_word(text, stop))
    snippet = PageText(words(row, "snippet")).text
    if same_words(snippet, text[start:stop]):
        score["quote"] += 1
    elif snippet.strip():
        others[page.name] += 1
        reason = "the words at its offsets are not those kept with it"
        found.loss("highlight", page.name, "approximate", reason, key)
    return start, stop
