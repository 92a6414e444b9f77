"""What is proposed for labels, and which look alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualcode.text.roster import (
    LabelDecision,
    each,
    near_duplicates,
    numbered_by_machine,
    parts,
    proposals,
    usual_role,
)


def proposed(
    *labels: str,
    metadata: Mapping[str, str] | None = None,
    confirmed: Sequence[LabelDecision] = (),
    roster: Sequence[str] = (),
) -> dict[str, tuple[str, str]]:
    """Label → speaker and why."""
    found = proposals(labels, metadata=metadata or {}, confirmed=confirmed, roster=roster)
    return {one.decision.label: (one.decision.speaker, one.why) for one in found}


def test_an_alias_in_brackets_is_proposed() -> None:
    assert proposed("First Last (FL)") == {"First Last (FL)": ("FL", "alias: First Last (FL)")}


@pytest.mark.parametrize(
    "label", ["Mendez, Carla (CM)", "Mendez, Carla (MC)", "Carla B Mendez (CM)"]
)
def test_initials_may_stand_in_either_order_or_leave_out_the_middle(label: str) -> None:
    assert proposed(label)[label][0] == label[-3:-1]


def test_brackets_that_hold_no_initials_are_no_alias() -> None:
    assert proposed("Mendez, Carla (Harbour Trust)", "Dana Ruiz (phone)") == {}


def test_brackets_that_hold_another_label_are_an_alias() -> None:
    assert proposed("Dana Ruiz (Dee)", "Dee")["Dana Ruiz (Dee)"][0] == "Dee"


def test_a_role_in_brackets_is_a_role() -> None:
    (found,) = proposals(["Dana (moderator)"], metadata={}, confirmed=[], roster=[])
    assert found.decision == LabelDecision("Dana (moderator)", "Dana", "moderator")


def test_a_colon_of_a_table_cell_is_left_out() -> None:
    assert proposed("DB:") == {"DB:": ("DB", "without its colon")}


def test_front_matter_names_match_initials() -> None:
    people = {"speakers": "Carla Mendez\nPat Olsen\nPia Ochs"}
    assert proposed("CM", "PO", "cm", metadata=people) == {
        "CM": ("Carla Mendez", "initials of Carla Mendez in the front matter")
    }


def test_an_alias_of_the_front_matter_matches() -> None:
    people = {"Speakers": "Carla Mendez (Cee), Pat Olsen"}
    assert proposed("Cee", metadata=people)["Cee"] == (
        "Carla Mendez",
        "alias of Carla Mendez in the front matter",
    )


def test_initials_of_somebody_on_the_roster_match() -> None:
    assert proposed("CM", roster=["Carla Mendez"])["CM"][0] == "Carla Mendez"


def test_initials_that_may_be_two_peoples_propose_nothing() -> None:
    assert proposed("CM", roster=["Carla Mendez", "Carl Moss"]) == {}


def test_an_earlier_decision_comes_first() -> None:
    earlier = LabelDecision("FL", "Flora", "moderator", document="A-FG1")
    assert proposed("FL", metadata={"speakers": "First Last"}, confirmed=[earlier]) == {
        "FL": ("Flora", "confirmed in A-FG1")
    }


def test_an_alias_and_its_label_are_not_proposed_for_each_other() -> None:
    people = {"speakers": "First Last"}
    assert proposed("First Last (FL)", "FL", metadata=people) == {
        "First Last (FL)": ("FL", "alias: First Last (FL)")
    }


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("PO", "P0"),
        ("Speaker l", "Speaker 1"),
        ("CM", "C.M."),
        ("Ana  Ruiz", "Ana Ruiz"),
        ("moderator", "MODERATOR"),
        ("Ana", "Anna"),
        ("Marta", "Marto"),
        ("Interviewer", "Interveiwer"),
        ("Participant 3", "Particpant 3"),
        ("Carla Mendez", "Karla Mendes"),
    ],
)
def test_these_look_alike(a: str, b: str) -> None:
    assert near_duplicates([a, b], []) == [(a, b)]
    assert near_duplicates([a], [b]) == [(a, b)]


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("P1", "P2"),
        ("P1", "P11"),
        ("Speaker 1", "Speaker 2"),
        ("Speaker A", "Speaker B"),
        ("CM", "CN"),
        ("ABC", "ABCD"),
        ("Tim", "Tom"),
        ("Interviewer", "Interviewee"),
        ("Marta", "Carlo"),
        ("Ana", "Carla Mendez"),
        ("...", "---"),
    ],
)
def test_these_are_two_people(a: str, b: str) -> None:
    assert near_duplicates([a, b], []) == []


def test_names_of_the_roster_are_not_compared_with_each_other() -> None:
    assert near_duplicates(["CM"], ["Ana", "Anna"]) == []


def test_pairs_stand_in_the_order_of_the_labels() -> None:
    assert near_duplicates(["Marta", "P0", "PO"], ["Marto"]) == [("Marta", "Marto"), ("P0", "PO")]


@given(st.lists(st.text("aAoO0lI1 .", max_size=9), max_size=5))
def test_looking_alike_does_not_depend_on_order(labels: list[str]) -> None:
    one = {frozenset(pair) for pair in near_duplicates(labels, [])}
    assert one == {frozenset(pair) for pair in near_duplicates(labels[::-1], [])}


@pytest.mark.parametrize("label", ["SPEAKER_00", "Speaker 1", "speaker-12", "Unknown Speaker 2"])
def test_a_recorders_numbers_are_known(label: str) -> None:
    assert numbered_by_machine(label)


@pytest.mark.parametrize("label", ["Speaker", "P1", "Participant 1", "Ana", "SPEAKERPHONE"])
def test_what_people_wrote_is_no_recorders_number(label: str) -> None:
    assert not numbered_by_machine(label)


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("Moderator", "moderator"),
        ("Interviewer 2", "moderator"),
        ("INT1", "moderator"),
        ("I", "moderator"),
        ("Q", "moderator"),
        ("I2", "participant"),
        ("Ina", "participant"),
        ("Interviewee", "participant"),
        ("Dana", "participant"),
    ],
)
def test_a_label_suggests_a_role(name: str, role: str) -> None:
    assert usual_role(name) == role


def test_a_cell_says_one_thing_for_all_or_one_for_each() -> None:
    assert each("moderator", 2) == ["moderator", "moderator"]
    assert each("moderator;", 2) == ["moderator", ""]
    assert each("a;b;c", 2) == ["a", "b"]
    assert each("", 2) == ["", ""]
    assert parts(" AB ;; CD ") == ["AB", "CD"]
