"""What a researcher does to the labels of a transcript: the questions each act needs answered.

Over a file that is about to be imported the acts change a proposal, over a document of the project
they are stored; the keys and the questions are the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import get_args

from textual import on

from qualcode.model import SpeakerRole
from qualcode.text.roster import parts
from qualcode.tui.list_screen import ListScreen
from qualcode.tui.literal import clipped, literal
from qualcode.tui.widgets.confirm import Ask, Confirm
from qualcode.tui.widgets.label_table import LabelRow, LabelTable
from qualcode.tui.widgets.name_picker import Named, NamePicker

LONGEST_NAME = 80
ROLES: tuple[SpeakerRole, ...] = get_args(SpeakerRole)
NOBODY = Named("", "nobody", "take the link away")


class LabelScreen(ListScreen):
    """The questions; ``ImportScreen`` and ``SpeakersScreen`` answer to what comes of them."""

    def __init__(self) -> None:
        super().__init__()
        self._told = ("", "")
        """Row and words of what was said last about an act."""

    # What the screens say

    def others(self, row: LabelRow) -> Sequence[Named]:
        """Every speaker the one of this row may be merged into."""
        raise NotImplementedError

    def people(self) -> Sequence[Named]:
        """The participants there are."""
        raise NotImplementedError

    def written(self, row: LabelRow) -> str:
        """The speaker's name to start typing from."""
        return row.speaker

    def may_change(self) -> bool:
        """Whether labels can be changed now; says so where not."""
        return True

    # What the screens do

    def rename(self, row: LabelRow, name: str) -> None:
        """Give the speaker of a row another name."""
        raise NotImplementedError

    def rejoin(self, row: LabelRow, names: Sequence[str]) -> None:
        """Say who speaks, several at once, under the label of a row."""
        raise NotImplementedError

    def merge(self, row: LabelRow, into: str) -> None:
        """Make the speaker of a row one of ``others``, by its ``name`` there."""
        raise NotImplementedError

    def turn(self, row: LabelRow) -> None:
        """Make the label of a row no speaker, or one again."""
        raise NotImplementedError

    def set_role(self, row: LabelRow, role: SpeakerRole) -> None:
        """Give the speaker of a row a role."""
        raise NotImplementedError

    def link(self, row: LabelRow, participant: str | None) -> None:
        """Say which participant the speaker of a row is; None for none."""
        raise NotImplementedError

    # Questions

    @on(LabelTable.Wished)
    def _wished(self, event: LabelTable.Wished) -> None:
        row = event.row
        if not self.may_change():
            return
        if event.wish == "kind":
            self.turn(row)
        elif row.kind == "not a speaker":
            self.note(f"{_quoted(row)} is not a speaker; x makes it one again.")
        elif event.wish == "who" or (event.wish == "rename" and row.kind == "joint"):
            self._ask_who(row)
        elif event.wish == "rename":
            self._ask_name(row)
        elif row.kind == "joint":
            self.note("Several voices join here: do this on the row of each, or w to say who.")
        elif event.wish == "merge":
            self._ask_other(row)
        elif event.wish == "role":
            self.set_role(row, next_role(row.role))
        else:
            self._ask_participant(row)

    def _ask_who(self, row: LabelRow) -> None:
        prompt = f"Who speaks under {_quoted(row)} alone; several with ; between"

        def answered(typed: str | None) -> None:
            names = [name[:LONGEST_NAME] for name in parts(typed or "")]
            if names and names != parts(self.written(row)):
                self.rejoin(row, names)

        self.app.push_screen(Ask(literal(prompt), self.written(row)), answered)

    def _ask_name(self, row: LabelRow) -> None:
        prompt = f"Another name for {row.speaker}, under all their labels"
        self.app.push_screen(Ask(literal(prompt), self.written(row)), partial(self._named, row))

    def _named(self, row: LabelRow, typed: str | None) -> None:
        name = (typed or "")[:LONGEST_NAME].strip()
        if not name or name == row.speaker:
            return
        if len(parts(name)) > 1:
            self.note("One speaker has one name; w says that several speak under a label.")
            return
        taken = [other for other in self.others(row) if _same(name, other)]
        if taken:
            question = Confirm(
                literal(f"There is a speaker {clipped(name, 40)} already"),
                literal(f"{row.speaker} then counts as the same person in every document."),
                literal("merge the two"),
            )
            into = taken[0].name
            self.app.push_screen(question, lambda yes: self.merge(row, into) if yes else None)
        else:
            self.rename(row, name)

    def _ask_other(self, row: LabelRow) -> None:
        others = self.others(row)
        if not others:
            self.note("There is no other speaker to merge with.")
            return
        heading = literal(f"{clipped(row.speaker, 30)} is the same as", "bold")
        self.app.push_screen(
            NamePicker(heading, others), lambda into: self.merge(row, into) if into else None
        )

    def _ask_participant(self, row: LabelRow) -> None:
        heading = literal(f"Which participant is {clipped(row.speaker, 30)}?", "bold")
        people = [*([NOBODY] if row.participant else []), *self.people()]

        def chosen(participant: str | None) -> None:
            if participant is not None and participant != row.participant:
                self.link(row, participant or None)

        self.app.push_screen(NamePicker(heading, people, new="participant"), chosen)

    @on(LabelTable.Reached)
    def _reached(self) -> None:
        self.note_row()

    def note_row(self) -> None:
        """Say about the label at the cursor what the table has no room for."""
        row = self.query_one(LabelTable).row_here
        where, words = self._told
        if row is not None and row.key == where:
            self.note(words)
        else:
            self._told = ("", "")
            self.note(about(row) if row is not None else "")

    def tell_of_row(self, words: str) -> None:
        """Say what was done, until the cursor leaves the row."""
        row = self.query_one(LabelTable).row_here
        self._told = (row.key if row is not None else "", words)
        self.note(words)


def next_role(role: str) -> SpeakerRole:
    """The role after this one, round and round."""
    return ROLES[(ROLES.index(role) + 1) % len(ROLES)] if role in ROLES else ROLES[0]


def about(row: LabelRow) -> str:
    """What the table has no room for: the whole label, why it is proposed, what was said."""
    why = f"proposed: {row.why}" if row.why else ""
    words = " ".join(row.words.split())
    return "   ".join(filter(None, [_quoted(row), why, words]))


def _quoted(row: LabelRow) -> str:
    return f"“{row.label}”"


def _same(name: str, other: Named) -> bool:
    return name.casefold() in (other.name.casefold(), other.shown.casefold())
