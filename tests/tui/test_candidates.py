"""What is made of a file's labels before it is stored."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from qualcode.model import Coder, Speaker
from qualcode.text.roster import LabelDecision
from qualcode.tui.candidates import (
    Candidate,
    Known,
    candidate,
    joined_by,
    linked,
    renamed,
    turned,
    with_role,
)

ABOUT = Known(
    Coder("c", "ana"),
    frozenset(),
    (),
    {"rosa": Speaker("s", "Rosa", "other", "P09")},
    ["P09"],
    {},
)


def made(tmp_path: Path, text: str, about: Known = ABOUT) -> Candidate:
    path = tmp_path / "talk.txt"
    path.write_text(text, encoding="utf-8")
    one = candidate(path, ())
    one.propose(about)
    return one


@pytest.fixture
def talk(tmp_path: Path) -> Candidate:
    return made(tmp_path, "Ana: One.\n\nBen: Two.\n\nAna: Three.\n\nBen: Four.\n")


def speaks(one: Candidate) -> list[tuple[str, str, str | None]]:
    return [(d.speaker if d.speakers else d.kind, d.role, d.participant) for d in one.decisions]


def test_a_label_names_its_speaker_until_somebody_says_otherwise(talk: Candidate) -> None:
    assert speaks(talk) == [("Ana", "participant", None), ("Ben", "participant", None)]
    assert [row.turns for row in talk.rows()] == [2, 2]


def test_who_is_merged_into_the_roster_has_the_role_and_link_it_knows(talk: Candidate) -> None:
    talk.change(renamed("Ben", "Rosa", ABOUT))
    assert speaks(talk)[1] == ("Rosa", "other", "P09")


def test_a_label_that_gets_another_speaker_loses_the_link_of_the_first(talk: Candidate) -> None:
    talk.change(linked("Ana", "P01"))
    talk.change(joined_by("Ana", ["Cleo"], ABOUT))
    assert speaks(talk)[0] == ("Cleo", "participant", None)


def test_what_is_not_a_speaker_keeps_what_was_decided_about_it(talk: Candidate) -> None:
    talk.change(with_role("Ana", "moderator"))
    talk.change(turned("Ana"))
    assert speaks(talk)[0][0] == "not a speaker"
    talk.change(turned("Ana"))
    assert speaks(talk)[0] == ("Ana", "moderator", None)


def test_a_change_that_changes_nothing_is_nothing_to_undo(talk: Candidate) -> None:
    assert not talk.change(with_role("Ana", "participant"))
    assert not talk.undo()


def test_a_new_change_leaves_nothing_to_redo(talk: Candidate) -> None:
    talk.change(turned("Ana"))
    talk.undo()
    talk.change(turned("Ben"))
    assert not talk.redo()


def test_a_recorders_numbers_are_not_carried_from_file_to_file(tmp_path: Path) -> None:
    one = made(tmp_path, "SPEAKER_00: Hi.\n\nSPEAKER_01: Ho.\n\nSPEAKER_00: Hm.\n\nSPEAKER_01: Ha.")
    one.propose(ABOUT, [LabelDecision("SPEAKER_00", "Rosa", document="first")])
    assert speaks(one)[0][0] == "SPEAKER_00"


def test_an_alias_in_brackets_is_proposed_with_its_reason(tmp_path: Path) -> None:
    one = made(tmp_path, "Ana Lima (AL): Hi.\n\nBen: Ho.\n\nAna Lima (AL): Hm.\n\nBen: Ha.\n")
    row = one.rows()[0]
    assert (row.label, row.speaker, row.why) == ("Ana Lima (AL)", "AL", "alias: Ana Lima (AL)")


def test_a_recorders_number_is_not_the_one_the_project_knows(tmp_path: Path) -> None:
    known = replace(ABOUT, roster={"speaker_00": Speaker("s", "SPEAKER_00", "moderator", "P01")})
    text = "SPEAKER_00: Hi.\n\nSPEAKER_01: Ho.\n\nSPEAKER_00: Hm.\n\nSPEAKER_01: Ha."
    one = made(tmp_path, text, known)
    assert speaks(one)[0] == ("SPEAKER_00", "participant", None)
    assert one.to_store()[0].speaker == ""  # the project finds a name for them


def test_what_is_proposed_is_stored_only_of_a_file_that_was_confirmed(tmp_path: Path) -> None:
    one = made(tmp_path, "Ana Lima (AL): Hi.\n\nBen: Ho.\n\nAna Lima (AL): Hm.\n\nBen: Ha.\n")
    assert one.proposed() == [("AL", "alias: Ana Lima (AL)")]
    assert [d.label for d in one.to_store()] == ["Ben"]
    one.state = "confirmed"
    assert [d.speaker for d in one.to_store()] == ["AL", "Ben"]


def test_a_proposal_can_be_left(tmp_path: Path) -> None:
    one = made(tmp_path, "Ana Lima (AL): Hi.\n\nBen: Ho.\n\nAna Lima (AL): Hm.\n\nBen: Ha.\n")
    assert one.leave("Ana Lima (AL)", ABOUT)
    assert not one.proposed()
    assert speaks(one)[0] == ("Ana Lima (AL)", "participant", None)
    one.undo()
    assert speaks(one)[0][0] == "AL"


def test_a_file_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    one = candidate(tmp_path / "gone.txt", ())
    assert (one.state, one.problem) == (
        "unreadable", "Cannot be read: No such file or directory.",
    )  # fmt: skip


def test_a_table_of_participants_says_where_it_belongs(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("participant,site\nP01,North\nP02,South\n", encoding="utf-8")
    one = candidate(path, ())
    assert one.state == "unreadable"
    assert "participants import" in one.problem
