"""QualCoder's categories and codes become one tree: categories are codes that are not applied."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from qualcode.errors import ReadingError
from qualcode.formats.refi import colour, unique_names
from qualcode.importers.foreign_rows import DEFAULT_COLOUR, Gathered, Row, line, number, words
from qualcode.importers.refi_texts import derived
from qualcode.model import Code

DEEPEST = 64
"""Levels of codes; no codebook for people has more."""

_ORIGIN = "QualCoder"
_Node: TypeAlias = tuple[str, int]


def read_codes(
    tables: Mapping[str, Sequence[Row]], path: str, base: str, found: Gathered
) -> dict[int, Code]:
    """Give the codes, parents before children, as QualCoder sorts them.

    Returns:
        Key of a code → the code; a category has the negative of its key, less 1, so that no code
        has it.

    Raises:
        ReadingError: They go deeper than anybody's codebook.
    """
    rows: dict[_Node, Row] = {}
    for what, table, column in (("category", "code_cat", "catid"), ("code", "code_name", "cid")):
        for row in tables[table]:
            there = number(row, column)
            if there is not None and there >= 0:
                rows[what, there] = row
    order = _tree(rows, path, found)
    names = [line(rows[node], "name") for node, _ in order]
    shorts = dict(zip((node for node, _ in order), unique_names(names), strict=True))
    positions: Counter[_Node | None] = Counter()
    codes: dict[int, Code] = {}
    for (node, parent), name in zip(order, names, strict=True):
        kind, key = node
        row, short = rows[node], shorts[node]
        id_ = derived(kind, _ORIGIN, base, short)
        shade = colour(words(row, "color"))
        codes[key if kind == "code" else -1 - key] = Code(
            id_, short, short if "_" in short else "",
            None if parent is None else shorts[parent],
            full=words(row, "memo").strip(), codable=kind == "code",
            colour=shade or DEFAULT_COLOUR, position=positions[parent],
        )  # fmt: skip
        positions[parent] += 1
        if short != name:
            found.loss(kind, "codes", "changed", f"its name is now {short}", id_)
    return codes


def depth_of(codes: Sequence[Code]) -> int:
    """Give how many levels there are; parents come first."""
    levels: dict[str | None, int] = {None: 0}
    for code in codes:
        levels[code.code] = levels[code.parent] + 1
    return max(levels.values())


def _tree(
    rows: Mapping[_Node, Row], path: str, found: Gathered
) -> list[tuple[_Node, _Node | None]]:
    """Give every category and code with what it stands under, depth first."""
    below: dict[_Node | None, list[_Node]] = {}
    ordered = sorted(
        rows, key=lambda node: (node[0] == "code", line(rows[node], "name").casefold())
    )
    for node in ordered:
        below.setdefault(_above(node, rows), []).append(node)
    order: list[tuple[_Node, _Node | None]] = []
    seen: set[_Node] = set()
    _descend(below, None, path, order, seen)
    for node in ordered:
        if node not in seen:
            # it stands under itself: the circle is cut here
            kind, name = node[0], line(rows[node], "name")
            found.loss(kind, "codes", "changed", f"it stood under itself; it is at the top: {name}")
            _descend({**below, None: [node]}, None, path, order, seen)
    return order


def _descend(
    below: Mapping[_Node | None, Sequence[_Node]],
    top: _Node | None,
    path: str,
    order: list[tuple[_Node, _Node | None]],
    seen: set[_Node],
) -> None:
    waiting = [(node, top, 1) for node in reversed(below.get(top, ()))]
    while waiting:
        node, parent, depth = waiting.pop()
        if node in seen:
            continue
        if depth > DEEPEST:
            raise ReadingError(path, f"Its codes are nested more than {DEEPEST} deep.")
        seen.add(node)
        order.append((node, parent))
        waiting += [(one, node, depth + 1) for one in reversed(below.get(node, ()))]


def _above(node: _Node, rows: Mapping[_Node, Row]) -> _Node | None:
    row = rows[node]
    columns = [("category", "supercatid")]
    if node[0] == "code":
        columns = [("code", "supercid"), ("category", "catid")]
    for kind, column in columns:
        key = number(row, column)
        if key is not None and (kind, key) in rows:
            return kind, key
    return None
