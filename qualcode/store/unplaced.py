"""What corrected transcripts left behind: codings, decisions and redactions without a place.

They stay on the replaced version, which is in no list any more; here they are found again.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from qualcode.model import Cell, Span, Table
from qualcode.store.corrections import redactions_of
from qualcode.store.database import Database
from qualcode.store.documents import Documents
from qualcode.store.redactions import layer
from qualcode.store.session import OPEN_BLIND, VISIBLE, Session
from qualcode.text.carry import Versions
from qualcode.text.quotes import PURGED
from qualcode.text.redaction import Rendering, united

COLUMNS = [
    "document", "document_id", "what", "turn", "start", "stop", "code", "coder", "round", "reason",
    "near_turn", "excerpt",
]  # fmt: skip


def unplaced(session: Session) -> Table:
    """What could not be placed in the corrected versions that are in the project now.

    It is found anew from the two texts; purged words have nothing left to place. What was replaced
    twice is compared step by step.

    Returns:
        Columns ``COLUMNS``; ``what`` is ``coding``, ``decision`` or ``redaction`` (accepted ones);
        turn, start, stop and excerpt are of the replaced version, ``near_turn`` of the one that
        took its place; a redaction has its label for code and excerpt. By document and place.
        Of an open blind round only the viewer's own codings.
    """
    documents = Documents(session)
    every = documents.list()
    standing: set[str] = {one.id for one in every if not one.removed}
    pairs: list[tuple[str, str, str]] = []
    for one in reversed(every):
        if one.replaces is not None and one.id in standing:
            standing.add(one.replaces)
            pairs.append((one.name, one.replaces, one.id))
    rows: list[tuple[Cell, ...]] = []
    for name, old, new in reversed(pairs):
        rows += _unplaced_of(session, documents, name, old, new)
    return Table("unplaced", COLUMNS, rows)


def _unplaced_of(
    session: Session, documents: Documents, name: str, old: str, new: str
) -> list[tuple[Cell, ...]]:
    said = _said(session, old)
    if not said:
        return []
    text = documents.text(old)
    versions = Versions(text, documents.text(new))
    shown = layer(session)
    accepted = [one for one in redactions_of(session.db, old) if one.status == "accepted"]
    hidden = united((one.span, one.label) for one in accepted) if not shown.identified else ()
    view = Rendering(text, hidden)
    turns, new_turns = _turns(session.db, old), _turns(session.db, new)
    rows: list[tuple[Cell, ...]] = []
    for what, span, code, coder, round_name in said:
        found = versions.place(span)
        is_hidden = what == "redaction" and found.instead
        if found.span is not None or is_hidden or PURGED in text[span.start : span.stop]:
            continue
        near = None if found.near is None else _turn_at(new_turns, found.near)
        excerpt = code if what == "redaction" else shown.words(view.cut(span))
        rows.append(
            (
                name, old, what, _turn_at(turns, span), span.start, span.stop, code, coder,
                round_name, found.reason, near, excerpt,
            )
        )  # fmt: skip
    return rows


def _said(session: Session, document_id: str) -> list[tuple[str, Span, str, str, str | None]]:
    """What was said of a document, as far as it may be seen: what, where, code, who, round."""
    codings = session.db.query(
        "SELECT 'coding', start, stop, code.code, coder.name, round.name FROM coding"
        " JOIN document ON document.pk = coding.document_pk"
        " JOIN coder ON coder.pk = coding.coder_pk JOIN round ON round.pk = coding.round_pk"
        f" JOIN code ON code.pk = coding.code_pk WHERE {VISIBLE} AND document.id = ?2"
        " ORDER BY start, stop, coding.pk",
        session.eyes,
        document_id,
    )
    decisions = session.db.query(
        "SELECT 'decision', start, stop, code.code, coder.name, round.name FROM adjudication"
        " JOIN document ON document.pk = document_pk JOIN coder ON coder.pk = decided_by_pk"
        " JOIN round ON round.pk = round_pk JOIN code ON code.pk = code_pk"
        f" WHERE document.id = ? AND NOT {OPEN_BLIND}"
        " ORDER BY start, stop, adjudication.pk",
        document_id,
    )
    redactions = session.db.query(
        "SELECT 'redaction', start, stop, label, coder.name, NULL FROM redaction"
        " JOIN document ON document.pk = document_pk JOIN coder ON coder.pk = coder_pk"
        " WHERE document.id = ? AND status = 'accepted' ORDER BY start, stop",
        document_id,
    )
    return [
        (what, Span(start, stop), code, who, round_name)
        for what, start, stop, code, who, round_name in (*codings, *decisions, *redactions)
    ]


def _turns(db: Database, document_id: str) -> Sequence[tuple[int, int, int]]:
    return db.query(
        "SELECT start, stop, n FROM turn JOIN document ON document.pk = document_pk"
        " WHERE document.id = ? ORDER BY start",
        document_id,
    )


def _turn_at(turns: Sequence[tuple[int, int, int]], span: Span) -> int | None:
    """The number of the first turn that shares a character with the span."""
    i = max(bisect_right(turns, (span.start, 2**62, 0)) - 1, 0)
    for start, stop, n in turns[i : i + 2]:
        if start < span.stop and span.start < stop:
            return n
    return None
