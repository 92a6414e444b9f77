"""How far a project has come, and what to do next."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from shlex import quote
from typing import TYPE_CHECKING

from qualcode.model import Cell, Table
from qualcode.text.plurals import counted

if TYPE_CHECKING:
    from qualcode.project import Project


@dataclass(frozen=True, slots=True)
class Status:
    """The steps of the workflow and the command that goes on."""

    title: str
    steps: Table
    """Columns ``step, done, detail``; ``done`` is None for a step that is under way."""

    next: str


def status(project: Project) -> Status:
    """Say which steps of the workflow are done and which command comes next.

    Progress shows finished marks and counts of documents only, so it may be shown to everyone in
    an open blind round.
    """
    name = quote(project.path.name)
    documents = [d for d in project.documents.list() if not d.removed]
    codes = project.codebook.codes()
    versions = project.codebook.versions()
    rounds = [r for r in project.rounds.list() if r.purpose != "solo"]
    coverage = list(project.rounds.coverage())
    finished = sum(row["status"] == "finished" for row in coverage)
    in_rounds = [row for row in coverage if row["purpose"] != "solo"]
    done_in_rounds = sum(row["status"] == "finished" for row in in_rounds)
    closed = [r for r in rounds if r.state == "closed"]
    compared = [r for r in closed if r.purpose != "recode"]
    steps: list[tuple[Cell, ...]] = [
        ("documents", bool(documents), counted(len(documents), "document")),
        ("names", *_names(project)),
        (
            "codebook",
            bool(codes),
            f"{counted(len(codes), 'code')}, {counted(len(versions), 'frozen version')}",
        ),
        ("rounds", bool(rounds), f"{counted(len(rounds), 'round')}, {len(closed)} closed"),
        (
            "coding",
            finished == len(coverage) if coverage else False,
            f"{finished} of {len(coverage)} assignments finished",
        ),
        ("agreement", bool(compared), ", ".join(r.name for r in compared) or "no closed round yet"),
    ]
    open_rounds = [r for r in rounds if r.state == "open"]
    if not documents:
        following = f"qualcode import {name} FILE…"
    elif not codes:
        following = f"qualcode codebook import {name} CODEBOOK.yaml"
    elif not coverage:
        following = f"qualcode code {name}"
    elif open_rounds and in_rounds and done_in_rounds == len(in_rounds):
        following = f"qualcode round close {name} {quote(open_rounds[0].name)}"
    elif finished < len(coverage):
        following = f"qualcode code {name}"
    elif closed:
        following = f"qualcode export word {name} report.docx"
    else:
        following = f"qualcode themes frequency {name}"
    return Status(project.title, Table("status", ["step", "done", "detail"], steps), following)


def _names(project: Project) -> tuple[bool | None, str]:
    """Whether every suggested redaction is decided, and how many are what."""
    counts = Counter(one.status for one in project.redactions.list())
    if not counts:
        return False, "nothing redacted; qualcode deid suggest looks for names"
    said = [counted(counts["accepted"], "redaction")]
    if counts["suggested"]:
        said.append(f"{counts['suggested']} to decide")
    return (None if counts["suggested"] else True), ", ".join(said)
