"""Which format a file has, and files that are none."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from qualcode.errors import ReadingError, UnknownName
from qualcode.importers import formats, read
from qualcode.importers.source import LIMIT
from tests.importers.docx_files import docx, p
from tests.importers.files import reading, told

SRT = "1\n00:00:01,000 --> 00:00:02,000\nHello.\n"


def test_the_formats_read() -> None:
    assert formats()[:5] == ["txt", "md", "docx", "vtt", "srt"]
    others = {"sbv", "odt", "rtf", "html", "pdf", "json", "tsv", "otr", "eaf", "cha"}
    assert others | {"csv", "xlsx"} <= set(formats())


@pytest.mark.parametrize(
    ("name", "content", "format_"),
    [
        ("a.txt", b"Hello.", "txt"),
        ("a.TEXT", b"Hello.", "txt"),
        ("a.md", b"Hello.", "md"),
        ("a.vtt", b"WEBVTT\n\n" + SRT.encode(), "vtt"),
        ("a.srt", SRT.encode(), "srt"),
        ("a.docx", docx(p("Hello.")), "docx"),
    ],
)
def test_the_ending_names_the_format(
    tmp_path: Path, name: str, content: bytes, format_: str
) -> None:
    found = reading(tmp_path, name, content)
    assert (found.format, told(found)[:1] == [("format_by_content", None)]) == (format_, False)


@pytest.mark.parametrize(
    ("name", "content", "format_"),
    [
        ("a.txt", b"WEBVTT\n\n" + SRT.encode(), "vtt"),
        ("a.srt", "\ufeffWEBVTT\n\n".encode() + SRT.encode(), "vtt"),
        ("a.txt", SRT.replace("\n", "\r\n").encode(), "srt"),
        ("a.vtt", SRT.encode("utf-16"), "srt"),
        ("noending", docx(p("Hello.")), "docx"),
    ],
)
def test_the_content_beats_the_ending_and_says_so(
    tmp_path: Path, name: str, content: bytes, format_: str
) -> None:
    found = reading(tmp_path, name, content)
    assert found.format == format_
    assert told(found)[0] == ("format_by_content", None)


def test_a_format_that_is_asked_for_is_taken(tmp_path: Path) -> None:
    found = reading(tmp_path, "a.srt", SRT, format="txt")
    assert (found.format, found.text) == ("txt", SRT)


def test_an_arrow_in_a_text_makes_no_captions(tmp_path: Path) -> None:
    assert reading(tmp_path, "a.txt", "Home --> harbour at 10:30\n").format == "txt"


def test_an_unknown_format_names_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match=r'no format "doc"\. Known: txt, md, docx, vtt, srt'):
        reading(tmp_path, "a.txt", "Hello.", format="doc")


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("a.pdf", b"%PDF-1.7", "damaged or not a PDF"),
        ("a.xyz", b"Hello.", 'Files ending in ".xyz" are not read. Formats read: txt, md'),
        ("a", b"Hello.", "Files without an ending"),
        ("a.txt", b"", "empty"),
        ("a.txt", b" \n\t\n", "holds no text"),
        ("a.vtt", b"WEBVTT\n\n00:01.000 --> 00:02.000\n \n", "holds no text"),
    ],
)
def test_what_cannot_be_read_says_why(
    tmp_path: Path, name: str, content: bytes, problem: str
) -> None:
    with pytest.raises(ReadingError) as caught:
        reading(tmp_path, name, content)
    assert str(caught.value).startswith(str(tmp_path / name))
    assert problem in str(caught.value)


def test_a_folder_a_missing_file_and_a_pipe_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match="a folder"):
        read(tmp_path)
    with pytest.raises(ReadingError, match="No such file"):
        read(tmp_path / "none.txt")
    with pytest.raises(ReadingError, match="not a file name"):
        read(f"{tmp_path}/a\0.txt")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_named_pipe_is_refused_without_waiting_for_a_writer(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    with pytest.raises(ReadingError, match="not a regular file"):
        read(tmp_path / "a.txt")


def test_a_very_large_file_is_read_only_when_asked(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with open(path, "wb") as file:
        file.truncate(LIMIT + 1)
    with pytest.raises(ReadingError, match="only read with --large"):
        read(path)
