"""What counts: the documents read, what was eligibly said in them, and what was marked there.

Every theme table is made of this, so that all of them mean the same by a document, a turn, a word
and a coding; their notes are worded here, too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qualcode.errors import UnknownName
from qualcode.model import Code, Document
from qualcode.reports.source import Coded, Read, reading
from qualcode.reports.source import documents as documents_of
from qualcode.text.plurals import counted
from qualcode.themes.frequencies import ALL, Group, ReadDocument, Stretch

if TYPE_CHECKING:
    from qualcode.project import Project

NOT_SET = "(not set)"
NAMED = 12


@dataclass(frozen=True, slots=True, repr=False)
class Corpus:
    """What a theme table counts in, and how it came to that."""

    documents: tuple[ReadDocument, ...]
    """Those that count, in import order."""

    read: tuple[Read, ...]
    """Of each of them, which record speaks for it."""

    codes: tuple[Code, ...]
    """Of the whole codebook, parents before children."""

    members: dict[str, list[str]]
    """Code → the codes whose marks count for it: itself and, rolled up, all its descendants."""

    groups: tuple[Group, ...]
    """Values of the grouping attributes that occur, by name, "(not set)" last; empty where
    nothing is grouped."""

    source: str
    own: bool
    left: tuple[str, ...]
    """Names of the documents that are not read."""

    aside: Aside

    def notes(self) -> Iterator[str]:
        """What a reader of the table must know, a sentence each."""
        how = Counter(one.how for one in self.read)
        parts = ", ".join(f"{n} by {'one coder' if h == 'coder' else h}" for h, n in how.items())
        yield (
            f"Source: {self.source}. {counted(len(self.read), 'document')} read ({parts}); "
            "coders are never pooled."
        )
        if self.left:
            left = ", ".join(self.left)
            yield f"Not finished in this source, and neither counted nor in N: {left}."
        yield from self.aside.notes()
        if not self.own:
            yield (
                "A code includes its descendants, united: children need not add up to their parent."
            )


@dataclass(slots=True)
class Aside:
    """What was left out or assumed on the way."""

    include_moderator: bool = False
    moderator_turns: int = 0
    unlinked: set[str] = field(default_factory=set)
    undecided: int = 0
    alike: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    """Attribute and value as it is shown → what is stored: several where a label covers them."""

    def notes(self) -> Iterator[str]:
        """What was left out, a sentence each."""
        if self.moderator_turns:
            turns = counted(
                self.moderator_turns, "turn of a moderator is", "turns of moderators are"
            )
            yield f"{turns} left out."
        elif self.include_moderator:
            yield "Turns of moderators are counted."
        if self.unlinked:
            names = sorted(self.unlinked)
            more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
            yield (
                f"{counted(len(names), 'speaker is', 'speakers are')} linked to no participant, "
                f"counted as one each: {', '.join(names[:NAMED])}{more}."
            )
        for (attribute, label), stored in self.alike.items():
            if len(stored) > 1:
                yield (
                    f'{len(stored)} values of "{attribute}" are shown as "{label}" and counted as '
                    "one group; redactions with unlike labels tell them apart."
                )
        if self.undecided:
            where = counted(self.undecided, "sentence × code is", "sentences × codes are")
            yield f"{where} still undecided between coders and left out."


def corpus(
    project: Project,
    *,
    source: str = "reading",
    by: Sequence[str] = (),
    own: bool = False,
    include_moderator: bool = False,
    include_unfinished: bool = False,
) -> Corpus:
    """Gather what a theme table counts.

    Args:
        project: An open project; of an open blind round only ``project.coder``'s codings count.
        source: Whose codings; coders are never pooled. ``reading``: per document the consensus
            where it was adjudicated, else the only coder who finished it, else the one who
            finished most documents. ``consensus`` and ``majority``: documents that two coders or
            more finished in one round. ``coder:NAME``: that coder.
        by: Attributes of participants or documents to group by. A value comes from the
            participant, else from the document, else it is "(not set)". With one attribute a
            group is its value, with more a tuple of theirs.
        own: Count a code without its descendants.
        include_moderator: Count what moderators say, too.
        include_unfinished: Read documents that nobody declared finished as they stand.

    Raises:
        UnknownName: No such source, coder or attribute.
        QualcodeError: No document is finished in this source.
    """
    chosen = reading(project, source, include_unfinished=include_unfinished)
    documents: list[ReadDocument] = []
    aside, coded = Aside(include_moderator), Coded(project)
    attributes = _Attributes(project, by, aside)
    for one in chosen:
        stretches = _stretches(project, one.document, include_moderator, attributes, aside)
        documents.append(_document(project, one, stretches, coded, aside))
    codes = project.codebook.codes()
    there = {c.document.id for c in chosen}
    groups = {g for d in documents for s in d.stretches for g in s.groups}
    return Corpus(
        tuple(documents),
        tuple(chosen),
        tuple(codes),
        members(codes, own),
        tuple(in_order(groups)),
        source,
        own,
        tuple(d.name for d in documents_of(project) if d.id not in there),
        aside,
    )


def members(codes: Sequence[Code], own: bool) -> dict[str, list[str]]:
    """Code → itself and, rolled up, all its descendants."""
    found = {code.code: [code.code] for code in codes}
    if own:
        return found
    parents = {code.code: code.parent for code in codes}
    for code in codes:
        above = code.parent
        while above is not None and above in found:
            found[above].append(code.code)
            above = parents[above]
    return found


def as_group(value: str) -> str:
    """The name of the group that holds a value: the value, but never that of everything, ``*``.

    A star is put in quotation marks, and one that stands in such in one pair more.
    """
    return f'"{value}"' if value.strip('"') == ALL else value


def in_order(groups: set[Group]) -> list[Group]:
    """Groups by name, what is not set last."""

    def place(group: Group) -> list[tuple[bool, str, str]]:
        values = (group,) if isinstance(group, str) else group
        return [(value == NOT_SET, value.casefold(), value) for value in values]

    return sorted(groups, key=place)


def _stretches(
    project: Project,
    document: Document,
    include_moderator: bool,
    attributes: _Attributes,
    aside: Aside,
) -> tuple[Stretch, ...]:
    spoken = project.documents.spoken(document.id)
    if not spoken:
        groups = attributes.groups(document, ())
        transcript = project.documents.transcript(document.id, sentences=False)
        return tuple(Stretch(b.start, b.stop, (), groups) for b in transcript.blocks)
    found = []
    for start, stop, (speaker, role, participants) in spoken:
        if start == stop:
            continue
        if role == "moderator" and not include_moderator:
            aside.moderator_turns += 1
            continue
        who = participants
        if not who and speaker is not None and role != "moderator":
            who = (speaker,)
            aside.unlinked.add(speaker)
        found.append(Stretch(start, stop, who, attributes.groups(document, participants)))
    return tuple(found)


def _document(
    project: Project, read: Read, stretches: tuple[Stretch, ...], coded: Coded, aside: Aside
) -> ReadDocument:
    """One document with the marks of its source and of everyone who finished it."""
    id_, name = read.document.id, read.document.name
    agreed = read.how != "coder"  # what coders say together is said of sentences
    said = coded.said(read, project.documents.sentences(id_) if agreed else ())
    aside.undecided += said.undecided
    readings = tuple(tuple(coded.of(id_, *key)) for key in read.finishers)
    return ReadDocument(name, project.documents.text(id_), stretches, said.marks, readings)


class _Attributes:
    """The values of some attributes of participants and documents, as they are shown.

    What bears one label is one group: by the order or the counts of several of that name a reader
    could tell whom they stand for.
    """

    def __init__(self, project: Project, names: Sequence[str], aside: Aside) -> None:
        self._words, self._aside = project.layer.words, aside
        self._documents = project.documents.attributes() if names else {}
        listed = project.participants.list() if names else []
        self._participants = {p.label: p.attributes for p in listed}
        records = [*self._documents.values(), *self._participants.values()]
        known = sorted({attribute for record in records for attribute in record})
        self.names = [_known(name, known) for name in names]

    def groups(self, document: Document, participants: Sequence[str]) -> tuple[Group, ...]:
        """The groups that a turn belongs to: one, or several where unlike speakers speak."""
        if not self.names:
            return ()
        told = self._documents.get(document.id, {})
        found: dict[Group, None] = {}
        for who in participants or [""]:
            theirs = self._participants.get(who, {})
            values = [self._shown(n, theirs.get(n) or told.get(n)) for n in self.names]
            found[values[0] if len(values) == 1 else tuple(values)] = None
        return tuple(found)

    def _shown(self, attribute: str, value: str | None) -> str:
        if not value:
            return NOT_SET
        shown = as_group(self._words(value))
        self._aside.alike.setdefault((attribute, shown), set()).add(value)
        return shown


def _known(name: str, known: Sequence[str]) -> str:
    match = [attribute for attribute in known if attribute.casefold() == name.casefold()]
    if not match:
        raise UnknownName("attribute", name, known)
    return match[0]
