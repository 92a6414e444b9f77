"""The annotated transcript, as the Word report prints it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from qualcode.exporters.report import (
    AnnotatedTranscript,
    Comment,
    Passage,
)
from qualcode.model import Cell, Document, Span
from qualcode.reports.codebook import paths
from qualcode.reports.disclosed import shown_transcript
from qualcode.text.plurals import counted

if TYPE_CHECKING:
    from qualcode.project import Project

MADE_FROM = {"search": "made from a search", "suggestion": "accepted from a suggestion"}
"""What a comment says of a coding that was not made by hand."""


def transcript_part(
    project: Project, document: Document, *, brackets: bool = False
) -> AnnotatedTranscript:
    """A document with every coding that may be seen, each signed by its coder.

    Args:
        brackets: As numbered brackets for print rather than as comments.
    """
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
    how = (
        "Each stands in brackets with its number, which is explained below the turn; coders who "
        "gave the same words the same code share one."
        if brackets
        else "Each is a comment signed by its coder; underlined is what codings of different codes "
        "share."
    )
    intro = f"{counted(len(comments), 'coding')} by {', '.join(coders) or 'nobody'}. {how}"
    heading = f"Annotated transcript: {transcript.document.name}"
    return AnnotatedTranscript(heading, transcript.text, passages, comments, intro, brackets)


def _lines(row: dict[str, Cell], path: str) -> Iterator[str]:
    yield path
    marks = [
        str(row["valence"] or ""),
        "exemplar" if row["exemplar"] else "",
        "disconfirming" if row["disconfirming"] else "",
        MADE_FROM.get(str(row["made_by"]), ""),
    ]
    if any(marks):
        yield ", ".join(mark for mark in marks if mark)
    if row["memo"]:
        yield f"Memo: {row['memo']}"


def _int(value: Cell) -> int:
    assert isinstance(value, int)
    return value
