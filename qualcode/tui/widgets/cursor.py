"""Where the coder stands in a document and what they have selected. Knows rows, but no Textual."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from qualcode.model import Span
from qualcode.tui.widgets.document_view import DocumentView
from qualcode.tui.widgets.wrap import WrapIndex

STEPS: Mapping[str, Callable[[DocumentView, int], int]] = {
    "left": DocumentView.backward,
    "right": DocumentView.forward,
    "word_next": DocumentView.word_next,
    "word_back": DocumentView.word_back,
    "sentence_next": DocumentView.sentence_next,
    "sentence_back": DocumentView.sentence_back,
    "turn_next": DocumentView.turn_next,
    "turn_back": DocumentView.turn_back,
    "top": lambda view, _: view.first,
    "bottom": lambda view, _: view.last,
}
"""The steps that do not depend on how wide the text is drawn."""


class Cursor:
    """A head, which moves, and while something is selected an anchor, which stays."""

    def __init__(self, view: DocumentView, wrap: WrapIndex) -> None:
        self.view, self.wrap = view, wrap
        self.head = view.first
        self.anchor: int | None = None
        self._goal: int | None = None
        """Cell that steps up and down aim at, so that a short row between does not shift them."""

        self._grown: list[tuple[int | None, int, Span]] = []
        """What ``grow`` started from, and what it gave, each time."""

    @property
    def selection(self) -> Span | None:
        """What is selected, on grapheme boundaries; None where nothing is."""
        if self.anchor is None or self.anchor == self.head:
            return None
        return Span(min(self.anchor, self.head), max(self.anchor, self.head))

    def target(self) -> Span | None:
        """What a code would be applied to: the selection's text, else the sentence here.

        None where the selection holds only blanks, and in an empty document.
        """
        chosen = self.selection or self.view.sentence_span(self.head)
        return self.view.fitted(chosen) if chosen else None

    # Moving

    def place(self, position: int, *, extend: bool = False) -> None:
        """Stand at the position nearest to an offset; ``extend`` selects all on the way."""
        if extend and self.anchor is None:
            self.anchor = self.head
        elif not extend:
            self.anchor = None
        self.head = self.view.snap(position)
        self._goal = None

    def step(self, name: str, *, extend: bool = False, page: int = 1) -> None:
        """Make one step: one of ``STEPS``, ``up``, ``down``, ``page_up``, ``row_start`` …

        Args:
            name: Which step.
            extend: Whether to select all on the way.
            page: Rows in a page.
        """
        if not self.view.blocks:
            return
        if name in STEPS:
            self.place(STEPS[name](self.view, self.head), extend=extend)
        elif name in ("row_start", "row_end"):
            row = self.wrap.row_of(self.head)
            cell = 0 if name == "row_start" else self.wrap.width
            self.place(self.wrap.position_at(row, cell), extend=extend)
        else:
            rows = {"up": -1, "down": 1, "page_up": -page, "page_down": page}[name]
            self._step_rows(rows, extend)

    def _step_rows(self, rows: int, extend: bool) -> None:
        row, cell = self.wrap.cell_at(self.head)
        goal = cell if self._goal is None else self._goal
        row = max(0, min(len(self.wrap) - 1, row + rows))
        self.place(self.wrap.position_at(row, goal), extend=extend)
        self._goal = goal

    # Selecting

    def select(self, span: Span | None) -> None:
        """Select a stretch, the cursor at its end; None selects nothing and moves nothing."""
        if span is None or not self.view.blocks:
            self.anchor = None
            return
        self.place(span.start)
        self.anchor = self.head
        self.head = self.view.snap_up(span.stop)

    def select_unit(self, kind: str) -> None:
        """Select the ``word``, ``sentence`` or ``turn`` here; whole ones selected gain the next."""
        here = self.selection
        if here is None:
            here = self.view.unit(kind, self.head)
            if here is not None:
                self.select(here)
            return
        whole = self.view.covering(kind, here)
        if whole == here:
            after = self.view.unit_after(kind, here.stop)
            whole = Span(here.start, after.stop) if after else here
        self.select(whole)

    def grow(self) -> None:
        """Select the next larger unit around what is selected: word, sentence, turn, two turns."""
        here, before = self.selection, (self.anchor, self.head)
        if here is None:
            larger = self.view.unit("word", self.head)
        else:
            larger = next((s for s in self.view.sizes(here) if len(s) > len(here)), None)
        if larger is None:
            return
        self.select(larger)
        if self.selection is not None:
            self._grown.append((*before, self.selection))

    def shrink(self) -> None:
        """Take back the last ``grow``, else select the next smaller unit where this one begins."""
        here = self.selection
        if here is None:
            return
        if self._grown and self._grown[-1][2] == here:
            self.anchor, self.head, _ = self._grown.pop()
            return
        self._grown.clear()
        word = self.view.unit("word", here.start)
        smaller = [
            size
            for size in (self.view.sizes(word) if word else ())
            if len(size) < len(here) and here.overlap(size) == len(size)
        ]
        self.select(smaller[-1] if smaller else None)

    def swap(self) -> None:
        """Exchange head and anchor, so that the other end can be moved."""
        if self.anchor is not None:
            self.anchor, self.head = self.head, self.anchor
