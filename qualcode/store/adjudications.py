"""What the team decided where coders disagreed: a layer of its own, which changes no coding."""

from __future__ import annotations

from qualcode.model import Adjudication, Span
from qualcode.store.session import OPEN_BLIND, Session


class Adjudications:
    """The decisions of one project."""

    def __init__(self, session: Session) -> None:
        self._db = session.db

    def list(self, round_id: str | None = None) -> list[Adjudication]:
        """Decisions by round, document and position; none of an open blind round."""
        rows = self._db.query(
            "SELECT adjudication.id, round.id, document.id, code.id, start, stop, decision,"
            " other.id, reason, coder.id, decided_at FROM adjudication"
            " JOIN round ON round.pk = round_pk"
            " JOIN document ON document.pk = document_pk AND document.removed = 0"
            " JOIN code ON code.pk = code_pk LEFT JOIN code other ON other.pk = new_code_pk"
            " JOIN coder ON coder.pk = decided_by_pk"
            f" WHERE NOT {OPEN_BLIND} AND (?1 IS NULL OR round.id = ?1)"
            " ORDER BY round.pk, document.pk, start, stop, adjudication.pk",
            round_id,
        )
        return [
            Adjudication(id_, round_, document, code, Span(start, stop), decision, new, reason,
                         coder, at)
            for id_, round_, document, code, start, stop, decision, new, reason, coder, at in rows
        ]  # fmt: skip
