"""The sample study: from the files that travel with the program to a project."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import qualcode
from qualcode.codebook_files import read_yaml
from qualcode.formats.cells import read_csv
from qualcode.importers import read
from qualcode.importers.names_csv import read_names
from qualcode.model import Coder, RedactionStatus
from qualcode.project import Project
from qualcode.reports.codings import import_codings
from qualcode.reports.deid import Asked, suggested

TITLE = "Open Door (fictional sample study)"
"""By its title a project is known as the demo's own."""

CODER = "you"
"""Who acts in the demo: the person who tries it."""

STUDY, CODEBOOKS = "transcripts_sample", "codebooks"


@dataclass(frozen=True, slots=True)
class Step:
    """A part of the work done, for whoever waits."""

    what: str
    done: str
    """What came of it, in counts."""


def folder(name: str) -> Path:
    """A folder of sample files: beside the modules of an installed package, or in a checkout."""
    package = Path(qualcode.__file__).parent
    inside = package / name
    return inside if inside.is_dir() else package.parent / name


def is_demo(project: Project) -> bool:
    """Whether the demo made this project."""
    return project.title == TITLE


def build(path: Path, tell: Callable[[Step], None] = lambda step: None) -> Project:
    """Make the project of the sample study.

    Args:
        path: Where; nothing may be there yet.
        tell: Called after each step.

    Returns:
        The open project: documents, participants, both codebook versions, and every round of
        coding.
    """
    project = qualcode.create(path, title=TITLE, coder=CODER)
    try:
        for step in _steps(project, project.acting(CODER)):
            tell(step)
    except BaseException:
        project.close()
        path.unlink(missing_ok=True)
        raise
    return project


def _steps(project: Project, by: Coder) -> Iterator[Step]:
    study, books = folder(STUDY), folder(CODEBOOKS)
    turns = words = 0
    rows = [row for _, row in read_csv(study / "documents.csv")]
    for row in rows:
        reading = read(study / row["file"])
        project.documents.add(
            reading,
            Path(row["file"]).stem,
            by=by,
            kind=row["kind"],
            source_name=row["file"],
            collected_on=row["collected_on"] or None,
            attributes={name: row[name] for name in ("site", "stakeholder_group")},
        )
        turns += len(reading.turns)
        words += len(reading.text.split())
    yield Step("transcripts", f"{len(rows)} documents, {turns:,} turns, about {words:,} words")
    people = project.participants.import_table(read_csv(study / "participants.csv"), by=by)
    yield Step("participants", f"{people['participants']} participants and moderators")
    yield Step("names", _redact(project, by, study))
    for version in ("v1", "v2"):
        book = read_yaml(books / f"lead-mechanisms-{version}.yaml")
        project.codebook.import_codes(list(book.codes), by=by)
        project.codebook.freeze(version, by=by)
    yield Step("codebook", f"{len(book.codes)} codes, frozen as v1 and v2")
    counts = import_codings(
        project,
        codings=sorted((study / "codings").glob("*.csv")),
        assignments=study / "assignments.csv",
        adjudications=study / "adjudications.csv",
        by=by,
    )
    yield Step(
        "codings",
        f"{counts['codings']:,} codings by {counts['coders']} coders in {counts['rounds']} rounds, "
        f"{counts['adjudications']} disagreements decided",
    )


def _redact(project: Project, by: Coder, study: Path) -> str:
    """Suggest redactions, accept the names that the study lists, reject where one is a word."""
    asked = Asked(tuple(read_names(study / "names.csv")), entities=False)
    found = suggested(project, asked)
    project.redactions.suggest(found.found, by=by)
    words = {
        (str(row["document"]), str(row["name"]), str(row["passage"]))
        for _, row in read_csv(study / "not_names.csv")
    }
    listed = {name.name for name in asked.listed}
    texts = {one.id: (one.name, project.documents.text(one.id)) for one in project.documents.list()}
    decisions: dict[str, tuple[RedactionStatus, str | None]] = {}
    for one in project.redactions.list():
        document, text = texts[one.document_id]
        name = " ".join(text[one.span.start : one.span.stop].split())
        is_word = any(
            (document, name) == (where, word)
            and text.find(passage) + passage.find(word) == one.span.start
            for where, word, passage in words
        )
        if is_word or name in listed:
            decisions[one.id] = ("rejected" if is_word else "accepted", None)
    project.redactions.review(decisions, by=by)
    rejected = sum(1 for status, _ in decisions.values() if status == "rejected")
    return (
        f"{len(decisions) - rejected} redactions of names.csv accepted, {rejected} rejected (words)"
        f", {len(found.found) - len(decisions)} left to review"
    )
