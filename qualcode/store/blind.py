"""Who may change no code while they code blind: the others would see it while they code.

A round that pins a version keeps its codes, but the codebook as it is now, the next draft, stands
on everybody's screens and in everybody's files. So it is kept by whoever leads: who opened the
round, or has nothing to code in it. Where a round pins no version the draft is what is coded with,
and nobody who codes in it changes it. Whether a change is refused hangs on who opened the round and
who is given what, never on what anybody coded, so that a refusal tells nothing either.
"""

from __future__ import annotations

from qualcode.errors import Refused
from qualcode.store.database import Database


def coded_beside(db: Database, coder_id: str) -> str | None:
    """Name of an open blind round for which the coder may change no code; None for none."""
    row = db.one(
        "SELECT round.name FROM assignment JOIN round ON round.pk = round_pk"
        " JOIN coder ON coder.pk = coder_pk WHERE coder.id = ? AND round.blind"
        " AND round.state = 'open' AND EXISTS (SELECT 1 FROM assignment AS other"
        " WHERE other.round_pk = round.pk AND other.coder_pk <> coder.pk)"
        " AND (round.codebook_version_pk IS NULL OR NOT EXISTS (SELECT 1 FROM action"
        " JOIN change ON change.action_pk = action.pk WHERE action.verb = 'open round'"
        " AND action.coder_pk = coder.pk AND change.row_id = round.id))"
        " ORDER BY round.pk LIMIT 1",
        coder_id,
    )
    return None if row is None else str(row[0])


def refuse_blind(db: Database, coder_id: str) -> None:
    """Refuse a change of codes that others of a blind round would see while they code.

    Raises:
        Refused: The coder codes in an open blind round beside others, and did not open it or it
            pins no version.
    """
    name = coded_beside(db, coder_id)
    if name is not None:
        raise Refused(
            f'You code round "{name}" blind: its other coders would see what you do to a code. '
            "Propose it in a memo, or change it once the round is closed."
        )
