"""Agreement on what coders marked, as they marked it: the unitizing alphas of a round.

Only documents that every coder compared has finished count, laid end to end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from qualcode.reliability.basis import Counted
from qualcode.reliability.estimates import Estimate, Floats
from qualcode.reliability.intervals import ENOUGH_DOCUMENTS
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
from qualcode.reports.figures import ALL, Line, Subject, one_figure
from qualcode.reports.ratings import RatedRound
from qualcode.reports.wanted import Wanted
from qualcode.text.plurals import counted

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
    asked = [
        one
        for one in _asked(subject)
        if ("round" if one.at is None else "code") in want.scopes
        and (not want.statistics or one.name in want.statistics)
    ]
    whole = marked.line()
    figures = [one.question(whole) for one in asked]
    without = [np.zeros(len(marked.documents)) for _ in asked]
    if want.interval in (None, "jackknife") and len(marked.documents) >= ENOUGH_DOCUMENTS:
        # One line at a time: all of them together would be documents × segments.
        for left_out, (name, _) in enumerate(marked.documents):
            line = marked.line(name)
            for values, one in zip(without, asked, strict=True):
                values[left_out] = one.question(line).values.item()
    for one, figure, values in zip(asked, figures, without, strict=True):
        yield _line(subject, one, figure[0], values, marked, want)


def note(rated: RatedRound) -> str:
    """What the figures of a round rest on."""
    marked = _marked(rated)
    who = ", ".join(coder.name for coder in rated.coders) or "nobody"
    segments = counted(len(marked.segments), "segment")
    pinned = rated.round.codebook_version
    return (
        f'Round "{rated.round.name}": coders {who}; {segments} in '
        f"{counted(len(marked.documents), 'document')} that all of them finished"
        f"{f', codebook {pinned}' if pinned else ''}."
    )


def _marked(rated: RatedRound) -> _Marked:
    coders = {coder.id: at for at, coder in enumerate(rated.coders)}
    known = rated.ratings.known
    codes = {code.id: at for at, code in enumerate(rated.codes) if known[at]}
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
    return _Marked(tuple(whole), segments, len(coders), max(len(rated.codes), 1))


@dataclass(frozen=True, slots=True)
class _Asked:
    """One statistic of one code, or (``at`` None) of all."""

    name: str
    at: int | None
    question: Question


def _asked(subject: Subject) -> Iterator[_Asked]:
    for at in range(len(subject.codes)):
        yield _Asked("u_alpha", at, _of_code(u_alpha, at))
        yield _Asked("alpha_u_2004", at, _of_code(alpha_u_2004, at))
        yield _Asked("k_u_alpha", at, _within(at))
    yield _Asked("u_alpha", None, u_alpha)
    yield _Asked("bar_u_alpha", None, bar_u_alpha)
    yield _Asked("cu_alpha", None, lambda line: cu_alpha(line).alpha)
    yield _Asked("alpha_u_2004", None, lambda line: alpha_u_2004(line))


def _of_code(question: Callable[[Continuum], Estimate], at: int) -> Question:
    return lambda line: question(line.layers[at])


def _within(at: int) -> Question:
    return lambda line: k_u_alpha(line, at)


def _line(
    subject: Subject,
    asked: _Asked,
    estimate: Estimate,
    without: Floats,
    marked: _Marked,
    want: Wanted,
) -> Line:
    scope, code = ("overall", ALL) if asked.at is None else ("code", subject.codes[asked.at])
    of = Coefficient(asked.name, OF[asked.name])
    interval = one_figure(estimate, len(marked.documents), lambda: without, want)
    free = replace(subject, unit="segment", overlap=None)
    n = _counted(marked, asked.at)
    if subject.scope is not None:
        pair = subject.coders[0], subject.coders[1]
        return Line(free, subject.scope, code, of, estimate, interval, n, pair)
    return Line(free, scope, code, of, estimate, interval, n)


def _counted(marked: _Marked, code: int | None) -> Counted:
    """Units are segments here; nothing is rated, so prevalence has no meaning."""
    of = [one for one in marked.segments if code is None or one.value == code]
    documents = len(marked.documents)
    coders = len({one.coder for one in of})
    return Counted(len(of), documents, coders, 0, 0, None, None, None, None)
