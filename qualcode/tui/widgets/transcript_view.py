"""The transcript as the coder works on it: what keys and mouse do to cursor, selection and focus.

It says what the coder did; it applies no code and knows no project.
"""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len
from textual import events
from textual.geometry import Offset
from textual.message import Message
from textual.timer import Timer

from qualcode.model import Coding
from qualcode.tui.widgets.coded_text import CodedText
from qualcode.tui.widgets.lanes import Placed
from qualcode.tui.widgets.rows import Density, ShownCode
from qualcode.tui.widgets.transcript_keys import KEYS

__all__ = ["Density", "ShownCode", "TranscriptView"]

_NEXT: dict[Density, Density] = {"edges": "tints", "tints": "text", "text": "edges"}
_DRAG_EVERY = 0.08
"""Seconds between two rows when the mouse pulls beyond the edge."""


class TranscriptView(CodedText, can_focus=True, inherit_bindings=False):
    """One document with its codings. What it announces, the screen acts on."""

    BINDINGS = KEYS

    @dataclass
    class LaneClicked(Message):
        """The coder clicked on a coding's lane; it has the focus now."""

        coding: Coding

    @dataclass
    class CodingClicked(Message):
        """The coder clicked on the name beside a coding; it has the focus now."""

        coding: Coding

    def __init__(
        self, *, name: str | None = None, id: str | None = None, classes: str | None = None
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self.mouse = True
        """Whether clicks and drags are answered."""

        self._dragging: Timer | None = None
        self._drag_to = Offset()

    # Keys

    def action_move(self, step: str) -> None:
        """Move the cursor; nothing is selected any more."""
        self._step(step, extend=False)

    def action_extend(self, step: str) -> None:
        """Move the cursor and select all on the way."""
        self._step(step, extend=True)

    def _step(self, step: str, *, extend: bool) -> None:
        if self._cursor is None:
            return
        top = self.scroll_offset.y
        self._cursor.step(step, extend=extend, page=self._page)
        if step in ("page_up", "page_down"):
            by = -self._page if step == "page_up" else self._page
            self.scroll_to(y=max(0, min(top + by, len(self._rows) - self._page)), animate=False)
        self._moved()

    def action_select_unit(self, kind: str) -> None:
        """Select the word, sentence or turn here; whole ones selected gain the next."""
        if self._cursor is not None:
            self._cursor.select_unit(kind)
            self._moved()

    def action_grow(self) -> None:
        """Select the next larger unit."""
        if self._cursor is not None:
            self._cursor.grow()
            self._moved()

    def action_shrink(self) -> None:
        """Select the next smaller unit."""
        if self._cursor is not None:
            self._cursor.shrink()
            self._moved()

    def action_swap(self) -> None:
        """Go to the other end of the selection."""
        if self._cursor is not None:
            self._cursor.swap()
            self._moved()

    def action_clear(self) -> None:
        """Select nothing."""
        self.select(None)

    def action_coding_next(self) -> None:
        """Go to the coding after the focused one, or after the cursor."""
        self._walk(1)

    def action_coding_back(self) -> None:
        """Go to the coding before the focused one, or before the cursor."""
        self._walk(-1)

    def _walk(self, by: int) -> None:
        order = self._index.all() if self._index is not None else []
        focused = self._focused()
        if focused is not None:
            at = order.index(focused) + by
        else:
            after = sum(p.coding.span.start <= self.position for p in order)
            at = after if by > 0 else after - 1
        if 0 <= at < len(order):
            coding = order[at].coding
            self.go_to(coding.span.start)
            self.focus_coding(coding.id)

    def action_coding_cycle(self) -> None:
        """Focus the next coding at this place."""
        here = [coding.id for coding in self.codings_here()]
        focused = self.focused_coding
        if here:
            at = here.index(focused.id) + 1 if focused and focused.id in here else 0
            self._chosen = here[at % len(here)]
            self._changed()

    def action_density(self) -> None:
        """Mark codings the next way."""
        self.density = _NEXT[self._density]

    def action_filter(self) -> None:
        """Show only the focused coding's code, or all again."""
        focused = self.focused_coding
        if self._only_code is not None:
            self.only_code = None
        elif focused is not None:
            self.only_code = focused.code_id

    def action_copy(self) -> None:
        """Copy the text that a code would be applied to, as it is shown."""
        span = self.target()
        if span is not None and self._view is not None:
            self.app.copy_to_clipboard(self._view.cut(span))

    # Mouse

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Put the cursor there and begin to select; beside the text, focus a coding."""
        if not self.mouse or event.button != 1 or self._painter is None or not len(self._rows):
            return
        event.stop()
        columns, row = self._painter.columns, self.scroll_offset.y + event.y
        if event.x < columns.text_at:
            self._click_beside(row, event.x)
        elif event.x > columns.names_at and columns.names and row < len(self._rows):
            self._click_name(row, event.x - columns.names_at)
        else:
            self._drag_to = Offset(event.x, event.y)
            self.go_to(self._position_under(self._drag_to))
            self.capture_mouse()
            self._dragging = self.set_interval(_DRAG_EVERY, self._pull, pause=True)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Select up to the mouse; beyond the edge, keep scrolling."""
        if self._dragging is None or self._cursor is None:
            return
        event.stop()
        self._drag_to = Offset(event.x, event.y)
        position = self._position_under(self._drag_to)
        if position != self.position:
            self._cursor.place(position, extend=True)
            self._changed()
        if 0 <= event.y < self._page:
            self._dragging.pause()
        else:
            self._dragging.resume()

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """End selecting."""
        if self._dragging is not None:
            event.stop()
            self._dragging.stop()
            self._dragging = None
            self.release_mouse()

    def on_click(self, event: events.Click) -> None:
        """Select the word, sentence or turn at a double, triple or quadruple click."""
        kind = {2: "word", 3: "sentence", 4: "turn"}.get(event.chain)
        if not self.mouse or kind is None or self._cursor is None or self._painter is None:
            return
        event.stop()
        if self._painter.columns.text_at <= event.x <= self._painter.columns.names_at:
            self._cursor.place(self._position_under(Offset(event.x, event.y)))
            self._cursor.select_unit(kind)
            self._moved()

    def _pull(self) -> None:
        """Scroll one row towards a mouse beyond the edge, and select up to it."""
        if self._cursor is None:
            return
        by = -1 if self._drag_to.y < 0 else 1
        self.scroll_to(y=self.scroll_offset.y + by, animate=False)
        self._cursor.place(self._position_under(self._drag_to), extend=True)
        self._changed()

    def _position_under(self, at: Offset) -> int:
        """The position drawn nearest to a place in the view."""
        assert self._painter is not None
        line = max(0, min(self._page - 1, at.y))
        row = min(self.scroll_offset.y + line, len(self._rows) - 1)
        return self._rows.position_at(row, max(0, at.x - self._painter.columns.text_at))

    def _click_beside(self, row: int, x: int) -> None:
        """Focus the coding whose lane was clicked, else go to where that row begins."""
        assert self._painter is not None
        assert self._index is not None
        if row >= len(self._rows):
            return
        columns = self._painter.columns
        lane = columns.gutter + columns.lanes - 1 - x
        found = next((p for p in self._index.on_row(row) if p.lane == lane), None)
        if found is None or not 0 <= lane < columns.lanes or self._density == "text":
            self.go_to(self._rows.row_start[row])
            return
        self._focus_on_row(found, row)
        self.post_message(self.LaneClicked(found.coding))

    def _click_name(self, row: int, x: int) -> None:
        assert self._painter is not None
        assert self._index is not None
        at = 1
        if self._density == "text":
            return
        for id_, name in self._painter.names.on_row(row)[0].items():
            stop = at + cell_len(name)
            placed = self._index.get(id_)
            if at <= x < stop and placed is not None:
                self._focus_on_row(placed, row)
                self.post_message(self.CodingClicked(placed.coding))
            at = stop + 1

    def _focus_on_row(self, placed: Placed, row: int) -> None:
        """Go to where a coding is on a row, and give it the focus."""
        self.go_to(max(placed.coding.span.start, self._rows.row_start[row]))
        self._chosen = placed.coding.id
        self._changed()
