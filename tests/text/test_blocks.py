"""Turns and the paragraphs outside them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qualcode.text.blocks import blocks
from qualcode.text.turns import find_turns


def shown(text: str) -> list[tuple[str, str | None]]:
    turns = find_turns(text).turns
    return [
        (text[block.start : block.stop], block.turn.speaker if block.turn else None)
        for block in blocks(text, turns)
    ]


def test_a_block_is_a_turn_or_a_paragraph_outside() -> None:
    text = "Heading\nunder it\n\nNote on the day\n\nIna: One.\nMore.\nIna: Two.\n"
    assert shown(text) == [
        ("Heading\nunder it", None),
        ("Note on the day", None),
        ("One.\nMore.", "Ina"),
        ("Two.", "Ina"),
    ]


def test_a_line_that_is_only_a_label_is_in_no_block() -> None:
    text = "Ina  0:03\n\nOne.\n\nIna  0:09\nTwo.\n"
    assert shown(text) == [("One.", "Ina"), ("Two.", "Ina")]


def test_a_heading_between_turns_is_a_block_of_its_own() -> None:
    text = "Ina: One.\n\n# Part two\n\nIna: Two.\n"
    assert shown(text) == [("One.", "Ina"), ("# Part two", None), ("Two.", "Ina")]


def test_a_turn_without_words_makes_no_block() -> None:
    text = "Ina:\nBo: Two.\nIna: Three.\nBo: Four.\n"
    assert [speaker for _, speaker in shown(text)].count("Ina") == 1


def test_without_turns_every_paragraph_is_a_block() -> None:
    assert shown("One\n \n  Two\n\n\nThree") == [("One", None), ("Two", None), ("Three", None)]
    assert shown(" \n\n") == []


@given(
    st.lists(st.sampled_from(["Ina: ", "Bo:", "a", " ", "\n", "\n\n", "[0:03]", "#"]), max_size=40)
)
def test_blocks_ascend_without_overlap_blanks_or_loss_of_turns(pieces: list[str]) -> None:
    text = "".join(pieces)
    turns = find_turns(text).turns
    found = blocks(text, turns)
    at = 0
    for block in found:
        assert at <= block.start < block.stop <= len(text)
        assert text[block.start : block.stop] == text[block.start : block.stop].strip()
        at = block.stop
    assert [b.turn for b in found if b.turn] == [turn for turn in turns if turn.start < turn.stop]
