"""The excerpts of a bar: who said them where, the words, and from each the way to its document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from qualcode.model import Span
from qualcode.project import Project
from qualcode.reports.bar_excerpts import bar_excerpts
from qualcode.reports.excerpts import Excerpt
from qualcode.reports.word_excerpts import quote
from qualcode.text.plurals import counted
from qualcode.tui.keys import key
from qualcode.tui.list_screen import ListScreen
from qualcode.tui.literal import clipped, literal
from qualcode.tui.themes_page import Asked
from qualcode.tui.widgets.choices import Choices
from qualcode.tui.widgets.paper import NOTHING, Line, Paper

_PLACE, _WHO = 20, 18
"""Cells that document and turns, and who speaks, may take."""


@dataclass(frozen=True, slots=True, repr=False)
class Quoted:
    """An excerpt as it is listed and read."""

    document_id: str
    place: Span
    """In the document's own text."""

    where: str
    """Document and turns."""

    who: str
    before: str
    """What its first turn says before it."""

    words: str
    after: str
    attribution: Sequence[tuple[str, bool]]
    """Pieces of text, each with whether it is bold."""

    coded: str
    """As what, by whom."""


def quoted(one: Excerpt, titles: dict[str, str]) -> Quoted:
    """What is shown of an excerpt."""
    before, after = one.context(0)
    codes = ", ".join(titles.get(code, code) for code in one.codes)
    by = f"by {one.coder}" if one.coder in ("consensus", "majority") else f"coded by {one.coder}"
    coded = [codes, "exemplar" if one.exemplar else "", by, one.round]
    return Quoted(
        one.document.id,
        one.place,
        f"{one.document.name} {one.turn_numbers()}".rstrip(),
        ", ".join(one.participants() or one.speakers()) or "–",
        before,
        one.text,
        after,
        [(piece.text, piece.bold) for piece in quote(one).attribution],
        " · ".join(filter(None, coded)),
    )


def quotes_of(project: Project, code: str, group: str, asked: Asked) -> list[Quoted]:
    """The excerpts behind a bar, by document and place."""
    titles = {one.code: project.layer.words(one.title) for one in project.codebook.codes()}
    found = bar_excerpts(project, code, group=group, **asked.what_counts())
    return [quoted(one, titles) for one in found]


class QuoteList(Choices, inherit_bindings=False):
    """The excerpts, one a line."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("themes.open", "enter", "select", "open", "See the excerpt in its document", show=True),
        key("move.down", "down,j", "cursor_down", "Down", "Next excerpt"),
        key("move.up", "up,k", "cursor_up", "Up", "Previous excerpt"),
        key("move.page_down", "pagedown,space", "page_down", "Page down", "One page down"),
        key("move.page_up", "pageup", "page_up", "Page up", "One page up"),
        key("move.top", "home,g", "first", "First", "First excerpt"),
        key("move.bottom", "end,G", "last", "Last", "Last excerpt"),
    ]


class ThemeExcerptsScreen(ListScreen):
    """What is behind a bar.

    Args:
        code: Of the bar.
        group: Of the bar; ``*`` for everything.
        asked: What was counted.
        name: Of code and group, as they are shown.
        blind: The open blind round, if the coder codes in one.
    """

    AUTO_FOCUS = "QuoteList"
    FOOTER = ("themes.open", "themes.read_on", "app.back", "help.show", "app.palette")
    BINDINGS: ClassVar[list[BindingType]] = [
        key("themes.read_on", "J,shift+down", "scroll(1)", "read on",
            "Scroll a long excerpt down", show=True),
        key("themes.read_back", "K,shift+up", "scroll(-1)", "read back",
            "Scroll a long excerpt up"),
        key("app.back", "q,escape", "back", "back", "Back", show=True),
    ]  # fmt: skip

    def __init__(self, code: str, group: str, asked: Asked, name: str, *, blind: str = "") -> None:
        super().__init__()
        self._code, self._group, self._asked = code, group, asked
        self._title, self._blind = name, blind
        self._quotes: list[Quoted] = []
        self._waits = True

    def compose(self) -> ComposeResult:
        yield Line(literal("Excerpts: reading …"), id="header")
        with Vertical(id="excerpts"):
            yield QuoteList(id="quotes", compact=True, markup=False)
            with VerticalScroll(id="quote", can_focus=False):
                yield Paper(id="quote-text")
        yield Line(id="status")
        yield Line(id="keys")

    @property
    def listed(self) -> QuoteList:
        """The list."""
        return self.query_one(QuoteList)

    @property
    def here(self) -> Quoted | None:
        """The excerpt at the cursor."""
        at = self.listed.highlighted
        return self._quotes[at] if at is not None and at in range(len(self._quotes)) else None

    def on_screen_resume(self) -> None:
        """Read them anew: something may have been coded meanwhile."""
        self._waits = True
        self.qualcode.read(
            lambda project: quotes_of(project, self._code, self._group, self._asked),
            self._found,
            refused=self._refused,
        )

    def on_resize(self) -> None:
        """Fit the lines."""
        self.call_after_refresh(self._show)

    def _refused(self) -> None:
        self._waits = False
        if not self.left:
            self.app.pop_screen()

    def _found(self, quotes: list[Quoted]) -> None:
        self._waits = False
        if not self.left:
            self._quotes = quotes
            self._show()

    def _show(self) -> None:
        if self._waits or self.left:
            return
        row, width = self.listed.highlighted or 0, max(self.listed.size.width - 1, 40)
        place = min(max((cell_len(one.where) for one in self._quotes), default=0), _PLACE)
        who = min(max((cell_len(one.who) for one in self._quotes), default=0), _WHO)
        self.listed.set_options([Option(_row(one, place, who, width)) for one in self._quotes])
        if self._quotes:
            self.listed.highlighted = min(row, len(self._quotes) - 1)
        n = len(self._quotes)
        self.say_header(
            self._title,
            *([f"BLIND {self._blind}: mine only"] if self._blind else []),
            counted(n, "excerpt"),
        )
        self.note(self._asked.words() if n else "Nothing is coded here: a 0 that was counted.")
        self._say_quote()
        self.say_keys()

    @on(OptionList.OptionHighlighted)
    def _say_quote(self) -> None:
        """Show the excerpt at the cursor, whole, and whose words it is."""
        here, paper = self.here, self.query_one("#quote-text", Paper)
        self.query_one("#quote", VerticalScroll).scroll_home(animate=False)
        paper.show(NOTHING if here is None else page_of_quote(here))

    @on(OptionList.OptionSelected)
    def _open(self, event: OptionList.OptionSelected) -> None:
        """Show the excerpt in its document."""
        event.stop()
        here = self.here
        if here is not None:
            self.qualcode.open_document(here.document_id, here.place.start)

    def action_scroll(self, rows: int) -> None:
        """Scroll a long excerpt."""
        self.query_one("#quote", VerticalScroll).scroll_relative(y=rows * 3, animate=False)


def page_of_quote(one: Quoted) -> Content:
    """The excerpt in the turns it lies in, under the line that says whose words it is."""
    pieces = [literal(text, "bold" if bold else "") for text, bold in one.attribution]
    before, after = f"{one.before} " if one.before else "", f" {one.after}" if one.after else ""
    return Content("\n").join(
        [
            Content("").join(pieces),
            Content.assemble(
                literal(before, "dim"), literal(one.words, "underline"), literal(after, "dim")
            ),
            literal(one.coded, "italic"),
        ]
    )


def _row(one: Quoted, place: int, who: int, width: int) -> Content:
    where, name = clipped(one.where, place), clipped(one.who, who)
    words = clipped(" ".join(one.words.split()), max(width - place - who - 3, 8))
    return Content.assemble(
        literal(where + " " * (place - cell_len(where)) + "  "),
        literal(name + " " * (who - cell_len(name)) + " ", "bold"),
        literal(words),
    )
