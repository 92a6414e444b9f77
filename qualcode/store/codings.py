"""Codings: one coder's judgement that a stretch of text bears a code.

A coder changes only their own. What another coder did in an open blind round is not read at all.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from qualcode.errors import InvalidSpan, Refused, RoundClosed, UnknownName
from qualcode.model import Cell, Code, Coder, Coding, MadeBy, Span, Table, Valence
from qualcode.spans import trim
from qualcode.store.code_rows import code_values, stands_for
from qualcode.store.coding_rows import FROM, LIVE, ORDER, SELECT, MarkRow, Work, codings, marks
from qualcode.store.database import Database
from qualcode.store.history import Action
from qualcode.store.ids import now
from qualcode.store.memos import MAY_SEE, refuse_unseen
from qualcode.store.redactions import layer
from qualcode.store.rounds import current_round
from qualcode.store.session import CODED_ANEW, VISIBLE, Session
from qualcode.text.graphemes import cuts
from qualcode.text.plurals import counted
from qualcode.text.redaction import Rendering

Params: TypeAlias = list[int | str]
Rows: TypeAlias = list[tuple[Cell, ...]]

COUNTS_AS = (
    "(WITH RECURSIVE same(pk) AS (SELECT ? UNION SELECT code.pk FROM same"
    " JOIN code ON code.merged_into_pk = same.pk JOIN round ON round.pk = ?"
    " WHERE round.codebook_version_pk IS NULL) SELECT pk FROM same)"
)
"""SQL: a code and those merged into it, except in a round that has pinned a version."""

TAKEN_OUT = "The document has been taken out of the project."
TWICE = "You have applied this code to this very passage already."

COLUMNS = [
    "coding_id", "document", "document_id", "turn", "start", "stop", "code", "coder", "round",
    "codebook_version", "valence", "exemplar", "disconfirming", "made_by", "memo", "excerpt",
]  # fmt: skip


class Codings:
    """The codings of one project, as one coder may see them."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._db, self._writer, self._eyes = session.db, session.writer, session.eyes
        self._uncodable: dict[str, frozenset[str]] = {}

    def list(
        self,
        *,
        round_id: str | None = None,
        document_id: str | None = None,
        coder_id: str | None = None,
        removed: bool = False,
        earlier: bool = True,
    ) -> list[Coding]:
        """Codings in documents that are not removed, by document, start, stop and age.

        A code that was merged shows as the one it went into, except in a round that has pinned a
        codebook version.

        Args:
            round_id: Only this round.
            document_id: Only this document.
            coder_id: Only this coder.
            removed: Also in documents that were taken out or replaced.
            earlier: Also the viewer's own of a document that they are coding anew: figures count
                them, screens do not show them.
        """
        wheres = [VISIBLE] if earlier else [VISIBLE, f"NOT {CODED_ANEW}"]
        params: Params = [self._eyes]
        for column, value in (("round", round_id), ("document", document_id), ("coder", coder_id)):
            if value is not None:
                wheres.append(f"{column}.id = ?")
                params.append(value)
        select = SELECT.replace(LIVE, "") if removed else SELECT
        rows = self._db.query(f"{select} WHERE {' AND '.join(wheres)}{ORDER}", *params)
        return codings(self._db, rows)

    def marks(self) -> Mapping[Work, Sequence[MarkRow]]:
        """What counting needs of all codings that ``list`` gives, and sooner.

        Returns:
            ``(document id, round id, coder id)`` → ``(code id, start, stop, valence,
            disconfirming)`` of each coding in text order, the last 1 or 0; a merged code shows as
            in ``list``. Where nothing is coded nothing stands.
        """
        return marks(self._db, self._eyes)

    def of(self, round_id: str, document_id: str) -> Sequence[Coding]:
        """What the coding screen shows of a document: this round's codings, one's own if blind."""
        return self.list(round_id=round_id, document_id=document_id, earlier=False)

    def get(self, coding_id: str) -> Coding:
        """The coding with that id, if it may be seen."""
        may_see = f"{VISIBLE} AND NOT {CODED_ANEW}"
        rows = self._db.query(f"{SELECT} WHERE {may_see} AND coding.id = ?", self._eyes, coding_id)
        if not rows:
            raise UnknownName("coding", coding_id)
        return codings(self._db, rows)[0]

    def apply(
        self,
        document_id: str,
        span: Span,
        code_id: str,
        *,
        by: Coder,
        round_id: str | None = None,
        valence: Valence | None = None,
        exemplar: bool = False,
        disconfirming: bool = False,
    ) -> Coding:
        """Apply a code to a stretch of text; white space at its ends is trimmed.

        Args:
            round_id: None for the open round in which the coder has the document to do, else
                ``solo``.

        Raises:
            InvalidSpan: it leaves the text, holds only white space, or cuts a character in two.
            Refused: the code is retired or not in the round's codebook version, the document is
                not assigned to the coder, or the same coding is there already.
            RoundClosed, AlreadyFinished: the record of this document stands.
        """
        with self._writer.action("apply code", by.id) as action:
            round_id = round_id or current_round(self._db, document_id, by.id)
            span = self._fitting(document_id, span)
            ensure_assignment(self._db, action, round_id, document_id, by)
            if self._same(action, document_id, span, code_id, by, round_id) is not None:
                raise Refused(TWICE)
            values: dict[str, Any] = {
                "valence": valence, "exemplar": int(exemplar), "disconfirming": int(disconfirming),
            }  # fmt: skip
            return self._apply(action, document_id, span, code_id, by, round_id, values)

    def apply_new(
        self, document_id: str, span: Span, code: Code, *, by: Coder, round_id: str | None = None
    ) -> Coding:
        """Make a code and apply it, in one action; it stands last, so that no other code moves.

        Raises:
            Refused: as for ``apply``; and the round is blind and open, for the name of the code
                would tell the other coders what was found.
        """
        with self._writer.action("apply code", by.id) as action:
            round_id = round_id or current_round(self._db, document_id, by.id)
            span = self._fitting(document_id, span)
            ensure_assignment(self._db, action, round_id, document_id, by)
            self._refuse_new_code(round_id)
            last = self._db.one("SELECT max(position) FROM code")
            position = int(last[0]) + 1 if last and last[0] is not None else 0
            code_id = action.insert("code", code_values(replace(code, position=position)))
            return self._apply(action, document_id, span, code_id, by, round_id, {})

    def apply_all(
        self,
        places: Sequence[tuple[str, Span]],
        code_id: str,
        *,
        by: Coder,
        made_by: MadeBy,
    ) -> Sequence[Coding]:
        """Apply a code to many stretches, in one action: all of them, or none.

        Args:
            places: ``(document id, stretch)``; each goes into the round that ``apply`` takes.
            made_by: What proposed them.

        Raises:
            As for ``apply``.
        """
        made = []
        with self._writer.action("apply code", by.id) as action:
            rounds: dict[str, str] = {}
            for document_id, span in places:
                if document_id not in rounds:
                    rounds[document_id] = current_round(self._db, document_id, by.id)
                    ensure_assignment(self._db, action, rounds[document_id], document_id, by)
                fitting, round_id = self._fitting(document_id, span), rounds[document_id]
                if self._same(action, document_id, fitting, code_id, by, round_id) is not None:
                    raise Refused(TWICE)
                values: dict[str, Any] = {"made_by": made_by}
                made.append(
                    self._apply(action, document_id, fitting, code_id, by, round_id, values)
                )
        return made

    def toggle(
        self,
        document_id: str,
        span: Span,
        code_id: str,
        *,
        by: Coder,
        round_id: str | None = None,
    ) -> tuple[Coding | None, Coding | None]:
        """Apply a code, or take it off where the coder has applied it to this very passage.

        Which of the two is decided inside the action, so that a key pressed twice does both.

        Returns:
            ``(applied, removed)``, one of them None.
        """
        with self._writer.action("apply code", by.id) as action:
            round_id = round_id or current_round(self._db, document_id, by.id)
            span = self._fitting(document_id, span)
            ensure_assignment(self._db, action, round_id, document_id, by)
            coding_id = self._same(action, document_id, span, code_id, by, round_id)
            if coding_id is None:
                return self._apply(action, document_id, span, code_id, by, round_id, {}), None
            gone = self._read(coding_id)
            action.verb = "remove coding"
            self._remove(action, coding_id, by)
        return None, gone

    def remove(self, coding_id: str, *, by: Coder, rev: int | None = None) -> None:
        """Take a coding off, with the coder's own memos on it.

        Args:
            rev: Revision that was shown; another one raises ``Conflict``.
        """
        with self._writer.action("remove coding", by.id) as action:
            self._own(action, coding_id, by, rev)
            self._remove(action, coding_id, by)

    def resize(self, coding_id: str, span: Span, *, by: Coder, rev: int | None = None) -> Coding:
        """Move the ends of a coding."""
        with self._writer.action("resize coding", by.id) as action:
            image = self._own(action, coding_id, by, rev)
            span = self._fitting(image["document_id"], span)
            moved = {**image, "start": span.start, "stop": span.stop}
            self._refuse_twice(action, coding_id, moved, by)
            action.put("coding", coding_id, {"start": span.start, "stop": span.stop})
        return self._read(coding_id)

    def recode(self, coding_id: str, code_id: str, *, by: Coder, rev: int | None = None) -> Coding:
        """Give a coding another code; its marks and memos stay."""
        with self._writer.action("recode coding", by.id) as action:
            image = self._own(action, coding_id, by, rev)
            self._check_code(code_id, image["round_id"])
            self._refuse_twice(action, coding_id, {**image, "code_id": code_id}, by)
            action.put("coding", coding_id, {"code_id": code_id})
        return self._read(coding_id)

    def mark(
        self, coding_id: str, *, by: Coder, rev: int | None = None, **marks: Valence | bool | None
    ) -> Coding:
        """Set marks of a coding: ``valence=``, ``exemplar=``, ``disconfirming=``."""
        unknown = marks.keys() - {"valence", "exemplar", "disconfirming"}
        if unknown:
            raise TypeError(f"a coding has no mark {', '.join(sorted(unknown))}")
        with self._writer.action("mark coding", by.id) as action:
            self._own(action, coding_id, by, rev)
            action.put("coding", coding_id, marks)
        return self._read(coding_id)

    def table(
        self,
        round: str | None = None,
        *,
        document: str | None = None,
        code: str | None = None,
        coder: str | None = None,
    ) -> Table:
        """Every coding as one row: the tidy table that reports and exports read.

        Args:
            round: Name of a round; likewise ``document``, ``code`` (short name), ``coder``.

        Returns:
            Columns ``coding_id, document, document_id, turn, start, stop, code, coder, round,
            codebook_version, valence, exemplar, disconfirming, made_by, memo, excerpt``; start and
            stop count characters from 0, stop exclusive; ``turn`` is the number of the first turn
            touched, None outside turns; memos are joined by a blank line; names in memos and
            excerpts are as accepted redactions show them. Codes that were merged
            show as the code they went into, and two codings that then coincide as one. Sorted by
            document, start, stop; empty, with these columns, if nothing is coded. What somebody
            has coded in a document that they are coding anew is left out, for them and for whoever
            does not say who looks; a note says so.
        """
        wheres = [VISIBLE]
        params: Params = [self._eyes]
        for column, value in (("round", round), ("document", document), ("coder", coder)):
            if value is not None:
                wheres.append(f"{column}.name = ? COLLATE NOCASE")
                params.append(value)
        notes = self._held_back(" AND ".join(wheres), params)
        wheres.append(f"NOT {CODED_ANEW}")
        found = self._db.query(
            "SELECT coding.id, document.name, document.id, coding.start, coding.stop, code.pk,"
            " coder.name, round.name, codebook_version.label, coding.valence, coding.exemplar,"
            " coding.disconfirming, coding.made_by, coding.pk" + FROM + " LEFT JOIN"
            " codebook_version ON codebook_version.pk = round.codebook_version_pk"
            f" WHERE {' AND '.join(wheres)}{ORDER}",
            *params,
        )
        names = self._code_names()
        shown = layer(self._session)
        memos = {pk: shown.words(memo) for pk, memo in self._memos().items()}
        texts: dict[str, tuple[Rendering, Sequence[tuple[int, int, int]]]] = {}
        rows: Rows = []
        seen: set[tuple[Cell, ...]] = set()
        for (
            id_, doc, doc_id, start, stop, code_pk, who, in_round, version, valence, exemplar,
            against, made_by, pk,
        ) in found:  # fmt: skip
            code_name = names[code_pk]
            same = (doc_id, start, stop, code_name, who, in_round)
            if same in seen or (code is not None and code_name.casefold() != code.casefold()):
                continue
            seen.add(same)
            if doc_id not in texts:
                whole, theirs = self._text_and_turns(doc_id)
                texts[doc_id] = shown.rendering(doc_id, whole), theirs
            text, turns = texts[doc_id]
            rows.append(
                (
                    id_, doc, doc_id, _turn_at(turns, start, stop), start, stop, code_name, who,
                    in_round, version, valence, bool(exemplar), bool(against), made_by,
                    memos.get(pk), text.cut(Span(start, stop)),
                )
            )  # fmt: skip
        return Table("codings", COLUMNS, rows, notes)

    def _held_back(self, where: str, params: Params) -> Sequence[str]:
        """What the table leaves out, for it is being coded anew."""
        found = self._db.query(
            f"SELECT document.name, coder.name, count(*){FROM} WHERE {where} AND {CODED_ANEW}"
            " GROUP BY document.pk, coder.pk ORDER BY document.pk, coder.name",
            *params,
        )
        return [
            f"Left out, as {coder} is coding it anew: {counted(n, 'earlier coding')} of {document}."
            for document, coder, n in found
        ]

    # What the acts share

    def _read(self, coding_id: str) -> Coding:
        """A coding just written, whoever looks."""
        rows = self._db.query(f"{SELECT} WHERE coding.id = ?", self._eyes, coding_id)
        return codings(self._db, rows)[0]

    def _fitting(self, document_id: str, span: Span) -> Span:
        """The span without outer white space; refuses one that does not fit the text."""
        row = self._db.one("SELECT text, removed FROM document WHERE id = ?", document_id)
        if row is None:
            raise UnknownName("document", document_id)
        text = str(row[0])
        if row[1]:
            raise Refused(TAKEN_OUT)
        if span.stop > len(text):
            raise InvalidSpan("The span reaches past the end of the text.")
        fitting = trim(text, span)
        if fitting is None:
            raise InvalidSpan("There is only white space here.")
        if cuts(text, fitting.start) or cuts(text, fitting.stop):
            raise InvalidSpan("The span would cut a character in two.")
        return fitting

    def _same(
        self,
        action: Action,
        document_id: str,
        span: Span,
        code_id: str,
        by: Coder,
        round_id: str,
    ) -> str | None:
        """Id of the coder's coding of this very passage with this code in the round, if any."""
        row = self._db.one(
            "SELECT id FROM coding WHERE document_pk = ? AND coder_pk = ? AND round_pk = ?"
            f" AND code_pk IN {COUNTS_AS} AND start = ? AND stop = ?",
            action.key("document", document_id), action.key("coder", by.id),
            action.key("round", round_id), action.key("code", code_id),
            action.key("round", round_id), span.start, span.stop,
        )  # fmt: skip
        return str(row[0]) if row else None

    def _apply(
        self,
        action: Action,
        document_id: str,
        span: Span,
        code_id: str,
        by: Coder,
        round_id: str,
        marks: dict[str, Any],
    ) -> Coding:
        self._check_code(code_id, round_id)
        at = now()
        values: dict[str, Any] = {
            "document_id": document_id, "coder_id": by.id, "round_id": round_id,
            "code_id": code_id, "start": span.start, "stop": span.stop, "created_at": at,
        }  # fmt: skip
        coding_id = action.insert("coding", values | marks)
        return Coding(
            coding_id, document_id, by.id, round_id, code_id, span, at, marks.get("valence"), None,
            bool(marks.get("exemplar")), bool(marks.get("disconfirming")),
            marks.get("made_by", "hand"),
        )  # fmt: skip

    def _remove(self, action: Action, coding_id: str, by: Coder) -> None:
        memos = self._db.query(
            "SELECT memo.id, coder.id FROM memo JOIN coding ON coding.pk = memo.coding_pk"
            " JOIN coder ON coder.pk = memo.coder_pk WHERE coding.id = ? ORDER BY memo.pk DESC",
            coding_id,
        )
        if any(owner != by.id for _, owner in memos):
            raise Refused("Another coder has written a memo on this coding; it stays.")
        for memo_id, _ in memos:
            action.put("memo", memo_id, None)
        action.put("coding", coding_id, None)

    def _check_code(self, code_id: str, round_id: str) -> None:
        """Refuse a code that cannot be applied in the round.

        A round that has pinned a version keeps its codes, whatever became of them since.
        """
        row = self._db.one(
            "SELECT code, codable, removed, merged_into_pk, label, instr(body, ?)"
            " FROM code JOIN round ON round.id = ? LEFT JOIN codebook_version"
            " ON codebook_version.pk = codebook_version_pk WHERE code.id = ?",
            f'"id":"{code_id}"',
            round_id,
            code_id,
        )
        if row is None:
            raise UnknownName("code", code_id)
        name, codable, removed, alias, version, stands_in_it = row
        if version is not None:
            if not stands_in_it:
                raise Refused(
                    f"{name} is not in codebook version {version}, which this round uses."
                )
            codable = code_id not in self._headings(version)
        elif removed or alias is not None:
            raise Refused(f"The code {name} has been retired; choose another.")
        if not codable:
            raise Refused(f"{name} is a heading, not to be applied; choose one of its codes.")

    def _refuse_new_code(self, round_id: str) -> None:
        """Refuse to make a code while coders work blind: its name would show in all their lists."""
        row = self._db.one(
            "SELECT name FROM round WHERE id = ? AND blind AND state = 'open'", round_id
        )
        if row is not None:
            raise Refused(
                f'Round "{row[0]}" is blind and open: the other coders would see the name of a new '
                "code. Propose it in a memo instead."
            )

    def _headings(self, version: str) -> frozenset[str]:
        """Ids of the codes of a frozen version that cannot be applied."""
        if version not in self._uncodable:
            body = self._db.one("SELECT body FROM codebook_version WHERE label = ?", version)
            assert body is not None
            codes = json.loads(body[0])
            self._uncodable[version] = frozenset(c["id"] for c in codes if not c["codable"])
        return self._uncodable[version]

    def _own(self, action: Action, coding_id: str, by: Coder, rev: int | None) -> dict[str, Any]:
        """The image of a coding of this coder's; refuses another's, and tells nothing of it."""
        refuse_unseen(self._db, coding_id, by)
        image = action.require("coding", coding_id, rev=rev).image
        if image["coder_id"] != by.id:
            raise Refused("This coding is another coder's; only they can change it.")
        row = self._db.one("SELECT removed FROM document WHERE id = ?", image["document_id"])
        if row is None or row[0]:
            raise Refused(TAKEN_OUT)
        return image

    def _refuse_twice(
        self, action: Action, coding_id: str, image: dict[str, Any], by: Coder
    ) -> None:
        """Refuse a change that would make two codings of one coder the same."""
        same = self._same(
            action, image["document_id"], Span(image["start"], image["stop"]), image["code_id"], by,
            image["round_id"],
        )  # fmt: skip
        if same not in (None, coding_id):
            raise Refused(TWICE)

    def _code_names(self) -> dict[int, str]:
        """Key of every code → short name of the code that it counts as."""
        rows = self._db.query("SELECT pk, id, code FROM code")
        names = {id_: code for _, id_, code in rows}
        into = stands_for(self._db)
        return {pk: names[into[id_]] for pk, id_, _ in rows}

    def _memos(self) -> dict[int, str]:
        found: dict[int, str] = {}
        for coding_pk, body in self._db.query(
            f"SELECT coding_pk, body FROM memo WHERE coding_pk IS NOT NULL AND {MAY_SEE}"
            " ORDER BY memo.pk",
            self._eyes,
        ):
            found[coding_pk] = f"{found[coding_pk]}\n\n{body}" if coding_pk in found else body
        return found

    def _text_and_turns(self, document_id: str) -> tuple[str, Sequence[tuple[int, int, int]]]:
        row = self._db.one("SELECT pk, text FROM document WHERE id = ?", document_id)
        assert row is not None
        turns = self._db.query(
            "SELECT start, stop, n FROM turn WHERE document_pk = ? ORDER BY start", row[0]
        )
        return row[1], turns


def ensure_assignment(
    db: Database, action: Action, round_id: str, document_id: str, by: Coder
) -> None:
    """In a round of solo coding, the first coding makes its assignment; elsewhere it must be there.

    Raises:
        RoundClosed, Refused.
    """
    row = db.one(
        "SELECT round.pk, document.pk, coder.pk, round.name, purpose, state, assignment.pk,"
        " finished_at IS NOT NULL FROM round JOIN document ON document.id = ?"
        " JOIN coder ON coder.id = ? LEFT JOIN assignment ON assignment.round_pk = round.pk"
        " AND assignment.document_pk = document.pk AND assignment.coder_pk = coder.pk"
        " WHERE round.id = ?",
        document_id,
        by.id,
        round_id,
    )
    if row is None:
        raise UnknownName("round", round_id)
    round_pk, document_pk, coder_pk, name, purpose, state, there, is_finished = row
    action.known("round", round_id, round_pk)
    action.known("document", document_id, document_pk)
    action.known("coder", by.id, coder_pk)
    action.finished(round_id, document_id, by.id, bool(there) and bool(is_finished))
    if state == "closed":
        raise RoundClosed(f'Round "{name}" is closed; its codings stay as they are.')
    if there:
        return
    if purpose != "solo":
        raise Refused(
            f'This document is not assigned to {by.name} in round "{name}". Assign it with: '
            "qualcode round assign"
        )
    action.insert(
        "assignment", {"round_id": round_id, "document_id": document_id, "coder_id": by.id}
    )


def _turn_at(turns: Sequence[tuple[int, int, int]], start: int, stop: int) -> int | None:
    """The number of the first turn that shares a character with the span."""
    i = max(bisect_right(turns, (start, 2**62, 0)) - 1, 0)
    for turn_start, turn_stop, n in turns[i : i + 2]:
        if turn_start < stop and start < turn_stop:
            return n
    return None
