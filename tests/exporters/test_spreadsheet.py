"""Tables as files: what is written is what the table holds, and no text is ever evaluated."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from openpyxl import load_workbook

from qualcode.errors import ExportError, UsageProblem
from qualcode.exporters.spreadsheet import LONGEST, write_table
from qualcode.formats.cells import read_csv
from qualcode.model import Table

TEXTS = [
    "=1+1", "+1", "-- well", "@cell", "'quoted'", "\ttab", "line\nline", 'say "hi", he', "–0.5",
    "مرحبا", "👍", "<script>alert(1)</script>", "{{x}}", "http://example.org", "007", "",
]  # fmt: skip


def table(*texts: str) -> Table:
    rows = [(text, n, -0.12 if n else None, n == 1) for n, text in enumerate(texts)]
    return Table("themes", ["text", "n", "share", "rolled_up"], rows, ["Unit: turn."], {"seed": 1})


def written(made: Table, path: Path) -> Path:
    write_table(made, path, schema="themes")
    return path


def test_csv_comes_back_as_it_was(tmp_path: Path) -> None:
    path = written(table(*TEXTS), tmp_path / "t.csv")
    back = [row for _, row in read_csv(path)]
    assert [row["text"] for row in back] == TEXTS
    assert [row["share"] for row in back][:2] == ["", "-0.12"]
    assert [row["rolled_up"] for row in back][:2] == ["false", "true"]


def test_csv_puts_an_apostrophe_before_texts_a_spreadsheet_would_run(tmp_path: Path) -> None:
    lines = written(table("=1+1", "plain"), tmp_path / "t.csv").read_text("utf-8").splitlines()
    assert lines[0] == '"text","n","share","rolled_up"'
    assert lines[1].startswith('"\'=1+1","0",""')
    assert lines[2] == '"plain","1","-0.12","true"'


def test_xlsx_holds_no_formula_and_no_link(tmp_path: Path) -> None:
    book = load_workbook(written(table(*TEXTS), tmp_path / "t.xlsx"))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f" or cell.hyperlink]
    assert [row[0].value for row in book["themes"].iter_rows(min_row=2)][:2] == ["=1+1", "+1"]


def test_xlsx_writes_numbers_as_numbers_and_texts_as_texts(tmp_path: Path) -> None:
    sheet = load_workbook(written(table("007", "8"), tmp_path / "t.xlsx"))["themes"]
    first, second = (tuple(c.value for c in row) for row in sheet.iter_rows(min_row=2))
    assert first == ("007", 0, None, False)
    assert second == ("8", 1, -0.12, True)
    assert sheet.freeze_panes == "A2"


def test_xlsx_carries_the_notes(tmp_path: Path) -> None:
    notes = load_workbook(written(table("x"), tmp_path / "t.xlsx"))["Notes"]
    assert [[c.value for c in row] for row in notes.iter_rows()] == [
        ["note", "Unit: turn."], ["seed", "1"],
    ]  # fmt: skip


def test_xlsx_goes_on_in_the_next_column_where_a_cell_is_full(tmp_path: Path) -> None:
    long = "👍" * 20_000  # two UTF-16 units each
    sheet = load_workbook(written(table(long, "short"), tmp_path / "t.xlsx"))["themes"]
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][:3] == ("text", "text_2", "n")
    assert f"{rows[1][0]}{rows[1][1]}" == long
    assert len(str(rows[1][0]).encode("utf-16-le")) // 2 <= LONGEST
    assert rows[2][:2] == ("short", None)


def test_json_names_its_contract_and_keeps_null(tmp_path: Path) -> None:
    answer = json.loads(written(table("=1"), tmp_path / "t.json").read_text("utf-8"))
    assert answer["schema"] == "qualcode.themes/1"
    assert answer["rows"] == [{"text": "=1", "n": 0, "share": None, "rolled_up": False}]
    assert answer["notes"] == ["Unit: turn."]


def test_html_escapes_everything_and_runs_nothing(tmp_path: Path) -> None:
    page = written(table(*TEXTS, "\u202eevil\x1b"), tmp_path / "t.html").read_text("utf-8")
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "default-src 'none'" in page
    assert "http://example.org" in page
    assert "href" not in page
    assert "[U+202E]evil\ufffd" in page


@pytest.mark.parametrize("ending", ["csv", "xlsx", "json", "html"])
def test_every_file_is_its_owners_alone_and_replaces_nothing_unasked(
    tmp_path: Path, ending: str
) -> None:
    path = written(table("x"), tmp_path / f"t.{ending}")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = path.read_bytes()
    with pytest.raises(ExportError, match="exists already"):
        write_table(table("y"), path, schema="themes")
    assert path.read_bytes() == before


@pytest.mark.parametrize("ending", ["csv", "xlsx", "json", "html"])
def test_an_empty_table_keeps_its_columns(tmp_path: Path, ending: str) -> None:
    path = written(Table("t", ["a", "b"], []), tmp_path / f"t.{ending}")
    assert path.stat().st_size > 0


def test_another_ending_is_a_usage_problem_and_writes_nothing(tmp_path: Path) -> None:
    with pytest.raises(UsageProblem, match=r"\.csv, \.xlsx, \.json, \.html"):
        write_table(table("x"), tmp_path / "t.ods", schema="themes")
    assert list(tmp_path.iterdir()) == []
