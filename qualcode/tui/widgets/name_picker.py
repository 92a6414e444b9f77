"""Choose a name by a few of its letters, or type a new one. It changes nothing itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from qualcode.text.safe import shown
from qualcode.tui.literal import clipped, literal
from qualcode.tui.widgets.choices import Choices
from qualcode.tui.widgets.dialogue import Dialogue
from qualcode.tui.widgets.fields import SafeInput
from qualcode.tui.widgets.paper import Line

_FRAME_ROWS = 5
_MOST_ROWS = 12


@dataclass(frozen=True, slots=True)
class Named:
    """A name that can be chosen."""

    name: str
    """What is given back; "" stands for nobody."""

    shown: str = ""
    """How it is listed, if not as itself."""

    remark: str = ""
    """Beside it, dimmed."""

    colour: str = ""
    """Shown before it, ``#rrggbb``; "" for none."""


class NamePicker(Dialogue[str | None]):
    """A filter box over names; Enter gives the one highlighted, Esc gives None.

    Args:
        names: In the order to list them.
        new: What a name that is not listed is called, "participant"; None where only listed ones
            can be chosen.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Back", show=False, priority=True),
        Binding("down,tab", "step(1)", "Next", show=False, priority=True),
        Binding("up,shift+tab", "step(-1)", "Previous", show=False, priority=True),
    ]

    def __init__(self, heading: Content, names: Sequence[Named], *, new: str | None = None) -> None:
        super().__init__()
        self._heading, self._names, self._new = heading, names, new
        self._choices: list[str | None] = []

    def compose(self) -> ComposeResult:
        with Vertical(id="names"):
            yield Line(self._heading, id="names-title")
            yield SafeInput(placeholder=f"letters of the {self._new or 'name'}", id="names-query")
            yield Choices(id="names-list", compact=True, markup=False)
            yield Line(Content.assemble(("Enter", "bold"), " choose  ", ("Esc", "bold"), " back"))

    def on_mount(self) -> None:
        """Type at once; the arrows move in the list all the same."""
        self.query_one(OptionList).can_focus = False
        self.query_one(SafeInput).focus()

    def on_resize(self) -> None:
        """Take no more rows than there are."""
        rows = max(min(_MOST_ROWS, self.size.height - _FRAME_ROWS), 1)
        self.query_one(OptionList).styles.max_height = rows
        self._fill(self.query_one(SafeInput).value)

    @on(Input.Changed)
    def filter(self, event: Input.Changed) -> None:
        """Narrow the list."""
        self._fill(event.value)

    @on(Input.Submitted)
    def choose(self, event: Input.Submitted) -> None:
        """Give what is highlighted."""
        event.stop()
        at = self.query_one(OptionList).highlighted
        if at is not None:
            self.dismiss(self._choices[at])

    @on(OptionList.OptionSelected)
    def click(self, event: OptionList.OptionSelected) -> None:
        """Choose by mouse."""
        self.dismiss(self._choices[event.option_index])

    def action_step(self, rows: int) -> None:
        """Move the highlight."""
        options = self.query_one(OptionList)
        if rows > 0:
            options.action_cursor_down()
        else:
            options.action_cursor_up()

    def action_leave(self) -> None:
        """Choose nothing."""
        self.dismiss(None)

    def _fill(self, query: str) -> None:
        options = self.query_one(OptionList)
        width = max(self.query_one("#names").size.width - 4, 20)
        query = " ".join(query.split())
        wanted = query.casefold()
        found = [n for n in self._names if wanted in shown(n.shown or n.name).casefold()]
        found.sort(key=lambda n: shown(n.name).casefold() != wanted)
        self._choices = [named.name for named in found]
        rows = [Option(_row(n, width)) for n in found]
        if self._new and query and not any(shown(n.name).casefold() == wanted for n in found):
            self._choices.append(query)
            rows.append(Option(literal(clipped(f"New {self._new}: {query}", width), "italic")))
        if not rows:
            self._choices.append(None)
            none = "No name has these letters." if query else "There is none yet."
            more = "" if query or not self._new else f" Type the new {self._new}."
            rows.append(Option(literal(clipped(none + more, width), "dim"), disabled=True))
        options.set_options(rows)
        if self._choices[0] is not None:
            options.highlighted = 0


def _row(named: Named, width: int) -> Content:
    patch = "██ " if named.colour else ""
    name = clipped(named.shown or named.name, width - len(patch))
    room = width - len(patch) - cell_len(name) - 3
    remark = clipped(named.remark, room) if named.remark and room > 3 else ""
    beside = literal(f"   {remark}" if remark else "", "dim")
    return Content.assemble(literal(patch, named.colour), literal(name), beside)
