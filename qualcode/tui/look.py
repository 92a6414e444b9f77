"""Dark screens or light ones, as the user chose last; kept outside every project."""

from __future__ import annotations

import os
from typing import Literal, TypeAlias

from qualcode.tui.kept import keep, looked_up, state_file

Look: TypeAlias = Literal["dark", "light"]

FILE, PART = "screens.json", "screens"
OUTSIDE = "TEXTUAL_THEME"
"""Where it is set, this variable decides."""


def kept_look() -> tuple[Look | None, str]:
    """What the user chose last.

    Returns:
        None where nothing was chosen, or ``TEXTUAL_THEME`` decides; and what is wrong with the
        file, in a sentence, "" for nothing.
    """
    if os.environ.get(OUTSIDE):
        return None, ""
    file = state_file(FILE)
    held, problem = looked_up(file, PART)
    if problem:
        return None, f"{problem} The screens are dark."
    if "look" in held and held["look"] not in ("dark", "light"):
        return None, f'{file}: "look" must be "dark" or "light". The screens are dark.'
    return ("light" if held["look"] == "light" else "dark") if "look" in held else None, ""


def keep_look(look: Look) -> None:
    """Remember the choice for the next time.

    Raises:
        OSError: it could not be written; the file is as it was.
    """
    keep(state_file(FILE), PART, {"look": look})


def theme(look: Look, *, ansi: bool) -> str:
    """Name of Textual's theme; ``ansi`` where the terminal has 16 colours."""
    return f"ansi-{look}" if ansi else f"textual-{look}"
