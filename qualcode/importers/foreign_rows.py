"""What reading the rows of another program's database needs, whichever program it is.

A row is what the file holds: any column may hold any value, or be missing.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from qualcode.contents import (
    Fate,
    ForeignCoder,
    ForeignCoding,
    ForeignDocument,
    ForeignMemo,
    Loss,
    Target,
)
from qualcode.formats.refi import moment
from qualcode.importers.refi_found import UNKNOWN
from qualcode.importers.refi_texts import derived
from qualcode.model import Code, NamedReading, Reading, ReadingWarning
from qualcode.text.plurals import counted
from qualcode.text.turns import find_turns

Row: TypeAlias = Mapping[str, Any]

DEFAULT_COLOUR = "#888888"


def words(row: Row, column: str) -> str:
    """Give a text of a row; "" where there is none."""
    value = row.get(column)
    return "" if value is None else str(value)


def line(row: Row, column: str) -> str:
    """Give a name of a row, its blanks single; "" where there is none."""
    return " ".join(words(row, column).split())


def number(row: Row, column: str) -> int | None:
    """Give a whole number of a row; None where it is none."""
    value = row.get(column)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def date(row: Row, column: str) -> str:
    """Give a date and time of a row in UTC, as which those without a time zone are taken; or ""."""
    return moment(words(row, column).replace("_", " ")) or ""


def same_words(one: str, other: str) -> bool:
    """Tell whether two passages have the same characters, white space left out."""
    return "".join(one.split()) == "".join(other.split())


@dataclass(slots=True)
class Gathered:
    """Collected on one walk through the rows."""

    program: str
    coders: dict[str, ForeignCoder] = field(default_factory=dict)
    documents: list[ForeignDocument] = field(default_factory=list)
    codings: list[ForeignCoding] = field(default_factory=list)
    memos: list[ForeignMemo] = field(default_factory=list)
    losses: list[Loss] = field(default_factory=list)
    warnings: list[ReadingWarning] = field(default_factory=list)
    anonymous: int = 0
    """Codings of which nobody says who made them."""

    _applied: set[tuple[str, str, str, int, int]] = field(default_factory=set)

    def coder(self, name: str) -> str:
        """Give the id of a coder; that of "unknown" where there is no name."""
        name = " ".join(name.split()) or UNKNOWN
        id_ = derived("coder", self.program, name.casefold())
        self.coders.setdefault(id_, ForeignCoder(id_, name))
        return id_

    def document(
        self, id_: str, name: str, reading: Reading, attributes: Mapping[str, str], file: str = ""
    ) -> None:
        self.documents.append(ForeignDocument(id_, NamedReading(name, reading, attributes), file))
        for warning in reading.warnings:
            if warning.code != "no_speakers":
                self.warn(warning.code, f"{name}: {warning.message}")

    def coding(self, coding: ForeignCoding, element: str, where: str) -> bool:
        """Take up a coding; tell whether it is new, and not said twice."""
        key = (coding.document, coding.code, coding.coder, coding.start, coding.stop)
        if key in self._applied:
            reason = "the same coder has the same code on the same words twice"
            self.loss(element, where, "changed", reason, coding.guid)
            return False
        self._applied.add(key)
        self.codings.append(coding)
        return True

    def memo(
        self,
        body: str,
        on: Target,
        target: str = "",
        *,
        id_: str = "",
        coder: str = "",
        at: str = "",
    ) -> None:
        """Note a memo; a blank one is none."""
        if body.strip():
            self.memos.append(ForeignMemo(id_, body.strip(), on, target, coder, at))

    def loss(self, element: str, where: str, fate: Fate, reason: str, id_: str = "") -> None:
        self.losses.append(Loss(element, id_, where, fate, reason))

    def warn(self, code: str, message: str) -> None:
        self.warnings.append(ReadingWarning(code, message))

    def tell_mismatches(self, quotes: Counter[str]) -> None:
        """Warn of documents whose codings quote other words than stand at their offsets.

        Args:
            quotes: Name of a document → how many do.
        """
        for name, count in quotes.items():
            passages = counted(count, "coded passage quotes", "coded passages quote")
            self.warn(
                "other_words",
                f"{name}: {passages} other words than those at"
                f" {'its' if count == 1 else 'their'} offsets; look at"
                f" {'it' if count == 1 else 'them'} (--losses lists them).",
            )


def reading_of(
    text: str, source: bytes, format_: str, labels: Collection[str], dropped: Mapping[str, int]
) -> Reading:
    """Give a text with the turns that its labels make."""
    found = find_turns(text, known=labels)
    return Reading(
        text=text,
        turns=found.turns,
        format=format_,
        pattern=found.pattern,
        encoding=None,
        sha256=hashlib.sha256(source).hexdigest(),
        source=source,
        anchors=found.anchors,
        warnings=found.warnings,
        dropped=dropped,
    )


def trimmed(text: str, start: int, stop: int) -> tuple[int, int]:
    """Give a stretch of text without white space at its ends; ``start >= stop`` if none is left."""
    while start < stop and text[start].isspace():
        start += 1
    while start < stop and text[stop - 1].isspace():
        stop -= 1
    return start, stop


def sources_of(
    documents: Iterable[ForeignDocument],
    codings: Iterable[ForeignCoding],
    codes: Iterable[Code],
    coders: Mapping[str, ForeignCoder],
) -> list[dict[str, Any]]:
    """Give every document with the codings on it, as a preview shows them."""
    names = {code.id: code.code for code in codes}
    on: dict[str, list[ForeignCoding]] = {}
    for one in codings:
        on.setdefault(one.document, []).append(one)
    found = []
    for document in documents:
        text = document.named.reading.text
        selections = [
            {
                "guid": one.guid,
                "code": names[one.code],
                "coder": coders[one.coder].name,
                "start": one.start,
                "stop": one.stop,
                "text": text[one.start : one.stop],
            }
            for one in on.get(document.guid, ())
        ]
        found.append(
            {
                "name": document.named.name,
                "file": document.file,
                "characters": len(text),
                "selections": selections,
            }
        )
    return found
