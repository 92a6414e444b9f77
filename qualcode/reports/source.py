"""Whose codings speak for a document: the one rule that counts, excerpts and reports share.

Coders are never pooled: per document it is one coder's record, or what several agreed upon.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qualcode.errors import QualcodeError, UnknownName
from qualcode.model import Adjudication, Document, Span
from qualcode.themes.consensus import Consensus, Decided, consensus
from qualcode.themes.frequencies import Mark

if TYPE_CHECKING:
    from qualcode.project import Project

CODER = "coder:"
SOURCES = ("reading", "consensus", "majority", f"{CODER}NAME")


def reading(
    project: Project, source: str = "reading", *, include_unfinished: bool = False
) -> list[Read]:
    """Choose, for each document, the codings that speak for it.

    Args:
        source: ``reading``: per document the consensus where it was adjudicated, else the only
            coder who finished it, else the one who finished most documents, ties by name.
            ``consensus`` and ``majority``: documents that two coders or more finished in one
            round. ``coder:NAME``: that coder.
        include_unfinished: Take documents that nobody declared finished as they stand.

    Returns:
        The documents that can be read, in import order. Of an open blind round only
        ``project.coder``'s own record is looked at.

    Raises:
        UnknownName: No such source or coder.
        QualcodeError: No document is finished in this source.
    """
    chosen = readable(project, source, include_unfinished=include_unfinished)
    if not chosen:
        do = (
            "nobody has coded any."
            if include_unfinished
            else ("finish one, or count unfinished ones with --include-unfinished.")
        )
        raise QualcodeError(f'No document can be read from the source "{source}": {do}')
    return chosen


def readable(project: Project, source: str, *, include_unfinished: bool = False) -> list[Read]:
    """The same as ``reading``; empty where no document can be read.

    Raises:
        UnknownName: No such source or coder.
    """
    finished = _Finished(project, include_unfinished)
    read = [_read(project, finished, document, source) for document in documents(project)]
    return [one for one in read if one is not None]


def documents(project: Project) -> list[Document]:
    """The documents that are in the project, in import order."""
    return [document for document in project.documents.list() if not document.removed]


@dataclass(frozen=True, slots=True)
class Read:
    """A document with the source that was chosen for it."""

    document: Document
    how: str
    """``consensus``, ``majority`` or ``coder``."""

    round_id: str
    coders: tuple[str, ...]
    """Ids of the coders whose codings are read; one but for a consensus."""

    finishers: tuple[tuple[str, str], ...]
    """(round, coder) of everyone who finished it, in the round read or else their last: the range
    between coders."""


class _Finished:
    """Who finished which document, as far as the project's coder may see it."""

    def __init__(self, project: Project, include_unfinished: bool) -> None:
        self.coders = {c.id: c for c in project.coders.list()}
        rounds = {r.id: r for r in project.rounds.list()}
        reader = None if project.coder is None else project.coder.id
        live = {d.id for d in documents(project)}
        self._marks: dict[str, dict[str, dict[str, str]]] = {}
        for one in project.rounds.assignments():
            round_ = rounds[one.round_id]
            hidden = round_.blind and round_.state == "open" and one.coder_id != reader
            counts = one.finished_at is not None or include_unfinished
            if hidden or not counts or round_.purpose == "recode" or one.document_id not in live:
                continue
            marks = self._marks.setdefault(one.document_id, {})
            marks.setdefault(one.coder_id, {})[one.round_id] = one.finished_at or ""
        done = Counter(coder for marks in self._marks.values() for coder in marks)
        self.leading = sorted(done, key=lambda c: (-done[c], self.coders[c].name.casefold()))
        self.adjudicated = {(one.round_id, one.document_id) for one in project.adjudications.list()}

    def of(self, document_id: str) -> dict[str, str]:
        """Coder → the round in which they last finished the document; leading coders first."""
        marks = self._marks.get(document_id, {})
        return {
            coder: max(marks[coder], key=lambda r: (marks[coder][r], r))
            for coder in self.leading
            if coder in marks
        }

    def together(self, document_id: str) -> dict[str, list[str]]:
        """Round → the coders who finished the document in it, where there are two or more.

        The round to prefer comes first: the one with most coders, among equals the last finished.
        """
        marks = self._marks.get(document_id, {})
        rounds: dict[str, list[str]] = {}
        for coder in self.leading:
            for round_id in marks.get(coder, {}):
                rounds.setdefault(round_id, []).append(coder)

        def preference(round_id: str) -> tuple[int, str, str]:
            coders = rounds[round_id]
            return len(coders), max(marks[c][round_id] for c in coders), round_id

        joint = [round_id for round_id, coders in rounds.items() if len(coders) > 1]
        return {r: rounds[r] for r in sorted(joint, key=preference, reverse=True)}


def _read(project: Project, finished: _Finished, document: Document, source: str) -> Read | None:
    """Choose the codings that speak for a document; None where the source has none."""
    by_coder, together = finished.of(document.id), finished.together(document.id)
    everyone = tuple((round_id, coder) for coder, round_id in by_coder.items())
    if source.startswith(CODER):
        name = source.removeprefix(CODER)
        coder = project.coders.named(name).id
        if coder not in by_coder:
            return None
        return Read(document, "coder", by_coder[coder], (coder,), everyone)
    if source not in SOURCES:
        raise UnknownName("source", source, SOURCES)
    # A document that was adjudicated stays so, whoever codes it once more in a later round.
    settled = {r: who for r, who in together.items() if (r, document.id) in finished.adjudicated}
    joint = {"reading": settled, "consensus": settled or together}.get(source, together)
    if joint:
        how = "majority" if source == "majority" else "consensus"
        round_id, who = next(iter(joint.items()))
        finishers = {**by_coder, **dict.fromkeys(who, round_id)}
        everyone = tuple((finishers[coder], coder) for coder in by_coder)
        return Read(document, how, round_id, tuple(who), everyone)
    if source != "reading" or not by_coder:
        return None
    lead, round_id = next(iter(by_coder.items()))
    return Read(document, "coder", round_id, (lead,), everyone)


class Coded:
    """The codings and decisions of a project, as marks by document, round and coder."""

    def __init__(self, project: Project) -> None:
        live = {code.id: code.code for code in project.codebook.codes()}
        into = project.codebook.stands_for()
        named = {id_: live[target] for id_, target in into.items() if target in live}
        self._marks = {
            work: [
                Mark(named[code], start, stop, valence, against == 1)
                for code, start, stop, valence, against in rows
                if code in named
            ]
            for work, rows in project.codings.marks().items()
        }
        self._decisions: dict[tuple[str, str], list[Decided]] = {}
        for one in sorted(project.adjudications.list(), key=lambda a: (a.decided_at, a.id)):
            if one.code_id in named:
                decisions = self._decisions.setdefault((one.document_id, one.round_id), [])
                decisions.append(_decided(one, named))

    def of(self, document_id: str, round_id: str, coder_id: str) -> Sequence[Mark]:
        """What one coder marked in a document in one round, in text order."""
        return self._marks.get((document_id, round_id, coder_id), [])

    def said(self, read: Read, units: Sequence[Span]) -> Consensus:
        """What the source chosen for a document says of it.

        Args:
            units: The document's sentences; what several coders say together is said of these.
        """
        here = read.document.id, read.round_id
        chosen = [self.of(*here, coder) for coder in read.coders]
        if read.how == "coder":
            return Consensus(tuple(chosen[0]), 0)
        if read.how == "majority":
            return consensus(units, chosen, rule="majority")
        return consensus(units, chosen, self._decisions.get(here, []))


def _decided(one: Adjudication, named: Mapping[str, str]) -> Decided:
    new = None if one.new_code_id is None else named.get(one.new_code_id)
    return Decided(named[one.code_id], one.span, one.decision, new)
