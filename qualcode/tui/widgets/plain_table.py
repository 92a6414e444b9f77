"""A table whose words can be read on every background, the dimmed ones and those at the cursor."""

from __future__ import annotations

from textual.strip import Strip
from textual.widgets import DataTable

from qualcode.tui.widgets.ink import inked


class PlainTable(DataTable[object], inherit_bindings=False):
    """Textual's table without its keys, which know nothing of help and palette."""

    def render_line(self, y: int) -> Strip:
        """A row, in colours that can be read on its background."""
        return inked(super().render_line(y), ansi=self.app.native_ansi_color)
