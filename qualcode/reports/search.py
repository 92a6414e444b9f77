"""Where something was said: every place with the words around it, the keyword in its context.

What is searched is the text as it is shown: a name behind a label is not found, or its label would
be told. Every hit says where it stands in the document's own text, where codings count.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qualcode.errors import UnknownName
from qualcode.model import Document, Span, Table, Turn
from qualcode.reports.corpus import members
from qualcode.reports.disclosed import Shown, disclosed, shown_transcript
from qualcode.reports.source import documents as documents_of
from qualcode.text.lemmas import lemmatiser
from qualcode.text.plurals import counted
from qualcode.text.search import MARKS_INSIDE, MODES, Mode, find, has_marks_inside, plain_words

if TYPE_CHECKING:
    from qualcode.project import Project

COLUMNS = [
    "document", "document_id", "turn", "start", "stop", "speaker", "participant", "time",
    "before", "hit", "after", "codes",
]  # fmt: skip
CONTEXT = 60


@dataclass(frozen=True, slots=True)
class Scope:
    """Where to look; everywhere, if nothing is said."""

    documents: Sequence[str] = ()
    """Names."""

    codes: Sequence[str] = ()
    """Only inside what the viewer may see coded with one of these, or with a code below it."""

    speakers: Sequence[str] = ()
    """Names of the roster or labels of participants."""

    attributes: Mapping[str, str] = field(default_factory=dict)
    """Attribute → value, of the participant who speaks, else of the document."""

    moderator: bool = True
    """Whether what moderators say is searched."""


EVERYWHERE = Scope()


@dataclass(frozen=True, slots=True, repr=False)
class Hit:
    """One place where it was said."""

    document: Document
    place: Span
    """In the document's own text; a label that was hit is taken whole."""

    turn: Turn | None
    before: str
    words: str
    """As they are shown."""

    after: str
    codes: tuple[str, ...]
    """Short names of the codes that the viewer may see on it."""


def search(
    project: Project,
    asked: str,
    *,
    mode: str = "words",
    scope: Scope = EVERYWHERE,
    context: int = CONTEXT,
) -> Table:
    """Show every place with the words around it.

    Args:
        asked, mode: See ``text.search.find``.
        scope: Where to look.
        context: Characters before and after.

    Returns:
        Columns ``document, document_id, turn, start, stop, speaker, participant, time, before,
        hit, after, codes``; ``start`` and ``stop`` count in the document's own text. By document
        (import order) and place; empty, with these columns, where nothing is found.

    Raises:
        UsageProblem: As ``find``; no lemmatiser is installed.
        UnknownName: No such mode, document, code, speaker, attribute or value.
    """
    found = hits(project, asked, mode=mode, scope=scope, context=context)
    rows = [
        (
            one.document.name, one.document.id, None if one.turn is None else one.turn.n,
            one.place.start, one.place.stop, None if one.turn is None else one.turn.speaker,
            None if one.turn is None else "; ".join(one.turn.participants) or None,
            None if one.turn is None else one.turn.start_seconds, one.before, one.words, one.after,
            ", ".join(one.codes),
        )
        for one in found
    ]  # fmt: skip
    n = len({one.document.id for one in found})
    notes = [f"{counted(len(rows), 'place')} in {counted(n, 'document')}."]
    if not rows and has_marks_inside(asked, _mode(mode)):
        notes.append(f"{MARKS_INSIDE.capitalize()}.")
    provenance = {"asked": asked, "mode": mode, "data": project.digest()}
    table = Table("search", COLUMNS, rows, notes, provenance)
    return disclosed(project, table, rendered=["before", "hit", "after", "document", "speaker"])


def hits(
    project: Project,
    asked: str,
    *,
    mode: str = "words",
    scope: Scope = EVERYWHERE,
    context: int = CONTEXT,
) -> list[Hit]:
    """Every place as a record; see ``search``."""
    way = _mode(mode)
    inside = _Inside(project, scope)
    chosen = _documents(project, scope, asked, way)
    shown = [shown_transcript(project, document.id) for document in chosen]
    lemma = lemmatiser() if way == "lemma" else None
    places = find(asked, [one.transcript.text for one in shown], way, lemma=lemma)
    codes = _Codes(project)
    found = []
    for one, spans in zip(shown, places, strict=True):
        for span in spans:
            hit = _hit(one, span, context, codes)
            if inside.holds(one, hit):
                found.append(hit)
    return found


def _mode(mode: str) -> Mode:
    for known in MODES:
        if mode == known:
            return known
    raise UnknownName("way to search", mode, MODES)


def _documents(project: Project, scope: Scope, asked: str, mode: Mode) -> list[Document]:
    wanted = {project.documents.named(name).id for name in scope.documents}
    found = [one for one in documents_of(project) if not wanted or one.id in wanted]
    # An index knows what was said, not what is shown for it: labels are looked for everywhere.
    if mode != "words" or project.layer.active:
        return found
    holding = project.search.holding(plain_words(asked))
    return found if holding is None else [one for one in found if one.id in holding]


def _hit(shown: Shown, span: Span, context: int, codes: _Codes) -> Hit:
    text, rendering = shown.transcript.text, shown.rendering
    start, stop = rendering.to_text(span.start), rendering.to_text(span.stop - 1) + 1
    place = rendering.grown(Span(start, max(stop, start + 1)))
    turns = [t for t in shown.transcript.turns if t.start < span.stop and t.stop > span.start]
    return Hit(
        shown.transcript.document,
        place,
        turns[0] if turns else None,
        text[max(0, span.start - context) : span.start],
        text[span.start : span.stop],
        text[span.stop : span.stop + context],
        codes.at(shown.transcript.document.id, place),
    )


class _Codes:
    """Which codes lie where, as far as the viewer may see."""

    def __init__(self, project: Project) -> None:
        into, live = project.codebook.stands_for(), {c.id: c for c in project.codebook.codes()}
        self._here: dict[str, list[tuple[Span, str]]] = {}
        for one in project.codings.list(earlier=False):
            code = live.get(into[one.code_id])
            if code is not None:
                self._here.setdefault(one.document_id, []).append((one.span, code.code))

    def at(self, document_id: str, place: Span) -> tuple[str, ...]:
        here = self._here.get(document_id, ())
        return tuple(dict.fromkeys(code for span, code in here if span.overlap(place)))


class _Inside:
    """Whether a hit lies where was asked."""

    def __init__(self, project: Project, scope: Scope) -> None:
        self._scope = scope
        codes = project.codebook.codes()
        family = members(codes, own=False)
        named = [project.codebook.named(name).code for name in scope.codes]
        self._codes = {code for name in named for code in family[name]}
        self._documents = project.documents.attributes()
        self._participants = {p.label: p.attributes for p in project.participants.list()}
        self._speakers = self._known_speakers(project, scope.speakers)
        self._wanted = self._known_values(scope.attributes)
        self._words = project.layer.words

    @staticmethod
    def _known_speakers(project: Project, asked: Sequence[str]) -> set[str]:
        words = project.layer.words
        known = {words(one.name) for one in project.speakers.list()}
        known |= {words(one.label) for one in project.participants.list()}
        by_name = {name.casefold(): name for name in known}
        for name in asked:
            if name.casefold() not in by_name:
                raise UnknownName("speaker", name, sorted(known))
        return {by_name[name.casefold()] for name in asked}

    def _known_values(self, asked: Mapping[str, str]) -> dict[str, str]:
        records = [*self._documents.values(), *self._participants.values()]
        values: dict[str, set[str]] = {}
        for record in records:
            for name, value in record.items():
                values.setdefault(name, set()).add(value)
        names = {name.casefold(): name for name in values}
        found = {}
        for name, value in asked.items():
            if name.casefold() not in names:
                raise UnknownName("attribute", name, sorted(values))
            known = {v.casefold(): v for v in values[names[name.casefold()]]}
            if value.casefold() not in known:
                raise UnknownName(f"value of {name}", value, sorted(known.values()))
            found[names[name.casefold()]] = known[value.casefold()]
        return found

    def holds(self, shown: Shown, hit: Hit) -> bool:
        turn = hit.turn
        if not self._scope.moderator and turn is not None and turn.role == "moderator":
            return False
        if self._codes and not self._codes & set(hit.codes):
            return False
        who = () if turn is None else (turn.speaker or "", *turn.participants)
        if self._speakers and not self._speakers & set(who):
            return False
        told = self._documents.get(hit.document.id, {})
        theirs = [
            attributes
            for label, attributes in self._participants.items()
            if turn is not None and self._words(label) in turn.participants
        ]
        return all(
            value in ({one[name] for one in theirs if one.get(name)} or {told.get(name, "")})
            for name, value in self._wanted.items()
        )
