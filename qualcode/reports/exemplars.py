"""The one quote that stands for a code in a cell of a matrix."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import TYPE_CHECKING

from qualcode.model import Cell, Span
from qualcode.reports.corpus import Corpus
from qualcode.reports.excerpts import Excerpt, collect
from qualcode.themes.frequencies import ALL, Group, ReadDocument
from qualcode.themes.matrices import exemplar_order

if TYPE_CHECKING:
    from qualcode.project import Project

EXEMPLAR = [
    "exemplar", "exemplar_document", "exemplar_turns", "exemplar_participant", "exemplar_marked",
    "excerpt_id",
]  # fmt: skip
"""Columns that a matrix has for it; ``exemplar_marked`` is whether a coder marked it as one."""


class Exemplars:
    """Of every code and group of a corpus, the quote that stands for it."""

    def __init__(self, project: Project, read: Corpus, *, include_unfinished: bool) -> None:
        collected = collect(project, source=read.source, include_unfinished=include_unfinished)
        above: dict[str, list[str]] = {}
        for code, members in read.members.items():
            for member in members:
                above.setdefault(member, []).append(code)
        place = {one.document.id: at for at, one in enumerate(read.read)}
        starts = [[stretch.start for stretch in one.stretches] for one in read.documents]
        self._best: dict[tuple[str, Group], tuple[tuple[object, ...], Excerpt]] = {}
        for excerpt in collected.excerpts:
            at = place[excerpt.document.id]
            words = len(excerpt.text.split())
            rank = exemplar_order(words, excerpt.exemplar, (at, excerpt.place.start))
            for group in _groups(read.documents[at], starts[at], excerpt.place):
                for code in {c for own in excerpt.codes for c in above.get(own, ())}:
                    held = self._best.get((code, group))
                    if held is None or rank < held[0]:
                        self._best[code, group] = (rank, excerpt)

    def cells(self, code: str, group: Group) -> tuple[Cell, ...]:
        """The columns ``EXEMPLAR``; None all through where nothing is coded."""
        held = self._best.get((code, group))
        if held is None:
            return (None,) * len(EXEMPLAR)
        one = held[1]
        return (
            one.text, one.document.name, one.turn_numbers() or None,
            "; ".join(one.participants()) or None, one.exemplar, one.id,
        )  # fmt: skip


def _groups(document: ReadDocument, starts: list[int], span: Span) -> Iterator[Group]:
    """The groups in whose eligible stretches a quote lies; none where it is all a moderator's."""
    found: dict[Group, None] = {}
    at = max(0, bisect_right(starts, span.start) - 1)
    while at < len(starts) and starts[at] < span.stop:
        stretch = document.stretches[at]
        if stretch.stop > span.start:
            found.update(dict.fromkeys((ALL, *stretch.groups)))
        at += 1
    yield from found
