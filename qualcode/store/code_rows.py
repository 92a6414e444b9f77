"""How codes lie in their table: reading them, their order, and the columns they are written to."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from qualcode.model import Code
from qualcode.store.database import Database, Row
from qualcode.store.session import canonical

FIELDS = (
    "code", "name", "brief", "full", "use_when", "not_when", "kind", "origin", "since", "status",
    "colour", "key", "position",
)  # fmt: skip
"""Fields of ``Code`` that are columns of the same name."""

SELECT = (
    "SELECT code.id, code.code, code.name, parent.code, code.brief, code.full, code.use_when,"
    " code.not_when, code.example, code.near_miss, code.kind, code.origin, code.since, code.status,"
    " code.codable, code.colour, code.key, code.position, alias.code, code.removed, code.rev"
    " FROM code LEFT JOIN code parent ON parent.pk = code.parent_pk"
    " LEFT JOIN code alias ON alias.pk = code.merged_into_pk"
)

LIVE = "code.removed = 0 AND code.merged_into_pk IS NULL"


def live_codes(db: Database) -> list[Code]:
    """The codes of the codebook, depth first: parents before children, siblings by position."""
    return in_tree_order([code_of(row) for row in db.query(f"{SELECT} WHERE {LIVE}")])


def stands_for(db: Database) -> dict[str, str]:
    """Id of every code → id of the code that it counts as: itself, or what it was merged into."""
    rows = db.query(
        "SELECT code.id, alias.id FROM code LEFT JOIN code alias ON alias.pk = code.merged_into_pk"
    )
    into = {id_: alias for id_, alias in rows if alias is not None}
    found = {}
    for id_, _ in rows:
        at = id_
        while at in into:  # a trigger refuses circles
            at = into[at]
        found[id_] = at
    return found


def code_of(row: Row) -> Code:
    (
        id_, code, name, parent, brief, full, use_when, not_when, example, near_miss, kind, origin,
        since, status, codable, colour, key, position, alias, removed, rev,
    ) = row  # fmt: skip
    return Code(
        id_, code, name, parent, brief, full, use_when, not_when, tuple(json.loads(example)),
        tuple(json.loads(near_miss)), kind, origin, since, status, bool(codable), colour, key,
        position, alias, bool(removed), rev,
    )  # fmt: skip


def code_values(code: Code) -> dict[str, Any]:
    """The columns of a code's row, all but its parent."""
    values: dict[str, Any] = {name: getattr(code, name) for name in FIELDS}
    values["codable"] = int(code.codable)
    values["example"] = canonical(list(code.example))
    values["near_miss"] = canonical(list(code.near_miss))
    return values


def in_tree_order(codes: Iterable[Code]) -> list[Code]:
    """Depth first; a code whose parent is no longer live stands at the top."""
    codes = list(codes)
    live = {code.code for code in codes}
    children: dict[str | None, list[Code]] = {}
    for code in sorted(codes, key=lambda c: (c.position, c.code, c.id)):
        parent = code.parent if code.parent in live else None
        children.setdefault(parent, []).append(replace(code, parent=parent))
    found: list[Code] = []
    waiting = list(reversed(children.get(None, [])))
    while waiting:
        code = waiting.pop()
        found.append(code)
        waiting.extend(reversed(children.get(code.code, [])))
    return found


def folded(name: str) -> str:
    """A name as it is compared: any case, blanks and underscores alike."""
    return " ".join(name.replace("_", " ").split()).casefold()
