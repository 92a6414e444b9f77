"""Purging: what somebody no longer consents to is taken out of the file, its log and its pages.

A purge is one action, which no undo takes back. Texts keep their length, so that codings, turns
and units stay where they are; the log keeps the digests of what it forgets, so that its chain
holds. Afterwards the file is written anew (``VACUUM``), so that no free page holds a word. Until
that is done the purge counts as unfinished, and ``check`` says so.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

from qualcode.errors import (
    Conflict,
    DiskFull,
    ProjectLocked,
    ProjectReadOnly,
    Refused,
    UsageProblem,
)
from qualcode.model import Coder
from qualcode.store.copies import Copy, find_copies
from qualcode.store.database import Database
from qualcode.store.history import Action
from qualcode.store.ids import now
from qualcode.store.session import Session
from qualcode.store.tables import Value
from qualcode.store.withdrawal import DocumentPart, Withdrawal, Withdrawn
from qualcode.store.written import KEPT, Written
from qualcode.text.quotes import PURGED, shared

__all__ = ["Copy", "PurgePlan", "Purged", "PurgedDocument", "Purges", "Withdrawn", "unfinished"]

BEGUN, DONE = "purge", "purge finished"
"""Kinds of events; a purge whose last event is the first of them is unfinished."""

COUNTED = ("speakers", "labels", "values", "memos", "examples", "definitions", "versions",
           "reasons", "notes")  # fmt: skip

ALIKE = 3
"""Runs of eight words in common from which another document holds the same words."""


@dataclass(frozen=True, slots=True)
class PurgedDocument:
    """What goes of one document."""

    id: str
    name: str
    new_name: str | None
    """What it is called afterwards, where its name goes."""

    removed: bool
    """Whether it was taken out of the project, or replaced."""

    whole: bool
    characters: int
    """How many become blanks."""

    turns: int
    """How many have words that go."""


@dataclass(frozen=True, slots=True)
class PurgePlan:
    """What goes, in names and counts: never a word of it, never whose memo it is."""

    documents: tuple[PurgedDocument, ...]
    participant: str | None
    speakers: int
    labels: int
    values: int
    """Attribute values."""

    memos: int
    """Of all coders together."""

    examples: int
    """Examples and near misses of codes."""

    definitions: int
    """Codes whose other texts quote or name."""

    versions: int
    """Frozen versions of the codebook."""

    reasons: int
    """Reasons of adjudications."""

    notes: int
    """Reasons in the log, settings, and labels of redactions."""

    lines: int
    """Lines of the log."""

    mentions: int
    """How often others name who goes; these stay unless asked for."""

    same_words: tuple[str, ...]
    """Other documents that hold some of the same words, and keep them."""

    people: tuple[str, ...]
    """Other participants who said some of it; they stay, with their attributes."""

    copies: tuple[Copy, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether there is nothing (left) to purge."""
        characters = sum(one.characters for one in self.documents)
        return not (characters or self.lines or self.speakers or self.labels or self.values)


@dataclass(frozen=True, slots=True)
class Purged:
    """What a purge did."""

    plan: PurgePlan
    finished: bool
    """Whether the free pages are overwritten, too; else ``finish`` is still to be run."""


class Purges:
    """Withdrawing consent in one project."""

    def __init__(self, session: Session) -> None:
        self._db, self._writer = session.db, session.writer

    def plan(self, what: Withdrawn) -> PurgePlan:
        """What would go, and which files beside the project would still hold it; changes nothing.

        Raises:
            UnknownName: there is no such document, turn or participant.
            UsageProblem: nothing is named, or turns or a new name without a document.
        """
        _check(what)
        goes = Withdrawal(self._db, what)
        return replace(_plan(goes, Written(self._db, goes)), copies=self._copies(goes))

    def purge(
        self, what: Withdrawn, *, reason: str, by: Coder, expected: PurgePlan | None = None
    ) -> Purged:
        """Take it out of the project, in one action that cannot be taken back.

        Args:
            reason: Kept in the log; it must not tell what or who is purged.
            expected: The plan that was agreed to.

        Raises:
            Conflict: the project has changed since that plan was made.
            Refused: nothing of it is left. UsageProblem: the reason is empty, or tells.
            ProjectLocked, ProjectReadOnly, DiskFull: nothing was purged.
        """
        _check(what)
        if not reason.strip():
            raise UsageProblem("Say why with --reason, such as “consent withdrawn, form of 3 May”.")
        with self._writer.action("purge", by.id) as action:
            goes = Withdrawal(self._db, what)
            written = Written(self._db, goes)
            plan = _plan(goes, written)
            if expected is not None and replace(expected, copies=()) != plan:
                raise Conflict("The project has changed since this was shown. Look at it again.")
            if plan.empty:
                raise Refused("Nothing of it is left in the project to purge.")
            if written.without(reason) != reason:
                raise UsageProblem("The reason would keep a name or words that are to go.")
            _do(action, goes, written)
            _event(action, BEGUN, reason.strip(), by)
        try:
            self.finish(by=by)
        except (ProjectLocked, ProjectReadOnly, DiskFull):
            return Purged(plan, False)
        return Purged(plan, True)

    def unfinished(self) -> bool:
        """Whether a purge was cut short before the free pages were overwritten."""
        return unfinished(self._db)

    def finish(self, *, by: Coder) -> None:
        """Write the file anew, without the free pages that may still hold purged words.

        Raises:
            ProjectLocked: another window has the project open. DiskFull, ProjectReadOnly.
        """
        with self._db.maintenance() as connection:
            # in memory: a temporary file would lie in the system's folder
            connection.execute("PRAGMA temp_store = MEMORY")
            connection.execute("VACUUM")
            busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        if busy:
            raise ProjectLocked(
                f"{self._db.path} is open in another window, whose journal may still hold purged "
                "words. Close it and try again."
            )
        if self.unfinished():
            with self._writer.action("purge", by.id) as action:
                _event(action, DONE, "", by)

    def _copies(self, goes: Withdrawal) -> tuple[Copy, ...]:
        texts = {one.id: one.after for one in goes.touched}
        read_from = [
            row
            for row in self._db.query(
                "SELECT length(bytes), source.sha256, source.name, document_pk, kind = 'survey'"
                " OR json_extract(metadata, '$.column') IS NOT NULL FROM source"
                " JOIN document ON document.pk = document_pk ORDER BY document_pk"
            )
            if goes.documents[row[3]].touched
        ]
        sources = [(size, sha256) for size, sha256, *_ in read_from]
        tables = {name for _, _, name, _, is_row in read_from if is_row}
        row = self._db.one("SELECT id FROM project")
        person = goes.participant[1] if goes.participant is not None else None
        return find_copies(
            self._db.path, str(row[0]) if row else "", texts, person, sources, tables
        )


def unfinished(db: Database) -> bool:
    """Whether the free pages of a project may still hold words that were purged."""
    row = db.one(
        "SELECT kind FROM event WHERE kind IN (?, ?) ORDER BY pk DESC LIMIT 1", BEGUN, DONE
    )
    return row is not None and row[0] == BEGUN


def _check(what: Withdrawn) -> None:
    if what.document is None and what.participant is None:
        raise UsageProblem("Name what is to go: --document, --participant, or both.")
    if what.document is None and (what.turns or what.new_name is not None):
        raise UsageProblem("--turn and --rename belong to a --document.")
    if what.new_name is not None and not what.new_name.strip():
        raise UsageProblem("--rename needs a name.")


def _plan(goes: Withdrawal, written: Written) -> PurgePlan:
    counts = written.counts()
    others = [one for one in goes.documents.values() if not one.whole]
    alike = shared(goes.said(), (one.after for one in others))
    return PurgePlan(
        documents=tuple(map(_document, goes.touched)),
        participant=goes.participant[2] if goes.participant is not None else None,
        **{what: counts[what] for what in COUNTED},
        lines=len(written.lines),
        mentions=goes.mentions,
        same_words=tuple(one.name for one, n in zip(others, alike, strict=True) if n >= ALIKE),
        people=goes.people(),
        copies=(),
    )


def _document(one: DocumentPart) -> PurgedDocument:
    characters = sum(a != b for a, b in zip(one.text, one.after, strict=True))
    turns = sum(
        PURGED in one.after[words.start : words.stop]
        and one.after[words.start : words.stop] != one.text[words.start : words.stop]
        for _, words, _ in one.turns
    )
    return PurgedDocument(one.id, one.name, one.new_name, one.removed, one.whole, characters, turns)


def _do(action: Action, goes: Withdrawal, written: Written) -> None:
    at = now()
    changes = dict(written.changes)
    for line in written.lines:
        action.purge_line(*line)
    for one in goes.touched:
        text = one.after
        values: dict[str, Value] = changes.pop(("document", one.id), {})
        if text == one.text and not values:
            continue
        sha256 = hashlib.sha256(text.encode()).hexdigest()
        action.purge("document", one.id, {**values, "sha256": sha256, "purged_at": at})
        action.purge_text(one.id, text)
    for (table, row_id), values in changes.items():
        if table == "codebook_version":
            values = {**values, "purged_at": at}
        action.purge(table, row_id, values)
    for table, row_id in written.deleted:
        action.purge(table, row_id, None)
    for owner, rows in written.kept.items():
        action.purge_layer(KEPT, owner.split("/"), rows)
    action.empty_index()


def _event(action: Action, kind: str, reason: str, by: Coder) -> None:
    action.insert("event", {"coder_id": by.id, "kind": kind, "reason": reason, "at": now()})
