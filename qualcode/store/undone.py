"""What the log still knows of documents whose import was undone: their turns, labels, speakers.

Undo takes turns and labels away and leaves the text, marked removed. Who withdraws consent may have
said it all the same.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from qualcode.model import Span
from qualcode.store.database import Database
from qualcode.store.images import Change, read_line


@dataclass(slots=True, repr=False)
class Undone:
    """Turns and labels that are in the log only."""

    turns: dict[str, list[tuple[int, Span, str | None]]] = field(default_factory=dict)
    """Document → ``(number, words, id of its label)``."""

    labels: dict[str, str] = field(default_factory=dict)
    """Id → label."""

    voices: dict[str, set[int]] = field(default_factory=dict)
    """Id of a label → keys of the speakers on the roster now, by id or by name."""


def undone(db: Database) -> Undone:
    """Look through the log for documents that are removed and have no turns."""
    found = Undone()
    rows = db.query(
        "SELECT id FROM document WHERE removed = 1"
        " AND NOT EXISTS (SELECT 1 FROM turn WHERE document_pk = document.pk)"
    )
    if not rows:
        return found
    for line in _logged(db, [id_ for (id_,) in rows]):
        if line.table == "turn" and line.after:
            found.turns[line.row_id] = [
                (row[0], Span(row[2], row[3]), row[1]) for row in line.after
            ]
    wanted = {label for turns in found.turns.values() for _, _, label in turns if label}
    voices: dict[str, set[str]] = {}
    for line in _logged(db, wanted):
        if line.table == "label" and line.after is not None and "label" in line.after:
            found.labels[line.row_id] = line.after["label"]
        elif line.table == "label_speaker":
            voices.setdefault(line.row_id, set()).update(one for (one,) in line.after)
    keys = _on_the_roster(db, set().union(*voices.values()))
    found.voices = {
        label: {keys[one] for one in ids if one in keys} for label, ids in voices.items()
    }
    return found


def _on_the_roster(db: Database, ids: set[str]) -> dict[str, int]:
    """Speakers → the key each has, or that the one who has a name of theirs now has."""
    by_id: dict[str, int] = {}
    by_name: dict[str, int] = {}
    for pk, id_, name in db.query("SELECT pk, id, name FROM speaker"):
        by_id[id_], by_name[name.casefold()] = pk, pk
    keys: dict[str, int] = {}
    for line in _logged(db, ids):
        name = str((line.after or {}).get("name", "")).casefold()
        if name in by_name:
            keys[line.row_id] = by_name[name]
    return keys | {one: by_id[one] for one in ids if one in by_id}


def _logged(db: Database, ids: Collection[str]) -> Iterator[Change]:
    """The lines of the log about some rows that are not purged, in order."""
    lines = db.query(
        "SELECT line FROM change WHERE row_id IN (SELECT value FROM json_each(?))"
        " ORDER BY action_pk, n",
        json.dumps(sorted(ids)),
    )
    for (line,) in lines:
        change = read_line(line)
        if change is not None:
            yield change
