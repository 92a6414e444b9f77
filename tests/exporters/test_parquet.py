"""Parquet, with pyarrow and without; a stand-in takes its place, so that both are always tried."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import IO, Any

import pytest

from qualcode.errors import ExportError
from qualcode.exporters.spreadsheet import write_table
from qualcode.model import Table

TABLE = Table(
    "themes",
    ["text", "mixed", "n", "share", "yes", "nothing"],
    [("=1+1", 1, 1, 0.5, True, None), (None, "x", 2, 3, None, None)],
    ["Unit: turn."],
    {"seed": 1},
)


@dataclass
class Arrow:
    """What the stand-in was asked for: types by column, cells, and what goes with them."""

    types: list[str] = field(default_factory=list)
    cells: list[list[object]] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    metadata: dict[str, str] = field(default_factory=dict)

    def array(self, values: Any, type: str) -> object:
        self.types.append(type)
        self.cells.append(list(values))
        return values

    def table(self, arrays: list[object], names: list[str]) -> Arrow:
        self.names = names
        return self

    def replace_schema_metadata(self, metadata: dict[str, str]) -> Arrow:
        self.metadata = metadata
        return self

    def write_table(self, table: object, file: IO[bytes]) -> None:
        assert table is self
        file.write(b"PAR1")


@pytest.fixture
def arrow(monkeypatch: pytest.MonkeyPatch) -> Arrow:
    made = Arrow()
    package, files = ModuleType("pyarrow"), ModuleType("pyarrow.parquet")
    for name in ("string", "int64", "float64", "bool_"):
        setattr(package, name, lambda name=name: name)
    for name in ("array", "table"):
        setattr(package, name, getattr(made, name))
    vars(files)["write_table"] = made.write_table
    vars(package)["parquet"] = files
    monkeypatch.setitem(sys.modules, "pyarrow", package)
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", files)
    return made


def test_every_column_has_the_type_of_what_it_holds(tmp_path: Path, arrow: Arrow) -> None:
    write_table(TABLE, tmp_path / "t.parquet", schema="themes")
    assert (tmp_path / "t.parquet").read_bytes() == b"PAR1"
    assert arrow.names == list(TABLE.columns)
    assert arrow.types == ["string", "string", "int64", "float64", "bool_", "string"]
    assert arrow.cells[:2] == [["=1+1", None], ["1", "x"]]
    assert arrow.cells[4:] == [[True, None], [None, None]]
    told = json.loads(arrow.metadata["qualcode"])
    assert told == {
        "schema": "qualcode.themes/1", "notes": ["Unit: turn."], "provenance": {"seed": 1},
    }  # fmt: skip


def test_without_pyarrow_one_line_names_the_way_out_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)  # as if it were not installed
    with pytest.raises(ExportError, match="pip install pyarrow") as caught:
        write_table(TABLE, tmp_path / "t.parquet", schema="themes")
    assert caught.value.exit_code == 1
    assert len(str(caught.value).splitlines()) == 1
    assert list(tmp_path.iterdir()) == []
