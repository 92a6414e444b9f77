"""Which codes come up, how often, in how many documents and in whose words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from qualcode.model import Cell, Code, Table
from qualcode.reports.codebook import paths
from qualcode.reports.corpus import corpus
from qualcode.reports.disclosed import disclosed
from qualcode.text.plurals import counted
from qualcode.themes.frequencies import Frequency, frequencies

if TYPE_CHECKING:
    from qualcode.project import Project

COLUMNS = [
    "code", "path", "level", "kind", "group", "codings", "codings_min", "codings_max", "documents",
    "n_documents", "participants", "n_participants", "groups", "n_groups", "turns", "n_turns",
    "words", "n_words", "characters", "n_characters", "share", "per_1000_words", "facilitator",
    "barrier", "mixed", "no_valence", "disconfirming", "top_participant", "top_share",
    "effective_participants", "flags", "source", "rolled_up",
]  # fmt: skip


def frequency(
    project: Project,
    *,
    source: str = "reading",
    by: str | None = None,
    own: bool = False,
    include_moderator: bool = False,
    include_unfinished: bool = False,
) -> Table:
    """Count every code over what participants said.

    Args:
        project: An open project; of an open blind round only ``project.coder``'s codings count.
        source: Whose codings; coders are never pooled. ``reading``: per document the consensus
            where it was adjudicated, else the only coder who finished it, else the one who
            finished most documents. ``consensus`` and ``majority``: documents that two coders or
            more finished in one round. ``coder:NAME``: that coder.
        by: Attribute of participants or documents to group by; its value comes from the
            participant, else from the document, else it is "(not set)".
        own: Count a code without its descendants.
        include_moderator: Count what moderators say, too.
        include_unfinished: Read documents that nobody declared finished as they stand.

    Returns:
        Columns ``COLUMNS``, one row per code (codebook order) and group, ``*`` first. Each
        ``n_…`` is what the count to its left is of. Figures that do not exist are None.

    Raises:
        UnknownName: No such source, coder or attribute.
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
    counts = frequencies(read.documents, read.members, read.groups)
    way = paths(read.codes)
    by_code = {code.code: code for code in read.codes}
    rows = [_row(row, by_code[row.code], way[row.code], source, not own) for row in counts.rows]
    notes = [*read.notes(), *left_out(counts.dropped)]
    provenance = {"source": source, "by": by, "rolled_up": not own, "data": project.digest()}
    return disclosed(project, Table("frequency", COLUMNS, rows, notes, provenance))


def _row(
    row: Frequency, code: Code, way: tuple[str, ...], source: str, rolled_up: bool
) -> tuple[Cell, ...]:
    base = row.base
    return (
        code.code, " › ".join(way), len(way), code.kind, str(row.group), row.codings,
        row.codings_min, row.codings_max, len(row.documents), len(base.documents),
        len(row.participants), len(base.participants), len(row.focus_groups),
        len(base.focus_groups), row.turns, base.turns, row.words, base.words,
        row.characters, base.characters, row.share,
        row.per_1000_words, row.valence["facilitator"], row.valence["barrier"],
        row.valence["mixed"], row.valence[""], row.disconfirming, row.top_participant,
        row.top_share, row.effective_participants, " ".join(row.flags()), source, rolled_up,
    )  # fmt: skip


def left_out(dropped: int) -> Iterator[str]:
    """Say how many codings hold nothing that counts."""
    if dropped:
        holds = counted(dropped, "coding holds", "codings hold")
        yield f"{holds} no letter or digit of a counted turn: left out."
