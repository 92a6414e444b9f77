"""How much is sent to the terminal: over a slow line a move must not cost what a page does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.drivers.headless_driver import HeadlessDriver
from textual.pilot import Pilot

from qualcode.tui.app import QualcodeApp
from tests.tui.conftest import Study, make_study, opened, press, settled
from tests.tui.shelf import TALK, Shelf
from tests.tui.shelf import press as press_here
from tests.tui.texts import coding

LONG = "\n\n".join(
    f"P{n % 5 + 1}: This is turn {n}. It was a long way to the office, and nobody had said when "
    "it would be open, so she waited by the door with the others. Then we went home."
    for n in range(1, 120)
)


class Counted(HeadlessDriver):
    """A terminal that only counts what it is sent."""

    sent = 0

    @property
    def is_headless(self) -> bool:
        return False  # a headless app draws, but sends nothing

    def write(self, data: str) -> None:
        Counted.sent += len(data.encode())


@asynccontextmanager
async def counted(study: Study, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Pilot[int]]:
    """The whole app on a terminal that counts, at rest."""
    monkeypatch.setattr(QualcodeApp, "_heed_signals", lambda self: None)
    app = QualcodeApp(study.path, coder="ana", document="talk")
    app.driver_class = Counted
    async with app.run_test(headless=False, size=(120, 40)) as pilot:
        await opened(pilot, "talk")
        yield pilot


async def test_the_text_alone_sends_less_than_a_kilobyte_a_move_with_the_same_focus() -> None:
    app = Shelf(TALK, [coding("a", TALK, "They stood by us.")])
    app.driver_class = Counted
    async with app.run_test(headless=False, size=(120, 40)) as pilot:
        await press_here(pilot, "n n n")
        await pilot.pause(0.05)
        for key in ("right", "down", "w", "up", "left", "end", "home", "n", "p"):
            before = Counted.sent
            await press_here(pilot, key)
            await pilot.pause(0.05)
            assert 0 < Counted.sent - before <= 1000, key


async def test_at_the_end_of_the_text_moves_send_nothing() -> None:
    app = Shelf(TALK, [])
    app.driver_class = Counted
    async with app.run_test(headless=False, size=(120, 40)) as pilot:
        await press_here(pilot, "G")
        await pilot.pause(0.05)
        before = Counted.sent
        await press_here(pilot, "right down w n G")
        await pilot.pause(0.05)
        assert Counted.sent == before


async def test_a_move_sends_a_small_part_of_what_a_page_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with counted(make_study(tmp_path, LONG + "\n"), monkeypatch) as pilot:
        await press(pilot, "n", "n")

        async def sent(*keys: str) -> float:
            before = Counted.sent
            for key in keys:
                await press(pilot, key)
                await pilot.pause(0.02)
                await settled(pilot)
            return (Counted.sent - before) / len(keys)

        move = await sent("right", "right", "down", "right", "left", "up", "down", "left")
        page = await sent("pagedown", "pagedown", "pageup", "pageup")
        assert move / page <= 0.08
