"""Corrected transcripts: a new version takes the place of a document, and its codings go along.

The replaced version stays in the file with everything that was said of it; it is only taken out of
the lists. What a round that is still open holds is carried within that round; what a closed round
holds goes into a round beside it, for a closed round stays as it is. What cannot be placed with
certainty is not placed: it is reported, and can be listed for ever (``store.unplaced``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from qualcode.errors import Refused
from qualcode.model import (
    CarriedCoding,
    Coder,
    Correction,
    NamedReading,
    Reading,
    Redaction,
    Span,
)
from qualcode.store.database import Database
from qualcode.store.documents import Documents, prepare
from qualcode.store.history import Action
from qualcode.store.ids import now
from qualcode.store.rounds import newest_segmentation
from qualcode.store.session import Session
from qualcode.text.carry import Placement, Versions
from qualcode.text.names import Name, find
from qualcode.text.roster import LabelDecision

_CORRECTED = re.compile(r", corrected(?: \(\d+\))?$")
_WEIGHT = {"accepted": 0, "suggested": 1, "rejected": 2}


def replace(
    session: Session,
    document_id: str,
    reading: Reading,
    *,
    by: Coder,
    source_name: str | None = None,
    kind: str | None = None,
    attributes: Mapping[str, str] | None = None,
    labels: Sequence[LabelDecision] = (),
) -> Correction:
    """Let a corrected version take the place of a document, in one action.

    The new document takes over name, kind, language, date and attributes. Codings, memos,
    assignments, decisions and redactions are carried to the same words. A finished mark is carried
    where all codings of that coder in that round were placed.

    Args:
        kind: None keeps that of the document.
        attributes: Beside those of the document; the same ones are set anew.
        labels: What is decided on labels; on others the replaced document's table holds.

    Raises:
        Refused: the document has been taken out or purged, or the file is in the project already.
    """
    documents = Documents(session)
    name = documents.get(document_id).name
    prepared = prepare(NamedReading(name, reading))
    versions = Versions(documents.text(document_id), reading.text)
    with session.writer.action("replace document", by.id) as action:
        image = action.require("document", document_id).image
        _refuse(session.db, documents, document_id, image, reading.sha256)
        kept = dict(documents.attributes().get(document_id, {}))
        action.put("document", document_id, {"removed": 1})
        values: dict[str, str | None] = {
            "name": name, "kind": str(image["kind"]) if kind is None else kind,
            "language": str(image["language"]), "replaces_id": document_id,
            "collected_on": None if image["collected_on"] is None else str(image["collected_on"]),
        }  # fmt: skip
        new_id = documents.put(
            action, prepared, values, source_name or name, kept | dict(attributes or {}), labels
        )
        carrying = _Carrying(session.db, action, versions, document_id, new_id, by)
        carrying.assignments()
        carrying.codings()
        carrying.marks()
        carrying.memos_on_document()
        carrying.decisions()
        carrying.redactions(documents.text(document_id), reading.text)
    return carrying.correction(documents)


def _refuse(
    db: Database, documents: Documents, document_id: str, image: Mapping[str, Any], sha256: str
) -> None:
    name = image["name"]
    if image["removed"]:
        raise Refused(
            f"{name} has been taken out of the project; only a document that is in it can be "
            "replaced."
        )
    if image["purged_at"] is not None:
        raise Refused(
            f"Words of {name} have been purged; a new version could bring them back. Import it as "
            "a document of its own."
        )
    own = db.one(
        "SELECT 1 FROM source JOIN document ON document.pk = document_pk"
        " WHERE document.id = ? AND source.sha256 = ?",
        document_id,
        sha256,
    )
    if own is not None:
        raise Refused(f"This very file is what {name} was made of; it corrects nothing.")
    known = documents.same_source(sha256)
    if known is not None:
        raise Refused(f'This very file is in the project already, as "{known}".')


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a coder's record of a document lies, and where it goes."""

    round_id: str
    target_id: str
    """The same round while it is open."""

    coder_id: str
    finished_at: str | None
    assignment_id: str
    """Of the new document."""

    hidden: bool
    """Whether it is another coder's work in an open blind round."""


@dataclass(slots=True)
class _Carrying:
    """What goes from one version to the next, step by step, inside the action."""

    db: Database
    action: Action
    versions: Versions
    old_id: str
    new_id: str
    by: Coder
    _places: dict[tuple[str, str], _Place] = field(default_factory=dict)
    _targets: dict[str, str] = field(default_factory=dict)
    _made: dict[str, str] = field(default_factory=dict)
    """Round for what a closed one holds: id → name."""

    _blind: set[str] = field(default_factory=set)
    _carried: list[tuple[CarriedCoding, Placement]] = field(default_factory=list)
    _unfinished: list[_Place] = field(default_factory=list)
    _counts: dict[str, int] = field(default_factory=dict)
    _uncovered: list[Redaction] = field(default_factory=list)

    # Rounds and assignments

    def assignments(self) -> None:
        """Give the new version to whoever has the old one."""
        for round_id, coder_id, finished_at in self.db.query(
            "SELECT round.id, coder.id, finished_at FROM assignment"
            " JOIN round ON round.pk = round_pk JOIN coder ON coder.pk = coder_pk"
            " JOIN document ON document.pk = document_pk WHERE document.id = ?"
            " ORDER BY round.pk, assignment.pk",
            self.old_id,
        ):
            target = self._target(round_id)
            assignment_id = self.action.insert(
                "assignment",
                {"round_id": target, "document_id": self.new_id, "coder_id": coder_id},
            )
            hidden = round_id in self._blind and coder_id != self.by.id
            self._places[round_id, coder_id] = _Place(
                round_id, target, coder_id, finished_at, assignment_id, hidden
            )

    def _target(self, round_id: str) -> str:
        """The round that takes what this one holds: itself, or one beside it once it is closed."""
        if round_id not in self._targets:
            image = self.action.require("round", round_id).image
            if image["state"] == "open":
                if image["blind"]:
                    self._blind.add(round_id)
                self._targets[round_id] = round_id
            else:
                self._targets[round_id] = self._beside(image)
        return self._targets[round_id]

    def _beside(self, closed: Mapping[str, Any]) -> str:
        """The round for what a closed round holds of corrected documents; made if need be."""
        base = _CORRECTED.sub("", str(closed["name"]))
        purpose = closed["purpose"] if closed["purpose"] in ("recode", "training") else "import"
        wanted = {
            "purpose": purpose, "codebook_version_id": closed["codebook_version_id"], "blind": 0,
            "state": "open",
        }  # fmt: skip
        name, n = f"{base}, corrected", 1
        while True:
            row = self.db.one("SELECT id FROM round WHERE name = ?", name)
            if row is None:
                segmentation = newest_segmentation(self.db)
                made = self.action.insert(
                    "round", {"name": name, "segmentation_id": segmentation, **wanted}
                )
                self._made[made] = name
                return made
            image = self.action.require("round", row[0]).image
            if all(image[column] == value for column, value in wanted.items()):
                self._made[row[0]] = name
                return str(row[0])
            n += 1
            name = f"{base}, corrected ({n})"

    # Codings, their memos, and the finished marks

    def codings(self) -> None:
        """Put every coding on the same words of the new version, with its memos."""
        there: dict[tuple[str, str, str, Span], str] = {}
        for (
            id_, round_id, coder_id, code_id, start, stop, created_at, valence, weight, exemplar,
            disconfirming, made_by,
        ) in self.db.query(
            "SELECT coding.id, round.id, coder.id, code.id, start, stop, created_at, valence,"
            " weight, exemplar, disconfirming, made_by FROM coding"
            " JOIN round ON round.pk = round_pk JOIN coder ON coder.pk = coder_pk"
            " JOIN code ON code.pk = code_pk JOIN document ON document.pk = document_pk"
            " WHERE document.id = ? ORDER BY coding.pk",
            self.old_id,
        ):  # fmt: skip
            found = self.versions.place(Span(start, stop))
            carried = CarriedCoding(
                id_, round_id, coder_id, code_id, Span(start, stop), found.span, found.reason
            )
            self._carried.append((carried, found))
            if found.span is None:
                continue
            target = self._places[round_id, coder_id].target_id
            key = (target, coder_id, code_id, found.span)
            if key not in there:
                there[key] = self.action.insert(
                    "coding",
                    {
                        "document_id": self.new_id, "coder_id": coder_id, "round_id": target,
                        "code_id": code_id, "start": found.span.start, "stop": found.span.stop,
                        "created_at": created_at, "valence": valence, "weight": weight,
                        "exemplar": exemplar, "disconfirming": disconfirming, "made_by": made_by,
                    },
                )  # fmt: skip
            self._memos_on(id_, there[key])

    def _memos_on(self, old: str, new: str) -> None:
        for (memo_id,) in self.db.query(
            "SELECT memo.id FROM memo JOIN coding ON coding.pk = memo.coding_pk"
            " WHERE coding.id = ? ORDER BY memo.pk",
            old,
        ):
            self.action.put("memo", memo_id, {"coding_id": new})

    def marks(self) -> None:
        """Carry the finished marks of those whose every coding was placed."""
        lost = {(one.round_id, one.coder_id) for one, found in self._carried if found.span is None}
        for key, place in self._places.items():
            if place.finished_at is None:
                continue
            if key in lost:
                self._unfinished.append(place)
            else:
                self.action.put(
                    "assignment", place.assignment_id, {"finished_at": place.finished_at}
                )

    def memos_on_document(self) -> None:
        """Hang the memos on the old version on the new one."""
        for (memo_id,) in self.db.query(
            "SELECT memo.id FROM memo JOIN document ON document.pk = memo.document_pk"
            " WHERE document.id = ? ORDER BY memo.pk",
            self.old_id,
        ):
            self.action.put("memo", memo_id, {"document_id": self.new_id})

    # Decisions and redactions

    def decisions(self) -> None:
        """Carry what was decided where coders disagreed."""
        there: set[tuple[str, str, Span]] = set()
        counts = {"decisions": 0, "undecided": 0}
        for (
            round_id,
            code_id,
            start,
            stop,
            decision,
            new_code,
            reason,
            who,
            at,
            version,
        ) in self.db.query(
            "SELECT round.id, code.id, start, stop, decision, other.id, reason, coder.id,"
            " decided_at, codebook_version.id FROM adjudication"
            " JOIN round ON round.pk = round_pk JOIN code ON code.pk = code_pk"
            " JOIN coder ON coder.pk = decided_by_pk"
            " JOIN document ON document.pk = document_pk"
            " LEFT JOIN code other ON other.pk = new_code_pk LEFT JOIN codebook_version"
            " ON codebook_version.pk = adjudication.codebook_version_pk"
            " WHERE document.id = ? ORDER BY adjudication.pk",
            self.old_id,
        ):
            found = self.versions.place(Span(start, stop)).span
            target = self._target(round_id)
            if round_id not in self._blind:
                counts["undecided" if found is None else "decisions"] += 1
            if found is None or (target, code_id, found) in there:
                continue
            there.add((target, code_id, found))
            self.action.insert(
                "adjudication",
                {
                    "round_id": target, "document_id": self.new_id, "code_id": code_id,
                    "start": found.start, "stop": found.stop, "decision": decision,
                    "new_code_id": new_code, "reason": reason, "decided_by_id": who,
                    "decided_at": at, "codebook_version_id": version,
                },
            )  # fmt: skip
        self._counts |= counts

    def redactions(self, old: str, new: str) -> None:
        """Carry the redactions, and hide redacted words where the new version has more of them."""
        theirs = redactions_of(self.db, self.old_id)
        covered: dict[Span, str] = {}
        for one in sorted(theirs, key=lambda one: _WEIGHT[one.status]):
            found = self.versions.place(one.span)
            # Other words in the very place of a name are most likely the name, spelt rightly.
            span = found.near if found.instead and found.span is None else found.span
            if span is None:
                if one.status == "accepted":
                    self._uncovered.append(one)
            elif span not in covered:
                covered[span] = one.status
                self._redact(span, one.label, one.kind, one.status, one.coder_id, one.at)
        accepted = [one for one in theirs if one.status == "accepted"]
        names = [Name(old[one.span.start : one.span.stop], one.kind, one.label) for one in accepted]
        shown = {
            old[hit.span.start : hit.span.stop]
            for hit in find(old, names)
            if not any(hit.span.overlap(one.span) for one in accepted)
        }
        further = [
            hit for hit in find(new, names) if not any(hit.span.overlap(span) for span in covered)
        ]
        at = now()
        for hit in further:
            words = new[hit.span.start : hit.span.stop]
            status = "suggested" if words in shown else "accepted"
            self._redact(hit.span, hit.label, hit.kind, status, self.by.id, at)
        self._counts |= {"redactions": len(covered), "repeated": len(further)}

    def _redact(
        self, span: Span, label: str, kind: str, status: str, coder_id: str, at: str
    ) -> None:
        self.action.insert(
            "redaction",
            {
                "document_id": self.new_id, "start": span.start, "stop": span.stop,
                "label": label, "kind": kind, "status": status, "coder_id": coder_id, "at": at,
            },
        )  # fmt: skip

    # What became of it

    def correction(self, documents: Documents) -> Correction:
        """The report, without what the one who acts may not know."""
        seen = [
            pair
            for pair in self._carried
            if not self._places[pair[0].round_id, pair[0].coder_id].hidden
        ]
        rounds: dict[str, str] = dict(self.db.query("SELECT id, name FROM round"))
        coders: dict[str, str] = dict(self.db.query("SELECT id, name FROM coder"))
        return Correction(
            documents.get(self.new_id),
            self.old_id,
            tuple(one for one, found in seen if found.how == "placed"),
            tuple(one for one, found in seen if found.how == "changed"),
            tuple(one for one, found in seen if found.how == "unplaced"),
            **self._counts,
            uncovered=tuple(self._uncovered),
            rounds=tuple(self._made.values()),
            unfinished=tuple(
                (rounds[place.target_id], coders[place.coder_id]) for place in self._unfinished
            ),
            new_words=self.versions.added(),
            others=any(place.hidden for place in self._places.values()),
        )


def redactions_of(db: Database, document_id: str) -> list[Redaction]:
    """The redactions of a document, also of one that was taken out."""
    return [
        Redaction(id_, document_id, Span(start, stop), label, kind, status, coder_id, at)
        for id_, start, stop, label, kind, status, coder_id, at in db.query(
            "SELECT redaction.id, start, stop, label, redaction.kind, status, coder.id, at"
            " FROM redaction JOIN document ON document.pk = document_pk"
            " JOIN coder ON coder.pk = coder_pk WHERE document.id = ? ORDER BY start, stop",
            document_id,
        )
    ]
