"""Which codes come up, how often, in how many documents and in whose words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qualcode.errors import UnknownName
from qualcode.model import Cell, Code, Document, Table, Transcript
from qualcode.reports.codebook import paths
from qualcode.reports.disclosed import disclosed
from qualcode.reports.source import Coded, Read, reading
from qualcode.reports.source import documents as documents_of
from qualcode.themes.frequencies import Frequency, ReadDocument, Stretch, frequencies

if TYPE_CHECKING:
    from qualcode.project import Project

COLUMNS = [
    "code", "path", "level", "kind", "group", "codings", "codings_min", "codings_max", "documents",
    "n_documents", "participants", "n_participants", "groups", "n_groups", "turns", "n_turns",
    "words", "n_words", "characters", "n_characters", "share", "per_1000_words", "facilitator",
    "barrier", "mixed", "no_valence", "disconfirming", "top_participant", "top_share",
    "effective_participants", "flags", "source", "rolled_up",
]  # fmt: skip

NOT_SET = "(not set)"
NAMED = 12


def frequency(
    project: Project,
    *,
    source: str = "reading",
    by: str | None = None,
    own: bool = False,
    include_moderator: bool = False,
    include_unfinished: bool = False,
) -> Table:
    """Count every code over what participants said.

    Args:
        project: An open project; of an open blind round only ``project.coder``'s codings count.
        source: Whose codings; coders are never pooled. ``reading``: per document the consensus
            where it was adjudicated, else the only coder who finished it, else the one who
            finished most documents. ``consensus`` and ``majority``: documents that two coders or
            more finished in one round. ``coder:NAME``: that coder.
        by: Attribute of participants or documents to group by; its value comes from the
            participant, else from the document, else it is "(not set)".
        own: Count a code without its descendants.
        include_moderator: Count what moderators say, too.
        include_unfinished: Read documents that nobody declared finished as they stand.

    Returns:
        Columns ``COLUMNS``, one row per code (codebook order) and group, ``*`` first. Each
        ``n_…`` is what the count to its left is of. Figures that do not exist are None.

    Raises:
        UnknownName: No such source, coder or attribute.
        QualcodeError: No document is finished in this source.
    """
    chosen = reading(project, source, include_unfinished=include_unfinished)
    attribute = None if by is None else _Attribute(project, by)
    documents: list[ReadDocument] = []
    aside, coded = Aside(), Coded(project)
    for one in chosen:
        transcript = project.documents.transcript(one.document.id)
        stretches = _stretches(transcript, include_moderator, attribute, aside)
        documents.append(_document(one, transcript, stretches, coded, aside))
    codes = project.codebook.codes()
    values = sorted({g for d in documents for s in d.stretches for g in s.groups})
    counts = frequencies(documents, _members(codes, own), _not_set_last(values))
    way = paths(codes)
    by_code = {code.code: code for code in codes}
    rows = [_row(row, by_code[row.code], way[row.code], source, not own) for row in counts.rows]
    left = [d.name for d in documents_of(project) if d.id not in {c.document.id for c in chosen}]
    notes = [
        *_notes(chosen, left, source, own, aside, include_moderator),
        *_dropped(counts.dropped),
    ]
    provenance = {"source": source, "by": by, "rolled_up": not own, "data": project.digest()}
    return disclosed(project, Table("frequency", COLUMNS, rows, notes, provenance))


@dataclass(slots=True)
class Aside:
    """What was left out or assumed on the way; it ends up in the notes."""

    moderator_turns: int = 0
    unlinked: set[str] = field(default_factory=set)
    undecided: int = 0


def _stretches(
    transcript: Transcript, include_moderator: bool, attribute: _Attribute | None, aside: Aside
) -> tuple[Stretch, ...]:
    document = transcript.document
    if not transcript.turns:
        groups = () if attribute is None else attribute.groups(document, ())
        return tuple(Stretch(b.start, b.stop, (), groups) for b in transcript.blocks)
    found = []
    for turn in transcript.turns:
        if turn.start == turn.stop:
            continue
        if turn.role == "moderator" and not include_moderator:
            aside.moderator_turns += 1
            continue
        who = turn.participants
        if not who and turn.speaker is not None and turn.role != "moderator":
            who = (turn.speaker,)
            aside.unlinked.add(turn.speaker)
        groups = () if attribute is None else attribute.groups(document, turn.participants)
        found.append(Stretch(turn.start, turn.stop, who, groups))
    return tuple(found)


def _document(
    read: Read, transcript: Transcript, stretches: tuple[Stretch, ...], coded: Coded, aside: Aside
) -> ReadDocument:
    """One document with the marks of its source and of everyone who finished it."""
    said = coded.said(read, transcript.sentences)
    aside.undecided += said.undecided
    readings = tuple(tuple(coded.of(read.document.id, *key)) for key in read.finishers)
    return ReadDocument(read.document.name, transcript.text, stretches, said.marks, readings)


class _Attribute:
    """The values of one attribute of participants and documents."""

    def __init__(self, project: Project, name: str) -> None:
        self._documents = project.documents.attributes()
        self._participants = {p.label: p.attributes for p in project.participants.list()}
        records = [*self._documents.values(), *self._participants.values()]
        known = sorted({attribute for record in records for attribute in record})
        match = [attribute for attribute in known if attribute.casefold() == name.casefold()]
        if not match:
            raise UnknownName("attribute", name, known)
        self.name = match[0]

    def groups(self, document: Document, participants: Sequence[str]) -> tuple[str, ...]:
        """The values that a turn belongs to: one, or both where unlike speakers speak."""
        theirs = [self._participants.get(who, {}).get(self.name, "") for who in participants]
        fallback = self._documents.get(document.id, {}).get(self.name, "") or NOT_SET
        return tuple(dict.fromkeys(value or fallback for value in theirs or [""]))


def _members(codes: Sequence[Code], own: bool) -> dict[str, list[str]]:
    """Code → itself and, rolled up, all its descendants."""
    members = {code.code: [code.code] for code in codes}
    if own:
        return members
    parents = {code.code: code.parent for code in codes}
    for code in codes:
        above = code.parent
        while above is not None and above in members:
            members[above].append(code.code)
            above = parents[above]
    return members


def _not_set_last(values: Sequence[str]) -> list[str]:
    return sorted(values, key=lambda value: (value == NOT_SET, value.casefold()))


def _row(
    row: Frequency, code: Code, way: tuple[str, ...], source: str, rolled_up: bool
) -> tuple[Cell, ...]:
    base = row.base
    return (
        code.code, " › ".join(way), len(way), code.kind, row.group, row.codings, row.codings_min,
        row.codings_max, len(row.documents), len(base.documents), len(row.participants),
        len(base.participants), len(row.focus_groups), len(base.focus_groups), row.turns,
        base.turns, row.words, base.words, row.characters, base.characters, row.share,
        row.per_1000_words, row.valence["facilitator"], row.valence["barrier"],
        row.valence["mixed"], row.valence[""], row.disconfirming, row.top_participant,
        row.top_share, row.effective_participants, " ".join(row.flags()), source, rolled_up,
    )  # fmt: skip


def _notes(
    read: Sequence[Read],
    left: Sequence[str],
    source: str,
    own: bool,
    aside: Aside,
    include_moderator: bool,
) -> Iterator[str]:
    how = Counter(one.how for one in read)
    parts = ", ".join(f"{n} by {'one coder' if h == 'coder' else h}" for h, n in how.items())
    yield f"Source: {source}. {len(read)} documents read ({parts}); coders are never pooled."
    if left:
        yield f"Not finished in this source, and neither counted nor in N: {', '.join(left)}."
    if aside.moderator_turns:
        yield f"{aside.moderator_turns} turns of moderators are left out."
    elif include_moderator:
        yield "Turns of moderators are counted."
    if aside.unlinked:
        names = sorted(aside.unlinked)
        more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
        yield (
            f"{len(names)} speakers are linked to no participant and count as one each: "
            f"{', '.join(names[:NAMED])}{more}."
        )
    if aside.undecided:
        yield f"{aside.undecided} sentences × codes still undecided between coders are left out."
    if not own:
        yield "A code includes its descendants, united: children need not add up to their parent."


def _dropped(dropped: int) -> Iterator[str]:
    if dropped:
        yield f"{dropped} codings hold no letter or digit of a counted turn and are left out."
