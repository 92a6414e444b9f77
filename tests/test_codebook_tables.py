"""Codebooks from spreadsheets and other programs, written again, checked and compared."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualcode.codebook_files import (
    CodebookFile,
    is_qualcoder,
    read_qualcoder,
    read_table,
    read_yaml,
    write_yaml,
)
from qualcode.codebook_files.lint import findings
from qualcode.errors import InputProblems
from qualcode.formats.cells import read_csv
from qualcode.model import Code

ROOT = Path(__file__).parents[1]
TABLE = """code,name,parent,Brief,when not to use,example,number of highlights,mood
handoff,warm handoff,,Passed on in person.,By letter.,"She walked over.
He was there.",12,sad
timing,,handoff,When it happens.,,,3,
"""


def read(tmp_path: Path, text: str, **columns: str) -> tuple[CodebookFile, frozenset[str]]:
    path = tmp_path / "codes.csv"
    path.write_text(text, encoding="utf-8")
    return read_table(path, read_csv(path), columns=columns)


def problems(tmp_path: Path, text: str, **columns: str) -> list[str]:
    with pytest.raises(InputProblems) as caught:
        read(tmp_path, text, **columns)
    return [f"{problem.line}: {problem.message}" for problem in caught.value.problems]


def test_a_row_is_a_code_whatever_the_order_of_columns(tmp_path: Path) -> None:
    book, fields = read(tmp_path, TABLE)
    handoff, timing = book.codes
    assert (handoff.code, handoff.name, handoff.brief) == (
        "handoff", "warm handoff", "Passed on in person.",
    )  # fmt: skip
    assert handoff.example == ("She walked over.", "He was there.")
    assert handoff.not_when == "By letter."
    assert timing.parent == "handoff"
    assert fields == {"code", "name", "parent", "brief", "not_when", "example"}


def test_what_is_no_field_is_said_to_be_left_out(tmp_path: Path) -> None:
    book, _ = read(tmp_path, TABLE)
    assert [warning.message for warning in book.warnings] == ['The column "mood" was left out.']


def test_a_strangers_table_gets_one_guiding_message_and_then_goes_in(tmp_path: Path) -> None:
    text = "Kürzel;Bedeutung;Beispiel\ntrust;They trust.;I trust her.\n"
    (message,) = problems(tmp_path, text)
    assert message.startswith(
        '1: No column is called “code”; there are "Kürzel", "Bedeutung", "Beispiel". Say which is '
        'which, such as --column "code=NAME OF THE COLUMN"'
    )
    book, fields = read(tmp_path, text, code="kürzel", brief="Bedeutung")
    assert [(code.code, code.brief) for code in book.codes] == [("trust", "They trust.")]
    assert fields == {"code", "brief"}


def test_a_column_or_field_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert problems(tmp_path, TABLE, brief="Meaning", tone="mood") == [
        '1: There is no column "Meaning": "code", "name", "parent", "Brief", "when not to use", '
        '"example", "number of highlights", "mood".',
        '1: There is no field "tone"; the fields are code, name, parent, brief, full, use_when, '
        "not_when, example, near_miss, kind, origin, since, status, codable, colour, key, id.",
    ]


def test_problems_of_rows_come_all_at_once_with_their_lines(tmp_path: Path) -> None:
    text = "code,parent,colour,key,codable\na,,red,1,\nA,,,1,\n,,,,\nb,c,,12,perhaps\n"
    found = problems(tmp_path, text)
    assert [line.split(":")[0] for line in found] == ["2", "3", "3", "5", "5", "5"]
    assert '5: "b" has the parent "c", which is not here.' in found


def test_taguettes_table_is_read_as_it_is(tmp_path: Path) -> None:
    text = (
        "tag,description,number of highlights,number of documents\n"
        "interesting,Further review required,2,2\n"
    )
    book, fields = read(tmp_path, text)
    assert [(c.code, c.brief) for c in book.codes] == [("interesting", "Further review required")]
    assert not book.warnings
    assert fields == {"code", "brief"}


def test_qualcoders_list_gives_categories_that_are_not_applied(tmp_path: Path) -> None:
    text = "code1\tA memo\r\ncat1>>code2\r\ncat3>>cat2>>code4\tAnother\r\n"
    assert is_qualcoder(text)
    book = read_qualcoder(tmp_path / "codes.txt", text)
    assert [(c.code, c.parent, c.codable, c.brief) for c in book.codes] == [
        ("code1", None, True, "A memo"),
        ("cat1", None, False, ""),
        ("code2", "cat1", True, ""),
        ("cat3", None, False, ""),
        ("cat2", "cat3", False, ""),
        ("code4", "cat2", True, "Another"),
    ]
    assert not is_qualcoder("Just some notes\non two lines\n")


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=12).map(
    str.strip
)
NAMES = st.sampled_from(
    ["no", "12:30", "010", "~", "1_000", "null", "- x", "a: b", "#1", "yes", "é"]
)


@st.composite
def books(draw: st.DrawFn) -> list[Code]:
    names = draw(st.lists(NAMES, min_size=1, max_size=6, unique=True))
    codes: list[Code] = []
    for at, name in enumerate(names):
        parent = draw(st.sampled_from([None, *(code.code for code in codes)]))
        siblings = sum(code.parent == parent for code in codes)
        codes.append(
            Code(
                "", name, draw(TEXT), parent, draw(TEXT), draw(TEXT), draw(TEXT), draw(TEXT),
                tuple(filter(None, draw(st.lists(TEXT, max_size=2)))), (), draw(NAMES),
                key=draw(st.sampled_from([None, str(at)])), position=siblings,
                codable=draw(st.booleans()),
            )
        )  # fmt: skip
    return codes


@given(books())
def test_yaml_that_was_written_reads_back_alike(codes: list[Code]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "book.yaml"
        path.write_text(write_yaml(codes, title="no", version="1.0"), encoding="utf-8")
        back = read_yaml(path)
    assert (back.title, back.version) == ("no", "1.0")
    assert {code.code: code for code in back.codes} == {code.code: code for code in codes}


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_the_sample_codebooks_survive_being_written(tmp_path: Path, version: str) -> None:
    book = read_yaml(ROOT / "codebooks" / f"lead-mechanisms-{version}.yaml")
    path = tmp_path / "book.yaml"
    path.write_text(write_yaml(book.codes, title=book.title, version=book.version), "utf-8")
    assert read_yaml(path).codes == book.codes


def test_the_linter_is_content_with_the_samples_second_version() -> None:
    assert findings(read_yaml(ROOT / "codebooks" / "lead-mechanisms-v2.yaml").codes) == []


def test_the_linter_names_every_gap_and_look_alike() -> None:
    whole: dict[str, Any] = {"brief": "b", "use_when": "u", "not_when": "n"}
    codes = [
        Code("", "trust", **whole, example=("one", "two"), near_miss=("fear: not the same",)),
        Code("", "fear", **whole, example=("one", "three")),
        Code("", "warm_handoff", **whole, example=("a", "b")),
        Code("", "warm_handofs", **whole, example=("c", "d"), near_miss=("gone: was here",)),
        Code("", "bare"),
        Code("", "group", codable=False),
    ]
    found = [(one.code, one.finding) for one in findings(codes)]
    assert found == [
        ("trust", "one_sided_near_miss"),
        ("fear", "shared_example"),
        ("warm_handofs", "look_alike"),
        ("warm_handofs", "unknown_near_miss"),
        ("bare", "few_examples"),
        ("bare", "no_definition"),
        ("bare", "no_exclusion"),
        ("bare", "no_inclusion"),
    ]
