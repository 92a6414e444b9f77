"""What a coder writes beside the codings: memos, new codes; and undo, redo, the finished mark."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from qualcode.model import Coding, LoggedAction, Memo, MemoKind
from qualcode.project import Project
from qualcode.tui.acts import LONGEST_NAME, CodingActs
from qualcode.tui.desk import Desk, read_codings
from qualcode.tui.literal import clipped, literal
from qualcode.tui.widgets.code_picker import Choice
from qualcode.tui.widgets.confirm import Ask, Confirm
from qualcode.tui.widgets.memo_editor import MemoEditor


class RecordActs(CodingActs):
    """The acts of ``CodingActs`` and those on the record around the codings."""

    # New codes

    def action_in_vivo(self) -> None:
        """Make a code of the words themselves, or propose one where none may be made."""
        desk = self._writable()
        span = self.text.target()
        if desk is None or span is None:
            return
        words = " ".join(desk.view.cut(span).split())[:LONGEST_NAME]
        if desk.may_create:
            self.app.push_screen(
                Ask(literal("New code, named"), words),
                lambda name: self._chosen_code(desk, Choice(None, name), span) if name else None,
            )
            return
        version = desk.round.codebook_version
        why = "is blind" if version is None else f"keeps to codebook {version}"
        which = desk.kept_by if version is None and not desk.blind else desk.round.name
        heading = literal(f"Round {which} {why}: propose the code in a memo")
        editor = MemoEditor(heading, f"Proposed code: {words}", changed=True)
        self.app.push_screen(editor, partial(self._memo_written, desk, None, None, "proposed-code"))

    # Memos

    def action_memo_coding(self) -> None:
        """Write on the coding in question."""
        self.once_saved(self._memo_here)

    def _memo_here(self) -> None:
        found = self._mine_here()
        if found is not None:
            desk, coding = found
            self._memo(desk, f"Memo on {desk.speak_of(coding)}", coding.id)

    def action_memo_document(self) -> None:
        """Write on the document."""
        if self.desk is not None:
            self._memo(self.desk, f"Memo on {self.desk.document.name}", None)

    def _memo(self, desk: Desk, heading: str, coding_id: str | None) -> None:
        document_id = desk.document.id

        def question(project: Project) -> tuple[Memo | None, str]:
            if coding_id is not None:
                memos = project.memos.list(coding_id=coding_id)
            else:
                memos = project.memos.list(document_id=document_id)
            own = [m for m in memos if m.coder_id == desk.me.id and m.kind == "note"]
            on_it = [m for m in own if m.coding_id == coding_id]
            memo = on_it[-1] if on_it else None
            return memo, project.layer.words(memo.body) if memo is not None else ""

        def answered(found: tuple[Memo | None, str]) -> None:
            memo, body = found
            if self.app.screen is not self:
                return  # the coder has gone on: nothing is laid over what they look at now
            title = clipped(heading, 72)
            if memo is not None and memo.body != body:
                title = clipped(heading, 48) + "  names as their labels"
            editor = MemoEditor(literal(title, "bold"), body)
            self.app.push_screen(editor, partial(self._memo_written, desk, coding_id, memo, "note"))

        self.qualcode.read(question, answered)

    def _memo_written(
        self, desk: Desk, coding_id: str | None, memo: Memo | None, kind: MemoKind, body: str | None
    ) -> None:
        if body is None or (memo is None and not body):
            return
        document_id = desk.document.id if coding_id is None else None

        def act(project: Project) -> Coding | None:
            if memo is None:
                project.memos.write(
                    body, by=desk.me, kind=kind, document_id=document_id, coding_id=coding_id
                )
            elif body:
                project.memos.edit(memo.id, body, by=desk.me, rev=memo.rev)
            else:
                project.memos.remove(memo.id, by=desk.me)
            return project.codings.get(coding_id) if coding_id is not None else None

        def drawn(coding: Coding | None) -> None:
            self.note("Memo saved." if body else "Memo removed.")
            if coding is not None:
                self._draw(desk, "Memo saved" if body else "Memo removed", coding)

        self._write(desk, act, drawn)

    # History

    def action_undo(self) -> None:
        """Take back this coder's latest act."""
        self._step_back("Undone", lambda project, me: project.history.undo(me))

    def action_redo(self) -> None:
        """Do again what was taken back."""
        self._step_back("Redone", lambda project, me: project.history.redo(me))

    def _step_back(self, word: str, step: Callable[[Project, Any], LoggedAction]) -> None:
        desk = self.desk
        if desk is None:
            return
        round_id, document_id, me = desk.round.id, desk.document.id, desk.me

        def act(project: Project) -> tuple[str, str, bool, dict[str, Coding], bool]:
            codes = project.codebook.codes()
            done = step(project, me)
            what = project.layer.words(done.told)
            other_codes = project.codebook.codes() != codes
            return what, done.verb, other_codes, *read_codings(project, round_id, document_id, me)

        def drawn(result: tuple[str, str, bool, dict[str, Coding], bool]) -> None:
            what, verb, other_codes, codings, finished = result
            changed = [
                codings.get(i) or desk.codings[i]
                for i in {*codings, *desk.codings}
                if codings.get(i) != desk.codings.get(i)
            ]
            if len(changed) == 1:
                what = f"{desk.speak_of(changed[0])} ({verb})"
            self.draw_codings(desk, codings, finished)
            self.note(f"{word}: {what}")
            if other_codes or not changed:  # or a redaction, a finished mark, a memo
                self.reload(f"{word}: {what}")

        self.qualcode.write(act, drawn, refused=self.refresh_codings)

    # Progress

    def action_finish(self) -> None:
        """Declare the document finished, or open it again."""
        self.once_saved(self._finish)

    def _finish(self) -> None:
        desk = self.desk
        if desk is None:
            return
        me, round_id, document_id = desk.me, desk.round.id, desk.document.id
        if desk.finished:
            question = Confirm(
                literal("Open this document again?", "bold"),
                literal("You declared it finished. Opening it again stands in the history."),
                literal("open again"),
            )

            def act(project: Project) -> None:
                project.rounds.reopen_document(round_id, document_id, me.id, by=me)
        else:
            question = Confirm(
                literal(clipped(f"Declare {desk.document.name} finished?", 60), "bold"),
                literal(self.summary(desk)),
                literal("finished"),
            )

            def act(project: Project) -> None:
                project.rounds.finish(round_id, document_id, me.id, by=me)

        becomes = not desk.finished

        def drawn(_: None) -> None:
            desk.finished = becomes
            self.note("Declared finished; it can be read, not coded." if becomes else "Open again.")
            self.redraw()

        def answered(yes: bool | None) -> None:
            if yes:
                self.qualcode.write(act, drawn, refused=self.reload)

        self.app.push_screen(question, answered)

    def summary(self, desk: Desk) -> str:
        """What a coder should know before saying *finished*."""
        raise NotImplementedError

    def action_retry(self) -> None:
        """Try again to store what could not be."""
        self.qualcode.try_again()
