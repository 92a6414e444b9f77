"""A list to choose from whose cursor can be seen in every terminal, whatever has the keys."""

from __future__ import annotations

from textual.strip import Strip
from textual.style import Style
from textual.widgets import OptionList

from qualcode.tui.widgets.ink import inked


class Choices(OptionList):
    """Textual's list; where there are few colours or none, the row at the cursor is reversed."""

    DEFAULT_CSS = """
    Choices:ansi > .option-list--option-highlighted,
    Choices:ansi:focus > .option-list--option-highlighted,
    Choices:nocolor > .option-list--option-highlighted,
    Choices:nocolor:focus > .option-list--option-highlighted {
        background: ansi_default; color: ansi_default; text-style: bold reverse;
    }
    """

    def render_line(self, y: int) -> Strip:
        """A row, in colours that can be read on its background."""
        return inked(super().render_line(y), ansi=self.app.native_ansi_color)

    def get_visual_style(self, *component_classes: str, partial: bool = False) -> Style:
        """The style of a part of the list; Textual's own forgets ``reverse``."""
        style = super().get_visual_style(*component_classes, partial=partial)
        if any(self.get_component_styles(one).text_style.reverse for one in component_classes):
            return style + Style(reverse=True)
        return style
