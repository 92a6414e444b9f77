"""The code list: every code with its key, indented as in the codebook. It announces a choice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rich.segment import Segment
from rich.style import Style
from textual import on
from textual.content import Content
from textual.message import Message
from textual.strip import Strip
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from qualcode.tui.literal import clipped, literal
from qualcode.tui.widgets.choices import Choices
from qualcode.tui.widgets.ink import inked
from qualcode.tui.widgets.transcript_view import ShownCode


@dataclass(frozen=True, slots=True)
class ListedCode:
    """One row of the list."""

    code: ShownCode
    depth: int
    codable: bool
    """A heading of the codebook cannot be applied."""

    count: int
    """How often this coder applied it in this document."""


class CodeTree(Choices):
    """The codebook as a list to look at and to click."""

    @dataclass
    class Picked(Message):
        """The coder chose a code."""

        code_id: str

    def __init__(self, *, focusable: bool, id: str | None = None) -> None:
        super().__init__(id=id, compact=True, markup=False)
        self.can_focus = focusable
        self._listed: list[ListedCode] = []
        self._width = 0

    def show(self, listed: Iterable[ListedCode]) -> None:
        """Show these rows; only rows that changed are drawn again."""
        rows = list(listed)
        width = self.scrollable_content_region.width or 24
        same_codes = [r.code.id for r in rows] == [r.code.id for r in self._listed]
        if same_codes and width == self._width:
            for n, (row, old) in enumerate(zip(rows, self._listed, strict=True)):
                if row == old:
                    continue
                prompt = literal_row(row, width)
                if prompt.is_same(literal_row(old, width)):
                    self.refresh_line(n)
                else:  # this has the whole list drawn again
                    self.replace_option_prompt_at_index(n, prompt)
        else:
            highlighted = self.highlighted
            self.set_options(
                [
                    Option(literal_row(row, width), id=row.code.id, disabled=not row.codable)
                    for row in rows
                ]
            )
            if same_codes:
                self.highlighted = highlighted
        self._listed, self._width = rows, width

    def on_resize(self) -> None:
        """Draw the counts at the new right edge."""
        if self._listed and self.scrollable_content_region.width != self._width:
            self.show(self._listed)

    def render_line(self, y: int) -> Strip:
        """A row, at its right edge how often the code was applied."""
        strip, row = super().render_line(y), self.scroll_offset.y + y
        used = self._listed[row].count if row < len(self._listed) else 0
        if not used:
            return strip
        count = str(used)
        before, under, behind = strip.divide(
            [self._width - len(count), self._width, strip.cell_length]
        )
        style = next((segment.style for segment in under), None) or Style()
        drawn = Strip([Segment(count, style + Style(dim=True))])
        return Strip.join([before, inked(drawn, ansi=self.app.native_ansi_color), behind])

    @on(OptionList.OptionSelected)
    def pick(self, event: OptionList.OptionSelected) -> None:
        """Announce the code chosen by mouse or Enter."""
        event.stop()
        if event.option_id is not None:
            self.post_message(self.Picked(event.option_id))


def counts(code_ids: Iterable[str]) -> Mapping[str, int]:
    """How often each code occurs."""
    found: dict[str, int] = {}
    for code_id in code_ids:
        found[code_id] = found.get(code_id, 0) + 1
    return found


def literal_row(row: ListedCode, width: int) -> Content:
    """Key and name, shortened only with ``…`` where the count behind it needs the room."""
    count = f" {row.count}" if row.count else ""
    key = row.code.key if row.codable else " "
    indent = " " * min(row.depth, 4)
    name = clipped(row.code.name, width - 2 - len(indent) - len(count))
    return Content.assemble(
        literal(key, f"bold {row.code.colour}"),
        literal(f" {indent}"),
        literal(name, "" if row.codable else "dim italic"),
    )
