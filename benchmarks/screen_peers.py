"""What a transcript with its codings can be shown with instead: Textual's own widgets."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from textual.widget import Widget
    from textual.widgets import TextArea

    from qualcode.model import Coding, Transcript


def static_turns(transcript: Transcript, moves: Collection[str]) -> Widget:
    """A ``Static`` for each turn; of these keys each updates the turn in the middle."""
    from textual import events
    from textual.app import ComposeResult
    from textual.containers import VerticalScroll
    from textual.content import Content
    from textual.widgets import Static

    text, turns = transcript.text, transcript.turns

    class Turns(VerticalScroll, can_focus=True, inherit_bindings=False):
        at = 0

        def compose(self) -> ComposeResult:
            yield from (Static(Content(text[turn.start : turn.stop])) for turn in turns)

        def on_key(self, event: events.Key) -> None:
            if event.key in moves:
                self.at += 1
                turn = turns[len(turns) // 2]
                words = Content(text[turn.start : turn.stop])
                at = self.at % len(words)
                self.query(Static)[len(turns) // 2].update(words.stylize("reverse", at, at + 1))

    return Turns()


def marked_area(transcript: Transcript, codings: Sequence[Coding]) -> TextArea:
    """A ``TextArea`` with every coding as one of its highlights, in the colour of its code.

    It has no public way to be given highlights: they are put where its parser puts them.
    """
    from rich.style import Style
    from textual.widgets import TextArea
    from textual.widgets.text_area import TextAreaTheme

    text = transcript.text
    lines = [0, *(at + 1 for at, character in enumerate(text) if character == "\n")]
    hues = ("#E69F00", "#56B4E9", "#00B386", "#F0E442")
    names = sorted({coding.code_id for coding in codings})

    class Marked(TextArea):
        def _build_highlight_map(self) -> None:
            super()._build_highlight_map()
            for coding in codings:
                span = coding.span
                line = bisect_right(lines, span.start) - 1
                begin = lines[line]  # no coding of the workload leaves its line
                start = len(text[begin : span.start].encode())
                stop = start + len(text[span.start : span.stop].encode())
                self._highlights[line].append((start, stop, coding.code_id))

    area = Marked(text, soft_wrap=True)
    styles = {
        name: Style(color=hues[n % len(hues)], underline=True) for n, name in enumerate(names)
    }
    area.register_theme(TextAreaTheme("codes", syntax_styles=styles))
    area.theme = "codes"
    return area
