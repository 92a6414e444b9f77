"""The texts of a REFI-QDA project: found, decoded, and what their offsets count.

A text stands in a file of the archive or in the XML itself. What is missing becomes an empty text,
so that its name, its notes and its place in the project are not lost.
"""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qualcode.errors import HostileFile, ReadingError
from qualcode.formats.refi import child, children, guid, local
from qualcode.formats.refi_positions import (
    BOM,
    BY_NAME,
    Choice,
    PositionMap,
    Positions,
    Selected,
    choose,
)
from qualcode.importers.characters import as_written, clean
from qualcode.importers.refi_package import Package
from qualcode.importers.source import Source
from qualcode.importers.word import read_word
from qualcode.model import Reading, ReadingWarning
from qualcode.text.turns import find_turns

if TYPE_CHECKING:
    from lxml.etree import _Element

NAMESPACE = uuid.UUID("6a3f1c52-8a0e-5d0b-9d43-2f1f5c1a7be4")
"""Of the GUIDs that are derived where a file gives none."""

FORMAT = "qdpx"
SOURCES = ("TextSource", "PDFSource", "PictureSource", "AudioSource", "VideoSource")
_TEXTS = {
    "PDFSource": "Representation",
    "PictureSource": "TextDescription",
    "AudioSource": "Transcript",
    "VideoSource": "Transcript",
}
"""Kind of source → the element in it that holds its text."""


@dataclass(slots=True)
class SourceText:
    """A text of the project, and where it comes from."""

    guid: str
    name: str
    element: _Element
    """What holds the text and the selections on it."""

    source: _Element
    """The source it belongs to; often the same."""

    file: str = ""
    """Name of the entry; "" where the text stands in the XML."""

    missing: bool = False
    positions: Positions = field(default_factory=lambda: Positions(""))
    map: PositionMap | None = None
    """Of the offset rule that was chosen."""

    encoding: str | None = None
    data: bytes = b""
    dropped: dict[str, int] = field(default_factory=dict)
    warnings: list[ReadingWarning] = field(default_factory=list)

    @property
    def text(self) -> str:
        return self.positions.text

    def selections(self) -> Iterator[tuple[_Element, int, int]]:
        """Give the selections with their offsets as written; those without numbers are left out."""
        for element in children(self.element, "PlainTextSelection"):
            start = whole(element.get("startPosition"))
            stop = whole(element.get("endPosition"))
            if start is not None and stop is not None:
                yield element, start, stop

    def reading(self, labels: Collection[str], anchors: Collection[tuple[int, float]]) -> Reading:
        """Give the text with the turns that its labels make."""
        found = find_turns(self.text, known=labels)
        return Reading(
            text=self.text,
            turns=found.turns,
            format=FORMAT,
            pattern=found.pattern,
            encoding=self.encoding,
            sha256=hashlib.sha256(self.data).hexdigest(),
            source=self.data,
            anchors=tuple(sorted({*found.anchors, *anchors})),
            warnings=(*self.warnings, *found.warnings),
            dropped=self.dropped,
        )


def whole(number: str | None) -> int | None:
    """Read a whole number of at most 18 digits; None where it is none."""
    plain = (number or "").strip()
    digits = plain.removeprefix("-").removeprefix("+")
    fits = digits.isascii() and digits.isdigit() and len(digits) <= 18
    return int(plain) if fits else None


def derived(*parts: str) -> str:
    """Give a GUID that is the same whenever the parts are."""
    return str(uuid.uuid5(NAMESPACE, "\n".join(parts)))


def texts_of(sources: _Element | None, package: Package, path: str) -> list[SourceText]:
    """Find every text that may be coded, in file order."""
    found: list[SourceText] = []
    seen: set[str] = set()
    if sources is None:
        return found
    for source in children(sources, *SOURCES):
        kind = local(source)
        elements = [source]
        if kind in _TEXTS:
            elements = list(children(source, _TEXTS[kind]))
        for n, element in enumerate(elements):
            id_ = guid(element.get("guid"))
            if id_ is None or id_ in seen:
                id_ = derived("text", guid(source.get("guid")) or "", str(len(found)), str(n))
            seen.add(id_)
            text = SourceText(id_, _name(element, source, id_), element, source)
            load_text(text, package, path)
            found.append(text)
    return found


def _name(element: _Element, source: _Element, id_: str) -> str:
    # a representation is named by a program, its source by a person
    first = source if local(element) == "Representation" else element
    for one in (first, source, element):
        name = " ".join((one.get("name") or "").split())
        if name:
            return name
    return f"source {id_[:8]}"


def load_text(text: SourceText, package: Package, path: str) -> None:
    """Find the words of a text: its plain file, its Word file, or what the XML holds."""
    plain, rich = (text.element.get(name) for name in ("plainTextPath", "richTextPath"))
    entry = package.find(plain) if plain else None
    if entry is not None:
        _decode(text, Source(path, package.read(entry), "txt"))
        text.file = os.path.basename(entry)
        return
    entry = package.find(rich) if rich else None
    if entry is not None and entry.casefold().endswith(".docx"):
        try:
            reading = read_word(Source(path, package.read(entry), "docx"))
        except HostileFile:
            raise
        except ReadingError as error:
            text.warnings.append(ReadingWarning("unreadable_source", error.problem))
        else:
            text.positions, text.data = Positions(reading.text), reading.source
            text.file = os.path.basename(entry)
            message = (
                "There is no plain text, so the words are those of the Word file; the places of"
                " codings may be a little off."
            )
            text.warnings += [ReadingWarning("from_word", message), *reading.warnings]
            return
    inside = child(text.element, "PlainTextContent")
    if inside is not None:
        _take(text, "".join(map(str, inside.itertext())))
        text.data = text.positions.raw.encode()
        return
    text.missing = True
    named = plain or rich
    message = f"Its text {named} is not in the file." if named else "It has no text."
    text.warnings.append(ReadingWarning("missing_source", message))


def _decode(text: SourceText, source: Source) -> None:
    raw, encoding, warnings = as_written(source)
    if not raw.startswith(BOM) and source.data[:3].startswith(
        (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
    ):
        raw = BOM + raw  # the codec took it away, and some programs count it
    _take(text, raw)
    text.data, text.encoding = source.data, encoding
    text.warnings += warnings


def _take(text: SourceText, raw: str) -> None:
    text.positions = Positions(raw)
    text.dropped = clean(raw.removeprefix(BOM))[1]


def choose_rule(texts: list[SourceText], origin: str, offsets: str | None) -> Choice:
    """Find what the offsets count, once for the whole project, and map every text by it.

    Args:
        offsets: Name of a rule to follow instead.
    """
    looked_at = [text for text in texts if not text.missing]
    evidence = [
        (
            text.positions,
            [
                Selected(start, stop, one.get("name") or "")
                for one, start, stop in text.selections()
            ],
        )
        for text in looked_at
    ]
    rule = None if offsets is None else BY_NAME[offsets]
    choice = choose(evidence, origin, rule)
    for text in texts:
        text.map = text.positions.under(choice.rule)
    for n, other in choice.others:
        message = (
            f"Its selections fit better where offsets count otherwise ({other.name}); look at them."
        )
        looked_at[n].warnings.append(ReadingWarning("other_offsets", message))
    return choice
