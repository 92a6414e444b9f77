"""Keyword in context: one line a hit, the word in the middle. It announces; it changes nothing."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual import on
from textual.binding import BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from qualcode.reports.search import Hit
from qualcode.tui.keys import key
from qualcode.tui.literal import clipped, end_of, literal
from qualcode.tui.widgets.choices import Choices

_PLACE = 18
"""Cells for document and turn."""

_BLANKS = re.compile(r"\s+")
_HIT = 24
"""Cells that a hit may take before it is cut."""


class HitList(Choices, inherit_bindings=False):
    """The hits of a search, one a line."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("search.see", "enter", "select", "open", "See the hit in its document", show=True),
        key("move.down", "down,j", "cursor_down", "Down", "Next hit"),
        key("move.up", "up,k", "cursor_up", "Up", "Previous hit"),
        key("move.page_down", "pagedown", "page_down", "Page down", "One page down"),
        key("move.page_up", "pageup", "page_up", "Page up", "One page up"),
        key("move.top", "home,g", "first", "First", "First hit"),
        key("move.bottom", "end,G", "last", "Last", "Last hit"),
    ]

    @dataclass
    class Moved(Message):
        """The cursor is on another hit."""

    @dataclass
    class Chosen(Message):
        """The hit at the cursor is to be opened."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, compact=True, markup=False)
        self._shown: Sequence[Hit] = ()
        self._marked: Collection[int] = ()

    @property
    def at(self) -> int:
        """Which hit the cursor is on, from 0; -1 where there is none."""
        return -1 if self.highlighted is None else self.highlighted

    def show(self, hits: Sequence[Hit], marked: Collection[int], *, keep: bool) -> None:
        """Show these hits; ``keep`` leaves the cursor where it is."""
        at = self.at if keep else 0
        self._shown, self._marked = hits, frozenset(marked)
        width = max((self.size.width or 80) - 2, 40)
        self.set_options(
            [Option(_row(one, n in self._marked, width)) for n, one in enumerate(hits)]
        )
        if hits:
            self.highlighted = max(0, min(at, len(hits) - 1))

    def go(self, at: int) -> None:
        """Put the cursor on a hit, if it is there."""
        if at in range(len(self._shown)):
            self.highlighted = at

    def on_resize(self) -> None:
        """Fit the lines."""
        if self._shown:
            self.show(self._shown, self._marked, keep=True)

    @on(OptionList.OptionHighlighted)
    def _moved(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        self.post_message(self.Moved())

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.post_message(self.Chosen())


def _row(hit: Hit, marked: bool, width: int) -> Content:
    turn = f" {hit.turn.n}" if hit.turn is not None else ""
    name = clipped(hit.document.name, _PLACE - len(turn))
    place = f"{name}{turn}"
    before, words, after = in_one_line(hit)
    word = clipped(words, _HIT)
    room = width - 2 - _PLACE - 1 - cell_len(word)
    before_room = max(room * 2 // 5, 0)
    before, after = end_of(before, before_room), clipped(after, max(room - before_room, 0))
    return Content.assemble(
        literal("● " if marked else "  ", "bold"),
        literal(place + " " * max(_PLACE - cell_len(place), 0) + " ", "dim"),
        literal(" " * max(before_room - cell_len(before), 0) + before),
        literal(word, "bold underline"),
        literal(after),
    )


def in_one_line(hit: Hit) -> tuple[str, str, str]:
    """What stands before a hit, the hit, and what comes after, every run of blanks one blank."""
    return _BLANKS.sub(" ", hit.before), _BLANKS.sub(" ", hit.words), _BLANKS.sub(" ", hit.after)
