"""P4: Cohen's kappa of all codes for two coders, character by character.

Ours cuts the texts where a coding begins or ends and weighs the pieces; QualCoder counts every
character of every document for every code. QualCoder needs a desktop, so its part here is the loop
it publishes (``calculate_agreement_for_code``, 3.x), written anew over a table like its own and
without its windows: a stand-in, which favours it. It counts a character twice that one coder gave
a code twice; both sides therefore get the united spans. The four cells of every code are checked to
be the same. The kappa of QualCoder's own formula is shown beside: it multiplies the two parts of
chance agreement where they must be added, and leaves out what nobody coded.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Sequence
from pathlib import Path
from time import process_time
from typing import Any

from benchmarks.apply_coding import project_file
from benchmarks.harness import circumstances, ratio, run, spread
from benchmarks.workload import Size

PAIR = ("ana", "ben")
ROUNDS = 5
SPANS = """
SELECT document.name, coder.name, code.code, coding.start, coding.stop FROM coding
JOIN document ON document.pk = coding.document_pk JOIN coder ON coder.pk = coding.coder_pk
JOIN code ON code.pk = coding.code_pk WHERE coder.name IN (?, ?)
"""
CODE_TEXT = """
CREATE TABLE code_text (ctid INTEGER PRIMARY KEY, cid INTEGER, fid INTEGER, pos0 INTEGER,
  pos1 INTEGER, owner TEXT, UNIQUE (cid, fid, pos0, pos1, owner))
"""

Rows = Sequence[tuple[str, str, str, int, int]]
"""Document, coder, code, start, stop."""


def fetched(path: Path) -> tuple[Rows, dict[str, int]]:
    """The spans of the pair, and every document's length."""
    connection = sqlite3.connect(path)
    rows = connection.execute(SPANS, PAIR).fetchall()
    lengths = dict(connection.execute("SELECT name, length(text) FROM document").fetchall())
    connection.close()
    return rows, lengths


def ours(rows: Rows, lengths: dict[str, int]) -> dict[str, Any]:
    """Kappa of every code."""
    from qualcode.reliability.coefficients import cohen_kappa, pair_table
    from qualcode.reliability.units import Placed, UnitRow, characters_of, rate

    placed = list(map(Placed._make, rows))
    codes = sorted({one.code for one in placed})
    texts = [UnitRow(name, 0, length) for name, length in lengths.items()]
    rated = rate(
        characters_of(texts, list(lengths), placed),
        placed,
        coders=PAIR,
        codes=codes,
        finished={(name, coder) for name in lengths for coder in PAIR},
        texts={},
    )
    counts = rated.counts()
    kappa = cohen_kappa(counts)
    cells = pair_table(counts, (0, 1)).reshape(len(codes), 4).astype(int).tolist()
    return {
        "cells": dict(zip(codes, cells, strict=True)),
        "kappa": {code: one.value for code, one in zip(codes, kappa, strict=True)},
    }


def theirs(rows: Rows, lengths: dict[str, int]) -> tuple[float, dict[str, Any]]:
    """CPU seconds and result of QualCoder's way, its table made beforehand."""
    names, codes = list(lengths), sorted({code for _, _, code, _, _ in rows})
    connection = sqlite3.connect(":memory:")
    connection.execute(CODE_TEXT)
    connection.executemany(
        "INSERT INTO code_text (cid, fid, pos0, pos1, owner) VALUES (?, ?, ?, ?, ?)",
        [(codes.index(c), names.index(d), a, b, who) for d, who, c, a, b in united(rows)],
    )
    began = process_time()
    cells, kappas = {}, {}
    for cid, code in enumerate(codes):
        first = second = both = single = neither = 0
        for fid, length in enumerate(lengths.values()):
            marks = [0] * length
            for owner in PAIR:
                coded = connection.execute(
                    "SELECT pos0, pos1, fid FROM code_text WHERE fid=? AND cid=? AND owner=?",
                    (fid, cid, owner),
                ).fetchall()
                for start, stop, _ in coded:
                    for at in range(start, stop):
                        marks[at] += 1
                        if owner == PAIR[0]:
                            first += 1
                        else:
                            second += 1
            for mark in marks:
                if mark == 0:
                    neither += 1
                if mark == 1:
                    single += 1
                if mark == 2:
                    both += 1
        assert single == first + second - 2 * both
        cells[code] = [neither, second - both, first - both, both]
        any_ = first + second - both
        chance = first / any_ * second / any_ * (any_ - first) / any_ * (any_ - second) / any_
        kappas[code] = (both / any_ - chance) / (1 - chance)
    return process_time() - began, {"cells": cells, "kappa": kappas}


def united(rows: Rows) -> Rows:
    """The same spans, those of one coder and code that overlap or touch made one."""
    from qualcode.model import Span
    from qualcode.spans import unite

    of: dict[tuple[str, str, str], list[Span]] = {}
    for document, coder, code, start, stop in rows:
        of.setdefault((document, coder, code), []).append(Span(start, stop))
    return [(*key, span.start, span.stop) for key, spans in of.items() for span in unite(spans)]


def listed(path: Path) -> float:
    """CPU seconds of the codings as the project gives them, with everything a screen shows."""
    import qualcode

    with qualcode.open(path) as project:
        began = process_time()
        project.codings.list()
        return process_time() - began


def timed(rows: Rows, lengths: dict[str, int]) -> tuple[float, dict[str, Any]]:
    """The least CPU seconds of three runs of ours."""
    seconds = []
    for _ in range(3):
        began = process_time()
        found = ours(rows, lengths)
        seconds.append(process_time() - began)
    return min(seconds), found


def side(name: str, path: Path) -> dict[str, Any]:
    """One side, as its process prints it."""
    began = process_time()
    rows, lengths = fetched(path)
    fetching = process_time() - began
    if name == "stand-in":
        seconds, found = theirs(rows, lengths)
        return {"seconds": seconds, **found}
    seconds, found = timed(rows, lengths)
    fewer, _ = timed(rows[::2], lengths)
    longer, _ = timed(rows, {name: 10 * length for name, length in lengths.items()})
    return {
        "seconds": seconds, "fetching": fetching, "listing": listed(path), "half": fewer,
        "longer": longer, "spans": len(rows), "characters": sum(lengths.values()), **found,
    }  # fmt: skip


def main(size: Size) -> None:
    """Print costs, ratios and growth; beyond size S the stand-in runs once, it takes long."""
    circumstances("qualcode", "numpy")
    path = project_file(size)
    command = [sys.executable, "-m", "benchmarks.kappa"]
    mine: list[dict[str, Any]] = []
    peer: list[dict[str, Any]] = []
    for at in range(ROUNDS):
        mine.append(json.loads(run([*command, "ours", str(path)]).output))
        if size == "S" or not at:
            peer.append(json.loads(run([*command, "stand-in", str(path)]).output))
    one, other = mine[0], peer[0]
    print(f"{one['spans']:,} spans of {len(PAIR)} coders, {one['characters']:,} characters")
    seconds = [run_["seconds"] for run_ in mine]
    theirs_ = [run_["seconds"] for run_ in peer]
    print(f"ours           cpu {spread(seconds)}")
    print(f"QualCoder loop cpu {spread(theirs_)} (stand-in: peer absent)")
    few = ratio(theirs_, seconds[: len(theirs_)])
    print(f"QualCoder's loop / ours: {few:.0f} (at least 100)")
    for what, name in (("fetching", "fetching the spans"), ("listing", "codings.list()")):
        times = ratio(seconds, [run_[what] for run_ in mine])
        print(f"ours / {name}: {times:.2f}{' (at most 4)' if what == 'fetching' else ''}")
    print(f"half the spans: {ratio([m['half'] for m in mine], seconds):.2f}")
    print(f"texts ten times as long: {ratio([m['longer'] for m in mine], seconds):.2f}")
    assert one["cells"] == other["cells"]
    print(f"the cells of {len(one['cells'])} codes are the same on both sides")
    apart = [other["kappa"][code] - one["kappa"][code] for code in one["kappa"]]
    print(f"QualCoder's formula less kappa: {min(apart):+.3f} to {max(apart):+.3f}")


if __name__ == "__main__":
    print(json.dumps(side(sys.argv[1], Path(sys.argv[2]))))
