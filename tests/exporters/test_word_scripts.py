"""Texts that run from the right, and Chinese, Japanese and Korean, in a Word report."""

from __future__ import annotations

from pathlib import Path

import pytest
from docx import Document

from qualcode.exporters.word.scripts import right_to_left, stretches
from tests.exporters.reports import W, excerpts, part, report, text_of, transcript, written

HELLO = "مرحبا"


@pytest.mark.parametrize(
    ("text", "from_right"),
    [
        ("hello", False), (HELLO, True), (f"“{HELLO} hello”", True), (f"12 hello {HELLO}", False),
        ("", False), ("“12”", False), ("שלום", True), ("紹介状", False),
    ],
)  # fmt: skip
def test_the_first_letter_says_which_way_a_paragraph_runs(text: str, from_right: bool) -> None:
    assert right_to_left(text) is from_right


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("hello", [("hello", False)]),
        (f"he said “{HELLO}, {HELLO} 12” once", [("he said “", False), (f"{HELLO}, {HELLO}", True),
         (" 12” once", False)]),
        (f"“{HELLO} LEAD {HELLO}.”", [(f"“{HELLO} ", True), ("LEAD", False), (f" {HELLO}.”", True)]),
        ("", []),
    ],
)  # fmt: skip
def test_a_text_is_cut_where_its_direction_turns(text: str, cut: list[tuple[str, bool]]) -> None:
    assert list(stretches(text)) == cut


def test_an_arabic_quote_runs_from_the_right_with_its_bar_there(tmp_path: Path) -> None:
    path = written(report(excerpts(f"{HELLO} LEAD.", "Hello.")), tmp_path)
    body = part(path)
    first, second = (p for p in body.iter(f"{W}p") if p.find(f"{W}pPr/{W}pBdr") is not None)
    assert first.find(f"{W}pPr/{W}bidi") is not None
    assert first.find(f"{W}pPr/{W}pBdr/{W}right") is not None
    assert second.find(f"{W}pPr/{W}bidi") is None
    marked = [text_of(run) for run in first.iter(f"{W}r") if run.find(f"{W}rPr/{W}rtl") is not None]
    assert marked == [f"“{HELLO} ", ".”"]
    assert any(p.text.startswith(f"“{HELLO} LEAD.”") for p in Document(str(path)).paragraphs)


def test_a_turn_in_hebrew_keeps_its_codings_and_its_comment(tmp_path: Path) -> None:
    path = written(report(transcript("אני סומך עליה", (4, 8), memo="שלום")), tmp_path)
    (turn,) = (p for p in part(path).iter(f"{W}p") if "P1" in text_of(p))
    assert turn.find(f"{W}pPr/{W}bidi") is not None
    tinted = [r for r in turn.iter(f"{W}r") if r.find(f"{W}rPr/{W}shd") is not None]
    assert [(text_of(r), r.find(f"{W}rPr/{W}rtl") is not None) for r in tinted] == [("סומך", True)]
    comment = part(path, "word/comments.xml")
    assert [p.find(f"{W}pPr/{W}bidi") is not None for p in comment.iter(f"{W}p")] == [False, True]


def test_japanese_quotes_are_set_in_the_font_of_the_japanese_words(tmp_path: Path) -> None:
    body = part(written(report(excerpts("紹介状ではなく。")), tmp_path))
    (run,) = (r for r in body.iter(f"{W}r") if "紹介状" in text_of(r))
    assert run.find(f"{W}rPr/{W}rFonts").get(f"{W}hint") == "eastAsia"


def test_every_font_is_named_for_all_four_kinds_of_script(tmp_path: Path) -> None:
    styles = part(written(report(excerpts("One.")), tmp_path), "word/styles.xml")
    for fonts in styles.iter(f"{W}rFonts"):
        assert {key.removeprefix(W) for key in fonts.attrib} == {"ascii", "hAnsi", "eastAsia", "cs"}
