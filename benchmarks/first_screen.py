"""P13: the first screen: starting qualcode on a project, and Textual itself with one paint.

Each run is a process of its own that ends the moment the words of its first frame have gone to
the terminal. The floor imports ``textual.app`` and paints one ``Static``. Ours draws the frame of
the project screen, as ``qualcode code`` does once it knows the coder; the project is read behind
it, so its size must not matter.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from textual.app import App
    from textual.driver import Driver

    from benchmarks.workload import Size

OPENING = "opening …"
"""What both frames say."""


def until_painted() -> type[Driver]:
    """A terminal of 120 × 40 cells that ends the process once it is told what frames say."""
    from textual.drivers.headless_driver import HeadlessDriver

    class UntilPainted(HeadlessDriver):
        @property
        def is_headless(self) -> bool:
            return False  # a headless app draws, but sends nothing

        def write(self, data: str) -> None:
            if OPENING in data:
                os._exit(0)  # what is read behind the frame is not measured

    return UntilPainted


def floor() -> App[None]:
    """The least app that says something."""
    from textual.app import App, ComposeResult
    from textual.widgets import Static

    class Least(App[None]):
        def compose(self) -> ComposeResult:
            yield Static(OPENING)

    return Least(driver_class=until_painted())


def ours(path: Path) -> App[int]:
    """Our screens on a project."""
    from qualcode.tui.app import QualcodeApp

    app = QualcodeApp(path, coder="ana")
    app.driver_class = until_painted()
    return app


def main(size: Size) -> None:
    """Print the costs and the ratios, for the smallest project and for the size asked."""
    from benchmarks.apply_coding import project_file  # here, so that no run pays for it
    from benchmarks.harness import circumstances, interleave, ratios, report, spread

    circumstances("qualcode", "textual")
    commands = {"floor": [sys.executable, "-m", "benchmarks.first_screen"]}
    for each in cast("list[Size]", ["S", *([] if size == "S" else [size])]):
        name = "qualcode" if each == "S" else f"qualcode, {each}"
        commands[name] = [*commands["floor"], str(project_file(each))]
    costs = interleave(commands, rounds=7)
    report(costs)
    for name, runs in costs.items():
        if name.startswith("qualcode"):
            found = ratios([run.cpu for run in runs], [run.cpu for run in costs["floor"]])
            print(f"{name} / floor  {spread(found)}  (at most 1.5)")


if __name__ == "__main__":
    shown = ours(Path(sys.argv[1])) if len(sys.argv) > 1 else floor()
    shown.run(size=(120, 40))
