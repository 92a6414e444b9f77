"""All rounds as one sample: what agreement is over every round, whatever codebook each was on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from qualcode.errors import UsageProblem
from qualcode.reliability.pooling import Part, pool
from qualcode.reports.figures import Subject
from qualcode.reports.ratings import RatedRound

ALL_ROUNDS = "*"
"""In the column ``round``: every round that is compared, together."""


def pooled(rated: Sequence[RatedRound]) -> Subject:
    """What the figures of all rounds together are made of.

    Where a round's codebook version does not have a code, all its ratings of that code are
    missing. A document that several rounds share is one cluster for intervals. Codes stand in the
    order of the last round, then those that only earlier ones had.

    Raises:
        UsageProblem: There are fewer than two rounds, or one is a recoding round.
    """
    if len(rated) < 2:
        raise UsageProblem("There is nothing to pool: only one round is compared.")
    anew = [one.round.name for one in rated if one.scope is not None]
    if anew:
        raise UsageProblem(
            f'Round "{anew[0]}" compares a coder with their earlier self; that is no second '
            "opinion, so it cannot be pooled. Name the other rounds with --round."
        )
    codes = {code.id: code.code for one in reversed(rated) for code in one.codes}
    coders = {coder.id: coder.name for one in rated for coder in one.coders}
    names = {document.id: document.name for one in rated for document in one.documents}
    people = sorted(coders, key=lambda id_: coders[id_].casefold())
    documents = list(dict.fromkeys(d for one in rated for d in one.ratings.units.documents))
    parts = [_part(one) for one in rated]

    def matrix(code: int, document: int | None) -> NDArray[np.int8]:
        found = [np.zeros((0, len(people)), dtype=np.int8)]
        for one, part in zip(rated, parts, strict=True):
            if [*codes][code] not in part.codes:
                continue
            at = None
            if document is not None:
                if documents[document] not in part.documents:
                    continue
                at = part.documents.index(documents[document])
            said = one.ratings.matrix(part.codes.index([*codes][code]), at)
            wide = np.full((len(said), len(people)), -1, dtype=np.int8)
            wide[:, [people.index(coder) for coder in part.coders]] = said
            found.append(wide)
        return np.concatenate(found)

    subjects = [one.subject() for one in rated]
    return Subject(
        ALL_ROUNDS,
        tuple(codes.values()),
        tuple(coders[id_] for id_ in people),
        pool(parts, [*codes], people, documents),
        matrix,
        subjects[0].unit,
        subjects[0].overlap,
        ", ".join(_versions(rated)) or None,
        tuple(names[id_] for id_ in documents),
        rolled_up=subjects[0].rolled_up,
        restrict=subjects[0].restrict,
        sampled=all(one.sampled for one in subjects),
        flags=tuple(dict.fromkeys(flag for one in subjects for flag in one.flags)),
        called="All rounds together",
    )


def note(rated: Sequence[RatedRound]) -> str:
    """What a reader of pooled figures has to know."""
    versions = _versions(rated)
    on = f" on codebook {', '.join(versions)}" if versions else ""
    shared = len([d for one in rated for d in one.documents]) - len(
        {d.id for one in rated for d in one.documents}
    )
    twice = " Documents of several rounds count once for each." if shared else ""
    return (
        f"All rounds together: {len(rated)} rounds{on}; a code is missing in a round whose "
        f"codebook does not have it.{twice}"
    )


def _part(one: RatedRound) -> Part:
    ratings = one.ratings
    return Part(ratings.counts(), ratings.codes, ratings.coders, ratings.units.documents)


def _versions(rated: Sequence[RatedRound]) -> Sequence[str]:
    def each() -> Iterator[str]:
        for one in rated:
            if one.round.codebook_version is not None:
                yield one.round.codebook_version

    return list(dict.fromkeys(each()))
