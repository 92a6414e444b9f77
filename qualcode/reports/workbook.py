"""The tables of a project that people take along together, for one workbook."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from qualcode.errors import StillBlind
from qualcode.model import Table
from qualcode.reports.agreement import agreement
from qualcode.reports.codebook import codebook
from qualcode.reports.disclosed import disclosed
from qualcode.reports.excerpts import excerpts
from qualcode.reports.printed import people_passed_on
from qualcode.reports.suppressed import suppressed_in
from qualcode.reports.themes import frequency

if TYPE_CHECKING:
    from qualcode.project import Project

ONE_BY_ONE = ("excerpts", "codings", "participants")
"""Tables whose rows are what somebody said or who they are: whoever counts them has the counts."""

LEFT_OUT = (
    f"Left out of this workbook: {', '.join(ONE_BY_ONE[:-1])} and {ONE_BY_ONE[-1]}, which list one "
    "by one what is counted here."
)


def workbook(
    project: Project,
    *,
    source: str = "reading",
    include_unfinished: bool = False,
    suppress: bool = False,
) -> list[Table]:
    """Gather the tables of a project; of an open blind round only ``project.coder``'s codings.

    Args:
        source: Whose codings are counted and quoted; see ``reports.source.reading``. The codings
            are everyone's.
        include_unfinished: Count and quote documents that nobody declared finished.
        suppress: Take counts of few participants out, and leave out the tables ``ONE_BY_ONE``,
            in which they could be counted.

    Returns:
        Tables ``frequency, excerpts, codings, agreement, documents, participants, codebook``, each
        as the command of its name gives it, excerpts and participants without what would tell who
        somebody is (``reports.printed``). Where a round is still blind, agreement is a table
        without rows, and its note says why.

    Raises:
        UnknownName: No such source.
        QualcodeError: No document is finished in this source.
    """
    asked = {"source": source, "include_unfinished": include_unfinished}

    def counted() -> Table:
        table = frequency(project, source=source, include_unfinished=include_unfinished)
        if suppress:
            (hidden,) = suppressed_in(project, table)
            table = replace(hidden, notes=[*hidden.notes, LEFT_OUT])
        return replace(table, provenance={**table.provenance, **asked})

    def quoted() -> Table:
        table = excerpts(
            project, source=source, include_unfinished=include_unfinished, leaving=True
        )
        return replace(table, provenance={**table.provenance, **asked})

    made: dict[str, Callable[[], Table]] = {
        "frequency": counted,
        "excerpts": quoted,
        "codings": lambda: disclosed(
            project, project.codings.table(), rendered=["memo", "excerpt"]
        ),
        "agreement": lambda: _agreement(project),
        "documents": lambda: disclosed(project, project.documents.table()),
        "participants": lambda: disclosed(project, people_passed_on(project)),
        "codebook": lambda: codebook(project),
    }
    digest = {"data": project.digest()}
    tables = {name: make() for name, make in made.items() if not suppress or name not in ONE_BY_ONE}
    return [
        replace(table, name=name, provenance={**table.provenance, **digest})
        for name, table in tables.items()
    ]


def _agreement(project: Project) -> Table:
    try:
        return agreement(project)
    except StillBlind as problem:
        return Table("agreement", ["round"], [], [f"No agreement is reported. {problem}"])
