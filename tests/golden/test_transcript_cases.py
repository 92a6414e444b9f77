"""Transcripts with known answers: ``FILE`` and, beside it, ``FILE.expected.json``.

Our own are fictional and always run. Other people's are read in place, where the environment
variable QUALCODE_TRANSCRIPT_CASES names their folder. Every key of an expectation is compared
with ``qualcode preview``.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from qualcode.importers import formats
from qualcode.reports.preview import preview

HERE = Path(__file__).parent / "transcripts"
VARIABLE = "QUALCODE_TRANSCRIPT_CASES"
ENDING = ".expected.json"
FACTS = {
    "kind", "rows", "columns", "text_column", "text_columns", "nonempty_text", "first_text",
    "last_text", "multiline_cells", "longest", "html_entities", "id_column", "metadata",
}  # fmt: skip
"""Keys that are those of the preview."""

ELSEWHERE = {"qde", "qdpx", "qdc", "sqlite3", "qda"}
"""Projects and codebooks of other programs: those are cases of ``test_interchange_cases``."""

REMARKS = {"file", "notes", "timestamps_present", "last_cue_text", "turn_definition"}
"""Keys for people: they repeat others or explain them."""


def cases() -> Iterator[Any]:
    folders = [HERE]
    if os.environ.get(VARIABLE):
        folders.append(Path(os.environ[VARIABLE]))
    for folder in folders:
        for expected in sorted(folder.rglob("*" + ENDING)):
            path = expected.with_name(expected.name.removesuffix(ENDING))
            kinds = {path.suffix.lstrip(".")} if path.exists() else _kinds_beside(path)
            if kinds & ELSEWHERE:
                continue
            yield pytest.param(path, expected, id=str(path.relative_to(folder)))


def _kinds_beside(path: Path) -> set[str]:
    """The endings of files of that name, where an expectation leaves the ending out."""
    return {other.suffix.lstrip(".") for other in path.parent.glob(f"{path.name}.*")}


@pytest.mark.parametrize(("path", "expected"), list(cases()))
def test_a_transcript_previews_as_expected(path: Path, expected: Path) -> None:
    kind = path.suffix.lstrip(".")
    if kind not in formats():
        pytest.skip(f"{path.name}: the format {kind!r} is not read yet")
    found = preview([path])["files"][0]
    wanted = json.loads(expected.read_text(encoding="utf-8"))
    other = wanted.pop("same_content_as", None)
    if other is not None:
        twin = preview([expected.parents[1] / other])["files"][0]
        assert [turn["speaker"] for turn in found["turns"]] == [
            turn["speaker"] for turn in twin["turns"]
        ]
    assert {key: answer(found, key, wanted[key]) for key in wanted if key not in REMARKS} == {
        key: value for key, value in wanted.items() if key not in REMARKS
    }


OURS = [path for path in sorted(HERE.iterdir()) if not path.name.endswith(ENDING)]


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_each_of_our_own_transcripts_says_that_it_is_fictional(path: Path) -> None:
    found = preview([path])["files"][0]
    text = json.dumps([found["turns"], found["metadata"]]) + raw_text(path)
    assert "fictional" in text.casefold()


def test_the_cases_of_others_are_named() -> None:
    if not os.environ.get(VARIABLE):
        pytest.skip(f"{VARIABLE} is not set: transcripts of other people were not read")
    assert list(Path(os.environ[VARIABLE]).rglob("*" + ENDING)), "no expectation in that folder"


def raw_text(path: Path) -> str:
    from qualcode.importers import examine

    return examine(path).text


def answer(found: dict[str, Any], key: str, wanted: Any) -> Any:
    """Give the preview's answer to one key; equal to ``wanted`` where it is right."""
    turns = found["turns"]
    times = [turn["start_seconds"] for turn in turns if turn["start_seconds"] is not None]
    if key == "turns_labelled":
        return len(turns)
    if key == "turns_merged_same_speaker":
        speakers = [turn["speaker"] for turn in turns]
        return sum(1 for i, who in enumerate(speakers) if i == 0 or who != speakers[i - 1])
    if key == "speakers":
        return [{"name": name, "turns": count} for name, count in found["speakers"].items()]
    if key in ("first_turn", "last_turn"):
        return opening(turns[0 if key == "first_turn" else -1], wanted)
    if key == "timestamped_turns":
        return len(times)
    if key in ("first_time_s", "last_time_s"):
        time = times[0 if key == "first_time_s" else -1] if times else None
        return wanted if same_time(time, wanted) else time
    if key == "unlabelled_lines_before_first_turn":
        return found["preamble_lines"]
    if key in ("cues", "labelled_cues", "unlabelled_cues"):
        return found["cues"]["total" if key == "cues" else key.removesuffix("_cues")]
    if key in FACTS:
        return found[key]
    if key == "tagged_rows":
        return found["filled"]["tags"]
    if key == "non_ascii":
        return sum(not turn["text"].isascii() for turn in turns)
    if key == "all_timestamps":
        return [stamp for stamp, time in zip(wanted, times, strict=True) if is_at(stamp, time)]
    if key == "warnings":
        return [warning["code"] for warning in found["warnings"]]
    raise AssertionError(f"nobody checks the key {key!r}")


def opening(turn: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    start = " ".join(turn["text"].split())[:80]
    time = turn["start_seconds"]
    speaker = turn["speaker"]
    if speaker is None and wanted["speaker"] == "(none)":
        speaker = "(none)"
    return {
        **wanted,
        "speaker": speaker,
        "time": wanted["time"] if same_time(time, in_seconds(wanted["time"])) else time,
        "text_start": wanted["text_start"]
        if " ".join(wanted["text_start"].split()) == start.strip()
        else start,
    }


def same_time(time: float | None, wanted: float | None) -> bool:
    if time is None or wanted is None:
        return time is wanted
    return abs(time - wanted) <= 0.001


def is_at(stamp: str, time: float) -> bool:
    return same_time(time, in_seconds(stamp))


def in_seconds(stamp: str | float | None) -> float | None:
    if stamp is None or isinstance(stamp, int | float):
        return stamp
    total = 0.0
    for part in stamp.strip("[]").replace(",", ".").split(":"):
        total = total * 60 + float(part)
    return total
