"""The tables of a project that people take along together, for one workbook."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from qualcode.errors import StillBlind
from qualcode.model import Table
from qualcode.reports.agreement import agreement
from qualcode.reports.codebook import codebook
from qualcode.reports.disclosed import disclosed
from qualcode.reports.excerpts import excerpts
from qualcode.reports.printed import people_passed_on
from qualcode.reports.themes import frequency

if TYPE_CHECKING:
    from qualcode.project import Project


def workbook(
    project: Project, *, source: str = "reading", include_unfinished: bool = False
) -> list[Table]:
    """Gather the tables of a project; of an open blind round only ``project.coder``'s codings.

    Args:
        source: Whose codings are counted and quoted; see ``reports.source.reading``. The codings
            are everyone's.
        include_unfinished: Count and quote documents that nobody declared finished.

    Returns:
        Tables ``frequency, excerpts, codings, agreement, documents, participants, codebook``, each
        as the command of its name gives it, excerpts and participants without what would tell who
        somebody is (``reports.printed``). Where a round is still blind, agreement is a table
        without rows, and its note says why.

    Raises:
        UnknownName: No such source.
        QualcodeError: No document is finished in this source.
    """
    counted = {"source": source, "include_unfinished": include_unfinished}
    codings = project.codings.table()
    found = {
        "frequency": frequency(project, source=source, include_unfinished=include_unfinished),
        "excerpts": excerpts(
            project, source=source, include_unfinished=include_unfinished, leaving=True
        ),
        "codings": disclosed(project, codings, rendered=["memo", "excerpt"]),
        "agreement": _agreement(project),
        "documents": disclosed(project, project.documents.table()),
        "participants": disclosed(project, people_passed_on(project)),
        "codebook": codebook(project),
    }
    digest = {"data": project.digest()}
    for name in ("frequency", "excerpts"):
        facts = {**found[name].provenance, **counted}
        found[name] = replace(found[name], provenance=facts)
    return [
        replace(table, name=name, provenance={**table.provenance, **digest})
        for name, table in found.items()
    ]


def _agreement(project: Project) -> Table:
    try:
        return agreement(project)
    except StillBlind as problem:
        return Table("agreement", ["round"], [], [f"No agreement is reported. {problem}"])
