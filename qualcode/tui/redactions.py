"""The redactions screen: what may name someone, in its context, to be accepted or rejected.

Names are shown here as they were said; the header says so. Nothing is drawn before it is stored.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content

from qualcode.model import Coder, RedactionStatus
from qualcode.project import Project
from qualcode.reports.deid import Asked, Suggested, suggested
from qualcode.text.plurals import counted
from qualcode.tui.keys import key
from qualcode.tui.list_screen import ListScreen
from qualcode.tui.literal import clipped, end_of, literal
from qualcode.tui.review import (
    SAID,
    STATUSES,
    Review,
    ReviewRow,
    at_or_after,
    labels_for,
    review_of,
)
from qualcode.tui.widgets.name_picker import NamePicker
from qualcode.tui.widgets.paper import NOTHING, Line, Paper
from qualcode.tui.widgets.redaction_table import RedactionTable
from qualcode.tui.widgets.sheet import Sheet
from qualcode.tui.widgets.status_line import GAP, joined

DID: dict[RedactionStatus, str] = {
    "accepted": "Accepted", "rejected": "Rejected", "suggested": "Open again",
}  # fmt: skip


_PASSAGE_ROWS = 3
"""Rows of the words around a name, below the list."""


class RedactionsScreen(ListScreen):
    """Every redaction of the project, or of one document; each key is one act.

    Args:
        document_id: Show those of this document, at first.
        position: Where in it the cursor begins.
    """

    AUTO_FOCUS = "RedactionTable"
    FOOTER = ("redaction.accept", "redaction.reject", "redaction.accept_all", "redaction.label",
              "redaction.suggest", "history.undo", "redaction.filter", "app.back", "help.show",
              "redaction.next", "redaction.open", "app.palette")  # fmt: skip
    BINDINGS: ClassVar[list[BindingType]] = [
        key("redaction.accept", "a,y", "decide('accepted')", "accept",
            "Accept: the label is shown in place of the name", show=True),
        key("redaction.reject", "x", "decide('rejected')", "reject",
            "Reject: the words stay as they are", show=True),
        key("redaction.reopen", "o", "decide('suggested')", "open again",
            "Leave it to be decided again"),
        key("redaction.accept_all", "A", "decide_all('accepted')", "accept all",
            "Accept this name wherever it is listed, in all documents", show=True),
        key("redaction.reject_all", "X", "decide_all('rejected')", "reject all",
            "Reject this name wherever it is listed, in all documents"),
        key("redaction.label", "r", "relabel", "label",
            "Give this name another label, wherever it is listed", show=True),
        key("redaction.next", "tab", "go(1)", "next", "Next one to decide"),
        key("redaction.back", "shift+tab", "go(-1)", "back", "Previous one to decide"),
        key("redaction.filter", "f", "filter", "filter",
            "Show all, those to decide, accepted ones, rejected ones", show=True),
        key("redaction.document", "d", "document", "document",
            "Show this document alone, or all again"),
        key("redaction.suggest", "s", "suggest", "suggest",
            "Look for names of the roster and for identifiers", show=True),
        key("history.undo", "u", "history('undo')", "undo", "Undo my latest act", show=True),
        key("history.redo", "U,ctrl+r", "history('redo')", "redo", "Redo what I undid"),
        key("work.retry", "ctrl+s", "retry", "Save again", "Try again to save what could not be"),
        key("app.back", "q,escape,R", "back", "back", "Back", show=True),
    ]  # fmt: skip

    def __init__(self, document_id: str | None = None, position: int = 0) -> None:
        super().__init__()
        self._document_id, self._position = document_id, position
        self._status: RedactionStatus | None = None
        self._review: Review | None = None
        self._asked: set[str] = set()
        """Ids whose decision is on its way to the writer."""

        self._said = ""

    def compose(self) -> ComposeResult:
        yield Line(literal("Redactions: opening …"), id="header")
        with Vertical(id="redactions"):
            yield RedactionTable(id="redaction-list")
            yield Paper(id="nothing")
            yield Paper(id="passage")
        yield Line(id="status")
        yield Line(id="keys")

    def on_mount(self) -> None:
        """Keep saying whether everything is saved."""
        self.watch(self.app, "saving", self._say, init=False)

    def on_screen_resume(self) -> None:
        """Read the redactions: some may have been made on the coding screen."""
        self.reload()

    def on_resize(self) -> None:
        """Fit the lines."""
        self._say()

    @property
    def table(self) -> RedactionTable:
        """The list."""
        return self.query_one(RedactionTable)

    def reload(self, said: str = "") -> None:
        """Read the redactions anew, then say what was done."""
        coder = self.qualcode.coder
        self._said = said or self._said
        self.qualcode.read(lambda project: review_of(project, coder), self._opened)

    def _opened(self, found: Review) -> None:
        if self.left:
            return
        first, here = self._review is None, self.table.row_here
        self._review = found
        self._asked.clear()
        if first and self._document_id is not None and not self._listed(found):
            self._document_id = None  # nothing here: show the project's
        rows = self._listed(found)
        if first and self._document_id is not None:
            at = at_or_after(rows, self._document_id, self._position)
        elif first:
            at = next((n for n, row in enumerate(rows) if row.status == "suggested"), 0)
        else:
            at = self._place_of(here, rows)
        self.table.show(rows, at)
        self._settle()

    def _listed(self, review: Review) -> list[ReviewRow]:
        return [
            row
            for row in review.rows
            if (self._document_id is None or row.redaction.document_id == self._document_id)
            and (self._status is None or row.status == self._status)
        ]

    def _place_of(self, here: ReviewRow | None, rows: list[ReviewRow]) -> int:
        """Where a redaction is in the list; if it is not, the one that took its place."""
        same = [n for n, row in enumerate(rows) if here is not None and row.id == here.id]
        return same[0] if same else self.table.cursor_row

    # Saying

    def _settle(self) -> None:
        """Bring the lines around the list in line with it."""
        empty = not self.table.rows_shown
        self.table.display = not empty
        nothing = self.query_one("#nothing", Paper)
        nothing.display = empty
        nothing.show(literal(self._nothing()) if empty else NOTHING)
        if not empty and self.focused is None:
            self.table.focus()
        self._say_passage()
        self._say()
        if self._said:
            self.call_after_refresh(self.note, self._said)
            self._said = ""

    def _nothing(self) -> str:
        if self._review is not None and self._review.rows:
            return "None of these. f shows others, d other documents."
        return (
            "Nothing is redacted or suggested yet. s looks for the names of the roster and for "
            "identifiers; on the coding screen X redacts what is selected."
        )

    def _say(self) -> None:
        review = self._review
        if review is not None:
            document = next(
                (r.document for r in review.rows if r.redaction.document_id == self._document_id),
                "",
            )
            facts = [review.counts(self._document_id)]
            facts += [f"only {SAID[self._status]}"] if self._status is not None else []
            saving = self.qualcode.saving
            chunks = [
                literal("NAMES SHOWN", "bold reverse"),
                *map(literal, facts),
                literal(saving if saving != "saved" else "", "bold reverse"),
            ]
            rest = joined(chunks)
            room = max(self.size.width - rest.cell_length - len(GAP), 0)
            title = f"Redactions of {document}" if document else "Redactions"
            title = title if len(title) <= room else document or title
            line = joined([literal(clipped(title, room), "bold"), rest])
            self.query_one("#header", Line).show(line)
        self.say_keys()

    @on(RedactionTable.Reached)
    def _say_passage(self) -> None:
        """Show the name at the cursor with more of the words around it."""
        row = self.table.row_here
        passage = self.query_one("#passage", Paper)
        passage.display = row is not None
        if row is None:
            return
        one = row.redaction
        around = max((self.size.width * _PASSAGE_ROWS - cell_len(row.name)) // 2 - 10, 20)
        passage.show(
            Content.assemble(
                literal(f"{row.document}, {one.kind}: ", "dim"),
                literal(row.name, "bold"),
                literal(f" → {one.label}, {SAID[row.status]}", "dim"),
                "\n",
                literal(end_of(row.before, around)),
                literal(row.name, "bold reverse"),
                literal(clipped(row.after, around)),
            )
        )

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what can be done: saving again needs something unsaved."""
        if action == "retry":
            return bool(self.qualcode.unsaved)
        return super().check_action(action, parameters)

    # Deciding

    def action_decide(self, status: RedactionStatus) -> None:
        """Decide about the redaction at the cursor, and go on to the next one to decide."""
        row = self.table.row_here
        if row is None:
            return
        undecided = row.status == "suggested" and row.id not in self._asked
        self._decide([row], status, f"{DID[status]}: {row.name} {self._as(row, status)}")
        if undecided and status != "suggested":
            self._go(1)

    def action_decide_all(self, status: RedactionStatus) -> None:
        """Decide about this name, wherever it is listed."""
        row = self.table.row_here
        if row is None or self._review is None:
            return
        rows = self._review.of_name(row.name)
        places = counted(len(rows), "place")
        self._decide(rows, status, f"{DID[status]}: {row.name} {self._as(row, status)}, {places}")
        self._go(1)

    def _as(self, row: ReviewRow, status: RedactionStatus) -> str:
        return f"→ {row.redaction.label}" if status == "accepted" else ""

    def _decide(self, rows: list[ReviewRow], status: RedactionStatus, words: str) -> None:
        review = self._review
        if review is None:
            return
        me, ids = review.me, [row.id for row in rows]
        self._asked.update(ids)

        def drawn(_: int) -> None:
            if self._review is not None and not self.left:
                self._asked.difference_update(ids)
                self._review = self._review.decided(ids, status)
                now = {row.id: row for row in self._review.rows}
                self.table.redraw([now[row.id] for row in self.table.rows_shown])
                self._say_passage()
                self._say()
                self.note(words)

        self.qualcode.write(
            lambda project: project.redactions.decide(ids, status, by=me),
            drawn,
            refused=self.reload,
        )

    def action_relabel(self) -> None:
        """Choose the label shown for this name, wherever it is listed."""
        row, review = self.table.row_here, self._review
        if row is None or review is None:
            return
        rows = review.of_name(row.name)
        ids = [one.id for one in rows]

        def chosen(label: str | None) -> None:
            if label is not None:
                self._act(
                    lambda project, me: project.redactions.relabel(ids, label, by=me),
                    f"{row.name} is {label}, {counted(len(ids), 'place')}",
                )

        heading = literal(f"Label for {row.name} ({counted(len(ids), 'place')})", "bold")
        labels = labels_for(review.rows, row.name)
        self.app.push_screen(NamePicker(heading, labels, new="label"), chosen)

    def action_suggest(self) -> None:
        """Look for names and identifiers, and add what is found to what is to be decided."""
        if self._review is None:
            return
        self.note("Looking for names and identifiers …")
        self.qualcode.read(_found_in, self._suggest)

    def _suggest(self, found: Suggested) -> None:
        if self.left or self._review is None:
            return
        me = self._review.me

        def drawn(new: int) -> None:
            if not self.left:
                told = f"{counted(new, 'new suggestion')}; what was decided before stays."
                self.reload(told)
                if found.notes:
                    self.app.push_screen(Sheet(literal(told), literal("\n\n".join(found.notes))))

        self.qualcode.write(
            lambda project: project.redactions.suggest(found.found, by=me),
            drawn,
            refused=self.reload,
        )

    def stepped(self, words: str = "") -> None:
        """Read all anew."""
        if not self.left:
            self.reload(words)

    def _act(self, act: Callable[[Project, Coder], object], words: str = "") -> None:
        """Do something; then read all anew and say these words, else what the act gives."""
        if self._review is None:
            return
        me = self._review.me

        def drawn(result: object) -> None:
            if not self.left:
                self.reload(words or str(result))

        self.qualcode.write(lambda project: act(project, me), drawn, refused=self.reload)

    # Moving

    def action_go(self, step: int) -> None:
        """Go to the next, or previous, redaction to decide."""
        if not self._go(step):
            where = "below" if step > 0 else "above"
            self.note(f"Nothing to decide {where}.")

    def _go(self, step: int) -> bool:
        rows, at = self.table.rows_shown, self.table.cursor_row
        ahead = range(at + 1, len(rows)) if step > 0 else range(at - 1, -1, -1)
        for n in ahead:
            if rows[n].status == "suggested" and rows[n].id not in self._asked:
                self.table.move_to(n)
                return True
        return False

    def action_filter(self) -> None:
        """Show the redactions of the next status alone; after the last, all."""
        order = (None, *STATUSES)
        self._status = order[(order.index(self._status) + 1) % len(order)]
        self._refill()

    def action_document(self) -> None:
        """Show this document alone, or all again."""
        row = self.table.row_here
        if self._document_id is not None:
            self._document_id = None
        elif row is not None:
            self._document_id = row.redaction.document_id
        self._refill()

    def _refill(self) -> None:
        if self._review is not None:
            rows = self._listed(self._review)
            self.table.show(rows, self._place_of(self.table.row_here, rows))
            self._settle()

    @on(RedactionTable.Chosen)
    def _open(self) -> None:
        """Open the document at this place."""
        row = self.table.row_here
        if row is not None:
            one = row.redaction
            self.qualcode.open_document(one.document_id, one.span.start)


def _found_in(project: Project) -> Suggested:
    """What may name someone, and what is to be known of it; on the project's thread."""
    return suggested(project, Asked())
