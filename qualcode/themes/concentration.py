"""Whose voices a selection of quotes lets speak, and how to choose one that lets more speak."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass

CONCENTRATED = 0.25
"""A larger share of the quotes from one participant is flagged …"""

ENOUGH_QUOTES = 8
"""… from so many quotes on."""


@dataclass(frozen=True, slots=True)
class Concentration:
    """How the quotes of an export are spread over those who took part."""

    quotes: int
    top_participant: str | None
    """Who speaks in most quotes, the first by name among equals; None where nobody speaks."""

    top_quotes: int
    quoted: int
    """Participants who speak in a quote at least once."""

    participants: int
    """Of so many."""

    never_quoted: tuple[str, ...]
    """Groups in whose words something is coded, and nobody of whom is quoted; by name."""

    @property
    def top_share(self) -> float | None:
        """Quotes of the top participant, of all; None without quotes of a participant."""
        return None if self.top_participant is None else self.top_quotes / self.quotes

    @property
    def is_concentrated(self) -> bool:
        """Whether a reader must be told."""
        return self.quotes >= ENOUGH_QUOTES and (self.top_share or 0) > CONCENTRATED


def concentration(
    quotes: Sequence[Collection[str]],
    coded: Collection[str],
    participants: Collection[str],
    groups: Mapping[str, Collection[str]],
) -> Concentration:
    """Count whose quotes they are.

    Args:
        quotes: For each quote those who speak in it; it counts for each of them.
        coded: Those in whose words something is coded, whether quoted or not.
        participants: All who could have been quoted; those quoted are among them.
        groups: Participant → the groups they belong to; who belongs to none is not in it.
    """
    by = Counter(who for quote in quotes for who in set(quote))
    top = min(by, key=lambda who: (-by[who], who), default=None)
    spoken_for = {group for who in by for group in groups.get(who, ())}
    silent = {group for who in coded for group in groups.get(who, ())} - spoken_for
    return Concentration(
        len(quotes),
        top,
        0 if top is None else by[top],
        len(by),
        len({*participants, *by}),
        tuple(sorted(silent, key=str.casefold)),
    )


def balanced(quotes: Sequence[tuple[bool, Hashable]], limit: int) -> list[int]:
    """Choose so many quotes: exemplars first, then one of each speaker in turn.

    Args:
        quotes: Of each whether it is an exemplar, and whose it is; in text order.

    Returns:
        Indexes of the chosen ones, in text order; all where there are no more than ``limit``.
    """
    taken = [i for i, (exemplar, _) in enumerate(quotes) if exemplar][:limit]
    chosen, turn_of = set(taken), Counter[Hashable]()
    in_turn: list[tuple[int, int]] = []
    for i, (_, who) in enumerate(quotes):
        if i not in chosen:
            in_turn.append((turn_of[who], i))
            turn_of[who] += 1
    return sorted([*taken, *(i for _, i in sorted(in_turn)[: limit - len(taken)])])
