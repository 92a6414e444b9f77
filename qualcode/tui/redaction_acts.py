"""Redacting by hand on the coding screen, and taking a label away there."""

from __future__ import annotations

from qualcode.model import Redaction, Span
from qualcode.project import Project
from qualcode.text.redaction import Replacement
from qualcode.tui.desk import Desk
from qualcode.tui.literal import clipped, literal
from qualcode.tui.record_acts import RecordActs
from qualcode.tui.review import Review, bare, folded, kinds_of, labels_for, review_of
from qualcode.tui.widgets.confirm import Confirm
from qualcode.tui.widgets.name_picker import NamePicker


class RedactionActs(RecordActs):
    """The acts of ``RecordActs`` and those on what is redacted."""

    def action_redactions(self) -> None:
        """Show the redactions of this document; of the project, where it has none."""
        from qualcode.tui.redactions import RedactionsScreen

        if self.desk is None:
            return
        below = self.app.screen_stack[-2]
        if isinstance(below, RedactionsScreen):
            self.app.pop_screen()  # it is where this screen was opened from
        else:
            self.app.push_screen(RedactionsScreen(self.desk.document.id, self.text.position))

    def action_redact(self) -> None:
        """Redact what is selected, else take the label at the cursor away, else redact the word."""
        desk = self.desk
        if desk is None:
            return
        label = desk.view.label_at(self.text.position) if self.text.selection is None else None
        if label is not None:
            self._take_away(desk, label)
            return
        span = self._to_redact(desk)
        if span is None:
            self.note("There is no word here to redact.")
        elif desk.view.block_at(span.start) != desk.view.block_at(span.stop - 1):
            self.note("A redaction stays within one turn; select less.")
        else:
            coder = self.qualcode.coder
            self.qualcode.read(
                lambda project: review_of(project, coder),
                lambda review: self._ask_label(desk, span, review),
            )

    def _to_redact(self, desk: Desk) -> Span | None:
        view, selected = desk.view, self.text.selection
        word = view.word_span(self.text.position) if selected is None else None
        if selected is not None and len(view.cut(selected).split()) > 1:
            return view.fitted(selected)
        chosen = view.fitted(selected) if selected is not None else word
        return view.grown(bare(view.text, chosen)) if chosen is not None else None

    def _ask_label(self, desk: Desk, span: Span, review: Review) -> None:
        if self.app.screen is not self or desk is not self.desk:
            return
        words = folded(desk.view.text[span.start : span.stop])
        kinds = kinds_of(review.rows)

        def chosen(label: str | None) -> None:
            if label is not None:
                self._redact(desk, span, label, kinds.get(label, "person"))

        heading = literal(clipped(f"Redact “{folded(desk.view.cut(span))}” as", 56), "bold")
        labels = labels_for(review.rows, words)
        self.app.push_screen(NamePicker(heading, labels, new="label"), chosen)

    def _redact(self, desk: Desk, span: Span, label: str, kind: str) -> None:
        me, document_id = desk.me, desk.document.id

        def act(project: Project) -> Redaction:
            return project.redactions.add(document_id, span, label, kind, by=me)

        self.qualcode.write(
            act, lambda one: self._redacted(f"Redacted as {one.label}"), refused=self.reload
        )

    def _take_away(self, desk: Desk, label: Replacement) -> None:
        me, document_id = desk.me, desk.document.id
        hidden = Span(label.start, label.stop)

        def act(project: Project) -> int:
            accepted = project.redactions.list(document_id, "accepted")
            ids = [one.id for one in accepted if one.span.overlap(hidden)]
            return project.redactions.decide(ids, "rejected", by=me)

        def answered(yes: bool | None) -> None:
            if yes:
                self.qualcode.write(
                    act,
                    lambda _: self._redacted(f"{label.label} rejected: the words are shown"),
                    refused=self.reload,
                )

        question = Confirm(
            literal(clipped(f"Show what {label.label} stands for here?", 60), "bold"),
            literal("The redaction is rejected; the words appear on screen and in exports."),
            literal("show the words"),
        )
        self.app.push_screen(question, answered)

    def _redacted(self, words: str) -> None:
        if not self.left:
            self.reload(words)
