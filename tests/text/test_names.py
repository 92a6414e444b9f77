"""Names from lists and identifiers by their form."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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


MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|"
    r"Aug(?:ust|\.)?|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
NUMBER = r"(?:\s+(?i:number|no\.?|num\.?)[,:]?)?\s*#?\s*"
WHOLE = {
    "email": r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
    "ssn": r"(?<![\w-])\d{3}-\d{2}-\d{4}(?![\w-])",
    "phone": r"(?<![\w+.-])(?:\+\d{1,3}(?:[ .-]?\(?\d{1,4}\)?){2,5}"
    r"|(?:1[-. ])?(?:\(\d{3}\) ?|\d{3}[-. ])?\d{3}[-. ]\d{4})(?![\w-])",
    "date": rf"(?<![\w/-])(?:\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}}/\d{{1,2}}/(?:\d{{4}}|\d{{2}})"
    rf"|{MONTH} \d{{1,2}}(?:st|nd|rd|th)?(?:,? \d{{4}})?"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {MONTH}(?:,? \d{{4}})?)(?![\w/-])",
    "case": r"(?<!\w)(?i:case|docket|incident|report|citation|booking|warrant)"
    rf"{NUMBER}((?:[A-Z]{{1,4}}-?)?\d[\w-]*\d)(?!\w)",
    "register": r"(?<![\w/.-])(?:[A-Z]{1,4}-(?:\d{2}|\d{4})-\d{2,6}"
    r"|(?!(?:0[1-9]|1[0-2])-(?:19|20)\d\d(?!\d))\d{2}-\d{4,6})(?![\w/-])",
    "badge": rf"(?<!\w)(?i:badge|shield|star){NUMBER}(?:(?i:is|was|like|reads?|says)\s+)?"
    r"#?((?:[A-Z]-?)?\d{2,6})(?![\w-])",
}
"""Every form as one expression, tried at every place of a text: slow, and what must be found."""

KINDS = {"register": "case"}

PARTS = st.sampled_from([
    "Case", "case no. ", "\u0130nc\u0131dent", "\u017ftar", "badge", "warrant", "report", "number",
    "#", "12", "5", "2024", "555", "0142", "MP-", "OD-2020-0031", "22-", "-", "/", ".", ",", " ", " ", "\n", "+", "(", ")",
    "May", "Sept.", "of", "th", "3rd", "@", "a", "_", "x.org", "123-45-6789", "(206) 555-0142",
    "is ", "d.w@harbour.example", "\u0664", "\u00e9",
])  # fmt: skip


@settings(deadline=None)  # a loaded machine is no bug
@given(st.lists(PARTS, max_size=14).map("".join) | st.text(max_size=30))
def test_where_a_form_may_begin_loses_none_of_it(text: str) -> None:
    found = [
        (match.start(group), -match.end(group), KINDS.get(kind, kind))
        for kind, form in WHOLE.items()
        for match in re.finditer(form, text)
        for group in (1 if match.re.groups else 0,)
    ]
    kept: list[tuple[int, int, str]] = []
    for start, stop, kind in sorted(found, key=lambda one: one[:2]):
        if not kept or start >= kept[-1][1]:
            kept.append((start, -stop, kind))
    assert [(one.span.start, one.span.stop, one.kind) for one in identifiers(text)] == kept
