"""What the columns of a table hold, judged by the type of their cells and never by a value.

A text ``1e5`` is text. Every format that knows types asks here, so that they agree.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Literal, TypeAlias

from qualcode.model import Cell, Table

Kind: TypeAlias = Literal["text", "integer", "number", "boolean", "empty"]


def kind(cells: Iterable[Cell]) -> Kind:
    """What a column holds; where cells differ in type it is a column of text.

    ``number`` has at least one cell that is no whole number; ``empty`` has nothing but None.
    """
    types = set(map(type, cells)) - {type(None)}
    if not types:
        return "empty"
    if all(issubclass(one, bool) for one in types):
        return "boolean"
    if any(issubclass(one, bool | str) for one in types):
        return "text"
    return "integer" if all(issubclass(one, int) for one in types) else "number"


def columns(table: Table) -> list[tuple[Cell, ...]]:
    """The cells of every column, in the order of the rows."""
    return list(zip(*table.rows, strict=True)) if table.rows else [() for _ in table.columns]


def plain(value: Cell) -> str:
    """A cell as text that a program reads back; ``""`` for what does not exist."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else repr(value)


def facts(table: Table) -> Iterator[tuple[str, str]]:
    """What the provenance of a table says, name and value in words."""
    for name, value in table.provenance.items():
        told = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        yield name.replace("_", " "), told
