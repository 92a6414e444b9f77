"""Reading 5,000 cues of WebVTT: ours against webvtt-py and pysubs2.

Every side reads a file and joins the words of its cues; ours also finds who speaks, merges cues
into turns and composes the text. The cues hold what every parser agrees on, so the words are
checked to be the same: a label `Name: ` at the start of a cue, which the others leave in the
words, is taken off.
"""

from __future__ import annotations

import hashlib
import random
import sys
import tempfile
from pathlib import Path

from benchmarks.harness import PEERS, circumstances, interleave, ratio, report, run
from benchmarks.workload import vocabulary

CUES = 5_000
OURS = """
import sys
from qualcode.importers import examine
sys.stdout.write(" ".join(examine(sys.argv[1]).text.split()))
"""
WEBVTT = """
import sys, webvtt
sys.stdout.write(" ".join(" ".join(c.text for c in webvtt.read(sys.argv[1])).split()))
"""
PYSUBS2 = """
import sys, pysubs2
lines = pysubs2.load(sys.argv[1], format_="vtt")
sys.stdout.write(" ".join(" ".join(line.plaintext for line in lines).split()))
"""
KERNEL = """
import sys
from time import process_time
{setup}
best = 9.0
for _ in range(3):
    began = process_time()
    {call}
    best = min(best, process_time() - began)
print(best)
"""
"""Only the reading, the best of three in one process: what starting costs is another question."""


def stamp(seconds: float) -> str:
    """``HH:MM:SS.mmm``."""
    minutes, rest = divmod(seconds, 60)
    return f"{int(minutes) // 60:02}:{int(minutes) % 60:02}:{rest:06.3f}"


def captions(cues: int, *, seed: int = 1) -> str:
    """Captions without speakers: one cue of 4 to 12 words every three seconds."""
    rng = random.Random(seed)
    words = vocabulary(rng, 2000)
    parts = ["WEBVTT"]
    for n in range(cues):
        said = " ".join(rng.choices(words, k=rng.randrange(4, 13)))
        parts.append(f"{n + 1}\n{stamp(n * 3)} --> {stamp(n * 3 + 2.5)}\n{said}.")
    return "\n\n".join(parts) + "\n"


def main(size: str) -> None:
    """Print the costs of whole processes and of reading alone, and how ours grows."""
    circumstances("qualcode")
    peers = PEERS / "captions" / "bin" / "python"
    with tempfile.TemporaryDirectory() as folder:
        file, double = Path(folder) / "a.vtt", Path(folder) / "b.vtt"
        file.write_text(captions(CUES), encoding="utf-8")
        double.write_text(captions(2 * CUES), encoding="utf-8")
        commands = {"qualcode": [sys.executable, "-c", OURS, str(file)]}
        if peers.exists():
            commands["webvtt-py"] = [str(peers), "-c", WEBVTT, str(file)]
            commands["pysubs2"] = [str(peers), "-c", PYSUBS2, str(file)]
        else:
            print("peer absent: captions (benchmarks/peers.sh installs it)")
        costs = interleave(commands)
        report(costs)
        for name, runs in costs.items():
            print(f"{name:24} words {hashlib.sha256(runs[0].output).hexdigest()[:16]}")
        calls = {
            "qualcode": ("from qualcode.importers import examine", "examine(sys.argv[1])"),
            "webvtt-py": ("import webvtt", "list(webvtt.read(sys.argv[1]))"),
            "pysubs2": ("import pysubs2", "pysubs2.load(sys.argv[1], format_='vtt')"),
        }
        taken: dict[str, list[float]] = {name: [] for name in commands}
        grown: list[float] = []
        for _ in range(5):
            for name, command in commands.items():
                setup, call = calls[name]
                program = KERNEL.format(setup=setup, call=call)
                taken[name].append(float(run([command[0], "-c", program, str(file)]).output))
            program = KERNEL.format(setup=calls["qualcode"][0], call=calls["qualcode"][1])
            grown.append(float(run([sys.executable, "-c", program, str(double)]).output))
        print("reading alone")
        for name, seconds in taken.items():
            print(f"{name:24} cpu {min(seconds):.4f} / {max(seconds):.4f}")
            if name != "qualcode":
                print(f"{name + ' / ours':24} {ratio(seconds, taken['qualcode']):.2f}")
        print(f"ours, {2 * CUES:,} / {CUES:,} cues {ratio(grown, taken['qualcode']):.2f}")
