"""The annotated transcript and the codebook, as the Word report prints them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from qualcode.exporters.report import (
    AnnotatedTranscript,
    Appendix,
    CodebookEntry,
    Comment,
    Passage,
)
from qualcode.model import Cell, Code, CodebookVersion, Document, Span
from qualcode.reports.codebook import paths
from qualcode.reports.codebook_diff import MEANING
from qualcode.reports.disclosed import shown_transcript

if TYPE_CHECKING:
    from qualcode.project import Project


def transcript_part(project: Project, document: Document) -> AnnotatedTranscript:
    """A document with every coding that may be seen, each signed by its coder."""
    layer, shown = project.layer, shown_transcript(project, document.id)
    transcript, rendering = shown.transcript, shown.rendering
    codes = project.codebook.codes(removed=True)
    way, colour = paths(codes), {code.code: code.colour for code in codes}
    made_at = {c.id: c.created_at for c in project.codings.list(document_id=document.id)}
    comments = [
        Comment(
            place.start,
            place.stop,
            str(row["coder"]),
            made_at.get(str(row["coding_id"]), ""),
            list(
                _lines(row, layer.words(" › ".join(way.get(str(row["code"]), (str(row["code"]),)))))
            ),
            colour.get(str(row["code"]), ""),
        )
        for row in project.codings.table(document=document.name)
        for place in [rendering.span(Span(_int(row["start"]), _int(row["stop"])))]
    ]
    passages = [
        Passage(
            block.start,
            block.stop,
            "" if block.turn is None else str(block.turn.n),
            ""
            if block.turn is None
            else ", ".join(block.turn.participants) or block.turn.speaker or "",
        )
        for block in transcript.blocks
    ]
    coders = list(dict.fromkeys(comment.author for comment in comments))
    intro = (
        f"{len(comments):,} codings by {', '.join(coders) or 'nobody'}. Each is a comment in the "
        "margin, signed by its coder; underlined is what several codings share."
    )
    heading = f"Annotated transcript: {transcript.document.name}"
    return AnnotatedTranscript(heading, transcript.text, passages, comments, intro)


def _lines(row: dict[str, Cell], path: str) -> Iterator[str]:
    yield path
    marks = [
        str(row["valence"] or ""),
        "exemplar" if row["exemplar"] else "",
        "disconfirming" if row["disconfirming"] else "",
    ]
    if any(marks):
        yield ", ".join(mark for mark in marks if mark)
    if row["memo"]:
        yield f"Memo: {row['memo']}"


def _int(value: Cell) -> int:
    assert isinstance(value, int)
    return value


def appendix_part(project: Project) -> Appendix:
    """The codebook as it is now, with what its frozen versions changed."""
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
                    code.origin,
                    f"since {code.since}" if code.since else "",
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
    versions = project.codebook.versions()
    intro = [f"{len(codes)} codes, as the codebook is now."]
    for earlier, later in pairwise(versions):
        intro.append(_difference(earlier, later))
    return Appendix("Appendix: Codebook", entries, " ".join(intro))


def _difference(earlier: CodebookVersion, later: CodebookVersion) -> str:
    """What a version changed, in words."""
    before, after = ({c.code: c for c in v.codes} for v in (earlier, later))
    new = [after[code].title for code in after if code not in before]
    gone = [before[code].title for code in before if code not in after]
    changed = [
        after[code].title
        for code in after
        if code in before and not _same(before[code], after[code])
    ]
    parts = [
        f"{what}: {', '.join(titles)}"
        for what, titles in (("new", new), ("no longer there", gone), ("reworded", changed))
        if titles
    ]
    return f"{later.label} against {earlier.label}: {'; '.join(parts) or 'no difference'}."


def _same(a: Code, b: Code) -> bool:
    kept = {name: getattr(b, name) for name in MEANING}
    return replace(a, **kept) == a
