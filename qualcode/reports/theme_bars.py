"""A frequency table as bars: what stands beside each, how long it is, what a reader is warned of.

The command and the screen draw these; neither words nor figures are made anywhere else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from qualcode.model import Cell, Code, Table
from qualcode.reports.codebook import paths
from qualcode.text.plurals import counted

MEASURES = ("participants", "documents", "codings", "words")
"""What bars can be of."""

COMPARED = ("codings", "words")
"""Those whose longest bar is the largest figure there is, not all that there could be."""

FLAGS = {
    "one_speaker": "one speaker",
    "one_document": "one document",
    "few_words": "few words",
}
"""What a reader must know before calling something a theme of the whole study, in words."""

ALL = "*"


@dataclass(frozen=True, slots=True)
class Bar:
    """One code in one group."""

    code: str
    group: str
    """``*`` for everything."""

    level: int
    """How deep the code lies; 1 at the top."""

    name: str
    """Of the code, or of the group where it is one."""

    count: str
    """``12 of 31``, ``48``; ``–`` where there is nothing to count in."""

    unit: str
    """What is counted: ``participants`` …; ``documents`` also where nobody is a participant."""

    more: str
    """The figures that go with it: ``48 codings``, ``3.2 per 1,000 words``, ``2.7%``."""

    fraction: float | None
    """Of a full bar; None where there is nothing to count in."""

    flags: tuple[str, ...] = ()
    """In words."""

    @property
    def is_group(self) -> bool:
        """Whether it stands under the bar of its code."""
        return self.group != ALL

    def figures(self) -> str:
        """``12 of 31 participants · 48 codings``."""
        if self.fraction is None:
            return self.count
        unit = "coding" if self.unit == "codings" and self.count == "1" else self.unit
        return f"{self.count} {unit} · {self.more}"


def theme_bars(table: Table, measure: str = "participants") -> list[Bar]:
    """The rows of a frequency table as bars, in its order.

    Args:
        table: What ``reports.themes.frequency`` gave; small counts may be taken out.
        measure: One of ``MEASURES``. Participants and documents are parts of all there are; of
            codings and words the longest bar is the largest figure in the table, for words the
            largest share of what was said.
    """
    rows = table.records()
    most = {
        "codings": max((_number(row.get("codings")) or 0 for row in rows), default=0),
        "words": max((_number(row.get("share")) or 0 for row in rows), default=0),
    }
    return [_bar(row, measure, most.get(measure, 0)) for row in rows]


def uncounted(codes: Sequence[Code]) -> list[Bar]:
    """Bars of codes where no document can be read: neither 0 nor anything else."""
    way = paths(codes)
    return [Bar(c.code, ALL, len(way[c.code]), way[c.code][-1], "–", "", "", None) for c in codes]


def _bar(row: Mapping[str, Cell], measure: str, most: float) -> Bar:
    unit = measure
    if measure == "participants" and not row["n_participants"]:
        unit = "documents"
    if unit in COMPARED:
        count, more, fraction = _compared(row, unit, most)
    else:
        of = _number(row[f"n_{unit}"])
        count = f"{_counted(row[unit])} of {_counted(row[f'n_{unit}'])}"
        # A small count that was taken out draws nothing.
        fraction = (_number(row[unit]) or 0.0) / of if of else None
        more = codings(row["codings"])
    group, level = str(row["group"]), row["level"]
    return Bar(
        str(row.get("code", "")),
        group,
        level if isinstance(level, int) else 1,
        group if group != ALL else str(row["path"]).rpartition(" › ")[2],
        "–" if fraction is None else count,
        unit,
        more,
        fraction,
        tuple(FLAGS.get(flag, flag) for flag in str(row["flags"] or "").split()),
    )


def _compared(row: Mapping[str, Cell], unit: str, most: float) -> tuple[str, str, float | None]:
    """Count, second figure and length of a bar that is measured by the longest one."""
    if not row["n_words"]:
        return "–", "", None
    rate, share = _number(row["per_1000_words"]) or 0.0, _number(row["share"]) or 0.0
    if unit == "codings":
        part, more = _number(row["codings"]) or 0.0, f"{rate:.1f} per 1,000 words"
        return _counted(row["codings"]), more, part / most if most else 0.0
    count = f"{_counted(row['words'])} of {_counted(row['n_words'])}"
    return count, f"{share:.1%}", share / most if most else 0.0


def facts(row: Mapping[str, Cell]) -> Iterator[str]:
    """Everything else that is known of a code in a group, a part of a sentence each."""
    if row["n_participants"]:
        yield f"{_counted(row['participants'])} of {_counted(row['n_participants'])} participants"
    yield f"{_counted(row['documents'])} of {_counted(row['n_documents'])} documents"
    low, high = row.get("codings_min"), row.get("codings_max")
    between = f" (by coder {low} to {high})" if low != high else ""
    yield codings(row["codings"]) + between
    yield from (f"! {FLAGS.get(flag, flag)}" for flag in str(row["flags"] or "").split())
    share = _number(row["share"])
    part = f" ({share:.1%})" if share is not None else ""
    yield f"{_counted(row['words'])} of {_counted(row['n_words'])} words{part}"
    for valence in ("facilitator", "barrier", "mixed", "disconfirming"):
        if row[valence]:
            yield f"{_counted(row[valence])} {valence}"
    top = _number(row["top_share"])
    if top is not None:
        yield f"most said by {row['top_participant']}: {top:.0%} of these words"


def codings(n: Cell) -> str:
    """``1 coding``, ``48 codings``."""
    return counted(n, "coding") if isinstance(n, int) else f"{n} codings"


def _counted(value: Cell) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


def _number(value: Cell) -> float | None:
    return float(value) if isinstance(value, int | float) else None
