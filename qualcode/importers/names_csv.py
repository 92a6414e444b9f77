"""Names to look for, from CSV, XLSX or one a line; and what a person decided on redactions."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast, get_args

from qualcode.errors import InputProblems, Problem
from qualcode.importers.characters import decode
from qualcode.importers.source import Source, load
from qualcode.importers.tables import is_xlsx, read_records
from qualcode.model import RedactionStatus
from qualcode.text.names import Name

COLUMNS = ("name", "kind", "label", "note")
TABLES = (".csv", ".tsv", ".xlsx")
PERSON = "person"
LONGEST_LABEL = 40
STATUSES: tuple[str, ...] = get_args(RedactionStatus)


def read_names(path: Path) -> list[Name]:
    """Read ``name,kind,label,note``, of which only ``name`` must be there, in file order.

    A file that is no table holds one name a line. A blank kind is ``person``; a blank label is
    ``""``: whoever uses the name makes one. What stands in ``note`` is for readers of the file.

    Raises:
        InputProblems: all problems at once, with their lines.
        ReadingError: the file cannot be read.
    """
    data = load(path)
    if path.suffix.casefold() in TABLES or is_xlsx(data):
        rows = list(_of_table(path))
    else:
        text = decode(Source(path, data, "txt")).text
        rows = [
            (n, Name(" ".join(line.split()), PERSON, ""))
            for n, line in enumerate(text.split("\n"), 1)
            if line.strip()
        ]
    problems = list(_problems(rows))
    if not rows:
        problems = [Problem(0, "There are no names.")]
    if problems:
        raise InputProblems(path, problems)
    return [name for _, name in rows]


def _of_table(path: Path) -> Iterator[tuple[int, Name]]:
    records = read_records(path)
    if not records:
        return
    columns = {name.strip().casefold(): name for name in records[0][1]}
    strange = [name for folded, name in columns.items() if folded not in COLUMNS]
    found = []
    if "name" not in columns:
        found.append(Problem(1, "There is no column name."))
    if strange:
        known = ", ".join(COLUMNS)
        found.append(
            Problem(1, f"Not a column of a list of names ({known}): {', '.join(strange)}.")
        )
    if found:
        raise InputProblems(path, found)
    for line, row in records:
        name, kind, label = (_cell(row, columns, column) for column in COLUMNS[:3])
        yield line, Name(name, kind.casefold() or PERSON, label)


def _cell(row: Mapping[str, str], columns: Mapping[str, str], column: str) -> str:
    return " ".join(row[columns[column]].split()) if column in columns else ""


def _problems(rows: list[tuple[int, Name]]) -> Iterator[Problem]:
    first: dict[str, tuple[int, str]] = {}
    for line, one in rows:
        if not any(map(str.isalnum, one.name)):
            yield Problem(line, "There is no name." if not one.name else "This is no name.")
            continue
        if len(one.label) > LONGEST_LABEL or not one.label.isprintable():
            yield Problem(
                line, f"The label must be one line of at most {LONGEST_LABEL} characters."
            )
        before = first.setdefault(one.name, (line, one.label))
        if before[1] != one.label:
            yield Problem(line, f"This name has another label on line {before[0]}.")


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What a person decided on one redaction."""

    id: str
    status: RedactionStatus
    label: str | None
    """None leaves the label."""


def read_review(path: Path, known: Collection[str]) -> list[Reviewed]:
    """Read a table of redactions whose ``status``, and maybe ``label``, was edited.

    Args:
        known: Ids of the redactions that there are.

    Raises:
        InputProblems: all problems at once, with their lines.
        ReadingError: the file cannot be read.
    """
    records = read_records(path)
    missing = [c for c in ("redaction_id", "status") if not records or c not in records[0][1]]
    if missing:
        raise InputProblems(path, [Problem(1, f"There is no column {', '.join(missing)}.")])
    problems: list[Problem] = []
    found: dict[str, Reviewed] = {}
    for line, row in records:
        id_, status, label = row["redaction_id"].strip(), row["status"].strip(), row.get("label")
        if id_ not in known:
            problems.append(Problem(line, "There is no such redaction in this project."))
        elif id_ in found:
            problems.append(Problem(line, "This redaction is there twice."))
        if status.casefold() not in STATUSES:
            problems.append(Problem(line, f'The status is "{status}", not {", ".join(STATUSES)}.'))
        if label is not None and (
            not label.strip() or len(label) > LONGEST_LABEL or not label.isprintable()
        ):
            message = f"The label must be one line of 1 to {LONGEST_LABEL} characters."
            problems.append(Problem(line, message))
        found[id_] = Reviewed(id_, cast(RedactionStatus, status.casefold()), label)
    if problems:
        raise InputProblems(path, problems)
    return list(found.values())
