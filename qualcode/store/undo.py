"""Taking acts back and repeating them, from the log, for ever: it survives a restart.

Undo works per coder over the acts of this copy of the project. Taking back is itself an act; it
restores columns, so edits of different columns do not stand in each other's way, and it refuses to
overwrite what has been changed since.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterator, Sequence

from qualcode.errors import NothingToUndo, UndoRefused
from qualcode.model import Coder
from qualcode.store.database import Database
from qualcode.store.history import Action, Writer
from qualcode.store.images import Change, Image, Stored, layer_rows, read_line, reference
from qualcode.store.tables import LAYERS, LOGGED

NEVER = {
    "create project": "A project's beginning cannot be taken back.",
    "bake project": "A project's beginning cannot be taken back.",
    "freeze codebook": "A frozen version never changes; freezing cannot be taken back.",
    "unblind round": "Codings have been seen; unblinding cannot be taken back.",
    "purge": "What was purged is gone; a purge cannot be taken back.",
}
SEEN = {"close round"}
"""Not taken back where the round holds codings: they have been seen."""

STAYS = "discuss document"
"""What was looked at together has been seen: undo passes over it to the act before."""

_OF_DOCUMENT = {
    **{
        table: f"SELECT document_pk FROM {table} WHERE id"
        for table in ("coding", "assignment", "adjudication", "redaction", "label")
    },
    "label_speaker": "SELECT document_pk FROM label WHERE id",
}
"""Table of what is said of documents → the select of the documents its rows are on."""

LEFT_IF_USED = ("speaker", "attribute", "coder", "segmentation", "participant", "label")
"""Undoing what made these leaves them where something made since refers to them."""


def undo(db: Database, writer: Writer, by: Coder) -> str:
    """Take back the coder's last act that stands; give the act's id.

    Raises:
        NothingToUndo: there is none. UndoRefused: something has changed since; nothing was done.
    """
    target = _last_standing(db, by)
    if target is None:
        raise NothingToUndo(f"{by.name} has nothing to undo here.")
    with writer.action("undo", by.id, undoes=target) as action:
        if _last_standing(db, by) != target:
            raise UndoRefused("Another window has just changed the history. Try again.")
        _refuse_if_settled(db, target)
        _invert(db, action, target)
    return target


def redo(db: Database, writer: Writer, by: Coder) -> str:
    """Repeat what the coder last took back; give the id of the act that stands again.

    Raises:
        NothingToUndo: nothing was taken back since the last ordinary act.
        UndoRefused: something has changed since; nothing was done.
    """
    found = _last_taken_back(db, by)
    if found is None:
        raise NothingToUndo(f"{by.name} has nothing to redo here.")
    taking_back, target = found
    with writer.action("redo", by.id, redoes=target) as action:
        if _last_taken_back(db, by) != found:
            raise UndoRefused("Another window has just changed the history. Try again.")
        _invert(db, action, taking_back)
    return target


def _last_standing(db: Database, by: Coder) -> str | None:
    """The newest act that is neither an undo nor taken back, as a stack sees it."""
    settled: set[str] = set()
    for act, undoes, redoes in _acts(db, by):
        if undoes is not None:
            settled.add(undoes)
        elif (redoes or act) not in settled:
            return redoes or act
    return None


def _last_taken_back(db: Database, by: Coder) -> tuple[str, str] | None:
    """``(act that took back, act taken back)`` on top of the redo stack."""
    repeated: set[str] = set()
    for act, undoes, redoes in _acts(db, by):
        if redoes is not None:
            repeated.add(redoes)
        elif undoes is None:
            return None  # an ordinary act leaves nothing to redo
        elif undoes in repeated:
            repeated.remove(undoes)
        else:
            return act, undoes
    return None


def _acts(db: Database, by: Coder) -> Iterator[tuple[str, str | None, str | None]]:
    """``(act, undoes, redoes)`` of the coder in this copy, newest first, a page at a time."""
    before, seen = 2**62, ""
    while True:
        page = db.query(
            "SELECT action.pk, act, undoes, redoes FROM action"
            " JOIN coder ON coder.pk = action.coder_pk"
            " JOIN replica ON replica.pk = action.replica_pk AND replica.here = 1"
            " WHERE coder.id = ? AND action.pk < ? AND verb <> ? ORDER BY action.pk DESC LIMIT 200",
            by.id,
            before,
            STAYS,
        )
        for pk, act, undoes, redoes in page:
            before = pk
            if act != seen:  # an act has a row in each stream, one after another
                seen = act
                yield act, undoes, redoes
        if len(page) < 200:
            return


def changes_of(db: Database, act: str) -> list[tuple[int, Change]]:
    """``(action key, change)`` of an act, in the order they were made.

    Raises:
        UndoRefused: a line has been purged.
    """
    found = []
    for action_pk, line in db.query(
        "SELECT action_pk, line FROM change JOIN action ON action.pk = change.action_pk"
        " WHERE action.act = ? ORDER BY change.n",
        act,
    ):
        change = read_line(line)
        if change is None:
            raise UndoRefused("What this action changed has been purged; it cannot be taken back.")
        found.append((action_pk, change))
    return found


def _refuse_if_settled(db: Database, act: str) -> None:
    row = db.one("SELECT verb FROM action WHERE act = ? LIMIT 1", act)
    assert row is not None
    verb = row[0]
    if verb in NEVER:
        raise UndoRefused(NEVER[verb])
    if verb in SEEN:
        for _, change in changes_of(db, act):
            if change.table == "round" and db.one(
                "SELECT 1 FROM coding JOIN round ON round.pk = coding.round_pk"
                " WHERE round.id = ? LIMIT 1",
                change.row_id,
            ):
                raise UndoRefused(
                    "The round holds codings, which may have been compared since it was closed; "
                    "closing it cannot be taken back."
                )


def _invert(db: Database, action: Action, act: str) -> None:
    changes = changes_of(db, act)
    _refuse_if_replaced(db, [change for _, change in changes])
    carried = _carried_marks(db, act, [change for _, change in changes])
    for action_pk, change in reversed(changes):
        if change.is_layer:
            _invert_layer(db, action, action_pk, change)
        elif change.before is None:
            _take_out(db, action, action_pk, change)
        else:
            _restore(db, action, action_pk, change, carried)


def _refuse_if_replaced(db: Database, changes: Sequence[Change]) -> None:
    """Refuse what would change a replaced version only: nobody would see it, or miss it."""
    for table in {change.table for change in changes} & set(_OF_DOCUMENT):
        ids = [change.row_id for change in changes if change.table == table]
        gone = [
            str(side["document_id"])
            for change in changes
            if change.table == table and not change.is_layer
            for side in (change.before or {}, change.after or {})
            if "document_id" in side
        ]
        row = db.one(
            "WITH RECURSIVE replaced(pk) AS ("
            " SELECT replaces_pk FROM document WHERE removed = 0 AND replaces_pk IS NOT NULL UNION"
            " SELECT replaces_pk FROM document JOIN replaced USING (pk)"
            " WHERE replaces_pk IS NOT NULL)"
            " SELECT name FROM document JOIN replaced USING (pk)"
            f" WHERE id IN (SELECT value FROM json_each(?)) OR pk IN ({_OF_DOCUMENT[table]}"
            " IN (SELECT value FROM json_each(?))) LIMIT 1",
            json.dumps(gone),
            json.dumps(ids),
        )
        if row is not None:
            raise UndoRefused(
                f"A corrected version has taken the place of {row[0]} since; make the change there."
            )


def _carried_marks(db: Database, act: str, changes: Sequence[Change]) -> set[str]:
    """Assignments that replacing a document made: the finished mark they got was set before.

    Taking that back lifts nobody's mark; the one on the replaced document stands again.
    """
    row = db.one("SELECT verb FROM action WHERE act = ? LIMIT 1", act)
    if row is None or row[0] != "replace document":
        return set()
    return {one.row_id for one in changes if one.table == "assignment" and one.before is None}


def _invert_layer(db: Database, action: Action, action_pk: int, change: Change) -> None:
    owner = change.row_id.split("/")
    into = LAYERS[change.table].owners.values()
    keys = [
        reference(db, table, name) if table else name
        for table, name in zip(into, owner, strict=True)
    ]
    if layer_rows(db, change.table, keys) != change.after:
        raise _changed_since(db, action_pk, change, change.table)
    action.put_layer(change.table, owner, change.before)


def _take_out(db: Database, action: Action, action_pk: int, change: Change) -> None:
    """Take back a row that was added: mark it removed where it is kept, else delete it."""
    found = action.get(change.table, change.row_id)
    if found is None:
        raise _changed_since(db, action_pk, change, "it")
    if LOGGED[change.table].kept:
        _refuse_if_changed(db, action_pk, change, found.image, {"removed": change.after["removed"]})
        _refuse_if_coded(db, change.table, found)
        action.put(change.table, change.row_id, {"removed": 1})
        return
    if change.table in LEFT_IF_USED and _is_used(db, change.table, found.pk):
        return
    _refuse_if_changed(db, action_pk, change, found.image, change.after)
    _put(action, change, found.image, None)


def _restore(
    db: Database, action: Action, action_pk: int, change: Change, carried: Collection[str]
) -> None:
    found = action.get(change.table, change.row_id)
    if change.after is None:
        if found is not None:
            raise _changed_since(db, action_pk, change, "it")
    elif found is None:
        raise _changed_since(db, action_pk, change, "it")
    else:
        _refuse_if_changed(db, action_pk, change, found.image, change.after)
    is_mark = change.table == "assignment" and change.after is not None
    if is_mark and change.row_id not in carried:
        refuse_reopening_of_seen(db, change)
    _put(action, change, found.image if found else change.before, change.before)


def _put(action: Action, change: Change, image: Image, values: Image | None) -> None:
    """Put a row back, or take it away; say in words what stands in the way."""
    try:
        action.put(change.table, change.row_id, values)
    except sqlite3.IntegrityError as error:
        what = _said(change.table, image)
        match error.sqlite_errorname:
            case "SQLITE_CONSTRAINT_FOREIGNKEY" if values is None:
                raise UndoRefused(
                    f"The {what} is in use: something made since refers to it. Take that back "
                    "first."
                ) from error
            case "SQLITE_CONSTRAINT_FOREIGNKEY":
                raise UndoRefused(f"The {what} refers to what is not there any more.") from error
            case "SQLITE_CONSTRAINT_UNIQUE":
                raise UndoRefused(
                    f"The {what} cannot come back: its place is taken by another made since."
                ) from error
        raise


def _said(table: str, image: Image) -> str:
    """A row as a message names it: "document A-FG1", "assignment"."""
    name = image.get("name") if table != "code" else image.get("code")
    name = name or image.get("label") or ""
    return f"{table.replace('_', ' ')} {name}".strip()


def _refuse_if_coded(db: Database, table: str, found: Stored) -> None:
    """Refuse to take out a document or a code under codings, whoever made them."""
    if db.one(f"SELECT 1 FROM coding WHERE {table}_pk = ? LIMIT 1", found.pk):
        raise UndoRefused(
            f"The {_said(table, found.image)} has codings by now, which would vanish with it. "
            "Remove those first."
        )


def refuse_reopening_of_seen(db: Database, change: Change) -> None:
    """Refuse to lift a finished mark in a round that has been unblinded or closed."""
    if change.before.get("finished_at") is not None or "finished_at" not in change.before:
        return
    row = db.one(
        "SELECT round.id, round.state FROM assignment JOIN round"
        " ON round.pk = assignment.round_pk WHERE assignment.id = ?",
        change.row_id,
    )
    if row is not None and (row[1] == "closed" or was_unblinded(db, row[0])):
        raise UndoRefused("Codings of this round have been seen; the document stays finished.")


def was_unblinded(db: Database, round_id: str) -> bool:
    """Whether a round was opened blind and unblinded later."""
    return (
        db.one(
            # CROSS: the few acts of that verb first, never every line of the log
            "SELECT 1 FROM action CROSS JOIN change ON change.action_pk = action.pk"
            " WHERE action.verb = 'unblind round' AND change.row_id = ? LIMIT 1",
            round_id,
        )
        is not None
    )


def _refuse_if_changed(
    db: Database, action_pk: int, change: Change, now: Image, expected: Image
) -> None:
    for column, value in expected.items():
        if now[column] != value:
            raise _changed_since(db, action_pk, change, column.removesuffix("_id"))


def _changed_since(db: Database, action_pk: int, change: Change, what: str) -> UndoRefused:
    row = db.one(
        "SELECT coder.name, action.at, action.verb FROM change"
        " JOIN action ON action.pk = change.action_pk JOIN coder ON coder.pk = action.coder_pk"
        " WHERE change.row_id = ? AND action.pk > ? ORDER BY action.pk DESC LIMIT 1",
        change.row_id,
        action_pk,
    )
    name = change.table.replace("_", " ")
    if row is None:
        return UndoRefused(f"The {name} is no longer as this action left it.")
    who, at, verb = row
    return UndoRefused(
        f"The {name} has been changed since ({what}): {who}, {at}, “{verb}”. "
        "Make a new change instead."
    )


def _is_used(db: Database, table: str, pk: int) -> bool:
    """Whether any row refers to this one."""
    for other, column in referrers(table):
        if db.one(f"SELECT 1 FROM {other} WHERE {column} = ? LIMIT 1", pk):
            return True
    return False


def referrers(table: str) -> list[tuple[str, str]]:
    """``(table, column in the file)`` of everything that may refer to a row of ``table``."""
    found = [
        (spec.name, spec.stored[column])
        for spec in LOGGED.values()
        for column, into in spec.references.items()
        if into == table
    ]
    for layer in LAYERS.values():
        found += [
            (layer.name, layer.stored(column))
            for column, into in {**layer.owners, **layer.columns}.items()
            if into == table
        ]
    if table == "coder":
        found.append(("action", "coder_pk"))
    return found
