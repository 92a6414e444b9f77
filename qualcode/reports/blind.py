"""Who works blind: what others did is kept from them, on screens, in figures and suggestions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qualcode.model import Coder, Round

if TYPE_CHECKING:
    from qualcode.project import Project


def blind_rounds(project: Project, by: Coder, document_id: str | None = None) -> list[Round]:
    """The open blind rounds in which a coder has this document, finished or not; or any."""
    blind = {r.id: r for r in project.rounds.list() if r.blind and r.state == "open"}
    given = {
        one.round_id: blind[one.round_id]
        for one in project.rounds.assignments()
        if one.round_id in blind
        and one.coder_id == by.id
        and document_id in (None, one.document_id)
    }
    return list(given.values())
