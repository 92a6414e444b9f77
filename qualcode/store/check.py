"""The invariants of a project file, replayed from its log and compared with what stands in it.

Nothing is changed. A bit that flipped, a row another program edited, a line taken from the log:
each shows in one of these checks.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from qualcode.errors import NotAProject
from qualcode.store import disk, opening, schema
from qualcode.store.database import Database
from qualcode.store.failures import ERRORS, failure
from qualcode.store.history import NO_HASH
from qualcode.store.images import all_layers, all_rows, chain, digest, read_line
from qualcode.store.purge import unfinished
from qualcode.store.tables import LAYERS, LOGGED
from qualcode.text.plurals import counted


@dataclass(frozen=True, slots=True)
class Result:
    """What one check found."""

    name: str
    ok: bool
    detail: str
    """What was looked at, or what is wrong: ids and counts, never text."""


def check(path: Path | str) -> list[Result]:
    """Check a project file against its own log.

    Returns:
        Results in the order of the checks: ``file``, ``integrity``, ``foreign keys``, ``chain``,
        ``replay``, ``texts``, ``sources``, ``spans``, ``marks``, ``purges``. After a failed
        ``file`` or ``integrity`` there are no others: what cannot be read cannot be compared.
    """
    path = disk.real(path)
    try:
        opening.look(path)
    except NotAProject as error:
        if not path.exists():
            raise
        return [Result("file", False, str(error))]
    found = [Result("file", True, f"schema {schema.USER_VERSION}, unaltered")]
    connection = opening.plain(path, "ro")
    db = Database(connection, path, read_only=True)
    try:
        connection.execute("BEGIN")  # all checks see one state, whoever is coding
        for one in _checks(db):
            found.append(one)
            if one.name == "integrity" and not one.ok:
                break
    except (*ERRORS, NotAProject) as error:
        known = error if isinstance(error, NotAProject) else failure(error, path)
        found.append(Result("integrity", False, f"The file cannot be read to its end: {known}"))
    finally:
        db.close()
    return found


def _checks(db: Database) -> Iterator[Result]:
    problems = [str(row[0]) for row in db.query("PRAGMA integrity_check(10)")]
    yield _result("integrity", [] if problems == ["ok"] else problems, "every page")
    rows = db.query("PRAGMA foreign_key_check")
    yield _result(
        "foreign keys", [f"{table} row {pk} refers to nothing" for table, pk, *_ in rows], "all"
    )
    yield _chain(db)
    yield _replay(db)
    yield _texts(db)
    yield _sources(db)
    yield _spans(db)
    yield _marks(db)
    yield _purges(db)


def _result(name: str, problems: list[str], fine: str) -> Result:
    if not problems:
        return Result(name, True, fine)
    more = f" (and {len(problems) - 3} more)" if len(problems) > 3 else ""
    return Result(name, False, "; ".join(problems[:3]) + more)


def _chain(db: Database) -> Result:
    """Every stream numbered without gaps, every hash over what stands there."""
    problems: list[str] = []
    last: dict[tuple[str, str], tuple[int, str]] = {}
    count = 0
    for row in db.query(
        "SELECT action.pk, action.id, replica.id, stream, seq, clock, at, coder.id, verb, act,"
        " undoes, redoes, schema, n_changes, prev_hash, hash FROM action"
        " JOIN replica ON replica.pk = replica_pk JOIN coder ON coder.pk = coder_pk"
        " ORDER BY action.pk"
    ):
        pk, id_, replica, stream, seq, clock, at, coder, verb, act, undoes, redoes, version = row[
            :13
        ]
        n, previous, hash_ = row[13:]
        lines = db.query("SELECT row_id, line FROM change WHERE action_pk = ? ORDER BY n", pk)
        header = {
            "id": id_, "replica": replica, "stream": stream, "seq": seq, "clock": clock, "at": at,
            "coder": coder, "verb": verb, "act": act, "undoes": undoes, "redoes": redoes,
            "schema": version, "n": n,
        }  # fmt: skip
        before_seq, before_hash = last.get((replica, stream), (0, NO_HASH))
        if len(lines) != n:
            problems.append(f"action {id_} has {len(lines)} of {counted(n, 'line')}")
        elif seq != before_seq + 1 or previous != before_hash:
            problems.append(f"action {id_} does not follow the one before it")
        elif not _lines_hold(lines):
            problems.append(f"action {id_} has a line of another row")
        elif chain(previous, header, [digest(line) for _, line in lines]) != hash_:
            problems.append(f"action {id_} is not as it was written")
        last[replica, stream] = (seq, hash_)
        count += 1
    return _result("chain", problems, f"{count} actions in {len(last)} streams")


def _lines_hold(lines: list[tuple[Any, ...]]) -> bool:
    """Whether every line is readable and names the row it is filed under."""
    for row_id, line in lines:
        try:
            change = read_line(line)
        except (json.JSONDecodeError, KeyError, TypeError):
            return False
        if change is not None and change.row_id != row_id:
            return False
    return True


def _replay(db: Database) -> Result:
    """What the log says every row should be, against what it is."""
    rows: dict[str, dict[str, dict[str, Any]]] = {table: {} for table in LOGGED}
    layers: dict[str, dict[str, list[Any]]] = {table: {} for table in LAYERS}
    problems: list[str] = []
    purged: set[str] = set()
    for row_id, line in _in_order(db):
        try:
            change = read_line(line)
        except (json.JSONDecodeError, KeyError, TypeError):
            problems.append(f"a line of row {row_id} cannot be read")
            continue
        if change is None:
            purged.add(row_id)
            for images in rows.values():
                images.pop(row_id, None)  # what it was is not known; what came later is
        elif change.table in layers:
            layers[change.table][row_id] = change.after
        elif change.table not in rows:
            problems.append(f"a line of row {row_id} names no table")
        elif change.after is None:
            rows[change.table].pop(row_id, None)
        else:
            rows[change.table].setdefault(row_id, {}).update(change.after)
    count = 0
    for table, expected in rows.items():
        stored = all_rows(db, table)
        count += len(stored)
        for row_id in sorted(expected.keys() | stored.keys()):
            said, is_ = expected.get(row_id), stored.get(row_id)
            if row_id in purged:
                same = said is None or (is_ is not None and said.items() <= is_.items())
            else:
                same = said == is_
            if not same:
                problems.append(_difference(table, row_id, said, is_))
    for table, owners in layers.items():
        kept = all_layers(db, table)
        for owner in sorted(owners.keys() | kept.keys()):
            if (owners.get(owner) or []) != (kept.get(owner) or []):
                problems.append(f"the {table}s of {owner} are not as the log says")
    return _result("replay", problems, f"{counted(count, 'row is', 'rows are')} as the log says")


def _in_order(db: Database) -> Iterator[tuple[str, str]]:
    """Every line of the log as it was written: an act's streams stand one after another in it."""
    rows = db.query(
        "SELECT act, change.n, row_id, line FROM change JOIN action ON action.pk = action_pk"
        " ORDER BY action.pk, change.n"
    )
    for _, lines in groupby(rows, key=itemgetter(0)):
        for _, _, row_id, line in sorted(lines, key=itemgetter(1)):
            yield row_id, line


def _difference(
    table: str, row_id: str, expected: dict[str, Any] | None, stored: dict[str, Any] | None
) -> str:
    if stored is None:
        return f"{table} {row_id} is missing"
    if expected is None:
        return f"{table} {row_id} is in no log"
    columns = [name for name, value in expected.items() if stored.get(name) != value]
    return f"{table} {row_id} is not as the log says ({', '.join(columns)})"


def _texts(db: Database) -> Result:
    problems = [
        f"the text of document {id_} has changed"
        for id_, text, n_chars, sha256 in db.query("SELECT id, text, n_chars, sha256 FROM document")
        if len(text) != n_chars or hashlib.sha256(text.encode()).hexdigest() != sha256
    ]
    return _result("texts", problems, "every text has its digest")


def _sources(db: Database) -> Result:
    problems = [
        f"the file of document {id_} has changed"
        for id_, data, sha256 in db.query(
            "SELECT document.id, bytes, source.sha256 FROM source"
            " JOIN document ON document.pk = document_pk"
        )
        if hashlib.sha256(data).hexdigest() != sha256
    ]
    problems += [
        f"the file of document {id_} is missing"
        for (id_,) in db.query(
            "SELECT id FROM document WHERE purged_at IS NULL"
            " AND NOT EXISTS (SELECT 1 FROM source WHERE document_pk = document.pk)"
        )
    ]
    return _result("sources", problems, "every file as received has its digest")


def _spans(db: Database) -> Result:
    """Spans inside their texts; turns in order and apart."""
    problems = []
    for table in ("coding", "turn", "unit", "adjudication", "redaction"):
        rows = db.query(
            f"SELECT document.id, count(*) FROM {table} JOIN document"
            f" ON document.pk = {table}.document_pk WHERE stop > n_chars OR start < 0"
            " OR start >= stop GROUP BY document.id"
        )
        problems += [f"{n} {table} spans leave the text of document {id_}" for id_, n in rows]
    rows = db.query(
        "SELECT document.id, count(*) FROM (SELECT document_pk, start, lag(stop)"
        " OVER (PARTITION BY document_pk ORDER BY n) AS before FROM turn)"
        " JOIN document ON document.pk = document_pk WHERE start < before GROUP BY document.id"
    )
    problems += [f"turns of document {id_} overlap" for id_, _ in rows]
    return _result("spans", problems, "every span lies in its text")


def _marks(db: Database) -> Result:
    """Codings belong to assignments, and pinned versions are as they were frozen."""
    problems = [
        f"codebook version {label} has changed"
        for label, body, sha256, purged in db.query(
            "SELECT label, body, sha256, purged_at FROM codebook_version"
        )
        if purged is None and hashlib.sha256(body.encode()).hexdigest() != sha256
    ]
    rows = db.query(
        "SELECT count(*) FROM coding WHERE NOT EXISTS (SELECT 1 FROM assignment a"
        " WHERE a.round_pk = coding.round_pk AND a.document_pk = coding.document_pk"
        " AND a.coder_pk = coding.coder_pk)"
    )
    if rows[0][0]:
        problems.append(f"{counted(rows[0][0], 'coding')} without an assignment")
    if db.one("SELECT 1 FROM project") is None:
        problems.append("the project has no beginning: its making was cut short")
    return _result("marks", problems, "every coding has its assignment")


def _purges(db: Database) -> Result:
    """Free pages may hold purged words until the file has been written anew."""
    problems = ["free pages may hold purged words: run qualcode purge --finish"]
    return _result("purges", problems if unfinished(db) else [], "none is unfinished")
