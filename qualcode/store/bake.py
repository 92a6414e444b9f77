"""A project to give away: a new file with the texts as they are shown, and nothing behind them.

Texts, names and notes go through the layer; codings sit where the same words stand; the log begins
anew. The files as received, the redactions themselves, notes of events and settings stay behind.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from qualcode.errors import ProjectExists, Refused, StillBlind
from qualcode.model import Coder, Span
from qualcode.store import database, disk, schema
from qualcode.store.database import Database
from qualcode.store.history import Action, Writer
from qualcode.store.ids import new_id, now
from qualcode.store.images import Image, all_layers, all_rows, canonical
from qualcode.store.redactions import layer
from qualcode.store.session import OPEN_BLIND, Session
from qualcode.text.people import NAMES_OF_PARTICIPANTS
from qualcode.text.redaction import Layer, Rendering

NOTHING = (
    "No redaction is accepted yet, so the new file would hold every name. Review them first: "
    "qualcode deid suggest, deid list, deid apply."
)


@dataclass(frozen=True, slots=True, repr=False)
class Baked:
    """What a project to give away holds, and the key to it."""

    path: Path
    redactions: int
    documents: int
    codings: int
    coincided: int
    """Codings that fell together with another of the same coder, round and code."""

    decisions: int
    """Adjudications that fell together with an earlier one."""

    private: int
    """Memos left behind because they are private."""

    undecided: int
    """Suggested redactions that nobody has decided: those words are in the new file."""

    key: Mapping[str, str]
    """What was replaced → its label. It belongs into no project."""


def bake(session: Session, out: Path, *, by: Coder, force: bool = False) -> Baked:
    """Write a new project with the texts as they are shown.

    Args:
        out: Where; it appears whole or not at all.
        force: Replace what is there.

    Raises:
        ProjectExists: there is something. StillBlind: a blind round is open. Refused: no redaction
            is accepted, identified text is shown, or ``out`` is this very project.
    """
    shown = layer(session)
    out = Path(out).absolute()
    _refuse(session, shown, out, force)
    beside = out.with_name(f".{out.name}-{new_id()}.tmp")
    try:
        with database.create(beside) as new:
            baking = _Baking(session.db, shown)
            with Writer(new).action("bake project", by.id) as action:
                baking.write(action)
        os.replace(beside, out)
    finally:
        for file in (beside, *disk.side_files(beside)):
            file.unlink(missing_ok=True)
    counts, key = baking.counts, dict(sorted(baking.key.items()))
    return Baked(
        out, shown.redactions, counts["document"], counts["coding"], counts["coincided"],
        counts["decisions"], counts["private"], counts["undecided"], key,
    )  # fmt: skip


def _refuse(session: Session, shown: Layer, out: Path, force: bool) -> None:
    if not shown.redactions:
        raise Refused(NOTHING)
    if not shown.active:
        raise Refused("Identified text is being shown; a project to give away is made without.")
    if session.db.one(f"SELECT 1 FROM round WHERE {OPEN_BLIND} LIMIT 1"):
        raise StillBlind(
            "A blind round is open; close it first, so that nothing of it is given away."
        )
    if out.exists():
        if out.samefile(session.db.path):
            raise Refused(f"{out} is the project itself.")
        if not force or not out.is_file():
            raise ProjectExists(f"{out} is already there. Choose another name, or use --force.")
        if any(file.exists() for file in disk.side_files(out)):
            raise ProjectExists(f"{out} is in use; choose another name.")


@dataclass(slots=True)
class _Names:
    """Names that must differ: those that came to be alike get a number."""

    taken: set[str] = field(default_factory=set)

    def free(self, name: str) -> str:
        n, free = 1, name
        while free.casefold() in self.taken:
            n += 1
            free = f"{name} ({n})"
        self.taken.add(free.casefold())
        return free


class _Baking:
    """One project on its way into a new file."""

    def __init__(self, db: Database, shown: Layer) -> None:
        self._db, self._shown, self._words = db, shown, shown.words
        self.counts: Counter[str] = Counter()
        self.key: dict[str, str] = {}
        self._texts: dict[str, Rendering] = {}
        self._instead: dict[str, str] = {}
        """Labels and codings that coincide with another → which one."""

    def write(self, action: Action) -> None:
        """Write everything, what is pointed at before what points at it."""
        self._people(action)
        self._documents(action)
        self._labels(action)
        self._attributes(action)
        self._codebook(action)
        self._work(action)
        self._memos(action)
        self._close(action)

    def _rows(self, table: str) -> dict[str, Image]:
        """The rows of documents that are there; all where a table knows no documents."""
        rows = all_rows(self._db, table)
        return {
            id_: row
            for id_, row in rows.items()
            if row.get("document_id") is None or row["document_id"] in self._texts
        }

    def _put(self, action: Action, table: str, id_: str, row: Image) -> None:
        action.put(table, id_, row)
        self.counts[table] += 1

    def _people(self, action: Action) -> None:
        named = _Names()
        for id_, row in all_rows(self._db, "coder").items():
            name = named.free(self._words(str(row["name"])))
            self._put(action, "coder", id_, {**row, "name": name})
        (title,) = (
            self._words(str(row["title"])) for row in all_rows(self._db, "project").values()
        )
        values: Image = {"title": title, "min_reader": schema.MIN_READER, "created_at": now()}
        action.put("project", new_id(), values)
        for table, column in (("participant", "label"), ("speaker", "name")):
            named = _Names()
            for id_, row in all_rows(self._db, table).items():
                name = named.free(self._words(str(row[column])))
                self._put(action, table, id_, {**row, column: name})

    def _documents(self, action: Action) -> None:
        named = _Names()
        for n, (id_, row) in enumerate(
            ((i, r) for i, r in all_rows(self._db, "document").items() if not r["removed"]), 1
        ):
            found = self._db.one("SELECT text FROM document WHERE id = ?", id_)
            assert found is not None  # its row is there
            rendering = self._shown.rendering(id_, found[0])
            self._texts[id_] = rendering
            for one in rendering.replacements:
                self.key[" ".join(found[0][one.start : one.stop].split())] = one.label
            digest = hashlib.sha256(rendering.text.encode()).hexdigest()
            action.insert(
                "document",
                {
                    **row, "name": named.free(self._words(str(row["name"]))),
                    "metadata": canonical(self._deep(json.loads(str(row["metadata"])))),
                    "importer": self._words(str(row["importer"])), "replaces_id": None,
                    "n_chars": len(rendering.text), "sha256": digest,
                },
                text=rendering.text,
                row_id=id_,
            )  # fmt: skip
            self.counts["document"] += 1
            action.keep_source(
                id_, f"document-{n}.txt", "text/plain", digest, rendering.text.encode()
            )
        rows = self._db.query(
            "SELECT document.id FROM redaction JOIN document ON document.pk = document_pk"
            " WHERE status = 'suggested'"
        )
        self.counts["undecided"] = sum(1 for (id_,) in rows if id_ in self._texts)

    def _labels(self, action: Action) -> None:
        """Labels, turns, time stamps and units; labels that came to be alike are one."""
        alike: dict[tuple[str, str], str] = {}
        speakers: dict[str, list[list[Any]]] = {}
        spoken = all_layers(self._db, "label_speaker")
        for id_, row in self._rows("label").items():
            name = self._words(str(row["label"]))
            first = alike.setdefault((str(row["document_id"]), name), id_)
            self._instead[id_] = first
            if first == id_:
                action.put("label", id_, {**row, "label": name})
            theirs = speakers.setdefault(first, [])
            theirs += [one for one in spoken.get(id_, []) if one not in theirs]
        for id_, rows in speakers.items():
            action.put_layer("label_speaker", [id_], rows)
        for id_, turns in self._layer("turn"):
            placed = self._placed(id_, turns, start=2)
            for turn in placed:
                turn[1] = None if turn[1] is None else self._instead[turn[1]]
            action.put_layer("turn", [id_], placed)
        for id_, stamps in self._layer("anchor"):
            to_view = self._texts[id_].to_view
            moved = {(to_view(position), ms) for position, ms in stamps}
            action.put_layer("anchor", [id_], sorted(map(list, moved)))
        for id_, row in all_rows(self._db, "segmentation").items():
            action.put("segmentation", id_, row)
        for owner, units in all_layers(self._db, "unit").items():
            segmentation, _, document = owner.partition("/")
            if document in self._texts:
                placed = self._placed(document, units, start=1)
                action.put_layer("unit", [segmentation, document], placed)

    def _layer(self, table: str) -> Iterator[tuple[str, list[list[Any]]]]:
        for id_, rows in all_layers(self._db, table).items():
            if id_ in self._texts:
                yield id_, rows

    def _placed(self, document_id: str, rows: list[list[Any]], start: int) -> list[list[Any]]:
        """Turns or units in the shown text: apart as before, numbered anew where one vanished."""
        rendering, at = self._texts[document_id], 0
        placed: list[list[Any]] = []
        for row in sorted(rows):
            whole = rendering.span(Span(row[start], row[start + 1]))
            first = max(whole.start, at)
            if first >= whole.stop:
                continue  # a redaction covers it together with the one before
            n = row[0] if len(placed) + 1 == row[0] else len(placed) + 1
            placed.append([n, *row[1:start], first, whole.stop, *row[start + 2 :]])
            at = whole.stop
        return placed

    def _attributes(self, action: Action) -> None:
        kept = {}
        named = _Names()
        for id_, row in all_rows(self._db, "attribute").items():
            if str(row["name"]).casefold() not in NAMES_OF_PARTICIPANTS:
                levels = canonical(self._deep(json.loads(str(row["levels"]))))
                kept[id_] = named.free(self._words(str(row["name"])))
                action.put("attribute", id_, {**row, "name": kept[id_], "levels": levels})
        for id_, row in self._rows("attribute_value").items():
            if row["attribute_id"] in kept:
                value = self._words(str(row["value"]))
                action.put("attribute_value", id_, {**row, "value": value})

    def _codebook(self, action: Action) -> None:
        rows = all_rows(self._db, "code")
        used = {
            str(row[column])
            for table in ("coding", "adjudication", "memo")
            for row in self._rows(table).values()
            for column in ("code_id", "new_code_id")
            if row.get(column) is not None
        }
        kept: dict[str, None] = {}
        for id_ in [i for i, row in rows.items() if not row["removed"] or i in used]:
            self._with_what_it_needs(id_, rows, kept)
        named = _Names()
        for id_ in kept:  # what a code points at stands before it
            code = self._words(str(rows[id_]["code"]))
            if not rows[id_]["removed"] and rows[id_]["merged_into_id"] is None:
                code = named.free(code)
            action.put("code", id_, {**self._coded(rows[id_]), "code": code})
        for id_, row in all_rows(self._db, "codebook_version").items():
            body = str(row["body"])
            if row["purged_at"] is None:
                body = canonical(self._deep(json.loads(body)))
            digest = hashlib.sha256(body.encode()).hexdigest()
            label = self._words(str(row["label"]))
            values = {**row, "label": label, "body": body, "sha256": digest}
            action.put("codebook_version", id_, values)

    def _with_what_it_needs(
        self, id_: str, rows: Mapping[str, Image], kept: dict[str, None]
    ) -> None:
        for column in ("parent_id", "merged_into_id"):
            needed = rows[id_][column]
            if needed is not None and needed not in kept:
                self._with_what_it_needs(str(needed), rows, kept)
        kept[id_] = None

    def _coded(self, row: Image) -> Image:
        lists = {
            f: canonical(self._deep(json.loads(str(row[f])))) for f in ("example", "near_miss")
        }
        fields = ("name", "brief", "full", "use_when", "not_when", "kind", "origin", "status")
        return {**row, **lists, **{f: self._words(str(row[f])) for f in fields}}

    def _work(self, action: Action) -> None:
        """Rounds, assignments, codings and decisions; marks that hinder writing come last."""
        named = _Names()
        for id_, row in all_rows(self._db, "round").items():
            name = named.free(self._words(str(row["name"])))
            action.put("round", id_, {**row, "name": name, "state": "open"})
        for id_, row in self._rows("assignment").items():
            action.put("assignment", id_, {**row, "finished_at": None})
        for id_, row in self._rows("discussed").items():
            action.put("discussed", id_, row)
        same = ("document_id", "coder_id", "round_id", "code_id")
        kept: dict[tuple[Any, ...], str] = {}
        for id_, row in self._rows("coding").items():
            row = self._moved(row)
            place = (*(row[column] for column in same), row["start"], row["stop"])
            first = kept.setdefault(place, id_)
            self._instead[id_] = first
            if first != id_:
                self.counts["coincided"] += 1
                marks = {mark: 1 for mark in ("exemplar", "disconfirming") if row[mark]}
                action.put("coding", first, marks)
                continue
            self._put(action, "coding", id_, row)
        decided: set[tuple[Any, ...]] = set()
        for id_, row in self._rows("adjudication").items():
            row = self._moved({**row, "reason": self._words(str(row["reason"]))})
            place = tuple(row[c] for c in ("round_id", "document_id", "code_id", "start", "stop"))
            if place in decided:
                self.counts["decisions"] += 1
                continue
            decided.add(place)
            action.put("adjudication", id_, row)

    def _moved(self, row: Image) -> Image:
        """A row with its stretch of text in the shown text, whole labels included."""
        old = Span(int(str(row["start"])), int(str(row["stop"])))
        new = self._texts[str(row["document_id"])].span(old)
        return {**row, "start": new.start, "stop": new.stop}

    def _memos(self, action: Action) -> None:
        rows = self._rows("memo")
        written: set[str] = set()

        def stays(row: Image) -> bool:
            of, on = row["coding_id"], row["memo_id"]
            return (of is None or str(of) in self._instead) and (on is None or str(on) in written)

        for id_, row in rows.items():  # a reply comes after what it replies to
            if row["private"]:
                self.counts["private"] += 1
            elif stays(row):
                coding = row["coding_id"] and self._instead[str(row["coding_id"])]
                body = self._words(str(row["body"]))
                self._put(action, "memo", id_, {**row, "body": body, "coding_id": coding})
                written.add(id_)

    def _close(self, action: Action) -> None:
        for id_, row in self._rows("assignment").items():
            action.put("assignment", id_, {"finished_at": row["finished_at"]})
        for id_, row in all_rows(self._db, "round").items():
            action.put("round", id_, {"state": row["state"]})
        for id_, row in all_rows(self._db, "event").items():
            if row["kind"] == "unblind":  # that independence was given up belongs to every figure
                action.put("event", id_, {**row, "reason": self._words(str(row["reason"]))})

    def _deep(self, value: Any) -> Any:
        """JSON with the names in its texts replaced; keys stay."""
        if isinstance(value, str):
            return self._words(value)
        if isinstance(value, list):
            return [self._deep(one) for one in value]
        if isinstance(value, dict):
            return {key: self._deep(one) for key, one in value.items()}
        return value
