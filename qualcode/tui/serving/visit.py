"""One visit: the process of the screens, from the opening of the page to its end.

``textual_serve`` starts an app through a shell, passes on whatever it asks of the browser, and
waits without limit for it to end; here it is started as it stands, may ask for nothing, and ends.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from textual_serve.app_service import AppService

DRIVER = "qualcode.tui.serving.driver:VisitDriver"

TO_QUIT = 3.0
"""Seconds the screens have to store what was asked for, once they are asked to leave."""


class Visit(AppService):
    """The screens for one visitor, in a process group of their own.

    Args:
        command: The program and its arguments.
        settings: What to do with output, and at the end; see ``AppService``.
    """

    def __init__(self, command: Sequence[str], **settings: Any) -> None:
        super().__init__("", **settings)
        self._argv = tuple(command)
        self._changing = asyncio.Lock()
        self._over = False
        self.leaving, self.gone = asyncio.Event(), asyncio.Event()
        """That the visitor has left; that the screens have, too."""

    def _build_environment(self, width: int = 80, height: int = 24) -> dict[str, str]:
        environment = super()._build_environment(width, height)
        # What is drawn goes to a browser, whatever terminal the server was started on.
        drawing = {"TEXTUAL_DRIVER": DRIVER, "TERM": "xterm-256color", "PYTHONIOENCODING": "utf-8"}
        return environment | drawing

    async def _open_app_process(self, width: int = 80, height: int = 24) -> Process:
        self._process = process = await asyncio.create_subprocess_exec(
            *self._argv,
            stdin=PIPE,
            stdout=PIPE,
            env=self._build_environment(width, height),
            start_new_session=True,  # so that all of it can be ended, and Ctrl+C is the server's
        )
        self._stdin = process.stdin
        return process

    async def start(self, width: int, height: int) -> None:
        """Start the screens, unless the visit is over already.

        Args:
            width: Columns of the visitor's window.
            height: Its rows.
        """
        async with self._changing:
            if not self._over:
                await super().start(width, height)

    async def run(self) -> None:
        """Hand on what is drawn until the screens end, then close the connection."""
        assert self._process is not None
        assert self._process.stdout is not None
        try:
            await self._hand_on(self._process.stdout)
        finally:
            await self.remote_close()

    async def _hand_on(self, drawn: asyncio.StreamReader) -> None:
        while await drawn.readline() not in (b"__GANGLION__\n", b""):
            pass  # before this line nothing is drawn
        with suppress(asyncio.IncompleteReadError):  # the end
            while True:
                kind = await drawn.readexactly(1)
                payload = await drawn.readexactly(int.from_bytes(await drawn.readexactly(4), "big"))
                if kind == b"D":
                    await self.on_data(payload)
                elif kind == b"M":
                    await self.on_meta(payload)

    async def on_data(self, payload: bytes) -> None:
        """Show what was drawn. Without a reader the screens could not go on to their end."""
        with suppress(ConnectionResetError):
            await super().on_data(payload)

    async def on_meta(self, data: bytes) -> None:
        """Heed the end, and nothing else: no page is opened and no file is sent."""
        if json.loads(data)["type"] == "exit":
            await super().on_meta(data)

    async def stop(self) -> None:
        """End the screens: asked to, then killed. Returns when nothing of them is left."""
        # Whoever waits may be cancelled; the end must not be.
        await asyncio.shield(asyncio.ensure_future(self._stop()))

    async def _stop(self) -> None:
        async with self._changing:
            self._over = True
            if self._process is not None and self._task is not None:
                await self.send_meta({"type": "quit"})
                self.stdin.close()
                if not await _ended(self._process):
                    with suppress(ProcessLookupError):
                        os.killpg(self._process.pid, signal.SIGKILL)
                    await _ended(self._process)
                self._task.cancel()
                await asyncio.wait([self._task])
                self._task = None


async def _ended(process: Process) -> bool:
    """Wait for the end of a process, so long as is bearable."""
    with suppress(TimeoutError):
        await asyncio.wait_for(process.wait(), TO_QUIT)
    return process.returncode is not None
