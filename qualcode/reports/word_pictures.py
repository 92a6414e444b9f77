"""The pictures of a project as a part of its report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qualcode.exporters.figures import draw
from qualcode.exporters.figures.canvas import MM
from qualcode.exporters.report import Figure, Figures, Piece
from qualcode.reports.pictured import Picture
from qualcode.reports.plots import pictures

if TYPE_CHECKING:
    from qualcode.project import Project

WIDTH = 160.0
"""Millimetres between the margins of a page: drawn so wide, no type is made smaller."""

DPI = 220


def figures_part(project: Project, **counts: Any) -> Figures:
    """Draw the pictures that belong into a report; of each other one the reason is said.

    Args:
        counts: As for ``reports.frequency``.
    """
    made, missing = pictures(project, **counts)
    note = project.layer.note()
    return Figures("Pictures", missing, pictures=[_figure(one, note) for one in made])


def _figure(picture: Picture, redactions: str | None) -> Figure:
    """A picture with its notes, but for the one on redactions, which the first page has."""
    drawn = draw(
        picture.drawing, ".png", title=picture.title, alt=picture.alt, width=WIDTH, dpi=DPI
    )
    said = [note for note in picture.table.notes if note != redactions]
    if drawn.replaced:
        signs = ", ".join(f"U+{ord(sign):04X}" for sign in drawn.replaced)
        said.append(f"Shown as numbers, for no installed font can draw them: {signs}.")
    return Figure(
        picture.title,
        picture.alt,
        drawn.data,
        WIDTH * MM,
        drawn.height * MM,
        [Piece("Note.", italic=True), Piece(f" {' '.join(said)}")],
        f"picture {picture.name}",
    )
