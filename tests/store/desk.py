"""A project with one meeting in it, to edit its labels."""

from __future__ import annotations

from dataclasses import dataclass, field

from qualcode.model import Coder, Document, NamedReading, Speaker, Transcript
from qualcode.project import Project
from qualcode.text.roster import LabelDecision
from tests.store.texts import reading

MEETING = """**MOD:** How did they meet you?

**CM:** She walked over. I had never seen her.

**Agenda:** Send the list. Call back.

**PO:** They put me on the list.

**CM, PO:** Nobody called.
"""
NEXT = MEETING.replace("How did", "Once more: how did")
NOT_A_SPEAKER = LabelDecision("Agenda", "", kind="not a speaker")


@dataclass
class Desk:
    """A project with the meeting in it, and every edit taken back and repeated at the end."""

    project: Project
    ana: Coder
    document: Document
    first: dict[str, object] = field(default_factory=dict)

    @property
    def transcript(self) -> Transcript:
        return self.project.documents.transcript(self.document.id)

    @property
    def turns(self) -> list[tuple[str | None, str]]:
        """Who says what."""
        text = self.transcript.text
        return [(turn.speaker, text[turn.start : turn.stop]) for turn in self.transcript.turns]

    @property
    def sentences(self) -> list[str]:
        return [self.transcript.text[one.start : one.stop] for one in self.transcript.sentences]

    def add(self, text: str, name: str, **how: object) -> Document:
        return self.project.documents.add_all(
            [NamedReading(name, reading(text))],
            by=self.ana,
            **how,  # type: ignore[arg-type]
        ).documents[0]

    def speaker(self, name: str) -> Speaker:
        return self.project.speakers.named(name)

    def label(self, label: str, document: Document | None = None) -> str:
        found = self.project.speakers.labels((document or self.document).id)
        return next(one.id for one in found if one.label == label)

    def decide(self, *decisions: LabelDecision, document: Document | None = None) -> dict[str, int]:
        where = document or self.document
        return self.project.speakers.decide(where.id, decisions, by=self.ana)

    def table(self, document: Document | None = None) -> list[tuple[str, str, str]]:
        """Label, kind and who speaks, of every label."""
        return [
            (one.label, one.kind, ";".join(speaker.name for speaker in one.speakers))
            for one in self.project.speakers.labels((document or self.document).id)
        ]
