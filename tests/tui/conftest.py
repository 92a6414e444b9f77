"""A small project on the screens. All of it is invented."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import pytest
from textual.message_pump import MessagePump
from textual.pilot import Pilot
from textual.widgets import Input

import qualcode
from qualcode import importers
from qualcode.model import Code, Coding
from qualcode.project import Project
from qualcode.tui.app import QualcodeApp
from qualcode.tui.coding import CodingScreen
from qualcode.tui.documents import ProjectScreen
from qualcode.tui.folder import keep_folder
from qualcode.tui.list_screen import ListScreen
from qualcode.tui.widgets.paper import Line
from tests.reports.studies import Study as Coded

TEXT = """\
Moderator: How did you meet the outreach worker?

P1: She walked over and said her name. Nobody had done that before.

P2: I got a bed the same week. [laughs] That was luck.

Moderator: And then?

P1: Then nothing happened for weeks. The office never called.
"""

TALKED = """Moderator: How was it?

P1: I trusted her. She came back. We talked. It helped.

P2: I was afraid. Nobody called me. Then nothing.
"""

CODES = [
    Code("", "handoff", name="warm handoff", full="Someone is brought in person.", use_when="A worker goes along.", not_when="A phone number only.", position=0),
    Code("", "housing", brief="A place to stay.", position=1),
    Code("", "waiting", position=2),
    Code("", "contexts", codable=False, position=3),
    Code("", "office", name="office hours", parent="contexts", position=0),
]  # fmt: skip


@dataclass
class Study:
    """A project file with one document, and what is stored in it."""

    path: Path

    def open(self, coder: str = "ana") -> Project:
        return qualcode.open(self.path, coder=coder)

    def codings(self, coder: str = "ana") -> list[tuple[str, str]]:
        """Every coding that coder may see, as code and excerpt, in text order."""
        with self.open(coder) as project:
            rows = project.codings.table().records()
        return [(str(row["code"]), str(row["excerpt"])) for row in rows]

    def only(self, coder: str = "ana") -> Coding:
        with self.open(coder) as project:
            (coding,) = project.codings.list()
        return coding


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setattr("qualcode.tui.coding.SETTLES", 0.001)
    # The pilot sleeps 40 ms for every key; ``settled`` waits for what matters.
    monkeypatch.setattr("textual._wait.SLEEP_GRANULARITY", 0.005)
    monkeypatch.setattr("textual._wait.SLEEP_IDLE", 0.0025)


def make_study(folder: Path, text: str = TEXT) -> Study:
    source = folder / "talk.txt"
    source.write_text(text, encoding="utf-8")
    with qualcode.create(folder / "study.qualcode", title="Harbour study", coder="ana") as project:
        ana = project.acting("ana")
        project.coders.add("ben", by=ana)
        project.codebook.import_codes(CODES, by=ana)
        project.documents.add(importers.read(source), "talk", by=ana)
    return Study(folder / "study.qualcode")


@pytest.fixture(scope="session")
def _template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_study(tmp_path_factory.mktemp("template")).path


@pytest.fixture
def study(tmp_path: Path, _template: Path) -> Study:
    shutil.copy(_template, tmp_path / "study.qualcode")  # quicker than making each anew
    return Study(tmp_path / "study.qualcode")


def imports_from(study: Study, folder: Path) -> None:
    """Let the study's next import begin in this folder."""
    with study.open() as project:
        keep_folder(project.id, folder)


@pytest.fixture
def blind_study(study: Study) -> Study:
    """In the open blind round r1, codebook v1 frozen, ben has coded and finished the document."""
    with study.open("ben") as project:
        ana, ben = project.coders.named("ana"), project.coders.named("ben")
        project.codebook.freeze("v1", by=ana)
        round_ = project.rounds.open("r1", by=ana, codebook_version="v1")
        document = project.documents.named("talk")
        project.rounds.assign(round_.id, [document.id], [ana.id, ben.id], by=ana)
        text = project.documents.text(document.id)
        start = text.index("I got a bed")
        housing = project.codebook.named("housing")
        span = qualcode.Span(start, start + len("I got a bed"))
        coding = project.codings.apply(document.id, span, housing.id, by=ben)
        project.memos.write("ben's secret thought", by=ben, coding_id=coding.id)
        project.rounds.finish(round_.id, document.id, ben.id, by=ben)
    return study


@pytest.fixture(scope="session")
def _coded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed round r1 of ana and ben, cho not finished.

    d1: trust, ana "I trusted … talked." and ben "I trusted her." (boundary, sentences 3-4); fear of
    "I was afraid.", ana, ben says trust there (confusable, both codes). d2: fear, ana alone.
    """
    made = Coded(tmp_path_factory.mktemp("coded") / "study.qualcode", ["trust", "fear", "hope"])
    for name in ("d1", "d2"):
        made.document(name, f"{TALKED}\nP3: {name}.\n")
    made.round("r1", {"d1": ("ana", "ben", "cho"), "d2": ("ana", "ben")})
    made.code("ana", "d1", "trust", "I trusted her. She came back. We talked.", round="r1")
    made.code("ben", "d1", "trust", "I trusted her.", "I was afraid.", round="r1")
    made.code("ana", "d1", "fear", "I was afraid.", round="r1")
    made.code("ana", "d2", "fear", "Nobody called me.", round="r1")
    for coder in ("ana", "ben"):
        made.finish(coder, "d1", "d2", round="r1")
    made.close("r1")
    made.project.close()
    return made.path


@pytest.fixture
def coded(_coded: Path, tmp_path: Path) -> Study:
    shutil.copy(_coded, tmp_path / "study.qualcode")
    return Study(tmp_path / "study.qualcode")


@asynccontextmanager
async def screens(
    study: Study,
    *,
    coder: str = "ana",
    document: str | None = "talk",
    size: tuple[int, int] = (80, 24),
) -> AsyncIterator[Pilot[int]]:
    """The app on the study, opened and at rest."""
    app = QualcodeApp(study.path, coder=coder, document=document)
    async with app.run_test(size=size, notifications=True) as pilot:
        await opened(pilot, document)
        yield pilot


async def opened(pilot: Pilot[int], document: str | None) -> None:
    for _ in range(200):
        await pilot.pause(0.01)
        screen = pilot.app.screen
        if document is None or (isinstance(screen, CodingScreen) and screen.desk is not None):
            await settled(pilot)
            return
    raise AssertionError("the document never opened")


async def _emptied(node: MessagePump | None) -> None:
    """Wait until what was sent to a part of the screens has been handled there."""
    handled = asyncio.Event()
    if node is not None and node.is_running and node.call_later(handled.set):
        with suppress(TimeoutError):  # it is on its way out
            await asyncio.wait_for(handled.wait(), 1)


async def settled(pilot: Pilot[int]) -> None:
    """Wait until everything asked is answered and the lines have followed."""
    app = pilot.app
    assert isinstance(app, QualcodeApp)
    until = monotonic() + 20
    quiet = 0  # times running: an answer may be on its way from a thread that has just finished
    while monotonic() < until:
        await pilot.pause(0.005)
        for node in (app, app.screen, app.focused):  # the way of a key, whatever the machine does
            await _emptied(node)
        screen = app.screen
        following = isinstance(screen, CodingScreen) and screen.follows
        following |= isinstance(screen, ProjectScreen) and screen.stale
        following |= isinstance(screen, ListScreen) and screen.waits
        waiting = app.busy or app.reader.waiting or app.writer.waiting or following
        quiet = 0 if waiting else quiet + 1
        if quiet == 3:
            await pilot.pause()
            return
    raise AssertionError("the screens never came to rest")


async def press(pilot: Pilot[int], *keys: str) -> None:
    await pilot.press(*keys)
    await settled(pilot)


STEPS = ("j", "k", "up", "down", "home", "end", "g", "space")


async def hit(pilot: Pilot[int], *keys: str) -> None:
    """Press keys as a person does who looks before going on; words and steps go in one breath."""
    for n, key in enumerate(keys):
        await pilot.press(key)
        typing = isinstance(pilot.app.focused, Input) and len(key) == 1
        if n == len(keys) - 1 or not (typing or key in STEPS):
            await settled(pilot)


def line(pilot: Pilot[int], which: str) -> str:
    """What a row of the screen says: header, here, status or keys."""
    return pilot.app.screen.query_one(f"#{which}", Line).content.plain


def on_screen(pilot: Pilot[int]) -> str:
    """Everything drawn, row by row."""
    screen = pilot.app.screen
    rows = screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip) for strip in rows)


async def drawn(pilot: Pilot[int], words: str) -> None:
    """Wait until words stand on the screen: a table is laid out a moment after it has its rows."""
    until = monotonic() + 5
    while words not in on_screen(pilot):
        assert monotonic() < until, f"{words} is not drawn:\n{on_screen(pilot)}"
        await pilot.pause(0.01)
