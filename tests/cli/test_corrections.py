"""``import --replaces``: what it says, and what can be asked for later."""

from __future__ import annotations

import csv

import pytest

from tests.cli.conftest import TRANSCRIPT, Shell

CORRECTED = TRANSCRIPT.replace("said her name", "said her own name").replace("Nobody called.", "")
REPLACE = ("import", "s.qualcode", "second.txt", "--replaces", "Harbour")


@pytest.fixture
def coded(study: Shell) -> Shell:
    """The project of ``study`` with three codings of ana's, and the corrected file beside it."""
    lines = ["document,start,stop,code,coder,round"]
    for words, code in (
        ("said her name", "warm_handoff"), ("for a bed", "housing"), ("Nobody called", "housing"),
    ):  # fmt: skip
        start = TRANSCRIPT.index(words)
        lines.append(f"harbour,{start},{start + len(words)},{code},ana,")
    study.file("codings.csv", "\n".join(lines) + "\n")
    study.ok("codings", "import", "s.qualcode", "codings.csv")
    study.file("second.txt", CORRECTED)
    return study


def excerpts(shell: Shell) -> list[str]:
    return [row["excerpt"] for row in shell.json("codings", "export", "s.qualcode")["rows"]]


def test_a_corrected_file_takes_the_place_of_its_document(coded: Shell) -> None:
    result = coded.run(*REPLACE)
    assert result.exit_code == 0
    assert result.stdout == ""
    assert "harbour: corrected version in its place, 3 turns" in result.stderr
    assert "1 coding on the same words, 1 on corrected words, 1 not placed" in result.stderr
    (row,) = (r for r in coded.json("documents", "s.qualcode")["rows"] if not r["removed"])
    assert (row["document"], row["kind"]) == ("harbour", "interview")


def test_what_was_not_placed_is_named_with_its_words_and_its_turn(coded: Shell) -> None:
    said = coded.run(*REPLACE).stderr
    assert (
        'Not placed: coding housing by ana, round "solo", turn 3, “Nobody called”: its words are'
        " gone."
    ) in said
    assert "qualcode documents PROJECT --unplaced" in said


def test_what_was_not_placed_can_be_listed_later(coded: Shell) -> None:
    coded.ok(*REPLACE)
    answer = coded.json("documents", "s.qualcode", "--unplaced")
    assert answer["schema"] == "qualcode.unplaced/1"
    (row,) = answer["rows"]
    assert (row["document"], row["what"], row["turn"], row["excerpt"]) == (
        "harbour", "coding", 3, "Nobody called",
    )  # fmt: skip
    coded.ok("documents", "s.qualcode", "--unplaced", "--out", "unplaced.csv")
    with (coded.folder / "unplaced.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [line["reason"] for line in csv.DictReader(file)] == ["its words are gone"]


def test_one_undo_brings_the_first_version_back(coded: Shell) -> None:
    coded.ok(*REPLACE)
    coded.ok("undo", "s.qualcode")
    (row,) = (r for r in coded.json("documents", "s.qualcode")["rows"] if not r["removed"])
    assert row["characters"] == len(TRANSCRIPT)
    assert coded.json("documents", "s.qualcode", "--unplaced")["rows"] == []
    coded.ok("check", "s.qualcode")


def test_a_redaction_without_a_place_is_told_in_capitals_and_without_the_name(
    coded: Shell,
) -> None:
    from qualcode.model import Span
    from qualcode.project import open as open_project

    start = TRANSCRIPT.index("Nobody")
    with open_project(coded.folder / "s.qualcode") as project:
        by = project.acting("ana")
        document = project.documents.named("harbour")
        project.redactions.add(document.id, Span(start, start + 6), "[P9]", by=by)
    said = coded.run(*REPLACE).stderr
    assert "REDACTION NOT PLACED: [P9] (turn 3)" in said
    assert "Nobody" not in said


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("second.txt", "harbour.txt", "--replaces", "harbour"), 2, "takes one file"),
        (("second.txt", "--replaces", "harbour", "--again"), 2, "no --again"),
        (("second.txt", "--replaces", "pier"), 2, 'no document "pier"'),
        (("harbour.txt", "--replaces", "harbour"), 1, "corrects nothing"),
        (("survey.csv", "--replaces", "harbour"), 2, "survey.csv holds 2 documents"),
    ],
)
def test_what_cannot_replace_a_document_is_refused(
    coded: Shell, words: tuple[str, ...], code: int, says: str
) -> None:
    long = "a long answer to an open question"
    coded.file("survey.csv", f"id,answer\n1,One {long}\n2,Another {long}\n")
    result = coded.run("import", "s.qualcode", *words)
    assert (result.exit_code, says in result.stderr) == (code, True)
    assert excerpts(coded) == ["said her name", "for a bed", "Nobody called"]
