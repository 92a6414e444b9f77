"""Codes as a file gives them: fields checked, one by one and together, each problem with its line.

Shared by every kind of codebook file; knows no format.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from qualcode.errors import Problem
from qualcode.model import Code

TEXT_FIELDS = (
    "id", "code", "name", "brief", "full", "use_when", "not_when", "kind", "origin", "since",
    "status", "colour", "key", "parent", "codable",
)  # fmt: skip
LIST_FIELDS = ("example", "near_miss")
FIELDS = (
    "code", "name", "parent", "brief", "full", "use_when", "not_when", "example", "near_miss",
    "kind", "origin", "since", "status", "codable", "colour", "key", "id",
)  # fmt: skip
"""In the order in which a file writes them."""

YES = ("true", "yes", "1", "x")
NO = ("false", "no", "0")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True, slots=True)
class CodebookFile:
    """What a codebook file holds."""

    title: str
    version: str
    """The file's own name for its version, such as ``v2``; empty where it has none."""

    codes: tuple[Code, ...]
    """Parents before their children, in file order; ``id`` is empty where the file gives none."""

    warnings: tuple[Problem, ...] = ()


@dataclass(slots=True)
class Found:
    """Codes and problems collected on one walk through the file."""

    codes: list[tuple[int, Code]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    def problem(self, line: int, message: str) -> None:
        self.problems.append(Problem(line, message))


def add(
    found: Found,
    line: int,
    texts: Mapping[str, str],
    lists: Mapping[str, Sequence[str]],
    parent: str | None = None,
) -> str | None:
    """Check the fields of one code and take it up.

    Args:
        texts: Field of ``TEXT_FIELDS`` → text; what is missing is empty.
        lists: Field of ``LIST_FIELDS`` → texts.
        parent: The code it stands under, where the file is nested.

    Returns:
        Its short name; None where it has none, which is a problem.
    """
    name = texts.get("code", "")
    if not name:
        found.problem(line, "A code without “code: …”; give it a short, unique name.")
        return None
    if parent is not None and texts.get("parent", parent) != parent:
        found.problem(line, f'"{name}" stands under "{parent}" but names another parent.')
    codable = (texts.get("codable") or "true").lower()
    if codable not in (*YES, *NO):
        found.problem(line, f'"{name}": codable is true or false.')
    colour = texts.get("colour", "")
    if colour and not _COLOUR.fullmatch(colour):
        found.problem(line, f'"{name}": the colour "{colour}" is not of the form #RRGGBB.')
        colour = ""
    key = texts.get("key") or None
    if key is not None and len(key) != 1:
        found.problem(line, f'"{name}": a key is one character.')
    if not any(texts.get(k) for k in ("brief", "full")):
        found.warnings.append(Problem(line, f'"{name}" has no definition.'))
    code = Code(
        id=texts.get("id", ""),
        code=name,
        name=texts.get("name", ""),
        parent=parent if parent is not None else texts.get("parent") or None,
        brief=texts.get("brief", ""),
        full=texts.get("full", ""),
        use_when=texts.get("use_when", ""),
        not_when=texts.get("not_when", ""),
        example=tuple(lists.get("example", ())),
        near_miss=tuple(lists.get("near_miss", ())),
        kind=texts.get("kind", ""),
        origin=texts.get("origin", ""),
        since=texts.get("since", ""),
        status=texts.get("status", ""),
        codable=codable in YES,
        colour=colour or "#888888",
        key=key,
    )
    found.codes.append((line, code))
    return name


def tree(found: Found) -> list[Code]:
    """Codes with parents before children and positions counted; name clashes become problems."""
    first: dict[str, tuple[int, str]] = {}
    keys: dict[str, tuple[int, str]] = {}
    for line, code in found.codes:
        folded = code.code.casefold()
        if folded in first:
            found.problem(
                line, f'"{code.code}" is defined twice (first on line {first[folded][0]}).'
            )
        else:
            first[folded] = (line, code.code)
        if code.key is not None:
            if code.key.casefold() in keys:
                at, other = keys[code.key.casefold()]
                found.problem(line, f'Key "{code.key}" is taken by "{other}" (line {at}).')
            else:
                keys[code.key.casefold()] = (line, code.code)
    children: dict[str | None, list[Code]] = {}
    for line, code in found.codes:
        parent = code.parent
        if parent is not None:
            if parent.casefold() not in first:
                found.problem(line, f'"{code.code}" has the parent "{parent}", which is not here.')
                continue
            parent = first[parent.casefold()][1]
        siblings = children.setdefault(parent, [])
        siblings.append(replace(code, parent=parent, position=len(siblings)))
    ordered: list[Code] = []
    waiting = list(reversed(children.get(None, [])))
    while waiting:
        code = waiting.pop()
        ordered.append(code)
        waiting.extend(reversed(children.pop(code.code, [])))
    _note_circles(found)
    return ordered


def _note_circles(found: Found) -> None:
    """Make a problem of every code that is among its own ancestors."""
    above = {code.code.casefold(): (code.parent or "").casefold() for _, code in found.codes}
    for line, code in found.codes:
        start = code.code.casefold()
        passed: set[str] = set()
        at = above[start]
        while at in above and at not in passed and at != start:
            passed.add(at)
            at = above[at]
        if at == start:
            found.problem(line, f'"{code.code}" is its own ancestor: its parents form a circle.')
