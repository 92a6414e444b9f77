"""The sample study is what a new user reads first: each of its files reads as it should."""

from __future__ import annotations

from pathlib import Path

import pytest

from qualcode.importers import read

SAMPLE = Path(__file__).parents[2] / "transcripts_sample"

STUDY: dict[str, tuple[str, str | None, set[str]]] = {
    "A-FG1.vtt": (
        "vtt",
        None,
        {"Moderator Ruth Quist", "Al Ferrante", "Dana Will", "D.J. Okafor", "T. May", "Ali Haddad"}
        | {"Sgt. Lena Brandt"},
    ),
    "A-FG2.srt": ("srt", None, {f"SPEAKER_0{n}" for n in range(6)}),
    "A-FN1.txt": ("txt", None, set()),
    "A-INT1.docx": ("docx", "bold-label", {"Interviewer", "Hollis Vane"}),
    "A-INT2.txt": ("txt", "label-gap-time", {"Interviewer", "Marisol Etxe"}),
    "A-P1.csv": ("csv", None, {"Interviewer", "Nadine"}),
    "B-FG1.docx": (
        "docx",
        "label-bracket-time",
        {"Moderator 1", "Moderator 2", "Ofc. Renner", "Ofc. Núñez", "Ofc. Pruitt", "Ofc. Sloan"}
        | {"Cpl. Adeyemi"},
    ),
    "B-FG2.txt": ("txt", "label", {"MOD", "CM1", "CM2", "CM3", "CM4"}),
    "B-INT1.pdf": ("pdf", "label", {"Interviewer", "Imke Sandoval"}),
    "B-INT2.txt": ("txt", "label", {"INT", "SGT"}),
    "B-P1.vtt": ("vtt", None, {"Interviewer", "Corey"}),
    "X-MOU.pdf": ("pdf", None, set()),
}
"""File → format, label pattern, speakers."""

TIMED = ["A-FG1.vtt", "A-FG2.srt", "A-INT2.txt", "A-P1.csv", "B-FG1.docx", "B-P1.vtt"]
EXPECTED_WARNINGS = {"no_speakers", "tracked_insertions", "tracked_deletions", "comments"} | {
    "running_lines",
    "column_left_out",
}


@pytest.mark.parametrize("name", STUDY)
def test_a_file_has_the_format_and_speakers_it_is_known_for(name: str) -> None:
    found = read(SAMPLE / name)
    kind, pattern, speakers = STUDY[name]
    assert (found.format, found.pattern) == (kind, pattern)
    assert {turn.speaker for turn in found.turns} - {None} == speakers
    assert not found.dropped


@pytest.mark.parametrize("name", [name for name, (_, _, speakers) in STUDY.items() if speakers])
def test_every_speaker_takes_part_in_the_conversation(name: str) -> None:
    found = read(SAMPLE / name)
    spoken = [turn.speaker for turn in found.turns]
    assert len(spoken) >= 40
    assert all(spoken.count(speaker) >= 5 for speaker in STUDY[name][2])
    assert spoken.count(None) <= 1
    assert all(turn.start < turn.stop for turn in found.turns)


@pytest.mark.parametrize("name", STUDY)
def test_no_warning_is_one_to_wonder_about(name: str) -> None:
    assert {warning.code for warning in read(SAMPLE / name).warnings} <= EXPECTED_WARNINGS


@pytest.mark.parametrize("name", TIMED)
def test_times_run_forward(name: str) -> None:
    times = [turn.start_seconds for turn in read(SAMPLE / name).turns]
    known = [time for time in times if time is not None]
    assert len(known) == len(times)
    assert known == sorted(known)
    assert known[-1] > 300


@pytest.mark.parametrize("name", STUDY)
def test_a_file_says_that_it_is_fictional(name: str) -> None:
    found = read(SAMPLE / name)
    said = found.text + " ".join(found.metadata.values())
    assert "fictional" in said.casefold()
