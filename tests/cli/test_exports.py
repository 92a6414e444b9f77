"""``excerpts`` and ``export word`` as they are typed."""

from __future__ import annotations

from docx import Document

from qualcode.formats.cells import read_csv
from tests.cli.conftest import Shell

CODINGS = """document,start,stop,code,coder,round,memo
harbour,0,9,{code},ana,,
"""


def coded(study: Shell) -> Shell:
    """The study with one passage coded by ana."""
    code = study.json("codebook", "show", "s.qualcode")["rows"][0]["code"]
    study.file("codings.csv", CODINGS.format(code=code))
    study.ok("codings", "import", "s.qualcode", "codings.csv")
    return study


def test_excerpts_of_a_coder_go_to_a_table_json_and_csv(study: Shell) -> None:
    shell = coded(study)
    answer = shell.json("excerpts", "s.qualcode", "--coder", "ana")
    assert answer["schema"] == "qualcode.excerpts/1"
    assert [row["text"] for row in answer["rows"]] == ["Fictional"]
    assert "Fictional" in shell.ok("excerpts", "s.qualcode", "--coder", "ana")
    shell.ok("excerpts", "s.qualcode", "--coder", "ana", "--out", "e.csv")
    assert [row["text"] for _, row in read_csv(shell.folder / "e.csv")] == ["Fictional"]


def test_without_a_finished_document_there_are_no_excerpts_to_count(study: Shell) -> None:
    result = coded(study).run("excerpts", "s.qualcode")
    assert result.exit_code == 1
    assert "finish one" in result.stderr


def test_a_word_report_is_written_once_and_replaced_only_by_force(study: Shell) -> None:
    shell = coded(study)
    words = ("export", "word", "s.qualcode", "r.docx", "--include-unfinished")
    shell.ok(*words)
    assert len(list(Document(str(shell.folder / "r.docx")).comments)) == 1
    assert shell.run(*words).exit_code == 1
    shell.ok(*words, "--force")


def test_an_unknown_part_or_ending_is_a_usage_problem(study: Shell) -> None:
    shell = coded(study)
    assert shell.run("export", "word", "s.qualcode", "r.docx", "--what", "x").exit_code == 2
    assert shell.run("export", "word", "s.qualcode", "r.pdf").exit_code == 2
    assert not list(shell.folder.glob("r.*"))
