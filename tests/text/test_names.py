"""Names from lists and identifiers by their form."""

from __future__ import annotations

import pytest

from qualcode.text.names import Name, find, identifiers

PEOPLE = [
    Name("Dana Will", "person", "[A]"),
    Name("Dana", "person", "[A]"),
    Name("Al", "person", "[B]"),
    Name("Ali", "person", "[C]"),
    Name("D.J.", "person", "[D]"),
]


def found(text: str, *, ignore_case: bool = False) -> list[tuple[str, str]]:
    return [
        (text[one.span.start : one.span.stop], one.label)
        for one in find(text, PEOPLE, ignore_case=ignore_case)
    ]


def test_a_short_name_is_not_found_in_longer_words() -> None:
    assert found("Also, Ali met Al.") == [("Ali", "[C]"), ("Al", "[B]")]


@pytest.mark.parametrize("text", ["D.J., come here", "D.J.'s mute", "(D.J.)", "it was D.J."])
def test_a_name_that_ends_in_a_full_stop_is_found_before_any_mark(text: str) -> None:
    assert found(text) == [("D.J.", "[D]")]


def test_of_two_names_at_one_place_the_longer_is_found() -> None:
    assert found("Dana Will and Dana") == [("Dana Will", "[A]"), ("Dana", "[A]")]


@pytest.mark.parametrize("between", ["\n", "  ", "\n  ", "\u00a0"])
def test_a_name_is_found_over_a_line_end(between: str) -> None:
    assert found(f"with Dana{between}Will today") == [(f"Dana{between}Will", "[A]")]


def test_case_counts_unless_told_otherwise() -> None:
    assert found("dana, DANA") == []
    assert found("dana, DANA", ignore_case=True) == [("dana", "[A]"), ("DANA", "[A]")]


@pytest.mark.parametrize(
    ("text", "kind", "part"),
    [
        ("write to d.will@harbour.example now", "email", "d.will@harbour.example"),
        ("call 555-0142, please", "phone", "555-0142"),
        ("call (206) 555-0142", "phone", "(206) 555-0142"),
        ("it is 123-45-6789", "ssn", "123-45-6789"),
        ("on 9 September 2022 we", "date", "9 September 2022"),
        ("on 2022-09-09 we", "date", "2022-09-09"),
        ("Case number 22-0417, I", "case", "22-0417"),
        ("the last entry is 22-0417.", "case", "22-0417"),
        ("Agreement OD-2020-0031, as amended", "case", "OD-2020-0031"),
        ("my badge number is 4417 now", "badge", "4417"),
        ("my badge number, 4417, like", "badge", "4417"),
    ],
)
def test_an_identifier_is_found_by_its_form(text: str, kind: str, part: str) -> None:
    (one,) = identifiers(text)
    assert (one.kind, text[one.span.start : one.span.stop]) == (kind, part)


@pytest.mark.parametrize(
    "text",
    [
        "In 2022 we had 40 of 1,200 referrals, 3.5 each.",
        "from 2019-2020, in 09-2022 and 12-2024, ages 25-64, 24-7",
        "In the report, 22 people; a case, 15 years ago.",
        "A-FG1, C-3 and COVID-19",
    ],
)
def test_plain_numbers_are_no_identifiers(text: str) -> None:
    assert identifiers(text) == []
