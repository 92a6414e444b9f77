"""How the screens ask the project: never on their own thread, and drawing only what was done.

A key becomes an act, the act goes to the writer, its result comes back as a message, and only then
is something drawn: what is on screen is stored. An act that could not be stored is kept, said so
(``NOT SAVED``), and tried again on request.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeAlias, TypeVar

from textual.app import App
from textual.message import Message
from textual.reactive import var
from textual.timer import Timer

from qualcode.errors import DiskFull, ProjectLocked, ProjectReadOnly, QualcodeError
from qualcode.tui.widgets.display import drawn
from qualcode.tui.writer import ProjectThread

if TYPE_CHECKING:
    from qualcode.project import Project

T = TypeVar("T")
Saving: TypeAlias = Literal["saved", "saving…", "NOT SAVED"]

NOT_NOW = (DiskFull, ProjectLocked, ProjectReadOnly)
"""Why something that is allowed could not be stored; trying again may help."""

UNTIL_DISMISSED = 7 * 24 * 3600.0
"""Seconds an error stays; a click takes it away."""


NOTICED = 0.15
"""Seconds an act may take before the screen says that it is being saved."""


@dataclass(frozen=True, slots=True)
class Act:
    """Something to be done to the project, and what is to be drawn once it is."""

    run: Callable[[Project], Any]
    drawn: Callable[[Any], None]
    refused: Callable[[], None]
    """Called where the project's rules forbid the act: what is shown may be out of date."""


class AskingApp(App[int]):
    """An app on one project file, read and written on two threads of its own."""

    ENABLE_COMMAND_PALETTE: ClassVar[bool] = True

    saving: var[Saving] = var[Saving]("saved")

    class Answered(Message):
        """The reader or the writer has done what was asked, or could not."""

        def __init__(self, future: Future[Any], act: Act, *, write: bool) -> None:
            super().__init__()
            self.future, self.act, self.write = future, act, write

    def __init__(self, path: Path, coder: str, **settings: Any) -> None:
        super().__init__(**settings)
        self.path, self.coder = path, coder
        self._painted = Event()
        """Set by the first frame, which is not to wait for the project to be opened."""

        self.reader = ProjectThread(path, "qualcode-reader", after=self._painted)
        self.writer = ProjectThread(path, "qualcode-writer", after=self._painted)
        self.reader.act_as(coder)
        self.writer.act_as(coder)
        self.unsaved: list[tuple[Act, str]] = []
        """Acts that could not be stored, in order, each with the reason."""

        self.messages: list[tuple[str, str]] = []
        """Everything said so far: severity and words, oldest first."""

        self._unanswered = 0
        self._telling: Timer | None = None

    def on_ready(self) -> None:
        """Begin with the project: the first frame is drawn."""
        self.call_after_refresh(self._painted.set)

    @property
    def busy(self) -> bool:
        """Whether anything asked of the writer has not been answered."""
        return self._unanswered > 0

    def read(
        self,
        question: Callable[[Project], T],
        drawn: Callable[[T], None],
        *,
        refused: Callable[[], None] | None = None,
    ) -> None:
        """Ask the project something; ``drawn`` gets the answer, on the screen's thread."""
        self._ask(self.reader, Act(question, drawn, refused or _nothing), write=False)

    def write(
        self,
        act: Callable[[Project], T],
        drawn: Callable[[T], None],
        *,
        refused: Callable[[], None] | None = None,
    ) -> None:
        """Have an act stored; ``drawn`` gets its result once it is."""
        self._ask(self.writer, Act(act, drawn, refused or _nothing), write=True)

    def try_again(self) -> None:
        """Have everything that could not be stored done again, in order."""
        waiting, self.unsaved = self.unsaved, []
        for act, _ in waiting:
            self._ask(self.writer, act, write=True)

    def tell(self, words: str) -> None:
        """Say something that passes."""
        self.messages.append(("information", words))
        self.notify(drawn(words), markup=False, timeout=4)

    def refuse(self, words: str) -> None:
        """Say why something is not done; the project is as it was."""
        self.messages.append(("warning", words))
        self.notify(drawn(words), markup=False, severity="warning", timeout=8)

    def complain(self, words: str) -> None:
        """Say something that stays until it is dismissed."""
        self.messages.append(("error", words))
        self.notify(drawn(words), markup=False, severity="error", timeout=UNTIL_DISMISSED)

    def on_asking_app_answered(self, event: Answered) -> None:
        """Draw what was done; tell what could not be. The one place where the app catches."""
        if event.write:
            self._unanswered -= 1
        error = event.future.exception()
        if event.write and isinstance(error, NOT_NOW):
            self.unsaved.append((event.act, str(error)))
            self.complain(f"NOT SAVED. {error} Ctrl+S tries again.")
        elif isinstance(error, QualcodeError):
            thread = self.writer if event.write else self.reader
            self.refuse(thread.words(str(error)))
            event.act.refused()
        elif error is not None:
            raise error
        else:
            event.act.drawn(event.future.result())
        self._tell_saving()

    def _ask(self, thread: ProjectThread, act: Act, *, write: bool) -> None:
        if write:
            self._unanswered += 1
            self._tell_saving()
        future = thread.ask(act.run)
        future.add_done_callback(
            lambda done: self.post_message(self.Answered(done, act, write=write)) and None
        )

    def _tell_saving(self) -> None:
        if self.unsaved:
            self.saving = "NOT SAVED"
        elif not self.busy:
            self.saving = "saved"
        elif self._telling is None:
            self._telling = self.set_timer(NOTICED, self._tell_slow)

    def _tell_slow(self) -> None:
        """Say so where saving takes long; an act that is soon stored does not flash."""
        self._telling = None
        if self.busy and not self.unsaved:
            self.saving = "saving…"


def _nothing() -> None:
    """Nothing to do."""
