"""Label forms on single lines, and who may be on a roster."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qualcode.text.labels import (
    FORM,
    FORMS,
    hits,
    is_role,
    lines_of,
    never_speaks,
    roster_of,
    voices,
)


def label_of(line: str, form: str) -> str | None:
    fit, _ = hits(lines_of(line, {}), FORM[form])
    return fit[0].label if fit else None


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("Ina: yes", "Ina"),
        ("Ina Berg (County): yes", "Ina Berg (County)"),
        ("D.J.: yes", "D.J."),
        ("Ina:yes", None),
        ("10:30", None),
        ("one two three four five six: yes", None),
        ("x" * 61 + ": yes", None),
        ("---: yes", None),
        ("a | b: yes", None),
    ],
)
def test_a_plain_label_is_short_and_holds_a_letter(line: str, label: str | None) -> None:
    assert label_of(line, "label") == label


def test_a_markdown_link_is_no_bracket_label() -> None:
    assert label_of("[Ina](https://a.example) yes", "bracket-label") is None
    assert label_of("[Ina] (quietly) yes", "bracket-label") == "Ina"


def test_the_words_begin_after_label_and_blanks() -> None:
    (hit,), _ = hits(lines_of("  Ina:   yes  ", {}), FORM["label"])
    assert (hit.words, hit.words_stop) == (9, 12)


def test_positions_of_a_formatted_line_count_in_the_plain_text() -> None:
    # Ina: yes    with "Ina:" in bold
    (line,) = lines_of("Ina: yes", {0: ("**Ina:** yes", (0, 1, 6, 7))})
    (hit,), _ = hits([line], FORM["bold-label"])
    assert (hit.label, "Ina: yes"[hit.words : hit.words_stop]) == ("Ina", "yes")


@pytest.mark.parametrize("label", ["Interviewer", "SPEAKER 12", "P3", "Q", "INT", "Moderator-2"])
def test_roles_with_and_without_number(label: str) -> None:
    assert is_role(label)


@pytest.mark.parametrize("label", ["Ina", "PX", "i", "Speakers"])
def test_names_are_no_roles(label: str) -> None:
    assert not is_role(label)


def test_a_heading_word_never_speaks_in_any_case() -> None:
    assert never_speaks("NOTES")
    assert not never_speaks("Noteworthy")


@pytest.mark.parametrize(
    ("label", "parts"),
    [("AB, CD", ["AB", "CD"]), ("AB and CD", ["AB", "CD"]), ("Andy", ["Andy"]), (",", [","])],
)
def test_the_parts_of_a_joint_label(label: str, parts: list[str]) -> None:
    assert voices(label) == parts


def test_a_name_may_label_by_its_parts_initials_and_alias() -> None:
    roster = roster_of(["Ina Maria Berg (IMB2)"], [])
    assert {"ina maria berg", "ina", "berg", "imb", "imb2"} == roster


PIECES = [
    "**", "[00:14]", "0:03", "٠:٣٤", "Ina", ":", ": ", ":**", "**: ", " ", "  ", "\t", "yes", "[",
    "]", "(00:03):", "#00:00:12-0#", "(_via chat_)", "P1", "1:02:03.5",
]  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=6).map("".join))
def test_a_glance_never_rules_out_a_line_that_has_the_form(line: str) -> None:
    for form in FORMS:
        assert form.may_be(line) or not form.regex.fullmatch(line)
