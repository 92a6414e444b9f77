"""Deterministic invented studies of three sizes, shaped like focus-group transcripts.

Turns have a lognormal length around 22 words; words follow a Zipf law and carry what real
transcripts carry: abbreviations, ellipses, dashes, repairs, curly quotes, accents and emoji, so
that code points, bytes and UTF-16 units all differ. Three coders find a true segment with p = .8,
move a boundary with p = .3 and pick a neighbouring code with p = .1.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Size = Literal["S", "M", "L"]

DOCUMENTS: dict[Size, int] = {"S": 12, "M": 100, "L": 1000}
WORDS: dict[Size, int] = {"S": 8_000, "M": 10_000, "L": 10_000}
"""Words in one document."""

CODINGS: dict[Size, int] = {"S": 250, "M": 500, "L": 1000}
"""Codings in one document, all coders together."""

CODES = [f"theme_{n // 5}" if n % 5 == 0 else f"theme_{n // 5}_part_{n % 5}" for n in range(40)]
CODERS = ["ana", "ben", "cam"]
SPEAKERS = ["Moderator", "P1", "P2", "P3", "P4", "P5", "P6"]
ODD = [
    "Sgt. Reyes",
    "e.g.",
    "I, I mean",
    "um",
    "…",
    "—",
    "“right”",
    "café",
    "Núñez",
    "👍",
    "[laughs]",
]


@dataclass(frozen=True, slots=True)
class Made:
    """One invented document with its codings."""

    name: str
    text: str
    """As a transcript file would have it: a line ``LABEL: words`` per turn."""

    codings: list[tuple[str, str, int, int]]
    """``(coder, code, start, stop)`` in characters of ``text``."""


def vocabulary(rng: random.Random, size: int = 6000) -> list[str]:
    """Invented words, commonest first."""
    syllables = [c + v for c in "bdfghklmnprstvw" for v in "aeiou"]
    words: dict[str, None] = {}
    while len(words) < size:
        words["".join(rng.choices(syllables, k=rng.choice((1, 2, 2, 3))))] = None
    return list(words)


def documents(size: Size, *, seed: int = 1) -> Iterator[Made]:
    """Give the documents of a study, the same for the same size and seed."""
    rng = random.Random(f"{seed} {size}")
    words = vocabulary(rng)
    weights = [1 / (rank + 2.7) for rank in range(len(words))]
    for n in range(DOCUMENTS[size]):
        yield _document(rng, f"D{n:04d}", words, weights, size)


def _document(
    rng: random.Random, name: str, words: list[str], weights: list[float], size: Size
) -> Made:
    drawn = rng.choices(words, weights, k=WORDS[size])
    lines: list[str] = []
    turns: list[tuple[int, int]] = []
    at = used = 0
    while used < len(drawn):
        length = max(1, min(400, round(rng.lognormvariate(3.09, 0.9))))
        chunk = drawn[used : used + length]
        used += length
        for i in range(0, len(chunk), 9):
            if rng.random() < 0.15:
                chunk[i] = rng.choice(ODD)
            elif i:
                chunk[i] = f"{chunk[i]}."
        label = rng.choice(SPEAKERS)
        line = f"{label}: {' '.join(chunk)}."
        turns.append((at + len(label) + 2, at + len(line)))
        lines.append(line)
        at += len(line) + 1
    codings: set[tuple[str, str, int, int]] = set()
    while len(codings) < CODINGS[size]:
        start, stop = rng.choice(turns)
        if stop - start > 60:
            start += rng.randrange(0, (stop - start) // 2)
            stop = min(stop, start + rng.randrange(30, 260))
        code = rng.randrange(len(CODES))
        for coder in CODERS:
            if rng.random() < 0.8:
                moved = min(stop - 1, start + rng.randrange(0, 9) * (rng.random() < 0.3))
                other = (code + (rng.random() < 0.1)) % len(CODES)
                codings.add((coder, CODES[other], moved, stop))
    return Made(
        name, "\n".join(lines) + "\n", sorted(codings, key=lambda c: (c[2], c))[: CODINGS[size]]
    )


def build(path: Path, size: Size, *, seed: int = 1) -> None:
    """Write a project file of that size: one round, every document finished by every coder."""
    from qualcode.importers import read
    from qualcode.model import Code
    from qualcode.project import create

    folder = path.parent / f"{path.stem}-files"
    folder.mkdir(parents=True, exist_ok=True)
    with create(path, title=f"Invented study {size}", coder="ana") as project:
        by = project.acting("ana")
        project.codebook.import_codes(
            [Code(id="", code=code, brief="Invented.", position=n) for n, code in enumerate(CODES)],
            by=by,
        )
        for made in documents(size, seed=seed):
            file = folder / f"{made.name}.txt"
            file.write_text(made.text, encoding="utf-8")
            project.documents.add(read(file), made.name, by=by, source_name=file.name)
            codings = [
                {
                    "line": n, "file": "workload", "document": made.name, "start": start,
                    "stop": stop, "code": code, "coder": coder, "round": f"round {made.name}",
                    "memo": None, "valence": None, "exemplar": False, "disconfirming": False,
                }
                for n, (coder, code, start, stop) in enumerate(made.codings, 1)
            ]  # fmt: skip
            assignments = [
                {
                    "line": n, "file": "workload", "round": f"round {made.name}",
                    "purpose": "reliability", "codebook_version": None, "blind": False,
                    "state": "open", "document": made.name, "coder": coder,
                    "finished": "2025-01-01T00:00:00Z",
                }
                for n, coder in enumerate(CODERS, 1)
            ]  # fmt: skip
            project.import_codings(codings, assignments, [], by=by)
