"""A file's preview as the import screen shows it: what was read, what is doubtful, who begins."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from textual.content import Content

from qualcode.reports.preview import clock, summary, table_lines
from qualcode.text.plurals import counted
from qualcode.tui.literal import clipped, literal

_TURNS = 5
_WARNINGS = 200
"""Beyond these a file wants another reader, not more reading."""


def preview_text(found: Mapping[str, Any], text: str, same_as: str | None, width: int) -> Content:
    """Give everything worth knowing about a file, but its labels.

    Args:
        found: The file's object of ``reports.preview``.
        text: Its words; where they have no turns, they are shown as they begin.
        same_as: Name of a document with the same words.
        width: Of the screen.
    """
    return Content("\n").join(_lines(found, text, same_as, max(width, 20)))


def _lines(
    found: Mapping[str, Any], text: str, same_as: str | None, width: int
) -> Iterator[Content]:
    pattern = [f"label form {found['pattern']}"] if found["pattern"] else []
    size = counted(found["characters"], "character")
    facts = [found["format"], found["encoding"], size, *pattern]
    yield literal(", ".join(filter(None, facts)) + "; " + summary(found))
    if "rows" in found:
        for line in table_lines(found):
            yield literal(line.strip())
    for name, value in found["metadata"].items():
        yield Content.assemble(
            literal(clipped(name, 24) + "  ", "dim"), literal(clipped(_folded(value), width - 28))
        )
    yield from _doubts(found, same_as)
    turns = found["turns"]
    if turns:
        yield literal("")
        yield literal("FIRST TURNS", "bold")
    for turn in turns[:_TURNS]:
        yield _turn(turn, width)
    if len(turns) > _TURNS:
        yield literal(f"… and {counted(len(turns) - _TURNS, 'more turn')}", "dim")
    if not turns:
        yield from _first_words(text, width)


def _first_words(text: str, width: int) -> Iterator[Content]:
    paragraphs = [folded for line in text.split("\n") if (folded := _folded(line))]
    if paragraphs:
        yield literal("")
        yield literal("FIRST WORDS", "bold")
    for paragraph in paragraphs[:_TURNS]:
        yield literal(clipped(paragraph, 2 * width - 4))
    if len(paragraphs) > _TURNS:
        yield literal(f"… and {counted(len(paragraphs) - _TURNS, 'more paragraph')}", "dim")


def _doubts(found: Mapping[str, Any], same_as: str | None) -> Iterator[Content]:
    warnings = found["warnings"]
    if not warnings and same_as is None:
        return
    yield literal("")
    yield literal("LOOK AT", "bold")
    if same_as is not None:
        yield literal(f"! These very words are in the project already, as {same_as}.", "bold")
    for warning in warnings[:_WARNINGS]:
        at = f"line {warning['line']}: " if warning["line"] else ""
        yield Content.assemble(literal("! ", "bold"), literal(f"{at}{_folded(warning['message'])}"))
    if len(warnings) > _WARNINGS:
        yield literal(f"! … and {counted(len(warnings) - _WARNINGS, 'more warning')}")


def _turn(turn: Mapping[str, Any], width: int) -> Content:
    time = "" if turn["start_seconds"] is None else f"{clock(turn['start_seconds'])}  "
    who = "" if turn["speaker"] is None else f"{_folded(turn['speaker'])}: "
    head = f"{turn['n']}  {time}"
    room = max(2 * width - len(head) - len(who) - 4, 10)
    return Content.assemble(
        literal(head, "dim"), literal(who, "bold"), literal(clipped(_folded(turn["text"]), room))
    )


def _folded(text: str) -> str:
    return " ".join(text.split())
