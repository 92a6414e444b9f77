"""What the team decided where coders disagreed: a layer of its own, which changes no coding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from qualcode.errors import InvalidSpan, Refused, UsageProblem
from qualcode.model import Adjudication, Coder, Decision, Span
from qualcode.store.database import Row
from qualcode.store.history import Action
from qualcode.store.ids import now
from qualcode.store.rounds import Rounds
from qualcode.store.session import OPEN_BLIND, Session
from qualcode.store.tables import Value

_SELECT = (
    "SELECT adjudication.id, round.id, document.id, code.id, start, stop, decision, other.id,"
    " reason, coder.id, decided_at FROM adjudication JOIN round ON round.pk = round_pk"
    " JOIN document ON document.pk = document_pk AND document.removed = 0"
    " JOIN code ON code.pk = code_pk LEFT JOIN code other ON other.pk = new_code_pk"
    " JOIN coder ON coder.pk = decided_by_pk"
)


class Adjudications:
    """The decisions of one project."""

    def __init__(self, session: Session) -> None:
        self._db, self._writer = session.db, session.writer
        self._rounds = Rounds(session)

    def list(self, round_id: str | None = None) -> list[Adjudication]:
        """Decisions by round, document and position; none of an open blind round."""
        rows = self._db.query(
            f"{_SELECT} WHERE NOT {OPEN_BLIND} AND (?1 IS NULL OR round.id = ?1)"
            " ORDER BY round.pk, document.pk, start, stop, adjudication.pk",
            round_id,
        )
        return [_adjudication(row) for row in rows]

    def decide(
        self,
        round_id: str,
        document_id: str,
        code_id: str,
        span: Span,
        decision: Decision,
        *,
        by: Coder,
        new_code_id: str | None = None,
        reason: str = "",
    ) -> Adjudication:
        """Say what holds on a stretch on which coders disagreed; no coding changes.

        A decision on the very stretch and code is decided anew. The document counts as discussed
        in the round from then on.

        Args:
            decision: ``recode`` needs ``new_code_id``, and only that.

        Raises:
            StillBlind: the round is blind and open. UsageProblem: a recode without its code.
            InvalidSpan: the stretch leaves the text. Refused: the document or a code is gone.
        """
        verdicts = [(span, decision)]
        (made,) = self.settle(
            round_id, document_id, code_id, verdicts, by=by, new_code_id=new_code_id, reason=reason
        )
        return made

    def settle(
        self,
        round_id: str,
        document_id: str,
        code_id: str,
        verdicts: Sequence[tuple[Span, Decision]],
        *,
        by: Coder,
        new_code_id: str | None = None,
        reason: str = "",
    ) -> tuple[Adjudication, ...]:
        """Decide about several stretches at once: present here, absent there, in one action.

        Earlier decisions on the code that lie within one of the stretches make way.

        Args:
            verdicts: Stretches of the text that do not overlap, and what holds there.

        Raises:
            As ``decide`` does.
        """
        for _, decision in verdicts:
            if (decision == "recode") != (new_code_id is not None):
                raise UsageProblem("A recode names the code that holds instead; others name none.")
        if new_code_id == code_id:
            raise UsageProblem("A recode names another code than the one disagreed on.")
        self._rounds.require_visible(round_id)
        with self._writer.action("adjudicate", by.id) as action:
            length = self._open_document(action, document_id)
            if any(span.stop > length for span, _ in verdicts):
                raise InvalidSpan("The stretch reaches past the end of the text.")
            for one in filter(None, (code_id, new_code_id)):
                if action.require("code", one).image["removed"]:
                    raise Refused("This code has been removed from the codebook.")
            place: dict[str, Value] = {
                "round_id": round_id, "document_id": document_id, "code_id": code_id,
            }  # fmt: skip
            values: dict[str, Value] = {
                "new_code_id": new_code_id, "reason": reason.strip(),
                "decided_by_id": by.id, "decided_at": now(),
                "codebook_version_id": action.require("round", round_id).image[
                    "codebook_version_id"
                ],
            }  # fmt: skip
            made = [
                self._decide(action, place, span, {"decision": decision, **values})
                for span, decision in verdicts
            ]
            self._discuss(action, round_id, document_id)
        return tuple(self.get(one) for one in made)

    def _decide(
        self, action: Action, place: Mapping[str, Value], span: Span, values: dict[str, Value]
    ) -> str:
        """Store what holds on one stretch; give the id of the decision."""
        there = self._db.query(
            "SELECT id, start, stop FROM adjudication WHERE round_pk = ? AND document_pk = ?"
            " AND code_pk = ? AND start >= ? AND stop <= ? ORDER BY pk",
            action.key("round", str(place["round_id"])),
            action.key("document", str(place["document_id"])),
            action.key("code", str(place["code_id"])), span.start, span.stop,
        )  # fmt: skip
        same = next((str(id_) for id_, *ends in there if ends == [span.start, span.stop]), None)
        for id_, *_ in there:
            if id_ != same:
                action.put("adjudication", str(id_), None)
        if same is not None:
            action.put("adjudication", same, values)
            return same
        ends: dict[str, Value] = {"start": span.start, "stop": span.stop}
        return action.insert("adjudication", {**place, **ends, **values})

    def withdraw(self, *adjudication_ids: str, by: Coder) -> None:
        """Take decisions away, so that their stretches are undecided again; one action."""
        with self._writer.action("withdraw decision", by.id) as action:
            for one in adjudication_ids:
                action.require("adjudication", one)
                action.put("adjudication", one, None)

    def get(self, adjudication_id: str) -> Adjudication:
        """The decision with that id; ``Refused`` if there is none."""
        row = self._db.one(f"{_SELECT} WHERE adjudication.id = ?", adjudication_id)
        if row is None:
            raise Refused("This decision is no longer there.")
        return _adjudication(row)

    # Discussed documents

    def discuss(self, round_id: str, document_id: str, *, by: Coder) -> bool:
        """Mark that the coders have looked at a document's disagreements together.

        Samples skip such a document from then on, and figures that use it later say so.

        Returns:
            Whether it was not marked before; only then there is an action.

        Raises:
            StillBlind: the round is blind and open.
        """
        self._rounds.require_visible(round_id)
        if (round_id, document_id) in self.discussed():
            return False
        with self._writer.action("discuss document", by.id) as action:
            self._open_document(action, document_id)
            return self._discuss(action, round_id, document_id)

    def discussed(self) -> dict[tuple[str, str], str]:
        """(round, document) → since when its disagreements are known to the coders.

        What was decided on a document, also elsewhere, was discussed.
        """
        rows = self._db.query(
            "SELECT round.id, document.id, min(at) FROM ("
            "SELECT round_pk, document_pk, discussed_at AS at FROM discussed UNION ALL"
            " SELECT round_pk, document_pk, decided_at FROM adjudication)"
            " JOIN round ON round.pk = round_pk JOIN document ON document.pk = document_pk"
            " GROUP BY round_pk, document_pk ORDER BY min(at), document.pk"
        )
        return {(round_id, document_id): at for round_id, document_id, at in rows}

    def _discuss(self, action: Action, round_id: str, document_id: str) -> bool:
        known = self._db.one(
            "SELECT 1 FROM discussed WHERE round_pk = ? AND document_pk = ?",
            action.key("round", round_id),
            action.key("document", document_id),
        )
        if known is None:
            values = {"round_id": round_id, "document_id": document_id, "discussed_at": now()}
            action.insert("discussed", values)
        return known is None

    @staticmethod
    def _open_document(action: Action, document_id: str) -> int:
        """The length of a document that is in the project."""
        found = action.require("document", document_id)
        if found.image["removed"]:
            raise Refused("This document has been taken out of the project.")
        return int(str(found.image["n_chars"]))


def _adjudication(row: Row) -> Adjudication:
    id_, round_, document, code, start, stop, decision, new, reason, coder, at = row
    return Adjudication(
        id_, round_, document, code, Span(start, stop), decision, new, reason, coder, at
    )
