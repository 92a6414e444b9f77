"""What the screens with a list have in common: a header, a line for what happened, the keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from textual.widgets import Input

from qualcode.tui.keys import key_name
from qualcode.tui.literal import clipped, literal
from qualcode.tui.screen import QualcodeScreen
from qualcode.tui.widgets.paper import Line
from qualcode.tui.widgets.status_line import GAP, footer, joined

if TYPE_CHECKING:
    from qualcode.project import Project


class ListScreen(QualcodeScreen):
    """A screen with rows ``#header``, ``#status`` and ``#keys``."""

    FOOTER: ClassVar[tuple[str, ...]] = ()
    """Ids of what the footer names, by importance."""

    _waits = False

    @property
    def waits(self) -> bool:
        """Whether something that is to be shown here is still being read."""
        return self._waits

    def action_retry(self) -> None:
        """Try again to store what could not be."""
        self.qualcode.try_again()

    def action_history(self, way: Literal["undo", "redo"]) -> None:
        """Take back this coder's latest act, or repeat what was taken back, whatever it was."""
        coder = self.qualcode.coder

        def act(project: Project) -> str:
            step = project.history.undo if way == "undo" else project.history.redo
            done = step(project.coders.named(coder))
            return project.layer.words(f"{'Undone' if way == 'undo' else 'Redone'}: {done.told}.")

        self.qualcode.write(act, self.stepped, refused=self.stepped)

    def stepped(self, words: str = "") -> None:
        """Show everything as it now is and say what was taken back; no words if nothing was."""
        raise NotImplementedError

    def action_back(self) -> None:
        """Go back to where this was called from."""
        self.app.pop_screen()

    def on_descendant_focus(self) -> None:
        """Other keys work now."""
        self.call_after_refresh(self.say_keys)

    def on_descendant_blur(self) -> None:
        """Keys of what was hidden work no more."""
        if not self.left:
            self.call_after_refresh(self.say_keys)

    def note(self, words: str) -> None:
        """Say something in the status line; nothing once the researcher has gone back."""
        if self.left:
            return
        self.query_one("#status", Line).show(literal(clipped(words, self.size.width), "bold"))

    def say_header(self, title: str, *facts: str) -> None:
        """Say what is open; the title gives way where room is short."""
        rest = joined([literal(fact) for fact in facts])
        room = max(self.size.width - rest.cell_length - len(GAP), 0)
        self.query_one("#header", Line).show(joined([literal(clipped(title, room), "bold"), rest]))

    def say_keys(self) -> None:
        """Name the keys that work here now, the important ones first, as many as fit."""
        bound = {
            active.binding.id: active.binding
            for active in reversed(self.active_bindings.values())
            if active.enabled
        }
        typing = isinstance(self.focused, Input)
        keys = [
            (short(name), binding.description)
            for id_ in self.FOOTER
            if (binding := bound.get(id_)) is not None
            and not (len(name := key_name(binding.key)) == 1 and name.isprintable() and typing)
        ]
        self.query_one("#keys", Line).show(footer(keys, self.size.width))


def short(name: str) -> str:
    """How the footer calls a key: ``tab``, ``^p``; letters keep their case."""
    return name if len(name) == 1 else name.lower().replace("ctrl+", "^")
