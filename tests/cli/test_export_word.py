"""``export word``: templates, brackets, and what the last page says was typed."""

from __future__ import annotations

from pathlib import Path

from docx import Document

from tests.cli.conftest import Shell
from tests.cli.test_exports import coded

WORDS = ("export", "word", "s.qualcode")


def facts(path: Path) -> dict[str, str]:
    """What the last page says."""
    rows = Document(str(path)).tables[-1].rows
    return {row.cells[0].text: row.cells[1].text for row in rows}


def test_a_template_is_written_and_its_look_taken_on(study: Shell) -> None:
    shell = coded(study)
    shell.ok("export", "word", "--write-template", "house.docx")
    start = Document(str(shell.folder / "house.docx"))
    start.styles["Heading 1"].font.name = "Georgia"
    start.save(str(shell.folder / "house.docx"))
    shell.ok(*WORDS, "r.docx", "--include-unfinished", "--template", "house.docx")
    made = Document(str(shell.folder / "r.docx"))
    assert made.styles["Heading 1"].font.name == "Georgia"
    assert shell.run("export", "word", "--write-template", "house.docx").exit_code == 1


def test_what_is_no_template_is_an_error_and_the_report_of_before_stays(study: Shell) -> None:
    shell = coded(study)
    shell.file("house.docx", "Dear all")
    shell.file("r.docx", "before")
    result = shell.run(
        *WORDS, "r.docx", "--include-unfinished", "--force", "--template", "house.docx"
    )
    assert result.exit_code == 1
    assert "house.docx is not a Word file" in result.stderr
    assert (shell.folder / "r.docx").read_text() == "before"


def test_the_last_page_and_the_properties_say_what_was_typed_but_not_where(study: Shell) -> None:
    shell = coded(study)
    (shell.folder / "elsewhere").mkdir()
    words = ("--include-unfinished", "--context", "1", "--marks", "brackets")
    shell.ok(*WORDS, "r.docx", *words)
    shell.ok(*WORDS, "elsewhere/s.docx", "--force", *words)
    said = facts(shell.folder / "r.docx")
    assert said["Command"] == (
        "qualcode export word PROJECT OUT --context 1 --include-unfinished --marks brackets"
    )
    properties = Document(str(shell.folder / "r.docx")).core_properties.comments
    for name in ("Project digest", "Heads of the log", "Codebook versions", "Whose codings",
                 "Command", "Made with"):  # fmt: skip
        assert name in properties
    assert said["Project digest (SHA-256)"] in properties
    files = [shell.folder / "r.docx", shell.folder / "elsewhere" / "s.docx"]
    assert files[0].read_bytes() == files[1].read_bytes()


def test_brackets_come_without_comments(study: Shell) -> None:
    shell = coded(study)
    shell.ok(*WORDS, "r.docx", "--include-unfinished", "--marks", "brackets")
    document = Document(str(shell.folder / "r.docx"))
    assert not list(document.comments)
    assert any("[1 Fictional 1]" in p.text for p in document.paragraphs)
    result = shell.run(*WORDS, "s.docx", "--include-unfinished", "--marks", "colour")
    assert result.exit_code == 2


def test_without_a_project_or_a_file_the_command_says_what_it_needs(study: Shell) -> None:
    result = study.run(*WORDS)
    assert result.exit_code == 2
    assert "OUT.docx" in result.stderr
