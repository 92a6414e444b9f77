"""A document's label table as a researcher decided it: whose labels they are, in which role."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from qualcode.errors import Refused, UnknownName
from qualcode.model import LabelKind
from qualcode.store.database import Database
from qualcode.store.history import Action
from qualcode.store.labels import NOBODY, put_speakers, settle, speaker
from qualcode.store.people import put_participant
from qualcode.text.labels import voices
from qualcode.text.roster import LabelDecision, each, problems


@dataclass(frozen=True, slots=True, repr=False)
class _Row:
    """A label as it was before."""

    id: str
    kind: LabelKind
    speakers: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


def decide(
    db: Database, action: Action, document_id: str, decisions: Sequence[LabelDecision]
) -> dict[str, int]:
    """Make the label table of a document what was decided; labels not named stay as they are.

    Returns:
        ``labels`` that changed, ``speakers`` and ``participants`` that are new, ``turns`` the
        document has now fewer (below 0: more).

    Raises:
        UnknownName: the document has no such label. Refused: decisions contradict each other.
    """
    wrong = problems(decisions)
    if wrong:
        raise Refused("\n".join(f"{decisions[n].label}: {message}" for n, message in wrong))
    rows = _rows(db, document_id)
    for decision in decisions:
        if decision.label not in rows:
            raise UnknownName("label", decision.label, list(rows))
    counts: Counter[str] = Counter(labels=0)
    turns = _turns(db, document_id)
    first = len(action.changes)
    for decision in decisions:
        before = len(action.changes)
        _decide(db, action, rows, decision)
        counts["labels"] += len(action.changes) > before
    if any(decision.kind != rows[decision.label].kind for decision in decisions):
        settle(db, action, document_id)
    new = Counter(change.table for _, change in action.changes[first:] if change.before is None)
    return {
        "labels": counts["labels"],
        "speakers": new["speaker"],
        "participants": new["participant"],
        "turns": turns - _turns(db, document_id),
    }


def decide_where_used(
    db: Database, action: Action, document_id: str, decisions: Sequence[LabelDecision]
) -> None:
    """As ``decide``, leaving out what is decided on labels the document does not have."""
    rows = _rows(db, document_id) if decisions else {}
    decide(db, action, document_id, [one for one in decisions if one.label in rows])


def _decide(
    db: Database, action: Action, rows: Mapping[str, _Row], decision: LabelDecision
) -> None:
    row = rows[decision.label]
    action.put("label", row.id, {"kind": decision.kind})
    if decision.kind == NOBODY:
        put_speakers(action, row.id, [])
        return
    speakers = _who_speaks(db, action, rows, decision)
    put_speakers(action, row.id, speakers)
    for left in row.speakers:
        if left not in speakers:
            _hand_on(db, action, left, speakers)
    for speaker_id, role in zip(speakers, each(decision.role, len(speakers)), strict=True):
        if role:
            action.put("speaker", speaker_id, {"role": role})
    people = each(decision.participant or "", len(speakers))
    for speaker_id, person in zip(speakers, people, strict=True):
        if person:
            participant_id = put_participant(db, action, person)
            action.put("speaker", speaker_id, {"participant_id": participant_id})


def _who_speaks(
    db: Database, action: Action, rows: Mapping[str, _Row], decision: LabelDecision
) -> list[str]:
    """The speakers a label has from now on: those it had, where the decision says nothing new."""
    row, names = rows[decision.label], decision.speakers
    same = decision.kind == row.kind and (not names or sorted(names) == sorted(row.names))
    if same and row.speakers:
        # not looked up by name: another row of the table may just have renamed them
        known = dict(zip(row.names, row.speakers, strict=True))
        return [known[name] for name in names or row.names]
    if names:
        return _named(db, action, row, names)
    if decision.kind == "speaker":
        return _named(db, action, row, [decision.label])
    return [
        speaker_id
        for voice in voices(decision.label)
        for speaker_id in (
            _speakers_of(db, rows[voice].id) if voice in rows else [speaker(db, action, voice)]
        )
    ]


def _named(db: Database, action: Action, row: _Row, names: Sequence[str]) -> list[str]:
    """The speakers of these names. One who speaks nowhere else is renamed, not replaced: role and
    participant stay, and labels of the document in which they join another voice follow."""
    if len(names) == 1 and len(row.speakers) == 1 and row.kind == "speaker":
        (name,), (current,) = names, row.speakers
        other = db.one("SELECT id FROM speaker WHERE name = ?", name)
        if (other is None and not _speaks_elsewhere(db, current, row.id)) or (
            other is not None and other[0] == current  # another spelling of its case
        ):
            action.put("speaker", current, {"name": name})
            return [current]
    return [speaker(db, action, name) for name in names]


def _hand_on(db: Database, action: Action, left: str, speakers: Sequence[str]) -> None:
    """A speaker left without a label goes from the roster; who took over becomes the participant.

    Where that is several, or somebody who is another participant, the speaker stays.
    """
    if _has_a_label(db, left):
        return
    linked = action.require("speaker", left).image["participant_id"]
    if linked is not None:
        if len(speakers) != 1:
            return
        if action.require("speaker", speakers[0]).image["participant_id"] not in (None, linked):
            return
        action.put("speaker", speakers[0], {"participant_id": linked})
    action.put("speaker", left, None)


def _has_a_label(db: Database, speaker_id: str) -> bool:
    row = db.one(
        "SELECT 1 FROM label_speaker JOIN speaker ON speaker.pk = speaker_pk"
        " WHERE speaker.id = ? LIMIT 1",
        speaker_id,
    )
    return row is not None


def _rows(db: Database, document_id: str) -> dict[str, _Row]:
    rows: dict[str, _Row] = {}
    for id_, label, kind, speaker_id, name in db.query(
        "SELECT label.id, label.label, label.kind, speaker.id, speaker.name FROM label"
        " JOIN document ON document.pk = label.document_pk"
        " LEFT JOIN label_speaker ON label_speaker.label_pk = label.pk"
        " LEFT JOIN speaker ON speaker.pk = label_speaker.speaker_pk"
        " WHERE document.id = ? ORDER BY label.pk, speaker.pk",
        document_id,
    ):
        row = rows.get(label, _Row(id_, kind))
        if speaker_id is not None:
            row = replace(row, speakers=(*row.speakers, speaker_id), names=(*row.names, name))
        rows[label] = row
    return rows


def _speakers_of(db: Database, label_id: str) -> list[str]:
    rows = db.query(
        "SELECT speaker.id FROM label_speaker JOIN speaker ON speaker.pk = speaker_pk"
        " JOIN label ON label.pk = label_pk WHERE label.id = ? ORDER BY speaker.pk",
        label_id,
    )
    return [row[0] for row in rows]


def _speaks_elsewhere(db: Database, speaker_id: str, label_id: str) -> bool:
    """Whether a speaker has another label, or joins in, also in documents taken out; labels of
    the same document under which they only join in do not count."""
    row = db.one(
        "SELECT 1 FROM label_speaker JOIN label ON label.pk = label_pk"
        " JOIN speaker ON speaker.pk = speaker_pk"
        " WHERE speaker.id = ?1 AND label.id <> ?2 AND NOT (label.kind = 'joint'"
        " AND label.document_pk = (SELECT document_pk FROM label WHERE id = ?2)) LIMIT 1",
        speaker_id,
        label_id,
    )
    return row is not None


def _turns(db: Database, document_id: str) -> int:
    row = db.one(
        "SELECT count(*) FROM turn JOIN document ON document.pk = document_pk"
        " WHERE document.id = ?",
        document_id,
    )
    return int(row[0]) if row else 0
