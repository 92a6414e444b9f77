"""Counts of what the coders said together: all that any coefficient needs to know.

In a unit the coders' values form a *pattern*, such as (present, absent, missing). Each pattern is
counted once per code and document; every coefficient is a function of sums over these counts, so a
jackknife or a bootstrap only sums the same rows with other weights and never sees a unit again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qualcode.errors import UsageProblem
from qualcode.reliability.estimates import Floats

Integers = NDArray[np.int64]

DIRECT = 4096
"""Up to this many possible patterns are counted directly; beyond, only those that occur."""


@dataclass(frozen=True, eq=False)
class PatternCounts:
    """How often each pattern of values occurs, per code and document.

    Made by ``count`` or ``count_codes``; ``reweighted`` and ``with_table`` make the resampled ones.
    """

    table: Floats
    """``(…, codes, documents, patterns)``, whole numbers; leading axes only under resampling."""

    patterns: NDArray[np.int64]
    """``(patterns, coders)``: the position of each coder's value in ``categories``, -1 missing."""

    categories: tuple[object, ...] = (0, 1)
    """The declared values in order, used or not."""

    presence: bool = True
    """Whether the values mean absent (0) and present (1) of a code."""

    documents: tuple[object, ...] = ("",)
    """What each row of the document axis stands for."""

    weights: Floats | None = None
    """``(resamples, documents)``: how often each document counts; None: once."""

    _rows: dict[object, Floats] = field(default_factory=dict, repr=False)
    """Features summed per document, kept for the next statistic or resample."""

    @property
    def coders(self) -> int:
        """How many coders the patterns speak of."""
        return int(self.patterns.shape[1])

    @property
    def codes(self) -> int:
        """How many codes (or variables) were counted."""
        return int(self.table.shape[-3])

    @cached_property
    def ratings(self) -> Floats:
        """``r[pattern, category]``: how many coders gave the value."""
        values = np.arange(len(self.categories))
        given: Floats = (self.patterns[:, :, None] == values).sum(axis=1).astype(np.float64)
        return given

    @cached_property
    def raters(self) -> Floats:
        """``m[pattern]``: how many coders rated the unit at all."""
        many: Floats = self.ratings.sum(axis=1)
        return many

    def sums(self, name: object, features: Callable[[], Floats]) -> Floats:
        """Sum features of the patterns over all units.

        Args:
            name: What the features are called; the same name must always mean the same features.
            features: Makes ``F[pattern, feature]``; called only where the name is new.

        Returns:
            ``(codes, features)``; with resampled weights ``(resamples, codes, features)``.
        """
        if name not in self._rows:
            self._rows[name] = self.table @ features()
        rows = self._rows[name]
        if self.weights is None:
            summed: Floats = rows.sum(axis=-2)
            return summed
        codes, documents, width = rows.shape
        flat = rows.transpose(1, 0, 2).reshape(documents, codes * width)
        return (self.weights @ flat).reshape(len(self.weights), codes, width)

    def pairable(self) -> NDArray[np.bool_]:
        """``(codes, documents)``: whether a document has units that two coders rated."""
        counts: Floats = (self.table * (self.raters >= 2)).sum(axis=-1)
        return counts > 0

    def only_code(self, at: int) -> PatternCounts:
        """The counts of one code."""
        return replace(self, table=self.table[at : at + 1], _rows={})

    def only_coders(self, chosen: Sequence[int]) -> PatternCounts:
        """The counts of these coders, of units that two of them rated.

        What a pair is counted on: documents that only others finished are no part of its sample.
        """
        patterns = self.patterns[:, list(chosen)]
        paired = (patterns >= 0).sum(axis=1) >= 2
        return replace(self, table=self.table[..., paired], patterns=patterns[paired], _rows={})

    def only_documents(self, chosen: NDArray[np.bool_]) -> PatternCounts:
        """The counts of these documents; ``chosen`` has one truth value per document."""
        names = tuple(name for name, keep in zip(self.documents, chosen, strict=True) if keep)
        return replace(self, table=self.table[:, chosen], documents=names, _rows={})

    def stacked(self) -> PatternCounts:
        """All unit × code cells as one variable: what all codes together (``*``) are counted on."""
        return replace(self, table=self.table.sum(axis=-3, keepdims=True), _rows={})

    def against_rest(self, at: int) -> PatternCounts:
        """Category ``at`` against all others; missing stays missing."""
        binary = np.where(self.patterns < 0, -1, (self.patterns == at).astype(np.int64))
        return replace(self, patterns=binary, categories=(0, 1), presence=False, _rows={})

    def reweighted(self, weights: Floats) -> PatternCounts:
        """The same counts with documents counted ``weights[resample, document]`` times."""
        return replace(self, weights=weights)

    def with_table(self, table: Floats) -> PatternCounts:
        """Other counts of the same patterns, such as resampled ``(resamples, codes, 1, …)``."""
        return replace(self, table=table, documents=("",), weights=None, _rows={})


def count(
    values: ArrayLike,
    *,
    missing: int = -1,
    documents: Sequence[object] | None = None,
    categories: Sequence[object] = (0, 1),
    presence: bool | None = None,
) -> PatternCounts:
    """Count the patterns of ratings held in a plain array.

    Args:
        values: ``(units, coders)``, or ``(codes, units, coders)`` for several codes at once. Each
            value is a position in ``categories``, or ``missing``.
        missing: The number that stands for "did not rate this unit".
        documents: For each unit the document it lies in; None: all in one.
        categories: The declared values in order, used or not. Interval and ratio levels need
            numbers here.
        presence: Whether the values mean absent and present; None: they do if the categories are
            ``(0, 1)``.

    Returns:
        Counts of shape ``(codes, documents, patterns)``; one code for a two-dimensional array.
        Documents stand in the order of their first unit.

    Raises:
        UsageProblem: If a value is neither missing nor a position in ``categories``.
    """
    ratings = _whole_numbers(values)
    if ratings.ndim == 2:
        ratings = ratings[None]
    if ratings.ndim != 3:
        raise UsageProblem("Ratings must be units × coders, or codes × units × coders.")
    if missing != -1:
        ratings = np.where(ratings == missing, -1, ratings.astype(np.int64))
    if ratings.size and (ratings.min() < -1 or ratings.max() >= len(categories)):
        raise UsageProblem(
            f"A rating lies outside the {len(categories)} declared categories: "
            "declare every category, used or not."
        )
    names, which = _numbered(documents, ratings.shape[1])
    table, patterns = _tabulate(ratings, which, len(names), len(categories))
    if presence is None:
        presence = tuple(categories) == (0, 1)
    return PatternCounts(table, patterns, tuple(categories), presence, names)


def count_codes(
    seen: NDArray[np.bool_],
    document_of: NDArray[np.int64],
    documents: Sequence[object],
    codes: int,
    present: tuple[Integers, Integers, Integers],
    *,
    weights: Integers | None = None,
) -> PatternCounts:
    """Count presence and absence of many codes without an array of codes × units.

    Args:
        seen: ``(units, coders)``: whether the coder finished the unit's document; where not, their
            rating is missing.
        document_of: For each unit the position of its document in ``documents``.
        documents: Names of the documents.
        codes: How many codes there are; those nobody used are counted as absent everywhere.
        present: Three arrays of equal length, code, unit and coder: one entry for each time a
            coder gave a code to a unit, without duplicates, only where ``seen``.
        weights: How many units each row stands for; None: one.

    Returns:
        Counts of shape ``(codes, documents, patterns)``.
    """
    units, coders = seen.shape
    code_of, unit_of, coder_of = present
    many = np.ones(units) if weights is None else weights.astype(np.float64)
    if 3**coders > 2**62 and weights is not None:
        raise UsageProblem(f"{coders} coders are too many to compare character by character.")
    if 3**coders > 2**62:
        dense = np.broadcast_to(np.where(seen, 0, -1), (codes, units, coders)).copy()
        dense[code_of, unit_of, coder_of] = 1
        return count(dense, documents=[documents[d] for d in document_of])
    place = 3 ** np.arange(coders, dtype=np.int64)
    blank = seen @ place
    cell, at = np.unique(code_of * max(units, 1) + unit_of, return_inverse=True)
    added = np.zeros(len(cell), dtype=np.int64)
    np.add.at(added, at, place[coder_of])
    cell_code, cell_unit = cell // max(units, 1), cell % max(units, 1)
    numbers, which = np.unique(
        np.concatenate([blank, blank[cell_unit] + added]), return_inverse=True
    )
    blank_at, touched_at = which[:units], which[units:]
    shape = (len(documents), len(numbers))
    empty = np.zeros(shape)
    np.add.at(empty, (document_of, blank_at), many)
    table = np.repeat(empty[None], codes, axis=0)
    where = document_of[cell_unit]
    np.add.at(table, (cell_code, where, touched_at), many[cell_unit])
    np.subtract.at(table, (cell_code, where, blank_at[cell_unit]), many[cell_unit])
    return PatternCounts(
        table, _decoded(numbers, coders, 3), documents=tuple(documents), categories=(0, 1)
    )


def _numbered(
    documents: Sequence[object] | None, units: int
) -> tuple[tuple[object, ...], NDArray[np.int64]]:
    if documents is None:
        return ("",), np.zeros(units, dtype=np.int64)
    if len(documents) != units:
        raise UsageProblem(f"{units} units, but {len(documents)} documents were named for them.")
    position = {document: at for at, document in enumerate(dict.fromkeys(documents))}
    which = np.fromiter(map(position.__getitem__, documents), dtype=np.int64, count=units)
    return tuple(position) or ("",), which


def _whole_numbers(values: ArrayLike) -> NDArray[Any]:
    """The ratings as whole numbers of the width they came in: small ones are read faster."""
    given = np.asarray(values)
    if given.dtype.kind == "b":
        return given.view(np.int8)
    return given if given.dtype.kind in "iu" else given.astype(np.int64)


def _tabulate(
    ratings: NDArray[Any], document_of: Integers, documents: int, values: int
) -> tuple[Floats, Integers]:
    """Counts ``(codes, documents, patterns)`` and the patterns that occur, in a fixed order."""
    codes, units, coders = ratings.shape
    base = values + 1
    possible = base**coders
    if not codes:
        return np.zeros((0, documents, 0)), np.zeros((0, coders), dtype=np.int64)
    if possible > 2**62:
        rows, flat = np.unique(
            ratings.reshape(-1, coders).astype(np.int64), axis=0, return_inverse=True
        )
        numbers = iter(flat.reshape(codes, units))
        return _counted(numbers, document_of, codes, documents, len(rows)), rows
    if possible > DIRECT:
        every = np.stack([_pattern_numbers(one, base) for one in ratings])
        occurring, flat = np.unique(every, return_inverse=True)
        numbers, possible = iter(flat.reshape(codes, units)), len(occurring)
    else:
        numbers = (_pattern_numbers(one, base) for one in ratings)
        occurring = np.arange(possible)
    table = _counted(numbers, document_of, codes, documents, possible)
    used = table.any(axis=(0, 1))
    return table[:, :, used], _decoded(occurring[used], coders, base)


def _pattern_numbers(ratings: NDArray[Any], base: int) -> NDArray[Any]:
    """The pattern of each unit of one code as a number: the places of ``base`` are the coders."""
    coders = ratings.shape[1]
    # The narrowest type that holds them all: four times as many go through the processor at once.
    narrow = next(t for t in (np.int16, np.int32, np.int64) if base**coders <= np.iinfo(t).max)
    number: NDArray[Any] = np.zeros(len(ratings), dtype=narrow)
    for coder in reversed(range(coders)):
        number *= narrow(base)
        number += ratings[:, coder].astype(narrow, copy=False)
    number += narrow(sum(base**coder for coder in range(coders)))  # missing is -1, its digit 0
    return number


def _counted(
    numbers: Iterable[NDArray[Any]],
    document_of: Integers,
    codes: int,
    documents: int,
    patterns: int,
) -> Floats:
    table = np.zeros((codes, documents, patterns))
    row = document_of * patterns if documents > 1 else None
    for code, number in enumerate(numbers):
        cell = number if row is None else row + number
        counts = np.bincount(cell, minlength=documents * patterns)
        table[code] = counts.reshape(documents, patterns)
    return table


def _decoded(numbers: Integers, coders: int, base: int) -> Integers:
    """The values behind pattern numbers: ``(patterns, coders)``, -1 missing."""
    places = base ** np.arange(coders, dtype=np.int64)
    decoded: Integers = numbers[:, None] // places % base - 1
    return decoded
