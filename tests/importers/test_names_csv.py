"""Lists of names and reviewed tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from qualcode.errors import InputProblems
from qualcode.importers.names_csv import read_names, read_review
from qualcode.text.names import Name


def file(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_only_the_name_must_be_there(tmp_path: Path) -> None:
    path = file(tmp_path, "n.csv", "name,note\nDana  Will,fictional\nRosa,\n")
    assert read_names(path) == [Name("Dana Will", "person", ""), Name("Rosa", "person", "")]


def test_a_text_file_holds_one_name_a_line(tmp_path: Path) -> None:
    path = file(tmp_path, "names.txt", "Dana Will\n\n  Rosa \n")
    assert [one.name for one in read_names(path)] == ["Dana Will", "Rosa"]


def test_all_problems_of_a_list_come_at_once_with_their_lines(tmp_path: Path) -> None:
    path = file(tmp_path, "n.csv", "name,label\nDana,[A]\n,[B]\nDana,[C]\n--,[D]\n")
    with pytest.raises(InputProblems) as error:
        read_names(path)
    assert [one.line for one in error.value.problems] == [3, 4, 5]


def test_a_strange_column_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputProblems, match="Not a column"):
        read_names(file(tmp_path, "n.csv", "name,birthday\nDana,1 May\n"))


def test_a_reviewed_table_tells_its_problems_with_their_lines(tmp_path: Path) -> None:
    path = file(
        tmp_path, "r.csv", "redaction_id,status,label\na,accepted,[A]\nb,maybe,[B]\nx,rejected,\n"
    )
    with pytest.raises(InputProblems) as error:
        read_review(path, {"a", "b"})
    assert [one.line for one in error.value.problems] == [3, 4, 4]
