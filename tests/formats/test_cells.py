"""CSV in and out: no cell that a spreadsheet evaluates, and all problems at once."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualcode.errors import InputProblems
from qualcode.formats.cells import guard, read_csv, unguard


def table(folder: Path, content: str | bytes) -> Path:
    path = folder / "a.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def problems(path: Path, **options: object) -> list[tuple[int, str]]:
    with pytest.raises(InputProblems) as caught:
        read_csv(path, **options)  # type: ignore[arg-type]
    return [(problem.line, problem.message) for problem in caught.value.problems]


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@a", "\tx", "'=1", "＝1+1", "＋1", "－1", "＠a"]
)
def test_what_a_spreadsheet_would_evaluate_gets_an_apostrophe(text: str) -> None:
    assert guard(text) == "'" + text


@pytest.mark.parametrize("text", ["", "a=1", "P07", "don't", "[laughs]"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert guard(text) == text


@given(st.text())
def test_what_is_guarded_comes_back(text: str) -> None:
    assert unguard(guard(text)) == text


def test_an_apostrophe_that_guards_nothing_stays() -> None:
    assert [unguard(cell) for cell in ("'tis", "'", "")] == ["'tis", "'", ""]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16"])
def test_delimiters_and_encodings_of_spreadsheets(
    tmp_path: Path, delimiter: str, codec: str
) -> None:
    content = 'code,name\r\nå,"x"\r\n'.replace(",", delimiter).encode(codec)
    assert read_csv(table(tmp_path, content)) == [(2, {"code": "å", "name": "x"})]


def test_a_row_has_the_line_where_it_begins(tmp_path: Path) -> None:
    rows = read_csv(table(tmp_path, 'a,b\n1,"x\ny"\n\n2,z\n'))
    assert rows == [(2, {"a": "1", "b": "x\ny"}), (5, {"a": "2", "b": "z"})]


def test_guarded_cells_are_read_as_they_were(tmp_path: Path) -> None:
    path = table(tmp_path, "a\n'=1\n'tis\n")
    assert [row["a"] for _, row in read_csv(path)] == ["=1", "'tis"]
    assert [row["a"] for _, row in read_csv(path, guarded=False)] == ["'=1", "'tis"]


def test_empty_cells_at_the_right_end_are_no_problem(tmp_path: Path) -> None:
    assert read_csv(table(tmp_path, "a,b,,\n1,2,,\n")) == [(2, {"a": "1", "b": "2"})]


def test_the_delimiter_that_finds_the_needed_columns_is_taken(tmp_path: Path) -> None:
    path = table(tmp_path, "code;a,b,c\nx;1,2,3\n")
    assert read_csv(path, required=["code"]) == [(2, {"code": "x", "a,b,c": "1,2,3"})]


def test_all_problems_come_at_once_with_their_lines(tmp_path: Path) -> None:
    path = table(tmp_path, "a,b,a\n1,2,3\n1\n1,2,3,4\n")
    assert problems(path, required=["d"]) == [
        (1, 'the column "a" is there twice.'),
        (1, 'there is no column "d".'),
        (3, "1 cell where the header has 3."),
        (4, "4 cells where the header has 3."),
    ]


def test_a_column_without_a_name_is_a_problem(tmp_path: Path) -> None:
    assert problems(table(tmp_path, "a,,b\n1,2,3\n")) == [(1, "a column has no name.")]


def test_a_file_without_a_header_is_a_problem(tmp_path: Path) -> None:
    assert problems(table(tmp_path, "\n\n")) == [(1, "there is no header row.")]


def test_an_open_quote_names_the_line_it_begins_on(tmp_path: Path) -> None:
    ((line, message),) = problems(table(tmp_path, 'a,b\n1,2\n3,"open\n4,5\n'))
    assert line == 3
    assert "not a readable CSV row" in message


def test_what_is_not_utf_8_names_the_line(tmp_path: Path) -> None:
    ((line, message),) = problems(table(tmp_path, b"a\nb\n\xff\n"))
    assert line == 3
    assert "not UTF-8" in message


def test_a_missing_file_is_a_problem(tmp_path: Path) -> None:
    ((line, message),) = problems(tmp_path / "none.csv")
    assert line == 0
    assert "cannot be read" in message


def test_a_very_long_cell_is_read_and_the_limit_of_the_process_is_put_back(tmp_path: Path) -> None:
    before = csv.field_size_limit()
    long = "x" * 200_000
    assert read_csv(table(tmp_path, f"a\n{long}\n")) == [(2, {"a": long})]
    assert csv.field_size_limit() == before


@given(
    rows=st.lists(
        st.tuples(*[st.text(st.characters(codec="utf-8", exclude_characters="\r\0"))] * 2),
        max_size=5,
    )
)
def test_what_is_written_guarded_is_read_the_same(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]]
) -> None:
    file = io.StringIO(newline="")
    writer = csv.writer(file, quoting=csv.QUOTE_ALL)
    writer.writerow(["a", "b"])
    writer.writerows([[guard(cell) for cell in row] for row in rows])
    path = tmp_path_factory.mktemp("csv") / "a.csv"
    path.write_bytes(file.getvalue().encode())
    read = [(row["a"], row["b"]) for _, row in read_csv(path, required=["a", "b"])]
    assert read == [row for row in rows if any(row)]
