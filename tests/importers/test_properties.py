"""What holds of every reader, whatever the file."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from typing import Any
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qualcode.errors import ReadingError
from qualcode.importers import readers
from qualcode.importers.source import Source
from qualcode.model import Reading
from qualcode.reports.preview import turn_text
from tests.importers import odt_files as odt
from tests.importers.docx_files import docx, p, run, table
from tests.importers.pdf_files import paged
from tests.importers.xlsx_files import workbook

FORMATS = [
    "txt", "md", "docx", "vtt", "srt", "sbv", "odt", "rtf", "html", "json", "tsv", "otr", "eaf",
    "cha", "csv", "pdf", "xlsx",
]  # fmt: skip
PIECES = st.sampled_from([
    "Ina:", "Bo Lind:", "**Ina:**", "[Ina]", "[00:03]", "(0:03)", "0:05", "#00:00:12-0#", "WEBVTT",
    "NOTE", "-->", "00:01.000", "00:00:01,000", "2", "<v Ina>", "</v>", "<i>", r"{\an8}", "&amp;",
    "&#27;", "hello", "[laughs]", "//yes//", "---", "#", "```", "|", "-", ":", "\u202e", "\x1b",
    "\x00", "\ufeff", "\u2028", "\ud800", "e\u0301", "é", "世", "\U0001f600",
])  # fmt: skip
GAPS = st.sampled_from([" ", "\n", "\n\n", "\t", "\r\n", "\x0c", "  "])
SPOKEN = workbook(One=[["speaker", "words"], ["Ina", "One."], ["Bo", "Two."]])
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


@pytest.fixture(autouse=True, scope="module")
def _in_this_process() -> Iterator[None]:
    """Read workbooks here: a child for each would take minutes."""

    def call(function: Callable[..., Any], data: bytes, path: str) -> Any:
        return json.loads(json.dumps(function(data, path)))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("qualcode.importers.tables.call", call)
        yield


def read_or_refuse(content: bytes, format_: str) -> None:
    """Read in this process: a child for each of a thousand files would take minutes."""
    try:
        found = readers()[format_].read(Source("a", content, format_))
    except ReadingError as error:
        problem = str(error)
    else:
        problem = ""
        check(found)
    assert "\n" not in problem


@settings(max_examples=60, deadline=None)
@given(content=st.binary(min_size=1, max_size=300), format_=st.sampled_from(FORMATS))
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


@settings(max_examples=60, deadline=None)
@given(text=CUES)
def test_turns_of_sbv_lie_in_the_composed_text(text: str) -> None:
    timed = re.sub(r"00:(\d\d\.\d{3}) --> 00:(\d\d\.500)", r"0:00:\1,0:00:\2", text)
    read_or_refuse(timed.encode("utf-8", "surrogatepass"), "sbv")


CELLS = st.tuples(SOUP, SOUP, st.sampled_from(["", "0:05", "later", "[0:01:00]"]))


@settings(max_examples=80, deadline=None)
@given(
    rows=st.lists(CELLS, min_size=1, max_size=6),
    header=st.sampled_from([("speaker", "words", "time"), ("id", "how", "day")]),
)
def test_turns_of_tables_lie_in_the_composed_text(
    rows: list[tuple[str, str, str]], header: tuple[str, str, str]
) -> None:
    file = io.StringIO(newline="")
    csv.writer(file).writerows([header, *rows])
    read_or_refuse(file.getvalue().encode("utf-8", "surrogatepass"), "csv")


LEGAL = SOUP.map(
    lambda text: "".join(c for c in text if c in "\t\n" or c >= " ").replace("\ud800", "")
)
FILLED = LEGAL | st.integers() | st.floats(allow_nan=False) | st.datetimes() | st.booleans()


@settings(max_examples=40, deadline=None)
@given(
    rows=st.lists(st.tuples(FILLED, FILLED, FILLED), min_size=1, max_size=6),
    header=st.sampled_from([("speaker", "words", "time"), ("id", "how", "day")]),
    title=st.booleans(),
)
def test_turns_of_workbooks_lie_in_the_composed_text(
    rows: list[tuple[object, ...]], header: tuple[str, ...], title: bool
) -> None:
    read_or_refuse(workbook(One=[*([["A title"]] if title else []), header, *rows]), "xlsx")


@settings(max_examples=100, deadline=None)
@given(changes=st.lists(st.tuples(st.integers(0, 9_000), st.integers(0, 255)), min_size=1))
def test_a_workbook_with_changed_bytes_is_read_or_refused(changes: list[tuple[int, int]]) -> None:
    content = bytearray(SPOKEN)
    for place, byte in changes:
        content[place % len(content)] = byte
    read_or_refuse(bytes(content), "xlsx")


@settings(max_examples=60, deadline=None)
@given(pieces=st.lists(st.tuples(SOUP, st.integers(0, 99)), max_size=8))
def test_turns_of_otranscribe_lie_in_its_words(pieces: list[tuple[str, int]]) -> None:
    page = "".join(
        f'<p><span class="timestamp" data-timestamp="{at}">0:01</span>{escape(words)}</p>'
        for words, at in pieces
    )
    read_or_refuse(json.dumps({"text": page, "media": "a.mp3"}).encode(), "otr")


@settings(max_examples=40, deadline=None)
@given(pages=st.lists(st.lists(SOUP, max_size=5), min_size=1, max_size=3))
def test_turns_of_pdfs_lie_in_the_text(pages: list[list[str]]) -> None:
    lines = [
        [line.encode("latin-1", "ignore").decode("latin-1") for soup in page
         for line in soup.splitlines()]
        for page in pages
    ]  # fmt: skip
    read_or_refuse(paged(*lines), "pdf")


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


XML = LEGAL.map(lambda text: escape(text).replace("\ufffe", ""))
ODT_BLOCKS = st.lists(st.tuples(XML, XML), max_size=4).map(
    lambda pairs: "".join(
        odt.p(f'<text:span text:style-name="B">{a}</text:span><text:s/>{b}') for a, b in pairs
    )
)


@settings(max_examples=80, deadline=None)
@given(blocks=st.lists(ODT_BLOCKS, max_size=6), rows=ROWS, header=st.booleans())
def test_turns_of_opendocument_texts_lie_in_the_text(
    blocks: list[str], rows: list[tuple[str, str]], header: bool
) -> None:
    heads = [["Speaker", "Content"]] if header else []
    read_or_refuse(odt.odt(*blocks, odt.table(*heads, *map(list, rows))), "odt")


RTF_PIECES = st.sampled_from([
    r"{\b ", r"\b ", r"\b0 ", "}", "{", r"\par ", r"\line ", r"\'e9", r"\u8211?", r"\u-10179?",
    r"\u-8704?", r"\plain ", r"\deleted ", r"\revised ", r"\cell ", r"{\footnote ", r"\*", r"\~",
    r"\uc2 ", "Ina:", "Bo Lind: ", "[00:03] ", "hello", r"\bin3 ", r"{\header x}", r"\s1 ", "\\", "'",
])  # fmt: skip


RTF_LINES = st.lists(
    st.tuples(
        st.sampled_from([r"{\b Ina:} ", r"{\b Bo Lind:} ", "Ina: ", r"\pard\s1 "]),
        st.lists(RTF_PIECES, max_size=5).map("".join),
    ),
    max_size=8,
)


@settings(max_examples=150, deadline=None)
@given(lines=RTF_LINES)
def test_turns_of_rich_text_lie_in_it(lines: list[tuple[str, str]]) -> None:
    body = "".join(f"{label}{words}\\par\n" for label, words in lines)
    closing = "}" * max(1, 1 + body.count("{") - body.count("}"))
    read_or_refuse(f"{{\\rtf1 {body}{closing}".encode(), "rtf")


TAGS = st.sampled_from([
    "<p>", "</p>", "<b>", "</b>", "<br>", "<table>", "</table>", "<tr>", "<td>", "</td>", "<li>",
    "<h2>", "</h2>", "<pre>", "</pre>", "<!--", "-->", "<![", "<style>.a{", "</style>", "<title>",
    "<span data-timestamp='3.5'>", "</span>", "<span data-timestamp=x>", "<script>", "</script>",
    "&nbsp;", "Ina:", "Bo: ", "[00:03]", "hello", " ", "\n", "&#27;", "&#xD800;", "<", "\u202e",
])  # fmt: skip


HTML_LINES = st.lists(
    st.tuples(
        st.sampled_from(["<p><b>Ina:</b> ", "<p><b>Bo</b>: ", "<p>Ina: ", "<li>"]),
        st.lists(TAGS, max_size=5).map("".join),
    ),
    max_size=8,
).map(lambda lines: "".join(label + words for label, words in lines))


@settings(max_examples=150, deadline=None)
@given(page=HTML_LINES)
def test_turns_of_web_pages_lie_in_their_words(page: str) -> None:
    read_or_refuse(page.encode(), "html")
    read_or_refuse(json.dumps({"text": page}).encode(), "otr")


TIMES = st.none() | st.floats(allow_nan=True) | st.integers() | st.text(max_size=3)
SEGMENTS = st.lists(
    st.fixed_dictionaries(
        {"start": TIMES, "text": SOUP}, optional={"end": TIMES, "speaker": SOUP | st.none()}
    ),
    max_size=8,
)


@settings(max_examples=150, deadline=None)
@given(segments=SEGMENTS, cut=st.integers(0, 20))
def test_turns_of_machine_transcripts_lie_in_the_composed_text(
    segments: list[dict[str, object]], cut: int
) -> None:
    whole = json.dumps({"segments": segments})
    read_or_refuse(whole.encode(), "json")
    read_or_refuse(whole[: len(whole) - cut].encode(), "json")
    rows = [f"{one['start']}\t{one.get('end', 5)}\t{one['text']}" for one in segments]
    table = "\n".join(["start\tend\ttext", *rows])
    read_or_refuse(table.encode("utf-8", "surrogatepass"), "tsv")


CHA_PIECES = st.sampled_from([
    "*INV:\t", "*A:", "%mor:\t", "@Comment:\t", "@End", "\t", "\n", "\n", "\x15", "\x1510_20\x15",
    "\x1520_10\x15", "hello", "[/]", " . ", "\x1b",
])  # fmt: skip


@settings(max_examples=120, deadline=None)
@given(pieces=st.lists(CHA_PIECES, max_size=40))
def test_turns_of_chat_lie_in_the_composed_text(pieces: list[str]) -> None:
    read_or_refuse(("@Begin\n" + "".join(pieces)).encode(), "cha")


SLOTS = st.sampled_from(["t1", "t2", "t3", "t9", ""])
TIERS = st.lists(
    st.tuples(st.sampled_from(["Ina", "", "B o"]), st.lists(st.tuples(SLOTS, SLOTS, XML))),
    max_size=4,
)


@settings(max_examples=100, deadline=None)
@given(tiers=TIERS)
def test_turns_of_elan_lie_in_the_composed_text(
    tiers: list[tuple[str, list[tuple[str, str, str]]]],
) -> None:
    body = "".join(
        f'<TIER TIER_ID="{name}">'
        + "".join(
            f'<ANNOTATION><A TIME_SLOT_REF1="{start}" TIME_SLOT_REF2="{stop}">'
            f"<ANNOTATION_VALUE>{words}</ANNOTATION_VALUE></A></ANNOTATION>"
            for start, stop, words in annotations
        )
        + "</TIER>"
        for name, annotations in tiers
    )
    slots = "".join(
        f'<TIME_SLOT TIME_SLOT_ID="t{n}" {time}/>'
        for n, time in ((1, 'TIME_VALUE="900"'), (2, ""), (3, 'TIME_VALUE="700"'))
    )
    file = f"<ANNOTATION_DOCUMENT><TIME_ORDER>{slots}</TIME_ORDER>{body}</ANNOTATION_DOCUMENT>"
    read_or_refuse(file.encode(), "eaf")


@pytest.mark.parametrize("format_", ["txt", "md", "vtt", "srt", "sbv", "tsv", "cha"])
def test_a_long_line_of_anything_takes_no_time(format_: str) -> None:
    begins = {"cha": "@Begin\n*A:\t", "tsv": "start\tend\ttext\n"}.get(format_, "")
    pieces = (
        "A:",
        "**",
        " ",
        "[0",
        "<v.",
        "-->",
        "//a",
        "&",
        "#00:00:01-0#",
        "1\n",
        "\t",
        "\x151_",
    )
    for piece in pieces:
        read_or_refuse((begins + piece * 20_000).encode(), format_)
