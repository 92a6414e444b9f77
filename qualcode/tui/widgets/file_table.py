"""Files to choose from, several at a time, and the field a path is typed in."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from rich.cells import cell_len
from textual.binding import BindingType
from textual.message import Message

from qualcode.tui.folder import Entry, measured
from qualcode.tui.keys import key
from qualcode.tui.literal import cell, clipped
from qualcode.tui.widgets.fields import SafeInput
from qualcode.tui.widgets.plain_table import PlainTable

_SIZE = 10


class PathField(SafeInput):
    """A path to type; Tab completes it, and what stands there is kept on coming here."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("file.complete", "tab", "complete", "complete", "Complete the path", show=True),
        key("file.list", "down,escape", "list", "to the list", "Go to the list", show=True),
    ]

    class Completed(Message):
        """The rest of the name is wanted."""

    class Left(Message):
        """The list is wanted."""

    def __init__(self, *, placeholder: str, id: str | None = None) -> None:
        super().__init__(placeholder=placeholder, id=id)
        self.select_on_focus = False

    def action_complete(self) -> None:
        """Ask for the rest of the name."""
        self.post_message(self.Completed())

    def action_list(self) -> None:
        """Go on in the list."""
        self.post_message(self.Left())


class FileTable(PlainTable, inherit_bindings=False):
    """The folders and readable files of a folder. It announces what was chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("file.mark", "space", "mark", "mark", "Mark the file, or no longer", show=True),
        key("file.mark_all", "a", "mark_all", "all", "Mark all files here, or none", show=True),
        key(
            "file.preview", "enter", "choose", "preview",
            "Preview the files marked; with none marked, this one, or open the folder", show=True,
        ),
        key("file.open", "right,l", "into", "open", "Open the folder", show=True),
        key("file.parent", "left,backspace,h", "parent", "up", "The folder above", show=True),
        key("file.type", "slash", "type", "path", "Type a path", show=True),
        key("move.down", "down,j", "cursor_down", "Down", "Next file"),
        key("move.up", "up,k", "cursor_up", "Up", "Previous file"),
        key("move.page_down", "pagedown", "page_down", "Page down", "A page down"),
        key("move.page_up", "pageup", "page_up", "Page up", "A page up"),
        key("move.top", "home,g", "scroll_top", "First", "First file"),
        key("move.bottom", "end,G", "scroll_bottom", "Last", "Last file"),
    ]  # fmt: skip

    @dataclass
    class Chosen(Message):
        """Enter was pressed on this."""

        entry: Entry

    @dataclass
    class Opened(Message):
        """This folder is to be opened."""

        folder: Path

    @dataclass
    class Marked(Message):
        """These are to be marked, or no longer."""

        files: Sequence[Path]

    class Above(Message):
        """The folder above is wanted."""

    class Typing(Message):
        """A path is to be typed."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, cursor_type="row", cell_padding=0, show_header=False)
        self._entries: Sequence[Entry] = ()
        self._marked: Collection[Path] = ()

    def show(self, entries: Sequence[Entry], marked: Collection[Path]) -> None:
        """Show these; the cursor stays on its entry, else it is on the first file."""
        here = self._here()
        self._entries, self._marked = entries, marked
        self._fill()
        at = [n for n, entry in enumerate(entries) if here and entry.path == here.path]
        files = [n for n, entry in enumerate(entries) if not entry.folder]
        self.move_cursor(row=[*at, *files, 0][0])

    def on_resize(self) -> None:
        """Divide the width anew."""
        at = self.cursor_row
        self._fill()
        self.move_cursor(row=at)

    def action_mark(self) -> None:
        """Mark the file at the cursor and go on to the next."""
        here = self._here()
        if here is not None and not here.folder:
            self.post_message(self.Marked([here.path]))
            self.action_cursor_down()

    def action_mark_all(self) -> None:
        """Mark all files listed; if they are, none."""
        self.post_message(self.Marked([e.path for e in self._entries if not e.folder]))

    def action_choose(self) -> None:
        """Go on with the files, or open the folder."""
        here = self._here()
        if here is not None:
            self.post_message(self.Chosen(here))

    def action_into(self) -> None:
        """Open the folder at the cursor."""
        here = self._here()
        if here is not None and here.folder:
            self.post_message(self.Opened(here.path))

    def action_parent(self) -> None:
        """Go to the folder above."""
        self.post_message(self.Above())

    def action_type(self) -> None:
        """Go to the field."""
        self.post_message(self.Typing())

    def _here(self) -> Entry | None:
        at = self.cursor_row
        return self._entries[at] if at in range(len(self._entries)) else None

    def _fill(self) -> None:
        width = (self.size.width or 80) - 2 - _SIZE
        names = [cell_len(entry.name) for entry in self._entries]
        column = min(max([*names, 20]) + 2, max(width, 10))
        self.clear(columns=True)
        for n in (2, column, _SIZE):
            self.add_column("", width=n)
        for entry in self._entries:
            marked = entry.path in self._marked
            size = "" if entry.folder else measured(entry.size)
            self.add_row(
                cell("●" if marked else ""),
                cell(
                    clipped(entry.name, column - 2),
                    "bold" if marked or entry.folder else "",
                ),
                cell(size.rjust(_SIZE - 1), "dim"),
            )
