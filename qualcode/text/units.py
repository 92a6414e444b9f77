"""Units of analysis of a document: its sentences as stored, its turns, paragraphs, or the whole."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from qualcode.model import Block, Span, Transcript, UnitKind
from qualcode.spans import trim


def units(transcript: Transcript, kind: UnitKind) -> Iterator[tuple[Span, str | None, str]]:
    """Give the units of a document in text order, with who speaks and in which role.

    In documents with turns only what is said counts; no unit crosses a block but the document.
    The role is "" where nobody speaks.
    """
    said = said_in(transcript)
    if kind == "document":
        if said:
            yield Span(said[0].start, said[-1].stop), None, ""
        return
    if kind == "turn":
        yield from ((Span(b.start, b.stop), *_who(b)) for b in said)
        return
    if kind == "paragraph":
        for block in said:
            yield from ((part, *_who(block)) for part in _paragraphs(transcript.text, block))
        return
    # Sentences lie within blocks, but for an earlier cut, where turns were joined or parted since:
    # those count for the block in which they begin to be said.
    stops = [block.stop for block in said]
    for sentence in transcript.sentences:
        at = bisect_right(stops, sentence.start)
        if at < len(said) and said[at].start < sentence.stop:
            yield (sentence, *_who(said[at]))


def said_in(transcript: Transcript) -> list[Block]:
    """The blocks that hold what is said; every paragraph of a document without speakers."""
    has_turns = any(block.turn is not None for block in transcript.blocks)
    return [b for b in transcript.blocks if b.turn is not None or not has_turns]


def _who(block: Block) -> tuple[str | None, str]:
    return (block.turn.speaker, block.turn.role) if block.turn is not None else (None, "")


def _paragraphs(text: str, block: Block) -> Iterator[Span]:
    at = block.start
    for line in text[block.start : block.stop].split("\n\n"):
        part = trim(text, Span(at, at + len(line))) if line else None
        if part is not None:
            yield part
        at += len(line) + 2
