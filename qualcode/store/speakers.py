"""The roster: who speaks, under which labels, in which role, and which participant they are.

The roster is the project's: a name met in one document is the same speaker in the next.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence

from qualcode.errors import Refused, UnknownName
from qualcode.model import Coder, LabelKind, Speaker, SpeakerLabel, SpeakerRole
from qualcode.store import decisions
from qualcode.store.database import Row
from qualcode.store.history import Action
from qualcode.store.images import read_line
from qualcode.store.labels import (
    NOBODY,
    as_read,
    link_labels,
    put_speakers,
    settle,
    speaker,
)
from qualcode.store.people import put_participant
from qualcode.store.session import Session
from qualcode.text import roster
from qualcode.text.labels import is_sound_form, voices
from qualcode.text.roster import MANY, ROLES, LabelDecision, Proposal

__all__ = ["Speakers", "link_labels", "speaker"]

_SPEAKER = (
    "speaker.id, speaker.name, speaker.role, participant.label, speaker.rev FROM speaker"
    " LEFT JOIN participant ON participant.pk = speaker.participant_pk"
)
_SPEAKS = (
    "SELECT label_speaker.speaker_pk FROM label_speaker JOIN label ON label.pk = label_pk"
    " JOIN document ON document.pk = label.document_pk AND document.removed = 0"
)


class Speakers:
    """Who speaks in the transcripts of one project."""

    def __init__(self, session: Session) -> None:
        self._db, self._writer = session.db, session.writer
        self._remembered = session.remembered

    def list(self) -> list[Speaker]:
        """The roster by name: who speaks in a document, or is linked to a participant."""
        rows = self._db.query(
            f"SELECT {_SPEAKER} WHERE participant_pk IS NOT NULL OR speaker.pk IN ({_SPEAKS})"
            " ORDER BY speaker.name, speaker.pk"
        )
        return [Speaker(*row) for row in rows]

    def get(self, speaker_id: str) -> Speaker:
        """The speaker with that id."""
        row = self._db.one(f"SELECT {_SPEAKER} WHERE speaker.id = ?", speaker_id)
        if row is None:
            raise UnknownName("speaker", speaker_id)
        return Speaker(*row)

    def named(self, name: str) -> Speaker:
        """The speaker of that name, any case; ``UnknownName`` if the roster has none."""
        wanted = name.strip().casefold()
        everybody = self.list()
        for one in everybody:
            if one.name.casefold() == wanted:
                return one
        raise UnknownName("speaker", name, [one.name for one in everybody])

    def labels(self, document_id: str) -> Sequence[SpeakerLabel]:
        """The labels of a document as they first occur; what is not a speaker comes last."""
        said_by: defaultdict[int, list[Speaker]] = defaultdict(list)
        for label_pk, *row in self._db.query(
            f"SELECT label_pk, {_SPEAKER} JOIN label_speaker ON speaker_pk = speaker.pk"
            " JOIN label ON label.pk = label_pk JOIN document ON document.pk = label.document_pk"
            " WHERE document.id = ? ORDER BY label_pk, speaker.pk",
            document_id,
        ):
            said_by[label_pk].append(Speaker(*row))
        turns: dict[int, int] = dict(
            self._db.query(
                "SELECT label_pk, count(*) FROM turn JOIN document ON document.pk = document_pk"
                " WHERE document.id = ? GROUP BY label_pk",
                document_id,
            )
        )
        rows = self._db.query(
            "SELECT label.pk, label.id, label.label, label.kind FROM label"
            " JOIN document ON document.pk = label.document_pk"
            " WHERE document.id = ? ORDER BY label.kind = ?, label.pk",
            document_id,
            NOBODY,
        )
        return [
            SpeakerLabel(id_, document_id, label, kind, tuple(said_by[pk]), turns.get(pk, 0))
            for pk, id_, label, kind in rows
        ]

    def known(self) -> frozenset[str]:
        """Labels and names that speakers and participants are known by, for importers.

        Who only answers surveys is left out: the number of a row labels nothing in a transcript.
        """
        people = self._db.query(
            "SELECT name FROM speaker WHERE participant_pk IS NOT NULL"
            " UNION SELECT label FROM participant"
        )
        names = {name for (name,) in people}.union(self._remembered.names(self._db))
        return frozenset(
            name for name in names if is_sound_form(name) and any(map(str.isalpha, name))
        )

    def confirmed(self) -> Sequence[LabelDecision]:
        """What was decided on labels so far, the latest decision on each, by label."""
        latest = {one.id: one for one in self._remembered.labels(self._db).values()}
        told = [one for one in latest.values() if one.edited or not (one.usual and one.own)]
        everybody = {row[0]: Speaker(*row) for row in self._all()} if told else {}
        found = [
            decision_on(one.label, one.kind, [everybody[id_] for id_ in one.speakers], one.document)
            for one in told
        ]
        return sorted(found, key=lambda decision: decision.label)

    def proposals(self, document_id: str) -> Sequence[Proposal]:
        """What the labels of a document may mean; what holds already is left out."""
        row = self._db.one("SELECT name, metadata FROM document WHERE id = ?", document_id)
        if row is None:
            raise UnknownName("document", document_id)
        name, metadata = row
        labels = {label.label: label for label in self.labels(document_id)}
        elsewhere = [one for one in self.confirmed() if one.document != name]
        found = roster.proposals(
            list(labels),
            metadata=json.loads(metadata),
            confirmed=elsewhere,
            roster=[one.name for one in self._transcribed()],
        )
        return [one for one in found if not _holds(one.decision, labels[one.decision.label])]

    def near_duplicates(self, document_id: str) -> Sequence[tuple[str, str]]:
        """Labels of a document that look like each other, or like somebody on the roster.

        Pairs that are known to be one speaker are left out.
        """
        ours = {
            label.label: {one.id for one in label.speakers}
            for label in self.labels(document_id)
            if label.kind != NOBODY
        }
        others = {one.name: {one.id} for one in self._transcribed()}
        return [
            (a, b)
            for a, b in roster.near_duplicates(list(ours), list(others))
            if not ours[a] & ours.get(b, others.get(b, set()))
        ]

    def _transcribed(self) -> Sequence[Speaker]:
        """The roster without those who only answer surveys."""
        speaking = self._remembered.speakers(self._db)
        return [Speaker(*row) for row in self._all() if row[0] in speaking]

    def _all(self) -> Sequence[Row]:
        """Everybody who has ever spoken, by name."""
        return self._db.query(f"SELECT {_SPEAKER} ORDER BY speaker.name, speaker.pk")

    def caution(self, documents: Sequence[str]) -> str | None:
        """A sentence for who edits labels of documents that figures may have been counted on.

        Args:
            documents: Ids.

        Returns:
            None where nobody finished one of them in a round that is closed by now.
        """
        rows = self._db.query(
            "SELECT DISTINCT document.id, document.name, round.name FROM assignment"
            " JOIN document ON document.pk = document_pk JOIN round ON round.pk = round_pk"
            " WHERE finished_at IS NOT NULL AND state = 'closed'"
            " ORDER BY round.pk, document.pk"
        )
        touched = [row for row in rows if row[0] in set(documents)]
        if not touched:
            return None
        names = ", ".join(dict.fromkeys(row[1] for row in touched))
        rounds = ", ".join(dict.fromkeys(row[2] for row in touched))
        return (
            f"{names} was finished in a round that is closed ({rounds}): figures counted on its"
            " turns or sentences may change."
        )

    def spoken_in(self, speaker_id: str) -> Sequence[str]:
        """Ids of the documents in which a speaker speaks, in the order of import."""
        rows = self._db.query(
            "SELECT DISTINCT document.pk, document.id FROM label_speaker"
            " JOIN speaker ON speaker.pk = speaker_pk JOIN label ON label.pk = label_pk"
            " JOIN document ON document.pk = label.document_pk AND document.removed = 0"
            " WHERE speaker.id = ? ORDER BY document.pk",
            speaker_id,
        )
        return [row[1] for row in rows]

    # Edits: each is one action, "edit labels"

    def decide(
        self, document_id: str, decided: Sequence[LabelDecision], *, by: Coder
    ) -> dict[str, int]:
        """Make the label table of a document what was decided; labels not named stay.

        The text and every coding stay where they are; turns and sentences follow the table.

        Returns:
            ``labels`` that changed; ``speakers`` and ``participants`` that are new; ``turns`` the
            document has now fewer (below 0: more).

        Raises:
            UnknownName: the document has no such label. Refused: the decisions contradict each
                other, or name what is no role. Nothing was changed.
        """
        with self._writer.action("edit labels", by.id) as action:
            action.require("document", document_id)
            return decisions.decide(self._db, action, document_id, decided)

    def rename(self, speaker_id: str, name: str, *, by: Coder, rev: int | None = None) -> Speaker:
        """Give a speaker another name, in all documents; labels stay as the files have them.

        Raises:
            Refused: somebody has that name already (``merge`` makes the two one), or it cannot
                be one. Conflict: the speaker has changed since revision ``rev`` was shown.
        """
        name = name.strip()
        if not name or MANY in name:
            raise Refused(f"A speaker needs a name, and none with {MANY} in it.")
        with self._writer.action("edit labels", by.id) as action:
            action.require("speaker", speaker_id, rev=rev)
            other = self._db.one("SELECT id, name FROM speaker WHERE name = ?", name)
            if other is not None and other[0] != speaker_id:
                raise Refused(self._taken(*other))
            action.put("speaker", speaker_id, {"name": name})
        return self.get(speaker_id)

    def _taken(self, speaker_id: str, name: str) -> str:
        """What to say where a speaker has the name that another one is to get."""
        if any(one.id == speaker_id for one in self.list()):
            return f'There is a speaker "{name}" already; merge the two if they are one.'
        return (
            f'"{name}" is a speaker of a document that was taken out or replaced. If the two are'
            f' one, say in the label table of a document that "{name}" speaks; else choose another'
            " name."
        )

    def merge(self, speaker_id: str, into_id: str, *, by: Coder) -> Speaker:
        """Make two speakers one: all labels of the first become the other's, who stays.

        The one who stays keeps name and role, and becomes the participant the first one was, if
        nobody has said who they are.

        Raises:
            Refused: they are linked to two participants, or are the same.
        """
        if speaker_id == into_id:
            raise Refused("A speaker cannot be merged with themselves.")
        with self._writer.action("edit labels", by.id) as action:
            gone, stays = action.require("speaker", speaker_id), action.require("speaker", into_id)
            ours, theirs = (one.image["participant_id"] for one in (stays, gone))
            if ours is not None and theirs is not None and ours != theirs:
                raise Refused(
                    f'"{gone.image["name"]}" and "{stays.image["name"]}" are linked to two'
                    " participants; unlink one of them first."
                )
            for document_id in self._hand_over(action, speaker_id, into_id):
                settle(self._db, action, document_id)
            action.put("speaker", speaker_id, None)
            if ours is None:
                action.put("speaker", into_id, {"participant_id": theirs})
        return self.get(into_id)

    def _hand_over(self, action: Action, speaker_id: str, into_id: str) -> Sequence[str]:
        """Give all labels of one speaker to another; the documents in which voices became one."""
        settled: dict[str, None] = {}
        for label_id, kind, document_id in self._db.query(
            "SELECT label.id, label.kind, document.id FROM label_speaker"
            " JOIN label ON label.pk = label_pk JOIN document ON document.pk = label.document_pk"
            " JOIN speaker ON speaker.pk = speaker_pk WHERE speaker.id = ? ORDER BY label.pk",
            speaker_id,
        ):
            voices_now = [
                into_id if one == speaker_id else one for one in self._speakers_of(label_id)
            ]
            put_speakers(action, label_id, voices_now)
            if kind == "joint" and len(set(voices_now)) == 1:
                action.put("label", label_id, {"kind": "speaker"})
                settled[document_id] = None
        return list(settled)

    def _speakers_of(self, label_id: str) -> Sequence[str]:
        rows = self._db.query(
            "SELECT speaker.id FROM label_speaker JOIN speaker ON speaker.pk = speaker_pk"
            " JOIN label ON label.pk = label_pk WHERE label.id = ? ORDER BY speaker.pk",
            label_id,
        )
        return [row[0] for row in rows]

    def set_role(self, speaker_id: str, role: str, *, by: Coder, rev: int | None = None) -> Speaker:
        """Say whether a speaker takes part, moderates or neither, in all documents.

        Raises:
            UnknownName: there is no such role. Conflict: as for ``rename``.
        """
        if role not in ROLES:
            raise UnknownName("role", role, ROLES)
        with self._writer.action("edit labels", by.id) as action:
            action.require("speaker", speaker_id, rev=rev)
            action.put("speaker", speaker_id, {"role": role})
        return self.get(speaker_id)

    def link(
        self, speaker_id: str, participant: str | None, *, by: Coder, rev: int | None = None
    ) -> Speaker:
        """Say which participant a speaker is, by label; a new one is added, None unlinks.

        Raises:
            Conflict: as for ``rename``.
        """
        label = (participant or "").strip()
        with self._writer.action("edit labels", by.id) as action:
            action.require("speaker", speaker_id, rev=rev)
            participant_id = put_participant(self._db, action, label) if label else None
            action.put("speaker", speaker_id, {"participant_id": participant_id})
        return self.get(speaker_id)

    def not_a_speaker(self, label_id: str, *, by: Coder) -> None:
        """Let a label be text: it and its words join the turn before.

        Without a turn before, they stand outside turns. Sentences are cut anew; codings stay.
        """
        with self._writer.action("edit labels", by.id) as action:
            document_id = str(action.require("label", label_id).image["document_id"])
            action.put("label", label_id, {"kind": NOBODY})
            put_speakers(action, label_id, [])
            settle(self._db, action, document_id)

    def as_speaker(self, label_id: str, *, by: Coder) -> None:
        """Let a label that is not a speaker be one again, with the turns and speakers it had.

        Raises:
            Refused: the document has no turns of that label to give back.
        """
        with self._writer.action("edit labels", by.id) as action:
            image = action.require("label", label_id).image
            if image["kind"] != NOBODY:
                return
            document_id, label = str(image["document_id"]), str(image["label"])
            rows = [row for row in as_read(self._db, action, document_id) if row[1] == label_id]
            if not rows:
                raise Refused(f'This document came without turns of "{label}".')
            speakers = self._spoke(label_id)
            kind: LabelKind = "joint" if len(speakers) > 1 else "speaker"
            if not speakers:
                joint = "joint" in str(rows[0][6]).split("\t")
                kind = "joint" if joint else "speaker"
                names = voices(label) if joint else [label]
                speakers = [speaker(self._db, action, name) for name in names]
            action.put("label", label_id, {"kind": kind})
            put_speakers(action, label_id, speakers)
            settle(self._db, action, document_id)

    def _spoke(self, label_id: str) -> Sequence[str]:
        """Who last spoke under a label that is not a speaker now; those who are still there."""
        lines = self._db.query(
            "SELECT line FROM action CROSS JOIN change ON change.action_pk = action.pk"
            " WHERE action.verb IN ('edit labels', 'undo', 'redo') AND change.row_id = ?"
            " ORDER BY action.pk DESC, change.n DESC",
            label_id,
        )
        for (line,) in lines:
            change = read_line(line)
            if change is not None and change.table == "label_speaker" and change.before:
                return [
                    one for (one,) in change.before
                    if self._db.one("SELECT 1 FROM speaker WHERE id = ?", one)
                ]  # fmt: skip
        return []


def decision_on(
    label: str, kind: LabelKind, speakers: Sequence[Speaker], document: str = ""
) -> LabelDecision:
    """What holds for a label, as the decision that would make it so."""
    linked = MANY.join(one.participant or "" for one in speakers)
    return LabelDecision(
        label,
        MANY.join(one.name for one in speakers),
        _one_for_all([one.role for one in speakers]),
        kind,
        linked if linked.strip(MANY) else None,
        document,
    )


def _one_for_all(roles: Sequence[SpeakerRole]) -> str:
    return roles[0] if len(set(roles)) == 1 else MANY.join(roles)


def _holds(decision: LabelDecision, label: SpeakerLabel) -> bool:
    """Whether a label is already what is proposed for it."""
    if decision.kind != label.kind:
        return False
    names = [one.name.casefold() for one in label.speakers]
    roles = {one.role for one in label.speakers}
    return sorted(names) == sorted(name.casefold() for name in decision.speakers) and (
        not decision.role or MANY in decision.role or roles == {decision.role}
    )
