"""Every text of a project that is no transcript: memos, codes, attributes, titles, names of things.

Names get in there where nobody looks for them. Each text comes with where it stands, for a list
that a person goes through.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qualcode.model import Memo
from qualcode.text.people import passed_on

if TYPE_CHECKING:
    from qualcode.project import Project


@dataclass(frozen=True, slots=True, repr=False)
class Loose:
    """A text that is no transcript, as it is stored."""

    place: str
    """memo, code, document, speaker, participant, round, decision, project, or another program."""

    id: str
    of: str
    """Which part of it: ``body``, ``name``, an attribute …"""

    text: str
    where: str
    """For a person: ``A-FG1, turn 14, comment by ana``."""

    leaves: bool = True
    """Whether some export carries it."""


def loose_texts(project: Project) -> Iterator[Loose]:
    """Every loose text that may be seen; those of removed documents are left out."""
    yield Loose("project", project.id, "title", project.title, "title of the project")
    yield from _memos(project)
    yield from _codes(project)
    names = {}
    for document in project.documents.list():
        if document.removed:
            continue
        here = names[document.id] = document.name
        yield Loose("document", document.id, "name", here, f"{here}, name of the document")
        for key, value in document.metadata.items():
            where = f"{here}, header field {key}"
            yield Loose("document", document.id, key, str(value), where, leaves=False)
    for id_, values in project.documents.attributes().items():
        for name, value in values.items():
            where = f"{names.get(id_, id_)}, attribute {name}"
            yield Loose("document", id_, name, value, where, leaves=id_ in names)
    speaking = {
        speaker.id
        for id_ in names
        for label in project.speakers.labels(id_)
        for speaker in label.speakers
    }
    for speaker in project.speakers.list():
        where = "speaker on the roster"
        yield Loose("speaker", speaker.id, "name", speaker.name, where, speaker.id in speaking)
    for one in project.participants.list():
        yield Loose("participant", one.id, "label", one.label, "label of a participant")
        for name, value in one.attributes.items():
            where = f"participant {one.label}, attribute {name}"
            leaves = bool(passed_on({name: value}))
            yield Loose("participant", one.id, name, value, where, leaves)
    yield from _work(project)


def _codes(project: Project) -> Iterator[Loose]:
    """The codebook as it is, and what frozen versions say otherwise."""
    books = [("", tuple(project.codebook.codes()))]
    books += [(f"codebook {v.label}, ", v.codes) for v in reversed(project.codebook.versions())]
    seen: set[tuple[str, str]] = set()
    for book, codes in books:
        for code in codes:
            said = [
                (field, str(getattr(code, field)))
                for field in ("code", "name", "brief", "full", "use_when", "not_when")
            ]
            said += [(field, t) for field in ("example", "near_miss") for t in getattr(code, field)]
            for field, text in said:
                if not book or (field, text) not in seen:
                    yield Loose("code", code.code, field, text, f"{book}code {code.code}, {field}")
                seen.add((field, text))


def _memos(project: Project) -> Iterator[Loose]:
    memos = project.memos.list()
    coders = {one.id: one.name for one in project.coders.list()}
    documents = {one.id: one.name for one in project.documents.list()}
    codes = {one.id: one.code for one in project.codebook.codes(removed=True)}
    codings: dict[object, str] = {}
    if any(memo.coding_id for memo in memos):
        for row in project.codings.table():
            turn = "" if row["turn"] is None else f", turn {row['turn']}"
            codings[row["coding_id"]] = f"{row['document']}{turn}, comment"

    def on(memo: Memo) -> str:
        if memo.coding_id is not None:
            return codings.get(memo.coding_id, "comment")
        if memo.document_id is not None:
            return f"{documents.get(memo.document_id, '')}, memo"
        return f"code {codes.get(memo.code_id, '')}, memo" if memo.code_id is not None else "memo"

    for memo in memos:
        where = f"{on(memo)} by {coders.get(memo.coder_id, '?')}"
        leaves = not memo.private or memo.coding_id is not None
        yield Loose("memo", memo.id, "body", memo.body, where, leaves)


def _work(project: Project) -> Iterator[Loose]:
    for round_ in project.rounds.list():
        yield Loose("round", round_.id, "name", round_.name, "name of a round")
    for one in project.adjudications.list():
        yield Loose("decision", one.id, "reason", one.reason, "reason of a decision")
    for kept in project.kept_xml():
        # what leaves of it is for reports.refi to say
        where = "kept from another program's project"
        yield Loose("other program", kept.guid, kept.parent, kept.xml, where, leaves=False)
