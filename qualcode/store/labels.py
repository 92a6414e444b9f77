"""The labels of a document: whose they are, remembered from document to document, and the turns
that follow from it.

The turn rows of a document are always what its file says (the log keeps that, row for row) seen
through its label table: the words under a label that is "not a speaker" join the turn before.
Hence every edit of the table can be taken back exactly, however late.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from qualcode.errors import Refused
from qualcode.model import LabelKind, Turn
from qualcode.store.database import Database
from qualcode.store.history import Action
from qualcode.store.ids import now
from qualcode.store.images import layer_rows, read_line
from qualcode.store.tables import Value
from qualcode.text.blocks import blocks
from qualcode.text.labels import voices
from qualcode.text.roster import MANY, numbered_by_machine, usual_role

NOBODY: LabelKind = "not a speaker"

_READ = ("add document", "replace document", "bake project", "import project")
"""Verbs under which a document comes in."""


@dataclass(slots=True, repr=False)
class Known:
    """What is made of a label in one document."""

    pk: int
    id: str
    label: str
    kind: LabelKind
    document: str
    """Name of the document."""

    edited: int
    """Key of the last action that edited it; 0 if nobody has."""

    survey: bool
    """Whether the document is a survey, in which the number of a row is its label."""

    speakers: dict[str, str] = field(default_factory=dict)
    """Id → name; of several the one who joined the roster first comes first."""

    replaced: bool = False
    """Whether it is a label of the very document that a corrected version replaces."""

    own: bool = True
    """Whether its speakers are nothing but participants or moderators as their names suggest."""

    @property
    def usual(self) -> bool:
        """Whether this is what the label alone would give."""
        names = list(self.speakers.values())
        expected = [self.label] if self.kind == "speaker" else voices(self.label)
        return self.kind != NOBODY and sorted(names) == sorted(expected)


Memory = Mapping[str, Known]
"""Label, as written and case-folded → what was last made of it."""


def remembered(db: Database, *, of: str | None = None) -> Memory:
    """What the documents so far have made of each label: the latest decision on it.

    A label that somebody edited counts for more than one that came in as it is, and what is not
    as the label alone would have it for more than what is.

    Args:
        of: A document whose table comes before all others', also where it has been taken out: the
            one that a corrected version replaces.
    """
    ordered = sorted(known_labels(db, edits(db), of=of), key=by_weight)
    return {one.label.casefold(): one for one in ordered} | {one.label: one for one in ordered}


def by_weight(one: Known) -> tuple[bool, bool, int, int]:
    """Of several labels of one form, the greatest says what is made of it."""
    return one.replaced, bool(one.edited or not one.usual), one.edited, one.pk


def edits(db: Database) -> dict[str, int]:
    """Id of a label, or of what else was edited with labels → key of the last action to do so."""
    return dict(
        db.query(
            # CROSS: the few acts of that verb first, never every line of the log
            "SELECT change.row_id, max(action.pk) FROM action"
            " CROSS JOIN change ON change.action_pk = action.pk"
            " WHERE action.verb = 'edit labels' GROUP BY change.row_id"
        )
    )


def known_labels(
    db: Database, edited: Mapping[str, int], *, of: str | None = None, after: int = 0
) -> list[Known]:
    """The labels of the documents that are there.

    Args:
        edited: As ``edits`` gives it.
        of: As for ``remembered``.
        after: Only those that came after the one with this key.
    """
    found: dict[str, Known] = {}
    for pk, id_, label, kind, document_id, document, survey, speaker_id, *speaker in db.query(
        "SELECT label.pk, label.id, label.label, label.kind, document.id, document.name,"
        " document.kind = 'survey', speaker.id, speaker.name, speaker.role,"
        " speaker.participant_pk IS NOT NULL FROM label"
        " JOIN document ON document.pk = label.document_pk"
        " LEFT JOIN label_speaker ON label_speaker.label_pk = label.pk"
        " LEFT JOIN speaker ON speaker.pk = label_speaker.speaker_pk"
        " WHERE label.pk > ? AND (document.removed = 0 OR document.id = ?)"
        " ORDER BY label.pk, speaker.pk",
        after,
        of or "",
    ):
        if id_ not in found:
            found[id_] = Known(pk, id_, label, kind, document, edited.get(id_, 0), bool(survey))
        one = found[id_]
        one.replaced = document_id == of
        if speaker_id is not None:
            name, role, linked = speaker
            one.speakers[speaker_id] = name
            one.own = one.own and not linked and role == usual_role(name)
    return list(found.values())


def link_labels(
    db: Database,
    action: Action,
    document_id: str,
    turns: Sequence[Turn],
    memory: Memory | None = None,
) -> dict[str, str]:
    """Store the labels of a new document, and the speakers behind them that are new.

    Args:
        memory: What earlier documents made of labels; it is made of these, too. Call ``settle``
            once the turns are stored.

    Returns:
        Label → id of its row, for the document's turns.
    """
    found: dict[str, str] = {}
    for turn in turns:
        if turn.label is None or turn.label in found:
            continue
        label = turn.label
        kind: LabelKind = "joint" if "joint" in turn.flags else "speaker"
        names = voices(label) if kind == "joint" else [turn.speaker or label]
        earlier = _earlier(memory or {}, label)
        if earlier is not None:
            kind = earlier.kind
        label_id = action.insert(
            "label", {"document_id": document_id, "label": label, "kind": kind}
        )
        if earlier is not None:
            put_speakers(action, label_id, list(earlier.speakers))
        else:
            names = [_own_name(db, document_id, name) for name in names]
            speakers = [_voice(db, action, name, memory or {}) for name in names]
            put_speakers(action, label_id, speakers)
        found[label] = label_id
    return found


def _earlier(memory: Memory, label: str) -> Known | None:
    """What was made of the label before, where that is more than it says itself."""
    earlier = memory.get(label) or memory.get(label.casefold())
    if earlier is None or earlier.usual:
        return None
    if earlier.kind != NOBODY and not earlier.speakers:
        return None
    if earlier.kind != NOBODY and numbered_by_machine(label) and not earlier.replaced:
        return None
    return earlier


def put_speakers(action: Action, label_id: str, speakers: Sequence[str]) -> None:
    """Say who speaks under a label."""
    action.put_layer("label_speaker", [label_id], [(one,) for one in dict.fromkeys(speakers)])


def speaker(db: Database, action: Action, name: str) -> str:
    """The id of the speaker of that name, any case; added to the roster if new."""
    row = db.one("SELECT id FROM speaker WHERE name = ?", name)
    if row is not None:
        return str(row[0])
    return action.insert("speaker", {"name": name, "role": usual_role(name)})


def spoken_as(db: Database, action: Action, name: str, memory: Memory) -> str:
    """The id of the speaker of that name, or whose label in transcripts it is; added if neither.

    Args:
        memory: As ``remembered`` gives it.
    """
    row = db.one(
        "SELECT id FROM speaker WHERE name = ?"
        " AND EXISTS (SELECT 1 FROM label_speaker WHERE speaker_pk = speaker.pk)",
        name,
    )
    return str(row[0]) if row is not None else _voice(db, action, name, memory)


def _voice(db: Database, action: Action, label: str, memory: Memory) -> str:
    """The id of the one who spoke under that label before, else of the speaker of that name."""
    earlier = _earlier(memory, label)
    if earlier is not None and len(earlier.speakers) == 1:
        return next(iter(earlier.speakers))
    return speaker(db, action, label)


def _own_name(db: Database, document_id: str, name: str) -> str:
    """What a speaker of a new document is called: the name, but for a recorder's number that
    somebody of another document has. There it is somebody else: ``SPEAKER_00 (A-FG2)``."""
    if not numbered_by_machine(name):
        return name
    row = db.one(
        "SELECT ours.name FROM document ours WHERE ours.id = ?1 AND EXISTS (SELECT 1 FROM speaker"
        " JOIN label_speaker ON speaker_pk = speaker.pk JOIN label ON label.pk = label_pk"
        " JOIN document ON document.pk = label.document_pk"
        " WHERE speaker.name = ?2 AND document.removed = 0 AND document.pk <> ours.pk"
        " AND document.pk IS NOT ours.replaces_pk)",
        document_id,
        name,
    )
    return name if row is None else f"{name} ({row[0].replace(MANY, ',')})"


def segmentation(db: Database, action: Action, maker: str) -> str:
    """The id of the newest cut into sentences by this maker; added if there is none."""
    row = db.one(
        "SELECT id FROM segmentation WHERE kind = 'sentence' AND maker = ?"
        " ORDER BY pk DESC LIMIT 1",
        maker,
    )
    if row is not None:
        return str(row[0])
    return _new_segmentation(action, maker)


def _new_segmentation(action: Action, maker: str) -> str:
    return action.insert("segmentation", {"kind": "sentence", "maker": maker, "created_at": now()})


# The turns that follow


def settle(
    db: Database,
    action: Action,
    document_id: str,
    read: Sequence[Sequence[Value]] | None = None,
) -> bool:
    """Make a document's turns and sentences what its label table says.

    Args:
        read: Its turn rows as its file has them; None asks the log.

    Returns:
        Whether any turn begins or ends elsewhere now.
    """
    kinds: dict[str, LabelKind] = dict(
        db.query(
            "SELECT label.id, label.kind FROM label JOIN document ON document.pk = document_pk"
            " WHERE document.id = ?",
            document_id,
        )
    )
    before = _turn_rows(db, action, document_id)
    after = _joined(as_read(db, action, document_id) if read is None else read, kinds)
    if before == after:
        return False
    action.put_layer("turn", [document_id], after)
    moved = [row[2:4] for row in before] != [row[2:4] for row in after]
    if moved:
        _cut(db, action, document_id, after)
    return moved


def _turn_rows(db: Database, action: Action, document_id: str) -> list[list[Value]]:
    """The turn rows of a document as they are now."""
    for _, change in reversed(action.changes):
        if change.table == "turn" and change.row_id == document_id:
            rows: list[list[Value]] = change.after
            return rows
    return layer_rows(db, "turn", [action.key("document", document_id)])


def as_read(db: Database, action: Action, document_id: str) -> list[list[Value]]:
    """The turn rows of a document as its file was read, before any edit of its labels.

    Raises:
        Refused: the log does not hold them any more.
    """
    fresh = _just_read(action, document_id)
    if fresh is not None:
        return fresh
    verbs = ", ".join("?" * len(_READ))
    lines = db.query(
        "SELECT line FROM action CROSS JOIN change ON change.action_pk = action.pk"
        f" WHERE action.verb IN ({verbs}) AND change.row_id = ? ORDER BY action.pk, change.n",
        *_READ,
        document_id,
    )
    changes = [read_line(line) for (line,) in lines]
    for change in changes:
        if change is not None and change.table == "turn":
            return [list(row) for row in change.after]
    if None in changes:
        raise Refused("What this document's file said has been purged from the log.")
    return []


def _just_read(action: Action, document_id: str) -> list[list[Value]] | None:
    """The same for a document that this very action adds; None for any other."""
    rows: list[list[Value]] = []
    for _, change in reversed(action.changes):
        if change.row_id == document_id and change.table == "turn":
            rows = change.after
        elif change.row_id == document_id and change.table == "document":
            return [list(row) for row in rows] if change.before is None else None
    return None


def _joined(rows: Sequence[Sequence[Value]], kinds: Mapping[str, LabelKind]) -> list[list[Value]]:
    """Join the words of what is not a speaker to the turn before; number the rest from 1.

    The label goes along: it is text then. Without a turn before, they stand outside turns. When
    the joined turn ends is known only where the file says when its last words did.
    """
    found: list[list[Value]] = []
    for _, label_id, start, stop, start_ms, stop_ms, flags in rows:
        kind = kinds[str(label_id)] if label_id is not None else "speaker"
        if kind == "speaker" and not flags:  # as nearly all are
            found.append([len(found) + 1, label_id, start, stop, start_ms, stop_ms, ""])
            continue
        marks = [mark for mark in str(flags).split("\t") if mark]
        if kind != NOBODY:
            if label_id is not None:
                marks = _marked(marks, "joint", kind == "joint")
            row = [len(found) + 1, label_id, start, stop, start_ms, stop_ms, "\t".join(marks)]
            found.append(row)
        elif found:
            last = found[-1]
            kept = _marked([mark for mark in str(last[6]).split("\t") if mark], "continuation")
            kept = _marked(kept, "overlap", "overlap" in marks or "overlap" in kept)
            last[3], last[5], last[6] = stop, stop_ms, "\t".join(kept)
    return found


def _marked(marks: list[str], mark: str, holds: bool = True) -> list[str]:
    if not holds:
        return [one for one in marks if one != mark]
    return marks if mark in marks else [*marks, mark]


def _cut(db: Database, action: Action, document_id: str, rows: Sequence[Sequence[Value]]) -> None:
    """Cut a document into sentences anew, after its turns.

    Older cuts of it end here, unless a closed round was counted on them: its figures stay.
    """
    from qualcode.text.segmentation import maker, segment

    found = db.one("SELECT text FROM document WHERE id = ?", document_id)
    assert found is not None  # its turns have just been stored
    text = str(found[0])
    sentences = segment(text, blocks(text, _turns(db, document_id)))
    cut = segmentation(db, action, maker())
    pinned = _pinned(db, document_id)
    if action.key("segmentation", cut) <= pinned:
        cut = _new_segmentation(action, maker())
    for other, pk in db.query(
        "SELECT DISTINCT segmentation.id, segmentation.pk FROM unit"
        " JOIN segmentation ON segmentation.pk = segmentation_pk AND segmentation.kind = 'sentence'"
        " JOIN document ON document.pk = document_pk WHERE document.id = ?",
        document_id,
    ):
        if other != cut and pk > pinned:
            action.put_layer("unit", [other, document_id], [])
    units = [(n, sentence.start, sentence.stop) for n, sentence in enumerate(sentences, 1)]
    action.put_layer("unit", [cut, document_id], units)


def _pinned(db: Database, document_id: str) -> int:
    """Key of the newest cut that a closed round with this document was counted on; 0 if none."""
    row = db.one(
        "SELECT coalesce(max(segmentation_pk), 0) FROM round"
        " JOIN assignment ON round_pk = round.pk JOIN document ON document.pk = document_pk"
        " WHERE state = 'closed' AND document.id = ?",
        document_id,
    )
    assert row is not None  # an aggregate always has one
    return int(row[0])


def _turns(db: Database, document_id: str) -> Iterator[Turn]:
    for n, label, start, stop, start_ms in db.query(
        "SELECT n, label.label, start, stop, start_ms FROM turn"
        " JOIN document ON document.pk = turn.document_pk"
        " LEFT JOIN label ON label.pk = label_pk WHERE document.id = ? ORDER BY n",
        document_id,
    ):
        yield Turn(n, label, label, start, stop, None if start_ms is None else start_ms / 1000)
