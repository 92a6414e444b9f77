"""Redacting a project, giving it away, and looking for names that are left."""

from __future__ import annotations

import csv
import json
import zipfile
from pathlib import Path

import pytest
from docx import Document

import qualcode
from qualcode.store.check import check
from tests.cli.conftest import Shell

CANARY = "Zephyrine Quill"
WORDS = f"""Fictional interview, made up for tests.

Moderator: How did they meet you?

{CANARY}: Zephyrine
Quill is me. Call 555-0142. Quill will do.

P2: {CANARY} walked me over. Nobody called. Quill nodded.
"""
BOOK = """codebook: harbour
codes:
  - code: warm_handoff
    brief: Passed on in person.
    example:
      - Zephyrine walked me over.
"""


@pytest.fixture
def named(shell: Shell) -> Shell:
    """A project ``s.qualcode`` with the canary in text, label, memo, code, attribute and name."""
    shell.file("book.yaml", BOOK)
    shell.file("Quill_interview.txt", WORDS)
    shell.file("people.csv", f"participant,speaker,site\nP07,{CANARY},Quill House\n")
    shell.ok("init", "s", "--coder", "ana", "--codebook", "book.yaml", "--title", "Quill study")
    shell.ok("import", "s.qualcode", "Quill_interview.txt", "--kind", "interview")
    shell.ok("participants", "import", "s.qualcode", "people.csv")
    with qualcode.open("s.qualcode", "ana") as project:
        ana = project.coders.named("ana")
        (document,) = project.documents.list()
        text = project.documents.text(document.id)
        code = project.codebook.named("warm_handoff").id
        at = text.index("Quill walked")
        span = qualcode.model.Span(at, text.index(" over") + 5)
        coding = project.codings.apply(document.id, span, code, by=ana)
        project.memos.write("Zephyrine again", by=ana, coding_id=coding.id)
        project.codebook.freeze("v1", by=ana)
    return shell


@pytest.fixture
def redacted(named: Shell) -> Shell:
    named.ok("deid", "suggest", "s.qualcode", "--no-entities")
    named.ok("deid", "apply", "s.qualcode", "--all")
    return named


def rows(shell: Shell) -> list[dict[str, object]]:
    found: list[dict[str, object]] = shell.json("deid", "list", "s.qualcode")["rows"]
    return found


def test_suggestions_come_from_participants_and_by_form(named: Shell) -> None:
    named.ok("deid", "suggest", "s.qualcode", "--no-entities")
    assert [(row["name"], row["label"], row["status"]) for row in rows(named)] == [
        (CANARY, "[P07]", "suggested"),
        (CANARY, "[P07]", "suggested"),
        ("555-0142", "[phone]", "suggested"),
        ("Quill", "[P07]", "suggested"),
        (CANARY, "[P07]", "suggested"),
        ("Quill", "[P07]", "suggested"),
    ]


def test_suggesting_twice_suggests_nothing_new(named: Shell) -> None:
    named.ok("deid", "suggest", "s.qualcode", "--no-entities")
    again = named.run("deid", "suggest", "s.qualcode", "--no-entities")
    assert "0 new suggestions" in again.output
    assert len(rows(named)) == 6


def test_kinds_are_accepted_and_rejected_in_one_undo(named: Shell) -> None:
    named.ok("deid", "suggest", "s.qualcode", "--no-entities")
    named.ok("deid", "apply", "s.qualcode", "--accept", "KIND=person", "--reject", "kind=phone")
    assert [row["status"] for row in rows(named)].count("accepted") == 5
    named.ok("undo", "s.qualcode")
    assert {row["status"] for row in rows(named)} == {"suggested"}


def test_a_reviewed_table_decides_and_relabels(named: Shell) -> None:
    named.ok("deid", "suggest", "s.qualcode", "--no-entities")
    named.ok("deid", "list", "s.qualcode", "--out", "review.csv")
    with Path("review.csv").open(encoding="utf-8") as file:
        table = list(csv.DictReader(file))
    for row in table:
        row["status"] = "rejected" if row["name"] == "Quill" else "accepted"
        row["label"] = "[Z]" if row["kind"] == "person" else row["label"]
    with Path("review.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(table[0]))
        writer.writeheader()
        writer.writerows(table)
    named.ok("deid", "apply", "s.qualcode", "--review", "review.csv")
    decided = [(row["status"], row["label"]) for row in rows(named)]
    assert decided.count(("accepted", "[Z]")) == 3
    assert ("rejected", "[Z]") in decided


def test_an_unknown_redaction_is_a_usage_error(named: Shell) -> None:
    assert named.run("deid", "apply", "s.qualcode", "--accept", "nothing").exit_code == 2
    assert named.run("deid", "apply", "s.qualcode").exit_code == 2


def test_nothing_is_baked_before_something_is_accepted(named: Shell) -> None:
    result = named.run("deid", "bake", "s.qualcode", "out.qualcode")
    assert result.exit_code == 1
    assert not Path("out.qualcode").exists()


def test_a_baked_project_holds_no_canary_and_passes_its_check(redacted: Shell) -> None:
    said = redacted.run("deid", "bake", "s.qualcode", "out.qualcode").output
    raw = Path("out.qualcode").read_bytes()
    assert b"Zephyrine" in Path("s.qualcode").read_bytes()  # else the next lines prove nothing
    assert b"Zephyrine" not in raw
    assert b"Quill" not in raw
    assert b"555-0142" not in raw
    assert all(result.ok for result in check("out.qualcode"))
    assert "NOT encrypted" in said
    assert Path("out.qualcode").stat().st_mode & 0o777 == 0o600


def test_the_key_lies_beside_and_opens_the_check(redacted: Shell) -> None:
    redacted.ok("deid", "bake", "s.qualcode", "out.qualcode")
    key = Path("out.qualcode.qckey")
    assert key.stat().st_mode & 0o777 == 0o600
    assert json.loads(key.read_text(encoding="utf-8"))["names"][CANARY] == "[P07]"
    assert redacted.run("deid", "check", "out.qualcode", "--key", key).exit_code == 0
    assert redacted.run("deid", "check", "s.qualcode", "--key", key).exit_code == 3


def test_a_file_that_is_there_is_not_baked_over(redacted: Shell) -> None:
    redacted.file("out.qualcode", "mine")
    assert redacted.run("deid", "bake", "s.qualcode", "out.qualcode").exit_code == 1
    assert Path("out.qualcode").read_text(encoding="utf-8") == "mine"
    redacted.ok("deid", "bake", "s.qualcode", "out.qualcode", "--force")


def docx(path: Path) -> Path:
    """A report with the name split over runs, in a comment and in the properties."""
    document = Document()
    paragraph = document.add_paragraph()
    runs = [paragraph.add_run(part) for part in ("Zeph", "yrine ", "Qui", "ll")]
    document.add_comment(runs, text="Quill said so", author="x")
    document.core_properties.title = "About Quill"
    document.save(str(path))
    return path


def test_names_are_found_in_runs_comments_and_properties(shell: Shell) -> None:
    shell.file("names.txt", f"{CANARY}\nQuill\n")
    docx(shell.folder / "report.docx")
    result = shell.run("deid", "check", "report.docx", "--names", "names.txt", "--json")
    assert result.exit_code == 3
    places = {str(row["place"]).split(",")[0] for row in json.loads(result.stdout)["rows"]}
    assert places == {"word/document.xml", "word/comments.xml", "docProps/core.xml"}


def test_the_name_itself_is_printed_only_when_asked_for(shell: Shell) -> None:
    shell.file("names.txt", "Quill\n")
    shell.file("notes.txt", "one\nQuill came\n")
    result = shell.run("deid", "check", "notes.txt", "--names", "names.txt")
    assert result.exit_code == 3
    assert "line 2" in result.output
    assert "Quill" not in result.output
    assert "Quill" in shell.run(
        "deid", "check", "notes.txt", "--names", "names.txt", "--show").output  # fmt: skip


def test_a_name_in_the_name_of_a_file_is_found(shell: Shell) -> None:
    shell.file("names.txt", "Quill\n")
    shell.file("Quill_report.md", "nothing here\n")
    assert shell.run("deid", "check", "Quill_report.md", "--names", "names.txt").exit_code == 3


def test_part_of_a_word_is_no_name(shell: Shell) -> None:
    shell.file("names.txt", "Al\n")
    shell.file("notes.txt", "Also Ali\n")
    assert shell.run("deid", "check", "notes.txt", "--names", "names.txt").exit_code == 0


def test_what_cannot_be_looked_into_is_said(shell: Shell) -> None:
    shell.file("names.txt", "Quill\n")
    (shell.folder / "x.bin").write_bytes(b"\x00\x01\x02")
    assert shell.run("deid", "check", "x.bin", "--names", "names.txt").exit_code == 1


def test_a_check_without_names_is_a_usage_error(shell: Shell) -> None:
    shell.file("notes.txt", "words\n")
    assert shell.run("deid", "check", "notes.txt").exit_code == 2


def test_a_word_that_a_person_rejected_is_excused_where_it_stood(named: Shell) -> None:
    named.ok("deid", "suggest", "s.qualcode", "--no-entities")
    word = next(str(row["redaction_id"]) for row in rows(named) if row["name"] == "Quill")
    named.ok("deid", "apply", "s.qualcode", "--all", "--reject", word)
    named.file("quote.txt", "Call [phone]. Quill will do.\n")
    named.file("leak.txt", "It was Quill who came.\n")
    assert named.run("deid", "check", "quote.txt", "--project", "s.qualcode").exit_code == 0
    assert named.run("deid", "check", "leak.txt", "--project", "s.qualcode").exit_code == 3


def test_every_part_of_an_archive_is_looked_into(shell: Shell) -> None:
    shell.file("names.txt", "Quill\n")
    with zipfile.ZipFile("x.odt", "w") as archive:
        archive.writestr("content.xml", "<a>nothing</a>")
        archive.writestr("meta.xml", "<m><creator>Quill</creator></m>")
    assert shell.run("deid", "check", "x.odt", "--names", "names.txt").exit_code == 3
