"""Agreement on what coders marked, as they marked it: the unitizing alphas of a round.

Only documents that every coder compared has finished count, laid end to end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from qualcode.reliability.basis import Counted
from qualcode.reliability.estimates import Estimate
from qualcode.reliability.intervals import ENOUGH_DOCUMENTS, Interval, jackknifed
from qualcode.reliability.registry import Coefficient
from qualcode.reliability.unitizing import (
    Coded,
    Continuum,
    Segment,
    alpha_u_2004,
    bar_u_alpha,
    cu_alpha,
    k_u_alpha,
    lay_out,
    u_alpha,
)
from qualcode.reports.figures import ALL, Line, Subject, Wanted
from qualcode.reports.ratings import RatedRound

Question = Callable[[Continuum], Estimate]

OF: dict[str, Callable[..., Estimate | Coded]] = {
    "u_alpha": u_alpha,
    "bar_u_alpha": bar_u_alpha,
    "cu_alpha": cu_alpha,
    "k_u_alpha": k_u_alpha,
    "alpha_u_2004": alpha_u_2004,
}
"""The statistics of free segments by name."""


@dataclass(frozen=True, slots=True)
class _Marked:
    """What the coders marked in the documents that all of them finished."""

    documents: tuple[tuple[str, int], ...]
    segments: tuple[Segment, ...]
    coders: int
    values: int

    def line(self, without: str | None = None) -> Continuum:
        """The documents end to end, one left out."""
        documents = {name: length for name, length in self.documents if name != without}
        return lay_out(documents, self.segments, coders=self.coders, values=self.values)


def lines(rated: RatedRound, want: Wanted) -> Iterator[Line]:
    """The figures of free segments, per code and over all codes.

    Per code: ``u_alpha`` and ``alpha_u_2004`` on the code's own layer, ``k_u_alpha`` within all.
    Over all codes: ``u_alpha``, ``bar_u_alpha``, ``cu_alpha``, ``alpha_u_2004``. Where one coder's
    stretches of different codes overlap, the first three do not exist for all codes together.
    """
    subject, marked = rated.subject(), _marked(rated)
    for at, code in enumerate(subject.codes):
        n = _counted(marked, at)
        for name, question in (
            ("u_alpha", _of_code(u_alpha, at)),
            ("alpha_u_2004", _of_code(alpha_u_2004, at)),
            ("k_u_alpha", _within(at)),
        ):
            yield _line(subject, "code", code, name, question, marked, n, want)
    n = _counted(marked, None)
    for name, whole in (
        ("u_alpha", u_alpha),
        ("bar_u_alpha", bar_u_alpha),
        ("cu_alpha", _cu),
        ("alpha_u_2004", _all_codes),
    ):
        yield _line(subject, "overall", ALL, name, whole, marked, n, want)


def note(rated: RatedRound) -> str:
    """What the figures of a round rest on."""
    marked = _marked(rated)
    who = ", ".join(coder.name for coder in rated.coders) or "nobody"
    n = len(marked.documents)
    pinned = rated.round.codebook_version
    return (
        f'Round "{rated.round.name}": coders {who}; {len(marked.segments):,} segments in {n} '
        f"document{'' if n == 1 else 's'} that all of them finished"
        f"{f', codebook {pinned}' if pinned else ''}."
    )


def _marked(rated: RatedRound) -> _Marked:
    coders = {coder.id: at for at, coder in enumerate(rated.coders)}
    codes = {code.id: at for at, code in enumerate(rated.codes)}
    seen: dict[str, frozenset[int]] = {}
    units = rated.ratings.units
    for document, row in zip(units.document.tolist(), rated.ratings.seen, strict=True):
        seen.setdefault(units.documents[document], frozenset(np.flatnonzero(row).tolist()))
    everyone = frozenset(coders.values())
    whole = [(d.id, d.characters) for d in rated.documents if seen.get(d.id) == everyone]
    there = {name for name, _ in whole}
    segments = tuple(
        Segment(one.document, coders[one.coder], one.start, one.stop, codes[one.code])
        for one in rated.codings
        if one.document in there and one.coder in coders and one.code in codes
    )
    return _Marked(tuple(whole), segments, len(coders), max(len(codes), 1))


def _of_code(question: Question, at: int) -> Question:
    return lambda line: question(line.of_value(at))


def _within(at: int) -> Question:
    return lambda line: k_u_alpha(line, at)


def _cu(line: Continuum) -> Estimate:
    return cu_alpha(line).alpha


def _all_codes(line: Continuum) -> Estimate:
    return alpha_u_2004(line)


def _line(
    subject: Subject,
    scope: str,
    code: str,
    name: str,
    question: Question,
    marked: _Marked,
    n: Counted,
    want: Wanted,
) -> Line:
    estimate = question(marked.line())[0]
    of = Coefficient(name, OF[name])
    interval = _interval(estimate, question, marked, want)
    free = replace(subject, unit="segment", overlap=None)
    return Line(free, scope, code, of, estimate, interval, n)


def _interval(estimate: Estimate, question: Question, marked: _Marked, want: Wanted) -> Interval:
    """The jackknife over documents; no other is known for these figures."""
    documents = len(marked.documents)
    if want.interval not in (None, "jackknife"):
        return Interval(want.interval, None, None, want.ci_level, "no_formula", documents=documents)
    if estimate.reason is None and documents < ENOUGH_DOCUMENTS:
        return Interval("jackknife", None, None, want.ci_level, "few_documents",
                        documents=documents)  # fmt: skip
    without = [question(marked.line(name)).values for name, _ in marked.documents]
    values = np.concatenate(without) if without else np.zeros(0)
    return jackknifed(estimate, values, want.ci_level)


def _counted(marked: _Marked, code: int | None) -> Counted:
    """Units are segments here; nothing is rated, so prevalence has no meaning."""
    of = [one for one in marked.segments if code is None or one.value == code]
    documents = len(marked.documents)
    coders = len({one.coder for one in of})
    return Counted(len(of), documents, coders, 0, 0, None, None, None, None)
