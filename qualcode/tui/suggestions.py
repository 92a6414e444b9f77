"""What one document holds that is like passages coded already: looked at on request, and decided.

Nothing here is a coding until the coder accepts it; each one accepted is one act and one undo. In a
blind round the screen cannot be reached, and the project would not answer it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content

from qualcode.model import Coding
from qualcode.project import Project
from qualcode.reports.suggestions import AT_LEAST, Resembled, Suggestion, accept, suggested
from qualcode.text.plurals import counted
from qualcode.text.redaction import Layer
from qualcode.tui.codes import shown_codes
from qualcode.tui.desk import code_shown
from qualcode.tui.keys import key
from qualcode.tui.list_screen import ListScreen
from qualcode.tui.literal import clipped, literal
from qualcode.tui.widgets.name_picker import Named, NamePicker
from qualcode.tui.widgets.paper import NOTHING, Line, Paper
from qualcode.tui.widgets.suggestion_list import ShownSuggestion, Source, SuggestionList

SAID = "0 to 1: words shared with coded passages. Only what you accept is coded."
NONE = f"No uncoded sentence here is like a coded passage ({AT_LEAST:g} or more)."
TALL = 30
"""Rows from which three passages have room below the list; two have it on any screen."""


class SuggestionsScreen(ListScreen):
    """The suggestions for one document, the most alike first.

    Args:
        document_id: The document.
        name: As it is shown.
    """

    AUTO_FOCUS = "SuggestionList"
    FOOTER = ("suggest.accept", "suggest.dismiss", "suggest.show", "suggest.only",
              "history.undo", "app.back", "help.show", "app.palette")  # fmt: skip
    BINDINGS: ClassVar[list[BindingType]] = [
        key("suggest.accept", "enter,y", "accept", "accept",
            "Give the sentence the code suggested", show=True),
        key("suggest.dismiss", "x", "put_away", "put away",
            "Put the suggestion away until qualcode is left", show=True),
        key("suggest.show", "o", "open", "in the text",
            "See the sentence in its document", show=True),
        key("suggest.only", "f", "only", "one code", "Only one code, or all again", show=True),
        key("history.undo", "u", "history('undo')", "undo", "Undo my latest act", show=True),
        key("history.redo", "U,ctrl+r", "history('redo')", "redo", "Redo what I undid"),
        key("work.retry", "ctrl+s", "retry", "Save again", "Try again to save what could not be"),
        key("app.back", "q,escape", "back", "back", "Back to the text", show=True),
    ]  # fmt: skip

    def __init__(self, document_id: str, name: str) -> None:
        super().__init__()
        self._document_id, self._document = document_id, name
        self._every: list[ShownSuggestion] = []
        self._listed: list[ShownSuggestion] = []
        self._only: str | None = None
        """Id of the only code to show."""

        self._waits = True

    def compose(self) -> ComposeResult:
        yield Line(literal("Suggestions: comparing …", "bold"), id="header")
        with Vertical(id="suggestions"):
            yield SuggestionList(id="suggested")
            yield Paper(id="resembled")
        yield Line(id="status")
        yield Line(id="keys")

    @property
    def listed(self) -> SuggestionList:
        """The list of suggestions."""
        return self.query_one(SuggestionList)

    @property
    def here(self) -> ShownSuggestion | None:
        """The suggestion at the cursor."""
        at = self.listed.at
        return self._listed[at] if at in range(len(self._listed)) else None

    def on_mount(self) -> None:
        """Compare; the frame is drawn meanwhile."""
        self._look()

    def on_resize(self) -> None:
        """Fit the lines."""
        self._say_all()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what can be done with what is suggested."""
        if action == "retry":
            return bool(self.qualcode.unsaved)
        if action in ("accept", "put_away", "open"):
            return bool(self._listed)
        if action == "only":
            return bool(self._every)
        return super().check_action(action, parameters)

    # Looking

    def _look(self, said: str = "", *, keep: bool = False) -> None:
        self._waits = True
        document_id, coder = self._document_id, self.qualcode.coder
        self.note(said or "Comparing …")
        self.qualcode.read(
            lambda project: read_suggestions(project, document_id, coder),
            lambda found: self._found(found, said, keep=keep),
            refused=lambda: self._found([], "Nothing is suggested here.", keep=False),
        )

    def _found(self, found: list[ShownSuggestion], said: str, *, keep: bool) -> None:
        self._waits = False
        if self.left:
            return
        dismissed = self.qualcode.dismissed
        self._every = [one for one in found if _key(one.suggestion) not in dismissed]
        self._show(said, keep=keep)

    def _show(self, said: str = "", *, keep: bool = True) -> None:
        """Show what is left of the suggestions."""
        if self._only not in {one.suggestion.code.id for one in self._every}:
            self._only = None
        self._listed = [one for one in self._every if self._only in (None, one.suggestion.code.id)]
        self.listed.show(self._listed, keep=keep)
        self._say_all(said)

    @on(SuggestionList.Moved)
    def _moved(self) -> None:
        self._say_passages()

    # Deciding

    def action_accept(self) -> None:
        """Code the sentence as suggested; other suggestions for it go with it."""
        here = self.here
        if here is None:
            return
        one, coder = here.suggestion, self.qualcode.coder

        def act(project: Project) -> Coding:
            return accept(project, one, by=project.coders.named(coder))

        def done(made: Coding) -> None:
            if not self.left:
                self._every = [o for o in self._every if o.suggestion.span != one.span]
                turn = f", turn {here.place}" if here.place else ""
                self._show(f"Applied: {here.key} {here.code}{turn}")

        self.qualcode.write(act, done, refused=lambda: self._look(keep=True))

    def action_put_away(self) -> None:
        """Put a suggestion away; nothing is recorded."""
        here = self.here
        if here is not None:
            self.qualcode.dismissed.add(_key(here.suggestion))
            self._every.remove(here)
            self._show(f"Put away: {here.key} {here.code}")

    def action_open(self) -> None:
        """Show the sentence in its document."""
        here = self.here
        if here is not None:
            self.qualcode.open_document(here.suggestion.document.id, here.suggestion.span.start)

    def action_only(self) -> None:
        """Choose the only code to show; or show all again."""
        if self._only is not None:
            self._only = None
            self._show(keep=False)
            return
        counts: dict[str, list[ShownSuggestion]] = {}
        for one in self._every:
            counts.setdefault(one.suggestion.code.id, []).append(one)
        rows = [
            Named(id_, f"{ones[0].key} {ones[0].code}", str(len(ones)))
            for id_, ones in counts.items()
        ]

        def chosen(code_id: str | None) -> None:
            if code_id is not None:
                self._only = code_id
                self._show(keep=False)

        self.app.push_screen(NamePicker(literal("Only this code"), rows), chosen)

    def stepped(self, words: str = "") -> None:
        """Compare again."""
        if not self.left:
            self._look(words, keep=True)

    # Saying

    def _say_all(self, said: str = "") -> None:
        if not self.is_mounted or self.left or self._waits:
            return
        only = f"only {self._listed[0].code}" if self._only is not None else ""
        facts = [counted(len(self._listed), "suggestion"), only, self.qualcode.saving]
        self.say_header(f"Suggestions for {self._document}", *filter(None, facts))
        self.note(said or (SAID if self._every else NONE))
        self._say_passages()
        self.refresh_bindings()
        self.say_keys()

    def _say_passages(self) -> None:
        """Show the sentence whole, and below it the passages that it is like."""
        here = self.here
        paper = self.query_one("#resembled", Paper)
        if here is None:
            paper.show(NOTHING)
            return
        width, tall = max(self.size.width, 40), self.size.height >= TALL
        place = f"turn {here.place}" if here.place else ""
        about = ", ".join(filter(None, [here.who, place]))
        rows = [
            Content.assemble(
                literal(f"{here.key} ", f"bold {here.colour}"),
                literal(f"{here.code}?", "bold"),
                literal(f"  {about}", "dim"),
            ),
            literal(clipped(here.text, (3 if tall else 2) * (width - 4)), "bold"),
        ]
        for n, one in enumerate(here.like[: None if tall else 2]):
            likeness = f"{'is like' if n == 0 else 'and'} {one.score:.2f}  {one.where}"
            rows += [
                literal(clipped(likeness, width), "dim"),
                literal(clipped(one.text, 2 * (width - 4))),
            ]
        paper.show(Content("\n").join(rows))


def read_suggestions(project: Project, document_id: str, coder: str) -> list[ShownSuggestion]:
    """The suggestions for a document as they are shown."""
    me, layer = project.coders.named(coder), project.layer
    found = suggested(project, project.documents.get(document_id), by=me)
    looks = shown_codes([code_shown(code, layer) for code in project.codebook.codes()])
    names = {one.code.id: code_shown(one.code, layer).title for one in found}
    return [
        ShownSuggestion(
            one,
            names[one.code.id],
            looks[one.code.id].key if one.code.id in looks else "·",
            looks[one.code.id].colour if one.code.id in looks else "",
            "" if one.turn is None else str(one.turn),
            "" if one.speaker is None else layer.words(one.speaker),
            _one_line(one.text),
            _sources(one.like, layer),
        )
        for one in found
    ]


def _sources(like: Sequence[Resembled], layer: Layer) -> tuple[Source, ...]:
    return tuple(
        Source(
            ", ".join(
                [
                    layer.words(one.document.name),
                    *([] if one.turn is None else [f"turn {one.turn}"]),
                    *one.coders,
                ]
            ),
            _one_line(one.text),
            one.score,
        )
        for one in like
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _key(one: Suggestion) -> tuple[str, int, int, str]:
    return one.document.id, one.span.start, one.span.stop, one.code.id
