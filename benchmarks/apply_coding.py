"""P2: applying one coding, durable: ours, one bare durable commit, and Taguette's handler.

Each side applies codings one by one in a process of its own and prints the median time of one.
Taguette's side does the database work of its highlight handler without its web server, which
favours Taguette.
"""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
import statistics
import sys
from pathlib import Path
from time import perf_counter

from benchmarks.harness import DATA, PEERS, circumstances, run
from benchmarks.workload import Size, build

HERE = Path(__file__).parent
TIMES = 150


def ours(path: Path) -> float:
    """Median milliseconds of one ``project.codings.apply``."""
    from qualcode.model import Span
    from qualcode.project import open as open_project

    rng = random.Random(7)
    taken = []
    copy = path.with_suffix(".applied.qualcode")  # every run starts from the same file
    shutil.copy(path, copy)
    with open_project(copy, coder="ana") as project:
        by = project.acting("ana")
        documents = project.documents.list()[:12]
        lengths = {d.id: d.characters for d in documents}
        codes = [code.id for code in project.codebook.codes()]
        for _ in range(TIMES):
            document = rng.choice(documents).id
            start = rng.randrange(lengths[document] - 200)
            span = Span(start, start + rng.randrange(40, 160))
            began = perf_counter()
            project.codings.apply(document, span, rng.choice(codes), by=by)
            taken.append(perf_counter() - began)
    copy.unlink()
    return statistics.median(taken) * 1000


def floor(path: Path) -> float:
    """Median milliseconds of one durable commit of one row, in the same folder and journal mode."""
    with sqlite3.connect(path, isolation_level=None) as project:
        mode = project.execute("PRAGMA journal_mode").fetchone()[0]
    project.close()
    bare = path.with_suffix(".floor")
    connection = sqlite3.connect(bare, isolation_level=None)
    connection.execute(f"PRAGMA journal_mode={mode}")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE IF NOT EXISTS row (pk INTEGER PRIMARY KEY, a, b, c)")
    taken = []
    for n in range(TIMES):
        began = perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO row (a, b, c) VALUES (?, ?, ?)", (n, n + 1, "x" * 40))
        connection.execute("COMMIT")
        taken.append(perf_counter() - began)
    connection.close()
    bare.unlink()
    return statistics.median(taken) * 1000


def project_file(size: Size) -> Path:
    """The workload's project of that size, built once."""
    DATA.mkdir(exist_ok=True)
    path = DATA / f"{size}.qualcode"
    if not path.exists():
        print(f"building the workload of size {size} …", file=sys.stderr)
        build(path, size)
    return path


def main(size: Size) -> None:
    """Print the medians, interleaved, and their ratios."""
    circumstances("qualcode")
    sizes: list[Size] = ["S"] if size == "S" else ["S", size]
    commands: dict[str, list[str]] = {}
    for each in sizes:
        path = project_file(each)
        for side in ("ours", "floor"):
            commands[f"{side} {each}"] = [
                sys.executable, "-m", "benchmarks.apply_coding", side, str(path),
            ]  # fmt: skip
    taguette = PEERS / "taguette" / "bin" / "python"
    if taguette.exists():
        database = DATA / f"taguette-{size}.sqlite3"
        commands[f"taguette {size}"] = [
            str(taguette), str(HERE / "taguette_apply.py"), str(database), size, str(TIMES),
        ]  # fmt: skip
    else:
        print("peer absent: taguette (benchmarks/peers.sh installs it)")
    found: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(5):
        for name, command in commands.items():
            found[name].append(float(json.loads(run(command).output)))
    for name, values in found.items():
        low, middle, high = min(values), statistics.median(values), max(values)
        print(f"{name:12} p50 of one coding, ms: {low:.2f} / {middle:.2f} / {high:.2f}")
    pairs = [(f"ours {each}", f"floor {each}") for each in sizes]
    pairs += [(f"ours {size}", f"taguette {size}")] if f"taguette {size}" in found else []
    pairs += [(f"ours {size}", "ours S")] if size != "S" else []
    for a, b in pairs:
        ratio = statistics.median(x / y for x, y in zip(found[a], found[b], strict=True))
        print(f"{a} / {b}: {ratio:.3f}")


if __name__ == "__main__":
    print(json.dumps({"ours": ours, "floor": floor}[sys.argv[1]](Path(sys.argv[2]))))
