"""``qualcode purge``: what it shows, whom it asks, and that figures stay."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from qualcode.cli import cli
from qualcode.cli import purge as command
from tests.cli.conftest import TRANSCRIPT, Shell

WHY = ("--reason", "consent withdrawn")
SAID = "She walked over and said her name."


@pytest.fixture
def coded(study: Shell) -> Shell:
    """The study with a participant, codings of two coders in a closed round, and a backup."""
    study.file("people.csv", "id,speaker,job\nP-09,P1,sailor\n")
    study.ok("participants", "import", "s.qualcode", "people.csv")
    start = TRANSCRIPT.index("walked over")
    spans = {"ana": (start, start + 11), "ben": (start + 4, start + 20)}
    rows = [f"harbour,{a},{b},warm_handoff,{who},r1\n" for who, (a, b) in spans.items()]
    study.file("codings.csv", "document,start,stop,code,coder,round\n" + "".join(rows))
    study.file(
        "assignments.csv",
        "round,purpose,codebook_version,blind,state,document,coder,finished\n"
        "r1,reliability,,yes,closed,harbour,ana,2026-11-01\n"
        "r1,reliability,,yes,closed,harbour,ben,2026-11-01\n",
    )
    study.ok("codings", "import", "s.qualcode", "codings.csv", "--assignments", "assignments.csv")
    study.ok("backup", "s.qualcode", "old.qualcode")
    return study


def answering(typed: str, *words: str) -> Result:
    return CliRunner().invoke(cli, ["purge", "s.qualcode", *words], input=f"{typed}\n")


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody sits at the terminal."""
    monkeypatch.setattr(command, "_on_terminal", lambda: True)


def test_a_dry_run_shows_counts_and_copies_but_no_words_and_changes_nothing(coded: Shell) -> None:
    before = (coded.folder / "s.qualcode").read_bytes()
    result = coded.run("purge", "s.qualcode", "--participant", "P-09", "--dry-run")
    assert result.exit_code == 0
    assert "harbour" in result.stdout
    assert "1 speaker, 1 label, 1 attribute value" in result.stderr
    assert "old.qualcode (--backups deletes it)" in result.stderr
    assert "harbour.txt (yours to delete)" in result.stderr
    assert "Undo, removing a document and redacting a name delete nothing" in result.stderr
    assert "walked" not in result.output
    assert (coded.folder / "s.qualcode").read_bytes() == before


def test_figures_of_agreement_are_the_same_after_a_purge(coded: Shell) -> None:
    def figures() -> object:
        answer = coded.json("agreement", "s.qualcode")
        return answer["rows"], answer["data"]["units"], answer["data"]["documents"]

    before = figures()
    coded.ok("purge", "s.qualcode", "--participant", "P-09", *WHY, "--yes")
    assert figures() == before
    assert SAID not in coded.ok("excerpts", "s.qualcode")
    coded.ok("check", "s.qualcode")


def test_without_a_terminal_it_wants_yes(coded: Shell) -> None:
    result = coded.run("purge", "s.qualcode", "--document", "harbour", *WHY)
    assert result.exit_code == 2
    assert "--yes" in result.stderr
    assert SAID.encode() in (coded.folder / "s.qualcode").read_bytes()


@pytest.mark.usefixtures("watched")
def test_it_asks_for_the_name_and_takes_no_other(coded: Shell) -> None:
    result = answering("yes", "--document", "harbour", *WHY)
    assert result.exit_code == 1
    assert "nothing was purged" in result.stderr
    assert SAID.encode() in (coded.folder / "s.qualcode").read_bytes()
    result = answering("harbour", "--document", "harbour", *WHY)
    assert result.exit_code == 0, result.stderr
    assert SAID.encode() not in (coded.folder / "s.qualcode").read_bytes()


def test_copies_are_deleted_only_on_request_and_transcripts_never(coded: Shell) -> None:
    coded.ok("purge", "s.qualcode", "--document", "harbour", *WHY, "--yes")
    assert (coded.folder / "old.qualcode").exists()
    coded.ok("purge", "s.qualcode", "--document", "harbour", *WHY, "--yes", "--backups")
    assert not (coded.folder / "old.qualcode").exists()
    assert (coded.folder / "harbour.txt").exists()
    result = coded.run("purge", "s.qualcode", "--document", "harbour", *WHY, "--yes", "--backups")
    assert result.exit_code == 1
    assert "Nothing of it is left" in result.stderr


def test_json_tells_what_went(coded: Shell) -> None:
    answer = json.loads(
        coded.ok(
            "purge", "s.qualcode", "--document", "harbour", "--turn", "2", *WHY, "--yes", "--json"
        )
    )
    assert answer["schema"] == "qualcode.purge/1"
    assert (answer["purged"], answer["finished"], answer["deleted"]) == (True, True, [])
    assert [(d["name"], d["whole"], d["turns"]) for d in answer["documents"]] == [
        ("harbour", False, 1)
    ]
    assert {Path(c["path"]).name: c["what"] for c in answer["copies"]} == {
        "old.qualcode": "copy",
        "harbour.txt": "transcript",
    }


@pytest.mark.parametrize(
    "words",
    [
        ("--document", "none", *WHY),
        ("--participant", "none", *WHY),
        ("--document", "harbour", "--turn", "9", *WHY),
        ("--document", "harbour"),
        ("--turn", "1", "--participant", "P-09", *WHY),
        WHY,
        ("--finish", "--document", "harbour"),
    ],
)
def test_what_cannot_be_meant_is_a_usage_error(coded: Shell, words: tuple[str, ...]) -> None:
    result = coded.run("purge", "s.qualcode", *words, "--yes")
    assert (result.exit_code, result.stdout) == (2, "")


def test_finish_says_when_there_is_nothing_to_finish(coded: Shell) -> None:
    result = coded.run("purge", "s.qualcode", "--finish")
    assert (result.exit_code, result.stderr) == (0, "No purge is unfinished.\n")


def test_undo_says_that_a_purge_stays(coded: Shell) -> None:
    coded.ok("purge", "s.qualcode", "--document", "harbour", *WHY, "--yes")
    result = coded.run("undo", "s.qualcode", "--coder", "ana")
    assert result.exit_code == 1
    assert "cannot be taken back" in result.stderr


def test_the_table_that_an_answer_is_a_row_of_is_named(study: Shell) -> None:
    study.file("answers.csv", "id,answer\nR1,She walked over that day.\nR2,Nobody did so.\n")
    study.ok(
        "import", "s.qualcode", "answers.csv", "--as", "survey", "--id", "id", "--text", "answer"
    )
    shown = study.run("purge", "s.qualcode", "--participant", "R1", "--dry-run").stderr
    assert "The table it is a row of:" in shown
    assert "answers.csv (yours to take the row out)" in shown
