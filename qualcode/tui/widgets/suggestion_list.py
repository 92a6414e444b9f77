"""What is suggested: one line each, how alike, which code, which words. It changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual import on
from textual.binding import BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from qualcode.reports.suggestions import Suggestion
from qualcode.text.bars import bar
from qualcode.tui.keys import key
from qualcode.tui.literal import clipped, literal
from qualcode.tui.widgets.choices import Choices
from qualcode.tui.widgets.display import drawn

BAR = 6
"""Cells of a bar that stands for 1."""


@dataclass(frozen=True, slots=True, repr=False)
class Source:
    """A coded passage as it is shown."""

    where: str
    """Document, turn, coders."""

    text: str
    score: float


@dataclass(frozen=True, slots=True, repr=False)
class ShownSuggestion:
    """A suggestion as it is shown; names stand as their labels."""

    suggestion: Suggestion
    code: str
    """Name of the code."""

    key: str
    colour: str
    """Of the code, ``#rrggbb``."""

    place: str
    """Number of the turn; "" outside turns."""

    who: str
    text: str
    like: tuple[Source, ...]


class SuggestionList(Choices, inherit_bindings=False):
    """The suggestions, one a line."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("move.down", "down,j", "cursor_down", "Down", "Next suggestion"),
        key("move.up", "up,k", "cursor_up", "Up", "Previous suggestion"),
        key("move.page_down", "pagedown,space", "page_down", "Page down", "One page down"),
        key("move.page_up", "pageup", "page_up", "Page up", "One page up"),
        key("move.top", "home,g", "first", "First", "First suggestion"),
        key("move.bottom", "end,G", "last", "Last", "Last suggestion"),
    ]

    @dataclass
    class Moved(Message):
        """The cursor is on another suggestion."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, compact=True, markup=False)
        self._listed: Sequence[ShownSuggestion] = ()

    @property
    def at(self) -> int:
        """Which suggestion the cursor is on, from 0; -1 where there is none."""
        return -1 if self.highlighted is None else self.highlighted

    def show(self, listed: Sequence[ShownSuggestion], *, keep: bool) -> None:
        """Show these; ``keep`` leaves the cursor where it is."""
        at = self.at if keep else 0
        self._listed = listed
        width = max((self.size.width or 80) - 2, 40)
        widest = max((cell_len(drawn(one.code)) for one in listed), default=0)
        code = min(widest, width * 3 // 8)
        place = max((len(one.place) for one in listed), default=0)
        self.set_options([Option(_row(one, code, place, width)) for one in listed])
        if listed:
            self.highlighted = max(0, min(at, len(listed) - 1))

    def on_resize(self) -> None:
        """Fit the lines."""
        if self._listed:
            self.show(self._listed, keep=True)

    @on(OptionList.OptionHighlighted)
    def _moved(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        self.post_message(self.Moved())

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        event.stop()  # a click moves the cursor; only a key accepts


def _row(one: ShownSuggestion, code_room: int, place_room: int, width: int) -> Content:
    score = f" {one.suggestion.score:.2f}  "
    code = clipped(one.code, code_room)
    place = one.place.rjust(place_room) + "  " if place_room else ""
    room = width - BAR - len(score) - 2 - code_room - 1 - len(place)
    return Content.assemble(
        literal(bar(one.suggestion.score, BAR), one.colour),
        literal(score),
        literal(f"{one.key} ", f"bold {one.colour}"),
        literal(code + " " * (code_room - cell_len(code) + 1)),
        literal(place, "dim"),
        literal(clipped(one.text, max(room, 10))),
    )
