"""P12: a cursor move in a transcript: our view, ``TextArea``, a ``Static`` for each turn.

Each run is a process of its own with one full-screen widget on 120 × 40 cells, drawn to a terminal
that only counts bytes. It prints the CPU time of one move, and the bytes of a move and of a page.
``TextArea`` is measured as it is, and with every coding as one of its highlights.
What Textual spends on any key, even one that changes nothing, is measured beside it: it is the
same for all widgets, so the ratio is also given without it. First paint is the CPU time from
showing the text to the first frame at rest, and memory what the process has gained by then.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
from collections.abc import Sequence
from itertools import islice
from resource import RUSAGE_SELF, getrusage
from time import process_time
from typing import TYPE_CHECKING

from benchmarks.harness import circumstances, ratios, run, spread
from benchmarks.screen_peers import marked_area, static_turns
from benchmarks.workload import documents

if TYPE_CHECKING:
    from textual.app import App
    from textual.widget import Widget

    from qualcode.model import Coding, Transcript

ROUNDS = 5
CODES = 40
MOVES = ["right", "right", "down", "right", "left", "up", "down", "left"] * 20
IDLE = ["o"] * len(MOVES)
"""The other end of a selection, where there is none: a key that changes nothing."""

PAGES = ["pagedown", "pageup"] * 5
WAIT = 0.02
"""Seconds between two keys: longer than Textual takes to draw one."""


def study(words: int) -> tuple[Transcript, list[Coding]]:
    """One invented document of so many words (in ten thousands), coded by one coder."""
    from qualcode.model import Block, Coding, Document, Span, Transcript, Turn

    text, codings = "", list[Coding]()
    for made in islice(documents("M"), words // 10_000):
        for coder, code, start, stop in made.codings:
            if coder == "ana":
                span = Span(len(text) + start, len(text) + stop)
                codings.append(Coding(f"k{len(codings)}", "d", coder, "r", code, span))
        text += made.text
    blocks, sentences = [], []
    for n, line in enumerate(re.finditer(r"(\w+): (.+)", text), 1):
        turn = Turn(n, line[1], line[1], line.start(2), line.end(2))
        blocks.append(Block(turn.start, turn.stop, turn))
        for unit in re.finditer(r"\S.*?(?:\. |$)", line[2]):
            sentences.append(Span(turn.start + unit.start(), turn.start + unit.end()))
    document = Document("d", "D", "", "en", "text/plain", None, None, len(text), "")
    turns = tuple(block.turn for block in blocks if block.turn is not None)
    return Transcript(document, text, turns, tuple(blocks), tuple(sentences)), codings


def screen(widget: Widget, written: list[int]) -> App[None]:
    """An app that shows one widget; what it sends to its terminal is counted."""
    from textual.app import App, ComposeResult
    from textual.drivers.headless_driver import HeadlessDriver

    class Counted(HeadlessDriver):
        @property
        def is_headless(self) -> bool:
            return False  # a headless app draws, but sends nothing

        def write(self, data: str) -> None:
            written[0] += len(data.encode())

    class Screen(App[None]):
        def compose(self) -> ComposeResult:
            yield widget

    return Screen(driver_class=Counted)


async def measure(kind: str, words: int) -> dict[str, float]:
    """What a widget costs from its first paint on, in the middle of the text.

    Returns:
        Milliseconds of CPU for the first paint and for one move; megabytes gained by the first
        paint; bytes for one move and for one page.
    """
    from textual.widgets import TextArea

    from qualcode.tui.widgets.document_view import DocumentView
    from qualcode.tui.widgets.transcript_view import ShownCode, TranscriptView

    transcript, codings = study(words)
    written = [0]
    memory, begun = getrusage(RUSAGE_SELF).ru_maxrss, process_time()
    shown: Widget
    if kind == "Static":
        shown = static_turns(transcript, MOVES)
    elif kind == "TextArea":
        shown = TextArea(transcript.text, soft_wrap=True)
    elif kind == "marked":
        shown = marked_area(transcript, codings)
    else:
        shown = TranscriptView()
    app = screen(shown, written)
    async with app.run_test(headless=False, size=(120, 40)) as pilot:
        shown.focus()
        if isinstance(shown, TranscriptView):
            names = sorted({coding.code_id for coding in codings})
            codes = {name: ShownCode(name, "1", name, "#E69F00") for name in names}
            shown.set_layout(16, 5, 16)
            middle = len(transcript.text) // 2
            shown.show(DocumentView(transcript), codings, codes, position=middle)
        elif isinstance(shown, TextArea):
            shown.move_cursor((shown.document.line_count // 2, 0))
        else:
            shown.scroll_to(y=shown.max_scroll_y // 2, animate=False)
        await pilot.pause()
        paint = (process_time() - begun) * 1000
        gained = (getrusage(RUSAGE_SELF).ru_maxrss - memory) / 1024
        cpu, move_bytes = await _press(app, IDLE if kind == "idle key" else MOVES, written)
        _, page_bytes = await _press(app, PAGES, written)
    return {
        "cpu": cpu, "paint": paint, "memory": gained, "move": move_bytes, "page": page_bytes,
    }  # fmt: skip


async def _press(app: App[None], keys: Sequence[str], written: list[int]) -> tuple[float, float]:
    from textual import events

    for key in keys[:8]:
        app.post_message(events.Key(key, None))
        await asyncio.sleep(WAIT)
    before, bytes_before = process_time(), written[0]
    for key in keys:
        app.post_message(events.Key(key, None))
        await asyncio.sleep(WAIT)
    taken = (process_time() - before) * 1000 / len(keys)
    return taken, (written[0] - bytes_before) / len(keys)


def main(size: str) -> None:
    """Print the costs of a move at 20,000 and 200,000 words, and the ratios."""
    circumstances("qualcode", "textual")
    sides = [
        ("ours", 20_000), ("TextArea", 20_000), ("idle key", 20_000), ("ours", 200_000),
        ("TextArea", 200_000), ("Static", 20_000), ("marked", 20_000), ("marked", 200_000),
    ]  # fmt: skip
    found: dict[tuple[str, int], list[dict[str, float]]] = {side: [] for side in sides}
    for n in range(ROUNDS + 1):
        for kind, words in sides:
            command = [sys.executable, "-m", "benchmarks.cursor_move", kind, str(words)]
            result = json.loads(run(command).output)
            if n:  # the first round only warms the file cache
                found[kind, words].append(result)
    for (kind, words), runs in found.items():
        print(
            f"{kind:9}{words:8,} words  ms CPU per move {spread([r['cpu'] for r in runs])}"
            f"  first paint {spread([r['paint'] for r in runs])}"
            f"  MB gained {spread([r['memory'] for r in runs])}"
            f"  bytes per move {runs[0]['move']:.0f}, per page {runs[0]['page']:.0f}"
        )
    cpu = {side: [r["cpu"] for r in runs] for side, runs in found.items()}
    paints = {side: [r["paint"] for r in runs] for side, runs in found.items()}
    ours, idle, area = (cpu[kind, 20_000] for kind in ("ours", "idle key", "TextArea"))
    net_ours = [move - key for move, key in zip(ours, idle, strict=True)]
    net_area = [move - key for move, key in zip(area, idle, strict=True)]
    _say("move, ours / TextArea, 20,000 words", ours, area, "at most .25")
    _say("the same without the idle key", net_ours, net_area)
    _say("move, ours / TextArea with highlights", ours, cpu["marked", 20_000])
    _say("move, ours / a Static a turn", ours, cpu["Static", 20_000])
    _say("move, 200,000 / 20,000 words", cpu["ours", 200_000], ours, "at most 1.3")
    for words, most in ((20_000, ".9"), (200_000, ".35")):
        for peer in ("TextArea", "marked"):
            what = f"first paint, ours / {peer}, {words:,} words"
            most_here = f"at most {most}" if peer == "TextArea" else ""
            _say(what, paints["ours", words], paints[peer, words], most_here)
    runs = found["ours", 20_000]
    _say("bytes, a move / a page", [r["move"] for r in runs], [r["page"] for r in runs])


def _say(what: str, ours: Sequence[float], theirs: Sequence[float], goal: str = "") -> None:
    print(f"{what:45} {spread(ratios(ours, theirs))}  {goal}".rstrip())


if __name__ == "__main__":
    print(json.dumps(asyncio.run(measure(sys.argv[1], int(sys.argv[2])))))
