"""Going through one's own codings with a code, to give some of them another one.

This is how a code is split: each coder looks at what they themselves coded. Every change is one
act on the coding and one undo; codings in documents declared finished are counted, not changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content

from qualcode.model import Coder, Coding, Span
from qualcode.project import Project
from qualcode.tui.codes import path, shown_codes
from qualcode.tui.desk import code_shown, view_of
from qualcode.tui.keys import key
from qualcode.tui.list_screen import ListScreen
from qualcode.tui.literal import clipped, literal
from qualcode.tui.rounds import round_for
from qualcode.tui.widgets.code_picker import Choice, CodePicker, PickerCode
from qualcode.tui.widgets.codes_here import rules_of
from qualcode.tui.widgets.paper import Line, Paper

AROUND = 300
"""Characters of the transcript shown before and after a coding."""


@dataclass(frozen=True, slots=True, repr=False)
class Passage:
    """One coding with the words around it, as they are shown."""

    coding: Coding
    place: str
    """Document and turn."""

    before: str
    words: str
    after: str


@dataclass(frozen=True, slots=True)
class Pile:
    """What there is to go through."""

    me: Coder
    name: str
    """Of the code."""

    passages: Sequence[Passage]
    finished: int
    """Codings with the code in documents declared finished or rounds closed: they stay."""

    codes: Sequence[PickerCode]
    """What a coding can be given instead, in codebook order."""


def pile_of(project: Project, code_id: str, coder: str) -> Pile:
    """Read this coder's codings with a code."""
    me, layer = project.coders.named(coder), project.layer
    every = [code_shown(code, layer) for code in project.codebook.codes()]
    looks = shown_codes(every)
    name = next((code.title for code in every if code.id == code_id), "this code")
    codings = [
        one for one in project.codings.list(coder_id=me.id, earlier=False) if one.code_id == code_id
    ]
    done = {
        (a.round_id, a.document_id)
        for a in project.rounds.assignments()
        if a.coder_id == me.id and a.finished_at is not None
    }
    closed = {one.id for one in project.rounds.list() if one.state == "closed"}
    open_ones = [
        one
        for one in codings
        if one.round_id not in closed
        and (one.round_id, one.document_id) not in done
        and round_for(project, one.document_id, me).id == one.round_id
    ]
    return Pile(
        me,
        name,
        _passages(project, open_ones),
        len(codings) - len(open_ones),
        [
            PickerCode(looks[code.id], path(code, every), rules_of(code, looks[code.id]))
            for code in every
            if code.codable and code.id != code_id
        ],
    )


def _passages(project: Project, codings: Sequence[Coding]) -> list[Passage]:
    found: list[Passage] = []
    views = {
        document_id: view_of(project.documents.transcript(document_id), project.layer)
        for document_id in {one.document_id for one in codings}
    }
    for one in codings:
        view, span = views[one.document_id], one.span
        first, last = max(0, span.start - AROUND), min(len(view.text), span.stop + AROUND)
        turn = view.turn_at(span.start)
        where = f", turn {turn.n}" if turn is not None else ""
        found.append(
            Passage(
                one,
                f"{view.transcript.document.name}{where}",
                view.cut(Span(first, span.start)) if first < span.start else "",
                view.cut(span),
                view.cut(Span(span.stop, last)) if span.stop < last else "",
            )
        )
    return found


class RecodingScreen(ListScreen):
    """One coding at a time, in its words.

    Args:
        code_id: The code whose codings to go through.
    """

    FOOTER = ("review.choose", "review.keep", "review.back", "history.undo", "app.back",
              "help.show", "app.palette")  # fmt: skip
    BINDINGS: ClassVar[list[BindingType]] = [
        key("review.choose", "c,enter", "choose", "other code", "Give this coding another code",
            show=True),
        key("review.again", "full_stop", "again", "same again",
            "Give this coding the code chosen last"),
        key("review.keep", "n,space,down", "go(1)", "keep", "Leave it as it is; next coding",
            show=True),
        key("review.back", "p,up", "go(-1)", "before", "Previous coding", show=True),
        key("review.open", "o", "open", "open", "See the coding in its document"),
        key("history.undo", "u", "history('undo')", "undo", "Undo my latest act", show=True),
        key("history.redo", "U,ctrl+r", "history('redo')", "redo", "Redo what I undid"),
        key("work.retry", "ctrl+s", "retry", "Save again", "Try again to save what could not be"),
        key("app.back", "q,escape", "back", "back", "Back to the codebook", show=True),
    ]  # fmt: skip

    def __init__(self, code_id: str) -> None:
        super().__init__()
        self._code_id = code_id
        self._pile: Pile | None = None
        self._at = 0
        self._last: str | None = None
        self._waits = True

    def compose(self) -> ComposeResult:
        yield Line(literal("Codings: opening …"), id="header")
        with VerticalScroll(id="recoding", can_focus=False):
            yield Paper(id="recoding-text")
        yield Line(id="status")
        yield Line(id="keys")

    @property
    def here(self) -> Passage | None:
        """The coding that is shown."""
        passages = self._pile.passages if self._pile is not None else ()
        return passages[self._at] if self._at in range(len(passages)) else None

    def on_screen_resume(self) -> None:
        """Read the codings: some may have been changed in their documents."""
        self._read()

    def on_resize(self) -> None:
        """Fit the lines."""
        self._show("")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what makes sense here."""
        if action == "retry":
            return bool(self.qualcode.unsaved)
        if action == "again":
            return self._last is not None and self.here is not None
        if action in ("choose", "go", "open"):
            return self.here is not None
        return super().check_action(action, parameters)

    def _read(self, said: str = "") -> None:
        self._waits = True
        code_id, coder = self._code_id, self.qualcode.coder

        def read(pile: Pile) -> None:
            self._waits = False
            self._pile = pile
            self._at = max(0, min(self._at, len(pile.passages) - 1))
            self._show(said)

        self.qualcode.read(lambda project: pile_of(project, code_id, coder), read)

    def _show(self, said: str) -> None:
        pile = self._pile
        if pile is None or self.left:
            return
        total = len(pile.passages)
        place = f"{self._at + 1} of {total}" if total else "none"
        self.say_header(f"My codings with {pile.name}", place, self.qualcode.saving)
        here = self.here
        rest = f"{pile.finished} in finished documents or closed rounds stay as they are."
        if here is None:
            body = literal("There is nothing (more) to go through. q goes back to the codebook.")
        else:
            body = Content.assemble(
                literal(here.place, "bold"),
                literal("\n\n"),
                literal(here.before.lstrip(), "dim"),
                literal(here.words, "bold underline"),
                literal(here.after.rstrip(), "dim"),
            )
        self.query_one("#recoding-text", Paper).show(body)
        self.note(said or (rest if pile.finished else ""))
        self.refresh_bindings()
        self.say_keys()

    # Acts

    def action_go(self, step: int) -> None:
        """Go to the next coding, or the one before."""
        if self._pile is not None and self._at + step in range(len(self._pile.passages)):
            self._at += step
            self._show("")
        elif step > 0:
            self.note("That was the last one.")

    def action_choose(self) -> None:
        """Choose the code that this coding shall have."""
        here, pile = self.here, self._pile
        if here is None or pile is None:
            return
        title = literal(clipped(f"“{' '.join(here.words.split())}”", 60), "bold")
        recent = [self._last] if self._last is not None else []
        self.app.push_screen(CodePicker(title, pile.codes, recent=recent), self._chosen)

    def _chosen(self, choice: Choice | None) -> None:
        if choice is not None and choice.code_id is not None:
            self._recode(choice.code_id)

    def action_again(self) -> None:
        """Give this coding the code chosen last."""
        if self._last is not None:
            self._recode(self._last)

    def _recode(self, code_id: str) -> None:
        here, pile = self.here, self._pile
        if here is None or pile is None:
            return
        self._last = code_id
        name = next(one.code.name for one in pile.codes if one.code.id == code_id)
        coding, coder = here.coding, self.qualcode.coder

        def act(project: Project) -> None:
            me = project.coders.named(coder)
            project.codings.recode(coding.id, code_id, by=me, rev=coding.rev)

        self.qualcode.write(
            act, lambda _: self._read(f"{here.place}: now {name}"), refused=self._read
        )

    def action_open(self) -> None:
        """Show the coding in its document."""
        here = self.here
        if here is not None:
            self.qualcode.open_document(here.coding.document_id, here.coding.span.start)

    def stepped(self, words: str = "") -> None:
        """Read the codings anew."""
        self._read(words)
