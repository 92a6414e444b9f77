"""Rounds of coding, assignments and the finished mark.

A finished document says *absent* where its coder applied no code; until then it says nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from qualcode.errors import Refused, RoundClosed, StillBlind, UnknownName
from qualcode.model import Assignment, Cell, Coder, Purpose, Round, Table
from qualcode.store.database import Database, Row
from qualcode.store.history import Action
from qualcode.store.ids import now
from qualcode.store.session import OPEN_BLIND, Session, canonical
from qualcode.store.settings import Settings
from qualcode.store.undo import was_unblinded

SOLO = "solo"
SAMPLE = "sample:"
"""Before a round's id: the name of the setting that tells how its documents were drawn."""

LIVE = " AND document.removed = 0"
ROUND = " AND round.id = ?"

_SELECT = (
    "SELECT round.id, round.name, purpose, blind, state, codebook_version.label, segmentation.id,"
    " round.rev FROM round LEFT JOIN codebook_version ON codebook_version.pk = codebook_version_pk"
    " LEFT JOIN segmentation ON segmentation.pk = segmentation_pk"
)


class Rounds:
    """The rounds of one project."""

    def __init__(self, session: Session) -> None:
        self._db, self._writer = session.db, session.writer
        self._settings = Settings(session)

    def list(self) -> list[Round]:
        """Every round, oldest first; the first is ``solo``."""
        return [_round(row) for row in self._db.query(f"{_SELECT} ORDER BY round.pk")]

    def named(self, name: str) -> Round:
        """The round of that name, any case; ``UnknownName`` if there is none."""
        rounds, wanted = self.list(), name.strip().casefold()
        for found in rounds:
            if found.name.casefold() == wanted:
                return found
        raise UnknownName("round", name, [r.name for r in rounds])

    def get(self, round_id: str) -> Round:
        """The round with that id."""
        row = self._db.one(f"{_SELECT} WHERE round.id = ?", round_id)
        if row is None:
            raise UnknownName("round", round_id)
        return _round(row)

    def current(self, document_id: str, coder_id: str) -> Round:
        """The open round in which the coder has the document, to do or finished; else ``solo``."""
        return self.get(current_round(self._db, document_id, coder_id))

    def open(
        self,
        name: str,
        *,
        by: Coder,
        purpose: Purpose = "reliability",
        blind: bool = True,
        codebook_version: str | None = None,
    ) -> Round:
        """Open a round.

        Args:
            blind: Coders see only their own codings until it is closed or unblinded.
            codebook_version: Label of the frozen version it is coded with; None follows the
                codebook as it changes.
        """
        with self._writer.action("open round", by.id) as action:
            round_id = self._open(action, name.strip(), purpose, blind, codebook_version)
        return self.get(round_id)

    def _open(
        self, action: Action, name: str, purpose: Purpose, blind: bool, version: str | None
    ) -> str:
        if not name:
            raise Refused("A round needs a name.")
        if any(known.name.casefold() == name.casefold() for known in self.list()):
            raise Refused(f'There is a round "{name}" already; choose another name.')
        return action.insert(
            "round",
            {
                "name": name,
                "purpose": purpose,
                "blind": int(blind),
                "codebook_version_id": version_id(self._db, version),
                "segmentation_id": newest_segmentation(self._db),
            },
        )

    def assign(
        self,
        round_id: str,
        document_ids: Sequence[str],
        coder_ids: Sequence[str],
        *,
        by: Coder,
    ) -> None:
        """Give every one of the documents to every one of the coders; what is assigned stays."""
        pairs = [(document, coder) for document in document_ids for coder in coder_ids]
        with self._writer.action("assign", by.id) as action:
            self._refuse_closed(round_id)
            self._assign(action, round_id, pairs)

    def _assign(self, action: Action, round_id: str, pairs: Sequence[tuple[str, str]]) -> None:
        there = {(a.document_id, a.coder_id) for a in self.assignments(round_id)}
        for document_id in dict.fromkeys(document for document, _ in pairs):
            self._refuse_taken_out(document_id)
        for document_id, coder_id in dict.fromkeys(pairs):
            if (document_id, coder_id) not in there:
                values = {"round_id": round_id, "document_id": document_id, "coder_id": coder_id}
                action.insert("assignment", values)

    def draw(
        self,
        name: str,
        pairs: Sequence[tuple[str, str]],
        drawn: Mapping[str, Any],
        *,
        by: Coder,
        codebook_version: str | None = None,
    ) -> Round:
        """Assign a sample of documents, and keep how it was drawn: one action.

        Args:
            name: Of the round; one that is not there is opened, blind and for reliability.
            pairs: Document and coder; what is assigned stays.
            drawn: How the sample was drawn, in ids, numbers and strata; see ``samples``.
            codebook_version: Of a round that this opens.
        """
        with self._writer.action("draw sample", by.id) as action:
            known = next((r for r in self.list() if r.name.casefold() == name.casefold()), None)
            if known is None:
                round_id = self._open(action, name, "reliability", True, codebook_version)
            else:
                round_id = known.id
                self._refuse_closed(round_id)
            self._assign(action, round_id, pairs)
            self._settings.put(action, f"{SAMPLE}{round_id}", canonical(dict(drawn)))
        return self.get(round_id)

    def samples(self) -> dict[str, dict[str, Any]]:
        """Round → how its documents were drawn, as ``reports.rounds`` wrote it down."""
        rows = self._db.query(
            "SELECT round.id, value FROM setting JOIN round ON setting.name = ? || round.id"
            " ORDER BY round.pk",
            SAMPLE,
        )
        return {round_id: json.loads(value) for round_id, value in rows}

    def finish(self, round_id: str, document_id: str, coder_id: str, *, by: Coder) -> None:
        """Declare a document finished: where the coder applied no code, the record says absent."""
        with self._writer.action("finish document", by.id) as action:
            self._refuse_closed(round_id)
            if coder_id != by.id:
                raise Refused("Only the coder can declare their own document finished.")
            self._refuse_taken_out(document_id)
            found = self._assignment(round_id, document_id, coder_id)
            if found is None:
                round_ = self.get(round_id)
                if round_.purpose != "solo":
                    raise Refused(
                        f'This document is not assigned to {by.name} in round "{round_.name}".'
                    )
                assignment_id = action.insert(
                    "assignment",
                    {"round_id": round_id, "document_id": document_id, "coder_id": coder_id},
                )
            elif found.finished_at is not None:
                raise Refused(f"{by.name} has finished this document already.")
            else:
                assignment_id = found.id
            action.put("assignment", assignment_id, {"finished_at": now()})

    def reopen_document(self, round_id: str, document_id: str, coder_id: str, *, by: Coder) -> None:
        """Lift the finished mark so that codings may change again; refused once they were seen."""
        with self._writer.action("reopen document", by.id) as action:
            self._refuse_closed(round_id)
            if coder_id != by.id:
                raise Refused("Only the coder can reopen their own document.")
            if was_unblinded(self._db, round_id):
                raise Refused(
                    "The round has been unblinded: codings have been seen, the document stays "
                    "finished."
                )
            found = self._assignment(round_id, document_id, coder_id)
            if found is None or found.finished_at is None:
                raise Refused("This document is not finished.")
            action.put("assignment", found.id, {"finished_at": None})

    def close(self, round_id: str, *, by: Coder) -> None:
        """Close a round: its codings stay as they are and may be compared.

        The sentences that its documents are cut into now are those it is counted on for ever.
        """
        with self._writer.action("close round", by.id) as action:
            self._refuse_closed(round_id)
            if self.get(round_id).name.casefold() == SOLO:
                raise Refused(f'Round "{SOLO}" is always open.')
            cut = newest_segmentation(self._db)
            action.put("round", round_id, {"state": "closed", "segmentation_id": cut})

    def unblind(self, round_id: str, *, by: Coder, reason: str) -> None:
        """Let coders see each other's codings in an open round; logged, and never taken back."""
        with self._writer.action("unblind round", by.id) as action:
            self._refuse_closed(round_id)
            if not self.get(round_id).blind:
                raise Refused("The round is not blind.")
            if not reason.strip():
                raise Refused("Unblinding needs a reason; it is logged.")
            action.put("round", round_id, {"blind": 0})
            action.insert(
                "event",
                {"coder_id": by.id, "kind": "unblind", "reason": reason.strip(), "at": now()},
            )

    def unblinded(self, round_id: str) -> bool:
        """Whether the round was opened blind and coders could see each other's codings later."""
        return was_unblinded(self._db, round_id)

    def assignments(
        self, round_id: str | None = None, *, removed: bool = False
    ) -> Sequence[Assignment]:
        """Who has which document, by round, document and coder; of one round, or of all.

        Args:
            removed: Also documents that were taken out or replaced.
        """
        where = "" if removed else LIVE
        return self._assignments(where + ("" if round_id is None else ROUND), round_id)

    def coverage(self, *, removed: bool = False) -> Table:
        """Who has which document and whether they finished it: marks only, never codings.

        Args:
            removed: Also documents that were taken out or replaced.

        Returns:
            Columns ``round, purpose, blind, state, codebook_version, document, document_id, coder,
            status, finished_at``; status is ``finished`` or ``unfinished``; by round, document and
            coder.
        """
        rows: list[tuple[Cell, ...]] = [
            (name, purpose, bool(blind), state, version, document, document_id, coder,
             "finished" if finished_at else "unfinished", finished_at)
            for name, purpose, blind, state, version, document, document_id, coder, finished_at
            in self._db.query(
                "SELECT round.name, purpose, blind, state, codebook_version.label, document.name,"
                " document.id, coder.name, finished_at FROM assignment"
                " JOIN round ON round.pk = round_pk"
                " LEFT JOIN codebook_version ON codebook_version.pk = codebook_version_pk"
                " JOIN document ON document.pk = document_pk"
                " JOIN coder ON coder.pk = assignment.coder_pk"
                f" WHERE 1{'' if removed else LIVE} ORDER BY round.pk, document.pk, coder.name"
            )
        ]  # fmt: skip
        columns = [
            "round", "purpose", "blind", "state", "codebook_version", "document", "document_id",
            "coder", "status", "finished_at",
        ]  # fmt: skip
        return Table("coverage", columns, rows)

    def coding_anew(self, coder_id: str) -> dict[str, str]:
        """Document → the open blind round in which the coder codes it anew.

        Until that is closed or unblinded, no screen shows them what they coded in it before.
        """
        rows = self._db.query(
            "SELECT document.id, round.id FROM assignment JOIN round ON round.pk = round_pk"
            " JOIN document ON document.pk = document_pk JOIN coder ON coder.pk = coder_pk"
            f" WHERE round.purpose = 'recode' AND {OPEN_BLIND} AND coder.id = ? ORDER BY round.pk",
            coder_id,
        )
        return dict(rows)

    def require_visible(self, round_id: str) -> None:
        """Raise ``StillBlind`` while the round is blind and open."""
        found = self.get(round_id)
        if found.blind and found.state == "open":
            raise StillBlind(
                f'Round "{found.name}" is blind and open: nobody sees another coder\'s work or a '
                "figure made of it until it is closed (qualcode round close) or unblinded."
            )

    def _refuse_closed(self, round_id: str) -> None:
        found = self.get(round_id)
        if found.state == "closed":
            raise RoundClosed(f'Round "{found.name}" is closed; it stays as it is.')

    def _refuse_taken_out(self, document_id: str) -> None:
        row = self._db.one("SELECT name, removed FROM document WHERE id = ?", document_id)
        if row is None:
            raise UnknownName("document", document_id)
        if row[1]:
            raise Refused(f"{row[0]} has been taken out of the project.")

    def _assignment(self, round_id: str, document_id: str, coder_id: str) -> Assignment | None:
        found = self._assignments(
            f"{LIVE}{ROUND} AND document.id = ? AND coder.id = ?",
            round_id,
            document_id,
            coder_id,
        )
        return found[0] if found else None

    def _assignments(self, where: str, *params: str | None) -> Sequence[Assignment]:
        rows = self._db.query(
            "SELECT assignment.id, round.id, document.id, coder.id, finished_at, assignment.rev"
            " FROM assignment JOIN round ON round.pk = round_pk"
            " JOIN document ON document.pk = document_pk"
            f" JOIN coder ON coder.pk = coder_pk WHERE 1{where}"
            " ORDER BY round.pk, document.pk, coder.name, assignment.pk",
            *(param for param in params if param is not None),
        )
        return [Assignment(*row) for row in rows]


def current_round(db: Database, document_id: str, coder_id: str) -> str:
    """Id of the oldest open round in which the coder has the document to do.

    Where there is none, of the newest open one in which they have finished it, so that nothing is
    coded beside a round that is not closed, and the mark can be lifted; else of ``solo``.
    """
    row = db.one(
        "SELECT round.id FROM assignment JOIN round ON round.pk = round_pk"
        " JOIN document ON document.pk = document_pk JOIN coder ON coder.pk = coder_pk"
        " WHERE document.id = ? AND coder.id = ? AND round.state = 'open'"
        " AND round.purpose <> 'solo' ORDER BY finished_at IS NOT NULL,"
        " CASE WHEN finished_at IS NULL THEN round.pk ELSE -round.pk END LIMIT 1",
        document_id,
        coder_id,
    )
    row = row or db.one("SELECT id FROM round WHERE name = ?", SOLO)
    assert row is not None  # made with the project
    return str(row[0])


def version_id(db: Database, label: str | None) -> str | None:
    """Id of the frozen codebook version of that label; None for None."""
    if label is None:
        return None
    rows = db.query("SELECT id, label FROM codebook_version ORDER BY pk")
    for id_, known in rows:
        if known.casefold() == label.strip().casefold():
            return str(id_)
    raise UnknownName("codebook version", label, [known for _, known in rows])


def newest_segmentation(db: Database) -> str | None:
    """Id of the newest sentence cut; None before the first import."""
    row = db.one("SELECT id FROM segmentation WHERE kind = 'sentence' ORDER BY pk DESC LIMIT 1")
    return str(row[0]) if row else None


def _round(row: Row) -> Round:
    id_, name, purpose, blind, state, version, segmentation, rev = row
    return Round(id_, name, purpose, bool(blind), state, version, segmentation, rev)
