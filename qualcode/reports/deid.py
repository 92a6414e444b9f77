"""De-identification: what may have to be redacted, what was decided, and what is left.

Suggestions are for a person to accept or reject. A misspelt name, a nickname or a third person whom
no list holds is not found, nor is a rare role; a name that is also a word is found where it is a
word as well.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qualcode.model import Cell, Participant, Redaction, RedactionStatus, Span, Table
from qualcode.reports.loose import loose_texts
from qualcode.text import names as forms
from qualcode.text.names import Found, Name, Suggestion
from qualcode.text.people import (
    NAMES_OF_PARTICIPANTS,
    PERSON,
    Known,
    Labels,
    Person,
    bare_name,
    known_names,
    parts,
)

if TYPE_CHECKING:
    from qualcode.project import Project

PSEUDONYM = "pseudonym"
"""Attribute that is the label shown for a participant."""

LIMITS = (
    "Not found, unless a list holds them: misspelt names, names spelt out, nicknames, people only "
    "spoken of. Never found: rare roles. Names that are words (Will) are found where they are "
    "words as well."
)
AROUND = 40
"""Characters shown on either side of a redaction."""


@dataclass(frozen=True, slots=True, repr=False)
class Suggested:
    """What was found, and what a person should know of it."""

    found: tuple[Suggestion, ...]
    notes: tuple[str, ...]


def suggest(
    project: Project,
    *,
    gazetteers: Sequence[Sequence[Name]] = (),
    ignore_case: bool = False,
    entities: bool = True,
    model: str | None = None,
) -> list[Suggestion]:
    """Look for what may have to be redacted in every document; nothing is stored.

    Args:
        gazetteers: Names from files, as ``importers.names_csv`` reads them.
        ignore_case: Find names in any case.
        entities: Ask spaCy, whose guesses come from a trained model if one is installed.
        model: The spaCy model to ask; None takes the largest of each document's language.

    Returns:
        By document and place, none overlapping another of its document; what is stored already
        is left out.
    """
    asked = Asked(tuple(n for names in gazetteers for n in names), ignore_case, entities, model)
    return list(suggested(project, asked).found)


@dataclass(frozen=True, slots=True, repr=False)
class Asked:
    """What to look for, and how."""

    listed: tuple[Name, ...] = ()
    ignore_case: bool = False
    entities: bool = True
    model: str | None = None


def suggested(project: Project, asked: Asked) -> Suggested:
    """As ``suggest``, with notes: names that several people share, labels that contradict."""
    stored = _stored(project)
    known = known_names(stored, asked.listed, people(project), ignore_case=asked.ignore_case)
    labels = Labels(
        {**{one.name: one.label for one in known.names}, **stored}, (), asked.ignore_case
    )
    guess = _Guesses(asked, known) if asked.entities or asked.model else None
    found: list[Suggestion] = []
    for document in project.documents.list():
        if document.removed:
            continue
        text = project.documents.text(document.id)
        here = [
            *forms.find(text, known.names, ignore_case=asked.ignore_case),
            *forms.identifiers(text),
        ]
        if guess is not None:
            here += guess.of(project, document.id, document.language, text)
        before = project.redactions.list(document.id)
        there = [one.span for one in before if one.status != "rejected"]
        decided = {one.span for one in before}
        for one in longest(here):
            if one.span in decided or any(
                span.overlap(one.span) == len(one.span) for span in there
            ):
                continue  # it is covered, or a person said that it names nobody
            label = one.label or _label(text[one.span.start : one.span.stop], one.kind, labels)
            found.append(Suggestion(document.id, one.span, label, one.kind))
    return Suggested(tuple(found), known.notes)


class _Guesses:
    """spaCy's entities, with one pipeline per language."""

    def __init__(self, asked: Asked, known: Known) -> None:
        self._asked, self._known = asked, known
        self._pipelines: dict[str, object] = {}

    def of(self, project: Project, document_id: str, language: str, text: str) -> list[Found]:
        from qualcode.text import entities as spacy_side

        if language not in self._pipelines:
            model = self._asked.model or spacy_side.installed_model(language)
            self._pipelines[language] = spacy_side.pipeline(
                self._known.names, language=language, model=model
            )
        blocks = project.documents.transcript(document_id).blocks
        nlp = self._pipelines[language]
        return spacy_side.entities(text, blocks, self._known.names, nlp)  # type: ignore[arg-type]


def longest(found: Sequence[Found]) -> list[Found]:
    """Of what overlaps, the longest; of equals the first given. In text order."""
    kept: list[Found] = []
    starts: list[int] = []
    for one in sorted(found, key=lambda one: -len(one.span)):
        i = bisect_right(starts, one.span.start)
        if i and kept[i - 1].span.overlap(one.span):
            continue
        if i < len(kept) and kept[i].span.overlap(one.span):
            continue
        kept.insert(i, one)
        starts.insert(i, one.span.start)
    return kept


def _label(name: str, kind: str, labels: Labels) -> str:
    """The label of something a model guessed."""
    if kind != PERSON:
        return labels.of(name) or f"[{kind}]"
    label = labels.of(name) or labels.of_parts(name) or labels.new_person()
    for one in (name, *parts(name)):
        labels.remember(one, label)
    return label


def _stored(project: Project) -> dict[str, str]:
    """Name → label of what is stored already; what was accepted comes first."""
    found: dict[str, str] = {}
    texts: dict[str, str] = {}
    order = {"accepted": 0, "suggested": 1, "rejected": 2}
    for one in sorted(project.redactions.list(), key=lambda one: order[one.status]):
        if one.document_id not in texts:
            texts[one.document_id] = project.documents.text(one.document_id)
        name = " ".join(texts[one.document_id][one.span.start : one.span.stop].split())
        found.setdefault(name, one.label)
    return found


def people(project: Project) -> list[Person]:
    """Whom the roster and the participants name; a participant's label stands for them.

    Who speaks under several labels, one of them misspelt or written out, has all their names.
    """
    called: dict[str, list[str]] = {}
    others: list[Person] = []
    spelt = _labelled(project)
    for speaker in project.speakers.list():
        names = [name for name in (bare_name(speaker.name), *spelt.get(speaker.id, ())) if name]
        if speaker.participant is not None:
            called.setdefault(speaker.participant, []).extend(names)
        elif names:
            others.append(Person(tuple(dict.fromkeys(names)), ""))
    found = []
    for participant in project.participants.list():
        names = list(dict.fromkeys([*called.get(participant.label, []), *_attributes(participant)]))
        if names:
            found.append(Person(tuple(names), _shown_for(participant)))
    return found + others


def _labelled(project: Project) -> dict[str, list[str]]:
    """Speaker → the names in the labels that are theirs alone, as the files have them."""
    found: dict[str, list[str]] = {}
    for document in project.documents.list():
        if document.removed:
            continue
        for label in project.speakers.labels(document.id):
            name = bare_name(label.label) if label.kind == "speaker" else ""
            if name and len(label.speakers) == 1:
                found.setdefault(label.speakers[0].id, []).append(name)
    return found


def _attributes(participant: Participant) -> list[str]:
    values = {name.casefold(): value for name, value in participant.attributes.items()}
    found = [values[name].strip() for name in NAMES_OF_PARTICIPANTS if name in values]
    first, last = values.get("first_name", "").strip(), values.get("last_name", "").strip()
    if first and last:
        found.insert(0, f"{first} {last}")
    if bare_name(participant.label) and not found:
        found.append(participant.label)
    return [name for name in found if any(map(str.isalpha, name))]


def _shown_for(participant: Participant) -> str:
    values = {name.casefold(): value for name, value in participant.attributes.items()}
    return (values.get(PSEUDONYM, "").strip() or f"[{participant.label}]")[:40]


# What is stored


def table(
    project: Project,
    *,
    status: RedactionStatus | None = None,
    document_id: str | None = None,
) -> Table:
    """Every redaction as one row, with the name it covers: what a person reviews.

    Returns:
        Columns ``redaction_id, document, turn, start, stop, kind, label, status, by, at, before,
        name, after``; by document (import order) and place. ``turn`` is None outside turns.
    """
    coders = {one.id: one.name for one in project.coders.list()}
    rows: list[tuple[Cell, ...]] = []
    by_document: dict[str, list[Redaction]] = {}
    for one in project.redactions.list(document_id, status):
        by_document.setdefault(one.document_id, []).append(one)
    for id_, theirs in by_document.items():
        transcript = project.documents.transcript(id_)
        text, turns = transcript.text, transcript.turns
        starts = [turn.start for turn in turns]
        for one in theirs:
            i = bisect_right(starts, one.span.start) - 1
            inside = i >= 0 and one.span.start < turns[i].stop
            rows.append(
                (
                    one.id, transcript.document.name, turns[i].n if inside else None,
                    one.span.start, one.span.stop, one.kind, one.label, one.status,
                    coders.get(one.coder_id), one.at, _line(text[_from(one.span) : one.span.start]),
                    _line(text[one.span.start : one.span.stop]),
                    _line(text[one.span.stop : one.span.stop + AROUND]),
                )
            )  # fmt: skip
    columns = [
        "redaction_id", "document", "turn", "start", "stop", "kind", "label", "status", "by", "at",
        "before", "name", "after",
    ]  # fmt: skip
    notes = ["This table shows the names as they were said: it is for review, not to be passed on."]
    return Table("redactions", columns, rows, notes)


def _from(span: Span) -> int:
    return max(0, span.start - AROUND)


def _line(text: str) -> str:
    return text.replace("\n", " ")


def summary(project: Project) -> Table:
    """How many redactions of each document are suggested, accepted and rejected.

    Returns:
        Columns ``document, suggested, accepted, rejected``; only documents that have any.
    """
    names = {one.id: one.name for one in project.documents.list()}
    counts = Counter((one.document_id, one.status) for one in project.redactions.list())
    rows: list[tuple[Cell, ...]] = [
        (name, counts[id_, "suggested"], counts[id_, "accepted"], counts[id_, "rejected"])
        for id_, name in names.items()
        if any(counts[id_, status] for status in ("suggested", "accepted", "rejected"))
    ]
    return Table("redactions", ["document", "suggested", "accepted", "rejected"], rows)


def left(project: Project) -> Table:
    """Where outside the texts known names stand: shown as labels, and for a person to look at.

    Returns:
        Columns ``place, id, of, name``: a memo, code, document, speaker, participant, round … as
        ``reports.loose`` lists them, which part of it, and each name in it.
    """
    rows: list[tuple[Cell, ...]] = [
        (one.place, one.id, one.of, name)
        for one in loose_texts(project)
        for name in project.layer.left_in(one.text)
    ]
    notes = [
        "In exports these names are replaced by their labels, as words; whether what is left tells "
        "who it is, only a person can see."
    ]
    return Table("names left", ["place", "id", "of", "name"], rows, notes if rows else [])
