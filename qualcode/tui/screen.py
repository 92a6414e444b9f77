"""What every screen has: its app, and what the app asks of it without knowing which it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual.screen import Screen

if TYPE_CHECKING:
    from qualcode.tui.app import QualcodeApp


class QualcodeScreen(Screen[None]):
    """A screen on the project that is open."""

    @property
    def qualcode(self) -> QualcodeApp:
        """The app this screen belongs to."""
        return cast("QualcodeApp", self.app)

    @property
    def left(self) -> bool:
        """Whether the researcher has gone back: answers that come now draw nothing."""
        return self not in self.app.screen_stack

    @property
    def blind(self) -> bool:
        """Whether an open blind round is coded here."""
        return False

    @property
    def loses(self) -> str:
        """What would be lost if the researcher left now, in a sentence; "" for nothing."""
        return ""

    def keep_place(self) -> None:
        """Store where the coder is in a text, where one is shown."""
