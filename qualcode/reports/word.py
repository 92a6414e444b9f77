"""What goes into a Word report: a project's excerpts, figures, transcripts and codebook.

It gathers and words; ``exporters.word`` writes. Each part is optional and stands on its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

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
from qualcode.reports.word_appendix import (
    codebook_part,
    coreq_part,
    decisions_part,
    rounds_part,
    versions_part,
)
from qualcode.reports.word_excerpts import excerpt_parts
from qualcode.reports.word_figures import agreement_part
from qualcode.reports.word_front import front_page, provenance
from qualcode.reports.word_matrices import THEME_TABLES, Asked, ThemeTables
from qualcode.reports.word_pictures import beside, figures_part
from qualcode.reports.word_texts import transcript_part

if TYPE_CHECKING:
    from qualcode.project import Project

PARTS = (
    "front", "excerpts", *THEME_TABLES, "agreement", "figures", "transcript", "codebook",
    "versions", "rounds", "decisions", "coreq",
)  # fmt: skip
USUAL = ("front", "excerpts", "tables", "transcript", "appendix")
"""What a report holds if nobody says otherwise: pictures take some seconds to draw."""

GROUPS = {
    "tables": (*THEME_TABLES, "agreement"),
    "appendix": ("codebook", "versions", "rounds", "decisions", "coreq"),
}
"""Names that stand for several parts."""

MARKS = ("tint", "brackets")

SMALL = "Few participants"
"""The fact of the last page that says which tables count so few that they could be told."""

SUPPRESSED = (
    "Counts of few participants are taken out of the theme tables, their picture, the first page "
    "and COREQ together, so that none can be worked out from the others. Signed quotes and "
    "transcripts show who said what all the same; other files of this project are not considered."
)


def word_report(
    project: Project,
    *,
    what: Sequence[str] = USUAL,
    documents: Sequence[str] = (),
    source: str = "reading",
    include_unfinished: bool = False,
    quotes: int | None = None,
    attribution: str | None = None,
    context: int = 0,
    marks: str = "tint",
    tables: Asked | None = None,
    command: str = "qualcode export word",
) -> Report:
    """Gather a report; whose eyes look is ``project.coder``.

    Args:
        what: Which of ``PARTS`` or ``GROUPS``; they keep that order.
        documents: Names of the documents whose transcripts are printed with their codings; none:
            the first one that is coded.
        source: Whose codings are quoted and counted; see ``reports.source.reading``. The
            annotated transcript shows everyone's, each signed.
        include_unfinished: Quote and count documents that nobody declared finished.
        quotes: Quotes printed per code, those marked as exemplars first, then speaker by speaker;
            None for all.
        attribution: Pattern of the line under a quote; see ``reports.attribution``.
        context: How many turns before a quote are printed in grey.
        marks: How transcripts show their codings: ``tint``, with a comment each, or ``brackets``
            for print.
        tables: Attributes and files that theme tables need; a table without its own is left out,
            unless ``what`` names it.
        command: What makes the file, as typed but for the names of files; for its last page.

    Raises:
        UnknownName: No such part, document, source or way of marking.
        UsageProblem: The pattern names a field that does not exist; a table that is named has not
            what it needs.
        QualcodeError: No document is finished in this source.
    """
    wanted = _wanted(what)
    if marks not in MARKS:
        raise UnknownName("way of marking", marks, MARKS)
    asked = tables or Asked()
    asked.refuse_incomplete(what)
    wanted = [part for part in wanted if asked.has(part)]
    layer = project.layer
    chosen = [project.documents.named(name) for name in documents] or _first_coded(project)
    collected: Collected | None = None
    parts: list[Part] = []
    facts = {
        "Parts": ", ".join(wanted),
        "Whose codings": source + (", unfinished documents included" * include_unfinished),
        "Quotes per code": "all" if quotes is None else f"at most {quotes}",
        "Transcripts": ", ".join(d.name for d in chosen) if "transcript" in wanted else "none",
    }
    if "excerpts" in wanted:
        collected = collect(
            project,
            leaving=True,
            printed=asked_attributes(project, attribution),
            source=source,
            include_unfinished=include_unfinished,
        )
        parts += excerpt_parts(
            project, collected, quotes=quotes, pattern=attribution, context=context
        )
    counts = {"source": source, "include_unfinished": include_unfinished}
    themes = ThemeTables(project, asked, counts, wanted)
    parts += [worded(part, layer) for part in themes.parts()]
    if "agreement" in wanted:
        figures, how = agreement_part(project)
        parts.append(worded(figures, layer))
        facts.update(how)
    if "figures" in wanted:
        drawn = figures_part(project, **counts, counted=themes.frequencies)
        parts = beside(parts, worded(drawn, layer))
    if "transcript" in wanted:
        parts += [transcript_part(project, one, brackets=marks == "brackets") for one in chosen]
    counted = themes.frequencies if asked.suppress else None
    parts += [worded(part, layer) for part in _appendices(project, wanted, counted)]
    front = None
    if "front" in wanted:
        front = front_page(project, themes.frequencies(), collected)
    facts.update(asked.facts())
    if asked.suppress:
        facts["Suppressed"] = SUPPRESSED
    if themes.small():
        facts[SMALL] = themes.small()
    facts["Command"] = command
    return _report(project, _pointing(parts), front, facts)


def _wanted(what: Sequence[str]) -> list[str]:
    """The parts asked for, groups taken apart, in the order of the report."""
    known = (*PARTS, *GROUPS)
    unknown = [part for part in what if part not in known]
    if unknown:
        raise UnknownName("part of the report", unknown[0], known)
    asked = {part for name in what for part in GROUPS.get(name, (name,))}
    return [part for part in PARTS if part in asked]


def _appendices(
    project: Project, wanted: Sequence[str], counted: Callable[[], Table] | None
) -> Iterator[Part]:
    """What is asked for and there; ``counted`` as for ``coreq``."""
    versions = versions_part(project) if "versions" in wanted else None
    if "codebook" in wanted:
        yield codebook_part(project, versions=len(versions.tables) if versions else 0)
    made: dict[str, Callable[[], Figures | None]] = {
        "rounds": lambda: rounds_part(project),
        "decisions": lambda: decisions_part(project),
        "coreq": lambda: coreq_part(project, counted),
    }
    found = [versions, *(make() for name, make in made.items() if name in wanted)]
    yield from (part for part in found if part is not None)


def _report(
    project: Project, parts: Sequence[Part], front: Front | None, facts: dict[str, str]
) -> Report:
    """The parts with title, footer and the facts of the last page."""
    layer = project.layer
    last = project.history.log(1)
    if layer.note() is not None:
        facts["Names"] = str(layer.note())
    if project.accepted:
        facts["Disclosure"] = "\n".join(accepted_notes(project))
    footer = " · ".join([project.title, _codebook_label(project), "made with qualcode"])
    return Report(
        title=layer.words(project.title),
        parts=parts,
        provenance=worded(list(provenance(project, facts)), layer),
        front=worded(front, layer),
        footer=layer.words(footer),
        **({"at": last[0].at} if last else {}),
        program=f"qualcode {__version__}",
    )


def _pointing(parts: Sequence[Part]) -> list[Part]:
    """The parts, the first excerpts led in by where the figures on them stand."""
    figures = [part for part in parts if isinstance(part, Figures)]
    known = [table.key for part in figures for table in part.tables]
    known += [picture.key for part in figures for picture in part.pictures]
    said: list[str | Reference] = []
    for what, kind in (
        ("Frequencies are", "frequency"),
        ("Groups are compared", "crosstab"),
        ("What supports and contradicts each code is", "evidence"),
        ("Agreement is", "agreement"),
        ("Pictures are", "picture"),
    ):
        keys = [key for key in known if key.split(" ")[0] == kind]
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


def _first_coded(project: Project) -> list[Document]:
    coded = {coding.document_id for coding in project.codings.list()}
    return [document for document in documents_of(project) if document.id in coded][:1]


def _codebook_label(project: Project) -> str:
    versions = project.codebook.versions()
    return f"codebook {versions[-1].label}" if versions else "codebook not frozen"
