"""Fields to type in that never let a control character through to the terminal.

Textual's own draw and paste ESC and bidirectional controls as they are.
"""

from __future__ import annotations

from textual.events import Paste
from textual.widgets import Input, TextArea

from qualcode.text.safe import shown


def pasted(text: str) -> str:
    """What is pasted, made visible; terminals send the end of a line as CR, which stays one."""
    return shown(text.replace("\r\n", "\n").replace("\r", "\n"))


class SafeInput(Input):
    """One line to type in; what is loaded or pasted is made visible first."""

    def __init__(self, value: str = "", *, placeholder: str = "", id: str | None = None) -> None:
        super().__init__(shown(value), placeholder=placeholder, id=id, compact=True)

    def _on_paste(self, event: Paste) -> None:
        event.text = pasted(event.text)  # Input's own handler runs next and inserts this


class SafeTextArea(TextArea):
    """Several lines to type in; what is loaded or pasted is made visible first."""

    def __init__(self, text: str = "", *, id: str | None = None) -> None:
        super().__init__(shown(text), id=id, compact=True, soft_wrap=True)

    async def _on_paste(self, event: Paste) -> None:
        event.text = pasted(event.text)  # TextArea's own handler runs next and inserts this
