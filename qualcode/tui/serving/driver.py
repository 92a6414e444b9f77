"""How the screens draw and are told keys when a server is their terminal: through its pipes.

Textual's own driver stays, and works on without end, where the server has died.
"""

from __future__ import annotations

import os
from typing import Any

from textual.app import App
from textual.drivers.web_driver import WebDriver
from textual.messages import ExitApp


class VisitDriver(WebDriver):
    """Textual's driver for browsers, which leaves when nobody is at the other end."""

    def __init__(self, app: App[Any], **settings: Any) -> None:
        super().__init__(app, **settings)
        self._alone = False
        self._write = self._send  # type: ignore[assignment]

    def run_input_thread(self) -> None:
        """Take input until there is no more, then leave as if that had been asked for."""
        super().run_input_thread()
        if not self.exit_event.is_set():
            self._app.post_message(ExitApp())

    def _send(self, data: bytes) -> None:
        """Write all of it; a signal may come in between. Nothing once nobody reads."""
        rest = memoryview(data)
        try:
            while rest and not self._alone:
                rest = rest[os.write(self.fileno, rest) :]
        except BrokenPipeError:
            self._alone = True
            self._app.post_message(ExitApp())
