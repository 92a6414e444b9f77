"""Where the coders of a round disagree: each stretch with its type, its weight and its decision.

Something to talk about, never a measure of reliability. Looking at a document's disagreements
counts as discussing it: whoever shows them marks that first (``discuss``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from qualcode.errors import UnknownName, UsageProblem
from qualcode.model import Adjudication, Cell, Code, Coder, Decision, Document, Round, Span, Table
from qualcode.reliability.disagreements import KINDS, Episode, confusions, episodes
from qualcode.reports.cut import CHARACTER, SEGMENT, USUAL, Scope, scope, units
from qualcode.reports.disclosed import disclosed
from qualcode.reports.drift import drift
from qualcode.reports.ratings import RatedRound, comparable, rated_round, rated_rounds
from qualcode.text.plurals import counted

if TYPE_CHECKING:
    from qualcode.project import Project
    from qualcode.text.redaction import Rendering

COLUMNS = [
    "document", "unit_id", "episode", "start", "stop", "text", "code", "coders_present",
    "coders_absent", "type", "other_codes", "drift", "delta_present", "delta_absent",
    "delta_alpha", "decision", "decided_by", "reason", "document_id", "round",
]  # fmt: skip

NAMING = ["coders_present", "coders_absent", "type", "other_codes", "decision", "decided_by"]
"""Columns that name coders and codes, never somebody who took part."""

CONFUSION = ["code_a", "code_b", "n", "round"]


@dataclass(frozen=True, slots=True, repr=False)
class Disagreement:
    """A run of units of a document on which coders disagree about one code."""

    n: int
    """Number in its round, by document, place and code; from 1."""

    round: Round
    document: Document
    code: Code
    units: tuple[Span, ...]
    """Consecutive units, in text order."""

    first_unit: int
    """Number of the first one in its document, from 1."""

    episode: Episode
    present: tuple[Coder, ...]
    """Coders who gave the code to one of its units at least."""

    absent: tuple[Coder, ...]
    """Coders who withheld it from one of its units at least; some may be in both."""

    missing: tuple[Coder, ...]
    """Coders who have the document in the round and have not finished it."""

    others: tuple[Code, ...]
    """Codes that coders without this one used there and coders with it did not."""

    drift: bool | None
    """Whether one of these coders has come to apply the code more, or less, than the others since
    the round before or in the course of this one; None where that cannot be told."""

    decisions: tuple[Adjudication, ...] = ()
    """Those that hold on its units, as they were made; none where a unit is undecided."""

    def __repr__(self) -> str:
        return f"<Disagreement {self.n} in {self.document.id}>"

    @property
    def span(self) -> Span:
        """From its first unit to its last, in the original text."""
        return Span(self.units[0].start, self.units[-1].stop)

    @property
    def unit_id(self) -> str:
        """``41``, or ``41-43``: its units in their document, counted from 1."""
        last = self.first_unit + len(self.units) - 1
        return str(last) if len(self.units) == 1 else f"{self.first_unit}-{last}"

    @property
    def decided(self) -> bool:
        """Whether all of it is decided."""
        return bool(self.decisions)

    @property
    def said(self) -> tuple[Decision, ...]:
        """What was decided; two words where one part is present and another absent."""
        return tuple(
            dict.fromkeys(
                "present" if one.new_code_id == self.code.id else one.decision
                for one in self.decisions
            )
        )


def disagreements(
    project: Project,
    *,
    rounds: Sequence[str] | None = None,
    codes: Sequence[str] | None = None,
    documents: Sequence[str] | None = None,
    unit: str = "sentence",
    overlap: str = "any",
    kinds: Sequence[str] = (),
    undecided: bool = False,
) -> Table:
    """List the disagreements of closed or unblinded rounds, those that move alpha most first.

    Args:
        project: An open project.
        rounds: Names of rounds; None: as for ``agreement``.
        codes: Names of codes; None: all of the round's codebook version.
        documents: Names of documents; None: all.
        unit: Kind of unit; not ``character``, not ``segment``.
        overlap: How much of a unit a coding must cover: ``any``, ``majority``, ``chars:K``.
        kinds: ``boundary``, ``confusable``, ``omission``; none: all.
        undecided: Only those nobody has decided.

    Returns:
        ``COLUMNS``. ``start`` and ``stop`` count characters of the original text, ``text`` is what
        is shown of it. ``delta_present`` and ``delta_absent``: how alpha of the code in the round
        would change if all had said so there; ``delta_alpha``: towards the majority. ``decision``
        is None until all of it is decided, and names both where its parts were decided
        differently. Lists in a cell are separated by ``; ``.

    Raises:
        StillBlind: A round asked for, or every one, is blind and open.
        UnknownName: A round, code, document, unit or type does not exist.
        UsageProblem: The unit has no disagreements to list.
    """
    chosen, hidden = comparable(project, rounds)
    for kind in kinds:
        if kind not in KINDS:
            raise UnknownName("type", kind, KINDS)
    asked = _asked(project, unit=unit, overlap=overlap)
    wanted_codes = _ids(project.codebook.named(name).id for name in codes or ())
    wanted_documents = _ids(project.documents.named(name).id for name in documents or ())
    found = [one for round_ in chosen for one in of_round(project, round_, asked)]
    listed = [
        one
        for one in found
        if (not wanted_codes or one.code.id in wanted_codes)
        and (not wanted_documents or one.document.id in wanted_documents)
        and (not kinds or one.episode.kind in kinds)
        and not (undecided and one.decided)
    ]
    order = {round_.id: at for at, round_ in enumerate(chosen)}
    listed.sort(key=lambda one: (_weight(one), order[one.round.id], one.n))
    names = {coder.id: coder.name for coder in project.coders.list()}
    rendered = _Rendered(project)
    rows = [_row(one, rendered.cut(one.document.id, one.span), names) for one in listed]
    notes = [*hidden, *_left_out(project), *_notes(chosen, listed, unit)]
    provenance = {
        "round": [round_.name for round_ in chosen],
        "unit": unit,
        "overlap": overlap,
        "data": project.digest(),
    }
    table = Table("disagreements", COLUMNS, rows, notes, provenance)
    return disclosed(project, table, rendered=["text", *NAMING])


def confusion(
    project: Project,
    *,
    rounds: Sequence[str] | None = None,
    codes: Sequence[str] | None = None,
    coders: Sequence[str] | None = None,
    **how: Any,
) -> Table:
    """Count which code one coder used where another used a second code instead.

    Args:
        rounds, codes, coders: As for ``agreement``.
        how: What is compared, as for ``cut.scope``: ``unit``, ``overlap``, ``documents`` …

    Returns:
        ``CONFUSION``: a pair of codes, in codebook order, and ``n``, units × coder pairs; the
        commonest pairs of a round first. They are the definitions to sharpen.

    Raises:
        StillBlind, UnknownName, UsageProblem: As for ``disagreements``.
    """
    asked = _asked(project, **how)
    compared, notes = rated_rounds(project, rounds, codes=codes, coders=coders, asked=asked)
    rows: list[tuple[Cell, ...]] = []
    for rated in compared:
        found = sorted(confusions(rated.ratings).items(), key=lambda pair: (-pair[1], pair[0]))
        rows += [
            (rated.codes[a].code, rated.codes[b].code, n, rated.round.name) for (a, b), n in found
        ]
    notes.append(
        f"n: {asked.unit} units × pairs of coders in which one used only the first code, the other "
        "only the second. Something to talk about, not a measure of reliability."
    )
    facts = {
        "round": [one.round.name for one in compared],
        "unit": asked.unit,
        "overlap": asked.overlap,
    }
    table = Table("confusion", CONFUSION, rows, notes, facts)
    return disclosed(project, table, rendered=["code_a", "code_b"])


def discuss(project: Project, table: Table, *, by: Coder) -> list[str]:
    """Mark the documents of a table of disagreements as discussed, before it is shown.

    Returns:
        Names of those that were not marked before, as they are shown.
    """
    rounds = {round_.name: round_.id for round_ in project.rounds.list()}
    places = dict.fromkeys(
        (str(r["round"]), str(r["document_id"]), str(r["document"])) for r in table
    )
    return list(
        dict.fromkeys(
            name
            for round_, document_id, name in places
            if project.adjudications.discuss(rounds[round_], document_id, by=by)
        )
    )


def to_adjudicate(project: Project, name: str | None = None) -> Round:
    """The round to decide about: the one named, else the last that may be compared.

    Raises:
        StillBlind: It is blind and open, or all are. UnknownName: There is no such round.
    """
    chosen, _ = comparable(project, None if name is None else [name])
    return chosen[-1]


def of_round(
    project: Project, round_: Round, asked: Scope = USUAL, *, drifts: bool = True
) -> list[Disagreement]:
    """Find the disagreements of one round, by document, place and code.

    The caller has seen to it that the round is visible. Documents that are being coded anew
    without looking are left out.

    Args:
        drifts: Whether to tell drift, which takes longer than all the rest.
    """
    rated = rated_round(project, round_, asked=asked)
    found = sorted(
        episodes(rated.ratings, rated.codings), key=lambda e: (e.document, e.first, e.code)
    )
    if not found:
        return []
    unseen = coded_anew(project)
    numbers = _numbers(project, rated)
    decided = _Decided(project.adjudications.list(round_.id))
    drifting = _drifting(project, rated) if drifts else {}
    unfinished = _unfinished(project, round_)
    return [
        _disagreement(rated, episode, n, numbers, decided, drifting, unfinished)
        for n, episode in enumerate(found, 1)
        if rated.documents[episode.document].id not in unseen
    ]


def _left_out(project: Project) -> Iterator[str]:
    unseen = coded_anew(project)
    names = [document.name for document in project.documents.list() if document.id in unseen]
    if names:
        yield f"Left out, as somebody is coding them anew without looking: {', '.join(names)}."


def coded_anew(project: Project) -> frozenset[str]:
    """Documents that who looks is coding anew, and may not see their earlier codings of.

    Where nobody says who looks: those that anybody is.
    """
    people = project.coders.list() if project.coder is None else [project.coder]
    return frozenset(d for who in people for d in project.rounds.coding_anew(who.id))


def redecided(found: Iterable[Disagreement], made: Iterable[Adjudication]) -> list[Disagreement]:
    """The same disagreements of a round once these are all the decisions made in it."""
    decided = _Decided(made)
    return [
        replace(one, decisions=decided.on(one.document.id, one.code.id, one.units)) for one in found
    ]


def _disagreement(
    rated: RatedRound,
    episode: Episode,
    n: int,
    numbers: Mapping[tuple[str, int], int],
    decided: _Decided,
    drifting: Mapping[tuple[str, str], bool],
    unfinished: Mapping[str, tuple[Coder, ...]],
) -> Disagreement:
    cut = rated.ratings.units
    inside = range(episode.first, episode.last + 1)
    spans = tuple(Span(int(cut.start[u]), int(cut.stop[u])) for u in inside)
    document = rated.documents[episode.document]
    code = rated.codes[episode.code]
    people = [rated.coders[c] for c in dict.fromkeys((*episode.present, *episode.absent))]
    told = [drifting[p.id, code.id] for p in people if (p.id, code.id) in drifting]
    return Disagreement(
        n,
        rated.round,
        document,
        code,
        spans,
        numbers[document.id, spans[0].start],
        episode,
        tuple(rated.coders[c] for c in episode.present),
        tuple(rated.coders[c] for c in episode.absent),
        unfinished.get(document.id, ()),
        tuple(rated.codes[c] for c in episode.other_codes),
        any(told) if told else None,
        decided.on(document.id, code.id, spans),
    )


def _numbers(project: Project, rated: RatedRound) -> dict[tuple[str, int], int]:
    """(document, start of a unit) → its number in the document, moderators' units counted too."""
    here = [document.id for document in rated.documents]
    cut = units(project, rated.asked, here, ())
    found: dict[tuple[str, int], int] = {}
    counts = dict.fromkeys(here, 0)
    for at, start in zip(cut.document.tolist(), cut.start.tolist(), strict=True):
        counts[cut.documents[at]] += 1
        found[cut.documents[at], start] = counts[cut.documents[at]]
    return found


def _unfinished(project: Project, round_: Round) -> dict[str, tuple[Coder, ...]]:
    names = {coder.id: coder for coder in project.coders.list()}
    found: dict[str, tuple[Coder, ...]] = {}
    for one in project.rounds.assignments(round_.id, removed=True):
        if one.finished_at is None:
            found[one.document_id] = (*found.get(one.document_id, ()), names[one.coder_id])
    return found


class _Decided:
    """What was decided in a round, unit by unit."""

    def __init__(self, made: Iterable[Adjudication]) -> None:
        self._made: dict[tuple[str, str], list[Adjudication]] = {}
        for one in sorted(made, key=lambda a: (a.decided_at, a.id)):
            for code in filter(None, (one.code_id, one.new_code_id)):
                self._made.setdefault((one.document_id, code), []).append(one)

    def on(self, document: str, code: str, spans: Sequence[Span]) -> tuple[Adjudication, ...]:
        """The decisions that hold on these units, none unless each has one; the last one holds."""
        made = self._made.get((document, code), [])
        held = [
            next((one for one in reversed(made) if one.span.overlap(span)), None) for span in spans
        ]
        sure = [one for one in held if one is not None]
        return tuple(dict.fromkeys(sure)) if len(sure) == len(held) else ()


def _drifting(project: Project, rated: RatedRound) -> dict[tuple[str, str], bool]:
    """(coder, code) → whether the coder's rate, less the others' on the same units, has changed.

    Since the round before, or in the course of this one; those of whom it cannot be told are left
    out.
    """
    rounds = [
        one
        for one in project.rounds.list()
        if one.purpose not in ("solo", "recode") and not (one.blind and one.state == "open")
    ]
    name = rated.round.name
    place = next((at for at, one in enumerate(rounds) if one.id == rated.round.id), 0)
    before = rounds[place - 1].name if place else name
    coders = {coder.name: coder.id for coder in rated.coders}
    codes = {code.code: code.id for code in rated.codes}
    found: dict[tuple[str, str], bool] = {}
    for row in drift(project, earlier=before, later=name, unit=rated.asked.unit):
        who, code = coders.get(str(row["coder"])), codes.get(str(row["code"]))
        if who and code and row["later"] == name and row["ci_low"] is not None:
            moved = "drift" in str(row["flags"]).split()
            found[who, code] = moved or found.get((who, code), False)
    return found


class _Rendered:
    """The texts of documents as they are shown, each read once."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._made: dict[str, Rendering] = {}

    def cut(self, document_id: str, span: Span) -> str:
        """The shown words of a stretch of the original."""
        if document_id not in self._made:
            text = self._project.documents.text(document_id)
            self._made[document_id] = self._project.layer.rendering(document_id, text)
        return self._made[document_id].cut(span)


def _row(one: Disagreement, text: str, names: Mapping[str, str]) -> tuple[Cell, ...]:
    episode = one.episode
    reasons = dict.fromkeys(d.reason for d in one.decisions if d.reason)
    deciders = dict.fromkeys(names[d.decided_by_id] for d in one.decisions)
    return (
        one.document.name, one.unit_id, one.n, one.span.start, one.span.stop, text, one.code.code,
        _list(coder.name for coder in one.present), _list(coder.name for coder in one.absent),
        episode.kind, _list(code.code for code in one.others) or None, one.drift,
        episode.delta_present, episode.delta_absent, episode.delta, _list(one.said) or None,
        _list(deciders) or None, _list(reasons) or None, one.document.id, one.round.name,
    )  # fmt: skip


def _notes(rounds: Sequence[Round], listed: Sequence[Disagreement], unit: str) -> Iterator[str]:
    for round_ in rounds:
        here = [one for one in listed if one.round.id == round_.id]
        counts = {kind: sum(one.episode.kind == kind for one in here) for kind in KINDS}
        made = ", ".join(f"{n} {kind}" for kind, n in counts.items() if n)
        decided = sum(one.decided for one in here)
        yield (
            f'Round "{round_.name}": {counted(len(here), "disagreement")} on {unit} units'
            f"{f' ({made})' if made else ''}, {decided} decided. Something to talk about, not a "
            "measure of reliability."
        )


def _asked(project: Project, **how: Any) -> Scope:
    asked = scope(project, **how)
    if asked.unit in (CHARACTER, SEGMENT):
        raise UsageProblem(
            "Disagreements are listed on units such as sentence or turn, not on "
            f"{'characters' if asked.unit == CHARACTER else 'what coders marked'}."
        )
    return asked


def _ids(ids: Iterable[str]) -> frozenset[str]:
    return frozenset(ids)


def _weight(one: Disagreement) -> float:
    """What sorts: the greatest effect on alpha first, those without one last."""
    return -one.episode.delta if one.episode.delta is not None else 2.0


def _list(names: Iterable[str]) -> str:
    return "; ".join(names)
