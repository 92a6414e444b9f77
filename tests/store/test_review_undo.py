"""Undo and redo where others have built on what is taken back, and where names are taken."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from qualcode.errors import Refused, UndoRefused
from qualcode.model import Code
from qualcode.store.check import check
from tests.store.conftest import Study
from tests.store.texts import HARBOUR, reading


def coded_by_ben(study: Study) -> None:
    study.project.codings.apply(
        study.document.id, study.span("a bed"), study.code("housing"), by=study.ben
    )


def test_undo_of_a_document_that_another_has_coded_is_refused(study: Study) -> None:
    coded_by_ben(study)
    with pytest.raises(UndoRefused, match=r"document harbour has codings"):
        study.project.history.undo(study.ana)
    assert len(study.project.codings.list()) == 1
    assert len(study.project.documents.transcript(study.document.id).turns) == 5


def test_undo_of_a_code_that_another_has_applied_is_refused(study: Study) -> None:
    project = study.project
    project.codebook.import_codes([Code("", "late")], by=study.ana)
    project.codings.apply(study.document.id, study.span("a bed"), study.code("late"), by=study.ben)
    with pytest.raises(UndoRefused, match="code late has codings"):
        project.history.undo(study.ana)
    assert project.codebook.named("late").code == "late"


def test_undo_of_an_assignment_with_codings_names_what_stands_in_the_way(study: Study) -> None:
    project = study.project
    opened = project.rounds.open("r1", by=study.ana)
    project.rounds.assign(opened.id, [study.document.id], [study.ben.id], by=study.ana)
    coded_by_ben(study)
    with pytest.raises(UndoRefused, match="assignment"):
        project.history.undo(study.ana)
    assert len(project.rounds.assignments()) == 1
    assert all(result.ok for result in check(study.path))


def test_freezing_cannot_be_taken_back_and_says_so(study: Study) -> None:
    study.project.codebook.freeze("v1", by=study.ana)
    with pytest.raises(UndoRefused, match="freezing cannot be taken back"):
        study.project.history.undo(study.ana)


def test_a_document_imported_again_after_undo_keeps_its_name(study: Study) -> None:
    project = study.project
    project.history.undo(study.ana)
    assert project.documents.add(reading(HARBOUR), "harbour", by=study.ana).name == "harbour"


def test_a_document_does_not_come_back_under_a_name_that_is_taken(study: Study) -> None:
    project = study.project
    project.documents.remove(study.document.id, by=study.ana)
    project.documents.add(reading(HARBOUR), "harbour", by=study.ben)
    with pytest.raises(UndoRefused, match=r"document harbour.*taken"):
        project.history.undo(study.ana)
    assert all(result.ok for result in check(study.path))


def test_redo_refuses_a_coder_whose_name_is_taken(study: Study) -> None:
    project = study.project
    project.coders.add("cam", by=study.ana)
    project.history.undo(study.ana)
    project.coders.add("Cam", by=study.ben)
    with pytest.raises(UndoRefused, match=r"coder cam.*taken"):
        project.history.redo(study.ana)


def test_an_assignment_of_a_removed_document_is_refused_in_words(study: Study) -> None:
    project = study.project
    opened = project.rounds.open("r1", by=study.ana)
    project.rounds.assign(opened.id, [study.document.id], [study.ana.id], by=study.ana)
    project.documents.remove(study.document.id, by=study.ana)
    ana, solo = study.ana, project.rounds.named("solo").id
    acts: list[Callable[[], object]] = [
        lambda: project.rounds.assign(opened.id, [study.document.id], [ana.id], by=ana),
        lambda: project.rounds.finish(solo, study.document.id, ana.id, by=ana),
    ]
    for act in acts:
        with pytest.raises(Refused, match="harbour has been taken out"):
            act()


def test_a_document_named_twice_is_assigned_once(study: Study) -> None:
    project = study.project
    opened = project.rounds.open("r1", by=study.ana)
    twice = [study.document.id, study.document.id]
    project.rounds.assign(opened.id, twice, [study.ana.id], by=study.ana)
    assert len(project.rounds.assignments(opened.id)) == 1


def test_a_coding_in_a_removed_document_is_not_changed(study: Study) -> None:
    project = study.project
    made = project.codings.apply(
        study.document.id, study.span("a bed"), study.code("housing"), by=study.ana
    )
    project.documents.remove(study.document.id, by=study.ben)
    before = project.digest()
    for act in (
        lambda: project.codings.mark(made.id, by=study.ana, exemplar=True),
        lambda: project.codings.recode(made.id, study.code("timing"), by=study.ana),
        lambda: project.codings.remove(made.id, by=study.ana),
    ):
        with pytest.raises(Refused, match="taken out of the project"):
            act()
    assert project.digest() == before


def test_a_change_that_makes_two_codings_the_same_is_refused_in_words(study: Study) -> None:
    codings, document = study.project.codings, study.document.id
    bed, longer = study.span("a bed"), study.span("list for a bed")
    codings.apply(document, bed, study.code("housing"), by=study.ana)
    other = codings.apply(document, bed, study.code("timing"), by=study.ana)
    third = codings.apply(document, longer, study.code("housing"), by=study.ana)
    with pytest.raises(Refused, match="this very passage already"):
        codings.recode(other.id, study.code("housing"), by=study.ana)
    with pytest.raises(Refused, match="this very passage already"):
        codings.resize(third.id, bed, by=study.ana)
    codings.recode(other.id, study.code("timing"), by=study.ana)  # as it is: no change
