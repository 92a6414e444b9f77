"""Formats of tables from other packages: they add, and replace nothing of ours."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

from qualcode.exporters import spreadsheet
from qualcode.exporters.spreadsheet import GROUP, Exporter, exporters, write_table
from qualcode.model import Table

TABLE = Table("t", ["a", "b"], [("x", 1), ("y", 2)])


def as_lines(table: Table, file: IO[bytes], schema: str) -> None:
    file.write("\n".join(str(row[0]) for row in table.rows).encode())


class Point:
    """An entry point as another package would have it."""

    def __init__(self, name: str, exporter: Exporter) -> None:
        self.name, self.value, self._exporter = name, name, exporter

    def load(self) -> Exporter:
        return self._exporter


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    points = [
        Point("lines", Exporter(".lines", as_lines)),
        Point("csv", Exporter(".csv", as_lines)),
    ]
    monkeypatch.setattr("importlib.metadata.entry_points", lambda group: points)
    exporters.cache_clear()
    yield
    exporters.cache_clear()


def test_ours_are_registered_as_others_are() -> None:
    root = Path(__file__).parents[2]
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = project["entry-points"][GROUP]
    ours = {name: place.rpartition(":")[2] for name, place in named.items()}
    assert {f".{name}": getattr(spreadsheet, one) for name, one in ours.items()} == {
        ending: exporters()[ending] for ending in (".csv", ".xlsx", ".json", ".html", ".parquet")
    }


@pytest.mark.usefixtures("installed")
def test_a_plug_in_adds_an_ending_and_replaces_none(tmp_path: Path) -> None:
    write_table(TABLE, tmp_path / "t.lines", schema="t")
    assert (tmp_path / "t.lines").read_text() == "x\ny"
    write_table(TABLE, tmp_path / "t.csv", schema="t")
    assert (tmp_path / "t.csv").read_text().startswith('"a","b"')
