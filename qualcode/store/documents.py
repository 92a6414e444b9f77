"""Documents: immutable text with its turns, its sentences and its attributes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from qualcode import __version__
from qualcode.errors import AlreadyThere, Refused, UnknownName
from qualcode.model import (
    Added,
    Cell,
    Coder,
    Correction,
    Document,
    NamedReading,
    Reading,
    Span,
    Table,
    Transcript,
    Turn,
    UnitKind,
)
from qualcode.store.attributes import put_attribute, put_value
from qualcode.store.database import Row
from qualcode.store.decisions import decide_where_used
from qualcode.store.history import Action
from qualcode.store.labels import link_labels, segmentation, settle
from qualcode.store.people import put_people
from qualcode.store.session import Session, canonical
from qualcode.store.turn_rows import SpokenRow, spoken
from qualcode.store.turn_rows import turns as turns_of
from qualcode.text.blocks import blocks
from qualcode.text.roster import LabelDecision
from qualcode.text.units import said_in, units
from qualcode.text.words import count_words

_COLUMNS = (
    "document.id, document.name, document.kind, document.language, document.importer,"
    " document.n_chars, document.sha256, document.metadata, document.removed,"
    " (SELECT earlier.id FROM document earlier WHERE earlier.pk = document.replaces_pk),"
    " document.collected_on"
)

_CUTS = (
    "FROM unit JOIN segmentation ON segmentation.pk = segmentation_pk"
    " WHERE segmentation.kind = 'sentence' AND document_pk = document.pk"
)
_CUT = (
    f"coalesce((SELECT max(segmentation_pk) {_CUTS} AND (?1 IS NULL"
    " OR segmentation_pk <= (SELECT pk FROM segmentation WHERE id = ?1))),"
    f" (SELECT min(segmentation_pk) {_CUTS}))"
)
"""SQL: the cut into sentences that holds for a document, or held while ?1 was the newest (the
first one of a document that came later)."""


class Documents:
    """The documents of one project."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._db, self._writer = session.db, session.writer

    def list(self) -> list[Document]:
        """Every document in the order of import; those taken out have ``removed``."""
        rows = self._db.query(f"SELECT {_COLUMNS} FROM document ORDER BY pk")
        return [_document(row) for row in rows]

    def named(self, name: str) -> Document:
        """The document of that name, any case; ``UnknownName`` if there is none."""
        rows = self._db.query("SELECT id, name FROM document WHERE removed = 0 ORDER BY pk")
        wanted = name.strip().casefold()
        for document_id, known in rows:
            if known.casefold() == wanted:
                return self.get(document_id)
        raise UnknownName("document", name, [known for _, known in rows])

    def get(self, document_id: str) -> Document:
        """The document with that id, also one taken out."""
        row = self._db.one(f"SELECT {_COLUMNS} FROM document WHERE id = ?", document_id)
        if row is None:
            raise UnknownName("document", document_id)
        return _document(row)

    def text(self, document_id: str) -> str:
        """The whole text: code points, LF line ends. It never changes."""
        row = self._db.one("SELECT text FROM document WHERE id = ?", document_id)
        if row is None:
            raise UnknownName("document", document_id)
        return str(row[0])

    def add(
        self,
        reading: Reading,
        name: str,
        *,
        by: Coder,
        kind: str = "",
        language: str = "en",
        source_name: str | None = None,
        again: bool = False,
        attributes: Mapping[str, str] | None = None,
        collected_on: str | None = None,
    ) -> Document:
        """Store what an importer read: text, turns, speakers, sentences and the file as received.

        Args:
            name: Of the document; a name that is taken gets a number, ``name (2)``.
            source_name: Name of the file, kept with its bytes.
            again: Also store a file that is in the project already.
            attributes: Of the document, such as ``{"site": "Port Alder"}``.
            collected_on: ISO date of the interview.

        Raises:
            AlreadyThere: the same file is in the project. Refused: turns overlap.
        """
        named = NamedReading(name, reading, attributes or {})
        return self.add_all(
            [named],
            by=by,
            kind=kind,
            language=language,
            source_name=source_name,
            again=again,
            collected_on=collected_on,
        ).documents[0]

    def add_all(
        self,
        named: Sequence[NamedReading],
        *,
        by: Coder,
        kind: str = "",
        language: str = "en",
        source_name: str | None = None,
        again: bool = False,
        attributes: Mapping[str, str] | None = None,
        collected_on: str | None = None,
        labels: Sequence[LabelDecision] = (),
    ) -> Added:
        """Store all documents of one file in one action: one undo takes them out again.

        Answers that are in the project already are left out, so that a survey can be imported
        anew when more people have answered.

        Args:
            named: What ``importers.read_all`` gives; the participants named there are added.
            attributes: Of every document, beside its own.
            labels: What is decided on labels; each document takes those on labels it has. On
                others it begins with what earlier documents decided.

        Raises:
            AlreadyThere: every one of them is in the project. Refused: turns overlap.
        """
        prepared = [prepare(one) for one in named]
        with self._writer.action("add document", by.id) as action:
            if not again:
                new = [one for one in prepared if not self.same_source(one.reading.sha256)]
                if prepared and not new:
                    known = self.same_source(prepared[0].reading.sha256)
                    raise AlreadyThere(f'This very file is in the project already, as "{known}".')
                prepared = new
            names = self._names()
            added: list[str] = []
            for one in prepared:
                values = {
                    "name": _free_name(one.name, names), "kind": kind, "language": language,
                    "collected_on": collected_on,
                }  # fmt: skip
                every = {**one.attributes, **(attributes or {})}
                added.append(self.put(action, one, values, source_name or one.name, every, labels))
            people: dict[str, Mapping[str, str]] = {}
            for one in prepared:
                people.update(one.participants)
            differing = put_people(self._db, action, people)
        documents = tuple(map(self.get, added))
        return Added(documents, len(named) - len(added), tuple(differing))

    def put(
        self,
        action: Action,
        one: Prepared,
        values: Mapping[str, str | None],
        source_name: str,
        attributes: Mapping[str, str],
        labels: Sequence[LabelDecision] = (),
    ) -> str:
        """Store a document inside an action, and give its id.

        Args:
            values: Its ``name``, ``kind``, ``language``, ``collected_on``, ``replaces_id``.
            attributes: All of them, also those it came with.
            labels: As for ``add_all``.
        """
        from qualcode.text.segmentation import maker

        document_id = self._store(action, one, values, source_name)
        rows = [(n, start, stop) for n, (start, stop) in enumerate(one.sentences, 1)]
        cut = segmentation(self._db, action, maker())
        action.put_layer("unit", [cut, document_id], rows)
        for attribute, value in attributes.items():
            attribute_id = put_attribute(self._db, action, attribute)
            put_value(self._db, action, attribute_id, value, document_id=document_id)
        decide_where_used(self._db, action, document_id, labels)
        settle(self._db, action, document_id)
        return document_id

    def _store(
        self, action: Action, one: Prepared, values: Mapping[str, str | None], source_name: str
    ) -> str:
        """Store a document without its sentences and attributes, and give its id."""
        reading, text = one.reading, one.reading.text
        importer = {
            "format": reading.format, "pattern": reading.pattern, "encoding": reading.encoding,
            "version": __version__,
        }  # fmt: skip
        document_id = action.insert(
            "document",
            {
                **values, "importer": canonical(importer),
                "metadata": canonical(dict(reading.metadata)), "n_chars": len(text),
                "sha256": hashlib.sha256(text.encode()).hexdigest(),
            },
            text=text,
        )  # fmt: skip
        action.keep_source(document_id, source_name, reading.format, reading.sha256, reading.source)
        survey = values.get("kind") == "survey" or "column" in reading.metadata
        replaced = values.get("replaces_id")
        so_far = self._session.remembered
        memory = {} if survey else so_far.within(self._db, action, of=replaced)
        labels = link_labels(self._db, action, document_id, one.turns, memory)
        action.put_layer("turn", [document_id], [_turn_row(turn, labels) for turn in one.turns])
        anchors = {(position, round(at * 1000)) for position, at in reading.anchors}
        action.put_layer("anchor", [document_id], sorted(anchors))
        return document_id

    def replace(
        self,
        document_id: str,
        reading: Reading,
        *,
        by: Coder,
        source_name: str | None = None,
        kind: str | None = None,
        attributes: Mapping[str, str] | None = None,
        labels: Sequence[LabelDecision] = (),
    ) -> Correction:
        """Let a corrected version take the place of a document; see ``store.corrections``."""
        from qualcode.store.corrections import replace

        return replace(
            self._session, document_id, reading, by=by, source_name=source_name, kind=kind,
            attributes=attributes, labels=labels,
        )  # fmt: skip

    def unplaced(self) -> Table:
        """What could not be placed when corrected versions came in; see ``store.unplaced``."""
        from qualcode.store.unplaced import unplaced

        return unplaced(self._session)

    def remove(self, document_id: str, *, by: Coder) -> None:
        """Take a document and its codings out of every list and figure.

        Nothing is deleted: undo brings it back, and the text stays in the file.
        """
        with self._writer.action("remove document", by.id) as action:
            action.require("document", document_id)
            action.put("document", document_id, {"removed": 1})

    def transcript(
        self, document_id: str, cut: str | None = None, *, sentences: bool = True
    ) -> Transcript:
        """A document with its text, turns, blocks and stored sentences.

        Args:
            cut: Id of a segmentation: sentences as they were while it was the newest.
            sentences: Without them it is there sooner, for who does not look at any.
        """
        document, text = self.get(document_id), self.text(document_id)
        turns = turns_of(self._db, document_id)
        units = self.sentences(document_id, cut) if sentences else ()
        return Transcript(document, text, turns, tuple(blocks(text, turns)), units)

    def spoken(self, document_id: str) -> Sequence[SpokenRow]:
        """What counting needs of a document's turns, sooner than ``transcript`` gives them.

        Returns:
            ``(start, stop, (speaker, role, participants))`` in text order, as of ``Turn``; empty
            where nobody speaks.
        """
        return spoken(self._db, document_id)

    def sentences(self, document_id: str, cut: str | None = None) -> tuple[Span, ...]:
        """The stored sentences, by the newest cut that has any, or was the newest by ``cut``."""
        rows = self._db.query(
            "SELECT start, stop FROM unit JOIN document ON document.pk = unit.document_pk"
            f" WHERE document.id = ?2 AND segmentation_pk = {_CUT} ORDER BY n",
            cut,
            document_id,
        )
        return tuple(Span(start, stop) for start, stop in rows)

    def attributes(self) -> dict[str, dict[str, str]]:
        """Document id → attribute → value, by attribute; documents without any are left out."""
        found: dict[str, dict[str, str]] = {}
        for document_id, name, value in self._db.query(
            "SELECT document.id, attribute.name, value FROM attribute_value"
            " JOIN attribute ON attribute.pk = attribute_pk"
            " JOIN document ON document.pk = document_pk ORDER BY document.pk, attribute.name"
        ):
            found.setdefault(document_id, {})[name] = value
        return found

    def units(
        self,
        kind: UnitKind,
        documents: Sequence[str] | None = None,
        *,
        cut: str | None = None,
    ) -> Table:
        """The units of analysis.

        Args:
            kind: ``sentence`` as stored at import; ``turn`` (a paragraph where a document has no
                speakers); ``paragraph`` (runs of lines between blank ones, inside blocks);
                ``document``.
            documents: Ids; None for all that are not removed.
            cut: Id of a segmentation: sentences as they were while it was the newest.

        Returns:
            Columns ``document_id, unit, start, stop, speaker, role``; ``unit`` counts from 1 in
            its document; ``role`` is "" where nobody speaks; the provenance's ``maker`` names
            what cut them. In documents with turns only what is
            said counts; units of one document never overlap and stand in text order.
        """
        chosen = (
            [d.id for d in self.list() if not d.removed] if documents is None else list(documents)
        )
        rows = [
            (document_id, n, unit.start, unit.stop, speaker, role)
            for document_id in chosen
            for n, (unit, speaker, role) in enumerate(
                units(self.transcript(document_id, cut), kind), 1
            )
        ]
        columns = ["document_id", "unit", "start", "stop", "speaker", "role"]
        makers = self._makers(chosen, cut) if kind == "sentence" else []
        return Table("units", columns, rows, (), {"maker": " ".join(makers) or kind})

    def table(self) -> Table:
        """Every document as one row, in the order of import.

        Returns:
            Columns ``document, kind, format, turns, speakers, words, characters, finished_by,
            removed``; words are those said (of all paragraphs where nobody speaks);
            ``finished_by`` joins the names of coders who declared it finished in some round.
        """
        finished: dict[str, list[str]] = {}
        for document_id, coder in self._db.query(
            "SELECT DISTINCT document.id, coder.name FROM assignment"
            " JOIN document ON document.pk = document_pk JOIN coder ON coder.pk = coder_pk"
            " WHERE finished_at IS NOT NULL ORDER BY coder.name"
        ):
            finished.setdefault(document_id, []).append(coder)
        rows: list[tuple[Cell, ...]] = []
        for document in self.list():
            transcript = self.transcript(document.id)
            said = said_in(transcript)
            rows.append(
                (
                    document.name, document.kind, document.format, len(transcript.turns),
                    len({turn.speaker for turn in transcript.turns if turn.speaker is not None}),
                    sum(count_words(transcript.text, Span(b.start, b.stop)) for b in said),
                    document.characters, ", ".join(finished.get(document.id, [])),
                    document.removed,
                )
            )  # fmt: skip
        columns = [
            "document", "kind", "format", "turns", "speakers", "words", "characters",
            "finished_by", "removed",
        ]  # fmt: skip
        return Table("documents", columns, rows)

    def _makers(self, documents: Sequence[str], cut: str | None) -> Sequence[str]:
        """What cut the sentences of these documents: one maker, unless versions are mixed."""
        rows = self._db.query(
            f"SELECT document.id, maker FROM document JOIN segmentation ON segmentation.pk = {_CUT}"
            " ORDER BY segmentation.pk",
            cut,
        )
        return list(dict.fromkeys(maker for document_id, maker in rows if document_id in documents))

    def same_source(self, sha256: str) -> str | None:
        """The document that was made of a file of these bytes."""
        row = self._db.one(
            "SELECT document.name FROM source JOIN document ON document.pk = document_pk"
            " WHERE source.sha256 = ? AND removed = 0",
            sha256,
        )
        return None if row is None else str(row[0])

    def _names(self) -> set[str]:
        rows = self._db.query("SELECT name FROM document WHERE removed = 0")
        return {row[0].casefold() for row in rows}


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document ready to be stored; what takes long is done before the project is locked."""

    name: str
    reading: Reading
    turns: list[Turn]
    sentences: Sequence[tuple[int, int]]
    """Where each starts and stops."""

    attributes: Mapping[str, str]
    participants: Mapping[str, Mapping[str, str]]


def prepare(named: NamedReading) -> Prepared:
    """Do what takes long: cut the sentences.

    Raises:
        Refused: turns overlap.
    """
    from qualcode.text.segmentation import segment_ends

    turns = [turn for turn in named.reading.turns if turn.start < turn.stop]
    _refuse_overlapping(turns)
    text = named.reading.text
    return Prepared(
        named.name.strip() or "document", named.reading, turns,
        segment_ends(text, blocks(text, turns)), named.attributes, named.participants,
    )  # fmt: skip


def _free_name(name: str, taken: set[str]) -> str:
    """A name not taken yet, ``name (2)`` if need be; it is from now on."""
    free, n = name, 1
    while free.casefold() in taken:
        n += 1
        free = f"{name} ({n})"
    taken.add(free.casefold())
    return free


def _document(row: Row) -> Document:
    (
        id_, name, kind, language, importer, characters, sha256, metadata, removed, replaces,
        collected_on,
    ) = row  # fmt: skip
    made = json.loads(importer)
    return Document(
        id_, name, kind, language, made["format"], made["pattern"], made["encoding"], characters,
        sha256, json.loads(metadata), bool(removed), replaces, collected_on,
    )  # fmt: skip


def _turn_row(turn: Turn, labels: Mapping[str, str]) -> tuple[Cell, ...]:
    milliseconds = [
        None if at is None else round(at * 1000) for at in (turn.start_seconds, turn.stop_seconds)
    ]
    label_id = labels[turn.label] if turn.label is not None else None
    return (turn.n, label_id, turn.start, turn.stop, *milliseconds, "\t".join(turn.flags))


def _refuse_overlapping(turns: Sequence[Turn]) -> None:
    for before, after in pairwise(turns):
        if after.start < before.stop:
            raise Refused(f"Turns {before.n} and {after.n} overlap; this reading is not stored.")
