"""Whether agreement changes from round to round, and whether a coder moves away from the others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from qualcode.errors import UsageProblem
from qualcode.model import Cell, Code, Coder, Round, Table
from qualcode.reliability.basis import counted
from qualcode.reliability.coefficients import krippendorff_alpha
from qualcode.reliability.drift import Change, change, coder_shift, coder_trend
from qualcode.reliability.estimates import Estimate
from qualcode.reliability.intervals import ENOUGH_DOCUMENTS, Interval, Statistic, jackknife
from qualcode.reliability.patterns import PatternCounts
from qualcode.reports.cut import SEGMENT, Scope, scope
from qualcode.reports.disclosed import disclosed
from qualcode.reports.figures import ALL
from qualcode.reports.ratings import RatedRound, comparable, moment, rated_round
from qualcode.text import plurals

if TYPE_CHECKING:
    from qualcode.project import Project

COLUMNS = [
    "statistic", "code", "coder", "earlier", "later", "unit", "value_earlier", "value_later",
    "change", "status", "reason", "ci_low", "ci_high", "ci_level", "ci_reason", "se", "df",
    "n_documents_earlier", "n_documents_later", "n_units_earlier", "n_units_later", "flags",
]  # fmt: skip

ALPHA, SHIFT, TREND = "krippendorff_alpha", "coder_shift", "coder_trend"


def drift(
    project: Project,
    *,
    earlier: str | None = None,
    later: str | None = None,
    codes: Sequence[str] | None = None,
    unit: str = "sentence",
    level: float = 0.95,
) -> Table:
    """Follow agreement, and each coder against the others, over rounds and within them.

    Args:
        project: An open project.
        earlier: Name of a round; with ``later`` these two are compared, the same name twice looks
            within that round alone. None: every visible round with the next one.
        codes: Names of codes; None: all that both rounds have.
        unit: Kind of unit, as for ``agreement``.
        level: Confidence of the intervals.

    Returns:
        Columns ``COLUMNS``, one row per change. ``krippendorff_alpha``: from round to round.
        ``coder_shift``: how much more often a coder says present than the others do on the same
        units, from round to round. ``coder_trend``: the same within a round (``earlier`` and
        ``later`` are one), along the line through its documents in the order in which the coder
        finished them, from five documents on; ``value_earlier`` and ``value_later`` are the ends
        of that line. Code ``*`` is all unit × code cells. Intervals come of leaving one document
        out; ``drift`` stands in ``flags`` where one excludes 0.

    Raises:
        StillBlind: A round asked for, or every one, is blind and open.
        UnknownName: A round, code or unit does not exist. UsageProblem: one round is named.
    """
    if (earlier is None) != (later is None):
        raise UsageProblem("Name both rounds, --earlier and --later, or neither.")
    if not 0 < level < 1:
        raise UsageProblem(f"A confidence lies between 0 and 1, such as 0.95; got {level:g}.")
    if unit == SEGMENT:
        raise UsageProblem("Drift is followed on units that every coder rates, not on segments.")
    asked = scope(project, unit=unit)
    only = None if codes is None else [project.codebook.named(name) for name in codes]
    named = None if earlier is None or later is None else [earlier, later]
    chosen, hidden = comparable(project, named)
    rated = {r.id: rated_round(project, r, only=only, asked=asked) for r in chosen}
    rows: list[tuple[Cell, ...]] = []
    notes = list(hidden)
    for before, after in pairwise(chosen):
        if before.id != after.id:
            both = _Both(rated[before.id], rated[after.id], level)
            rows += both.rows()
            notes += both.notes()
    for round_ in dict.fromkeys(chosen):
        rows += _within(project, rated[round_.id], level)
    notes += [text for one in rated.values() for text in one.warnings]
    notes += _notes(chosen, asked, level)
    provenance = {
        "options": {
            "earlier": earlier, "later": later, "codes": list(codes or ()), "unit": unit,
            "ci_level": level, "rounds": [r.name for r in chosen],
        },
        "data": {one.round.name: one.digest() for one in rated.values()},
    }  # fmt: skip
    table = Table("drift", COLUMNS, rows, notes, provenance)
    return disclosed(project, table, rendered=["earlier", "later"])


@dataclass(frozen=True, slots=True)
class _Side:
    """One figure of one side of a change, with what it rests on."""

    estimate: Estimate
    interval: Interval
    units: int

    @classmethod
    def of(cls, counts: PatternCounts, statistic: Statistic, level: float) -> _Side:
        n = counted(counts, 0)
        return cls(statistic(counts)[0], jackknife(counts, statistic, level=level)[0], n.units)


@dataclass(frozen=True, slots=True)
class _Both:
    """Two rounds to compare."""

    before: RatedRound
    after: RatedRound
    level: float

    def codes(self) -> list[Code]:
        """The codes that both rounds have."""
        later = {code.id for code in self.after.codes}
        return [code for code in self.before.codes if code.id in later]

    def coders(self) -> list[Coder]:
        """Those who finished documents in both rounds."""
        later = {coder.id for coder in self.after.coders}
        return [coder for coder in self.before.coders if coder.id in later]

    def rows(self) -> Iterator[tuple[Cell, ...]]:
        codes = self.codes()
        sides = [_of_codes(rated, codes) for rated in (self.before, self.after)]
        for code in [*(code.code for code in codes), ALL] if codes else []:
            one, two = (side[code] for side in sides)
            yield self._row(ALPHA, code, None, (one, krippendorff_alpha), (two, krippendorff_alpha))
            for coder in self.coders():
                each = [
                    _of_coder(counts, rated, coder)
                    for counts, rated in ((one, self.before), (two, self.after))
                ]
                yield self._row(SHIFT, code, coder.name, each[0], each[1])

    def _row(
        self,
        statistic: str,
        code: str,
        coder: str | None,
        before: tuple[PatternCounts, Statistic],
        after: tuple[PatternCounts, Statistic],
    ) -> tuple[Cell, ...]:
        a, b = (_Side.of(*side, self.level) for side in (before, after))
        moved = change((a.estimate, a.interval), (b.estimate, b.interval), level=self.level)
        return _row(
            statistic, code, coder, self.before.round.name, self.after.round.name,
            self.before.asked.unit, a.estimate.value, b.estimate.value, moved, self.level,
            (a.interval.documents, b.interval.documents), (a.units, b.units),
        )  # fmt: skip

    def notes(self) -> Iterator[str]:
        names = f'"{self.before.round.name}" and "{self.after.round.name}"'
        versions = [one.round.codebook_version for one in (self.before, self.after)]
        if versions[0] != versions[1]:
            told = " and ".join(version or "the codebook as it is" for version in versions)
            both = plurals.counted(len(self.codes()), "code is", "codes are")
            yield (
                f"Rounds {names} were coded with {told}: a change may come of the codebook. "
                f"{both} in both; others are left out."
            )


def _of_codes(rated: RatedRound, codes: Sequence[Code]) -> dict[str, PatternCounts]:
    """Code → its counts in a round, and ``*`` → those of all of them together."""
    counts = rated.ratings.counts()
    at = {code.id: n for n, code in enumerate(rated.codes)}
    found = {code.code: counts.only_code(at[code.id]) for code in codes}
    if codes:
        table = counts.table[[at[code.id] for code in codes]]
        found[ALL] = PatternCounts(
            table.sum(axis=0, keepdims=True), counts.patterns, documents=counts.documents
        )
    return found


def _of_coder(
    counts: PatternCounts, rated: RatedRound, coder: Coder
) -> tuple[PatternCounts, Statistic]:
    """The documents a coder shares with another, and their shift as a statistic."""
    at = rated.coders.index(coder)
    return counts.only_documents(_shared(counts, at)), partial(coder_shift, coder=at)


def _shared(counts: PatternCounts, coder: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which documents the coder and another have rated."""
    there = (counts.patterns[:, coder] >= 0) & (counts.raters >= 2)
    shared: np.ndarray[tuple[int], np.dtype[np.bool_]] = (counts.table[0] * there).sum(axis=-1) > 0
    return shared


def _within(project: Project, rated: RatedRound, level: float) -> Iterator[tuple[Cell, ...]]:
    """Each coder's trend over the documents of a round, in the order in which they finished them.

    Where they are too few to draw a line, one row says so for all codes.
    """
    marks = {
        (one.coder_id, one.document_id): moment(one.finished_at)
        for one in project.rounds.assignments(rated.round.id, removed=True)
        if one.finished_at is not None
    }
    of_code = _of_codes(rated, rated.codes)
    for at, coder in enumerate(rated.coders):
        whole = of_code.get(ALL)
        if whole is None or len(rated.coders) < 2:
            return
        shared = _shared(whole, at)
        theirs = [str(d) for d, keep in zip(whole.documents, shared, strict=True) if keep]
        order = sorted({marks[coder.id, document] for document in theirs})
        places = [float(order.index(marks[coder.id, document])) for document in theirs]
        few = len(order) < ENOUGH_DOCUMENTS
        for code in [ALL] if few else of_code:
            counts = of_code[code].only_documents(shared)
            yield _trend(rated, coder, at, code, counts, places, level, few=few)


def _trend(
    rated: RatedRound,
    coder: Coder,
    at: int,
    code: str,
    counts: PatternCounts,
    places: Sequence[float],
    level: float,
    *,
    few: bool,
) -> tuple[Cell, ...]:
    documents, n = len(places), counted(counts, 0)
    name, unit = rated.round.name, rated.asked.unit
    first = last = None
    moved = Change(None, None, None, None, None, "few_documents")
    if not few:
        statistic = partial(coder_trend, coder=at, places=places)
        slope, sure = statistic(counts)[0], jackknife(counts, statistic, level=level)[0]
        first, last, steps = slope.observed, slope.expected, max(places) - min(places)
        low, high = sure.low, sure.high
        moved = Change(
            None if slope.value is None else slope.value * steps,
            None if low is None else low * steps,
            None if high is None else high * steps,
            None if sure.se is None else sure.se * steps,
            None if sure.se is None else documents - 1.0,
            sure.reason,
        )
    return _row(
        TREND, code, coder.name, name, name, unit, first, last, moved, level,
        (documents, documents), (n.units, n.units),
    )  # fmt: skip


def _row(
    statistic: str,
    code: str,
    coder: str | None,
    earlier: str,
    later: str,
    unit: str,
    value_earlier: float | None,
    value_later: float | None,
    moved: Change,
    level: float,
    documents: tuple[int, int],
    units: tuple[int, int],
) -> tuple[Cell, ...]:
    missing = moved.value is None
    flags = ["drift"] if moved.drift else []
    flags += ["few_documents"] if min(documents) < ENOUGH_DOCUMENTS else []
    return (
        statistic, code, coder, earlier, later, unit, value_earlier, value_later, moved.value,
        "undefined" if missing else "ok", moved.reason if missing else None, moved.low, moved.high,
        level, moved.reason, moved.se, moved.df, *documents, *units, " ".join(flags),
    )  # fmt: skip


def _notes(chosen: Sequence[Round], asked: Scope, level: float) -> Iterator[str]:
    yield (
        f"Change in {asked.unit} units; {level:.0%} intervals by leaving one document out, which "
        "takes two documents on each side, five for a trend."
    )
    yield (
        "drift: the interval excludes 0. Of many rows about one in twenty does so by chance: look "
        "first at all codes together (*), then at codes that move the same way again."
    )
    if len(chosen) == 1:
        yield f'There is no second round to compare "{chosen[0].name}" with.'
