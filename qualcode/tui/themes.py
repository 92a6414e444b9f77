"""The themes screen: each code's bar with its number, groups under it, and the excerpts behind.

It counts nothing: figures come from ``reports.themes``, the words beside them from
``reports.theme_bars``, as on the command line. What is written to a file is the table they show.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical

from qualcode.exporters.spreadsheet import write_table
from qualcode.model import Table
from qualcode.project import Project
from qualcode.reports.printed import at_least
from qualcode.reports.suppressed import small_counts, suppressed_in
from qualcode.reports.theme_bars import COMPARED, MEASURES, facts
from qualcode.text.plurals import counted
from qualcode.tui.keys import key
from qualcode.tui.list_screen import ListScreen
from qualcode.tui.literal import clipped, literal
from qualcode.tui.theme_excerpts import ThemeExcerptsScreen
from qualcode.tui.themes_page import Asked, ThemesPage, page_of
from qualcode.tui.widgets.bars import BarList
from qualcode.tui.widgets.confirm import Ask, AskKey
from qualcode.tui.widgets.name_picker import Named, NamePicker
from qualcode.tui.widgets.paper import NOTHING, Line, Paper, cut_to
from qualcode.tui.widgets.sheet import Sheet

FILE = "themes.csv"


class ThemesScreen(ListScreen):
    """The codes as bars."""

    AUTO_FOCUS = "BarList"
    FOOTER = ("themes.excerpts", "themes.measure", "themes.group", "themes.roll", "themes.export",
              "app.back", "help.show", "themes.source", "themes.notes", "themes.moderator",
              "themes.unfinished", "app.palette")  # fmt: skip
    BINDINGS: ClassVar[list[BindingType]] = [
        key("themes.measure", "m", "measure", "measure",
            "Bars of participants, documents, codings or words", show=True),
        key("themes.group", "w", "group", "groups",
            "Under each code the groups of an attribute, or none", show=True),
        key("themes.roll", "r", "roll", "roll up",
            "Count a code with the codes below it, or without", show=True),
        key("themes.source", "s", "source", "source", "Whose codings are counted"),
        key("themes.moderator", "o", "moderator", "moderator", "With or without moderators"),
        key("themes.unfinished", "i", "unfinished", "unfinished",
            "With documents that are not finished, or without"),
        key("themes.next", "tab", "step(1)", "next code", "Next code, past its groups"),
        key("themes.back", "shift+tab", "step(-1)", "code before", "Previous code"),
        key("themes.notes", "n", "notes", "notes", "What is counted, and what is left out"),
        key("themes.export", "e", "export", "export", "Write the table to a file", show=True),
        key("app.back", "q,escape", "back", "back", "Back", show=True),
    ]  # fmt: skip

    def __init__(self) -> None:
        super().__init__()
        self._asked = Asked()
        self._page: ThemesPage | None = None
        self._measure = MEASURES[0]
        self._waits = True
        self._due = False

    def compose(self) -> ComposeResult:
        yield Line(literal("Themes: counting …"), id="header")
        with Vertical(id="themes"):
            yield BarList(id="bars")
            yield Paper(id="bar-facts")
        yield Line(id="status")
        yield Line(id="keys")

    @property
    def bars(self) -> BarList:
        """The bars."""
        return self.query_one(BarList)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """In an open blind round there is no other source to choose."""
        page = self._page
        if action == "source":
            return page is not None and not page.blind
        if action in ("export", "notes"):
            return page is not None and page.table is not None
        return super().check_action(action, parameters)

    def on_screen_resume(self) -> None:
        """Count anew: something may have been coded or finished meanwhile."""
        self._count(self._asked)

    def on_resize(self) -> None:
        """Fit the bars."""
        self.call_after_refresh(self._show)

    def _count(self, asked: Asked) -> None:
        """Ask for other counts; what is shown stays until they are there."""
        self._waits, self._asked = True, asked
        if not self._due:  # a choice made on a sheet comes together with the return from it
            self._due = True
            self.call_after_refresh(self._ask)

    def _ask(self) -> None:
        self._due = False
        coder, asked = self.qualcode.coder, self._asked
        self.qualcode.read(
            lambda project: page_of(project, coder, asked),
            lambda page: self._counted(page, asked),
            refused=self._refused,
        )

    def _refused(self) -> None:
        self._waits = False
        if self._page is not None:
            self._asked = self._page.asked
        elif not self.left:
            self.app.pop_screen()

    def _counted(self, page: ThemesPage, asked: Asked) -> None:
        if asked != self._asked:  # something else was asked meanwhile
            return
        self._waits = False
        if not self.left:
            self._page = page
            self._show()

    def _show(self) -> None:
        page = self._page
        if page is None or self.left:
            return
        colours = {code: look.colour for code, look in page.looks.items()}
        self.bars.show(page.bars(self._measure), colours, self._measure, page.left)
        everything = page.read + len(page.left)
        self.say_header(
            "Themes: my codings only" if page.blind else "Themes",
            *([f"BLIND {page.blind}"] if page.blind else []),
            f"by {self._measure}" + (", against the longest" if self._measure in COMPARED else ""),
            f"{page.read} of {everything} documents",
        )
        self.note(self._words(page))
        self._say_facts()
        self.say_keys()

    def _words(self, page: ThemesPage) -> str:
        if not page.codes:
            return "There are no codes yet; F6 shows the codebook."
        if page.table is None and not page.left:
            return "There are no documents yet; F5 shows how to import one."
        if page.table is None and page.asked.include_unfinished:
            return "No document is coded in this source, so nothing can be counted."
        if page.table is None:
            return "No document is finished in this source; i counts unfinished ones, too."
        return page.asked.words()

    @on(BarList.Moved)
    def _say_facts(self) -> None:
        """Tell everything known of the bar at the cursor."""
        page, here = self._page, self.bars.here
        paper = self.query_one("#bar-facts", Paper)
        if page is None or page.table is None or here is None:
            paper.show(NOTHING)
            return
        row = dict(zip(page.table.columns, page.table.rows[self.bars.at], strict=True))
        title = page.looks[here.code].name if here.code in page.looks else here.name
        name = f"{title}, {here.name}" if here.is_group else title
        words = literal(name, "bold") + literal(": ") + literal(" · ".join(facts(row)))
        paper.show(cut_to(words, max(paper.size.width, 20), 3))

    # What is asked

    def action_measure(self) -> None:
        """Bars of the next of the measures there are."""
        self._measure = MEASURES[(MEASURES.index(self._measure) + 1) % len(MEASURES)]
        self._show()

    def action_roll(self) -> None:
        """With the codes below each code, or without."""
        self._count(replace(self._asked, own=not self._asked.own))

    def action_moderator(self) -> None:
        """With what moderators say, or without."""
        self._count(replace(self._asked, include_moderator=not self._asked.include_moderator))

    def action_unfinished(self) -> None:
        """With documents that are not finished, or without."""
        self._count(replace(self._asked, include_unfinished=not self._asked.include_unfinished))

    def action_step(self, codes: int) -> None:
        """Go to the next, or previous, code."""
        self.bars.step(codes)

    def action_group(self) -> None:
        """Choose the attribute whose values are the groups."""
        page = self._page
        if page is None:
            return
        if not page.attributes:
            self.note("No participant and no document has an attribute to group by.")
            return
        rows = [Named("", "no groups"), *map(Named, page.attributes)]
        self._choose(
            "Groups of which attribute?", rows, lambda by: replace(self._asked, by=by or None)
        )

    def action_source(self) -> None:
        """Choose whose codings are counted."""
        page = self._page
        if page is not None and page.sources:
            rows = [Named(source, remark=words) for source, words in page.sources]
            self._choose("Whose codings?", rows, lambda source: replace(self._asked, source=source))

    def _choose(self, title: str, rows: list[Named], asked: Callable[[str], Asked]) -> None:
        def chosen(name: str | None) -> None:
            if name is not None:
                self._count(asked(name))

        self.app.push_screen(NamePicker(literal(title, "bold"), rows), chosen)

    # What is seen and given

    @on(BarList.Chosen)
    def _open(self) -> None:
        """Show the excerpts of the bar at the cursor."""
        page, here = self._page, self.bars.here
        if page is None or here is None:
            return
        if page.table is None:
            self.note(self._words(page))
            return
        title = page.looks[here.code].name if here.code in page.looks else here.name
        name = f"{title}, {here.name}" if here.is_group else title
        self.app.push_screen(
            ThemeExcerptsScreen(here.code, here.group, page.asked, name, blind=page.blind)
        )

    def action_notes(self) -> None:
        """Tell what is counted, and what is left out."""
        page = self._page
        if page is not None and page.table is not None:
            body = "\n".join([page.asked.words() + ".", *page.table.notes])
            self.app.push_screen(Sheet(literal("What is counted"), literal(body)))

    def action_export(self) -> None:
        """Ask where the table is to be written, and how where small counts are in it."""
        page = self._page
        if page is None or page.table is None:
            return
        table = page.table

        def named(typed: str | None) -> None:
            if typed is not None:
                out = Path(typed).expanduser().absolute()
                self.qualcode.read(
                    lambda project: (at_least(project), small_counts(table, at_least(project))),
                    lambda found: self._ask_small(table, out, *found),
                )

        prompt = literal("Write the table to: (.csv .xlsx .json .html .parquet)")
        self.app.push_screen(Ask(prompt, FILE), named)

    def _ask_small(self, table: Table, out: Path, fewest: int, rows: int) -> None:
        if not rows:
            self._write(table, out)
            return
        several = counted(rows, "row counts", "rows count")
        question = literal(
            clipped(f"{several} fewer than {fewest} participants.  h hide them   w write all",
                    max(self.size.width, 60))
        )  # fmt: skip

        def answered(pressed: str | None) -> None:
            if pressed == "h":
                self._write(table, out, hidden=True)
            elif pressed == "w":
                self._write(table, out)
            else:
                self.note("Nothing was written.")

        self.app.push_screen(AskKey(question), answered)

    def _write(self, table: Table, out: Path, *, hidden: bool = False) -> None:
        """Write it by its ending, small counts hidden if so wished; a file that is there stays."""

        def act(project: Project) -> str:
            if out.exists():
                return f"{out} exists already, and was left as it is. Choose another name."
            shown = suppressed_in(project, table)[0] if hidden else table
            files = write_table(shown, out, schema="themes", described=True)
            beside = f"; notes and columns: {files[1].name}" if len(files) > 1 else ""
            return f"{counted(len(table), 'row')} written to {out}{beside}"

        self.qualcode.read(act, self.qualcode.tell)
