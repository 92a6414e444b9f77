"""Redactions: what names someone, decided by a person; the layer made of what was accepted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from qualcode.errors import InvalidSpan, Refused, UsageProblem
from qualcode.model import Coder, Redaction, RedactionStatus, Span
from qualcode.store.database import Row
from qualcode.store.history import Action
from qualcode.store.ids import now
from qualcode.store.session import Session
from qualcode.store.tables import Value
from qualcode.text.fresh_ids import fresh_ids
from qualcode.text.names import Suggestion
from qualcode.text.people import NEUTRAL, PERSON, parts
from qualcode.text.redaction import Layer, Replacement, united

PURGED = "\u2588"
LONGEST = 40
"""Characters of a label: on screen it is one unit that cannot be broken."""

_SELECT = (
    "SELECT redaction.id, document.id, start, stop, label, redaction.kind, status, coder.id, at,"
    " redaction.rev FROM redaction JOIN document ON document.pk = document_pk"
    " JOIN coder ON coder.pk = coder_pk"
)


def layer(session: Session) -> Layer:
    """The layer of the accepted redactions as they are now."""
    last = session.db.one("SELECT max(pk) FROM action")
    moment = 0 if last is None else last[0]
    shown = session.disclosure
    if shown.layer is None or shown.moment != moment:
        shown.layer, shown.moment = _layer(session), moment
    return shown.layer


def _layer(session: Session) -> Layer:
    rows = session.db.query(
        "SELECT document.id, document.removed, start, stop, label, redaction.kind"
        " FROM redaction JOIN document ON document.pk = document_pk WHERE status = 'accepted'"
        " ORDER BY document.pk, start, stop"
    )
    replacements: dict[str, Sequence[Replacement]] = {}
    names: dict[str, str] = {}
    persons: dict[str, str] = {}
    by_document: dict[str, list[Row]] = {}
    for row in rows:
        by_document.setdefault(row[0], []).append(row)
    count = 0
    for document_id, theirs in by_document.items():
        text = _text(session, document_id)
        for _, _, start, stop, label, kind in theirs:
            name = text[start:stop]
            if kind != "date" and len(name) > 1 and PURGED not in name:
                names.setdefault(name, label)
                if kind == PERSON:
                    persons.setdefault(name, label)
        if not theirs[0][1]:
            count += len(theirs)
            replacements[document_id] = united((Span(r[2], r[3]), r[4]) for r in theirs)
    _add_parts(session, names, persons)
    return Layer(replacements, names, count, session.disclosure.reason, _fresh(session, names))


def _fresh(session: Session, names: Mapping[str, str]) -> dict[str, str]:
    """Label of a participant → the id to show instead; empty where their own are shown."""
    seed = session.disclosure.seed
    if seed is None:
        return {}
    labels = [str(row[0]) for row in session.db.query("SELECT label FROM participant")]
    speakers = [str(row[0]) for row in session.db.query("SELECT name FROM speaker")]
    return fresh_ids(labels, [*names.values(), *speakers], seed)


def _add_parts(session: Session, names: dict[str, str], persons: Mapping[str, str]) -> None:
    """Know somebody by the first and the last name too, where only the whole name was redacted.

    Memos and code examples say "Dana" of whom the transcripts call "Dana Will". A part that a
    person rejected as a word stays one.
    """
    rejected = {
        " ".join(str(name).split())
        for (name,) in session.db.query(
            "SELECT DISTINCT substr(text, start + 1, stop - start) FROM redaction"
            " JOIN document ON document.pk = document_pk WHERE status = 'rejected'"
        )
    }
    found: dict[str, set[str]] = {}
    for name, label in persons.items():
        for part in parts(name):
            found.setdefault(part, set()).add(label)
    for part, labels in found.items():
        if part not in rejected:
            names.setdefault(part, min(labels) if len(labels) == 1 else NEUTRAL)


def _text(session: Session, document_id: str) -> str:
    row = session.db.one("SELECT text FROM document WHERE id = ?", document_id)
    if row is None:
        raise Refused("This document is no longer there.")
    return str(row[0])


class Redactions:
    """The redactions of one project."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._db, self._writer = session.db, session.writer

    def list(
        self, document_id: str | None = None, status: RedactionStatus | None = None
    ) -> list[Redaction]:
        """Redactions of documents that are in the project, by document (import order) and place."""
        rows = self._db.query(
            f"{_SELECT} WHERE document.removed = 0 AND (?1 IS NULL OR document.id = ?1)"
            " AND (?2 IS NULL OR status = ?2) ORDER BY document.pk, start, stop",
            document_id,
            status,
        )
        return [_redaction(row) for row in rows]

    def suggest(self, found: Sequence[Suggestion], *, by: Coder) -> int:
        """Store what was found, for a person to decide; in one action.

        A stretch that is stored already stays as it was decided.

        Returns:
            How many are new.

        Raises:
            UsageProblem: a label is empty, too long or has a line end.
        """
        for label in {one.label for one in found}:
            _check_label(label)
        with self._writer.action("suggest redactions", by.id) as action:
            there = {
                (document_id, start, stop)
                for document_id, start, stop in self._db.query(
                    "SELECT document.id, start, stop FROM redaction"
                    " JOIN document ON document.pk = document_pk"
                )
            }
            new = {
                key: one
                for one in found
                if (key := (one.document_id, one.span.start, one.span.stop)) not in there
            }
            at = now()
            for (document_id, start, stop), one in new.items():
                action.insert(
                    "redaction",
                    {
                        "document_id": document_id, "start": start, "stop": stop,
                        "label": one.label, "kind": one.kind, "coder_id": by.id, "at": at,
                    },
                )  # fmt: skip
        return len(new)

    def add(
        self,
        document_id: str,
        span: Span,
        label: str,
        kind: str = "person",
        *,
        by: Coder,
        status: RedactionStatus = "accepted",
    ) -> Redaction:
        """Redact a stretch that nobody suggested; one that is stored is decided anew.

        Raises:
            InvalidSpan: it leaves the text. UsageProblem: the label cannot be one.
        """
        _check_label(label)
        with self._writer.action("review redactions", by.id) as action:
            document = action.require("document", document_id)
            if span.stop > int(str(document.image["n_chars"])):
                raise InvalidSpan(f"{span.start}–{span.stop} leaves the text.")
            row = self._db.one(
                "SELECT redaction.id FROM redaction WHERE document_pk = ? AND start = ?"
                " AND stop = ?",
                document.pk,
                span.start,
                span.stop,
            )
            values: dict[str, Value] = {
                "label": label, "kind": kind, "status": status, "coder_id": by.id, "at": now(),
            }  # fmt: skip
            if row is not None:
                redaction_id = str(row[0])
                action.put("redaction", redaction_id, values)
            else:
                values |= {"document_id": document_id, "start": span.start, "stop": span.stop}
                redaction_id = action.insert("redaction", values)
        return self.get(redaction_id)

    def get(self, redaction_id: str) -> Redaction:
        """The redaction with that id; ``Refused`` if there is none."""
        row = self._db.one(f"{_SELECT} WHERE redaction.id = ?", redaction_id)
        if row is None:
            raise Refused("This redaction is no longer there.")
        return _redaction(row)

    def decide(self, ids: Iterable[str], status: RedactionStatus, *, by: Coder) -> int:
        """Accept or reject redactions, or leave them open again; all in one action.

        Returns:
            How many were decided otherwise before.

        Raises:
            Refused: one is no longer there; nothing was changed.
        """
        return self._change(ids, {"status": status}, by)

    def relabel(self, ids: Iterable[str], label: str, *, by: Coder) -> int:
        """Show another label in place of these; all in one action.

        Raises:
            UsageProblem: the label cannot be one. Refused: one is no longer there.
        """
        _check_label(label)
        return self._change(ids, {"label": label}, by)

    def review(
        self, decisions: Mapping[str, tuple[RedactionStatus, str | None]], *, by: Coder
    ) -> int:
        """Decide redactions each in its own way, and give them labels; all in one action.

        Args:
            decisions: Id → status, and the label to show from now on (None leaves it).

        Returns:
            How many were otherwise before.

        Raises:
            UsageProblem: a label cannot be one. Refused: one is no longer there; nothing was
                changed.
        """
        for given in {label for _, label in decisions.values() if label is not None}:
            _check_label(given)
        changed, at = 0, now()
        with self._writer.action("review redactions", by.id) as action:
            for redaction_id, (status, label) in decisions.items():
                values: dict[str, str] = {"status": status}
                if label is not None:
                    values["label"] = label
                changed += _put(action, redaction_id, values, by, at)
        return changed

    def _change(self, ids: Iterable[str], values: dict[str, str], by: Coder) -> int:
        changed, at = 0, now()
        with self._writer.action("review redactions", by.id) as action:
            for redaction_id in dict.fromkeys(ids):
                changed += _put(action, redaction_id, values, by, at)
        return changed


def _put(action: Action, redaction_id: str, values: Mapping[str, str], by: Coder, at: str) -> bool:
    """Change a redaction where it differs; who looked at it and changed nothing leaves no mark."""
    found = action.require("redaction", redaction_id)
    if all(found.image[column] == value for column, value in values.items()):
        return False
    return action.put("redaction", redaction_id, {**values, "coder_id": by.id, "at": at})


def _check_label(label: str) -> None:
    if not label.strip() or len(label) > LONGEST or not label.isprintable():
        raise UsageProblem(
            f"A redaction's label is one line of 1 to {LONGEST} characters, such as [P07]."
        )


def _redaction(row: Row) -> Redaction:
    id_, document_id, start, stop, label, kind, status, coder_id, at, rev = row
    return Redaction(id_, document_id, Span(start, stop), label, kind, status, coder_id, at, rev)
