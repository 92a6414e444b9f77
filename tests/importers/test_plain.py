"""Plain text and Markdown, and the front matter of both."""

from __future__ import annotations

from pathlib import Path

from tests.importers.files import reading, said, told


def test_the_whole_text_stays_as_it_stands(tmp_path: Path) -> None:
    text = "# Talk\n\n**Ina:** One.\n\n**Bo:** *Two.*\n"
    found = reading(tmp_path, "a.md", text)
    assert found.text == text
    assert said(found) == [("Ina", "One."), ("Bo", "*Two.*")]


def test_front_matter_is_metadata_and_lines_still_count_from_the_file(tmp_path: Path) -> None:
    text = '---\ntitle: "A: B"\ndate: 2031-04-01\nspeakers:\n  - Ina Berg\n---\nIna: Hi.\n'
    found = reading(tmp_path, "a.md", text)
    assert found.text == "Ina: Hi.\n"
    assert found.metadata == {"title": "A: B", "date": "2031-04-01", "speakers": "Ina Berg"}


def test_a_speaker_of_the_front_matter_needs_to_speak_only_once(tmp_path: Path) -> None:
    text = "---\nspeakers: [Ina Berg, Bo Lind]\n---\nIna: Hi.\nBL: Hello.\n"
    found = reading(tmp_path, "a.md", text)
    assert said(found) == [("Ina", "Hi."), ("BL", "Hello.")]
    assert [turn.line for turn in found.turns] == [4, 5]


def test_a_rule_at_the_beginning_is_not_front_matter(tmp_path: Path) -> None:
    text = "---\n\nIt rained. Nobody came.\n\n---\n"
    found = reading(tmp_path, "a.md", text)
    assert (found.text, found.metadata) == (text, {})


def test_words_of_front_matter_are_never_types(tmp_path: Path) -> None:
    text = "---\nblind: no\nn: 010\nlong: |\n  a\n  b\n---\nHello.\n"
    metadata = reading(tmp_path, "a.md", text).metadata
    assert metadata == {"blind": "no", "n": "010", "long": "a\nb"}


def test_a_text_without_speakers_says_so(tmp_path: Path) -> None:
    found = reading(tmp_path, "a.txt", "The room was cold.\n\nNobody came.\n")
    assert (found.turns, told(found)) == ((), [("no_speakers", None)])


def test_a_pattern_can_be_asked_for(tmp_path: Path) -> None:
    text = "[Ina] Well: no.\nWell: yes.\nWell: maybe.\n[Ina] Fine.\n"
    assert reading(tmp_path, "a.txt", text, pattern="label").pattern == "label"
    found = reading(tmp_path, "a.txt", text, pattern="bracket-label")
    assert said(found)[-1] == ("Ina", "Fine.")


def test_the_reading_shows_no_text_when_it_is_printed(tmp_path: Path) -> None:
    assert "secret" not in repr(reading(tmp_path, "a.txt", "Ina: secret\nIna: secret\n"))
