"""A transcript on screen: text, codings beside it, a cursor and a selection.

It draws, and says when cursor or focus are another. Keys and mouse are ``transcript_view``'s.
Positions and spans are offsets in the document's text; cells exist only here and below.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from qualcode.model import Coding, Span
from qualcode.tui.widgets.cursor import Cursor
from qualcode.tui.widgets.document_view import DocumentView
from qualcode.tui.widgets.lanes import Placed, SpanIndex
from qualcode.tui.widgets.rows import Columns, Density, Overlay, Palette, RowPainter, ShownCode
from qualcode.tui.widgets.wrap import WrapIndex

EMPTY = "This document holds no text."


class CodedText(ScrollView, can_focus=True, inherit_bindings=False):
    """One document with its codings, a cursor and a selection, drawn row by row."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES = {  # noqa: RUF012
        "coded-text--muted",
        "coded-text--cursor",
        "coded-text--selection",
    }
    DEFAULT_CSS = """
    CodedText {
        width: 1fr;
        height: 1fr;
        background: $background;
        color: $foreground;
        overflow-x: hidden;
        overflow-y: scroll;
        scrollbar-size-vertical: 1;
        & > .coded-text--muted { color: $foreground 70%; }
        & > .coded-text--cursor { background: $foreground; color: $background; }
        & > .coded-text--selection {
            background: $primary-darken-1; color: $text; text-style: bold;
        }
    }
    """

    @dataclass
    class Moved(Message, namespace="transcript_view"):
        """The cursor or the selection is another."""

        position: int

    @dataclass
    class Focused(Message, namespace="transcript_view"):
        """The focused coding is another, or changed; None where there is none."""

        coding: Coding | None

    class Filtered(Message, namespace="transcript_view"):
        """The codings of one code alone are shown, or all again."""

    def __init__(
        self, *, name: str | None = None, id: str | None = None, classes: str | None = None
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self._layout_cells = (9, 3, 0)
        self._view: DocumentView | None = None
        self._codings: dict[str, Coding] = {}
        self._codes: Mapping[str, ShownCode] = {}
        self._density: Density = "edges"
        self._only_code: str | None = None
        self._chosen: str | None = None
        """The coding that was focused on purpose; otherwise the shortest here has the focus."""

        self._cursor: Cursor | None = None
        self._index: SpanIndex | None = None
        self._painter: RowPainter | None = None
        self._page = 1
        """Rows in view."""

        self._start = 0
        """Where the cursor goes once the widget has a size."""

        self._line: int | None = None
        """On which line of the view it is to stand; None to show as much before it as fits."""

        self._hits: tuple[Span, ...] = ()
        self._over = Overlay()
        self._restyled = False
        self._built_before = 0

    # What the screen tells

    def show(
        self,
        view: DocumentView,
        codings: Iterable[Coding],
        codes: Mapping[str, ShownCode],
        *,
        position: int | None = None,
    ) -> None:
        """Show a document with codings; the cursor at ``position``, None for the beginning.

        The line of the cursor stays where it is on the screen, if it stood at that position.
        """
        same = self._cursor is not None and position == self.position
        self._line = self.row_on_screen(self.position) if same else None
        self._view, self._codes = view, codes
        self._codings = {coding.id: coding for coding in codings}
        self._chosen = self._cursor = None
        self._start = view.first if position is None else position
        self._rewrap()

    def set_layout(self, gutter: int, lanes: int, names: int) -> None:
        """Set the cells beside the text: gutter, lanes (without the blank), names (0 for none)."""
        if (gutter, lanes, names) != self._layout_cells:
            self._layout_cells = (gutter, lanes, names)
            self._rewrap()

    def add(self, coding: Coding) -> None:
        """Show one coding more. Where the cursor or selection touches it, it gets the focus."""
        self._codings[coding.id] = coding
        self._put(coding)
        if coding.span.overlap(self._touched) or coding.span.stop == self.position:
            self._chosen = coding.id
        self._changed()

    def discard(self, coding_id: str) -> None:
        """Show a coding no more."""
        self._codings.pop(coding_id, None)
        self._take(coding_id)
        self._changed()

    def replace(self, coding: Coding) -> None:
        """Show a coding as it is now: resized, recoded, marked."""
        self._codings[coding.id] = coding
        self._take(coding.id)
        self._put(coding)
        self._changed()

    def go_to(self, position: int) -> None:
        """Put the cursor at the position nearest to an offset; nothing is selected any more."""
        if self._cursor is not None:
            self._cursor.place(position)
            self._moved()

    def select(self, span: Span | None) -> None:
        """Select a stretch, the cursor at its end; None selects nothing."""
        if self._cursor is not None:
            self._cursor.select(span)
            self._moved()

    def focus_coding(self, coding_id: str | None) -> None:
        """Give a coding the focus and go to it; None leaves it to the cursor."""
        self._chosen = coding_id if coding_id in self._codings else None
        if self._chosen is not None and not self._is_here(self._codings[self._chosen]):
            self.go_to(self._codings[self._chosen].span.start)
        else:
            self._changed()

    # What the screen asks

    @property
    def view(self) -> DocumentView | None:
        """The document shown; None before there is one."""
        return self._view

    @property
    def position(self) -> int:
        """Where the cursor is, in characters; 0 in an empty document."""
        return self._cursor.head if self._cursor is not None else 0

    @property
    def selection(self) -> Span | None:
        """What is selected, as it is, blanks included; None where nothing is."""
        return self._cursor.selection if self._cursor is not None else None

    def target(self) -> Span | None:
        """What a code would be applied to: the selection without outer blanks, else the sentence.

        None where only blanks are selected, and in an empty document.
        """
        return self._cursor.target() if self._cursor is not None else None

    def row_on_screen(self, position: int) -> int:
        """The line of the view that shows a position, from 0; less or more when out of view."""
        return self._rows.row_of(position) - self.scroll_offset.y if self._cursor else 0

    @property
    def focused_coding(self) -> Coding | None:
        """The coding that nudges and marks mean; None where the cursor touches none."""
        focused = self._focused()
        return focused.coding if focused else None

    def codings_here(self) -> list[Coding]:
        """The codings that the selection touches, else those at the cursor, in text order."""
        if self._index is None:
            return []
        return [placed.coding for placed in self._index.touching(self._touched)]

    @property
    def density(self) -> Density:
        """How codings are marked: ``edges``, light ``tints`` of all, or the ``text`` alone."""
        return self._density

    @density.setter
    def density(self, density: Density) -> None:
        self._density = density
        if self._painter is not None:
            self._painter.density = density
        self._redraw()

    @property
    def only_code(self) -> str | None:
        """Id of the one code whose codings are shown; None for all."""
        return self._only_code

    @only_code.setter
    def only_code(self, code_id: str | None) -> None:
        self._only_code = code_id
        self.post_message(self.Filtered())
        if self._cursor is not None:
            self._index_codings()
            self._changed()
            self.refresh()

    @property
    def hits(self) -> Sequence[Span]:
        """What a search found here; those stretches are marked, and ``▸`` stands at their rows."""
        return self._hits

    @hits.setter
    def hits(self, hits: Sequence[Span]) -> None:
        if tuple(hits) != self._hits:
            self._hits = tuple(hits)
            if self._painter is not None:
                self._painter.hits = self._hits
            self._redraw()

    @property
    def rows_built(self) -> int:
        """How many rows were built since the widget was made: a cursor move builds none."""
        return self._built_before + (self._painter.built if self._painter else 0)

    # Layout

    def on_resize(self) -> None:
        """Cut the rows anew; the cursor row stays in view."""
        self._page = max(1, self.scrollable_content_region.height)
        self._rewrap()

    def notify_style_update(self) -> None:
        """Take the colours of the theme when the next row is drawn."""
        super().notify_style_update()
        self._restyled = True

    def _rewrap(self) -> None:
        """Cut the document into rows for the present width, once there is one."""
        width = self.scrollable_content_region.width
        if self._view is None or width < 1:
            return
        columns = Columns.of(width, *self._layout_cells)
        old = self._cursor
        if old is not None and self._painter is not None and columns == self._painter.columns:
            self._show_cursor()
            return
        line = 0 if old is None else old.wrap.row_of(old.head) - self.scroll_offset.y
        wrap = WrapIndex(self._view.text, self._view.spans, self._view.display, columns.text)
        cursor = old or Cursor(self._view, wrap)
        cursor.wrap = wrap
        if old is None:
            cursor.place(self._start)
            self._over = Overlay()
        self._cursor = cursor
        self._index_codings(columns)
        self.virtual_size = Size(width, max(1, len(wrap)))
        if len(wrap):
            row = wrap.row_of(cursor.head)
            if old is None and self._line is not None:
                line = self._line
            elif old is None:
                line = row if row < self._page else self._page // 2
            self.scroll_to(y=row - max(0, min(self._page - 1, line)), animate=False)
        self._changed(fresh=old is None)
        self.refresh()

    def _index_codings(self, columns: Columns | None = None) -> None:
        """Give every coding shown its lane and name."""
        assert self._view is not None
        assert self._cursor is not None
        only = self._only_code
        shown = [c for c in self._codings.values() if only is None or c.code_id == only]
        self._index = SpanIndex(self._cursor.wrap, shown)
        self._built_before = self.rows_built
        if columns is None and self._painter is not None:
            columns = self._painter.columns
        assert columns is not None
        self._painter = RowPainter(
            self._view, self._cursor.wrap, self._index, self._codes, columns,
            self._palette(), self._density,
        )  # fmt: skip
        self._painter.hits = self._hits

    def _palette(self) -> Palette:
        def component(name: str) -> Style:
            return self.get_component_rich_style(f"coded-text--{name}")

        return Palette(
            self.rich_style, component("muted"), component("cursor"), component("selection"),
            ansi=self.app.native_ansi_color,
        )  # fmt: skip

    # Drawing

    def render_line(self, y: int) -> Strip:
        """Draw one row of the view."""
        if self._painter is None or self._cursor is None:
            return Strip.blank(self.size.width, self.rich_style)
        painter, first = self._painter, self.scroll_offset.y
        if self._restyled:
            self._restyled = False
            palette = self._palette()
            if palette != painter.palette:
                painter.palette = palette
                painter.forget()
        base = painter.palette.base
        if first + y >= len(self._cursor.wrap):
            if y == 0:
                return Strip([Segment(EMPTY, base)]).adjust_cell_length(self.size.width, base)
            return Strip.blank(self.size.width, base)
        strip = painter.strip(first + y, self._over, top=y == 0)
        return strip.adjust_cell_length(self.size.width, base)

    def _redraw(self) -> None:
        """Build and draw every row anew."""
        if self._painter is not None:
            self._painter.forget()
        self.refresh()

    def _changed(self, *, fresh: bool = False) -> None:
        """Draw what lies over the rows as it is now, and say what changed; ``fresh``: all."""
        if self._cursor is None:
            return
        old, new = self._over, Overlay(self.position, self.selection, self._focused())
        self._over = new
        if old != new:
            self._refresh_regions(old, new)
        if fresh or (old.position, old.selection) != (new.position, new.selection):
            self.post_message(self.Moved(new.position))
        before = old.focused.coding if old.focused else None
        after = new.focused.coding if new.focused else None
        if fresh or before != after:
            self.post_message(self.Focused(after))

    def _refresh_regions(self, old: Overlay, new: Overlay) -> None:
        """Have only those lines drawn, and of cursor cells only those, that look different."""
        assert self._cursor is not None
        wrap, rows = self._cursor.wrap, set[int]()
        if not len(wrap):
            return
        for start, stop in _difference(old.selection, new.selection):
            first, last = wrap.rows_of(start, stop)
            rows.update(self._in_view(first, last))
        if (old.selection is None) != (new.selection is None):
            rows.update((wrap.row_of(old.position), wrap.row_of(new.position)))
        if old.focused != new.focused:
            for focused in (old.focused, new.focused):
                if focused is not None:
                    rows.update(self._in_view(focused.first_row, focused.last_row))
        regions = self._runs(rows)
        if old.position != new.position:
            for position in (old.position, new.position):
                row = wrap.row_of(position)
                if row not in rows and 0 <= row - self.scroll_offset.y < self._page:
                    regions.append(self._cell_region(row, position))
        if regions:
            self.refresh(*regions)

    def _cell_region(self, row: int, position: int) -> Region:
        """The cells of the cursor at a position."""
        assert self._painter is not None
        shown = self._rows.display(row)
        cell = shown.cell(position)
        cells = max(1, shown.cell(shown.next(position)) - cell)
        at = self._painter.columns.text_at + cell
        return Region(at, row - self.scroll_offset.y, cells, 1)

    def _in_view(self, first: int, last: int) -> range:
        top = self.scroll_offset.y
        return range(max(first, top), min(last, top + self._page - 1) + 1)

    def _runs(self, rows: Iterable[int]) -> list[Region]:
        """Regions of whole lines, one for each run of rows."""
        top, runs = self.scroll_offset.y, list[Region]()
        for row in sorted(rows):
            if runs and runs[-1].bottom == row - top:
                runs[-1] = runs[-1].grow((0, 0, 1, 0))
            else:
                runs.append(Region(0, row - top, self.size.width, 1))
        return runs

    # Codings

    def _put(self, coding: Coding) -> None:
        hidden = self._only_code is not None and coding.code_id != self._only_code
        if self._index is None or self._painter is None or hidden or not len(self._rows):
            return
        placed = self._index.add(coding)
        self._painter.names.add(placed)
        self._drop_rows(placed)

    def _take(self, coding_id: str) -> None:
        placed = self._index.remove(coding_id) if self._index is not None else None
        if placed is not None and self._painter is not None:
            self._painter.names.remove(placed)
            self._drop_rows(placed)

    def _drop_rows(self, placed: Placed) -> None:
        assert self._painter is not None
        self._painter.forget(placed.rows)
        if regions := self._runs(self._in_view(placed.first_row, placed.last_row)):
            self.refresh(*regions)

    @property
    def _touched(self) -> Span:
        """What is selected, else what the cursor stands on: a character, or a whole label."""
        selected = self.selection
        if selected is None and self._view is not None:
            return self._view.at(self.position)
        return selected or Span(self.position, self.position + 1)

    @property
    def _rows(self) -> WrapIndex:
        assert self._cursor is not None
        return self._cursor.wrap

    def _is_here(self, coding: Coding) -> bool:
        """Whether the selection touches a coding, or the cursor is in it or right behind it."""
        here = self.selection
        if here is not None:
            return bool(coding.span.overlap(here))
        span = self._view.grown(coding.span) if self._view is not None else coding.span
        return span.start <= self.position <= span.stop

    def _focused(self) -> Placed | None:
        if self._index is None:
            return None
        chosen = self._index.get(self._chosen) if self._chosen is not None else None
        if chosen is not None and self._is_here(chosen.coding):
            return chosen
        self._chosen = None
        here = self.codings_here()
        shortest = min(here, key=lambda c: (len(c.span), c.span, c.id), default=None)
        return self._index.get(shortest.id) if shortest is not None else None

    def _show_cursor(self) -> None:
        """Scroll half a page past the edge that the cursor has crossed."""
        if self._cursor is None or not len(self._cursor.wrap):
            return
        row, top, page = self._cursor.wrap.row_of(self.position), self.scroll_offset.y, self._page
        if not top <= row < top + page:
            self.scroll_to(y=max(0, row - page // 2), animate=False)

    def _moved(self) -> None:
        self._show_cursor()
        self._changed()


def _difference(old: Span | None, new: Span | None) -> list[tuple[int, int]]:
    """The stretches that only one of two selections covers, as start and stop."""
    if old == new:
        return []
    if old is None or new is None or not old.overlap(new):
        return [(span.start, span.stop) for span in (old, new) if span is not None]
    ends = [sorted((old.start, new.start)), sorted((old.stop, new.stop))]
    return [(start, stop) for start, stop in ends if start < stop]
