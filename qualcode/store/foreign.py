"""Projects of Taguette and QualCoder: the rows of their SQLite files, and nothing done to them.

The only SQL on files that are not ours. A file is opened to read, with every check on; what could
run something of its own, a view, a trigger or a virtual table in place of a table that is read,
is refused by name. Which columns there are depends on the version, so the file is asked.
"""

from __future__ import annotations

import sqlite3
import stat
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias
from urllib.parse import quote

from qualcode.errors import HostileFile, ReadingError, UnknownName, UsageProblem
from qualcode.store.failures import ERRORS
from qualcode.store.opening import WAIT

Program: TypeAlias = Literal["Taguette", "QualCoder"]

SECONDS = 60
"""Of the clock, for all that is read of a file."""

LONGEST = 200_000_000
"""Bytes of one value."""

_HEADER = b"SQLite format 3\0"


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A table that is read."""

    needed: tuple[str, ...]
    """Columns without which nothing can be read."""

    asked: tuple[str, ...] = ()
    """Columns that some versions have."""

    where: str = ""
    """Which rows; ``?`` is the key of the project."""

    optional: bool = False


_OF_DOCUMENT = "document_id IN (SELECT id FROM documents WHERE project_id = ?)"

_TABLES: Mapping[Program, Mapping[str, _Wanted]] = {
    "Taguette": {
        "projects": _Wanted(("id", "name"), ("description", "created"), "id = ?"),
        "documents": _Wanted(
            ("id", "name", "contents"), ("description", "filename", "created"), "project_id = ?"
        ),
        "tags": _Wanted(("id", "path"), ("description",), "project_id = ?"),
        "highlights": _Wanted(
            ("id", "document_id", "start_offset", "end_offset"), ("snippet",), _OF_DOCUMENT
        ),
        "highlight_tags": _Wanted(
            ("highlight_id", "tag_id"), (),
            f"highlight_id IN (SELECT id FROM highlights WHERE {_OF_DOCUMENT})",
        ),
        "commands": _Wanted(
            ("id", "user_login", "payload"), ("date",),
            "project_id = ? AND payload LIKE '%highlight_add%'",
        ),
    },
    "QualCoder": {
        "source": _Wanted(("id", "name", "fulltext"), ("mediapath", "memo", "owner", "date")),
        "code_cat": _Wanted(("catid", "name"), ("memo", "supercatid")),
        "code_name": _Wanted(("cid", "name"), ("memo", "catid", "supercid", "color")),
        "code_text": _Wanted(
            ("cid", "fid", "pos0", "pos1"), ("seltext", "owner", "date", "memo", "important")
        ),
        "annotation": _Wanted(
            ("fid", "pos0", "pos1", "memo"), ("owner", "date"), optional=True
        ),
        "cases": _Wanted(("caseid", "name"), ("memo", "owner", "date"), optional=True),
        "case_text": _Wanted(("caseid", "fid", "pos0", "pos1"), ("memo",), optional=True),
        "attribute_type": _Wanted(("name",), ("memo", "valuetype"), optional=True),
        "attribute": _Wanted(("name", "attr_type", "value", "id"), (), optional=True),
        "journal": _Wanted(("name", "jentry"), ("owner", "date"), optional=True),
        "project": _Wanted((), ("date", "memo"), optional=True),
        "code_image": _Wanted(("id", "cid"), (), optional=True),
        "code_av": _Wanted(("id", "cid"), (), optional=True),
    },
}  # fmt: skip

_KNOWN_BY: Mapping[Program, frozenset[str]] = {
    "Taguette": frozenset(["highlights", "highlight_tags"]),
    "QualCoder": frozenset(["code_name", "code_cat", "code_text"]),
}
"""Program → tables that no other program's file has; one of them tells whose it is."""

_UNTOLD = frozenset(["users", "project_members", "alembic_version", "coder_names"])
"""Tables that are not part of a project: accounts, and what a program keeps for itself."""


@dataclass(frozen=True, slots=True, repr=False)
class ForeignRows:
    """What a file of another program holds, as it is written there."""

    program: Program
    tables: Mapping[str, Sequence[Mapping[str, Any]]]
    """Table → its rows, by key; columns and tables that the file does not have are left out."""

    others: Mapping[str, int]
    """Table that was not read → how many rows it has; those without rows are left out."""

    def __repr__(self) -> str:
        return f"<ForeignRows {self.program}>"


def read_foreign(path: Path, *, project: str | None = None, most: int | None = None) -> ForeignRows:
    """Read a file of Taguette or QualCoder; it is not written to, nor is anything beside it.

    Args:
        project: Name or number of the project to read, where a file has several.
        most: Bytes of the largest file to read; None reads any.

    Raises:
        ReadingError: not there, too large, not SQLite, damaged, in use, or of another program.
        HostileFile: a view, a trigger or a virtual table stands where a table is read.
        UnknownName: there is no such project. UsageProblem: there are several and none is named.
    """
    wal = _look(path, most)
    with _opened(path, wal) as connection:
        kinds = _kinds(connection)
        program = _program(path, kinds)
        wanted = _TABLES[program]
        _refuse(connection, path, program, wanted, kinds)
        key: list[object] = []
        if program == "Taguette":
            key.append(_project(connection, path, project))
        elif project is not None:
            raise UsageProblem("--project is for Taguette: a QualCoder project is one project.")
        tables = {
            name: _rows(connection, path, name, one, key)
            for name, one in wanted.items()
            if name in kinds
        }
        return ForeignRows(program, tables, _others(connection, wanted, kinds))


# Opening


def _look(path: Path, most: int | None) -> bool:
    """Refuse what cannot be a database to read alone; whether it was last written in WAL mode."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise ReadingError(path, "This is not a regular file.")
        if most is not None and status.st_size > most:
            size, limit = status.st_size / 1e6, most / 1e6
            raise ReadingError(
                path,
                f"The file has {size:.0f} MB; more than {limit:.0f} MB are only read with --large.",
            )
        with path.open("rb") as file:
            head = file.read(100)
        if len(head) < 100 or not head.startswith(_HEADER):
            raise ReadingError(path, "This is not an SQLite file.")
        for ending in ("-wal", "-journal"):
            beside = path.with_name(path.name + ending)
            if _waits(beside):
                # reading it would mean writing: SQLite first brings the two together
                raise ReadingError(
                    path,
                    f"{beside.name} beside it holds changes that are not in it yet: a program has"
                    " it open, or did not close it. Open and close it there, then try again.",
                )
    except OSError as error:
        raise ReadingError(path, f"Cannot be read: {error.strerror or error}.") from error
    return head[18] == 2


def _waits(beside: Path) -> bool:
    """Whether a journal or WAL is there and was not marked as done with."""
    if not beside.is_file():
        return False
    with beside.open("rb") as file:
        return file.read(1) not in (b"", b"\0")


@contextmanager
def _opened(path: Path, wal: bool) -> Iterator[sqlite3.Connection]:
    # without "immutable", a file in WAL mode gets a -shm and a -wal beside it even to be read
    how = "mode=ro&immutable=1" if wal else "mode=ro"
    deadline = time.monotonic() + SECONDS
    try:
        with closing(
            sqlite3.connect(
                f"file:{quote(str(path.absolute()))}?{how}", uri=True, isolation_level=None,
                timeout=WAIT,
            )
        ) as connection:  # fmt: skip
            connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST)
            connection.set_progress_handler(lambda: int(time.monotonic() > deadline), 10_000)
            for pragma in (
                "query_only = ON",
                "trusted_schema = OFF",
                "cell_size_check = ON",
                "mmap_size = 0",
                "ignore_check_constraints = ON",  # else quick_check computes what the file says
            ):
                connection.execute(f"PRAGMA {pragma}").fetchall()
            connection.execute("BEGIN")
            if connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                raise _damaged(path)
            yield connection
    except ERRORS as error:
        raise _failure(error, path) from None  # what SQLite says may quote the file


def _failure(error: Exception, path: Path) -> ReadingError:
    code = (getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return ReadingError(path, "Another program is writing to it. Close it there and try again.")
    if code == sqlite3.SQLITE_INTERRUPT:
        return ReadingError(path, f"Not read within {SECONDS} seconds.")
    if code == sqlite3.SQLITE_TOOBIG:
        return HostileFile(path, f"A value has more than {LONGEST // 1_000_000} MB.")
    if code in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_IOERR):
        return ReadingError(path, "Cannot be read.")
    return _damaged(path)


def _damaged(path: Path) -> ReadingError:
    return ReadingError(path, "The file is damaged, or not an SQLite file throughout.")


# What there is


def _kinds(connection: sqlite3.Connection) -> dict[str, str]:
    """Name of every table or view, lower case → ``table``, ``view`` or ``virtual table``."""
    rows = connection.execute(
        "SELECT lower(name), CASE WHEN sql LIKE 'CREATE VIRTUAL%' THEN 'virtual table'"
        " ELSE type END FROM sqlite_schema WHERE type IN ('table', 'view') ORDER BY name"
    )
    return dict(rows.fetchall())


def _program(path: Path, kinds: Mapping[str, str]) -> Program:
    for program, tables in _KNOWN_BY.items():
        if tables & set(kinds):
            return program
    raise ReadingError(
        path, "This is no project of Taguette or QualCoder: it has none of their tables."
    )


def _refuse(
    connection: sqlite3.Connection,
    path: Path,
    program: Program,
    wanted: Mapping[str, _Wanted],
    kinds: Mapping[str, str],
) -> None:
    missing = [name for name, one in wanted.items() if not one.optional and name not in kinds]
    if missing:
        tables = "table" if len(missing) == 1 else "tables"
        raise ReadingError(
            path,
            f"It looks like a project of {program}, but the {tables} {', '.join(missing)}"
            f" {'is' if len(missing) == 1 else 'are'} missing.",
        )
    for name in wanted:
        if kinds.get(name, "table") != "table":
            kind = kinds[name]
            raise HostileFile(path, f"{name} is a {kind}, not a table; nothing of it was read.")
    triggers = connection.execute(
        "SELECT name, lower(tbl_name) FROM sqlite_schema WHERE type = 'trigger' ORDER BY name"
    ).fetchall()
    for name, table in triggers:
        if table in wanted:
            raise HostileFile(
                path,
                f"The table {table} has a trigger, {name!r}, which {program} does not write;"
                " nothing of the file was read.",
            )


def _project(connection: sqlite3.Connection, path: Path, project: str | None) -> int:
    """Give the key of the project that was named, or of the only one."""
    rows = connection.execute("SELECT id, name FROM projects ORDER BY id").fetchall()
    named = [(key, " ".join(str(name).split())) for key, name in rows if isinstance(key, int)]
    if not named:
        raise ReadingError(path, "There is no project in it.")
    names = [name for _, name in named]
    if project is None:
        if len(named) == 1:
            return named[0][0]
        listed = ", ".join(f"{name} ({key})" for key, name in named)
        raise UsageProblem(
            f"{path} holds {len(named)} projects; say which with --project, by name or number:"
            f" {listed}."
        )
    wanted = " ".join(project.split()).casefold()
    found = [key for key, name in named if name.casefold() == wanted]
    found = found or [key for key, _ in named if str(key) == wanted]
    if len(found) > 1:
        numbers = ", ".join(map(str, found))
        raise UsageProblem(f"{len(found)} projects have this name; give the number: {numbers}.")
    if not found:
        raise UnknownName("project", project, names)
    return found[0]


# Rows


def _rows(
    connection: sqlite3.Connection, path: Path, table: str, wanted: _Wanted, key: list[object]
) -> list[dict[str, Any]]:
    # generated columns, which would be computed, are not in this list
    there = {name.lower() for _, name, *_ in connection.execute(f"PRAGMA table_info({table})")}
    missing = [name for name in wanted.needed if name not in there]
    if missing:
        raise ReadingError(path, f"The table {table} has no column {', '.join(missing)}.")
    columns = [*wanted.needed, *(name for name in wanted.asked if name in there)]
    if not columns:
        return []
    where = f" WHERE {wanted.where}" if wanted.where else ""
    # by their places, of which the key is the first
    order = ", ".join(map(str, range(1, min(len(columns), 4) + 1)))
    selected = ", ".join(f'"{name}"' for name in columns)
    rows = connection.execute(
        f'SELECT {selected} FROM "{table}"{where} ORDER BY {order}', key if where else []
    ).fetchall()
    for row in rows:
        if any(isinstance(value, bytes) for value in row):
            raise ReadingError(path, f"The table {table} holds bytes where text belongs.")
    return [dict(zip(columns, row, strict=True)) for row in rows]


def _others(
    connection: sqlite3.Connection, wanted: Mapping[str, _Wanted], kinds: Mapping[str, str]
) -> dict[str, int]:
    found = {}
    for name, kind in kinds.items():
        if kind != "table" or name in wanted or name in _UNTOLD or name.startswith("sqlite_"):
            continue
        quoted = name.replace('"', '""')
        (count,) = connection.execute(f'SELECT count(*) FROM "{quoted}"').fetchone()
        if count:
            found[name] = count
    return found
