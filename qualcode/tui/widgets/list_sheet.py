"""The code list as a sheet, where the screen has no room for a panel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content

from qualcode.tui.widgets.code_tree import CodeTree, ListedCode
from qualcode.tui.widgets.dialogue import Dialogue
from qualcode.tui.widgets.paper import Line


class CodeSheet(Dialogue[str | None]):
    """Gives the id of the code chosen by Enter or click; None for Esc."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,f2", "put_away", "Back", show=False),
        Binding("j", "step(1)", "Down", show=False),
        Binding("k", "step(-1)", "Up", show=False),
    ]

    def __init__(self, heading: Content, listed: Sequence[ListedCode]) -> None:
        super().__init__()
        self._heading, self._listed = heading, listed

    def compose(self) -> ComposeResult:
        with Vertical(id="code-sheet"):
            yield Line(self._heading, id="sheet-title")
            yield CodeTree(focusable=True, id="sheet-codes")
            yield Line(
                Content.assemble(("Enter", "bold"), " apply  ", ("Esc", "bold"), " back"),
                id="sheet-keys",
            )

    def on_mount(self) -> None:
        """Fill the list."""
        tree = self.query_one(CodeTree)
        tree.show(self._listed)
        tree.focus()
        tree.action_first()

    @on(CodeTree.Picked)
    def choose(self, event: CodeTree.Picked) -> None:
        """Give the code chosen."""
        event.stop()
        self.dismiss(event.code_id)

    def action_put_away(self) -> None:
        """Choose nothing."""
        self.dismiss(None)

    def action_step(self, rows: int) -> None:
        """Move the highlight."""
        tree = self.query_one(CodeTree)
        if rows > 0:
            tree.action_cursor_down()
        else:
            tree.action_cursor_up()
