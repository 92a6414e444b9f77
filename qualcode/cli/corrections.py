"""A corrected transcript: what the import of one says of the record it carries along."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from qualcode.cli.output import say, say_warnings, start_of
from qualcode.errors import UsageProblem
from qualcode.model import Cell, Coder, Correction, Document, NamedReading
from qualcode.text.plurals import counted

if TYPE_CHECKING:
    from qualcode.project import Project
    from qualcode.text.roster import LabelDecision


def replace_document(
    project: Project,
    name: str,
    named: Sequence[NamedReading],
    *,
    by: Coder,
    source_name: str,
    kind: str | None,
    attributes: Mapping[str, str],
    labels: Sequence[LabelDecision],
) -> Document:
    """Let what was read take the place of a document, and say what became of its record."""
    if len(named) != 1:
        raise UsageProblem(
            f"{source_name} holds {len(named)} documents; a document is replaced by one."
        )
    document, reading = project.documents.named(name), named[0].reading
    found = project.documents.replace(
        document.id, reading, by=by, source_name=source_name, kind=kind, attributes=attributes,
        labels=labels,
    )  # fmt: skip
    new = found.document
    say(
        f"{new.name}: corrected version in its place, {counted(len(reading.turns), 'turn')},"
        f" {counted(new.characters, 'character')} ({reading.format})"
    )
    for line in _lines(found):
        say(f"  {line}")
    say_warnings(reading.warnings)
    rows = [row for row in project.documents.unplaced() if row["document_id"] == found.replaced]
    for row in rows:
        say(f"  {_unplaced(row)}")
    if rows:
        say("  List them again with: qualcode documents PROJECT --unplaced")
    return new


def _lines(found: Correction) -> Iterator[str]:
    yield (
        f"{counted(len(found.placed), 'coding')} on the same words, {len(found.changed)} on"
        f" corrected words, {len(found.unplaced)} not placed"
    )
    if found.others:
        yield "What others coded in an open blind round was carried too; they see theirs."
    if found.decisions or found.undecided:
        yield f"{counted(found.decisions, 'decision')} carried, {found.undecided} not placed"
    if found.redactions or found.uncovered:
        yield (
            f"{counted(found.redactions, 'redaction')} carried, {len(found.uncovered)} accepted"
            " ones not placed"
        )
    if found.repeated:
        yield (
            f"Redacted words stand in {counted(found.repeated, 'further place')}: redacted there"
            " too, or suggested where they were shown elsewhere. Review them."
        )
    for round_ in found.rounds:
        yield f'What was coded in a closed round is carried in round "{round_}", which is open.'
    for round_, coder in found.unfinished:
        yield f'Unfinished again for {coder} in round "{round_}": a coding was not placed.'
    if found.new_words:
        yield (
            f"{counted(found.new_words, 'word')} of the new version stood nowhere in the old one;"
            " nobody has coded them yet."
        )


def _unplaced(row: Mapping[str, Cell]) -> str:
    """What found no place: where it was, what was said of it, and why."""
    turn = "outside turns" if row["turn"] is None else f"turn {row['turn']}"
    near = "" if row["near_turn"] is None else f"; see turn {row['near_turn']} now"
    if row["what"] == "redaction":
        return (
            f"REDACTION NOT PLACED: {row['code']} ({turn}): {row['reason']}{near}. Check that the"
            " name is nowhere in the new version."
        )
    in_round = f', round "{row["round"]}"'
    return (
        f"Not placed: {row['what']} {row['code']} by {row['coder']}{in_round}, {turn},"
        f" “{start_of(row['excerpt'])}”: {row['reason']}{near}."
    )
