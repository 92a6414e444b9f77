"""A query over the excerpts of a project: what its names stand for, and what it holds of.

Words, attributes and names are compared as they are shown: were they compared as they were said,
the hits would tell whom a label stands for.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qualcode.errors import QueryProblem, UsageProblem
from qualcode.model import Span
from qualcode.reports.corpus import members
from qualcode.reports.disclosed import Shown
from qualcode.reports.excerpt_marks import Key, Marked, Records, key_of
from qualcode.reports.source import documents
from qualcode.text import patterns
from qualcode.text.people import passed_on
from qualcode.text.plurals import counted
from qualcode.text.roster import MANY
from qualcode.themes.matching import (
    Coded,
    Found,
    Piece,
    Place,
    Record,
    compared,
    is_comparable,
    matching,
)  # fmt: skip
from qualcode.themes.query import (
    MARKS,
    And,
    Names,
    Node,
    Query,
    Term,
    folded,
    named,
    number,
    parse,
)

if TYPE_CHECKING:
    from qualcode.project import Project

NAMED = 12


def understood(
    project: Project, query: str | None, code: str | None, *, own: bool = False
) -> Query | None:
    """The query, and in it the code that was asked for beside it; None for neither.

    A text that is the very name of a code is that code, blanks in it or not.

    Args:
        own: ``code`` without those below it.

    Raises:
        UnknownName: No such ``code``.
        QueryProblem: What is wrong with the query, and where.
    """
    codes = project.codebook.codes()
    family = {name: frozenset(below) for name, below in members(codes, own=False).items()}
    tree: Node | None = None
    parsed: Query | None = None
    if query is not None:
        names = _names(project, family)
        whole = names.codes.get(query.strip())
        if whole is not None:
            parsed = Query(query, Term("code", whole[0], 1, codes=whole[1]))
        else:
            parsed = parse(query)
            _refuse_hidden(project, parsed)
            parsed = named(parsed, names)
        tree = parsed.tree
    if code is not None:
        short = project.codebook.named(code).code
        term = Term("code", short, 1, codes=frozenset({short}) if own else family[short])
        tree = term if tree is None else And((term, tree))
    if tree is None:
        return None
    return Query(query or "", tree, "overlap" if parsed is None else parsed.within)


def _refuse_hidden(project: Project, query: Query) -> None:
    """Refuse a speaker or document by a name that is not shown, rather than to know none such."""
    shown = project.layer.words
    called = {
        "speaker": [*(p.label for p in project.participants.list()),
                    *(s.name for s in project.speakers.list())],
        "document": [one.name for one in documents(project)],
    }  # fmt: skip
    for term in query.terms("speaker", "document"):
        for name in called[term.kind]:
            if folded(name) == folded(term.value) != folded(shown(name)):
                raise QueryProblem(
                    f"redactions hide this {term.kind}; ask by the label that is shown, or with "
                    "--identified REASON.", query.text, term.column,
                )  # fmt: skip


def _names(project: Project, family: Mapping[str, frozenset[str]]) -> Names:
    """What names may stand for, as they are shown."""
    codes = project.codebook.codes()
    by_name = {code.code: (code.code, family[code.code]) for code in codes}
    titles = Counter(code.title for code in codes)
    for code in codes:
        if titles[code.title] == 1:
            by_name.setdefault(code.title, by_name[code.code])
    participants = participants_shown(project)
    told = [*project.documents.attributes().values(), *participants.values()]
    speakers = [*participants, *(s.name for s in project.speakers.list())]
    return Names(
        by_name,
        sorted({name for one in told for name in one}),
        _shown(project, speakers),
        _shown(project, [one.name for one in documents(project)]),
        [one.name for one in project.coders.list()],
        [one.name for one in project.rounds.list()],
    )


def participants_shown(project: Project) -> dict[str, Mapping[str, str]]:
    """Label → attributes, without those that hold what somebody is called."""
    return {
        one.label: one.attributes if project.layer.identified else passed_on(one.attributes)
        for one in project.participants.list()
    }


def _shown(project: Project, names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(map(project.layer.words, names)))


def require_visible(project: Project, query: Query) -> None:
    """Refuse a round that is blind and open where nobody looks, as ``--round`` does."""
    if project.coder is None:
        for term in query.terms("round"):
            project.rounds.require_visible(project.rounds.named(term.value).id)


@dataclass(frozen=True, slots=True)
class Held:
    """What a query holds of."""

    marks: list[Marked]
    """Codings, cut where that was asked for. A turn stands once for each coding in it, or once
    with the code None."""

    notes: list[str]


def held(
    project: Project,
    query: Query,
    found: Records,
    shown: Callable[[str], Shown],
    *,
    only: str | None = None,
    include_moderator: bool = False,
    cut: bool = False,
) -> Held:
    """Choose the codings, or turns, of which a query holds.

    Args:
        shown: Gives a document as it is shown, by its id.
        only: Id of the one document that excerpts may come from; WITHIN participant looks
            elsewhere, too.

    Raises:
        QueryProblem: A pattern is none, or takes more than 5 seconds.
    """
    if cut and query.within != "overlap":
        raise UsageProblem("--cut gives what codes share, so it takes WITHIN overlap only.")
    keys = [k for k in found.keys if query.within == "participant" or only in (None, k.document_id)]
    marks = _by_key(found.marks)
    attributes = _worded(project, project.documents.attributes())
    people = _worded(project, participants_shown(project))
    told = [*attributes.values(), *people.values()]
    _refuse_incomparable(query, told)
    records = [
        Record(
            key.document_id,
            shown(key.document_id).transcript.document.name,
            _places(shown(key.document_id), include_moderator),
            tuple(map(_coded, marks.get(key, ()))),
            key.coder,
            key.round,
            f"{key.round}/{key.coder}" if found.by_coder else "",
            attributes.get(key.document_id, {}),
        )
        for key in keys
    ]
    matched = matching(query, records, people, _Finds(query, shown), cut=cut)
    chosen: list[Marked] = []
    for one in matched:
        key = keys[one.record]
        if only not in (None, key.document_id):
            continue
        if one.coding is None:
            chosen += _of_turn(key, [marks[key][i] for i in one.inside], one)
        else:
            chosen.append(_part(marks[key][one.coding], one))
    notes = [
        _note(project, query, cut),
        *_unmatched(query, told, _hidden(project, query)),
    ]
    if not query.asked_for():
        notes += _turn_notes(include_moderator)
    return Held(chosen, notes)


def _by_key(marks: Sequence[Marked]) -> dict[Key, list[Marked]]:
    found: dict[Key, list[Marked]] = {}
    for mark in marks:
        found.setdefault(key_of(mark), []).append(mark)
    return found


def _worded(
    project: Project, attributes: Mapping[str, Mapping[str, str]]
) -> dict[str, dict[str, str]]:
    """Attributes as they are shown; participants too, while ids of documents hold no name."""
    words = project.layer.words
    return {
        words(of): {name: words(value) for name, value in values.items()}
        for of, values in attributes.items()
    }


def _places(shown: Shown, include_moderator: bool) -> tuple[Place, ...]:
    """Turns, and the paragraphs outside them, with their speakers as they are shown."""
    seen = {turn.n: turn for turn in shown.transcript.turns}
    alone = not seen  # where nobody speaks, a paragraph is what a turn is elsewhere
    found: list[Place] = []
    for block in shown.original.blocks:
        if block.turn is None:
            found.append(Place(block.start, block.stop, eligible=alone))
            continue
        turn = seen[block.turn.n]
        spoken_by = tuple(name.strip() for name in (turn.speaker or "").split(MANY) if name.strip())
        moderates = turn.role == "moderator"
        people = turn.participants or (() if moderates else spoken_by)
        found.append(
            Place(
                block.start,
                block.stop,
                tuple(dict.fromkeys([*spoken_by, *turn.participants])),
                people,
                include_moderator or not moderates,
            )
        )
    return tuple(found)


def _coded(mark: Marked) -> Coded:
    marks = [name for name in MARKS if mark[name]]
    return Coded(mark["start"], mark["stop"], mark["code"], mark["valence"], frozenset(marks))


class _Finds:
    """Looks for the words of a term in the shown text of pieces."""

    def __init__(self, query: Query, shown: Callable[[str], Shown]) -> None:
        self._query, self._shown = query, shown

    def __call__(self, term: Term, pieces: Sequence[Piece]) -> set[Piece]:
        texts = [
            self._shown(document).rendering.cut(Span(start, stop))
            for document, start, stop in pieces
        ]
        if term.kind == "text":
            places = patterns.words(term.value, texts, first=True)
        else:
            places = self._matches(term, texts)
        return {piece for piece, there in zip(pieces, places, strict=True) if there}

    def _matches(self, term: Term, texts: Sequence[str]) -> list[list[Span]]:
        try:
            return patterns.matches(term.value, texts, first=True)
        except patterns.BadPattern as error:
            at = term.column + 1 + error.position
            raise QueryProblem(f"{error.problem}.", self._query.text, at) from None
        except TimeoutError as error:
            message = f"{error} Make it simpler: no repetition inside a repetition."
        except MemoryError as error:
            message = str(error)
        raise QueryProblem(message, self._query.text, term.column)


def _of_turn(key: Key, marks: Sequence[Marked], one: Found) -> Iterator[Marked]:
    """A turn, with what is coded in it."""
    here = {
        "coding_id": f"{key.document_id}:{one.start}-{one.stop}", "document_id": key.document_id,
        "start": one.start, "stop": one.stop, "coder": key.coder, "round": key.round,
        "codebook_version": key.codebook_version,
    }  # fmt: skip
    yield {
        **here, "code": None, "valence": None, "exemplar": False, "disconfirming": False,
        "memo": None,
    }  # fmt: skip
    for mark in marks:
        yield {**mark, **here}


def _part(mark: Marked, one: Found) -> Marked:
    if (mark["start"], mark["stop"]) == (one.start, one.stop):
        return mark
    part = f"{mark['coding_id']}:{one.start}-{one.stop}"
    return {**mark, "coding_id": part, "start": one.start, "stop": one.stop}


def masked(project: Project, text: str) -> str:
    """A query without known names: beside its hits, a label in their place would tell whose.

    In any case, and with ``_`` for blanks, for so a query may be typed.
    """
    if not project.layer.active:
        return text
    longest_first = sorted(project.layer.names, key=len, reverse=True)
    names = "|".join(r"[\s_]+".join(map(re.escape, name.split())) for name in longest_first)
    return re.sub(rf"(?<![^\W_])(?:{names})(?![^\W_])", "[…]", text, flags=re.IGNORECASE)


def _note(project: Project, query: Query, cut: bool) -> str:
    looked = {
        "overlap": "the excerpt itself",
        "turn": "the turns it touches",
        "document": "its document",
        "participant": "all that its participants say",
    }[query.within]
    text = masked(project, query.text) or next(query.terms()).value
    more = "; cut to what the codes share" if cut else ""
    return f"Query: {text} (codes and words looked for in {looked}{more}; names as shown)."


def _refuse_incomparable(query: Query, told: Sequence[Mapping[str, str]]) -> None:
    """Refuse to ask whether words are more or less: no answer would look like an empty one."""
    for term in query.terms("attribute"):
        values = _values(term, told)
        if term.relation in ("=", "!=") or not values:
            continue
        if not any(is_comparable(value, term.value) for value in values):
            kind = "date" if number(term.value) is None else "number"
            raise QueryProblem(
                f'{term.relation} compares numbers, and dates; no value of "{term.name}" is a '
                f"{kind} (there are: {_some(values)}).", query.text, term.column,
            )  # fmt: skip


def _hidden(project: Project, query: Query) -> dict[int, str]:
    """Column → what redactions hide of what is asked for there."""
    layer = project.layer
    if not layer.active:
        return {}
    stored = [*project.documents.attributes().values(), *participants_shown(project).values()]
    found: dict[int, str] = {}
    for term in query.terms("attribute"):
        values = {value for one in stored if (value := one.get(term.name))}
        if any(compared(v, "=", term.value) and layer.words(v) != v for v in values):
            found[term.column] = f'this value of "{term.name}"'
    for term in query.terms("text"):
        if masked(project, term.value) != term.value:
            found[term.column] = "these words, or some of them"
    return found


def _values(term: Term, told: Sequence[Mapping[str, str]]) -> list[str]:
    """The values of an attribute, as they are shown."""
    return sorted({v for one in told if (v := one.get(term.name))}, key=str.casefold)


def _some(values: Sequence[str]) -> str:
    return ", ".join(values[:NAMED]) + (" …" if len(values) > NAMED else "")


def _unmatched(
    query: Query, told: Sequence[Mapping[str, str]], hidden: Mapping[int, str]
) -> Iterator[str]:
    """Terms that can hold of nothing, for no value is what they ask for, or none is shown."""
    for column, what in hidden.items():
        yield (
            f"Column {column}: redactions hide {what}. Ask by the label that is shown, or with "
            "--identified REASON."
        )
    for term in query.terms("attribute"):
        values = _values(term, told)
        some = _some(values)
        if term.relation in ("=", "!="):
            if not any(compared(value, "=", term.value) for value in values):
                yield (
                    f'Column {term.column}: nothing has this value of "{term.name}"; as shown '
                    f"there are: {some}."
                )
        elif others := [v for v in values if not is_comparable(v, term.value)]:
            n = counted(len(others), "value")
            yield f'Column {term.column}: {n} of "{term.name}" cannot be compared so, left out.'


def _turn_notes(include_moderator: bool) -> Iterator[str]:
    yield "The query asks for no code, so excerpts are turns; their codes are those in them."
    if not include_moderator:
        yield "Turns of moderators are left out."
