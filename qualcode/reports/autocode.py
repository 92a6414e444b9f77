"""Proposals from a search: what would be coded, before anything is; then all of it as one act."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from qualcode.errors import UnknownName
from qualcode.model import Code, Coder, Coding, Span, Transcript
from qualcode.reports.search import Hit
from qualcode.spans import trim, unite
from qualcode.text.plurals import counted

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

    already: int
    """Stretches wholly within what the coder has given this code: no figure would change."""

    shared: int
    """Hits in a stretch that another hit has brought in."""

    finished: tuple[str, ...]
    """Names of documents with hits that the coder declared finished: they are left alone."""

    def sentence(self) -> str:
        """``37 new, 4 already coded``, and what else is left out."""
        parts = [f"{len(self.new)} new"]
        if self.already:
            parts.append(f"{self.already} already coded")
        if self.shared:
            parts.append(f"{counted(self.shared, 'more hit')} in the same {self.unit}")
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
    mine: dict[tuple[str, str], list[Span]] = {}
    for one in project.codings.list(coder_id=by.id):
        if into[one.code_id] == code.id:
            mine.setdefault((one.document_id, one.round_id), []).append(one.span)
    coded = {place: unite(spans, touching=False) for place, spans in mine.items()}
    new: dict[tuple[str, Span], None] = {}
    already, shared, finished = set[tuple[str, Span]](), 0, dict[str, None]()
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
            if at in new or at in already:
                shared += 1
            elif _is_within(span, coded.get((document.id, rounds[document.id]), ())):
                already.add(at)
            else:
                new[at] = None
    return Proposal(code, kind, tuple(new), len(already), shared, tuple(finished))


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


def _is_within(span: Span, stretches: Iterable[Span]) -> bool:
    return any(one.start <= span.start and span.stop <= one.stop for one in stretches)


def _stretches(transcript: Transcript, place: Span, unit: Stretch) -> list[Span]:
    if unit == "hit":
        units: Sequence[Span] = [place]
    elif unit == "sentence":
        units = transcript.sentences
    else:
        units = [Span(block.start, block.stop) for block in transcript.blocks]
    found = [trim(transcript.text, one) for one in units if one.overlap(place)]
    return [one for one in found if one is not None]
