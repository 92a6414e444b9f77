"""The index of words only says in which documents to look, and never runs behind the texts."""

from __future__ import annotations

from pathlib import Path

import qualcode
from qualcode.project import Project
from qualcode.store.check import check
from tests.store.texts import reading


def names(project: Project, *words: str) -> set[str] | None:
    found = project.search.holding(words)
    named = {one.id: one.name for one in project.documents.list()}
    return None if found is None else {named[id_] for id_ in found}


def make(path: Path) -> Project:
    project = qualcode.create(path / "p.qualcode", title="S", coder="ana")
    ana = project.acting("ana")
    project.documents.add(reading("P1: She walked over. Café!\n"), "A", by=ana)
    project.documents.add(reading("P1: We walked home.\n"), "B", by=ana)
    return project


def test_documents_are_found_that_hold_all_words(tmp_path: Path) -> None:
    with make(tmp_path) as project:
        assert names(project, "walked") == {"A", "B"}
        assert names(project, "WALKED", "over") == {"A"}
        assert names(project, "cafe") == {"A"}  # too many rather than too few
        assert names(project, "flew") == set()
        assert names(project) is None


def test_a_document_added_later_is_found(tmp_path: Path) -> None:
    with make(tmp_path) as project:
        assert names(project, "walked") == {"A", "B"}
        project.documents.add(reading("P2: They walked, too.\n"), "C", by=project.acting("ana"))
        assert names(project, "walked") == {"A", "B", "C"}


def test_a_file_that_cannot_be_written_is_searched_without_it(tmp_path: Path) -> None:
    make(tmp_path).close()
    with qualcode.open(tmp_path / "p.qualcode", read_only=True) as project:
        assert names(project, "walked") is None


def test_the_index_is_in_no_log_and_passes_the_check(tmp_path: Path) -> None:
    with make(tmp_path) as project:
        before = project.digest()
        names(project, "walked")
        assert project.digest() == before
        path = project.path
    assert all(one.ok for one in check(path))
