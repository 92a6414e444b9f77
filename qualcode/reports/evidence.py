"""The evidence matrix: each code by site and stakeholder group, with what speaks against it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from qualcode.errors import UsageProblem
from qualcode.model import Cell, Code, Memo, Table
from qualcode.reports.codebook import paths
from qualcode.reports.corpus import Corpus, corpus
from qualcode.reports.disclosed import disclosed
from qualcode.reports.exemplars import EXEMPLAR, Exemplars
from qualcode.reports.memos import named_codes
from qualcode.themes.frequencies import ALL, Frequency, frequencies
from qualcode.themes.matrices import disconfirming

if TYPE_CHECKING:
    from qualcode.project import Project

COLUMNS = [
    "code", "path", "level", "kind", "site", "stakeholder", "participants", "n_participants",
    "documents", "n_documents", "codings", "facilitator", "barrier", "mixed", "no_valence",
    "disconfirming", "disconfirming_codings", *EXEMPLAR, "source", "rolled_up",
]  # fmt: skip
SEARCH = "negative-case-search"


def evidence(
    project: Project,
    *,
    site: str,
    stakeholder: str,
    source: str = "reading",
    own: bool = False,
    include_moderator: bool = False,
    include_unfinished: bool = False,
    codes: Sequence[str] = (),
) -> Table:
    """Set what supports each code beside what contradicts it.

    Args:
        site, stakeholder: Attributes of participants or documents; a cell is a value of each.
        source, own, include_moderator, include_unfinished: As for ``reports.frequency``.
        codes: Only these codes; all of the codebook if empty.

    Returns:
        Columns ``COLUMNS``, a row per code (codebook order) and cell that somebody speaks in; the
        first row of a code, ``*`` and ``*``, is the whole study. ``disconfirming`` is never empty:
        the number of codings marked so, else "none found (search recorded)" where a memo of the
        kind ``negative-case-search`` hangs on that very code, else "not searched";
        ``disconfirming_codings`` is the number alone. The exemplar is one that a coder marked so,
        else chosen by ``themes.matrices.exemplar_order``; None where nothing is coded.

    Raises:
        UnknownName: No such code, source, coder or attribute.
        UsageProblem: The same attribute twice.
        QualcodeError: No document is finished in this source.
    """
    if site.casefold() == stakeholder.casefold():
        raise UsageProblem(
            f'Site and stakeholder are both "{site}"; a cell is a value of each of two attributes. '
            f'For one alone: qualcode themes crosstab PROJECT --by "{site}".'
        )
    wanted = {project.codebook.named(code).code for code in codes}
    read = corpus(
        project,
        source=source,
        by=(site, stakeholder),
        own=own,
        include_moderator=include_moderator,
        include_unfinished=include_unfinished,
    )
    counts = frequencies(read.documents, read.members, read.groups)
    quotes = Exemplars(project, read, include_unfinished=include_unfinished)
    searches = searched(project)
    way = paths(read.codes)
    by_code = {code.code: code for code in read.codes}
    rows = [
        _row(row, by_code[row.code], way[row.code], row.code in searches, quotes, read)
        for row in counts.rows
        if not wanted or row.code in wanted
    ]
    notes = [*read.notes(), *_notes(project, site, stakeholder, searches, rows)]
    provenance = {
        "source": source, "site": site, "stakeholder": stakeholder, "rolled_up": not own,
        "data": project.digest(),
    }  # fmt: skip
    table = Table("evidence", COLUMNS, rows, notes, provenance)
    return disclosed(project, table, rendered=["exemplar"])


def searched(project: Project) -> dict[str, Memo]:
    """Code → the last memo that records a search for its negative cases."""
    named = named_codes(project)
    return {
        named[memo.code_id]: memo
        for memo in project.memos.list()
        if memo.kind == SEARCH and memo.code_id in named
    }


def _row(
    row: Frequency,
    code: Code,
    way: tuple[str, ...],
    search: bool,
    quotes: Exemplars,
    read: Corpus,
) -> tuple[Cell, ...]:
    site, stakeholder = (ALL, ALL) if isinstance(row.group, str) else row.group
    base = row.base
    return (
        code.code, " › ".join(way), len(way), code.kind, site, stakeholder, len(row.participants),
        len(base.participants), len(row.documents), len(base.documents), row.codings,
        row.valence["facilitator"], row.valence["barrier"], row.valence["mixed"], row.valence[""],
        disconfirming(row.disconfirming, search), row.disconfirming,
        *quotes.cells(code.code, row.group), read.source, not read.own,
    )  # fmt: skip


def _notes(
    project: Project,
    site: str,
    stakeholder: str,
    searches: Mapping[str, Memo],
    rows: Sequence[tuple[Cell, ...]],
) -> Iterator[str]:
    yield f"site is {site}, stakeholder is {stakeholder}; * is the whole study."
    coders = {coder.id: coder.name for coder in project.coders.list()}
    if searches:
        found = ", ".join(
            f"{code} ({coders[memo.coder_id]}, {memo.created_at[:10]})"
            for code, memo in searches.items()
        )
        yield f"Searches for negative cases recorded: {found}."
    if any(row[COLUMNS.index("disconfirming")] == "not searched" for row in rows):
        yield (
            "not searched: nobody recorded a search; an empty cell says nothing then. Record one "
            'with "qualcode memos add PROJECT --code CODE --kind negative-case-search TEXT".'
        )
