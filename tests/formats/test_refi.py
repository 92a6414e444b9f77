"""Names, GUIDs, colours, dates and definitions of REFI-QDA files."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from qualcode.formats.refi import (
    HEADINGS,
    codes_of,
    colour,
    definition_of,
    description_of,
    guid,
    moment,
    unique_names,
)

GUID = "0d62985d-b147-5d01-a9b5-cae5dcd98342"


@pytest.mark.parametrize("written", [GUID, GUID.upper(), "{" + GUID + "}", f"  {GUID} "])
def test_guids_are_compared_in_lower_case_without_braces(written: str) -> None:
    assert guid(written) == GUID


@pytest.mark.parametrize("written", [None, "", "17", GUID[:-1], GUID + "0"])
def test_what_is_no_guid_is_none(written: str | None) -> None:
    assert guid(written) is None


@pytest.mark.parametrize(
    "written",
    ["#D55E00", "#d55e00", "#FFD55E00", "D55E00", "rgb(213, 94, 0)", "RGB(213,94,0)",
     "rgba(213,94,0,0.5)", "-2793984", "13983232", "4292173312"],
)  # fmt: skip
def test_a_colour_reads_in_every_form(written: str) -> None:
    assert colour(written) == "#D55E00"


def test_a_short_colour_has_its_digits_twice() -> None:
    assert colour("#fa0") == "#FFAA00"


@pytest.mark.parametrize("written", [None, "", "red", "#12", "rgb(1,2)", "rgb(300,0,0)", "blue7"])
def test_an_unreadable_colour_is_none(written: str | None) -> None:
    assert colour(written) is None


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-05-01T12:00:00Z", "2026-05-01T12:00:00Z"),
        ("2026-05-01T14:00:00.123+02:00", "2026-05-01T12:00:00Z"),
        ("2026-05-01T12:00:00", "2026-05-01T12:00:00Z"),
        ("2026-05-01", "2026-05-01T00:00:00Z"),
        ("yesterday", None),
        ("", None),
        ("0001-01-01T00:00:00+14:00", None),
    ],
)
def test_dates_become_utc_without_fractions(written: str, read: str | None) -> None:
    assert moment(written) == read


def test_equal_names_get_numbers_in_any_case_and_with_underscores() -> None:
    names = ["a b", "A_B", "a b (2)", "c", ""]
    assert unique_names(names) == ["a b", "A_B (2)", "a b (2) (2)", "c", "code"]
    assert unique_names(["set"], taken=["Set"]) == ["set (2)"]


def test_codes_come_parents_first_with_their_depth() -> None:
    root = etree.fromstring(
        '<Codes><Code name="a"><Code name="b"><Code name="c"/></Code></Code><Code name="d"/></Codes>'
    )
    found = codes_of(root)
    assert [(code.name, code.parent, code.depth) for code in found] == [
        ("a", None, 1), ("b", 0, 2), ("c", 1, 3), ("d", None, 1),
    ]  # fmt: skip


PIECES = [*"aé \n:", "Brief: ", "\n\nFull: ", "Example: ", " Near miss: "]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=8).map("".join)
ONES, MANY = ("brief", "full", "use_when", "not_when"), ("example", "near_miss")


@given(
    st.dictionaries(st.sampled_from(ONES), TEXTS.filter(bool)),
    st.dictionaries(st.sampled_from(MANY), st.lists(TEXTS.filter(bool), min_size=1, max_size=3)),
)
def test_a_definition_survives_being_one_description(
    ones: dict[str, str], many: dict[str, list[str]]
) -> None:
    wanted = {**ones, **{name: tuple(texts) for name, texts in many.items()}}
    assert definition_of(description_of({**ones, **many}), "qualcode 1") == wanted


def test_another_programs_description_is_the_full_definition() -> None:
    text = "Brief: not a heading of ours"
    assert definition_of(text, "NVivo") == {"full": text}
    assert definition_of("Free words.", "qualcode 1") == {"full": "Free words."}
    assert set(HEADINGS) == {*ONES, *MANY}
