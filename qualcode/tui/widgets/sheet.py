"""A sheet laid over the screen to read from: help, rules, history, messages."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content

from qualcode.tui.widgets.dialogue import Dialogue
from qualcode.tui.widgets.paper import Line, Paper

_BACK = Content.assemble(("Esc", "bold"), " back")


class Sheet(Dialogue[None]):
    """Something to read; every key that opened it, Esc and ``q`` put it away."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,enter,question_mark,f1,f2,f3,f4,f12", "put_away", "Back", show=False),
        Binding("down,j", "scroll(1)", "Down", show=False),
        Binding("up,k", "scroll(-1)", "Up", show=False),
        Binding("pagedown,space", "page(1)", "Page down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
    ]

    def __init__(self, title: Content, body: Content) -> None:
        super().__init__()
        self._heading, self.body = title, body

    def compose(self) -> ComposeResult:
        with Vertical(id="sheet"):
            yield Line(self._heading, id="sheet-title")
            with VerticalScroll(can_focus=False):
                yield Paper(self.body, id="sheet-body")
            yield Line(_BACK, id="sheet-keys")

    def on_resize(self) -> None:
        """Say whether there is more than is seen."""
        self.call_after_refresh(self._say_keys)

    def _say_keys(self) -> None:
        more = self.query_one(VerticalScroll).max_scroll_y > 0
        keys = Content.assemble(("↓ ↑", "bold"), " more  ", _BACK) if more else _BACK
        self.query_one("#sheet-keys", Line).show(keys)

    def action_put_away(self) -> None:
        """Put the sheet away."""
        self.dismiss()

    def action_scroll(self, rows: int) -> None:
        """Scroll by rows."""
        self.query_one(VerticalScroll).scroll_relative(y=rows, animate=False)

    def action_page(self, pages: int) -> None:
        """Scroll by pages."""
        scroll = self.query_one(VerticalScroll)
        scroll.scroll_relative(y=pages * max(scroll.size.height - 1, 1), animate=False)
