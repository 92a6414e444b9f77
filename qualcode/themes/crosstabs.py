"""Codes against groups: what stands in a cell, what it is a part of, and how two groups compare.

Reads what ``frequencies`` counted and counts nothing itself, so that a cell and the frequency of
the same code in the same group cannot differ. Knows no distribution: whoever asks for an interval
brings the quantile along.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from qualcode.model import CrosstabCell, Percent
from qualcode.themes.frequencies import ALL, Counts, Frequency, Group

ENOUGH_DOCUMENTS = 5
ENOUGH_ON_A_SIDE = 2
LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class CrossCell:
    """One code, or a base, in one group."""

    code: str | None
    """None for a base."""

    group: Group
    cell: CrosstabCell
    value: float | None
    base: float | None = None
    """What the value is a part of: see ``crosstab``; None where it is of nothing."""

    percent: float | None = None
    """100 value / base, if percentages were asked for."""

    reason: str | None = None
    """Why ``value`` or ``percent`` does not exist: ``no_words`` or ``empty_base``."""


@dataclass(frozen=True, slots=True)
class RateRatio:
    """The rate of a code in one group over its rate in another."""

    value: float | None
    """None if a group has no coding of the code (``zero_cell``) or no document with words."""

    low: float | None
    high: float | None
    documents: int
    """Those with words of either group."""

    reason: str | None
    """Why the interval, or the ratio too, does not exist: ``few_documents`` or ``zero_cell``."""


@dataclass(frozen=True, slots=True)
class Share:
    """What one document adds to the rates of two groups, a and b."""

    codings_a: int
    words_a: int
    codings_b: int
    words_b: int


def bases(rows: Sequence[Frequency]) -> Iterator[CrossCell]:
    """How many documents, participants and words each group holds, in the order of the groups."""
    of = {row.group: row.base for row in rows}
    for group, base in of.items():
        yield CrossCell(None, group, "documents", len(base.documents))
    for group, base in of.items():
        yield CrossCell(None, group, "participants", len(base.participants))
    for group, base in of.items():
        yield CrossCell(None, group, "words", base.words)


def crosstab(
    rows: Sequence[Frequency],
    cell: CrosstabCell,
    percent: Percent = "none",
    all_codings: Mapping[Group, int] | None = None,
) -> Iterator[CrossCell]:
    """Give each code's cell in each group, in the order of the rows.

    The base of a cell is, with ``percent="row"``, the same code's figure in ``*``. Otherwise it is
    what the group holds of the same kind: its documents, participants or words; its words for a
    rate; for codings all codings of the group, if ``all_codings`` says how many these are. A
    participant or document of two groups counts in both, so a row may add up to more than 100.

    Args:
        rows: What ``frequencies`` gave.
        all_codings: Group → codings in it, each code by itself; None if nobody asks.
    """
    whole = {row.code: row for row in rows if row.group == ALL}
    for row in rows:
        value = _value(row, cell)
        if percent == "row":
            base = _value(whole[row.code], cell)
        else:
            base = _of_group(row, cell, all_codings)
        if value is None:
            yield CrossCell(row.code, row.group, cell, None, base, None, "no_words")
        elif percent == "none":
            yield CrossCell(row.code, row.group, cell, value, base)
        elif not base:
            yield CrossCell(row.code, row.group, cell, value, base, None, "empty_base")
        else:
            yield CrossCell(row.code, row.group, cell, value, base, 100 * value / base)


def _value(row: Frequency, cell: CrosstabCell) -> float | None:
    if cell == "documents":
        return len(row.documents)
    if cell == "participants":
        return len(row.participants)
    if cell == "words":
        return row.words
    return row.codings if cell == "codings" else row.per_1000_words


def _of_group(
    row: Frequency, cell: CrosstabCell, all_codings: Mapping[Group, int] | None
) -> float | None:
    if cell == "documents":
        return len(row.base.documents)
    if cell == "participants":
        return len(row.base.participants)
    if cell == "codings":
        return None if all_codings is None else all_codings[row.group]
    return row.base.words


def shares(each: Sequence[Counts], a: Group, b: Group) -> dict[str, list[Share]]:
    """Code → what every document adds to the rates of two groups.

    Args:
        each: What ``frequencies`` gave for every document by itself, the codes and groups alike.
    """
    found: dict[str, list[Share]] = {}
    for counts in each:
        of = {(row.code, row.group): row for row in counts.rows}
        for code in dict.fromkeys(row.code for row in counts.rows):
            one, other = of[code, a], of[code, b]
            share = Share(one.codings, one.base.words, other.codings, other.base.words)
            found.setdefault(code, []).append(share)
    return found


def rate_ratio(
    documents: Sequence[Share], quantile: Callable[[float, float], float], level: float = LEVEL
) -> RateRatio:
    """Compare the codings per word of two groups, a over b.

    The interval is drawn on the logarithm by leaving out one document at a time: with n documents
    and the log ratios L_i without document i, var = (n - 1)/n sum (L_i - mean L)², limits
    exp(L ± t se), t with n - 1 degrees of freedom. Documents are the sample because what is said in
    one of them hangs together. Swapping the groups gives the reciprocals.

    Args:
        documents: What each document adds; those with words of neither group are passed over.
        quantile: (share, degrees of freedom) → that quantile of Student's t.
        level: Confidence.

    Returns:
        Without an interval below ``ENOUGH_DOCUMENTS`` documents or ``ENOUGH_ON_A_SIDE`` with words
        of a group (``few_documents``), and where all codings of a group are in one document
        (``zero_cell``: without it the logarithm does not exist).

    Source:
        Efron, B. (1982). The Jackknife, the Bootstrap and Other Resampling Plans, ch. 3. SIAM.
    """
    counted = [one for one in documents if one.words_a or one.words_b]
    n = len(counted)
    total = Share(*map(sum, zip(*map(_figures, counted), strict=True))) if n else Share(0, 0, 0, 0)
    if not total.words_a or not total.words_b:
        return RateRatio(None, None, None, n, "few_documents")
    whole = _log_ratio(total)
    if whole is None:
        return RateRatio(None, None, None, n, "zero_cell")
    value = (total.codings_a / total.words_a) / (total.codings_b / total.words_b)
    sides = sum(one.words_a > 0 for one in counted), sum(one.words_b > 0 for one in counted)
    if n < ENOUGH_DOCUMENTS or min(sides) < ENOUGH_ON_A_SIDE:
        return RateRatio(value, None, None, n, "few_documents")
    without = [_log_ratio(_less(total, one)) for one in counted]
    logs = [log for log in without if log is not None]
    if len(logs) < n:
        return RateRatio(value, None, None, n, "zero_cell")
    mean = math.fsum(logs) / n
    se = math.sqrt((n - 1) / n * math.fsum((log - mean) ** 2 for log in logs))
    reach = quantile((1 + level) / 2, n - 1) * se
    return RateRatio(value, math.exp(whole - reach), math.exp(whole + reach), n, None)


def _figures(one: Share) -> tuple[int, int, int, int]:
    return one.codings_a, one.words_a, one.codings_b, one.words_b


def _less(total: Share, one: Share) -> Share:
    return Share(*(a - b for a, b in zip(_figures(total), _figures(one), strict=True)))


def _log_ratio(one: Share) -> float | None:
    """The log of the ratio of the rates; None where one of them is 0."""
    if not one.codings_a or not one.codings_b:
        return None
    return (
        math.log(one.codings_a) - math.log(one.words_a)
        - math.log(one.codings_b) + math.log(one.words_b)
    )  # fmt: skip
