"""``python -m qualcode`` and the console script ``qualcode``."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and leave with its exit code."""
    from qualcode.cli import cli

    sys.exit(cli.main(prog_name="qualcode", standalone_mode=True))


if __name__ == "__main__":
    main()
