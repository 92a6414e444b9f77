"""Proposals from a search: what would be coded, before anything is; then all of it as one act."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from qualcode.errors import UnknownName
from qualcode.model import Code, Coder, Coding, Span, Transcript
from qualcode.reports.search import Hit
from qualcode.spans import trim

if TYPE_CHECKING:
    from qualcode.project import Project

Stretch: TypeAlias = Literal["hit", "sentence", "turn"]
STRETCHES: tuple[Stretch, ...] = ("hit", "sentence", "turn")


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a coder is asked to agree to."""

    code: Code
    unit: Stretch
    new: tuple[tuple[str, Span], ...]
    """Document id and stretch of every coding that would be made."""

    identical: int
    """Stretches that the coder has given this code already, or that several hits share."""

    finished: tuple[str, ...]
    """Names of documents with hits that the coder declared finished: they are left alone."""

    def sentence(self) -> str:
        """``37 new, 4 identical skipped``, and what else is left out."""
        parts = [f"{len(self.new)} new"]
        if self.identical:
            parts.append(f"{self.identical} identical skipped")
        if self.finished:
            parts.append(f"left out, as finished: {', '.join(self.finished)}")
        return ", ".join(parts)


def proposal(
    project: Project, hits: Sequence[Hit], code: Code, unit: str, *, by: Coder
) -> Proposal:
    """Say what applying a code to these hits would do; nothing is changed.

    Args:
        unit: How much is coded around a hit: the ``hit`` itself, its ``sentence``, its ``turn``
            (its paragraph, where nobody speaks). A hit across two takes both.

    Raises:
        UnknownName: No such unit.
    """
    kind = next((one for one in STRETCHES if one == unit), None)
    if kind is None:
        raise UnknownName("unit", unit, STRETCHES)
    into = project.codebook.stands_for()
    mine = {
        (one.document_id, one.round_id, one.span)
        for one in project.codings.list(coder_id=by.id)
        if into[one.code_id] == code.id
    }
    new: dict[tuple[str, Span], None] = {}
    identical, finished = 0, dict[str, None]()
    transcripts: dict[str, Transcript] = {}
    rounds: dict[str, str] = {}
    done: set[str] = set()
    for hit in hits:
        document = hit.document
        if document.id not in rounds:
            rounds[document.id] = project.rounds.current(document.id, by.id).id
            transcripts[document.id] = project.documents.transcript(document.id)
            if _is_finished(project, rounds[document.id], document.id, by):
                done.add(document.id)
        if document.id in done:
            finished[document.name] = None
            continue
        for span in _stretches(transcripts[document.id], hit.place, kind):
            at = (document.id, span)
            if at in new or (document.id, rounds[document.id], span) in mine:
                identical += 1
            else:
                new[at] = None
    return Proposal(code, kind, tuple(new), identical, tuple(finished))


def apply_proposal(project: Project, agreed: Proposal, *, by: Coder) -> list[Coding]:
    """Make the codings of a proposal, in one action and one undo; they say they come of a search.

    Raises:
        Refused: The code cannot be applied, or a document is not the coder's to code.
    """
    made = project.codings.apply_all(agreed.new, agreed.code.id, by=by, made_by="search")
    return list(made)


def _is_finished(project: Project, round_id: str, document_id: str, by: Coder) -> bool:
    return any(
        one.document_id == document_id and one.coder_id == by.id and one.finished_at is not None
        for one in project.rounds.assignments(round_id)
    )


def _stretches(transcript: Transcript, place: Span, unit: Stretch) -> list[Span]:
    if unit == "hit":
        units: Sequence[Span] = [place]
    elif unit == "sentence":
        units = transcript.sentences
    else:
        units = [Span(block.start, block.stop) for block in transcript.blocks]
    found = [trim(transcript.text, one) for one in units if one.overlap(place)]
    return [one for one in found if one is not None]
