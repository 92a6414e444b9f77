"""Memos: a coder's notes on a coding, a document, a code, or the project."""

from __future__ import annotations

from typing import TypeAlias

from qualcode.errors import Refused, UnknownName
from qualcode.model import Coder, Memo, MemoKind
from qualcode.store.database import Database, Row
from qualcode.store.ids import now
from qualcode.store.session import OPEN_BLIND, Session

Params: TypeAlias = list[int | str]

_TARGETS = ("document", "code", "coding", "participant", "round", "memo")
_SELECT = (
    "SELECT memo.id, coder.id, memo.body, memo.created_at, memo.kind, memo.private,"
    + "".join(f" (SELECT id FROM {table} x WHERE x.pk = memo.{table}_pk)," for table in _TARGETS)
    + " memo.rev FROM memo JOIN coder ON coder.pk = memo.coder_pk"
)
MAY_SEE = (
    "(memo.coder_pk = ? OR (memo.private = 0 AND NOT CASE"
    " WHEN memo.coding_pk IS NOT NULL THEN EXISTS (SELECT 1 FROM coding JOIN round"
    f"  ON round.pk = coding.round_pk WHERE coding.pk = memo.coding_pk AND {OPEN_BLIND})"
    " WHEN memo.document_pk IS NOT NULL THEN EXISTS (SELECT 1 FROM assignment JOIN round"
    "  ON round.pk = assignment.round_pk WHERE assignment.document_pk = memo.document_pk"
    f"  AND {OPEN_BLIND})"
    f" ELSE EXISTS (SELECT 1 FROM round WHERE {OPEN_BLIND}) END))"
)
"""One's own; others' unless private, or a hint to coders of an open blind round."""


class Memos:
    """The memos of one project, as one coder may see them."""

    def __init__(self, session: Session) -> None:
        self._db, self._writer, self._eyes = session.db, session.writer, session.eyes

    def list(
        self,
        *,
        coding_id: str | None = None,
        document_id: str | None = None,
        code_id: str | None = None,
    ) -> list[Memo]:
        """Memos that may be seen, oldest first; those on one thing, or all.

        A memo on a code that was merged keeps hanging on it; see ``Codebook.stands_for``.
        """
        wheres = [MAY_SEE]
        params: Params = [self._eyes]
        for table, value in (("coding", coding_id), ("document", document_id), ("code", code_id)):
            if value is not None:
                wheres.append(f"memo.{table}_pk = (SELECT pk FROM {table} WHERE id = ?)")
                params.append(value)
        rows = self._db.query(
            f"{_SELECT} WHERE {' AND '.join(wheres)} ORDER BY memo.created_at, memo.pk", *params
        )
        return [_memo(row) for row in rows]

    def get(self, memo_id: str) -> Memo:
        """The memo with that id, if it may be seen."""
        rows = self._db.query(f"{_SELECT} WHERE memo.id = ? AND {MAY_SEE}", memo_id, self._eyes)
        if not rows:
            raise UnknownName("memo", memo_id)
        return _memo(rows[0])

    def write(
        self,
        body: str,
        *,
        by: Coder,
        kind: MemoKind = "note",
        private: bool = False,
        document_id: str | None = None,
        code_id: str | None = None,
        coding_id: str | None = None,
        participant_id: str | None = None,
        round_id: str | None = None,
        memo_id: str | None = None,
    ) -> Memo:
        """Write a memo on one thing, or on the project where none is named.

        Args:
            kind: Only a ``summary`` hangs on two: a code, and the document or participant of which
                it sums up what is said of that code.
            private: Only its author sees it.

        Raises:
            Refused: it is empty, hangs on what its kind does not, or the thing is not there.
            UnknownName: the coding may not be seen.
        """
        values = {
            "document_id": document_id, "code_id": code_id, "coding_id": coding_id,
            "participant_id": participant_id, "round_id": round_id, "memo_id": memo_id,
        }  # fmt: skip
        _check_targets(kind, {column for column, value in values.items() if value is not None})
        with self._writer.action("write memo", by.id) as action:
            if coding_id is not None:
                refuse_unseen(self._db, coding_id, by)
            written = action.insert(
                "memo",
                {
                    "coder_id": by.id,
                    "body": _checked(body),
                    "created_at": now(),
                    "kind": kind,
                    "private": int(private),
                    **values,
                },
            )
        return _memo(self._db.query(f"{_SELECT} WHERE memo.id = ?", written)[0])

    def edit(self, memo_id: str, body: str, *, by: Coder, rev: int | None = None) -> Memo:
        """Rewrite one's own memo; the earlier wording stays in the log, for undo."""
        with self._writer.action("edit memo", by.id) as action:
            if action.require("memo", memo_id, rev=rev).image["coder_id"] != by.id:
                raise Refused("This memo is another coder's; only they can change it.")
            action.put("memo", memo_id, {"body": _checked(body)})
        return _memo(self._db.query(f"{_SELECT} WHERE memo.id = ?", memo_id)[0])

    def remove(self, memo_id: str, *, by: Coder) -> None:
        """Remove one's own memo."""
        with self._writer.action("remove memo", by.id) as action:
            if action.require("memo", memo_id).image["coder_id"] != by.id:
                raise Refused("This memo is another coder's; only they can remove it.")
            if self._db.one(
                "SELECT 1 FROM memo JOIN memo other ON other.pk = memo.memo_pk"
                " WHERE other.id = ? LIMIT 1",
                memo_id,
            ):
                raise Refused("Another memo answers this one; remove that first.")
            action.put("memo", memo_id, None)


def refuse_unseen(db: Database, coding_id: str, by: Coder) -> None:
    """Refuse, as if it were not there, another coder's coding in an open blind round."""
    hidden = db.one(
        "SELECT 1 FROM coding JOIN round ON round.pk = coding.round_pk"
        " JOIN coder ON coder.pk = coding.coder_pk"
        f" WHERE coding.id = ? AND coder.id <> ? AND {OPEN_BLIND}",
        coding_id,
        by.id,
    )
    if hidden:
        raise UnknownName("coding", coding_id)


def _check_targets(kind: MemoKind, on: set[str]) -> None:
    if len(on) > 1 and (
        kind != "summary" or on not in ({"code_id", "document_id"}, {"code_id", "participant_id"})
    ):
        raise Refused(
            "A memo hangs on one thing; only a summary hangs on two, a code and the document or "
            "participant it sums up."
        )


def _checked(body: str) -> str:
    if not body.strip():
        raise Refused("The memo is empty.")
    if "\x00" in body:
        raise Refused("A memo cannot hold a NUL character.")
    return body


def _memo(row: Row) -> Memo:
    (
        id_, coder, body, created_at, kind, private, document, code, coding, participant, round_,
        memo, rev,
    ) = row  # fmt: skip
    return Memo(
        id_, coder, body, created_at, kind, bool(private),
        document, code, coding, participant, round_, memo, rev,
    )  # fmt: skip
