"""The redactions as a list, each name with the words around it. It decides nothing.

Only the rows in view are drawn, so that a study's thousands cost no more than a page of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from qualcode.model import RedactionStatus
from qualcode.tui.keys import key
from qualcode.tui.literal import clipped, end_of
from qualcode.tui.review import ReviewRow
from qualcode.tui.widgets.display import drawn

MARKS: dict[RedactionStatus, str] = {"suggested": "?", "accepted": "\u2713", "rejected": "\u2717"}
_WIDEST = {"document": 14, "label": 18, "kind": 12}
_NARROWEST = {"document": 8, "label": 7, "kind": 4}
_WIDE = 100
"""Cells from which on there is room for the kinds, and for whole labels."""

_SHORT_LABEL = 13
_GAP = 2
_MARK = 2
_LEAST_CONTEXT = 24


class RedactionTable(ScrollView, can_focus=True, inherit_bindings=False):
    """Names in their context, with mark, document and label."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "redaction-table--head",
        "redaction-table--cursor",
        "redaction-table--muted",
    }
    DEFAULT_CSS = """
    RedactionTable {
        overflow-x: hidden;
        overflow-y: scroll;
        scrollbar-size-vertical: 1;
        & > .redaction-table--head { background: $panel; color: $foreground; text-style: bold; }
        & > .redaction-table--cursor {
            background: $block-cursor-background; color: $block-cursor-foreground;
        }
        & > .redaction-table--muted { color: $foreground 70%; }
    }
    RedactionTable:ansi > .redaction-table--cursor,
    RedactionTable:nocolor > .redaction-table--cursor {
        background: ansi_default; color: ansi_default; text-style: reverse;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        key("redaction.open", "enter", "open", "open", "Open the document there", show=True),
        key("move.down", "down,j", "step(1)", "Down", "Next redaction"),
        key("move.up", "up,k", "step(-1)", "Up", "Previous redaction"),
        key("move.page_down", "pagedown,space", "page(1)", "Page down", "One page down"),
        key("move.page_up", "pageup", "page(-1)", "Page up", "One page up"),
        key("move.top", "home,g", "end(-1)", "First", "First redaction"),
        key("move.bottom", "end,G", "end(1)", "Last", "Last redaction"),
    ]

    class Reached(Message):
        """The cursor has come to a redaction."""

    class Chosen(Message):
        """The document is to be opened there."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._rows: Sequence[ReviewRow] = ()
        self._at = 0
        self._widths: dict[str, int] = {}

    @property
    def rows_shown(self) -> Sequence[ReviewRow]:
        """The redactions in the list, filtered ones left out."""
        return self._rows

    @property
    def cursor_row(self) -> int:
        """Which one the cursor is on, from 0."""
        return self._at

    @property
    def row_here(self) -> ReviewRow | None:
        """The redaction at the cursor; None in an empty list."""
        return self._rows[self._at] if self._at < len(self._rows) else None

    def show(self, rows: Sequence[ReviewRow], at: int = 0) -> None:
        """Show these, the cursor on one of them."""
        self._rows = rows
        self._measure()
        self.move_to(at)

    def redraw(self, rows: Sequence[ReviewRow]) -> None:
        """Show the same redactions as they are now."""
        self._rows = rows
        self.refresh()

    def move_to(self, row: int) -> None:
        """Put the cursor on a row, the nearest there is."""
        self._at = max(0, min(row, len(self._rows) - 1))
        top, page = self.scroll_offset.y, self._page
        if not top <= self._at < top + page:
            self.scroll_to(y=max(0, self._at - page // 2), animate=False)
        self.refresh()
        self.post_message(self.Reached())

    def on_resize(self) -> None:
        """Divide the width anew; the cursor stays in view."""
        self._measure()
        self.move_to(self._at)

    def on_click(self, event: events.Click) -> None:
        """Go to the redaction clicked; a double click opens the document there."""
        row = self.scroll_offset.y + event.y - 1
        if event.y > 0 and row < len(self._rows):
            self.move_to(row)
            if event.chain == 2:
                self.action_open()

    def action_open(self) -> None:
        """Announce that the document is wanted."""
        if self._rows:
            self.post_message(self.Chosen())

    def action_step(self, rows: int) -> None:
        """Move by rows."""
        self.move_to(self._at + rows)

    def action_page(self, pages: int) -> None:
        """Move by pages."""
        self.move_to(self._at + pages * self._page)

    def action_end(self, end: int) -> None:
        """Move to the first row, or the last."""
        self.move_to(len(self._rows) if end > 0 else 0)

    @property
    def _page(self) -> int:
        """Rows in view below the head."""
        return max(1, self.scrollable_content_region.height - 1)

    def _measure(self) -> None:
        width = self.scrollable_content_region.width or 80
        self._widths = column_widths(self._rows, width)
        self.virtual_size = Size(width, len(self._rows) + 1)

    # Drawing

    def render_line(self, y: int) -> Strip:
        """Draw the head, or one row."""
        base = self.rich_style
        n = self.scroll_offset.y + y - 1
        if y == 0:
            base = self.get_component_rich_style("redaction-table--head")
            segments = [
                Segment(_filled("" if name == "mark" else name, width), base)
                for name, width in self._widths.items()
            ]
        elif n < len(self._rows):
            if n == self._at:
                base = self.get_component_rich_style("redaction-table--cursor")
            segments = self._segments(self._rows[n], base, here=n == self._at)
        else:
            segments = []
        return Strip(segments).adjust_cell_length(self.size.width, base)

    def _segments(self, row: ReviewRow, base: Style, *, here: bool) -> list[Segment]:
        style = base
        if row.status == "suggested":
            style = base + Style(bold=True)
        elif row.status == "rejected" and not here:
            style = self.get_component_rich_style("redaction-table--muted")
        words = {
            "mark": MARKS[row.status],
            "document": row.document,
            "label": row.redaction.label,
            "kind": row.redaction.kind,
        }
        segments = []
        for name, width in self._widths.items():
            if name in words:
                segments.append(Segment(_filled(words[name], width), style))
                continue
            before, covered, after = in_context(row, width)
            undecided = row.status == "suggested"
            reverse = undecided != bool(base.reverse)  # in a row that is reversed, the name is not
            mark = Style(bold=True, reverse=reverse if undecided else None, underline=not undecided)
            segments += [Segment(before, base), Segment(covered, base + mark), Segment(after, base)]
        return segments


def _filled(text: str, width: int) -> str:
    """A text in exactly so many cells, the gap after it included."""
    text = clipped(text, width - (1 if width == _MARK else _GAP))
    return text + " " * (width - cell_len(text))


def column_widths(rows: Sequence[ReviewRow], width: int) -> dict[str, int]:
    """How wide each column is, gap included: as its cells need, the context what is left."""
    held = {
        "document": {row.document for row in rows},
        "label": {row.redaction.label for row in rows},
        "kind": {row.redaction.kind for row in rows},
    }
    if width < _WIDE:
        del held["kind"]
    found = {"mark": _MARK}
    for name, values in held.items():
        widest = max((cell_len(drawn(value)) for value in values), default=0)
        most = _SHORT_LABEL if name == "label" and width < _WIDE else _WIDEST[name]
        found[name] = max(min(widest, most), _NARROWEST[name]) + _GAP
    return {**found, "in context": max(width - sum(found.values()), _LEAST_CONTEXT)}


def in_context(row: ReviewRow, width: int) -> tuple[str, str, str]:
    """A name with the words before and after it, all names of a list in one column."""
    left = width * 2 // 5
    name = clipped(row.name, width - left)
    before = end_of(row.before, left)
    after = clipped(row.after, width - left - cell_len(name))
    return " " * (left - cell_len(before)) + before, name, after
