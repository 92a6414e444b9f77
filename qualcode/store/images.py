"""Rows as the log writes them down: images, and lines of canonical JSON.

An image names references by id (``x_id``), never by this file's keys, and holds no document text.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import lt
from typing import Any, TypeAlias

from qualcode.errors import Refused
from qualcode.store.database import Database
from qualcode.store.tables import LAYERS, LOGGED, Required, Value

Image: TypeAlias = dict[str, Value]
LayerRow: TypeAlias = tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Stored:
    """A logged row as it is now."""

    pk: int
    rev: int
    image: Image


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the log: a row, or a layer of rows, before and after."""

    table: str
    row_id: str
    before: Any
    """The changed columns of a row (None: it was not there), or all rows of a layer."""

    after: Any

    @property
    def is_layer(self) -> bool:
        return self.table in LAYERS


@cache
def _select(table: str) -> str:
    spec = LOGGED[table]
    columns = [
        f"(SELECT x.id FROM {spec.references[column]} x WHERE x.pk = {table}.{stored})"
        if column in spec.references
        else stored
        for column, stored in spec.stored.items()
    ]
    rev = "rev" if spec.has_rev else "0"
    return f"SELECT pk, {rev}, {', '.join(columns)} FROM {table}"


def stored_row(db: Database, table: str, row_id: str) -> Stored | None:
    """The row as it is now; None if there is none."""
    row = db.one(f"{_select(table)} WHERE id = ?", row_id)
    if row is None:
        return None
    return Stored(row[0], row[1], dict(zip(LOGGED[table].columns, row[2:], strict=True)))


def all_rows(db: Database, table: str) -> dict[str, Image]:
    """Every row of a logged table: id → image."""
    ids: dict[int, str] = dict(db.query(f"SELECT pk, id FROM {table}"))
    columns = LOGGED[table].columns
    return {
        ids[pk]: dict(zip(columns, values, strict=True))
        for pk, _, *values in db.query(_select(table))
    }


def completed(table: str, values: Mapping[str, Value]) -> Image:
    """The whole image of a new row: what is given, and defaults for the rest."""
    defaults, required = _defaults(table)
    for column in required:
        if column not in values:
            raise ValueError(f"{table}.{column} has no default and was not given")
    image = {**defaults, **values}
    if len(image) > len(defaults):
        unknown = values.keys() - defaults.keys()
        raise ValueError(f"{table} has no column {', '.join(sorted(unknown))}")
    for column, value in values.items():
        if isinstance(value, bool):
            image[column] = plain(value)
    return image


@cache
def _defaults(table: str) -> tuple[Image, list[str]]:
    """Every column with its default, in their order, and those that have none."""
    columns = LOGGED[table].columns
    required = [column for column, default in columns.items() if isinstance(default, Required)]
    return {
        column: None if isinstance(default, Required) else plain(default)
        for column, default in columns.items()
    }, required


def plain(value: Value) -> Value:
    """The value as SQLite gives it back: truth values are 0 and 1."""
    return int(value) if isinstance(value, bool) else value


def reference(db: Database, table: str, row_id: str) -> int:
    """The key in this file of the row with that id; ``Refused`` if there is none."""
    row = db.one(f"SELECT pk FROM {table} WHERE id = ?", row_id)
    if row is None:
        raise Refused(f"There is no such {table} in this project any more.")
    return int(row[0])


# Layers


def owner_key(owner: Sequence[str]) -> str:
    """One string for the owner of a layer, as the log names it."""
    return "/".join(owner)


@cache
def layer_select(table: str) -> str:
    """Select the rows of a layer, references by id."""
    layer = LAYERS[table]
    columns = [
        f"(SELECT x.id FROM {into} x WHERE x.pk = {table}.{layer.stored(column)})"
        if into
        else column
        for column, into in layer.columns.items()
    ]
    where = " AND ".join(f"{layer.stored(column)} = ?" for column in layer.owners)
    return f"SELECT {', '.join(columns)} FROM {table} WHERE {where}"


def layer_rows(db: Database, table: str, keys: Sequence[int | str]) -> list[list[Value]]:
    """The rows of one owner's layer as they are now; ``keys`` are its keys in this file."""
    return in_layer_order(db.query(layer_select(table), *keys))


def in_layer_order(rows: Iterable[Sequence[Value]]) -> list[list[Value]]:
    """The rows as lists in the order of ``layer_order``."""
    found: list[list[Value]] = list(map(list, rows))
    if len(found) < 2:
        return found
    firsts: list[Any] = [row[0] for row in found]
    if set(map(type, firsts)) <= {int} and all(map(lt, firsts, firsts[1:])):
        return found  # numbered, as nearly all are: no need to look at the other columns
    return sorted(found, key=layer_order)


def layer_order(row: Sequence[Value]) -> tuple[tuple[bool, bool, Any], ...]:
    """The order of rows in a layer: by each column, nothing first, then numbers, then texts."""
    return tuple(
        (value is not None, isinstance(value, str), "" if value is None else value) for value in row
    )


def all_layers(db: Database, table: str) -> dict[str, list[list[Value]]]:
    """Every layer of a table that has rows: owner → rows."""
    layer = LAYERS[table]
    owners = db.query(
        f"SELECT DISTINCT {', '.join(layer.stored(column) for column in layer.owners)} FROM {table}"
    )
    found: dict[str, list[list[Value]]] = {}
    for keys in owners:
        names = [
            str(key) if into is None else _id_of(db, into, key)
            for key, into in zip(keys, layer.owners.values(), strict=True)
        ]
        found[owner_key(names)] = layer_rows(db, table, keys)
    return found


def _id_of(db: Database, table: str, pk: int) -> str:
    row = db.one(f"SELECT id FROM {table} WHERE pk = ?", pk)
    assert row is not None  # a foreign key holds it
    return str(row[0])


# Lines


_CANONICAL = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, check_circular=False
)


def canonical(value: Any) -> str:
    """JSON with sorted keys and no blanks: the same value always gives the same text."""
    return _CANONICAL.encode(value)


def line_of(change: Change) -> str:
    """Write a change down. Tables with free text get a salt, so that no digest can be guessed."""
    line = {"a": change.after, "b": change.before, "i": change.row_id, "t": change.table}
    if change.table in LOGGED and LOGGED[change.table].salted:
        line["s"] = os.urandom(16).hex()
    return canonical(line)


def read_line(line: str) -> Change | None:
    """Read a change; None where it was purged and only its digest is left."""
    held = json.loads(line)
    if "d" in held:
        return None
    return Change(held["t"], held["i"], held["b"], held["a"])


def digest(line: str) -> str:
    """SHA-256 of a line, or the digest that stands in its place."""
    if line.startswith('{"d":'):
        return str(json.loads(line)["d"])
    return hashlib.sha256(line.encode()).hexdigest()


def chain(previous: str, header: Mapping[str, Any], digests: Sequence[str]) -> str:
    """The hash of an action: over the one before it, its header and the digests of its lines."""
    return hashlib.sha256((previous + canonical(header) + "".join(digests)).encode()).hexdigest()
