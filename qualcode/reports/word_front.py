"""The first page of the Word report, and the facts on its last."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from qualcode import __version__
from qualcode.exporters.report import Front
from qualcode.model import Table
from qualcode.reports.excerpts import Collected
from qualcode.reports.source import documents as documents_of
from qualcode.text.plurals import counted

if TYPE_CHECKING:
    from qualcode.project import Project

KINDS = {
    "focus-group": ("focus group", "focus groups"),
    "interview": ("interview", "interviews"),
    "field-notes": ("set of field notes", "sets of field notes"),
    "document": ("other document", "other documents"),
    "survey": ("survey", "surveys"),
    "": ("document", "documents"),
}


def front_page(project: Project, counts: Table, collected: Collected | None) -> Front:
    row: dict[str, Any] = counts.records()[0] if counts.rows else {}
    live = documents_of(project)
    kinds: dict[str, int] = {}
    for document in live:
        kinds[document.kind] = kinds.get(document.kind, 0) + 1
    made_of = ", ".join(f"{n} {KINDS.get(kind, (kind, kind))[n != 1]}" for kind, n in kinds.items())
    codings = project.codings.list()
    coders = {coding.coder_id for coding in codings}
    figures = [
        _counted(len(live), "document"),
        _counted(row.get("n_participants", 0), "participant"),
        _counted(len(project.codebook.codes()), "code"),
        _counted(len(codings), "coding"),
        _counted(len(coders), "coder"),
    ]
    notes = list(collected.notes if collected is not None else counts.notes[:1])
    note = project.layer.note()
    notes += [note] if note is not None else []
    return Front(made_of[:1].upper() + made_of[1:], " · ".join(figures), notes)


def provenance(project: Project, facts: dict[str, str]) -> Iterator[tuple[str, str]]:
    yield "Project digest (SHA-256)", project.digest()
    heads = project.history.heads()
    if heads:
        names = {f"r:{r.id}": r.name for r in project.rounds.list()}
        streams = [(key.rpartition("/")[2], head) for key, head in heads.items()]
        yield "Heads of the log", "\n".join(f"{names.get(s, s)}: {head}" for s, head in streams)
    last = project.history.log(1)
    if last:
        yield "Data last changed", f"{last[0].at[:16].replace('T', ' ')} UTC"
    versions = project.codebook.versions()
    frozen = ", ".join(f"{v.label} (frozen {v.frozen_at[:10]})" for v in versions)
    yield "Codebook versions", frozen or "none frozen"
    rounds = [
        f"{r.name} ({', '.join(_round_facts(r.purpose, r.blind, r.state, r.codebook_version))})"
        for r in project.rounds.list()
        if r.purpose != "solo"
    ]
    yield "Rounds", "\n".join(rounds) or "none besides solo coding"
    if project.coder is not None:
        yield "Seen with the eyes of", project.coder.name
    yield from facts.items()
    yield "Made with", f"qualcode {__version__}"


def _round_facts(purpose: str, blind: bool, state: str, version: str | None) -> Iterator[str]:
    yield purpose
    yield "blind" if blind else "not blind"
    yield state
    if version is not None:
        yield f"codebook {version}"


def _counted(n: int | str, noun: str) -> str:
    """``1,234 codes``; of participants also ``<3``, or ``withheld``, of a report that hides few."""
    return counted(n, noun) if isinstance(n, int) else f"{n} {noun}s"
