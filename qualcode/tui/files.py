"""The screen on which files are chosen for an import: a folder, what can be read in it, a path."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input

from qualcode import importers
from qualcode.reports.other_programs import ENDINGS, is_project
from qualcode.text.safe import shown
from qualcode.tui.folder import Listing, completed, listing, matching, split
from qualcode.tui.importing import ImportScreen
from qualcode.tui.keys import key
from qualcode.tui.list_screen import ListScreen
from qualcode.tui.literal import literal
from qualcode.tui.project_import import ProjectImportScreen
from qualcode.tui.widgets.file_table import FileTable, PathField
from qualcode.tui.widgets.paper import Line, Paper


class FilesScreen(ListScreen):
    """Choose one file or several; Enter previews them. Nothing is read before that."""

    AUTO_FOCUS = "FileTable"
    FOOTER = ("file.complete", "file.list", "file.mark", "file.preview", "file.mark_all",
              "file.open", "file.parent", "file.type", "app.back", "help.show",
              "app.palette")  # fmt: skip
    BINDINGS: ClassVar[list[BindingType]] = [
        key("app.back", "q,escape", "back", "back", "Back to the documents", show=True),
    ]

    class Listed(Message):
        """A folder has been looked at."""

        def __init__(self, found: Listing, endings: Sequence[str]) -> None:
            super().__init__()
            self.found, self.endings = found, endings

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._base = Path.cwd()
        self._listing = Listing(folder)
        self._endings: Sequence[str] = ()
        self._marked: dict[Path, None] = {}
        self._completing = self._choosing = False
        self._looking = True

    @property
    def waits(self) -> bool:
        """Whether a folder is being looked at."""
        return self._looking

    def compose(self) -> ComposeResult:
        yield Line(literal("Import"), id="header")
        yield PathField(placeholder="path of a transcript, or of a folder", id="path")
        with Vertical(id="folder"):
            yield FileTable(id="files")
            yield Paper(id="nothing")
        yield Line(id="status")
        yield Line(id="keys")

    def on_mount(self) -> None:
        """Look at the folder; the frame is drawn meanwhile."""
        self._go_to(self._listing.folder)

    def on_resize(self) -> None:
        """Fit the lines."""
        self._say()

    # Looking at folders

    def _go_to(self, folder: Path) -> None:
        self._looking = True
        self.query_one(PathField).value = _written(folder)
        self._look(folder)

    @work(thread=True, exclusive=True)
    def _look(self, folder: Path) -> None:
        """List a folder; it may lie on a slow disk, and the readers have to be found first."""
        endings = [ending for reader in importers.readers().values() for ending in reader.endings]
        endings += ENDINGS
        self.post_message(self.Listed(listing(folder, endings), endings))

    def on_files_screen_listed(self, event: Listed) -> None:
        """Show what the folder holds, and do what was waiting for it."""
        if self.left:
            return
        self._listing, self._endings, self._looking = event.found, event.endings, False
        completing, self._completing = self._completing, False
        choosing, self._choosing = self._choosing, False
        if completing:
            self._complete()
        elif choosing:
            self._choose_typed()
        self._say()

    @property
    def _typed(self) -> tuple[Path, str]:
        """The folder that the typed path leads to, and the beginning of a name after it."""
        typed, here = self.query_one(PathField).value, _written(self._listing.folder)
        if typed.startswith(here) and "/" not in typed[len(here) :]:
            return self._listing.folder, typed[len(here) :]
        return split(typed, self._base)

    @on(Input.Changed)
    def _narrow(self) -> None:
        """Follow what is typed: another folder is listed, else the list narrows."""
        folder, _ = self._typed
        if folder != self._listing.folder:
            self._looking = True
            self._look(folder)
        else:
            self._say()

    @on(PathField.Completed)
    def _complete(self) -> None:
        """Complete what is typed, once its folder has been looked at."""
        if self._looking:
            self._completing = True
            return
        field = self.query_one(PathField)
        field.value = completed(field.value, self._listing.entries)
        field.cursor_position = len(field.value)

    @on(PathField.Left)
    def _to_list(self) -> None:
        self.query_one(FileTable).focus()

    @on(Input.Submitted)
    def _choose_typed(self) -> None:
        """Open the folder typed, or preview the file."""
        if self._looking:
            self._choosing = True
            return
        folder, name = self._typed
        listed = {entry.name: entry.path for entry in self._listing.entries}
        path = listed.get(name, folder / name)
        if os.path.isdir(path):
            self._go_to(Path(os.path.abspath(path)))
            self.query_one(FileTable).focus()
        else:
            self._preview([*self._marked, path])

    # Choosing

    @on(FileTable.Marked)
    def _mark(self, event: FileTable.Marked) -> None:
        if all(path in self._marked for path in event.files):
            for path in event.files:
                del self._marked[path]
        else:
            self._marked.update(dict.fromkeys(event.files))
        self._say()

    @on(FileTable.Chosen)
    def _choose(self, event: FileTable.Chosen) -> None:
        if event.entry.folder and not self._marked:
            self._go_to(event.entry.path)
        else:
            self._preview(list(self._marked) or [event.entry.path])

    @on(FileTable.Opened)
    def _open(self, event: FileTable.Opened) -> None:
        self._go_to(event.folder)

    @on(FileTable.Above)
    def _above(self) -> None:
        self._go_to(self._listing.folder.parent)

    @on(FileTable.Typing)
    def _type(self) -> None:
        field = self.query_one(PathField)
        self.set_focus(field)  # at once: what is typed next belongs there
        field.cursor_position = len(field.value)

    def _preview(self, files: Sequence[Path]) -> None:
        files = list(dict.fromkeys(files))
        if not any(is_project(path) for path in files):
            self.app.switch_screen(ImportScreen(files))
        elif len(files) == 1:
            self.app.switch_screen(ProjectImportScreen(files[0]))
        else:
            self.note("The project of another program is imported by itself: unmark the others.")

    def action_back(self) -> None:
        """Go back to the documents."""
        self.qualcode.show_documents()

    # Saying

    def _say(self) -> None:
        """Bring the list and the lines in line with what is typed and marked."""
        _, beginning = self._typed
        found = self._listing
        entries = matching(found.entries, beginning)
        self.query_one(FileTable).show(entries, self._marked)
        nothing = self.query_one("#nothing", Paper)
        nothing.display = not entries and not self._looking
        if found.problem:
            nothing.show(literal(found.problem))
        elif nothing.display:
            what = "begins so" if beginning else "can be read"
            nothing.show(literal(f"Nothing here {what}. Read are: {' '.join(self._endings)}"))
        n = len(self._marked)
        marked = f"{n} file{'s' if n != 1 else ''} marked"
        self.say_header("Import: choose transcripts, or a project", *([marked] if n else []))
        names = ", ".join(path.name for path in self._marked)
        self.note(f"marked: {names}" if names else "")
        self.say_keys()


def _written(folder: Path) -> str:
    """Give a folder as it is shown and typed, with a slash at its end."""
    text = shown(str(folder))
    return text if text.endswith("/") else text + "/"
