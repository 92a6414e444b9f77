"""A transcript on a screen of its own, with everything it announced and redrew."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from rich.style import Style
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.message import Message
from textual.pilot import Pilot

from qualcode.model import Coding, Span
from qualcode.tui.widgets.document_view import DocumentView
from qualcode.tui.widgets.transcript_view import TranscriptView
from tests.tui.texts import CODES, view

TALK = view(
    "Focus group 3",
    "M: What changed?",
    "P4: They stood by us. She walked over, said her name, and took him from there. Ten minutes.",
    "P2: The card! Yes. [laughs]",
    "M: And then?",
    *(f"P{n % 5 + 1}: Turn {n} says little. It has two sentences." for n in range(60)),
)


class Watched(TranscriptView):
    """Counts what it has redrawn."""

    redrawn: list[Region]

    def refresh(self, *regions: Region, **how: Any) -> Watched:
        if hasattr(self, "redrawn"):
            self.redrawn += regions or (Region(0, 0, *self.size),)
        return super().refresh(*regions, **how)


class Shelf(App[None]):
    """One transcript, and everything it announced."""

    def __init__(self, document: DocumentView, codings: Sequence[Coding], **how: Any) -> None:
        super().__init__(**how)
        self.document, self.codings = document, codings
        self.said: list[Message] = []
        self.position: int | None = None

    def compose(self) -> ComposeResult:
        yield Watched()

    def on_mount(self) -> None:
        text = self.query_one(TranscriptView)
        text.show(self.document, self.codings, CODES, position=self.position)
        text.focus()

    def on_transcript_view_moved(self, message: TranscriptView.Moved) -> None:
        self.said.append(message)

    def on_transcript_view_focused(self, message: TranscriptView.Focused) -> None:
        self.said.append(message)

    def on_transcript_view_lane_clicked(self, message: TranscriptView.LaneClicked) -> None:
        self.said.append(message)

    def on_transcript_view_coding_clicked(self, message: TranscriptView.CodingClicked) -> None:
        self.said.append(message)


@asynccontextmanager
async def shelf(
    *codings: Coding,
    document: DocumentView = TALK,
    size: tuple[int, int] = (80, 20),
    position: int | None = None,
    **how: Any,
) -> AsyncIterator[tuple[Pilot[None], Watched]]:
    app = Shelf(document, codings, **how)
    app.position = position
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        yield pilot, app.query_one(Watched)


def lines(text: TranscriptView) -> list[str]:
    """What is drawn left of the scrollbar, row by row."""
    width = text.scrollable_content_region.width
    return [text.render_line(y).text[:width] for y in range(text.size.height)]


def line_of(text: TranscriptView, words: str) -> int:
    return next(y for y, line in enumerate(lines(text)) if words in line)


def words(text: TranscriptView, span: Span | None) -> str | None:
    assert text.view is not None
    return None if span is None else text.view.text[span.start : span.stop]


def cell_style(text: TranscriptView, y: int, x: int) -> Style:
    at = 0
    for segment in text.render_line(y):
        at += segment.cell_length
        if x < at:
            assert segment.style is not None
            return segment.style
    raise AssertionError("no such cell")


async def press(pilot: Pilot[None], keys: str) -> None:
    await pilot.press(*keys.split())
    await pilot.pause()
