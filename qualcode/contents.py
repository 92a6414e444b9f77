"""A whole project of another program as plain records: what an importer found, nothing stored.

``importers`` make a ``ProjectContents``, ``project.import_contents`` stores it. Rows are named by
the ids they have in the other program (GUIDs, lower case); those of different kinds may be equal.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal, TypeAlias

from qualcode.model import Code, NamedReading, Reading, ReadingWarning, Turn

Fate: TypeAlias = Literal["kept", "changed", "approximate", "dropped"]
Target: TypeAlias = Literal["project", "document", "code", "coding", "participant"]


@dataclass(frozen=True, slots=True)
class ForeignCoder:
    """Someone who coded there."""

    guid: str
    name: str


@dataclass(frozen=True, slots=True, repr=False)
class ForeignDocument:
    """A text that somebody coded there."""

    guid: str
    named: NamedReading
    file: str = ""
    """Name of its file in the other project; "" where the text stood elsewhere."""

    source: str = ""
    """GUID of the source it is the text of, such as a PDF or a recording; "" where it is one."""

    def __repr__(self) -> str:
        return f"<ForeignDocument {self.guid}>"


@dataclass(frozen=True, slots=True)
class ForeignCoding:
    """A code on a stretch of a document's text, by one coder."""

    guid: str
    document: str
    code: str
    coder: str
    start: int
    stop: int
    created_at: str = ""
    """UTC, ISO 8601; "" where it is not known."""

    selection: str = ""
    """GUID of the selection it stood on; "" where it stood on none."""

    exemplar: bool = False
    """Whether it was marked as telling."""


@dataclass(frozen=True, slots=True, repr=False)
class ForeignMemo:
    """A note, on one thing; one that stood on several comes once for each."""

    guid: str
    """"" of what had no id of its own."""

    body: str
    on: Target
    target: str = ""
    """GUID of what it is on; "" of the project."""

    coder: str = ""
    """"" where nobody is named."""

    created_at: str = ""

    def __repr__(self) -> str:
        return f"<ForeignMemo on {self.on}, {len(self.body)} characters>"


@dataclass(frozen=True, slots=True)
class ForeignAttribute:
    """A variable."""

    guid: str
    name: str
    kind: Literal["text", "number", "date"] = "text"


@dataclass(frozen=True, slots=True)
class ForeignParticipant:
    """A case."""

    guid: str
    label: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    documents: tuple[str, ...] = ()
    """GUIDs of the documents it is of."""


@dataclass(frozen=True, slots=True, repr=False)
class KeptXml:
    """An element that we have no place for, to be written back on export."""

    guid: str
    element: str
    parent: str
    """GUID of what it stood in, else the name of its container."""

    xml: str

    def __repr__(self) -> str:
        return f"<KeptXml {self.element} {self.guid}>"


@dataclass(frozen=True, slots=True)
class Loss:
    """What did not come over as it was."""

    element: str
    guid: str
    where: str
    """What it stood in: the name of a source, or of a container."""

    fate: Fate
    reason: str
    """Why; after a colon what it was known by there, which may be what somebody said."""


@dataclass(frozen=True, slots=True, repr=False)
class ProjectContents:
    """Everything that was found."""

    format: str
    origin: str
    """The program, as the file names it."""

    title: str
    coders: tuple[ForeignCoder, ...] = ()
    codes: tuple[Code, ...] = ()
    """Parents before their children; ``id`` is the GUID, ``code`` unique among them."""

    documents: tuple[ForeignDocument, ...] = ()
    codings: tuple[ForeignCoding, ...] = ()
    memos: tuple[ForeignMemo, ...] = ()
    attributes: tuple[ForeignAttribute, ...] = ()
    participants: tuple[ForeignParticipant, ...] = ()
    kept: tuple[KeptXml, ...] = ()
    losses: tuple[Loss, ...] = ()
    warnings: tuple[ReadingWarning, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    """What only a preview shows: JSON values."""

    def __repr__(self) -> str:
        return f"<ProjectContents {self.format}, {len(self.documents)} documents>"


@dataclass(frozen=True, slots=True)
class BroughtIn:
    """What became of a project of another program here."""

    round: str | None
    """Name of the round that holds the codings; None where none was new."""

    counts: Mapping[str, int]
    """What was stored → how many."""

    there: Mapping[str, int]
    """What was there already, and left as it is → how many."""

    warnings: tuple[str, ...] = ()


_TUPLES = {
    "coders": ForeignCoder,
    "codings": ForeignCoding,
    "memos": ForeignMemo,
    "attributes": ForeignAttribute,
    "participants": ForeignParticipant,
    "kept": KeptXml,
    "losses": Loss,
    "codes": Code,
    "warnings": ReadingWarning,
}


def to_plain(contents: ProjectContents) -> dict[str, Any]:
    """Give contents as JSON values, for the way out of a guarded process."""
    plain: dict[str, Any] = {
        name: getattr(contents, name) for name in ("format", "origin", "title", "facts")
    }
    for name, record in _TUPLES.items():
        names = [one.name for one in fields(record)]
        plain[name] = [
            [_json(getattr(one, name)) for name in names] for one in getattr(contents, name)
        ]
    plain["documents"] = [_plain_document(one) for one in contents.documents]
    return plain


def from_plain(plain: Mapping[str, Any]) -> ProjectContents:
    """Make contents again of what ``to_plain`` gave."""
    found: dict[str, Any] = {name: plain[name] for name in ("format", "origin", "title", "facts")}
    for name, record in _TUPLES.items():
        found[name] = tuple(record(*map(_record_value, one)) for one in plain[name])
    found["documents"] = tuple(map(_document, plain["documents"]))
    return ProjectContents(**found)


def _json(value: Any) -> Any:
    return dict(value) if isinstance(value, Mapping) else value


def _record_value(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _plain_document(one: ForeignDocument) -> dict[str, Any]:
    named = one.named
    reading = {
        each.name: _json(getattr(named.reading, each.name))
        for each in fields(Reading)
        if each.name != "source"
    }
    names = [each.name for each in fields(Turn)]
    reading["turns"] = [[getattr(turn, name) for name in names] for turn in named.reading.turns]
    reading["warnings"] = [[w.code, w.message, w.line] for w in named.reading.warnings]
    source = named.reading.source
    same = source == named.reading.text.encode()
    return {
        "guid": one.guid,
        "file": one.file,
        "of": one.source,
        "name": named.name,
        "attributes": dict(named.attributes),
        "reading": reading,
        # most files hold nothing but the text: it goes over once
        "source": None if same else base64.b64encode(source).decode(),
    }


def _document(plain: Mapping[str, Any]) -> ForeignDocument:
    held = plain["reading"]
    source = plain["source"]
    reading = Reading(
        **{
            **held,
            "turns": tuple(Turn(*map(_record_value, turn)) for turn in held["turns"]),
            "anchors": tuple((place, seconds) for place, seconds in held["anchors"]),
            "warnings": tuple(ReadingWarning(*warning) for warning in held["warnings"]),
            "source": held["text"].encode() if source is None else base64.b64decode(source),
        }
    )
    named = NamedReading(plain["name"], reading, plain["attributes"])
    return ForeignDocument(plain["guid"], named, plain["file"], plain["of"])
