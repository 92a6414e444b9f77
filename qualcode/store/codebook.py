"""The codebook of a project and its frozen versions."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

from qualcode.errors import Refused, UnknownName
from qualcode.formats.refi import guid
from qualcode.model import Code, CodebookVersion, Coder
from qualcode.store.code_edits import CodeEdits
from qualcode.store.code_rows import (
    FIELDS,
    LIVE,
    SELECT,
    code_of,
    code_values,
    folded,
    live_codes,
    stands_for,
)
from qualcode.store.database import Row
from qualcode.store.history import Action
from qualcode.store.ids import now
from qualcode.store.session import Session, canonical

ELSEWHERE = "codebook"
"""Where an id is from that came with a codebook file."""


class Codebook(CodeEdits):
    """The codes of one project."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)

    def codes(self, *, removed: bool = False) -> list[Code]:
        """The codes, depth first: parents before their children, siblings by position.

        Args:
            removed: Also give codes that were retired or merged into another, after the live ones.
        """
        live = live_codes(self._db)
        if not removed:
            return live
        gone = self._db.query(f"{SELECT} WHERE NOT ({LIVE}) ORDER BY code.code, code.pk")
        return [*live, *(code_of(row) for row in gone)]

    def named(self, name: str) -> Code:
        """The live code of that short name or title, any case, blanks standing for underscores."""
        wanted = folded(name)
        codes = self.codes()
        for code in codes:
            if folded(code.code) == wanted:
                return code
        titled = [code for code in codes if folded(code.title) == wanted]
        if len(titled) == 1:
            return titled[0]
        near = [code.code for code in codes if wanted and wanted in folded(code.code)]
        near = near or get_close_matches(wanted, [code.code for code in codes], n=4)
        raise UnknownName("code", name, near or [code.code for code in codes])

    def get(self, code_id: str) -> Code:
        """The code with that id, live or not."""
        rows = self._db.query(f"{SELECT} WHERE code.id = ?", code_id)
        if not rows:
            raise UnknownName("code", code_id)
        return code_of(rows[0])

    def stands_for(self) -> dict[str, str]:
        """Id of every code → id of the code that it counts as: itself, or what it went into."""
        return stands_for(self._db)

    def import_codes(
        self,
        codes: Sequence[Code],
        *,
        by: Coder,
        retire_absent: bool = False,
        fields: Collection[str] | None = None,
    ) -> dict[str, list[str]]:
        """Add codes, and change those that are there (by id, else by short name), in one action.

        A new code keeps an id that is a GUID as what it is called elsewhere. From a file with one
        name for each code, the name shown is as good as the short one, which then stays.

        Args:
            codes: Parents before their children; ``parent`` is a short name.
            retire_absent: Retire live codes that are not among ``codes``; never one in use.
            fields: Which fields ``codes`` speak of, where not of all: a code that is there keeps
                the others, its order too.

        Returns:
            ``added``, ``changed``, ``renamed``, ``retired``, ``absent`` (left as they are) →
            short names.

        Raises:
            Refused: a parent is not there, or a key belongs to a code that is not among ``codes``.
        """
        found: dict[str, list[str]] = {
            what: [] for what in ("added", "changed", "renamed", "retired", "absent")
        }
        with self._writer.action("import codebook", by.id) as action:
            before = {code.id: code for code in self.codes()}
            by_name = {code.code.casefold(): code for code in before.values()}
            ids: dict[str, str] = {}
            one_name = fields is not None and "name" not in fields
            matched = self._matched(codes, before, one_name)
            kept_ids = {old.id for old in matched.values() if old is not None}
            absent = [code for code in before.values() if code.id not in kept_ids]
            self._leave(action, absent, retire_absent, found)
            for code in codes:
                old = matched[code.code.casefold()]
                if (
                    old is not None
                    and old.key not in (None, code.key)
                    and (fields is None or "key" in fields)
                ):
                    action.put("code", old.id, {"key": None})  # another code may take it now
            _refuse_taken_keys(codes, [c for c in absent if c.code not in found["retired"]])
            for code in codes:
                name = code.code.casefold()
                old = matched[name]
                values = code_values(code)
                values["parent_id"] = _parent(code, ids, by_name)
                if one_name and old is not None and folded(old.title) == folded(code.code):
                    values["code"] = old.code
                    code = replace(code, code=old.code)
                if old is not None and fields is not None:
                    said = {"parent_id" if name == "parent" else name for name in fields}
                    values = {name: value for name, value in values.items() if name in said}
                elif old is None and fields is not None:
                    values["position"] += len(before)  # after what is there
                ids[name] = self._store(action, code, old, values, found)
        return found

    def _matched(
        self, codes: Sequence[Code], before: Mapping[str, Code], one_name: bool
    ) -> dict[str, Code | None]:
        """Each code's short name, folded → the code that it is here; None where it is new."""
        by_name = {code.code.casefold(): code for code in before.values()}
        titles = {folded(code.title): code for code in before.values()} if one_name else {}
        elsewhere: dict[str, Code] = {
            id_: before[row_id]
            for id_, row_id in self._db.query("SELECT guid, row_id FROM outside_id ORDER BY guid")
            if row_id in before
        }
        found = {
            code.code.casefold(): before.get(code.id)
            or elsewhere.get(code.id)
            or by_name.get(code.code.casefold())
            for code in codes
        }
        for known in filter(None, found.values()):
            titles.pop(folded(known.title), None)
        for code in codes:
            name = code.code.casefold()
            found[name] = found[name] or titles.pop(folded(code.code), None)
        return found

    def _store(
        self,
        action: Action,
        code: Code,
        old: Code | None,
        values: dict[str, Any],
        found: dict[str, list[str]],
    ) -> str:
        if old is None:
            found["added"].append(code.code)
            row_id = action.insert("code", values)
            if guid(code.id) is not None:
                action.add_layers("outside_id", {row_id: [(ELSEWHERE, code.id)]})
            return row_id
        changed = action.put("code", old.id, values) or old.key != code.key
        if old.code != code.code:
            found["renamed"].append(f"{old.code} → {code.code}")
        elif changed:
            found["changed"].append(code.code)
        return old.id

    def _leave(
        self,
        action: Action,
        absent: Iterable[Code],
        retire: bool,
        found: dict[str, list[str]],
    ) -> None:
        for code in absent:
            used = self._db.one(
                "SELECT 1 FROM coding JOIN code ON code.pk = code_pk WHERE code.id = ? LIMIT 1",
                code.id,
            )
            if retire and not used:
                action.put("code", code.id, {"removed": 1})
                found["retired"].append(code.code)
            else:
                found["absent"].append(code.code)

    def add_example(self, code_id: str, words: str, *, by: Coder, near_miss: bool = False) -> Code:
        """Add an example, or a near miss, to the rules of a code; frozen versions stay as they are.

        Raises:
            Refused: the code is no longer in the codebook, or has this example already.
        """
        with self._writer.action("edit code", by.id) as action:
            if action.require("code", code_id).image["removed"]:
                raise Refused("This code has been removed from the codebook.")
            code = self.get(code_id)
            field, there = ("near_miss", code.near_miss) if near_miss else ("example", code.example)
            if words in there:
                raise Refused(f"The rules of {code.title} have these words already.")
            action.put("code", code_id, {field: canonical([*there, words])})
        return self.get(code_id)

    # Versions

    def freeze(self, label: str, *, by: Coder) -> CodebookVersion:
        """Keep the codebook as it is now under a label; the version never changes.

        Raises:
            Refused: there is a version of that label, or there are no codes.
        """
        label = label.strip()
        with self._writer.action("freeze codebook", by.id) as action:
            if not label:
                raise Refused("A version needs a label, such as v1.")
            if any(label.casefold() == v.label.casefold() for v in self.versions()):
                raise Refused(f"There is a codebook version {label} already; it never changes.")
            if not self.codes():
                raise Refused("There are no codes to freeze.")
            body = self._body()
            action.insert(
                "codebook_version",
                {
                    "label": label,
                    "body": body,
                    "sha256": hashlib.sha256(body.encode()).hexdigest(),
                    "frozen_at": now(),
                    "coder_id": by.id,
                },
            )
        return self.version(label)

    def as_now(self, *, by: Coder) -> CodebookVersion | None:
        """The version that holds the codebook as it is now, frozen as ``v2`` after ``v1`` if none.

        None where there are no codes.
        """
        versions = self.versions()
        now_ = hashlib.sha256(self._body().encode()).hexdigest()
        same = [version for version in versions if version.sha256 == now_]
        if same or not self.codes():
            return same[-1] if same else None
        return self.freeze(next_label([version.label for version in versions]), by=by)

    def _body(self) -> str:
        return canonical([_frozen(code) for code in self.codes()])

    def versions(self) -> list[CodebookVersion]:
        """Every frozen version, oldest first."""
        rows = self._db.query(
            "SELECT id, label, frozen_at, body, sha256 FROM codebook_version ORDER BY pk"
        )
        return [_version(row) for row in rows]

    def version(self, label: str) -> CodebookVersion:
        """The frozen version of that label, any case."""
        versions = self.versions()
        for version in versions:
            if version.label.casefold() == label.strip().casefold():
                return version
        raise UnknownName("codebook version", label, [v.label for v in versions])


def next_label(labels: Sequence[str]) -> str:
    """``v3`` after ``v2``; ``v1`` where no version is numbered so."""
    numbers = [int(label[1:]) for label in labels if label[:1] == "v" and label[1:].isdecimal()]
    return f"v{max(numbers, default=0) + 1}"


def _parent(code: Code, ids: Mapping[str, str], by_name: Mapping[str, Code]) -> str | None:
    """The id of a code's parent: among those just stored, else in the project."""
    if code.parent is None:
        return None
    name = code.parent.casefold()
    if name in ids:
        return ids[name]
    if name not in by_name:
        raise Refused(f"{code.code} is under {code.parent}, but there is no such code above it.")
    return by_name[name].id


def _refuse_taken_keys(codes: Iterable[Code], absent: Iterable[Code]) -> None:
    taken = {code.key.casefold(): code.code for code in absent if code.key is not None}
    for code in codes:
        if code.key is not None and code.key.casefold() in taken:
            raise Refused(
                f'Key "{code.key}" of {code.code} belongs to {taken[code.key.casefold()]}, which '
                "is in the project but not in this codebook. Give one of them another key."
            )


def _frozen(code: Code) -> dict[str, Any]:
    """A code as a frozen version holds it: everything but what belongs to this file."""
    held = {name: getattr(code, name) for name in ("id", "parent", *FIELDS)}
    return held | {
        "codable": code.codable,
        "example": list(code.example),
        "near_miss": list(code.near_miss),
    }


def _version(row: Row) -> CodebookVersion:
    id_, label, frozen_at, body, sha256 = row
    codes = [
        Code(**{**held, "example": tuple(held["example"]), "near_miss": tuple(held["near_miss"])})
        for held in json.loads(body)
    ]
    return CodebookVersion(id_, label, frozen_at, tuple(codes), sha256)
