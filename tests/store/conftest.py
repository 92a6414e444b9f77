"""Small projects for the tests of the store. All of it is invented."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import qualcode
from qualcode.model import Code, Coder, Document, Span
from qualcode.project import Project
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
