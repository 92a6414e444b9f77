"""The only writer: actions, their row images, and the hash-chained log they leave.

An *act* is one transaction and one undo. It leaves one action row in each stream it touches:
``shared``, and ``r:<round id>`` for what a blind round keeps apart (codings, finished marks, memos
on codings). Each stream is a chain of its own. The log holds no transcript text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from qualcode.errors import AlreadyFinished, Conflict, Refused
from qualcode.model import Verb
from qualcode.store import schema
from qualcode.store.blind import refuse_blind
from qualcode.store.database import Database
from qualcode.store.ids import microseconds, new_id, now
from qualcode.store.images import (
    Change,
    Image,
    Stored,
    chain,
    completed,
    digest,
    in_layer_order,
    layer_rows,
    line_of,
    owner_key,
    plain,
    reference,
    stored_row,
)
from qualcode.store.tables import LAYERS, LOGGED, Value

SHARED = "shared"
NO_HASH = "0" * 64
"""What the first action of a stream has before it."""

_TOGETHER = 100
"""Rows of a layer that are inserted by one statement."""


class Action:
    """What one act changes. Made by ``Writer.action``; nothing else writes."""

    def __init__(self, db: Database, verb: Verb) -> None:
        self.verb: Verb = verb
        """What the coder would call it; an act that decides inside may say so late."""

        self._db = db
        self._run = db.connection.execute
        self._changes: list[tuple[str, Change]] = []
        self._keys: dict[tuple[str, str], int] = {}
        self._streams: dict[str, str] = {}
        self._finished: dict[tuple[str, str, str], bool] = {}

    @property
    def changes(self) -> list[tuple[str, Change]]:
        """``(stream, change)`` in the order they were made."""
        return self._changes

    def get(self, table: str, row_id: str) -> Stored | None:
        """A row as it is now, inside the action: what a decision may rest on."""
        return stored_row(self._db, table, row_id)

    def require(self, table: str, row_id: str, *, rev: int | None = None) -> Stored:
        """A row that must be there.

        Raises:
            Refused: it is not. Conflict: it has changed since revision ``rev`` was shown.
        """
        found = self.get(table, row_id)
        if found is None:
            raise Refused(f"This {table} is no longer there.")
        if rev is not None and found.rev != rev:
            raise Conflict(f"This {table} has been changed since it was shown. Look at it again.")
        return found

    def known(self, table: str, row_id: str, pk: int) -> None:
        """Take a key that was read along with something else, so that it is not asked again."""
        self._keys[table, row_id] = pk

    def key(self, table: str, row_id: str) -> int:
        """The key in this file of the row with that id; ``Refused`` if there is none."""
        return self._pk(table, row_id)

    def insert(
        self,
        table: str,
        values: Mapping[str, Value],
        *,
        text: str | None = None,
        row_id: str | None = None,
    ) -> str:
        """Add a row, and give its id.

        Args:
            text: A document's text, which goes into the file and never into the log.
            row_id: The id it has elsewhere; None makes a new one.
        """
        row_id = row_id or new_id()
        self._insert(table, row_id, completed(table, values), text)
        return row_id

    def insert_all(self, table: str, rows: Mapping[str, Mapping[str, Value]]) -> None:
        """Add many rows of a table by few statements: id → values, as ``insert`` takes them."""
        columns = ["id", *LOGGED[table].stored.values()]
        stored = []
        for row_id, values in rows.items():
            image = completed(table, values)
            if table == "coding":
                self._refuse_if_finished(image)
            stored.append([row_id, *self._values(table, image)])
            self._note(table, row_id, None, image, image)
        self._insert_rows(table, columns, [], stored)

    def put(self, table: str, row_id: str, values: Mapping[str, Value] | None) -> bool:
        """Add, change or (None) delete a row; only the given columns change.

        Returns:
            Whether anything changed.
        """
        found = self.get(table, row_id)
        if values is None:
            if found is not None:
                self._delete(table, row_id, found)
            return found is not None
        if found is None:
            self._insert(table, row_id, completed(table, values), None)
            return True
        new = {column: plain(value) for column, value in values.items()}
        changed = {c: v for c, v in new.items() if found.image[c] != v}
        if changed:
            self._update(table, row_id, found, changed)
        return bool(changed)

    def put_layer(self, table: str, owner: Sequence[str], rows: Sequence[Sequence[Value]]) -> None:
        """Replace all rows of one owner: a document's turns, anchors or units."""
        layer = LAYERS[table]
        keys = [
            self._pk(into, name) if into else name
            for name, into in zip(owner, layer.owners.values(), strict=True)
        ]
        before = layer_rows(self._db, table, keys)
        after = in_layer_order(rows)
        if before == after:
            return
        if before:
            where = " AND ".join(f"{layer.stored(column)} = ?" for column in layer.owners)
            self._run(f"DELETE FROM {table} WHERE {where}", keys)
        columns = [layer.stored(column) for column in (*layer.owners, *layer.columns)]
        self._insert_rows(table, columns, keys, self._referring(after, [*layer.columns.values()]))
        self._changes.append((SHARED, Change(table, owner_key(owner), before, after)))

    def add_layers(self, table: str, owned: Mapping[str, Sequence[Sequence[Value]]]) -> None:
        """Add the rows of many owners made in this very action; none of them is a reference.

        Args:
            owned: The only column that names the owner → its rows.
        """
        layer = LAYERS[table]
        rows: list[list[Value]] = []
        for owner, some in owned.items():
            after = in_layer_order(some)
            rows += [[owner, *row] for row in after]
            self._changes.append((SHARED, Change(table, owner_key([owner]), [], after)))
        self._insert_rows(table, [*layer.owners, *layer.columns], [], rows)

    def keep_source(
        self, document_id: str, name: str, media_type: str, sha256: str, data: bytes
    ) -> None:
        """Keep a document's file as received; it is in no log."""
        self._run(
            "INSERT INTO source (document_pk, name, media_type, sha256, bytes)"
            " VALUES (?, ?, ?, ?, ?)",
            (self._pk("document", document_id), name, media_type, sha256, data),
        )

    def _referring(self, rows: list[list[Value]], into: Sequence[str | None]) -> list[list[Value]]:
        """Rows of a layer as they are stored: with keys in place of ids."""
        places = [(place, table) for place, table in enumerate(into) if table]
        stored = [row.copy() for row in rows] if places else rows
        for place, table in places:
            ids = {row[place] for row in stored} - {None}
            keys = {id_: self._pk(table, str(id_)) for id_ in ids}
            for row in stored:
                row[place] = keys.get(row[place])
        return stored

    def _insert_rows(
        self,
        table: str,
        columns: Sequence[str],
        keys: Sequence[Value],
        rows: Sequence[Sequence[Value]],
    ) -> None:
        """Add rows. Triggers make a statement costly to begin: many share one.

        Args:
            keys: Of the one owner of all rows, in the first columns of each; or none.
        """
        first, width = len(keys) + 1, len(columns) - len(keys)
        marks = ", ".join([*(f"?{n}" for n in range(1, first)), *["?"] * width])
        into = f"INSERT INTO {table} ({', '.join(columns)}) VALUES "
        for at in range(0, len(rows), _TOGETHER):
            some = rows[at : at + _TOGETHER]
            values = [value for row in some for value in row]
            self._run(into + ", ".join([f"({marks})"] * len(some)), [*keys, *values])

    # What only a purge does

    def purge(self, table: str, row_id: str, values: Mapping[str, Value] | None) -> bool:
        """Change or (None) delete a row like ``put``; the log keeps nothing of what was there."""
        changed = self.put(table, row_id, values)
        if changed:
            stream, change = self._changes[-1]
            nothing = {} if values is None else dict.fromkeys(change.before)
            self._changes[-1] = (stream, replace(change, before=nothing))
        return changed

    def purge_layer(
        self, table: str, owner: Sequence[str], rows: Sequence[Sequence[Value]]
    ) -> None:
        """Replace the rows of one owner; the log keeps nothing of what was there."""
        self.put_layer(table, owner, rows)
        stream, change = self._changes[-1]
        self._changes[-1] = (stream, replace(change, before=[]))

    def purge_text(self, document_id: str, text: str) -> None:
        """Put blanks in a document's text, whose purge is marked, and drop the file as received."""
        key = self._pk("document", document_id)
        self._run("UPDATE document SET text = ? WHERE pk = ?", (text, key))
        self._run("DELETE FROM source WHERE document_pk = ?", (key,))

    def purge_line(self, action_pk: int, n: int, line: str) -> None:
        """Leave of a line of the log what its chain needs: the digest."""
        self._run("UPDATE change SET line = ? WHERE action_pk = ? AND n = ?", (line, action_pk, n))

    def empty_index(self) -> None:
        """Empty the full-text index, which is made anew when it is next asked."""
        self._run("INSERT INTO turn_fts (turn_fts) VALUES ('delete-all')")

    # What every write does

    def _insert(self, table: str, row_id: str, image: Image, text: str | None) -> None:
        spec = LOGGED[table]
        if table == "coding":
            self._refuse_if_finished(image)
        columns = ["id", *spec.stored.values()]
        values = [row_id, *self._values(table, image)]
        if text is not None:
            columns.append("text")
            values.append(text)
        marks = ", ".join("?" * len(columns))
        cursor = self._run(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", values)
        assert cursor.lastrowid is not None
        self._keys[table, row_id] = cursor.lastrowid
        self._note(table, row_id, None, image, image)

    def _update(self, table: str, row_id: str, found: Stored, changed: Image) -> None:
        if table == "coding":
            self._refuse_if_finished(found.image)
        stored = LOGGED[table].stored
        sets = [f"{stored[column]} = ?" for column in changed]
        if LOGGED[table].has_rev:
            sets.append("rev = rev + 1")
        self._run(
            f"UPDATE {table} SET {', '.join(sets)} WHERE pk = ?",
            [*self._values(table, changed), found.pk],
        )
        before = {column: found.image[column] for column in changed}
        self._note(table, row_id, before, changed, found.image)

    def _delete(self, table: str, row_id: str, found: Stored) -> None:
        if table == "coding":
            self._refuse_if_finished(found.image)
        self._run(f"DELETE FROM {table} WHERE pk = ?", (found.pk,))
        self._keys.pop((table, row_id), None)
        self._note(table, row_id, found.image, None, found.image)

    def _note(
        self, table: str, row_id: str, before: Image | None, after: Image | None, whole: Image
    ) -> None:
        stream = self._stream(table, before, after, whole)
        self._changes.append((stream, Change(table, row_id, before, after)))

    def _values(self, table: str, image: Image) -> list[Any]:
        references = LOGGED[table].references
        return [
            self._pk(references[column], str(value))
            if column in references and value is not None
            else value
            for column, value in image.items()
        ]

    def _pk(self, table: str, row_id: str) -> int:
        key = (table, row_id)
        if key not in self._keys:
            self._keys[key] = reference(self._db, table, row_id)
        return self._keys[key]

    def _stream(self, table: str, before: Image | None, after: Image | None, whole: Image) -> str:
        if table == "coding":
            return f"r:{whole['round_id']}"
        if table == "assignment" and before is not None and after is not None:
            return f"r:{whole['round_id']}"  # the finished mark
        if table == "memo" and whole["coding_id"] is not None:
            return self._coding_stream(str(whole["coding_id"]))
        return SHARED

    def _coding_stream(self, coding_id: str) -> str:
        if coding_id not in self._streams:
            row = self._db.one(
                "SELECT round.id FROM coding JOIN round ON round.pk = coding.round_pk"
                " WHERE coding.id = ?",
                coding_id,
            )
            self._streams[coding_id] = f"r:{row[0]}" if row else SHARED
        return self._streams[coding_id]

    def finished(self, round_id: str, document_id: str, coder_id: str, is_finished: bool) -> None:
        """Take along whether an assignment was finished when this action began."""
        self._finished[round_id, document_id, coder_id] = is_finished

    def _refuse_if_finished(self, coding: Image) -> None:
        place = (str(coding["round_id"]), str(coding["document_id"]), str(coding["coder_id"]))
        if place not in self._finished:
            row = self._db.one(
                "SELECT finished_at IS NOT NULL FROM assignment WHERE round_pk = ?"
                " AND document_pk = ? AND coder_pk = ?",
                self._pk("round", place[0]),
                self._pk("document", place[1]),
                self._pk("coder", place[2]),
            )
            self._finished[place] = bool(row[0]) if row else False
        if self._finished[place]:
            raise AlreadyFinished(
                "This document is declared finished in this round; reopen it to change codings."
            )


class Writer:
    """Opens actions on one project file and writes their log."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._here: tuple[int, str] | None = None

    @contextmanager
    def action(
        self, verb: Verb, by: str, *, undoes: str | None = None, redoes: str | None = None
    ) -> Iterator[Action]:
        """Hold the write lock; what the block puts becomes one act, or nothing does.

        Args:
            verb: What the coder would call it.
            by: Id of the coder who acts (also one that this very action adds).
            undoes: The act this takes back; such an act is logged even if it changes nothing.
            redoes: The act this repeats.

        Raises:
            Refused, Conflict, ProjectLocked, ProjectReadOnly, DiskFull: nothing was changed.
                ``Refused`` also where codes change, other than by a purge, and ``store.blind``
                keeps the coder from it.
        """
        with self._db.writing():
            action = Action(self._db, verb)
            yield action
            if verb != "purge" and any(change.table == "code" for _, change in action.changes):
                refuse_blind(self._db, by)
            if action.changes or undoes or redoes:
                self._log(action, by, undoes, redoes)

    def _log(self, action: Action, by: str, undoes: str | None, redoes: str | None) -> None:
        streams: dict[str, list[tuple[int, Change]]] = {}
        for n, (stream, change) in enumerate(action.changes, 1):
            streams.setdefault(stream, []).append((n, change))
        if not streams:
            streams[SHARED] = []
        act, at = new_id(), now()
        replica_pk, replica = self._replica()
        coder_pk = action.key("coder", by)
        for stream, changes in streams.items():
            lines = [(n, change.row_id, line_of(change)) for n, change in changes]
            seq, clock, previous = self._last(replica_pk, stream)
            header = {
                "id": new_id(), "replica": replica, "stream": stream, "seq": seq + 1,
                "clock": max(clock + 1, microseconds()), "at": at, "coder": by, "verb": action.verb,
                "act": act, "undoes": undoes, "redoes": redoes, "schema": schema.USER_VERSION,
                "n": len(lines),
            }  # fmt: skip
            hash_ = chain(previous, header, [digest(line) for _, _, line in lines])
            cursor = self._db.connection.execute(
                "INSERT INTO action (id, replica_pk, stream, seq, clock, at, coder_pk, verb, act,"
                " undoes, redoes, schema, n_changes, prev_hash, hash)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    header["id"], replica_pk, stream, header["seq"], header["clock"], at, coder_pk,
                    action.verb, act, undoes, redoes, header["schema"], len(lines), previous, hash_,
                ),
            )  # fmt: skip
            self._db.connection.executemany(
                "INSERT INTO change (action_pk, n, row_id, line) VALUES (?, ?, ?, ?)",
                ((cursor.lastrowid, *line) for line in lines),
            )

    def _replica(self) -> tuple[int, str]:
        if self._here is None:
            row = self._db.one("SELECT pk, id FROM replica WHERE here = 1")
            assert row is not None  # made with the file
            self._here = (int(row[0]), str(row[1]))
        return self._here

    def _last(self, replica_pk: int, stream: str) -> tuple[int, int, str]:
        """``(seq, clock, hash)`` of a stream's last action; the clock is the whole file's."""
        row = self._db.one(
            "SELECT seq, hash, (SELECT clock FROM action ORDER BY pk DESC LIMIT 1) FROM action"
            " WHERE replica_pk = ? AND stream = ? ORDER BY seq DESC LIMIT 1",
            replica_pk,
            stream,
        )
        if row is not None:
            return int(row[0]), int(row[2]), str(row[1])
        newest = self._db.one("SELECT clock FROM action ORDER BY pk DESC LIMIT 1")
        return 0, int(newest[0]) if newest else 0, NO_HASH
