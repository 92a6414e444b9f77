"""What the single rows around the transcript say: header, HERE, status and footer.

Pure functions: facts in, one row of literal content out. What does not fit is left out by
importance, and a name is never cut without ``…``. What keeps a coder from a mistake (BLIND, and
whether everything is saved) is never left out.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from textual.content import Content

from qualcode.text.safe import shown
from qualcode.tui.literal import clipped, literal
from qualcode.tui.widgets.paper import NOTHING

GAP = "  "
_LEAST_NAME = 10
"""Cells the document's name keeps before lesser facts are left out."""


@dataclass(frozen=True, slots=True)
class Heading:
    """What the header row tells."""

    document: str
    coder: str
    round: str
    blind: bool
    codebook: str | None
    """Label of the version the round pins; None where it follows the codebook."""

    place: str
    """``turn 26/470``."""

    read: int
    """Per cent of the document reached so far."""

    saving: str
    """``saved``, ``saving…`` or ``NOT SAVED``."""

    finished: bool = False


def header(facts: Heading, width: int) -> Content:
    """Give the header row; the document's name gives way first, then the lesser facts."""
    round_ = literal(clipped(facts.round, 16), "bold")
    if facts.blind:
        round_ = Content.assemble(literal("BLIND", "bold reverse"), " ", round_)
    saving = literal(facts.saving, "bold reverse" if facts.saving == "NOT SAVED" else "")
    version = f"codebook {facts.codebook}" if facts.codebook else "codebook open"
    chunks = {
        "coder": literal("coder " + clipped(facts.coder, 16)),
        "round": round_,
        "finished": literal("FINISHED", "bold") if facts.finished else NOTHING,
        "version": literal(clipped(version, 24), "dim"),
        "place": literal(facts.place),
        "read": literal(f"read {facts.read}%", "dim"),
        "saving": saving,
    }
    for least in ("", "read", "version", "coder", "place"):
        chunks.pop(least, None)
        others = [chunk for chunk in chunks.values() if chunk.plain]
        room = width - sum(chunk.cell_length + len(GAP) for chunk in others)
        if room >= min(len(facts.document), _LEAST_NAME):
            break
    name = literal(clipped(facts.document, max(room, 0)), "bold")
    return joined([name, *others])


def joined(chunks: Iterable[Content], gap: str = GAP) -> Content:
    """Put pieces of a row side by side, the empty ones left out."""
    return Content(gap).join([chunk for chunk in chunks if chunk.plain])


@dataclass(frozen=True, slots=True)
class Named:
    """A coding as the screen speaks of it."""

    key: str
    name: str
    colour: str
    details: Sequence[str] = ()
    """``24 words``, ``memo`` …"""

    exemplar: bool = False
    coder: str | None = None
    """Who made it, where that is not the coder at the screen."""


def here(codings: Sequence[Named], focused: Named | None, width: int) -> Content:
    """Name the codings at the cursor, the focused one with details; ``+2`` where room ends."""
    label = literal("HERE", "bold")
    if not codings:
        return Content.assemble(label, GAP, literal("no code", "dim"))
    row = label
    for n, named in enumerate(codings):
        left = len(codings) - n
        tail = f"  +{left - 1}" if left > 1 else ""
        chunk = coding_name(named, details=named is focused)
        if row.cell_length + 3 + chunk.cell_length + len(tail) > width:
            if n:
                return Content.assemble(row, GAP, literal(f"+{left}", "dim"))
            chunk = literal(clipped(chunk.plain, width - row.cell_length - 3 - len(tail)), "bold")
        row = Content.assemble(row, GAP if n == 0 else "   ", chunk)
    return row


def coding_name(named: Named, *, details: bool) -> Content:
    """``2 warm handoff* (24 words, memo)``: key, name, exemplar star, details."""
    coder = f" [{named.coder}]" if named.coder else ""
    rest = f" ({', '.join(named.details)})" if details and named.details else ""
    return Content.assemble(
        literal(f"{named.key} ", f"bold {named.colour}"),
        literal(named.name + ("*" if named.exemplar else ""), "bold underline" if details else ""),
        literal(coder + rest),
    )


def status(mode: str, facts: Sequence[str], note: str, width: int) -> Content:
    """Give the status row: the mode, where the coder is, and what has just happened.

    What has just happened matters more: facts give way to it, the last ones first.
    """
    said = literal(note, "bold")
    for kept in range(len(facts), -1, -1):
        left = joined([literal(f" {mode} ", "bold reverse"), *map(literal, facts[:kept])])
        room = width - left.cell_length - len(GAP)
        if said.cell_length <= room:
            break
    return joined([left, literal(clipped(note, max(room, 0)), "bold")])


def footer(keys: Iterable[tuple[str, str]], width: int) -> Content:
    """Name the keys most pressed, as many as fit whole; ``?`` is named whatever else is not.

    Acts begin small here, whatever they begin with in the palette.
    """
    chunks = [
        (key, Content.assemble(literal(key, "bold"), literal(f" {_small(does)}", "dim")))
        for key, does in keys
    ]
    help_ = next((chunk for key, chunk in chunks if key == "?"), NOTHING)
    row, left = NOTHING, width
    for key, chunk in chunks:
        if key == "?":
            help_ = NOTHING  # it stands in its place
        kept = help_.cell_length + len(GAP) if help_.plain else 0
        if chunk.cell_length + kept > left:
            break
        row = Content.assemble(row, GAP if row.plain else "", chunk)
        left = width - row.cell_length - len(GAP)
    return joined([row, help_]) if help_.cell_length <= left else row


def _small(words: str) -> str:
    return words[:1].lower() + words[1:]


def odd_character(character: str) -> str | None:
    """Name a character that the screen cannot draw as itself, ``U+202E RIGHT-TO-LEFT OVERRIDE``."""
    if shown(character) == character or character == "\t":
        return None
    name = unicodedata.name(character, "control character")
    return f"U+{ord(character):04X} {name}"
