"""P12: the whole coding screen: a cursor move, and a code applied and stored.

Each run is a process of its own with our app on a copy of the project, drawn to a terminal of
120 × 40 cells that only counts bytes. After each key it waits until the act is stored and drawn,
and the lines around the text have followed; the CPU time of all threads until then is that key's.
Every application is one durable commit, on a sentence of its own. What Textual spends on any key,
even one that changes nothing, is measured beside both. The bare widget is ``cursor_move``'s.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import statistics
import sys
import tempfile
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING

from benchmarks.harness import circumstances, ratios, run, spread

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.workload import Size
    from qualcode.tui.app import QualcodeApp

ROUNDS = 5
ACTS = 40
MOVES = ["right", "right", "down", "right", "left", "up", "down", "left"] * (ACTS // 8)
PAGES = ["pagedown", "pageup"] * 5
RESTS = 0.12
"""Seconds after which the lines around the text have followed."""


async def measure(project: Path) -> dict[str, float]:
    """What keys cost on the first document of a project, in the middle of the text.

    Returns:
        Milliseconds of CPU, the median of each kind of key; bytes for one move and one page.
    """
    from textual.drivers.headless_driver import HeadlessDriver

    from qualcode.project import open as open_project
    from qualcode.tui.app import QualcodeApp
    from qualcode.tui.coding import CodingScreen

    written = [0]

    class Counted(HeadlessDriver):
        @property
        def is_headless(self) -> bool:
            return False  # a headless app draws, but sends nothing

        def write(self, data: str) -> None:
            written[0] += len(data.encode())

    with open_project(project, coder="ana") as opened:
        ana, document = opened.acting("ana"), opened.documents.list()[0]
        round_ = opened.rounds.named(f"round {document.name}")
        opened.rounds.reopen_document(round_.id, document.id, ana.id, by=ana)
    app = QualcodeApp(project, coder="ana", document=document.name)
    app.driver_class = Counted
    async with app.run_test(headless=False, size=(120, 40)):
        screen = app.screen
        assert isinstance(screen, CodingScreen)
        while screen.desk is None:
            await asyncio.sleep(0.05)
        await asyncio.sleep(1)
        screen.text.go_to(len(screen.desk.view.text) // 2)
        await _cost(app, "o")
        idle = [await _cost(app, "o") for _ in range(ACTS)]  # nothing is selected: no other end
        before = written[0]
        moves = [await _cost(app, key) for key in MOVES]
        move_bytes = (written[0] - before) / len(MOVES)
        before = written[0]
        for key in PAGES:
            await _cost(app, key)
        page_bytes = (written[0] - before) / len(PAGES)
        codings, applied = len(screen.desk.codings), list[float]()
        for _ in range(ACTS):
            await _cost(app, "right_parenthesis")  # the next sentence
            applied.append(await _cost(app, "1"))
        assert abs(len(screen.desk.codings) - codings) > ACTS // 2  # the same again removes
    return {
        "idle": statistics.median(idle), "move": statistics.median(moves),
        "apply": statistics.median(applied), "move bytes": move_bytes, "page bytes": page_bytes,
    }  # fmt: skip


async def _cost(app: QualcodeApp, key: str) -> float:
    """Milliseconds of CPU from a key until all it leads to is done."""
    from textual import events

    before = process_time()
    app.post_message(events.Key(key, None))
    await asyncio.sleep(RESTS)
    while app.busy:
        await asyncio.sleep(RESTS)
    return (process_time() - before) * 1000


def main(size: Size) -> None:
    """Print what keys cost and the ratios."""
    from benchmarks.apply_coding import project_file

    circumstances("qualcode", "textual")
    found, bare = list[dict[str, float]](), list[dict[str, float]]()
    path = project_file(size)
    widget = [sys.executable, "-m", "benchmarks.cursor_move", "ours", "20000"]
    for n in range(ROUNDS + 1):
        with tempfile.TemporaryDirectory(dir=path.parent) as folder:
            copy = shutil.copy(path, folder)
            command = [sys.executable, "-m", "benchmarks.coding_screen", str(copy)]
            result = json.loads(run(command).output)
        alone = json.loads(run(widget).output)
        if n:  # the first round only warms the file cache
            found.append(result)
            bare.append(alone)
    for kind in ("idle", "move", "apply"):
        print(f"{kind:6} ms CPU {spread([r[kind] for r in found])}")
    print(f"the bare widget, a move, ms CPU {spread([r['cpu'] for r in bare])}")
    moves, acts = [r["move"] for r in found], [r["apply"] for r in found]
    idle = [r["idle"] for r in found]
    _say("apply and commit / move", acts, moves, "at most 3")
    net_acts = [act - key for act, key in zip(acts, idle, strict=True)]
    net_moves = [move - key for move, key in zip(moves, idle, strict=True)]
    _say("the same without the idle key", net_acts, net_moves)
    _say("move, whole app / bare widget", moves, [r["cpu"] for r in bare], "at most 2")
    moved, paged = [r["move bytes"] for r in found], [r["page bytes"] for r in found]
    _say("bytes, a move / a page", moved, paged, "at most .08")


def _say(what: str, ours: Sequence[float], theirs: Sequence[float], goal: str = "") -> None:
    print(f"{what:32} {spread(ratios(ours, theirs))}  {goal}".rstrip())


if __name__ == "__main__":
    print(json.dumps(asyncio.run(measure(Path(sys.argv[1])))))
