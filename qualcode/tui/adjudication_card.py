"""The card of a disagreement in words: who said what, what hangs on it, what was decided."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual.content import Content

from qualcode.model import Span
from qualcode.reports.disagreements import Disagreement
from qualcode.text.plurals import counted
from qualcode.text.words import count_words
from qualcode.tui.cards import Deck, Extent, Side
from qualcode.tui.literal import literal
from qualcode.tui.widgets.document_view import DocumentView

MARKS = {"present": "●", "absent": "○", "missing": "–"}


def card_rows(
    card: Disagreement,
    deck: Deck,
    named: Sequence[tuple[str, Side]],
    extent: Extent,
    view: DocumentView,
    why: str | None,
) -> Content:
    """Give the rows of a card.

    Args:
        named: What each coder said, with what the coder is called.
        extent: The stretch that a decision would be about.
        why: A reason that waits for its decision.
    """
    code = deck.code(card.code.id)
    kind = card.episode.kind + (", drift" if card.drift else "")
    rows = [
        Content.assemble(
            literal(f"{code.key} ", f"bold {code.colour}"),
            literal(code.name, "bold"),
            literal(f"  {kind}"),
        ),
        *(_side(name, side, card, deck, view) for name, side in named),
        literal(f"alpha {_change(card.episode.delta_present)} if present, "
                f"{_change(card.episode.delta_absent)} if absent"),
        Content.assemble(
            literal("STRETCH ", "bold"), literal(f"{extent.name}, {_words(view, extent.span)}")
        ),
        *_decision(card, deck, why),
    ]  # fmt: skip
    return Content("\n").join(rows)


def place_of(card: Disagreement, view: DocumentView) -> str:
    """``turn 40, P4, sentence 130``: where it is in its document."""
    turn = view.turn_at(card.span.start)
    units = f"sentence {card.unit_id}" if len(card.units) == 1 else f"sentences {card.unit_id}"
    if turn is None:
        return units
    return ", ".join(filter(None, [f"turn {turn.n}", turn.speaker, units]))


def _side(name: str, side: Side, card: Disagreement, deck: Deck, view: DocumentView) -> Content:
    facts = {"present": "present", "absent": "absent", "missing": "not finished"}[side.said]
    if side.said == "present":
        if side.units < len(card.units):
            facts += f" in {side.units} of {len(card.units)}"
        facts += f", {_words(view, *side.spans)}"
    elif side.spans:
        facts += f", but overlapping it: {_words(view, *side.spans)}"
    if side.others:
        others = ", ".join(f"{deck.code(o).key} {deck.code(o).name}" for o in side.others)
        facts += f"; coded {others}"
    return Content.assemble(
        literal(f"{MARKS[side.said]} ", "bold"), literal(name, "bold"), literal(f"  {facts}")
    )


def _words(view: DocumentView, *spans: Span) -> str:
    return counted(sum(count_words(view.text, span) for span in spans), "word")


def _change(delta: float | None) -> str:
    """``+.139``, or why there is none."""
    if delta is None:
        return "undefined"
    return f"{'−' if delta < 0 else '+'}{abs(delta):.3f}".replace("0.", ".", 1)


def _decision(card: Disagreement, deck: Deck, why: str | None) -> Iterator[Content]:
    if not card.decided:
        yield literal("to decide", "bold reverse")
        if why:
            yield Content.assemble(
                literal("WHY, not stored yet ", "bold"), literal(_line(why, deck))
            )
        return
    last = card.decisions[-1]
    said = " and ".join(card.said)
    if last.decision == "recode" and last.new_code_id is not None:
        other = last.new_code_id if last.code_id == card.code.id else last.code_id
        way = "as" if last.code_id == card.code.id else "from"
        said = f"recode {way} {deck.code(other).name}"
    who = deck.coders.get(last.decided_by_id, "?")
    yield Content.assemble(
        literal(" DECIDED ", "bold reverse"),
        literal(f" {said}", "bold"),
        literal(f", {who}" + (f": {_line(last.reason, deck)}" if last.reason else "")),
    )


def _line(text: str, deck: Deck) -> str:
    return " ".join(deck.layer.words(text).split())
