"""What lies over a screen for a moment: a sheet, a question, a picker. Quitting works there too."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.screen import ModalScreen, ScreenResultType

QUIT = Binding("ctrl+q", "app.quit", "Quit", show=False, id="app.quit")
"""Textual lets no key of the app through a modal screen; the id lets own keys reach this one."""


class Dialogue(ModalScreen[ScreenResultType]):
    """Laid over a screen until it is answered or put away."""

    BINDINGS: ClassVar[list[BindingType]] = [QUIT]

    @property
    def loses(self) -> str:
        """What would be lost if the researcher left now, in a sentence; "" for nothing."""
        return ""
