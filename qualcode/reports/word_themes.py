"""Theme tables as the tables of the Word report: chosen columns, APA style, a note."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from qualcode.exporters.report import Column, Figures, Piece, PrintedCell, PrintedTable
from qualcode.model import Cell, Table
from qualcode.reports.suppressed import WITHHELD

DASH = "–"
Row: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ThemeColumn:
    """A column of a theme table in print."""

    label: str
    width: int
    """Relative to the other columns."""

    says: Callable[[Row], str]
    """What is printed of a row: see ``whole``, ``of``, ``percent``, ``figure``, ``words``."""

    number: bool = True
    once: bool = False
    """Left blank where the row above has the same values in every such column."""


def whole(name: str) -> Callable[[Row], str]:
    """A count, ``1,234``, or what stands for one, ``<3``; a dash where it is undefined."""
    return lambda row: DASH if row[name] is None else _counted(row[name])


def of(name: str, n: str) -> Callable[[Row], str]:
    """How many of how many, ``17 / 26``; a dash where undefined, one word where both are hidden."""

    def said(row: Row) -> str:
        if row[name] is None:
            return DASH
        return WITHHELD if row[name] == row[n] == WITHHELD else f"{row[name]} / {row[n]}"

    return said


def percent(name: str) -> Callable[[Row], str]:
    """A share as per cent, ``12.5``; a dash where it is undefined."""
    return lambda row: f"{100 * row[name]:.1f}" if isinstance(row[name], int | float) else DASH


def figure(name: str, decimals: int = 2) -> Callable[[Row], str]:
    """A figure with so many decimals; a dash where it is undefined."""

    def said(row: Row) -> str:
        value = row[name]
        return (
            f"{value:,.{decimals}f}".replace("-", "−") if isinstance(value, int | float) else DASH
        )

    return said


def words(name: str) -> Callable[[Row], str]:
    """A text as it is; a dash where there is none."""
    return lambda row: DASH if row[name] is None else str(row[name])


def last(row: Row) -> str:
    """The last step of a code's path, its own title."""
    return str(row["path"]).rpartition(" › ")[2]


def exemplar_of(row: Row) -> str:
    """Document and turns: ``A-INT2, 12``; a dash where there is none, or it may not be told."""
    if row["exemplar_document"] is None:
        return DASH
    turns = f", {row['exemplar_turns']}" if row["exemplar_turns"] else ""
    return f"{row['exemplar_document']}{turns}"


def theme_part(
    table: Table,
    title: str,
    columns: Sequence[ThemeColumn],
    *,
    heading: str = "",
    key: str = "",
    note: str = "",
    keep: Callable[[Row], bool] = lambda row: True,
    strong: Callable[[Row], bool] = lambda row: False,
    across: bool = False,
) -> Figures:
    """Print chosen columns of a theme table.

    The first column stands further right for codes below others, where the table has ``level``.
    The notes of the table follow ``note``, and what its flags say follows them.

    Args:
        title: In title case, as captions are.
        heading: Of the part; the title where it is empty.
        key: By which sentences of the report refer to the table.
        note: What the columns mean, in sentences.
        keep: Which rows are printed.
        strong: Which rows are printed in bold.
        across: On pages turned sideways.
    """
    records = [row for row in table if keep(row)]
    printed = list(_printed(records, columns, strong))
    said = [text for text in (note, *table.notes, *_flagged(records)) if text]
    pieces = [Piece("Note.", italic=True), Piece(f" {' '.join(said)}")] if said else []
    heads = [Column(column.label, column.width, column.number) for column in columns]
    made = PrintedTable(title, heads, printed, pieces, key)
    return Figures(heading or title, (), [made], across=across)


def frequency_part(table: Table) -> Figures:
    """How often each code comes up, as a table."""
    return theme_part(
        table,
        "Codings, Documents, and Participants per Code",
        [
            ThemeColumn("Code", 32, last, number=False),
            ThemeColumn("Codings", 10, whole("codings")),
            ThemeColumn("Documents", 13, of("documents", "n_documents")),
            ThemeColumn("Participants", 14, of("participants", "n_participants")),
            ThemeColumn("% words", 11, percent("share")),
            ThemeColumn("Fac.", 7, whole("facilitator")),
            ThemeColumn("Bar.", 7, whole("barrier")),
            ThemeColumn("Mixed", 8, whole("mixed")),
            ThemeColumn("Disc.", 8, whole("disconfirming")),
        ],
        heading="Theme frequency",
        key="frequency",
        note="Documents and participants: n / N with at least one coding. % words: words coded, of "
        "all words counted. Fac., Bar., Mixed: codings marked facilitator, barrier or both; Disc.: "
        "disconfirming.",
        keep=lambda row: row["group"] == "*",
    )


def _printed(
    records: Sequence[Row], columns: Sequence[ThemeColumn], strong: Callable[[Row], bool]
) -> Iterator[list[PrintedCell]]:
    above: list[str] = []
    for row in records:
        once = [column.says(row) for column in columns if column.once]
        again = bool(once) and once == above
        above = once
        yield [
            PrintedCell(
                "" if again and column.once else column.says(row),
                indent=_steps(row) if at == 0 else 0,
                bold=strong(row),
            )
            for at, column in enumerate(columns)
        ]


def _counted(value: Cell) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


def _steps(row: Row) -> int:
    level: Cell = row.get("level")
    return level - 1 if isinstance(level, int) else 0


def _flagged(records: Sequence[Row]) -> list[str]:
    """What the flags of a table say, in sentences."""
    said = []
    for flag, sentence in (
        ("one_speaker", "One speaker has more than half of the coded words of"),
        ("one_document", "In one document only"),
        ("sparse", "Fewer than 5 expected by chance, so read with care"),
    ):
        rows = [row for row in records if flag in str(row.get("flags") or "").split()]
        if rows:
            names = dict.fromkeys(_named(row) for row in rows)
            whole = len(rows) == len(records) > 1
            said.append(f"{sentence}: {'all rows' if whole else ', '.join(names)}.")
    return said


def _named(row: Row) -> str:
    if "path" in row:
        return last(row)
    return " and ".join(str(row[name]) for name in ("code", "code_a", "code_b") if row.get(name))
