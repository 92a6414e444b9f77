"""The turns of a document as they are read: each label through the roster."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from qualcode.model import SpeakerRole, Turn
from qualcode.store.database import Database

Voice: TypeAlias = tuple[str | None, SpeakerRole, tuple[str, ...]]
"""Who speaks: names joined, the role that counts, participants."""

SpokenRow: TypeAlias = tuple[int, int, Voice]
"""Start and stop of what is said, and by whom."""


def turns(db: Database, document_id: str) -> tuple[Turn, ...]:
    """Every turn, in text order."""
    voices = _voices(db, document_id)
    rows = db.query(
        "SELECT n, label_pk, label.label, start, stop, start_ms, stop_ms, flags FROM turn"
        " JOIN document ON document.pk = turn.document_pk"
        " LEFT JOIN label ON label.pk = label_pk WHERE document.id = ? ORDER BY n",
        document_id,
    )
    found = []
    for n, label_pk, label, start, stop, start_ms, stop_ms, flags in rows:
        speaker, role, participants = voices[label_pk]
        found.append(
            Turn(
                n, speaker, label, start, stop,
                None if start_ms is None else start_ms / 1000,
                None if stop_ms is None else stop_ms / 1000,
                None, tuple(flags.split("\t")) if flags else (), role, participants,
            )
        )  # fmt: skip
    return tuple(found)


def spoken(db: Database, document_id: str) -> Sequence[SpokenRow]:
    """What counting needs of every turn, in text order; see ``Documents.spoken``."""
    voices = _voices(db, document_id)
    rows = db.query(
        "SELECT start, stop, label_pk FROM turn"
        " WHERE document_pk = (SELECT pk FROM document WHERE id = ?) ORDER BY n",
        document_id,
    )
    return [(start, stop, voices[label_pk]) for start, stop, label_pk in rows]


def _voices(db: Database, document_id: str) -> dict[int | None, Voice]:
    """Label → who speaks; None → nobody. A label that is nobody's on the roster speaks itself.

    A turn in which a participant speaks is a participant's, whoever else joins in.
    """
    found: dict[int | None, Voice] = {None: (None, "participant", ())}
    for label_pk, label, name, role, participant in db.query(
        "SELECT label.pk, label.label, speaker.name, speaker.role, participant.label FROM label"
        " JOIN document ON document.pk = label.document_pk"
        " LEFT JOIN label_speaker ON label_speaker.label_pk = label.pk"
        " LEFT JOIN speaker ON speaker.pk = label_speaker.speaker_pk"
        " LEFT JOIN participant ON participant.pk = speaker.participant_pk WHERE document.id = ?"
        " ORDER BY label.pk, speaker.pk",
        document_id,
    ):
        who = (participant,) if participant is not None else ()
        if name is None:
            found[label_pk] = (label, "participant", ())
        elif label_pk in found:
            names, first_role, others = found[label_pk]
            both: SpeakerRole = "participant" if "participant" in (role, first_role) else first_role
            found[label_pk] = (f"{names}, {name}", both, others + who)
        else:
            found[label_pk] = (name, role, who)
    return found
