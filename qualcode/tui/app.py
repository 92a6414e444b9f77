"""The app: opens the project, moves between screens, and stays silent about what people said.

A screen is imported when it is first gone to: the first one shall not wait for numpy and reports.

Its crash report names places in this program, never the text that was on screen.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from asyncio import get_running_loop, to_thread
from collections.abc import Callable, Iterable
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.app import SystemCommand
from textual.binding import BindingType
from textual.command import Provider
from textual.content import Content
from textual.screen import Screen

from qualcode.tui.asking import AskingApp, T
from qualcode.tui.commands import ActionsProvider, Palette
from qualcode.tui.documents import ProjectScreen
from qualcode.tui.keys import EVERYWHERE, every_binding, key, key_rows, key_sheet
from qualcode.tui.literal import literal
from qualcode.tui.look import OUTSIDE, Look, keep_look, kept_look, theme
from qualcode.tui.own_keys import keys_file, own_keys
from qualcode.tui.rounds import comparable_rounds
from qualcode.tui.screen import QualcodeScreen
from qualcode.tui.widgets.ink import cursor_colours

if TYPE_CHECKING:
    from qualcode.model import Round, Span
    from qualcode.project import Project
    from qualcode.tui.reading import ReadingPlaces


class QualcodeApp(AskingApp):
    """The screens on one project, for one coder."""

    TITLE = "qualcode"
    CSS_PATH = "app.tcss"
    COMMANDS: ClassVar[set[type[Provider]]] = {ActionsProvider}  # type: ignore[assignment]
    COMMAND_PALETTE_BINDING = "ctrl+p"
    BINDINGS: ClassVar[list[BindingType]] = [
        key("screen.project", "f5", "project", "Project", "The documents of the project"),
        key("screen.codebook", "f6", "codebook", "Codebook", "The codes: read them, change them"),
        key(
            "screen.agreement", "f7", "agreement", "Agreement", "How far the coders agree, by code"
        ),
        key("screen.themes", "f8", "themes", "Themes", "How often each code comes up, in bars"),
        key("screen.search", "f9", "search", "Search", "Where something was said"),
        key("message.show", "f12", "messages", "Messages", "What was said; puts messages away"),
        key(
            "view.theme",
            "T",
            "theme",
            "Light or dark",
            "Light screens or dark ones; also next time",
        ),
        key("help.show", "question_mark,f1", "help", "help", "The keys that work here", show=True),
        key("app.palette", "ctrl+p", "command_palette", "palette", "Find an act by its name"),
        key("app.quit", "ctrl+q", "quit", "Quit", "Quit, once everything is saved"),
    ]

    def __init__(
        self,
        path: Path,
        *,
        coder: str,
        document: str | None = None,
        mouse: bool = True,
        adjudicate: tuple[str, str | None] | None = None,
    ) -> None:
        # A theme chosen later leaves Textual's grey filter on, so NO_COLOR is heeded here.
        super().__init__(path, coder, ansi_color=True if os.environ.get("NO_COLOR") else None)
        look, self._look_problem = kept_look()
        # 16 colours: mixed ones would all become one grey
        self._few_colours = self.console.color_system == "standard"
        if look is not None or self._few_colours:
            self._show(look or ("dark" if self.current_theme.dark else "light"))
        self.mouse = mouse
        self._first, self._adjudicate = document, adjudicate
        self._comparable: str | None = None
        """Id of the round to compare or adjudicate; None where none may be seen."""

        self._leaving = self._reported = False
        self._question: Screen[bool] | None = None
        """Whether to leave, asked last."""

        self.found: dict[str, tuple[Span, ...]] = {}
        """Document id → hits of the last search, in text order."""

        self.dismissed: set[tuple[str, int, int, str]] = set()
        """Suggestions put away: document id, start, stop, code id."""

    def _show(self, look: Look) -> None:
        self.theme = theme(look, ansi=self._few_colours)

    def get_css_variables(self) -> dict[str, str]:
        """The theme's colours, those of the row at a list's cursor our own."""
        variables = super().get_css_variables()
        if not self.current_theme.ansi:
            variables |= cursor_colours(variables)
        return variables

    def on_mount(self) -> None:
        """Draw the first frame; the project is opened behind it."""
        self._take_own_keys()
        if self._look_problem:
            self.complain(self._look_problem)
        if not self.is_headless:
            self._heed_signals()
        if self._first is None:
            self.push_screen(ProjectScreen())
        else:
            from qualcode.tui.coding import CodingScreen

            self.push_screen(CodingScreen(self._first))
        if self._adjudicate is not None:
            from qualcode.tui.adjudication import AdjudicationScreen

            self.push_screen(AdjudicationScreen(*self._adjudicate))
        self.look_for_rounds()

    def _heed_signals(self) -> None:
        """Leave in good order where the program is ended or its terminal closed."""
        if sys.platform != "win32":
            get_running_loop().add_signal_handler(signal.SIGTERM, self.exit, 128 + signal.SIGTERM)
            # Not through the loop: it may already be waiting to write to a terminal that is gone.
            signal.signal(
                signal.SIGHUP, lambda *_: Thread(target=self._terminal_gone, daemon=True).start()
            )

    def _terminal_gone(self) -> None:
        """End without a last frame, for nobody sees it, once all that was asked for is stored."""
        try:
            for thread in (self.writer, self.reader):
                thread.close()
            for screen in self.screen_stack:
                if isinstance(screen, QualcodeScreen):
                    screen.keep_place()
        finally:
            os._exit(128 + signal.SIGHUP)

    async def on_unmount(self) -> None:
        """Wait for what is being stored, then let the project go."""
        for thread in (self.writer, self.reader):
            await to_thread(thread.close)

    def _take_own_keys(self) -> None:
        if not keys_file().exists():
            return  # bindings of every screen are needed only to check the file
        sections = every_binding()
        everywhere = sections.pop(EVERYWHERE)
        keymap, problems = own_keys(
            {name.lower(): [*bindings, *everywhere] for name, bindings in sections.items()}
        )
        self.set_keymap(keymap)
        for problem in problems:
            self.complain(problem)

    def places(self, project_id: str) -> ReadingPlaces:
        """How far this coder has read in this project."""
        from qualcode.tui.reading import ReadingPlaces

        return ReadingPlaces(project_id, self.coder)

    def write(
        self,
        act: Callable[[Project], T],
        drawn: Callable[[T], None],
        *,
        refused: Callable[[], None] | None = None,
    ) -> None:
        """Have an act stored; the texts that lie below are read anew when they are come back to."""
        from qualcode.tui.coding import CodingScreen

        screens = [screen for screen in self.screen_stack if not screen.is_modal]
        for below in screens[:-1]:
            if isinstance(below, CodingScreen):
                below.outdated = True
        super().write(act, drawn, refused=refused)

    def open_document(self, document_id: str, position: int | None = None) -> None:
        """Show a document on the coding screen, where it is not open below already."""
        from qualcode.tui.coding import CodingScreen

        below = self.screen_stack[-2]
        if isinstance(below, CodingScreen) and below.shows(document_id):
            self.pop_screen()
            below.text.go_to(position or 0)
        else:
            self.push_screen(CodingScreen(document_id=document_id, position=position))

    def look_for_rounds(self) -> None:
        """Learn which rounds may be compared by now."""
        self.read(lambda project: comparable_rounds(project.rounds.list()), self._rounds_found)

    def _rounds_found(self, rounds: list[Round]) -> None:
        self._comparable = rounds[-1].id if rounds else None
        self.screen.refresh_bindings()

    @property
    def may_compare(self) -> bool:
        """Whether figures and disagreements may be seen: not by who is coding an open blind round.

        Nor by anybody while there is no round but such ones.
        """
        ours = [screen for screen in self.screen_stack if isinstance(screen, QualcodeScreen)]
        return self._comparable is not None and not any(screen.blind for screen in ours)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer agreement and adjudication only where nothing of them is blind.

        Nor another look where there are no colours.
        """
        if action in ("agreement", "adjudicate"):
            return self.may_compare
        if action == "theme":
            return not self.ansi_color or self._few_colours
        return super().check_action(action, parameters)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Nothing of Textual's own: its *Screenshot* would write a transcript to the disk."""
        return ()

    def watch_saving(self) -> None:
        """Leave, once everything is saved and leaving was asked for."""
        if self._leaving and self.saving == "saved":
            self.exit(0)
        elif self.saving == "NOT SAVED":
            self._leaving = False

    # Actions

    def action_project(self) -> None:
        """Go back to the list of documents; an import that is not decided yet is asked about."""
        from qualcode.tui.importing import ImportScreen

        if isinstance(self.screen, ImportScreen) and self.screen.loses:
            self.screen.action_back()
        else:
            self.show_documents()

    def action_codebook(self) -> None:
        """Show the codebook."""
        from qualcode.tui.codebook import CodebookScreen

        if not isinstance(self.screen, CodebookScreen):
            self.push_screen(CodebookScreen())

    def action_search(self) -> None:
        """Look for what was said."""
        from qualcode.tui.search import SearchScreen

        if not isinstance(self.screen, SearchScreen):
            self.push_screen(SearchScreen())

    def action_agreement(self) -> None:
        """Show how far the coders agree."""
        from qualcode.tui.agreement import AgreementScreen

        if not isinstance(self.screen, AgreementScreen):
            self.push_screen(AgreementScreen())

    def action_themes(self) -> None:
        """Show how often each code comes up."""
        from qualcode.tui.themes import ThemesScreen

        if not isinstance(self.screen, ThemesScreen):
            self.push_screen(ThemesScreen())

    def action_adjudicate(self) -> None:
        """Show where the coders of the last round that may be seen disagree."""
        if self._comparable is not None:
            from qualcode.tui.adjudication import AdjudicationScreen

            self.push_screen(AdjudicationScreen(self._comparable))

    def action_theme(self) -> None:
        """Make the screens light, or dark; they are so next time, too."""
        look: Look = "light" if self.current_theme.dark else "dark"
        self._show(look)
        try:
            keep_look(look)
        except OSError:  # only the convenience is lost
            self.tell("The look could not be remembered for the next time.")
        if os.environ.get(OUTSIDE):
            self.tell(f"Next time {OUTSIDE} decides again.")

    def show_documents(self) -> None:
        """Show the list of documents."""
        if not any(isinstance(screen, ProjectScreen) for screen in self.screen_stack):
            self.switch_screen(ProjectScreen())
        while not isinstance(self.screen, ProjectScreen):
            self.pop_screen()

    def action_help(self) -> None:
        """Show the keys that work on this screen."""
        from qualcode.tui.widgets.sheet import Sheet

        active = [a.binding for a in self.screen.active_bindings.values()]
        self.push_screen(Sheet(literal("Keys"), key_sheet(key_rows(active), self.size.width)))

    def action_messages(self) -> None:
        """Show everything said so far, the latest first."""
        from qualcode.tui.widgets.sheet import Sheet

        self.clear_notifications()
        lines = [f"{'!' if kind == 'error' else ' '} {words}" for kind, words in self.messages]
        body = "\n".join(reversed(lines)) or "Nothing was said yet."
        self.push_screen(Sheet(literal("Messages"), literal(body)))

    def action_command_palette(self) -> None:
        """Open the palette."""
        if not isinstance(self.screen, Palette):
            self.push_screen(Palette(id="--command-palette"))

    async def action_quit(self) -> None:
        """Leave once everything is stored; ask where something typed or done would be lost."""
        if self._question in self.screen_stack:
            return
        lost = [words for screen in self.screen_stack if (words := getattr(screen, "loses", ""))]
        if lost:
            self._ask_to_leave(
                literal("Quit without saving?"), "\n".join(lost), "quit", self._leave
            )
        else:
            self._leave()

    def _leave(self) -> None:
        if self.unsaved:
            reasons = "\n".join(f"  {reason}" for _, reason in self.unsaved)
            self._ask_to_leave(
                literal("NOT SAVED", "bold reverse"),
                f"{len(self.unsaved)} of your acts could not be stored:\n{reasons}",
                "leave and lose them",
                lambda: self.exit(1),
            )
        elif self.busy:
            self._leaving = True
            self.saving = "saving…"  # at once: leaving waits for what follows it
        else:
            self.exit(0)

    def _ask_to_leave(self, title: Content, body: str, yes: str, leave: Callable[[], None]) -> None:
        from qualcode.tui.widgets.confirm import Confirm

        self._question = Confirm(title, literal(body), literal(yes))
        self.push_screen(self._question, lambda sure: leave() if sure else None)

    # Crashes

    def _fatal_error(self) -> None:
        """Report a bug of ours without the values Textual would print: they are transcripts."""
        if not self._reported:  # what fails on the way out follows from the first
            self._reported = True
            self.bell()
            self.panic(crash_report(sys.exc_info()[1]))


def crash_report(error: BaseException | None) -> Text:
    """Name the error and where it happened; no message, no values, no source lines."""
    lines = [
        "qualcode has stopped because of a bug. Everything shown as saved is saved.",
        "This report holds no text of your project:",
    ]
    while error is not None:
        for frame in traceback.extract_tb(error.__traceback__):
            lines.append(f"  {Path(frame.filename).name}:{frame.lineno} in {frame.name}")
        lines.append(f"  {type(error).__name__}")
        error = error.__cause__
        lines += ["because of"] if error is not None else []
    return Text("\n".join(lines))


def run(
    project: Path,
    *,
    coder: str,
    document: str | None = None,
    mouse: bool = True,
    adjudicate: tuple[str, str | None] | None = None,
) -> int:
    """Show the screens until the coder leaves.

    Args:
        project: The project file.
        coder: Name of a coder of the project.
        document: Open this one at once.
        mouse: Whether the mouse is ours, or the terminal's.
        adjudicate: Ids of a round and a code (None: all) whose disagreements to open at once.

    Returns:
        The exit code.
    """
    app = QualcodeApp(project, coder=coder, document=document, mouse=mouse, adjudicate=adjudicate)
    code = app.run(mouse=mouse)
    return code or app.return_code or 0
