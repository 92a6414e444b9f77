"""Every code in every document, or in every participant: the matrix behind a heatmap.

Long, as ``crosstab`` is and for the same reason: a dash must say why. ``matrix_wide`` lays it out,
a line for each case and a column for each code, as statistics packages take it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, get_args

from qualcode.errors import UnknownName
from qualcode.model import Cell, MatrixCase, MatrixCell, Table
from qualcode.reports.codebook import paths
from qualcode.reports.corpus import Corpus, corpus
from qualcode.reports.disclosed import disclosed
from qualcode.reports.source import documents as documents_of
from qualcode.reports.themes import left_out
from qualcode.themes.frequencies import Frequency, Group, ReadDocument, frequencies

if TYPE_CHECKING:
    from qualcode.project import Project

COLUMNS = ["case", "code", "path", "level", "cell", "value", "reason", "source", "rolled_up"]
ROWS: tuple[str, ...] = get_args(MatrixCase)
CELLS: tuple[str, ...] = get_args(MatrixCell)


def matrix(
    project: Project,
    *,
    rows: MatrixCase = "document",
    cell: MatrixCell = "codings",
    source: str = "reading",
    own: bool = False,
    include_moderator: bool = False,
    include_unfinished: bool = False,
) -> Table:
    """Give every code in every case.

    Args:
        project: An open project; of an open blind round only ``project.coder``'s codings count.
        rows: What a case is. Participants are those with an eligible turn; a turn of two speakers
            counts for both, field notes for nobody.
        cell: ``codings``; ``present``, 1 or 0; ``share``, covered words of the case's words.
        source, own, include_moderator, include_unfinished: As for ``frequency``.

    Returns:
        Columns ``COLUMNS``: a row per case and code (codebook order). Documents are in import
        order, participants by name. 0 is absent; a document that is not read has None
        (``not_read``), as has the share of a case without words (``no_words``).

    Raises:
        UnknownName: No such source, coder, kind of case or of cell.
        QualcodeError: No document is finished in this source.
    """
    if rows not in ROWS:
        raise UnknownName("kind of case", rows, ROWS)
    if cell not in CELLS:
        raise UnknownName("kind of cell", cell, CELLS)
    read = corpus(
        project,
        source=source,
        own=own,
        include_moderator=include_moderator,
        include_unfinished=include_unfinished,
    )
    cases: list[Group]
    if rows == "document":
        cases = [(document.name,) for document in documents_of(project)]
        grouped = [_by_document(document) for document in read.documents]
    else:
        spoke = {w for d in read.documents for s in d.stretches for w in s.participants}
        cases = [(who,) for who in sorted(spoke, key=lambda who: (who.casefold(), who))]
        grouped = [_by_participant(document) for document in read.documents]
    counts = frequencies(grouped, read.members, cases)
    found = list(
        _rows(read, counts.rows, cases, cell, set(read.left) if rows == "document" else ())
    )
    notes = [*read.notes(), *left_out(counts.dropped)]
    provenance = {
        "source": source, "rows": rows, "cell": cell, "rolled_up": not own,
        "data": project.digest(),
    }  # fmt: skip
    return disclosed(project, Table("matrix", COLUMNS, found, notes, provenance))


def matrix_wide(table: Table) -> Table:
    """Lay out what ``matrix`` gave: ``case``, then a column for each code."""
    codes = list(dict.fromkeys(str(code) for code in table.column("code")))
    values = list(zip(table.column("case"), table.column("value"), strict=True))
    lines = [values[at : at + len(codes)] for at in range(0, len(values), len(codes) or 1)]
    rows = [(line[0][0], *(value for _, value in line)) for line in lines]
    return Table(table.name, ["case", *codes], rows, table.notes, table.provenance)


def _by_document(document: ReadDocument) -> ReadDocument:
    """A document as a group of its own; a tuple, for a name may be ``*``."""
    group = ((document.name,),)
    return replace(
        document,
        readings=(),
        stretches=tuple(stretch._replace(groups=group) for stretch in document.stretches),
    )


def _by_participant(document: ReadDocument) -> ReadDocument:
    """A document with each participant as a group."""
    stretches = tuple(
        stretch._replace(groups=tuple((who,) for who in dict.fromkeys(stretch.participants)))
        for stretch in document.stretches
    )
    return replace(document, readings=(), stretches=stretches)


def _rows(
    read: Corpus,
    rows: tuple[Frequency, ...],
    cases: list[Group],
    cell: MatrixCell,
    left: set[str] | tuple[()],
) -> Iterator[tuple[Cell, ...]]:
    way = paths(read.codes)
    of = {(row.group, row.code): row for row in rows}
    for case in cases:
        for code in way:
            value = _value(of[case, code], cell)
            reason = None if value is not None else "no_words"
            if case[0] in left:
                value, reason = None, "not_read"
            yield (
                case[0], code, " › ".join(way[code]), len(way[code]), cell, value, reason,
                read.source, not read.own,
            )  # fmt: skip


def _value(row: Frequency, cell: MatrixCell) -> float | None:
    if cell == "share":
        return row.share
    return row.codings if cell == "codings" else int(row.codings > 0)
