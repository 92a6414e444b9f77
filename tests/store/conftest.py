"""Small projects for the tests of the store. All of it is invented."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import qualcode
from qualcode.model import Code, Coder, Document, Span
from qualcode.project import Project
from qualcode.store.check import check
from tests.store.desk import MEETING, Desk
from tests.store.test_random_actions import state
from tests.store.texts import HARBOUR, reading


@dataclass
class Study:
    """A project with one document, three codes and two coders."""

    project: Project
    ana: Coder
    ben: Coder
    document: Document

    @property
    def path(self) -> Path:
        return self.project.path

    def code(self, name: str) -> str:
        return self.project.codebook.named(name).id

    def span(self, words: str) -> Span:
        start = self.project.documents.text(self.document.id).index(words)
        return Span(start, start + len(words))


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    with qualcode.create(tmp_path / "study.qualcode", title="Harbour", coder="ana") as project:
        ana = project.acting("ana")
        ben = project.coders.add("ben", by=ana)
        project.codebook.import_codes(
            [
                Code("", "handoff", name="warm handoff", key="1", position=0),
                Code("", "timing", parent="handoff", position=0),
                Code("", "housing", position=1),
            ],
            by=ana,
        )
        document = project.documents.add(reading(HARBOUR), "harbour", by=ana)
        yield Study(project, ana, ben, document)


@pytest.fixture
def plain(tmp_path: Path) -> Iterator[Desk]:
    """Gives a desk; nothing is taken back."""
    with qualcode.create(tmp_path / "p.qualcode", title="Meeting", coder="ana") as project:
        ana = project.acting("ana")
        yield Desk(project, ana, project.documents.add(reading(MEETING), "meeting", by=ana))
        assert [one for one in check(project.path) if not one.ok] == []


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Gives the desk; afterwards all that was done is taken back, repeated, and checked."""
    with qualcode.create(tmp_path / "p.qualcode", title="Meeting", coder="ana") as project:
        ana = project.acting("ana")
        project.codebook.import_codes([Code("", "list")], by=ana)
        document = project.documents.add(reading(MEETING), "meeting", by=ana)
        desk = Desk(project, ana, document, state(project))
        start = len(project.history.log())
        yield desk
        done = [one for one in project.history.log() if one.coder == "ana"][: -start or None]
        after = state(project)
        for _ in done:
            project.history.undo(ana)
        if not any(one.verb in ("add document", "undo") for one in done):
            assert state(project) == desk.first
        for _ in done:
            project.history.redo(ana)
        assert state(project) == after
        assert [one for one in check(project.path) if not one.ok] == []
