"""Which round a coder works in, and which rounds may be looked at from outside."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qualcode.model import Coder, Round
    from qualcode.project import Project


def comparable_rounds(rounds: Iterable[Round]) -> list[Round]:
    """The rounds whose figures may be seen: no open blind one; ``solo`` only by itself."""
    every = list(rounds)
    comparing = [r for r in every if r.purpose not in ("solo", "recode")]
    comparing = comparing or [r for r in every if r.purpose == "solo"]
    return [r for r in comparing if not (r.blind and r.state == "open")]


def round_for(project: Project, document_id: str, me: Coder) -> Round:
    """The round a coder works in on a document, or did when nothing is left to do there.

    A document finished in a round opens in it again, to be read; only where no such round is open
    and the coder has begun to code it by themselves, or where they never had it in a round, it
    opens in round ``solo``.
    """
    current = project.rounds.current(document_id, me.id)
    if current.purpose != "solo":
        return current
    given = {
        a.round_id
        for a in project.rounds.assignments()
        if a.document_id == document_id and a.coder_id == me.id
    }
    if not given or current.id in given:
        return current
    return [round_ for round_ in project.rounds.list() if round_.id in given][-1]
