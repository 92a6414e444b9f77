"""The codebook screen: the tree of codes, what each means, and every change to it.

What changes is the codebook as it is now, the next draft. A frozen version is only read, and an
open round that has pinned one keeps it.
"""

from __future__ import annotations

from typing import ClassVar

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from qualcode.text.plurals import counted
from qualcode.tui.codebook_acts import CodebookActs
from qualcode.tui.codebook_page import CodebookPage, Entry, difference_of, page_of
from qualcode.tui.keys import key
from qualcode.tui.literal import clipped, literal
from qualcode.tui.widgets.choices import Choices
from qualcode.tui.widgets.codes_here import rules_of
from qualcode.tui.widgets.confirm import Ask
from qualcode.tui.widgets.name_picker import Named, NamePicker
from qualcode.tui.widgets.paper import NOTHING, Line, Paper
from qualcode.tui.widgets.sheet import Sheet

SIDE_BY_SIDE = 90
"""Cells from which on the rules stand beside the list; below, under it."""


class CodeList(Choices, inherit_bindings=False):
    """The codes, indented as they lie."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("codebook.edit", "enter,e", "select", "edit", "Change a field of the code", show=True),
        key("move.down", "down,j", "cursor_down", "Down", "Next code"),
        key("move.up", "up,k", "cursor_up", "Up", "Previous code"),
        key("move.page_down", "pagedown", "page_down", "Page down", "One page down"),
        key("move.page_up", "pageup", "page_up", "Page up", "One page up"),
        key("move.top", "home,g", "first", "First", "First code"),
        key("move.bottom", "end,G", "last", "Last", "Last code"),
    ]

    read_only = False
    """Whether there is nothing that could be changed: a frozen version, or no code."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer a change only of what can be changed."""
        if action == "select":
            return not self.read_only
        return super().check_action(action, parameters)


class CodebookScreen(CodebookActs):
    """The codebook and its versions."""

    AUTO_FOCUS = "CodeList"
    FOOTER = ("codebook.edit", "codebook.read_on", "codebook.add", "codebook.merge",
              "codebook.retire", "history.undo", "codebook.freeze", "app.back", "help.show",
              "codebook.compare", "codebook.version", "app.palette")  # fmt: skip
    BINDINGS: ClassVar[list[BindingType]] = [
        key("codebook.add", "n", "add(False)", "new", "New code beside this one", show=True),
        key("codebook.add_below", "N", "add(True)", "new below", "New code under this one"),
        key("codebook.rename", "r", "rename", "rename", "Give the code another name", show=True),
        key("codebook.key", "s", "set_key", "key", "The character that applies the code"),
        key("codebook.colour", "c", "set_colour", "colour", "The colour of the code"),
        key("codebook.move_down", "J", "shift(1)", "move down", "Put the code one place down"),
        key("codebook.move_up", "K", "shift(-1)", "move up", "Put the code one place up"),
        key("codebook.move_in", "L,greater_than_sign", "move_in", "move in",
            "Put the code under the one above it"),
        key("codebook.move_out", "H,less_than_sign", "move_out", "move out",
            "Put the code beside its parent"),
        key("codebook.merge", "m", "merge", "merge",
            "Make the code count as another; no coding changes", show=True),
        key("codebook.split", "S", "split", "split",
            "Put finer codes beside this one, then go through its codings"),
        key("codebook.review", "R", "review", "review",
            "Go through my codings with this code and give some another"),
        key("codebook.retire", "x,delete", "retire", "retire",
            "Take a code that is not used out of the codebook", show=True),
        key("codebook.freeze", "F", "freeze", "freeze",
            "Keep the codebook as it is now under a label", show=True),
        key("codebook.version", "tab,v", "turn(1)", "version", "Next version, to read"),
        key("codebook.version_back", "shift+tab", "turn(-1)", "version before",
            "Previous version, to read"),
        key("codebook.compare", "d", "compare", "compare",
            "What changed since a frozen version", show=True),
        key("codebook.read_on", "space,shift+down", "read(1)", "read on",
            "Scroll the rules of the code down"),
        key("codebook.read_back", "shift+up", "read(-1)", "read back",
            "Scroll the rules of the code up"),
        key("codebook.find", "slash", "find", "find", "Find a code by its letters"),
        key("history.undo", "u", "history('undo')", "undo", "Undo my latest act", show=True),
        key("history.redo", "U,ctrl+r", "history('redo')", "redo", "Redo what I undid"),
        key("work.retry", "ctrl+s", "retry", "Save again", "Try again to save what could not be"),
        key("app.back", "q,escape", "back", "back", "Back", show=True),
    ]  # fmt: skip

    def __init__(self) -> None:
        super().__init__()
        self._waits = True
        self._said = ""

    def compose(self) -> ComposeResult:
        yield Line(literal("Codebook: opening …"), id="header")
        with Container(id="codebook"):
            yield CodeList(id="code-list", compact=True, markup=False)
            with VerticalScroll(id="entry", can_focus=False):
                yield Paper(id="entry-text")
        yield Line(id="status")
        yield Line(id="keys")

    def on_mount(self) -> None:
        """Keep saying whether everything is saved."""
        self.watch(self.app, "saving", self._say, init=False)
        entry = self.query_one("#entry", VerticalScroll)
        self.watch(entry, "virtual_size", self._say_whether_more, init=False)

    @property
    def listed(self) -> CodeList:
        """The list."""
        return self.query_one(CodeList)

    @property
    def here(self) -> Entry | None:
        """The code at the cursor."""
        at = self.listed.highlighted
        entries = self.page.entries if self.page is not None else ()
        return entries[at] if at is not None and at in range(len(entries)) else None

    def on_screen_resume(self) -> None:
        """Read it anew: codes may have been made on the coding screen."""
        self.reload()

    def on_resize(self) -> None:
        """Fit the columns."""
        self.set_class(self.size.width < SIDE_BY_SIDE, "narrow")
        self.call_after_refresh(self.redraw)

    def reload(self, *, at: str | None = None, said: str = "") -> None:
        """Read the codebook, then go to a code and say what was done."""
        self._waits = True
        self._said = said or self._said
        coder = self.qualcode.coder
        version = self.page.version if self.page is not None else "now"
        self.qualcode.read(
            lambda project: page_of(project, coder, version),
            lambda page: self.show(page, at=at, said=said),
            refused=self._not_read,
        )

    def _not_read(self) -> None:
        self._waits = False

    def show(self, page: CodebookPage, *, at: str | None = None, said: str = "") -> None:
        """Show a version; the cursor stays on its code, or goes to the one named."""
        self._waits = False
        if self.left:
            return
        here = self.here
        row = self.listed.highlighted or 0
        self.page = page
        wanted = at or (here.id if here is not None else None)
        ids = [entry.id for entry in page.entries]
        self._said = said
        self.redraw(ids.index(wanted) if wanted in ids else min(row, len(ids) - 1))

    def redraw(self, row: int | None = None) -> None:
        """Draw the list, the code at the cursor, and the lines around."""
        if self.page is None or self.left:
            return
        row = self.listed.highlighted if row is None else row
        self.listed.read_only = self.page.read_only or not self.page.entries
        width = max(self.listed.size.width - 2, 20)
        self.listed.set_options(
            [Option(literal_row(entry, width), id=entry.id) for entry in self.page.entries]
        )
        if row is not None and row >= 0 and self.page.entries:
            self.listed.highlighted = row
        self._say()

    @on(OptionList.OptionHighlighted)
    def _explain(self) -> None:
        """Show the rules of the code at the cursor."""
        self._say_entry()

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.edit()

    def _say(self) -> None:
        if self.page is None or self.left:
            return
        page = self.page
        codes = counted(len(page.entries), "code")
        if page.frozen:
            state = f"version {page.version}, frozen: to read only"
        elif len(page.versions) == 1:
            state = "no version frozen yet"
        else:
            last = page.versions[-2]
            state = f"draft after {last}" if page.changes else f"as in {last}"
        self.say_header("Codebook", state, codes, self.qualcode.saving)
        keeps = "; ".join(f'round "{name}" keeps {label}' for name, label in page.pinned)
        waits = f'You code "{page.blind}" blind: codes can be changed once it is closed. '
        said = self._said or (waits if page.blind else "") + keeps[:1].upper() + keeps[1:]
        if page.frozen:
            said = "A frozen version is only read. tab shows the next one, and what is now."
        if not page.entries:
            said = "There are no codes yet." + ("" if page.blind else " n makes the first one.")
        self.note(said)
        self._say_entry()

    def _say_entry(self) -> None:
        entry, paper = self.here, self.query_one("#entry-text", Paper)
        paper.show(self._page_of(entry) if entry is not None else NOTHING)
        self.query_one("#entry", VerticalScroll).scroll_home(animate=False)
        self._say_whether_more()

    def _page_of(self, entry: Entry) -> Content:
        """What the codebook says about a code."""
        code = entry.code
        facts = [code.code if code.name else "", code.kind, code.origin, code.status]
        facts += [] if code.codable else ["a heading, not applied"]
        facts += [f"{entry.mine} of my codings"] if entry.mine else []
        rest = literal(" · ".join(filter(None, facts)), "dim")
        return Content("\n").join([rules_of(code, entry.look, entry.path), NOTHING, rest])

    def _say_whether_more(self) -> None:
        """Name the keys, another time once the rules of the code are known to need scrolling."""
        if not self.left:
            self.refresh_bindings()
            self.say_keys()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to read on only where there is more."""
        if action == "read":
            return any(s.max_scroll_y > 0 for s in self.query("#entry").results(VerticalScroll))
        return super().check_action(action, parameters)

    # Looking

    def action_read(self, pages: int) -> None:
        """Scroll the rules of the code at the cursor, a row less than what is seen."""
        scroll = self.query_one("#entry", VerticalScroll)
        scroll.scroll_relative(y=pages * max(scroll.size.height - 1, 1), animate=False)

    def action_turn(self, step: int) -> None:
        """Show the next version."""
        if self.page is not None:
            versions = self.page.versions
            at = (versions.index(self.page.version) + step) % len(versions)
            coder = self.qualcode.coder
            self._waits = True
            self.qualcode.read(
                lambda project: page_of(project, coder, versions[at]),
                self.show,
                refused=self._not_read,
            )

    def action_compare(self) -> None:
        """Choose a frozen version; show what changed from it to the one shown."""
        if self.page is None:
            return
        shown, labels = self.page.version, self.page.versions
        others = [Named(label) for label in reversed(labels[: labels.index(shown)])]
        if not others:
            self.note("There is no earlier version to compare with; F freezes one.")
            return

        def chosen(label: str | None) -> None:
            if label is not None:
                self.qualcode.read(
                    lambda project: difference_of(project, label, shown),
                    lambda body: show(label, body),
                )

        def show(label: str, body: Content) -> None:
            self.app.push_screen(Sheet(literal(f"From {label} to {shown}"), body))

        self.app.push_screen(NamePicker(literal("What changed since version"), others), chosen)

    def action_find(self) -> None:
        """Go to a code by some letters of its name."""
        if self.page is not None:
            self.app.push_screen(Ask(literal("Find the code with the letters")), self._go_to)

    def _go_to(self, letters: str | None) -> None:
        if self.page is None or letters is None:
            return
        wanted = letters.casefold()
        start = (self.listed.highlighted or 0) + 1
        entries = list(enumerate(self.page.entries))
        for row, entry in [*entries[start:], *entries[:start]]:
            if wanted in entry.code.title.casefold() or wanted in entry.code.code.casefold():
                self.listed.highlighted = row
                return
        self.note(f"No code has the letters {letters}.")


def literal_row(entry: Entry, width: int) -> Content:
    """Key, name under its parent, and at the right edge how often this coder used it."""
    count = str(entry.mine) if entry.mine else ""
    key_ = entry.look.key if entry.code.codable else " "
    indent = "  " * min(entry.depth, 6)
    room = max(width - 2 - len(indent) - len(count) - (1 if count else 0), 4)
    name = clipped(entry.code.title, room)
    padding = " " * max(room - cell_len(name) + (1 if count else 0), 0)
    return Content.assemble(
        literal(key_, f"bold {entry.look.colour}"),
        literal(f" {indent}"),
        literal(name, "" if entry.code.codable else "italic"),
        literal(padding + count, "dim"),
    )
