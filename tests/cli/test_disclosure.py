"""Nothing leaves that names somebody: the disclosure check, by itself and before every export."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace

import pytest

import qualcode
from qualcode.model import Span
from qualcode.reports.printed import people_passed_on
from tests.cli.conftest import Shell
from tests.cli.test_disclosed import words_in

NAME = "Zephyrine Quillon"
TEXT = """Fictional interview, made up for tests.

INT: How did they meet you?

P1: She walked over. I had never seen her.

P2: They put me on the list for a bed.
"""
BOOK = """codebook: harbour
codes:
  - code: warm_handoff
    brief: Passed on in person.
    key: "1"
"""
EXPORTS = (
    ("export", "word", "s.qualcode", "o.docx", "--include-unfinished"),
    ("export", "html", "s.qualcode", "o.html", "--include-unfinished"),
    ("export", "xlsx", "s.qualcode", "o.xlsx", "--include-unfinished"),
    ("export", "qdpx", "s.qualcode", "o.qdpx"),
    ("excerpts", "s.qualcode", "--coder", "ana", "--out", "o.csv"),
    ("codings", "export", "s.qualcode", "o.csv"),
    ("codings", "export", "s.qualcode", "--out", "o.json"),
)
WORD = EXPORTS[0]
ACCEPT = ("--accept", "name", "--reason", "she wished to be named")


@pytest.fixture
def study(shell: Shell) -> Shell:
    """``s.qualcode``: somebody's name stands in the participants' table, and nowhere else."""
    shell.file("book.yaml", BOOK)
    shell.file("talk.txt", TEXT)
    shell.file("p.csv", f"participant,speaker,site,name\nX1,P1,North,{NAME}\nX2,P2,North,\n")
    shell.ok("init", "s", "--coder", "ana", "--codebook", "book.yaml", "--title", "Harbour")
    shell.ok("import", "s.qualcode", "talk.txt")
    shell.ok("participants", "import", "s.qualcode", "p.csv")
    with qualcode.open(shell.folder / "s.qualcode", coder="ana") as project:
        document = project.documents.list()[0]
        at = project.documents.text(document.id).index("She walked over")
        code = project.codebook.codes()[0].id
        ana = project.coders.named("ana")
        project.codings.apply(document.id, Span(at, at + 15), code, by=ana)
    return shell


def plant(shell: Shell, where: str, words: str) -> None:
    """Write words into one place of the project."""
    path = shell.folder / "s.qualcode"
    with qualcode.open(path, coder="ana") as project:
        ana = project.coders.named("ana")
        document = project.documents.list()[0]
        if where == "memo":
            project.memos.write(words, by=ana, document_id=document.id)
        elif where == "comment":
            project.memos.write(words, by=ana, coding_id=project.codings.list()[0].id)
        elif where == "attribute":
            project.participants.import_table([(2, {"participant": "X2", "met": words})], by=ana)
        elif where == "definition":
            code = project.codebook.codes()[0]
            project.codebook.import_codes([replace(code, brief=words)], by=ana)
    if where == "text":
        shell.file("more.txt", f"INT: Who?\n\nP1: {words}\n")
        shell.ok("import", "s.qualcode", "more.txt")
    elif where == "name of a document":
        shell.file(f"{words}.txt", "INT: Who?\n\nP1: She.\n")
        shell.ok("import", "s.qualcode", f"{words}.txt")
    elif where == "title":
        with sqlite3.connect(path) as db:
            db.execute("UPDATE project SET title = ?", [words])
        db.close()


PLACES = {
    "memo": "talk, memo by ana",
    "comment": "talk, turn 2, comment by ana",
    "title": "title of the project",
    "attribute": "participant X2, attribute met",
    "definition": "code warm_handoff, brief",
    "text": "more, turn 2",
    "name of a document": ", name of the document",
}


@pytest.mark.parametrize("where", PLACES)
def test_a_name_that_was_missed_anywhere_stops_every_export(study: Shell, where: str) -> None:
    plant(study, where, NAME)
    for command in EXPORTS:
        refused = study.run(*command)
        assert refused.exit_code == 3, command
        assert not list(study.folder.glob("o.*"))
        assert PLACES[where] in refused.stderr
        assert "Z…(17)" in refused.stderr
        assert "Quillon" not in refused.output


def test_without_a_name_in_it_everything_leaves(study: Shell) -> None:
    for command in EXPORTS:
        study.ok(*command, "--force")
    for path in study.folder.glob("o.*"):
        assert "Quillon" not in words_in(path), path  # what participants are called stays


@pytest.mark.parametrize("words", ["ZEPHYRINE came", "P1 came on 12 May 2021", "call 555-0142"])
def test_what_only_warns_stops_nothing(study: Shell, words: str) -> None:
    plant(study, "memo", words)
    study.ok(*WORD)
    rows = study.json("disclosure", "s.qualcode")["rows"]
    assert [row["severity"] for row in rows if row["where"] == PLACES["memo"]] == ["warn"]


def test_the_name_of_the_file_is_looked_at_too(study: Shell) -> None:
    out = f"{NAME.replace(' ', '_')}.docx"
    refused = study.run("export", "word", "s.qualcode", out, "--include-unfinished")
    assert refused.exit_code == 3
    assert "name of the file" in refused.stderr
    assert not (study.folder / out).exists()


def test_what_is_there_stays_where_an_export_is_refused(study: Shell) -> None:
    (study.folder / "o.docx").write_text("mine")
    plant(study, "memo", NAME)
    assert study.run(*WORD, "--force").exit_code == 3
    assert (study.folder / "o.docx").read_text() == "mine"


def test_accepting_a_rule_takes_a_reason_and_is_logged_and_printed(study: Shell) -> None:
    plant(study, "comment", NAME)
    assert study.run(*WORD, "--accept", "name").exit_code == 2
    assert study.run(*WORD, "--accept", "date", "--reason", "x").exit_code == 2
    study.ok(*WORD, *ACCEPT)
    assert "accept disclosure" in study.ok("history", "s.qualcode", "--limit", "1")
    said = words_in(study.folder / "o.docx")
    assert "Left in on purpose (name): she wished to be named" in said
    assert NAME in said
    study.ok("excerpts", "s.qualcode", "--coder", "ana", "--out", "o.json", *ACCEPT)
    written = json.loads((study.folder / "o.json").read_text())
    assert written["provenance"]["accepted"] == {"name": "she wished to be named"}
    assert study.run(*WORD, "--force").exit_code == 3  # it holds for one export


def test_asking_for_identified_text_accepts_the_names(study: Shell) -> None:
    plant(study, "memo", NAME)
    study.ok(*WORD, "--identified", "member check")


def test_a_name_decided_to_be_a_word_is_none_there(study: Shell) -> None:
    plant(study, "text", "Quillon is a feather, too.")
    assert study.run(*WORD).exit_code == 3
    study.ok("deid", "suggest", "s.qualcode", "--no-entities")
    study.ok("deid", "apply", "s.qualcode", "--reject", "NAME=Quillon")
    study.ok(*WORD)


def test_disclosure_lists_every_place_masked_and_what_no_rule_finds(study: Shell) -> None:
    plant(study, "memo", f"{NAME}, {NAME} and mentor")
    found = study.run("disclosure", "s.qualcode")
    assert found.exit_code == 3
    assert "Quillon" not in found.output
    assert "--fresh-ids" in found.stderr
    refused = study.run("disclosure", "s.qualcode", "--json")
    answer = json.loads(refused.stdout)
    assert refused.exit_code == 3
    assert answer["columns"] == ["rule", "severity", "where", "text", "n", "how"]
    assert answer["rows"][0] == {
        "rule": "name", "severity": "fail", "where": "talk, memo by ana", "text": "Z…(17)", "n": 2,
        "how": "participants and roster",
    }  # fmt: skip


def test_names_of_a_list_are_looked_for(study: Shell) -> None:
    plant(study, "memo", "Ask Mirth.")
    study.file("names.csv", "name,kind,label\nMirth,person,[P9]\n")
    assert study.run("disclosure", "s.qualcode").exit_code == 0
    named = study.run("disclosure", "s.qualcode", "--names", "names.csv", "--json")
    assert named.exit_code == 3
    assert json.loads(named.stdout)["rows"][0]["how"] == "list of names"


def test_the_telling_part_is_left_out_unless_the_attribution_asks_for_it(study: Shell) -> None:
    study.file("q.csv", "participant,stakeholder_role\nX1,captain\nX2,officer\n")
    study.ok("participants", "import", "s.qualcode", "q.csv")
    words = ("disclosure", "s.qualcode", "--at-least", "2", "--keep", "--coder", "ana")
    study.ok(*words)
    study.ok(*WORD)
    said = words_in(study.folder / "o.docx")
    assert "X1, North" in said
    assert "captain" not in said
    asked = study.run(*WORD, "--force", "--attribution", "{participant}, {role}")
    assert asked.exit_code == 3
    assert "--attribution asks for stakeholder_role" in asked.stderr
    study.ok(*WORD, "--force", "--attribution", "{participant}, {site}")  # enough are at North
    accepted = ("--accept", "small-cell", "--reason", "they agreed")
    study.ok(*WORD, "--force", "--attribution", "{participant}, {role}", *accepted)
    assert "X1, captain" in words_in(study.folder / "o.docx")
    study.ok("excerpts", "s.qualcode", "--coder", "ana", "--out", "o.csv")
    assert "captain" not in (study.folder / "o.csv").read_text()
    assert "captain" in study.ok("excerpts", "s.qualcode", "--coder", "ana", "--json")


def test_fresh_ids_replace_the_old_ones_wherever_they_stand(study: Shell) -> None:
    plant(study, "comment", "As X1 said to X2.")
    study.ok(*WORD, "--fresh-ids", "7", "--ids-key", "ids.json")
    ids = json.loads((study.folder / "ids.json").read_text())["ids"]
    assert sorted(ids) == ["X1", "X2"]
    assert set(ids.values()) == {"Q01", "Q02"}  # P1 and P2 are the speakers' own
    said = words_in(study.folder / "o.docx")
    assert f"As {ids['X1']} said to {ids['X2']}." in said
    assert "X1" not in said
    assert "Participants have other ids here than elsewhere." in said
    answer = study.json("excerpts", "s.qualcode", "--coder", "ana", "--fresh-ids", "7")
    assert answer["rows"][0]["participant"] == ids["X1"]
    assert study.json("excerpts", "s.qualcode", "--coder", "ana")["rows"][0]["participant"] == "X1"
    qdpx = ("export", "qdpx", "s.qualcode", "o.qdpx")
    assert study.run(*qdpx, "--fresh-ids", "7").exit_code == 2


def test_fresh_ids_stand_in_labels_and_leave_codings_where_they_are(study: Shell) -> None:
    plant(study, "text", f"I am {NAME}, not X2.")
    study.ok("deid", "suggest", "s.qualcode", "--no-entities")
    study.ok("deid", "apply", "s.qualcode", "--all")
    with qualcode.open(study.folder / "s.qualcode", coder="ana") as project:
        ids = project.renumber(1)
        document = project.documents.named("more")
        text = project.documents.text(document.id)
        rendering = project.layer.rendering(document.id, text)
        assert rendering.text.endswith(f"I am [{ids['X1']}], not {ids['X2']}.\n")
        at = text.index("not")
        assert rendering.cut(Span(at, at + 3)) == "not"
        assert project.layer.words(f"of {NAME}") == f"of [{ids['X1']}]"
        assert project.layer.left_in("X1, Zephyrine") == ["Zephyrine"]


def test_people_in_a_workbook_come_without_their_names_and_what_few_share(study: Shell) -> None:
    study.file("q.csv", "participant,stakeholder_role\nX1,captain\nX2,officer\n")
    study.ok("participants", "import", "s.qualcode", "q.csv")
    with qualcode.open(study.folder / "s.qualcode", coder="ana") as project:
        table = people_passed_on(project)
        assert list(table.columns) == ["participant", "role", "site", "stakeholder_role"]
        assert [row[0] for row in table.rows] == ["X1", "X2"]
        assert table.column("stakeholder_role") == [None, None]
        project.identify("member check", by=project.coders.named("ana"))
        assert people_passed_on(project).column("name")[0] == NAME


def test_a_pattern_that_names_what_is_not_there_is_a_usage_error(study: Shell) -> None:
    told = study.run("disclosure", "s.qualcode", "--attribution", "{participant}, {nope}")
    assert told.exit_code == 2
    assert 'An attribution cannot hold "{nope}". It can hold: ' in told.stderr
