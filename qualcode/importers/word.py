"""Word documents: every word of the text, inserted ones included, deleted ones left out.

The text is that of ``word_body.WordBody`` in reading order, an empty line between paragraphs.
Bold counts only for telling who speaks. A table with the columns of a transcript is read as one.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterator, Sequence

from qualcode.errors import ReadingError
from qualcode.formats.safe_zip import SafeZip
from qualcode.formats.xml import parse
from qualcode.importers.composed import Piece, Utterance, compose
from qualcode.importers.source import Reader, Source, is_docx
from qualcode.importers.word_body import Paragraph, Styles, Table, WordBody
from qualcode.model import Reading, ReadingWarning
from qualcode.text.times import TIME, seconds
from qualcode.text.turns import find_turns

_SPEAKER = frozenset(["speaker", "speaker name", "speaker label"])
_CONTENT = frozenset(["content", "words", "text", "utterance", "transcript", "speech"])
_TIME_COLUMN = frozenset(["time", "timestamp", "time stamp", "timecode", "start", "start time"])
_STAMP = re.compile(rf"[\[(]?({TIME})[\])]?")
_OFFICE_DOCUMENT = "/officeDocument"

Part = Paragraph | Table


def read_word(source: Source) -> Reading:
    """Read a Word document.

    Raises:
        HostileFile: It breaks a limit of the archive, or its XML declares entities.
        ReadingError: It is damaged, encrypted or not a Word document.
    """
    path = os.fspath(source.path)
    archive = SafeZip(source.data, str(path))
    main = _main_part(archive, str(path))
    folder = posixpath.dirname(main)
    styles = Styles()
    if f"{folder}/styles.xml" in archive:
        styles = Styles(parse(archive.read(f"{folder}/styles.xml"), str(path)))
    body = WordBody(styles)
    parts = list(body.parts(archive.read(main), str(path)))
    counts = {
        "insertions": body.insertions,
        "deletions": body.deletions,
        **_left_out(archive, folder, str(path)),
    }
    warnings = (*source.warnings, *_warnings(counts))
    tables = [part for part in parts if isinstance(part, Table) and _columns(part)]
    reading = _records(source, parts) if tables else _page(source, parts)
    return Reading(
        text=reading.text,
        turns=reading.turns,
        format=source.format,
        pattern=reading.pattern,
        encoding=None,
        sha256=source.sha256,
        source=source.data,
        anchors=reading.anchors,
        metadata=_properties(archive, str(path)),
        warnings=(*warnings, *reading.warnings),
        dropped=dict(body.dropped),
        facts={**reading.facts, **{name: count for name, count in counts.items() if count}},
    )


def _main_part(archive: SafeZip, path: str) -> str:
    """Name the part that holds the body: as the archive says, else where Word puts it."""
    if "_rels/.rels" in archive:
        for relation in parse(archive.read("_rels/.rels"), path):
            target = posixpath.normpath(relation.get("Target", "").lstrip("/"))
            if relation.get("Type", "").endswith(_OFFICE_DOCUMENT) and target in archive:
                return target
    if "word/document.xml" in archive:
        return "word/document.xml"
    raise ReadingError(path, "The archive holds no Word document.")


def _page(source: Source, parts: Sequence[Part]) -> Reading:
    """Read running text, as from any page: labels stay in it."""
    paragraphs = [line for part in parts for line in part.paragraphs() if line.text.strip()]
    text = "\n\n".join(paragraph.text for paragraph in paragraphs)
    formatting: dict[int, tuple[str, tuple[int, ...]]] = {}
    n = 0
    for paragraph in paragraphs:
        for i, marked in paragraph.formatting().items():
            formatting[n + i] = marked
        n += paragraph.text.count("\n") + 2
    found = find_turns(text, pattern=source.pattern, formatting=formatting)
    return Reading(
        text=text,
        turns=found.turns,
        format=source.format,
        pattern=found.pattern,
        encoding=None,
        sha256="",
        source=b"",
        anchors=found.anchors,
        warnings=found.warnings,
        facts={"preamble_lines": found.preamble_lines},
    )


def _columns(table: Table) -> tuple[int, int, int | None] | None:
    """Give the places of speaker, words and time in a transcript's table; None in any other."""
    if not table.rows:
        return None
    header = [" ".join(cell.text.split()).casefold().rstrip(":") for cell in table.rows[0]]
    speaker = next((i for i, name in enumerate(header) if name in _SPEAKER), None)
    words = next((i for i, name in enumerate(header) if name in _CONTENT), None)
    if speaker is None or words is None:
        return None
    return speaker, words, next((i for i, name in enumerate(header) if name in _TIME_COLUMN), None)


def _records(source: Source, parts: Sequence[Part]) -> Reading:
    """Read a document whose speech stands in tables with ``Speaker`` and ``Content`` columns."""
    said: list[Utterance | str] = []
    warnings: list[ReadingWarning] = []
    for part in parts:
        columns = _columns(part) if isinstance(part, Table) else None
        if columns is None or isinstance(part, Paragraph):
            said += [paragraph.text for paragraph in part.paragraphs()]
        else:
            said += _utterances(part, columns)
            warnings += _columns_left_out(part, columns)
    composed = compose(said, glue="\n")
    first = next((i for i, part in enumerate(said) if isinstance(part, Utterance)), len(said))
    before = [part for part in said[:first] if isinstance(part, str)]
    lines = sum(1 for part in before for line in part.split("\n") if line.strip())
    if not composed.turns:
        message = "No speaker labels found; a turn is a paragraph."
        warnings.append(ReadingWarning("no_speakers", message))
    return Reading(
        text=composed.text,
        turns=composed.turns,
        format=source.format,
        pattern=None,
        encoding=None,
        sha256="",
        source=b"",
        anchors=composed.anchors,
        warnings=(*warnings, *composed.warnings),
        facts={"preamble_lines": lines},
    )


def _utterances(table: Table, columns: tuple[int, int, int | None]) -> Iterator[Utterance]:
    """Give the rows as turns: a speaker opens one, an empty speaker cell continues it."""
    speaker, words, time = columns
    current: Utterance | None = None
    for number, row in enumerate(table.rows[1:], 2):
        cells = [_lines(cell.text) for cell in row]
        cells += [""] * (len(table.rows[0]) - len(cells))
        label = " ".join(cells[speaker].split()).rstrip(": ") or None
        if label is None and not cells[words]:
            continue
        stamp = _STAMP.fullmatch(cells[time]) if time is not None else None
        start = seconds(stamp[1]) if stamp else None
        if label is not None or current is None:
            if current is not None:
                yield current
            current = Utterance(label, [], start, line=number)
        else:
            current.flags = ("continuation",)
        current.pieces.append(Piece(cells[words], start))
    if current is not None:
        yield current


def _lines(cell: str) -> str:
    return "\n".join(filter(None, (line.strip() for line in cell.split("\n"))))


def _columns_left_out(
    table: Table, columns: tuple[int, int, int | None]
) -> Iterator[ReadingWarning]:
    for i, head in enumerate(table.rows[0]):
        filled = sum(1 for row in table.rows[1:] if i < len(row) and row[i].text.strip())
        if i not in columns and filled:
            yield ReadingWarning(
                "column_left_out",
                f'{filled} cells of the column "{" ".join(head.text.split())}" are not text.',
            )


def _left_out(archive: SafeZip, folder: str, path: str) -> dict[str, int]:
    """Count what stands beside the text: comments, foot- and endnotes, headers and footers."""
    counts = {"comments": 0, "notes": 0, "headers": 0}
    kinds = (("comments", "comment"), ("footnotes", "footnote"), ("endnotes", "endnote"))
    for part, element in kinds:
        name = f"{folder}/{part}.xml"
        if name in archive:
            found = [
                child
                for child in parse(archive.read(name), path)
                if isinstance(child.tag, str)
                and child.tag.endswith("}" + element)
                and _has_words(child)
            ]
            counts["comments" if part == "comments" else "notes"] += len(found)
    for name in archive.names():
        if re.fullmatch(re.escape(folder) + r"/(?:header|footer)\d*\.xml", name):
            counts["headers"] += _has_words(parse(archive.read(name), path))
    return counts


def _has_words(element: object) -> bool:
    texts: list[str] = element.xpath(".//*[local-name()='t']/text()")  # type: ignore[attr-defined]
    return any(text.strip() for text in texts)


_TOLD = {
    "insertions": ("tracked_insertions", "tracked insertion", "read as text"),
    "deletions": ("tracked_deletions", "tracked deletion", "left out"),
    "comments": ("comments", "comment", "not part of the text"),
    "notes": ("notes", "footnote or endnote", "not part of the text"),
    "headers": ("headers", "header or footer", "not part of the text"),
}


def _warnings(counts: dict[str, int]) -> Iterator[ReadingWarning]:
    for name, count in counts.items():
        if count:
            code, noun, what = _TOLD[name]
            plural = {"footnote or endnote": "footnotes or endnotes"}.get(
                noun, "headers or footers" if name == "headers" else noun + "s"
            )
            verb = f"{noun} is" if count == 1 else f"{plural} are"
            yield ReadingWarning(code, f"{count} {verb} {what}.")


def _properties(archive: SafeZip, path: str) -> dict[str, str]:
    """Give the document's own title; who wrote it is nobody's business here."""
    if "docProps/core.xml" not in archive:
        return {}
    for child in parse(archive.read("docProps/core.xml"), path):
        if (
            isinstance(child.tag, str)
            and child.tag.endswith("}title")
            and (child.text or "").strip()
        ):
            return {"title": (child.text or "").strip()}
    return {}


DOCX = Reader((".docx",), read_word, is_docx)
