"""The appendices of the Word report: codebook and versions, rounds, decisions, COREQ."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING

from qualcode.exporters.report import (
    Appendix,
    CodebookEntry,
    Column,
    Figures,
    Piece,
    PrintedCell,
    PrintedTable,
    Reference,
    Sentence,
)
from qualcode.model import Adjudication, Cell, Table
from qualcode.reports.codebook import paths
from qualcode.reports.codebook_diff import codebook_diff
from qualcode.reports.coreq import coreq
from qualcode.reports.word_themes import DASH
from qualcode.reports.wording import ORIGINS
from qualcode.text.plurals import counted

if TYPE_CHECKING:
    from qualcode.project import Project

FIELDS = {
    "brief": "brief definition", "full": "full definition", "use_when": "use when",
    "not_when": "do not use when", "example": "examples", "near_miss": "near misses",
    "name": "name", "parent": "parent",
}  # fmt: skip


NO_BREAK = "\u00a0"


def codebook_part(project: Project, *, versions: int = 0) -> Appendix:
    """The codebook as it is now.

    Args:
        versions: How many tables on its versions the report holds, see ``versions_part``.
    """
    codes = project.codebook.codes()
    way = paths(codes)
    entries = [
        CodebookEntry(
            code.title,
            code.code,
            len(way[code.code]),
            " · ".join(
                fact
                for fact in (
                    code.kind,
                    ORIGINS.get(code.origin, code.origin),
                    f"since {code.since}".replace(" ", NO_BREAK) if code.since else "",
                    "" if code.status in ("", "in use") else code.status,
                )
                if fact
            ),
            code.colour,
            [text for text in (code.brief, code.full) if text],
            code.use_when,
            code.not_when,
            code.example,
            code.near_miss,
        )
        for code in codes
    ]
    intro: list[str | Reference] = [f"{counted(len(codes), 'code')}, as the codebook is now."]
    if versions:
        intro += [" What its versions changed is in ", Reference("versions 1")]
        intro += [" to ", Reference(f"versions {versions}")] if versions > 1 else []
        intro += ["."]
    sentence: Sentence = intro
    return Appendix("Appendix: Codebook", entries, sentence)


def versions_part(project: Project) -> Figures | None:
    """What each frozen version of the codebook changed; None where there are not two."""
    tables = []
    titles = {one.code: one.title for one in project.codebook.codes(removed=True)}
    for at, (earlier, later) in enumerate(pairwise(project.codebook.versions()), 1):
        found = codebook_diff(project, earlier.label, later.label)
        rows = [
            [
                PrintedCell(titles.get(_said(row["code"]), _said(row["code"]))),
                PrintedCell(_said(row["change"])),
                PrintedCell(FIELDS.get(_said(row["field"]), _said(row["field"])) or DASH),
                PrintedCell(_said(row["before"]) or DASH),
                PrintedCell(_said(row["after"]) or DASH),
            ]
            for row in found
        ]
        columns = [
            Column("Code", 14), Column("Change", 9), Column("Field", 12), Column("Before", 32),
            Column("After", 33),
        ]  # fmt: skip
        note = [Piece("Note.", italic=True), Piece(f" {found.notes[0]}")]
        title = f"Codebook {later.label} Against {earlier.label}"
        tables.append(PrintedTable(title, columns, rows, note, f"versions {at}"))
    heading = "Appendix: Codebook versions"
    return Figures(heading, (), tables, across=True) if tables else None


def rounds_part(project: Project) -> Figures | None:
    """The rounds, their rules and who finished what; None where nothing is assigned."""
    coverage = list(project.rounds.coverage())
    rows = []
    for name in dict.fromkeys(row["round"] for row in coverage):
        here = [row for row in coverage if row["round"] == name]
        done = sum(row["status"] == "finished" for row in here)
        first = here[0]
        coders = dict.fromkeys(_said(row["coder"]) for row in here)
        rows.append(
            [
                PrintedCell(_said(name)),
                PrintedCell(_said(first["purpose"])),
                PrintedCell("yes" if first["blind"] else "no"),
                PrintedCell(_said(first["state"])),
                PrintedCell(_said(first["codebook_version"]) or DASH),
                PrintedCell(", ".join(coders)),
                PrintedCell(str(len({row["document_id"] for row in here}))),
                PrintedCell(f"{done} / {len(here)}"),
            ]
        )
    columns = [
        Column("Round", 14), Column("Purpose", 13), Column("Blind", 8), Column("State", 9),
        Column("Codebook", 12), Column("Coders", 24), Column("Documents", 12, True),
        Column("Finished", 11, True),
    ]  # fmt: skip
    note = [
        Piece("Note.", italic=True),
        Piece(
            " Blind: no coder saw the others’ codings before the round was closed. Codebook: the "
            "version the round was coded with; – where it followed the codebook. Finished: marks "
            "of coders who declared a document finished, of those assigned."
        ),
    ]
    table = PrintedTable("Rounds of Coding", columns, rows, note, "rounds")
    return Figures("Appendix: Rounds", (), [table], across=True) if rows else None


def decisions_part(project: Project) -> Figures | None:
    """What was decided where coders disagreed; None where nothing was."""
    made = project.adjudications.list()
    if not made:
        return None
    documents = {one.id: one.name for one in project.documents.list()}
    rounds = {one.id: one.name for one in project.rounds.list()}
    coders = {one.id: one.name for one in project.coders.list()}
    titles = {one.id: one.title for one in project.codebook.codes(removed=True)}
    turns = _Turns(project)
    rows = [
        [
            PrintedCell(rounds.get(one.round_id, "")),
            PrintedCell(documents.get(one.document_id, "")),
            PrintedCell(turns.of(one) or DASH),
            PrintedCell(titles.get(one.code_id, one.code_id)),
            PrintedCell(_decided(one, titles)),
            PrintedCell(one.reason or DASH),
            PrintedCell(coders.get(one.decided_by_id, "")),
        ]
        for one in made
    ]
    columns = [
        Column("Round", 10), Column("Document", 11), Column("Turns", 7), Column("Code", 16),
        Column("Decision", 15), Column("Reason", 31), Column("By", 10),
    ]  # fmt: skip
    kinds = {"present": "is present", "absent": "is not present", "recode": "is another code"}
    each = ", ".join(
        f"{n} that the code {said}"
        for kind, said in kinds.items()
        if (n := sum(one.decision == kind for one in made))
    )
    note = [Piece("Note.", italic=True), Piece(f" {counted(len(made), 'decision')}: {each}.")]
    table = PrintedTable("Decisions on Disagreements", columns, rows, note, "decisions")
    return Figures("Appendix: Decisions", (), [table], across=True)


def coreq_part(project: Project, counted: Callable[[], Table] | None = None) -> Figures:
    """The COREQ checklist with what the project file can say; ``counted`` as for ``coreq``."""
    found = coreq(project, counted)
    rows = [
        [PrintedCell(_said(row[name]) or DASH) for name in ("item", "topic", "answer", "status")]
        for row in found
    ]
    columns = [
        Column("Item", 7, True), Column("Topic", 30), Column("Answer", 48), Column("Status", 15),
    ]  # fmt: skip
    note = [
        Piece("Note.", italic=True),
        Piece(
            " Items of the Consolidated Criteria for Reporting Qualitative Research (Tong, "
            f"Sainsbury, & Craig, 2007), wording shortened. {found.notes[0]}"
        ),
    ]
    table = PrintedTable("COREQ Checklist", columns, rows, note, "coreq")
    return Figures("Appendix: COREQ", (), [table])


class _Turns:
    """Numbers of the turns that a decision touches; reads each transcript once."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._turns: dict[str, list[tuple[int, int, int]]] = {}

    def of(self, one: Adjudication) -> str:
        if one.document_id not in self._turns:
            transcript = self._project.documents.transcript(one.document_id)
            self._turns[one.document_id] = [(t.start, t.stop, t.n) for t in transcript.turns]
        touched = [
            n
            for start, stop, n in self._turns[one.document_id]
            if start < one.span.stop and stop > one.span.start
        ]
        return "–".join(str(n) for n in dict.fromkeys((*touched[:1], *touched[-1:])))


def _decided(one: Adjudication, titles: dict[str, str]) -> str:
    if one.decision == "recode":
        return f"recoded as {titles.get(one.new_code_id or '', 'another code')}"
    return one.decision


def _said(cell: Cell) -> str:
    return "" if cell is None else str(cell)
