"""What lies before who adjudicates: the disagreements of a round, one card each.

Read from the project in one go, on a thread that owns it; the text of a document comes with the
mark that it was discussed. Names in here are as accepted redactions show them; offsets are those
of the original text. It writes nothing but that mark, and draws nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import groupby
from typing import Literal, TypeAlias

from qualcode.errors import Refused
from qualcode.model import (
    Adjudication,
    Code,
    Coder,
    Coding,
    Decision,
    LoggedAction,
    Round,
    Span,
)
from qualcode.project import Project
from qualcode.reports.disagreements import Disagreement, of_round, redecided
from qualcode.spans import intersect, unite
from qualcode.text.redaction import Layer
from qualcode.tui.codes import shown_codes
from qualcode.tui.desk import UNKNOWN_CODE, code_shown, view_of
from qualcode.tui.widgets.document_view import DocumentView
from qualcode.tui.widgets.transcript_view import ShownCode

Said: TypeAlias = Literal["present", "absent", "missing"]
Order: TypeAlias = Literal["effect on alpha", "document", "code"]
ORDERS: tuple[Order, ...] = ("effect on alpha", "document", "code")

MINE = "mine"
OURS = frozenset({"adjudicate", "withdraw decision", "edit code"})
"""What is done on the adjudication screen, and undone there."""


@dataclass(frozen=True, slots=True)
class Deck:
    """The disagreements of a round, and what is needed to talk about them."""

    me: Coder
    round: Round
    cards: Sequence[Disagreement]
    codes: Sequence[Code]
    """Those in force in the round, in codebook order, as they are shown."""

    shown: Mapping[str, ShownCode]
    documents: Mapping[str, str]
    """Id → name, as it is shown."""

    coders: Mapping[str, str]
    layer: Layer

    def code(self, code_id: str) -> ShownCode:
        """How to show a code; a plain stand-in for one the codebook does not have."""
        return self.shown.get(code_id, UNKNOWN_CODE)

    @property
    def decided(self) -> int:
        """How many are decided."""
        return sum(card.decided for card in self.cards)

    def with_decisions(self, made: Iterable[Adjudication]) -> Deck:
        """The same once these are all the decisions of the round."""
        return replace(self, cards=redecided(self.cards, made))

    def ordered(self, order: Order) -> list[Disagreement]:
        """The cards in an order to walk through them."""
        if order == "document":
            return sorted(self.cards, key=lambda card: card.n)
        if order == "code":
            at = {code.id: n for n, code in enumerate(self.codes)}
            return sorted(self.cards, key=lambda card: (at.get(card.code.id, -1), card.n))
        return sorted(
            self.cards,
            key=lambda c: (-c.episode.delta if c.episode.delta is not None else 2.0, c.n),
        )


@dataclass(frozen=True, slots=True)
class Page:
    """A document of the round, with everything that was coded in it there."""

    view: DocumentView
    codings: Sequence[Coding]
    new: bool
    """Whether opening it has marked it as discussed."""


@dataclass(frozen=True, slots=True)
class Side:
    """What one coder said of a disagreement."""

    coder: Coder
    said: Said
    spans: tuple[Span, ...] = ()
    """Where they gave the code: on the units, or overlapping what another gave it to there."""

    others: tuple[str, ...] = ()
    """Ids of other codes they gave there."""

    units: int = 0
    """On how many of the units they gave the code."""


@dataclass(frozen=True, slots=True)
class Extent:
    """A stretch that may be what holds, and whose it is."""

    name: str
    span: Span


def deck_of(project: Project, round_id: str, coder: str, only: str | None = None) -> Deck:
    """Read the disagreements of a round.

    Args:
        only: Id of a code; None: all.

    Raises:
        StillBlind: The round is blind and open.
    """
    project.rounds.require_visible(round_id)
    round_ = project.rounds.get(round_id)
    layer = project.layer
    codes: Sequence[Code] = project.codebook.codes()
    if round_.codebook_version is not None:
        codes = project.codebook.version(round_.codebook_version).codes
    codes = [code_shown(code, layer) for code in codes]
    cards = [c for c in of_round(project, round_) if only is None or c.code.id == only]
    return Deck(
        project.coders.named(coder),
        replace(round_, name=layer.words(round_.name)),
        cards,
        codes,
        shown_codes(codes),
        {card.document.id: layer.words(card.document.name) for card in cards},
        {one.id: one.name for one in project.coders.list()},
        layer,
    )


def page_of(project: Project, round_id: str, document_id: str, me: Coder) -> Page:
    """Mark a document as discussed, then read it: its disagreements are about to be seen."""
    new = project.adjudications.discuss(round_id, document_id, by=me)
    view = view_of(project.documents.transcript(document_id), project.layer)
    found = project.codings.list(round_id=round_id, document_id=document_id, removed=True)
    return Page(view, found, new)


def sides(card: Disagreement, page: Page, *, shuffled: bool) -> list[Side]:
    """What each coder said, those who gave the code first.

    Args:
        shuffled: Within what was said, in an order that tells nothing of who it is; else by name.
    """
    found = []
    coders = list(dict.fromkeys((*card.present, *card.absent)))
    gave = {
        coder.id: unite(
            c.span for c in page.codings if (c.coder_id, c.code_id) == (coder.id, card.code.id)
        )
        for coder in coders
    }
    here = [
        span
        for spans in gave.values()
        for span in spans
        if any(span.overlap(unit) for unit in card.units)
    ]
    for coder in coders:
        theirs = [c for c in page.codings if c.coder_id == coder.id]
        mine = tuple(span for span in gave[coder.id] if any(span.overlap(one) for one in here))
        others = dict.fromkeys(
            c.code_id
            for c in theirs
            if c.code_id != card.code.id and any(c.span.overlap(unit) for unit in card.units)
        )
        units = sum(any(span.overlap(unit) for span in mine) for unit in card.units)
        said: Said = "present" if coder in card.present else "absent"
        found.append(Side(coder, said, mine, tuple(others), units))
    found += [Side(coder, "missing") for coder in card.missing]

    def place(side: Side) -> tuple[int, str]:
        known = f"{card.document.id} {card.span.start} {card.code.id} {side.coder.id}"
        order = sha256(known.encode()).hexdigest() if shuffled else side.coder.name.casefold()
        return ("present", "absent", "missing").index(side.said), order

    return sorted(found, key=place)


def extents(card: Disagreement, named: Sequence[tuple[str, Side]]) -> list[Extent]:
    """The stretches to choose from: all that was coded, each coder's, what they share, the units.

    Args:
        named: The sides, each with what its coder is called on the card.
    """
    spans = [(name, side.spans) for name, side in named if side.spans]
    every = [span for _, theirs in spans for span in theirs]
    if not every:
        return [Extent("whole units", card.span)]
    union = Span(min(s.start for s in every), max(s.stop for s in every))
    found = [Extent("union" if len(spans) > 1 else spans[0][0], union)]
    if len(spans) > 1:
        found += [Extent(name, Span(theirs[0].start, theirs[-1].stop)) for name, theirs in spans]
        shared: list[Span] = list(spans[0][1])
        for _, theirs in spans[1:]:
            shared = intersect(shared, theirs)
        if shared:
            found.append(Extent("common part", Span(shared[0].start, shared[-1].stop)))
    found.append(Extent("whole units", card.span))
    first: dict[Span, Extent] = {}
    for extent in found:
        first.setdefault(extent.span, extent)
    return list(first.values())


def verdicts(card: Disagreement, decision: Decision, span: Span) -> list[tuple[Span, Decision]]:
    """What a decision says of the units of a card.

    ``present`` holds on the stretch chosen, and the units that it does not touch are absent;
    ``absent`` and ``recode`` hold on all of it.
    """
    touched = [bool(span.overlap(unit)) for unit in card.units]
    if decision == "absent" or (decision == "present" and not any(touched)):
        return [(card.span, "absent")]
    if decision == "recode":
        return [(span if all(touched) else card.span, "recode")]
    found: list[tuple[Span, Decision]] = [(span, "present")]
    for here, run in groupby(zip(touched, card.units, strict=True), key=lambda pair: pair[0]):
        units = [unit for _, unit in run]
        if not here:
            found.append((Span(units[0].start, units[-1].stop), "absent"))
    return found


def undo(project: Project, me: Coder, way: Literal["undo", "redo"]) -> LoggedAction:
    """Take back, or repeat, the coder's latest act where it was done on this screen.

    Raises:
        Refused: It was done elsewhere: a coding is not taken back from here.
    """
    log = [act for act in project.history.log(200) if act.coder == me.name]
    target = _to_undo(log) if way == "undo" else _to_redo(log)
    if target is not None and target.verb not in OURS:
        raise Refused(f'Your latest act was "{target.verb}", not a decision: undo it where it was.')
    return project.history.undo(me) if way == "undo" else project.history.redo(me)


def _to_undo(log: Sequence[LoggedAction]) -> LoggedAction | None:
    passed = ("undo", "redo", "discuss document")
    return next((act for act in log if not act.undone and act.verb not in passed), None)


def _to_redo(log: Sequence[LoggedAction]) -> LoggedAction | None:
    latest = next((act for act in log if act.undoes is not None), None)
    return next((act for act in log if latest and act.act == latest.undoes), None)
