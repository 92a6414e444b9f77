"""Hits of the last search in the document that is open: seen in the text, walked with two keys."""

from __future__ import annotations

from qualcode.project import Project
from qualcode.tui.redaction_acts import RedactionActs


class FoundActs(RedactionActs):
    """The acts of ``RedactionActs`` and those on what was searched."""

    def show_found(self) -> None:
        """Mark the hits of the last search in the text."""
        if self.desk is not None:
            self.text.hits = self.qualcode.found.get(self.desk.document.id, ())

    def action_search(self) -> None:
        """Look for words, in this document first."""
        desk = self.desk
        if desk is None:
            return
        shown = desk.document

        def asked(name: str) -> None:
            from qualcode.tui.search import SearchScreen

            if not self.left:
                self.app.push_screen(SearchScreen((name, shown.name)))

        def name_of(project: Project) -> str:
            return project.documents.get(shown.id).name

        self.qualcode.read(name_of, asked)

    def action_hit(self, step: int) -> None:
        """Go to the next, or previous, hit of the last search."""
        desk = self.desk
        if desk is None:
            return
        hits = self.qualcode.found.get(desk.document.id, ())
        if not hits:
            self.note("Nothing was searched that is in this document; / searches.")
            return
        selection = self.text.selection
        at = selection.start if selection is not None else self.text.position
        later = [n for n, hit in enumerate(hits) if hit.start > at]
        earlier = [n for n, hit in enumerate(hits) if hit.start < at]
        if step > 0:
            chosen = later[0] if later else 0
        else:
            chosen = earlier[-1] if earlier else len(hits) - 1
        self.text.select(hits[chosen])
        self.note(f"Hit {chosen + 1} of {len(hits)}")
