"""Settings of a project: what belongs to the study rather than to one person's screen."""

from __future__ import annotations

from collections.abc import Mapping

from qualcode.model import Coder
from qualcode.store.history import Action
from qualcode.store.session import Session


class Settings:
    """The settings of one project, by name."""

    def __init__(self, session: Session) -> None:
        self._db, self._writer = session.db, session.writer

    def get(self, name: str) -> str | None:
        """The value of a setting; None where it was never set."""
        row = self._db.one("SELECT value FROM setting WHERE name = ?", name)
        return None if row is None else str(row[0])

    def change(self, values: Mapping[str, str], *, by: Coder) -> None:
        """Set values in an action of their own."""
        with self._writer.action("change setting", by.id) as action:
            for name, value in values.items():
                self.put(action, name, value)

    def put(self, action: Action, name: str, value: str) -> None:
        """Set a value within an action, so that it is logged and undone with what it is about."""
        row = self._db.one("SELECT id FROM setting WHERE name = ?", name)
        if row is None:
            action.insert("setting", {"name": name, "value": value})
        else:
            action.put("setting", str(row[0]), {"value": value})
