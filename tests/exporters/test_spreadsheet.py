"""Tables as files: what is written is what the table holds, and no text is ever evaluated."""

from __future__ import annotations

import csv
import json
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from qualcode.errors import ExportError, UsageProblem
from qualcode.exporters.columns import plain
from qualcode.exporters.csv_file import Csv
from qualcode.exporters.spreadsheet import write_table
from qualcode.exporters.workbook import LONGEST, write_workbook
from qualcode.formats.cells import read_csv
from qualcode.model import Cell, Table

TEXTS = [
    "=1+1", "+1", "-- well", "@cell", "'quoted'", "\ttab", "line\nline", 'say "hi", he', "–0.5",
    "مرحبا", "👍", "<script>alert(1)</script>", "{{x}}", "http://example.org", "007", "",
]  # fmt: skip

CELLS: st.SearchStrategy[Cell] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(codec="utf-8", exclude_characters="\0")),
)


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


def test_xlsx_goes_by_the_type_of_a_column_and_never_by_a_value(tmp_path: Path) -> None:
    rows: list[tuple[Cell, ...]] = [("1e5", 3, 1.5), ("TRUE", "none", 2), ("", 4, -0.0001)]
    path = written(Table("t", ["text", "mixed", "number"], rows), tmp_path / "t.xlsx")
    found = list(load_workbook(path)["themes"].iter_rows(min_row=2, values_only=True))
    assert found == [("1e5", "3", 1.5), ("TRUE", "none", 2), (None, "4", -0.0001)]


def test_xlsx_wraps_what_is_long_and_shows_figures_to_three_decimals(tmp_path: Path) -> None:
    rows: list[tuple[Cell, ...]] = [("word " * 40, 0.123456789, "P1"), ("short", None, "P2")]
    path = written(Table("t", ["text", "share", "who"], rows), tmp_path / "t.xlsx")
    sheet = load_workbook(path)["themes"]
    assert [bool(cell.alignment.wrap_text) for cell in sheet[2]] == [True, False, False]
    assert sheet["B2"].value == 0.123456789
    assert sheet["B2"].number_format == "0.000"
    assert sheet.column_dimensions["A"].width > sheet.column_dimensions["C"].width


def test_xlsx_rows_are_as_high_as_their_texts(tmp_path: Path) -> None:
    rows: list[tuple[Cell, ...]] = [
        ("short",),
        ("word " * 40,),
        ("a\nb",),
        ("汉" * 100,),
        ("x " * 9999,),
    ]
    sheet = load_workbook(written(Table("t", ["text"], rows), tmp_path / "t.xlsx"))["themes"]
    assert [sheet.row_dimensions[n].height for n in range(2, 7)] == [None, 60, 30, 60, 405]


def test_xlsx_counts_what_it_cannot_hold(tmp_path: Path) -> None:
    book = load_workbook(written(table("a\x00b\x1b", "fine"), tmp_path / "t.xlsx"))
    assert book["themes"]["A2"].value == "a\ufffdb\ufffd"
    assert "2 characters cannot stand in a workbook" in str(book["Notes"]["B2"].value)


def test_sheets_of_a_workbook_have_names_of_their_own_and_share_the_notes(tmp_path: Path) -> None:
    long = "what the partners said about it all"
    with (tmp_path / "t.xlsx").open("wb") as file:
        write_workbook([(name, table("x")) for name in (long, long, "a/b", "notes")], file)
    book = load_workbook(tmp_path / "t.xlsx")
    assert book.sheetnames == [long[:31], f"{long[:28]} 2", "a b", "notes 2", "Notes"]
    assert [cell.value for cell in book["Notes"][1]] == [long, "note", "Unit: turn."]


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


def test_csv_may_begin_with_a_mark_and_is_read_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    write_table(table("Zoë 👍"), path, schema="themes", csv=Csv(bom=True))
    assert path.read_bytes().startswith(b'\xef\xbb\xbf"text"')
    assert [row["text"] for _, row in read_csv(path)] == ["Zoë 👍"]


def test_raw_csv_is_what_another_program_reads_as_the_text(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    write_table(table(*TEXTS), path, schema="themes", csv=Csv(raw=True))
    with path.open(encoding="utf-8", newline="") as file:
        assert [row["text"] for row in csv.DictReader(file)] == TEXTS


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=6))
def test_csv_and_json_agree_on_every_cell(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[Cell, ...]]
) -> None:
    folder = tmp_path_factory.mktemp("csv")
    made = Table("t", ["a", "b", "n"], [(*row[:2], n) for n, row in enumerate(rows)])
    write_table(made, folder / "t.csv", schema="t")
    write_table(made, folder / "t.json", schema="t")
    answer = json.loads((folder / "t.json").read_text("utf-8"))
    back = [row for _, row in read_csv(folder / "t.csv", required=["a", "b", "n"])]
    assert back == [{k: plain(v) for k, v in row.items()} for row in answer["rows"]]


def test_a_csv_file_is_described_by_the_one_beside_it(tmp_path: Path) -> None:
    out = tmp_path / "t.csv"
    made = write_table(table("=1+1", "-0.12", "x"), out, schema="themes", described=True)
    assert made == [out, tmp_path / "t.csv.meta.json"]
    told = json.loads(made[1].read_text("utf-8"))
    assert (told["file"], told["table"], told["rows"]) == ("t.csv", "qualcode.themes/1", 3)
    assert told["guarded_cells"] == 2
    assert told["columns"] == [
        {"name": "text", "type": "text", "missing": 0, "guarded": 2},
        {"name": "n", "type": "integer", "missing": 0, "guarded": 0},
        {"name": "share", "type": "number", "missing": 1, "guarded": 0},
        {"name": "rolled_up", "type": "boolean", "missing": 0, "guarded": 0},
    ]
    assert (told["notes"], told["provenance"]) == (["Unit: turn."], {"seed": 1})


def test_somebody_s_description_stays_and_then_there_is_no_table_either(tmp_path: Path) -> None:
    (tmp_path / "t.csv.meta.json").write_text("mine")
    there = r"t\.csv\.meta\.json, which describes t\.csv, exists already"
    with pytest.raises(ExportError, match=there):
        write_table(table("x"), tmp_path / "t.csv", schema="themes", described=True)
    assert [path.name for path in tmp_path.iterdir()] == ["t.csv.meta.json"]
    write_table(table("x"), tmp_path / "t.csv", schema="themes", described=True, force=True)
    assert (tmp_path / "t.csv.meta.json").read_text("utf-8") != "mine"


def test_of_a_table_and_its_description_that_are_there_the_table_is_named(tmp_path: Path) -> None:
    write_table(table("x"), tmp_path / "t.csv", schema="themes", described=True)
    with pytest.raises(ExportError, match=r"t\.csv exists already"):
        write_table(table("x"), tmp_path / "t.csv", schema="themes", described=True)


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
