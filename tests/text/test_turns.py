"""Speaker turns in running text."""

from __future__ import annotations

import pytest

from qualcode.errors import UnknownName
from qualcode.text.turns import PATTERNS, Found, find_turns

Said = tuple[str | None, str]


def said(text: str, found: Found) -> list[Said]:
    return [(turn.speaker, text[turn.start : turn.stop]) for turn in found.turns]


def told(found: Found) -> list[tuple[str, int | None]]:
    return [(warning.code, warning.line) for warning in found.warnings]


CONVERSATIONS = {
    "bold-time-label": "**[00:14] Ina:** One.\n**[00:16] Bo B.:** Two.\n**[01:00:03] Ina:** Three.\n",
    "bold-label-time": "**Ina:** 00:14\nOne.\n**Bo B.:** 00:16\nTwo.\n**Ina:** 1:00:03\nThree.\n",
    "label-time-line": "Ina: 00:14\nOne.\nBo B.: 00:16\nTwo.\nIna: 1:00:03\nThree.\n",
    "label-paren-time": "Ina (0:14):\nOne.\nBo B. (0:16):\nTwo.\nIna (1:00:03):\nThree.\n",
    "label-gap-time": "Ina  0:14\nOne.\nBo B.\t0:16\nTwo.\nIna  1:00:03\nThree.\n",
    "time-label": "[0:14] Ina: One.\n[0:16] Bo B.: Two.\n[1:00:03] Ina: Three.\n",
    "label-bracket-time": "Ina: [0:14] One.\n**Bo B.:** [0:16] Two.\nIna: [1:00:03] Three.\n",
    "end-stamp": "Ina: One. #00:00:14-0#\nBo B.: Two. #00:00:16-5#\nIna: Three. #01:00:03-0#\n",
    "bold-label": "**Ina:** One.\n**Bo B.**: Two.\n**Ina:** Three.\n",
    "bracket-label": "[Ina] One.\n[Bo B.] Two.\n[Ina] Three.\n[Bo B.] Four.\n",
    "label": "Ina: One.\nBo B.: Two.\nIna:\nThree.\nBo B.: Four.\n",
}


@pytest.mark.parametrize("pattern", PATTERNS)
def test_each_pattern_is_found_and_gives_its_turns(pattern: str) -> None:
    text = CONVERSATIONS[pattern]
    found = find_turns(text)
    assert found.pattern == pattern
    assert said(text, found)[:3] == [("Ina", "One."), ("Bo B.", "Two."), ("Ina", "Three.")]
    assert told(found) == []


@pytest.mark.parametrize("pattern", [name for name in PATTERNS if "time" in name])
def test_stamps_are_starts_in_seconds(pattern: str) -> None:
    found = find_turns(CONVERSATIONS[pattern])
    assert [turn.start_seconds for turn in found.turns] == [14, 16, 3603]
    assert [turn.stop_seconds for turn in found.turns] == [None] * 3
    assert found.anchors == tuple((turn.start, turn.start_seconds) for turn in found.turns)


def test_a_stamp_at_the_end_is_the_stop_and_the_next_start() -> None:
    found = find_turns(CONVERSATIONS["end-stamp"])
    assert [(turn.start_seconds, turn.stop_seconds) for turn in found.turns] == [
        (None, 14),
        (14, 16.5),
        (16.5, 3603),
    ]


def test_unlabelled_lines_continue_a_turn() -> None:
    text = "Ina: One.\n\nAnd more.\nBo: Two.\nIna: Three.\nBo: Four.\n"
    found = find_turns(text)
    assert said(text, found)[0] == ("Ina", "One.\n\nAnd more.")
    assert [turn.flags for turn in found.turns] == [("continuation",), (), (), ()]


def test_the_same_speaker_again_is_a_new_turn() -> None:
    text = "Ina: One.\nIna: Two.\n"
    assert said(text, find_turns(text)) == [("Ina", "One."), ("Ina", "Two.")]


def test_lines_before_the_first_label_are_counted_and_left_outside() -> None:
    text = "A heading\n\nSome words.\nIna: One.\nIna: Two.\n"
    found = find_turns(text)
    assert (found.preamble_lines, found.turns[0].line) == (2, 4)


def test_a_label_must_occur_twice_or_be_a_role() -> None:
    text = "Ina: One.\nIna: Two.\nP3: Three.\nMoreover: four.\n"
    found = find_turns(text)
    assert said(text, found) == [
        ("Ina", "One."),
        ("Ina", "Two."),
        ("P3", "Three.\nMoreover: four."),
    ]
    assert told(found) == [("label_like", 4)]


def test_a_speaker_on_the_roster_needs_to_speak_only_once() -> None:
    text = "Ina: One.\nIna: Two.\nBL: Three.\n"
    found = find_turns(text, names=["Bo Lind"])
    assert said(text, found)[-1] == ("BL", "Three.")


def test_a_field_of_the_header_is_a_roster() -> None:
    text = "Participants: Ina Berg, Bo Lind\n\nIna: One.\nBo: Two.\n"
    assert [turn.speaker for turn in find_turns(text).turns] == ["Ina", "Bo"]


@pytest.mark.parametrize("line", ["Note: rain.", "ACTION REQUIRED: call.", "Fecha: lunes"])
def test_words_that_head_text_are_never_speakers(line: str) -> None:
    text = f"Ina: One.\n{line}\n{line}\nIna: Two.\n"
    found = find_turns(text)
    assert [turn.speaker for turn in found.turns] == ["Ina", "Ina"]
    assert told(found) == [("label_like", 2), ("label_like", 3)]


@pytest.mark.parametrize(
    "line",
    ["- Bo: a", "1. Bo: a", "# Bo: a", "| Bo: a | b |", "> Bo: a", "https://a.example", "10:30 a"],
)
def test_lists_headings_tables_and_addresses_are_no_labels(line: str) -> None:
    text = f"Ina: One.\n{line}\n{line}\nIna: Two.\n"
    assert [turn.speaker for turn in find_turns(text).turns] == ["Ina", "Ina"]


def test_code_between_fences_is_no_speech_label() -> None:
    text = "Ina: One.\n```\nx: 1\nx: 2\n```\nIna: Two.\n"
    assert [turn.speaker for turn in find_turns(text).turns] == ["Ina", "Ina"]


def test_sounds_in_brackets_are_speech_and_no_warning() -> None:
    text = "[Ina] One.\n[laughs]\n[laughs]\n[Ina] Two.\n[inaudible 0:03]\n"
    found = find_turns(text)
    assert said(text, found)[0] == ("Ina", "One.\n[laughs]\n[laughs]")
    assert told(found) == []


def test_a_channel_is_a_flag_not_part_of_the_name() -> None:
    text = "**Ina** (_via chat_): One.\n**Ina**: Two.\n"
    found = find_turns(text)
    assert [(turn.speaker, turn.flags) for turn in found.turns] == [
        ("Ina", ("via chat",)),
        ("Ina", ()),
    ]


def test_trailing_colons_are_not_part_of_the_name() -> None:
    text = "**Ina::** One.\n**Bo:** Two.\n"
    assert [turn.speaker for turn in find_turns(text).turns] == ["Ina", "Bo"]


def test_a_joint_label_of_known_speakers_is_one_flagged_turn() -> None:
    text = "AB: One.\nCD: Two.\nAB: Three.\nCD: Four.\nAB, CD: Yes.\n"
    found = find_turns(text)
    assert (found.turns[-1].speaker, found.turns[-1].flags) == ("AB, CD", ("joint",))


def test_speech_over_speech_stays_text_and_is_flagged() -> None:
    text = "AB: One //CD: yes// two.\nAB: See http://a.example//b.\n"
    found = find_turns(text)
    assert [turn.flags for turn in found.turns] == [("overlap",), ()]


@pytest.mark.parametrize(
    "line",
    [
        "## Part two",
        "---",
        "**A whole bold line**",
        "Question 3. Why?",
        "[0:05]",
        "Page 3 of 9",
        "12",
        "Transcribed by https://otter.ai",
    ],
)
def test_a_trailing_line_nobody_says_is_left_out_before_a_label(line: str) -> None:
    text = f"Ina: One.\n\n{line}\n\nIna: Two.\n{line}\n"
    assert said(text, find_turns(text)) == [("Ina", "One."), ("Ina", "Two.")]


def test_such_a_line_in_the_middle_of_a_turn_stays() -> None:
    text = "Ina: One.\n\n---\n\nMore.\nIna: Two.\n"
    assert said(text, find_turns(text))[0] == ("Ina", "One.\n\n---\n\nMore.")


def test_a_number_alone_under_a_label_is_the_answer() -> None:
    text = "Q:\nHow many?\nA:\n12\nQ:\nThanks.\n"
    assert said(text, find_turns(text))[1] == ("A", "12")


def test_a_label_without_words_is_an_empty_turn_with_a_warning() -> None:
    text = "Ina:\n\nBo: Two.\nIna: Three.\nBo: Four.\n"
    found = find_turns(text)
    assert said(text, found)[0] == ("Ina", "")
    assert told(found) == [("empty_turn", 1)]


def test_stamps_in_speech_are_anchors() -> None:
    text = "Ina: One [00:05] two.\nIna: Three.\n"
    assert find_turns(text).anchors == ((text.index("["), 5.0),)


def test_time_running_backwards_is_told_and_the_order_kept() -> None:
    text = "[0:09] Ina: One.\n[0:03] Ina: Two.\n"
    found = find_turns(text)
    assert said(text, found) == [("Ina", "One."), ("Ina", "Two.")]
    assert told(found) == [("time_backwards", 2)]


def test_a_text_without_labels_has_no_turns() -> None:
    found = find_turns("The room was cold.\n\nNobody came.\n")
    assert (found.pattern, found.turns, found.preamble_lines) == (None, (), 2)
    assert told(found) == [("no_speakers", None)]


def test_stamped_labels_beat_plain_ones() -> None:
    text = "Ina: 0:14\nShe: said so.\nBo: 0:16\nShe: did.\n"
    assert find_turns(text).pattern == "label-time-line"


def test_stamped_labels_need_half_as_many_lines_as_plain_ones() -> None:
    plain = "Ina: Yes.\nBo: No.\n"  # these match "label" only; stamped lines match it as well
    assert find_turns("Ina: 0:14\nBo: 0:16\n" + plain).pattern == "label-time-line"
    assert find_turns("Ina: 0:14\nBo: 0:16\n" + plain * 2).pattern == "label"


def test_two_stamped_lines_do_not_outweigh_many_plain_labels() -> None:
    text = "Ina: 0:14\nBo: 0:16\n" + "Ina: Yes.\nBo: No.\n" * 5
    assert find_turns(text).pattern == "label"


def test_a_pattern_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(UnknownName, match="no label pattern"):
        find_turns("Ina: One.\n", pattern="smoke-signals")


def test_emphasis_does_not_hide_labels_that_are_not_bold() -> None:
    # line 0 and 3 hold a bold word, as Word has it; every label is plain
    text = "Ina: now\nBo: Two.\nIna: Three.\nBo: no\nIna: Five.\nBo: Six.\n"
    formatting = {0: ("Ina: **now**", (5, 6, 10, 11)), 3: ("Bo: **no**", (4, 5, 8, 9))}
    found = find_turns(text, formatting=formatting)
    assert said(text, found)[0] == ("Ina", "now")
    assert said(text, found)[3] == ("Bo", "no")
    assert len(found.turns) == 6
