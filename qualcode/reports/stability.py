"""A coder against their earlier self: what a recoding round is for.

Somebody codes documents anew without looking at what they made of them before. How far the two
agree is the coder's stability; it is no second opinion, and never pooled with what others say.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from qualcode.model import Assignment, Code, Coder, Document, Round
from qualcode.reliability.units import Placed, rate
from qualcode.reports.cut import USUAL, Scope, units
from qualcode.reports.ratings import (
    RatedRound,
    codes_in_force,
    corrected_since,
    discussed_before,
    moment,
    pinned_cut,
    placed,
    rated_round,
)

if TYPE_CHECKING:
    from qualcode.project import Project

STABILITY = "stability"


def selves(
    project: Project,
    round_: Round,
    *,
    only: Sequence[Code] | None = None,
    people: Sequence[Coder] | None = None,
    asked: Scope = USUAL,
) -> list[RatedRound]:
    """Pair each coder of a recoding round with their earlier self.

    Args:
        round_: Of purpose ``recode``.
        only: These codes; None: all that both codebook versions have.
        people: These coders; None: all who finished a document.
        asked: Units, documents and rules.

    Returns:
        One comparison per coder and earlier round: of a document that a coder finished in several
        rounds before, the last one counts. ``coders`` are the coder and "coder (earlier round)".
        Where nobody coded a document of it before, the round as any other, which has one coder.

    Raises:
        StillBlind: An earlier round is blind and open.
    """
    corrected = corrected_since(project) if round_.state == "closed" else {}
    documents = {d.id: d for d in project.documents.list() if not d.removed or d.id in corrected}
    finished = [
        one
        for one in project.rounds.assignments(round_.id, removed=True)
        if one.finished_at
        and one.document_id in documents
        and (not asked.documents or one.document_id in asked.documents)
    ]
    earlier = _earlier(project, finished)
    rounds = {r.id: r for r in project.rounds.list()}
    found: list[RatedRound] = []
    for coder in people if people is not None else project.coders.list():
        mine = [one for one in finished if one.coder_id == coder.id]
        first = [one.document_id for one in mine if (coder.id, one.document_id) not in earlier]
        for before in rounds.values():
            here = [o for o in mine if earlier.get((coder.id, o.document_id)) == before.id]
            if not here:
                continue
            project.rounds.require_visible(before.id)
            chosen = [documents[one.document_id] for one in here]
            rated = _against_before(project, round_, before, coder, chosen, only, asked)
            known = discussed_before(project, round_, here)
            flags = ("discussed",) if known else ()
            said = tuple(_warnings(round_, coder, known, first, documents))
            found.append(replace(rated, flags=flags, warnings=said))
            first = []
    return found or [rated_round(project, round_, only=only, people=people, asked=asked)]


def _earlier(project: Project, finished: Sequence[Assignment]) -> dict[tuple[str, str], str]:
    """(coder, document) → the round in which the coder last finished it before."""
    recoding = {r.id for r in project.rounds.list() if r.purpose == "recode"}
    wanted = {(one.coder_id, one.document_id): one for one in finished}
    marks = [
        one
        for one in project.rounds.assignments(removed=True)
        if one.finished_at and one.round_id not in recoding
    ]
    found: dict[tuple[str, str], str] = {}
    for one in sorted(marks, key=lambda one: moment(one.finished_at or "")):
        again = wanted.get((one.coder_id, one.document_id))
        if again is not None and moment(one.finished_at or "") <= moment(again.finished_at or ""):
            found[one.coder_id, one.document_id] = one.round_id
    return found


def _against_before(
    project: Project,
    round_: Round,
    before: Round,
    coder: Coder,
    documents: Sequence[Document],
    only: Sequence[Code] | None,
    asked: Scope,
) -> RatedRound:
    """What a coder says now beside what they said in one earlier round."""
    once = Coder(f"{coder.id} {before.id}", f"{coder.name} ({before.name})")
    then = {code.id for code in codes_in_force(project, before)}
    both = [code for code in codes_in_force(project, round_) if code.id in then]
    codes = both if only is None else list(only)
    here = sorted((d.id for d in documents), key=lambda d: (project.documents.get(d).name, d))
    codings: list[Placed] = []
    for where, who in ((round_, coder), (before, once)):
        codings += [
            one._replace(coder=who.id)
            for one in placed(project, where, asked, codes_in_force(project, where))
            if one.coder == coder.id and one.document in set(here)
        ]
    ratings = rate(
        units(project, asked, here, codings, pinned_cut(round_)),
        codings,
        coders=[coder.id, once.id],
        codes=[code.id for code in codes],
        finished={(document, who.id) for document in here for who in (coder, once)},
        texts={document: project.documents.text(document) for document in here},
        known={code.id for code in both},
        overlap=asked.overlap,
    )
    if asked.restrict is not None:
        ratings = ratings.any_coded()
    named = {d.id: d for d in documents}
    return RatedRound(
        round_,
        tuple(named[d] for d in here),
        tuple(codes),
        (coder, once),
        ratings,
        (),
        tuple(codings),
        asked,
        scope=STABILITY,
    )


def _warnings(
    round_: Round,
    coder: Coder,
    known: frozenset[str],
    first: Sequence[str],
    documents: dict[str, Document],
) -> Iterator[str]:
    name = f'Round "{round_.name}"'
    if known:
        names = ", ".join(sorted(documents[one].name for one in known))
        yield f"{name}: {coder.name} had discussed {names} before coding it anew."
    if first:
        names = ", ".join(sorted(documents[one].name for one in first))
        yield f"{name}: {coder.name} had not finished {names} before; it is left out."
