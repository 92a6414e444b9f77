"""The import screen: each file as it was read, who speaks in it, and only then into the project."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.worker import get_current_worker

from qualcode.model import SpeakerRole
from qualcode.project import Project
from qualcode.text.plurals import counted
from qualcode.text.roster import LabelDecision
from qualcode.tui.candidates import (
    KINDS,
    Candidate,
    Known,
    Outcome,
    candidate,
    joined_by,
    known,
    linked,
    renamed,
    same_text,
    store,
    turned,
    with_role,
)
from qualcode.tui.folder import keep_folder
from qualcode.tui.keys import key
from qualcode.tui.label_acts import LabelScreen
from qualcode.tui.literal import literal
from qualcode.tui.preview_text import preview_text
from qualcode.tui.widgets.confirm import Confirm
from qualcode.tui.widgets.file_strip import MARKS, strip
from qualcode.tui.widgets.label_table import LabelRow, LabelTable, look_alikes, proposals_line
from qualcode.tui.widgets.name_picker import Named
from qualcode.tui.widgets.paper import NOTHING, Line, Paper
from qualcode.tui.widgets.sheet import Sheet


class ImportScreen(LabelScreen):
    """Look at each file, say who speaks, confirm; the last one confirmed stores them all."""

    AUTO_FOCUS = "LabelTable"
    FOOTER = ("import.confirm", "label.rename", "label.who", "label.merge", "label.kind",
              "label.role", "label.link", "import.next", "history.undo", "import.leave_out",
              "import.kind", "import.all", "app.back", "help.show", "app.palette")  # fmt: skip
    BINDINGS: ClassVar[list[BindingType]] = [
        key(
            "import.confirm", "enter", "confirm", "confirm",
            "Confirm the file and go to the next; after the last: import", show=True,
        ),
        key("import.next", "n", "go(1)", "next file", "Next file", show=True),
        key("import.back", "p", "go(-1)", "file before", "The file before", show=True),
        key(
            "import.leave_out", "d", "leave_out", "leave out", "Leave the file out, or take it in",
            show=True,
        ),
        key(
            "import.kind", "t", "kind", "kind",
            "Kind of document: interview, focus-group, field-notes, document, none", show=True,
        ),
        key("import.all", "I", "import_all", "import all", "Import all files as they are now",
            show=True),
        key(
            "import.as_read", "a", "as_read", "as in the file",
            "Leave what is proposed (*): the label names its own speaker", show=True,
        ),
        key("history.undo", "u", "undo", "undo", "Undo my latest change to the labels", show=True),
        key("history.redo", "U,ctrl+r", "redo", "redo", "Redo what I undid"),
        key("view.page_down", "pagedown,space", "page(1)", "Page down", "The preview: a page down"),
        key("view.page_up", "pageup", "page(-1)", "Page up", "The preview: a page up"),
        key("app.back", "q,escape", "back", "back", "Back to the documents; nothing is imported",
            show=True),
    ]  # fmt: skip

    class FileRead(Message):
        """A file has been read, or cannot be."""

        def __init__(self, read: Candidate) -> None:
            super().__init__()
            self.read = read

    def __init__(self, files: Sequence[Path]) -> None:
        super().__init__()
        self._files = [Candidate(path) for path in files]
        self._at = 0
        self._known: Known | None = None
        self._unread = len(files)
        self._waiting = 0
        self._outcomes: list[Outcome] = []
        self._stop = False

    @property
    def waits(self) -> bool:
        """Whether files are still being read."""
        return self._unread > 0

    @property
    def loses(self) -> str:
        """What was decided here, where it has not been asked to be stored."""
        decided = any(one.past or one.state == "confirmed" for one in self._files)
        lost = decided and not self._waiting and not self._outcomes
        return "What you decided about the speakers of these files would be lost." if lost else ""

    @property
    def _here(self) -> Candidate:
        return self._files[self._at]

    def compose(self) -> ComposeResult:
        yield Line(literal("Import: reading …"), id="header")
        yield Line(id="strip")
        yield LabelTable(id="labels")
        yield Paper(id="proposed")
        yield Paper(id="alike")
        with VerticalScroll(id="preview", can_focus=False):
            yield Paper(id="preview-text")
        yield Line(id="status")
        yield Line(id="keys")

    def on_mount(self) -> None:
        """Ask what the project knows of labels, then read; the frame is drawn meanwhile."""
        coder = self.qualcode.coder
        self.qualcode.read(lambda project: known(project, coder), self._begin)

    def on_resize(self) -> None:
        """Fit the lines."""
        self._show()

    # Reading

    def _begin(self, about: Known) -> None:
        if not self.left:
            self._known = about
            self._read([one.path for one in self._files], about.labels)

    @work(thread=True)
    def _read(self, paths: Sequence[Path], labels: frozenset[str]) -> None:
        worker = get_current_worker()
        for path in paths:
            if worker.is_cancelled:
                return
            self.post_message(self.FileRead(candidate(path, labels)))

    def on_import_screen_file_read(self, event: FileRead) -> None:
        """Show what was read, if it is the file looked at."""
        if self.left or self._known is None:
            return
        read = event.read
        self._files = [read if one.path == read.path else one for one in self._files]
        self._unread -= 1
        read.propose(self._known, self._batch())
        if read is self._here:
            self._show()
        else:
            self._say()
        if not self.waits:
            self.note_row()

    def _batch(self) -> Iterable[LabelDecision]:
        """What was decided about the files confirmed so far."""
        return [d for one in self._files if one.state == "confirmed" for d in one.confirmed()]

    # Going from file to file

    def action_go(self, step: int) -> None:
        """Look at the next file, or the one before."""
        self._at = (self._at + step) % len(self._files)
        self._look_again()

    def action_leave_out(self) -> None:
        """Leave this file out, or take it in after all."""
        here = self._here
        if self._idle() and here.state != "unreadable":
            here.state = "open" if here.state == "left out" else "left out"
            self.note(f"{here.name} is {'left out' if here.state == 'left out' else 'in again'}.")
            self._say()

    def action_kind(self) -> None:
        """Say what kind of document it will be."""
        here = self._here
        if self._idle() and here.found is not None and not here.found.survey:
            here.kind = KINDS[(KINDS.index(here.kind) + 1) % len(KINDS)]
            self._say()

    def action_confirm(self) -> None:
        """Confirm this file and go to the next that is not; after the last, import."""
        here = self._here
        if not self._idle():
            return
        if here.found is None and here.state != "unreadable":
            self.note("This file is still being read.")
            return
        if here.state == "open":
            here.state = "confirmed"
        left = [n for n, one in enumerate(self._files) if one.state == "open"]
        if left:
            self._at = next((n for n in left if n > self._at), left[0])
            self._look_again()
        else:
            self._import()

    def action_import_all(self) -> None:
        """Import the files as they are now; asks where some were not looked at."""
        if not self._idle():
            return
        if self.waits:
            self.note("Files are still being read.")
            return
        unseen = [one.name for one in self._files if one.state == "open" and one is not self._here]
        if not unseen:
            self._import()
            return
        question = Confirm(
            literal(f"Import {counted(len(self._chosen()), 'file')}?"),
            literal(
                f"Not confirmed: {', '.join(unseen)}.\nNothing proposed (*) is taken there: labels"
                " stand as in the file or as decided before; s on the project screen changes them."
            ),
            literal("import"),
        )
        self.app.push_screen(question, lambda yes: self._import() if yes else None)

    def _look_again(self) -> None:
        """Show the file gone to; what others taught meanwhile is proposed for it."""
        here = self._here
        if self._known is not None and here.state == "open" and not here.past:
            here.propose(self._known, self._batch())
        self.query_one("#preview", VerticalScroll).scroll_home(animate=False)
        self._told = ("", "")
        self._show(anew=True)

    # Importing

    def _chosen(self) -> list[Candidate]:
        return [one for one in self._files if one.state in ("open", "confirmed")]

    def _idle(self) -> bool:
        """Whether nothing is being imported; says so where something is."""
        if self._waiting:
            self.note("The files are being imported; q stops after the one at hand.")
        return not self._waiting

    def _import(self) -> None:
        about, chosen = self._known, self._chosen()
        if self._here.state == "open":
            self._here.state = "confirmed"  # it is what was looked at
        if about is None or not chosen:
            self.note("There is no file to import.")
            return
        self._waiting, self._outcomes, self._stop = len(chosen), [], False
        for one in chosen:
            self.qualcode.write(self._storing(one, about), self._stored)
        self._say_progress()

    def _storing(self, one: Candidate, about: Known) -> Callable[[Project], Outcome]:
        def act(project: Project) -> Outcome:
            if self._stop:
                return Outcome(one.path, problem="Left out: the import was stopped.")
            return store(project, one, about.me)

        return act

    def _stored(self, outcome: Outcome) -> None:
        self._outcomes.append(outcome)
        self._waiting -= 1
        if self._waiting:
            self._say_progress()
        else:
            self._finish()

    def _say_progress(self) -> None:
        if not self.left:
            done, total = len(self._outcomes), len(self._outcomes) + self._waiting
            bar = "█" * (20 * done // total) + "░" * (20 - 20 * done // total)
            self.note(f"importing {bar} {done} of {total}")

    def _finish(self) -> None:
        """Go back to the documents and tell what became of the files."""
        unread = [Outcome(o.path, problem=o.problem) for o in self._files if o.problem]
        failed = [outcome for outcome in [*self._outcomes, *unread] if outcome.added is None]
        stored = [outcome for outcome in self._outcomes if outcome.added is not None]
        if stored:
            self._remember(stored[0].path.parent)
            told = f"{counted(len(stored), 'file')} imported; u takes the last one back."
            self.qualcode.tell("\n".join([told, *_remarks(stored)]))
        if not self.left:
            self.qualcode.show_documents()
        if failed:
            lines = [f"{outcome.path.name}\n  {outcome.problem}" for outcome in failed]
            title = f"Not imported: {counted(len(failed), 'file')} of {len(stored) + len(failed)}"
            self.qualcode.messages.append(("error", "\n".join([title, *lines])))
            self.app.push_screen(Sheet(literal(title), literal("\n\n".join(lines))))

    def _remember(self, folder: Path) -> None:
        """Begin the project's next import where these files lay."""

        def remember(project: Project) -> str:
            try:
                keep_folder(project.id, folder)
            except OSError:  # only the convenience is lost
                return "The folder could not be remembered for the next import."
            return ""

        self.qualcode.read(
            remember, lambda problem: self.qualcode.tell(problem) if problem else None
        )

    def action_back(self) -> None:
        """Go back; asks where decisions would be lost. While importing, stop after this file."""
        if self._waiting:
            self._stop = True
            self.note("Stopping after the file that is being imported …")
        elif self.loses:
            question = Confirm(
                literal("Leave without importing?"),
                literal(self.loses),
                literal("leave"),
            )
            self.app.push_screen(
                question, lambda yes: self.qualcode.show_documents() if yes else None
            )
        else:
            self.qualcode.show_documents()

    # Labels

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what can be done: of one file there is no next."""
        if action in ("go", "import_all"):
            return len(self._files) > 1
        return super().check_action(action, parameters)

    def may_change(self) -> bool:
        return self._idle()

    def others(self, row: LabelRow) -> list[Named]:
        about = self._known
        roster = {} if about is None else {s.name: "in the project" for s in about.roster.values()}
        here = dict.fromkeys(self._here.speakers(), "in this file")
        return [Named(n, n, why) for n, why in {**roster, **here}.items() if n != row.speaker]

    def people(self) -> list[Named]:
        stored = [] if self._known is None else self._known.participants
        new = [d.participant for one in self._files for d in one.decisions if d.participant]
        return [Named(label) for label in dict.fromkeys([*stored, *sorted(new)])]

    def rename(self, row: LabelRow, name: str) -> None:
        self._rename(row, name, f"{row.speaker} is now {name}.")

    def merge(self, row: LabelRow, into: str) -> None:
        self._rename(row, into, f"{row.speaker} is {into}.")

    def _rename(self, row: LabelRow, name: str, words: str) -> None:
        if self._known is not None:
            self._changed(self._here.change(renamed(row.speaker, name, self._known)), words)

    def rejoin(self, row: LabelRow, names: Sequence[str]) -> None:
        if self._known is not None:
            change = joined_by(row.key, names, self._known)
            words = f"“{row.label}”: {', '.join(names)}."
            self._changed(self._here.change(change), words)

    def turn(self, row: LabelRow) -> None:
        speaks = row.kind == "not a speaker"
        words = (
            "is a speaker again" if speaks else "is not a speaker; its words join the turn before"
        )
        self._changed(self._here.change(turned(row.key)), f"“{row.label}” {words}.")

    def set_role(self, row: LabelRow, role: SpeakerRole) -> None:
        self._changed(self._here.change(with_role(row.speaker, role)), f"{row.speaker}: {role}")

    def link(self, row: LabelRow, participant: str | None) -> None:
        roster = {} if self._known is None else self._known.roster
        stored = roster.get(row.speaker.casefold())
        if participant is None and stored is not None and stored.participant:
            self.note(f"{row.speaker} is linked in the project; s there takes a link away.")
            return
        words = f"{row.speaker} is participant {participant}." if participant else "No link now."
        self._changed(self._here.change(linked(row.speaker, participant)), words)

    def action_as_read(self) -> None:
        """Leave what is proposed for the label at the cursor."""
        row, about = self.query_one(LabelTable).row_here, self._known
        if row is None or about is None or not self.may_change():
            return
        if row.why:
            words = f"“{row.label}” names its own speaker."
            self._changed(self._here.leave(row.key, about), words)
        else:
            self.tell_of_row("Nothing is proposed for this label.")

    def action_undo(self) -> None:
        """Take back the last change to this file's labels."""
        self._changed(self._here.undo(), "Undone.", otherwise="There is no change to undo here.")

    def action_redo(self) -> None:
        """Change again what was taken back."""
        self._changed(self._here.redo(), "Redone.", otherwise="There is nothing to redo here.")

    def _changed(self, changed: bool, words: str, *, otherwise: str = "") -> None:
        if changed:
            if self._here.state == "confirmed":
                self._here.state = "open"
            self._show()
        self.tell_of_row(words if changed else otherwise or "Nothing changes.")

    # Saying

    def action_page(self, pages: int) -> None:
        """Scroll the preview."""
        scroll = self.query_one("#preview", VerticalScroll)
        scroll.scroll_relative(y=pages * max(scroll.size.height - 1, 1), animate=False)

    def _show(self, *, anew: bool = False) -> None:
        """Show the file looked at: its labels and its preview."""
        here, about = self._here, self._known
        table, alike = self.query_one(LabelTable), self.query_one("#alike", Paper)
        rows = here.rows()
        table.display = bool(rows)
        table.show(rows, anew=anew)
        if rows and self.focused is None:
            table.focus()  # a file without labels had hidden it
        pairs = here.look_alikes(about) if about is not None else []
        alike.display = bool(pairs)
        alike.show(look_alikes(pairs))
        proposed = self.query_one("#proposed", Paper)
        proposed.display = bool(here.why)
        proposed.show(proposals_line(here.proposed(), self.size.width))
        self.query_one("#preview-text", Paper).show(self._preview())
        self.note_row()
        self._say()

    def _preview(self) -> Content:
        here = self._here
        if here.problem:
            return Content.assemble(
                literal("This file cannot be read.", "bold"), "\n", literal(here.problem)
            )
        if here.found is None or self._known is None:
            return literal("reading …", "dim")
        same = same_text(here.found, self._known)
        words = here.found.named[0].reading.text if here.found.named else ""
        return preview_text(here.found.preview, words, same, self.size.width - 2)

    def _say(self) -> None:
        here = self._here
        place = f"{self._at + 1} of {len(self._files)}" if len(self._files) > 1 else ""
        state = "" if here.state == "open" else here.state.upper()
        kind = f"kind {here.kind}" if here.kind else ""
        self.say_header(f"Import {here.name}", *filter(None, (place, kind, state)))
        line = self.query_one("#strip", Line)
        line.display = len(self._files) > 1
        marks = [(one.name, self._mark(one)) for one in self._files]
        line.show(strip(marks, self._at, self.size.width) if line.display else NOTHING)
        if self.waits:
            self.note(f"reading {len(self._files) - self._unread} of {len(self._files)} …")
        self.say_keys()

    def _mark(self, one: Candidate) -> str:
        return MARKS["unread" if one.found is None and not one.problem else one.state]


def _remarks(stored: Sequence[Outcome]) -> list[str]:
    """What is worth knowing of files that were stored: names that were taken, answers there."""
    found = []
    for outcome in stored:
        added = outcome.added
        if added is None:
            continue
        if len(added.documents) == 1 and added.documents[0].name != outcome.path.stem:
            name = added.documents[0].name
            found.append(f"There is a {outcome.path.stem} already; this one is “{name}”.")
        if added.there:
            answers = counted(added.there, "answer was", "answers were")
            found.append(f"{outcome.path.name}: {answers} here already.")
        if added.differing:
            n = counted(len(added.differing), "value")
            found.append(f"{outcome.path.name}: {n} of participants differ; those stored stay.")
    return found
