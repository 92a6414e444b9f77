"""P1: what `--help` costs: ours, bare Python, `import click`, and the peers' own help."""

from __future__ import annotations

import subprocess
import sys

from benchmarks.harness import circumstances, interleave, peer, report

UNWANTED = ("pandas", "numpy", "spacy", "textual", "docx", "sqlite_utils", "sqlite3", "rich")


def main(size: str) -> None:
    """Print the costs, and which heavy modules the help has loaded (none)."""
    circumstances("qualcode", "click")
    commands = {
        "qualcode": [sys.executable, "-m", "qualcode", "--help"],
        "python": [sys.executable, "-c", "pass"],
        "import click": [sys.executable, "-c", "import click"],
    }
    for name, program, words in (
        ("qualitative-coding", "qc", ["--help"]),
        ("taguette", "taguette", ["--help"]),
    ):
        if path := peer(name, program):
            commands[name] = [path, *words]
    report(interleave(commands, rounds=7))
    loaded = subprocess.run(
        [
            sys.executable, "-c",
            "import sys; from qualcode.cli import cli\n"
            "try: cli.main(['--help'])\nexcept SystemExit: pass\n"
            f"print([m for m in {UNWANTED!r} if m in sys.modules], file=sys.stderr)",
        ],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    print("heavy modules loaded by --help:", loaded.stderr.strip())
