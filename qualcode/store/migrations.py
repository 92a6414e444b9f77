"""Steps from an older schema to the present one.

A step is added here with its number when ``schema.USER_VERSION`` grows. A file is backed up before
it is changed; a step that fails leaves the old file. A step is given the file as sqlite-utils shows
it, whose ``transform`` does what SQLite's ALTER TABLE cannot; only an old file imports it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from qualcode.errors import NotAProject
from qualcode.store import schema
from qualcode.store.backup import write_backup
from qualcode.store.database import Database

if TYPE_CHECKING:
    import sqlite_utils

Step: TypeAlias = "Callable[[sqlite_utils.Database], object]"


def _summaries(db: sqlite_utils.Database) -> None:
    for statement in schema.SUMMARIES:
        db.execute(statement)


STEPS: Mapping[int, Step] = {1: _summaries}
"""Version a file has → the step that takes it one further."""


def migrate(path: Path, steps: Mapping[int, Step] | None = None) -> Path:
    """Bring an older file up to date, after a verified backup beside it.

    Returns:
        The backup, ``NAME.schema-N.backup.qualcode``.

    Raises:
        NotAProject: there is no way from its schema to ours.
        ProjectLocked, ProjectReadOnly, DiskFull: nothing was changed.
    """
    from sqlite_utils import Database as Utilities

    from qualcode.store import opening

    known = STEPS if steps is None else steps
    found = opening.look(path).user_version
    missing = [version for version in range(found, schema.USER_VERSION) if version not in known]
    if missing:
        raise NotAProject(
            f"{path} has schema {found}, which this qualcode cannot bring up to date."
        )
    kept = path.with_name(f"{path.stem}.schema-{found}.backup{path.suffix}")
    write_backup(path, kept, force=True)
    connection, _ = opening.connect(path, read_only=False)
    with Database(connection, path, read_only=False) as db, db.writing():
        row = db.one("PRAGMA user_version")
        assert row is not None
        for version in range(int(row[0]), schema.USER_VERSION):  # another window may have done it
            # plug-ins of sqlite-utils stay out: they would run on a stranger's text
            known[version](Utilities(db.connection, execute_plugins=False))
            db.connection.execute(f"PRAGMA user_version = {version + 1}")
        if db.query("PRAGMA foreign_key_check"):
            raise NotAProject(f"{path} could not be brought up to date; it was left as it is.")
    return kept
