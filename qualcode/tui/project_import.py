"""A project of another program on its way in: what is in it, what would be lost, and only then in.

How it may be read otherwise (what offsets count, which of several projects) is for the command.
"""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll

from qualcode.contents import ProjectContents
from qualcode.project import Project
from qualcode.reports.other_programs import name_of, read_project
from qualcode.reports.project_preview import brought_lines, previewed, project_lines
from qualcode.tui.keys import key
from qualcode.tui.list_screen import ListScreen
from qualcode.tui.literal import literal
from qualcode.tui.widgets.paper import Line, Paper
from qualcode.tui.widgets.sheet import Sheet


class ProjectImportScreen(ListScreen):
    """Look at the project; Enter brings it in whole, as one act.

    Args:
        path: The file, as ``other_programs.is_project`` knows it.
    """

    FOOTER = ("import.confirm", "import.finished", "app.back", "help.show", "app.palette")
    BINDINGS: ClassVar[list[BindingType]] = [
        key("import.confirm", "enter", "bring_in", "import", "Bring the project in, as one act",
            show=True),
        key("import.finished", "f", "finished", "finished marks",
            "Whether coders have finished each document they coded", show=True),
        key("view.page_down", "pagedown,space,down,j", "page(1)", "Page down", "A page down"),
        key("view.page_up", "pageup,up,k", "page(-1)", "Page up", "A page up"),
        key("app.back", "q,escape", "back", "back", "Back to the documents; nothing is imported",
            show=True),
    ]  # fmt: skip

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._contents: ProjectContents | None = None
        self._finished = False

    def compose(self) -> ComposeResult:
        yield Line(literal("Import: reading …"), id="header")
        with VerticalScroll(id="preview", can_focus=False):
            yield Paper(id="preview-text")
        yield Line(id="status")
        yield Line(id="keys")

    def on_mount(self) -> None:
        """Read the file; the frame is drawn meanwhile."""
        path, self._waits = self._path, True
        self.qualcode.read(
            lambda project: read_project(path, labels=project.speakers.known(), selections=True),
            self._opened,
            refused=self._unreadable,
        )
        self.say_keys()

    def on_resize(self) -> None:
        """Fit the lines."""
        self._say()

    def _opened(self, contents: ProjectContents) -> None:
        self._contents, self._waits = contents, False
        if self.left:
            return
        lines = project_lines(previewed(self._path.name, contents))
        self.query_one("#preview-text", Paper).show(literal("\n".join(lines)))
        self._say()

    def _unreadable(self) -> None:
        self._waits = False
        if not self.left:
            self.say_header(f"Import {self._path.name}", "cannot be read as it is")
            self.note("Other ways to read it: qualcode import --help. q goes back.")

    def _say(self) -> None:
        if self._contents is not None:
            self.say_header(f"Import {self._path.name}", "a project of another program")
            self.note(
                "Coders have finished what they coded: no code means absent."
                if self._finished
                else "Nobody has finished a document: no code means nothing is known."
            )
            self.say_keys()

    def action_finished(self) -> None:
        """Say whether coders have finished each document they coded."""
        self._finished = not self._finished
        self._say()

    def action_page(self, pages: int) -> None:
        """Read on, or back."""
        scroll = self.query_one("#preview", VerticalScroll)
        scroll.scroll_relative(y=pages * max(scroll.size.height - 1, 1), animate=False)

    def action_bring_in(self) -> None:
        """Bring the project in, and show what came and what did not."""
        contents, path, finished = self._contents, self._path, self._finished
        if contents is None:
            return
        self._contents, coder = None, self.qualcode.coder  # once

        def act(project: Project) -> str:
            me = project.coders.named(coder)
            brought = project.import_contents(
                contents, by=me, name=name_of(path), mark_finished=finished
            )
            return "\n".join(brought_lines(path, contents, brought, finished))

        def done(said: str) -> None:
            if not self.left:
                self.qualcode.show_documents()
                self.app.push_screen(Sheet(literal("Imported; u takes it back"), literal(said)))

        def refused() -> None:
            self._contents = contents

        self.qualcode.write(act, done, refused=refused)

    def action_back(self) -> None:
        """Go back to the documents."""
        self.qualcode.show_documents()
