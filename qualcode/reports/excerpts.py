"""Coded excerpts: the words, who said them where, and who marked them as what.

A quote never appears twice for a code: overlapping codings of one coder are one excerpt.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from qualcode.errors import UsageProblem
from qualcode.model import Block, Cell, Document, Span, Table, Transcript, Turn
from qualcode.reports import concentration
from qualcode.reports.concentration import Voices, balanced_excerpts, voices
from qualcode.reports.disclosed import Shown, disclosed, shown_transcript
from qualcode.reports.excerpt_marks import Records, joined, records
from qualcode.reports.excerpt_query import (
    held,
    masked,
    participants_shown,
    require_visible,
    understood,
)
from qualcode.reports.printed import withheld
from qualcode.reports.wording import spoken
from qualcode.text.plurals import counted

if TYPE_CHECKING:
    from qualcode.project import Project

BEFORE = [
    "excerpt_id", "document", "start", "stop", "turns", "time", "participant", "speaker",
]  # fmt: skip
AFTER = [
    "codes", "valence", "exemplar", "disconfirming", "coder", "round", "codebook_version", "memo",
    "text", "context_before", "context_after",
]  # fmt: skip
CONTEXT = 1
"""Turns shown before and after an excerpt, where nobody says how many."""

NAMED = 12


@dataclass(frozen=True, slots=True, repr=False)
class Excerpt:
    """A stretch of a document with what a coder, or several together, said of it."""

    id: str
    """Id of its (first) coding; made of place and code where several coders agreed on it."""

    transcript: Transcript
    """As it is shown, see ``reports.disclosed``."""

    span: Span
    """In the shown text."""

    place: Span
    """Where it is coded in the document's own text."""

    codes: tuple[str, ...]
    """In codebook order."""

    valence: str | None
    exemplar: bool
    disconfirming: bool
    coder: str
    """A coder's name; ``consensus`` or ``majority`` where it is several coders'."""

    round: str
    codebook_version: str | None
    memo: str | None
    attributes: Mapping[str, str]
    """Of the participants, else of the document."""

    withheld: frozenset[str] = frozenset()
    """Attributes that would tell who speaks, and are not printed; see ``reports.printed``."""

    @property
    def document(self) -> Document:
        return self.transcript.document

    @property
    def text(self) -> str:
        """Exactly what is coded, names as they are shown."""
        return self.transcript.text[self.span.start : self.span.stop]

    def turns(self) -> list[Turn]:
        """The turns it touches, in text order; none where nobody speaks."""
        return _touched(self.transcript.turns, self.span)

    def context(self, turns: int) -> tuple[str, str]:
        """What is said before and after: the rest of its own turn, and so many turns more.

        A line for each turn, speakers named before what they say; paragraphs where nobody speaks.
        """
        text, blocks, span = self.transcript.text, self.transcript.blocks, self.span
        first = bisect_right(blocks, span.start, key=attrgetter("stop"))
        last = bisect_left(blocks, span.stop, key=attrgetter("start"))
        before = [
            _said(block, text[block.start : min(block.stop, span.start)])
            for block in blocks[max(0, first - turns) : max(first, last)]
            if block.start < span.start
        ]
        after = [
            _said(block if begins else None, text[max(block.start, span.stop) : block.stop])
            for block in blocks[first : last + turns]
            if block.stop > span.stop
            for begins in (block.start >= span.stop,)
        ]
        return "\n".join(filter(None, before)), "\n".join(filter(None, after))

    def turn_numbers(self) -> str:
        """``14``, ``31–32``; empty where nobody speaks."""
        return "–".join(str(n) for n in dict.fromkeys(t.n for t in _ends(self.turns())))

    def time(self) -> str:
        """When its first turn begins, ``HH:MM:SS``; empty where the source does not say."""
        at = next((t.start_seconds for t in self.turns()), None)
        return (
            "" if at is None else f"{int(at) // 3600:02}:{int(at) // 60 % 60:02}:{int(at) % 60:02}"
        )

    @property
    def printed(self) -> dict[str, str]:
        """The attributes that may be printed with it."""
        return {n: value for n, value in self.attributes.items() if n not in self.withheld}

    def participants(self) -> list[str]:
        """Labels of the participants who speak in it."""
        return list(dict.fromkeys(label for t in self.turns() for label in t.participants))

    def speakers(self) -> list[str]:
        """Who speaks in it, as the roster names them."""
        return list(dict.fromkeys(t.speaker for t in self.turns() if t.speaker is not None))


@dataclass(frozen=True, slots=True)
class Collected:
    """Excerpts with what a reader must know of them."""

    excerpts: list[Excerpt]
    """By document (import order), place and code."""

    notes: list[str]
    voices: Voices
    """Who could be quoted."""

    by_coder: bool
    """Whether every coder's codings stand for themselves, rather than those of a source."""


def excerpts(
    project: Project,
    query: str | None = None,
    *,
    code: str | None = None,
    coder: str | None = None,
    round: str | None = None,
    document: str | None = None,
    source: str = "reading",
    include_unfinished: bool = False,
    leaving: bool = False,
    include_moderator: bool = False,
    cut: bool = False,
    context: int = CONTEXT,
    limit: int | None = None,
    balance: bool = False,
) -> Table:
    """Give coded excerpts, one row each.

    Args:
        project: An open project; of an open blind round only ``project.coder``'s own codings.
        query: What must hold of an excerpt, in the language of ``docs/excerpts.md``; overlapping
            excerpts are one row that lists their codes. None: every code, a row for each.
        code: This code and those below it; what ``query`` says must hold, too.
        coder: All codings of this coder, finished or not, rather than those of ``source``.
        round: All codings of this round, coder by coder, rather than those of ``source``.
        document: Only this document.
        source: Whose codings, as in ``reports.source.reading``; coders are never pooled.
        include_unfinished: Read documents that nobody declared finished as they stand.
        leaving: Hold back attributes that too few participants share, as what is passed on does.
        include_moderator: Where a query gives turns, give those of moderators, too.
        cut: Give of each coding only what all codes of the query share.
        context: How many turns before and after are given; 0 for only the rest of its own.
        limit: At most so many, the first ones.
        balance: Choose these otherwise: exemplars first, then one of each speaker in turn.

    Returns:
        Columns ``excerpt_id, document, start, stop, turns, time, participant, speaker``, then the
        attributes of participants and documents by name, then ``codes, valence, exemplar,
        disconfirming, coder, round, codebook_version, memo, text, context_before,
        context_after``. Several turns, participants, speakers or codes stand in one cell:
        ``31–32``, ``P1; P2``. Sorted by document and place.

    Raises:
        UnknownName: No such code, coder, round, document or source.
        QueryProblem: The query cannot be understood, with the place in it.
        QualcodeError: No document is finished in this source.
        StillBlind: The round asked for is blind and open, and nobody looks.
    """
    found = collect(
        project,
        query,
        code=code,
        coder=coder,
        round=round,
        document=document,
        source=source,
        include_unfinished=include_unfinished,
        leaving=leaving,
        include_moderator=include_moderator,
        cut=cut,
    )
    chosen = found.excerpts
    if limit is not None:
        chosen = balanced_excerpts(chosen, limit) if balance else chosen[:limit]
    elif balance:
        raise UsageProblem("--balance chooses which excerpts --limit keeps: say how many.")
    figures, of = found.voices.spread(chosen)
    notes = [*found.notes, *concentration.notes(figures, of)]
    if len(chosen) < len(found.excerpts):
        how = "exemplars first, then speaker by speaker" if balance else "the first ones"
        notes.append(f"{len(chosen)} of {len(found.excerpts)} excerpts are given, {how}.")
    names = sorted({name for one in chosen for name in one.attributes}, key=str.casefold)
    shown = [f"attribute_{n}" if n in BEFORE or n in AFTER else n for n in names]
    rows = [_row(one, names, context) for one in chosen]
    provenance = {
        "source": None if found.by_coder else source,
        "query": None if query is None else masked(project, query), "cut": cut, "code": code,
        "coder": coder, "round": round, "document": document, "context": context,
        "limit": limit, "balance": "speaker" if balance else None,
        "concentration": concentration.facts(figures), "data": project.digest(),
    }  # fmt: skip
    table = Table("excerpts", [*BEFORE, *shown, *AFTER], rows, notes, provenance)
    rendered = ["text", "memo", "context_before", "context_after"]
    return disclosed(project, table, rendered=rendered)


def collect(
    project: Project,
    query: str | None = None,
    *,
    leaving: bool = False,
    printed: Sequence[str] | None = None,
    code: str | None = None,
    own: bool = False,
    coder: str | None = None,
    round: str | None = None,
    document: str | None = None,
    source: str = "reading",
    include_unfinished: bool = False,
    include_moderator: bool = False,
    cut: bool = False,
) -> Collected:
    """Give coded excerpts as records; see ``excerpts`` for the arguments.

    Args:
        own: ``code`` without those below it.
        leaving: Hold back attributes that would tell who speaks; see ``reports.printed``.
        printed: The attributes printed together; None takes the project's.
    """
    asked = understood(project, query, code, own=own)
    if cut and asked is None:
        raise UsageProblem("--cut gives what the codes of a query share: say which.")
    only = None if document is None else project.documents.named(document).id
    if asked is not None:
        require_visible(project, asked)
    found = records(
        project,
        coder=coder,
        round=round,
        by_coder=asked is not None and any(asked.terms("coder", "round")),
        source=source,
        include_unfinished=include_unfinished,
    )
    make = _Maker(project, withheld(project, printed) if leaving else {})
    marks, notes = found.marks, found.notes
    if asked is not None:
        told = held(
            project,
            asked,
            found,
            make.shown,
            only=only,
            include_moderator=include_moderator,
            cut=cut,
        )
        marks, notes = told.marks, [*notes, *told.notes]
    order = {one.code: at for at, one in enumerate(project.codebook.codes())}
    chosen = [mark for mark in marks if only in (None, mark["document_id"])]
    rows = list(joined(chosen, order, together=asked is not None))
    place = {one.id: at for at, one in enumerate(project.documents.list())}
    rows.sort(key=lambda m: (place[m["document_id"]], m["start"], m["stop"], m["order"]))
    made = [make.excerpt(mark) for mark in rows]
    return Collected(made, [*notes, *make.notes()], make.voices(found), found.by_coder)


class _Maker:
    """Makes excerpts of marks; reads each transcript once."""

    def __init__(self, project: Project, held_back: Mapping[str, frozenset[str]]) -> None:
        self._project = project
        self._layer = project.layer
        self._shown: dict[str, Shown] = {}
        self._documents = project.documents.attributes()
        self._participants = {
            self._layer.words(who): told for who, told in participants_shown(project).items()
        }
        self._withheld = {self._layer.words(who): names for who, names in held_back.items()}
        self._unlinked: dict[str, None] = {}

    def shown(self, document_id: str) -> Shown:
        """A document as it is shown."""
        if document_id not in self._shown:
            self._shown[document_id] = shown_transcript(self._project, document_id)
        return self._shown[document_id]

    def excerpt(self, mark: Mapping[str, Any]) -> Excerpt:
        document_id = mark["document_id"]
        shown = self.shown(document_id)
        place = Span(mark["start"], mark["stop"])
        made = Excerpt(
            mark["coding_id"], shown.transcript, shown.rendering.span(place), place, mark["codes"],
            mark["valence"], mark["exemplar"], mark["disconfirming"], mark["coder"], mark["round"],
            mark["codebook_version"], mark["memo"], {},
        )  # fmt: skip
        for turn in made.turns():
            if turn.speaker and not turn.participants and turn.role != "moderator":
                self._unlinked[turn.speaker] = None
        attributes = self._attributes(document_id, made.participants())
        kept_back = (self._withheld.get(who, frozenset()) for who in made.participants())
        return replace(made, attributes=attributes, withheld=frozenset().union(*kept_back))

    def _attributes(self, document_id: str, participants: Sequence[str]) -> dict[str, str]:
        found = dict(self._documents.get(document_id, {}))
        theirs: dict[str, dict[str, None]] = {}
        for label in participants:
            for name, value in self._participants.get(label, {}).items():
                if value:
                    theirs.setdefault(name, {})[value] = None
        found.update({name: "; ".join(values) for name, values in theirs.items()})
        return {name: self._layer.words(value) for name, value in found.items()}

    def voices(self, found: Records) -> Voices:
        """Who speaks in the documents read, and in what is coded there."""
        read = {key.document_id: self.shown(key.document_id) for key in found.keys}
        words = self._layer.words
        return Voices(
            frozenset().union(*(voices(one.transcript.turns) for one in read.values())),
            frozenset(
                who
                for mark in found.marks
                for shown in (self.shown(mark["document_id"]),)
                for who in voices(
                    _touched(
                        shown.transcript.turns,
                        shown.rendering.span(Span(mark["start"], mark["stop"])),
                    )
                )
            ),
            {
                who: {name: words(value) for name, value in told.items()}
                for who, told in self._participants.items()
            },
        )

    def notes(self) -> Iterator[str]:
        """What is not printed, and who speaks in an excerpt and is linked to no participant."""
        left = sorted(frozenset().union(*self._withheld.values()))
        if left:
            printed = ", ".join(map(spoken, left))
            yield (
                f"Left out where too few participants share it: {printed} (the disclosure check "
                "lists whose)."
            )
        names = list(self._unlinked)
        if names:
            more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
            yield (
                f"{counted(len(names), 'speaker is', 'speakers are')} linked to no participant, "
                f"shown by the label of the transcript: {', '.join(names[:NAMED])}{more}."
            )


def _touched(turns: Sequence[Turn], span: Span) -> list[Turn]:
    first = bisect_right(turns, span.start, key=attrgetter("stop"))
    return list(turns[first : bisect_left(turns, span.stop, key=attrgetter("start"))])


def _said(block: Block | None, words: str) -> str:
    """A turn of the context; without its speaker where only its end is in it."""
    if not words.strip():
        return ""
    turn = None if block is None else block.turn
    who = "" if turn is None else ", ".join(turn.participants) or turn.speaker
    return f"{who}: {words.strip()}" if who else words.strip()


def _ends(turns: Sequence[Turn]) -> list[Turn]:
    return [turns[0], turns[-1]] if turns else []


def _row(one: Excerpt, names: Sequence[str], context: int) -> tuple[Cell, ...]:
    before, after = one.context(context)
    return (
        one.id, one.document.name, one.place.start, one.place.stop, one.turn_numbers() or None,
        one.time() or None, "; ".join(one.participants()) or None,
        "; ".join(one.speakers()) or None, *(one.printed.get(name) for name in names),
        "; ".join(one.codes) or None, one.valence, one.exemplar, one.disconfirming, one.coder,
        one.round, one.codebook_version, one.memo, one.text, before or None, after or None,
    )  # fmt: skip
