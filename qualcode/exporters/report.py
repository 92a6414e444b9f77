"""What a written report is made of: plain records, filled by ``reports.word``.

Nothing here knows the project or the file format. Texts are literal; the writer makes them safe.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text in one look."""

    text: str
    bold: bool = False
    italic: bool = False
    superscript: bool = False


@dataclass(frozen=True, slots=True)
class Reference:
    """Words that name a table or a picture of the report by its number, and lead to it."""

    key: str
    """As in ``PrintedTable.key``; of something that the report holds."""


Sentence: TypeAlias = str | Sequence[str | Reference]
"""A text in which tables and pictures may be referred to."""


@dataclass(frozen=True, slots=True, repr=False)
class Quote:
    """An excerpt as it is printed, with the line that says whose words it is."""

    passages: Sequence[tuple[str, str]]
    """``(speaker, text)``, one per speaker; the speaker is ``""`` where the attribution names
    the only one."""

    attribution: Sequence[Piece] = ()
    context: Sequence[tuple[str, str]] = ()
    """``(speaker, text)`` of what was said before, printed in grey."""


@dataclass(frozen=True, slots=True, repr=False)
class CodeExcerpts:
    """A code with the quotes that are printed for it."""

    title: str
    definition: str
    count: str
    """How many of how many are shown: "2 of 19 excerpts, 5 documents"."""

    colour: str
    """Of the bar, ``#RRGGBB``."""

    quotes: Sequence[Quote] = ()


@dataclass(frozen=True, slots=True)
class Excerpts:
    """Excerpts under one heading: a kind of codes, or all of them."""

    heading: str
    codes: Sequence[CodeExcerpts]
    intro: Sentence = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table in print."""

    label: str
    width: int
    """Share of the text's width; widths are relative to one another."""

    number: bool = False
    """Numbers stand at the right."""


@dataclass(frozen=True, slots=True)
class PrintedCell:
    """A cell as it is printed."""

    text: str
    indent: int = 0
    """Steps to the right: the level of a code below its parent."""

    note: str = ""
    """Superscript letter that a note of the table explains."""

    bold: bool = False


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """A table in APA style: number, title, three rules, note."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[PrintedCell]]
    note: Sequence[Piece] = ()
    key: str = ""
    """By which sentences refer to it; unique in its report, ``""`` where none does."""


@dataclass(frozen=True, slots=True, repr=False)
class Figure:
    """A picture in APA style: number, title, picture, note."""

    caption: str
    alt: str
    """What it shows, for who cannot see it."""

    png: bytes
    width: float = 0
    """Points; 0 for the picture's own. It is made smaller where it does not fit the page."""

    height: float = 0
    """Points; 0 for what keeps the shape."""

    note: Sequence[Piece] = ()
    key: str = ""
    """As in ``PrintedTable``."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Tables and pictures under one heading, with sentences before them."""

    heading: str
    sentences: Sequence[Sentence] = ()
    tables: Sequence[PrintedTable] = ()
    pictures: Sequence[Figure] = ()
    across: bool = False
    """Printed on pages turned sideways."""


@dataclass(frozen=True, slots=True, repr=False)
class Comment:
    """A coding as a comment in the margin."""

    start: int
    stop: int
    """Characters of the document's text, as in ``Span``."""

    author: str
    at: str
    """UTC, ISO 8601; ``""`` where it is not known."""

    lines: Sequence[str]
    """Path of the code, marks, memo: a paragraph each."""

    colour: str


@dataclass(frozen=True, slots=True, repr=False)
class Passage:
    """A turn, or a paragraph outside all turns."""

    start: int
    stop: int
    number: str = ""
    speaker: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class AnnotatedTranscript:
    """A document with its codings tinted and commented."""

    heading: str
    text: str
    passages: Sequence[Passage]
    """In text order, none overlapping."""

    comments: Sequence[Comment] = ()
    intro: str = ""
    brackets: bool = False
    """Codings as numbered brackets with a key below the turn, for print, rather than tinted and in
    the margin."""


@dataclass(frozen=True, slots=True)
class CodebookEntry:
    """A code as the appendix prints it."""

    title: str
    code: str
    level: int
    """From 1."""

    facts: str
    """Kind, origin, version."""

    colour: str
    definition: Sequence[str] = ()
    use_when: str = ""
    not_when: str = ""
    examples: Sequence[str] = ()
    near_misses: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Appendix:
    """The codebook, printed across."""

    heading: str
    entries: Sequence[CodebookEntry]
    intro: Sentence = ""


Part: TypeAlias = Excerpts | Figures | AnnotatedTranscript | Appendix


@dataclass(frozen=True, slots=True)
class Front:
    """What stands before the parts."""

    subtitle: str
    counts: str
    sentences: Sequence[str] = ()
    """Source and what was left out."""


@dataclass(frozen=True, slots=True)
class Report:
    """A report, from its title to where it comes from."""

    title: str
    parts: Sequence[Part]
    provenance: Sequence[tuple[str, str]]
    """Fact and value, printed on the last page; the digest is among them."""

    front: Front | None = None
    footer: str = ""
    """At the foot of every page beside its number; without it there is no footer."""

    at: str = "1980-01-01T00:00:00Z"
    """When the data were last changed, UTC: the only date in the file besides the comments'."""

    program: str = "qualcode"
    keywords: Sequence[str] = field(default=())
