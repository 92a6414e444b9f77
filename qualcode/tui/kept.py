"""What is kept for the user outside every project, in small JSON files of their state folder.

Each is readable by its owner alone, and is replaced whole: a crash leaves the former one.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from platformdirs import user_state_dir


def state_file(name: str) -> Path:
    """The file of this name for this user on this machine."""
    return Path(user_state_dir("qualcode", appauthor=False)) / name


def kept(file: Path, part: str) -> dict[str, object]:
    """What the file holds as this part; nothing where it was never kept, or is damaged."""
    return looked_up(file, part)[0]


def looked_up(file: Path, part: str) -> tuple[dict[str, object], str]:
    """As ``kept``, with what is wrong with the file, in a sentence; "" for nothing."""
    try:
        held = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}, ""
    except (OSError, json.JSONDecodeError, UnicodeDecodeError) as error:
        return {}, f"{file} cannot be read: {error}."
    found = held.get(part) if isinstance(held, dict) else None
    if not isinstance(found, dict) or held.get("format") != _format(part):
        return {}, f"{file} is not in the form of {_format(part)}."
    return dict(found), ""


def keep(file: Path, part: str, held: Mapping[str, object]) -> None:
    """Replace what the file holds.

    Raises:
        OSError: it could not be written; the file is as it was.
    """
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=file.parent, prefix=f".{file.stem}-")  # made 0600
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        json.dump({"format": _format(part), part: held}, out)
    os.replace(temporary, file)


def _format(part: str) -> str:
    return f"qualcode.{part}/1"
