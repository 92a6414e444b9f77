"""P11: importing transcripts: ours, qualitative-coding's `corpus import`, and bare inserts.

Each side begins with an empty project. Ours cuts every turn into sentences and stores them: that
is the index coding and counting need. The full-text index is built on first use, not by an import,
so no side builds one; what it would cost is printed beside the floor. qualitative-coding copies
the files (`--importer verbatim`) and stores a row for every paragraph, which here is a turn. So
both know the same documents and the same turns, which is checked; speakers, sentences and the log
only ours has.
"""

from __future__ import annotations

import shlex
import sqlite3
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.harness import PEERS, Cost, circumstances, interleave, peer, ratio, report, run
from benchmarks.workload import Size, documents

TABLES = """
CREATE TABLE document (pk INTEGER PRIMARY KEY, name TEXT, text TEXT, bytes BLOB);
CREATE TABLE turn (document_pk INTEGER, n INTEGER, start INTEGER, stop INTEGER,
  PRIMARY KEY (document_pk, n)) WITHOUT ROWID;
CREATE TABLE unit (document_pk INTEGER, n INTEGER, start INTEGER, stop INTEGER,
  PRIMARY KEY (document_pk, n)) WITHOUT ROWID;
CREATE VIRTUAL TABLE full_text USING fts5(text, content='');
"""


def floor(path: Path, files: Sequence[Path], *, full_text: bool) -> None:
    """Read the files and insert texts, turns and as many units as there are full stops."""
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.executescript(TABLES)
    for pk, file in enumerate(files, 1):
        data = file.read_bytes()
        text = data.decode()
        turns: list[tuple[int, ...]] = []
        units: list[tuple[int, ...]] = []
        at = 0
        for paragraph in text.split("\n\n"):
            turns.append((pk, len(turns) + 1, at, at + len(paragraph)))
            for sentence in paragraph.split(". "):
                units.append((pk, len(units) + 1, at, at + len(sentence)))
            at += len(paragraph) + 2
        connection.execute("BEGIN")
        connection.execute("INSERT INTO document VALUES (?, ?, ?, ?)", (pk, file.stem, text, data))
        connection.executemany("INSERT INTO turn VALUES (?, ?, ?, ?)", turns)
        connection.executemany("INSERT INTO unit VALUES (?, ?, ?, ?)", units)
        if full_text:
            words = ((text[start:stop],) for _, _, start, stop in turns)
            connection.executemany("INSERT INTO full_text (text) VALUES (?)", words)
        connection.execute("COMMIT")
    connection.close()


def write_files(folder: Path, size: Size) -> list[Path]:
    """Write the workload's transcripts, an empty line between turns, as transcripts have it."""
    folder.mkdir()
    files = []
    for made in documents(size):
        files.append(folder / f"{made.name}.txt")
        files[-1].write_text(made.text.replace("\n", "\n\n"), encoding="utf-8")
    return files


def shell(*commands: Sequence[str | Path]) -> list[str]:
    """One command that runs several, one after the other; the last in the same process."""
    words = [shlex.join(map(str, command)) for command in commands]
    return ["sh", "-c", " && ".join([*words[:-1], f"exec {words[-1]}"])]


def ours(work: Path, files: Sequence[Path]) -> list[str]:
    """The command that imports files into a new copy of an empty project."""
    project, empty = work / "ours.qualcode", work / "empty.qualcode"
    if not empty.exists():
        run([sys.executable, "-m", "qualcode", "init", str(empty), "--coder", "ana"])
    return shell(
        ["rm", "-f", project],
        ["cp", empty, project],
        [sys.executable, "-m", "qualcode", "import", project, *files],
    )


def theirs(work: Path, files: Path, qc: str) -> list[str]:
    """The command that imports a folder into a new copy of an empty project of the peer."""
    project, empty = work / "peer", work / "peer-empty"
    if not empty.exists():
        empty.mkdir()
        for _ in range(2):  # the first writes the settings, the second what they name
            run(shell(["cd", empty], [qc, "init"]))
    return shell(
        ["rm", "-rf", project],
        ["cp", "-r", empty, project],
        ["cd", project],
        [qc, "corpus", "import", "--recursive", "--importer", "verbatim", files],
    )


def rows(path: Path, *tables: str) -> list[int]:
    """How many rows the tables of a database hold."""
    with sqlite3.connect(path) as connection:
        found = [connection.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in tables]
    connection.close()
    return found


def growth(work: Path, files: Sequence[Path]) -> None:
    """Print how the cost grows with the number of files, the start of the program taken off."""
    counts = [len(files) // 10, len(files) // 2, len(files)]
    commands = {f"{n} files": ours(work, files[:n]) for n in (1, *counts)}
    costs = interleave(commands, rounds=5)

    def net(n: int) -> list[float]:
        pairs: list[tuple[Cost, Cost]] = list(
            zip(costs[f"{n} files"], costs["1 files"], strict=True)
        )
        return [cost.cpu - first.cpu for cost, first in pairs]

    few, some, all_ = counts
    print(f"{some} / {few} files, per file    {ratio(net(some), net(few)) / some * few:.2f}")
    print(f"{all_} / {some} files, per file   {ratio(net(all_), net(some)) / all_ * some:.2f}")


def main(size: Size) -> None:
    """Print the costs, the ratios and the growth; 100 transcripts of 10,000 words are size M."""
    circumstances("qualcode", "nupunkt")
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        files = write_files(work / "files", size)
        kilobytes = sum(file.stat().st_size for file in files) // 1000
        print(f"{len(files)} transcripts, {kilobytes:,} kB")
        bare = [sys.executable, "-m", "benchmarks.importing"]
        paths = list(map(str, files))
        commands = {
            "qualcode": ours(work, files),
            "read and insert": [*bare, "insert", str(work / "floor.db"), *paths],
            "+ full-text index": [*bare, "index", str(work / "index.db"), *paths],
        }
        qc = peer("qualitative-coding", "qc")
        if qc:
            python = str(PEERS / "qualitative-coding" / "bin" / "python")
            ask = "from importlib.metadata import version as v; print(v('qualitative-coding'))"
            print("qualitative-coding", run([python, "-c", ask]).output.decode().strip())
            commands["qualitative-coding"] = theirs(work, work / "files", qc)
        report(interleave(commands))
        stored = rows(work / "ours.qualcode", "document", "turn", "unit")
        print("documents, turns, sentences:", *stored)
        if qc:
            known = rows(work / "peer" / "qualitative_coding.sqlite3", "document", "location")
            assert known == stored[:2], known
            print("the peer has the same documents, and the same turns as paragraphs")
        growth(work, files)


if __name__ == "__main__":
    floor(Path(sys.argv[2]), [*map(Path, sys.argv[3:])], full_text=sys.argv[1] == "index")
