"""Every word a project file holds, wherever it stands; nothing is changed.

For finding what should not be there: all columns of all tables, every line of the log, and what
lies in free pages of the file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from qualcode.formats.all_words import strings
from qualcode.store import disk, opening
from qualcode.store.database import Database

_IDS = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32,64}")
"""Ids and digests: figures in them are no badge numbers."""

FREE = "the file itself (free pages, index)"


def project_words(path: Path | str) -> Iterator[tuple[str, str]]:
    """Pairs of a place (table, column, row) and its text; the last is the file as it is.

    Raises:
        NotAProject, NewerProject: it cannot be read.
    """
    path = disk.real(path)
    opening.look(path)
    with Database(opening.plain(path, "ro"), path, read_only=True) as db:
        tables = db.query("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        for (table,) in tables:
            if not str(table).startswith("turn_fts"):  # an index over the texts, in no words
                yield from _table(db, str(table))
    yield FREE, path.read_bytes().decode("utf-8", "replace")


def _table(db: Database, table: str) -> Iterator[tuple[str, str]]:
    quoted = '"' + table.replace('"', '""') + '"'
    columns = [str(row[1]) for row in db.query(f"PRAGMA table_info({quoted})")]
    for n, row in enumerate(db.query(f"SELECT * FROM {quoted}"), 1):
        for column, value in zip(columns, row, strict=True):
            place = f"{table}.{column}, row {n}"
            if isinstance(value, bytes):
                yield place, value.decode("utf-8", "replace")
            elif isinstance(value, str):
                yield from _value(value, place)


def _value(value: str, place: str) -> Iterator[tuple[str, str]]:
    if value.startswith(("[", "{")):
        try:
            held = json.loads(value)
        except ValueError:
            held = None
        if isinstance(held, dict | list):
            for _, string in strings(held):
                yield place, _IDS.sub(" ", string)
            return
    yield place, _IDS.sub(" ", value)
