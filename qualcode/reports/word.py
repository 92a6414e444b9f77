"""What goes into a Word report: a project's excerpts, figures, transcripts and codebook.

It gathers and words; ``exporters.word`` writes. Each part is optional and stands on its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from qualcode import __version__
from qualcode.errors import UnknownName
from qualcode.exporters.report import (
    Excerpts,
    Figures,
    Front,
    Part,
    Reference,
    Report,
)
from qualcode.model import Document, Table
from qualcode.reports.disclosed import accepted_notes, worded
from qualcode.reports.excerpts import Collected, collect
from qualcode.reports.printed import asked_attributes
from qualcode.reports.source import documents as documents_of
from qualcode.reports.themes import frequency
from qualcode.reports.word_excerpts import excerpt_parts
from qualcode.reports.word_figures import agreement_part, frequency_part
from qualcode.reports.word_texts import appendix_part, transcript_part

if TYPE_CHECKING:
    from qualcode.project import Project
    from qualcode.text.redaction import Layer

PARTS = ("front", "excerpts", "frequency", "agreement", "transcript", "appendix")
KINDS = {
    "focus-group": ("focus group", "focus groups"),
    "interview": ("interview", "interviews"),
    "field-notes": ("set of field notes", "sets of field notes"),
    "document": ("other document", "other documents"),
    "survey": ("survey", "surveys"),
    "": ("document", "documents"),
}


def word_report(
    project: Project,
    *,
    what: Sequence[str] = PARTS,
    documents: Sequence[str] = (),
    source: str = "reading",
    include_unfinished: bool = False,
    quotes: int | None = None,
    attribution: str | None = None,
    command: str = "qualcode export word",
) -> Report:
    """Gather a report; whose eyes look is ``project.coder``.

    Args:
        what: Which of ``PARTS``; they keep that order.
        documents: Names of the documents whose transcripts are printed with their codings; none:
            the first one that is coded.
        source: Whose codings are quoted and counted; see ``reports.source.reading``. The
            annotated transcript shows everyone's, each signed.
        include_unfinished: Quote and count documents that nobody declared finished.
        quotes: Quotes printed per code, those marked as exemplars first, then speaker by speaker;
            None for all.
        attribution: Pattern of the line under a quote; see ``reports.attribution``.
        command: What makes the file, for its last page.

    Raises:
        UnknownName: No such part, document or source.
        UsageProblem: The pattern names a field that does not exist.
        QualcodeError: No document is finished in this source.
    """
    unknown = [part for part in what if part not in PARTS]
    if unknown:
        raise UnknownName("part of the report", unknown[0], PARTS)
    layer = project.layer
    chosen = [project.documents.named(name) for name in documents] or _first_coded(project)
    collected: Collected | None = None
    counts: Table | None = None
    parts: list[Part] = []
    facts = {
        "Parts": ", ".join(part for part in PARTS if part in what),
        "Whose codings": source + (", unfinished documents included" * include_unfinished),
        "Quotes per code": "all" if quotes is None else f"at most {quotes}",
        "Transcripts": ", ".join(d.name for d in chosen) if "transcript" in what else "none",
    }
    if "excerpts" in what:
        collected = collect(
            project,
            leaving=True,
            printed=asked_attributes(project, attribution),
            source=source,
            include_unfinished=include_unfinished,
        )
        parts += excerpt_parts(project, collected, quotes=quotes, pattern=attribution)
    if "front" in what or "frequency" in what:
        counts = frequency(project, source=source, include_unfinished=include_unfinished)
    if "frequency" in what and counts is not None:
        parts.append(worded(frequency_part(_said_once(counts, layer)), layer))
    if "agreement" in what:
        figures, how = agreement_part(project)
        parts.append(worded(figures, layer))
        facts.update(how)
    if "transcript" in what:
        parts += [transcript_part(project, document) for document in chosen]
    if "appendix" in what:
        parts.append(worded(appendix_part(project), layer))
    parts = _pointing(parts)
    front = _front(project, counts, collected) if "front" in what and counts is not None else None
    last = project.history.log(1)
    if layer.note() is not None:
        facts["Names"] = str(layer.note())
    if project.accepted:
        facts["Disclosure"] = "\n".join(accepted_notes(project))
    footer = " · ".join([project.title, _codebook_label(project), "made with qualcode"])
    return Report(
        title=layer.words(project.title),
        parts=parts,
        provenance=worded(list(_provenance(project, facts, command)), layer),
        front=worded(front, layer),
        footer=layer.words(footer),
        **({"at": last[0].at} if last else {}),
        program=f"qualcode {__version__}",
    )


def _pointing(parts: Sequence[Part]) -> list[Part]:
    """The parts, the first excerpts led in by where the figures on them stand."""
    tables = [table for part in parts if isinstance(part, Figures) for table in part.tables]
    said: list[str | Reference] = []
    for what, kind in (("Frequencies are", "frequency"), ("Agreement is", "agreement")):
        keys = [table.key for table in tables if table.key.split(" ")[0] == kind]
        if keys:
            said += [f" {what} in ", *_listed(keys), "."]
    at = next((n for n, part in enumerate(parts) if isinstance(part, Excerpts)), None)
    made = list(parts)
    if said and at is not None:
        first = parts[at]
        assert isinstance(first, Excerpts)
        made[at] = replace(first, intro=[str(first.intro), *said])
    return made


def _listed(keys: Sequence[str]) -> Iterator[str | Reference]:
    """Table 2, Table 3 and Table 4."""
    for at, key in enumerate(keys):
        if at:
            yield " and " if at == len(keys) - 1 else ", "
        yield Reference(key)


def _said_once(table: Table, layer: Layer) -> Table:
    """A table without the sentence on redactions, which the report says on its first page."""
    notes = [note for note in table.notes if note != layer.note()]
    return Table(table.name, table.columns, table.rows, notes, table.provenance)


def _first_coded(project: Project) -> list[Document]:
    coded = {coding.document_id for coding in project.codings.list()}
    return [document for document in documents_of(project) if document.id in coded][:1]


def _front(project: Project, counts: Table, collected: Collected | None) -> Front:
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


def _codebook_label(project: Project) -> str:
    versions = project.codebook.versions()
    return f"codebook {versions[-1].label}" if versions else "codebook not frozen"


def _provenance(project: Project, facts: dict[str, str], command: str) -> Iterator[tuple[str, str]]:
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
    yield "Made with", f"qualcode {__version__}, {command}"


def _round_facts(purpose: str, blind: bool, state: str, version: str | None) -> Iterator[str]:
    yield purpose
    yield "blind" if blind else "not blind"
    yield state
    if version is not None:
        yield f"codebook {version}"


def _counted(n: int, noun: str) -> str:
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"
