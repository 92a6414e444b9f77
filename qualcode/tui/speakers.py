"""The speakers screen: who speaks in a document of the project, and what is to be put right."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content

from qualcode.model import (
    Coder,
    Document,
    LabelKind,
    Span,
    Speaker,
    SpeakerLabel,
    SpeakerRole,
)
from qualcode.project import Project
from qualcode.text.plurals import counted
from qualcode.text.roster import LabelDecision
from qualcode.tui.keys import key
from qualcode.tui.label_acts import LabelScreen
from qualcode.tui.literal import clipped, literal
from qualcode.tui.widgets.confirm import Confirm
from qualcode.tui.widgets.label_table import LabelRow, LabelTable, look_alikes
from qualcode.tui.widgets.name_picker import Named
from qualcode.tui.widgets.paper import Line, Paper

_FIRST_TURNS = 6
"""Turns read of what is said first under a label: enough to know a voice by."""

_FIRST_WORDS = 400
"""Characters read of each."""


@dataclass(frozen=True, slots=True)
class Voices:
    """Who speaks in a document, read in one go. Names accepted for redaction are not shown."""

    document: Document
    title: str
    me: Coder
    rows: Sequence[LabelRow]
    labels: Mapping[str, SpeakerLabel]
    """By id."""

    said: Mapping[str, Sequence[tuple[int, str]]]
    """Label id → number and words of the first turns under it."""

    roster: Sequence[Named]
    """Every speaker of the project, by id."""

    names: Mapping[str, str]
    """Speaker id → name, as it is stored."""

    people: Sequence[str]
    """Participants, by label."""

    alike: Sequence[tuple[str, str]]
    turns: int


def voices_of(project: Project, document_id: str, coder: str) -> Voices:
    """Read who speaks in a document; on the project's thread."""
    transcript = project.documents.transcript(document_id)
    words, labels = project.layer.words, project.speakers.labels(document_id)
    rendering = project.layer.rendering(document_id, transcript.text)
    said: dict[str | None, list[tuple[int, str]]] = defaultdict(list)
    for turn in transcript.turns:
        if len(said[turn.label]) < _FIRST_TURNS:
            stop = min(turn.stop, turn.start + _FIRST_WORDS)
            said[turn.label].append((turn.n, rendering.cut(Span(turn.start, stop))))
    why = {p.decision.label: p for p in project.speakers.proposals(document_id)}
    rows = []
    for label in labels:
        roles = list(dict.fromkeys(speaker.role for speaker in label.speakers))
        linked = [s.participant for s in label.speakers if s.participant is not None]
        proposal = why.get(label.label)
        rows.append(
            LabelRow(
                label.id,
                words(label.label),
                label.kind,
                "; ".join(words(speaker.name) for speaker in label.speakers),
                ", ".join(roles),
                ", ".join(linked) or None,
                label.turns,
                said[label.label][0][1] if said[label.label] else "",
                "" if proposal is None else _proposed(proposal.decision, proposal.why, words),
            )
        )
    speakers = project.speakers.list()
    return Voices(
        document=transcript.document,
        title=words(transcript.document.name),
        me=project.coders.named(coder),
        rows=rows,
        labels={label.id: label for label in labels},
        said={label.id: said[label.label] for label in labels},
        roster=[Named(s.id, words(s.name), _known_as(s)) for s in speakers],
        names={s.id: s.name for s in speakers},
        people=[person.label for person in project.participants.list()],
        alike=[(words(a), words(b)) for a, b in project.speakers.near_duplicates(document_id)],
        turns=len(transcript.turns),
    )


def _proposed(decision: LabelDecision, why: str, words: Callable[[str], str]) -> str:
    return words(f"{decision.speaker or decision.kind} ({why})")


def _known_as(speaker: Speaker) -> str:
    return f"{speaker.role}, participant {speaker.participant}" if speaker.participant else ""


def _said(turns: Sequence[tuple[int, str]], width: int) -> Content:
    """The first turns under a label, two rows of each."""
    rows = [literal("FIRST TURNS", "bold")] if turns else []
    for n, words in turns:
        folded = clipped(" ".join(words.split()), 2 * width - 12)
        rows.append(Content.assemble(literal(f"{n}  ", "dim"), literal(folded)))
    return Content("\n").join(rows)


class SpeakersScreen(LabelScreen):
    """Rename, merge, link: each is one act on the project, stored before it is shown."""

    AUTO_FOCUS = "LabelTable"
    FOOTER = ("label.rename", "label.who", "label.merge", "label.kind", "label.role", "label.link",
              "history.undo", "app.back", "help.show", "app.palette")  # fmt: skip
    BINDINGS: ClassVar[list[BindingType]] = [
        key("history.undo", "u", "history('undo')", "undo", "Undo my latest act", show=True),
        key("history.redo", "U,ctrl+r", "history('redo')", "redo", "Redo what I undid"),
        key("work.retry", "ctrl+s", "retry", "Save again", "Try again to save what could not be"),
        key("app.back", "q,escape", "back", "back", "Back to the documents", show=True),
    ]

    def __init__(self, document_id: str) -> None:
        super().__init__()
        self._document_id = document_id
        self._voices: Voices | None = None
        self._said = ""

    @property
    def waits(self) -> bool:
        """Whether the document has not been read yet."""
        return self._voices is None

    def compose(self) -> ComposeResult:
        yield Line(literal("Speakers: opening …"), id="header")
        with Vertical(id="speakers"):
            yield LabelTable(id="labels")
            yield Paper(id="alike")
            yield Paper(id="said")
        yield Line(id="status")
        yield Line(id="keys")

    def on_mount(self) -> None:
        """Read the labels; the frame is drawn meanwhile."""
        self.watch(self.app, "saving", self._say, init=False)
        self.reload()

    def on_resize(self) -> None:
        """Fit the lines."""
        self._say()

    def reload(self, said: str = "") -> None:
        """Read the labels anew, then say what was done."""
        document_id, coder = self._document_id, self.qualcode.coder
        self._said = said  # until what it led to is shown
        self.qualcode.read(lambda p: voices_of(p, document_id, coder), self._show)

    def _show(self, found: Voices) -> None:
        if self.left:
            return
        self._voices = found
        self.query_one(LabelTable).show(found.rows)
        alike = self.query_one("#alike", Paper)
        alike.display = bool(found.alike)
        alike.show(look_alikes(found.alike))
        self._say()
        if not found.rows:
            self._said = "Nobody is labelled as speaking in this document."
        if self._said:
            self.tell_of_row(self._said)

    def note_row(self) -> None:
        """Say about the label at the cursor what the table has no room for; show its turns."""
        super().note_row()
        row, found = self.query_one(LabelTable).row_here, self._voices
        if row is not None and found is not None:
            self.query_one("#said", Paper).show(_said(found.said[row.key], self.size.width))

    def _say(self) -> None:
        found = self._voices
        if found is not None:
            several = [saying] if (saying := self.qualcode.saving) != "saved" else []
            speak = sum(row.kind != "not a speaker" for row in found.rows)
            facts = (counted(speak, "label"), counted(found.turns, "turn"), *several)
            self.say_header(f"Speakers of {found.title}", *facts)
        self.say_keys()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what can be done: saving again needs something unsaved."""
        if action == "retry":
            return bool(self.qualcode.unsaved)
        return super().check_action(action, parameters)

    # What the questions need

    def others(self, row: LabelRow) -> list[Named]:
        mine = {speaker.id for speaker in self._label(row).speakers}
        roster = self._voices.roster if self._voices is not None else ()
        return [named for named in roster if named.name not in mine]

    def people(self) -> list[Named]:
        return [Named(label) for label in (self._voices.people if self._voices else ())]

    def written(self, row: LabelRow) -> str:
        """The name as stored, unless it is one that is not to be shown."""
        stored = "; ".join(speaker.name for speaker in self._label(row).speakers)
        return stored if stored == row.speaker else ""

    def may_change(self) -> bool:
        return self._voices is not None

    def _label(self, row: LabelRow) -> SpeakerLabel:
        assert self._voices is not None  # the row was drawn from it
        return self._voices.labels[row.key]

    def _speaker(self, row: LabelRow) -> Speaker:
        return self._label(row).speakers[0]

    # Acts

    def rename(self, row: LabelRow, name: str) -> None:
        speaker = self._speaker(row)
        if name != speaker.name:
            self._act(
                lambda p, me: p.speakers.rename(speaker.id, name, by=me, rev=speaker.rev),
                f"{row.speaker} is now {name}.",
            )

    def rejoin(self, row: LabelRow, names: Sequence[str]) -> None:
        label, document_id = self._label(row), self._document_id
        kind: LabelKind = "joint" if len(names) > 1 else "speaker"
        decision = LabelDecision(label.label, ";".join(names), kind=kind)
        self._cautiously(
            [],
            lambda p, me: p.speakers.decide(document_id, [decision], by=me),
            f"“{row.label}”: {', '.join(names)}.",
        )

    def merge(self, row: LabelRow, into: str) -> None:
        speaker = self._speaker(row)
        name = next((o.shown for o in self.others(row) if o.name == into), "")
        self._cautiously(
            [speaker.id, into],
            lambda p, me: p.speakers.merge(speaker.id, into, by=me),
            f"{row.speaker} is {name}, in every document.",
        )

    def turn(self, row: LabelRow) -> None:
        id_ = row.key
        if row.kind == "not a speaker":
            self._cautiously(
                [],
                lambda p, me: p.speakers.as_speaker(id_, by=me),
                f"“{row.label}” is a speaker again.",
            )
        else:
            self._cautiously(
                [],
                lambda p, me: p.speakers.not_a_speaker(id_, by=me),
                f"“{row.label}” is not a speaker; its words join the turn before.",
            )

    def set_role(self, row: LabelRow, role: SpeakerRole) -> None:
        speaker = self._speaker(row)
        self._cautiously(
            [speaker.id],
            lambda p, me: p.speakers.set_role(speaker.id, role, by=me, rev=speaker.rev),
            f"{row.speaker}: {role}.",
        )

    def link(self, row: LabelRow, participant: str | None) -> None:
        speaker = self._speaker(row)
        self._act(
            lambda p, me: p.speakers.link(speaker.id, participant, by=me, rev=speaker.rev),
            f"{row.speaker} is participant {participant}." if participant else "No link now.",
        )

    def action_retry(self) -> None:
        """Try again to store what could not be."""
        self.qualcode.try_again()

    def action_back(self) -> None:
        """Go back to the documents."""
        self.qualcode.show_documents()

    def _act(self, act: Callable[[Project, Coder], object], words: str) -> None:
        found = self._voices
        if found is not None:
            me = found.me
            self.qualcode.write(
                lambda project: act(project, me),
                lambda _: self.stepped(words),
                refused=self.reload,
            )

    def stepped(self, words: str = "") -> None:
        """Read the labels anew."""
        if not self.left:
            self.reload(words)

    def _cautiously(
        self, speakers: Sequence[str], act: Callable[[Project, Coder], object], words: str
    ) -> None:
        """Act, but ask first where figures that were counted before would change.

        Args:
            speakers: Ids of those whose documents are touched beside this one.
        """
        document_id = self._document_id

        def question(project: Project) -> str | None:
            touched = [d for one in speakers for d in project.speakers.spoken_in(one)]
            return project.speakers.caution(list(dict.fromkeys([document_id, *touched])))

        def answered(caution: str | None) -> None:
            if self.left:
                return
            if caution is None:
                self._act(act, words)
                return
            confirm = Confirm(
                literal("Figures of a closed round would change"),
                literal(caution),
                literal("change it all the same"),
            )
            self.app.push_screen(confirm, lambda yes: self._act(act, words) if yes else None)

        self.qualcode.read(question, answered)
