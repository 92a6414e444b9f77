"""What coders said in a round, unit by unit: what agreement and every later comparison read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

from qualcode.errors import QualcodeError, UnknownName
from qualcode.model import Cell, Code, Coder, Document, Round, UnitKind
from qualcode.reliability.estimates import Floats
from qualcode.reliability.patterns import PatternCounts
from qualcode.reliability.units import Placed, Ratings, UnitRow, Units, rate, units_of

if TYPE_CHECKING:
    from qualcode.project import Project


@dataclass(frozen=True, slots=True)
class RatedRound:
    """One round with the coders' ratings on its units."""

    round: Round
    documents: tuple[Document, ...]
    """Those assigned in the round, by name."""

    codes: tuple[Code, ...]
    coders: tuple[Coder, ...]
    ratings: Ratings
    warnings: tuple[str, ...]

    def digest(self) -> str:
        """SHA-256 of texts, units, coders, codes and what each coder said where."""
        return self.ratings.digest(
            [d.sha256 for d in self.documents]
            + [c.name for c in self.coders]
            + [c.code for c in self.codes]
        )


@dataclass(frozen=True, slots=True)
class Counted:
    """What a figure rests on."""

    units: int
    documents: int
    coders: int
    pairs: int
    ratings: int
    present: int
    any: int
    all: int
    none: int

    @property
    def prevalence(self) -> float | None:
        """Share of ratings that say "present"; None where there is no rating."""
        return self.present / self.ratings if self.ratings else None


def comparable(project: Project, names: Sequence[str] | None) -> tuple[list[Round], list[str]]:
    """Give the rounds to compare, and a warning for each left out because it is still blind.

    Args:
        names: Names of rounds; None: every closed or unblinded one but ``solo`` and recoding ones
            (``solo`` where there is no other).

    Raises:
        StillBlind: A round asked for, or every round, is blind and open.
    """
    if names is not None:
        chosen = [project.rounds.named(name) for name in names]
        for round_ in chosen:
            project.rounds.require_visible(round_.id)
        return chosen, []
    every = project.rounds.list()
    comparing = [r for r in every if r.purpose not in ("solo", "recode")]
    comparing = comparing or [r for r in every if r.purpose == "solo"]
    blind = [r for r in comparing if r.blind and r.state == "open"]
    visible = [r for r in comparing if r not in blind]
    if not visible:
        if not blind:
            raise QualcodeError("There is no round to compare.")
        project.rounds.require_visible(blind[0].id)
    return visible, [f'Round "{r.name}" is left out: it is blind and open.' for r in blind]


def rated_round(
    project: Project,
    round_: Round,
    *,
    only: Sequence[Code] | None = None,
    people: Sequence[Coder] | None = None,
    unit: str = "sentence",
    overlap: str = "any",
) -> RatedRound:
    """Place a round's codings on units.

    Args:
        only: These codes; None: all of the codebook version in force.
        people: These coders; None: all who finished a document of the round.
        unit: Kind of unit.
        overlap: How much of a unit a coding must cover.
    """
    documents = {d.id: d for d in project.documents.list() if not d.removed}
    assigned = [a for a in project.rounds.assignments(round_.id) if a.document_id in documents]
    working = [c for c in project.coders.list() if any(a.coder_id == c.id for a in assigned)]
    if people is not None:
        working = [c for c in working if c in people]
    finished = {(a.document_id, a.coder_id) for a in assigned if a.finished_at}
    ready = [c for c in working if any(coder == c.id for _, coder in finished)]
    compared = sorted(ready or working, key=lambda c: c.name.casefold())
    in_force = _codes_in_force(project, round_)
    codes = list(only if only is not None else in_force)
    here = sorted({a.document_id for a in assigned}, key=lambda d: _place(documents[d]))
    in_scope = {code.id for code in codes}
    known = {code.id for code in in_force}
    codings = [
        Placed(c.document_id, c.coder_id, c.code_id, c.span.start, c.span.stop)
        for c in project.codings.list(round_id=round_.id)
        if only is None or c.code_id in in_scope
    ]
    ratings = rate(
        _units(project, unit, here),
        codings,
        coders=[c.id for c in compared],
        codes=[c.id for c in codes],
        finished=finished,
        texts={d: project.documents.text(d) for d in {c.document for c in codings} & set(here)},
        known=known,
        overlap=overlap,
    )
    idle = [c.name for c in working if c not in ready]
    warnings = tuple(_warnings(round_, ratings, idle))
    return RatedRound(
        round_, tuple(documents[d] for d in here), tuple(codes), tuple(compared), ratings, warnings
    )


def counted(ratings: Ratings, counts: PatternCounts, code: int) -> Counted:
    """What the figures of one code rest on, all coders together."""
    if not ratings.known[code]:
        return Counted(0, 0, 0, 0, 0, 0, 0, 0, 0)
    present, some, every, none = ratings.tally(code)
    raters = ratings.seen.sum(axis=1)
    return Counted(
        len(ratings.units),
        int(counts.pairable()[code].sum()),
        int(ratings.seen.any(axis=0).sum()),
        int((raters * (raters - 1) // 2).sum()),
        int(raters.sum()),
        present,
        some,
        every,
        none,
    )


def counted_pair(cells: Floats, documents: int) -> Counted:
    """What a figure of two coders rests on, from their 2 × 2 table of absent and present."""
    none, second, first, both = (int(cell) for cell in cells.ravel())
    units = none + second + first + both
    return Counted(
        units, documents if units else 0, 2 if units else 0, units, 2 * units,
        first + second + 2 * both, first + second + both, both, none,
    )  # fmt: skip


def summed(each: Sequence[Counted]) -> Counted:
    """What the figures of all codes together rest on: their unit × code cells."""
    return Counted(
        sum(n.units for n in each),
        max(n.documents for n in each),
        max(n.coders for n in each),
        sum(n.pairs for n in each),
        sum(n.ratings for n in each),
        sum(n.present for n in each),
        sum(n.any for n in each),
        sum(n.all for n in each),
        sum(n.none for n in each),
    )


def _units(project: Project, unit: str, documents: Sequence[str]) -> Units:
    cut = project.documents.units(_unit_kind(unit), documents)
    at = [list(cut.columns).index(n) for n in ("document_id", "start", "stop", "role")]
    rows = [
        UnitRow(str(row[at[0]]), _int(row[at[1]]), _int(row[at[2]]), row[at[3]] == "moderator")
        for row in cut.rows
    ]
    return units_of(unit, rows, documents, maker=str(cut.provenance.get("maker", "")))


def _codes_in_force(project: Project, round_: Round) -> list[Code]:
    if round_.codebook_version is None:
        codes: Sequence[Code] = project.codebook.codes()
    else:
        codes = project.codebook.version(round_.codebook_version).codes
    return [code for code in codes if code.codable and not code.removed]


def _warnings(round_: Round, ratings: Ratings, idle: Sequence[str]) -> Iterator[str]:
    name = f'Round "{round_.name}"'
    if idle:
        yield f"{name}: {', '.join(idle)} finished no document and is left out."
    if ratings.unfinished:
        yield f"{name}: {ratings.unfinished} codings in documents their coder has not finished."
    if ratings.unknown:
        yield f"{name}: {ratings.unknown} codings of codes outside its codebook are left out."
    if ratings.outside:
        yield f"{name}: {ratings.outside} codings lie in no unit of analysis."


def _place(document: Document) -> tuple[str, str]:
    return document.name.casefold(), document.id


def _unit_kind(unit: str) -> UnitKind:
    for kind in get_args(UnitKind):
        if kind == unit:
            return kind  # type: ignore[no-any-return]
    raise UnknownName("unit", unit, get_args(UnitKind))


def _int(cell: Cell) -> int:
    assert isinstance(cell, int)
    return cell
