"""Into which units a report cuts the texts: the kinds it may ask for, and where each comes from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

from qualcode.errors import UnknownName, UsageProblem
from qualcode.model import Span, Table, UnitKind
from qualcode.reliability.units import (
    Placed,
    UnitRow,
    Units,
    characters_of,
    check_overlap,
    units_of,
)
from qualcode.text.words import words

if TYPE_CHECKING:
    from qualcode.project import Project

CHARACTER, SEGMENT = "character", "segment"
KINDS = (*get_args(UnitKind), "window:N", CHARACTER, SEGMENT)
"""``window:N``: N words of a turn or paragraph, the rest of it in the last; ``character``: every
character of what is said; ``segment``: what coders marked, as they marked it."""

RESTRICTIONS = ("any-coded",)


@dataclass(frozen=True, slots=True)
class Scope:
    """What is compared, and how finely."""

    unit: str = "sentence"
    overlap: str = "any"
    documents: tuple[str, ...] = ()
    """Ids; none: all of the round."""

    roll_up: bool = False
    """Whether a code is present where one below it is."""

    restrict: str | None = None
    """``any-coded``: only units that some coder gave some code; biases kappa downwards."""

    include_excluded: bool = False
    """Whether what moderators say counts too."""


USUAL = Scope()
"""Sentences, any overlap, everything that participants say."""


def scope(
    project: Project,
    *,
    unit: str = "sentence",
    overlap: str = "any",
    documents: Sequence[str] = (),
    roll_up: bool = False,
    restrict: str | None = None,
    include_excluded: bool = False,
) -> Scope:
    """Check what is asked for; documents by name.

    Raises:
        UnknownName: No such unit, document or restriction. UsageProblem: no such overlap rule.
    """
    if unit not in KINDS or unit == "window:N":
        window_of(unit)
    check_overlap(overlap)
    if restrict is not None and restrict not in RESTRICTIONS:
        raise UnknownName("restriction", restrict, RESTRICTIONS)
    if unit == SEGMENT and (overlap != "any" or restrict is not None):
        raise UsageProblem("Segments are compared as they were marked, with no rule for overlaps.")
    ids = tuple(project.documents.named(name).id for name in documents)
    return Scope(unit, overlap, ids, roll_up, restrict, include_excluded)


def window_of(unit: str) -> int:
    """How many words a ``window:N`` has; ``UnknownName`` if it is none."""
    kind, _, number = unit.partition(":")
    if kind != "window" or not number.isascii() or not number.isdigit():
        raise UnknownName("unit", unit, KINDS)
    if int(number) < 1:
        raise UsageProblem("A window has 1 word or more, such as window:20.")
    return int(number)


def units(
    project: Project,
    asked: Scope,
    documents: Sequence[str],
    codings: Iterable[Placed],
    cut: str | None = None,
) -> Units:
    """The units of some documents.

    Args:
        asked: For segments turns are cut: they tell who finished what, and nothing else.
        documents: Ids, in the order of figures and digest.
        codings: What will be rated, which matters for characters alone.
        cut: Id of the segmentation to go by; None: the sentences as they are now.
    """
    kinds: tuple[UnitKind, ...] = get_args(UnitKind)
    kind = "turn" if asked.unit == SEGMENT else asked.unit
    stored = next((one for one in kinds if one == kind), None)
    if stored is not None:
        table = project.documents.units(stored, documents, cut=cut)
        maker = str(table.provenance.get("maker", ""))
        return units_of(kind, _rows(table, asked), documents, maker=maker)
    regions = _rows(project.documents.units("turn", documents), asked)
    if asked.unit == CHARACTER:
        return characters_of(regions, documents, codings)
    n = window_of(asked.unit)
    return units_of(asked.unit, _windows(project, regions, n), documents)


def _rows(table: Table, asked: Scope) -> list[UnitRow]:
    return [
        UnitRow(
            str(row["document_id"]),
            int(str(row["start"])),
            int(str(row["stop"])),
            row["role"] == "moderator" and not asked.include_excluded,
        )
        for row in table
    ]


def _windows(project: Project, regions: Sequence[UnitRow], n: int) -> Iterator[UnitRow]:
    texts = {one: project.documents.text(one) for one in {row.document for row in regions}}
    for row in regions:
        found = words(texts[row.document], Span(row.start, row.stop))
        for at in range(0, len(found), n):
            last = found[min(at + n, len(found)) - 1]
            yield row._replace(start=found[at].start, stop=last.stop)
