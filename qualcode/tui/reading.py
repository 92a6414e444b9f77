"""How far a coder has read, kept outside the project: it is no part of the record.

One JSON file in the user's state folder, readable by its owner alone. It holds ids and numbers.
"""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_state_dir

FORMAT = "qualcode.reading/1"


@dataclass(frozen=True, slots=True)
class Place:
    """Where one coder is in one document."""

    furthest: int = 0
    """Number of the furthest turn (or paragraph) reached; 0 before the first."""

    position: int = 0
    """Where the cursor stood last, in characters."""


def state_file() -> Path:
    """The file that holds the places of this user on this machine."""
    return Path(user_state_dir("qualcode", appauthor=False)) / "reading.json"


class ReadingPlaces:
    """The places of one coder in the documents of one project."""

    def __init__(self, project_id: str, coder: str, file: Path | None = None) -> None:
        self._project, self._coder = project_id, coder
        self._file = file or state_file()

    def get(self, document_id: str, round_id: str) -> Place:
        """Where the coder is in the document in a round; the beginning if nothing is known."""
        found = self._load().get(self._key(document_id, round_id))
        if not isinstance(found, list) or [type(n) for n in found] != [int, int]:
            return Place()
        return Place(max(0, found[0]), max(0, found[1]))

    def put(self, document_id: str, round_id: str, place: Place) -> None:
        """Keep the place; the file is replaced whole, so a crash leaves the former one."""
        places = self._load()
        places[self._key(document_id, round_id)] = [place.furthest, place.position]
        folder = self._file.parent
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=folder, prefix=".reading-")  # made 0600
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            json.dump({"format": FORMAT, "places": places}, out)
        os.replace(temporary, self._file)

    def _key(self, document_id: str, round_id: str) -> str:
        return f"{self._project}/{document_id}/{round_id}/{self._coder}"

    def _load(self) -> dict[str, object]:
        try:
            held = json.loads(self._file.read_text(encoding="utf-8"))
        except (FileNotFoundError, json.JSONDecodeError, UnicodeDecodeError):
            return {}  # never kept, or damaged: only the percentage read is lost
        if not isinstance(held, dict) or held.get("format") != FORMAT:
            return {}
        places = held.get("places")
        return dict(places) if isinstance(places, dict) else {}
