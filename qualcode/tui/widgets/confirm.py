"""Questions that want one answer: yes or no, one line, one key."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.events import Key
from textual.widgets import Input

from qualcode.text.safe import shown
from qualcode.tui.widgets.dialogue import Dialogue
from qualcode.tui.widgets.fields import SafeInput
from qualcode.tui.widgets.paper import Line, Paper


class Confirm(Dialogue[bool]):
    """A question with the facts it rests on. Enter or ``y`` says yes, Esc or ``n`` no."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,y", "answer(True)", "Yes", show=False),
        Binding("escape,n,q", "answer(False)", "No", show=False),
    ]

    def __init__(self, title: Content, body: Content, yes: Content) -> None:
        super().__init__()
        self._heading, self.body, self._yes = title, body, yes

    def compose(self) -> ComposeResult:
        with Vertical(id="confirm"):
            yield Line(self._heading, id="confirm-title")
            yield Paper(self.body, id="confirm-body")
            yield Line(
                Content.assemble(("Enter", "bold"), " ", self._yes, "   ", ("Esc", "bold"), " no")
            )

    def action_answer(self, yes: bool) -> None:
        """Answer and go."""
        self.dismiss(yes)


class Ask(Dialogue[str | None]):
    """One line to type, at the foot of the screen; Esc gives None."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Back", show=False)]

    def __init__(self, prompt: Content, value: str = "") -> None:
        super().__init__()
        self._prompt, self._value = prompt, shown(value)

    def compose(self) -> ComposeResult:
        with Vertical(id="ask"):
            yield Line(self._prompt)
            yield SafeInput(self._value)
            yield Line(Content.assemble(("Enter", "bold"), " done  ", ("Esc", "bold"), " back"))

    @property
    def loses(self) -> str:
        """What was typed."""
        typed = any(field.value not in ("", self._value) for field in self.query(SafeInput))
        return "What you typed here would be lost." if typed else ""

    @on(Input.Submitted)
    def answer(self, event: Input.Submitted) -> None:
        """Give what was typed; nothing typed is None."""
        event.stop()
        self.dismiss(event.value.strip() or None)

    def action_leave(self) -> None:
        """Give nothing."""
        self.dismiss(None)


class AskKey(Dialogue[str | None]):
    """Waits for one character; Esc gives None."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Back", show=False)]

    def __init__(self, prompt: Content) -> None:
        super().__init__()
        self._prompt = prompt

    def compose(self) -> ComposeResult:
        with Vertical(id="ask"):
            yield Line(self._prompt)
            yield Line(Content.assemble(("Esc", "bold"), " back"))

    def on_key(self, event: Key) -> None:
        """Give the character pressed; other keys go their way."""
        if event.character is not None and event.character.isprintable():
            event.stop()
            event.prevent_default()
            self.dismiss(event.character)

    def action_leave(self) -> None:
        """Give nothing."""
        self.dismiss(None)
