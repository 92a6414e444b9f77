"""``excerpts`` and ``export word`` as they are typed."""

from __future__ import annotations

from docx import Document
from openpyxl import load_workbook

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


def test_word_and_html_take_the_same_tables_and_name_the_option_that_one_lacks(
    study: Shell,
) -> None:
    shell = coded(study)
    for kind, out in (("word", "r.docx"), ("html", "r.html")):
        words = ("export", kind, "s.qualcode", out, "--include-unfinished")
        assert shell.run(*words, "--by", "nowhere").exit_code == 2
        lacking = shell.run(*words, "--what", "front,evidence", "--site", "site")
        assert lacking.exit_code == 2
        assert "--stakeholder" in lacking.stderr
        assert not (shell.folder / out).exists()


def test_an_html_report_needs_no_other_file_and_is_replaced_only_by_force(study: Shell) -> None:
    shell = coded(study)
    words = ("export", "html", "s.qualcode", "r.html", "--include-unfinished")
    shell.ok(*words)
    page = (shell.folder / "r.html").read_text("utf-8")
    assert "<mark" in page
    assert "qualcode export html" in page
    assert shell.run(*words).exit_code == 1
    shell.ok(*words, "--force")
    assert shell.run("export", "html", "s.qualcode", "r.pdf").exit_code == 2


def test_the_page_prints_the_question_before_a_quote_where_it_is_asked_for(study: Shell) -> None:
    study.ok("search", "s.qualcode", "walked over", "--apply", "housing", "--yes")
    words = ("export", "html", "s.qualcode", "r.html", "--include-unfinished", "--what", "excerpts")
    question = "How did they meet you?"
    study.ok(*words)
    assert question not in (study.folder / "r.html").read_text("utf-8")
    study.ok(*words, "--force", "--context", "1")
    page = (study.folder / "r.html").read_text("utf-8")
    assert question in page
    assert "--context 1" in page


def test_a_workbook_has_a_sheet_for_every_table_of_the_project(study: Shell) -> None:
    shell = coded(study)
    words = ("export", "xlsx", "s.qualcode", "t.xlsx", "--include-unfinished")
    said = shell.run(*words).stderr
    assert "codings (1)" in said
    book = load_workbook(shell.folder / "t.xlsx")
    assert book.sheetnames == [
        "frequency", "excerpts", "codings", "agreement", "documents", "participants", "codebook",
        "Notes",
    ]  # fmt: skip
    assert book["documents"]["A2"].value == "harbour"
    assert {row[0] for row in book["Notes"].iter_rows(values_only=True)} == set(book.sheetnames[:7])
    assert shell.run(*words).exit_code == 1
    shell.ok(*words, "--force")
    assert shell.run("export", "xlsx", "s.qualcode", "t.csv").exit_code == 2


def test_a_workbook_without_small_counts_lists_nobody_in_whom_they_could_be_counted(
    study: Shell,
) -> None:
    shell = coded(study)
    shell.ok("search", "s.qualcode", "a bed", "--apply", "housing", "--yes")
    words = ("export", "xlsx", "s.qualcode", "t.xlsx", "--include-unfinished")
    assert "fewer than 3 participants: --suppress hides them" in shell.run(*words).stderr
    said = shell.run(*words, "--force", "--suppress").stderr
    assert "--suppress hides them" not in said
    book = load_workbook(shell.folder / "t.xlsx")
    assert book.sheetnames == ["frequency", "agreement", "documents", "codebook", "Notes"]
    head, *rows = book["frequency"].iter_rows(values_only=True)
    told = {row[head.index("code")]: row[head.index("participants")] for row in rows}
    assert told["housing"] == "<3"
    notes = [str(note[2]) for note in book["Notes"].iter_rows(values_only=True)]
    assert "Left out of this workbook: excerpts, codings and participants" in " ".join(notes)


def test_without_a_finished_document_no_workbook_of_zeros_is_written(study: Shell) -> None:
    result = coded(study).run("export", "xlsx", "s.qualcode", "t.xlsx")
    assert result.exit_code == 1
    assert "finish one" in result.stderr
    assert not (study.folder / "t.xlsx").exists()


def test_while_a_round_is_blind_the_workbook_says_why_there_is_no_agreement(study: Shell) -> None:
    shell = coded(study)
    shell.ok("codebook", "freeze", "s.qualcode", "v1")
    shell.ok("round", "open", "s.qualcode", "r1", "--codebook", "v1")
    shell.ok("round", "assign", "s.qualcode", "r1", "--to", "ana", "--to", "ben")
    shell.ok("export", "xlsx", "s.qualcode", "t.xlsx", "--include-unfinished")
    notes = load_workbook(shell.folder / "t.xlsx")["Notes"].iter_rows(values_only=True)
    assert any("No agreement is reported" in str(note[2]) for note in notes)


def test_a_query_is_typed_as_one_word_and_goes_with_the_options(study: Shell) -> None:
    shell = coded(study)
    words = ("excerpts", "s.qualcode", '"walked over" OR /bed\\b/', "--include-unfinished")
    rows = shell.json(*words)["rows"]
    assert [row["turns"] for row in rows] == ["2", "3"]
    assert rows[0]["context_before"] == "Moderator: How did they meet you?"
    assert shell.json(*words, "--context", "0")["rows"][0]["context_before"] is None
    answer = shell.json(*words, "--limit", "1", "--balance", "speaker")
    assert len(answer["rows"]) == 1
    assert answer["provenance"]["concentration"]["quotes"] == 1
    assert (
        len(shell.json("excerpts", "s.qualcode", "--coder", "ana", "--code", "housing")["rows"])
        <= 1
    )


def test_a_query_that_is_wrong_points_at_its_column(study: Shell) -> None:
    result = study.run("excerpts", "s.qualcode", "housing AND warm_hndoff", "--coder", "ana")
    assert (result.exit_code, result.stdout) == (2, "")
    first, line, caret = result.stderr.splitlines()
    assert first == 'qualcode: Column 13: there is no code "warm_hndoff"; near: warm_handoff.'
    assert line == "  housing AND warm_hndoff"
    assert caret == "  " + " " * 12 + "^"
    assert study.run("excerpts", "s.qualcode", "site=N AND", "--coder", "ana").exit_code == 2
    assert (
        study.run("excerpts", "s.qualcode", "--balance", "speaker", "--coder", "ana").exit_code == 2
    )


def test_the_exact_title_of_a_code_is_that_code(study: Shell) -> None:
    shell = coded(study)
    words = ("--coder", "ana")
    assert shell.json("excerpts", "s.qualcode", "warm handoff", *words)["rows"] == shell.json(
        "excerpts", "s.qualcode", "warm_handoff", *words
    )["rows"]  # fmt: skip
