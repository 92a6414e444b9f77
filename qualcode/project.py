"""A project: one file, and the handle that commands, screens, reports and notebooks hold.

It holds no SQL of its own; its namespaces speak the field's words and do the work.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from qualcode.errors import QualcodeError, UsageProblem
from qualcode.model import Coder
from qualcode.store import database
from qualcode.store.adjudications import Adjudications
from qualcode.store.beginning import begin, coder_key, identity
from qualcode.store.codebook import Codebook
from qualcode.store.coders import Coders
from qualcode.store.codings import Codings
from qualcode.store.database import Database
from qualcode.store.documents import Documents
from qualcode.store.history import Writer
from qualcode.store.ids import now
from qualcode.store.log import History
from qualcode.store.memos import Memos
from qualcode.store.participants import Participants
from qualcode.store.redactions import Redactions, layer
from qualcode.store.rounds import Rounds
from qualcode.store.search import Search
from qualcode.store.session import Disclosure, Session
from qualcode.store.settings import Settings
from qualcode.store.speakers import Speakers
from qualcode.text.redaction import Layer

if TYPE_CHECKING:
    from qualcode.contents import BroughtIn, KeptXml, ProjectContents
    from qualcode.store.bake import Baked
    from qualcode.store.purge import Purged, PurgePlan, Purges, Withdrawn

CODER_VARIABLE = "QUALCODE_CODER"
"""Environment variable that names who acts, where no option does."""


class Project:
    """An open project. It belongs to the thread that opened it; use it as a context manager.

    Attributes:
        path: The project file.
        id: The project's own id, the same in every copy.
        title: As given when it was created.
        coder: Whose eyes look; None sees nothing of open blind rounds.
    """

    def __init__(self, db: Database, coder: str | None = None) -> None:
        self._db = db
        self.path = db.path
        self.coder: Coder | None = None
        self._disclosure = Disclosure()
        try:
            self.id, self.title = identity(db)
            self.coders = Coders(Session(db, Writer(db), None, -1))
            self._look_as(self.coders.named(coder) if coder is not None else None)
        except QualcodeError:
            db.close()
            raise

    def _look_as(self, coder: Coder | None) -> None:
        self.coder = coder
        self._session = Session(
            self._db, Writer(self._db), coder, coder_key(self._db, coder), self._disclosure
        )
        self.documents = Documents(self._session)
        self.participants = Participants(self._session)
        self.codebook = Codebook(self._session)
        self.codings = Codings(self._session)
        self.memos = Memos(self._session)
        self.rounds = Rounds(self._session)
        self.adjudications = Adjudications(self._session)
        self.settings = Settings(self._session)
        self.speakers = Speakers(self._session)
        self.redactions = Redactions(self._session)
        self.search = Search(self._session)
        self.history = History(self._session)

    def acting(self, name: str | None, *, new: bool = False) -> Coder:
        """Who acts: the name given, else ``QUALCODE_CODER``, else who acted last in this copy,
        else the only coder there is.

        From then on the project is read with that coder's eyes, unless it was opened with
        another's.

        Args:
            new: Add the coder where the name is new.

        Raises:
            UnknownName: there is no coder of that name.
            UsageProblem: nobody was named and it cannot be told.
        """
        coder = self._acting(name, new)
        if self.coder is None:
            self._look_as(coder)
        return coder

    def _acting(self, name: str | None, new: bool) -> Coder:
        name = name or os.environ.get(CODER_VARIABLE)
        people = [coder for coder in self.coders.list() if coder.kind == "human"]
        if name:
            known = {coder.name.casefold(): coder for coder in people}
            if name.strip().casefold() in known:
                return known[name.strip().casefold()]
            if new:
                return self.coders.add(name)
            return self.coders.named(name)
        last = self.coders.last_here()
        if last is not None:
            return last
        if len(people) == 1:
            return people[0]
        if not people:
            raise UsageProblem("This project has no coder yet; say who you are with --coder NAME.")
        raise UsageProblem(
            f"Say who acts with --coder: {', '.join(coder.name for coder in people)}."
        )

    def import_codings(
        self,
        codings: Sequence[Mapping[str, Any]],
        assignments: Sequence[Mapping[str, Any]],
        adjudications: Sequence[Mapping[str, Any]],
        *,
        by: Coder,
    ) -> dict[str, int]:
        """Store codings made elsewhere, with their assignments and decisions, in one action.

        Args:
            codings: Rows as ``importers.codings_csv`` reads them; no round means ``solo``.
            assignments: Rounds, who had which document, and the finished marks. A round that is
                not there is made as its first row describes it. A mark that is there stays as it
                was first set.
            adjudications: Decisions where coders disagreed.

        Returns:
            What was stored → how many; ``already there`` counts codings and decisions that were.

        Raises:
            InputProblems: unknown documents, codes, rounds or versions, spans that leave their
                text, closed rounds, finished documents, contradictions: all at once, with their
                lines. Nothing was stored.
        """
        from qualcode.store.imports import import_codings

        return import_codings(self._session, codings, assignments, adjudications, by=by)

    def import_contents(
        self,
        contents: ProjectContents,
        *,
        by: Coder,
        name: str,
        mark_finished: bool = False,
    ) -> BroughtIn:
        """Store a project of another program, as an importer read it, in one action.

        What is there already, by its id or by what it says, is left as it is. Codings go into a
        round ``import NAME`` of their own, which is not blind.

        Args:
            name: Of the file it came in.
            mark_finished: Declare every coder finished with each document they coded; without
                that, nothing is known where they have no coding.

        Raises:
            Refused: turns of a document overlap. Nothing was stored.
        """
        from qualcode.store.contents import import_contents

        return import_contents(
            self._session, contents, by=by, name=name, mark_finished=mark_finished
        )

    def outside_ids(self) -> dict[str, str]:
        """Row id → the id under which the row came in from another program, where it did."""
        from qualcode.store.outside import outside_ids

        return outside_ids(self._db)

    def outside_selections(self) -> dict[str, str]:
        """Coding id → the id that what it stood on had elsewhere, where that is referred to."""
        from qualcode.store.outside import SELECTION, outside_ids

        return outside_ids(self._db, SELECTION)

    def kept_xml(self) -> list[KeptXml]:
        """What came in from other programs that only they have a use for, in the order it came."""
        from qualcode.store.outside import kept_xml

        return kept_xml(self._db)

    @property
    def purges(self) -> Purges:
        """What deletes for ever; most commands never need it, and it takes long to import."""
        from qualcode.store.purge import Purges

        return Purges(self._session)

    @property
    def layer(self) -> Layer:
        """What every view and export renders texts and names through: the accepted redactions."""
        return layer(self._session)

    def identify(self, reason: str, *, by: Coder) -> None:
        """Show identified text from now on, until the project is closed; the reason is logged.

        Raises:
            UsageProblem: no reason is given.
        """
        if not reason.strip():
            raise UsageProblem("Identified text is shown only for a reason: --identified REASON.")
        with self._session.writer.action("identified export", by.id) as action:
            values = {"coder_id": by.id, "kind": "identified export", "at": now()}
            action.insert("event", {**values, "reason": reason.strip()})
        self._disclosure.reason, self._disclosure.layer = reason.strip(), None

    def accept(self, rule: str, reason: str, *, by: Coder) -> None:
        """Let exports break a rule of the disclosure check, until the project is closed.

        The rule and the reason are logged; what leaves then says so.

        Raises:
            UsageProblem: no reason is given.
        """
        if not reason.strip():
            raise UsageProblem("What the check finds is accepted only for a reason: --reason TEXT.")
        with self._session.writer.action("accept disclosure", by.id) as action:
            values = {"coder_id": by.id, "kind": "accept disclosure", "at": now()}
            action.insert("event", {**values, "reason": f"{rule}: {reason.strip()}"})
        self._disclosure.accepted[rule] = reason.strip()

    def renumber(self, seed: int) -> dict[str, str]:
        """Show other ids for the participants, until the project is closed; nothing is stored.

        Returns:
            Label of a participant → the id shown: whoever has it can go back.

        Raises:
            UsageProblem: a label is a mere number, which cannot be told from other numbers.
        """
        labels = [one.label for one in self.participants.list()]
        if numbers := [label for label in labels if not any(map(str.isalpha, label))]:
            raise UsageProblem(
                f"Participants called {numbers[0]} and the like cannot be given other ids: numbers "
                "stand for much else. Give them labels with a letter first."
            )
        self._disclosure.seed, self._disclosure.layer = f"{self.id}:{seed}", None
        return dict(self.layer.fresh)

    @property
    def accepted(self) -> Mapping[str, str]:
        """Rule of the disclosure check that exports may break now → why."""
        return dict(self._disclosure.accepted)

    def purge(
        self, what: Withdrawn, *, reason: str, by: Coder, expected: PurgePlan | None = None
    ) -> Purged:
        """Take what somebody no longer consents to out of the file for ever; see ``Purges``."""
        return self.purges.purge(what, reason=reason, by=by, expected=expected)

    def bake(self, out: Path, *, by: Coder, force: bool = False) -> Baked:
        """Write a new project to give away, the texts as they are shown; see ``store.bake``."""
        from qualcode.store.bake import bake

        return bake(self._session, out, by=by, force=force)

    def digest(self) -> str:
        """SHA-256 over the heads of the log: it names the data that a figure was made from."""
        return self.history.digest()

    def close(self) -> None:
        """Close the file, so that the project is one file again. Closing twice is harmless."""
        self._db.close()

    def __enter__(self) -> Project:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Project {self.path.name}>"


def create(path: Path | str, *, title: str, coder: str | None = None) -> Project:
    """Create a project file and open it.

    It begins with the round ``solo``, in which anyone may code without further ado.

    Args:
        coder: The first coder, who signs the beginning; None leaves that to the program.

    Raises:
        ProjectExists: there is a file of that name. ProjectReadOnly: it cannot be written there.
        UsageProblem: the coder's name cannot be one.
    """
    db = database.create(path)
    try:
        begin(db, title, coder)
        return Project(db, coder)
    except BaseException:
        db.close()
        Path(path).unlink(missing_ok=True)
        raise


def open(path: Path | str, coder: str | None = None, *, read_only: bool = False) -> Project:
    """Open a project file.

    Args:
        coder: Whose eyes look: in an open blind round only this coder's own work is read. None
            reads nothing of such a round.
        read_only: Refuse every write; a file or folder that cannot be written opens so anyway.

    Raises:
        NotAProject, NewerProject: it was not touched. UnknownName: there is no such coder.
    """
    return Project(database.open_(path, read_only=read_only), coder)
