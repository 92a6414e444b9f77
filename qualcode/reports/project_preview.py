"""What an import of another program's project would bring: the answer of ``qualcode preview``."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import astuple, fields
from typing import Any

from qualcode.contents import BroughtIn, Loss, ProjectContents
from qualcode.model import Table
from qualcode.reports.other_programs import is_project, read_project
from qualcode.text.plurals import counted

__all__ = [
    "brought_in",
    "brought_lines",
    "is_project",
    "loss_lines",
    "losses_table",
    "preview_project",
    "project_lines",
]

FATES = {
    "changed": "changed",
    "approximate": "placed roughly",
    "kept": "kept to be written back",
    "dropped": "left behind",
}
"""Fate → in words."""

_SHOWN = 10
_WIDTH = 100


def preview_project(
    path: str | os.PathLike[str],
    *,
    offsets: str | None = None,
    split_codes: str | None = None,
    project: str | None = None,
    large: bool = False,
) -> dict[str, Any]:
    """Read a project and give what was found, as JSON values.

    Args:
        path: As the rest, what ``other_programs.read_project`` takes.

    Returns:
        How the file is made (``qde_name``, ``folder``, ``entries``, ``valid`` …), ``counts``,
        ``offset_rule`` with its score, ``sources`` with every selection, ``losses``, ``warnings``.

    Raises:
        ReadingError, UnknownName: As ``read_project``.
    """
    contents = read_project(
        path, offsets=offsets, split_codes=split_codes, project=project, selections=True,
        large=large,
    )  # fmt: skip
    return previewed(path, contents)


def previewed(path: str | os.PathLike[str], contents: ProjectContents) -> dict[str, Any]:
    """Give what ``preview_project`` does of a project that was read with its selections."""
    return {
        "file": os.fspath(path),
        "format": contents.format,
        "origin": contents.origin,
        "title": contents.title,
        **contents.facts,
        "losses": [
            {field.name: getattr(one, field.name) for field in fields(Loss)}
            for one in contents.losses
        ],
        "warnings": [{"code": one.code, "message": one.message} for one in contents.warnings],
    }


def losses_table(losses: Sequence[Loss]) -> Table:
    """Give what does not come over as it was: a row for each element."""
    columns = [field.name for field in fields(Loss)]
    return Table("losses", columns, [astuple(one) for one in losses])


def loss_lines(losses: Sequence[Loss]) -> Iterator[str]:
    """Give the losses as lines for a person: by fate and kind of element, how many and why."""
    for fate, said in FATES.items():
        kinds = Counter(
            (one.element, one.reason.partition(",")[0].partition(":")[0])
            for one in losses
            if one.fate == fate
        )
        for (element, reason), count in kinds.items():
            yield f"{count} {element} {said}: {reason}"


def project_lines(found: dict[str, Any]) -> Iterator[str]:
    """Give a preview as lines for a person: what is in it, how its offsets count, what is lost."""
    origin = f", made by {found['origin']}" if found["origin"] else ""
    yield f"{found['file']}: {found['format']}{origin}"
    counts = ", ".join(f"{count:,} {name}" for name, count in found["counts"].items())
    yield f"  {counts}" if counts else "  It holds nothing."
    rule = found["offset_rule"]
    if rule["of"]:
        yield (
            f"  Offsets count {rule['unit']}, line ends {rule['newline']}: {rule['clean']} of"
            f" {rule['of']} selections cut no word, {rule['in_range']} lie in their text"
            f" ({rule['rule']})"
        )
    for source in found["sources"]:
        characters = counted(source["characters"], "character")
        selections = counted(len(source["selections"]), "selection")
        yield f"  {source['name']}: {characters}, {selections}"
    losses = [Loss(**one) for one in found["losses"]]
    yield from (f"  ~ {line}" for line in loss_lines(losses))
    warnings = found["warnings"]
    for warning in warnings[:_SHOWN]:
        line = f"  ! {warning['message']}"
        yield line if len(line) <= 2 * _WIDTH else line[: 2 * _WIDTH - 1] + "…"
    if len(warnings) > _SHOWN:
        yield f"  ! … and {len(warnings) - _SHOWN:,} more"


def brought_lines(
    path: str | os.PathLike[str],
    contents: ProjectContents,
    brought: BroughtIn,
    mark_finished: bool,
) -> Iterator[str]:
    """Give what came in and what did not as lines for a person."""
    what = ", ".join(_with_noun(count, name) for name, count in brought.counts.items())
    yield f"{os.path.basename(path)}: {what or 'nothing that is not here already'}"
    if brought.there:
        there = ", ".join(_with_noun(count, name) for name, count in brought.there.items())
        yield f"  Here already: {there}"
    rule = brought_in(contents)
    if rule:
        yield f"  {rule}"
    if brought.round is not None and not mark_finished:
        yield (
            f'  In the round "{brought.round}" nobody has finished a document: where a coder is'
            " silent, that is missing, not absent (--mark-finished)."
        )
    said = [*(warning.message for warning in contents.warnings), *brought.warnings]
    for message in said[:_SHOWN]:
        yield f"  ! {message}"
    if len(said) > _SHOWN:
        yield f"  ! … and {len(said) - _SHOWN} more"
    for line in loss_lines(contents.losses):
        yield f"  ~ {line}"


def _with_noun(count: int, nouns: str) -> str:
    """Give a number with its noun, "1 kept element" or "2 kept elements"."""
    one = re.sub(r"s\b", "", nouns, count=1)
    return counted(count, one, nouns)


def brought_in(contents: ProjectContents) -> str:
    """Give how offsets were counted, as a sentence; "" where nothing was selected."""
    rule = contents.facts.get("offset_rule")
    if not rule or not rule["of"]:
        return ""
    return (
        f"Offsets count {rule['unit']}, line ends {rule['newline']}: {rule['clean']} of"
        f" {rule['of']} selections cut no word ({rule['rule']})."
    )
