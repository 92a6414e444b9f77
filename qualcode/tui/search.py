"""The search screen: every place where something was said, and codes proposed for those marked.

Nothing is coded by searching: a code is chosen for the marked hits, what it would do is said, and
only then is it done, as one act and one undo.
"""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input

from qualcode.model import Span
from qualcode.project import Project
from qualcode.reports.autocode import Proposal, apply_proposal, proposal
from qualcode.reports.search import Hit, Scope, hits
from qualcode.text.plurals import counted
from qualcode.text.search import MARKS_INSIDE, MODES, has_marks_inside
from qualcode.tui.desk import code_shown
from qualcode.tui.keys import key
from qualcode.tui.list_screen import ListScreen
from qualcode.tui.literal import clipped, end_of, literal
from qualcode.tui.picking import pickable
from qualcode.tui.widgets.code_picker import Choice, CodePicker, PickerCode
from qualcode.tui.widgets.confirm import AskKey, Confirm
from qualcode.tui.widgets.fields import SafeInput
from qualcode.tui.widgets.kwic import HitList, in_one_line
from qualcode.tui.widgets.name_picker import Named, NamePicker
from qualcode.tui.widgets.paper import Line, Paper

AROUND = 240
BESIDE = 150
"""Cells of context before and after the hit at the cursor: with it, they fit 80 columns."""

UNITS = {"h": "hit", "s": "sentence", "t": "turn"}
SAID = {
    "words": "whole words; hand* finds every ending",
    "text": "the letters anywhere, inside words too",
    "regex": "a regular expression",
    "lemma": "words in all their forms",
}
ANYBODY = "everybody"
HOW = """\
Type what was said, then Enter. Esc leaves the field; then
m looks inside words, for a pattern, or for all forms of a word;
d p f w o say where: a document, speaker, code, attribute, moderators."""


class SearchField(SafeInput):
    """Where the words are typed; Enter searches, Down goes to the hits."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("search.run", "enter", "submit", "search", "Look for these words"),
        key("search.list", "down,escape", "screen.to_list", "hits", "Go to the hits"),
    ]


class SearchScreen(ListScreen):
    """Words, the hits on them, and what can be done with those.

    Args:
        document: Name, and how it is shown, of the only document to look in at first.
    """

    AUTO_FOCUS = "SearchField"
    FOOTER = ("search.run", "search.list", "search.see", "search.mark", "search.mark_all",
              "search.code", "history.undo", "search.type", "search.mode", "search.document",
              "search.scope", "app.back", "help.show", "app.palette")  # fmt: skip
    BINDINGS: ClassVar[list[BindingType]] = [
        key("search.type", "slash", "type", "words", "Type what to look for", show=True),
        key("search.mode", "m", "mode", "way",
            "Whole words, text inside words, a pattern, all forms of a word", show=True),
        key("search.document", "d", "one_document", "document",
            "Only in the document of this hit, or in all again", show=True),
        key("search.speaker", "p", "speaker", "speaker", "Only where one person speaks"),
        key("search.moderator", "o", "moderator", "moderator", "With or without moderators"),
        key("search.scope", "f", "within", "within", "Only where a code lies", show=True),
        key("search.attribute", "w", "where", "attribute",
            "Only where an attribute has a value"),
        key("search.mark", "space", "mark", "mark", "Mark the hit, or no longer", show=True),
        key("search.mark_all", "A", "mark_all", "mark all", "Mark every hit, or none", show=True),
        key("search.code", "c", "code", "code",
            "Give the marked hits a code; it says first what that would do", show=True),
        key("history.undo", "u", "history('undo')", "undo", "Undo my latest act", show=True),
        key("history.redo", "U,ctrl+r", "history('redo')", "redo", "Redo what I undid"),
        key("work.retry", "ctrl+s", "retry", "Save again", "Try again to save what could not be"),
        key("app.back", "q", "back", "back", "Back", show=True),
    ]  # fmt: skip

    def __init__(self, document: tuple[str, str] | None = None) -> None:
        super().__init__()
        name, self._document_shown = document or ("", "")
        self._scope = Scope(documents=(name,) if name else ())
        self._mode = MODES[0]
        self._asked = ""
        self._hits: list[Hit] = []
        self._marked: set[int] = set()
        self._waits = False

    def compose(self) -> ComposeResult:
        yield Line(literal("Search", "bold"), id="header")
        yield SearchField(placeholder="what was said", id="words")
        with Vertical(id="search"):
            yield HitList(id="hits")
            yield Paper(id="passage")
        yield Line(id="status")
        yield Line(id="keys")

    @property
    def listed(self) -> HitList:
        """The list of hits."""
        return self.query_one(HitList)

    @property
    def here(self) -> Hit | None:
        """The hit at the cursor."""
        at = self.listed.at
        return self._hits[at] if at in range(len(self._hits)) else None

    def on_screen_resume(self) -> None:
        """Look again: something may have been coded meanwhile."""
        self._say_all()
        if self._asked:
            self._look(keep=True)

    def on_resize(self) -> None:
        """Fit the lines."""
        self._say_all()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what can be done with what was found."""
        if action == "retry":
            return bool(self.qualcode.unsaved)
        if action in ("mark", "mark_all", "code"):
            return bool(self._hits)
        return super().check_action(action, parameters)

    # Looking

    @on(Input.Submitted, "#words")
    def _search(self, event: Input.Submitted) -> None:
        event.stop()
        self._asked = event.value
        self._look()

    def _look(self, *, keep: bool = False) -> None:
        """Look for the words; the marks stay where ``keep`` says so."""
        if self.left:
            return
        if not self._asked.strip():
            self.note("Type what to look for.")
            return
        self._waits = True
        asked, mode, scope = self._asked, self._mode, self._scope
        self.note("Looking …")
        self.qualcode.read(
            lambda project: hits(project, asked, mode=mode, scope=scope, context=AROUND),
            lambda found: self._found(found, keep=keep),
            refused=self._not_found,
        )

    def _not_found(self) -> None:
        self._waits = False
        self._say_all()

    def _found(self, found: list[Hit], *, keep: bool) -> None:
        self._waits = False
        if self.left:
            return
        if not keep:
            self._marked.clear()
        self._hits = found
        places: dict[str, list[Span]] = {}
        for one in found:
            places.setdefault(one.document.id, []).append(one.place)
        self.qualcode.found = {id_: tuple(spans) for id_, spans in places.items()}
        self.listed.show(found, self._marked, keep=keep)
        if found and not keep:
            self.listed.focus()
        self._say_all()

    @on(HitList.Moved)
    def _moved(self) -> None:
        self._say_passage()

    @on(HitList.Chosen)
    def _open(self) -> None:
        """Show the hit in its document."""
        here = self.here
        if here is not None:
            self.qualcode.open_document(here.document.id, here.place.start)

    def action_type(self) -> None:
        """Type other words."""
        self.query_one(SearchField).focus()

    def action_to_list(self) -> None:
        """Go to the hits; without any, go back."""
        if self._hits:
            self.listed.focus()
        else:
            self.action_back()

    def action_mode(self) -> None:
        """Look in the next of the ways there are."""
        self._mode = MODES[(MODES.index(self._mode) + 1) % len(MODES)]
        self._again()

    def action_one_document(self) -> None:
        """Only in the document at the cursor; or in all again."""
        here = self.here
        if self._scope.documents:
            self._scope = replace(self._scope, documents=())
        elif here is not None:
            shown = here.document
            self.qualcode.read(
                lambda project: project.documents.get(shown.id).name,
                lambda name: self._only_document(name, shown.name),
            )
            return
        self._again()

    def _only_document(self, name: str, shown: str) -> None:
        self._scope, self._document_shown = replace(self._scope, documents=(name,)), shown
        self._again()

    def action_moderator(self) -> None:
        """With what moderators say, or without."""
        self._scope = replace(self._scope, moderator=not self._scope.moderator)
        self._again()

    def action_speaker(self) -> None:
        """Choose who speaks."""

        def names(project: Project) -> list[str]:
            words = project.layer.words
            every = [words(one.name) for one in project.speakers.list()]
            every += [words(one.label) for one in project.participants.list()]
            return sorted(set(every), key=str.casefold)

        def listed(found: list[str]) -> None:
            rows = [Named("", ANYBODY), *map(Named, found)]
            self.app.push_screen(NamePicker(literal("Only where this person speaks"), rows), chosen)

        def chosen(name: str | None) -> None:
            if name is not None:
                self._scope = replace(self._scope, speakers=(name,) if name else ())
                self._again()

        self.qualcode.read(names, listed)

    def action_within(self) -> None:
        """Choose a code; hits outside of it are left out."""

        def codes(project: Project) -> list[Named]:
            every = [code_shown(one, project.layer) for one in project.codebook.codes()]
            return [Named(one.code, one.title) for one in every]

        def listed(found: list[Named]) -> None:
            rows = [Named("", "anywhere"), *found]
            self.app.push_screen(NamePicker(literal("Only where this code lies"), rows), chosen)

        def chosen(code: str | None) -> None:
            if code is not None:
                self._scope = replace(self._scope, codes=(code,) if code else ())
                self._again()

        self.qualcode.read(codes, listed)

    def action_where(self) -> None:
        """Choose an attribute's value."""

        def values(project: Project) -> list[tuple[str, str]]:
            records = [
                *project.documents.attributes().values(),
                *(one.attributes for one in project.participants.list()),
            ]
            pairs = {(name, value) for record in records for name, value in record.items() if value}
            return sorted(pairs, key=lambda pair: (pair[0].casefold(), pair[1].casefold()))

        def listed(pairs: list[tuple[str, str]]) -> None:
            rows = [Named("", "any")]
            rows += [Named(str(at), f"{name} = {value}") for at, (name, value) in enumerate(pairs)]

            def chosen(at: str | None) -> None:
                if at is not None:
                    wanted = dict([pairs[int(at)]]) if at else {}
                    self._scope = replace(self._scope, attributes=wanted)
                    self._again()

            self.app.push_screen(NamePicker(literal("Only where"), rows), chosen)

        self.qualcode.read(values, listed)

    def _again(self) -> None:
        self._say_all()
        if self._asked.strip():
            self._look()

    # Coding what is marked

    def action_mark(self) -> None:
        """Mark the hit and go to the next."""
        at = self.listed.at
        if at in range(len(self._hits)):
            self._marked ^= {at}
            self.listed.show(self._hits, self._marked, keep=True)
            self.listed.go(at + 1)
            self._say_all()

    def action_mark_all(self) -> None:
        """Mark every hit; if all are, none."""
        every = set(range(len(self._hits)))
        self._marked = set() if self._marked == every else every
        self.listed.show(self._hits, self._marked, keep=True)
        self._say_all()

    def action_code(self) -> None:
        """Choose a code for the marked hits, or for the one at the cursor."""
        marked = self._marked or ({self.listed.at} if self.here is not None else set())
        chosen = [self._hits[at] for at in sorted(marked)]
        if not chosen:
            return

        def picked(codes: list[PickerCode]) -> None:
            title = literal(f"A code for {counted(len(chosen), 'hit')}", "bold")
            self.app.push_screen(
                CodePicker(title, codes), lambda choice: self._ask_unit(choice, chosen)
            )

        self.qualcode.read(pickable, picked)

    def _ask_unit(self, choice: Choice | None, chosen: list[Hit]) -> None:
        if choice is None or choice.code_id is None:
            return
        code_id = choice.code_id
        question = literal(
            "Code what?  h the hit alone   s its sentence   t its turn   (Esc: none)"
        )
        self.app.push_screen(AskKey(question), lambda unit: self._preview(code_id, unit, chosen))

    def _preview(self, code_id: str, pressed: str | None, chosen: list[Hit]) -> None:
        unit = UNITS.get(pressed or "")
        if unit is None:
            return
        coder = self.qualcode.coder

        def ask(project: Project) -> Proposal:
            code = project.codebook.get(code_id)
            me = project.coders.named(coder)
            found = proposal(project, chosen, code, unit, by=me)
            return replace(found, code=code_shown(code, project.layer))

        self.qualcode.read(ask, self._confirm)

    def _confirm(self, found: Proposal) -> None:
        title = literal(clipped(f"Code with {found.code.title}, each {found.unit}?", 60), "bold")
        if not found.new:
            self.note(f"Nothing to code: {found.sentence()}.")
            return
        body = f"{found.sentence()}.\nOne action, one undo; the record says they come of a search."
        coder = self.qualcode.coder

        def act(project: Project) -> int:
            me = project.coders.named(coder)
            whole = replace(found, code=project.codebook.get(found.code.id))
            return len(apply_proposal(project, whole, by=me))

        def done(n: int) -> None:
            self._marked.clear()
            self._look(keep=True)
            before = f"; {found.already} already coded" if found.already else ""
            self.qualcode.tell(f"{counted(n, 'coding')} with {found.code.title}{before}.")

        def answered(yes: bool | None) -> None:
            if yes:
                self.qualcode.write(act, done, refused=lambda: self._look(keep=True))

        self.app.push_screen(Confirm(title, literal(body), literal("code them")), answered)

    def stepped(self, words: str = "") -> None:
        """Look again, for what is coded at the hits."""
        if words:
            self.qualcode.tell(words)
        self._look(keep=True)

    # Saying

    def _say_all(self) -> None:
        if not self.is_mounted or self.left:
            return
        n = len({one.document.id for one in self._hits})
        count = f"{counted(len(self._hits), 'hit')} in {counted(n, 'document')}"
        marked = f"{len(self._marked)} marked" if self._marked else ""
        facts = [count if self._hits else "", marked, self.qualcode.saving]
        self.say_header("Search", *filter(None, facts))
        self.note(self._where())
        self._say_passage()
        self.say_keys()

    def _where(self) -> str:
        """How and where is searched, in words."""
        scope = self._scope
        parts = [SAID[self._mode]]
        parts += [f"in {self._document_shown}"] if scope.documents else []
        parts += [f"within {code}" for code in scope.codes]
        parts += [f"spoken by {name}" for name in scope.speakers]
        parts += [f"{name} = {value}" for name, value in scope.attributes.items()]
        parts += [] if scope.moderator else ["without moderators"]
        if self._asked and not self._hits and not self._waits:
            inside = has_marks_inside(self._asked, self._mode)
            parts[:0] = ["Nothing found", *([MARKS_INSIDE] if inside else [])]
        return "; ".join(parts)

    def _say_passage(self) -> None:
        here = self.here
        passage = self.query_one("#passage", Paper)
        if here is None:
            passage.show(literal("" if self._waits else HOW))
            return
        codes = f"   {', '.join(here.codes)}" if here.codes else ""
        before, words, after = in_one_line(here)
        passage.show(
            Content.assemble(
                literal(end_of(before, BESIDE)),
                literal(words, "bold reverse"),
                literal(clipped(after, BESIDE)),
                literal(codes, "italic"),
            )
        )
