"""The coding screen: one document, its codings in this round, and everything around the text."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.timer import Timer

from qualcode.model import Coding, Span
from qualcode.project import Project
from qualcode.tui.codes import depths, path
from qualcode.tui.coding_keys import CODING_KEYS
from qualcode.tui.desk import Desk, destination, open_desk
from qualcode.tui.found_acts import FoundActs
from qualcode.tui.keys import key_name
from qualcode.tui.layout import layout
from qualcode.tui.list_screen import ListScreen
from qualcode.tui.literal import literal
from qualcode.tui.reading import Place, ReadingPlaces
from qualcode.tui.widgets.code_tree import CodeTree, ListedCode, counts
from qualcode.tui.widgets.codes_here import CodesHere, rules_of
from qualcode.tui.widgets.confirm import Ask
from qualcode.tui.widgets.list_sheet import CodeSheet
from qualcode.tui.widgets.paper import NOTHING, Line
from qualcode.tui.widgets.sheet import Sheet
from qualcode.tui.widgets.status_line import (
    Heading,
    Named,
    footer,
    header,
    here,
    odd_character,
    status,
)
from qualcode.tui.widgets.transcript_view import TranscriptView

SETTLES = 0.05
"""Seconds the cursor rests before the rows around the text follow it."""

FOOTER = ("code.quick_1", "code.pick", "select.sentence", "work.uncoded_next", "history.undo",
          "help.show", "app.palette", "work.finish", "memo.coding", "code.repeat")  # fmt: skip
"""What the footer names, by importance; as many as fit."""

FINISHED_FOOTER = ("move.turn_next", "coding.next", "search.open", "memo.document", "work.finish",
                   "app.back", "help.show", "app.palette")  # fmt: skip
"""The same in a document that was declared finished, which can only be read."""

_SHORT = {"code.quick_1": "code", "code.pick": "pick"}


class CodingScreen(FoundActs):
    """Where passages get their codes.

    Args:
        name: The document's name as it is stored; or
        document_id: its id.
        position: Where to begin; None where the coder left off.
    """

    AUTO_FOCUS = "TranscriptView"
    BINDINGS = CODING_KEYS

    def __init__(
        self,
        name: str | None = None,
        *,
        document_id: str | None = None,
        position: int | None = None,
    ) -> None:
        super().__init__()
        self._name, self._document_id, self._begin = name, document_id, position
        self.outdated = False
        """Whether something was asked for on a screen over this one since the document was read."""

        self._said = ""
        self._places: ReadingPlaces | None = None
        self._furthest = self._position = 0
        self._note = ""
        self._tree_wanted = True
        self._told_finished = False
        """Whether the footer names the keys of a finished document."""

        self._following: Timer | None = None

    def compose(self) -> ComposeResult:
        yield Line(literal("opening …"), id="header")
        with Horizontal(id="middle"):
            yield CodeTree(focusable=False, id="tree")
            with Vertical(id="page"):
                yield TranscriptView(id="text")
                yield CodesHere(stacked=False, id="below")
            yield CodesHere(stacked=True, id="side")
        yield Line(id="here")
        yield Line(id="status")
        yield Line(id="keys")
        yield Line(literal("qualcode: at least 60 × 12"), id="tiny")

    def on_mount(self) -> None:
        """Read the document; the frame is drawn meanwhile."""
        self.text.mouse = self.qualcode.mouse
        self.watch(self.app, "saving", self._saving_changed, init=False)
        self.reload()

    def on_resize(self) -> None:
        """Divide the room anew."""
        self._lay_out()

    def on_unmount(self) -> None:
        """Remember where the coder was."""
        self.keep_place()

    # Reading the document

    def on_screen_resume(self) -> None:
        """Read the document anew where something was done over it, once that is stored."""
        if self.desk is not None and self.outdated:
            if self.qualcode.busy:
                self.qualcode.write(lambda _: None, lambda _: self.reload())
            else:
                self.reload()
        self.show_found()

    @property
    def blind(self) -> bool:
        """Whether an open blind round is coded here, or that is not known yet."""
        return self.desk is None or self.desk.blind

    def shows(self, document_id: str) -> bool:
        """Whether this is the document that is open here."""
        return self.desk is not None and self.desk.document.id == document_id

    def reload(self, said: str = "", *, focus: str | None = None) -> None:
        """Read the document anew, then say what was done; cursor and selection stay.

        Args:
            focus: Id of the coding to be in focus; None leaves it to the one that is.
        """
        name, id_, coder = self._name or "", self._document_id, self.qualcode.coder
        self.outdated, self._said = False, said or self._said

        def question(project: Project) -> tuple[str, Desk]:
            document = project.documents.named(name) if id_ is None else project.documents.get(id_)
            return project.id, open_desk(project, document.id, project.coders.named(coder))

        self.qualcode.read(question, lambda answer: self._opened(answer, focus))

    def _opened(self, answer: tuple[str, Desk], focus: str | None) -> None:
        if self.left:
            return
        project_id, desk = answer
        first = self.desk is None
        self.desk = desk
        position: int | None = self.text.position
        if first:
            self._places = self.qualcode.places(project_id)
            place = self._places.get(desk.document.id, desk.round.id)
            begin = place.position if self._begin is None else self._begin
            self._furthest, position = place.furthest, desk.view.snap(begin)
            self._position = position
        self._wanted.clear()
        selected, focused = self.text.selection, self.text.focused_coding
        self.text.show(desk.view, desk.codings.values(), desk.shown, position=position)
        if selected is not None:
            self.text.select(selected)
        if focus is None and focused is not None:
            focus = focused.id
        if focus is not None:
            self.text.focus_coding(focus)
        self.show_found()
        if not desk.view.blocks:
            self._note = "This document is empty: there is nothing to code."
        self._lay_out()

    # What is drawn around the text

    def note(self, words: str) -> None:
        """Say something in the status line, until the cursor moves on."""
        self._note = words
        if not self.left:
            self._say_status()

    @property
    def follows(self) -> bool:
        """Whether lines and panels have still to follow the cursor."""
        return self._following is not None

    def redraw(self) -> None:
        """Have the lines and panels follow once the cursor rests."""
        if self._following is None:
            self._following = self.set_timer(SETTLES, self._follow)

    @on(TranscriptView.Moved)
    def _moved(self, event: TranscriptView.Moved) -> None:
        if self._said or event.position != self._position:
            self._note, self._said = self._said, ""
        self._position = event.position
        if self.desk is not None:
            self._furthest = max(self._furthest, self.desk.reached(event.position))
        self.redraw()

    @on(TranscriptView.Filtered)
    def _filtered(self) -> None:
        self._note = ""
        self.redraw()

    @on(TranscriptView.Focused)
    def _focused(self) -> None:
        self.redraw()

    @on(TranscriptView.CodingClicked)
    def _clicked(self, event: TranscriptView.CodingClicked) -> None:
        self.text.focus_coding(event.coding.id)
        self.redraw()

    @on(CodeTree.Picked)
    def _picked(self, event: CodeTree.Picked) -> None:
        self.apply_listed(event.code_id)

    def _saving_changed(self) -> None:
        if self.left:
            return
        self._say_header()
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what can be done: saving again needs something unsaved."""
        if action == "retry":
            return bool(self.qualcode.unsaved)
        if action == "suggestions":
            return self.desk is not None and self.desk.suggests
        return super().check_action(action, parameters)

    def _lay_out(self) -> None:
        plan = layout(self.size.width, self.size.height, tree=self._tree_wanted)
        for part in ("header", "middle", "here", "status", "keys"):
            self.query_one(f"#{part}").display = not plan.tiny
        self.query_one("#tiny").display = plan.tiny
        self.query_one("#keys").display = plan.footer
        for part, room in (("tree", plan.tree), ("side", plan.side), ("below", plan.below)):
            self.query_one(f"#{part}").display = bool(room)
        self.text.set_layout(plan.gutter, plan.lanes, plan.names)
        if not plan.tiny and self.focused is None:
            self.text.focus()  # it lost the keys while the terminal was too small to show it
        self._say_keys()
        self._follow()

    def _follow(self) -> None:
        """Bring every line and panel in line with the cursor."""
        self._following = None
        desk = self.desk
        if desk is None or not self.is_attached or self.left:
            return
        codings = self.text.codings_here()
        focused = self.text.focused_coding
        if focused is not None and focused.id not in {coding.id for coding in codings}:
            codings = [focused, *codings]  # the cursor stands right behind its end
        named = [desk.named(coding) for coding in codings]
        at = next((n for n, c in enumerate(codings) if focused and c.id == focused.id), None)
        chosen = named[at] if at is not None else None
        self._say_header()
        if desk.finished != self._told_finished:
            self._say_keys()
        self.query_one("#here", Line).show(here(named, chosen, self.size.width))
        self._say_status()
        self._show_panels(desk, named, chosen, focused or (codings[0] if codings else None))

    def _show_panels(
        self, desk: Desk, named: list[Named], chosen: Named | None, coding: Coding | None
    ) -> None:
        for panel in self.query(CodesHere):
            if panel.display:
                panel.show(named, chosen, self._rules(desk, coding))
        tree = self.query_one("#tree", CodeTree)
        if tree.display:
            tree.show(self._listed(desk))

    def _say_header(self) -> None:
        desk = self.desk
        if desk is None:
            return
        facts = Heading(
            document=desk.document.name,
            coder=desk.me.name,
            round=desk.round.name,
            blind=self.blind,
            codebook=desk.round.codebook_version,
            place=desk.place_of(self.text.position),
            read=desk.read_percent(self._furthest),
            saving=self.qualcode.saving,
            finished=desk.finished,
        )
        self.query_one("#header", Line).show(header(facts, self.size.width))

    def _say_status(self) -> None:
        desk = self.desk
        if desk is None:
            return
        position, span = self.text.position, self.text.selection
        mode = "SELECT" if span is not None else "READ"
        facts = desk.who_when(position)
        if span is not None:
            facts = [*facts, desk.measure(span)]
        at = desk.view.at(position)
        odd = odd_character((desk.view.cut(at) or " ")[0])
        only = self.text.only_code
        facts = [*([f"only {desk.code(only).name}"] if only else []), *facts]
        facts += [odd] if odd else []
        self.query_one("#status", Line).show(status(mode, facts, self._note, self.size.width))

    def _say_keys(self) -> None:
        bound = {a.binding.id: a.binding for a in reversed(self.active_bindings.values())}
        finished = self._told_finished = self.desk is not None and self.desk.finished
        words = _SHORT | ({"work.finish": "open again"} if finished else {})
        keys = [
            (_footer_key(binding), words.get(id_, binding.description))
            for id_ in (FINISHED_FOOTER if finished else FOOTER)
            if (binding := bound.get(id_)) is not None
        ]
        self.query_one("#keys", Line).show(footer(keys, self.size.width))

    def _listed(self, desk: Desk) -> list[ListedCode]:
        used = counts(coding.code_id for coding in desk.mine())
        depth = depths(desk.codes)
        return [
            ListedCode(desk.code(c.id), depth[c.id], c.codable, used.get(c.id, 0))
            for c in desk.codes
        ]

    def _rules(self, desk: Desk, coding: Coding | None) -> Content:
        if coding is None:
            return NOTHING
        code = next((c for c in desk.codes if c.id == coding.code_id), None)
        if code is None:
            return literal(f"{desk.code(coding.code_id).name} is not in this codebook.")
        return rules_of(code, desk.code(code.id), path(code, desk.codes))

    # Moving and looking

    def action_uncoded(self, step: int) -> None:
        """Go to the next, or previous, participant's turn without a coding of mine."""
        desk = self.desk
        if desk is None:
            return
        position = self.text.position
        starts = [block.start for block in desk.uncoded()]
        ahead = [s for s in starts if (s > position if step > 0 else s < position)]
        if ahead:
            self.text.go_to(ahead[0] if step > 0 else ahead[-1])
        elif starts:
            self.note(f"No uncoded turn {'below' if step > 0 else 'above'}; {len(starts)} in all.")
        else:
            self.note("Every turn has a coding of yours.")

    def action_go_to(self) -> None:
        """Ask where to go."""
        prompt = literal("Go to turn (26), time (07:34) or offset (@5065)")
        self.app.push_screen(Ask(prompt), self._go)

    def _go(self, typed: str | None) -> None:
        if typed is None or self.desk is None:
            return
        found = destination(typed, self.desk.view)
        if isinstance(found, str):
            self.note(found)
        else:
            self.text.go_to(found)

    def action_suggestions(self) -> None:
        """Show which sentences are like passages coded already."""
        from qualcode.tui.suggestions import SuggestionsScreen

        desk = self._writable()
        if desk is not None:
            self.app.push_screen(SuggestionsScreen(desk.document.id, desk.document.name))

    def action_codes(self) -> None:
        """Show the code list: the panel where there is room, else a sheet to choose from."""
        desk = self.desk
        if desk is None:
            return
        if self.size.width >= 100:
            self._tree_wanted = not self._tree_wanted
            self._lay_out()
        else:
            sheet = CodeSheet(literal("Codes"), self._listed(desk))
            self.app.push_screen(sheet, self._from_sheet)

    def _from_sheet(self, code_id: str | None) -> None:
        if code_id is not None:
            self.apply_listed(code_id)

    def action_rules(self) -> None:
        """Show the rules of the code here; of all codes where nothing is coded."""
        desk = self.desk
        if desk is None:
            return
        codings = self.text.codings_here()
        focused = self.text.focused_coding
        ordered = [*(c for c in codings if focused and c.id == focused.id), *codings]
        ids = list(dict.fromkeys(c.code_id for c in ordered))
        codes = [c for i in ids for c in desk.codes if c.id == i] or list(desk.codes)
        rules = [rules_of(c, desk.code(c.id), path(c, desk.codes)) for c in codes]
        self.app.push_screen(Sheet(literal("Rules"), Content("\n\n").join(rules)))

    def action_history(self) -> None:
        """Show what this coder did, latest first."""
        coder = self.qualcode.coder

        def question(project: Project) -> str:
            words = project.layer.words
            lines = [
                f"{act.at[:16].replace('T', ' ')}  {act.verb}"
                + (f": {words(act.summary)}" if act.summary else "")
                + ("  (undone)" if act.undone else "")
                for act in project.history.log()
                if act.coder == coder
            ]
            return "\n".join(lines) or "Nothing yet."

        self.qualcode.read(question, self._show_history)

    def _show_history(self, lines: str) -> None:
        self.app.push_screen(Sheet(literal("What I did"), literal(lines)))

    def action_back(self) -> None:
        """Go back to the documents, or the list of places this was opened from."""
        if isinstance(self.app.screen_stack[-2], ListScreen):
            self.app.pop_screen()
        else:
            self.qualcode.action_project()

    # Overrides for the acts

    def summary(self, desk: Desk) -> str:
        """What a coder should know before saying *finished*."""
        uncoded, mine = len(desk.uncoded()), len(desk.mine())
        version = desk.round.codebook_version
        return "\n".join(
            [
                f"turns never reached    {desk.unreached(self._furthest)}",
                f"turns without a code   {uncoded}",
                f"codings of yours       {mine}",
                f"codebook               {version or 'open, no version pinned'}",
                "",
                "Where you applied no code, your record will say absent.",
                "The document can then be read, not coded; F opens it again.",
            ]
        )

    def room_off(self, span: Span) -> tuple[bool, int]:
        """Whether there is more room above a passage than below it, and how many rows."""
        top = self.text.region.y  # the header is above it, and stays
        above = self.text.row_on_screen(span.start)
        below = self.size.height - 1 - (top + self.text.row_on_screen(span.stop - 1))
        return above > below, max(above, below)

    def keep_place(self) -> None:
        """Store how far the coder has read and where the cursor is, outside the project."""
        if self._places is None or self.desk is None:
            return
        place = Place(self._furthest, self._position)
        try:
            self._places.put(self.desk.document.id, self.desk.round.id, place)
        except OSError:  # no room or no right to write there: only the place is lost
            self.qualcode.tell("How far you have read could not be kept on this computer.")


def _footer_key(binding: Binding) -> str:
    """How the footer calls a key, shortly: ``1-9``, ``tab``, ``^p``; letters keep their case."""
    if binding.id == "code.quick_1" and binding.key == "1":
        return "1-9"
    name = key_name(binding.key)
    return name if len(name) == 1 else name.lower().replace("ctrl+", "^")
