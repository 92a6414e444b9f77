"""Random edits of label tables: turns stay in order, codings where they are, all of it goes back."""

from __future__ import annotations

import random
import tempfile
from itertools import pairwise
from pathlib import Path
from typing import cast, get_args

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import qualcode
from qualcode.errors import QualcodeError
from qualcode.model import Code, Coder, LabelKind, Span
from qualcode.project import Project
from qualcode.store.check import check
from qualcode.text.roster import LabelDecision
from tests.store.test_random_actions import state
from tests.store.texts import reading

LABELS = ("MOD", "CM", "PO", "CM, PO", "Agenda", "SPEAKER_00")
NAMES = ("MOD", "CM", "PO", "Agenda", "Carla", "Pat")


def meeting(rng: random.Random) -> str:
    """Paragraphs of random speakers; every voice of the joint label has turns of its own."""
    labels = [*LABELS, *(rng.choice(LABELS) for _ in range(8))]
    rng.shuffle(labels)
    return "".join(f"**{label}:** Words {n}. And more.\n\n" for n, label in enumerate(labels))


class Edits:
    """One random edit at a time; one that the rules forbid changes nothing."""

    def __init__(self, project: Project, ana: Coder, rng: random.Random) -> None:
        self.project, self.ana, self.rng = project, ana, rng
        self.speakers = project.speakers
        self.all = [
            self.decide, self.decide, self.rename, self.merge, self.role, self.link,
            self.not_a_speaker, self.not_a_speaker, self.as_speaker,
        ]  # fmt: skip

    def step(self) -> bool:
        """Whether anything was done."""
        before = self.project.digest()
        try:
            self.rng.choice(self.all)()
        except QualcodeError:
            assert self.project.digest() == before
        return self.project.digest() != before

    def where(self) -> str:
        return self.rng.choice(self.project.documents.list()).id

    def who(self) -> str:
        return self.rng.choice(self.speakers.list()).id

    def label(self) -> str:
        return self.rng.choice(list(self.speakers.labels(self.where()))).id

    def decision(self) -> LabelDecision:
        kind = cast(LabelKind, self.rng.choice(get_args(LabelKind)))
        names = self.rng.sample(NAMES, 2 if kind == "joint" else 1)
        role = self.rng.choice(["", "participant", "moderator"])
        person = self.rng.choice([None, None, "P01", "P02"])
        return LabelDecision(self.rng.choice(LABELS), ";".join(names), role, kind, person)

    def decide(self) -> None:
        decisions = [self.decision() for _ in range(self.rng.randrange(1, 4))]
        self.speakers.decide(self.where(), decisions, by=self.ana)

    def rename(self) -> None:
        self.speakers.rename(self.who(), self.rng.choice(NAMES), by=self.ana)

    def merge(self) -> None:
        self.speakers.merge(self.who(), self.who(), by=self.ana)

    def role(self) -> None:
        self.speakers.set_role(self.who(), self.rng.choice(["other", "moderator"]), by=self.ana)

    def link(self) -> None:
        self.speakers.link(self.who(), self.rng.choice(["P01", "P02", None]), by=self.ana)

    def not_a_speaker(self) -> None:
        self.speakers.not_a_speaker(self.label(), by=self.ana)

    def as_speaker(self) -> None:
        self.speakers.as_speaker(self.label(), by=self.ana)


def in_order(project: Project) -> None:
    """Turns are numbered from 1, ascend and never overlap; sentences lie in blocks."""
    for document in project.documents.list():
        transcript = project.documents.transcript(document.id)
        assert [turn.n for turn in transcript.turns] == list(range(1, len(transcript.turns) + 1))
        assert all(one.start < one.stop for one in transcript.turns)
        assert all(a.stop <= b.start for a, b in pairwise(transcript.turns))
        for sentence in transcript.sentences:
            assert any(
                block.start <= sentence.start and sentence.stop <= block.stop
                for block in transcript.blocks
            )
        labels = {label.label: label for label in project.speakers.labels(document.id)}
        for turn in transcript.turns:
            assert turn.label is not None
            assert labels[turn.label].kind != "not a speaker"
            assert turn.speaker == ", ".join(one.name for one in labels[turn.label].speakers)


def turns(project: Project) -> list[object]:
    return [
        [(t.label, t.start, t.stop, t.flags) for t in project.documents.transcript(one.id).turns]
        for one in project.documents.list()
    ]


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**32))
def test_random_edits_keep_turns_in_order_and_go_back(seed: int) -> None:
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "p.qualcode"
        with qualcode.create(path, title="Random", coder="ana") as project:
            ana = project.acting("ana")
            project.codebook.import_codes([Code("", "c")], by=ana)
            for name in ("one", "two"):
                document = project.documents.add(reading(meeting(rng)), name, by=ana)
                code = project.codebook.named("c").id
                project.codings.apply(document.id, Span(20, 60), code, by=ana)
            first, codings, as_read = state(project), project.codings.list(), turns(project)
            edits = Edits(project, ana, rng)
            done = sum(edits.step() for _ in range(12))
            in_order(project)
            assert project.codings.list() == codings
            last = state(project)
            for _ in range(done):
                project.history.undo(ana)
            assert state(project) == first
            for _ in range(done):
                project.history.redo(ana)
            assert state(project) == last
            all_speak(project, ana)
            assert turns(project) == as_read
        assert [one for one in check(path) if not one.ok] == []


def all_speak(project: Project, ana: Coder) -> None:
    """Make a speaker, or joint speakers, of every label again, as the file has it."""
    for document in project.documents.list():
        for label in project.speakers.labels(document.id):
            project.speakers.as_speaker(label.id, by=ana)
            kind: LabelKind = "joint" if "," in label.label else "speaker"
            name = label.label.replace(", ", ";")
            decision = LabelDecision(label.label, name, kind=kind)
            project.speakers.decide(document.id, [decision], by=ana)
