"""Changing the codebook code by code: each change one action, its undo one step.

Edits go to the codebook as it is now, the next draft. Frozen versions never change, and a round
that has pinned one keeps its codes. No coding is touched: a code that is merged stays in the
record of whoever applied it, and counts as the code it went into. Who codes blind beside others
may change none (``store.blind`` says when).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from qualcode.errors import Refused
from qualcode.model import Code, Coder
from qualcode.store.blind import coded_beside, refuse_blind
from qualcode.store.code_rows import code_values, folded, live_codes
from qualcode.store.history import Action
from qualcode.store.session import OPEN_BLIND, VISIBLE, Session
from qualcode.text.plurals import counted

TEXTS = ("name", "brief", "full", "use_when", "not_when", "kind", "origin", "since", "status")
LISTS = ("example", "near_miss")
EDITABLE = ("code", *TEXTS, *LISTS, "codable", "colour", "key")
"""Fields that ``edit`` changes; where a code stands is for ``move``."""

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_KEY = re.compile(r"[1-9a-zA-Z]")


class CodeEdits:
    """What can be done to single codes."""

    def __init__(self, session: Session) -> None:
        self._db, self._writer, self._eyes = session.db, session.writer, session.eyes

    def add(self, codes: Sequence[Code], *, by: Coder) -> list[Code]:
        """Put new codes at the end of those under the same parent, in one action.

        Args:
            codes: ``parent`` is the short name of a live code or of one before it; ``id``,
                ``position`` and ``rev`` do not matter.

        Raises:
            Refused: A name or key is taken, a parent is not there, or a field cannot be so.
        """
        with self._writer.action("add code", by.id) as action:
            ids = self._insert(action, codes)
        return self._of(ids)

    def split(self, code_id: str, into: Sequence[Code], *, by: Coder) -> list[Code]:
        """Put finer codes beside one that turned out to hold several; it stays as it is.

        Which codings become which is each coder's own judgement: they recode their own.

        Raises:
            Refused: As for ``add``; or fewer than two codes are given.
        """
        if len(into) < 2:
            raise Refused("A code is split into two or more.")
        with self._writer.action("split code", by.id) as action:
            code = self._live(code_id)
            ids = self._insert(action, [replace(one, parent=code.parent) for one in into])
            siblings = [c.id for c in live_codes(self._db) if c.parent == code.parent]
            after = [id_ for id_ in siblings if id_ not in ids]
            at = after.index(code_id) + 1
            _number(action, [*after[:at], *ids, *after[at:]])
        return self._of(ids)

    def edit(self, code_id: str, *, by: Coder, rev: int | None = None, **fields: Any) -> Code:
        """Change fields of a code: ``edit(id, by=ana, brief="…", key="h")``.

        Args:
            rev: Revision that was shown; another one raises ``Conflict``.
            fields: Of ``EDITABLE``; ``key=None`` takes the key away.

        Raises:
            Refused: A name or key is taken, or a field cannot be so.
        """
        unknown = fields.keys() - set(EDITABLE)
        if unknown:
            raise TypeError(f"a code has no field {', '.join(sorted(unknown))} to edit")
        with self._writer.action("edit code", by.id) as action:
            action.require("code", code_id, rev=rev)
            changed = replace(self._live(code_id), **fields)
            self._check(changed, live_codes(self._db))
            values = code_values(changed)
            action.put("code", code_id, {name: values[name] for name in fields})
        return self._of([code_id])[0]

    def move(self, code_id: str, *, under: str | None, place: int, by: Coder) -> Code:
        """Put a code, with all below it, under another one or (None) at the top.

        Args:
            place: Which of its new siblings it becomes, from 0; beyond the last is the last.

        Raises:
            Refused: It would stand under itself, or either code is no longer there.
        """
        with self._writer.action("move code", by.id) as action:
            code = self._live(code_id)
            codes = live_codes(self._db)
            parent = None if under is None else self._live(under)
            if parent is not None and parent.id in {c.id for c in _below(codes, code)}:
                raise Refused(f"{code.title} cannot stand under itself or a code below it.")
            name = None if parent is None else parent.code
            siblings = [c.id for c in codes if c.parent == name and c.id != code_id]
            siblings.insert(max(0, min(place, len(siblings))), code_id)
            action.put("code", code_id, {"parent_id": under})
            _number(action, siblings)
        return self._of([code_id])[0]

    def merge(self, code_id: str, into_id: str, *, by: Coder) -> Code:
        """Make a code count as another; codes below it come under the other.

        Codings keep the code their coder gave them and are shown and counted as the other's.

        Raises:
            Refused: They are one code, or either is no longer there.
        """
        with self._writer.action("merge codes", by.id) as action:
            code, into = self._live(code_id), self._live(into_id)
            if code.id == into.id:
                raise Refused("A code cannot be merged into itself.")
            codes = live_codes(self._db)
            ids = {c.code: c.id for c in codes}
            if into.id in {c.id for c in _below(codes, code)}:
                above = None if code.parent is None else ids[code.parent]
                action.put("code", into.id, {"parent_id": above})
            behind = max((c.position for c in codes if c.parent == into.code), default=-1) + 1
            orphans = [c for c in codes if c.parent == code.code and c.id != into.id]
            for place, child in enumerate(orphans, behind):
                action.put("code", child.id, {"parent_id": into.id, "position": place})
            action.put("code", code.id, {"merged_into_id": into.id})
        return self._of([into_id])[0]

    def retire(self, code_id: str, *, by: Coder) -> None:
        """Take a code that nobody has used out of the codebook; codes below it move up.

        Raises:
            Refused: It has codings (merge it into another code instead), or may have some in a
                blind round that is open.
        """
        with self._writer.action("retire code", by.id) as action:
            refuse_blind(self._db, by.id)  # the next refusal would advise to merge
            code = self._live(code_id)
            self._refuse_used(code)
            codes = live_codes(self._db)
            ids = {c.code: c.id for c in codes}
            above = None if code.parent is None else ids[code.parent]
            siblings = [c for c in codes if c.parent == code.parent]
            at = siblings.index(code)
            children = [c for c in codes if c.parent == code.code]
            for child in children:
                action.put("code", child.id, {"parent_id": above})
            rest = [*siblings[:at], *children, *siblings[at + 1 :]]
            if children:
                _number(action, [c.id for c in rest])
            action.put("code", code_id, {"removed": 1})

    # What the acts share

    def kept_by(self, coder: Coder) -> str | None:
        """Name of the open blind round for which the coder may change no code; None for none."""
        return coded_beside(self._db, coder.id)

    def _live(self, code_id: str) -> Code:
        for code in live_codes(self._db):
            if code.id == code_id:
                return code
        raise Refused("This code is no longer in the codebook.")

    def _of(self, ids: Sequence[str]) -> list[Code]:
        codes = {code.id: code for code in live_codes(self._db)}
        return [codes[id_] for id_ in ids]

    def _insert(self, action: Action, codes: Sequence[Code]) -> list[str]:
        ids = []
        for code in codes:
            there = live_codes(self._db)
            by_name = {c.code.casefold(): c for c in there}
            parent = None if code.parent is None else by_name.get(code.parent.casefold())
            if code.parent is not None and parent is None:
                raise Refused(f"{code.code} is to stand under {code.parent}, which is not there.")
            name = None if parent is None else parent.code
            behind = max((c.position for c in there if c.parent == name), default=-1) + 1
            made = replace(code, id="", position=behind)
            self._check(made, there)
            values = code_values(made)
            values["parent_id"] = None if parent is None else parent.id
            ids.append(action.insert("code", values))
        return ids

    def _check(self, code: Code, there: Iterable[Code]) -> None:
        """Refuse fields that a codebook file would refuse, too."""
        for name in ("code", "name"):
            if not getattr(code, name).isprintable():
                raise Refused("The name of a code is one line of printable characters.")
        if not code.code.strip():
            raise Refused("A code needs a name.")
        if not _COLOUR.fullmatch(code.colour):
            raise Refused(f'The colour "{code.colour}" is not of the form #RRGGBB.')
        if code.key is not None and not _KEY.fullmatch(code.key):
            raise Refused("A key is one digit from 1 to 9 or one letter from a to z.")
        for other in there:
            if other.id == code.id:
                continue
            if folded(other.code) == folded(code.code):
                raise Refused(f"There is a code {other.code} already.")
            if code.key is not None and folded(other.key or "") == folded(code.key):
                raise Refused(f'Key "{code.key}" belongs to {other.title}.')

    def _refuse_used(self, code: Code) -> None:
        row = self._db.one(
            "SELECT name FROM round LEFT JOIN codebook_version version"
            " ON version.pk = round.codebook_version_pk"
            f" WHERE {OPEN_BLIND} AND (version.pk IS NULL OR instr(version.body, ?1))",
            f'"id":"{code.id}"',
        )
        if row is not None:
            # Whether somebody else has used it there must not be told.
            raise Refused(
                f'{code.title} can be applied in round "{row[0]}", which is blind and open; close '
                "it first, or merge the code into another one."
            )
        used = self._db.one(
            "SELECT count(*) FROM coding JOIN code ON code.pk = coding.code_pk JOIN round"
            f" ON round.pk = coding.round_pk WHERE {VISIBLE} AND code.id IN (WITH RECURSIVE"
            " same(pk, id) AS (SELECT pk, id FROM code WHERE id = ?2 UNION SELECT code.pk, code.id"
            " FROM code JOIN same ON code.merged_into_pk = same.pk) SELECT id FROM same)",
            self._eyes,
            code.id,
        )
        if used is not None and used[0]:
            codings = counted(int(used[0]), "coding")
            raise Refused(f"{code.title} has {codings}; merge it into another code instead.")


def _below(codes: Sequence[Code], code: Code) -> list[Code]:
    """A code and all below it; ``codes`` has parents before children."""
    names = {code.code}
    found = []
    for one in codes:
        if one.id == code.id or one.parent in names:
            names.add(one.code)
            found.append(one)
    return found


def _number(action: Action, ids: Sequence[str]) -> None:
    """Give siblings their places, in this order."""
    for place, id_ in enumerate(ids):
        action.put("code", id_, {"position": place})
