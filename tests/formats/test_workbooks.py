"""Workbooks give the rows a CSV file would, every cell a string."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from qualcode.errors import HostileFile, InputProblems, ReadingError
from qualcode.formats.cells import as_grid, parse_csv, read_xlsx
from tests.importers.xlsx_files import part, with_parts, workbook

SHEET = "xl/worksheets/sheet1.xml"


def lines(content: bytes) -> list[tuple[int, list[str]]]:
    found: list[tuple[int, list[str]]] = read_xlsx(content, "a.xlsx")["lines"]
    return found


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (33, "33"),
        (33.0, "33"),
        (0.5, "0.5"),
        (True, "TRUE"),
        ("007", "007"),
        ("'=1", "'=1"),
        (date(2024, 3, 1), "2024-03-01"),
        (datetime(2024, 3, 1, 9, 30), "2024-03-01 09:30:00"),
        (time(9, 30, 5), "09:30:05"),
        (timedelta(minutes=61, seconds=2), "1:01:02"),
        ("a_x000D_\nb", "a\r\nb"),
    ],
)
def test_every_value_is_the_string_a_person_sees(value: object, cell: str) -> None:
    assert lines(workbook(a=[[value]])) == [(1, [cell])]


def test_rows_have_their_numbers_and_one_length() -> None:
    content = workbook(a=[["a", "b"], [], ["1", None], [None, "2"]])
    assert lines(content) == [(1, ["a", "b"]), (3, ["1", ""]), (4, ["", "2"])]


def test_the_first_sheet_with_anything_is_read_and_the_others_named() -> None:
    found = read_xlsx(workbook(empty=[], answers=[["x"]], codes=[["y"]], blank=[]), "a.xlsx")
    assert (found["sheet"], found["left_out"]) == ("answers", ["codes"])


def test_a_size_that_a_sheet_claims_is_not_believed() -> None:
    content = workbook(a=[["a", "b"], ["1", "2"]])
    sheet = part(content, SHEET).replace(b'ref="A1:B2"', b'ref="A1:A1"')
    assert lines(with_parts(content, {SHEET: sheet})) == [(1, ["a", "b"]), (2, ["1", "2"])]


@pytest.mark.parametrize("name", [SHEET, "xl/workbook.xml", "docProps/core.xml", "xl/styles.xml"])
def test_a_document_type_in_any_part_is_refused(name: str) -> None:
    content = workbook(a=[["x"]])
    bomb = b'<!DOCTYPE x [<!ENTITY e "lol">]>' + part(content, name).split(b"?>", 1)[-1]
    with pytest.raises(HostileFile, match="document type"):
        read_xlsx(with_parts(content, {name: bomb}), "a.xlsx")


def test_a_document_type_in_a_part_of_another_name_is_refused() -> None:
    content = with_parts(workbook(a=[["x"]]), {"xl/strings.bin": b"\xef\xbb\xbf<!DOCTYPE x><x/>"})
    with pytest.raises(HostileFile, match="document type"):
        read_xlsx(content, "a.xlsx")


def test_a_part_that_unpacks_to_two_hundred_times_its_size_is_refused() -> None:
    content = with_parts(workbook(a=[["x"]]), {"xl/media/image.bin": b" " * 3_000_000})
    with pytest.raises(HostileFile, match="200 times"):
        read_xlsx(content, "a.xlsx")


@pytest.mark.parametrize("name", [SHEET, "xl/workbook.xml", "[Content_Types].xml"])
@pytest.mark.parametrize("content", [b"<x/>", b"<x", b"<x>&lol;</x>"])
def test_a_damaged_part_is_an_error_of_one_line(name: str, content: bytes) -> None:
    damaged = with_parts(workbook(a=[["x"]]), {name: content})
    with pytest.raises(ReadingError) as caught:
        read_xlsx(damaged, "a.xlsx")
    assert "\n" not in str(caught.value)


def test_an_archive_of_something_else_is_no_workbook() -> None:
    with pytest.raises(ReadingError, match="no workbook"):
        read_xlsx(
            with_parts(workbook(a=[["x"]]), {}).replace(b"xl/workbook.xml", b"xx/workbook.xml"), "a"
        )


def test_a_lone_filled_cell_above_the_header_is_a_title() -> None:
    grid = as_grid("a", [(1, ["Study", ""]), (2, ["a", "b"]), (3, ["1", "2"])], titled=True)
    assert (grid.title, grid.columns, grid.rows) == (
        "Study",
        ("a", "b"),
        [(3, {"a": "1", "b": "2"})],
    )


def test_a_table_of_one_column_has_no_title() -> None:
    grid = as_grid("a", [(1, ["a"]), (2, ["1"])], titled=True)
    assert (grid.title, grid.columns) == ("", ("a",))


def test_a_column_name_of_several_lines_becomes_one() -> None:
    assert as_grid("a", [(1, ["What\n helped?", "b"])]).columns == ("What helped?", "b")


@pytest.mark.parametrize("header", [["a", "a"], ["a", "", "b"]])
def test_a_column_named_twice_or_not_at_all_is_a_problem(header: list[str]) -> None:
    with pytest.raises(InputProblems):
        as_grid("a", [(1, header), (2, ["1"] * len(header))])


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_the_delimiter_is_the_one_that_divides_the_rows_alike(sign: str) -> None:
    text = 'A title, with a comma; and more\nid|words\n1|"well, yes; no"\n2|I, too\n'.replace(
        "|", sign
    )
    text = text.replace("A title, with a comma; and more", '"A title, with a comma; and more"')
    grid = parse_csv(text.replace("I, too", '"I, too"'), Path("a"), titled=True)
    assert grid.columns == ("id", "words")
    assert [row["words"] for _, row in grid.rows] == ["well, yes; no", "I, too"]
