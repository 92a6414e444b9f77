"""The framework matrix: what each case says of each code, in a researcher's words.

Source: Ritchie, J., & Spencer, L. (1994). Qualitative data analysis for applied policy research.
In A. Bryman & R. Burgess (Eds.), Analyzing qualitative data (pp. 173–194). Routledge.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

from qualcode.model import Cell, Memo, Table
from qualcode.reports.codebook import paths
from qualcode.reports.corpus import Corpus, corpus
from qualcode.reports.disclosed import disclosed
from qualcode.reports.memos import named_codes
from qualcode.text.plurals import counted
from qualcode.themes.frequencies import ReadDocument, places
from qualcode.themes.matrices import run_of

if TYPE_CHECKING:
    from qualcode.project import Project

CaseKind: TypeAlias = Literal["document", "participant"]

COLUMNS = [
    "case", "code", "path", "level", "state", "summary", "summary_by", "codings", "locators",
    "source", "rolled_up",
]  # fmt: skip
SUMMARISED, UNWRITTEN, EMPTY = "summary", "no summary written", "nothing coded"


def framework(
    project: Project,
    *,
    case: CaseKind = "document",
    source: str = "reading",
    own: bool = False,
    include_moderator: bool = False,
    include_unfinished: bool = False,
    codes: Sequence[str] = (),
    wide: bool = False,
) -> Table:
    """Chart cases by codes.

    Args:
        case: Whether a row of the matrix is a document or a participant.
        source, own, include_moderator, include_unfinished: As for ``reports.frequency``.
        codes: Only these codes; all of the codebook if empty.
        wide: One row per case and one column per code, to be read; else one row per cell.

    Returns:
        Columns ``COLUMNS``, by case (documents in import order, participants by label) and code.
        ``summary`` is what somebody wrote in a memo of the kind ``summary`` on that code and case
        (several, oldest first, apart by a blank line), None where nobody did: no word of it is
        generated. ``state`` says what an empty cell means: "no summary written" or "nothing
        coded". ``locators`` are turns, of paragraphs ``¶``, by document where a case is a
        participant. Wide, a cell holds the summary with count and locators below it.

    Raises:
        UnknownName: No such code, source or coder.
        QualcodeError: No document is finished in this source.
    """
    wanted = {project.codebook.named(code).code for code in codes}
    read = corpus(
        project,
        source=source,
        own=own,
        include_moderator=include_moderator,
        include_unfinished=include_unfinished,
    )
    cells = _cells(project, read, case)
    written, elsewhere = _summaries(project, case, {name for name, _ in cells})
    way = paths(read.codes)
    chosen = [code.code for code in read.codes if not wanted or code.code in wanted]
    people = {coder.id: coder.name for coder in project.coders.list()}
    rows: list[tuple[Cell, ...]] = []
    for one in dict.fromkeys(name for name, _ in cells):
        for code in chosen:
            found, memos = cells.get((one, code), _Found()), written.get((one, code), [])
            state = SUMMARISED if memos else UNWRITTEN if found.codings else EMPTY
            rows.append(
                (one, code, " › ".join(way[code]), len(way[code]), state,
                 "\n\n".join(memo.body for memo in memos) or None,
                 "; ".join(dict.fromkeys(people[memo.coder_id] for memo in memos)) or None,
                 found.codings, found.locators(case), source, not own)
            )  # fmt: skip
    notes = [*read.notes(), *_notes(case, rows, elsewhere)]
    provenance = {"source": source, "case": case, "rolled_up": not own, "data": project.digest()}
    table = Table("framework", COLUMNS, rows, notes, provenance)
    return disclosed(project, _wide(table, chosen) if wide else table)


@dataclass(slots=True)
class _Found:
    """The codings of a code in a case."""

    codings: int = 0
    at: dict[str, list[str]] = field(default_factory=dict)
    """Document → where in it, in text order."""

    def locators(self, case: CaseKind) -> str | None:
        """``14, 31–32``; of a participant ``A-FG1 14; A-INT1 3``; None where nothing is coded."""
        if case == "document":
            return ", ".join(place for places in self.at.values() for place in places) or None
        return "; ".join(f"{name} {', '.join(at)}" for name, at in self.at.items()) or None


def _cells(project: Project, read: Corpus, case: CaseKind) -> dict[tuple[str, str], _Found]:
    """(Case, code) → its codings; every case also with the code "", so that none is left out."""
    cases: dict[str, None] = {}
    found: dict[tuple[str, str], _Found] = {}
    for one, document in zip(read.read, read.documents, strict=True):
        turns = {t.start: t.n for t in project.documents.transcript(one.document.id).turns}
        numbers = [turns.get(s.start, at + 1) for at, s in enumerate(document.stretches)]
        sign = "" if turns else "¶"
        if case == "document":
            cases[document.name] = None
        else:
            cases.update(dict.fromkeys(p for s in document.stretches for p in s.participants))
        for code, codings in places(document, read.members).items():
            for coding in codings:
                for who, at in _by_case(document, coding, case).items():
                    cell = found.setdefault((who, code), _Found())
                    cell.codings += 1
                    where = sign + run_of([numbers[i] for i in at])
                    cell.at.setdefault(document.name, []).append(where)
    order = list(cases) if case == "document" else sorted(cases, key=lambda c: (c.casefold(), c))
    return {(one, ""): _Found() for one in order} | found


def _by_case(
    document: ReadDocument, coding: tuple[int, ...], case: CaseKind
) -> dict[str, list[int]]:
    """Case → those stretches of a coding that are its own."""
    if case == "document":
        return {document.name: list(coding)}
    found: dict[str, list[int]] = {}
    for at in coding:
        for who in document.stretches[at].participants:
            found.setdefault(who, []).append(at)
    return found


def _summaries(
    project: Project, case: CaseKind, cases: set[str]
) -> tuple[dict[tuple[str, str], list[Memo]], list[str]]:
    """(Case, code) → its summaries, oldest first; and the cases whose summaries find no row."""
    about = named_codes(project)
    if case == "document":
        names = {d.id: d.name for d in project.documents.list() if not d.removed}
    else:
        names = {p.id: p.label for p in project.participants.list()}
    found: dict[tuple[str, str], list[Memo]] = {}
    elsewhere: dict[str, None] = {}
    for memo in project.memos.list():
        of = memo.document_id if case == "document" else memo.participant_id
        if memo.kind != "summary" or of not in names or memo.code_id not in about:
            continue
        if names[of] not in cases:
            elsewhere[names[of]] = None
        found.setdefault((names[of], about[memo.code_id]), []).append(memo)
    return found, list(elsewhere)


def _notes(
    case: CaseKind, rows: Sequence[tuple[Cell, ...]], elsewhere: Sequence[str]
) -> Iterator[str]:
    unwritten = sum(row[COLUMNS.index("state")] == UNWRITTEN for row in rows)
    if unwritten:
        cells = counted(unwritten, "cell with codings has", "cells with codings have")
        yield (
            f'{cells} no summary yet. Write one with "qualcode memos '
            f'add PROJECT --kind summary --code CODE --{case} NAME TEXT"; none is ever generated.'
        )
    if elsewhere:
        yield f"Summaries of cases that are not read here, left out: {', '.join(elsewhere)}."


def _wide(table: Table, codes: Sequence[str]) -> Table:
    """The same as a chart to be read: a row per case, a column per code."""
    cells: dict[Cell, list[Cell]] = {}
    for row in table:
        below = f"({row['codings']}: {row['locators']})" if row["codings"] else None
        above = row["summary"] if row["state"] == SUMMARISED else f"[{row['state']}]"
        cells.setdefault(row["case"], []).append("\n".join(str(x) for x in (above, below) if x))
    rows = [(one, *texts) for one, texts in cells.items()]
    return Table(table.name, ["case", *codes], rows, table.notes, table.provenance)
