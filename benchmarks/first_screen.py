"""P13: the first screen: starting qualcode on a document, and Textual itself with one paint.

Each run is a process of its own that ends once its first frame is drawn. The floor imports
``textual.app`` and paints an app with one empty widget. Ours opens the project screen's frame as
``qualcode code`` does; the project is read behind it, so its size must not matter.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import cast

from benchmarks.apply_coding import project_file
from benchmarks.harness import circumstances, interleave, ratio, report
from benchmarks.workload import Size


async def floor() -> None:
    """Paint an empty app once."""
    from textual.app import App

    app: App[None] = App()
    async with app.run_test(size=(120, 40)):
        os._exit(0)  # what is read behind the frame is not measured


async def ours(path: Path) -> None:
    """Paint the first frame of our screens once."""
    from qualcode.tui.app import QualcodeApp

    app = QualcodeApp(path, coder="ana")
    async with app.run_test(size=(120, 40)):
        os._exit(0)  # what is read behind the frame is not measured


def main(size: Size) -> None:
    """Print the costs and the ratios, for the smallest project and for the size asked."""
    circumstances("qualcode", "textual")
    commands = {"floor": [sys.executable, "-m", "benchmarks.first_screen"]}
    for each in cast("list[Size]", ["S", *([] if size == "S" else [size])]):
        name = "qualcode" if each == "S" else f"qualcode, {each}"
        commands[name] = [*commands["floor"], str(project_file(each))]
    costs = interleave(commands, rounds=7)
    report(costs)
    for name, runs in costs.items():
        if name.startswith("qualcode"):
            found = ratio([run.cpu for run in runs], [run.cpu for run in costs["floor"]])
            print(f"{name} / floor  {found:.3f}  (at most 1.5)")


if __name__ == "__main__":
    asyncio.run(ours(Path(sys.argv[1])) if len(sys.argv) > 1 else floor())
