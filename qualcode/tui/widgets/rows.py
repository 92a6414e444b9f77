"""Draw one row of a transcript: gutter, lanes, text, code names, and what lies over them.

A row is built once and kept; selection, cursor and the tint of the focused coding are laid over it
each time, so that a cursor move builds nothing.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, NamedTuple, TypeAlias

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.strip import Strip

from qualcode.model import Block, Coding, Span
from qualcode.tui.widgets.display import DisplayRow, fit
from qualcode.tui.widgets.document_view import DocumentView
from qualcode.tui.widgets.ink import inked, readable
from qualcode.tui.widgets.lanes import Placed, SpanIndex
from qualcode.tui.widgets.names import NamePlaces
from qualcode.tui.widgets.wrap import WrapIndex

Density: TypeAlias = Literal["edges", "tints", "text"]

MOST_ROWS_KEPT = 4000
MOST_TEXT = 88
"""Cells of text in a row: longer lines are hard to read."""

LEAST_TEXT = 8
NUMBERED = 14
"""A gutter of so many cells shows turn numbers and times beside the speaker."""

NO_NAME = "(code not in codebook)"


@dataclass(frozen=True, slots=True)
class ShownCode:
    """How a code looks on screen."""

    id: str
    key: str
    """The one character that applies it; ``·`` where none does."""

    name: str
    colour: str
    """``#rrggbb``."""


@dataclass(frozen=True, slots=True)
class Columns:
    """How many cells each part of a row takes, from left to right."""

    gutter: int
    """Speaker, and if wide enough turn number and time; the last cell is a ``+`` or blank."""

    lanes: int
    """One cell per lane, without the blank between them and the text."""

    text: int
    names: int
    """Code names with the blank before them; 0 for none."""

    @classmethod
    def of(cls, width: int, gutter: int, lanes: int, names: int) -> Columns:
        """Share out a width: text first; what it has no use for goes to the names."""
        free = width - gutter - lanes - 1 - names
        text = max(LEAST_TEXT, min(free, MOST_TEXT))
        return cls(gutter, lanes, text, names + max(0, min(free - text, 16)) if names else 0)

    @property
    def text_at(self) -> int:
        """The cell where the text begins."""
        return self.gutter + self.lanes + 1

    @property
    def names_at(self) -> int:
        """The cell where the names begin, with the blank before them."""
        return self.text_at + self.text


@dataclass(frozen=True, slots=True)
class Overlay:
    """What lies over the rows and changes with every key."""

    position: int = 0
    selection: Span | None = None
    focused: Placed | None = None


class Paint(NamedTuple):
    """A style for ``text[start:stop]``; both on boundaries of the row it is for."""

    start: int
    stop: int
    style: Style


class Built(NamedTuple):
    """A row as it is without what lies over it."""

    display: DisplayRow
    paints: list[Paint]
    head: list[Segment]
    """Gutter and lanes."""

    tail: list[Segment]
    """Names."""

    strip: Strip


class Palette:
    """The styles of a theme. Where it has 16 colours or none, attributes say everything.

    Args:
        base: Text on the background.
        muted: What is not for coding: moderators, headings, numbers, times.
        cursor: The cell of the cursor.
        selection: Selected text.
        ansi: Whether the terminal's own colours are used.
    """

    def __init__(
        self, base: Style, muted: Style, cursor: Style, selection: Style, *, ansi: bool
    ) -> None:
        self.base, self.ansi = base, ansi
        self.muted = base + Style(dim=True) if ansi else muted
        self.speaker = base + Style(bold=True)
        self.selection = Style(reverse=True, bold=True) if ansi else selection
        # Alone reversed, also on an edge or a hit: an edge in the selection would look the same.
        alone = Style(bold=False, italic=False, underline=False, underline2=False)
        self.cursor = alone + Style(reverse=True) if ansi else cursor
        # Beside reversed text a reversed cursor would be part of it: there it is a gap, which
        # blinks and is not bold, since a bold underlined character is the edge of a coding.
        self.cursor_by_selection = (
            Style(reverse=False, bold=False, underline=True, blink=True) if ansi else cursor
        )
        self._seen = (base, muted, cursor, selection, ansi)
        background = base.bgcolor
        self._background = Color.from_rich_color(background) if background else Color(0, 0, 0)
        self._codes: dict[str, Style] = {}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Palette) and self._seen == other._seen

    __hash__ = None  # type: ignore[assignment]

    def code(self, colour: str) -> Style:
        """The colour of a code as a foreground that can be read."""
        style = self._codes.get(colour)
        if style is None:
            shown = Color.parse(colour)
            if not self.ansi:
                shown = readable(shown, self._background)
            style = self._codes[colour] = Style(color=shown.rich_color)
        return style

    def tint(self, colour: str, share: float) -> Style:
        """A background with a share of a code's colour; nothing with 16 colours."""
        if self.ansi:
            return Style.null()
        mixed = self._background.blend(Color.parse(colour), share)
        return Style(bgcolor=mixed.rich_color)


class RowPainter:
    """Draws the rows of a document with its codings.

    Args:
        view: The document.
        wrap: Its rows.
        index: Its codings.
        codes: Code id → how it looks.
        columns: The parts of a row.
        palette: The styles.
        density: ``edges`` of codings, ``tints`` of all, or the ``text`` alone.
    """

    def __init__(
        self,
        view: DocumentView,
        wrap: WrapIndex,
        index: SpanIndex,
        codes: Mapping[str, ShownCode],
        columns: Columns,
        palette: Palette,
        density: Density = "edges",
    ) -> None:
        self._view, self._wrap, self._index = view, wrap, index
        self._codes, self.columns, self.palette, self.density = codes, columns, palette, density
        self.names = NamePlaces(
            max(0, columns.names - 1), lambda c: self.code_of(c).name, index.all()
        )
        self.hits: Sequence[Span] = ()
        """What a search found, in text order."""

        self.built = 0
        """How many rows were built anew."""

        self._kept: dict[int, Built] = {}

    def code_of(self, coding: Coding) -> ShownCode:
        """How the code of a coding looks."""
        unknown = ShownCode(coding.code_id, "·", NO_NAME, "#888888")
        return self._codes.get(coding.code_id, unknown)

    def forget(self, rows: Iterable[int] | None = None) -> None:
        """Build these rows anew when they are next drawn; None for all."""
        if rows is None:
            self._kept.clear()
            return
        for row in rows:
            self._kept.pop(row, None)

    def strip(self, row: int, over: Overlay, *, top: bool = False) -> Strip:
        """Draw a row; ``top`` for the first one in view, which says who speaks and what runs on."""
        kept = self._kept.get(row)
        if kept is None:
            while len(self._kept) >= MOST_ROWS_KEPT:
                del self._kept[next(iter(self._kept))]
            kept = self._kept[row] = self._build(row)
        laid, behind = self._laid_over(row, kept.display, over)
        focused = over.focused
        marked = focused is not None and focused.first_row <= row <= focused.last_row
        telling = top and not self._shows_all(row)
        if not (laid or behind or marked or telling):
            return kept.strip
        head = self._head(row, focused, top) if marked or telling else kept.head
        tail = self._tail(row, focused) if marked else kept.tail
        body = self._body(row, kept.display, [*kept.paints, *laid], behind)
        strip = Strip([*head, *body, *tail])
        if marked and not self.palette.ansi:  # edges of other codes may lie on its tint
            return inked(strip, ansi=False)
        return strip

    # One row

    def _build(self, row: int) -> Built:
        self.built += 1
        display = self._wrap.display(row)
        paints = [*self._codings(row, display), *self._found(display)]
        head, tail = self._head(row, None, False), self._tail(row, None)
        strip = Strip([*head, *self._body(row, display, paints, None), *tail])
        if self.density == "tints" and not self.palette.ansi:
            strip = inked(strip, ansi=False)
        return Built(display, paints, head, tail, strip)

    def _shows_all(self, row: int) -> bool:
        """Whether a row says by itself who speaks and which codings run over it."""
        begins = self._wrap.is_first(row)
        return begins and all(p.first_row == row for p in self._index.on_row(row))

    def _head(self, row: int, focused: Placed | None, top: bool) -> list[Segment]:
        block = self._view.blocks[self._wrap.row_block[row]]
        codings = [] if self.density == "text" else self._index.on_row(row)
        more = any(placed.lane >= self.columns.lanes for placed in codings)
        return self._gutter(row, block, top, more) + self._lanes(row, codings, focused, top)

    def _body(
        self, row: int, display: DisplayRow, paints: list[Paint], behind: Style | None
    ) -> list[Segment]:
        base = self.palette.base
        block = self._view.blocks[self._wrap.row_block[row]]
        body = base if block.turn is not None or not self._view.has_turns else self.palette.muted
        segments = _text(display, body, paints)
        room = self.columns.text - display.width
        if behind is not None:
            segments.append(Segment(" ", base + behind))
            room -= 1
        if room > 0:
            segments.append(Segment(" " * room, base))
        return segments

    def _gutter(self, row: int, block: Block, top: bool, more_lanes: bool) -> list[Segment]:
        palette, width = self.palette, self.columns.gutter - 1
        turn, numbered = block.turn, self.columns.gutter >= NUMBERED
        first = self._wrap.is_first(row)
        found: list[tuple[str, Style]] = []
        if turn is not None and (first or top):
            number = f"{turn.n:>4} " if numbered else ""
            mark = number if first else "   ↑ " if numbered else "↑ "
            style = palette.muted if turn.role == "moderator" else palette.speaker
            name = fit(turn.speaker or turn.label or "", width - len(mark))
            found = [(mark, palette.muted), (name, style)]
        elif (
            turn is not None
            and turn.start_seconds is not None
            and numbered
            and row - 1 >= 0
            and self._wrap.is_first(row - 1)
        ):
            found = [("     " + clock(turn.start_seconds), palette.muted)]
        segments = [Segment(text, style) for text, style in found if text]
        blank = width - sum(cell_len(text) for text, _ in found)
        segments.append(Segment(" " * blank, palette.base))
        hit = bool(self.hits) and bool(self._found(self._wrap.display(row)))
        last = "▸" if hit else "+" if more_lanes else " "
        segments.append(Segment(last, palette.speaker))
        return segments

    def _lanes(
        self, row: int, codings: list[Placed], focused: Placed | None, top: bool
    ) -> list[Segment]:
        palette, lanes = self.palette, self.columns.lanes
        cells = [Segment(" ", palette.base)] * (lanes + 1)
        for placed in codings:
            if placed.lane >= lanes:
                continue
            code = self.code_of(placed.coding)
            heavy = focused is not None and placed.coding.id == focused.coding.id
            run = row - placed.first_row
            if run == 0 or top:
                mark = code.key
            elif row == placed.last_row:
                mark = "┗" if heavy else "╰"
            elif run % 8 == 0:
                mark = code.key
            else:
                mark = "┃" if heavy else "│"
            style = palette.base + palette.code(code.colour)
            if heavy:
                style += Style(bold=True, reverse=mark == code.key)
            cells[lanes - 1 - placed.lane] = Segment(mark, style)
        return cells

    def _tail(self, row: int, focused: Placed | None) -> list[Segment]:
        if not self.columns.names or self.density == "text":
            return []
        palette = self.palette
        names, more = self.names.on_row(row)
        segments = []
        for id_, name in names.items():
            placed = self._index.get(id_)
            colour = self.code_of(placed.coding).colour if placed else "#888888"
            style = palette.base + palette.code(colour)
            if focused is not None and focused.coding.id == id_:
                style += Style(bold=True, underline=True)
            segments += [Segment(" ", palette.base), Segment(name, style)]
        if more:
            segments.append(Segment(f" +{more}", palette.speaker))
        return segments

    # Styles on the text

    def _codings(self, row: int, display: DisplayRow) -> list[Paint]:
        """The edges of codings, or the tint of all; of two, the one that begins later is seen."""
        if self.density == "text":
            return []
        paints = []
        for placed in self._index.on_row(row):
            span, colour = placed.coding.span, self.code_of(placed.coding).colour
            start, stop = display.snap(span.start), display.after(span.stop)
            if self.density == "tints" and start < stop:
                paints.append(Paint(start, stop, self.palette.tint(colour, 0.10)))
            edge = self.palette.code(colour) + Style(bold=True, underline=True)
            if row == placed.first_row:
                paints.append(Paint(start, display.next(start), edge))
            if row == placed.last_row:
                paints.append(Paint(display.snap(stop - 1), stop, edge))
        return paints

    def _found(self, display: DisplayRow) -> list[Paint]:
        """The hits of a search on a row."""
        first = bisect_right(self.hits, display.start, key=lambda hit: hit.stop)
        paints = []
        for hit in self.hits[first:]:
            if hit.start >= display.stop:
                break
            paints += _clip(display, hit, FOUND)
        return paints

    def _laid_over(
        self, row: int, display: DisplayRow, over: Overlay
    ) -> tuple[list[Paint], Style | None]:
        """What lies over a row's text, and the style of the cell behind it for the cursor."""
        paints = []
        focused = over.focused
        if focused is not None and self.density != "text":
            colour = self.code_of(focused.coding).colour
            paints += _clip(display, focused.coding.span, self.palette.tint(colour, 0.12))
        if over.selection is not None:
            paints += _clip(display, over.selection, self.palette.selection)
        if self._wrap.row_of(over.position) != row:
            return paints, None
        by = over.selection is not None
        style = self.palette.cursor_by_selection if by else self.palette.cursor
        if over.position >= display.stop:
            return paints, style
        at = display.snap(over.position)
        return [*paints, Paint(at, display.next(at), style)], None


FOUND = Style(bold=True, italic=True, underline2=True)
"""How a hit looks; without colours it is told from a coding by the slant and the double line."""


def _clip(display: DisplayRow, span: Span, style: Style) -> list[Paint]:
    start, stop = display.snap(span.start), display.after(span.stop)
    return [Paint(start, stop, style)] if start < stop else []


def _text(display: DisplayRow, base: Style, paints: list[Paint]) -> list[Segment]:
    """The text of a row, cut where a style begins or ends; later paints lie over earlier ones."""
    cuts = {display.start, display.stop}
    for paint in paints:
        cuts.update((paint.start, paint.stop))
    segments = []
    for start, stop in pairwise(sorted(cuts)):
        style = base
        for paint in paints:
            if paint.start <= start < paint.stop:
                style += paint.style
        segments.append(Segment(display.drawn(start, stop), style))
    return segments


def clock(seconds: float) -> str:
    """A time in a recording as ``00:07:34``."""
    whole = int(seconds)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}"
