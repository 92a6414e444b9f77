"""The agreement screen: how far coders agree on each code of a round, and what is to decide.

It computes nothing: figures come from ``reports.agreement``, without the second implementation,
which ``qualcode agreement`` runs. In an open blind round the screen cannot be opened.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import DataTable

from qualcode.model import Cell, Round, Table
from qualcode.project import Project
from qualcode.reports.agreement import WORDS, agreement
from qualcode.reports.disagreements import of_round
from qualcode.tui.adjudication import AdjudicationScreen
from qualcode.tui.keys import key
from qualcode.tui.list_screen import ListScreen
from qualcode.tui.literal import cell, clipped, literal
from qualcode.tui.rounds import comparable_rounds
from qualcode.tui.widgets.paper import Line, Paper
from qualcode.tui.widgets.plain_table import PlainTable

ALL = "*"
WIDE = 104
"""Cells from which on there is room for three more coefficients."""

_LEAST_NAME, _MOST_NAME = 16, 36


@dataclass(frozen=True, slots=True)
class CodeFigures:
    """The figures of one code; of all codes where it has no id."""

    code_id: str | None
    name: str
    units: int
    positives: int | None
    """Units that some coder gave the code."""

    prevalence: float | None
    values: dict[str, float | None]
    """Statistic → figure."""

    low: float | None
    high: float | None
    reason: str
    """Why alpha or its interval does not exist, in words; empty where both do."""

    disagreements: int
    decided: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What is shown of a round."""

    round: Round
    name: str
    """Of the round, as it is shown."""

    rounds: Sequence[str]
    """Ids of the rounds that may be shown, in order."""

    rows: Sequence[CodeFigures]
    notes: Sequence[str]


def figures_of(project: Project, round_id: str | None) -> Figures | None:
    """Read the figures of a round, the last one where None is named; None if none may be seen.

    Raises:
        StillBlind: The round is blind and open.
    """
    rounds = comparable_rounds(project.rounds.list())
    if not rounds:
        return None
    round_ = next((r for r in rounds if r.id == round_id), rounds[-1])
    table = agreement(project, rounds=[round_.name], check=False, by=["code", "round"])
    codes = {code.code: code for code in project.codebook.codes(removed=True)}
    if round_.codebook_version is not None:
        codes |= {c.code: c for c in project.codebook.version(round_.codebook_version).codes}
    found = [(one.code.code, one.decided) for one in of_round(project, round_, drifts=False)]
    words = project.layer.words
    rows = []
    for name, each in _by_code(table).items():
        alpha = each["krippendorff_alpha"]
        reason = alpha["reason"] or alpha["ci_reason"]
        here = [done for code, done in found if name in (ALL, code)]
        rows.append(
            CodeFigures(
                None if name == ALL else codes[name].id,
                "all codes" if name == ALL else words(codes[name].title),
                int(str(alpha["n_units"])),
                _whole(alpha["n_any"]),
                _real(alpha["prevalence"]),
                {statistic: _real(row["value"]) for statistic, row in each.items()},
                _real(alpha["ci_low"]),
                _real(alpha["ci_high"]),
                WORDS.get(str(reason), str(reason)) if reason is not None else "",
                len(here),
                sum(here),
            )
        )
    ids = [one.id for one in rounds]
    return Figures(round_, words(round_.name), ids, rows, [words(note) for note in table.notes])


def _by_code(table: Table) -> dict[str, dict[str, dict[str, Cell]]]:
    found: dict[str, dict[str, dict[str, Cell]]] = {}
    for row in table:
        if row["scope"] in ("code", "overall"):
            found.setdefault(str(row["code"]), {})[str(row["statistic"])] = row
    return found


def _real(value: Cell) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _whole(value: Cell) -> int | None:
    return int(value) if isinstance(value, int | float) else None


UNFINISHED = """\
No document was finished by two coders in this round, so there is nothing to compare yet.
F on the coding screen declares a document finished; qualcode round assign says who codes what."""


class FigureTable(PlainTable, inherit_bindings=False):
    """The codes with their figures."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("agreement.adjudicate", "enter", "select_cursor", "adjudicate",
            "Decide about the disagreements on this code", show=True),
        key("move.down", "down,j", "cursor_down", "Down", "Next code"),
        key("move.up", "up,k", "cursor_up", "Up", "Previous code"),
        key("move.page_down", "pagedown,space", "page_down", "Page down", "One page down"),
        key("move.page_up", "pageup", "page_up", "Page up", "One page up"),
        key("move.top", "home,g", "scroll_top", "First", "First code"),
        key("move.bottom", "end,G", "scroll_bottom", "Last", "Last code"),
    ]  # fmt: skip


class AgreementScreen(ListScreen):
    """Agreement per code, of one round at a time."""

    AUTO_FOCUS = "FigureTable"
    FOOTER = ("agreement.adjudicate", "screen.adjudicate", "agreement.round", "app.back",
              "help.show", "app.palette")  # fmt: skip
    BINDINGS: ClassVar[list[BindingType]] = [
        key("agreement.round", "tab,r", "round(1)", "round", "Next round", show=True),
        key("agreement.round_back", "shift+tab", "round(-1)", "Round before", "Previous round"),
        key("screen.adjudicate", "A", "adjudicate", "all codes",
            "Decide where coders disagree, all codes of the round", show=True),
        key("app.back", "q,escape", "back", "back", "Back", show=True),
    ]  # fmt: skip

    def __init__(self) -> None:
        super().__init__()
        self._found: Figures | None = None
        self._waits = True

    def compose(self) -> ComposeResult:
        yield Line(literal("Agreement: counting …"), id="header")
        with Vertical(id="figures"):
            yield FigureTable(cursor_type="row", cell_padding=0, id="codes")
            yield Paper(id="nothing")
        yield Line(id="status")
        yield Line(id="keys")

    @property
    def table(self) -> FigureTable:
        """The list of codes."""
        return self.query_one(FigureTable)

    def on_screen_resume(self) -> None:
        """Count anew: something may have been decided, or the round closed, meanwhile."""
        self._read(self._found.round.id if self._found is not None else None)

    def on_resize(self) -> None:
        """Fit the columns."""
        if self._found is not None:
            self._show(self._found)

    def _read(self, round_id: str | None) -> None:
        self._waits = True
        self.qualcode.read(
            lambda project: figures_of(project, round_id), self._opened, refused=self._leave
        )

    def _leave(self) -> None:
        self._waits = False
        if not self.left:
            self.app.pop_screen()

    def _opened(self, found: Figures | None) -> None:
        self._waits = False
        if self.left:
            return
        if found is None:
            self.qualcode.refuse("No round may be compared: they are blind and open.")
            self._leave()
            return
        self._found = found
        self._show(found)

    def _show(self, found: Figures) -> None:
        table, row = self.table, self.table.cursor_row
        table.clear(columns=True)
        wide = self.size.width >= WIDE
        names = [cell_len(one.name) for one in found.rows]
        columns = _columns(wide=wide)
        left = self.size.width - sum(width for _, width in columns) - 2  # a gap, the scrollbar
        room = max(min(max(names, default=0), _MOST_NAME, left), _LEAST_NAME)
        table.add_column(cell("code", "bold"), width=room + 1)
        for head, width in columns:
            table.add_column(cell(head.rjust(width - 1), "bold"), width=width)
        for one in found.rows:
            table.add_row(
                cell(clipped(one.name, room), "" if one.code_id else "bold"),
                *(cell(words) for words in _cells(one, wide=wide)),
            )
        table.move_cursor(row=min(row, len(found.rows) - 1))
        if self.focused is None:
            table.focus()
        empty = not any(one.units for one in found.rows)
        nothing = self.query_one("#nothing", Paper)
        nothing.display = empty
        nothing.show(literal(UNFINISHED if empty else ""))
        at = found.rounds.index(found.round.id) + 1
        several = f"round {at} of {len(found.rounds)}" if len(found.rounds) > 1 else ""
        self.say_header(f"Agreement, {found.name}", *filter(None, [several, found.round.state]))
        self.note(found.notes[0] if found.notes else "")
        self.say_keys()

    @on(DataTable.RowSelected)
    def _open(self, event: DataTable.RowSelected) -> None:
        """Open the disagreements about the code."""
        if self._found is not None and event.cursor_row in range(len(self._found.rows)):
            self._adjudicate(self._found.rows[event.cursor_row])

    def action_adjudicate(self) -> None:
        """Open all disagreements of the round."""
        if self._found is not None and self._found.rows:
            self._adjudicate(self._found.rows[-1])

    def _adjudicate(self, row: CodeFigures) -> None:
        assert self._found is not None
        if not row.disagreements:
            self.note(f"Nobody disagrees about {row.name}.")
        else:
            self.app.push_screen(AdjudicationScreen(self._found.round.id, row.code_id))

    def action_round(self, step: int) -> None:
        """Show the next, or previous, round."""
        if self._found is not None:
            rounds = self._found.rounds
            at = rounds.index(self._found.round.id)
            self._read(rounds[(at + step) % len(rounds)])


def _columns(*, wide: bool) -> list[tuple[str, int]]:
    """Headings and widths, the gap after each column included."""
    more = [("pos.", 7), ("kappa", 7), ("AC1", 7)] if wide else []
    return [("units", 6), ("any", 5), ("prev.", 6), ("agree", 6), *more, ("alpha", 7),
            ("limits", 16), ("decided", 9)]  # fmt: skip


def _cells(one: CodeFigures, *, wide: bool) -> list[str]:
    values = one.values
    kappa = next((v for name, v in values.items() if name in ("cohen_kappa", "conger_kappa")), None)
    more = [figure(values.get("positive_agreement")), figure(kappa), figure(values.get("gwet_ac1"))]
    if one.low is not None and one.high is not None:
        limits = f"[{figure(one.low)}, {figure(one.high)}]"
    else:
        limits = one.reason
    decided = f"{one.decided} of {one.disagreements}" if one.disagreements else "–"
    found = [
        str(one.units),
        "–" if one.positives is None else str(one.positives),
        figure(one.prevalence),
        figure(values.get("percent_agreement")),
        *(more if wide else []),
        figure(values["krippendorff_alpha"]),
        limits,
        decided,
    ]
    return [
        words.rjust(width - 1) for words, (_, width) in zip(found, _columns(wide=wide), strict=True)
    ]


def figure(value: float | None) -> str:
    """Three decimals without a leading zero, as papers print coefficients; a dash for none."""
    if value is None:
        return "–"
    text = f"{round(value, 3) + 0.0:.3f}"  # + 0.0: no "-0.000"
    return text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text
