"""``python -m qualcode`` and the console script ``qualcode``."""

from __future__ import annotations

import gc
import sys

RECORDS = 50_000
"""How many more objects there must be before Python looks for cycles among them. A study's codings
and turns come by the ten thousand and stay: looking through them after every 700, as Python does if
nobody says otherwise, takes a fifth of the time in which they are read."""


def main() -> None:
    """Run the command line and leave with its exit code."""
    from qualcode.cli import cli

    gc.set_threshold(RECORDS)
    sys.exit(cli.main(prog_name="qualcode", standalone_mode=True))


if __name__ == "__main__":
    main()
