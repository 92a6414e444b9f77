"""What lies open before a coder: one document, its round, its codings, and how far they are.

Everything here was read from the project in one go, on a thread that owns it. It writes nothing
and draws nothing. In an open blind round the project gives this coder's codings alone, so nothing
of another coder can be in here. Every name in here is as accepted redactions show it; the text
alone is the original, because codings count in it, and ``view.cut`` gives what is shown of it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from qualcode.model import Block, Code, Coder, Coding, Document, Round, Span, Transcript, Turn
from qualcode.project import Project
from qualcode.reports.suggestions import suggests
from qualcode.text.redaction import Layer
from qualcode.text.words import count_words
from qualcode.tui.codes import shown_codes
from qualcode.tui.rounds import round_for
from qualcode.tui.widgets.document_view import DocumentView
from qualcode.tui.widgets.status_line import Named
from qualcode.tui.widgets.transcript_view import ShownCode

UNKNOWN_CODE = ShownCode("", "?", "unknown code", "#888888")


@dataclass(slots=True)
class Desk:
    """A document opened for one coder."""

    view: DocumentView
    me: Coder
    round: Round
    codes: Sequence[Code]
    """What can be applied: the codes of the version the round pins, else of the codebook."""

    shown: Mapping[str, ShownCode]
    """How to show any code met here, retired ones included, by id."""

    coders: Mapping[str, str]
    """Names of those whose codings are here, by id."""

    codings: dict[str, Coding] = field(default_factory=dict)
    finished: bool = False
    suggests: bool = False
    """Whether anything may be suggested here: never where the coder works blind."""

    kept_by: str = ""
    """Any open blind round for which the coder may change no code, as it is shown; or empty."""

    @property
    def document(self) -> Document:
        """The document itself."""
        return self.view.transcript.document

    @property
    def may_create(self) -> bool:
        """Whether new codes may be made here: only where the round pins no version.

        Nor by who codes in an open blind round: the other coders' lists would show the code.
        """
        return self.round.codebook_version is None and not self.blind and not self.kept_by

    @property
    def blind(self) -> bool:
        """Whether the coder works here without seeing what others do."""
        return self.round.blind and self.round.state == "open"

    def code(self, code_id: str) -> ShownCode:
        """How to show a code; a plain stand-in for one the project no longer knows."""
        return self.shown.get(code_id, UNKNOWN_CODE)

    def mine(self) -> list[Coding]:
        """This coder's codings, in text order."""
        own = [c for c in self.codings.values() if c.coder_id == self.me.id]
        return sorted(own, key=lambda c: (c.span, c.id))

    def named(self, coding: Coding) -> Named:
        """A coding in words."""
        code = self.code(coding.code_id)
        text = self.view.text
        words = count_words(text, coding.span)
        details = [f"{words} word{'s' if words != 1 else ''}"]
        details += [coding.valence] if coding.valence else []
        details += ["disconfirming"] if coding.disconfirming else []
        details += ["memo"] if coding.memo else []
        coder = None if coding.coder_id == self.me.id else self.coders.get(coding.coder_id)
        return Named(code.key, code.name, code.colour, details, coding.exemplar, coder)

    def speak_of(self, coding: Coding) -> str:
        """Name a coding and its place: ``2 warm handoff, turn 26``."""
        code = self.code(coding.code_id)
        return f"{code.key} {code.name}, {self.place(coding.span.start)}"

    # Places

    def place(self, position: int) -> str:
        """``turn 26``, or ``paragraph 3`` outside turns."""
        turn = self.view.turn_at(position)
        if turn is not None:
            return f"turn {turn.n}"
        return f"paragraph {self.view.block_at(position) + 1}" if self.view.blocks else "no text"

    def place_of(self, position: int) -> str:
        """``turn 26/470``: where a position lies in the whole."""
        blocks = self.view.blocks
        turn = self.view.turn_at(position)
        total = len(self.view.transcript.turns) if turn is not None else len(blocks)
        return f"{self.place(position)}/{total}" if blocks else "no text"

    def who_when(self, position: int) -> list[str]:
        """Who speaks at a position and at what time: ``P4``, ``00:07:34``."""
        turn = self.view.turn_at(position)
        if turn is None:
            return []
        who = [turn.speaker] if turn.speaker else []
        return who + ([clock(turn.start_seconds)] if turn.start_seconds is not None else [])

    def measure(self, span: Span) -> str:
        """How large a selection is: ``1 sentence, 11 words``."""
        text, sentences = self.view.text, self.view.transcript.sentences
        n = sum(1 for s in sentences if s.start < span.stop and s.stop > span.start)
        words = count_words(text, span)
        return f"{n} sentence{'s' if n != 1 else ''}, {words} word{'s' if words != 1 else ''}"

    # Progress

    def uncoded(self) -> list[Block]:
        """The participants' turns that hold none of this coder's codings, in text order."""
        starts = [block.start for block in self.view.blocks]
        coded: set[int] = set()
        for coding in self.mine():
            first = max(bisect_right(starts, coding.span.start) - 1, 0)
            coded.update(range(first, bisect_right(starts, coding.span.stop - 1)))
        blocks = enumerate(self.view.blocks)
        return [b for n, b in blocks if n not in coded and self.view.to_code(b)]

    def reached(self, position: int) -> int:
        """Number of the turn (paragraph, in a document without turns) a position lies in.

        From 1; the turn before, for a paragraph between turns; 0 before the first.
        """
        blocks = self.view.blocks
        if not blocks:
            return 0
        at = self.view.block_at(position)
        if not self.view.has_turns:
            return at + 1
        before = (block.turn for block in reversed(blocks[: at + 1]) if block.turn is not None)
        return next((turn.n for turn in before), 0)

    @property
    def total(self) -> int:
        """How many turns there are, or paragraphs where there are no turns."""
        view = self.view
        return len(view.transcript.turns) if view.has_turns else len(view.blocks)

    def read_percent(self, furthest: int) -> int:
        """How much was reached, by the furthest turn or paragraph; 100 for an empty document."""
        return 100 * min(furthest, self.total) // self.total if self.total else 100

    def unreached(self, furthest: int) -> int:
        """How many turns (or paragraphs) lie beyond the furthest one reached."""
        return max(self.total - furthest, 0)


def open_desk(project: Project, document_id: str, me: Coder) -> Desk:
    """Read everything the coding screen shows of a document; on the project's thread."""
    round_ = round_for(project, document_id, me)
    live = project.codebook.codes()
    codes: Sequence[Code] = live
    if round_.codebook_version is not None:
        codes = project.codebook.version(round_.codebook_version).codes
    layer = project.layer
    if layer.active:
        round_ = replace(round_, name=layer.words(round_.name))
    codes = [code_shown(code, layer) for code in codes] if layer.active else codes
    every = [*codes, *(code_shown(code, layer) for code in project.codebook.codes(removed=True))]
    known = {code.id for code in codes}
    retired = [code for code in every if code.id not in known]
    codings = project.codings.of(round_.id, document_id)
    makers = {coding.coder_id for coding in codings}
    desk = Desk(
        view=view_of(project.documents.transcript(document_id), layer),
        me=me,
        round=round_,
        codes=codes,
        shown={**{c.id: _retired(c) for c in retired}, **shown_codes(codes)},
        coders={c.id: c.name for c in project.coders.list() if c.id in makers},
    )
    desk.codings, desk.finished = read_codings(project, desk.round.id, document_id, me)
    desk.suggests = suggests(project, document_id, me)
    desk.kept_by = layer.words(project.codebook.kept_by(me) or "")
    return desk


def view_of(transcript: Transcript, layer: Layer) -> DocumentView:
    """A document to look at, with names as the layer shows them."""
    if not layer.active:
        return DocumentView(transcript)
    document = transcript.document
    turns = {turn.n: _turn_shown(turn, layer) for turn in transcript.turns}
    shown = replace(
        transcript,
        document=replace(document, name=layer.words(document.name), metadata={}),
        turns=tuple(turns.values()),
        blocks=tuple(
            block if block.turn is None else replace(block, turn=turns[block.turn.n])
            for block in transcript.blocks
        ),
    )
    return DocumentView(shown, layer.rendering(document.id, transcript.text))


def _turn_shown(turn: Turn, layer: Layer) -> Turn:
    return replace(
        turn,
        speaker=None if turn.speaker is None else layer.words(turn.speaker),
        label=None if turn.label is None else layer.words(turn.label),
        participants=tuple(map(layer.words, turn.participants)),
    )


def code_shown(code: Code, layer: Layer) -> Code:
    """A code with its words as they are shown; what tells it from others stays."""
    if not layer.active:
        return code
    words = layer.words
    return replace(
        code,
        name=words(code.title),
        brief=words(code.brief),
        full=words(code.full),
        use_when=words(code.use_when),
        not_when=words(code.not_when),
        example=tuple(map(words, code.example)),
        near_miss=tuple(map(words, code.near_miss)),
    )


def read_codings(
    project: Project, round_id: str, document_id: str, me: Coder
) -> tuple[dict[str, Coding], bool]:
    """The codings of a document in a round by id, and whether this coder declared it finished."""
    codings = {c.id: c for c in project.codings.of(round_id, document_id)}
    finished = any(
        a.document_id == document_id and a.coder_id == me.id and a.finished_at is not None
        for a in project.rounds.assignments(round_id)
    )
    return codings, finished


def _retired(code: Code) -> ShownCode:
    return ShownCode(code.id, "·", code.title, code.colour)


def nudged(view: DocumentView, span: Span, edge: str, step: int) -> Span | None:
    """Move one end of a stretch by a word.

    Args:
        edge: ``start`` or ``stop``.
        step: 1 towards the end of the document, -1 towards its beginning.

    Returns:
        The stretch with that end on the next edge of a word; None where there is no further word,
        or where nothing would be left.
    """
    at = span.start if edge == "start" else span.stop
    block = view.block_at(at if edge == "start" else at - 1)
    last = len(view.blocks)
    reach = range(block, last) if step > 0 else range(block, -1, -1)
    for n in reach:
        edges = [w.start if edge == "start" else w.stop for w in view.words_in(n)]
        found = [e for e in edges if (e > at if step > 0 else e < at)]
        if found:
            at = found[0] if step > 0 else found[-1]
            start, stop = (at, span.stop) if edge == "start" else (span.start, at)
            return Span(start, stop) if start < stop else None
    return None


def clock(seconds: float) -> str:
    """``00:07:34``."""
    whole = int(seconds)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}"


_TIME = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):([0-5]?\d)")


def destination(typed: str, view: DocumentView) -> int | str:
    """Where ``:`` leads: ``26`` a turn, ``07:34`` a time, ``@5065`` an offset.

    Returns:
        The position, or the reason why there is none.
    """
    typed = typed.strip().removeprefix(":").strip()
    if not view.blocks:
        return "This document is empty."
    if typed.startswith("@") and typed[1:].isascii() and typed[1:].isdigit():
        return view.snap(int(typed[1:]))
    if typed.isascii() and typed.isdigit():
        return _turn_start(int(typed), view)
    time = _TIME.fullmatch(typed)
    if time is None:
        return "Go to a turn (26), a time (07:34) or an offset (@5065)."
    seconds = int(time[1] or 0) * 3600 + int(time[2]) * 60 + int(time[3])
    timed = [t for t in view.transcript.turns if t.start_seconds is not None]
    if not timed:
        return "This document states no times."
    before = [t for t in timed if (t.start_seconds or 0.0) <= seconds]
    return view.snap((before or timed)[-1 if before else 0].start)


def _turn_start(n: int, view: DocumentView) -> int | str:
    if not view.has_turns:
        if 1 <= n <= len(view.blocks):
            return view.blocks[n - 1].start
        return f"There are {len(view.blocks)} paragraphs."
    numbered = {b.turn.n: b.start for b in view.blocks if b.turn is not None}
    return numbered.get(n, f"There is no turn {n}; the last is {max(numbered)}.")
