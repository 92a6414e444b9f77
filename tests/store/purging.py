"""A project in which every place that can hold words holds one that stands nowhere else."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import qualcode
from qualcode.model import Code, Coder
from qualcode.project import Project
from qualcode.store import disk
from tests.store.texts import reading

INTERVIEW = """Interview with Headerquartz, at the harbour.

Moderator: How did they meet you?

Labelquartz: She walked over and said textquartz to my face. I had never seen her.

P2: They put me on the list for a bed. Nobody called me back.

Labelquartz: Then nothing, for weeks, says Earquartz.
"""
EARLIER = INTERVIEW.replace("for weeks", "for weaks misheardquartz")
QUOTE = "She walked over and said textquartz to my face."


@dataclass
class Withdrawing:
    """A project with two coders, a participant who will withdraw, and canary words."""

    project: Project
    ana: Coder
    ben: Coder
    document_id: str

    @property
    def path(self) -> Path:
        return self.project.path


def build(path: Path) -> Withdrawing:
    """The words end in ``quartz``; what comes before says where they were written."""
    project = qualcode.create(path, title="Harbour", coder="ana")
    ana = project.acting("ana")
    ben = project.coders.add("ben", by=ana)
    _codebook(project, ana)
    read = reading(INTERVIEW)
    source = INTERVIEW.encode() + b"\n<!-- bytesquartz -->\n"
    read = replace(
        read,
        metadata={"interviewee": "metadataquartz"},
        source=source,
        sha256=hashlib.sha256(source).hexdigest(),
    )
    document = project.documents.add(
        read, "A-P1", by=ana, source_name="filenamequartz.txt", attributes={"street": "placequartz"}
    )
    project.participants.import_table(
        [
            (1, {"id": "personquartz", "speaker": "Labelquartz", "job": "jobquartz"}),
            (2, {"id": "P2", "speaker": "P2", "job": "sailor"}),
        ],
        by=ana,
    )
    made = Withdrawing(project, ana, ben, document.id)
    _coding(made)
    _memos(made)
    return made


def _codebook(project: Project, ana: Coder) -> None:
    codes = [
        Code("", "handoff", example=("“she walked over  and said textquartz”", "A made-up one."),
             near_miss=("said textquartz",),
             full="A meeting in person, such as “walked over and said textquartz”. Not by phone."),
        Code("", "housing", position=1, example=("They put me on the list for a bed.",)),
    ]  # fmt: skip
    project.codebook.import_codes(codes, by=ana)
    project.codebook.freeze("v1", by=ana)
    codes[0] = replace(codes[0], near_miss=())  # the log alone holds the near miss now
    project.codebook.import_codes(codes, by=ana)


def _coding(made: Withdrawing) -> None:
    project, ana, ben = made.project, made.ana, made.ben
    opened = project.rounds.open("r1", by=ana)
    project.rounds.assign(opened.id, [made.document_id], [ana.id, ben.id], by=ana)
    text = project.documents.text(made.document_id)
    handoff, housing = (project.codebook.named(code).id for code in ("handoff", "housing"))
    for coder, words in ((ana, "walked over and said"), (ben, "said textquartz to my face")):
        at = text.index(words)
        span = qualcode.Span(at, at + len(words))
        coding = project.codings.apply(
            made.document_id, span, handoff, by=coder, round_id=opened.id
        )
        project.memos.write(f"oncoding{coder.name}quartz", by=coder, coding_id=coding.id)
    at = text.index("on the list")
    apart = project.codings.apply(
        made.document_id, qualcode.Span(at, at + 11), housing, by=ana, round_id=opened.id
    )
    project.memos.write("This one stays.", by=ana, coding_id=apart.id)
    at = text.index("Then nothing")
    gone = project.codings.apply(
        made.document_id, qualcode.Span(at, at + 12), housing, by=ana, round_id=opened.id
    )
    memo = project.memos.write("removedcodingquartz", by=ana, coding_id=gone.id)
    project.memos.remove(memo.id, by=ana)
    project.codings.remove(gone.id, by=ana)
    for coder in (ana, ben):
        project.rounds.finish(opened.id, made.document_id, coder.id, by=coder)
    project.rounds.close(opened.id, by=ana)
    start = text.index("She walked")
    with project.history.action("import adjudications", ana) as action:
        action.insert(
            "adjudication",
            {
                "round_id": opened.id, "document_id": made.document_id, "code_id": handoff,
                "start": start, "stop": start + 10, "decision": "present",
                "reason": "reasonquartz", "decided_by_id": ana.id, "decided_at": "2026-11-25",
            },
        )  # fmt: skip


def _memos(made: Withdrawing) -> None:
    project, ana, ben = made.project, made.ana, made.ben
    on = made.document_id
    project.memos.write("ownquartz", by=ana, document_id=on)
    project.memos.write("privatequartz", by=ben, private=True, document_id=on)
    asked = project.memos.write("otherquartz", by=ben, document_id=on)
    project.memos.write("answerquartz", by=ana, memo_id=asked.id)
    edited = project.memos.write("oldwordingquartz", by=ana, document_id=on)
    project.memos.edit(edited.id, "newwordingquartz", by=ana)
    project.history.undo(ana)
    person = next(p.id for p in project.participants.list() if p.label != "P2")
    project.memos.write("aboutquartz", by=ana, participant_id=person)
    project.memos.write(f"My own thought. Then “{QUOTE}” was said. Another thought.", by=ana)


EVERYWHERE = (
    "textquartz", "Labelquartz", "bytesquartz", "filenamequartz", "Earquartz", "ownquartz",
    "privatequartz", "otherquartz", "answerquartz", "oldwordingquartz", "newwordingquartz",
    "oncodinganaquartz", "oncodingbenquartz", "removedcodingquartz", "reasonquartz",
)  # fmt: skip
"""What goes with the document, and with the participant who speaks in it."""

OF_THE_DOCUMENT = ("Headerquartz", "metadataquartz", "placequartz")
OF_THE_PERSON = ("personquartz", "jobquartz", "aboutquartz")


def held(path: Path, words: Iterable[str]) -> set[str]:
    """The words that the bytes of a project, or of a file beside it, hold in some encoding."""
    data = b"".join(file.read_bytes() for file in (path, *disk.side_files(path)))
    return {
        word
        for word in words
        if any(
            form.encode(codec) in data
            for form in (word, word.lower(), word.upper())
            for codec in ("utf-8", "utf-16-le", "utf-16-be")
        )
    }
