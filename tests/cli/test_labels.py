"""`qualcode labels`, and the labels of an import."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import pytest

import qualcode
from qualcode.model import Span
from tests.cli.conftest import Shell

TALK = """---
speakers: Carla Mendez
---
**CM:** Can everyone hear me? I hope so.

**Interviewer:** We can.

**Agenda:** Send the list. Call back.

**Interveiwer:** And now?

**Dana Ruiz (DR):** I came late.
"""
NEXT = TALK.replace("Can everyone", "Once more: can everyone")
TABLE = """label,speaker,role,kind,participant
CM,Carla Mendez,other,speaker,P01
Agenda,,,not a speaker,
Interveiwer,Interviewer,,speaker,
Dana Ruiz (DR),DR,,,
"""


@pytest.fixture
def talk(shell: Shell) -> Shell:
    """A project ``s.qualcode`` with the document ``talk``."""
    shell.file("talk.md", TALK)
    shell.file("next.md", NEXT)
    shell.file("table.csv", TABLE)
    shell.ok("init", "s", "--coder", "ana", "--title", "Talk")
    shell.ok("import", "s.qualcode", "talk.md")
    return shell


def rows(shell: Shell, document: str = "talk") -> list[dict[str, object]]:
    found = shell.json("labels", "s.qualcode", document)["rows"]
    assert isinstance(found, list)
    return found


def column(found: Sequence[dict[str, object]], name: str) -> list[object]:
    return [row[name] for row in found]


def test_the_label_table_shows_what_holds_and_what_is_proposed(talk: Shell) -> None:
    found = rows(talk)
    assert found[0] == {
        "label": "CM",
        "speaker": "CM",
        "role": "participant",
        "kind": "speaker",
        "participant": None,
        "turns": 1,
        "proposed": "Carla Mendez",
        "why": "initials of Carla Mendez in the front matter",
    }
    assert column(found, "proposed") == ["Carla Mendez", None, None, None, "DR"]


def test_names_that_look_alike_stand_side_by_side(talk: Shell) -> None:
    line = 'Look alike: "Interviewer" (1 turn) and "Interveiwer" (1 turn).'
    assert line in talk.run("labels", "s.qualcode", "talk").stderr
    assert line in talk.json("labels", "s.qualcode", "talk")["notes"]
    assert line in talk.run("import", "s.qualcode", "next.md").stderr
    preview = talk.json("preview", "talk.md")["files"][0]
    assert preview["near_duplicates"] == [["Interviewer", "Interveiwer"]]
    assert '? "Interviewer" and "Interveiwer" look alike' in talk.ok("preview", "talk.md")


def test_an_edited_table_is_applied_in_one_action(talk: Shell) -> None:
    said = talk.run("labels", "s.qualcode", "talk", "--apply", "table.csv")
    assert said.exit_code == 0
    assert said.stderr == "talk: 4 labels changed, 1 new participant, 1 turn fewer\n"
    found = rows(talk)
    assert column(found, "speaker") == ["Carla Mendez", "Interviewer", "Interviewer", "DR", None]
    assert column(found, "kind")[-1] == "not a speaker"
    assert column(found, "proposed") == [None] * 5
    talk.ok("undo", "s.qualcode")
    assert column(rows(talk), "speaker")[2] == "Agenda"
    talk.ok("check", "s.qualcode")


def test_the_table_written_to_a_file_can_be_applied_as_it_is(talk: Shell) -> None:
    talk.ok("labels", "s.qualcode", "talk", "--apply", "table.csv")
    before = rows(talk)
    talk.ok("labels", "s.qualcode", "talk", "--out", "out.csv")
    said = talk.run("labels", "s.qualcode", "talk", "--apply", "out.csv").stderr
    assert said == "talk: 0 labels changed\n"
    assert rows(talk) == before


def test_labels_the_document_does_not_have_are_told_with_their_line(talk: Shell) -> None:
    talk.file("more.csv", "label,speaker,role,kind\nXX,Nobody,,\nCM,Carla,,\n")
    said = talk.run("labels", "s.qualcode", "talk", "--apply", "more.csv").stderr
    assert 'Not a label of talk, left out: "XX" (line 2)' in said
    assert "1 label changed" in said


def test_a_table_with_problems_changes_nothing(talk: Shell) -> None:
    talk.file("bad.csv", "label,speaker,role,kind\nCM,Carla,boss,\nAgenda,,,nothing\n")
    result = talk.run("labels", "s.qualcode", "talk", "--apply", "bad.csv")
    assert result.exit_code == 1
    assert "bad.csv:2: role is none of participant, moderator, other." in result.stderr
    assert "bad.csv:3: kind is none of speaker, not a speaker, joint." in result.stderr
    assert column(rows(talk), "speaker")[0] == "CM"


def test_applying_and_asking_for_the_table_is_a_usage_problem(talk: Shell) -> None:
    assert talk.run("labels", "s.qualcode", "talk", "--apply", "table.csv", "--json").exit_code == 2


def test_an_unknown_document_is_exit_code_two(talk: Shell) -> None:
    assert talk.run("labels", "s.qualcode", "nothing").exit_code == 2


def test_an_import_begins_with_earlier_decisions_and_says_so_in_one_line(talk: Shell) -> None:
    talk.ok("labels", "s.qualcode", "talk", "--apply", "table.csv")
    said = talk.run("import", "s.qualcode", "next.md").stderr
    assert (
        "  As decided before: CM is Carla Mendez (other, P01); Interveiwer is Interviewer"
        " (moderator); Dana Ruiz (DR) is DR; Agenda is not a speaker.\n"
    ) in said
    assert column(rows(talk, "next"), "speaker") == column(rows(talk), "speaker")


def test_an_import_proposes_and_applies_nothing(talk: Shell) -> None:
    said = talk.run("import", "s.qualcode", "next.md").stderr
    assert '"Dana Ruiz (DR)" for DR (alias: Dana Ruiz (DR))' in said
    assert "As decided before" not in said
    assert "Dana Ruiz (DR)" in column(rows(talk, "next"), "speaker")


def test_labels_given_with_an_import_go_back_with_it(talk: Shell) -> None:
    said = talk.run("import", "s.qualcode", "next.md", "--labels", "table.csv").stderr
    assert "Proposed" not in said
    assert column(rows(talk, "next"), "speaker")[0] == "Carla Mendez"
    talk.ok("undo", "s.qualcode")
    names = column(talk.json("documents", "s.qualcode")["rows"], "removed")
    assert names == [False, True]


def test_labels_given_with_an_import_that_no_file_has_are_told(talk: Shell) -> None:
    talk.file("more.csv", "label,speaker,role,kind\nXX,Nobody,,\nCM,Carla,,\n")
    said = talk.run("import", "s.qualcode", "next.md", "--labels", "more.csv").stderr
    assert 'Not a label of these files, left out: "XX" (line 2)' in said


def test_a_label_met_before_is_one_though_it_occurs_once(talk: Shell) -> None:
    talk.file("late.txt", "A: Hello.\n\nB: Hi.\n\nA: So.\n\nB: Yes.\n\nCM: I came late.\n")
    talk.ok("import", "s.qualcode", "late.txt")
    assert column(rows(talk, "late"), "label") == ["A", "B", "CM"]


def test_a_label_met_as_no_speaker_is_not_looked_for(talk: Shell) -> None:
    talk.ok("labels", "s.qualcode", "talk", "--apply", "table.csv")
    talk.file("late.txt", "A: Hello.\n\nB: Hi.\n\nA: So.\n\nB: Yes.\n\nAgenda: the bus.\n")
    talk.ok("import", "s.qualcode", "late.txt")
    assert column(rows(talk, "late"), "label") == ["A", "B"]


def test_editing_a_document_finished_in_a_closed_round_says_what_may_change(talk: Shell) -> None:
    with qualcode.open("s.qualcode", coder="ana") as project:
        ana, rounds = project.acting("ana"), project.rounds
        document, opened = project.documents.named("talk"), rounds.open("R1", by=ana)
        rounds.assign(opened.id, [document.id], [ana.id], by=ana)
        rounds.finish(opened.id, document.id, ana.id, by=ana)
        rounds.close(opened.id, by=ana)
    said = talk.run("labels", "s.qualcode", "talk", "--apply", "table.csv").stderr
    assert "talk was finished in a round that is closed (R1): figures counted on its" in said


def test_redacted_names_are_shown_as_labels_and_such_a_table_can_be_applied(talk: Shell) -> None:
    talk.ok("labels", "s.qualcode", "talk", "--apply", "table.csv")
    with qualcode.open("s.qualcode", coder="ana") as project:
        document, ana = project.documents.named("talk"), project.acting("ana")
        text = project.documents.text(document.id)
        for name, label in (("Dana Ruiz", "[P07]"), ("CM", "[P01]")):
            start = text.index(name)
            span = Span(start, start + len(name))
            project.redactions.add(document.id, span, label, "person", by=ana)
    talk.ok("labels", "s.qualcode", "talk", "--out", "out.csv")
    written = (talk.folder / "out.csv").read_text(encoding="utf-8-sig")
    assert "Dana" not in written
    assert next(row["label"] for row in csv.DictReader(io.StringIO(written))) == "[P01]"
    before = talk.json("labels", "s.qualcode", "talk", "--identified", "a test")["rows"]
    said = talk.run("labels", "s.qualcode", "talk", "--apply", "out.csv").stderr
    assert said == "talk: 0 labels changed\n"
    after = talk.json("labels", "s.qualcode", "talk", "--identified", "a test")["rows"]
    assert after == before
    assert column(after, "label")[3] == "Dana Ruiz (DR)"


def test_a_document_without_speakers_says_so(shell: Shell) -> None:
    shell.file("notes.txt", "Nobody speaks here. It goes on.\n\nAnd on.\n")
    shell.ok("init", "s.qualcode", "--title", "Harbour", "--coder", "ana")
    shell.ok("import", "s.qualcode", "notes.txt")
    assert "notes has no speaker labels." in shell.run("labels", "s.qualcode", "notes").stderr
