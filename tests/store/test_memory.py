"""What is kept of all labels while a project is open is what the file says, whatever happened."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import qualcode
from qualcode.errors import Refused
from qualcode.model import Coder, NamedReading
from qualcode.project import Project
from qualcode.store.labels import remembered
from qualcode.store.memory import Remembered
from qualcode.text.roster import LabelDecision
from tests.store.desk import NEXT, Desk
from tests.store.test_random_labels import Edits, meeting
from tests.store.texts import reading


class Imports(Edits):
    """Edits of labels, and documents that come, go and come back."""

    def __init__(self, project: Project, ana: Coder, rng: random.Random) -> None:
        super().__init__(project, ana, rng)
        self.all += [self.add, self.add, self.add, self.remove, self.undo, self.redo]

    def add(self) -> None:
        kind = self.rng.choice(["", "", "survey"])
        labels = [self.decision()] if self.rng.random() < 0.3 else []
        one = NamedReading("next", reading(meeting(self.rng)))
        many = [one] * self.rng.choice([1, 1, 2])
        self.project.documents.add_all(many, by=self.ana, kind=kind, again=True, labels=labels)

    def step(self) -> bool:
        try:
            return super().step()
        except IndexError:  # nobody speaks any more
            self.add()
            return True

    def remove(self) -> None:
        self.project.documents.remove(self.where(), by=self.ana)

    def undo(self) -> None:
        self.project.history.undo(self.ana)

    def redo(self) -> None:
        self.project.history.redo(self.ana)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**32))
def test_what_is_kept_is_what_the_file_says_after_any_edits(seed: int) -> None:
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "p.qualcode"
        with qualcode.create(path, title="Random", coder="ana") as project:
            ana, db = project.acting("ana"), project._session.db
            project.documents.add(reading(meeting(rng)), "one", by=ana)
            kept, edits = project._session.remembered, Imports(project, ana, rng)
            for _ in range(12):
                edits.step()
                assert dict(kept.labels(db)) == remembered(db)
                anew = Remembered()
                assert kept.names(db) == anew.names(db)
                assert kept.speakers(db) == anew.speakers(db)


def test_an_import_that_fails_leaves_nothing_behind(desk: Desk) -> None:
    db, kept = desk.project._session.db, desk.project._session.remembered
    before = dict(kept.labels(db))
    wrong = [LabelDecision("CM", "Carla"), LabelDecision("CM", "Clara")]
    with pytest.raises(Refused):  # once the labels are stored
        desk.project.documents.add_all(
            [NamedReading("next", reading(NEXT))], by=desk.ana, labels=wrong
        )
    assert dict(kept.labels(db)) == before == remembered(db)


def test_a_further_document_is_all_that_is_read_of_the_labels(desk: Desk) -> None:
    db, kept = desk.project._session.db, desk.project._session.remembered
    kept.labels(db)
    desk.add(NEXT, "next")
    asked: list[str] = []
    db.connection.set_trace_callback(asked.append)
    kept.labels(db)
    db.connection.set_trace_callback(None)
    newest = [sql for sql in asked if "label.pk > " in sql]
    assert len(newest) == 1
    assert "label.pk > 0" not in newest[0]
