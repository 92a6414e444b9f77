"""Plain places to write on: literal text that changes often and costs little.

``Static`` measures its whole surroundings anew on every update and reads strings as markup; these
take finished ``Content`` only, keep their size, and draw nothing twice.
"""

from __future__ import annotations

from textual.content import Content
from textual.strip import Strip
from textual.widget import Widget

from qualcode.tui.widgets.ink import inked

NOTHING = Content("")


class Line(Widget):
    """One row of text: header, HERE, status, footer."""

    ALLOW_SELECT = False

    def __init__(
        self, content: Content = NOTHING, *, id: str | None = None, classes: str | None = None
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._content = content

    @property
    def content(self) -> Content:
        """What the row says."""
        return self._content

    def show(self, content: Content) -> None:
        """Say something else; nothing is drawn if it says that already."""
        if not content.is_same(self._content):
            self._content = content
            self.refresh(layout=self.styles.auto_dimensions)

    def render(self) -> Content:
        return self._content

    def render_line(self, y: int) -> Strip:
        """A row, in colours that can be read on its background."""
        return inked(super().render_line(y), ansi=self.app.native_ansi_color)


class Paper(Line):
    """Several rows of wrapped text."""


class Extract(Paper):
    """As much of a text as its place has room for; what is cut ends in ``…``."""

    def render(self) -> Content:
        return cut_to(self.content, max(self.size.width, 1), max(self.size.height, 1))


def cut_to(content: Content, width: int, rows: int) -> Content:
    """Give as much of a text as fits into rows of this width; what is cut ends in ``…``."""

    def fits(some: Content) -> bool:
        return some.get_height({}, width) <= rows

    if fits(content):
        return content
    low, high = 0, len(content)
    while low < high:
        middle = (low + high + 1) // 2
        if fits(Content.assemble(content[:middle].rstrip(), "…")):
            low = middle
        else:
            high = middle - 1
    return Content.assemble(content[:low].rstrip(), "…")
