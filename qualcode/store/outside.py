"""What rows are called elsewhere: the ids that other programs gave them.

A row that came in keeps the id it had there, so that the same file brings nothing in twice and an
export gives it back. A row that began here is known to others by its own id.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from qualcode.contents import KeptXml
from qualcode.store.database import Database
from qualcode.store.history import Action

LONGEST = 80

SOURCE = "source"
"""What else a document's GUID may be: that of the recording or PDF it is the text of."""

SELECTION = "selection"
"""What else a coding's GUID may be: that of the selection it was on, if something points there."""


def program(origin: str, format_: str) -> str:
    """Give a program's name as it is kept with its ids; the format where it has none."""
    # a slash would part the owner of a layer in the log
    plain = "".join(char for char in origin.replace("/", "-") if char.isprintable())
    return plain.strip()[:LONGEST].rstrip() or format_


class OutsideIds:
    """Every id from elsewhere, and the rows it stands for.

    Args:
        origin: As ``program`` gives it.
    """

    def __init__(self, db: Database, action: Action, origin: str) -> None:
        self._db, self._action, self._origin = db, action, origin
        self._new: dict[str, list[tuple[str, str]]] = {}
        self._rows: dict[str, list[str]] = {}
        for guid, row_id in db.query("SELECT guid, row_id FROM outside_id ORDER BY guid, row_id"):
            self._rows.setdefault(guid, []).append(row_id)

    def rows(self, guid: str, among: Mapping[str, object]) -> list[str]:
        """Give the ids of rows of one kind that an id from elsewhere stands for.

        Args:
            among: The rows of that kind, by id: another kind may have the same GUID.
        """
        found = [row_id for row_id in self._rows.get(guid, ()) if row_id in among]
        return [*found, guid] if guid in among else found

    def knows(self, guid: str) -> bool:
        """Whether a row ever came in under this id, be it there no more."""
        return guid in self._rows

    def add(self, row_id: str, *guids: tuple[str, str]) -> None:
        """Keep the ids of a row made in this very action; ``store`` writes them.

        Args:
            guids: ``(kind, GUID)``: kind is "" of its own id, else what else it stands for, such
                as the selection a coding was on.
        """
        rows = [(f"{self._origin} {kind}".rstrip(), guid) for kind, guid in guids if guid]
        if rows:
            self._new[row_id] = rows
        for _, guid in rows:
            self._rows.setdefault(guid, []).append(row_id)

    def names(self, row_ids: Iterable[str]) -> dict[str, str]:
        """Give row id → what an export calls the row, of all of them; once all is stored."""
        known = outside_ids(self._db)
        return {id_: known.get(id_, id_) for id_ in row_ids}

    def store(self) -> None:
        """Write down what was added."""
        self._action.add_layers("outside_id", self._new)
        self._new = {}


def outside_ids(db: Database, kind: str = "") -> dict[str, str]:
    """Give row id → the id under which it came in; of several the first by program.

    Args:
        kind: ``SELECTION`` or ``SOURCE`` for what else it stood for, instead of its own id.
    """
    others = [f"% {kind}"] if kind else [f"% {SELECTION}", f"% {SOURCE}"]
    where = " AND ".join([f"origin {'' if kind else 'NOT '}LIKE ?"] * len(others))
    found: dict[str, str] = {}
    # in the order of the primary key, which need not be sorted
    for row_id, guid in db.query(
        f"SELECT row_id, guid FROM outside_id WHERE {where} ORDER BY origin, guid, row_id", *others
    ):
        found.setdefault(row_id, guid)
    return found


def kept_xml(db: Database) -> list[KeptXml]:
    """What came in that only another program has a use for; nothing of it was looked into."""
    rows = db.query("SELECT guid, parent, xml FROM kept_xml ORDER BY pk")
    return [KeptXml(guid, "", parent, xml) for guid, parent, xml in rows]
