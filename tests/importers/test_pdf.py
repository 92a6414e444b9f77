"""PDF: which lines are one paragraph, and which are nobody's words."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from qualcode.errors import ReadingError
from qualcode.importers import guarded
from qualcode.importers.pdf import read_pdf
from qualcode.importers.source import Source
from qualcode.model import Reading
from tests.importers.files import reading, said, told
from tests.importers.pdf_files import paged, placed, written
from tests.importers.test_properties import check

TALK = [
    "Ina: It was raining, and nobody had told us where",
    "to go, so we waited at the door.",
    "Bo: And then?",
    "Ina: Then she came.",
    "Bo: Good.",
]


def read(content: bytes) -> Reading:
    """Read without the child process, which takes its time."""
    return read_pdf(Source("a.pdf", content, "pdf"))


def refused(content: bytes) -> str:
    with pytest.raises(ReadingError) as caught:
        read(content)
    return caught.value.problem


def test_a_wrapped_line_continues_and_a_label_begins_a_turn() -> None:
    assert said(read(paged(TALK))) == [
        ("Ina", "It was raining, and nobody had told us where to go, so we waited at the door."),
        ("Bo", "And then?"),
        ("Ina", "Then she came."),
        ("Bo", "Good."),
    ]


def test_a_line_that_had_room_for_the_next_word_ends_its_paragraph() -> None:
    found = read(paged(["One line that is as wide as any of them", "Short one.", "go on"]))
    assert found.text == "One line that is as wide as any of them Short one.\n\ngo on"


def test_a_word_of_two_keeps_its_hyphen_at_the_end_of_a_line() -> None:
    lines = ["Ina: They talked a lot about harm-", "reduction, and then about my e-", "mail. Well."]
    found = read(paged([*lines, "Bo: And harm-reduction, was that what it was?"]))
    assert "a lot about harm-reduction, and then about my e-mail." in found.text
    assert not found.dropped


def test_a_word_parted_to_fit_is_one_word_again() -> None:
    lines = ["Ina: He wanted some com-", "pany, and I said that com-", "pany was what I had."]
    found = read(paged([*lines, "Bo: So was the company good, and was he there?"]))
    assert "He wanted some company, and I said that company was" in found.text
    assert found.dropped == {"U+FFFE": 2}


def test_a_word_parted_by_the_end_of_a_page_is_one_word_again() -> None:
    first = ["Ina: We had company, and I said that some com-"]
    second = ["pany was just what I had wanted for this day,", "since March."]
    assert (
        "some company was just what I had wanted for this day, since"
        in read(paged(first, second)).text
    )


def test_a_speaker_cut_short_with_a_hyphen_does_not_swallow_the_next() -> None:
    lines = ["Ina: I was only go-", "Bo: And then?", "Ina: Then she came.", "Bo: Good."]
    assert said(read(paged(lines)))[:2] == [("Ina", "I was only go-"), ("Bo", "And then?")]


def test_a_number_wrapped_at_its_hyphen_is_one_number() -> None:
    lines = ["Ina: and all she had for me was that 555-", "0142, in the rain."]
    assert read(paged(lines)).text == "Ina: and all she had for me was that 555-0142, in the rain."


def test_a_greater_distance_parts_paragraphs() -> None:
    lines = [
        "Ina: a line that is as wide as any here",
        "is.",
        "Ina: yes and yes and yes and so on as wide",
        "",
        "No.",
    ]
    assert said(read(paged(lines)))[1] == ("Ina", "yes and yes and yes and so on as wide\n\nNo.")


def test_a_label_begins_a_line_even_where_the_line_before_is_full() -> None:
    found = read(
        paged(
            ["Ina: this line is full up to the very end", "Bo: Yes.", "Ina: I see.", "Bo: Do you?"]
        )
    )
    assert [who for who, _ in said(found)] == ["Ina", "Bo", "Ina", "Bo"]


def test_words_before_a_colon_that_were_only_wrapped_to_a_line_are_no_label() -> None:
    lines = [
        "Ina: I was at the door, in the rain, when he turned",
        "round, said: go away and come back another day",
        "Bo: Did he?",
        "Ina: Yes, and a week later, the same thing, he came",
        "round, said: go away, we have no room here for you",
        "Bo: I see.",
    ]  # fmt: skip
    found = read(paged(lines))
    assert [who for who, _ in said(found)] == ["Ina", "Bo", "Ina", "Bo"]
    assert "turned round, said: go away" in found.text


def test_what_looks_like_a_label_keeps_its_line_and_is_told() -> None:
    lines = [
        *TALK[:3],
        "Ina: Then she came and she sat down and we said,",
        "Cleo: a name that nobody speaks under.",
        *TALK[3:],
    ]
    found = read(paged(lines))
    assert told(found) == [("label_like", 7)]
    assert found.text.split("\n")[6] == "Cleo: a name that nobody speaks under."


def test_a_paragraph_goes_on_over_the_page() -> None:
    found = read(paged(["Ina: It rained the whole day, and in the evening", "we"], ["Bo: No."]))
    assert "evening we" in found.text
    found = read(
        paged(["Ina: It rained the whole day, and in the evening"], ["nobody came.", "Ina: No."])
    )
    assert said(found)[0] == ("Ina", "It rained the whole day, and in the evening nobody came.")


def test_headers_and_footers_stand_once_after_the_text_outside_all_turns() -> None:
    pages = [
        [(72.0, 750.0, "Harbour study"), (72.0, 700.0, f"Ina: {words}."), (72.0, 600.0, f"Bo: Not {words}."), (300.0, 30.0, f"{n} / 3")]
        for n, words in enumerate(["One", "Two", "Three"], 1)
    ]  # fmt: skip
    found = read(placed(*pages))
    assert [words for _, words in said(found)] == [
        "One.",
        "Not One.",
        "Two.",
        "Not Two.",
        "Three.",
        "Not Three.",
    ]
    assert found.text.endswith("Bo: Not Three.\n\nHarbour study\n\n1 / 3")
    assert told(found) == [("running_lines", None)]


def test_a_label_alone_at_the_top_of_every_page_is_no_header() -> None:
    found = read(paged(["Ina:", "One."], ["Ina:", "Two."], ["Ina:", "Three."]))
    assert said(found) == [("Ina", "One."), ("Ina", "Two."), ("Ina", "Three.")]


def test_a_label_in_a_column_of_its_own_joins_the_words_beside_it() -> None:
    rows = [(72.0, 700.0, "Ina:"), (150.0, 700.0, "One."), (72.0, 680.0, "Bo:"), (150.0, 680.0, "Two."), (72.0, 660.0, "Ina:"), (150.0, 660.0, "Three."), (72.0, 640.0, "Bo:"), (150.0, 640.0, "Four.")]  # fmt: skip
    assert said(read(placed(rows)))[:2] == [("Ina", "One."), ("Bo", "Two.")]


def test_the_title_is_metadata_and_nothing_else_of_who_wrote_it() -> None:
    assert read(placed([(72.0, 700.0, "Hello.")], title="Harbour")).metadata == {"title": "Harbour"}


def test_without_a_text_layer_the_error_names_text_recognition() -> None:
    assert "(OCR)" in refused(paged([], []))


def test_a_page_without_text_among_others_is_told() -> None:
    found = read(paged(["Ina: One.", "Ina: Two."], []))
    assert told(found) == [("page_without_text", None)]
    assert found.warnings[0].message.startswith("Page 2 has no text")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"%PDF-1.7", "damaged"),
        (b"%PDF-1.7 junk junk", "damaged"),
        (paged(TALK)[:200], "damaged"),
    ],
)
def test_what_is_no_whole_pdf_is_damaged(content: bytes, problem: str) -> None:
    assert problem in refused(content)


def test_an_encrypted_pdf_is_refused_with_what_to_do() -> None:
    key = "a" * 32
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 0 /Kids [] >>",
        f"<< /Filter /Standard /V 1 /R 2 /O ({key}) /U ({key}) /P -4 >>".encode(),
    ]
    trailer = "/Root 1 0 R /Encrypt 3 0 R /ID [(a) (a)]"
    assert "encrypted; save it without a password" in refused(written(objects, trailer))


def test_pages_that_lead_back_to_themselves_are_refused() -> None:
    loop = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 3 /Kids [2 0 R] >>"]
    assert refused(written(loop, "/Root 1 0 R"))


def test_a_pdf_that_inflates_beyond_all_limits_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guarded, "SECONDS", 20)
    packed = zlib.compress(b"BT /F 1 Tf (a) Tj ET\n" * 4_000_000, 9)
    page = b"<< /Length %d /Filter /FlateDecode >>\nstream\n%b\nendstream" % (len(packed), packed)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [4 0 R] >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 5 0 R"
        b" /Resources << /Font << /F 3 0 R >> >> >>",
        page,
    ]
    with pytest.raises(ReadingError, match="too large or damaged"):
        reading(tmp_path, "a.pdf", written(objects, "/Root 1 0 R"))


def test_a_pdf_is_known_by_its_content(tmp_path: Path) -> None:
    found = reading(tmp_path, "a.txt", paged(TALK))
    assert found.format == "pdf"
    assert told(found) == [("format_by_content", None)]


WORDS = st.sampled_from(
    ["Ina:", "Bo:", "[00:03]", "(0:03)", "yes", "and so on", "#", "-", ":", "é", "Page 1", "---"]
)
LINES = st.lists(st.lists(WORDS, max_size=9).map(" ".join), max_size=12)


@settings(max_examples=100, deadline=None)
@given(pages=st.lists(LINES, min_size=1, max_size=4))
def test_turns_lie_in_the_text_and_no_word_is_lost(pages: list[list[str]]) -> None:
    written_words = {word for page in pages for line in page for word in line.split()}
    if not written_words:
        return
    # PDFium takes single signs below one another for a line that is written downwards.
    assume(all(any(len(line) > 1 for line in page) for page in pages if any(page)))
    found = read(paged(*pages))
    check(found)
    assert written_words <= set(found.text.split())


@settings(max_examples=100, deadline=None)
@given(
    changes=st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), min_size=1, max_size=4)
)
def test_a_pdf_with_changed_bytes_is_read_or_refused(changes: list[tuple[int, int]]) -> None:
    content = bytearray(paged(TALK))
    for place, byte in changes:
        content[place % len(content)] = byte
    try:
        check(read(bytes(content)))
    except ReadingError as error:
        problem = str(error)
    else:
        problem = ""
    assert "\n" not in problem


@pytest.mark.issue(3)
def test_turns_stand_where_they_are_said_though_a_page_begins_with_a_dropped_sign() -> None:
    header = "Fictional interview"
    found = read(
        paged([header, "\x1b Ina: One.", "Bo: Two."], [header, "Ina: Three.", "Bo: Four."])
    )
    assert said(found) == [("Ina", "One."), ("Bo", "Two."), ("Ina", "Three."), ("Bo", "Four.")]
