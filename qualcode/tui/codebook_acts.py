"""What can be done to the codebook on its screen: each act one action, said once it is stored."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from qualcode.model import Code
from qualcode.project import Project
from qualcode.store.codebook import next_label
from qualcode.tui.codebook_page import CodebookPage, Entry
from qualcode.tui.codes import HUE_NAMES, HUES
from qualcode.tui.list_screen import ListScreen
from qualcode.tui.literal import clipped, literal
from qualcode.tui.recoding import RecodingScreen
from qualcode.tui.widgets.confirm import Ask, AskKey, Confirm
from qualcode.tui.widgets.memo_editor import MemoEditor
from qualcode.tui.widgets.name_picker import Named, NamePicker

SEPARATOR = "\n\n"
"""Between two examples in the editor: one may have several lines."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a code, as it is chosen to be changed."""

    name: str
    words: str
    long: bool = False
    several: bool = False


FIELDS = (
    Field("name", "name"),
    Field("brief", "definition, in short", long=True),
    Field("full", "definition, in full", long=True),
    Field("use_when", "use when", long=True),
    Field("not_when", "do not use when", long=True),
    Field("example", "examples", long=True, several=True),
    Field("near_miss", "near misses", long=True, several=True),
    Field("code", "short name, in files and queries"),
    Field("kind", "kind: mechanism, context, outcome …"),
    Field("origin", "origin: a-priori or emergent"),
    Field("status", "status"),
    Field("codable", "can be applied"),
)


class CodebookActs(ListScreen):
    """The acts of the codebook screen."""

    page: CodebookPage | None = None

    @property
    def here(self) -> Entry | None:
        """The code at the cursor."""
        raise NotImplementedError

    def reload(self, *, at: str | None = None, said: str = "") -> None:
        """Read the codebook anew, go to a code, say something."""
        raise NotImplementedError

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer changes on the codebook as it is now; saving again needs something unsaved."""
        if action == "retry":
            return bool(self.qualcode.unsaved)
        changes = (
            "add", "rename", "set_key", "set_colour", "shift", "move_in", "move_out", "merge",
            "split", "review", "retire", "freeze", "history",
        )  # fmt: skip
        if action in changes and self.page is not None:
            anything = action in ("add", "history") or bool(self.page.entries)
            stays = action in ("review", "freeze", "history")  # changes no code
            return anything and not (self.page.frozen if stays else self.page.read_only)
        return super().check_action(action, parameters)

    # New codes and names

    def action_add(self, below: bool) -> None:
        """Make a code, beside the one at the cursor or under it."""
        here = self.here
        parent = None if here is None else (here.code.code if below else here.code.parent)
        under = "" if here is None or not below else f" under {here.code.title}"

        def named(name: str | None) -> None:
            if name is not None:
                code = Code("", name.replace(" ", "_"), name=name if " " in name else "",
                            parent=parent, origin="emergent")  # fmt: skip
                self._act(lambda project, me: project.codebook.add([code], by=me)[0].id,
                          f"New code: {name}")  # fmt: skip

        self.app.push_screen(Ask(literal(clipped(f"New code{under}, named", 70))), named)

    def action_rename(self) -> None:
        """Give the code at the cursor another name; its short name stays."""
        self._field(FIELDS[0])

    def edit(self) -> None:
        """Choose a field of the code at the cursor and change it."""
        entry = self.here
        if entry is None or self.page is None or self.page.read_only:
            return
        rows = [Named(one.name, one.words, first_line(value_of(entry.code, one))) for one in FIELDS]
        title = literal(clipped(f"Change which field of {entry.code.title}?", 56), "bold")

        def chosen(name: str | None) -> None:
            field = next((one for one in FIELDS if one.name == name), None)
            if field is not None:
                self._field(field)

        self.app.push_screen(NamePicker(title, rows), chosen)

    def _field(self, field: Field) -> None:
        entry = self.here
        if entry is None:
            return
        code = entry.code
        before = value_of(code, field)
        heading = clipped(f"{code.title}: {field.words}", 60)
        if field.name == "codable":
            words = "a heading, not applied" if code.codable else "can be applied"
            self._edit(code, {"codable": not code.codable}, f"{code.title}: {words}")
        elif field.long:
            more = "  (a blank line between two)" if field.several else ""
            editor = MemoEditor(literal(heading + more, "bold"), before)
            self.app.push_screen(editor, partial(self._written, code, field))
        else:
            shown = code.title if field.name == "name" else before
            self.app.push_screen(Ask(literal(heading), shown), partial(self._written, code, field))

    def _written(self, code: Code, field: Field, words: str | None) -> None:
        if words is None:
            return
        value: Any = words
        if field.several:
            value = tuple(part.strip() for part in words.split(SEPARATOR) if part.strip())
        which = field.words.partition(":")[0]
        self._edit(code, {field.name: value}, f"{code.title}: {which} saved")

    def action_set_key(self) -> None:
        """Give the code a key, or with the same key take it away."""
        entry = self.here
        if entry is None:
            return
        code = entry.code
        heading = literal(f"The key of {clipped(code.title, 40)}: 1-9 or a letter; - for none")

        def pressed(key: str | None) -> None:
            if key is not None:
                value = None if key == "-" else key
                self._edit(code, {"key": value}, f"{code.title}: key {value or 'taken away'}")

        self.app.push_screen(AskKey(heading), pressed)

    def action_set_colour(self) -> None:
        """Choose a hue that everybody can tell apart, or type another colour."""
        entry = self.here
        if entry is None:
            return
        code = entry.code
        hues = [
            Named(hue, f"{name}  {hue}", "now" if hue == code.colour else "", hue)
            for hue, name in zip(HUES, HUE_NAMES, strict=True)
        ]

        def chosen(colour: str | None) -> None:
            if colour is not None:
                self._edit(code, {"colour": colour}, f"{code.title}: colour {colour}")

        title = literal(clipped(f"Colour of {code.title}, or #RRGGBB", 56), "bold")
        self.app.push_screen(NamePicker(title, hues, new="colour"), chosen)

    def _edit(self, code: Code, fields: dict[str, Any], said: str) -> None:
        self._act(
            lambda project, me: project.codebook.edit(code.id, by=me, rev=code.rev, **fields).id,
            said,
        )

    # Where a code stands

    def action_shift(self, step: int) -> None:
        """Put the code one place further among its siblings."""
        entry = self.here
        if entry is not None and self.page is not None:
            siblings = self.page.siblings(entry)
            at = siblings.index(entry) + step
            if at in range(len(siblings)):
                parent = self.page.parent(entry)
                self._move(entry, parent, at)

    def action_move_in(self) -> None:
        """Put the code under the sibling above it, last there."""
        entry = self.here
        if entry is not None and self.page is not None:
            siblings = self.page.siblings(entry)
            at = siblings.index(entry)
            if at == 0:
                self.note("There is no code above it on this level to put it under.")
            else:
                self._move(entry, siblings[at - 1], 2**31)

    def action_move_out(self) -> None:
        """Put the code behind its parent."""
        entry = self.here
        if entry is not None and self.page is not None:
            parent = self.page.parent(entry)
            if parent is None:
                self.note("It stands at the top already.")
            else:
                above = self.page.parent(parent)
                self._move(entry, above, self.page.siblings(parent).index(parent) + 1)

    def _move(self, entry: Entry, parent: Entry | None, place: int) -> None:
        under = None if parent is None else parent.id
        where = f"under {parent.code.title}" if parent is not None else "at the top"
        self._act(
            lambda project, me: project.codebook.move(entry.id, under=under, place=place, by=me).id,
            f"{entry.code.title} stands {where}",
        )

    # Merging, splitting, retiring

    def action_merge(self) -> None:
        """Choose the code that this one shall count as."""
        entry = self.here
        if entry is None or self.page is None:
            return
        others = [
            Named(one.id, one.code.title, one.path) for one in self.page.entries if one != entry
        ]
        if not others:
            self.note("There is no other code.")
            return
        title = literal(clipped(f"Merge {entry.code.title} into", 56), "bold")
        self.app.push_screen(NamePicker(title, others), partial(self._merge, entry))

    def _merge(self, entry: Entry, into_id: str | None) -> None:
        into = None if self.page is None else self.page.entry(into_id)
        if into is None:
            return
        body = (
            f"{entry.code.title} leaves the codebook; every coding with it is shown and counted "
            f"as {into.code.title}. No coder's record is changed, rounds that keep a frozen "
            "version keep both codes, and one undo takes it back."
        )
        title = literal(clipped(f"Merge {entry.code.title} into {into.code.title}?", 60), "bold")

        def answered(yes: bool | None) -> None:
            if yes:
                self._act(
                    lambda project, me: project.codebook.merge(entry.id, into.id, by=me).id,
                    f"{entry.code.title} counts as {into.code.title}",
                )

        self.app.push_screen(Confirm(title, literal(body), literal("merge")), answered)

    def action_split(self) -> None:
        """Name the finer codes; then go through what was coded with this one."""
        entry = self.here
        if entry is None:
            return

        def named(names: str | None) -> None:
            codes = [
                Code("", name.replace(" ", "_"), name=name if " " in name else "",
                     kind=entry.code.kind, origin="emergent", colour=entry.code.colour)
                for part in (names or "").split(";")
                if (name := " ".join(part.split()))
            ]  # fmt: skip
            if codes:
                self._act(
                    lambda project, me: split(project, me, codes),
                    f"{len(codes)} finer codes beside {entry.code.title}; R reviews its codings",
                )

        def split(project: Project, me: Any, codes: Sequence[Code]) -> str:
            project.codebook.split(entry.id, codes, by=me)
            return entry.id

        title = literal(clipped(f"Split {entry.code.title} into, with ; between", 70))
        self.app.push_screen(Ask(title), named)

    def action_review(self) -> None:
        """Go through this coder's codings with the code."""
        entry = self.here
        if entry is not None:
            self.app.push_screen(RecodingScreen(entry.id))

    def action_retire(self) -> None:
        """Take the code out of the codebook, where it is not used."""
        entry = self.here
        if entry is None:
            return
        body = "Codes below it move up. One undo brings it back."
        title = literal(clipped(f"Retire {entry.code.title}?", 60), "bold")

        def act(project: Project, me: Any) -> None:
            project.codebook.retire(entry.id, by=me)

        def answered(yes: bool | None) -> None:
            if yes:
                self._act(act, f"Retired: {entry.code.title}")

        self.app.push_screen(Confirm(title, literal(body), literal("retire")), answered)

    def action_freeze(self) -> None:
        """Keep the codebook as it is now under a label."""
        if self.page is None:
            return
        proposed = next_label(self.page.versions[:-1])
        title = literal("Freeze the codebook as it is now; it cannot be taken back. Label")

        def act(project: Project, me: Any, label: str) -> None:
            project.codebook.freeze(label, by=me)

        def labelled(label: str | None) -> None:
            if label is not None:
                self._act(lambda project, me: act(project, me, label), f"Frozen: {label}")

        self.app.push_screen(Ask(title, proposed), labelled)

    # Doing it

    def _act(self, act: Callable[[Project, Any], str | None], said: str) -> None:
        """Have an act stored; then show the codebook with the cursor on the code it gave."""
        coder = self.qualcode.coder

        def run(project: Project) -> str | None:
            return act(project, project.coders.named(coder))

        self.qualcode.write(
            run, lambda at: self.reload(at=at, said=said), refused=lambda: self.reload()
        )

    def stepped(self, words: str = "") -> None:
        """Read the codebook anew."""
        self.reload(said=words)


def value_of(code: Code, field: Field) -> str:
    """A field as it is edited."""
    value = getattr(code, field.name)
    if isinstance(value, bool):
        return "yes" if value else "no: a heading"
    return SEPARATOR.join(value) if field.several else str(value or "")


def first_line(text: str) -> str:
    """The beginning of a field, for the list of fields."""
    return " ".join(text.split()) or "–"
