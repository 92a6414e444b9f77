"""What holds of every reader, whatever the file."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qualcode.errors import ReadingError
from qualcode.importers import formats, read
from qualcode.model import Reading
from qualcode.reports.preview import turn_text
from tests.importers.docx_files import docx, p, run, table

PIECES = st.sampled_from([
    "Ina:", "Bo Lind:", "**Ina:**", "[Ina]", "[00:03]", "(0:03)", "0:05", "#00:00:12-0#", "WEBVTT",
    "NOTE", "-->", "00:01.000", "00:00:01,000", "2", "<v Ina>", "</v>", "<i>", r"{\an8}", "&amp;",
    "&#27;", "hello", "[laughs]", "//yes//", "---", "#", "```", "|", "-", ":", "\u202e", "\x1b",
    "\x00", "\ufeff", "\u2028", "\ud800", "e\u0301", "é", "世", "\U0001f600",
])  # fmt: skip
GAPS = st.sampled_from([" ", "\n", "\n\n", "\t", "\r\n", "\x0c", "  "])
SOUP = st.lists(st.tuples(PIECES, GAPS), max_size=60).map(
    lambda pairs: "".join(piece + gap for piece, gap in pairs)
)
CUES = st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99), SOUP), max_size=12).map(
    lambda cues: "\n\n".join(f"00:{a:02}.000 --> 00:{b:02}.500\n{words}" for a, b, words in cues)
)


def check(found: Reading) -> None:
    """Spans lie in the text, ascend and hold the words the preview shows."""
    at = 0
    for n, turn in enumerate(found.turns, 1):
        assert turn.n == n
        assert at <= turn.start <= turn.stop <= len(found.text)
        at = turn.stop
        words = found.text[turn.start : turn.stop]
        assert words == words.strip()
        assert all(line in words for line in turn_text(words).split("\n"))
        assert turn.label is None or turn.label in found.text
    assert all(0 <= at <= len(found.text) for at, _ in found.anchors)
    assert not {"\r", "\x00", "\x1b", "\ufeff"} & set(found.text)
    found.text.encode()  # no lone surrogate


def read_or_refuse(content: bytes, format_: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"a.{format_}")
        path.write_bytes(content)
        try:
            found = read(path, format=format_)
        except ReadingError as error:
            problem = str(error)
        else:
            problem = ""
            check(found)
    assert "\n" not in problem


@settings(max_examples=60, deadline=None)
@given(content=st.binary(min_size=1, max_size=300), format_=st.sampled_from(formats()[:5]))
def test_random_bytes_are_read_or_refused_in_one_line(content: bytes, format_: str) -> None:
    read_or_refuse(content, format_)


@settings(max_examples=120, deadline=None)
@given(text=SOUP, format_=st.sampled_from(["txt", "md"]))
def test_turns_of_running_text_lie_in_it(text: str, format_: str) -> None:
    read_or_refuse(text.encode("utf-8", "surrogatepass"), format_)


@settings(max_examples=120, deadline=None)
@given(text=CUES, format_=st.sampled_from(["vtt", "srt"]))
def test_turns_of_captions_lie_in_the_composed_text(text: str, format_: str) -> None:
    read_or_refuse(("WEBVTT\n\n" + text).encode("utf-8", "surrogatepass"), format_)


LEGAL = SOUP.map(
    lambda text: "".join(c for c in text if c in "\t\n" or c >= " ").replace("\ud800", "")
)
RUNS = st.lists(st.tuples(LEGAL, st.booleans()), max_size=4).map(
    lambda runs: p(*(run(text, bold=bold) for text, bold in runs))
)
ROWS = st.lists(st.tuples(LEGAL, LEGAL), min_size=1, max_size=4)
TABLES = st.tuples(st.booleans(), ROWS).map(
    lambda made: table(*([["Speaker", "Content"]] if made[0] else []), *map(list, made[1]))
)


@settings(max_examples=120, deadline=None)
@given(blocks=st.lists(RUNS | TABLES, max_size=10))
def test_turns_of_word_documents_lie_in_the_text(blocks: list[str]) -> None:
    read_or_refuse(docx(*blocks), "docx")


@settings(max_examples=200, deadline=None)
@given(
    changes=st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), min_size=1, max_size=4)
)
def test_a_word_document_with_changed_bytes_is_read_or_refused(
    changes: list[tuple[int, int]],
) -> None:
    content = bytearray(docx(p("Ina: One."), table(["Speaker", "Content"], ["Bo", "Two."])))
    for place, byte in changes:
        content[place % len(content)] = byte
    read_or_refuse(bytes(content), "docx")


@pytest.mark.parametrize("format_", ["txt", "md", "vtt", "srt"])
def test_a_long_line_of_anything_takes_no_time(format_: str) -> None:
    for piece in ("A:", "**", " ", "[0", "<v.", "-->", "//a", "&", "#00:00:01-0#", "1\n"):
        read_or_refuse((piece * 20_000).encode(), format_)
