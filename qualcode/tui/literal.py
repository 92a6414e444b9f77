"""Text on screen, literally: nothing a coder or participant wrote is ever read as markup.

Whatever does not stand in this program's source goes through ``literal`` (or ``cell`` where a
widget wants Rich), which also makes control and bidirectional characters visible, and draws joined
emoji and the like as the transcript does: terminals and libraries disagree about their width.
"""

from __future__ import annotations

from rich.text import Text
from textual.content import Content

from qualcode.tui.widgets.display import MOST_CHARACTERS, drawn, fit, fit_end


def literal(text: str, style: str = "") -> Content:
    """Give the text as Textual content, every character of it shown and none interpreted."""
    return Content.styled(drawn(text), style)


def cell(text: str, style: str = "") -> Text:
    """Give the text for a table or tree, which want Rich's own class."""
    return Text(drawn(text), style=style, no_wrap=True, overflow="ellipsis")


def clipped(text: str, width: int) -> str:
    """Shorten the text to ``width`` terminal cells; what is cut ends in ``…``."""
    return fit(text[: _reach(width)], width)


def end_of(text: str, width: int) -> str:
    """The end of a text that fits; what is cut begins with ``…``."""
    return fit_end(text[-_reach(width) :], width)


def _reach(width: int) -> int:
    """More characters than so many cells can hold: of a long text the rest is not looked at."""
    return (max(width, 0) + 1) * MOST_CHARACTERS
