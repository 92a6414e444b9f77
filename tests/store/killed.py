"""A coder who is killed: applies codings one after another and says so after each commit."""

from __future__ import annotations

import sys

import qualcode
from qualcode.model import Span


def main(path: str, mode: str) -> None:
    """Apply codings for ever; print each id once it is durable."""
    with qualcode.open(path, coder="ana") as project:
        if mode == "wal":  # as on machines whose SQLite may use it
            project._db.connection.execute("PRAGMA query_only = OFF")
            project._db.connection.execute("PRAGMA journal_mode = WAL").fetchall()
            project._db.connection.execute("PRAGMA query_only = ON")
        ana = project.acting("ana")
        document = project.documents.list()[0].id
        codes = [code.id for code in project.codebook.codes()]
        done = len(project.codings.list())
        while True:
            at, size = 4 + done % 900, 2 + done // 900
            made = project.codings.apply(document, Span(at, at + size), codes[0], by=ana)
            print(made.id, flush=True)
            done += 1


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
