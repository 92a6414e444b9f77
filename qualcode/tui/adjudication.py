"""The adjudication screen: one disagreement at a time, in its context, to be decided.

What is decided goes to the consensus; no coding changes. Nothing is drawn before it is stored, and
opening a document's disagreements marks it as discussed before they are shown.
"""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content

from qualcode.reports.disagreements import Disagreement
from qualcode.tui.adjudication_acts import AdjudicationActs
from qualcode.tui.adjudication_card import card_rows, place_of
from qualcode.tui.cards import (
    MINE,
    ORDERS,
    Deck,
    Extent,
    Page,
    Side,
    deck_of,
    extents,
    page_of,
    sides,
)
from qualcode.tui.codes import path
from qualcode.tui.keys import key
from qualcode.tui.layout import layout
from qualcode.tui.literal import literal
from qualcode.tui.widgets.codes_here import rules_of
from qualcode.tui.widgets.paper import Extract, Line, Paper
from qualcode.tui.widgets.sheet import Sheet
from qualcode.tui.widgets.transcript_view import TranscriptView

_MOST_CARD = 0.45
"""Share of the screen's rows that the card may take from the text."""


class AdjudicationScreen(AdjudicationActs):
    """The disagreements of a round; each decision is one act.

    Args:
        round_id: The round.
        code_id: Only those about this code; None: all.
    """

    AUTO_FOCUS = ""
    FOOTER = ("adj.keep", "select.sentence", "select.word", "select.grow", "adj.present",
              "adj.absent", "adj.other", "adj.next", "adj.span", "adj.rationale", "adj.mask",
              "history.undo", "adj.defer", "adj.rule", "adj.order", "panel.entry", "app.back",
              "help.show", "app.palette")  # fmt: skip
    BINDINGS: ClassVar[list[BindingType]] = [
        key("adj.present", "y", "decide('present')", "present",
            "Decide: present, on the stretch shown", show=True),
        key("adj.absent", "x", "decide('absent')", "absent", "Decide: absent", show=True),
        key("adj.other", "c", "recode", "recode", "Decide: another code holds", show=True),
        key("adj.span", "e", "span", "stretch",
            "Next stretch: each coder's, the common part, the union, whole units, mine", show=True),
        key("adj.rationale", "m", "rationale", "why", "Write why", show=True),
        key("adj.rule", "plus,equals_sign", "rule", "to rules",
            "Add it to the codebook draft: an example if present, a near miss if absent"),
        key("adj.next", "n", "walk(1)", "next", "Next disagreement", show=True),
        key("adj.back", "p", "walk(-1)", "back", "Previous disagreement"),
        key("adj.undecided", "tab", "undecided(1)", "next open", "Next one to decide"),
        key("adj.undecided_back", "shift+tab", "undecided(-1)", "open before",
            "Previous one to decide"),
        key("adj.defer", "l", "defer", "later",
            "Leave it for later; of a decided one, take the decision away", show=True),
        key("adj.order", "o", "order", "order", "By effect on alpha, by document, by code"),
        key("adj.mask", "v", "mask", "names", "Show who the coders are, or mask them", show=True),
        key("adj.keep", "enter", "keep", "keep", "Keep the words selected as the stretch"),
        key("move.down", "down,j", "scroll(1)", "Down", "Scroll the text down"),
        key("move.up", "up,k", "scroll(-1)", "Up", "Scroll the text up"),
        key("move.page_down", "pagedown,space", "page(1)", "Page down", "One page down"),
        key("move.page_up", "pageup", "page(-1)", "Page up", "One page up"),
        key("panel.entry", "f3", "rules", "Rules", "All rules of the code"),
        key("history.undo", "u", "step('undo')", "undo", "Undo my latest decision", show=True),
        key("history.redo", "U,ctrl+r", "step('redo')", "redo", "Redo what I undid"),
        key("work.retry", "ctrl+s", "retry", "Save again", "Try again to save what could not be"),
        replace(key("app.back", "q,escape", "back", "back", "Back", show=True), priority=True),
    ]  # fmt: skip

    def __init__(self, round_id: str, code_id: str | None = None) -> None:
        super().__init__(round_id)
        self._code_id = code_id
        self._masked = True
        self._marking = False
        """Whether the words of a stretch of one's own are being selected."""

    def compose(self) -> ComposeResult:
        yield Line(literal("Adjudication: opening …"), id="header")
        yield TranscriptView(id="text")
        with Horizontal(id="card"):
            yield Paper(id="sides")
            yield Extract(id="rules")
        yield Line(id="status")
        yield Line(id="keys")

    def on_mount(self) -> None:
        """Read the disagreements; the text takes keys only while words are marked."""
        self.text.can_focus = self.text.mouse = False
        self.watch(self.app, "saving", self._say, init=False)
        self.reload()

    def on_resize(self) -> None:
        """Divide the room anew."""
        self._lay_out()
        self.draw_card()

    @property
    def text(self) -> TranscriptView:
        """The document around the disagreement."""
        return self.query_one(TranscriptView)

    # Reading

    def reload(self) -> None:
        """Read all disagreements anew."""
        round_id, code_id, coder = self._round_id, self._code_id, self.qualcode.coder
        self.qualcode.read(
            lambda project: deck_of(project, round_id, coder, code_id),
            self._opened,
            refused=self._leave,
        )

    def _leave(self) -> None:
        if not self.left:
            self.app.pop_screen()

    def _opened(self, deck: Deck) -> None:
        if self.left:
            return
        here = self._queue[self._at].n if self._queue else None
        self._deck = deck
        self._asked.clear()
        self.sort(here)
        if here is None:
            self._at = next((n for n, c in enumerate(self._queue) if not c.decided), 0)
        self.show_card()

    # Drawing

    def show_card(self) -> None:
        """Show the card that is next, once its document is marked as discussed."""
        deck = self._deck
        if deck is None:
            return
        if not self._queue:
            self.query_one("#sides", Paper).show(literal("Nobody disagrees here."))
            self._say()
            return
        document_id, round_id, me = self._queue[self._at].document.id, self._round_id, deck.me
        if document_id in self._pages:
            self._draw()
            return

        def drawn(page: Page) -> None:
            self._pages[document_id] = page
            if page.new:
                name = deck.documents[document_id]
                self._said = f"{self._said} {name} counts as discussed from now on.".strip()
            if not self.left and self._queue[self._at].document.id == document_id:
                self._draw()

        self._say()
        self.qualcode.write(lambda project: page_of(project, round_id, document_id, me), drawn)

    def _draw(self) -> None:
        card, deck = self.card, self._deck
        if card is None or deck is None:
            return
        page = self._pages[card.document.id]
        codes = {card.code.id, *(code.id for code in card.others)}
        shown = [
            coding
            for coding in page.codings
            if coding.code_id == card.code.id
            or (coding.code_id in codes and coding.span.overlap(card.span))
        ]
        self._extents, self._extent = self._stretches(card), 0
        self._lay_out()
        self.text.show(page.view, shown, deck.shown, position=card.span.start)
        self.draw_card()

    def _named(self, card: Disagreement) -> list[tuple[str, Side]]:
        """What each coder said, with what the coder is called here."""
        found = sides(card, self._pages[card.document.id], shuffled=self._masked)
        return [
            (f"coder {n}" if self._masked else side.coder.name, side)
            for n, side in enumerate(found, 1)
        ]

    def _stretches(self, card: Disagreement) -> list[Extent]:
        """The stretches to choose from, the one decided upon first."""
        found = extents(card, self._named(card))
        held = next((one.span for one in card.decisions if one.decision != "absent"), None)
        if held is None:
            return found
        same = [one for one in found if one.span == held] or [Extent("as decided", held)]
        return [*same, *(one for one in found if one.span != held)]

    def draw_card(self) -> None:
        """Show what was said of the card, and select the stretch in question."""
        card, deck = self.card, self._deck
        if card is None or deck is None:
            return
        view = self._pages[card.document.id].view
        if not self._marking:
            self.text.select(self._extents[self._extent].span)
            self.text.action_swap()  # its beginning stays in view
        rows = card_rows(
            card, deck, self._named(card), self._extents[self._extent], view, self._why.get(card.n)
        )
        self.query_one("#sides", Paper).show(rows)
        self.query_one("#rules", Paper).show(self._rules(card))
        tall = min(rows.plain.count("\n") + 2, max(4, int(self.size.height * _MOST_CARD)))
        self.query_one("#card").styles.height = tall
        self._say()
        if not self._marking:
            self.note(self._said or place_of(card, view))
            self._said = ""

    def room_below(self) -> int:
        """Rows of the screen below the passage."""
        last = self.text.row_on_screen(self._extents[self._extent].span.stop - 1)
        return self.size.height - 1 - self.text.region.y - last

    def _lay_out(self) -> None:
        plan = layout(self.size.width, self.size.height, tree=False)
        self.query_one("#keys").display = plan.footer
        self.text.set_layout(plan.gutter, plan.lanes, plan.names)

    def _rules(self, card: Disagreement) -> Content:
        deck = self._deck
        assert deck is not None
        code = next((one for one in deck.codes if one.id == card.code.id), card.code)
        return rules_of(code, deck.code(code.id), path(code, deck.codes))

    def _say(self) -> None:
        deck = self._deck
        if deck is not None:
            facts = [f"{self._at + 1} of {len(self._queue)}"] if self._queue else []
            facts += [f"{deck.decided} decided", f"by {self._order}", self.qualcode.saving]
            card, title = self.card, f"Adjudicate {deck.round.name}"
            if card is not None:
                title = f"{deck.documents[card.document.id]}, {deck.round.name}"
            self.say_header(title, *facts)
        self.say_keys()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what can be done now; while words are marked, the keys are the text's."""
        if action == "retry":
            return bool(self.qualcode.unsaved)
        if action == "keep":
            return self._marking
        if self._marking and action in _NOT_MARKING:
            return False
        return super().check_action(action, parameters)

    # Walking

    def action_walk(self, step: int) -> None:
        """Go to the next, or previous, card."""
        if 0 <= self._at + step < len(self._queue):
            self.go_to(self._at + step)
        else:
            left = sum(not card.decided for card in self._queue)
            more = f" {left} to decide: tab." if left else " All are decided."
            self.note(f"That was the {'last' if step > 0 else 'first'} one.{more}")

    def action_undecided(self, step: int) -> None:
        """Go to the next, or previous, card to decide."""
        if not self.go_on(step):
            self.note("Nothing else is to be decided.")

    def action_order(self) -> None:
        """Walk in another order; the card stays."""
        if self._deck is None or not self._queue:
            return
        here = self._queue[self._at].n
        self._order = ORDERS[(ORDERS.index(self._order) + 1) % len(ORDERS)]
        self.sort(here)
        self._say()
        self.note(f"Sorted by {self._order}.")

    def action_scroll(self, rows: int) -> None:
        """Scroll the text."""
        self.text.scroll_relative(y=rows, animate=False)

    def action_page(self, pages: int) -> None:
        """Scroll the text by pages."""
        rows = max(self.text.size.height - 1, 1)
        self.text.scroll_relative(y=pages * rows, animate=False)

    def action_mask(self) -> None:
        """Show who the coders are, or mask them again."""
        self._masked = not self._masked
        card = self.card
        if card is not None:
            span = self._extents[self._extent].span
            mine = [extent for extent in self._extents if extent.name == MINE]
            self._extents = [*self._stretches(card), *mine]
            same = (n for n, one in enumerate(self._extents) if one.span == span)
            self._extent = next(same, 0)
            self.draw_card()

    def action_rules(self) -> None:
        """Show all rules of the code."""
        card = self.card
        if card is not None:
            self.app.push_screen(Sheet(literal("Rules"), self._rules(card)))

    def action_back(self) -> None:
        """Go back to where this was called from; or stop marking words."""
        if self._marking:
            self._stop_marking()
        else:
            self.app.pop_screen()

    # The stretch

    def action_span(self) -> None:
        """Choose the next stretch; after the last, mark one's own words."""
        card = self.card
        if card is None:
            return
        if self._extent + 1 < len(self._extents):
            self._extent += 1
            self.draw_card()
        else:
            self._start_marking()

    def _start_marking(self) -> None:
        self._marking = True
        self.text.go_to(self._extents[0].span.start)
        self.text.can_focus = True
        self.text.mouse = self.qualcode.mouse
        self.text.focus()
        self.refresh_bindings()
        self.note("Select the words with the text's keys (e s t, Shift+arrows); Enter keeps them.")

    def action_keep(self) -> None:
        """Take the words selected as the stretch."""
        card, span = self.card, self.text.target()
        if card is None or span is None:
            return
        if not any(span.overlap(unit) for unit in card.units):
            self.note("These words lie outside what is disagreed on.")
            return
        self._extents = [e for e in self._extents if e.name != MINE] + [Extent(MINE, span)]
        self._extent = len(self._extents) - 1
        self._stop_marking()

    def _stop_marking(self) -> None:
        if self._extents[self._extent].name != MINE:
            self._extent = 0
        self._marking = self.text.can_focus = self.text.mouse = False
        self.set_focus(None)
        self.refresh_bindings()
        self.draw_card()

    def action_retry(self) -> None:
        """Try again to store what could not be."""
        self.qualcode.try_again()


_NOT_MARKING = frozenset(
    {
        "decide", "recode", "span", "rationale", "rule", "walk", "undecided", "defer", "order",
        "mask", "scroll", "page", "step",
    }
)  # fmt: skip
"""Acts that wait while words are being marked."""
