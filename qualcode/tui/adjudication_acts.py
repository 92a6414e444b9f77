"""What is decided about a disagreement: each act from key to the writer, to what is drawn.

Every decision goes to the layer of decisions; none of these acts touches a coding.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from qualcode.model import Adjudication, Decision
from qualcode.project import Project
from qualcode.reports.disagreements import Disagreement
from qualcode.tui.cards import ORDERS, Deck, Extent, Order, Page, undo, verdicts
from qualcode.tui.codes import path
from qualcode.tui.list_screen import ListScreen
from qualcode.tui.literal import clipped, literal
from qualcode.tui.widgets.code_picker import Choice, CodePicker, PickerCode
from qualcode.tui.widgets.codes_here import rules_of
from qualcode.tui.widgets.memo_editor import MemoEditor


class AdjudicationActs(ListScreen):
    """The acts; ``AdjudicationScreen`` adds what is seen."""

    def __init__(self, round_id: str) -> None:
        super().__init__()
        self._round_id = round_id
        self._deck: Deck | None = None
        self._queue: list[Disagreement] = []
        self._at = 0
        self._order: Order = ORDERS[0]
        self._pages: dict[str, Page] = {}
        self._extents: list[Extent] = []
        self._extent = 0
        self._asked: set[int] = set()
        """Numbers of the cards whose decision is on its way to the writer."""

        self._later: set[int] = set()
        self._why: dict[int, str] = {}
        """Reasons written before the decision they belong to, by number of the card."""

        self._said = ""

    @property
    def card(self) -> Disagreement | None:
        """The disagreement that is shown; None while it is being opened."""
        card = self._queue[self._at] if self._at < len(self._queue) else None
        return card if card is not None and card.document.id in self._pages else None

    def reload(self) -> None:
        """Read all disagreements anew."""
        raise NotImplementedError

    def show_card(self) -> None:
        """Show the card that is next."""
        raise NotImplementedError

    def draw_card(self) -> None:
        """Show what there is to say of the card."""
        raise NotImplementedError

    def room_below(self) -> int:
        """Rows of the screen below the passage."""
        raise NotImplementedError

    def sort(self, here: int | None) -> None:
        """Put the cards in order and stay on the one of that number."""
        assert self._deck is not None
        self._queue = self._deck.ordered(self._order)
        self._at = next((at for at, card in enumerate(self._queue) if card.n == here), 0)

    def go_on(self, step: int = 1) -> bool:
        """Go to the next card to decide, those left for later at the end; tell if there is one."""
        n = len(self._queue)
        places = [(self._at + step * k) % n for k in range(1, n)]
        waiting = [
            at
            for at in places
            if not self._queue[at].decided and self._queue[at].n not in self._asked
        ]
        fresh = [at for at in waiting if self._queue[at].n not in self._later]
        for at in (fresh or waiting)[:1]:
            self.go_to(at)
        return bool(waiting)

    def go_to(self, at: int) -> None:
        self._at = at
        self.show_card()

    # Deciding

    def action_decide(self, decision: Decision) -> None:
        """Decide about the card, and go on to the next one to decide."""
        card = self.card
        if card is not None and card.n not in self._asked:
            self._decide(card, decision, f"Decided {decision}")

    def action_recode(self) -> None:
        """Choose the code that holds instead."""
        card, deck = self.card, self._deck
        if card is None or deck is None or card.n in self._asked:
            return
        codes = [
            PickerCode(deck.code(c.id), path(c, deck.codes), rules_of(c, deck.code(c.id)))
            for c in deck.codes
            if c.codable and c.id != card.code.id
        ]

        def chosen(choice: Choice | None) -> None:
            if choice is not None and choice.code_id is not None:
                name = deck.code(choice.code_id).name
                self._decide(card, "recode", f"Recoded as {name}", choice.code_id)

        heading = literal(clipped(f"Instead of {deck.code(card.code.id).name}", 64), "bold")
        used = [code.id for code in card.others]
        self.app.push_screen(
            CodePicker(heading, codes, recent=used, room=self.room_below()), chosen
        )

    def _decide(
        self, card: Disagreement, decision: Decision, words: str, new_code_id: str | None = None
    ) -> None:
        deck = self._deck
        assert deck is not None
        found = verdicts(card, decision, self._extents[self._extent].span)
        reason = self._why.get(card.n, "")
        if not reason and card.decided:
            reason = card.decisions[-1].reason
        round_id, me = self._round_id, deck.me

        def act(project: Project) -> None:
            project.adjudications.settle(
                round_id, card.document.id, card.code.id, found, by=me, new_code_id=new_code_id,
                reason=reason,
            )  # fmt: skip

        open_before = not card.decided
        self._asked.add(card.n)
        self._write(act, f"{words}: {deck.code(card.code.id).name}.", card.n)
        if open_before:
            self.go_on()

    def action_defer(self) -> None:
        """Leave the card for later; take the decision of a decided one away."""
        self._once_saved(self._defer)

    def _defer(self) -> None:
        card, deck = self.card, self._deck
        if card is None or deck is None:
            return
        if card.decided:
            ids, me = [one.id for one in card.decisions], deck.me
            self._write(
                lambda project: project.adjudications.withdraw(*ids, by=me),
                "The decision is taken away.",
                card.n,
            )
            return
        self._later.add(card.n)
        if not self.go_on():
            self.note("Left for later; nothing else is to be decided.")

    def action_rationale(self) -> None:
        """Write why; it is stored with the decision."""
        self._once_saved(self._rationale)

    def _rationale(self) -> None:
        card, deck = self.card, self._deck
        if card is None or deck is None:
            return
        before = self._why.get(card.n) or "".join(one.reason for one in card.decisions[-1:])
        title = "Why" if card.decided else "Why (stored with your decision)"
        heading = literal(f"{title}: {deck.code(card.code.id).name}", "bold")
        self.app.push_screen(MemoEditor(heading, before), lambda words: self._reasoned(card, words))

    def _reasoned(self, card: Disagreement, words: str | None) -> None:
        deck = self._deck
        if words is None or deck is None:
            return
        if not card.decided:
            self._why[card.n] = words
            self.draw_card()
            return
        made, me = card.decisions, deck.me
        held = [(one.span, one.decision) for one in made]

        def act(project: Project) -> None:
            project.adjudications.settle(
                made[-1].round_id, made[-1].document_id, made[-1].code_id, held, by=me,
                new_code_id=made[-1].new_code_id, reason=words,
            )  # fmt: skip

        self._write(act, "The reason is stored.", card.n)

    def action_rule(self) -> None:
        """Add the words to the rules of the code in the next codebook draft."""
        self._once_saved(self._rule)

    def _rule(self) -> None:
        card, deck = self.card, self._deck
        if card is None or deck is None:
            return
        if not card.decided:
            self.note("Decide first: a present one becomes an example, an absent one a near miss.")
            return
        name, me, near = deck.code(card.code.id).name, deck.me, "present" not in card.said
        shown = self._pages[card.document.id].view.cut(self._extents[self._extent].span)
        reason = deck.layer.words(card.decisions[-1].reason)
        words = " ".join(shown.split()) + (f" ({reason})" if reason else "")
        where = "near misses" if near else "examples"

        def act(project: Project) -> None:
            project.codebook.add_example(card.code.id, words, by=me, near_miss=near)

        self._write(act, f"Added to the {where} of {name} in the codebook draft.", card.n)

    def action_step(self, way: Literal["undo", "redo"]) -> None:
        """Take back this coder's latest decision, or repeat what was taken back."""
        deck = self._deck
        if deck is None:
            return
        me = deck.me

        def act(project: Project) -> str:
            done = undo(project, me, way)
            return project.layer.words(f"{'Undone' if way == 'undo' else 'Redone'}: {done.told}.")

        self._write(act, "", None)

    def _once_saved(self, act: Callable[[], None]) -> None:
        """Do something that depends on what was decided, once all that was asked before is shown.

        Left undone, and said so, if the researcher has gone on to another card by then.
        """
        if not self.qualcode.busy:
            act()
            return
        here = self.card

        def then(_: None) -> None:
            if self.left:
                return
            if here is not None and self.card is not None and self.card.n == here.n:
                act()
            else:
                self.note("Not done: you had gone on before the act before it was stored.")

        self.qualcode.write(lambda _: None, then)

    def _write(self, act: Callable[[Project], str | None], words: str, n: int | None) -> None:
        """Have something stored, then show all cards as they then stand, and say these words.

        Args:
            n: Number of the card it is about; None: go to the one that has changed.
        """
        round_id = self._round_id

        def stored(project: Project) -> tuple[str, list[Adjudication]]:
            said = act(project)
            return said or words, project.adjudications.list(round_id)

        def drawn(result: tuple[str, list[Adjudication]]) -> None:
            said, made = result
            if n is not None:
                self._asked.discard(n)
                self._later.discard(n)
            self._redraw(made, said, follow=n is None)

        self.qualcode.write(stored, drawn, refused=self.reload)

    def _redraw(self, made: list[Adjudication], said: str, *, follow: bool) -> None:
        deck = self._deck
        if deck is None or self.left:
            return
        before = {card.n: card.decisions for card in deck.cards}
        self._deck = deck = deck.with_decisions(made)
        changed = [card.n for card in deck.cards if card.decisions != before[card.n]]
        here = self._queue[self._at].n
        self._why = {n: why for n, why in self._why.items() if n not in changed}
        self.sort(changed[0] if follow and changed else here)
        self._said = said
        if self._queue[self._at].n != here:
            self.show_card()
        else:
            self.draw_card()
