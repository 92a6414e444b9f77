"""WebVTT and SubRip: cues become turns, and no word is lost."""

from __future__ import annotations

import re
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from qualcode.errors import ReadingError
from qualcode.importers import captions
from qualcode.importers.source import Source
from qualcode.model import Turn
from tests.importers.files import reading, said, told


def vtt(*cues: str) -> str:
    """A WebVTT file of cues written as ``START STOP words``; seconds below a minute."""
    blocks = ["WEBVTT"]
    for cue in cues:
        start, stop, words = cue.split(" ", 2)
        blocks.append(f"00:{float(start):06.3f} --> 00:{float(stop):06.3f}\n{words}")
    return "\n\n".join(blocks) + "\n"


def test_the_text_is_a_labelled_paragraph_per_turn(tmp_path: Path) -> None:
    found = reading(tmp_path, "a.vtt", vtt("1 2 Ina: Hello.", "2 3 Bo: Hi.", "3 4 Ina: Fine?"))
    assert found.text == "Ina: Hello.\n\nBo: Hi.\n\nIna: Fine?"
    assert said(found) == [("Ina", "Hello."), ("Bo", "Hi."), ("Ina", "Fine?")]


def test_cues_of_one_speaker_are_one_turn_whatever_the_pause(tmp_path: Path) -> None:
    found = reading(tmp_path, "a.vtt", vtt("1 2 Ina: One.", "30 31 Ina: Two."))
    assert said(found) == [("Ina", "One. Two.")]
    assert (found.turns[0].start_seconds, found.turns[0].stop_seconds) == (1, 31)


def test_a_long_pause_ends_a_turn_where_that_is_asked(tmp_path: Path) -> None:
    cues = vtt("1 2 Ina: One.", "4 5 Ina: Two.", "9 10 Ina: Three.", "19 20 on and on")
    found = reading(tmp_path, "a.vtt", cues, max_gap=4)
    assert said(found) == [("Ina", "One. Two. Three."), ("Ina", "on and on")]


def test_every_cue_start_stays_as_an_anchor_at_its_words(tmp_path: Path) -> None:
    found = reading(tmp_path, "a.vtt", vtt("1 2 Ina: One.", "3 4 Ina: Two.", "5 6 Bo: Three."))
    anchored = [(found.text[at:].split()[0], seconds) for at, seconds in found.anchors]
    assert anchored == [("One.", 1), ("Two.", 3), ("Three.", 5)]


def test_an_unlabelled_cue_continues_the_speaker(tmp_path: Path) -> None:
    found = reading(tmp_path, "a.vtt", vtt("1 2 Ina: One", "3 4 and two.", "5 6 Ina: Three."))
    assert said(found) == [("Ina", "One and two. Three.")]
    assert found.facts["cues"] == {"total": 3, "labelled": 2, "unlabelled": 1}


def test_cues_before_the_first_label_are_one_turn_of_nobody(tmp_path: Path) -> None:
    found = reading(tmp_path, "a.vtt", vtt("1 2 test", "2 3 test", "3 4 Host: Hi", "4 5 Host: you"))
    assert said(found) == [(None, "test test"), ("Host", "Hi you")]


def test_without_any_speaker_each_cue_is_a_turn(tmp_path: Path) -> None:
    found = reading(tmp_path, "a.vtt", vtt("1 2 low tide", "3 4 high tide"))
    assert said(found) == [(None, "low tide"), (None, "high tide")]
    assert found.text == "low tide\n\nhigh tide"


def test_two_voices_in_one_cue_are_two_turns_with_its_times(tmp_path: Path) -> None:
    found = reading(tmp_path, "a.vtt", vtt("1 2 <v Ina>Well</v><v Bo>Yes"))
    assert said(found) == [("Ina", "Well"), ("Bo", "Yes")]
    assert [(turn.start_seconds, turn.stop_seconds) for turn in found.turns] == [(1, 2), (1, 2)]


def test_a_voice_tag_keeps_commas_brackets_and_entities_in_the_name(tmp_path: Path) -> None:
    found = reading(tmp_path, "a.vtt", vtt("1 2 <v.loud Berg, Ina (A&amp;B)>Hi"))
    assert said(found) == [("Berg, Ina (A&B)", "Hi")]


def test_known_tags_go_and_what_a_transcriber_wrote_stays(tmp_path: Path) -> None:
    cues = vtt("1 2 <i>a</i> <00:01.500><c.x>b</c> {\\an8}c <inaudible> 1 < 2 [laughs] &lt;3")
    assert reading(tmp_path, "a.vtt", cues).text == "a b c <inaudible> 1 < 2 [laughs] <3"


def test_notes_styles_and_ids_are_not_speech(tmp_path: Path) -> None:
    found = reading(
        tmp_path,
        "a.vtt",
        "WEBVTT - Kick-off\nKind: captions\n\nSTYLE\n::cue { color: red }\n\nNOTE a\nb\n\n"
        "intro\n00:01.000 --> 00:02.000\nHello.\n\nNOTE c\n\n00:03.000 --> 00:04.000\nBye.\n",
    )
    assert [words for _, words in said(found)] == ["Hello.", "Bye."]
    assert found.metadata == {"title": "Kick-off\nKind: captions", "note": "a\nb\nc"}
    assert told(found) == []


def test_a_malformed_cue_is_a_warning_with_its_line_and_its_words_stay(tmp_path: Path) -> None:
    content = "WEBVTT\n\n00:01.000 --> 00:02.000\nOne.\n\n00:xx --> 00:03.000\nTwo.\n"
    found = reading(tmp_path, "a.vtt", content)
    assert told(found) == [("malformed_cue", 6)]
    assert [words for _, words in said(found)] == ["One.", "Two."]
    assert [turn.start_seconds for turn in found.turns] == [1, None]


def test_a_cue_that_stops_before_it_starts_has_no_end(tmp_path: Path) -> None:
    found = reading(tmp_path, "a.vtt", vtt("5 4 One."))
    assert told(found) == [("stop_before_start", 3)]
    assert (found.turns[0].start_seconds, found.turns[0].stop_seconds) == (5, None)


def test_time_running_backwards_keeps_the_order_and_warns(tmp_path: Path) -> None:
    found = reading(tmp_path, "a.vtt", vtt("5 6 One.", "1 2 Two."))
    assert [words for _, words in said(found)] == ["One.", "Two."]
    assert told(found) == [("time_backwards", 6)]


def test_two_cues_of_the_same_time_run_forward(tmp_path: Path) -> None:
    found = reading(tmp_path, "a.vtt", vtt("5 6 One.", "5 7 Two."))
    assert told(found) == []


def test_text_after_an_empty_line_inside_a_cue_stays_with_it(tmp_path: Path) -> None:
    content = (
        "1\n00:00:01,000 --> 00:00:02,000\nOne\n\ntwo.\n\n2\n00:00:03,000 --> 00:00:04,000\nB\n"
    )
    found = reading(tmp_path, "a.srt", content)
    assert [words for _, words in said(found)] == ["One two.", "B"]
    assert told(found) == [("outside_cue", 5)]


def test_rolling_captions_say_each_line_once(tmp_path: Path) -> None:
    cues = vtt("1 2 so we", "2 3 so we\nwent", "3 4 went\nhome", "4 5 home\nlate")
    found = reading(tmp_path, "a.vtt", cues)
    assert [words for _, words in said(found)] == ["so we", "went", "home", "late"]
    assert told(found) == [("rolling_captions", 6)]
    assert found.facts["repeated_lines"] == 3


def test_people_may_repeat_themselves(tmp_path: Path) -> None:
    cues = vtt("1 2 No.", "2 3 No.", "3 4 I said", "5 6 what", "7 8 I", "9 10 said")
    assert reading(tmp_path, "a.vtt", cues).text.count("No.") == 2


def test_a_colon_in_speech_makes_no_speaker(tmp_path: Path) -> None:
    cues = vtt("1 2 Ina: Go.", "2 3 Bo: I", "3 4 and then she said: no", "4 5 Ina: So.")
    found = reading(tmp_path, "a.vtt", cues)
    assert said(found) == [("Ina", "Go."), ("Bo", "I and then she said: no"), ("Ina", "So.")]
    assert told(found) == [("label_like", 9)]


def test_a_web_address_and_a_clock_time_are_no_labels(tmp_path: Path) -> None:
    found = reading(tmp_path, "a.vtt", vtt("1 2 https://a.example", "2 3 at 10:30 we met"))
    assert [turn.speaker for turn in found.turns] == [None, None]
    assert told(found) == []


def test_labels_in_square_brackets_lose_them(tmp_path: Path) -> None:
    cues = "1\n00:00:01,000 --> 00:00:02,000\n[SPEAKER_00]: Hello.\n"
    assert said(reading(tmp_path, "a.srt", cues)) == [("SPEAKER_00", "Hello.")]


def test_a_label_without_words_is_an_empty_turn(tmp_path: Path) -> None:
    found = reading(tmp_path, "a.vtt", vtt("1 2 Host:", "2 3 Guest: Hi."))
    assert said(found) == [("Host", ""), ("Guest", "Hi.")]
    assert told(found) == [("empty_turn", 3)]


def test_escape_characters_are_dropped_and_counted_even_as_references(tmp_path: Path) -> None:
    found = reading(tmp_path, "a.vtt", vtt("1 2 a\x1bb &#27;c &#13;d"))
    assert found.text == "ab c  d"
    assert found.dropped == {"U+001B": 1}


def test_a_file_without_any_timing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match=r"a\.vtt: No line of the file is the timing"):
        reading(tmp_path, "a.vtt", "WEBVTT\n\nHello.\n")


def test_captions_are_read_in_proportion_to_their_number(tmp_path: Path) -> None:
    from time import process_time

    def cost(count: int) -> float:
        content = vtt(*(f"{i % 60} {i % 60} P{i % 3}: words of cue {i}" for i in range(count)))
        begun = process_time()
        reading(tmp_path, "a.vtt", content)
        return process_time() - begun

    assert cost(16_000) < 24 * cost(2_000)  # 8 times is in proportion; quadratic would be 64


SBV = "0:00:01.000,0:00:02.000\nIna: One[br]and two.\n\n0:00:02.500,0:00:03.000\nBo: Three.\n"


def test_captions_of_youtube_are_cues(tmp_path: Path) -> None:
    found = reading(tmp_path, "a.sbv", SBV)
    assert said(found) == [("Ina", "One and two."), ("Bo", "Three.")]
    assert [(turn.start_seconds, turn.stop_seconds) for turn in found.turns] == [(1, 2), (2.5, 3)]
    assert told(found) == []


def test_times_of_youtube_that_cannot_be_read_stay_as_text(tmp_path: Path) -> None:
    found = reading(tmp_path, "a.sbv", SBV.replace("0:00:02.500", "0:00:xx"))
    assert [(w.code, w.line, w.message) for w in found.warnings] == [
        ("outside_cue", 4, "Text after an empty line; read as part of the cue before.")
    ]
    assert "Three." in found.text


def test_a_file_of_youtube_without_times_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match="No line of the file is the timing of a caption"):
        reading(tmp_path, "a.sbv", "One.\n")


ODD = """WEBVTT - Title

NOTE one
two

1
00:00:01.000 --> 00:00:02.500 align:left
  two lines \n 	
of it

x-7/1
01:02,003 --> 00:01.000
it ends before it starts


00:00:09.007 --> 00:00:10.000
a --> b
\t
00:00:11.000 --> 00:00:12.000
&nbsp;
"""


@pytest.mark.parametrize("ending", [".vtt", ".srt"])
def test_the_pattern_for_usual_cues_reads_what_reading_line_by_line_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    file = tmp_path / f"a{ending}"
    file.write_text(ODD, encoding="utf-8")
    by_pattern = captions.read_captions(Source(file, file.read_bytes(), ending[1:]))
    monkeypatch.setattr(captions, "_USUAL", re.compile(r"(?!)"))
    by_line = captions.read_captions(Source(file, file.read_bytes(), ending[1:]))
    assert by_pattern == by_line
    assert by_pattern.turns


def test_turns_of_captions_are_turns_like_others(tmp_path: Path) -> None:
    turn = reading(tmp_path, "a.vtt", vtt("1 2 words")).turns[0]
    assert turn == Turn(1, None, None, 0, 5, turn.start_seconds, turn.stop_seconds, turn.line)
    with pytest.raises(FrozenInstanceError):
        turn.n = 2  # type: ignore[misc]
