"""The coders of a project."""

from __future__ import annotations

from qualcode.errors import Refused, UnknownName, UsageProblem
from qualcode.model import Coder
from qualcode.store.ids import new_id
from qualcode.store.session import Session

LONGEST = 60
PROGRAM = "qualcode"
"""The machine coder that makes a project for which nobody gave a name."""


class Coders:
    """Who codes."""

    def __init__(self, session: Session) -> None:
        self._db, self._writer = session.db, session.writer

    def list(self) -> list[Coder]:
        """Every coder, people before machines, by name."""
        rows = self._db.query(
            "SELECT id, name, kind FROM coder ORDER BY kind, name COLLATE NOCASE, id"
        )
        return [Coder(*row) for row in rows]

    def named(self, name: str) -> Coder:
        """The coder of that name, any case; ``UnknownName`` if there is none."""
        coders, wanted = self.list(), name.strip().casefold()
        for coder in coders:
            if coder.name.casefold() == wanted:
                return coder
        raise UnknownName("coder", name, [c.name for c in coders if c.kind == "human"])

    def get(self, coder_id: str) -> Coder:
        """The coder with that id."""
        row = self._db.one("SELECT id, name, kind FROM coder WHERE id = ?", coder_id)
        if row is None:
            raise UnknownName("coder", coder_id)
        return Coder(*row)

    def add(self, name: str, *, by: Coder | None = None) -> Coder:
        """Add a coder; without ``by`` the new coder signs this action.

        Raises:
            UsageProblem: the name is empty, longer than 60 characters or holds control characters.
            Refused: there is a coder of that name.
        """
        coder = Coder(new_id(), checked_name(name))
        with self._writer.action("add coder", by.id if by else coder.id) as action:
            if any(known.name.casefold() == coder.name.casefold() for known in self.list()):
                raise Refused(f'There is a coder "{coder.name}" already; choose another name.')
            action.put("coder", coder.id, {"name": coder.name})
        return coder

    def last_here(self) -> Coder | None:
        """Who acted last in this copy of the project; None if no person has."""
        row = self._db.one(
            "SELECT coder.id, coder.name, coder.kind FROM action"
            " JOIN replica ON replica.pk = action.replica_pk AND replica.here = 1"
            " JOIN coder ON coder.pk = action.coder_pk AND coder.kind = 'human'"
            " ORDER BY action.pk DESC LIMIT 1"
        )
        return Coder(*row) if row else None


def checked_name(name: str) -> str:
    """A coder's name without outer blanks; ``UsageProblem`` if it cannot be one."""
    name = name.strip()
    if not name or len(name) > LONGEST or not name.isprintable():
        raise UsageProblem(
            f"A coder's name has 1 to {LONGEST} characters, none of them a control character."
        )
    return name
