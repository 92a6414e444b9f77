"""``qualcode preview``: the fixed keys, and the lines for people."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from qualcode.errors import ReadingError
from qualcode.reports.preview import preview, preview_lines


def found(tmp_path: Path, name: str, content: str) -> dict[str, Any]:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8", newline="")
    answer = preview([path])
    assert answer["schema"] == "qualcode.preview/1"
    (file,) = answer["files"]
    return dict(file)


def test_the_keys_that_other_programs_rely_on(tmp_path: Path) -> None:
    text = "Head\nIna: Hi.\n\n  And more.\nIna: Bye: now.\nInasmuch: no.\n"
    file = found(tmp_path, "a.txt", text)
    assert file["file"] == str(tmp_path / "a.txt")
    assert (file["format"], file["encoding"], file["characters"]) == ("txt", "utf-8", len(text))
    assert file["sha256"] == hashlib.sha256(text.encode()).hexdigest()
    assert file["speakers"] == {"Ina": 2}
    assert [(w["code"], w["line"]) for w in file["warnings"]] == [("label_like", 6)]
    assert [(t["n"], t["speaker"], t["text"]) for t in file["turns"]] == [
        (1, "Ina", "Hi.\nAnd more."),
        (2, "Ina", "Bye: now.\nInasmuch: no."),
    ]
    assert file["preamble_lines"] == 1
    json.dumps(file, allow_nan=False)


def test_turns_of_nobody_are_counted_under_none(tmp_path: Path) -> None:
    file = found(tmp_path, "a.srt", "1\n00:00:01,000 --> 00:00:02,000\nHello.\n")
    assert file["turns"][0]["speaker"] is None
    assert (file["turns"][0]["start_seconds"], file["turns"][0]["stop_seconds"]) == (1, 2)
    assert file["speakers"] == {"(none)": 1}
    assert file["cues"] == {"total": 1, "labelled": 0, "unlabelled": 1}


def test_people_see_five_turns_and_a_summary(tmp_path: Path) -> None:
    cues = "\n\n".join(
        f"01:{n:02}:00.000 --> 01:{n:02}:01.000\nP{n % 2 + 1}: words {n}" for n in range(7)
    )
    lines = list(preview_lines(found(tmp_path, "a.vtt", f"WEBVTT\n\n{cues}\n")))
    assert lines == [
        f"{tmp_path / 'a.vtt'}: vtt, utf-8, 89 characters",
        "  P1: 4 turns",
        "  P2: 3 turns",
        "  1  1:00:00  P1: words 0",
        "  2  1:01:00  P2: words 1",
        "  3  1:02:00  P1: words 2",
        "  4  1:03:00  P2: words 3",
        "  5  1:04:00  P1: words 4",
        "  … and 2 more",
        "7 turns, 2 speakers, 0 unattributed cues, 0 characters dropped",
    ]


def test_warnings_are_shown_with_their_line_and_not_without_end(tmp_path: Path) -> None:
    odd = "\n".join(f"Maybe {n}: text" for n in range(12))
    lines = list(preview_lines(found(tmp_path, "a.txt", f"Ina: Hi.\nIna: You.\n{odd}\n")))
    assert "  ! line 3: Looks like a speaker label, read as text." in lines
    assert "  ! … and 2 more" in lines


def test_a_long_turn_is_one_short_line(tmp_path: Path) -> None:
    file = found(tmp_path, "a.txt", "Ina: Hi\n" + "word " * 100 + "\nIna: You.\n")
    line = next(line for line in preview_lines(file) if line.startswith("  1"))
    assert len(line) == 100
    assert line.endswith("…")


def test_a_file_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ReadingError):
        preview([tmp_path / "none.txt"])


def test_control_characters_are_visible_on_the_terminal(tmp_path: Path) -> None:
    from click.testing import CliRunner

    from qualcode.cli.documents import preview_command

    path = tmp_path / "a.txt"
    path.write_text("Ina: \u202eno\nIna: yes\x9b\n", encoding="utf-8")
    output = CliRunner().invoke(preview_command, [str(path)]).output
    assert "\u2426no" in output
    assert "\u202e" not in output
    assert "\x9b" not in output


def test_previewing_a_text_loads_no_heavy_package(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Ina: Hi.\nIna: You.\n", encoding="utf-8")
    program = (
        "import sys; from qualcode.reports.preview import preview;"
        f" preview([{str(path)!r}]);"
        " heavy = {'pandas', 'numpy', 'spacy', 'docx', 'textual', 'sqlite3', 'nupunkt'};"
        " print(sorted(heavy & set(sys.modules)))"
    )
    result = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    assert result.stdout.strip() == "[]"
