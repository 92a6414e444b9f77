"""Whisper and WhisperX: segments are cues; damage and odd times are told with their line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from qualcode.errors import ReadingError
from tests.importers.files import reading, said, told


def segment(start: Any, end: Any, words: str, **more: Any) -> dict[str, Any]:
    return {"start": start, "end": end, "text": words, **more}


def whisper(*segments: Any) -> str:
    """A file with a segment on each line, from line 2 on."""
    lines = ",\n".join(json.dumps(one) for one in segments)
    return '{"language": "en", "segments": [\n' + lines + '\n], "text": ""}'


def test_without_speakers_each_segment_is_a_turn(tmp_path: Path) -> None:
    found = reading(tmp_path, "a.json", whisper(segment(0, 1.5, " One."), segment(1.5, 2, " Two.")))
    assert said(found) == [(None, "One."), (None, "Two.")]
    assert [(turn.start_seconds, turn.stop_seconds) for turn in found.turns] == [(0, 1.5), (1.5, 2)]
    assert (found.text, found.metadata) == ("One.\n\nTwo.", {"language": "en"})


def test_segments_of_one_speaker_are_one_turn(tmp_path: Path) -> None:
    found = reading(
        tmp_path,
        "a.json",
        whisper(
            segment(0, 1, "One.", speaker="SPEAKER_00"),
            segment(1, 2, "Two."),
            segment(2, 3, "Three.", speaker="SPEAKER_01"),
        ),
    )
    assert said(found) == [("SPEAKER_00", "One. Two."), ("SPEAKER_01", "Three.")]
    assert found.facts["cues"] == {"total": 3, "labelled": 2, "unlabelled": 1}
    assert [seconds for _, seconds in found.anchors] == [0, 1, 2]


def test_a_long_pause_ends_a_turn_where_that_is_asked(tmp_path: Path) -> None:
    cues = [segment(n * 10, n * 10 + 1, "So.", speaker="A") for n in range(2)]
    assert len(reading(tmp_path, "a.json", whisper(*cues), max_gap=5).turns) == 2


@pytest.mark.parametrize("start", [None, "x", True, -1, [], 1e999])
def test_times_that_are_none_are_told_and_the_words_stay(tmp_path: Path, start: Any) -> None:
    content = whisper(segment(0, 1, "One."), segment(start, 2, "Two."))
    found = reading(tmp_path, "a.json", content)
    assert [words for _, words in said(found)] == ["One.", "Two."]
    assert told(found) == [("malformed_cue", 3)]
    assert found.warnings[0].message == "These times cannot be read; the words are kept."
    assert found.turns[1].start_seconds is None


def test_an_entry_that_is_no_segment_is_told(tmp_path: Path) -> None:
    found = reading(tmp_path, "a.json", whisper(segment(0, 1, "One."), 7))
    assert [(w.code, w.line, w.message) for w in found.warnings] == [
        ("malformed_cue", 3, "This is no segment.")
    ]


def test_times_out_of_order_are_told(tmp_path: Path) -> None:
    content = whisper(segment(5, 4, "One."), segment(1, 2, "Two."))
    assert told(reading(tmp_path, "a.json", content)) == [
        ("stop_before_start", 2),
        ("time_backwards", 3),
    ]


def test_what_an_escape_smuggles_in_is_dropped_and_counted(tmp_path: Path) -> None:
    found = reading(tmp_path, "a.json", whisper(segment(0, 1, "a\x1bb \ud800 c\nd")))
    assert found.text == "ab \ufffd c d"
    assert dict(found.dropped) == {"U+001B": 1, "lone surrogate": 1}


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ('{"segments": []}', 'no "segments"'),
        ('{"other": 1}', 'no "segments"'),
        ("[1, 2]", "damaged or cut off (line 1)"),
        (whisper(segment(0, 1, "One."))[:-30], "damaged or cut off (line 2)"),
        ('{"segments": [' + "[" * 100_000, "damaged or cut off (line 1)"),
        ('{"segments": [{"start": ' + "9" * 10_000 + "}]}", "damaged or cut off (line 1)"),
        ('{"segments": [] "x": 1}', "damaged or cut off (line 1)"),
    ],
)
def test_what_cannot_be_read_says_why(tmp_path: Path, content: str, problem: str) -> None:
    with pytest.raises(ReadingError) as caught:
        reading(tmp_path, "a.json", content)
    assert problem in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_content_beats_the_ending(tmp_path: Path) -> None:
    found = reading(tmp_path, "a.txt", whisper(segment(0, 1, "One.")))
    assert (found.format, told(found)[0]) == ("json", ("format_by_content", None))


def test_a_table_counts_milliseconds(tmp_path: Path) -> None:
    found = reading(tmp_path, "a.tsv", "start\tend\ttext\n0\t1500\tOne.\n1500\t2000\tTwo.\n")
    assert said(found) == [(None, "One."), (None, "Two.")]
    assert found.turns[1].start_seconds == 1.5
    assert told(found) == []


def test_a_table_may_say_who_speaks(tmp_path: Path) -> None:
    rows = "start\tend\tspeaker\ttext\n0\t1\tA\tOne.\n1\t2\tA\tTwo.\n2\t3\tB\tThree.\n"
    assert said(reading(tmp_path, "a.tsv", rows)) == [("A", "One. Two."), ("B", "Three.")]


def test_a_damaged_row_is_told_and_its_words_stay(tmp_path: Path) -> None:
    found = reading(tmp_path, "a.tsv", "start\tend\ttext\n0\t1\tOne.\nlost words\n5\tx\tTwo.\n")
    assert [(w.line, w.message) for w in found.warnings] == [
        (3, "1 cell where the header has 3; the words are kept."),
        (4, "These times cannot be read; the words are kept."),
    ]
    assert [words for _, words in said(found)] == ["One.", "lost words", "Two."]


def test_another_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match="read another one with --format csv"):
        reading(tmp_path, "a.tsv", "who\twhat\nA\tOne.\n")
