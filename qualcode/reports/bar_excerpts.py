"""The excerpts behind a bar: one for each coding that a theme table counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qualcode.model import Span
from qualcode.reports.corpus import corpus
from qualcode.reports.excerpts import Excerpt, collect
from qualcode.themes.frequencies import ALL, ReadDocument, holds_words

if TYPE_CHECKING:
    from qualcode.project import Project


def bar_excerpts(
    project: Project,
    code: str,
    *,
    group: str = ALL,
    by: str | None = None,
    source: str = "reading",
    own: bool = False,
    include_moderator: bool = False,
    include_unfinished: bool = False,
) -> list[Excerpt]:
    """Give what is coded with a code, as ``reports.themes.frequency`` counts it.

    Args:
        code: This code, and those below it unless ``own``.
        group: A value of the attribute ``by``, as it is shown; ``*`` for everything.

    Returns:
        As many excerpts as there are codings in that row, by document and place.

    Raises:
        UnknownName: No such code, source, coder or attribute.
        QualcodeError: No document is finished in this source.
    """
    read = corpus(
        project,
        source=source,
        by=() if by is None else (by,),
        own=own,
        include_moderator=include_moderator,
        include_unfinished=include_unfinished,
    )
    by_id = {one.document.id: said for one, said in zip(read.read, read.documents, strict=True)}
    found = collect(
        project, code=code, own=own, source=source, include_unfinished=include_unfinished
    )

    def counts(document: ReadDocument, place: Span) -> bool:
        return any(
            group == ALL or group in map(str, stretch.groups)
            for stretch in document.stretches
            if stretch.start < place.stop
            and stretch.stop > place.start
            and holds_words(
                document.text, max(stretch.start, place.start), min(stretch.stop, place.stop)
            )
        )

    return [one for one in found.excerpts if counts(by_id[one.document.id], one.place)]
