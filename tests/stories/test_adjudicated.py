"""The disagreements of the sample study, decided by keyboard alone."""

from __future__ import annotations

import shutil
from itertools import cycle
from pathlib import Path

import pytest

import qualcode
from qualcode.model import Cell
from qualcode.project import Project
from qualcode.reports.agreement import agreement
from qualcode.reports.disagreements import of_round
from qualcode.reports.themes import frequency
from qualcode.tui.adjudication import AdjudicationScreen
from qualcode.tui.app import QualcodeApp
from tests.tui.conftest import line, settled


@pytest.fixture
def study(sample_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    path = tmp_path / "sample.qualcode"
    shutil.copy(sample_file, path)
    return path


def independent(project: Project, name: str) -> list[dict[str, Cell]]:
    """The figures of a round that coders reached on their own."""
    return list(agreement(project, rounds=[name], resamples=20, check=False))


def consensus(project: Project) -> dict[str, Cell]:
    rows = frequency(project, source="consensus")
    return {str(row["code"]): row["codings"] for row in rows}


def left(path: Path, name: str) -> list[bool]:
    """Of every disagreement of a round, whether it is still to decide."""
    with qualcode.open(path, coder="you") as project:
        return [not one.decided for one in of_round(project, project.rounds.named(name))]


async def decide(path: Path, name: str, most: int) -> int:
    """Decide so many of a round's open disagreements: present, absent and recoded in turn.

    Returns:
        How many decisions were asked for; a recoding may settle two.
    """
    with qualcode.open(path, coder="you") as project:
        round_ = project.rounds.named(name)
    app = QualcodeApp(path, coder="you", adjudicate=(round_.id, None))
    asked = 0
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        assert isinstance(app.screen, AdjudicationScreen)
        ways = cycle([["y"], ["x"], ["c", "down", "enter"]])
        while asked < most:
            await pilot.press("tab")
            await settled(pilot)
            card = app.screen.card
            assert card is not None
            if card.decided:
                break
            for key in next(ways):
                await pilot.press(key)
                await settled(pilot)
            asked += 1
        assert "decided" in line(pilot, "header")
    return asked


async def test_three_keys_decide_and_the_independent_figures_stay(study: Path) -> None:
    with qualcode.open(study, coder="you") as project:
        figures, before = independent(project, "drift"), consensus(project)
        codings = project.codings.list()
    open_before = sum(left(study, "drift"))
    await decide(study, "drift", 6)
    assert sum(left(study, "drift")) <= open_before - 6
    with qualcode.open(study, coder="you") as project:
        assert independent(project, "drift") == figures
        assert project.codings.list() == codings
        assert consensus(project) != before


@pytest.mark.long
@pytest.mark.parametrize("name", ["round 1", "round 2", "drift"])
async def test_every_disagreement_is_decided_by_keyboard(study: Path, name: str) -> None:
    with qualcode.open(study, coder="you") as project:
        figures, codings = independent(project, name), project.codings.list()
    await decide(study, name, len(left(study, name)))
    assert not any(left(study, name))
    with qualcode.open(study, coder="you") as project:
        assert independent(project, name) == figures
        assert project.codings.list() == codings
