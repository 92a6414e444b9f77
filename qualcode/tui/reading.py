"""How far a coder has read, kept outside the project: it is no part of the record.

One file in the user's state folder. It holds ids and numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from qualcode.tui.kept import keep, kept, state_file

PART = "places"


@dataclass(frozen=True, slots=True)
class Place:
    """Where one coder is in one document."""

    furthest: int = 0
    """Number of the furthest turn (or paragraph) reached; 0 before the first."""

    position: int = 0
    """Where the cursor stood last, in characters."""


class ReadingPlaces:
    """The places of one coder in the documents of one project."""

    def __init__(self, project_id: str, coder: str, file: Path | None = None) -> None:
        self._project, self._coder = project_id, coder
        self._file = file or state_file("reading.json")

    def get(self, document_id: str, round_id: str) -> Place:
        """Where the coder is in the document in a round; the beginning if nothing is known."""
        found = kept(self._file, PART).get(self._key(document_id, round_id))
        if not isinstance(found, list) or [type(n) for n in found] != [int, int]:
            return Place()
        return Place(max(0, found[0]), max(0, found[1]))

    def put(self, document_id: str, round_id: str, place: Place) -> None:
        """Keep the place."""
        places = kept(self._file, PART)
        places[self._key(document_id, round_id)] = [place.furthest, place.position]
        keep(self._file, PART, places)

    def _key(self, document_id: str, round_id: str) -> str:
        return f"{self._project}/{document_id}/{round_id}/{self._coder}"
