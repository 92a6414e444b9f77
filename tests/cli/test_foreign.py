"""``qualcode import`` and ``preview`` with projects of other programs."""

from __future__ import annotations

import csv

import pytest

import qualcode
from tests.cli.conftest import Shell
from tests.golden.interchange.projects import (
    FIRST,
    HARBOUR,
    inline,
    packed,
    project,
    selection,
    twin,
)


def put(shell: Shell, data: bytes | str, name: str = "Harbour.qdpx") -> str:
    (shell.folder / name).write_bytes(data if isinstance(data, bytes) else data.encode())
    return name


def codings(shell: Shell) -> list[tuple[str, str, str]]:
    """Round, code and words of every coding."""
    with qualcode.open(shell.folder / "s.qualcode") as opened:
        table = opened.codings.table()
    places = [table.columns.index(name) for name in ("round", "code", "excerpt")]
    return [tuple(str(row[place]) for place in places) for row in table.rows]  # type: ignore[misc]


def test_a_project_comes_in_and_says_what_it_brought(study: Shell) -> None:
    put(study, twin("utf16"))
    result = study.run("import", "s.qualcode", "Harbour.qdpx")
    assert (result.exit_code, result.stdout) == (0, "")
    said = result.stderr
    assert "Harbour.qdpx: 1 coder, 2 codes, 2 documents, 1 round, 11 codings" in said
    assert "Here already: 1 code, 1 definition left alone" in said  # of ours, as is the coder ana
    assert "Offsets count UTF-16 code units, line ends as stored (CRLF=2): 11 of 11" in said
    assert "missing, not absent" in said
    assert {round_ for round_, _, _ in codings(study)} == {"import Harbour"}
    assert ("import Harbour", "warm_handoff", "walked me over") in codings(study)
    again = study.run("import", "s.qualcode", "Harbour.qdpx")
    assert "Harbour.qdpx: nothing that is not here already" in again.stderr
    assert "11 codings" in again.stderr
    study.ok("undo", "s.qualcode")
    assert not codings(study)
    assert study.run("check", "s.qualcode").exit_code == 0


def test_finished_marks_are_set_when_asked_for(study: Shell) -> None:
    put(study, twin("utf16"))
    result = study.run("import", "s.qualcode", "Harbour.qdpx", "--mark-finished")
    assert "4 finished marks" in result.stderr
    assert "missing, not absent" not in result.stderr


def test_losses_go_to_a_file_that_is_never_replaced(study: Shell) -> None:
    put(study, project(inline(HARBOUR, selection(2, 11, None) + selection(9, 4, n=2))), "a.qde")
    result = study.run("import", "s.qualcode", "a.qde", "--losses", "lost.csv")
    assert result.exit_code == 0, result.output
    assert "1 PlainTextSelection left behind: no code and no note is on it" in result.stderr
    with (study.folder / "lost.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["element"], row["where"], row["fate"]) for row in rows] == [
        ("PlainTextSelection", "A-P1", "dropped")
    ] * 2
    put(
        study, project(inline("Other words.", guid="12345678-0000-4000-8000-000000000001")), "b.qde"
    )
    refused = study.run("import", "s.qualcode", "b.qde", "--losses", "lost.csv")
    assert refused.exit_code == 1
    assert len(study.json("documents", "s.qualcode")["rows"]) == 2  # b.qde is not among them


def test_words_of_a_transcript_are_in_the_file_of_losses_and_not_on_the_screen(
    study: Shell,
) -> None:
    source = (
        f'<TextSource guid="{FIRST}" name="A-P1" plainTextPath="internal://gone.txt">'
        f"{selection(2, 9, name='secret words')}</TextSource>"
    )
    put(study, project(source), "a.qde")
    result = study.run("import", "s.qualcode", "a.qde", "--losses", "lost.csv")
    assert "secret words" not in result.output
    assert "secret words" in (study.folder / "lost.csv").read_text(encoding="utf-8-sig")


def test_a_preview_of_one_project_is_its_contract(study: Shell) -> None:
    put(study, twin("utf16"))
    found = study.json("preview", "Harbour.qdpx")
    assert found["schema"] == "qualcode.preview/1"
    assert set(found) >= {
        "format", "origin", "qde_name", "folder", "entries", "xml_bom", "valid", "errors",
        "counts", "code_depth", "not_codable", "offset_rule", "sources", "losses", "warnings",
    }  # fmt: skip
    assert found["offset_rule"] == {
        "rule": "utf16", "unit": "UTF-16 code units", "newline": "as stored (CRLF=2)",
        "bom_counted": False, "quote": 11, "clean": 11, "in_range": 11, "of": 11,
    }  # fmt: skip
    assert found["sources"][0]["selections"][0] == {
        "guid": "eeeeeeee-0001-4000-8000-000000000000", "code": "warm handoff", "coder": "Ana",
        "start": HARBOUR.index("walked"), "stop": HARBOUR.index(" 🙂"), "text": "walked me over",
    }  # fmt: skip
    assert len(study.json("documents", "s.qualcode")["rows"]) == 1  # nothing was stored


def test_a_preview_for_people_names_the_rule_and_the_losses(study: Shell) -> None:
    put(study, twin("utf16"))
    put(study, project(inline(HARBOUR, selection(2, 11, None))), "b.qde")
    said = study.ok("preview", "Harbour.qdpx", "b.qde", "harbour.txt")
    assert "11 of 11 selections cut no word" in said
    assert "1 PlainTextSelection left behind" in said
    assert "harbour.txt: txt" in said


def test_an_offset_rule_can_be_forced(study: Shell) -> None:
    put(study, twin("utf16"))
    found = study.json("preview", "Harbour.qdpx", "--offsets", "codepoint")
    assert found["offset_rule"]["rule"] == "codepoint"
    assert found["offset_rule"]["clean"] < 11
    wrong = study.run("preview", "Harbour.qdpx", "--offsets", "bytes")
    assert wrong.exit_code == 2
    assert "codepoint-crlf1" in wrong.stderr


def test_names_of_codes_are_split_when_asked_for(study: Shell) -> None:
    code = '<Code guid="cccccccc-0000-4000-8000-000000000009" name="Food::tea" isCodable="true"/>'
    put(study, project(codes=f"<Codes>{code}</Codes>"), "a.qde")
    study.ok("import", "s.qualcode", "a.qde", "--split-codes", "::")
    codes = {row["code"] for row in study.json("codebook", "show", "s.qualcode")["rows"]}
    assert {"Food", "tea"} <= codes


@pytest.mark.parametrize(
    "words",
    [
        ("harbour.txt", "--mark-finished"),
        ("harbour.txt", "--offsets", "utf16"),
        ("Harbour.qdpx", "--kind", "interview"),
        ("Harbour.qdpx", "--replaces", "harbour"),
        ("Harbour.qdpx", "--encoding", "cp1252"),
        ("Harbour.qdpx", "Harbour.qdpx", "--losses", "l.csv"),
    ],
)
def test_options_of_the_other_kind_of_file_are_refused(
    words: tuple[str, ...], study: Shell
) -> None:
    put(study, twin())
    result = study.run("import", "s.qualcode", *words)
    assert result.exit_code == 2
    assert len(study.json("documents", "s.qualcode")["rows"]) == 1


def test_a_bad_project_is_reported_and_the_others_come_in(study: Shell) -> None:
    put(study, packed(project(), {"b.qde": b""}), "bad.qdpx")
    put(study, twin())
    result = study.run("import", "s.qualcode", "bad.qdpx", "Harbour.qdpx")
    assert result.exit_code == 1
    assert "several projects: b.qde, project.qde" in result.stderr.split("1 of 2 files")[1]
    assert len(codings(study)) == 11


def test_a_codebook_of_another_program_comes_in(study: Shell) -> None:
    put(
        study,
        '<CodeBook xmlns="urn:QDA-XML:codebook:1.0" origin="Example"><Codes>'
        '<Code guid="cccccccc-0000-4000-8000-000000000009" name="Housing" isCodable="true"/>'
        '<Code guid="cccccccc-0000-4000-8000-000000000008" name="trust" isCodable="true"/>'
        "</Codes><Sets/></CodeBook>",
        "book.qdc",
    )
    result = study.run("codebook", "import", "s.qualcode", "book.qdc")
    assert result.exit_code == 0, result.output
    assert "book.qdc: the file does not follow the standard" in result.stderr
    rows = {
        row["code"]: row["brief"] for row in study.json("codebook", "show", "s.qualcode")["rows"]
    }
    assert rows == {
        "warm_handoff": "Passed on in person.", "housing": "A bed.", "trust": "",
    }  # fmt: skip


def test_a_codebook_among_transcripts_is_told_where_it_belongs(study: Shell) -> None:
    put(study, "<CodeBook/>", "book.qdc")
    result = study.run("import", "s.qualcode", "book.qdc")
    assert result.exit_code == 1
    assert "qualcode codebook import" in result.stderr
