"""From a label in a transcript to who speaks: label → speaker → participant.

The roster of speakers is the project's: a name met in one document is the same speaker in the next.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qualcode.model import SpeakerRole, Turn
from qualcode.store.database import Database
from qualcode.store.history import Action
from qualcode.text.labels import voices

_MODERATES = re.compile(
    r"\b(?:moderator|facilitator|interviewer|researcher|evaluator)\b|^(?:MOD|INT)\d*$",
    re.IGNORECASE,
)


def link_labels(
    db: Database, action: Action, document_id: str, turns: Sequence[Turn]
) -> dict[str, str]:
    """Store the labels of a new document, and the speakers behind them that are new.

    Returns:
        Label → id of its row, for the document's turns.
    """
    found: dict[str, str] = {}
    for turn in turns:
        if turn.label is None or turn.label in found:
            continue
        joint = "joint" in turn.flags
        label_id = action.insert(
            "label",
            {
                "document_id": document_id,
                "label": turn.label,
                "kind": "joint" if joint else "speaker",
            },
        )
        names = voices(turn.label) if joint else [turn.speaker or turn.label]
        speakers = list(dict.fromkeys(speaker(db, action, name) for name in names))
        action.put_layer("label_speaker", [label_id], [(speaker_id,) for speaker_id in speakers])
        found[turn.label] = label_id
    return found


def speaker(db: Database, action: Action, name: str) -> str:
    """The id of the speaker of that name, any case; added to the roster if new."""
    row = db.one("SELECT id FROM speaker WHERE name = ?", name)
    if row is not None:
        return str(row[0])
    return action.insert("speaker", {"name": name, "role": usual_role(name)})


def usual_role(name: str) -> SpeakerRole:
    """The role a label suggests: "Moderator", "Interviewer 2", "INT" moderate; others take part."""
    return "moderator" if _MODERATES.search(name.strip()) else "participant"
