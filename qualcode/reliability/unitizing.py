"""Agreement of coders who mark stretches of text freely: where units lie, and what they are.

Each coder's line is tiled into the units they marked and the gaps between. Documents that all
coders finished are laid end to end. Lengths are characters, whole numbers throughout.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate, pairwise, permutations
from typing import NamedTuple

import numpy as np

from qualcode.reliability.estimates import Estimate, Floats, Reason

GAP = 0
"""Where the gaps stand in the tables of lengths; the values follow from 1."""


class Segment(NamedTuple):
    """A unit that a coder marked in a document."""

    document: str
    coder: int
    """Position of the coder."""

    start: int
    stop: int
    value: int
    """Position of the code."""


@dataclass(frozen=True)
class Continuum:
    """What the coders marked, on one line."""

    length: int
    coders: int
    values: int
    units: tuple[tuple[tuple[int, int, int], ...], ...]
    """For each coder ``(start, stop, value)`` in order of place; of one value none overlap."""

    seams: tuple[int, ...] = ()
    """Where documents begin and end: from 0 to ``length``."""

    @cached_property
    def layers(self) -> tuple[Continuum, ...]:
        """The units of each code alone, as a line of their own."""
        kept: list[list[list[tuple[int, int, int]]]] = [
            [[] for _ in self.units] for _ in range(self.values)
        ]
        for coder, theirs in enumerate(self.units):
            for start, stop, value in theirs:
                kept[value][coder].append((start, stop, 0))
        return tuple(replace(self, values=1, units=tuple(map(tuple, layer))) for layer in kept)

    @cached_property
    def meeting(self) -> tuple[Floats, Floats]:
        """Observed and expected lengths on intersections of units alone."""
        return _meeting(self)

    @cached_property
    def overlapping(self) -> bool:
        """Whether one coder gave overlapping stretches different codes."""
        return any(b[0] < a[1] for theirs in self.units for a, b in pairwise(theirs))


def lay_out(
    documents: Mapping[str, int], segments: Iterable[Segment], *, coders: int, values: int
) -> Continuum:
    """Lay documents end to end, units with them.

    Args:
        documents: Document → its length; all of them finished by every coder.
        segments: Units; those of one coder and code that overlap become one, those that only
            touch stay apart. Segments of other documents are left out.
        coders: How many coders there are; one who marked nothing is among them.
        values: How many codes there are.
    """
    seams = [0, *accumulate(documents.values())]
    begin = dict(zip(documents, seams, strict=False))
    found: list[dict[int, list[tuple[int, int]]]] = [{} for _ in range(coders)]
    for one in segments:
        if one.document in begin:
            at = begin[one.document]
            found[one.coder].setdefault(one.value, []).append((at + one.start, at + one.stop))
    units = tuple(
        tuple(
            sorted(
                (start, stop, value)
                for value, spans in theirs.items()
                for start, stop in _merged(sorted(spans))
            )
        )
        for theirs in found
    )
    return Continuum(seams[-1], coders, values, units, tuple(seams))


def _merged(spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    reach: tuple[int, int] | None = None
    for start, stop in spans:
        if reach is not None and start < reach[1]:
            reach = (reach[0], max(reach[1], stop))
        else:
            if reach is not None:
                yield reach
            reach = (start, stop)
    if reach is not None:
        yield reach


# Krippendorff, Mathet, Bouvry & Widlöcher 2016


def u_alpha(line: Continuum) -> Estimate:
    """Reliability of units and their codes together, gaps included.

    Returns:
        1 - (l - tr O)/(l - tr E); a single figure. Undefined: ``single_coder``,
        ``no_valued_segment``, and ``overlapping_codes`` where one coder's stretches of different
        codes overlap (each code is then a line of its own: ``line.layers``).

    Source:
        Krippendorff, K., Mathet, Y., Bouvry, S., & Widlöcher, A. (2016). Quality & Quantity, 50,
        2347–2364: O[c,k] = lengths of intersections between different coders/(m-1);
        E[c,k] = l(l_c l_k - [c=k]S_c)/(l² - sum S), S_c the sum of squared unit lengths, for gaps
        of plain lengths.
    """
    why = _undefined(line)
    if why is not None:
        return _none(why)
    o, e = _lengths(line)
    total = o.sum()
    return _one_minus(total - np.trace(o), total - np.trace(e))


def bar_u_alpha(line: Continuum) -> Estimate:
    """Reliability of where units are, whatever their codes: 1 - (l_0 - O_00)/(E_0. - E_00).

    Source: as ``u_alpha``; 0 is the gap.
    """
    why = _undefined(line)
    if why is not None:
        return _none(why)
    o, e = _lengths(line)
    return _one_minus(o[GAP].sum() - o[GAP, GAP], e[GAP].sum() - e[GAP, GAP])


@dataclass(frozen=True, slots=True)
class Coded:
    """Reliability of the codes where units of different coders meet."""

    alpha: Estimate
    coverage: float
    """Share of the line on which they meet."""


def cu_alpha(line: Continuum) -> Coded:
    """Reliability of codes on the intersections of units.

    Returns:
        1 - (l' - tr O')/(l' - tr E') on unit-unit intersections. Undefined, besides the reasons of
        ``u_alpha``: ``no_intersecting_categories`` where fewer than two codes meet.

    Source: as ``u_alpha``; S'_c = sum over ordered coder pairs and units of c of (length covered by
        the other's units)²/(m-1).
    """
    why = _undefined(line)
    if why is not None:
        return Coded(_none(why), 0.0)
    o, e = line.meeting
    total = o.sum()
    coverage = float(total / (line.length * line.coders))
    if (o.sum(axis=1) > 0).sum() < 2:
        return Coded(_none("no_intersecting_categories"), coverage)
    return Coded(_one_minus(total - np.trace(o), total - np.trace(e)), coverage)


def k_u_alpha(line: Continuum, value: int) -> Estimate:
    """Reliability of one code within ``cu_alpha``: 1 - (E_k./l_k)(l_k - O_kk)/(E_k. - E_kk)."""
    why = _undefined(line)
    if why is not None:
        return _none(why)
    o, e = line.meeting
    mine = o[value].sum()
    if mine == 0 or (o.sum(axis=1) > 0).sum() < 2:
        return _none("no_intersecting_categories")
    expected = e[value].sum()
    return _one_minus(expected / mine * (mine - o[value, value]), expected - e[value, value])


def _undefined(line: Continuum) -> Reason | None:
    if line.coders < 2:
        return "single_coder"
    if not any(line.units):
        return "no_valued_segment"
    return "overlapping_codes" if line.overlapping else None


def _lengths(line: Continuum) -> tuple[Floats, Floats]:
    """Observed and expected lengths, gaps first."""
    o = _observed(line)
    total = o.sum(axis=1)
    squares = np.zeros(line.values + 1)
    squares[GAP] = total[GAP]
    for theirs in line.units:
        for start, stop, value in theirs:
            squares[value + 1] += (stop - start) ** 2
    return o, _expected(total, squares)


def _meeting(line: Continuum) -> tuple[Floats, Floats]:
    o = _observed(line)[1:, 1:]
    squares = np.zeros(line.values)
    for a, theirs in enumerate(line.units):
        for b, others in enumerate(line.units):
            if a != b:
                starts = [start for start, _, _ in others]
                for start, stop, value in theirs:
                    squares[value] += _covered(start, stop, others, starts) ** 2
    return o, _expected(o.sum(axis=1), squares / (line.coders - 1))


def _covered(
    start: int, stop: int, others: Sequence[tuple[int, int, int]], starts: Sequence[int]
) -> int:
    """How many characters of a stretch lie in another coder's units, which do not overlap."""
    at = max(bisect_left(starts, start) - 1, 0)
    total = 0
    while at < len(others) and others[at][0] < stop:
        total += max(0, min(stop, others[at][1]) - max(start, others[at][0]))
        at += 1
    return total


def _observed(line: Continuum) -> Floats:
    """Lengths on which two coders have two values, gaps first; no coder's units overlap."""
    borders = {0, line.length}
    for theirs in line.units:
        borders.update(b for start, stop, _ in theirs for b in (start, stop))
    places = np.array(sorted(borders), dtype=np.int64)
    lengths = np.diff(places)
    said = np.full((line.coders, len(lengths)), GAP)
    for coder, theirs in enumerate(line.units):
        start, stop, value = np.array(theirs, dtype=np.int64).reshape(-1, 3).T
        first, after = np.searchsorted(places, start), np.searchsorted(places, stop)
        for unit, (begin, end) in enumerate(zip(first.tolist(), after.tolist(), strict=True)):
            said[coder, begin:end] = value[unit] + 1
    width = line.values + 1
    o = np.zeros(width**2, dtype=np.int64)
    for mine, others in permutations(said, 2):
        np.add.at(o, mine * width + others, lengths)
    return o.reshape(width, width) / (line.coders - 1)


def _expected(total: Floats, squares: Floats) -> Floats:
    all_ = total.sum()
    room = all_**2 - squares.sum()
    if room == 0:
        return np.zeros((len(total), len(total)))
    expected: Floats = all_ * (np.outer(total, total) - np.diag(squares)) / room
    return expected


# Krippendorff 2004


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Observed and expected disagreement of one code's units."""

    observed: float
    expected: float
    units: int


def alpha_u_2004(line: Continuum, value: int | None = None) -> Estimate:
    """Unitizing alpha of one code, or (None) of all: 1 - sum D_o / sum D_e.

    Source:
        Krippendorff, K. (2004). Content Analysis, 2nd ed., pp. 251–256. Sections are half-open.
    """
    if line.coders < 2:
        return _none("single_coder")
    chosen = range(line.values) if value is None else [value]
    parts = [disagreement_2004(line, one) for one in chosen]
    if not any(part.units for part in parts):
        return _none("no_valued_segment")
    do, de = sum(part.observed for part in parts), sum(part.expected for part in parts)
    return _one_minus(do, de, do, de)


def disagreement_2004(line: Continuum, value: int) -> Disagreement:
    """D_o and D_e of one code.

    D_o = sum over ordered coder pairs, /(m(m-1)L²), of (b-b')² + (e-e')² for units that intersect,
    and of length² for a unit of either wholly in the other's gap.
    D_e = (2/L) sum_u [(N-1)/3 (2u³-3u²+u) + u² sum over gaps g ≥ u of (g-u+1)] /
    [mL(mL-1) - sum u(u-1)]. Whole numbers, for they outgrow 64 bits.
    """
    m, length = line.coders, line.length
    layers = [[(a, b) for a, b, _ in theirs] for theirs in line.layers[value].units]
    lengths = [stop - start for theirs in layers for start, stop in theirs]
    if not lengths:
        return Disagreement(0.0, 0.0, 0)
    apart = sum(
        _apart(mine, others) for a, mine in enumerate(layers) for b, others in enumerate(layers)
        if a != b
    )  # fmt: skip
    gaps = sorted(gap for theirs in layers for gap in _gaps(theirs, line))
    beyond = [0, *accumulate(reversed(gaps))]
    total = 0
    for u in lengths:
        many = len(gaps) - bisect_left(gaps, u)
        room = beyond[many] - many * (u - 1)
        # (N-1)/3 (2u³-3u²+u) is a whole number: the bracket is u(u-1)(2u-1), divisible by 3
        total += (len(lengths) - 1) * (2 * u**3 - 3 * u**2 + u) // 3 + u * u * room
    ways = m * length * (m * length - 1) - sum(u * (u - 1) for u in lengths)
    expected = 2 * total / (length * ways) if ways else 0.0
    return Disagreement(apart / (m * (m - 1) * length**2), expected, len(lengths))


def _apart(mine: Sequence[tuple[int, int]], others: Sequence[tuple[int, int]]) -> int:
    """The disagreement of one coder's units with another's line, one way round."""
    total, first = 0, 0
    for start, stop in mine:
        while first < len(others) and others[first][1] <= start:
            first += 1
        at, alone = first, True
        while at < len(others) and others[at][0] < stop:
            total += (start - others[at][0]) ** 2 + (stop - others[at][1]) ** 2
            at, alone = at + 1, False
        if alone:
            total += 2 * (stop - start) ** 2  # also as the other's gap against this unit
    return total


def _gaps(units: Sequence[tuple[int, int]], line: Continuum) -> Iterator[int]:
    """Lengths of what lies between a coder's units, cut where documents meet."""
    seams = line.seams or (0, line.length)
    left = deque(units)
    for begin, end in pairwise(seams):
        at = begin
        while left and left[0][0] < end:
            start, stop = left.popleft()
            if start > at:
                yield start - at
            at = stop
        if end > at:
            yield end - at


def _none(why: Reason) -> Estimate:
    return Estimate.ratio(np.zeros(1), np.ones(1), undefined=[(why, np.ones(1, dtype=np.bool_))])


def _one_minus(
    observed: float, expected: float, do: float | None = None, de: float | None = None
) -> Estimate:
    no_variation = np.array([expected == 0])
    return Estimate.ratio(
        np.array([float(expected - observed)]),
        np.array([float(expected)]),
        undefined=[("no_variation", no_variation)],
        observed=np.array([float(observed if do is None else do)]),
        expected=np.array([float(expected if de is None else de)]),
    )
