"""After which document further ones brought hardly any new code."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from qualcode.errors import UsageProblem
from qualcode.model import Cell, Document, Table
from qualcode.reports.corpus import Corpus, corpus
from qualcode.reports.disclosed import disclosed
from qualcode.text.plurals import counted
from qualcode.themes.frequencies import ALL, Group, ReadDocument, places
from qualcode.themes.saturation import (
    BAND,
    BASE,
    NO_CODES,
    NOT_REACHED,
    ORDERS,
    RUN,
    THRESHOLD,
    TOO_FEW,
    Band,
    Saturation,
    band,
)  # fmt: skip
from qualcode.themes.saturation import saturation as rule

if TYPE_CHECKING:
    from qualcode.project import Project

COLUMNS = [
    "group", "n", "document", "collected_on", "new_codes", "codes", "codes_low", "codes_high",
    "run_ratio", "base_codes", "reached", "saturation", "reached_low", "reached_high",
    "orders_reached", "reason", "source",
]  # fmt: skip
MOST_ORDERS = 100_000
"""More would hold the terminal for minutes and change no figure that is printed."""

DATED = "collected_on"
"""The attribute of a document that is its date where it has none of its own."""


def saturation(
    project: Project,
    *,
    source: str = "reading",
    include_moderator: bool = False,
    include_unfinished: bool = False,
    group: str | None = None,
    base: int = BASE,
    run: int = RUN,
    threshold: float = THRESHOLD,
    orders: int = ORDERS,
    seed: int = 1,
) -> Table:
    """Follow how many codes each further document added (code saturation).

    Documents come in the order of their collection dates where every one has a date, else in the
    order of import; a note says which. A code counts where it was applied itself: a parent does
    not come with its child.

    Args:
        source, include_moderator, include_unfinished: As for ``reports.frequency``.
        group: Attribute of participants or documents; each of its values is also looked at alone,
            over the documents that hold it and what was said there by whom it holds for.
        base, run, threshold: See ``themes.saturation.saturation``.
        orders, seed: Of the band: how many shuffled orders, and what draws them.

    Returns:
        Columns ``COLUMNS``, a row per group (``*`` first) and document. ``run_ratio`` is of the run
        that begins with the document, None within the base and at the end. From ``base_codes`` on
        the columns say the same in every row of a group; ``reason`` says why ``reached`` is None.

    Raises:
        UnknownName: No such source, coder or attribute.
        UsageProblem: A base, run or number of orders below 1, more orders than ``MOST_ORDERS``, a
            threshold that is negative or no number.
        QualcodeError: No document is finished in this source.
    """
    if min(base, run, orders) < 1 or not 0 <= threshold < math.inf:
        raise UsageProblem("Base, run and orders are 1 or more, and the threshold is 0 or more.")
    if orders > MOST_ORDERS:
        raise UsageProblem(f"At most {MOST_ORDERS:,} orders, not {orders:,}; 1,000 are enough.")
    read = corpus(
        project,
        source=source,
        by=() if group is None else (group,),
        own=True,
        include_moderator=include_moderator,
        include_unfinished=include_unfinished,
    )
    dates, said = _dates(project, [one.document for one in read.read])
    order = sorted(range(len(read.documents)), key=lambda at: (dates[at] or "", at))
    rows: list[tuple[Cell, ...]] = []
    for one in (ALL, *read.groups):
        here = [
            _Here(read.documents[at], dates[at], codes)
            for at in order
            if (codes := _codes(read.documents[at], read.members, one)) is not None
        ]
        sets = [document.codes for document in here]
        found = rule(sets, base=base, run=run, threshold=threshold)
        spread = None
        if not found.reason or found.reason == NOT_REACHED:
            spread = band(sets, base=base, run=run, threshold=threshold, orders=orders, seed=seed)
        rows += _rows(one, here, found, spread, base, source)
    notes = [*_notes(read, said, base, run, threshold), _band_note(orders, seed)]
    provenance = {
        "source": source, "group": group, "base": base, "run": run, "threshold": threshold,
        "orders": orders, "seed": seed, "band": BAND, "data": project.digest(),
    }  # fmt: skip
    return disclosed(project, Table("saturation", COLUMNS, rows, notes, provenance))


@dataclass(frozen=True, slots=True)
class _Here:
    """A document of a group, with the codes that stand in what counts of it."""

    document: ReadDocument
    collected_on: str | None
    codes: set[str]


def _codes(
    document: ReadDocument, members: Mapping[str, Sequence[str]], group: Group
) -> set[str] | None:
    """The codes of a document in a group; None where nothing in it belongs to the group."""
    inside = {at for at, s in enumerate(document.stretches) if group == ALL or group in s.groups}
    if not inside:
        return None
    return {
        code
        for code, codings in places(document, members).items()
        if any(inside.intersection(one) for one in codings)
    }


def _dates(project: Project, documents: Sequence[Document]) -> tuple[list[str | None], str]:
    """The date of each document, if all have one, and a sentence on their order."""
    attributes = project.documents.attributes()
    dates = [_iso(d.collected_on) or _iso(attributes.get(d.id, {}).get(DATED)) for d in documents]
    without = [d.name for d, on in zip(documents, dates, strict=True) if on is None]
    if not without:
        return list(dates), "Documents stand in the order of their collection dates."
    few = ", ".join(without[:12]) + (f" and {len(without) - 12} more" if len(without) > 12 else "")
    return [None] * len(documents), (
        f"Documents stand in the order of import, for no collection date is known of: {few}."
    )


def _iso(text: str | None) -> str | None:
    try:
        return None if not text else date.fromisoformat(text).isoformat()
    except ValueError:
        return None


def _rows(
    group: Group,
    here: Sequence[_Here],
    found: Saturation,
    spread: Band | None,
    base: int,
    source: str,
) -> Iterator[tuple[Cell, ...]]:
    whole: tuple[Cell, ...] = (
        found.base_codes, found.reached, str(found) or None,
        *((None,) * 3 if spread is None else (
            spread.reached_low, spread.reached_high, spread.share
        )),
        found.reason, source,
    )  # fmt: skip
    for at, one in enumerate(here):
        run = at - base
        yield (
            str(group), at + 1, one.document.name, one.collected_on, found.new[at],
            found.codes[at], None if spread is None else spread.low[at],
            None if spread is None else spread.high[at],
            found.ratios[run] if 0 <= run < len(found.ratios) else None, *whole,
        )  # fmt: skip


def _notes(read: Corpus, order: str, base: int, run: int, threshold: float) -> Iterator[str]:
    yield from read.notes()
    yield order
    yield (
        f"Guest, Namey & Chen (2020): base of {base} documents, runs of {run}, reached before the "
        f'first run whose new codes are at most {threshold:g} of the base\'s. "n+{run}": after '
        f"n documents, and {run} more to know it. A code counts where it was applied itself."
    )
    yield (
        "This is code saturation: no new codes. It does not say that the codes are understood "
        "(meaning saturation), nor that another site or group would bring none."
    )


def _band_note(orders: int, seed: int) -> str:
    return (
        f"low and high: the central {BAND:.0%} of {orders:,} shuffled orders of the documents "
        f"(seed {seed}); orders_reached is the share of them that reach it at all."
    ).replace("%", " %")


WHY = {
    TOO_FEW: "too few documents for a base and one run",
    NO_CODES: "no code in the documents of the base",
    NOT_REACHED: "not reached: codes still came",
}
"""Reason → what a person reads."""


def told(table: Table) -> Iterator[str]:
    """A sentence per group: where saturation was reached, or why not."""
    seen: set[Cell] = set()
    for row in table:
        if row["group"] in seen:
            continue
        seen.add(row["group"])
        who = "All documents" if row["group"] == ALL else str(row["group"])
        if row["saturation"] is None:
            yield f"{who}: {WHY[str(row['reason'])]}."
            continue
        ends = [row["reached_low"], row["reached_high"]]
        low, high = ("never" if one is None else counted(int(one), "document") for one in ends)
        yield f"{who}: {row['saturation']}; in other orders {low} to {high}."
