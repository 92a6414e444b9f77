"""The disclosure check: what would name somebody, before anything leaves.

It looks at the whole project as an export shows it, not only at what one export holds: a name that
has been missed anywhere is a name that the next export carries. Names are never repeated here.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qualcode.model import Cell, Span, Table, Turn
from qualcode.reports.disclosed import OURS, shown_transcript
from qualcode.reports.known_names import KnownNames, known_names
from qualcode.reports.loose import loose_texts
from qualcode.reports.printed import (
    SMALL_CELL,
    asked_attributes,
    at_least,
    cells,
    printed_attributes,
)
from qualcode.reports.refi import kept_as_shown
from qualcode.reports.suppressed import small_counts
from qualcode.reports.themes import frequency
from qualcode.text.disclosure import masked
from qualcode.text.names import identifiers

if TYPE_CHECKING:
    from qualcode.project import Project
    from qualcode.text.names import Name

NAME = "name"
TABLE_CELL = "table-cell"
FAIL, WARN = "fail", "warn"
RULES: Mapping[str, str] = {
    NAME: "a known name, as a whole word",
    "email": "an e-mail address",
    "phone": "a telephone number",
    "ssn": "an identity number",
    "date": "a date",
    "case": "a case number",
    "badge": "a badge number",
    SMALL_CELL: "attributes printed together that few participants share",
    TABLE_CELL: "a count of few participants in a table",
}
STOPPING = (NAME, SMALL_CELL)
"""Rules that can stop an export, and so can be accepted."""

COLUMNS = ["rule", "severity", "where", "text", "n", "how"]
NAMED = 8
CHECKLIST = (
    "Misspelt names, names spelt out, nicknames, people only spoken of: found where a list or a "
    "redaction holds them, and nowhere else. Read what you quote.",
    "Roles, events and kin that only one person has: the only sergeant in town, the fire in May.",
    "Several quotes of one participant id, which together tell who it is; --fresh-ids SEED on an "
    "export gives every participant another id than your files and other papers do.",
    "Quotes that somebody who was there would know: groups know their own words.",
    "Places, employers and programmes that are named once: redact them, or say them in general.",
    "Pictures, recordings and file names beside what you send.",
)
"""What no rule finds."""


def disclosure(
    project: Project,
    *,
    listed: Sequence[Name] = (),
    key: Mapping[str, str] | None = None,
    attributes: Sequence[str] | None = None,
    fewest: int | None = None,
    attribution: str | None = None,
    file: str | None = None,
    tables: bool = True,
) -> Table:
    """Look for what would tell who somebody is in what exports show.

    Looked at are texts as the redactions show them, labels of speakers, memos and comments, codes,
    attributes, titles, reasons and what was kept from other programs. Names are those of accepted
    redactions, of participants and roster, and of lists. Where a person decided that a word is no
    name, it is none there.

    Args:
        listed: Further names, as ``importers.names_csv`` reads them.
        key: Further names → label, of a key.
        attributes: Printed together; None takes the project's setting, else role and site.
        fewest: How many participants must share them; None takes the project's setting, else 3.
        attribution: The pattern asked for: small cells in its attributes stop the export.
        file: Name of the file to be written.
        tables: Count small counts of participants in theme frequencies, too.

    Returns:
        Columns ``rule, severity, where, text, n, how``: failing rows first, a row per place; of
        what only warns, a row per document. ``text`` is masked; ``n`` counts occurrences, for
        ``small-cell`` participants, for ``table-cell`` rows of the table.
    """
    known = known_names(project, listed=listed, key=key)
    found = _Found(known, NAME not in project.accepted and project.layer.identified is None)
    for document in project.documents.list():
        if not document.removed:
            _look_in_text(project, document.id, found)
    for one in loose_texts(project):
        if one.leaves:
            ours = one.of in OURS or one.place == "round"
            text = one.text if ours else project.layer.words(one.text)
            found.look(text, project.layer.words(one.where), loose=True)
    for kept in kept_as_shown(project)[0]:
        found.look(kept.xml, "kept from another program's project", loose=True)
    if file is not None:
        found.look_in_name(file)
    rows = found.rows()
    asked = asked_attributes(project, attribution)
    stops = asked is not None and SMALL_CELL not in project.accepted
    rows += _small_cells(project, known, attributes or asked, fewest, stops)
    if tables:
        rows += _table_cells(project, attributes, fewest)
    rows.sort(key=lambda row: row[1] != FAIL)
    notes = list(_notes(project, known, found))
    provenance = {
        "names": len(known.known), "fewest": fewest or at_least(project),
        "accepted": dict(project.accepted), "identified": project.layer.identified,
        "data": project.digest(),
    }  # fmt: skip
    return Table("disclosure", COLUMNS, rows, notes, provenance)


def names_in(project: Project, table: Table, file: str) -> list[dict[str, Cell]]:
    """Look for names in one table that is about to leave, where that holds no texts but names.

    Args:
        file: Name of the file to be written.

    Returns:
        The failing rows, as of ``disclosure``; ``where`` is the row of the table, counted from 1,
        and the column. Columns that name coders are left out.
    """
    known = known_names(project)
    found = _Found(known, NAME not in project.accepted and project.layer.identified is None)
    places: dict[str, str] = {}
    for n, row in enumerate(table, 1):
        for column, cell in row.items():
            if isinstance(cell, str) and not _names_coders(column):
                places.setdefault(cell, f"row {n}, {column}")
    places.update(dict.fromkeys(table.columns, "heading of a column"))
    places.update(dict.fromkeys(table.notes, "note"))
    for text, where in places.items():
        found.look(text, where, loose=True)
    found.look_in_name(file)
    return [dict(zip(COLUMNS, row, strict=True)) for row in found.rows() if row[1] == FAIL]


def _names_coders(column: str) -> bool:
    return column.startswith("coder") or column in ("finished_by", "by", "made_by")


@dataclass(slots=True)
class _Found:
    """What was found so far."""

    known: KnownNames
    names_stop: bool
    counts: dict[tuple[str, str, str, str, str], dict[str, int]] = field(default_factory=dict)
    """Rule, severity, where, masked text and how → turn or line (``""``: none) → how often."""

    def look(
        self,
        text: str,
        where: str,
        places: _Places | None = None,
        excused: Sequence[Span] = (),
        *,
        loose: bool = False,
    ) -> None:
        """Look in one text.

        Args:
            excused: Stretches that a person decided to be no names.
            loose: It is no transcript: a name that is a word elsewhere only warns here.
        """
        spans: list[Span] = []
        for hit in self.known.names.hits(text):
            spans.append(hit.span)
            if any(span.overlap(hit.span) for span in excused):
                continue
            how = self.known.known[hit.name].how
            if not hit.exact:
                how += ", in other case"
            elif loose and hit.name in self.known.words:
                how += ", but decided to be a word elsewhere"
            stops = hit.exact and self.names_stop and "," not in how
            severity = FAIL if stops else WARN
            self._add(NAME, severity, where, text, hit.span, how, places)
        for one in identifiers(text):
            if not any(span.overlap(one.span) for span in (*spans, *excused)):
                self._add(one.kind, WARN, where, text, one.span, "by its form", places)

    def look_in_name(self, file: str) -> None:
        """Look in the name of a file: ``dana_will-2.docx`` says it as well as "Dana Will 2"."""
        said = re.sub(r"[_.-]+", " ", file)  # but "D.J." needs its full stops
        self.look(said if self.known.names.hits(said) else file, "name of the file", loose=True)

    def _add(
        self, rule: str, severity: str, where: str, text: str, span: Span, how: str,
        places: _Places | None,
    ) -> None:  # fmt: skip
        at = "" if places is None else places.of(span.start)
        where = self.known.names.masked_in(where)
        if severity == FAIL:
            where, at = f"{where}{', ' * bool(at)}{at}", ""
        key = (rule, severity, where, masked(text[span.start : span.stop]), how)
        turns = self.counts.setdefault(key, {})
        turns[at] = turns.get(at, 0) + 1

    def rows(self) -> list[tuple[Cell, ...]]:
        made: list[tuple[Cell, ...]] = []
        for (rule, severity, where, text, how), turns in self.counts.items():
            at = [one for one in turns if one]
            more = f" and {len(at) - NAMED} more" if len(at) > NAMED else ""
            place = ", ".join([where, *at[:NAMED]]) + more
            made.append((rule, severity, place, text, sum(turns.values()), how))
        return made


class _Places:
    """Where in a transcript a position lies, for a person to find it."""

    def __init__(self, text: str, turns: Sequence[Turn]) -> None:
        self._text, self._turns = text, turns
        self._starts = [turn.start for turn in turns]

    def of(self, position: int) -> str:
        i = bisect_right(self._starts, position) - 1
        if i >= 0 and position < self._turns[i].stop:
            return f"turn {self._turns[i].n}"
        following = self._turns[i + 1] if i + 1 < len(self._turns) else None
        if following is not None and not self._text[position : following.start].count("\n\n"):
            return f"label of turn {following.n}"
        return f"line {self._text.count(chr(10), 0, position) + 1}"


def _look_in_text(project: Project, document_id: str, found: _Found) -> None:
    shown = shown_transcript(project, document_id, sentences=False)
    excused = [
        shown.rendering.span(one.span) for one in project.redactions.list(document_id, "rejected")
    ]
    text = shown.transcript.text
    places = _Places(text, shown.transcript.turns)
    found.look(text, shown.transcript.document.name, places, excused)


def _small_cells(
    project: Project,
    known: KnownNames,
    attributes: Sequence[str] | None,
    fewest: int | None,
    stops: bool,
) -> Iterator[tuple[Cell, ...]]:
    words = project.layer.words
    for cell in cells(project, attributes, fewest):
        what = ", ".join(f"{name}={words(value)}" for name, value in cell.values)
        who = "; ".join(words(label) for label in cell.people)
        dropped = ", ".join(name for name, _ in cell.values if name in cell.dropped)
        if stops:
            how = f"--attribution asks for {dropped}"
        elif SMALL_CELL in project.accepted:
            how = "printed, on purpose"
        else:
            how = f"printed without {dropped}"
        yield (
            SMALL_CELL, FAIL if stops else WARN, known.names.masked_in(what),
            known.names.masked_in(who), len(cell.people), how,
        )  # fmt: skip


def _table_cells(
    project: Project, attributes: Sequence[str] | None, fewest: int | None
) -> Iterator[tuple[Cell, ...]]:
    eyes = None if project.coder is None else project.coder.name
    finished = [
        row
        for row in project.rounds.coverage()
        if row["status"] == "finished"
        and (row["coder"] == eyes or not (row["blind"] and row["state"] == "open"))
    ]
    for name in (attributes or printed_attributes(project)) if finished else ():
        few = small_counts(frequency(project, by=name), fewest or at_least(project))
        if few:
            where = f"themes frequency --by {name}"
            yield TABLE_CELL, WARN, where, "", few, "--suppress prints them as few"


def _notes(project: Project, known: KnownNames, found: _Found) -> Iterator[str]:
    layer = project.layer
    if layer.identified is not None:
        yield f"Names do not stop an export: identified text is asked for ({layer.identified})."
    elif not layer.redactions:
        yield "No redaction is accepted: texts are looked at as they were said."
    undecided = len(project.redactions.list(status="suggested"))
    if undecided:
        yield f"{undecided} suggested redactions are undecided; they act only once accepted."
    if not known.known:
        yield "No name is known: there is no redaction, no name on the roster, and no list."
    for rule, reason in project.accepted.items():
        yield f"Accepted, rule {rule}: {reason}"
    yield "Masked: first letter and length. What no rule finds is in the checklist."
