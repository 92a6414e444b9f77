"""Coded excerpts: the words, who said them where, and who marked them as what.

A quote never appears twice for a code: overlapping codings of one coder are one excerpt.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from qualcode.model import Cell, Code, Document, Span, Table, Transcript, Turn
from qualcode.reports.disclosed import Shown, disclosed, shown_transcript
from qualcode.reports.printed import withheld
from qualcode.reports.source import Coded, Read, documents, reading
from qualcode.text.people import passed_on
from qualcode.themes.frequencies import joint_valence

if TYPE_CHECKING:
    from qualcode.project import Project

BEFORE = [
    "excerpt_id", "document", "start", "stop", "turns", "time", "participant", "speaker",
]  # fmt: skip
AFTER = [
    "codes", "valence", "exemplar", "disconfirming", "coder", "round", "codebook_version", "memo",
    "text",
]  # fmt: skip
NAMED = 12


@dataclass(frozen=True, slots=True, repr=False)
class Excerpt:
    """A stretch of a document with what a coder, or several together, said of it."""

    id: str
    """Id of its (first) coding; made of place and code where several coders agreed on it."""

    transcript: Transcript
    """As it is shown, see ``reports.disclosed``."""

    span: Span
    """In the shown text."""

    place: Span
    """Where it is coded in the document's own text."""

    codes: tuple[str, ...]
    """In codebook order."""

    valence: str | None
    exemplar: bool
    disconfirming: bool
    coder: str
    """A coder's name; ``consensus`` or ``majority`` where it is several coders'."""

    round: str
    codebook_version: str | None
    memo: str | None
    attributes: Mapping[str, str]
    """Of the participants, else of the document."""

    withheld: frozenset[str] = frozenset()
    """Attributes that would tell who speaks, and are not printed; see ``reports.printed``."""

    @property
    def document(self) -> Document:
        return self.transcript.document

    @property
    def text(self) -> str:
        """Exactly what is coded, names as they are shown."""
        return self.transcript.text[self.span.start : self.span.stop]

    def turns(self) -> list[Turn]:
        """The turns it touches, in text order; none where nobody speaks."""
        inside = (self.span.start, self.span.stop)
        return [t for t in self.transcript.turns if t.start < inside[1] and t.stop > inside[0]]

    def turn_numbers(self) -> str:
        """``14``, ``31–32``; empty where nobody speaks."""
        return "–".join(str(n) for n in dict.fromkeys(t.n for t in _ends(self.turns())))

    def time(self) -> str:
        """When its first turn begins, ``HH:MM:SS``; empty where the source does not say."""
        at = next((t.start_seconds for t in self.turns()), None)
        return (
            "" if at is None else f"{int(at) // 3600:02}:{int(at) // 60 % 60:02}:{int(at) % 60:02}"
        )

    @property
    def printed(self) -> dict[str, str]:
        """The attributes that may be printed with it."""
        return {n: value for n, value in self.attributes.items() if n not in self.withheld}

    def participants(self) -> list[str]:
        """Labels of the participants who speak in it."""
        return list(dict.fromkeys(label for t in self.turns() for label in t.participants))

    def speakers(self) -> list[str]:
        """Who speaks in it, as the roster names them."""
        return list(dict.fromkeys(t.speaker for t in self.turns() if t.speaker is not None))


@dataclass(frozen=True, slots=True)
class Collected:
    """Excerpts with what a reader must know of them."""

    excerpts: list[Excerpt]
    """By document (import order), place and code."""

    notes: list[str]


def excerpts(
    project: Project,
    *,
    code: str | None = None,
    coder: str | None = None,
    round: str | None = None,
    document: str | None = None,
    source: str = "reading",
    include_unfinished: bool = False,
    leaving: bool = False,
) -> Table:
    """Give coded excerpts, one row each.

    Args:
        project: An open project; of an open blind round only ``project.coder``'s own codings.
        code: This code and those below it; where several of them overlap, one row lists them all.
            None: every code, a row for each.
        coder: All codings of this coder, finished or not, rather than those of ``source``.
        round: All codings of this round, coder by coder, rather than those of ``source``.
        document: Only this document.
        source: Whose codings, as in ``reports.source.reading``; coders are never pooled.
        include_unfinished: Read documents that nobody declared finished as they stand.
        leaving: Hold back attributes that too few participants share, as what is passed on does.

    Returns:
        Columns ``excerpt_id, document, start, stop, turns, time, participant, speaker``, then the
        attributes of participants and documents by name, then ``codes, valence, exemplar,
        disconfirming, coder, round, codebook_version, memo, text``. Several turns, participants,
        speakers or codes stand in one cell: ``31–32``, ``P1; P2``. Sorted by document and place.

    Raises:
        UnknownName: No such code, coder, round, document or source.
        QualcodeError: No document is finished in this source.
        StillBlind: The round asked for is blind and open, and nobody looks.
    """
    found = collect(
        project,
        code=code,
        coder=coder,
        round=round,
        document=document,
        source=source,
        include_unfinished=include_unfinished,
        leaving=leaving,
    )
    names = sorted({name for one in found.excerpts for name in one.attributes}, key=str.casefold)
    shown = [f"attribute_{n}" if n in BEFORE or n in AFTER else n for n in names]
    rows = [_row(one, names) for one in found.excerpts]
    raw = coder is not None or round is not None
    provenance = {
        "source": None if raw else source, "code": code, "coder": coder, "round": round,
        "document": document, "data": project.digest(),
    }  # fmt: skip
    table = Table("excerpts", [*BEFORE, *shown, *AFTER], rows, found.notes, provenance)
    return disclosed(project, table, rendered=["text", "memo"])


def collect(
    project: Project,
    *,
    leaving: bool = False,
    printed: Sequence[str] | None = None,
    code: str | None = None,
    coder: str | None = None,
    round: str | None = None,
    document: str | None = None,
    source: str = "reading",
    include_unfinished: bool = False,
) -> Collected:
    """Give coded excerpts as records; see ``excerpts`` for the arguments.

    Args:
        leaving: Hold back attributes that would tell who speaks; see ``reports.printed``.
        printed: The attributes printed together; None takes the project's.
    """
    codes = project.codebook.codes()
    wanted = None if code is None else _family(codes, project.codebook.named(code).code)
    only = None if document is None else project.documents.named(document).id
    table = project.codings.table()
    rows = list(table)
    if coder is None and round is None:
        read = reading(project, source, include_unfinished=include_unfinished)
        marks, notes = _of_source(project, read, rows, source)
    else:
        marks, notes = _of_coders(project, rows, coder, round)
    chosen = [
        mark
        for mark in marks
        if (wanted is None or mark["code"] in wanted) and only in (None, mark["document_id"])
    ]
    order = {one.code: at for at, one in enumerate(codes)}
    joined = list(_joined(chosen, order, together=wanted is not None))
    place = {one.id: at for at, one in enumerate(project.documents.list())}
    joined.sort(key=lambda m: (place[m["document_id"]], m["start"], m["stop"], m["order"]))
    make = _Maker(project, withheld(project, printed) if leaving else {})
    return Collected([make.excerpt(mark) for mark in joined], [*notes, *table.notes, *make.notes()])


def _family(codes: Sequence[Code], top: str) -> set[str]:
    """A code and all codes below it; ``codes`` has parents before children."""
    family = {top}
    family.update(code.code for code in codes if code.parent in family or code.code == top)
    for code in codes:
        if code.parent in family:
            family.add(code.code)
    return family


def _of_coders(
    project: Project, rows: list[dict[str, Cell]], coder: str | None, round: str | None
) -> tuple[list[dict[str, Any]], list[str]]:
    """The codings of one coder, one round, or one coder in one round."""
    who = None if coder is None else project.coders.named(coder).name
    where = None if round is None else project.rounds.named(round)
    if where is not None and project.coder is None:
        project.rounds.require_visible(where.id)
    name = None if where is None else where.name
    marks = [
        dict(row)
        for row in rows
        if (who is None or row["coder"] == who) and (name is None or row["round"] == name)
    ]
    of = " in ".join(
        [
            "all coders, each for themselves," if who is None else who,
            "every round" if name is None else f'round "{name}"',
        ]
    )
    return marks, [f"Codings of {of}; unfinished documents included."]


def _of_source(
    project: Project, read: Sequence[Read], rows: list[dict[str, Cell]], source: str
) -> tuple[list[dict[str, Any]], list[str]]:
    """What the source says of each document it can read."""
    coders = {c.id: c.name for c in project.coders.list()}
    rounds = {r.id: r for r in project.rounds.list()}
    here: dict[tuple[Cell, Cell, Cell], list[dict[str, Any]]] = {}
    for row in rows:
        here.setdefault((row["document_id"], row["round"], row["coder"]), []).append(dict(row))
    coded = Coded(project)
    marks: list[dict[str, Any]] = []
    undecided = 0
    for one in read:
        round_ = rounds[one.round_id]
        theirs = [
            row
            for coder in one.coders
            for row in here.get((one.document.id, round_.name, coders[coder]), [])
        ]
        if one.how == "coder":
            marks += theirs
            continue
        said = coded.said(one, project.documents.transcript(one.document.id).sentences)
        undecided += said.undecided
        for mark in said.marks:
            under = [
                row
                for row in theirs
                if row["code"] == mark.code
                and row["start"] < mark.stop
                and row["stop"] > mark.start
            ]
            marks.append(
                {
                    "coding_id": f"{one.document.id}:{mark.code}:{mark.start}-{mark.stop}",
                    "document_id": one.document.id, "start": mark.start, "stop": mark.stop,
                    "code": mark.code, "coder": one.how, "round": round_.name,
                    "codebook_version": round_.codebook_version, "valence": mark.valence,
                    "exemplar": any(row["exemplar"] for row in under),
                    "disconfirming": mark.disconfirming,
                    "memo": "\n\n".join(f"{r['coder']}: {r['memo']}" for r in under if r["memo"]),
                }
            )  # fmt: skip
    return marks, list(_source_notes(project, read, source, undecided))


def _source_notes(
    project: Project, read: Sequence[Read], source: str, undecided: int
) -> Iterator[str]:
    how = Counter("one coder" if one.how == "coder" else one.how for one in read)
    parts = ", ".join(f"{n} by {by}" for by, n in how.items())
    yield f"Source: {source}. {len(read)} documents read ({parts}); coders are never pooled."
    there = {one.document.id for one in read}
    left = [one.name for one in documents(project) if one.id not in there]
    if left:
        yield f"Not finished in this source, and left out: {', '.join(left)}."
    if undecided:
        yield f"{undecided} sentences × codes still undecided between coders are left out."


def _joined(
    marks: Iterable[dict[str, Any]], order: Mapping[str, int], *, together: bool
) -> Iterator[dict[str, Any]]:
    """Make one of a coder's overlapping codings of a code, or of any of the codes asked for."""
    grouped: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for mark in marks:
        key = (mark["document_id"], mark["round"], mark["coder"], together or mark["code"])
        grouped.setdefault(key, []).append(mark)
    for group in grouped.values():
        group.sort(key=lambda mark: (mark["start"], mark["stop"], mark["coding_id"]))
        run: list[dict[str, Any]] = []
        reach = 0
        for mark in group:
            if run and mark["start"] >= reach:
                yield _one(run, order)
                run = []
            reach = max(reach, mark["stop"]) if run else mark["stop"]
            run.append(mark)
        yield _one(run, order)


def _one(run: list[dict[str, Any]], order: Mapping[str, int]) -> dict[str, Any]:
    codes = sorted({mark["code"] for mark in run}, key=lambda code: order.get(code, len(order)))
    memos = dict.fromkeys(mark["memo"] for mark in run if mark["memo"])
    return {
        **run[0],
        "stop": max(mark["stop"] for mark in run),
        "codes": tuple(codes),
        "order": order.get(codes[0], len(order)),
        "valence": joint_valence(mark["valence"] for mark in run),
        "exemplar": any(mark["exemplar"] for mark in run),
        "disconfirming": any(mark["disconfirming"] for mark in run),
        "memo": "\n\n".join(memos) or None,
    }


class _Maker:
    """Makes excerpts of marks; reads each transcript once."""

    def __init__(self, project: Project, held_back: Mapping[str, frozenset[str]]) -> None:
        self._project = project
        self._layer = project.layer
        self._shown: dict[str, Shown] = {}
        self._documents = project.documents.attributes()
        self._participants = {
            self._layer.words(p.label): p.attributes
            if self._layer.identified
            else passed_on(p.attributes)
            for p in project.participants.list()
        }
        self._withheld = {self._layer.words(who): names for who, names in held_back.items()}
        self._unlinked: dict[str, None] = {}

    def excerpt(self, mark: Mapping[str, Any]) -> Excerpt:
        document_id = mark["document_id"]
        if document_id not in self._shown:
            self._shown[document_id] = shown_transcript(self._project, document_id)
        shown = self._shown[document_id]
        place = Span(mark["start"], mark["stop"])
        made = Excerpt(
            mark["coding_id"], shown.transcript, shown.rendering.span(place), place, mark["codes"],
            mark["valence"], mark["exemplar"], mark["disconfirming"], mark["coder"], mark["round"],
            mark["codebook_version"], mark["memo"], {},
        )  # fmt: skip
        for turn in made.turns():
            if turn.speaker and not turn.participants and turn.role != "moderator":
                self._unlinked[turn.speaker] = None
        attributes = self._attributes(document_id, made.participants())
        kept_back = (self._withheld.get(who, frozenset()) for who in made.participants())
        return replace(made, attributes=attributes, withheld=frozenset().union(*kept_back))

    def _attributes(self, document_id: str, participants: Sequence[str]) -> dict[str, str]:
        found = dict(self._documents.get(document_id, {}))
        theirs: dict[str, dict[str, None]] = {}
        for label in participants:
            for name, value in self._participants.get(label, {}).items():
                if value:
                    theirs.setdefault(name, {})[value] = None
        found.update({name: "; ".join(values) for name, values in theirs.items()})
        return {name: self._layer.words(value) for name, value in found.items()}

    def notes(self) -> Iterator[str]:
        """What is not printed, and who speaks in an excerpt and is linked to no participant."""
        left = sorted(frozenset().union(*self._withheld.values()))
        if left:
            yield (
                f"Left out where too few participants share it: {', '.join(left)} (the disclosure "
                "check lists whose)."
            )
        names = list(self._unlinked)
        if names:
            more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
            yield (
                f"{len(names)} speakers are linked to no participant and keep the label of the "
                f"transcript: {', '.join(names[:NAMED])}{more}."
            )


def _ends(turns: Sequence[Turn]) -> list[Turn]:
    return [turns[0], turns[-1]] if turns else []


def _row(one: Excerpt, names: Sequence[str]) -> tuple[Cell, ...]:
    return (
        one.id, one.document.name, one.place.start, one.place.stop, one.turn_numbers() or None,
        one.time() or None, "; ".join(one.participants()) or None,
        "; ".join(one.speakers()) or None, *(one.printed.get(name) for name in names),
        "; ".join(one.codes), one.valence, one.exemplar, one.disconfirming, one.coder, one.round,
        one.codebook_version, one.memo, one.text,
    )  # fmt: skip
