"""Whose words an export quotes: told with every table of excerpts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qualcode.model import Turn
from qualcode.themes.concentration import CONCENTRATED, Concentration, balanced, concentration

if TYPE_CHECKING:
    from qualcode.reports.excerpts import Excerpt

GROUPS = ("stakeholder_group", "stakeholder_role", "role")
"""Attributes that say which group someone speaks for; the first that anybody has is looked at."""


def balanced_excerpts(found: Sequence[Excerpt], limit: int) -> list[Excerpt]:
    """So many excerpts: exemplars first, then one of each speaker in turn; in text order."""
    whose = [
        (one.exemplar, tuple(one.participants() or one.speakers() or [one.document.name]))
        for one in found
    ]
    return [found[i] for i in balanced(whose, limit)]


@dataclass(frozen=True, slots=True)
class Voices:
    """Who could be quoted; a speaker linked to no participant counts as one."""

    participants: frozenset[str]
    """Who speaks in the documents read, moderators left out."""

    coded: frozenset[str]
    """In whose words something is coded."""

    attributes: Mapping[str, Mapping[str, str]]
    """Participant → attribute → value, as shown."""

    def spread(self, found: Sequence[Excerpt]) -> tuple[Concentration, str | None]:
        """Count whose words are quoted, and say which attribute the groups are values of."""
        theirs = self.attributes
        name = next((n for n in GROUPS if any(one.get(n) for one in theirs.values())), None)
        groups = {who: [one[name]] for who, one in theirs.items() if name and one.get(name)}
        quotes = [voices(one.turns()) for one in found]
        return concentration(quotes, self.coded, self.participants, groups), name


def voices(turns: Iterable[Turn]) -> set[str]:
    """The participants who speak in turns; a speaker linked to none for themselves."""
    return {
        who
        for turn in turns
        if turn.role != "moderator"
        for who in turn.participants or ([turn.speaker] if turn.speaker else [])
    }


def notes(figures: Concentration, attribute: str | None) -> Iterator[str]:
    """What a reader must know before taking the quotes for the study's voices."""
    if figures.top_share is None:
        return
    yield (
        f"Quoted: {figures.quoted} of {figures.participants} participants; "
        f"{figures.top_participant} speaks in {figures.top_quotes} of {figures.quotes} excerpts "
        f"({figures.top_share:.2f})."
    )
    if figures.is_concentrated:
        yield (
            f"Flag one_voice: more than {CONCENTRATED} of the excerpts are "
            f"{figures.top_participant}'s; --balance speaker with --limit N spreads them."
        )
    if figures.never_quoted:
        groups = ", ".join(figures.never_quoted)
        yield f"Coded, and never quoted here ({attribute}): {groups}."


def facts(figures: Concentration) -> dict[str, Any]:
    """The same for the provenance, unrounded."""
    return {
        "quotes": figures.quotes,
        "top_participant": figures.top_participant,
        "top_quotes": figures.top_quotes,
        "top_share": figures.top_share,
        "quoted": figures.quoted,
        "n_participants": figures.participants,
        "never_quoted": list(figures.never_quoted),
        "flags": "one_voice" if figures.is_concentrated else "",
    }
