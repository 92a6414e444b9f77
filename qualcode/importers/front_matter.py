"""YAML front matter of a text file, read as plain strings.

Only what titles and speaker lists need: no types, no anchors, no references; what is nested stays
as written. (A YAML library would make ``date: 2024-08-09`` a date and ``no`` a falsehood.)
"""

from __future__ import annotations

import re

_FIELD = re.compile(r"([^\s:#'\"\-][^:]{0,80}?)\s*:(?:\s+(.*))?")
_ITEM = re.compile(r"\s*-\s+(.*)")


def split_front_matter(text: str) -> tuple[dict[str, str], int, int]:
    """Find front matter: ``---``, fields, ``---`` at the very beginning.

    Returns:
        The fields as strings (a list's entries each on a line of its own), the position in the
        text where the document begins, and on which line of the file, from 1. ``({}, 0, 1)``
        where there is none.
    """
    nothing: tuple[dict[str, str], int, int] = ({}, 0, 1)
    if not re.match(r"---[ \t]*\n", text):
        return nothing
    end = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.MULTILINE).search(
        text, text.index("\n") + 1
    )
    if end is None:
        return nothing
    lines = text[: end.start()].split("\n")[1:-1]
    fields = _fields(lines)
    if fields is None:
        return nothing
    return fields, end.end(), len(lines) + 3


def _fields(lines: list[str]) -> dict[str, str] | None:
    """Read the fields; None where a line shows that this is not front matter."""
    fields: dict[str, list[str]] = {}
    name = ""
    for line in lines:
        if not line.strip() or line.startswith("#"):
            continue
        match = _FIELD.fullmatch(line)
        if match:
            name = match[1]
            value = (match[2] or "").strip()
            fields.setdefault(name, []).extend([_unquoted(value)] if value else [])
        elif name and (line[0].isspace() or line.startswith("-")):
            item = _ITEM.fullmatch(line)
            fields[name].append(_unquoted(item[1] if item else line.strip()))
        else:
            return None
    if not fields:
        return None
    return {name: "\n".join(_without_block_mark(values)) for name, values in fields.items()}


def _without_block_mark(values: list[str]) -> list[str]:
    return values[1:] if values and re.fullmatch(r"[|>][+-]?\d?", values[0]) else values


def _unquoted(value: str) -> str:
    value = value.strip()
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "'\"":
        inner = value[1:-1]
        return inner.replace("''", "'") if value[0] == "'" else inner.replace('\\"', '"')
    if value.startswith("[") and value.endswith("]"):
        return "\n".join(_unquoted(part) for part in value[1:-1].split(","))
    return value
