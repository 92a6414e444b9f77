"""The label table: who speaks under each label of a transcript. It announces what is wanted.

The same table stands over a file that is about to be imported and over a document of the project.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, TypeAlias

from rich.cells import cell_len
from textual.binding import BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import DataTable

from qualcode.model import LabelKind
from qualcode.tui.keys import key
from qualcode.tui.literal import cell, clipped, literal
from qualcode.tui.widgets.display import drawn
from qualcode.tui.widgets.paper import NOTHING
from qualcode.tui.widgets.plain_table import PlainTable

Wish: TypeAlias = Literal["rename", "who", "merge", "kind", "role", "link"]
"""What a researcher may want done about a label."""

_GAP = 2
_NARROWEST_WORDS = 16
_WIDEST = {"label": 22, "speaker": 22, "participant": 14}


@dataclass(frozen=True, slots=True)
class LabelRow:
    """A label of one transcript and what is made of it, as it is shown."""

    key: str
    """What the screen knows it by."""

    label: str

    kind: LabelKind
    speaker: str
    """Who speaks; names with ``; `` between them where voices join."""

    role: str
    participant: str | None
    turns: int
    words: str
    """The first words said under it."""

    why: str = ""
    """Where a proposal comes from; empty where it is the label itself, or decided."""


class LabelTable(PlainTable, inherit_bindings=False):
    """One row per label; the keys say what is to be done about the row at the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key(
            "label.rename", "r", "wish('rename')", "rename",
            "Rename the speaker, under all their labels", show=True,
        ),
        key(
            "label.who", "w", "wish('who')", "who", "Say who speaks under this label alone",
            show=True,
        ),
        key(
            "label.merge", "m", "wish('merge')", "merge",
            "The speaker is the same as another: choose which", show=True,
        ),
        key(
            "label.kind", "x", "wish('kind')", "not a speaker", "Not a speaker; or a speaker again",
            show=True,
        ),
        key(
            "label.role", "o", "wish('role')", "role", "Role: participant, moderator, other",
            show=True,
        ),
        key(
            "label.link", "l", "wish('link')", "link", "Say which participant the speaker is",
            show=True,
        ),
        key("move.down", "down,j", "cursor_down", "Down", "Next label"),
        key("move.up", "up,k", "cursor_up", "Up", "Previous label"),
        key("move.top", "home,g", "scroll_top", "First", "First label"),
        key("move.bottom", "end,G", "scroll_bottom", "Last", "Last label"),
    ]  # fmt: skip

    @dataclass
    class Wished(Message):
        """The researcher wants something done about a label."""

        wish: Wish
        row: LabelRow

    @dataclass
    class Reached(Message):
        """The cursor has come to a label."""

        row: LabelRow

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, cursor_type="row", cell_padding=0)
        self._rows: Sequence[LabelRow] = ()

    @property
    def row_here(self) -> LabelRow | None:
        """The label at the cursor; None in an empty table."""
        return self._rows[self.cursor_row] if self.cursor_row in range(len(self._rows)) else None

    def show(self, rows: Sequence[LabelRow], *, anew: bool = False) -> None:
        """Show these rows; the cursor stays on its label, or begins ``anew`` on the first."""
        here = None if anew else self.row_here
        at = 0 if anew else self.cursor_row
        self._rows = rows
        self._fill()
        kept = [n for n, row in enumerate(rows) if here is not None and row.key == here.key]
        self.move_cursor(row=kept[0] if kept else max(min(at, len(rows) - 1), 0))

    def on_resize(self) -> None:
        """Divide the width anew."""
        at = self.cursor_row
        self._fill()
        self.move_cursor(row=at)

    def on_data_table_row_highlighted(self, event: DataTable.RowHighlighted) -> None:
        """Tell which label the cursor has come to."""
        event.stop()
        if self.row_here is not None:
            self.post_message(self.Reached(self.row_here))

    def action_wish(self, wish: Wish) -> None:
        """Announce what is wanted for the label at the cursor."""
        if self.row_here is not None:
            self.post_message(self.Wished(wish, self.row_here))

    def _fill(self) -> None:
        widths = column_widths(self._rows, self.size.width or 80)
        self.clear(columns=True)
        for name, width in widths.items():
            self.add_column(cell(name), width=width)
        for row in self._rows:
            style = "dim" if row.kind == "not a speaker" else ""
            values = _values(row)
            at = {name: clipped(values[name], width - _GAP) for name, width in widths.items()}
            self.add_row(
                cell(at["label"], style),
                cell(at["speaker"], style),
                cell(at["role"], style),
                cell(at["participant"], style),
                cell(at["turns"], style),
                cell(at["first words"], style),
            )


def column_widths(rows: Sequence[LabelRow], width: int) -> dict[str, int]:
    """How wide each column is, gap included: as its cells need, the first words what is left."""
    found = {}
    for name in ("label", "speaker", "role", "participant", "turns"):
        cells = [cell_len(drawn(_values(row)[name])) for row in rows]
        found[name] = min(max([len(name), *cells]), _WIDEST.get(name, 99)) + _GAP
    left = width - sum(found.values())
    for name in ("label", "speaker"):
        if left < _NARROWEST_WORDS:
            given = min(_NARROWEST_WORDS - left, max(found[name] - 14, 0))
            found[name] -= given
            left += given
    return {**found, "first words": max(left, _NARROWEST_WORDS)}


def _values(row: LabelRow) -> dict[str, str]:
    speaks = row.kind != "not a speaker"
    changed = "*" if row.why else ""
    return {
        "label": row.label,
        "speaker": row.speaker + changed if speaks else "not a speaker",
        "role": row.role if speaks else "",
        "participant": row.participant or "–" if speaks else "",
        "turns": str(row.turns) if speaks else "–",
        "first words": " ".join(row.words.split()),
    }


def proposals_line(proposed: Iterable[tuple[str, str]], width: int) -> Content:
    """Name what is proposed for labels and why, and how it is taken or left; nothing if nothing.

    Args:
        proposed: Who speaks, and why.
        width: Of the screen.
    """
    found = [f"{who} ({why})" for who, why in proposed]
    if not found:
        return NOTHING
    head, tail = "* PROPOSED", "enter takes, a leaves"
    room = max(width - len(head) - len(tail) - 6, 20)
    return Content.assemble(
        literal(head, "bold"),
        "  ",
        literal(clipped("; ".join(found), room)),
        literal(f"   {tail}", "dim"),
    )


def look_alikes(pairs: Iterable[tuple[str, str]]) -> Content:
    """Name the names that look alike, side by side; nothing where there are none."""
    found = [Content.assemble(literal(a), "  ~  ", literal(b)) for a, b in pairs]
    if not found:
        return NOTHING
    return Content.assemble(
        literal("LOOK ALIKE", "bold"),
        "  ",
        Content("     ").join(found),
        literal("   m merges", "dim"),
    )
