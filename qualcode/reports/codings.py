"""Codings made elsewhere, brought into a project."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from qualcode.model import Coder

if TYPE_CHECKING:
    from qualcode.project import Project


def import_codings(
    project: Project,
    *,
    codings: Sequence[Path],
    assignments: Path | None = None,
    adjudications: Path | None = None,
    by: Coder,
) -> dict[str, int]:
    """Bring in codings from CSV files, all of them in one action or none.

    Returns:
        What was stored → how many.

    Raises:
        InputProblems: everything wrong in a file, each with its line; nothing was stored.
    """
    from qualcode.importers.codings_csv import ADJUDICATION, ASSIGNMENT, CODING, read_rows

    return project.import_codings(
        [row for path in codings for row in read_rows(path, CODING)],
        read_rows(assignments, ASSIGNMENT) if assignments is not None else [],
        read_rows(adjudications, ADJUDICATION) if adjudications is not None else [],
        by=by,
    )
