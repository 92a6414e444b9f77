"""Who comes in when the screens are served, and how a visit ends. The screens here are a stand-in."""

from __future__ import annotations

import asyncio
import json
import os
import re
import socket
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from time import monotonic
from typing import Any

import aiohttp
import pytest
from aiohttp import web

import qualcode
from qualcode.tui.serving import visit
from qualcode.tui.serving.server import OCCUPIED, ScreensServer
from tests.tui.conftest import Study

ROOT = str(Path(qualcode.__file__).parent.parent)

SCREENS = """
import json, os, signal, subprocess, sys, time

def tell(kind, words):
    os.write(1, kind + len(words).to_bytes(4, "big") + words)

os.write(1, b"__GANGLION__\\n")
tell(b"D", json.dumps([os.getpid(), os.environ["COLUMNS"], sys.argv[1:]]).encode())
if "stubborn" in sys.argv:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    child = subprocess.Popen(["sleep", "60"])
    tell(b"D", json.dumps(child.pid).encode())
    time.sleep(60)
if "forward" in sys.argv:
    tell(b"M", b'{"type": "open_url", "url": "http://example.org/", "new_tab": true}')
    tell(b"M", b'{"type": "deliver_file_start", "key": "k", "path": "/etc/passwd"}')
    tell(b"D", b"asked")
if "failing" in sys.argv:
    sys.exit(1)
while head := sys.stdin.buffer.read(5):
    words = sys.stdin.buffer.read(int.from_bytes(head[1:], "big"))
    tell(b"D", head[:1] + words)
tell(b"D", b"the end")
"""
"""Draws its number, width and arguments, then whatever it is told, until there is no more."""


class Served:
    """A server in this process, and a client that may say what it likes."""

    def __init__(
        self, server: ScreensServer, client: aiohttp.ClientSession, runner: web.AppRunner
    ) -> None:
        self.door, self._client, self.end = server.door, client, runner.cleanup
        self.token = self.door.address.partition("=")[2]
        self.room = self.door.room + "/"
        self.cookie = ""

    async def get(self, path: str, **headers: str) -> aiohttp.ClientResponse:
        """Ask for a path below our address, redirects left alone."""
        asked = self._client.get(
            self.door.origin + path, headers=self._with(headers), allow_redirects=False
        )
        async with asked as answer:
            await answer.read()
            return answer

    @asynccontextmanager
    async def visit(
        self, origin: str | None = None
    ) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
        """Connect to the screens as the page does, or as another origin."""
        async with self._client.ws_connect(
            f"{self.door.origin}{self.room}ws?width=100&height=30",
            origin=origin or self.door.origin,
            headers=self._with({}),
        ) as visitor:
            yield visitor

    async def connect(self, origin: str | None = None) -> None:
        """Connect, and leave."""
        async with self.visit(origin):
            pass

    async def enter(self) -> None:
        """Exchange the token for the cookie; it is shown from now on."""
        answer = await self.get(f"/?token={self.token}")
        self.cookie = answer.headers["Set-Cookie"].partition(";")[0]

    def _with(self, headers: Mapping[str, str]) -> dict[str, str]:
        return ({"Cookie": self.cookie} if self.cookie else {}) | dict(headers)


@asynccontextmanager
async def serving(*words: str) -> AsyncIterator[Served]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        command = [sys.executable, "-S", "-c", SCREENS, *words]
        server = ScreensServer(command, title="<i>.qualcode", port=listening.getsockname()[1])
        runner = await server.runner()
        await runner.setup()
        await web.SockSite(runner, listening).start()
        try:
            jar = aiohttp.DummyCookieJar()
            async with aiohttp.ClientSession(cookie_jar=jar) as client:
                yield Served(server, client, runner)
        finally:
            await runner.cleanup()


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    async with serving() as served:
        yield served


async def drawn(visitor: aiohttp.ClientWebSocketResponse) -> Any:
    """What the stand-in draws next: first its number, its width and its arguments."""
    return json.loads(await visitor.receive_bytes())


async def gone(number: int) -> bool:
    """Whether a process ends while one waits."""

    def runs() -> bool:
        try:
            os.kill(number, 0)
        except ProcessLookupError:
            return False
        with suppress(FileNotFoundError):
            # What has ended stays in the list until its parent has looked at it.
            return ") Z" not in Path(f"/proc/{number}/stat").read_text(encoding="ascii")
        return True

    end = monotonic() + 10
    while runs() and monotonic() < end:
        await asyncio.sleep(0.02)
    return not runs()


# Who comes in


@pytest.mark.parametrize("query", ["", "?token=", "?token=wrong", "?token=%C3%BC%FF", "?Token={}"])
async def test_without_the_token_nobody_comes_in(served: Served, query: str) -> None:
    answer = await served.get(f"/{query.format(served.token)}")
    assert answer.status == 403
    assert "Set-Cookie" not in answer.headers


async def test_the_token_is_exchanged_for_a_cookie_that_pages_cannot_read(served: Served) -> None:
    answer = await served.get(f"/?token={served.token}")
    words = await answer.text()
    assert answer.status == 200
    assert f'content="0;url={served.room}"' in words
    assert served.token not in words + str(answer.headers)
    _, *rules = answer.headers["Set-Cookie"].split("; ")
    assert sorted(rules) == ["HttpOnly", f"Path={served.door.room}", "SameSite=Strict"]


async def test_the_token_opens_nothing_but_the_entrance(served: Served) -> None:
    assert (await served.get(f"{served.room}?token={served.token}")).status == 403
    await served.enter()
    assert (await served.get(served.room)).status == 200
    assert (await served.get("/")).status == 403


@pytest.mark.parametrize("path", ["", "ws", "static/js/textual.js", "page/page.js", "download/k"])
async def test_nothing_is_shown_without_the_cookie(served: Served, path: str) -> None:
    assert (await served.get(served.room + path)).status == 403
    await served.enter()
    name = served.cookie.partition("=")[0]
    answer = await served.get(served.room + path, Cookie=f"{name}=wrong")
    assert answer.status == 403


@pytest.mark.parametrize("host", ["evil.example:{}", "localhost:{}", "127.0.0.1", "127.0.0.1:80"])
async def test_a_name_pointed_at_this_machine_is_not_answered(served: Served, host: str) -> None:
    port = served.door.host.partition(":")[2]
    await served.enter()
    for path in (f"/?token={served.token}", served.room):
        assert (await served.get(path, Host=host.format(port))).status == 403


@pytest.mark.parametrize("origin", ["http://evil.example", "http://127.0.0.1:1", "null", "http://localhost"])  # fmt: skip
async def test_another_page_neither_asks_nor_connects(served: Served, origin: str) -> None:
    await served.enter()
    assert (await served.get(served.room, Origin=origin)).status == 403
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await served.connect(origin)
    assert refused.value.status == 403


async def test_who_names_no_page_does_not_connect(served: Served) -> None:
    await served.enter()
    answer = await served.get(f"{served.room}ws", Upgrade="websocket", Connection="Upgrade")
    assert answer.status == 403


async def test_without_the_cookie_nobody_connects(served: Served) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await served.connect()
    assert refused.value.status == 403


@pytest.mark.parametrize("line", ["GET /?token={} HTTP/9.x", "\0 /?token={} HTTP/1.1"])
async def test_no_log_holds_the_token_of_a_request_that_is_none(
    served: Served, caplog: pytest.LogCaptureFixture, line: str
) -> None:
    reader, writer = await asyncio.open_connection(*served.door.host.split(":"))
    writer.write(line.format(served.token).encode() + b"\r\n\r\n")
    assert b" 400 " in await reader.readline()
    writer.close()
    await writer.wait_closed()
    assert served.token not in caplog.text


# The page


async def test_the_page_names_no_other_address_and_may_ask_none(served: Served) -> None:
    await served.enter()
    answer = await served.get(served.room)
    words = await answer.text()
    own = f'"ws://{served.door.host}{served.room}ws"'
    assert own in words
    assert "//" not in words.replace(own, "")
    assert "&lt;i&gt;.qualcode" in words
    rules = answer.headers["Content-Security-Policy"]
    assert rules.startswith("default-src 'none'; ")
    allowed = re.findall(r"[a-z]+-src ([^;]+)", rules)
    assert {source for sources in allowed for source in sources.split()} == {
        "'none'", "'self'", f"ws://{served.door.host}"
    }  # fmt: skip
    assert rules.endswith("sandbox allow-scripts allow-same-origin")


async def test_what_the_page_loads_is_there(served: Served) -> None:
    await served.enter()
    words = await (await served.get(served.room)).text()
    loaded = re.findall(r'(?:href|src)="([^"]+)"', words)
    assert len(loaded) == 5
    for path in loaded:
        assert (await served.get(served.room + path)).status == 200, path
    styles = await (await served.get(f"{served.room}page/page.css")).text()
    assert "url(" not in styles


# Visits


async def test_keys_go_to_the_screens_and_what_they_draw_comes_back(served: Served) -> None:
    await served.enter()
    async with served.visit() as visitor:
        _, width, _ = await drawn(visitor)
        assert width == "100"
        await visitor.send_json(["stdin", "ü"])
        assert await visitor.receive_bytes() == "Dü".encode()
        await visitor.send_json(["resize", {"width": 80, "height": 24}])
        assert b'"width": 80' in await visitor.receive_bytes()


async def test_no_shell_reads_what_the_screens_are_started_with() -> None:
    hostile = ["a b.qualcode", "; touch x", "$(id)", "`id`", "*", "-"]
    async with serving(*hostile) as served:
        await served.enter()
        async with served.visit() as visitor:
            _, _, words = await drawn(visitor)
    assert words == hostile


async def test_the_screens_end_when_the_visitor_leaves(served: Served) -> None:
    await served.enter()
    async with served.visit() as visitor:
        number, _, _ = await drawn(visitor)
        assert os.getpgid(number) == number != os.getpgid(0)
    assert await gone(number)


async def test_a_second_visitor_is_told_so_and_the_first_goes_on(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qualcode.tui.serving.server.RELOADING", 0.1)
    await served.enter()
    async with served.visit() as first, served.visit() as second:
        assert await second.receive_bytes() == OCCUPIED
        assert (await second.receive()).data == aiohttp.WSCloseCode.TRY_AGAIN_LATER
        await first.receive_bytes()
        await first.send_json(["stdin", "x"])
        assert await first.receive_bytes() == b"Dx"


async def test_a_page_that_is_loaded_anew_gets_the_screens(served: Served) -> None:
    await served.enter()
    async with served.visit() as before:
        number, _, _ = await drawn(before)
        async with served.visit() as after:  # a browser lets go of the old page after this
            await before.close()
            other, _, _ = await drawn(after)
    assert other != number
    assert await gone(number)


async def test_screens_that_end_by_themselves_close_the_page() -> None:
    async with serving("failing") as served:
        await served.enter()
        async with served.visit() as visitor:
            await visitor.receive_bytes()
            assert (await visitor.receive()).type is aiohttp.WSMsgType.CLOSE
        async with served.visit() as visitor:  # and another visit is possible
            await visitor.receive_bytes()


async def test_the_screens_open_no_page_and_send_no_file() -> None:
    async with serving("forward") as served:
        await served.enter()
        async with served.visit() as visitor:
            await visitor.receive_bytes()
            assert await visitor.receive_bytes() == b"asked"
        assert (await served.get(f"{served.room}download/k")).status == 404


@pytest.mark.parametrize(
    "send",
    [
        lambda visitor: visitor.send_str("no JSON"),
        lambda visitor: visitor.send_str("[" * 100_000),
        lambda visitor: visitor.send_bytes(b"\0"),
        lambda visitor: visitor.send_json(["quit"]),
        lambda visitor: visitor.send_json(["stdin", 1]),
        lambda visitor: visitor.send_json(["resize", {"width": 10**9, "height": 24}]),
    ],
)
async def test_who_sends_something_else_is_parted_from(
    served: Served, send: Callable[[aiohttp.ClientWebSocketResponse], object]
) -> None:
    await served.enter()
    async with served.visit() as visitor:
        number, _, _ = await drawn(visitor)
        await send(visitor)  # type: ignore[misc]
        assert (await visitor.receive()).type is aiohttp.WSMsgType.CLOSE
    assert await gone(number)


@pytest.mark.parametrize("leaves", [True, False])
async def test_screens_that_do_not_leave_are_killed_with_what_they_started(
    monkeypatch: pytest.MonkeyPatch, leaves: bool
) -> None:
    monkeypatch.setattr(visit, "TO_QUIT", 0.2)
    async with serving("stubborn") as served:
        await served.enter()
        async with served.visit() as visitor:
            number, _, _ = await drawn(visitor)
            child = await drawn(visitor)
            if leaves:
                await visitor.close()
            else:
                await asyncio.gather(served.end(), visitor.receive())
    assert await gone(number)
    assert await gone(child)


async def test_screens_that_are_told_nothing_more_leave(study: Study) -> None:
    process = await asyncio.create_subprocess_exec(
        *[sys.executable, "-m", "qualcode.tui.serving.screens", str(study.path), "ana"],
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env=os.environ | {"TEXTUAL_DRIVER": visit.DRIVER, "PYTHONPATH": ROOT},
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        async with asyncio.timeout(20):
            drawn = await process.stdout.readuntil(b"talk")
            process.stdin.close()
            drawn += await process.stdout.read()
            assert await process.wait() == 0
    finally:
        with suppress(ProcessLookupError):
            process.kill()
    assert b'{"type": "exit"}' in drawn
