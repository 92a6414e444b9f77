"""A document's label table: what holds for each label, what is proposed, and what looks alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from qualcode.model import Cell, SpeakerLabel, Table
from qualcode.reports.disclosed import disclosed
from qualcode.store.speakers import decision_on
from qualcode.text.labels import voices
from qualcode.text.plurals import counted
from qualcode.text.roster import LabelDecision, numbered_by_machine, usual_role

if TYPE_CHECKING:
    from qualcode.project import Project

COLUMNS = ("label", "speaker", "role", "kind", "participant", "turns", "proposed", "why")


def label_table(project: Project, document_id: str) -> Table:
    """The labels of a document, one row each, as they first occur.

    Returns:
        Columns ``label, speaker, role, kind, participant, turns, proposed, why``. Where voices
        join, ``speaker`` parts them with ``;``; their roles and participants stand in their own
        rows, or here, parted alike, where one of them has none. ``proposed`` and ``why`` are None
        where nothing is. What is not a speaker comes last, without a speaker and without turns.
        The notes list names that look alike. Written as CSV and edited it is what
        ``importers.labels_csv`` reads.
    """
    proposed = {one.decision.label: one for one in project.speakers.proposals(document_id)}
    rows: list[tuple[Cell, ...]] = []
    labels = project.speakers.labels(document_id)
    alone = {one.id for label in labels if label.kind == "speaker" for one in label.speakers}
    for label in labels:
        holds = decision_on(label.label, label.kind, label.speakers)
        own = label.kind == "speaker" or any(one.id not in alone for one in label.speakers)
        proposal = proposed.get(label.label)
        rows.append(
            (
                label.label,
                holds.speaker or None,
                (holds.role or None) if own else None,
                label.kind,
                holds.participant if own else None,
                label.turns,
                said(proposal.decision) if proposal else None,
                proposal.why if proposal else None,
            )
        )
    document = project.documents.get(document_id)
    notes = list(look_alike(project, document_id))
    unlabelled = sum(turn.label is None for turn in project.documents.transcript(document_id).turns)
    if unlabelled:
        have = counted(unlabelled, "turn has", "turns have")
        notes.append(f"{have} no label: the file does not say who speaks.")
    table = Table("labels", COLUMNS, rows, notes, {"document": document.name})
    return disclosed(project, table)


def meant(
    project: Project, document_id: str, decisions: Sequence[LabelDecision]
) -> list[LabelDecision]:
    """What decisions in a table mean that was written with names shown as their redaction labels.

    A name that reads as it was shown is nothing new: it stays the name it stands for.
    """
    if not project.layer.active:
        return list(decisions)
    words = project.layer.words
    holds = {one.label: one for one in project.speakers.labels(document_id)}
    shown: dict[str, list[str]] = {}
    for label in holds:
        shown.setdefault(words(label), []).append(label)
    found = []
    for decision in decisions:
        labels = shown.get(decision.label, [])
        one = decision
        if decision.label not in holds and len(labels) == 1:
            one = replace(one, label=labels[0])
        if one.label in holds:
            now = holds[one.label]
            is_now = decision_on(one.label, now.kind, now.speakers)
            if one.kind == now.kind and one.speaker == words(is_now.speaker):
                one = replace(one, speaker="")
            if one.participant == words(is_now.participant or ""):
                one = replace(one, participant=None)
        found.append(one)
    return found


def look_alike(project: Project, document_id: str) -> Iterator[str]:
    """A line for each two names that may be one person's, side by side."""
    counts = {label.label: label.turns for label in project.speakers.labels(document_id)}
    for a, b in project.speakers.near_duplicates(document_id):
        yield f"Look alike: {_counted(a, counts)} and {_counted(b, counts)}."


def _counted(name: str, counts: dict[str, int]) -> str:
    if name not in counts:
        return f'"{name}" (on the roster)'
    return f'"{name}" ({counted(counts[name], "turn")})'


def said(decision: LabelDecision) -> str:
    """What a decision makes of a label, in words: ``Ana Ruiz (moderator)``, ``not a speaker``."""
    if decision.kind == "not a speaker":
        return "not a speaker"
    marks = [decision.role] if decision.role not in ("", "participant") else []
    marks += [decision.participant] if decision.participant else []
    names = " and ".join(decision.speakers)
    return f"{names} ({', '.join(marks)})" if marks else names


def numbered_anew(labels: Sequence[SpeakerLabel]) -> Iterator[str]:
    """The labels that are a recorder's number, held by somebody else in another document."""
    for label in labels:
        if numbered_by_machine(label.label) and _own_names(label):
            yield f"{label.label} is {said(decision_on(label.label, label.kind, label.speakers))}"


def _own_names(label: SpeakerLabel) -> bool:
    return len(label.speakers) == 1 and label.speakers[0].name.startswith(f"{label.label} (")


def known_before(labels: Sequence[SpeakerLabel]) -> Iterator[str]:
    """What holds for labels besides what they say: ``CM is Carla Mendez``, ``PO (P01)``."""
    for label in labels:
        if label.kind == "not a speaker":
            yield f"{label.label} is not a speaker"
            continue
        names = [one.name for one in label.speakers]
        shown = said(decision_on(label.label, label.kind, label.speakers))
        expected = voices(label.label) if label.kind == "joint" else [label.label]
        if numbered_by_machine(label.label) and _own_names(label):
            continue
        if sorted(names) != sorted(expected):
            yield f"{label.label} is {shown}"
        elif any(one.participant or one.role != usual_role(one.name) for one in label.speakers):
            yield shown
