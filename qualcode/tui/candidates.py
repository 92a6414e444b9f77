"""A file on its way into the project: what was read, what is made of its labels, what is stored.

Nothing of this is drawn, and nothing stored before ``store`` is called, on the project's thread.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, TypeAlias

from qualcode import importers
from qualcode.errors import QualcodeError, ReadingError
from qualcode.model import (
    Added,
    Coder,
    DocumentKind,
    LabelKind,
    NamedReading,
    Reading,
    Speaker,
    SpeakerRole,
    Turn,
)
from qualcode.project import Project
from qualcode.reports.preview import described
from qualcode.text.labels import voices
from qualcode.text.roster import (
    LabelDecision,
    near_duplicates,
    numbered_by_machine,
    parts,
    proposals,
    usual_role,
)
from qualcode.tui.widgets.label_table import LabelRow

State: TypeAlias = Literal["open", "confirmed", "left out", "unreadable"]
KINDS: tuple[DocumentKind, ...] = ("", "interview", "focus-group", "field-notes", "document")


@dataclass(frozen=True, slots=True)
class Known:
    """What the project knows already that bears on an import, read in one go."""

    me: Coder
    labels: frozenset[str]
    """For the readers: a label of these need not occur twice."""

    confirmed: Sequence[LabelDecision]
    roster: Mapping[str, Speaker]
    """By name, case folded."""

    participants: Sequence[str]
    texts: Mapping[str, str]
    """SHA-256 of a document's text → its name."""


def known(project: Project, coder: str) -> Known:
    """Read what an import wants to know."""
    return Known(
        project.coders.named(coder),
        project.speakers.known(),
        project.speakers.confirmed(),
        {speaker.name.casefold(): speaker for speaker in project.speakers.list()},
        [person.label for person in project.participants.list()],
        {doc.sha256: doc.name for doc in project.documents.list() if not doc.removed},
    )


@dataclass(frozen=True, slots=True)
class Found:
    """What was read in a file."""

    preview: Mapping[str, Any]
    named: Sequence[NamedReading]
    """The documents it will become: one, or of a survey one for every answer."""

    @property
    def survey(self) -> bool:
        """Whether every answer becomes a document; its labels say who answers."""
        return self.preview.get("kind") == "survey"


@dataclass(slots=True)
class Candidate:
    """One file, and what the researcher decided about it so far."""

    path: Path
    found: Found | None = None
    """None before it was read, and where it cannot be."""

    state: State = "open"
    problem: str = ""
    """Why it cannot be read."""

    kind: DocumentKind = ""
    decisions: tuple[LabelDecision, ...] = ()
    """One per label, in the order of the text."""

    why: Mapping[str, str] = field(default_factory=dict)
    """Label → where what is proposed comes from, as long as it stands."""

    past: list[tuple[LabelDecision, ...]] = field(default_factory=list)
    undone: list[tuple[LabelDecision, ...]] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Of the file."""
        return self.path.name

    def confirmed(self) -> list[LabelDecision]:
        """What was decided here, for the files that follow."""
        return [replace(decision, document=self.path.stem) for decision in self.decisions]

    # Labels

    def propose(self, about: Known, batch: Iterable[LabelDecision] = ()) -> None:
        """Propose who speaks, from the file, from the roster and from what was decided before.

        Args:
            batch: Decided about other files of this import.
        """
        if self.found is None or self.found.survey:
            return
        (named,) = self.found.named
        turns = [turn for turn in named.reading.turns if turn.label is not None]
        before = [*about.confirmed, *batch]
        found = proposals(
            list(dict.fromkeys(turn.label or "" for turn in turns)),
            metadata=named.reading.metadata,
            confirmed=before,
            roster=[speaker.name for speaker in about.roster.values()],
        )
        proposed = {p.decision.label: p for p in found}
        decisions: dict[str, LabelDecision] = {}
        self.why = {}
        for turn in turns:
            label = turn.label or ""
            if label in decisions:
                continue
            usual = as_read(turn)
            proposal = proposed.get(label)
            decision = replace(proposal.decision, document="") if proposal else usual
            decisions[label] = filled(decision, about)
            if proposal is not None and decisions[label] != filled(usual, about):
                self.why[label] = proposal.why
        self.decisions = tuple(decisions.values())
        self.past.clear()
        self.undone.clear()

    def rows(self) -> list[LabelRow]:
        """The label table."""
        if self.found is None or self.found.survey:
            return []
        reading = self.found.named[0].reading
        said = [turn for turn in reading.turns if turn.start < turn.stop]
        counts: dict[str | None, int] = {}
        first: dict[str | None, str] = {}
        for turn in said:
            counts[turn.label] = counts.get(turn.label, 0) + 1
            first.setdefault(turn.label, reading.text[turn.start : turn.stop][:200])
        return [
            LabelRow(
                d.label, d.label, d.kind, d.speaker, d.role, d.participant,
                counts.get(d.label, 0), first.get(d.label, ""), self.why.get(d.label, ""),
            )
            for d in self.decisions
        ]  # fmt: skip

    def proposed(self) -> list[tuple[str, str]]:
        """What is proposed and still stands: who speaks, and why; in the order of the text."""
        stands = [d for d in self.decisions if d.label in self.why]
        return [("; ".join(d.speakers) or d.kind, self.why[d.label]) for d in stands]

    def to_store(self) -> list[LabelDecision]:
        """What is decided: all that the researcher has seen and confirmed, or changed.

        In a file nobody confirmed, proposals are left: its labels are what they say themselves,
        or what the project remembers of them. So is a recorder's number, which names somebody
        else in every file.
        """
        taken = [d for d in self.decisions if self.state == "confirmed" or d.label not in self.why]
        return [
            replace(d, speaker="") if numbered_by_machine(d.label) and d.speaker == d.label else d
            for d in taken
        ]

    def speakers(self) -> list[str]:
        """Names of those who speak, in the order of the text."""
        return list(dict.fromkeys(n for d in self.decisions for n in d.speakers))

    def look_alikes(self, about: Known) -> list[tuple[str, str]]:
        """Names that may be the same one, misspelt."""
        return near_duplicates(self.speakers(), [s.name for s in about.roster.values()])

    def change(self, change: Callable[[LabelDecision], LabelDecision]) -> bool:
        """Change decisions; tell whether any was."""
        changed = tuple(map(change, self.decisions))
        if changed == self.decisions:
            return False
        self.past.append(self.decisions)
        self.undone.clear()
        self._put(changed)
        return True

    def leave(self, label: str, about: Known) -> bool:
        """Let a label name its own speaker, whatever is proposed; tell whether that changes it."""
        turns = self.found.named[0].reading.turns if self.found is not None else ()
        read = next(as_read(turn) for turn in turns if turn.label == label)
        now = filled(read, about)
        return self.change(lambda decision: now if decision.label == label else decision)

    def undo(self) -> bool:
        """Take back the last change; tell whether there was one."""
        if not self.past:
            return False
        self.undone.append(self.decisions)
        self._put(self.past.pop())
        return True

    def redo(self) -> bool:
        """Change again what was taken back; tell whether anything was."""
        if not self.undone:
            return False
        self.past.append(self.decisions)
        self._put(self.undone.pop())
        return True

    def _put(self, decisions: tuple[LabelDecision, ...]) -> None:
        before = {d.label: d for d in self.decisions}
        decided = {d.label for d in decisions if d != before[d.label]}
        self.why = {label: why for label, why in self.why.items() if label not in decided}
        self.decisions = decisions


# Changes of one decision, for ``Candidate.change``


def as_read(turn: Turn) -> LabelDecision:
    """What holds where nobody says otherwise: the label names who speaks."""
    label = turn.label or ""
    if "joint" in turn.flags:
        return LabelDecision(label, "; ".join(voices(label)), kind="joint")
    return LabelDecision(label, turn.speaker or label)


def filled(decision: LabelDecision, about: Known) -> LabelDecision:
    """Say what is left open: the role and participant known of the speaker, else the usual role."""
    if len(decision.speakers) != 1:
        return decision
    (name,) = decision.speakers
    speaker = about.roster.get(name.casefold())
    if name == decision.label and numbered_by_machine(name):
        speaker = None  # the one of that number is somebody of another file
    role = decision.role or (speaker.role if speaker else usual_role(name))
    participant = decision.participant or (speaker.participant if speaker else None)
    return replace(decision, role=role, participant=participant)


def renamed(name: str, to: str, about: Known) -> Callable[[LabelDecision], LabelDecision]:
    """Every label of that speaker gets another name, and what the roster knows of it."""

    def change(decision: LabelDecision) -> LabelDecision:
        names = decision.speakers
        if name not in names:
            return decision
        joined = "; ".join(dict.fromkeys(to if n == name else n for n in names))
        if to.casefold() not in about.roster:
            return replace(decision, speaker=joined)
        return filled(replace(decision, speaker=joined, role="", participant=None), about)

    return change


def joined_by(
    label: str, names: Sequence[str], about: Known
) -> Callable[[LabelDecision], LabelDecision]:
    """Under that label these speak."""
    kind: LabelKind = "joint" if len(names) > 1 else "speaker"
    now = filled(LabelDecision(label, "; ".join(names), kind=kind), about)
    return lambda decision: now if decision.label == label else decision


def turned(label: str) -> Callable[[LabelDecision], LabelDecision]:
    """That label is not a speaker; or it is one again."""

    def change(decision: LabelDecision) -> LabelDecision:
        if decision.label != label:
            return decision
        if decision.kind != "not a speaker":
            return replace(decision, kind="not a speaker")
        kind: LabelKind = "joint" if len(parts(decision.speaker)) > 1 else "speaker"
        return replace(decision, kind=kind)

    return change


def with_role(name: str, role: SpeakerRole) -> Callable[[LabelDecision], LabelDecision]:
    """That speaker has this role, under every label that is theirs alone."""
    return lambda d: replace(d, role=role) if d.speakers == [name] else d


def linked(name: str, participant: str | None) -> Callable[[LabelDecision], LabelDecision]:
    """That speaker is this participant, under every label that is theirs alone."""
    return lambda d: replace(d, participant=participant) if d.speakers == [name] else d


# Reading and storing


def read_file(path: Path, labels: Iterable[str]) -> Found:
    """Read a file as an import would.

    Raises:
        QualcodeError: it cannot be read.
    """
    how: importers.How = {"labels": frozenset(labels)}
    reading = importers.examine(path, **how)
    if reading.facts.get("kind") == "survey":
        return Found(described(path, reading), importers.read_all(path, **how))
    if not reading.text.strip():
        reading = importers.read(path, **how)  # says what to do with it instead
    return Found(described(path, reading), [NamedReading(path.stem, reading)])


def candidate(path: Path, labels: Iterable[str]) -> Candidate:
    """Read a file; one that cannot be read says why, so that the others still go on."""
    try:
        return Candidate(path, read_file(path, labels))
    except ReadingError as error:  # its text names the file, which the screen does already
        return Candidate(path, state="unreadable", problem=error.problem)
    except QualcodeError as error:
        return Candidate(path, state="unreadable", problem=str(error))


def same_text(found: Found, about: Known) -> str | None:
    """The name of a document of the project that has these very words; None if there is none."""
    if found.survey:
        return None
    text: Reading = found.named[0].reading
    return about.texts.get(hashlib.sha256(text.text.encode()).hexdigest())


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file."""

    path: Path
    added: Added | None = None
    problem: str = ""


def store(project: Project, one: Candidate, me: Coder) -> Outcome:
    """Store a file with what was decided about its labels; one that is refused says why."""
    found = one.found
    if found is None:
        return Outcome(one.path, problem=one.problem)
    try:
        added = project.documents.add_all(
            [replace(named, name=_storable(named.name)) for named in found.named],
            by=me,
            kind=one.kind or ("survey" if found.survey else ""),
            source_name=_storable(one.path.name),
            labels=one.to_store(),
        )
    except QualcodeError as error:
        return Outcome(one.path, problem=str(error))
    return Outcome(one.path, added)


def _storable(name: str) -> str:
    """Give a file's name without bytes that are no text in it."""
    return name.encode("utf-8", "replace").decode()
