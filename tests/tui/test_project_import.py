"""A project of another program on the screens: what would be lost is seen before it comes in."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from qualcode.tui.documents import ProjectScreen
from qualcode.tui.files import FilesScreen
from qualcode.tui.project_import import ProjectImportScreen
from qualcode.tui.widgets.sheet import Sheet
from tests.golden.interchange.projects import twin
from tests.tui.conftest import Study, hit, imports_from, line, on_screen, screens


@pytest.fixture
def folder(tmp_path: Path, study: Study) -> Path:
    made = tmp_path / "theirs"
    made.mkdir()
    (made / "Harbour.qdpx").write_bytes(twin("utf16"))
    imports_from(study, made)
    return made


async def previewed(pilot: Pilot[int]) -> None:
    await hit(pilot, "i")
    assert "Harbour.qdpx" in on_screen(pilot)
    await hit(pilot, "enter")
    assert isinstance(pilot.app.screen, ProjectImportScreen)


def rounds(study: Study) -> dict[str, int]:
    """Round → how many codings it has."""
    with study.open() as project:
        found = {r.name: 0 for r in project.rounds.list()}
        for row in project.codings.table().records():
            found[str(row["round"])] += 1
        return found


async def test_a_project_is_looked_at_and_comes_in_as_one_act(study: Study, folder: Path) -> None:
    async with screens(study, document=None) as pilot:
        await previewed(pilot)
        shown = on_screen(pilot)
        assert "2 TextSource, 11 PlainTextSelection" in shown
        assert "Offsets count UTF-16 code units" in shown
        assert rounds(study) == {"solo": 0}
        await hit(pilot, "enter")
        assert isinstance(pilot.app.screen, Sheet)
        assert "11 codings" in on_screen(pilot)
        assert rounds(study) == {"solo": 0, "import Harbour": 11}
        await hit(pilot, "escape")
        assert isinstance(pilot.app.screen, ProjectScreen)
        await hit(pilot, "u")
    assert rounds(study) == {"solo": 0}


async def test_finished_marks_come_in_when_asked_for(study: Study, folder: Path) -> None:
    async with screens(study, document=None) as pilot:
        await previewed(pilot)
        assert "no code means nothing is known" in line(pilot, "status")
        await hit(pilot, "f")
        assert "no code means absent" in line(pilot, "status")
        await hit(pilot, "enter")
    with study.open() as project:
        assert sum(a.finished_at is not None for a in project.rounds.assignments()) == 4


async def test_leaving_brings_nothing_in(study: Study, folder: Path) -> None:
    async with screens(study, document=None) as pilot:
        await previewed(pilot)
        await hit(pilot, "q")
        assert isinstance(pilot.app.screen, ProjectScreen)
    assert rounds(study) == {"solo": 0}


async def test_a_file_that_is_none_is_refused_and_left(study: Study, folder: Path) -> None:
    (folder / "Harbour.qdpx").write_bytes(b"no project")
    async with screens(study, document=None) as pilot:
        await previewed(pilot)
        assert "q goes back" in line(pilot, "status")
        assert any("Harbour.qdpx" in words for _, words in pilot.app.messages)  # type: ignore[attr-defined]
        await hit(pilot, "enter", "q")
        assert isinstance(pilot.app.screen, ProjectScreen)


async def test_it_is_imported_by_itself(study: Study, folder: Path) -> None:
    (folder / "talk.txt").write_text("P1: Hello.\n", encoding="utf-8")
    async with screens(study, document=None) as pilot:
        await hit(pilot, "i", "a", "enter")
        assert isinstance(pilot.app.screen, FilesScreen)
        assert "imported by itself" in line(pilot, "status")
