"""Offsets of other programs, by all eight rules of counting."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qualcode.formats.refi_positions import (
    BY_NAME,
    RULES,
    PositionMap,
    Positions,
    Rule,
    Selected,
    choose,
    offsets,
    usual,
)
from qualcode.importers.characters import clean

CHARS = st.sampled_from(
    ["a", "é", " ", "\n", "\r\n", "\r", "\x0b", "😐", "𝒳", "\x00", "\ufeff", "\x1b"]
)
RAW = st.builds(
    lambda bom, parts: bom + "".join(parts),
    st.sampled_from(["", "\ufeff"]),
    st.lists(CHARS, max_size=25),
)
BOTH = "The map 🗺 lay\r\non the table 🙂\r\nfor two days.\r\n"


@given(RAW)
def test_the_text_is_what_an_importer_would_keep(raw: str) -> None:
    assert Positions(raw).text == clean(raw)[0]


@given(RAW, st.sampled_from(RULES))
def test_every_place_of_the_stored_text_lands_where_it_stands_in_ours(raw: str, rule: Rule) -> None:
    where = Positions(raw).under(rule)
    ours = [len(clean(raw[:n] + "|")[0]) - 1 for n in range(len(raw) + 1)]
    for n, offset in enumerate(offsets(raw, rule)):
        if n and n < len(raw) and raw[n - 1 : n + 1] == "\r\n":
            continue  # inside a line end: another test
        assert (where.start(offset), where.stop(offset)) == (ours[n], ours[n])


@given(RAW, st.sampled_from(RULES), st.integers(-3, 60), st.integers(0, 60))
def test_a_map_is_monotone_and_stays_in_the_text(
    raw: str, rule: Rule, start: int, more: int
) -> None:
    text = Positions(raw)
    where = text.under(rule)
    assert 0 <= where.start(start) <= where.stop(start + more) <= len(text.text)


def test_inside_a_surrogate_pair_a_start_goes_down_and_a_stop_up() -> None:
    where = PositionMap("a😐b", BY_NAME["utf16"])
    assert (where.start(2), where.stop(2)) == (1, 2)
    assert (where.start(3), where.stop(3)) == (2, 2)


def test_inside_a_line_end_a_start_goes_down_and_a_stop_up() -> None:
    where = PositionMap("a\r\nb", BY_NAME["codepoint"])
    assert (where.start(2), where.stop(2)) == (1, 2)


def test_a_byte_order_mark_counts_only_where_the_rule_says_so() -> None:
    assert PositionMap("\ufeffab", BY_NAME["codepoint"]).start(1) == 1
    assert PositionMap("\ufeffab", BY_NAME["codepoint-bom"]).start(1) == 0
    assert PositionMap("\ufeffab", BY_NAME["codepoint-bom"]).length == 3


def selected(raw: str, rule: Rule, words: list[str], *, named: bool) -> list[Selected]:
    places = list(offsets(raw, rule))
    found = []
    for one in words:
        at = raw.index(one)
        found.append(Selected(places[at], places[at + len(one)], one if named else ""))
    return found


WORDS = ["The map", "lay", "on the table", "for two", "days"]


@pytest.mark.parametrize("named", [True, False], ids=["named", "unnamed"])
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_rule_that_wrote_the_offsets_is_found(rule: Rule, named: bool) -> None:
    raw = "\ufeff" + BOTH
    choice = choose([(Positions(raw), selected(raw, rule, WORDS, named=named))], "Example")
    assert choice.rule == rule
    assert choice.score.clean == choice.score.in_range == choice.of == len(WORDS)
    assert choice.score.quote == (len(WORDS) - 1 if named else 0)  # "lay" is too short to tell


@settings(max_examples=60)
@given(
    st.sampled_from(RULES),
    st.lists(st.sampled_from(["harbour", "🐋", "rain", "bed 🛏", "\r\n"]), min_size=1, max_size=20),
)
def test_the_rule_found_selects_the_words_that_the_true_one_does(
    rule: Rule, parts: list[str]
) -> None:
    raw = "\ufeff" + " ".join(parts) + "\r\n😐 then\r\nthe 😐 end came."
    words = ["then", "the 😐 end", "came"]
    text = Positions(raw)
    some = selected(raw, rule, words, named=True)
    where = text.under(choose([(text, some)], "").rule)
    found = [text.text[where.start(one.start) : where.stop(one.stop)] for one in some]
    assert [one.strip() for one in found] == words


@pytest.mark.parametrize(
    ("origin", "name"),
    [
        ("NVivo for Mac 12.7.0", "utf16"),
        ("ATLAS.ti 9", "codepoint-crlf1"),
        ("MAXQDA 2022", "codepoint-crlf1"),
        ("QualCoder 3.6", "codepoint-crlf1"),
        ("qualcode 0.1", "codepoint"),
        ("", "codepoint"),
    ],
)
def test_without_evidence_the_program_decides(origin: str, name: str) -> None:
    assert usual(origin).name == name
    assert choose([], origin).rule.name == name
    assert choose([(Positions("plain"), [Selected(0, 5)])], origin).rule.name == name


def test_a_text_that_another_rule_fits_better_is_named() -> None:
    raw, rule, other = BOTH, BY_NAME["utf16"], BY_NAME["codepoint"]
    texts = [
        (Positions(raw), selected(raw, rule, WORDS * 3, named=True)),
        (Positions(raw), selected(raw, other, WORDS, named=True)),
    ]
    choice = choose(texts, "")
    assert choice.rule == rule
    assert choice.others == ((1, other),)


def test_a_rule_asked_for_is_scored_not_replaced() -> None:
    some = selected(BOTH, BY_NAME["utf16"], WORDS, named=True)
    choice = choose([(Positions(BOTH), some)], "NVivo", BY_NAME["codepoint"])
    assert choice.rule.name == "codepoint"
    assert choice.score.clean < choice.of
