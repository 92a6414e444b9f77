"""No known name leaves: every command that shows or writes something, in every format.

A name that occurs in a text, a label, a memo, a code's example, an attribute, a title and a file
name is redacted; then everything is asked for and looked through.
"""

from __future__ import annotations

import io
import re
import zipfile
from html import unescape
from pathlib import Path

import pytest

import qualcode
from qualcode.model import Span
from qualcode.text.names import Name, Suggestion, find
from tests.cli.conftest import Shell

NAME = "Zephyrine Quillon"
LAST = "Quillon"
BOOK = f"""codebook: harbour
codes:
  - code: warm_handoff
    brief: Passed on in person, as {LAST} says.
    example: ["{LAST} walked over"]
    key: "1"
"""
TEXT = f"""Fictional interview, made up for tests.

INT: How did they meet you?

{LAST}: I am {NAME}. She asked, Will you come? I said I will.

INT: Will told me about {LAST}'s list.

{LAST}: They put me on it.
"""
ACCEPTED = ("--accept", "name", "--reason", "invented")
REPORTS = (
    ("documents", "s.qualcode"),
    ("participants", "list", "s.qualcode"),
    ("codebook", "show", "s.qualcode"),
    ("codings", "export", "s.qualcode"),
    ("excerpts", "s.qualcode", "--coder", "ana"),
    ("themes", "frequency", "s.qualcode", "--include-unfinished", "--by", "contact"),
    ("history", "s.qualcode"),
)


@pytest.fixture
def named(shell: Shell) -> Shell:
    """``s.qualcode``, in which the name is everywhere and nothing is decided."""
    shell.file("book.yaml", BOOK)
    shell.file(f"{LAST}-interview.txt", TEXT)
    shell.file("p.csv", f"participant,speaker,contact\nP1,{LAST},ask {LAST}\n")
    shell.ok("init", "s", "--coder", "ana", "--codebook", "book.yaml", "--title", f"Of {LAST}")
    shell.ok("import", "s.qualcode", f"{LAST}-interview.txt", "--attribute", f"who={LAST}")
    shell.ok("participants", "import", "s.qualcode", "p.csv")
    with qualcode.open(shell.folder / "s.qualcode", coder="ana") as project:
        ana = project.coders.named("ana")
        document = project.documents.list()[0]
        text = project.documents.text(document.id)
        at = text.index("She asked")
        coding = project.codings.apply(
            document.id,
            Span(text.index(NAME), at + len("She asked")),
            project.codebook.codes()[0].id,
            by=ana,
        )
        project.memos.write(f"Is {LAST} the one?", by=ana, coding_id=coding.id)
    return shell


@pytest.fixture
def redacted(named: Shell) -> Shell:
    """The same with every occurrence of the name and of "Will" suggested; the word rejected."""
    with qualcode.open(named.folder / "s.qualcode", coder="ana") as project:
        ana = project.coders.named("ana")
        document = project.documents.list()[0]
        text = project.documents.text(document.id)
        names = [Name(NAME, "person", "[P1]"), Name(LAST, "person", "[P1]")]
        found = find(text, [*names, Name("Will", "person", "[P2]")])
        project.redactions.suggest(
            [Suggestion(document.id, one.span, one.label, one.kind) for one in found], by=ana
        )
        word = text.index("Will you")
        stored = project.redactions.list()
        project.redactions.decide(
            [one.id for one in stored if one.span.start != word], "accepted", by=ana
        )
        project.redactions.decide(
            [one.id for one in stored if one.span.start == word], "rejected", by=ana
        )
    return named


def words_in(path: Path) -> str:
    """All that a file says, its name included, wherever in the file it stands."""
    data = path.read_bytes()
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return path.name + data.decode()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = [archive.read(name).decode(errors="replace") for name in archive.namelist()]
    return path.name + "\n".join(unescape(re.sub(r"<[^>]*>", "", p)) + p for p in parts)


@pytest.mark.parametrize("command", REPORTS, ids=" ".join)
def test_before_anything_is_decided_the_name_shows(named: Shell, command: tuple[str, ...]) -> None:
    """The control: where the name were absent anyway, the other tests would prove nothing."""
    assert LAST in named.ok(*command, "--json")


@pytest.mark.parametrize("command", REPORTS, ids=" ".join)
def test_no_report_shows_a_redacted_name(redacted: Shell, command: tuple[str, ...]) -> None:
    result = redacted.run(*command)
    assert result.exit_code == 0
    assert LAST not in result.output
    assert LAST not in redacted.ok(*command, "--json")
    assert "[P1]" in redacted.ok(*command, "--json")
    for ending in ("csv", "xlsx", "json", "html"):
        redacted.ok(*command, "--out", f"o.{ending}", "--force")
        assert LAST not in words_in(redacted.folder / f"o.{ending}"), ending


def test_no_part_of_a_word_report_holds_a_redacted_name(redacted: Shell) -> None:
    redacted.ok("export", "word", "s.qualcode", "r.docx", "--include-unfinished")
    words = words_in(redacted.folder / "r.docx")
    assert LAST not in words
    assert "Zephyrine" not in words
    assert "[P1]" in words
    assert "De-identified: 5 redactions in 1 document" in words


def test_no_part_of_a_refi_project_holds_a_redacted_name(redacted: Shell) -> None:
    redacted.ok("export", "qdpx", "s.qualcode", "p.qdpx")
    redacted.ok("export", "qdc", "s.qualcode", "c.qdc")
    redacted.ok("codebook", "export", "s.qualcode", "b.yaml")
    for name in ("p.qdpx", "p.qdpx.losses.csv", "c.qdc", "b.yaml"):
        words = words_in(redacted.folder / name)
        assert LAST not in words, name
        assert "Zephyrine" not in words, name


def test_a_list_of_losses_that_is_there_is_replaced_only_by_force(named: Shell) -> None:
    mine = named.folder / "p.qdpx.losses.csv"
    mine.write_text("mine")
    refused = named.run("export", "qdpx", "s.qualcode", "p.qdpx")
    assert refused.exit_code == 1
    assert "p.qdpx.losses.csv exists already" in refused.stderr
    assert mine.read_text() == "mine"
    assert not (named.folder / "p.qdpx").exists()
    named.ok("export", "qdpx", "s.qualcode", "p.qdpx", "--force", *ACCEPTED)
    assert mine.read_text() != "mine"


def test_the_word_report_of_an_unredacted_project_holds_the_name(named: Shell) -> None:
    named.ok("export", "word", "s.qualcode", "r.docx", "--include-unfinished", *ACCEPTED)
    assert LAST in words_in(named.folder / "r.docx")


def test_a_rejected_word_stays_where_it_is_a_word(redacted: Shell) -> None:
    redacted.ok("export", "word", "s.qualcode", "r.docx", "--include-unfinished")
    words = words_in(redacted.folder / "r.docx")
    assert "Will you come?" in words
    assert "[P2] told me about [P1]'s list." in words


def test_codings_stay_where_they_are_and_a_cut_name_shows_its_whole_label(
    named: Shell, redacted: Shell
) -> None:
    row = redacted.json("codings", "export", "s.qualcode")["rows"][0]
    assert (row["start"], row["stop"]) == (TEXT.index(NAME), TEXT.index("She asked") + 9)
    assert row["excerpt"] == "[P1]. She asked"
    assert row["memo"] == "Is [P1] the one?"


def test_a_name_comes_back_only_for_a_reason_which_is_logged_and_printed(redacted: Shell) -> None:
    answer = redacted.json(
        "excerpts", "s.qualcode", "--coder", "ana", "--identified", "member check"
    )
    assert answer["rows"][0]["text"].startswith(NAME)
    assert answer["provenance"]["identified"] == "member check"
    assert "IDENTIFIED text, on request: member check" in answer["notes"]
    assert "identified export" in redacted.ok("history", "s.qualcode")
    assert redacted.run("excerpts", "s.qualcode", "--identified", " ").exit_code == 2
    redacted.ok("export", "word", "s.qualcode", "r.docx", "--include-unfinished", "--identified",
                "member check")  # fmt: skip
    assert "IDENTIFIED text, on request: member check" in words_in(redacted.folder / "r.docx")


def test_undoing_the_decision_brings_the_names_back(redacted: Shell) -> None:
    redacted.ok("undo", "s.qualcode")
    redacted.ok("undo", "s.qualcode")
    assert LAST in redacted.ok("excerpts", "s.qualcode", "--coder", "ana", "--json")


def test_the_status_says_what_is_redacted_and_what_waits(named: Shell, redacted: Shell) -> None:
    rows = {row["step"]: row for row in redacted.json("status", "s.qualcode")["rows"]}
    assert (rows["names"]["done"], rows["names"]["detail"]) == (True, "5 redactions")
    redacted.ok("undo", "s.qualcode")
    rows = {row["step"]: row for row in redacted.json("status", "s.qualcode")["rows"]}
    assert (rows["names"]["done"], rows["names"]["detail"]) == (None, "5 redactions, 1 to decide")


def test_the_status_of_an_unredacted_project_says_how_to_begin(named: Shell) -> None:
    rows = {row["step"]: row for row in named.json("status", "s.qualcode")["rows"]}
    assert rows["names"]["done"] is False
    assert "qualcode deid suggest" in rows["names"]["detail"]
