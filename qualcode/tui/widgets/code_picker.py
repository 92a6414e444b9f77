"""Choose a code by a few of its letters. It announces a choice; it changes nothing itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.fuzzy import FuzzySearch
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from qualcode.tui.literal import clipped, literal
from qualcode.tui.widgets.choices import Choices
from qualcode.tui.widgets.dialogue import Dialogue
from qualcode.tui.widgets.display import drawn
from qualcode.tui.widgets.fields import SafeInput
from qualcode.tui.widgets.paper import NOTHING, Line, Paper, cut_to
from qualcode.tui.widgets.transcript_view import ShownCode

MOST_ROWS = 12
_LEAST_ROWS = 3
_RULES_ROWS = 4
_FRAME_ROWS = 5
"""Border, heading, query and keys."""

_LONGEST_QUERY = 40
"""The matcher tries every way to place the letters; a pasted page is no query."""


@dataclass(frozen=True, slots=True)
class PickerCode:
    """A code that can be chosen."""

    code: ShownCode
    path: str
    rules: Content
    """Definition, include, exclude, as shown below the list."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What the coder chose: a code of the codebook, or a name for a new one."""

    code_id: str | None = None
    new_name: str = ""


def ranked(
    query: str, codes: Sequence[PickerCode], recent: Sequence[str] = ()
) -> list[tuple[PickerCode, Sequence[int]]]:
    """Give the codes that match, best first, each with the places of the letters that do.

    Args:
        query: ``wh`` finds *warm handoff*; the key of a code finds that code before all others.
            Empty: all codes, those used last first.
        recent: Ids of codes by last use, latest first.
    """
    query = query.strip()[:_LONGEST_QUERY]
    if not query:
        order = {code_id: n for n, code_id in enumerate(recent)}
        first = sorted((c for c in codes if c.code.id in order), key=lambda c: order[c.code.id])
        return [(c, ()) for c in [*first, *(c for c in codes if c.code.id not in order)]]
    search = FuzzySearch()
    keyed = [picker for picker in codes if picker.code.key == query]
    found = [(search.match(query, picker.code.name), picker) for picker in codes]
    matching = [(s, at, picker) for (s, at), picker in found if s > 0 and picker not in keyed]
    by_name = [(picker, at) for _, at, picker in sorted(matching, key=lambda m: -m[0])]
    return [*((picker, ()) for picker in keyed), *by_name]


class CodePicker(Dialogue[Choice | None]):
    """A filter box over the codebook, placed where it does not hide the passage.

    Args:
        codes: Those that can be applied, in codebook order.
        recent: Ids by last use, latest first.
        at_top: Whether it lies at the top of the screen, not at its foot.
        room: Rows it may take there without hiding the passage.
        may_create: Whether the codebook is open, so that a name nobody knows can become a code.
        unknown: What is said of letters that no code has, where none can be made.
        keep_on: Called with a choice made by Ctrl+O, after which the picker stays.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Back", show=False, priority=True),
        Binding("ctrl+o", "apply_and_stay", "Apply, stay", show=False, priority=True),
        Binding("down,tab", "step(1)", "Next", show=False, priority=True),
        Binding("up,shift+tab", "step(-1)", "Previous", show=False, priority=True),
    ]

    def __init__(
        self,
        heading: Content,
        codes: Sequence[PickerCode],
        *,
        recent: Sequence[str] = (),
        at_top: bool = False,
        room: int = 24,
        may_create: bool = False,
        unknown: str = "No code has these letters.",
        keep_on: Callable[[Choice], None] | None = None,
    ) -> None:
        super().__init__()
        self._heading, self._codes, self._recent = heading, codes, list(recent)
        self._at_top, self._room = at_top, room
        self._may_create, self._unknown, self._keep_on = may_create, unknown, keep_on
        self._choices: list[Choice] = []
        self._list_rows, self._rules_rows = MOST_ROWS, _RULES_ROWS
        self._below = _RULES_ROWS
        """Rows below the list: what it leaves free goes to the rules, and the picker stays put."""

    def compose(self) -> ComposeResult:
        with Vertical(id="picker"):
            yield Line(self._heading, id="picker-title")
            yield SafeInput(placeholder="letters of the code's name, or its key", id="picker-query")
            yield Choices(id="picker-list", compact=True, markup=False)
            yield Paper(id="picker-rules")
            yield Line(_keys(stay=self._keep_on is not None))

    def on_mount(self) -> None:
        """Lie where neither the passage nor the header is: it says BLIND."""
        self.styles.align_vertical = "top" if self._at_top else "bottom"
        self.query_one("#picker").styles.margin = (1 if self._at_top else 0, 0, 0, 0)
        self.query_one(OptionList).can_focus = False
        self.query_one(SafeInput).focus()

    def on_resize(self) -> None:
        """Leave the passage in view."""
        room = min(self._room, self.size.height) - _FRAME_ROWS
        rules = max(min(_RULES_ROWS, room - _LEAST_ROWS), 1)
        self._list_rows = max(min(MOST_ROWS, room - rules), _LEAST_ROWS)
        self._rules_rows = rules
        self._fill(self.query_one(SafeInput).value)

    @on(Input.Changed)
    def filter(self, event: Input.Changed) -> None:
        """Narrow the list."""
        self._fill(event.value)

    @on(Input.Submitted)
    def apply(self) -> None:
        """Choose what is highlighted."""
        choice = self._highlighted()
        if choice is not None:
            self.dismiss(choice)

    @on(OptionList.OptionSelected)
    def click(self, event: OptionList.OptionSelected) -> None:
        """Choose by mouse."""
        self.dismiss(self._choices[event.option_index])

    @on(OptionList.OptionHighlighted)
    def explain(self, event: OptionList.OptionHighlighted) -> None:
        """Show the rules of the highlighted code."""
        choice = self._choices[event.option_index]
        rules = [p.rules for p in self._codes if p.code.id == choice.code_id]
        paper = self.query_one("#picker-rules", Paper)
        paper.show(cut_to(rules[0] if rules else NOTHING, self._width, self._below))

    def action_step(self, rows: int) -> None:
        """Move the highlight."""
        options = self.query_one(OptionList)
        if rows > 0:
            options.action_cursor_down()
        else:
            options.action_cursor_up()

    def action_apply_and_stay(self) -> None:
        """Apply what is highlighted and let the coder choose another."""
        choice = self._highlighted()
        if choice is None or self._keep_on is None:
            return
        self._keep_on(choice)
        self.query_one(SafeInput).value = ""

    def action_leave(self) -> None:
        """Choose nothing."""
        self.dismiss(None)

    @property
    def _width(self) -> int:
        """Cells in a row of the picker."""
        return max(self.query_one("#picker").size.width - 2, 20)

    def _highlighted(self) -> Choice | None:
        at = self.query_one(OptionList).highlighted
        return self._choices[at] if at is not None else None

    def _fill(self, query: str) -> None:
        options = self.query_one(OptionList)
        width = self._width
        found = ranked(query, self._codes, self._recent)
        self._choices = [Choice(picker.code.id) for picker, _ in found]
        rows = [Option(_row(picker, at, width)) for picker, at in found]
        if not found and self._may_create and query.strip():
            self._choices = [Choice(None, query.strip())]
            rows = [Option(literal(clipped(f"Create “{query.strip()}”", width), "italic"))]
        shown_rows = max(min(len(rows), self._list_rows), 1)
        options.styles.height = shown_rows
        self._below = self._list_rows + self._rules_rows - shown_rows
        self.query_one("#picker-rules").styles.height = self._below
        options.set_options(rows)
        if rows:
            options.highlighted = 0
        else:
            self.query_one("#picker-rules", Paper).show(literal(self._unknown))


def _row(picker: PickerCode, at: Sequence[int], width: int) -> Content:
    name = clipped(picker.code.name, width - 2)
    content = literal(name)
    for place in at:
        if place < len(name) and name[place] == drawn(picker.code.name)[place]:
            content = content.stylize("bold underline", place, place + 1)
    room = width - 2 - cell_len(name) - 3
    path = clipped(picker.path, room) if picker.path and room > 3 else ""
    key = literal(f"{picker.code.key} ", f"bold {picker.code.colour}")
    return Content.assemble(key, content, literal(f"   {path}" if path else "", "dim"))


def _keys(*, stay: bool) -> Content:
    staying = Content.assemble(("Ctrl+O", "bold"), " apply and stay  ") if stay else NOTHING
    return Content.assemble(("Enter", "bold"), " apply  ", staying, ("Esc", "bold"), " back")
