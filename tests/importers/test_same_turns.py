"""One conversation in several formats gives the same turns: our own, and the reference one."""

from __future__ import annotations

import os
from html import escape
from pathlib import Path

import pytest

from qualcode.importers import read
from qualcode.reports.preview import turn_text
from tests.importers import odt_files
from tests.importers.docx_files import docx
from tests.importers.docx_files import said as in_word
from tests.importers.files import Said

VARIABLE = "QUALCODE_TRANSCRIPT_CASES"
TALK = [
    ("Ina", "Where were you, José?"),
    ("Bo Lind", "At home – in the kitchen."),
    ("Ina", "Note: alone?"),
    ("Bo Lind", "Alone [laughs]."),
    ("Ina", "No…"),
]


def turns(path: Path) -> list[Said]:
    found = read(path)
    return [
        (turn.speaker, " ".join(turn_text(found.text[turn.start : turn.stop]).split()))
        for turn in found.turns
    ]


def in_rtf(text: str) -> str:
    return "".join(c if c.isascii() else f"\\u{ord(c)}?" for c in text)


CONTENTS = {
    "md": "\n\n".join(f"**{who}:** {words}" for who, words in TALK).encode(),
    "txt": "\r\n".join(f"{who}: {words}" for who, words in TALK).encode("cp1252"),
    "docx": docx(*(in_word(who, words) for who, words in TALK)),
    "odt": odt_files.odt(*(odt_files.said(who, words) for who, words in TALK)),
    "rtf": (
        "{\\rtf1\\ansi "
        + "".join(f"{{\\b {who}:}} {in_rtf(words)}\\par\n" for who, words in TALK)
        + "}"
    ).encode(),
    "html": (
        "<html>" + "".join(f"<p><b>{who}:</b> {escape(words)}</p>" for who, words in TALK)
    ).encode(),
}


@pytest.mark.parametrize("format_", CONTENTS)
def test_a_conversation_has_the_same_turns_in_every_format(tmp_path: Path, format_: str) -> None:
    path = tmp_path / f"a.{format_}"
    path.write_bytes(CONTENTS[format_])
    assert turns(path) == TALK


@pytest.fixture
def reference() -> Path:
    if not os.environ.get(VARIABLE):
        pytest.skip(f"{VARIABLE} is not set: the reference transcripts were not read")
    return Path(os.environ[VARIABLE], "transcripts")


def speakers(path: Path) -> list[str | None]:
    return [turn.speaker for turn in read(path).turns]


@pytest.mark.parametrize("ending", [".html", "_LO.docx", "_LO.odt", "_LO.rtf", "_LO.pdf"])
def test_the_reference_conversation_has_71_turns(reference: Path, ending: str) -> None:
    expected = speakers(reference / "bold_name_inline.md")
    assert len(expected) == 71
    assert speakers(reference / f"bold_name_inline{ending}") == expected


def test_the_reference_conversation_as_windows_text_has_71_turns(
    reference: Path, tmp_path: Path
) -> None:
    words = (reference / "bold_name_inline.md").read_text(encoding="utf-8").replace("**", "")
    path = tmp_path / "a.txt"
    path.write_bytes(words.replace("\n", "\r\n").encode("cp1252", "replace"))
    found = read(path)
    assert (found.encoding, found.pattern) == ("cp1252", "label")
    assert speakers(path) == speakers(reference / "bold_name_inline.md")
