"""A project as other programs can take it: what goes out as REFI-QDA, and what cannot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from qualcode import __version__
from qualcode.contents import (
    ForeignAttribute,
    ForeignCoder,
    ForeignCoding,
    ForeignDocument,
    ForeignMemo,
    ForeignParticipant,
    KeptXml,
    Loss,
    ProjectContents,
    Target,
)
from qualcode.errors import UsageProblem
from qualcode.exporters.refi_qda import derived
from qualcode.formats.refi_kept import guids, without_words
from qualcode.formats.xml import parse
from qualcode.model import (
    Code,
    Document,
    NamedReading,
    Participant,
    Reading,
    Round,
    Span,
    Table,
)
from qualcode.reports.disclosed import worded
from qualcode.reports.source import Coded, reading
from qualcode.reports.source import documents as documents_of
from qualcode.store.attributes import kind_of
from qualcode.store.contents import CASE
from qualcode.text.people import passed_on

if TYPE_CHECKING:
    from qualcode.project import Project
    from qualcode.text.redaction import Layer, Rendering

ORIGIN = f"qualcode {__version__}"
CONSENSUS = "consensus"

ALWAYS = (
    ("Round", "rounds and whether they were blind: only one round's codings are in the file"),
    ("Assignment", "finished marks: that a coder read a document and found nothing"),
    ("CodebookVersion", "frozen versions: the codebook is as it is now"),
    ("Adjudication", "decisions where coders disagreed, with their reasons"),
    ("Turn", "who speaks where and when: the text holds labels and times as it did"),
    ("Document", "what kind a document is, and the file it was read from"),
    ("Code", "short names where a longer one is shown; kind, key, origin, since and status"),
    (
        "Memo",
        "private memos; memos on rounds and on memos; what kind a memo is; the code of a summary",
    ),
    ("Valence", "valence, exemplar and disconfirming marks of codings"),
    ("History", "who did what when"),
)
"""What the standard has no place for, whatever a project holds."""


KEPT = "kept from an import"
UNREAD = "words that nobody could look through for names; they leave with --identified"


def contents_of(
    project: Project, *, round: str | None = None, consensus: bool = False
) -> ProjectContents:
    """Gather what a REFI-QDA file can hold.

    Args:
        round: Whose codings: those of this round. None: of the only round that has any.
        consensus: Instead what the coders of each document say together; see ``reports.source``.

    Returns:
        Texts and spans as the accepted redactions show them, names as labels; ids are those under
        which things came in, else our own. Of an open blind round only ``project.coder``'s own.

    Raises:
        UsageProblem: Several rounds hold codings and none was named. UnknownName: no such round.
    """
    layer = project.layer
    live = documents_of(project)
    codes = project.codebook.codes()
    coders = project.coders.list()
    people = [_passed_on(one, layer) for one in project.participants.list()]
    known = project.outside_ids()
    ids = _Ids(known, *([one.id for one in rows] for rows in (live, codes, coders, people)))
    texts = {d.id: layer.rendering(d.id, project.documents.text(d.id)) for d in live}
    attributes = project.documents.attributes()
    labels = {p.label for p in people}
    held, cases = _apart({d.id: attributes.get(d.id, {}) for d in live}, labels)
    variables = project.participants.attribute_ids()
    valued = {name for one in (*held.values(), *(p.attributes for p in people)) for name in one}
    names = [name for name in variables if name in valued]
    codings, losses = _codings(project, live, ids, texts, round, consensus)
    by_id = {coding.guid: coding for coding in codings}
    memos = list(_memos(project, ids, {d.id for d in live}, by_id))
    kept, unkept = kept_as_shown(project)
    used = {one.coder for rows in (codings, memos) for one in rows}
    used |= {id_ for one in kept for id_ in guids(one.xml)}
    outside = [ForeignCoder(ids[c.id], c.name) for c in coders if ids[c.id] in used]
    if consensus:
        outside.append(ForeignCoder(derived(CONSENSUS, project.id), CONSENSUS))
    documents = _spoken(project, live, cases)
    outside_variables = _Ids(known, [*variables.values()])
    return ProjectContents(
        "qdpx",
        ORIGIN,
        layer.words(project.title),
        tuple(outside),
        tuple(_code(code, ids, project) for code in codes),
        tuple(
            ForeignDocument(ids[d.id], _named_reading(d, texts[d.id].text, held[d.id], layer))
            for d in live
        ),
        tuple(codings),
        tuple(memos),
        tuple(
            ForeignAttribute(outside_variables[variables[name]], name, _kind(name, held, people))
            for name in names
        ),
        tuple(_participant(p, ids, documents.get(p.label, ()), layer) for p in people),
        kept=tuple(kept),
        losses=(*losses, *unkept, *_always()),
    )


class _Ids:
    """What rows are called outside: as they came in, else their own id; no two of a kind alike.

    Two may have come in under one id: a text that came back changed stands beside the one it was.
    """

    def __init__(self, known: Mapping[str, str], *kinds: Sequence[str]) -> None:
        self.known = known
        """Every row that came in → its id there."""

        self._names: dict[str, str] = {}
        for kind in kinds:
            taken = set(kind)
            for row_id in kind:
                name = known.get(row_id, row_id)
                self._names[row_id] = row_id if name in taken else name
                taken.add(name)

    def __getitem__(self, row_id: str) -> str:
        return self._names.get(row_id, row_id)


def _kind(
    name: str, held: Mapping[str, Mapping[str, str]], people: Sequence[Participant]
) -> Literal["text", "number", "date"]:
    """What all values of an attribute are."""
    values = [one[name] for one in held.values() if one.get(name)]
    found = kind_of(values + [p.attributes[name] for p in people if p.attributes.get(name)])
    return "number" if found == "number" else "date" if found == "date" else "text"


def _named_reading(
    document: Document, text: str, held: Mapping[str, str], layer: Layer
) -> NamedReading:
    reading = Reading(text, (), document.format, None, None, document.sha256, b"")
    values = {name: layer.words(value) for name, value in held.items()}
    return NamedReading(layer.words(document.name), reading, values)


def _passed_on(one: Participant, layer: Layer) -> Participant:
    """A participant without what they are called, unless identified text was asked for."""
    return one if layer.identified else replace(one, attributes=passed_on(one.attributes))


def _participant(
    one: Participant, ids: _Ids, documents: Sequence[str], layer: Layer
) -> ForeignParticipant:
    values = {name: layer.words(value) for name, value in one.attributes.items() if value}
    return ForeignParticipant(
        ids[one.id], layer.words(one.label), values, tuple(ids[d] for d in documents)
    )


def _code(code: Code, ids: _Ids, project: Project) -> Code:
    return replace(worded(code, project.layer), id=ids[code.id])


def _codings(
    project: Project,
    live: Sequence[Document],
    ids: _Ids,
    texts: dict[str, Rendering],
    name: str | None,
    consensus: bool,
) -> tuple[list[ForeignCoding], list[Loss]]:
    if consensus:
        return list(_agreed(project, ids, texts)), []
    coded = project.codings.list()
    chosen = _chosen(project, name, {one.round_id for one in coded})
    coded = [one for one in coded if one.round_id == chosen.id]
    there = {d.id for d in live}
    codes = {code.id for code in project.codebook.codes()}
    into = project.codebook.stands_for()
    found: dict[tuple[object, ...], ForeignCoding] = {}
    losses = []
    known = _Ids(ids.known, [one.id for one in coded])
    selections = project.outside_selections()
    for one in coded:
        if one.document_id not in there:
            continue
        code_id = into[one.code_id]
        if code_id not in codes:
            losses.append(Loss("Coding", one.id, "", "dropped", "its code was removed"))
            continue
        span = texts[one.document_id].span(one.span)
        key = (one.document_id, one.coder_id, code_id, span)
        if key in found:
            losses.append(
                Loss("Coding", one.id, "", "changed", "it covers the same label as another")
            )
            continue
        found[key] = ForeignCoding(
            known[one.id], ids[one.document_id], ids[code_id], ids[one.coder_id],
            span.start, span.stop, one.created_at, selections.get(one.id, ""),
        )  # fmt: skip
    return list(found.values()), losses


def _chosen(project: Project, name: str | None, coded: set[str]) -> Round:
    """The round of that name; without one, the only round among those that hold codings."""
    if name is not None:
        return project.rounds.named(name)
    rounds = [r for r in project.rounds.list() if r.id in coded]
    if len(rounds) > 1:
        raise UsageProblem(
            "Codings of several rounds cannot stand in one file; name one with --round: "
            f"{', '.join(r.name for r in rounds)}; or take --consensus."
        )
    return rounds[0] if rounds else project.rounds.named("solo")


def _agreed(project: Project, ids: _Ids, texts: dict[str, Rendering]) -> Iterator[ForeignCoding]:
    """What the coders of each document say together."""
    coded = Coded(project)
    by_name = {code.code: code.id for code in project.codebook.codes()}
    coder = derived(CONSENSUS, project.id)
    for one in reading(project, CONSENSUS):
        sentences = project.documents.sentences(one.document.id)
        for mark in coded.said(one, sentences).marks:
            span = texts[one.document.id].span(Span(mark.start, mark.stop))
            id_ = derived(CONSENSUS, one.document.id, mark.code, mark.start, mark.stop)
            yield ForeignCoding(
                id_, ids[one.document.id], ids[by_name[mark.code]], coder, span.start, span.stop
            )


def _memos(
    project: Project, ids: _Ids, live: set[str], codings: dict[str, ForeignCoding]
) -> Iterator[ForeignMemo]:
    """Memos on what is in the file; what hangs on a round or another memo stays here."""
    layer = project.layer
    known = _Ids(ids.known, [memo.id for memo in project.memos.list()])
    for memo in project.memos.list():
        if memo.private or memo.round_id is not None or memo.memo_id is not None:
            continue
        on: Target = "project"
        target = ""
        if memo.coding_id is not None:
            on, target = "coding", ids.known.get(memo.coding_id, memo.coding_id)
            if target not in codings:
                continue
        elif memo.document_id is not None:
            on, target = "document", ids[memo.document_id]
            if memo.document_id not in live:
                continue
        elif memo.code_id is not None:
            on, target = "code", ids[memo.code_id]
        elif memo.participant_id is not None:
            on, target = "participant", ids[memo.participant_id]
        yield ForeignMemo(
            known[memo.id], layer.words(memo.body), on, target,
            ids[memo.coder_id], memo.created_at,
        )  # fmt: skip


def kept_as_shown(project: Project) -> tuple[list[KeptXml], list[Loss]]:
    """What only another program has a use for, and what of it stays here.

    Nobody can read it here, so no suggestion of a name ever came from it: where redactions count,
    what somebody wrote in it stays, and the names of things are shown as elsewhere.
    """
    from lxml import etree

    layer = project.layer
    kept: list[KeptXml] = []
    left: list[Loss] = []
    for one in project.kept_xml():
        if not layer.active:
            kept.append(one)
            continue
        root = parse(one.xml.encode(), "kept XML")
        for gone in without_words(root):
            left.append(Loss(gone, one.guid, KEPT, "dropped", UNREAD))
        for element in root.iter():
            for attribute, value in element.attrib.items():
                element.set(attribute, layer.words(str(value)))
        kept.append(replace(one, xml=str(etree.tostring(root, encoding="unicode"))))
    return kept, left


def _apart(
    held: Mapping[str, Mapping[str, str]], labels: set[str]
) -> tuple[dict[str, dict[str, str]], dict[str, list[str]]]:
    """Part attributes of documents from what an import noted there: whose document it is."""
    rest, cases = {}, {}
    for document, values in held.items():
        rest[document] = dict(values)
        named = values.get(CASE, "").split("; ")
        if labels.issuperset(named):
            del rest[document][CASE]
            cases[document] = named
    return rest, cases


def _spoken(
    project: Project, live: Sequence[Document], cases: Mapping[str, Sequence[str]]
) -> dict[str, list[str]]:
    """Label of a participant → the documents in which they speak, or that are theirs."""
    found: dict[str, dict[str, None]] = {}
    for document in live:
        for _, _, (_, _, participants) in project.documents.spoken(document.id):
            for label in participants:
                found.setdefault(label, {})[document.id] = None
        for label in cases.get(document.id, ()):
            found.setdefault(label, {})[document.id] = None
    return {label: list(documents) for label, documents in found.items()}


def _always() -> Iterator[Loss]:
    for element, reason in ALWAYS:
        yield Loss(element, "", "the project", "dropped", reason)


def codes_of(project: Project, *, version: str | None = None) -> list[Code]:
    """The codes of the codebook, or of a frozen version, with the ids that others know them by."""
    book = project.codebook
    codes = book.codes() if version is None else book.version(version).codes
    ids = _Ids(project.outside_ids(), [code.id for code in codes])
    return [_code(code, ids, project) for code in codes]


def losses(contents: ProjectContents, written: Sequence[Loss] = ()) -> Table:
    """What a file could not carry.

    Args:
        written: What showed only when it was written.

    Returns:
        Columns ``element, guid, where, fate, reason``.
    """
    every = (*written, *contents.losses)
    rows = [(one.element, one.guid, one.where, one.fate, one.reason) for one in every]
    return Table("losses", ["element", "guid", "where", "fate", "reason"], rows)
