"""The joint display in print: what was measured in a group stands once beside each theme."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from qualcode.exporters.report import Figures
from qualcode.model import Table
from qualcode.reports.word_themes import (
    DASH,
    Row,
    ThemeColumn,
    exemplar_of,
    figure,
    of,
    theme_part,
    whole,
    words,
)

Measure: TypeAlias = tuple[Any, ...]
"""What was measured, and in which unit; the period too where one group has several."""

ABREAST = 6
"""Measures that have room as columns."""


def joint_part(table: Table, *, fitted: bool) -> Figures:
    """Codes of the first level beside what was measured in the same groups, across the page.

    Each measure is a column; where there are too many, or people said how each fits, it is a row.

    Args:
        table: Of ``reports.joint``, the rows to print.
        fitted: Whether ``fit`` and ``interpretation`` are printed.
    """
    columns = [
        ThemeColumn("Code", 22, words("path"), number=False, once=True),
        ThemeColumn("Group", 11, words("value"), number=False, once=True),
        ThemeColumn("Participants", 16, of("participants", "n_participants"), once=True),
        ThemeColumn("Fac.", 7, whole("facilitator"), once=True),
        ThemeColumn("Bar.", 7, whole("barrier"), once=True),
        ThemeColumn("Mixed", 9, whole("mixed"), once=True),
        ThemeColumn("Balance", 10, figure("balance"), once=True),
        ThemeColumn("Exemplar", 17, exemplar_of, number=False, once=True),
    ]
    note = (
        "Codes below others are counted within them. Participants: n / N in the group. Fac., Bar., "
        "Mixed: codings marked facilitator, barrier or both. Balance: (Fac. − Bar.) / (Fac. + Bar. "
        "+ Mixed), from −1 to 1. Exemplar: document and turns of the quote that stands for the "
        "group."
    )
    measured = _Measured(table)
    if fitted or len(measured.measures) > ABREAST:
        columns += [
            ThemeColumn("Measure", 23, _measure, number=False),
            ThemeColumn("Amount", 9, _amount),
            ThemeColumn("Unit", 13, words("unit"), number=False),
        ]
    else:
        columns += [
            ThemeColumn(", ".join(str(part) for part in one if part), 14, measured.amount(one))
            for one in measured.measures
        ]
        note = " ".join([note, *measured.periods()])
        table = measured.a_row_per_group(table)
    if fitted:
        columns.append(ThemeColumn("Fit", 11, words("fit"), number=False))
        columns.append(ThemeColumn("Interpretation", 30, words("interpretation"), number=False))
    return theme_part(
        table, "Themes Beside Outcomes", columns,
        heading="Joint display", key="joint", note=note, across=True,
    )  # fmt: skip


class _Measured:
    """What was measured in which group: the same beside every code."""

    def __init__(self, table: Table) -> None:
        rows = list(table)
        code = rows[0]["code"] if rows else None
        rows = [row for row in rows if row["code"] == code]
        alike = Counter((_group(row), row["measure"], row["unit"]) for row in rows)
        self._dated = any(n > 1 for n in alike.values())
        self._rows = {(_group(row), self._of(row)): row for row in rows}
        self.measures = list(dict.fromkeys(map(self._of, rows)))
        self._first = {_group(row): self._of(row) for row in reversed(rows)}

    def _of(self, row: Row) -> Measure:
        named = (row["measure"], row["unit"])
        return (*named, row["period"]) if self._dated else named

    def a_row_per_group(self, table: Table) -> Table:
        """Of each code and group the first row."""
        kept = [
            row
            for row, of_row in zip(table.rows, table, strict=True)
            if self._first[_group(of_row)] == self._of(of_row)
        ]
        return Table(table.name, table.columns, kept, table.notes, table.provenance)

    def amount(self, measure: Measure) -> Callable[[Row], str]:
        """What was measured in the group of a row."""

        def said(row: Row) -> str:
            found = self._rows.get((_group(row), measure))
            return DASH if found is None else _amount(found)

        return said

    def periods(self) -> Iterator[str]:
        """Sentences that say when each was measured, where the columns do not."""
        if self._dated:
            return
        for measure in self.measures:
            found = {
                str(group[1]): str(row["period"])
                for (group, one), row in self._rows.items()
                if one == measure and row["period"]
            }
            if len(set(found.values())) == 1:
                yield f"{measure[0]}: {next(iter(found.values()))}."
            elif found:
                when = ", ".join(f"{group} {period}" for group, period in found.items())
                yield f"{measure[0]}: {when}."


def _group(row: Row) -> tuple[Any, Any]:
    return row["attribute"], row["value"]


def _measure(row: Row) -> str:
    return f"{row['measure']}, {row['period']}" if row["period"] else str(row["measure"])


def _amount(row: Row) -> str:
    return DASH if row["amount"] is None else f"{row['amount']:,}"
