"""The codings at the cursor and the rules of their code, beside or below the text."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content

from qualcode.model import Code
from qualcode.tui.literal import literal
from qualcode.tui.widgets.paper import Extract, Paper
from qualcode.tui.widgets.status_line import Named, coding_name
from qualcode.tui.widgets.transcript_view import ShownCode


class CodesHere(Container):
    """What is coded here, and the rules of the code in question.

    Args:
        stacked: One below the other, for a tall and narrow place; else side by side.
    """

    def __init__(self, *, stacked: bool, id: str | None = None) -> None:
        super().__init__(id=id)
        self._stacked = stacked

    def compose(self) -> ComposeResult:
        yield Extract(classes="here-list")
        if not self._stacked:
            yield Extract(classes="here-rules")

    def show(self, codings: Sequence[Named], focused: Named | None, rules: Content) -> None:
        """Show the codings, the focused one marked, and these rules."""
        rows = [literal("CODES HERE", "bold")]
        for named in codings:
            mark = "▸ " if named is focused else "  "
            rows.append(Content.assemble(mark, coding_name(named, details=True)))
        if not codings:
            rows.append(literal("  none", "dim"))
        listed = Content("\n").join(rows)
        if self._stacked:
            self.query_one(".here-list", Paper).show(Content("\n\n").join([listed, rules]))
        else:
            self.query_one(".here-list", Paper).show(listed)
            self.query_one(".here-rules", Paper).show(rules)


def rules_of(code: Code, shown: ShownCode, path: str = "") -> Content:
    """Give a code's rules as its codebook states them: definition, include, exclude, examples."""
    above = literal(f"{path} › " if path else "", "dim")
    title = Content.assemble(
        literal(f"{shown.key} ", f"bold {shown.colour}"), above, literal(code.title, "bold")
    )
    rows = [title]
    if code.brief or code.full:
        rows.append(literal(code.full or code.brief))
    fields = [("Use when", code.use_when), ("Not when", code.not_when)]
    fields += [("Example", example) for example in code.example]
    fields += [("Near miss", near) for near in code.near_miss]
    rows += [
        Content.assemble(literal(f"{name}: ", "bold"), literal(words))
        for name, words in fields
        if words
    ]
    if len(rows) == 1:
        rows.append(literal("The codebook gives no rules for this code.", "dim"))
    return Content("\n").join(rows)
