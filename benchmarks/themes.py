"""P3 and P7: theme frequencies and co-occurrence, against qualitative-coding and bare SQL.

The peer begins with a `.qdpx` of the same workload and counts coded lines; a line there is a turn
here, so its counts must be our turns of the same coder, moderators included, and its crosstab our
pairs within a turn. Both are checked. Ours reads every word besides: words, speakers, shares and
the range between coders come with every row. QualCoder needs a desktop and is absent.

The kernels work on what was fetched: all coders' codings as if one had made them. Two floors stand
beside that of frequencies: counting rows on the covering index, which gives codings and documents
only, and a GROUP BY that finds turns, too, by a join; its documents and turns are checked. Three
times the first cannot be met by anything that says how many words are covered: splitting the texts
into words alone takes five to nine times as long as it.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING, Any, TypeVar

from benchmarks.apply_coding import project_file
from benchmarks.harness import PEERS, circumstances, interleave, peer, ratio, report, run, spread
from benchmarks.importing import shell
from benchmarks.projects import for_peer, write_project
from benchmarks.workload import Size

if TYPE_CHECKING:
    from qualcode.themes.frequencies import ReadDocument

T = TypeVar("T")
K = TypeVar("K")
ROUNDS = 5
CODER = "ana"
SPANS = """
SELECT document.name, code.code, coding.start, coding.stop FROM coding
JOIN document ON document.pk = coding.document_pk JOIN code ON code.pk = coding.code_pk
"""
ROWS = "SELECT code_pk, count(*), count(DISTINCT document_pk) FROM coding GROUP BY code_pk"
JOINED = """
SELECT code.code, count(DISTINCT coding.pk), count(DISTINCT turn.document_pk),
  count(DISTINCT turn.document_pk * 1000000 + turn.n)
FROM coding JOIN code ON code.pk = coding.code_pk JOIN turn ON turn.document_pk = coding.document_pk
  AND turn.start < coding.stop AND turn.stop > coding.start
GROUP BY code.code
"""


def least(work: Callable[[], T]) -> tuple[float, T]:
    """The least CPU seconds of three runs, and what the last one gave."""
    seconds = []
    for _ in range(3):
        began = process_time()
        found = work()
        seconds.append(process_time() - began)
    return min(seconds), found


def kernels(path: Path) -> dict[str, Any]:
    """CPU seconds of the kernels, of half of the documents, and of what stands beside them."""
    import qualcode
    from qualcode.reports.corpus import corpus
    from qualcode.themes.cooccurrence import Relation, cooccurrence
    from qualcode.themes.frequencies import frequencies

    with qualcode.open(path) as project:
        read = corpus(project, include_moderator=True)
    pooled = [pool(document) for document in read.documents]
    half = pooled[::2]
    connection = sqlite3.connect(path)
    found: dict[str, Any] = {"codings": sum(len(document.marks) for document in pooled)}
    found["fetch"], _ = least(lambda: connection.execute(SPANS).fetchall())
    found["group by"], _ = least(lambda: connection.execute(ROWS).fetchall())
    found["joined group by"], joined = least(lambda: connection.execute(JOINED).fetchall())
    connection.close()
    found["frequencies"], counts = least(lambda: frequencies(pooled, read.members))
    found["frequencies of half"], _ = least(lambda: frequencies(half, read.members))
    documents = {row.code: len(row.documents) for row in counts.rows}
    apart(documents, {code: there for code, _, there, _ in joined}, counts.dropped)
    turns = {row.code: row.turns for row in counts.rows}
    apart(turns, {code: there for code, _, _, there in joined}, counts.dropped)
    relations: list[Relation] = ["overlap", "turn", "near"]
    for relation in relations:
        found[relation], _ = least(lambda r=relation: cooccurrence(pooled, read.members, r))  # type: ignore[misc]
        found[f"{relation} of half"], _ = least(
            lambda r=relation: cooccurrence(half, read.members, r)  # type: ignore[misc]
        )
    return found


def pool(document: ReadDocument) -> ReadDocument:
    """A document whose codings of all coders count as one coder's."""
    marks = tuple(mark for reading in document.readings for mark in reading)
    return replace(document, marks=marks, readings=())


def peer_project(work: Path, size: Size, qc: str) -> Path:
    """The workload in the peer's own files."""
    write_project(work / "whole.qdpx", size)
    for_peer(work / "whole.qdpx", work / "peer.qdpx")
    project = work / "peer"
    project.mkdir()
    run(shell(["cd", project], ["env", "PYTHONBREAKPOINT=0", qc, "init", "-i", work / "peer.qdpx"]))
    return project


def apart(ours: dict[K, int], theirs: dict[K, int], dropped: int) -> int:
    """How much more the other side counts: no more than codings without a letter or digit."""
    assert ours.keys() == theirs.keys()
    more = [theirs[key] - ours[key] for key in ours]
    assert min(more) >= 0
    assert sum(more) <= dropped
    return sum(more)


def their_counts(output: bytes) -> dict[str, int]:
    """Code → coded lines, as the peer prints them."""
    rows = [line.split("\t") for line in output.decode().splitlines()[1:]]
    return {row[0].strip().replace(" ", "_"): int(row[1]) for row in rows}


def their_pairs(output: bytes) -> dict[tuple[str, str], int]:
    """Two codes → lines with both; the peer prints a triangle, codes numbered."""
    rows = [line.split("\t") for line in output.decode().splitlines()[1:]]
    names = [row[1].strip().replace(" ", "_") for row in rows]
    return {
        (name, names[j]): int(row[2 + j])
        for i, (name, row) in enumerate(zip(names, rows, strict=True))
        for j in range(i + 1, len(names))
    }


def whole(size: Size, path: Path) -> None:
    """Print both commands from start to end beside the peer's, and check the answers."""
    ask = ["--source", f"coder:{CODER}", "--include-moderator", "--json"]
    themes = [sys.executable, "-m", "qualcode", "themes"]
    frequency = [*themes, "frequency", str(path), *ask]
    pairs = [*themes, "cooccurrence", str(path), "--relation", "turn", *ask]
    count, cross = {"qualcode": frequency}, {"qualcode": pairs}
    qc = peer("qualitative-coding", "qc")
    with tempfile.TemporaryDirectory() as folder:
        if qc:
            python = str(PEERS / "qualitative-coding" / "bin" / "python")
            version = "from importlib.metadata import version as v; print(v('qualitative-coding'))"
            print("qualitative-coding", run([python, "-c", version]).output.decode().strip())
            theirs = peer_project(Path(folder), size, qc)
            asked = ["-c", CODER, "-m", "tsv", "-z"]
            count["qualitative-coding"] = shell(["cd", theirs], [qc, "codes", "stats", *asked])
            cross["qualitative-coding"] = shell(["cd", theirs], [qc, "codes", "crosstab", *asked])
        print("frequencies (at most 1/3 of the peer)")
        counts = interleave(count, rounds=ROUNDS)
        report(counts)
        print("pairs within a turn")
        crossed = interleave(cross, rounds=ROUNDS)
        report(crossed)
    if qc:
        answer = json.loads(counts["qualcode"][0].output)
        dropped = next((int(n.split()[0]) for n in answer["notes"] if "no letter" in n), 0)
        turns = {row["code"]: row["turns"] for row in answer["rows"]}
        lines = their_counts(counts["qualitative-coding"][0].output)
        less = apart(turns, lines, dropped)
        answer = json.loads(crossed["qualcode"][0].output)
        both = {(row["code_a"], row["code_b"]): row["n"] for row in answer["rows"]}
        met = their_pairs(crossed["qualitative-coding"][0].output)
        fewer = apart(both, met, dropped * len(turns))
        print(
            f"turns per code {sum(turns.values()):,} here, {less} more there; turns per pair "
            f"{sum(both.values()):,} here, {fewer} more there ({dropped} codings are of "
            "punctuation alone, which counts for nothing here)"
        )
    print("peer absent: QualCoder (needs a desktop)")


def main(size: Size) -> None:
    """Print costs from start to end, then the kernels with what stands beside them."""
    circumstances("qualcode")
    path = project_file(size)
    whole(size, path)
    command = [sys.executable, "-m", "benchmarks.themes", str(path)]
    found: Sequence[dict[str, Any]] = [json.loads(run(command).output) for _ in range(ROUNDS)]
    print(f"kernels, {found[0]['codings']:,} codings")

    def of(name: str) -> list[float]:
        return [one[name] for one in found]

    for name in ("fetch", "group by", "joined group by", "frequencies", "overlap", "turn", "near"):
        print(f"{name:24} cpu {spread(of(name))}")
    for floor in ("group by", "joined group by"):
        print(f"frequencies / {floor}: {ratio(of('frequencies'), of(floor)):.2f} (at most 3)")
    for relation in ("overlap", "turn", "near"):
        print(
            f"{relation} / fetching the spans: {ratio(of(relation), of('fetch')):.2f} (at most 4)"
        )
    for name in ("frequencies", "overlap", "turn", "near"):
        print(f"{name}: all / half the documents {ratio(of(name), of(f'{name} of half')):.2f}")


if __name__ == "__main__":
    print(json.dumps(kernels(Path(sys.argv[1]))))
