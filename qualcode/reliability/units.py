"""Codings placed on units of analysis: who said present, who said absent, and who said nothing.

A coder who declared a document finished said *absent* where nothing is coded; otherwise the
document is *missing* for that coder. Records and arrays in, arrays out; work grows with the number
of spans and units, never with units × codes.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import repeat
from operator import itemgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from qualcode.errors import UsageProblem
from qualcode.model import Span
from qualcode.reliability.estimates import Bools
from qualcode.reliability.patterns import Integers, PatternCounts, count_codes
from qualcode.spans import trim

_CHARACTERS = re.compile(r"chars:([1-9]\d*)")
_WHITE = [point for point in range(0x3001) if chr(point).isspace()]


class UnitRow(NamedTuple):
    """One unit of analysis as the caller knows it."""

    document: str
    start: int
    stop: int
    excluded: bool = False
    """A moderator's or interviewer's: left out, and counted as left out."""


class Placed(NamedTuple):
    """One coder's span, before anything is counted."""

    document: str
    coder: str
    code: str
    start: int
    stop: int


@dataclass(frozen=True, eq=False)
class Units:
    """Units of one kind that never overlap, in document order; gaps between them are allowed."""

    kind: str
    documents: tuple[str, ...]
    document: Integers
    """For each unit the position of its document in ``documents``."""

    start: Integers
    stop: Integers
    excluded: Bools
    """Which units are left out of every figure."""

    cut: str
    """Digest of kind, cutter and all boundaries: another cut gives other figures."""

    weight: Integers | None = None
    """For characters: how many each row stands for, a run that no coding cuts. None: one each."""

    def __len__(self) -> int:
        return len(self.start)

    @property
    def size(self) -> int:
        """How many units there are; rows of characters count with their weight."""
        return len(self) if self.weight is None else int(self.weight.sum())

    def only(self, chosen: Bools) -> Units:
        """These units; the documents and the digest of the cut stay."""
        return replace(
            self,
            document=self.document[chosen],
            start=self.start[chosen],
            stop=self.stop[chosen],
            excluded=self.excluded[chosen],
            weight=None if self.weight is None else self.weight[chosen],
        )


@dataclass(frozen=True, eq=False)
class Ratings:
    """What each coder said about each unit, for every code."""

    units: Units
    """The units that count: not excluded, in documents that two coders or more finished."""

    coders: tuple[str, ...]
    codes: tuple[str, ...]
    seen: Bools
    """``(units, coders)``: whether the coder finished the unit's document."""

    known: Bools
    """``(codes,)``: whether the code could be applied; where not, all ratings are missing."""

    present: tuple[Integers, Integers, Integers]
    """Code, unit and coder of every "present", sorted, without duplicates, only where seen."""

    excluded: int
    """Units left out as a moderator's, in the documents that count."""

    outside: int
    """Codings that touch no unit of their document, not even an excluded one."""

    unfinished: int
    """Codings left out because their coder has not finished the document."""

    unknown: int
    """Codings left out because their code is not among ``codes`` or not known."""

    def counts(self) -> PatternCounts:
        """The pattern counts that every coefficient is computed from, codes in order."""
        counts = count_codes(
            self.seen,
            self.units.document,
            self.units.documents,
            len(self.codes),
            self.present,
            weights=self.units.weight,
        )
        if self.known.all():
            return counts
        table = counts.table.copy()
        table[~self.known] = 0.0
        return replace(counts, table=table, _rows={})

    def only_codes(self, chosen: Sequence[str]) -> Ratings:
        """The same of these codes, in this order; all of them are among ``codes``."""
        at = [self.codes.index(code) for code in chosen]
        position = np.full(len(self.codes), -1, dtype=np.int64)
        position[at] = np.arange(len(at))
        code, unit, coder = self.present
        kept = position[code] >= 0
        order = np.lexsort((coder[kept], unit[kept], position[code[kept]]))
        present = tuple(array[kept][order] for array in (position[code], unit, coder))
        return replace(
            self, codes=tuple(chosen), known=self.known[at],
            present=(present[0], present[1], present[2]),
        )  # fmt: skip

    def any_coded(self) -> Ratings:
        """The same on units that some coder gave some code; the rest count as left out."""
        touched = np.zeros(len(self.units), dtype=np.bool_)
        touched[self.present[1]] = True
        number = np.cumsum(touched) - 1
        code, unit, coder = self.present
        kept = self.units.only(touched)
        return replace(
            self, units=kept, seen=self.seen[touched], present=(code, number[unit], coder)
        )

    def matrix(self, code: int, document: int | None = None) -> NDArray[np.int8]:
        """Ratings of one code, ``(units, coders)``: 1 present, 0 absent, -1 missing.

        Args:
            document: Position of the one document to give; None: all.
        """
        here = slice(None) if document is None else self.units.document == document
        if not self.known[code]:
            return np.full(self.seen[here].shape, -1, dtype=np.int8)
        values = np.where(self.seen, 0, -1).astype(np.int8)
        first, last = np.searchsorted(self.present[0], [code, code + 1])
        values[self.present[1][first:last], self.present[2][first:last]] = 1
        weight = self.units.weight
        return values[here] if weight is None else np.repeat(values[here], weight[here], axis=0)

    def digest(self, names: Iterable[str] = ()) -> str:
        """SHA-256 of the cut, the finished marks and every "present": the data of the figures.

        Args:
            names: What else the data is: names of coders and codes, digests of texts. Ids are left
                out, so that the same codings in another project give the same digest.
        """
        whole = sha256()
        for name in (self.units.cut, *names):
            whole.update(name.encode() + b"\0")
        for array in (self.units.document, self.units.start, self.seen, self.known, *self.present):
            whole.update(np.ascontiguousarray(array, dtype="<i8").tobytes())
        return whole.hexdigest()


def units_of(
    kind: str, rows: Iterable[UnitRow], documents: Sequence[str], *, maker: str = ""
) -> Units:
    """Put units in order and take the digest of their cut.

    Args:
        kind: Kind of unit, such as ``sentence``.
        rows: The units, in any order; those of documents not listed are left out.
        documents: Which documents, in the order that figures and the digest shall have.
        maker: Name and version of what cut them.

    Raises:
        UsageProblem: If two units overlap.
    """
    at = {document: position for position, document in enumerate(documents)}
    sorted_rows = sorted(
        (at[row.document], row.start, row.stop, row.excluded) for row in rows if row.document in at
    )
    table = np.array(sorted_rows, dtype=np.int64).reshape(-1, 4)
    document, start, stop = table[:, 0], table[:, 1], table[:, 2]
    overlapping = (document[1:] == document[:-1]) & (start[1:] < stop[:-1])
    if overlapping.any():
        raise UsageProblem(f"Units of one kind may not overlap, but two {kind} units do.")
    cut = sha256(f"{kind}\0{maker}\0{len(documents)}\0".encode())
    cut.update(np.ascontiguousarray(table[:, :3], dtype="<i8").tobytes())
    return Units(
        kind, tuple(documents), document, start, stop, table[:, 3].astype(np.bool_), cut.hexdigest()
    )


def characters_of(
    regions: Iterable[UnitRow],
    documents: Sequence[str],
    codings: Iterable[Placed],
    *,
    maker: str = "",
) -> Units:
    """Cut regions where any coding begins or ends: runs of characters that all stand alike.

    Args:
        regions: What counts: turns, or paragraphs where nobody speaks; as for ``units_of``.
        documents: As for ``units_of``.
        codings: Every coding that will be rated on these units.
        maker: Name of what gave the regions.

    Returns:
        Units of the kind ``character``, each row with its number of characters as ``weight``; the
        digest of the cut is that of the regions.
    """
    whole = units_of("character", regions, documents, maker=maker)
    table = _table(codings, documents)
    table = table[table[:, 0] >= 0]
    document, end = np.tile(table[:, 0], 2), np.concatenate([table[:, 3], table[:, 4]])
    # Documents lie end to end on one line: a border is one number, and regions are in order.
    width = int(max(whole.stop.max(initial=0), end.max(initial=0))) + 1
    first, last = whole.document * width + whole.start, whole.document * width + whole.stop
    borders = np.unique(document * width + end)
    begun = np.searchsorted(first, borders, side="left")
    ended = np.searchsorted(last, borders, side="right")
    borders = borders[begun > ended]  # within a region
    starts = np.sort(np.concatenate([first, borders]))
    stops = np.sort(np.concatenate([last, borders]))
    document, start = np.divmod(starts, width)
    return replace(
        whole,
        document=document,
        start=start,
        stop=start + (stops - starts),
        excluded=whole.excluded[np.searchsorted(first, starts, side="right") - 1],
        weight=stops - starts,
    )


def rate(
    units: Units,
    codings: Iterable[Placed],
    *,
    coders: Sequence[str],
    codes: Sequence[str],
    finished: Collection[tuple[str, str]],
    texts: Mapping[str, str],
    known: Collection[str] | None = None,
    overlap: str = "any",
) -> Ratings:
    """Say for each unit, coder and code: present, absent or missing.

    Overlapping and touching spans of one coder and code are united first, so that duplicating,
    nesting or splitting a span changes no figure; then white space at their ends is cut off.

    Args:
        units: The units of analysis.
        codings: All codings in scope, in any order.
        coders: Whose ratings; the order of the columns.
        codes: Which codes; the order of the figures.
        finished: ``(document, coder)`` pairs declared finished: only there does no coding mean
            "absent". Codings elsewhere are ignored and counted.
        texts: Text of every document that has codings.
        known: Codes of the codebook version in force; others are missing everywhere. None: all.
        overlap: How much of a unit must be covered: ``any`` (one character), ``majority`` (more
            than half of its characters that are not white space) or ``chars:K`` (K characters, or
            the whole of a shorter unit).

    Raises:
        UsageProblem: If the overlap rule does not exist.
    """
    check_overlap(overlap)
    allowed = np.array([known is None or code in known for code in codes], dtype=np.bool_)
    finishers = _finishers(units.documents, coders, finished)
    usable, unfinished, unknown = _sorted_out(units.documents, coders, codes, codings, finishers)
    applicable = allowed[usable[:, 2]]
    unknown += int((~applicable).sum())
    usable = usable[applicable]
    outside = _outside(units, usable)
    counting = finishers.sum(axis=1) >= 2
    usable = usable[counting[usable[:, 0]]]
    spans = _united(usable)
    if units.weight is None:  # a character that is coded is coded, also a blank one
        spans = _trimmed(spans, units.documents, texts)
    here = counting[units.document] if len(units) else np.zeros(0, dtype=np.bool_)
    left_out = units.only(here & units.excluded).size
    kept = units.only(here & ~units.excluded)
    return Ratings(
        kept,
        tuple(coders),
        tuple(codes),
        finishers[kept.document].reshape(len(kept), len(coders)),
        allowed,
        _present(kept, spans, "any" if units.weight is not None else overlap, texts),
        left_out,
        outside,
        unfinished,
        unknown,
    )


def check_overlap(rule: str) -> None:
    """Refuse an overlap rule that does not exist."""
    if rule not in ("any", "majority") and not _CHARACTERS.fullmatch(rule):
        raise UsageProblem(
            f'There is no overlap rule "{rule}". Known: any, majority, chars:K (such as chars:10).'
        )


def _sorted_out(
    documents: Sequence[str],
    coders: Sequence[str],
    codes: Sequence[str],
    codings: Iterable[Placed],
    finishers: Bools,
) -> tuple[Integers, int, int]:
    """Codings as rows (document, coder, code, start, stop); how many unfinished, unknown."""
    rows = _table(codings, documents, coders, codes)
    rows = rows[(rows[:, 0] >= 0) & (rows[:, 1] >= 0)]
    known = rows[:, 2] >= 0
    unknown = len(rows) - int(known.sum())
    rows = rows[known]
    finished = finishers[rows[:, 0], rows[:, 1]]
    return rows[finished], len(rows) - int(finished.sum()), unknown


def _table(
    codings: Iterable[Placed],
    documents: Sequence[str],
    coders: Sequence[str] = (),
    codes: Sequence[str] = (),
) -> Integers:
    """Codings as rows of positions (document, coder, code) and start, stop; -1 for other names."""
    every = list(codings)
    table = np.empty((len(every), 5), dtype=np.int64)
    for column, known in enumerate((documents, coders, codes)):
        at = {name: position for position, name in enumerate(known)}
        found = map(at.get, map(itemgetter(column), every), repeat(-1))
        table[:, column] = np.fromiter(found, dtype=np.int64, count=len(every))
    for column in (3, 4):
        numbers = map(itemgetter(column), every)
        table[:, column] = np.fromiter(numbers, dtype=np.int64, count=len(every))
    return table


def _finishers(
    documents: Sequence[str], coders: Sequence[str], finished: Collection[tuple[str, str]]
) -> Bools:
    marks = [[(document, coder) in finished for coder in coders] for document in documents]
    return np.array(marks, dtype=np.bool_).reshape(len(documents), len(coders))


def _united(rows: Integers) -> Integers:
    """Merge overlapping and touching spans of one document, coder and code."""
    if not len(rows):
        return rows
    rows = rows[np.lexsort((rows[:, 3], rows[:, 2], rows[:, 1], rows[:, 0]))]
    group = np.concatenate([[0], np.cumsum((rows[1:, :3] != rows[:-1, :3]).any(axis=1))])
    # Groups lie end to end on one line, so that a running maximum never reaches the next group.
    line = group * (int(rows[:, 4].max()) + 1)
    reached = np.maximum.accumulate(line + rows[:, 4])
    new = np.concatenate([[True], (line + rows[:, 3])[1:] > reached[:-1]])
    new[1:] |= group[1:] != group[:-1]
    first = np.flatnonzero(new)
    last = np.concatenate([first[1:], [len(rows)]]) - 1
    merged = rows[first].copy()
    merged[:, 4] = (reached - line)[last]
    return merged


def _trimmed(rows: Integers, documents: Sequence[str], texts: Mapping[str, str]) -> Integers:
    """Draw spans in to their first and last character that is not white space; drop blank ones."""
    kept: list[tuple[int, int, int, int, int]] = []
    for document, coder, code, start, stop in rows.tolist():
        span = trim(texts[documents[document]], Span(start, stop))
        if span is not None:
            kept.append((document, coder, code, span.start, span.stop))
    return np.array(kept, dtype=np.int64).reshape(-1, 5)


def _touched(
    units: Units, document: Integers, start: Integers, stop: Integers
) -> tuple[Integers, Integers]:
    """For each span the first unit it overlaps, and one past the last."""
    ends = [units.stop.max(initial=0), stop.max(initial=0), start.max(initial=0)]
    width = int(max(ends)) + 1
    base = document * width
    first = np.searchsorted(units.document * width + units.stop, base + start, side="right")
    after = np.searchsorted(units.document * width + units.start, base + stop, side="left")
    return first, np.maximum(after, first)


def _outside(units: Units, rows: Integers) -> int:
    first, after = _touched(units, rows[:, 0], rows[:, 3], rows[:, 4])
    return int((first == after).sum())


def _present(
    units: Units, spans: Integers, rule: str, texts: Mapping[str, str]
) -> tuple[Integers, Integers, Integers]:
    """Code, unit and coder of each unit that is covered enough, sorted in that order."""
    first, after = _touched(units, spans[:, 0], spans[:, 3], spans[:, 4])
    many = after - first
    span = np.repeat(np.arange(len(spans)), many)
    unit = np.arange(len(span)) - np.repeat(np.cumsum(many) - many, many) + first[span]
    start = np.maximum(spans[span, 3], units.start[unit])
    stop = np.minimum(spans[span, 4], units.stop[unit])
    coders = int(spans[:, 1].max(initial=0)) + 1
    each = (spans[span, 2] * max(len(units), 1) + unit) * coders + spans[span, 1]
    cells, at = np.unique(each, return_inverse=True)
    code, rest = np.divmod(cells, max(len(units), 1) * coders)
    unit_of, coder = np.divmod(rest, coders)
    if rule == "any":
        return code, unit_of, coder
    limit = _CHARACTERS.fullmatch(rule)
    if limit:
        covered, needed = stop - start, np.minimum(int(limit[1]), units.stop - units.start)
    else:
        ink = _Ink(units.documents, texts)
        document = units.document[unit]
        covered = ink.between(document, start, stop)
        whole = ink.between(units.document, units.start, units.stop)
        needed = whole // 2 + 1
    total = np.zeros(len(cells), dtype=np.int64)
    np.add.at(total, at, covered)
    enough = total >= needed[unit_of]
    return code[enough], unit_of[enough], coder[enough]


class _Ink:
    """How many characters of a stretch are not white space."""

    def __init__(self, documents: Sequence[str], texts: Mapping[str, str]) -> None:
        self._documents, self._texts = documents, texts
        self._sums: dict[int, Integers] = {}

    def between(self, document: Integers, start: Integers, stop: Integers) -> Integers:
        found = np.zeros(len(document), dtype=np.int64)
        for one in np.unique(document).tolist():
            sums = self._sums.setdefault(one, self._running(one))
            here = document == one
            found[here] = sums[stop[here]] - sums[start[here]]
        return found

    def _running(self, document: int) -> Integers:
        text = self._texts[self._documents[document]]
        points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
        ink = ~np.isin(points, _WHITE)
        return np.concatenate([[0], np.cumsum(ink, dtype=np.int64)])
