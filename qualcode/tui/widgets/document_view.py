"""Positions in a document: where turns, sentences and words begin, and steps between them.

A *position* is an offset in code points, on a grapheme boundary, inside a block or at its end.
A redacted stretch has no position inside: it is stepped over, selected and read as its label.
Offsets are those of the original text. Knows no Textual and no screen width.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from qualcode.model import Block, Span, Transcript, Turn
from qualcode.spans import trim, unite
from qualcode.text.redaction import Rendering, Replacement
from qualcode.text.words import words
from qualcode.tui.widgets.display import DisplayMap


class DocumentView:
    """A transcript as the cursor walks through it.

    Args:
        transcript: The original, its speakers as they are to be shown.
        rendering: Its text as it is to be shown; None where nothing is redacted.
    """

    def __init__(self, transcript: Transcript, rendering: Rendering | None = None) -> None:
        self.transcript = transcript
        self.text = transcript.text
        self.rendering = rendering or Rendering(self.text)
        self.blocks: list[Block] = [b for b in transcript.blocks if b.start < b.stop]
        self.spans = [(block.start, block.stop) for block in self.blocks]
        self.display = DisplayMap(self.text, self.spans, self.rendering.replacements)
        self.has_turns = any(block.turn is not None for block in self.blocks)
        self._starts = array("I", [block.start for block in self.blocks])
        self.sentences = self._whole(transcript.sentences)
        """The sentence units; two that meet inside a label are one here."""

        self._sentence_starts = array("I", [s.start for s in self.sentences])
        self._words: tuple[int, Sequence[Span]] = (-1, [])

    # Redacted stretches

    def cut(self, span: Span) -> str:
        """The words of a stretch as they are shown, whole labels included."""
        return self.rendering.cut(span)

    def grown(self, span: Span) -> Span:
        """A stretch with the whole of every label that it cuts."""
        return self.rendering.grown(span) if self.rendering.replacements else span

    def at(self, position: int) -> Span:
        """The grapheme at a position; at the end of a block, the character behind it."""
        block = self.block_at(position)
        if self.blocks and self.blocks[block].start <= position < self.blocks[block].stop:
            return Span(position, self.forward(position))
        return Span(position, position + 1)

    def label_at(self, position: int) -> Replacement | None:
        """What is redacted at a position; None where the text stands as it is."""
        after = bisect_right(self.rendering.replacements, position, key=lambda one: one.start)
        found = self.rendering.replacements[after - 1] if after else None
        return found if found is not None and position < found.stop else None

    def _whole(self, spans: Sequence[Span]) -> Sequence[Span]:
        """Stretches of blocks, grown to whole labels; what then overlaps is one."""
        if not self.rendering.replacements:
            return spans
        found = []
        for span in spans:
            block, whole = self.block_span(span.start), self.grown(span)
            found.append(Span(max(whole.start, block.start), min(whole.stop, block.stop)))
        return unite(found, touching=False)

    @property
    def first(self) -> int:
        """The first position; 0 in an empty document."""
        return self.blocks[0].start if self.blocks else 0

    @property
    def last(self) -> int:
        """The last position: the end of the last block."""
        return self.blocks[-1].stop if self.blocks else 0

    # Blocks and turns

    def block_at(self, position: int) -> int:
        """Number of the block that holds ``position``; the one before it, between blocks."""
        return max(bisect_right(self._starts, position) - 1, 0)

    def turn_at(self, position: int) -> Turn | None:
        """The turn that holds ``position`` or ends there; None in a paragraph outside turns."""
        if not self.blocks:
            return None
        block = self.blocks[self.block_at(position)]
        return block.turn if block.start <= position <= block.stop else None

    def block_span(self, position: int) -> Span:
        """The turn, or paragraph outside turns, at ``position``."""
        block = self.blocks[self.block_at(position)]
        return Span(block.start, block.stop)

    # Positions

    def snap(self, position: int) -> int:
        """The position nearest to an offset: on a grapheme boundary, inside a block."""
        if not self.blocks:
            return 0
        position = max(self.first, min(self.last, position))
        i = self.block_at(position)
        if position > self.blocks[i].stop:
            return self.blocks[i + 1].start
        measured = self.display.graphemes(i)
        return position if measured is None else measured.snap(position)

    def snap_up(self, position: int) -> int:
        """The position at or after an offset."""
        at = self.snap(position)
        return self.forward(at) if at < position <= self.last else at

    def forward(self, position: int) -> int:
        """One grapheme on; from the end of a block to the start of the next."""
        i = self.block_at(position)
        if not self.blocks or position >= self.last:
            return position
        if position >= self.blocks[i].stop:
            return self.blocks[i + 1].start
        measured = self.display.graphemes(i)
        return position + 1 if measured is None else measured.next(position)

    def backward(self, position: int) -> int:
        """One grapheme back; from the start of a block to the end of the one before."""
        i = self.block_at(position)
        if not self.blocks or position <= self.first:
            return position
        if position <= self.blocks[i].start:
            before = self.blocks[i - 1].stop
            # Blocks that touch share this offset: their border is one position, not two.
            return before if before < position else self.backward_within(i - 1, before)
        return self.backward_within(i, position)

    def backward_within(self, block: int, position: int) -> int:
        """One grapheme back inside a block."""
        measured = self.display.graphemes(block)
        return position - 1 if measured is None else measured.back(position)

    def fitted(self, span: Span) -> Span | None:
        """A stretch without blanks, labels and times at its ends; None if no text is left.

        What lies between two turns is nobody's words: a coding neither begins nor ends there.
        """
        if not self.blocks:
            return None
        first, last = self.block_at(span.start), self.block_at(span.stop - 1)
        start, stop = span.start, min(span.stop, self.blocks[last].stop)
        if start < self.blocks[first].start:
            start = self.blocks[first].start
        elif start >= self.blocks[first].stop and first + 1 < len(self.blocks):
            start = self.blocks[first + 1].start
        return trim(self.text, Span(start, stop)) if start < stop else None

    # Words

    def words_in(self, block: int) -> Sequence[Span]:
        """The words of a block, in text order; a label belongs to one word with what it touches."""
        if self._words[0] != block:
            start, stop = self.spans[block]
            self._words = (block, self._whole(words(self.text, Span(start, stop))))
        return self._words[1]

    def word_next(self, position: int) -> int:
        """Where the next word begins; the last position after the last word."""
        for i in range(self.block_at(position), len(self.blocks)):
            for word in self.words_in(i):
                if word.start > position:
                    return self.snap(word.start)
        return self.last

    def word_back(self, position: int) -> int:
        """Where the word before ``position`` begins; the first position before the first."""
        for i in range(self.block_at(position), -1, -1) if self.blocks else ():
            for word in reversed(self.words_in(i)):
                if word.start < position:
                    return self.snap(word.start)
        return self.first

    def word_span(self, position: int) -> Span | None:
        """The word at ``position``, else the next one in its block, else the last; None if none."""
        here = self.words_in(self.block_at(position)) if self.blocks else []
        return next((w for w in here if w.stop > position), here[-1] if here else None)

    # Sentences

    def sentence_span(self, position: int) -> Span | None:
        """The sentence unit at ``position`` (white space after it included in the question).

        A block without sentence units answers with itself; None in an empty document.
        """
        if not self.blocks:
            return None
        block = self.block_span(position)
        units = self.sentences
        i = bisect_right(self._sentence_starts, position) - 1
        if i >= 0 and units[i].start >= block.start:
            return units[i]
        if i + 1 < len(units) and units[i + 1].start < block.stop:
            return units[i + 1]
        return trim(self.text, block)

    def sentence_next(self, position: int) -> int:
        """Where the next sentence begins; the last position after the last."""
        i = bisect_right(self._sentence_starts, position)
        return self.snap(self._sentence_starts[i]) if i < len(self._sentence_starts) else self.last

    def sentence_back(self, position: int) -> int:
        """Where this sentence begins, or the one before if it begins here."""
        i = bisect_left(self._sentence_starts, position) - 1
        return self.snap(self._sentence_starts[i]) if i >= 0 else self.first

    # Turns

    def turn_next(self, position: int) -> int:
        """Where the next turn (or paragraph) begins; the last position in the last."""
        i = bisect_right(self._starts, position)
        return self._starts[i] if i < len(self._starts) else self.last

    def turn_back(self, position: int) -> int:
        """Where this turn begins, or the one before if it begins here."""
        i = bisect_left(self._starts, position) - 1
        return self._starts[i] if i >= 0 else self.first

    def to_code(self, block: Block) -> bool:
        """Whether a block is for coding: a participant's turn; without turns, any."""
        if block.turn is None:
            return not self.has_turns
        return block.turn.role == "participant"

    # Units to select

    def unit(self, kind: str, position: int) -> Span | None:
        """The ``word``, ``sentence`` or ``turn`` at a position; None in an empty document."""
        if not self.blocks:
            return None
        if kind == "word":
            return self.word_span(position)
        return self.sentence_span(position) if kind == "sentence" else self.block_span(position)

    def unit_after(self, kind: str, position: int) -> Span | None:
        """The next unit that begins at or after ``position``; None after the last."""
        step = {"word": self.word_next, "sentence": self.sentence_next, "turn": self.turn_next}
        start = step[kind](position - 1)
        return self.unit(kind, start) if start < self.last else None

    def covering(self, kind: str, span: Span) -> Span:
        """The smallest run of whole units that covers ``span`` (at least ``span`` itself)."""
        first, last = self.unit(kind, span.start), self.unit(kind, span.stop - 1)
        starts = [span.start] + ([first.start] if first else [])
        stops = [span.stop] + ([last.stop] if last else [])
        return Span(min(starts), max(stops))

    def sizes(self, span: Span) -> Iterator[Span]:
        """Ever larger stretches around ``span``: word, sentence, turn, two turns."""
        for kind in ("word", "sentence", "turn"):
            yield self.covering(kind, span)
        turns = self.covering("turn", span)
        after = self.unit_after("turn", turns.stop)
        if after is not None:
            yield Span(turns.start, after.stop)
