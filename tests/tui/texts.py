"""Transcripts drawn as labelled lines, and text as odd as it comes."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import settings
from hypothesis import strategies as st

from qualcode.model import Block, Coding, Document, Span, Transcript, Turn
from qualcode.tui.widgets.document_view import DocumentView
from qualcode.tui.widgets.rows import ShownCode

quick = settings(deadline=None, max_examples=60)
"""Enough examples to fail on what is wrong; a busy machine fails none."""

CODES = {
    "handoff": ShownCode("handoff", "1", "warm handoff", "#E69F00"),
    "buyin": ShownCode("buyin", "2", "buy-in", "#009E73"),
    "trust": ShownCode("trust", "3", "trust", "#F0E442"),
}


def transcript(*lines: str) -> Transcript:
    """Give a transcript: ``P1: words`` is a turn, a line without a label a paragraph.

    ``M`` is the moderator. Sentences end with a full stop. Turn n begins at 10 × n seconds.
    """
    text, blocks, sentences = "", list[Block](), list[Span]()
    for line in lines:
        label, colon, words = line.partition(": ")
        words = words if colon else line
        text += label + colon if colon else ""
        start = len(text)
        text += words
        if words:
            n = 1 + sum(block.turn is not None for block in blocks)
            role = "moderator" if label == "M" else "participant"
            turn = Turn(n, label, label, start, len(text), 10.0 * n, role=role)  # type: ignore[arg-type]
            blocks.append(Block(start, len(text), turn if colon else None))
            sentences += _sentences(text, start, len(text))
        text += "\n"
    return _made(text, blocks, sentences)


def of_blocks(*texts: str) -> DocumentView:
    """Give a document of paragraphs with exactly these texts, each one sentence."""
    text, blocks = "", list[Block]()
    for paragraph in texts:
        start = len(text)
        text += paragraph
        blocks.append(Block(start, len(text), None))
        text += "\n"
    spans = [Span(b.start, b.stop) for b in blocks if b.start < b.stop]
    return DocumentView(_made(text, blocks, spans))


def view(*lines: str) -> DocumentView:
    """Give ``transcript(*lines)`` as the cursor walks through it."""
    return DocumentView(transcript(*lines))


def coding(
    id: str, document: DocumentView | Transcript, words: str, code: str = "handoff"
) -> Coding:
    """Give a coding of the first place where these words stand."""
    start = document.text.index(words)
    return coding_at(id, start, start + len(words), code)


def coding_at(id: str, start: int, stop: int, code: str = "handoff") -> Coding:
    """Give a coding of a span."""
    return Coding(id, "d", "ana", "r", code, Span(start, stop))


def _sentences(text: str, start: int, stop: int) -> Iterable[Span]:
    at = start
    while at < stop:
        end = text.find(".", at, stop) + 1 or stop
        yield Span(at, end)
        at = end
        while at < stop and text[at] == " ":
            at += 1


def _made(text: str, blocks: list[Block], sentences: list[Span]) -> Transcript:
    document = Document("d", "D", "", "en", "text/plain", None, None, len(text), "")
    turns = tuple(block.turn for block in blocks if block.turn is not None)
    return Transcript(document, text, turns, tuple(blocks), tuple(sentences))


ODD = (
    "\x00\x07\t\x1b\x7f\x85\x9b\u200b\u200d\u200e\u202e\u2066\u2028\ufeff\ufe0f\u20e3\xad"
    "\u0301\u0e33\u0915\u094d\u0937\u05d0\u0661\u4f60\ud55c\u1100\u1161\uac00\U0001f468"
    "\U0001f44d\U0001f3fd\U0001f1e8\U0001f1e6\u2764\u2640#1é…“—\u3002\u3001 ab\n  "
)

odd_text = st.text(st.sampled_from(ODD) | st.characters(exclude_categories=["Cs"]), max_size=120)
odd_texts = st.lists(odd_text, max_size=4)
