"""What was written of what goes: rows that change, and lines of the log that must be forgotten.

Memos on it go whole, whoever wrote them. A text that only quotes it, or names who goes, keeps the
rest. The log is looked through to its beginning, for it holds every earlier wording and what has
been removed.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from typing import Any

from qualcode.errors import Refused
from qualcode.model import Span
from qualcode.store.database import Database
from qualcode.store.images import Image, all_layers, all_rows, canonical, digest, read_line
from qualcode.store.tables import Value
from qualcode.store.withdrawal import Withdrawal
from qualcode.text.quotes import PURGED, Quotations, Words, blanked, named

LOOSE: Mapping[str, tuple[str, ...]] = {
    "code": ("name", "brief", "full", "use_when", "not_when", "origin"),
    "memo": ("body",),
    "adjudication": ("reason",),
    "event": ("reason",),
    "attribute_value": ("value",),
    "setting": ("value",),
    "redaction": ("label",),
}
"""Columns with free text, which may quote or name."""

NAMES: Mapping[str, str] = {"speaker": "name", "label": "label", "participant": "label"}
LISTS = ("example", "near_miss")
TABLES = (*LOOSE, *NAMES, "document", "codebook_version")
UNREAD = ("coding", "assignment", "turn", "unit", "anchor", "label_speaker", "discussed",
          "segmentation", "outside_id")  # fmt: skip
"""Tables whose lines hold no free text: the bulk of a log, which is not read."""

KEPT = "kept_xml"
"""Elements of another program's project, kept as written: one that quotes or names goes whole, for
blanks might leave XML that nobody can read."""

MANY = 500
"""Rows looked for in the log at a time."""

OWNERS = ("document_id", "coding_id", "participant_id", "memo_id")


@dataclass(frozen=True, slots=True, repr=False)
class _Line:
    action_pk: int
    n: int
    table: str
    row_id: str
    before: Image
    after: Image
    digest: str


class Written:
    """Rows and lines of the log that hold what goes."""

    def __init__(self, db: Database, goes: Withdrawal) -> None:
        self._db, self._goes = db, goes
        self._ids = {one.id: one for one in goes.touched}
        self._changing = {one.id for one in goes.touched if one.after != one.text}
        self._rows = {table: all_rows(db, table) for table in TABLES}
        self._kept = all_layers(db, KEPT)
        self._kept_lines: list[tuple[int, int, list[list[Value]], str]] = []
        self._lines = list(self._read())
        self._refs = self._owners()
        self.deleted: set[tuple[str, str]] = set()
        """Attribute values."""

        self._loosened: dict[str, str] = {}
        self._whole: dict[tuple[str, str], dict[str, Value]] = {}
        self._take_people()
        self._take_memos()
        self._take_decisions()
        self._quotations = Quotations(goes.passages())
        self._quotations.leave(self._candidates(), (one.after for one in goes.documents.values()))

    @cached_property
    def changes(self) -> dict[tuple[str, str], dict[str, Value]]:
        """``(table, row)`` → its columns as they will be, where they will be otherwise."""
        found: dict[tuple[str, str], dict[str, Value]] = {}
        for table, rows in self._rows.items():
            for row_id, image in rows.items():
                if (table, row_id) in self.deleted:
                    continue
                new = {
                    column: after
                    for column, value in image.items()
                    if (after := self._after(table, row_id, column, value)) != value
                }
                if table == "codebook_version" and new:
                    new["sha256"] = hashlib.sha256(str(new["body"]).encode()).hexdigest()
                if new:
                    found[table, row_id] = new
        return found

    @cached_property
    def kept(self) -> dict[str, list[list[Value]]]:
        """Owner of kept XML → the rows that stay, where some go."""
        found: dict[str, list[list[Value]]] = {}
        for owner, rows in self._kept.items():
            stay = [row for row in rows if not self._is_told(row)]
            if len(stay) < len(rows):
                found[owner] = stay
        return found

    @cached_property
    def _whole_elsewhere(self) -> set[str]:
        """What documents that go whole are called elsewhere."""
        whole = {one.id for one in self._goes.touched if one.whole}
        ids = self._db.query("SELECT row_id, guid FROM outside_id ORDER BY row_id")
        return {guid for row_id, guid in ids if row_id in whole}

    def _is_told(self, row: list[Value]) -> bool:
        """Whether kept XML stood in a document that goes, quotes what goes or names who goes."""
        parent, xml = str(row[0]), _unmarked(row[1])
        return parent in self._whole_elsewhere or self._loose(xml) != xml

    @cached_property
    def lines(self) -> list[tuple[int, int, str]]:
        """``(action, n, digest)`` of every line of the log that holds something of it."""
        kept = [
            (action_pk, n, canonical({"d": digest_}))
            for action_pk, n, rows, digest_ in self._kept_lines
            if any(self._is_told(row) for row in rows)
        ]
        return kept + [
            (line.action_pk, line.n, canonical({"d": line.digest}))
            for line in self._lines
            if any(
                self._is_doomed(line, column, value)
                for side in (line.before, line.after)
                for column, value in side.items()
            )
        ]

    def counts(self) -> Counter[str]:
        """What changes, in words → how much: never whose."""
        found: Counter[str] = Counter()
        names = {"memo": "memos", "speaker": "speakers", "label": "labels",
                 "adjudication": "reasons", "codebook_version": "versions", "event": "notes",
                 "setting": "notes", "redaction": "notes", "attribute_value": "values"}  # fmt: skip
        for (table, row_id), new in self.changes.items():
            if table in names:
                found[names[table]] += 1
            if table == "code":
                old = self._rows[table][row_id]
                for column in LISTS:
                    if column in new:
                        was, now = json.loads(str(old[column])), json.loads(str(new[column]))
                        found["examples"] += len(was) - sum(one in was for one in now)
                found["definitions"] += bool(new.keys() - set(LISTS))
        found["values"] += len(self.deleted)
        return found

    def without(self, text: str) -> str:
        """A text with what it quotes and whom it names blanked."""
        return self._loose(text)

    # Reading the log

    def _read(self) -> Iterator[_Line]:
        ends = [f'"t":"{table}"}}' for table in UNREAD]
        where = " AND ".join(f"substr(line, -{len(end)}) <> ?" for end in ends)
        for action_pk, n, text in self._db.query(
            f"SELECT action_pk, n, line FROM change WHERE {where} ORDER BY action_pk, n", *ends
        ):
            change = read_line(text)
            if change is not None and change.table == KEPT:
                rows = [*(change.before or []), *(change.after or [])]
                self._kept_lines.append((action_pk, n, rows, digest(text)))
            elif change is not None and change.table in TABLES:
                yield _Line(
                    action_pk, n, change.table, change.row_id, change.before or {},
                    change.after or {}, digest(text),
                )  # fmt: skip

    def _owners(self) -> dict[tuple[str, str], dict[str, set[str]]]:
        """``(table, row)`` → column → whatever it has hung on, now or before."""
        found: dict[tuple[str, str], dict[str, set[str]]] = {}
        sides: list[tuple[str, str, Image]] = [
            (line.table, line.row_id, side)
            for line in self._lines
            for side in (line.before, line.after)
        ]
        for table in ("memo", "attribute_value", "adjudication", "label"):
            sides += [(table, row_id, image) for row_id, image in self._rows[table].items()]
        for table, row_id, side in sides:
            for column in OWNERS:
                if side.get(column) is not None:
                    owners = found.setdefault((table, row_id), {})
                    owners.setdefault(column, set()).add(str(side[column]))
        return found

    def _owned(self, table: str) -> Iterator[tuple[str, dict[str, set[str]]]]:
        return ((row_id, owners) for (name, row_id), owners in self._refs.items() if name == table)

    # What goes whole

    def _take_people(self) -> None:
        for (table, row_id), neutral in self._goes.renamed.items():
            self._whole[table, row_id] = {NAMES[table]: neutral}
        for one in self._goes.touched:
            columns: dict[str, Value] = {}
            if one.whole:
                columns["metadata"] = "{}"
            if one.new_name is not None:
                columns["name"] = one.new_name
            self._whole["document", one.id] = columns
        person = self._goes.participant
        whole = {one.id for one in self._goes.touched if one.whole}
        for row_id, owners in self._owned("attribute_value"):
            theirs = person is not None and person[1] in owners.get("participant_id", ())
            if theirs or whole & owners.get("document_id", set()):
                self._whole["attribute_value", row_id] = {"value": ""}
                if row_id in self._rows["attribute_value"]:
                    self.deleted.add(("attribute_value", row_id))

    def _take_memos(self) -> None:
        person = self._goes.participant
        memos = dict(self._owned("memo"))
        on_codings = {one for owners in memos.values() for one in owners.get("coding_id", ())}
        touched = self._touched(on_codings)
        with_memos = {
            one.id
            for one in self._goes.touched
            if one.whole or (one.spans and not self._goes.what.keep_memos)
        }
        gone = {
            row_id
            for row_id, owners in memos.items()
            if touched & owners.get("coding_id", set())
            or with_memos & owners.get("document_id", set())
            or (person is not None and person[1] in owners.get("participant_id", ()))
        }
        grown = True
        while grown:  # answers to such memos, and answers to those
            more = {
                row_id for row_id, owners in memos.items() if gone & owners.get("memo_id", set())
            }
            grown = not more <= gone
            gone |= more
        self._whole |= {("memo", row_id): {"body": PURGED} for row_id in gone}

    def _touched(self, codings: set[str]) -> set[str]:
        """Which of these codings ever lay on a passage that goes, removed ones included."""
        found: set[str] = set()
        images: dict[str, Image] = {}
        wanted = sorted(codings)
        for at in range(0, len(wanted), MANY):
            some = wanted[at : at + MANY]
            for row_id, text in self._db.query(
                f"SELECT row_id, line FROM change WHERE row_id IN ({', '.join('?' * len(some))})"
                " ORDER BY action_pk, n",
                *some,
            ):
                change = read_line(text)
                image = images.setdefault(row_id, {})
                for side in (change.before, change.after) if change is not None else ():
                    image.update(side or {})
                    if self._lies_on(image):
                        found.add(row_id)
        return found

    def _lies_on(self, image: Image) -> bool:
        """Whether a row with a document and a span lies on a passage that goes."""
        one = self._ids.get(str(image.get("document_id")))
        start, stop = image.get("start"), image.get("stop")
        if one is None or not isinstance(start, int) or not isinstance(stop, int):
            return False
        return start < stop and any(Span(start, stop).overlap(span) for span in one.spans)

    def _take_decisions(self) -> None:
        images: dict[str, Image] = {}
        for line in self._lines:
            if line.table == "adjudication":
                images.setdefault(line.row_id, {}).update({**line.before, **line.after})
        for row_id, image in [*images.items(), *self._rows["adjudication"].items()]:
            if self._lies_on(image):
                self._whole["adjudication", row_id] = {"reason": ""}

    # What quotes or names

    def _candidates(self) -> set[Words]:
        found: set[Words] = set()
        for table, column, value in self._values():
            if table == "codebook_version" and column == "body":
                for code in json.loads(value):
                    for name in LOOSE["code"]:
                        found |= self._quotations.candidates(str(code[name]))
                    for name in LISTS:
                        for one in code[name]:
                            found |= self._quotations.candidates(one, short=True)
            elif table == "code" and column in LISTS:
                for one in json.loads(value):
                    found |= self._quotations.candidates(one, short=True)
            elif column in LOOSE.get(table, ()) or (table, column) == ("document", "metadata"):
                found |= self._quotations.candidates(value)
        kept = [*self._kept.values(), *(rows for _, _, rows, _ in self._kept_lines)]
        for xml in {_unmarked(row[1]) for rows in kept for row in rows}:
            found |= self._quotations.candidates(xml)
        return found

    def _values(self) -> Iterator[tuple[str, str, str]]:
        """Every text as it stands and as it once stood."""
        sides = [(table, image) for table in TABLES for image in self._rows[table].values()]
        sides += [(line.table, side) for line in self._lines for side in (line.before, line.after)]
        for table, side in sides:
            for column, value in side.items():
                if isinstance(value, str) and value:
                    yield table, column, value

    def _is_doomed(self, line: _Line, column: str, value: Value) -> bool:
        if line.table == "document" and column == "sha256" and line.row_id in self._changing:
            return True  # of a short text that is known but for the passage, it could be guessed
        if value in (None, "", "{}", "[]", PURGED):
            return False
        return self._after(line.table, line.row_id, column, value) != value

    def _after(self, table: str, row_id: str, column: str, value: Value) -> Value:
        """A value as it will be."""
        fixed = self._whole.get((table, row_id), {})
        if column in fixed:
            return fixed[column]
        if not isinstance(value, str) or not value:
            return value
        if NAMES.get(table) == column:
            return blanked(value, named(value, self._goes.names))
        if column in LOOSE.get(table, ()):
            return self._loose(value)
        if table == "code" and column in LISTS:
            return self._examples(value)
        match table, column:
            case "document", "metadata":
                told = json.loads(value)
                left = {key: self._loose(str(one)) for key, one in told.items()}
                return value if left == told else canonical(left)
            case "codebook_version", "body":
                return self._body(value)
        return value

    def _loose(self, text: str) -> str:
        if text not in self._loosened:
            places = [*self._quotations.places(text), *named(text, self._goes.names)]
            self._loosened[text] = blanked(text, places)
        return self._loosened[text]

    def _examples(self, value: str) -> str:
        """The examples of a code without those that quote."""
        told = json.loads(value)
        kept = [self._loose(one) for one in told if not self._quotations.quotes(one, short=True)]
        return value if kept == told else canonical(kept)

    def _body(self, body: str) -> str:
        """A frozen codebook, as long as it was: what quotes stays as a blank of its length."""
        codes: list[dict[str, Any]] = json.loads(body)
        for code in codes:
            for column in LOOSE["code"]:
                code[column] = _as_long(code[column], self._loose(code[column]))
            for column in LISTS:
                code[column] = [
                    _as_long(
                        one,
                        PURGED if self._quotations.quotes(one, short=True) else self._loose(one),
                    )
                    for one in code[column]
                ]
        new = canonical(codes)
        if len(new) != len(body):
            raise Refused("A frozen codebook is not written as it should be; nothing was purged.")
        return new


def _unmarked(xml: Value) -> str:
    """XML with every character that stands for itself: the words of its attributes and texts."""
    return unescape(str(xml)).replace("<", " ").replace(">", " ")


def _as_long(old: str, new: str) -> str:
    """A text filled up until it takes as much room in JSON as another one."""
    return new + PURGED * (len(canonical(old)) - len(canonical(new)))
