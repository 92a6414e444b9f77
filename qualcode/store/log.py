"""The history as people read it: acts, newest first, with what they touched in ids and counts.

In an open blind round a coder's log shows nothing of another's work.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from contextlib import AbstractContextManager

from qualcode.errors import UnknownName
from qualcode.model import Coder, LoggedAction, Verb
from qualcode.store import undo
from qualcode.store.database import Row
from qualcode.store.history import SHARED, Action
from qualcode.store.images import Change, canonical, read_line
from qualcode.store.session import OPEN_BLIND, Session
from qualcode.store.tables import LAYERS
from qualcode.text.plurals import counted

_NOUNS = {
    "attribute_value": "attribute value",
    "codebook_version": "codebook version",
}
_ROSTER = ("label", "speaker")
"""What a summary mentions where an act touched nothing but these."""

_MENTIONED = (
    "coding", "memo", "document", "code", "codebook_version", "round", "assignment", "participant",
    "adjudication", "redaction", "setting", "coder",
)  # fmt: skip
"""What a summary counts; the rest (labels, speakers, turns …) comes along with these."""

_SEEN = (
    f"(action.coder_pk = ? OR NOT EXISTS (SELECT 1 FROM round WHERE {OPEN_BLIND}"
    " AND (action.stream = 'r:' || round.id"
    " OR (action.verb IN ('write memo', 'edit memo', 'remove memo', 'undo', 'redo') AND EXISTS"
    " (SELECT 1 FROM change WHERE action_pk = action.pk"
    ' AND (substr(line, -11) = \'"t":"memo"}\' OR line GLOB \'{"d":*\'))'
    "))))"
)
"""SQL: one's own; others' unless of an open blind round, or memos, which may hint at it.

A purged line does not say whose it was: it may have been a memo's."""


class History:
    """Who did what, when; and the way back."""

    def __init__(self, session: Session) -> None:
        self._db, self._writer, self._eyes = session.db, session.writer, session.eyes

    def action(self, verb: Verb, by: Coder) -> AbstractContextManager[Action]:
        """Open an action: all that is put in the block happens, or nothing."""
        return self._writer.action(verb, by.id)

    def undo(self, by: Coder) -> LoggedAction:
        """Take back the coder's last act that stands, and give it.

        Raises:
            NothingToUndo, UndoRefused: nothing was changed.
        """
        return self._one(undo.undo(self._db, self._writer, by))

    def redo(self, by: Coder) -> LoggedAction:
        """Repeat what the coder last took back, and give it.

        Raises:
            NothingToUndo, UndoRefused: nothing was changed.
        """
        return self._one(undo.redo(self._db, self._writer, by))

    def log(self, limit: int | None = None) -> list[LoggedAction]:
        """Acts, newest first; at most ``limit`` of them."""
        taken_back = self._taken_back()
        acts = self._db.query(
            "SELECT act, min(action.pk), max(action.pk) FROM action WHERE "
            f"{_SEEN} GROUP BY act ORDER BY max(action.pk) DESC LIMIT ?",
            self._eyes,
            -1 if limit is None else limit,
        )
        return [self._entry(act, act in taken_back, first, last) for act, first, last in acts]

    def heads(self) -> dict[str, str]:
        """Stream → hash of its last action: together they name the state of the project."""
        rows = self._db.query(
            "SELECT replica.id || '/' || stream, hash FROM action"
            " JOIN replica ON replica.pk = replica_pk WHERE seq = (SELECT max(seq) FROM action a"
            " WHERE a.replica_pk = action.replica_pk AND a.stream = action.stream)"
            " ORDER BY 1"
        )
        return dict(rows)

    def digest(self) -> str:
        """SHA-256 over the heads."""
        return hashlib.sha256(canonical(self.heads()).encode()).hexdigest()

    def _one(self, act: str) -> LoggedAction:
        row = self._db.one("SELECT min(pk), max(pk) FROM action WHERE act = ?", act)
        assert row is not None  # an aggregate always has one
        return self._entry(act, act in self._taken_back(), row[0], row[1], own=True)

    def _taken_back(self) -> set[str]:
        standing: dict[str, bool] = {}
        for undoes, redoes in self._db.query(
            "SELECT undoes, redoes FROM action WHERE undoes IS NOT NULL OR redoes IS NOT NULL"
            " ORDER BY pk"
        ):
            standing[undoes or redoes] = undoes is None
        return {act for act, stands in standing.items() if not stands}

    def _entry(
        self, act: str, undone: bool, first: int, last: int, *, own: bool = False
    ) -> LoggedAction:
        """An act, whose rows were written one after another, from key ``first`` to ``last``."""
        rows = self._db.query(
            "SELECT action.id, at, coder.name, verb, n_changes, undoes, redoes, action.pk, stream"
            " FROM action JOIN coder ON coder.pk = action.coder_pk"
            " WHERE action.pk BETWEEN ? AND ? AND act = ?"
            f" AND (? OR {_SEEN}) ORDER BY action.pk",
            first,
            last,
            act,
            own,
            self._eyes,
        )
        if not rows:
            raise UnknownName("action", act)
        if self._replaces(act):
            rows = [row for row in rows if row[8] == SHARED]
        id_, at, coder, verb, _, undoes, redoes, _, _ = rows[0]
        return LoggedAction(
            id_, act, at, coder, verb, sum(row[4] for row in rows), undone, undoes, redoes,
            self._summary(rows),
        )  # fmt: skip

    def _summary(self, rows: list[Row]) -> str:
        """What an act touched: "2 codings in A-FG1"."""
        counts: Counter[str] = Counter()
        seen: set[tuple[str, str]] = set()
        documents: set[str] = set()
        for row in rows:
            for (line,) in self._db.query(
                "SELECT line FROM change WHERE action_pk = ? ORDER BY n", row[7]
            ):
                change = read_line(line)
                if change is None:
                    continue
                # who speaks under a label is a label's, though it is a layer
                table = change.table.removesuffix("_speaker")
                if table not in LAYERS and (table, change.row_id) not in seen:
                    seen.add((table, change.row_id))
                    counts[table] += 1
                    documents |= self._documents_of(change)
        said = [_counted(table, counts[table]) for table in _MENTIONED if counts[table]]
        said = said or [_counted(table, counts[table]) for table in _ROSTER if counts[table]]
        names = self._names(documents)
        if len(names) == 1 and said:
            return f"{', '.join(said)} in {names[0]}" if not counts["document"] else names[0]
        return ", ".join(said)

    def _names(self, documents: set[str]) -> list[str]:
        """Names of documents, each once: a corrected version has that of the one it replaced."""
        found = [self._db.one("SELECT name FROM document WHERE id = ?", one) for one in documents]
        return sorted({str(row[0]) for row in found if row is not None})

    def _replaces(self, act: str) -> bool:
        """Whether an act replaced a document, or took that back or repeated it.

        It moves everybody's codings, of which even a count would tell who made it something.
        """
        return (
            self._db.one(
                "SELECT 1 FROM action WHERE verb = 'replace document' AND act IN (SELECT ?1 UNION"
                " SELECT undoes FROM action WHERE act = ?1 UNION"
                " SELECT redoes FROM action WHERE act = ?1) LIMIT 1",
                act,
            )
            is not None
        )

    def _documents_of(self, change: Change) -> set[str]:
        if change.table == "document":
            return {change.row_id}
        held = {} if change.is_layer else {**(change.before or {}), **(change.after or {})}
        if held.get("document_id"):
            return {held["document_id"]}
        if change.table in ("label", "label_speaker"):
            found = self._db.one(
                "SELECT document.id FROM label JOIN document ON document.pk = document_pk"
                " WHERE label.id = ?",
                change.row_id,
            )
            return {found[0]} if found else set()
        if change.table == "coding":
            found = self._db.one(
                "SELECT document.id FROM coding JOIN document ON document.pk = document_pk"
                " WHERE coding.id = ?",
                change.row_id,
            )
            return {found[0]} if found else set()
        return set()


def _counted(table: str, n: int) -> str:
    return counted(n, _NOUNS.get(table, table))
