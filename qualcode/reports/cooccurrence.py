"""Which codes come up together, how often, and whether more often than by chance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qualcode.errors import UsageProblem
from qualcode.model import Cell, Table
from qualcode.reports.corpus import corpus, members
from qualcode.reports.disclosed import disclosed
from qualcode.themes.cooccurrence import NEAR, Relation, Together
from qualcode.themes.cooccurrence import cooccurrence as counted

if TYPE_CHECKING:
    from qualcode.project import Project

COLUMNS = [
    "code_a", "code_b", "relation", "n", "pairs", "n_a", "n_b", "n_all", "a_near", "b_near",
    "jaccard", "near_index", "expected", "lift", "lift_within", "documents", "n_documents",
    "participants", "n_participants", "flags", "reason", "source", "rolled_up",
]  # fmt: skip

RELATIONS = ("overlap", "turn", "near:K")
FARTHEST = 1000
"""Turns that ``near`` reaches at most."""

LONGEST = 40
"""Characters of a mistyped relation that are repeated."""


def cooccurrence(
    project: Project,
    *,
    relation: str = "turn",
    source: str = "reading",
    own: bool = False,
    include_moderator: bool = False,
    include_unfinished: bool = False,
) -> Table:
    """Count every pair of codes, but for a code and its own descendant.

    Args:
        project: An open project; of an open blind round only ``project.coder``'s codings count.
        relation: ``overlap``: in the same characters. ``turn``: in the same turn. ``near:K``
            (``near`` is ``near:2``): within K turns of a document; only eligible turns are
            numbered, so that questions in between do not count.
        source, own, include_moderator, include_unfinished: As for ``frequency``.

    Returns:
        Columns ``COLUMNS``, one row per pair in codebook order, also of those that never come up
        together. ``n_a``, ``n_b`` and ``n_all`` are turns with the codes and of all; for
        ``overlap`` characters. ``n`` is turns with both, for ``overlap`` shared characters
        (``pairs``: of how many pairs of codings), for ``near`` a_near + b_near. ``expected`` is n
        if the two had nothing to do with each other, ``lift`` n / expected, ``lift_within`` the
        same with what is expected in each document by itself. ``flags`` is ``sparse`` where fewer
        than 5 are expected. What does not apply is None; where a code does not come up at all its
        lift is None with the reason ``unused_code``, and where the two share no document
        ``lift_within`` is, with ``no_shared_document``.

    Raises:
        UnknownName: No such source or coder.
        UsageProblem: No such relation.
        QualcodeError: No document is finished in this source.
    """
    kind, k = related(relation)
    read = corpus(
        project,
        source=source,
        own=own,
        include_moderator=include_moderator,
        include_unfinished=include_unfinished,
    )
    families = members(read.codes, own=False)
    pairs = counted(read.documents, read.members, kind, k=k, families=families)
    stretches = [stretch for document in read.documents for stretch in document.stretches]
    n_documents = sum(bool(document.stretches) for document in read.documents)
    n_participants = len({who for stretch in stretches for who in stretch.participants})
    name = f"near:{k}" if kind == "near" else kind
    of = (n_documents, n_participants)
    rows = [_row(one, name, of, (source, not own)) for one in pairs]
    unit = "characters" if kind == "overlap" else "turns"
    notes = [
        *read.notes(),
        f"Relation {name}, counted in {unit} of those who count; a code is never paired with one "
        "below it.",
    ]
    provenance = {
        "source": source, "relation": name, "rolled_up": not own, "data": project.digest(),
    }  # fmt: skip
    return disclosed(project, Table("cooccurrence", COLUMNS, rows, notes, provenance))


def related(relation: str) -> tuple[Relation, int]:
    """A relation as it is written, and its number of turns.

    Raises:
        UsageProblem: No such relation, or K is no number from 1 to 1000.
    """
    kind, colon, number = relation.strip().casefold().partition(":")
    if not colon and kind == "overlap":
        return "overlap", 0
    if not colon and kind == "turn":
        return "turn", 0
    if kind == "near" and not colon:
        return "near", NEAR
    if kind == "near" and number.isascii() and number.isdigit():
        k = int(number[-9:]) if set(number[:-9]) <= {"0"} else FARTHEST + 1
        if 1 <= k <= FARTHEST:
            return "near", k
        raise UsageProblem(f"near:K takes a number of turns from 1 to {FARTHEST:,}.")
    named = relation if len(relation) <= LONGEST else f"{relation[:LONGEST]}…"
    raise UsageProblem(
        f'There is no relation "{named}". Known: {", ".join(RELATIONS)}; K is a number of turns.'
    )


def _row(
    one: Together, relation: str, of: tuple[int, int], end: tuple[str, bool]
) -> tuple[Cell, ...]:
    is_near, is_overlap = one.relation == "near", one.relation == "overlap"
    reason = None
    if not one.n_a or not one.n_b:
        reason = "unused_code"
    elif one.lift_within is None:
        reason = "no_shared_document"
    return (
        one.a, one.b, relation, one.n, one.pairs if is_overlap else None, one.n_a, one.n_b,
        one.total, one.a_near if is_near else None, one.b_near if is_near else None, one.jaccard,
        one.near_index, one.expected, one.lift, one.lift_within, len(one.documents), of[0],
        len(one.participants), of[1], "sparse" if one.sparse else "", reason, *end,
    )  # fmt: skip
