"""Somebody who purges and is killed: says when they begin, and when it is done."""

from __future__ import annotations

import sys

import qualcode
from qualcode.store.purge import Withdrawn


def main(path: str, mode: str) -> None:
    """Purge the document; print ``begun``, then ``done``."""
    with qualcode.open(path, coder="ana") as project:
        if mode == "wal":  # as on machines whose SQLite may use it
            project._db.connection.execute("PRAGMA query_only = OFF")
            project._db.connection.execute("PRAGMA journal_mode = WAL").fetchall()
            project._db.connection.execute("PRAGMA query_only = ON")
        print("begun", flush=True)
        project.purge(
            Withdrawn(document="A-P1"), reason="consent withdrawn", by=project.acting("ana")
        )
        print("done", flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
