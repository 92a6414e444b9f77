"""The process of one visit: ``python -m qualcode.tui.serving.screens PROJECT CODER``.

The server has said in the environment how it draws (``TEXTUAL_DRIVER``).
"""

from __future__ import annotations

import sys
from pathlib import Path

from qualcode.tui.app import run

if __name__ == "__main__":
    sys.exit(run(Path(sys.argv[1]), coder=sys.argv[2]))
