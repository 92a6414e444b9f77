"""How a project begins: its title, its first coder, and the round in which anyone may code."""

from __future__ import annotations

from qualcode.errors import NotAProject
from qualcode.model import Coder
from qualcode.store import schema
from qualcode.store.coders import PROGRAM, checked_name
from qualcode.store.database import Database
from qualcode.store.history import Writer
from qualcode.store.ids import new_id, now
from qualcode.store.rounds import SOLO


def begin(db: Database, title: str, coder: str | None) -> None:
    """Write the first action of a new project."""
    coder_id = new_id()
    name = PROGRAM if coder is None else checked_name(coder)
    with Writer(db).action("create project", coder_id) as action:
        kind = "machine" if coder is None else "human"
        action.put("coder", coder_id, {"name": name, "kind": kind})
        action.insert(
            "project",
            {"title": title.strip() or "Untitled", "min_reader": schema.MIN_READER,
             "created_at": now()},
        )  # fmt: skip
        action.insert("round", {"name": SOLO, "purpose": "solo", "blind": 0})


def identity(db: Database) -> tuple[str, str]:
    """``(id, title)`` of the project; ``NotAProject`` if its making was cut short."""
    row = db.one("SELECT id, title FROM project")
    if row is None:
        raise NotAProject(
            f"{db.path}: the making of this project was never finished; it is empty. Delete it and "
            "create it again."
        )
    return str(row[0]), str(row[1])


def coder_key(db: Database, coder: Coder | None) -> int:
    """A coder's key in this file; -1 for nobody."""
    if coder is None:
        return -1
    row = db.one("SELECT pk FROM coder WHERE id = ?", coder.id)
    assert row is not None  # coders are never deleted
    return int(row[0])
