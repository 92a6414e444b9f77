"""Codes as bars, one a line, with the figures beside them. It announces; it counts nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual import on
from textual.binding import BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from qualcode.reports.theme_bars import Bar
from qualcode.text.bars import bar
from qualcode.tui.keys import key
from qualcode.tui.literal import clipped, literal
from qualcode.tui.widgets.choices import Choices

WIDE = 98
"""Cells from which on each line says what it counts; below, the header alone does."""

_SHORTEST, _READABLE, _LONGEST = 7, 16, 40
"""Cells a bar takes: at least, with all warnings in words, and at most."""

NOT_COUNTED = "Not finished here, so neither counted nor in N"


@dataclass(frozen=True, slots=True)
class Columns:
    """Cells of the parts of a line, so that they stand under one another."""

    name: int
    bar: int
    count: int
    unit: int
    """0 where the header alone says what is counted."""

    more: int
    """Of the number that the other figures begin with."""

    rest: int
    flags: int


class BarList(Choices, inherit_bindings=False):
    """The bars, and below them the documents that are not counted."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("themes.excerpts", "enter", "select", "excerpts", "The excerpts behind this bar",
            show=True),
        key("move.down", "down,j", "cursor_down", "Down", "Next bar"),
        key("move.up", "up,k", "cursor_up", "Up", "Previous bar"),
        key("move.page_down", "pagedown,space", "page_down", "Page down", "One page down"),
        key("move.page_up", "pageup", "page_up", "Page up", "One page up"),
        key("move.top", "home,g", "first", "First", "First bar"),
        key("move.bottom", "end,G", "last", "Last", "Last bar"),
    ]  # fmt: skip

    @dataclass
    class Moved(Message):
        """The cursor is on another bar."""

    @dataclass
    class Chosen(Message):
        """The excerpts of the bar at the cursor are to be seen."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, compact=True, markup=False)
        self._shown: Sequence[Bar] = ()

    @property
    def at(self) -> int:
        """Which bar the cursor is on, from 0; -1 where there is none."""
        return -1 if self.highlighted is None else self.highlighted

    @property
    def here(self) -> Bar | None:
        """The bar at the cursor."""
        return self._shown[self.at] if self.at in range(len(self._shown)) else None

    def show(
        self, bars: Sequence[Bar], colours: Mapping[str, str], measure: str, left: Sequence[str]
    ) -> None:
        """Show these bars; the cursor stays on its code and group where they are still there.

        Args:
            colours: Code → colour of its bars.
            measure: What the header says they are of.
            left: Names of the documents that are not counted.
        """
        here, row = self.here, max(self.at, 0)
        self._shown = bars
        columns = columns_of(bars, measure, max(self.size.width - 1, 40))
        options = [Option(_row(one, colours.get(one.code, ""), columns)) for one in bars]
        if left:
            options.append(Option(literal(NOT_COUNTED, "italic"), disabled=True))
            options += [Option(literal(f"  –  {name}"), disabled=True) for name in left]
        self.set_options(options)
        if bars:
            places = [(one.code, one.group) for one in bars]
            wanted = (here.code, here.group) if here is not None else None
            if wanted is not None and wanted not in places:
                wanted = (wanted[0], "*")
            self.highlighted = places.index(wanted) if wanted in places else min(row, len(bars) - 1)

    def step(self, codes: int) -> None:
        """Go to the next, or previous, code, past the groups between."""
        starts = [n for n, one in enumerate(self._shown) if not one.is_group]
        at = self.at
        later = [n for n in starts if n > at]
        earlier = [n for n in starts if n < at]
        if codes > 0 and later:
            self.highlighted = later[0]
        elif codes < 0 and earlier:
            self.highlighted = earlier[-1]

    @on(OptionList.OptionHighlighted)
    def _moved(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        self.post_message(self.Moved())

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.post_message(self.Chosen())


def columns_of(bars: Sequence[Bar], measure: str, width: int) -> Columns:
    """Divide a line: names, figures and warnings whole where they fit, the rest is the bar."""
    wide = width >= WIDE
    name = min(max((cell_len(_label(b)) for b in bars), default=0), max(20, width * 2 // 5))
    count = max((cell_len(b.count) for b in bars), default=0)
    units = [len(b.unit) for b in bars if wide or b.unit != measure]
    unit, more = max(units, default=0), max((_more(b) for b in bars), default=0)
    rest = max((cell_len(_rest(b, unit, more)) for b in bars), default=0)
    every = max((len(", ".join(b.flags)) for b in bars), default=0)
    first = max((len(", ".join(b.flags[:1])) + 3 * (len(b.flags) > 1) for b in bars), default=0)
    taken = name + 1 + 1 + count + rest
    for flags in (every, first):  # the others are counted where the bars would be too short
        room = width - taken - (flags + 2 if flags else 0)
        if room >= _READABLE:
            break
    room = max(_SHORTEST, min(_LONGEST, room))
    return Columns(name, room, count, unit, more, rest, max(width - taken - room - 2, 0))


def _row(one: Bar, colour: str, columns: Columns) -> Content:
    name = clipped(_label(one), columns.name)
    style = "bold" if one.level == 1 and not one.is_group else ""
    drawn = bar(one.fraction or 0.0, columns.bar)
    rest = _rest(one, columns.unit, columns.more)
    flags = warnings(one.flags, columns.flags)
    return Content.assemble(
        literal(name + " " * (columns.name - cell_len(name)), style),
        literal(f" {drawn}", colour),  # the blank parts a bar from a reversed name
        literal(f" {one.count:>{columns.count}}{rest}"),
        literal(" " * (columns.rest - cell_len(rest)) + f"  {flags}" if flags else "", "italic"),
    )


def _label(one: Bar) -> str:
    indent = "  " * min(one.level - 1, 6)
    return f"{indent}  · {one.name}" if one.is_group else f"{indent}{one.name}"


def _rest(one: Bar, unit: int, more: int) -> str:
    """What follows the count: its unit, where the header does not say it, and the other figures."""
    if one.fraction is None:
        return ""
    named = f" {one.unit:<{unit}}" if unit else ""
    return f"{named} · {' ' * (more - _more(one))}{one.more}"


def _more(one: Bar) -> int:
    return len(one.more.partition(" ")[0])


def warnings(flags: Sequence[str], room: int) -> str:
    """As many of the warnings as fit whole, ``+1`` for the others; ``!`` where none does."""
    for kept in range(len(flags), 0, -1):
        more = f" +{len(flags) - kept}" if kept < len(flags) else ""
        words = ", ".join(flags[:kept]) + more
        if len(words) <= room:
            return words
    return "!" if flags else ""
