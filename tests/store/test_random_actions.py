"""Random acts of two coders: the log always replays to what stands, and every act can go back."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import qualcode
from qualcode.errors import QualcodeError, Refused
from qualcode.model import Code, Coder, Span, Valence
from qualcode.project import Project
from qualcode.store.check import check
from qualcode.store.images import all_layers, all_rows
from qualcode.store.tables import LAYERS, LOGGED
from tests.store.texts import HARBOUR, reading


def state(project: Project) -> dict[str, object]:
    """Everything the log records, but for marks of rows that are only marked removed."""
    rows: dict[str, object] = {table: all_rows(project._db, table) for table in LOGGED}
    return rows | {table: all_layers(project._db, table) for table in LAYERS}


def start(folder: Path) -> Project:
    project = qualcode.create(folder / "p.qualcode", title="Random", coder="ana")
    ana = project.acting("ana")
    project.coders.add("ben", by=ana)
    project.codebook.import_codes([Code("", f"c{n}") for n in range(4)], by=ana)
    project.documents.add(reading(HARBOUR), "one", by=ana)
    project.documents.add(reading(HARBOUR + "\nP2: More.\n"), "two", by=ana)
    return project


class Acts:
    """One random act at a time; an act that the rules forbid changes nothing."""

    def __init__(self, project: Project, rng: random.Random) -> None:
        self.project, self.rng = project, rng
        self.made = 0
        self.all: list[Callable[[Coder], object]] = [
            self.apply, self.apply, self.apply, self.toggle, self.resize, self.remove, self.mark,
            self.recode, self.memo, self.edit, self.reword, self.undo, self.undo, self.redo,
            self.round, self.finish, self.reopen, self.participant, self.document, self.freeze,
            self.coder, self.close, self.take_out,
        ]  # fmt: skip

    def step(self) -> None:
        by = self.project.coders.named(self.rng.choice(["ana", "ben"]))
        act = self.rng.choice(self.all)
        before = self.project.digest()
        try:
            act(by)
            self.made += 1
        except (QualcodeError, IndexError):
            assert self.project.digest() == before

    def span(self) -> Span:
        at = self.rng.randrange(150)
        return Span(at, at + self.rng.randrange(1, 30))

    def where(self) -> str:
        return self.rng.choice([d.id for d in self.project.documents.list()])

    def which(self) -> str:
        return self.rng.choice(self.project.codebook.codes()).id

    def coding(self) -> str:
        return self.rng.choice(list(self.project.codings.list())).id

    def apply(self, by: Coder) -> None:
        self.project.codings.apply(self.where(), self.span(), self.which(), by=by)

    def toggle(self, by: Coder) -> None:
        self.project.codings.toggle(self.where(), Span(11, 20), self.which(), by=by)

    def resize(self, by: Coder) -> None:
        self.project.codings.resize(self.coding(), self.span(), by=by)

    def remove(self, by: Coder) -> None:
        self.project.codings.remove(self.coding(), by=by)

    def recode(self, by: Coder) -> None:
        self.project.codings.recode(self.coding(), self.which(), by=by)

    def mark(self, by: Coder) -> None:
        valence: Valence | None = self.rng.choice(["barrier", "mixed", None])
        self.project.codings.mark(self.coding(), by=by, valence=valence)

    def memo(self, by: Coder) -> None:
        self.project.memos.write(f"memo {self.rng.random()}", by=by, coding_id=self.coding())

    def edit(self, by: Coder) -> None:
        memo = self.rng.choice(list(self.project.memos.list()))
        self.project.memos.edit(memo.id, f"memo {self.rng.random()}", by=by)

    def reword(self, by: Coder) -> None:
        n = self.rng.randrange(6)
        codes = [Code("", f"c{n}", brief=f"{self.rng.random()}")]
        self.project.codebook.import_codes(codes, by=by, retire_absent=self.rng.random() < 0.1)

    def undo(self, by: Coder) -> None:
        self.project.history.undo(by)

    def redo(self, by: Coder) -> None:
        self.project.history.redo(by)

    def round(self, by: Coder) -> None:
        live = self.rng.choice([d.id for d in self.project.documents.list() if not d.removed])
        opened = self.project.rounds.open(f"r{self.rng.randrange(9)}", by=by)
        people = [c.id for c in self.project.coders.list()]
        self.project.rounds.assign(opened.id, [live], people, by=by)

    def finish(self, by: Coder) -> None:
        place = self.rng.choice(list(self.project.rounds.assignments()))
        self.project.rounds.finish(place.round_id, place.document_id, by.id, by=by)

    def reopen(self, by: Coder) -> None:
        place = self.rng.choice(list(self.project.rounds.assignments()))
        self.project.rounds.reopen_document(place.round_id, place.document_id, by.id, by=by)

    def participant(self, by: Coder) -> None:
        rows = [(2, {"participant": f"X{self.rng.randrange(3)}", "speaker": "P1", "site": "N"})]
        self.project.participants.import_table(rows, by=by, update=True)

    def document(self, by: Coder) -> None:
        text = f"P1: This is number {self.rng.random()}.\n\nP1: And so on.\n"
        self.project.documents.add(reading(text), "more", by=by, attributes={"site": "N"})

    def freeze(self, by: Coder) -> None:
        self.project.codebook.freeze(f"v{self.rng.randrange(9)}", by=by)

    def coder(self, by: Coder) -> None:
        self.project.coders.add(f"coder {self.rng.randrange(5)}", by=by)

    def close(self, by: Coder) -> None:
        if self.rng.random() < 0.3:
            self.project.rounds.close(self.rng.choice(self.project.rounds.list()).id, by=by)

    def take_out(self, by: Coder) -> None:
        if self.rng.random() < 0.2:
            self.project.documents.remove(self.where(), by=by)


def walk(seed: int, steps: int) -> int:
    """Random acts, checked as they go; gives how many were not refused."""
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        project = start(Path(folder))
        acts = Acts(project, rng)
        for n in range(steps):
            acts.step()
            if n % 20 == 19:
                assert [r for r in check(project.path) if not r.ok] == []
        back_and_forth(project)
        project.close()
        assert [r for r in check(project.path) if not r.ok] == []
        assert [p.name for p in Path(folder).iterdir()] == ["p.qualcode"]
    return acts.made


def back_and_forth(project: Project) -> None:
    """Undo all that can be undone, redo all of it: what stood, stands again."""
    for name in ("ana", "ben"):
        by = project.coders.named(name)
        before, undone = state(project), 0
        while undone < 40:
            try:
                project.history.undo(by)
            except Refused:  # the rules, or the beginning
                break
            undone += 1
        for _ in range(undone):
            project.history.redo(by)
        assert state(project) == before


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**32))
def test_random_acts_replay_and_go_back(seed: int) -> None:
    assert walk(seed, 60) > 10


@pytest.mark.long
def test_thousands_of_random_acts_replay_and_go_back() -> None:
    assert sum(walk(seed, 400) for seed in range(25)) > 2000
