"""Sentences that are like passages coded already: proposals, never codings until somebody agrees.

Likeness is counted on this machine, from the words as they are shown (``text.similar``). What a
coder does in an open blind round must be theirs alone, so there nothing is suggested at all.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qualcode.errors import StillBlind, UsageProblem
from qualcode.model import Code, Coder, Coding, Document, Round, Span, Table, Transcript, Turn
from qualcode.reports.blind import blind_rounds
from qualcode.reports.disclosed import disclosed
from qualcode.reports.source import documents as documents_of
from qualcode.text.similar import Like, Rarity, nearest
from qualcode.text.terms import Reader, Terms, basic_forms
from qualcode.text.units import units

if TYPE_CHECKING:
    from qualcode.project import Project
    from qualcode.text.redaction import Rendering

COLUMNS = [
    "document", "document_id", "turn", "start", "stop", "speaker", "text", "code", "score",
    "like_document", "like_document_id", "like_turn", "like_start", "like_stop", "like_text",
    "coder",
]  # fmt: skip
AT_LEAST = 0.3
"""The least likeness that is worth a look. In the sample study, of the suggestions this good that
come from other documents 17 in 100 are codings its first coder made, of those of .5 and more 42;
of all pairs of sentence and code 2 in 100 are."""

FEWEST = 3
"""A stretch with fewer different terms is like nothing: one shared word would decide."""

MOST = 3
"""Passages shown for one suggestion."""

LIMIT = 100


@dataclass(frozen=True, slots=True, repr=False)
class Resembled:
    """A coded passage that a sentence is like."""

    document: Document
    span: Span
    """In the document's own text."""

    turn: int | None
    text: str
    """As it is shown."""

    coders: tuple[str, ...]
    """Names of those who coded exactly this passage with the code."""

    score: float
    """Cosine, above 0 and at most 1; see ``text.similar``."""


@dataclass(frozen=True, slots=True, repr=False)
class Suggestion:
    """A sentence that might bear a code."""

    document: Document
    span: Span
    """In the document's own text."""

    turn: int | None
    speaker: str | None
    text: str
    """As it is shown."""

    code: Code
    like: tuple[Resembled, ...]
    """The passages with the code that it is most like, that one first; none overlaps another."""

    @property
    def score(self) -> float:
        """How like the first passage it is."""
        return self.like[0].score


def suggestions(
    project: Project,
    document: str,
    *,
    code: str | None = None,
    limit: int | None = LIMIT,
    at_least: float = AT_LEAST,
) -> Table:
    """Show which sentences of a document are like passages coded already.

    Sentences that the project's coder has coded, moderators' ones and those of fewer than three
    different terms are left out. Nothing is applied.

    Args:
        document: Name.
        code: Only this code.
        limit: Only so many, the most alike; None for all.
        at_least: The least likeness, from 0 to 1.

    Returns:
        Columns ``document, document_id, turn, start, stop, speaker, text, code, score,
        like_document, like_document_id, like_turn, like_start, like_stop, like_text, coder``: a
        row for each sentence and code, with the coded passage it is most like and who coded that;
        ``score`` is their cosine, unrounded. The most alike first, then by place and code. Empty,
        with these columns, where nothing is like anything.

    Raises:
        StillBlind: The coder has the document in a blind round that is open.
        UsageProblem: The project was opened without saying who looks.
        UnknownName: No such document or code.
    """
    wanted = None if code is None else project.codebook.named(code).id
    me = _viewer(project)
    every = suggested(project, project.documents.named(document), by=me, at_least=at_least)
    found = [one for one in every if wanted in (None, one.code.id)]
    rows = [
        (
            one.document.name, one.document.id, one.turn, one.span.start, one.span.stop,
            one.speaker, one.text, one.code.code, one.score, like.document.name, like.document.id,
            like.turn, like.span.start, like.span.stop, like.text, ", ".join(like.coders),
        )
        for one in found[:limit]
        for like in one.like[:1]
    ]  # fmt: skip
    own = " Only your own codings are compared with." if _own_only(project, me) else ""
    notes = [
        f"{len(rows)} of {len(found)} suggestions: sentences and codes whose nearest coded passage "
        f"is like them by {at_least:g} or more (cosine of tf-idf, 0 to 1).{own}",
        "A suggestion is no coding; it becomes one only when a coder accepts it.",
    ]
    provenance = {
        "document": document, "code": code, "limit": limit, "at_least": at_least,
        "terms": "words" if basic_forms() is None else "basic forms of words",
        "data": project.digest(),
    }  # fmt: skip
    shown = ["text", "like_text"]
    return disclosed(
        project, Table("suggestions", COLUMNS, rows, notes, provenance), rendered=shown
    )


def suggested(
    project: Project, document: Document, *, by: Coder, at_least: float = AT_LEAST
) -> list[Suggestion]:
    """The suggestions as records; see ``suggestions``."""
    refuse_blind(project, document, by)
    texts = _read(project)
    here = texts.get(document.id)
    if here is None:
        return []
    codes = _applicable(project, project.rounds.current(document.id, by.id))
    coded = [c.span for c in project.codings.list(document_id=document.id, coder_id=by.id)]
    asked = [
        (span, terms)
        for span, terms in here.sentences
        if _tells(terms) and not any(span.overlap(other) for other in coded)
    ]
    passages = _passages(project, texts, codes, by)
    rarity = Rarity.among(terms for one in texts.values() for _, terms in one.sentences)
    alike = nearest(
        [terms for _, terms in asked], [p.terms for p in passages], rarity, at_least=at_least
    )
    order = {code_id: n for n, code_id in enumerate(codes)}
    found = [
        _suggestion(here, span, codes[code_id], near, passages, texts)
        for (span, _), every in zip(asked, alike, strict=True)
        for code_id, near in _by_code(span, here, every, passages).items()
    ]
    return sorted(found, key=lambda one: (-one.score, one.span, order[one.code.id]))


def accept(project: Project, one: Suggestion, *, by: Coder) -> Coding:
    """Code a sentence as was suggested: one act, one undo; the record says where it comes from.

    Raises:
        StillBlind: A blind round with the document has been opened for the coder meanwhile.
        Refused: The code cannot be applied, or the document is not the coder's to code.
    """
    refuse_blind(project, one.document, by)
    places = [(one.document.id, one.span)]
    return project.codings.apply_all(places, one.code.id, by=by, made_by="suggestion")[0]


def refuse_blind(project: Project, document: Document, by: Coder) -> None:
    """Raise ``StillBlind`` where the coder has the document in a blind round that is open."""
    for round_ in blind_rounds(project, by, document.id):
        raise StillBlind(
            f'In round "{round_.name}" you code {document.name} blind: nothing is suggested, so '
            "that what you code is your own. Look again once the round is closed or unblinded."
        )


def suggests(project: Project, document_id: str, by: Coder) -> bool:
    """Whether anything may be suggested to a coder in a document."""
    return not blind_rounds(project, by, document_id)


def _viewer(project: Project) -> Coder:
    if project.coder is None:
        raise UsageProblem(
            "Suggestions are made for one coder; open the project as one: "
            'qualcode.open("NAME.qualcode", coder="NAME").'
        )
    return project.coder


def _own_only(project: Project, by: Coder) -> bool:
    """Whether the codings of others must not be shown: the coder works in some blind round."""
    return bool(blind_rounds(project, by))


def _applicable(project: Project, round_: Round) -> dict[str, Code]:
    """The codes that can be applied in a round by id, in codebook order."""
    codes: Sequence[Code] = project.codebook.codes()
    if round_.codebook_version is not None:
        codes = project.codebook.version(round_.codebook_version).codes
    return {code.id: code for code in codes if code.codable}


@dataclass(frozen=True, slots=True, repr=False)
class _Text:
    """A document that counts: what it says, and where."""

    transcript: Transcript
    rendering: Rendering
    terms: Terms
    sentences: Sequence[tuple[Span, Sequence[str]]]
    """In the document's own text, with their terms; moderators' ones are left out."""

    def turn_at(self, position: int) -> Turn | None:
        """The turn that a position lies in; None outside turns."""
        turns = self.transcript.turns
        at = bisect_right(turns, position, key=lambda turn: turn.start) - 1
        return turns[at] if at >= 0 and position < turns[at].stop else None

    def within(self, span: Span) -> Sequence[str]:
        """The terms shown for a stretch of the document's own text."""
        return self.terms.within(self.rendering.span(span))


def _read(project: Project) -> dict[str, _Text]:
    """Every document that is in the project, in import order."""
    readers: dict[str, Reader] = {}
    found: dict[str, _Text] = {}
    for document in documents_of(project):
        language = document.language or "en"
        if language not in readers:
            readers[language] = Reader(language, lemma=basic_forms(language))
        transcript = project.documents.transcript(document.id)
        rendering = project.layer.rendering(document.id, transcript.text)
        terms = readers[language].read(rendering.text)
        sentences = [
            (span, terms.within(rendering.span(span)))
            for span, _, role in units(transcript, "sentence")
            if role != "moderator"
        ]
        found[document.id] = _Text(transcript, rendering, terms, sentences)
    return found


def _tells(terms: Sequence[str]) -> bool:
    return len(set(terms)) >= FEWEST


@dataclass(frozen=True, slots=True, repr=False)
class _Passage:
    """What somebody coded; codings of the same words with the same code are one."""

    document_id: str
    span: Span
    code_id: str
    terms: Sequence[str]
    coders: tuple[str, ...]


def _passages(
    project: Project, texts: dict[str, _Text], codes: dict[str, Code], by: Coder
) -> list[_Passage]:
    """The coded passages that may be shown to a coder, by document (import order) and place."""
    into, names = project.codebook.stands_for(), {c.id: c.name for c in project.coders.list()}
    only = by.id if _own_only(project, by) else None
    who: dict[tuple[str, Span, str], dict[str, None]] = {}
    for one in project.codings.list(coder_id=only, earlier=False):
        code_id = one.code_id if one.code_id in codes else into[one.code_id]
        if code_id in codes:
            who.setdefault((one.document_id, one.span, code_id), {})[names[one.coder_id]] = None
    found = []
    for (document_id, span, code_id), coders in who.items():
        text = texts[document_id]
        turn, terms = text.turn_at(span.start), text.within(span)
        if _tells(terms) and (turn is None or turn.role != "moderator"):
            found.append(_Passage(document_id, span, code_id, terms, tuple(sorted(coders))))
    return found


def _by_code(
    span: Span, here: _Text, every: Sequence[Like], passages: Sequence[_Passage]
) -> dict[str, list[Like]]:
    """Code → the passages with it that a sentence is most like, itself aside; none twice."""
    found: dict[str, list[Like]] = {}
    for like in every:
        passage = passages[like.at]
        own = passage.document_id == here.transcript.document.id and passage.span.overlap(span)
        so_far = found.setdefault(passage.code_id, []) if not own else []
        if own or len(so_far) == MOST:
            continue
        if not any(
            passages[other.at].document_id == passage.document_id
            and passages[other.at].span.overlap(passage.span)
            for other in so_far
        ):
            so_far.append(like)
    return found


def _suggestion(
    here: _Text,
    span: Span,
    code: Code,
    near: Sequence[Like],
    passages: Sequence[_Passage],
    texts: dict[str, _Text],
) -> Suggestion:
    turn = here.turn_at(span.start)
    return Suggestion(
        here.transcript.document,
        span,
        None if turn is None else turn.n,
        None if turn is None else turn.speaker,
        here.rendering.cut(span),
        code,
        tuple(_resembled(passages[like.at], texts, like.score) for like in near),
    )


def _resembled(passage: _Passage, texts: dict[str, _Text], score: float) -> Resembled:
    text = texts[passage.document_id]
    turn = text.turn_at(passage.span.start)
    return Resembled(
        text.transcript.document,
        passage.span,
        None if turn is None else turn.n,
        text.rendering.cut(passage.span),
        passage.coders,
        score,
    )
