"""Many files in one command: what happens to each, and what the command says in the end."""

from __future__ import annotations

import io
import sys

import pytest

from qualcode.cli.output import progress
from tests.cli.conftest import Shell


def documents(study: Shell) -> list[str]:
    """The names of those that are not taken out."""
    rows = study.json("documents", "s.qualcode")["rows"]
    return [row["document"] for row in rows if not row["removed"]]


def test_each_file_is_one_action_so_that_one_undo_takes_one_file_back(study: Shell) -> None:
    study.file("one.txt", "P1: One more.\n\nP1: And another.\n")
    study.file("two.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\nSecond.\n")
    study.ok("import", "s.qualcode", "one.txt", "two.vtt", "--coder", "ana")
    assert documents(study) == ["harbour", "one", "two"]
    study.ok("undo", "s.qualcode", "--coder", "ana")
    assert documents(study) == ["harbour", "one"]


def test_the_list_says_which_documents_are_taken_out(study: Shell) -> None:
    assert "removed" not in study.ok("documents", "s.qualcode")
    study.file("one.txt", "P1: One more.\n\nP1: And another.\n")
    study.ok("import", "s.qualcode", "one.txt", "--coder", "ana")
    study.ok("undo", "s.qualcode", "--coder", "ana")
    shown = study.ok("documents", "s.qualcode").split("\n")
    assert shown[0].rstrip().endswith("removed")
    assert [line.split()[-1] for line in shown[2:4]] == ["no", "yes"]


@pytest.mark.parametrize(
    "option", [("--format", "nonsense"), ("--pattern", "odd"), ("--encoding", "x")]
)
def test_a_slip_of_the_command_is_a_usage_error_and_stores_nothing(
    study: Shell, option: tuple[str, str]
) -> None:
    study.file("one.txt", "P1: One.\n")
    for command in (("preview",), ("preview", "--json"), ("import", "s.qualcode")):
        result = study.run(*command, "one.txt", *option)
        assert result.exit_code == 2
        assert f'"{option[1]}"' in result.stderr
        assert result.stdout == ""
    assert documents(study) == ["harbour"]


def test_a_slip_beside_a_file_that_cannot_be_read_is_an_error_of_that_file(study: Shell) -> None:
    study.file("one.txt", "P1: One.\n")
    study.file("none.txt", "")
    result = study.run("preview", "one.txt", "none.txt", "--pattern", "odd")
    assert result.exit_code == 1
    assert "none.txt: The file is empty." in result.stderr


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_bar_shows_how_far_many_files_have_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", Terminal())
    assert list(progress(["a", "b", "c"], "Reading")) == ["a", "b", "c"]
    assert isinstance(sys.stderr, Terminal)
    assert "Reading" in sys.stderr.getvalue()


def test_no_bar_gets_into_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    assert list(progress(["a", "b"], "Reading")) == ["a", "b"]
    assert isinstance(sys.stderr, io.StringIO)
    assert sys.stderr.getvalue() == ""


def test_the_very_file_again_is_refused_with_the_option_that_allows_it(study: Shell) -> None:
    result = study.run("import", "s.qualcode", "harbour.txt")
    assert result.exit_code == 1
    assert 'already, as "harbour". Use --again to import it once more.' in result.output
    study.ok("import", "s.qualcode", "harbour.txt", "--again")
