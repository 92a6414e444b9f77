"""Where memos are written: below the text, so that the passage stays in view."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content

from qualcode.text.safe import shown
from qualcode.tui.literal import literal
from qualcode.tui.widgets.confirm import Confirm
from qualcode.tui.widgets.dialogue import Dialogue
from qualcode.tui.widgets.fields import SafeTextArea
from qualcode.tui.widgets.paper import Line

HINT = Content.assemble(
    ("Ctrl+S", "bold"), " save  ", ("Esc", "bold"), " leave; asks if something changed"
)


class MemoEditor(Dialogue[str | None]):
    """Gives the memo's words when saved, empty to remove it; None when left as it was."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save", "Save", show=False, priority=True),
        Binding("escape", "leave", "Leave", show=False, priority=True),
    ]

    def __init__(self, title: Content, body: str, *, changed: bool = False) -> None:
        """Open the editor; ``changed`` where the words given are themselves unsaved."""
        super().__init__()
        self._heading, self._before, self._changed = title, shown(body), changed
        self._loaded = self._before
        """The words as the field holds them."""

    def compose(self) -> ComposeResult:
        with Vertical(id="memo"):
            yield Line(self._heading, id="memo-title")
            yield SafeTextArea(self._before, id="memo-text")
            yield Line(HINT, id="memo-keys")

    def on_mount(self) -> None:
        """Go on writing where the memo ends."""
        area = self.query_one(SafeTextArea)
        self._loaded = area.text
        area.focus()
        area.move_cursor(area.document.end)

    @property
    def loses(self) -> str:
        """What was written."""
        changed = any(self._is_changed(area.text) for area in self.query(SafeTextArea))
        return "What you wrote here would be lost." if changed else ""

    def action_save(self) -> None:
        """Hand the words over; nothing where none changed."""
        text = self.query_one(SafeTextArea).text
        self.dismiss(text.strip() if self._is_changed(text) else None)

    def action_leave(self) -> None:
        """Leave; ask first where words would be lost."""
        if not self.loses:
            self.dismiss(None)
            return
        question = Confirm(
            literal("Leave without saving?"),
            literal(self.loses),
            literal("leave"),
        )
        self.app.push_screen(question, self._left)

    def _is_changed(self, text: str) -> bool:
        return self._changed or text != self._loaded

    def _left(self, yes: bool | None) -> None:
        if yes:
            self.dismiss(None)
