"""Codings as they are read: in which order, and what a code counts as that was merged.

What may be seen of them is ``session.VISIBLE``; it comes with every question asked here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from operator import itemgetter
from typing import TypeAlias

from qualcode.model import Coding, Span, Valence
from qualcode.store.code_rows import stands_for
from qualcode.store.database import Database, Row
from qualcode.store.session import VISIBLE

Work: TypeAlias = tuple[str, str, str]
"""Ids of document, round and coder: what one coder does with a document in a round."""

MarkRow: TypeAlias = tuple[str, int, int, Valence | None, int]
"""Id of the code, then start, stop, valence, disconfirming (1 or 0)."""

LIVE = " AND document.removed = 0"
FROM = (
    f" FROM coding JOIN document ON document.pk = coding.document_pk{LIVE}"
    " JOIN coder ON coder.pk = coding.coder_pk JOIN round ON round.pk = coding.round_pk"
    " JOIN code ON code.pk = coding.code_pk"
)
SELECT = (
    "SELECT coding.id, document.id, coder.id, round.id, code.id, coding.start, coding.stop,"
    " coding.created_at, coding.valence, coding.weight, coding.exemplar, coding.disconfirming,"
    " coding.made_by, EXISTS (SELECT 1 FROM memo WHERE memo.coding_pk = coding.pk"
    " AND (memo.private = 0 OR memo.coder_pk = ?1)), coding.rev" + FROM
)
ORDER = " ORDER BY coding.document_pk, coding.start, coding.stop, coding.pk"
_WORK = (
    "SELECT assignment.pk, document.id, round.id, coder.id FROM assignment"
    f" JOIN document ON document.pk = assignment.document_pk{LIVE}"
    " JOIN round ON round.pk = assignment.round_pk JOIN coder ON coder.pk = assignment.coder_pk"
    f" WHERE {VISIBLE.replace('coding.', 'assignment.')} ORDER BY assignment.pk"
)
_MARKS = (
    "SELECT assignment.pk, code.id, coding.start, coding.stop, coding.valence,"
    " coding.disconfirming FROM assignment CROSS JOIN coding"
    " ON coding.document_pk = assignment.document_pk AND coding.coder_pk = assignment.coder_pk"
    " AND coding.round_pk = assignment.round_pk JOIN code ON code.pk = coding.code_pk"
    " ORDER BY assignment.pk, coding.start, coding.stop, coding.pk"
)
"""Every coding stands under an assignment, so that whose it is need not come with each of them."""


def codings(db: Database, rows: Sequence[Row]) -> list[Coding]:
    """Codings of what ``SELECT`` gave; a merged code shows as ``merged`` says."""
    found = [_coding(row) for row in rows]
    counts_as = merged(db)
    if counts_as is None:
        return found
    return [replace(one, code_id=counts_as(one.code_id, one.round_id)) for one in found]


def marks(db: Database, eyes: int) -> Mapping[Work, Sequence[MarkRow]]:
    """What counting needs of every coding that may be seen; see ``Codings.marks``."""
    works: dict[int, Work] = {pk: tuple(ids) for pk, *ids in db.query(_WORK, eyes)}
    found: dict[Work, Sequence[MarkRow]] = {}
    counts_as = merged(db)
    for pk, rows in groupby(db.query(_MARKS), itemgetter(0)):
        if pk not in works:
            continue
        document, round_, coder = works[pk]
        found[document, round_, coder] = [
            (counts_as(code, round_) if counts_as else code, start, stop, valence, disconfirming)
            for _, code, start, stop, valence, disconfirming in rows
        ]
    return found


def merged(db: Database) -> Callable[[str, str], str] | None:
    """What a code counts as in a round: ``(code id, round id)`` → code id.

    The one it went into, except in a round that has pinned a codebook version. None where nothing
    was merged, so that nobody need ask of every coding.
    """
    if db.one("SELECT 1 FROM code WHERE merged_into_pk IS NOT NULL LIMIT 1") is None:
        return None
    into = stands_for(db)
    rows = db.query("SELECT id FROM round WHERE codebook_version_pk NOT NULL")
    pinned = {id_ for (id_,) in rows}
    return lambda code, round_: code if round_ in pinned else into[code]


def _coding(row: Row) -> Coding:
    (
        id_, document, coder, round_, code, start, stop, created_at, valence, weight, exemplar,
        disconfirming, made_by, memo, rev,
    ) = row  # fmt: skip
    return Coding(
        id_, document, coder, round_, code, Span(start, stop), created_at, valence, weight,
        bool(exemplar), bool(disconfirming), made_by, bool(memo), rev,
    )  # fmt: skip
