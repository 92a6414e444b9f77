"""The codebook as a table: as it is now, or as it was frozen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from qualcode.model import Cell, Code, Table
from qualcode.reports.disclosed import disclosed
from qualcode.text.plurals import counted

if TYPE_CHECKING:
    from qualcode.project import Project

COLUMNS = [
    "code", "name", "path", "level", "key", "kind", "origin", "since", "status", "codable",
    "colour", "brief", "full", "use_when", "not_when", "example", "near_miss",
]  # fmt: skip


def paths(codes: Sequence[Code]) -> dict[str, tuple[str, ...]]:
    """For each code the titles from the top of the tree down to itself."""
    by_code = {code.code: code for code in codes}
    found: dict[str, tuple[str, ...]] = {}
    for code in codes:
        way = [code.title]
        above = code.parent
        while above is not None and above in by_code:
            way.append(by_code[above].title)
            above = by_code[above].parent
        found[code.code] = tuple(reversed(way))
    return found


def codebook(project: Project, *, version: str | None = None) -> Table:
    """Every code with its fields, parents before children.

    Args:
        version: Label of a frozen version; None for the codebook as it is now.

    Returns:
        Columns ``code, name, path, level, key, kind, origin, since, status, codable, colour,
        brief, full, use_when, not_when, example, near_miss``; ``path`` joins titles with " › ",
        several examples or near misses stand one per line; ``level`` counts from 1.
    """
    if version is None:
        codes: Sequence[Code] = project.codebook.codes()
        note = f"{counted(len(codes), 'code')}, as the codebook is now."
    else:
        frozen = project.codebook.version(version)
        codes = frozen.codes
        note = f"{counted(len(codes), 'code')}, version {frozen.label}, frozen {frozen.frozen_at}."
    way = paths(codes)
    rows = [
        (
            code.code, code.title, " › ".join(way[code.code]), len(way[code.code]), code.key,
            code.kind, code.origin, code.since, code.status, code.codable, code.colour, code.brief,
            code.full, code.use_when, code.not_when, "\n".join(code.example),
            "\n".join(code.near_miss),
        )
        for code in codes
    ]  # fmt: skip
    return disclosed(project, Table("codebook", COLUMNS, rows, [note], {"version": version}))


def codebook_file(project: Project, *, version: str | None = None) -> Table:
    """Every code with the fields that a codebook file has, so that it can be brought in again.

    Args:
        version: Label of a frozen version; None for the codebook as it is now.

    Returns:
        The columns ``codebook_files.FIELDS``, parents before children; several examples or near
        misses stand one per line.
    """
    from qualcode.codebook_files import FIELDS

    codes: Sequence[Code] = (
        project.codebook.codes() if version is None else project.codebook.version(version).codes
    )
    rows = [tuple(_cell(code, name) for name in FIELDS) for code in codes]
    return disclosed(project, Table("codebook", list(FIELDS), rows, [], {"version": version}))


def _cell(code: Code, name: str) -> Cell:
    value = getattr(code, name)
    if isinstance(value, tuple):
        return "\n".join(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
