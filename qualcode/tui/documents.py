"""The project screen: its documents, how far this coder is, what is finished, the rounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import DataTable

from qualcode.text.plurals import counted
from qualcode.tui.keys import key, key_name
from qualcode.tui.list_screen import short
from qualcode.tui.literal import cell, clipped, literal
from qualcode.tui.rounds import round_for
from qualcode.tui.screen import QualcodeScreen
from qualcode.tui.widgets.display import drawn
from qualcode.tui.widgets.paper import NOTHING, Line, Paper
from qualcode.tui.widgets.plain_table import PlainTable
from qualcode.tui.widgets.status_line import GAP, footer, joined

if TYPE_CHECKING:
    from qualcode.model import Coder, Round
    from qualcode.project import Project
    from qualcode.tui.reading import ReadingPlaces

COLUMNS = ("document", "kind", "turns", "round", "read", "codings", "state", "finished by")
NUMBERS = ("turns", "read", "codings")
"""Columns whose cells stand at the right."""

LEAST_COLUMN, ONE_NAME = 6, 10
LEAST_ROUNDS, LEAST_NAME = 3, 8
"""Rows that rounds are given however many documents there are; cells for the name of one."""

LEAST_HEIGHT = 20
"""Rows of a screen that is too low for rounds beside many documents."""

ELSEWHERE = ("screen.codebook", "screen.agreement", "screen.themes", "screen.search")
"""Ids of the ways to the other screens."""


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """One document as the coder sees it in the list."""

    id: str
    name: str
    kind: str
    turns: int
    """Paragraphs, where the document has no turns."""

    round: Round
    codings: int
    """This coder's, in that round."""

    finished_by: tuple[str, ...]
    """``ana (r1)`` for every declaration."""

    finished: bool
    """Whether this coder has declared it finished in that round."""


@dataclass(frozen=True, slots=True)
class Overview:
    """What the project screen shows, read in one go."""

    project_id: str
    title: str
    me: Coder
    documents: Sequence[DocumentRow]
    rounds: Sequence[tuple[Round, int, int]]
    """Each with how many of its assignments are finished, and how many there are."""


def overview(project: Project, coder: str) -> Overview:
    """Read the list of documents; of others, finished marks alone."""
    me, words = project.coders.named(coder), project.layer.words
    coverage = project.rounds.coverage().records()
    rounds = project.rounds.list()
    turns = {row["document"]: int(row["turns"] or 0) for row in project.documents.table()}
    mine = project.codings.list(coder_id=me.id, earlier=False)
    rows = []
    for document in project.documents.list():
        if document.removed:
            continue
        round_ = round_for(project, document.id, me)
        finished = [
            row
            for row in coverage
            if row["document_id"] == document.id and row["status"] == "finished"
        ]
        parts = turns.get(document.name, 0)
        rows.append(
            DocumentRow(
                document.id,
                words(document.name),
                document.kind,
                parts or len(project.documents.transcript(document.id).blocks),
                round_,
                sum(1 for c in mine if (c.document_id, c.round_id) == (document.id, round_.id)),
                tuple(f"{row['coder']} ({row['round']})" for row in finished),
                any((row["coder"], row["round"]) == (me.name, round_.name) for row in finished),
            )
        )
    marks = [(row["round"], row["status"] == "finished") for row in coverage]
    counted = [
        (r, sum(done for name, done in marks if name == r.name), sum(n == r.name for n, _ in marks))
        for r in rounds
    ]
    return Overview(project.id, words(project.title), me, rows, counted)


class DocumentTable(PlainTable, inherit_bindings=False):
    """The list of documents, with keys that help and palette know."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("document.open", "enter", "select_cursor", "open", "Open the document", show=True),
        key("move.down", "down,j", "cursor_down", "Down", "Next document"),
        key("move.up", "up,k", "cursor_up", "Up", "Previous document"),
        key("move.top", "home,g", "scroll_top", "First", "First document"),
        key("move.bottom", "end,G", "scroll_bottom", "Last", "Last document"),
    ]


class ProjectScreen(QualcodeScreen):
    """What is in the project and how far the coder is with it. Enter opens a document."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("document.import", "i", "import", "import", "Import a transcript", show=True),
        key("document.speakers", "s", "speakers", "speakers", "Speakers of the document",
            show=True),
        key("screen.redactions", "R", "redactions", "redactions",
            "What is redacted or suggested, to be decided", show=True),
        key("screen.adjudicate", "A", "app.adjudicate", "adjudicate",
            "Decide where coders disagree", show=True),
        key("history.undo", "u", "step('undo')", "undo", "Undo my latest act", show=True),
        key("history.redo", "U,ctrl+r", "step('redo')", "redo", "Redo what I undid"),
        key("work.retry", "ctrl+s", "retry", "Save again", "Try again to save what could not be"),
        key("app.back", "q", "app.quit", "quit", "Leave qualcode", show=True),
    ]  # fmt: skip

    def __init__(self) -> None:
        super().__init__()
        self._overview: Overview | None = None
        self._places: ReadingPlaces | None = None
        self.stale = True
        """Whether the list may not be what is stored: not read yet, or left meanwhile."""

    def compose(self) -> ComposeResult:
        yield Line(literal("opening …"), id="header")
        with Vertical(id="project"):
            yield DocumentTable(cursor_type="row", id="documents")
            yield Paper(id="rounds")
        yield Line(id="elsewhere")
        yield Line(id="keys")

    def on_screen_resume(self) -> None:
        """Read the project anew: something may have been coded meanwhile."""
        coder = self.qualcode.coder
        self.qualcode.look_for_rounds()
        self.qualcode.read(lambda project: overview(project, coder), self.show)

    def on_screen_suspend(self) -> None:
        """What is shown may soon be out of date."""
        self.stale = True

    def on_resize(self) -> None:
        """Fit the columns and lines."""
        if self._overview is not None and not self.stale:
            self.show(self._overview)
        self._show_keys()

    def show(self, found: Overview) -> None:
        """Show the project as it now is; the cursor stays on its document."""
        self._overview, self.stale = found, False
        self._places = self.qualcode.places(found.project_id)
        table = self.query_one(DocumentTable)
        at = table.cursor_row
        table.clear(columns=True)
        rows = [self._cells(document) for document in found.documents]
        widths = fitted([COLUMNS, *rows], self.size.width - 1 - 2 * len(COLUMNS))
        for head, width in zip(COLUMNS, widths, strict=True):
            table.add_column(cell(_placed(head, head, width)), width=width)
        for document, row in zip(found.documents, rows, strict=True):
            row[-1] = names_fitting(document.finished_by, widths[-1])
            cells = [_placed(*one) for one in zip(COLUMNS, row, widths, strict=True)]
            table.add_row(
                cell(cells[0], "bold"), *(cell(words) for words in cells[1:]), key=document.id
            )
        table.move_cursor(row=min(at, len(found.documents) - 1))
        table.focus()
        self._show_header(found)
        self._show_keys()
        self._share_rows(found)

    def _share_rows(self, found: Overview) -> None:
        """Give the rounds what the documents leave free; where that is little, a few rows."""
        room = self.size.height - 3 - 2  # header, ways elsewhere, footer; a blank row on each side
        rows = room - 1 - len(found.documents)
        rounds, table = self.query_one("#rounds", Paper), self.query_one(DocumentTable)
        rounds.display = rows > LEAST_ROUNDS or self.size.height >= LEAST_HEIGHT
        words = rounds_fitting(found, self.size.width - 2, rows)
        rounds.show(words)
        table.styles.max_height = room - words.plain.count("\n") - 1 if rounds.display else room + 2

    @on(DataTable.RowSelected)
    def open(self, event: DataTable.RowSelected) -> None:
        """Open the document to code it."""
        found = self._overview.documents if self._overview is not None else ()
        for document in found:
            if document.id == event.row_key.value:
                self.qualcode.open_document(document.id)

    def action_import(self) -> None:
        """Choose files to import."""
        from qualcode.tui.files import FilesScreen
        from qualcode.tui.folder import recent_folder

        beside = self.qualcode.path.absolute().parent
        known = self._overview.project_id if self._overview is not None else ""
        self.app.push_screen(FilesScreen(recent_folder(known, beside)))

    def action_speakers(self) -> None:
        """Show who speaks in the document at the cursor."""
        found = self._overview.documents if self._overview is not None else ()
        row = self.query_one(DocumentTable).cursor_row
        if row in range(len(found)):
            from qualcode.tui.speakers import SpeakersScreen

            self.app.push_screen(SpeakersScreen(found[row].id))

    def action_redactions(self) -> None:
        """Show what is redacted or suggested in all documents."""
        from qualcode.tui.redactions import RedactionsScreen

        self.app.push_screen(RedactionsScreen())

    def action_step(self, way: Literal["undo", "redo"]) -> None:
        """Take back this coder's latest act, or repeat what was taken back."""
        if self._overview is None:
            return
        me = self._overview.me

        def act(project: Project) -> tuple[str, Overview]:
            step = project.history.undo if way == "undo" else project.history.redo
            done = step(me)
            return project.layer.words(done.told), overview(project, me.name)

        def drawn(result: tuple[str, Overview]) -> None:
            what, found = result
            self.qualcode.tell(f"{'Undone' if way == 'undo' else 'Redone'}: {what}.")
            self.show(found)

        self.qualcode.write(act, drawn)

    def action_retry(self) -> None:
        """Try again to store what could not be."""
        self.qualcode.try_again()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what can be done: saving again needs something unsaved."""
        if action == "retry":
            return bool(self.qualcode.unsaved)
        if action in ("speakers", "redactions"):
            return self._overview is None or bool(self._overview.documents)
        return super().check_action(action, parameters)

    def _cells(self, document: DocumentRow) -> list[str]:
        """What the list says of a document, in the order of ``COLUMNS``."""
        blind = document.round.blind and document.round.state == "open"
        return [
            document.name,
            document.kind,
            str(document.turns),
            ("BLIND " if blind else "") + document.round.name,
            self._read(document),
            str(document.codings) if document.codings else "–",
            self._state(document),
            ", ".join(document.finished_by),
        ]

    def _read(self, document: DocumentRow) -> str:
        if self._places is None:
            return ""
        place = self._places.get(document.id, document.round.id)
        furthest = min(place.furthest, document.turns)
        return f"{100 * furthest // document.turns}%" if furthest else "–"

    def _state(self, document: DocumentRow) -> str:
        if document.finished:
            return "finished"
        return "begun" if document.codings else "to do"

    def _show_header(self, found: Overview) -> None:
        coder = literal("coder " + clipped(found.me.name, 16))
        room = max(self.size.width - coder.cell_length - len(GAP), 0)
        title = literal(clipped(found.title, room), "bold")
        self.query_one("#header", Line).show(joined([title, coder]))

    def _show_keys(self) -> None:
        bound = {
            active.binding.id: active.binding
            for active in reversed(self.active_bindings.values())
            if active.binding.id is not None
        }
        keys = [(short(key_name(one.key)), one.description) for one in bound.values() if one.show]
        self.query_one("#keys", Line).show(footer(reversed(keys), self.size.width))
        others = [
            (key_name(bound[id_].key), bound[id_].description) for id_ in ELSEWHERE if id_ in bound
        ]
        self.query_one("#elsewhere", Line).show(footer(others, self.size.width))


def _placed(column: str, words: str, width: int) -> str:
    """What stands in a cell of a column: numbers at its right."""
    words = clipped(words, width)
    return words.rjust(width) if column in NUMBERS else words


def names_fitting(finished_by: Sequence[str], width: int) -> str:
    """Who has finished: with rounds, else without, else as many as fit and ``+2`` for the others.

    Args:
        finished_by: ``ana (r1)`` for every declaration.
    """
    whole = ", ".join(finished_by)
    if cell_len(whole) <= width:
        return whole
    names = list(dict.fromkeys(one.rpartition(" (")[0] for one in finished_by))
    for kept in range(len(names), 0, -1):
        more = f" +{len(names) - kept}" if kept < len(names) else ""
        words = ", ".join(names[:kept]) + more
        if cell_len(words) <= width:
            return words
    return clipped(names[0], width - len(more)) + more


def fitted(rows: Sequence[Sequence[str]], room: int) -> list[int]:
    """How wide each column is to be: what it holds, or less where that is too much.

    Less has first the last one, who has finished: that can be told in fewer words. Then the widest.

    Args:
        rows: What stands in the columns.
        room: Cells for all columns together; no column gets less than ``LEAST_COLUMN``.
    """
    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    while sum(widths) > room and max(widths) > LEAST_COLUMN:
        widest = len(widths) - 1 if widths[-1] > ONE_NAME else widths.index(max(widths))
        widths[widest] -= 1
    return widths


def rounds_fitting(found: Overview, width: int, rows: int) -> Content:
    """The rounds, one in a row; where there are too many, the open ones and the latest.

    Args:
        width: Cells of a row.
        rows: Rows there are for rounds and heading; the rounds left out are named in the last.
    """
    room = max(rows - 1, LEAST_ROUNDS)
    every = range(len(found.rounds))
    first = sorted(every, key=lambda n: (found.rounds[n][0].state == "open", n), reverse=True)
    kept = every if len(every) <= room else sorted(first[: room - 1])
    shown_ = [_told(*found.rounds[n], versions=True) for n in kept]
    room = width - max((cell_len(facts) for _, facts in shown_), default=0) - len(GAP)
    if room < LEAST_NAME:
        shown_ = [_told(*found.rounds[n], versions=False) for n in kept]
        room = width - max(cell_len(facts) for _, facts in shown_) - len(GAP)
    longest = max((cell_len(drawn(name)) for name, _ in shown_), default=0)
    room = min(longest, 20, max(room, LEAST_NAME))
    lines = [literal("ROUNDS", "bold")]
    for name, facts in shown_:
        name = clipped(name, room)
        blank = " " * (room - cell_len(name)) + GAP
        facts = clipped(facts, width - room - len(GAP))
        lines.append(Content.assemble(literal(name, "bold"), blank, literal(facts)))
    left_out = [found.rounds[n][0].name for n in every if n not in kept]
    if left_out:
        more = f"+{counted(len(left_out), 'more round')}: {', '.join(left_out)}"
        lines.append(literal(clipped(more, width), "dim"))
    if not found.documents:
        how = literal("There is no document yet. Add some with i; codes with F6.")
        lines = [how, NOTHING, *lines]
    elif len(found.rounds) == 1:
        how = literal("To compare coders: qualcode round open, qualcode round assign", "dim")
        lines.append(how)
    return Content("\n").join(lines)


def _told(round_: Round, finished: int, given: int, *, versions: bool) -> tuple[str, str]:
    """A round's name and what is said of it."""
    blind = "blind, " if round_.blind else ""
    version = f", codebook {round_.codebook_version}" if round_.codebook_version else ""
    progress = f"{finished} of {given} finished" if given else "nothing assigned"
    state = f"{round_.state}{version if versions else ''}"
    return round_.name, f"{round_.purpose}, {blind}{state}: {progress}"
