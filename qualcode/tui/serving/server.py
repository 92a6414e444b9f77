"""The server: listens on 127.0.0.1 until it is ended, and gives one visitor at a time the screens.

Built on ``textual_serve``, whose pages and protocol it uses. What that leaves open is decided here
and beside: who comes in (``door``), what a visit is and how it ends (``visit``).
"""

from __future__ import annotations

import asyncio
import json
import logging
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from errno import EADDRINUSE
from pathlib import Path

from aiohttp import WSCloseCode, WSMsgType, web
from aiohttp.http import HttpProcessingError
from textual_serve.app_service import AppService
from textual_serve.server import Server, to_int

from qualcode.errors import QualcodeError
from qualcode.text.safe import shown
from qualcode.tui.serving.door import HOST, Door
from qualcode.tui.serving.visit import Visit

PAGE = Path(__file__).parent / "page"

RELOADING = 1.0
"""Seconds a page that is loaded anew may still be connected as what it was before."""

TO_PART = 2.0
"""Seconds a browser has to confirm that a connection is closed."""

LARGEST = 1000
"""Columns or rows of a window; more is a mistake."""

log = logging.getLogger("qualcode.serving")
"""Told of bugs of ours, by the place."""

OCCUPIED = (
    b"The screens are open in another window or tab already.\r\n"
    b"Close them there, or go on there.\r\n"
)


class ScreensServer(Server):
    """Serves the screens that a command shows.

    Args:
        command: The program and its arguments; no shell reads them.
        title: What the page is called.
        port: The port on 127.0.0.1 that is listened to.
    """

    def __init__(self, command: Sequence[str], *, title: str, port: int) -> None:
        super().__init__("", host=HOST, port=port, title=shown(title), templates_path=PAGE)
        self.door = Door(port)
        self._argv = tuple(command)
        self._visit: Visit | None = None
        self._connections: set[web.WebSocketResponse] = set()
        self._closing = False

    async def runner(self) -> web.AppRunner:
        """What answers: everything below the room of the door, the token exchanged outside of it.

        It keeps no log of requests, for the first one holds the token.
        """
        inner = await self._make_app()
        inner.router.add_static("/page", PAGE)
        outer = web.Application(middlewares=[self.door.admit])
        outer.on_response_prepare.append(self.door.guard)
        outer.router.add_get("/", self.door.enter)
        outer.add_subapp(self.door.room, inner)
        return web.AppRunner(outer, access_log=None, logger=log, shutdown_timeout=TO_PART)

    async def on_startup(self, app: web.Application) -> None:
        """Say nothing: what is to be said, whoever started the server does."""

    async def on_shutdown(self, app: web.Application) -> None:
        """Part from every visitor, then wait for the screens to end."""
        self._closing = True
        partings = [part(c, WSCloseCode.GOING_AWAY) for c in self._connections]
        await asyncio.gather(*partings)
        if self._visit is not None:
            await self._visit.stop()

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """Give the visitor the screens, or say that somebody else has them."""
        connection = web.WebSocketResponse(heartbeat=15, timeout=TO_PART)
        await connection.prepare(request)
        self._connections.add(connection)
        try:
            with suppress(ConnectionResetError):  # they may leave at any time
                if not await self._is_free():
                    await connection.send_bytes(OCCUPIED)
                    await part(connection, WSCloseCode.TRY_AGAIN_LATER)
                elif not self._closing:
                    await self._receive(connection, request)
        finally:
            self._connections.discard(connection)
        return connection

    async def _is_free(self) -> bool:
        """Whether nobody has the screens; who is just leaving is waited for."""
        before = self._visit
        if before is not None:
            with suppress(TimeoutError):
                await asyncio.wait_for(before.leaving.wait(), RELOADING)
                await before.gone.wait()
        return self._visit is None

    async def _receive(self, connection: web.WebSocketResponse, request: web.Request) -> None:
        visit = self._visit = Visit(
            self._argv,
            write_bytes=connection.send_bytes,
            write_str=connection.send_str,
            close=lambda: part(connection, WSCloseCode.OK),
            download_manager=self.download_manager,
        )
        width, height = (to_int(request.query.get(side, ""), 0) for side in ("width", "height"))
        if not _is_size(width, height):
            width, height = 80, 24
        try:
            await visit.start(width, height)
            await self._process_messages(connection, visit)
        finally:
            visit.leaving.set()
            try:
                await visit.stop()
            finally:
                self._visit = None
                visit.gone.set()

    async def _process_messages(
        self, websocket: web.WebSocketResponse, app_service: AppService
    ) -> None:
        """Pass on keys and sizes until the connection ends; part from who sends anything else."""
        async for message in websocket:
            if message.type is not WSMsgType.TEXT:
                await part(websocket, WSCloseCode.UNSUPPORTED_DATA)
                return
            try:
                match json.loads(message.data):
                    case ["stdin", str(keys)]:
                        await app_service.send_bytes(keys.encode("utf-8", "replace"))
                    case ["resize", {"width": int(width), "height": int(height)}] if _is_size(
                        width, height
                    ):
                        await app_service.set_terminal_size(width, height)
                    case ["ping", str(sent)]:
                        await websocket.send_json(["pong", sent])
                    case ["focus"]:
                        await app_service.focus()
                    case ["blur"]:
                        await app_service.blur()
                    case _:
                        raise ValueError
            except (ValueError, RecursionError):
                await part(websocket, WSCloseCode.INVALID_TEXT)
                return

    async def listen(self, listening: socket.socket, ready: Callable[[str], None]) -> None:
        """Answer until SIGINT, SIGTERM or SIGHUP; then leave nothing behind.

        Args:
            listening: A socket bound to our address.
            ready: Told the address to open, once it is answered.
        """
        ended = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, ended.set)
        runner = await self.runner()
        await runner.setup()
        try:
            await web.SockSite(runner, listening).start()
            ready(self.door.address)
            await ended.wait()
        finally:
            await runner.cleanup()


def _is_ours(record: logging.LogRecord) -> bool:
    """Whether it is told of a bug: not of a request that is none, which would be told in full."""
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, HttpProcessingError)


log.addFilter(_is_ours)


def _is_size(width: int, height: int) -> bool:
    return 0 < width <= LARGEST and 0 < height <= LARGEST


async def part(connection: web.WebSocketResponse, code: WSCloseCode) -> None:
    """Close a connection, whether or not the other side does its part."""
    with suppress(TimeoutError, ConnectionResetError):
        await asyncio.wait_for(connection.close(code=code), TO_PART + 1)


def serve(project: Path, *, coder: str, port: int | None, ready: Callable[[str], None]) -> None:
    """Serve the screens on a project until the process is asked to end.

    Args:
        project: The project file.
        coder: Name of a coder of the project.
        port: To listen to on 127.0.0.1; None for one that is free.
        ready: Told the address to open, token included, once it is answered.

    Raises:
        QualcodeError: Something else listens to that port, or it may not be used.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listening:
        # What was served there a moment ago must not keep it from being served again.
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((HOST, port or 0))
        except OSError as error:
            why = "is taken" if error.errno == EADDRINUSE else "may not be used"
            raise QualcodeError(
                f"Port {port} {why}. Name another with --port, or leave it out for a free one."
            ) from error
        # -P: a folder with a project may hold a file called json.py, which is not to be run.
        command = [sys.executable, "-P", "-m", "qualcode.tui.serving.screens"]
        server = ScreensServer(
            [*command, str(project.absolute()), coder],
            title=project.name,
            port=listening.getsockname()[1],
        )
        asyncio.run(server.listen(listening, ready))
