"""What a coder does to a document: each act from key to intent, to the writer, to what is drawn.

Nothing is drawn before it is stored. Whatever may have changed meanwhile (a toggle, a mark, an
end that is being nudged) is decided inside the act, from what is stored then.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from qualcode.model import Code, Coding, Span, Valence
from qualcode.project import Project
from qualcode.text.safe import shown
from qualcode.tui.codes import path
from qualcode.tui.desk import Desk, nudged, read_codings
from qualcode.tui.literal import clipped, literal
from qualcode.tui.screen import QualcodeScreen
from qualcode.tui.widgets.code_picker import Choice, CodePicker, PickerCode
from qualcode.tui.widgets.codes_here import rules_of
from qualcode.tui.widgets.confirm import AskKey
from qualcode.tui.widgets.transcript_view import TranscriptView

T = TypeVar("T")

VALENCES: tuple[Valence | None, ...] = (None, "facilitator", "barrier", "mixed")
LONGEST_NAME = 60


class CodingActs(QualcodeScreen):
    """The acts; ``CodingScreen`` adds what is seen."""

    def __init__(self) -> None:
        super().__init__()
        self.desk: Desk | None = None
        self.recent: list[str] = []
        """Ids of the codes applied here, latest first."""

        self._wanted: dict[str, Span] = {}
        """Where codings that are being nudged are to end up, by id."""

    @property
    def text(self) -> TranscriptView:
        """The transcript."""
        return self.query_one(TranscriptView)

    def note(self, words: str) -> None:
        """Say something in the status line."""
        raise NotImplementedError

    def redraw(self) -> None:
        """Have the lines and panels around the text follow soon."""
        raise NotImplementedError

    def reload(self, said: str = "", *, focus: str | None = None) -> None:
        """Read the document anew, then say what was done, with a coding in focus."""
        raise NotImplementedError

    # Apply

    def action_quick(self, key: str) -> None:
        """Apply the code with this key; the same stretch again removes it."""
        desk = self._writable()
        if desk is None:
            return
        code_id = next((c.id for c in desk.codes if desk.code(c.id).key == key), None)
        if code_id is None:
            self.note(f"No code has the key {shown(key)}.")
        else:
            self._apply(desk, code_id, toggle=True)

    def action_by_key(self) -> None:
        """Wait for the key of a code."""
        if self._writable() is not None:
            prompt = literal("Key of the code to apply")
            self.app.push_screen(
                AskKey(prompt), lambda key: self.action_quick(key) if key else None
            )

    def action_pick(self) -> None:
        """Choose the code by a few of its letters."""
        desk = self._writable()
        if desk is None:
            return
        span = self.text.target()
        if span is None:
            self.note("There is no text here to code.")
            return
        self._pick(desk, "Apply to", span, lambda choice: self._chosen_code(desk, choice, span))

    def action_repeat(self) -> None:
        """Apply the code used last."""
        desk = self._writable()
        if desk is None:
            return
        there = {code.id for code in desk.codes}
        recent = next((code_id for code_id in self.recent if code_id in there), None)
        if recent is not None:
            self._apply(desk, recent, toggle=False)
        else:
            self.note("No code was applied here yet.")

    def apply_listed(self, code_id: str) -> None:
        """Apply a code that was chosen from the code list."""
        desk = self._writable()
        if desk is not None:
            self._apply(desk, code_id, toggle=True)

    def _chosen_code(self, desk: Desk, choice: Choice | None, span: Span) -> None:
        if choice is None:
            return
        if choice.code_id is not None:
            self._apply(desk, choice.code_id, toggle=False, span=span)
            return
        name = choice.new_name.strip()[:LONGEST_NAME]
        me, round_id, document_id = desk.me, desk.round.id, desk.document.id
        known = next((c for c in desk.codes if c.title.casefold() == name.casefold()), None)
        if known is not None:
            self._apply(desk, known.id, toggle=False, span=span)
            return
        new = new_code(name, {c.code for c in desk.codes})

        def act(project: Project) -> tuple[Coding, str]:
            made = project.codings.apply_new(document_id, span, new, by=me, round_id=round_id)
            return made, project.layer.words(name)

        def drawn(result: tuple[Coding, str]) -> None:
            made, shown_name = result
            self._remember(made.code_id)
            self.reload(f"New code: {shown_name}", focus=made.id)

        self.qualcode.write(act, drawn, refused=self.reload)

    def _apply(self, desk: Desk, code_id: str, *, toggle: bool, span: Span | None = None) -> None:
        span = span or self.text.target()
        if span is None:
            self.note("There is no text here to code.")
            return
        me, round_id, document_id = desk.me, desk.round.id, desk.document.id
        if not toggle and any((c.span, c.code_id) == (span, code_id) for c in desk.mine()):
            self.note(f"Already there: {desk.code(code_id).name}")
            return
        where = span
        self._remember(code_id)

        def act(project: Project) -> tuple[Coding | None, Coding | None]:
            codings = project.codings
            if toggle:
                return codings.toggle(document_id, where, code_id, by=me, round_id=round_id)
            return codings.apply(document_id, where, code_id, by=me, round_id=round_id), None

        def drawn(result: tuple[Coding | None, Coding | None]) -> None:
            applied, removed = result
            if removed is not None:
                self._draw(desk, "Removed", removed, gone=True)
            if applied is not None:
                self._draw(desk, "Applied", applied)

        self._write(desk, act, drawn)

    # Change a coding

    def action_remove(self) -> None:
        """Remove the coding in question."""
        self.once_saved(self._remove)

    def _remove(self) -> None:
        found = self._mine_here()
        if found is None:
            return
        desk, coding = found

        def act(project: Project) -> Coding:
            now = project.codings.get(coding.id)
            project.codings.remove(coding.id, by=desk.me, rev=now.rev)
            return now

        self._write(desk, act, lambda gone: self._draw(desk, "Removed", gone, gone=True))

    def action_recode(self) -> None:
        """Choose another code for the coding in question."""
        self.once_saved(self._recode)

    def _recode(self) -> None:
        found = self._mine_here()
        if found is None:
            return
        desk, coding = found

        def chosen(choice: Choice | None) -> None:
            if choice is None or choice.code_id is None or choice.code_id == coding.code_id:
                return
            code_id = choice.code_id
            if self._twice(desk, coding.id, coding.span, code_id):
                return

            def act(project: Project) -> Coding:
                now = project.codings.get(coding.id)
                return project.codings.recode(coding.id, code_id, by=desk.me, rev=now.rev)

            self._remember(code_id)
            self._write(desk, act, lambda now: self._draw(desk, "Recoded", now))

        self._pick(desk, "Recode", coding.span, chosen, only=True)

    def action_mark(self, mark: str) -> None:
        """Set or take away ``exemplar`` or ``disconfirming``; step ``valence`` on."""
        self.once_saved(partial(self._mark, mark))

    def _mark(self, mark: str) -> None:
        found = self._mine_here()
        if found is None:
            return
        desk, coding = found

        def act(project: Project) -> Coding:
            now = project.codings.get(coding.id)
            if mark == "valence":
                following = VALENCES[(VALENCES.index(now.valence) + 1) % len(VALENCES)]
                marks: dict[str, Any] = {"valence": following}
            else:
                marks = {mark: not getattr(now, mark)}
            return project.codings.mark(coding.id, by=desk.me, rev=now.rev, **marks)

        def drawn(now: Coding) -> None:
            value = (now.valence or "none") if mark == "valence" else getattr(now, mark)
            word = value if mark == "valence" else ("yes" if value else "no")
            self._draw(desk, f"{mark.capitalize()}: {word}", now)

        self._write(desk, act, drawn)

    def action_nudge(self, edge: str, step: int) -> None:
        """Move an end of the coding in question by a word; presses that wait become one act."""
        if self._wanted:
            self._nudge(edge, step)
        else:
            self.once_saved(partial(self._nudge, edge, step))

    def _nudge(self, edge: str, step: int) -> None:
        found = self._mine_here()
        if found is None:
            return
        desk, coding = found
        span = nudged(desk.view, self._wanted.get(coding.id, coding.span), edge, step)
        if span is None:
            self.note("It cannot be moved further.")
            return
        if self._twice(desk, coding.id, span, coding.code_id):
            return
        waiting = coding.id in self._wanted
        self._wanted[coding.id] = span
        if not waiting:
            self._send_nudge(desk, coding.id)

    def _send_nudge(self, desk: Desk, coding_id: str) -> None:
        span = self._wanted[coding_id]

        def act(project: Project) -> Coding:
            now = project.codings.get(coding_id)
            return project.codings.resize(coding_id, span, by=desk.me, rev=now.rev)

        def drawn(coding: Coding) -> None:
            self._draw(desk, "Moved", coding)
            if self._wanted.get(coding_id, span) == span:
                self._wanted.pop(coding_id, None)
            else:
                self._send_nudge(desk, coding_id)

        def refused() -> None:
            self._wanted.pop(coding_id, None)
            self.refresh_codings()

        self.qualcode.write(act, drawn, refused=refused)

    # Shared

    def once_saved(self, act: Callable[[], None]) -> None:
        """Do something that depends on what is shown, once all that was asked before is shown.

        Left undone, and said so, if the coder has gone on to another place by then.
        """
        if not self.qualcode.busy:
            act()
            return
        here = (self.text.position, self.text.selection)

        def then(_: None) -> None:
            if self.left:
                self.qualcode.refuse("Not done: you had left the document before it was stored.")
            elif (self.text.position, self.text.selection) == here:
                act()
            else:
                self.note("Not done: you had gone on before the act before it was stored.")

        self.qualcode.write(lambda _: None, then)

    def refresh_codings(self) -> None:
        """Show the codings as they are stored: what was shown may be out of date."""
        desk = self.desk
        if desk is not None:
            round_id, document_id, me = desk.round.id, desk.document.id, desk.me
            self.qualcode.read(
                lambda project: read_codings(project, round_id, document_id, me),
                lambda found: self.draw_codings(desk, *found),
            )

    def draw_codings(self, desk: Desk, codings: dict[str, Coding], finished: bool) -> None:
        """Bring what is drawn in line with these codings."""
        if desk is not self.desk or self.left:
            return
        for gone in [i for i in desk.codings if i not in codings]:
            self.text.discard(gone)
        for coding in codings.values():
            if coding.id not in desk.codings:
                self.text.add(coding)
            elif coding != desk.codings[coding.id]:
                self.text.replace(coding)
        desk.codings, desk.finished = codings, finished
        self.redraw()

    def _draw(self, desk: Desk, word: str, coding: Coding, *, gone: bool = False) -> None:
        if desk is not self.desk or self.left:
            return  # left, or read anew, which has it already
        had_focus = self.text.focused_coding
        if gone:
            desk.codings.pop(coding.id, None)
            self.text.discard(coding.id)
        elif coding.id in desk.codings:
            desk.codings[coding.id] = coding
            self.text.replace(coding)
        else:
            desk.codings[coding.id] = coding
            self.text.add(coding)
        if had_focus is not None and had_focus.id == coding.id and not gone:
            self.text.focus_coding(coding.id)  # it may have been moved from under the cursor
        self.note(f"{word}: {desk.speak_of(coding)}")
        self.redraw()

    def _write(self, desk: Desk, act: Callable[[Project], T], drawn: Callable[[T], None]) -> None:
        self.qualcode.write(act, drawn, refused=self.refresh_codings)

    def _writable(self) -> Desk | None:
        """The desk, where it may be coded on; else says why not."""
        if self.desk is not None and self.desk.finished:
            self.note("This document is finished, so it is read only. F opens it again.")
            return None
        return self.desk

    def _mine_here(self) -> tuple[Desk, Coding] | None:
        """The coding that an act is about: the focused one, else this coder's shortest here."""
        desk = self._writable()
        if desk is None:
            return None
        focused = self.text.focused_coding
        coding = desk.codings.get(focused.id) if focused is not None else None
        if coding is not None and coding.coder_id != desk.me.id:
            self.note("That coding is another coder's; only they can change it.")
            return None
        if coding is None:
            here = [c for c in self.text.codings_here() if c.coder_id == desk.me.id]
            coding = min(here, key=lambda c: (len(c.span), c.id), default=None)
        if coding is None:
            self.note("You have no coding here.")
            return None
        return desk, coding

    def _twice(self, desk: Desk, coding_id: str, span: Span, code_id: str) -> bool:
        """Whether a change would leave two codings that are the same; says so."""
        same = any((c.span, c.code_id) == (span, code_id) for c in desk.mine() if c.id != coding_id)
        if same:
            name = desk.code(code_id).name
            self.note(f"Not changed: your other {name} covers exactly these words.")
        return same

    def _remember(self, code_id: str) -> None:
        self.recent = [code_id, *(other for other in self.recent if other != code_id)]

    def _pick(
        self,
        desk: Desk,
        word: str,
        span: Span,
        chosen: Callable[[Choice | None], None],
        *,
        only: bool = False,
    ) -> None:
        """Open the picker off the passage; ``only`` where one code of the codebook is wanted."""
        codes = [
            PickerCode(
                desk.code(code.id), path(code, desk.codes), rules_of(code, desk.code(code.id))
            )
            for code in desk.codes
            if code.codable
        ]
        excerpt = " ".join(desk.view.cut(span).split())
        at_top, room = self.room_off(span)
        picker = CodePicker(
            literal(clipped(f"{word} “{excerpt}”", 64), "bold"),
            codes,
            recent=self.recent,
            at_top=at_top,
            room=room,
            may_create=desk.may_create and not only,
            unknown=f"No code has these letters.{'' if only else ' Esc, then i: propose one.'}",
            keep_on=None if only else chosen,
        )
        self.app.push_screen(picker, chosen)

    def room_off(self, span: Span) -> tuple[bool, int]:
        """Whether there is more room above a passage than below it, and how many rows."""
        raise NotImplementedError


def new_code(name: str, taken: set[str]) -> Code:
    """Make a code of words found in a transcript, with a short name nobody else has."""
    short = re.sub(r"[^\w]+", "_", name.casefold()).strip("_")[:40] or "code"
    candidates = [short, *(f"{short}_{n}" for n in range(2, len(taken) + 3))]
    code = next(c for c in candidates if c not in taken)
    return Code(id="", code=code, name=name, origin="emergent")
