"""A Chromium without a window, driven over its own protocol; it finds no host but 127.0.0.1."""

from __future__ import annotations

import asyncio
import base64
import os
import signal
import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp

PATIENCE = 20.0
"""Seconds the browser may take to do what is waited for, on a busy machine."""

KEYS = {"Enter": ("\r", 13), "Escape": ("", 27), "F5": ("", 116)}
"""Keys that are not letters: the text they make, and the number browsers give them."""


class Browser:
    """One page, and everything it asked for."""

    def __init__(self, connection: aiohttp.ClientWebSocketResponse) -> None:
        self._connection = connection
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._numbers, self._session = count(1), ""
        self.requests: list[str] = []
        """Every address that was asked for, in order."""

        self.complaints: list[str] = []
        """What the page's console holds of errors."""

        self.received = bytearray()
        """What came over the websocket: the drawing of the screens."""

    async def listen(self) -> None:
        """Take what the browser tells until it ends."""
        async for message in self._connection:
            told = message.json()
            if "id" in told:
                self._answers.pop(told["id"]).set_result(told)
                continue
            about = told["params"]
            match told["method"]:
                case "Network.requestWillBeSent":
                    self.requests.append(about["request"]["url"])
                case "Network.webSocketCreated":
                    self.requests.append(about["url"])
                case "Network.webSocketFrameReceived":
                    if about["response"]["opcode"] == 2:
                        self.received += base64.b64decode(about["response"]["payloadData"])
                case "Log.entryAdded":
                    self.complaints.append(about["entry"]["text"])
                case "Runtime.exceptionThrown":
                    self.complaints.append(str(about["exceptionDetails"]))

    async def ask(self, method: str, **about: Any) -> dict[str, Any]:
        """Have the browser do something, and give what it answers."""
        number = next(self._numbers)
        asked = {"id": number, "method": method, "params": about}
        if self._session:
            asked["sessionId"] = self._session
        self._answers[number] = answer = asyncio.get_running_loop().create_future()
        await self._connection.send_json(asked)
        told = await asyncio.wait_for(answer, PATIENCE)
        assert "error" not in told, told
        result: dict[str, Any] = told["result"]
        return result

    async def start(self) -> None:
        """Take the first page, and watch what it asks for."""
        pages = await self.ask("Target.getTargets")
        page = next(t["targetId"] for t in pages["targetInfos"] if t["type"] == "page")
        attached = await self.ask("Target.attachToTarget", targetId=page, flatten=True)
        self._session = attached["sessionId"]
        for what in ("Network", "Page", "Log", "Runtime"):
            await self.ask(f"{what}.enable")

    async def go(self, address: str) -> None:
        """Open an address."""
        await self.ask("Page.navigate", url=address)

    async def run(self, script: str) -> Any:
        """What a line of JavaScript gives in the page, as if a person had caused it."""
        told = await self.ask("Runtime.evaluate", expression=script, userGesture=True)
        return told["result"].get("value")

    async def press(self, *keys: str) -> None:
        """Press keys, one after another."""
        for key in keys:
            text, number = KEYS.get(key, (key, ord(key[0].upper())))
            about = {"key": key, "windowsVirtualKeyCode": number}
            await self.ask("Input.dispatchKeyEvent", type="keyDown", text=text, **about)
            await self.ask("Input.dispatchKeyEvent", type="keyUp", **about)

    async def wait(self, *words: str) -> None:
        """Wait until all of these words have been drawn."""
        await until(
            lambda: all(word.encode() in self.received for word in words),
            lambda: f"not drawn: {words}; complaints: {self.complaints}",
        )

    async def wait_for(self, script: str) -> None:
        """Wait until a line of JavaScript gives something true."""
        async with asyncio.timeout(PATIENCE):
            while not await self.run(script):
                await asyncio.sleep(0.05)


async def until(done: Callable[[], bool], otherwise: Callable[[], str]) -> None:
    """Wait until something holds; fail with what ``otherwise`` says."""
    try:
        async with asyncio.timeout(PATIENCE):
            while not done():
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise AssertionError(otherwise()) from None


@asynccontextmanager
async def chromium(program: str, folder: Path) -> AsyncIterator[Browser]:
    """A fresh browser, its profile in ``folder``; it is ended with all its processes."""
    command = [
        program, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
        "--no-first-run", "--remote-debugging-port=0", f"--user-data-dir={folder}",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "--window-size=1000,640",
        "about:blank",
    ]  # fmt: skip
    process = subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        told = folder / "DevToolsActivePort"
        await until(lambda: told.exists() and "\n" in told.read_text(), lambda: "no browser")
        port, path = told.read_text().splitlines()
        async with (
            aiohttp.ClientSession() as session,
            session.ws_connect(f"ws://127.0.0.1:{port}{path}", max_msg_size=0) as connection,
        ):
            browser = Browser(connection)
            listening = asyncio.create_task(browser.listen())
            try:
                await browser.start()
                yield browser
            finally:
                listening.cancel()
                await asyncio.wait([listening])
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
