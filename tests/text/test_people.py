"""Who is called what, and one label for each."""

from __future__ import annotations

import pytest

from qualcode.text.names import Name
from qualcode.text.people import NEUTRAL, Person, bare_name, known_names


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("Dana Will", "Dana Will"),
        ("Sgt. Lena Brandt", "Lena Brandt"),
        ("Moderator Ruth Quist", "Ruth Quist"),
        ("Brandt, Lena (PAPD)", "Lena Brandt"),
        ("Ofc. Núñez", "Núñez"),
        ("NADINE", "NADINE"),
        ("D.J. Okafor", "D.J. Okafor"),
        ("Moderator", ""),
        ("Moderator 2", ""),
        ("CM1", ""),
        ("SPEAKER_00", ""),
        ("SGT", ""),
        ("Q", ""),
        ("Case Manager", ""),
    ],
)
def test_a_label_names_somebody_or_says_a_role(label: str, name: str) -> None:
    assert bare_name(label) == name


def labels(
    *people: Person, listed: tuple[Name, ...] = (), stored: dict[str, str] | None = None
) -> dict[str, str]:
    return {one.name: one.label for one in known_names(stored or {}, listed, people).names}


def test_parts_of_a_name_share_its_label() -> None:
    assert labels(Person(("Dana Will",), "[A-O1]")) == {
        "Dana Will": "[A-O1]", "Dana": "[A-O1]", "Will": "[A-O1]",
    }  # fmt: skip


def test_a_part_that_two_people_share_gets_a_neutral_label_and_a_note() -> None:
    two = [Person(("Dana Will",), "[A]"), Person(("Dana Brandt",), "[B]")]
    known = known_names({}, (), two)
    assert {one.name: one.label for one in known.names}["Dana"] == NEUTRAL
    assert known.notes == (f"[A] and [B] share a name; where it stands: {NEUTRAL}.",)


def test_new_people_get_numbers_that_nobody_has() -> None:
    assert labels(Person(("Dana",), ""), stored={"Rosa": "[P07]"})["Dana"] == "[P08]"


def test_what_is_stored_wins_over_a_list() -> None:
    listed = (Name("Dana", "person", "[A-O1]"),)
    assert labels(listed=listed, stored={"Dana": "[P03]"}) == {"Dana": "[P03]"}


def test_a_list_wins_over_a_participant() -> None:
    listed = (Name("Dana Will", "person", "[A-O1]"),)
    assert set(labels(Person(("Dana Will",), "[X]"), listed=listed).values()) == {"[A-O1]"}


def test_a_label_that_is_the_name_itself_is_not_used() -> None:
    assert labels(Person(("Nadine",), "[Nadine]")) == {"Nadine": "[P01]"}
