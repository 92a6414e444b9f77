"""Without any one of its checks and triggers the file would let something through.

Each mutation takes one rule out of the schema; at least one forbidden statement must then pass.
A rule whose loss nothing notices is either not tested or not needed.
"""

from __future__ import annotations

import re
import sqlite3

import pytest

from qualcode.store import schema
from tests.store.conftest import Study
from tests.store.test_rules import FORBIDDEN, prepared

TRIGGERS = re.findall(r"CREATE TRIGGER (\w+).*?END;", schema.SCHEMA, re.DOTALL)
TABLES = re.findall(r"CREATE TABLE (\w+) \(", schema.SCHEMA)


def checks() -> list[tuple[int, int]]:
    """Where each ``CHECK (…)`` stands in the schema."""
    found = []
    for match in re.finditer(r"CHECK \(", schema.SCHEMA):
        depth, at = 1, match.end()
        while depth:
            depth += {"(": 1, ")": -1}.get(schema.SCHEMA[at], 0)
            at += 1
        found.append((match.start(), at))
    return found


def without_trigger(name: str) -> str:
    return re.sub(rf"CREATE TRIGGER {name}\b.*?END;", "", schema.SCHEMA, flags=re.DOTALL)


def without_check(place: tuple[int, int]) -> str:
    start, stop = place
    return schema.SCHEMA[:start] + "CHECK (1)" + schema.SCHEMA[stop:]


def let_through(study: Study, altered: str) -> list[str]:
    """The forbidden statements that a file of the altered schema would take."""
    source = prepared(study)
    copy = sqlite3.connect(":memory:", isolation_level=None)
    copy.executescript(altered)
    copy.execute("PRAGMA foreign_keys = OFF")
    triggers = copy.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
    for name, _ in triggers:
        copy.execute(f"DROP TRIGGER {name}")
    for table in TABLES:
        rows = source.execute(f"SELECT * FROM {table}").fetchall()
        if rows:
            copy.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)
    for _, create in triggers:
        copy.execute(create)
    source.execute("ROLLBACK")
    for pragma in ("foreign_keys", "recursive_triggers"):
        copy.execute(f"PRAGMA {pragma} = ON")
    passed = []
    for sql, _ in FORBIDDEN:
        copy.execute("SAVEPOINT one")
        try:
            for statement in sql.split("; "):
                copy.execute(statement)
            passed.append(sql)
        except sqlite3.IntegrityError:
            pass
        finally:
            copy.execute("ROLLBACK TO one")
            copy.execute("RELEASE one")
    copy.close()
    return passed


def test_the_whole_schema_lets_nothing_through(study: Study) -> None:
    assert let_through(study, schema.SCHEMA) == []


@pytest.mark.parametrize("name", TRIGGERS)
def test_every_trigger_is_needed(study: Study, name: str) -> None:
    assert let_through(study, without_trigger(name)) != []


@pytest.mark.parametrize("place", checks(), ids=lambda p: re.sub(r"\s+", " ", schema.SCHEMA[p[0]:p[1]])[:60])  # fmt: skip
def test_every_check_is_needed(study: Study, place: tuple[int, int]) -> None:
    assert let_through(study, without_check(place)) != []
