"""`qualcode serve` from its start to its end, and a person coding in a browser that finds no network."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path

import aiohttp
import pytest

import qualcode
from qualcode.cli.serve import serve_command
from qualcode.tui.serving.opening import can_open
from tests.stories.browser import chromium, until

ROOT = Path(qualcode.__file__).parent.parent
PAINTED = """(canvas => canvas && canvas.getContext("2d")
    .getImageData(0, 0, canvas.width, canvas.height).data.some(value => value)
)(document.querySelector("canvas.xterm-text-layer"))"""
"""Whether the page shows text: it is drawn, not written, so there are no words to look at."""

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")


class Serving:
    """A server on its own, as the help's example starts it."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        assert process.stdout is not None
        self.address = process.stdout.readline().strip()
        self.origin, _, self.token = self.address.partition("/?token=")

    @asynccontextmanager
    async def visit(self) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
        """Connect as the page does, without a browser."""
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as client:
            async with client.get(self.address) as answer:
                (room,) = re.findall('url=([^"]+)"', await answer.text())
            address = f"{self.origin}{room}ws?width=100&height=30"
            async with client.ws_connect(address, origin=self.origin) as visitor:
                yield visitor

    def screens(self) -> int:
        """The process of the screens."""
        told = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        (number,) = (int(word) for word in told.split())
        return number

    def end(self, number: int) -> str:
        """Ask the server to end, and give what it said."""
        self.process.send_signal(number)
        _, said = self.process.communicate(timeout=20)
        return said


@contextmanager
def serving(folder: Path, *options: str, **settings: str) -> Iterator[Serving]:
    assert serve_command.help is not None
    (example,) = re.findall(r"^ *qualcode (serve .*)$", serve_command.help, re.MULTILINE)
    process = subprocess.Popen(
        [sys.executable, "-m", "qualcode", *example.split(), *options],
        cwd=folder,
        env=dict(
            os.environ, PYTHONPATH=str(ROOT), XDG_STATE_HOME=str(folder / "state"), **settings
        ),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield Serving(process)
    finally:
        process.kill()
        process.communicate()


@pytest.fixture
def folder(sample_file: Path, tmp_path: Path) -> Path:
    (tmp_path / "qualcode-demo").mkdir()
    shutil.copy(sample_file, tmp_path / "qualcode-demo" / "demo.qualcode")
    return tmp_path


async def drawn(visitor: aiohttp.ClientWebSocketResponse, words: bytes) -> None:
    """Take what is drawn until it holds the words."""
    async with asyncio.timeout(20):
        while words not in await visitor.receive_bytes():
            pass


async def gone(number: int) -> None:
    """Wait until a process has ended."""

    def ended() -> bool:
        with suppress(FileNotFoundError, ProcessLookupError):
            return ") Z" in Path(f"/proc/{number}/stat").read_text(encoding="utf-8")
        return True

    await until(ended, lambda: f"process {number} still runs")


needs_proc = pytest.mark.skipif(
    not Path(f"/proc/{os.getpid()}/task").exists(), reason="processes cannot be looked at here"
)


@needs_proc
async def test_a_server_that_is_ended_leaves_nothing_behind(folder: Path) -> None:
    with serving(folder, "--no-open") as served:
        async with served.visit() as visitor:
            await drawn(visitor, b"A-FG1")
            screens = served.screens()
            for process in (served.process.pid, screens):
                for file in ("cmdline", "environ"):
                    assert served.token.encode() not in Path(f"/proc/{process}/{file}").read_bytes()
            said, _ = await asyncio.gather(
                asyncio.to_thread(served.end, signal.SIGTERM), drain(visitor)
            )
        assert served.process.returncode == 0
        assert served.token not in said
        assert "127.0.0.1" not in said
        await gone(screens)
    assert not list((folder / "qualcode-demo").glob("*-wal"))


async def drain(visitor: aiohttp.ClientWebSocketResponse) -> None:
    """Do a browser's part when the connection is closed."""
    async for _ in visitor:
        pass


@needs_proc
async def test_the_screens_do_not_outlive_a_server_that_was_killed(folder: Path) -> None:
    with serving(folder, "--no-open") as served:
        async with served.visit() as visitor:
            await drawn(visitor, b"A-FG1")
            screens = served.screens()
            served.process.kill()
            await gone(screens)
    assert not list((folder / "qualcode-demo").glob("*-wal"))


def test_the_page_in_docs_starts_it_as_the_help_does() -> None:
    page = (ROOT / "docs" / "serve.md").read_text(encoding="utf-8")
    assert serve_command.help is not None
    assert serve_command.help.splitlines()[-1].strip() in page.splitlines()


def test_a_port_that_is_taken_is_said_so(folder: Path) -> None:
    with serving(folder, "--no-open") as served:
        port = served.origin.rpartition(":")[2]
        with serving(folder, "--no-open", "--port", port) as other:
            _, said = other.process.communicate(timeout=20)
        served.end(signal.SIGINT)
    assert served.process.returncode == 0
    assert other.process.returncode == 1
    assert said == (
        f"qualcode: Port {port} is taken. Name another with --port, or leave it out for a free one.\n"
    )


def test_the_browser_is_opened_without_the_token_among_its_arguments(folder: Path) -> None:
    browser = folder / "browser"
    browser.write_text(
        '#!/bin/sh\nstat -c %a "$(dirname "${1#file://}")" > opened\necho "$1" >> opened\n'
    )
    browser.chmod(0o700)
    opened = folder / "opened"
    with serving(folder, BROWSER=f"{browser} %s") as served:
        asyncio.run(
            until(
                lambda: opened.exists() and opened.read_text().count("\n") == 2,
                lambda: "no browser",
            )
        )
        mode, page = opened.read_text().split()
        assert mode == "700"
        assert served.token not in page
        words = Path(page.removeprefix("file://")).read_text()
        assert f'content="0;url={served.address}"' in words
        served.end(signal.SIGTERM)
    assert not Path(page.removeprefix("file://")).exists()


def test_without_a_screen_no_browser_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    assert not can_open()


@pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed: no browser looked")
async def test_a_person_codes_in_a_browser_that_asks_for_nothing_outside(folder: Path) -> None:
    assert CHROMIUM is not None
    with serving(folder, "--no-open") as served:
        async with chromium(CHROMIUM, folder / "profile") as browser:
            await browser.go(served.address)
            await browser.wait("Open Door", "A-FG1", "focus-group")
            assert served.token not in await browser.run("location.href + document.referrer")
            assert await browser.run("document.cookie") == ""
            await browser.wait_for("document.activeElement.className == 'xterm-helper-textarea'")
            await browser.wait_for(PAINTED)
            await browser.press("Enter")
            await browser.wait("HERE", "turn 1/171")
            await browser.press("n", "t", "3")
            await browser.wait("Applied: 3 warm handoff")
            # What was said may hold addresses; a click on one must lead nowhere.
            assert await browser.run("open('http://example.org/') === null")
            assert await browser.run("fetch('http://example.org/').catch(() => 0), 1") == 1
            served.end(signal.SIGTERM)
            await browser.wait_for("document.activeElement.id === 'again'")
        own = served.origin.removeprefix("http://")
        assert [a for a in browser.requests if a.split("/")[2] != own] == []
        asked_for = {address.partition("?")[0].split("/")[-1] for address in browser.requests}
        assert asked_for - {"icon.svg", "favicon.ico"} == {
            "", "page.css", "page.js", "textual.js", "ws", "xterm.css"
        }  # fmt: skip

    with qualcode.open(folder / "qualcode-demo" / "demo.qualcode", coder="you") as project:
        (coding,) = [
            c for c in project.codings.list() if c.coder_id == project.coders.named("you").id
        ]
        text = project.documents.text(coding.document_id)
        assert text[coding.span.start : coding.span.stop].endswith("It's his best quality.")
