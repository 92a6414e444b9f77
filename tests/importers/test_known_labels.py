"""Labels known from other documents: where prose may look like a label, one of these is one."""

from __future__ import annotations

from pathlib import Path

import pytest

from qualcode.importers import read
from tests.importers.docx_files import docx, p, run

TALK = ["CM: Hello there.", "PO: Hi.", "CM: So.", "PO: Yes.", "Dana: I came late."]
CUES = (
    "WEBVTT\n\n00:01.000 --> 00:02.000\nhello there\n\n00:02.000 --> 00:03.000\n"
    "dana ruiz: i came late\n\n00:03.000 --> 00:04.000\nand left\n"
)


def speakers(path: Path, *labels: str) -> list[str | None]:
    return [turn.speaker for turn in read(path, labels=labels).turns]


@pytest.mark.parametrize("ending", ["txt", "md"])
def test_a_known_label_need_not_occur_twice(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"talk.{ending}"
    path.write_text("\n\n".join(TALK))
    assert speakers(path) == ["CM", "PO", "CM", "PO"]
    assert speakers(path, "dana") == ["CM", "PO", "CM", "PO", "Dana"]
    assert speakers(path, "Dana (moderator)")[-1] == "Dana"


def test_parts_of_a_known_name_are_no_label(tmp_path: Path) -> None:
    path = tmp_path / "talk.txt"
    path.write_text("\n\n".join(TALK))
    assert speakers(path, "Dana Ruiz") == ["CM", "PO", "CM", "PO"]


def test_a_word_that_never_speaks_is_no_label_though_known(tmp_path: Path) -> None:
    path = tmp_path / "talk.txt"
    path.write_text("\n\n".join([*TALK, "Note: the end."]))
    assert speakers(path, "Note") == ["CM", "PO", "CM", "PO"]


def test_word_documents_know_them_too(tmp_path: Path) -> None:
    path = tmp_path / "talk.docx"
    path.write_bytes(docx(*(p(run(line)) for line in TALK)))
    assert speakers(path, "Dana") == ["CM", "PO", "CM", "PO", "Dana"]


def test_captions_know_them_too(tmp_path: Path) -> None:
    path = tmp_path / "talk.vtt"
    path.write_text(CUES)
    assert speakers(path) == [None, None, None]
    assert speakers(path, "Dana Ruiz") == [None, "dana ruiz"]
