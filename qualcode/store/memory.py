"""What the labels of all documents so far are taken for, kept while a project is open.

Every file that comes in asks for it. Read anew each time, it would cost the last of a thousand
files what all the others together have; so only what has been added since is read.
"""

from __future__ import annotations

from collections import ChainMap

from qualcode.store.database import Database
from qualcode.store.history import Action
from qualcode.store.labels import (
    NOBODY,
    Known,
    Memory,
    by_weight,
    edits,
    known_labels,
    remembered,
)


class Remembered:
    """The labels of the documents that are there, as of the last action in the log."""

    def __init__(self) -> None:
        self._moment: int | None = None
        self._forget()

    def _forget(self) -> None:
        self._newest = 0
        self._ids: set[str] = set()
        self._exact: dict[str, Known] = {}
        self._folded: dict[str, Known] = {}
        self._names: set[str] = set()
        self._speakers: set[str] = set()

    def labels(self, db: Database) -> Memory:
        """As ``labels.remembered`` gives it."""
        self._look(db)
        return ChainMap(self._exact, self._folded)

    def within(self, db: Database, action: Action, *, of: str | None) -> Memory:
        """The same inside an action, with what that has done so far and not logged yet.

        Args:
            of: As for ``labels.remembered``.
        """
        if of is None and all(change.table != "label" for _, change in action.changes):
            return self.labels(db)
        return remembered(db, of=of)

    def names(self, db: Database) -> set[str]:
        """The labels, and the names of who speaks under them, of documents other than surveys."""
        self._look(db)
        return self._names

    def speakers(self, db: Database) -> set[str]:
        """Ids of who speaks in documents other than surveys."""
        self._look(db)
        return self._speakers

    def _look(self, db: Database) -> None:
        row = db.one("SELECT max(pk) FROM action")
        moment = int(row[0] or 0) if row else 0
        if moment == self._moment:
            return
        edited: dict[str, int] = {}
        if self._moment is None or not self._only_added(db, self._moment):
            self._forget()
            edited = edits(db)
        self._moment = moment
        for one in sorted(known_labels(db, edited, after=self._newest), key=by_weight):
            self._take(one)

    def _only_added(self, db: Database, moment: int) -> bool:
        """Whether all that happened since is new documents that left known labels as they were."""
        since = db.query(
            "SELECT verb, row_id FROM action LEFT JOIN change ON change.action_pk = action.pk"
            " WHERE action.pk > ?",
            moment,
        )
        return all(verb == "add document" and id_ not in self._ids for verb, id_ in since)

    def _take(self, one: Known) -> None:
        self._newest = max(self._newest, one.pk)
        self._ids.update((one.id, *one.speakers))
        _keep(self._exact, one.label, one)
        _keep(self._folded, one.label.casefold(), one)
        if not one.survey:
            self._names.update(one.speakers.values())
            self._speakers.update(one.speakers)
            if one.kind != NOBODY:
                self._names.add(one.label)


def _keep(found: dict[str, Known], form: str, one: Known) -> None:
    if form not in found or by_weight(found[form]) <= by_weight(one):
        found[form] = one
