"""Reports as they leave: every text and every name through the de-identification layer.

Figures are made of the text as it was said; what is shown of it comes from here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar, cast

from qualcode.model import Block, Cell, Span, Table, Transcript, Turn

if TYPE_CHECKING:
    from qualcode.project import Project
    from qualcode.text.redaction import Layer, Rendering

T = TypeVar("T")
OURS = frozenset(
    {
        "coder", "coder_a", "coder_b", "coders", "finished_by", "by", "round", "code", "codes",
        "code_a", "code_b", "path", "document_id", "coding_id", "excerpt_id", "made_by",
        "statistic", "ci_method",
    }
)  # fmt: skip
"""Columns that name coders, rounds, codes and rows, never somebody who took part."""


def disclosed(project: Project, table: Table, *, rendered: Collection[str] = ()) -> Table:
    """A table with the known names in its cells, notes and provenance shown as their labels.

    Args:
        rendered: Columns whose texts came through the layer place by place; they stay.

    Returns:
        The same table where nothing is redacted; else a note says how names are shown, and the
        provenance why they are not, where identified text was asked for.
    """
    layer = project.layer
    note, accepted = layer.note(), project.accepted
    if note is None and not accepted:
        return table
    kept = {i for i, name in enumerate(table.columns) if name in OURS or name in rendered}
    rows = table.rows
    if layer.active:
        rows = [
            tuple(cell if i in kept else _cell(layer, cell) for i, cell in enumerate(row))
            for row in table.rows
        ]
    notes = [*map(layer.words, table.notes), *([note] if note else []), *accepted_notes(project)]
    told = _facts(layer, dict(table.provenance))
    facts: dict[str, Any] = {"redactions": layer.redactions, "identified": layer.identified}
    if accepted:
        facts["accepted"] = accepted
    return Table(table.name, table.columns, rows, notes, {**told, **facts})


def accepted_notes(project: Project) -> list[str]:
    """What the disclosure check found and somebody left in on purpose, a sentence a rule."""
    return [f"Left in on purpose ({rule}): {why}" for rule, why in project.accepted.items()]


def _facts(layer: Layer, value: Any, key: str = "") -> Any:
    """What a provenance says, lists and records all through; ``key`` says what it is of."""
    if isinstance(value, str):
        return value if key in OURS else layer.words(value)
    if isinstance(value, Mapping):
        return {name: _facts(layer, one, str(name)) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_facts(layer, one, key) for one in value)
    return value


def _cell(layer: Layer, cell: Cell) -> Cell:
    return layer.words(cell) if isinstance(cell, str) else cell


def worded(part: T, layer: Layer) -> T:
    """A part of a report, records and lists all through, with known names as their labels.

    For parts in which nothing was rendered place by place.
    """
    return cast("T", _worded(part, layer)) if layer.active else part


def _worded(part: object, layer: Layer) -> object:
    if isinstance(part, str):
        return layer.words(part)
    if isinstance(part, list | tuple):
        return type(part)(_worded(one, layer) for one in part)
    if is_dataclass(part) and not isinstance(part, type):
        values = {one.name: _worded(getattr(part, one.name), layer) for one in fields(part)}
        return replace(part, **values)
    return part


@dataclass(frozen=True, slots=True, repr=False)
class Shown:
    """A document as it is shown: the same record, over the rendered text."""

    transcript: Transcript
    rendering: Rendering
    original: Transcript
    """As it was imported; its turns are those of ``transcript``, one for one."""

    def __repr__(self) -> str:
        return f"<Shown {self.transcript.document.id}>"


def shown_transcript(project: Project, document_id: str, *, sentences: bool = True) -> Shown:
    """A document with its turns and sentences as they lie in the shown text, names as labels.

    Args:
        sentences: Without them it is there sooner, for who does not look at any.
    """
    layer = project.layer
    transcript = project.documents.transcript(document_id, sentences=sentences)
    rendering = layer.rendering(document_id, transcript.text)
    if not layer.active:
        return Shown(transcript, rendering, transcript)
    turns = {turn.n: _turn(turn, rendering, layer) for turn in transcript.turns}
    blocks = [
        Block(
            rendering.to_view(block.start),
            rendering.to_view(block.stop),
            None if block.turn is None else turns[block.turn.n],
        )
        for block in transcript.blocks
    ]
    shown = Transcript(
        replace(transcript.document, name=layer.words(transcript.document.name), metadata={}),
        rendering.text,
        tuple(turns.values()),
        tuple(block for block in blocks if block.start < block.stop),
        tuple(dict.fromkeys(map(rendering.span, transcript.sentences))),
    )
    return Shown(shown, rendering, transcript)


def _turn(turn: Turn, rendering: Rendering, layer: Layer) -> Turn:
    whole = rendering.span(Span(turn.start, turn.stop))
    return replace(
        turn,
        start=whole.start,
        stop=whole.stop,
        speaker=None if turn.speaker is None else layer.words(turn.speaker),
        label=None if turn.label is None else layer.words(turn.label),
        participants=tuple(map(layer.words, turn.participants)),
    )
