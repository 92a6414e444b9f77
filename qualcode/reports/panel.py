"""The same codings under other units, and as other programs would report them.

Agreement moves with the unit it is counted on; a figure from another program is only comparable
by that program's rule. Both stand beside the figure that is reported, never in its place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from qualcode.errors import UsageProblem
from qualcode.model import Cell, Span, Table
from qualcode.reliability import coefficients, compatibility
from qualcode.reliability.compatibility import RULES
from qualcode.reliability.estimates import Estimate
from qualcode.reliability.patterns import PatternCounts
from qualcode.reliability.unitizing import Segment, cu_alpha, lay_out
from qualcode.reports import segments
from qualcode.reports.cut import CHARACTER, SEGMENT, scope
from qualcode.reports.figures import ALL, Line, lines
from qualcode.reports.ratings import RatedRound, comparable, rated_round
from qualcode.reports.wanted import wanted

if TYPE_CHECKING:
    from qualcode.project import Project

COLUMNS = [
    "as", "round", "code", "document", "coder_a", "coder_b", "unit", "statistic", "value",
    "status", "reason", "ci_low", "ci_high", "n_units", "n_documents", "n_any", "rule",
]  # fmt: skip

UNITS = ("character", "sentence", "turn", "paragraph", "document")
OURS = "qualcode"


def panel(
    project: Project,
    *,
    rounds: Sequence[str] | None = None,
    codes: Sequence[str] | None = None,
    coders: Sequence[str] | None = None,
) -> Table:
    """Lay the figures of several units side by side, then those of other programs' rules.

    Args:
        rounds, codes, coders: As ``reports.agreement.agreement`` takes them.

    Returns:
        Columns ``COLUMNS``. Rows with ``as`` qualcode: alpha (and kappa) per code and over all of
        them for each of ``UNITS``, and the unitizing alphas; then, for each pair of coders, what
        the program named in ``as`` would report, with its rule. Unrounded.

    Raises:
        StillBlind: A round asked for is blind and open.
        UsageProblem: A round asked for is a recoding one.
    """
    chosen, hidden = comparable(project, rounds)
    people = None if coders is None else [project.coders.named(name) for name in coders]
    only = None if codes is None else [project.codebook.named(name) for name in codes]
    rows: list[tuple[Cell, ...]] = []
    for round_ in chosen:
        if round_.purpose == "recode":
            raise UsageProblem(
                f'Round "{round_.name}" compares coders with their earlier selves; the panel '
                "compares coders with each other."
            )
        by_unit = {
            unit: rated_round(
                project, round_, only=only, people=people, asked=scope(project, unit=unit)
            )
            for unit in (*UNITS, SEGMENT)
        }
        rows += _units(by_unit)
        # Excerpts and chance of other programs rest on all codes, also where few are shown.
        whole = rated_round(project, round_, people=people, asked=scope(project, unit=CHARACTER))
        named = {code.code for code in (only if only is not None else whole.codes)} | {ALL}
        rows += [row for row in _others(project, whole) if row[2] in named]
    notes = [
        *hidden,
        "The same spans under every unit: choose the unit before looking, and report that one.",
        "Rows as another program's are for comparison with figures of that program; names and "
        "rules as far as public documentation states them.",
    ]
    return Table("panel", COLUMNS, rows, notes, {"data": project.digest()})


def _units(by_unit: dict[str, RatedRound]) -> Iterator[tuple[Cell, ...]]:
    want = wanted(by=["code", "round"])
    shown = ("krippendorff_alpha", "cohen_kappa", "conger_kappa", "u_alpha", "alpha_u_2004")
    for unit, rated in by_unit.items():
        found = segments.lines(rated, want) if unit == SEGMENT else lines(rated.subject(), want)
        yield from (_row(line) for line in found if line.statistic in shown)


def _row(line: Line) -> tuple[Cell, ...]:
    sure, n, reason = line.interval, line.counted, line.estimate.reason
    a, b = line.pair or (None, None)
    return (
        OURS, line.subject.name, line.code, None, a, b, line.subject.unit, line.statistic,
        line.estimate.value, "undefined" if reason else "ok", reason, sure.low, sure.high, n.units,
        n.documents, n.any, None,
    )  # fmt: skip


def _others(project: Project, rated: RatedRound) -> Iterator[tuple[Cell, ...]]:
    """What other programs would say of each pair of coders, on what both have finished."""
    for a, b in combinations(range(len(rated.coders)), 2):
        pair = _Pair(project, rated, a, b)
        if pair.lengths:
            yield from pair.nvivo()
            yield from pair.atlas()
            yield from pair.maxqda()
            yield from pair.dedoose()


class _Pair:
    """Two coders' spans in the documents that both finished."""

    def __init__(self, project: Project, rated: RatedRound, a: int, b: int) -> None:
        self._rated = rated
        self._names = rated.coders[a].name, rated.coders[b].name
        self._codes = {code.id: code.code for code in rated.codes}
        ids = rated.coders[a].id, rated.coders[b].id
        units = rated.ratings.units
        both = {
            units.documents[document]
            for document, seen in zip(units.document.tolist(), rated.ratings.seen, strict=True)
            if seen[a] and seen[b]
        }
        self.lengths = {d.id: d.characters for d in rated.documents if d.id in both}
        self._shown = {d.id: project.layer.words(d.name) for d in rated.documents}
        self._spans: dict[tuple[str, str, str], list[Span]] = {}
        for one in rated.codings:
            if one.document in both and one.coder in ids and one.code in self._codes:
                key = one.document, one.code, "ab"[ids.index(one.coder)]
                self._spans.setdefault(key, []).append(Span(one.start, one.stop))

    def _of(self, document: str, code: str, who: str) -> list[Span]:
        return self._spans.get((document, code, who), [])

    def _row(
        self,
        program: str,
        code: str,
        document: str | None,
        unit: str,
        statistic: str,
        estimate: Estimate | float | None,
        n: int,
        reason: str | None = None,
    ) -> tuple[Cell, ...]:
        if isinstance(estimate, Estimate):
            value, reason = estimate[0].value, estimate[0].reason
        else:
            value = estimate
        shown = None if document is None else self._shown[document]
        return (
            program, self._rated.round.name, code, shown, *self._names, unit, statistic, value,
            "ok" if value is not None else "undefined", reason, None, None, n, len(self.lengths)
            if document is None else 1, None, RULES[program],
        )  # fmt: skip

    def nvivo(self) -> Iterator[tuple[Cell, ...]]:
        for document, length in self.lengths.items():
            for code, name in self._codes.items():
                counts = compatibility.characters(
                    length, self._of(document, code, "a"), self._of(document, code, "b")
                )
                for statistic, function in (
                    ("percent_agreement", coefficients.percent_agreement),
                    ("cohen_kappa", coefficients.cohen_kappa),
                ):
                    yield self._row(
                        "NVivo", name, document, CHARACTER, statistic, function(counts), length
                    )

    def _all_characters(self, code: str) -> PatternCounts:
        each = [
            compatibility.characters(
                length, self._of(document, code, "a"), self._of(document, code, "b")
            ).table
            for document, length in self.lengths.items()
        ]
        none, second, first, both = np.sum(each, axis=0).astype(int).ravel().tolist()
        return compatibility.cells(none, second, first, both)

    def atlas(self) -> Iterator[tuple[Cell, ...]]:
        length = sum(self.lengths.values())
        for code, name in self._codes.items():
            counts = self._all_characters(code)
            for statistic, figure in (
                ("percent_agreement", coefficients.percent_agreement(counts)),
                ("holsti", coefficients.holsti(counts)),
                ("krippendorff_alpha", coefficients.krippendorff_alpha(counts)),
            ):
                yield self._row("ATLAS.ti", name, None, CHARACTER, statistic, figure, length)
        value = {code: at for at, code in enumerate(self._codes)}
        marked = [
            Segment(document, "ab".index(who), span.start, span.stop, value[code])
            for (document, code, who), spans in self._spans.items()
            for span in spans
        ]
        found = cu_alpha(lay_out(self.lengths, marked, coders=2, values=len(value))).alpha
        yield self._row("ATLAS.ti", ALL, None, SEGMENT, "cu_alpha", found, len(marked))

    def maxqda(self) -> Iterator[tuple[Cell, ...]]:
        for document in self.lengths:
            a, b = (
                [(code, span) for code in self._codes for span in self._of(document, code, who)]
                for who in "ab"
            )
            found = compatibility.maxqda(a, b, len(self._codes))
            for statistic, value in (("percent_agreement", found.share), ("kappa", found.kappa)):
                why = "single_category" if found.segments else "no_valued_segment"
                yield self._row(
                    "MAXQDA", ALL, document, SEGMENT, statistic, value, found.segments,
                    None if value is not None else why,
                )  # fmt: skip
            many = [(len(self._of(document, c, "a")), len(self._of(document, c, "b")))
                    for c in self._codes]  # fmt: skip
            for statistic, alike in (
                ("presence_agreement", [bool(mine) == bool(theirs) for mine, theirs in many]),
                ("count_agreement", [mine == theirs for mine, theirs in many]),
            ):
                share = sum(alike) / len(alike) if alike else None
                none = None if alike else "single_category"
                yield self._row("MAXQDA", ALL, document, "code", statistic, share, len(alike), none)

    def dedoose(self) -> Iterator[tuple[Cell, ...]]:
        a, b = (
            [
                (document, code, span)
                for document in self.lengths
                for code in self._codes
                for span in self._of(document, code, who)
            ]
            for who in "ab"
        )
        if not self._codes:
            return
        excerpts = len({(document, span) for document, _, span in a})
        counts = compatibility.dedoose(a, b, list(self._codes))
        for at, name in enumerate(self._codes.values()):
            kappa = coefficients.cohen_kappa(counts.only_code(at))
            yield self._row("Dedoose", name, None, "excerpt", "cohen_kappa", kappa, excerpts)
        pooled = compatibility.pooled(counts)
        yield self._row("Dedoose", ALL, None, "excerpt", "pooled_kappa", pooled, excerpts)
