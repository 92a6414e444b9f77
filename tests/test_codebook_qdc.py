"""REFI-QDA codebooks: the codes of other programs."""

from __future__ import annotations

from pathlib import Path

import pytest

import qualcode
from qualcode.codebook_files import read_qdc
from qualcode.codebook_files.yaml_files import LARGEST
from qualcode.errors import HostileFile, InputProblems, ReadingError
from qualcode.formats.refi import description_of
from qualcode.model import Code

NAMESPACE = "urn:QDA-XML:codebook:1.0"
FIRST, SECOND = (f"cccccccc-0000-4000-8000-00000000000{n}" for n in (1, 2))
CODES = (
    f'<Code guid="{FIRST.upper()}" name="Warm handoff" isCodable="true" color="#D55E00">'
    f'<Description>In person.</Description><Code guid="{SECOND}" name="no" isCodable="0"/></Code>'
)


def written(
    folder: Path, inside: str = f"<Codes>{CODES}</Codes>", *, origin: str = "Example",
    namespace: str = NAMESPACE, before: str = "",
) -> Path:  # fmt: skip
    path = folder / "book.qdc"
    path.write_text(
        f'{before}<CodeBook xmlns="{namespace}" origin="{origin}">{inside}</CodeBook>',
        encoding="utf-8",
    )
    return path


def test_codes_come_with_guid_tree_colour_and_definition(tmp_path: Path) -> None:
    book, fields = read_qdc(written(tmp_path))
    assert [(c.id, c.code, c.parent, c.full, c.codable, c.colour) for c in book.codes] == [
        (FIRST, "Warm handoff", None, "In person.", True, "#D55E00"),
        (SECOND, "no", "Warm handoff", "", False, "#888888"),
    ]
    assert "brief" not in fields


def test_empty_sets_as_taguette_writes_them_are_a_warning(tmp_path: Path) -> None:
    book, _ = read_qdc(written(tmp_path, f"<Codes>{CODES}</Codes><Sets/>"))
    assert len(book.codes) == 2
    assert any("Set is missing" in warning.message for warning in book.warnings)


@pytest.mark.parametrize(
    "file",
    [
        {"namespace": "urn:QDA-XML:codebook:1:0"},
        {"namespace": "urn:QDA-XML:codebook:0:4"},
        {"before": "\ufeff<?xml version='1.0' encoding='utf-8'?>"},
    ],
)
def test_quirks_of_programs_are_read(file: dict[str, str], tmp_path: Path) -> None:
    book, _ = read_qdc(written(tmp_path, **file))
    assert len(book.codes) == 2


def test_fields_of_our_own_definitions_are_parted_again(tmp_path: Path) -> None:
    text = description_of({"brief": "Short.", "example": ["One.", "Two."], "near_miss": ["Not."]})
    code = f'<Codes><Code guid="{FIRST}" name="a" isCodable="true"><Description>{text}</Description></Code></Codes>'
    book, fields = read_qdc(written(tmp_path, code, origin="qualcode 0.1"))
    one = book.codes[0]
    assert (one.brief, one.full, one.example, one.near_miss) == (
        "Short.",
        "",
        ("One.", "Two."),
        ("Not.",),
    )
    assert "brief" in fields


@pytest.mark.parametrize(
    ("inside", "before", "error", "says"),
    [
        ("<Codes/>", "", InputProblems, "holds no codes"),
        ('<Codes><Code name=" "/></Codes>', "", InputProblems, "book.qdc:1: a code without a name"),
        ("", "<!DOCTYPE a>", HostileFile, "document type"),
        ("<Codes>", "", ReadingError, "damaged"),
    ],
)
def test_a_bad_file_is_refused_with_its_line(
    inside: str, before: str, error: type[Exception], says: str, tmp_path: Path
) -> None:
    with pytest.raises(error, match=says):
        read_qdc(written(tmp_path, inside, before=before))


def test_a_file_that_is_too_large_or_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputProblems, match="cannot be read"):
        read_qdc(tmp_path / "none.qdc")
    path = tmp_path / "large.qdc"
    path.write_bytes(b" " * (LARGEST + 1))
    with pytest.raises(InputProblems, match="more than a codebook holds"):
        read_qdc(path)


def test_codes_are_known_again_by_guid_when_another_program_renamed_them(tmp_path: Path) -> None:
    with qualcode.create(tmp_path / "p.qualcode", title="P", coder="Kim") as project:
        kim = project.acting("Kim")

        def bring(path: Path) -> dict[str, list[str]]:
            book, fields = read_qdc(path)
            return project.codebook.import_codes(book.codes, by=kim, fields=fields)

        assert bring(written(tmp_path))["added"] == ["Warm handoff", "no"]
        again = bring(written(tmp_path))
        assert not any(again[what] for what in ("added", "changed", "renamed"))
        renamed = CODES.replace("Warm handoff", "Met in person")
        found = bring(written(tmp_path, f"<Codes>{renamed}</Codes>"))
        assert found["renamed"] == ["Warm handoff → Met in person"]
        assert project.codebook.named("no").parent == "Met in person"


def test_the_name_shown_is_as_good_as_the_short_one(tmp_path: Path) -> None:
    with qualcode.create(tmp_path / "p.qualcode", title="P", coder="Kim") as project:
        kim = project.acting("Kim")
        code = Code("", "warm", "Warm handoff", brief="Ours.", key="w")
        project.codebook.import_codes([code], by=kim)
        book, fields = read_qdc(written(tmp_path))
        found = project.codebook.import_codes(book.codes, by=kim, fields=fields)
        assert (found["added"], found["renamed"]) == (["no"], [])
        one = project.codebook.named("warm")
        assert (one.name, one.brief, one.full, one.key) == (
            "Warm handoff",
            "Ours.",
            "In person.",
            "w",
        )
        project.history.undo(kim)
        assert [one.code for one in project.codebook.codes()] == ["warm"]
