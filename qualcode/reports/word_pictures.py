"""The pictures of a project as a part of its report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from qualcode.exporters.figures import draw
from qualcode.exporters.figures.canvas import MM
from qualcode.exporters.report import Figure, Figures, Part, Piece
from qualcode.reports.pictured import Picture
from qualcode.reports.plots import pictures
from qualcode.reports.word_matrices import ON_SCREEN

if TYPE_CHECKING:
    from qualcode.project import Project

WIDTH = 160.0
"""Millimetres between the margins of a page: drawn so wide, no type is made smaller."""

DPI = 220

AS_ABOVE = Piece(" Source and exclusions as in the table above.")


def figures_part(project: Project, **counts: Any) -> Figures:
    """Draw the pictures that belong into a report; of each other one the reason is said.

    Args:
        counts: As for ``reports.frequency``.
    """
    made, missing = pictures(project, **counts)
    note = project.layer.note()
    return Figures("Pictures", missing, pictures=[_figure(one, note) for one in made])


def beside(parts: Sequence[Part], drawn: Figures) -> list[Part]:
    """The parts, each picture below the table that it shows; the others in a part of their own."""
    left = {_shown(picture): picture for picture in drawn.pictures}
    made: list[Part] = []
    for part in parts:
        if isinstance(part, Figures):
            keys = dict.fromkeys(table.key.split(" ")[0] for table in part.tables)
            own = [_below(part, left.pop(key)) for key in keys if key in left]
            part = replace(part, pictures=[*part.pictures, *own])
        made.append(part)
    if left or drawn.sentences:
        made.append(replace(drawn, pictures=list(left.values())))
    return made


def _below(part: Figures, picture: Figure) -> Figure:
    """A picture that does not say again what the tables above it say."""
    said = "".join(piece.text for table in part.tables for piece in table.note)
    first, *notes = picture.note
    own = [piece for piece in notes if piece.text not in said]
    return picture if own == notes else replace(picture, note=[first, *own, AS_ABOVE])


def _shown(picture: Figure) -> str:
    """The kind of table that a picture shows."""
    name = picture.key.removeprefix("picture ")
    return "agreement" if name == "forest" else name


def _figure(picture: Picture, redactions: str | None) -> Figure:
    """A picture with its notes, a piece each, but for those on redactions, which the first page
    has, and on columns of the data.
    """
    drawn = draw(
        picture.drawing, ".png", title=picture.title, alt=picture.alt, width=WIDTH, dpi=DPI
    )
    said = [
        note
        for note in picture.table.notes
        if note != redactions and not note.startswith(ON_SCREEN)
    ]
    if drawn.replaced:
        signs = ", ".join(f"U+{ord(sign):04X}" for sign in drawn.replaced)
        said.append(f"Shown as numbers, for no installed font can draw them: {signs}.")
    return Figure(
        picture.title,
        picture.alt,
        drawn.data,
        WIDTH * MM,
        drawn.height * MM,
        [Piece("Note.", italic=True), *(Piece(f" {note}") for note in said)],
        f"picture {picture.name}",
    )
