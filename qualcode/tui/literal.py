"""Text on screen, literally: nothing a coder or participant wrote is ever read as markup.

Whatever does not stand in this program's source goes through ``literal`` (or ``cell`` where a
widget wants Rich), which also makes control and bidirectional characters visible.
"""

from __future__ import annotations

from rich.cells import cell_len, split_graphemes
from rich.text import Text
from textual.content import Content

from qualcode.text.safe import shown


def literal(text: str, style: str = "") -> Content:
    """Give the text as Textual content, every character of it shown and none interpreted."""
    return Content.styled(shown(text), style)


def cell(text: str, style: str = "") -> Text:
    """Give the text for a table or tree, which want Rich's own class."""
    return Text(shown(text), style=style, no_wrap=True, overflow="ellipsis")


def clipped(text: str, width: int) -> str:
    """Shorten the text to ``width`` terminal cells; what is cut ends in ``…``."""
    text = shown(text)
    if cell_len(text) <= width:
        return text
    if width < 1:
        return ""
    kept, used = 0, 0
    for _, stop, cells in split_graphemes(text)[0]:
        if used + cells > width - 1:
            break
        kept, used = stop, used + cells
    return text[:kept].rstrip() + "…"
