"""A table whose words can be read on every background, the dimmed ones and those at the cursor."""

from __future__ import annotations

from textual.geometry import Size
from textual.strip import Strip
from textual.widgets import DataTable

from qualcode.tui.widgets.ink import inked


class PlainTable(DataTable[object], inherit_bindings=False):
    """Textual's table without its keys, which know nothing of help and palette."""

    def render_line(self, y: int) -> Strip:
        """A row, in colours that can be read on its background."""
        return inked(super().render_line(y), ansi=self.app.native_ansi_color)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """What the rows need that it has now.

        Textual's own is what the rows needed when it last measured them, a moment later than they
        are given: laid out in between, a list that was empty stayed without a row.
        """
        head = self.header_height if self.show_header else 0
        return head + sum(row.height for row in self.rows.values())
