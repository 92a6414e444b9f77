"""Undo and redo of what was done on a version that has been replaced since."""

from __future__ import annotations

import pytest

from qualcode.errors import UndoRefused
from tests.store.conftest import Study
from tests.store.test_corrections import apply, coded, correct
from tests.store.texts import reading

SINCE = "taken the place of harbour since; make the change there"


def test_a_coding_carried_along_is_not_taken_back_from_the_replaced_version(study: Study) -> None:
    apply(study, "And then", "timing", study.ben)
    correct(study)
    with pytest.raises(UndoRefused, match=SINCE):
        study.project.history.undo(study.ben)
    study.project.history.undo(study.ana)
    study.project.history.undo(study.ben)
    assert coded(study) == []
    correct(study)
    with pytest.raises(UndoRefused, match=SINCE):
        study.project.history.redo(study.ben)


def test_a_finished_mark_carried_along_is_not_lifted_on_the_replaced_version(study: Study) -> None:
    apply(study, "And then", "timing", study.ben)
    solo = study.project.rounds.named("solo").id
    study.project.rounds.finish(solo, study.document.id, study.ben.id, by=study.ben)
    correct(study)
    with pytest.raises(UndoRefused, match=SINCE):
        study.project.history.undo(study.ben)


def test_a_label_is_not_edited_back_on_a_version_that_was_replaced_twice(study: Study) -> None:
    label = study.project.speakers.labels(study.document.id)[1]
    study.project.speakers.not_a_speaker(label.id, by=study.ben)
    new = correct(study).document
    text = study.project.documents.text(new.id).replace("weeks", "many weeks")
    study.project.documents.replace(new.id, reading(text), by=study.ana)
    with pytest.raises(UndoRefused, match=SINCE):
        study.project.history.undo(study.ben)
