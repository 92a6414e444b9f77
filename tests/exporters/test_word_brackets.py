"""The annotated transcript for print: brackets and their key instead of tint and comments."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document

from qualcode.exporters.report import Comment, Passage
from tests.exporters.reports import W, part, report, transcript, written


def lines(tmp_path: Path, text: str, *codings: tuple[int, int]) -> list[str]:
    made = replace(transcript(text, *codings, memo=""), brackets=True)
    document = Document(str(written(report(made), tmp_path)))
    assert not list(document.comments)
    assert not list(document.element.iter(f"{W}shd"))
    return [
        p.text for p in document.paragraphs
        if p.style is not None and p.style.name in ("Turn", "Mark Key")
    ]  # fmt: skip


def coded(start: int, stop: int, code: str, by: str = "ana", *more: str) -> Comment:
    return Comment(start, stop, by, "", [code, *more], "#0072B2")


def said(tmp_path: Path, text: str, *comments: Comment) -> list[str]:
    made = replace(transcript(text), comments=comments, brackets=True)
    document = Document(str(written(report(made), tmp_path)))
    return [
        p.text for p in document.paragraphs
        if p.style is not None and p.style.name in ("Turn", "Mark Key")
    ]  # fmt: skip


def test_crossing_codings_say_their_number_at_both_ends(tmp_path: Path) -> None:
    found = said(tmp_path, "abcdefgh", coded(0, 5, "trust"), coded(3, 8, "fear", "ben", "barrier"))
    assert found == ["1\tP1\t[1 abc[2 de 1]fgh 2]", "1 trust (ana) · 2 fear (ben: barrier)"]


def test_coders_who_said_the_same_share_a_bracket(tmp_path: Path) -> None:
    found = said(tmp_path, "I trust her.", coded(2, 7, "trust"), coded(2, 7, "trust", "ben"))
    assert found == ["1\tP1\tI [1 trust 1] her.", "1 trust (ana, ben)"]


def test_marks_and_memos_stand_with_the_coder_who_gave_them(tmp_path: Path) -> None:
    codings = coded(2, 7, "trust", "ana", "barrier", "Memo: why"), coded(2, 7, "trust", "ben")
    found = said(tmp_path, "I trust her.", *codings)
    assert found[1] == "1 trust (ana: barrier, Memo: why; ben)"


def test_a_coding_over_two_turns_is_explained_where_it_begins(tmp_path: Path) -> None:
    found = said(tmp_path, "I do.\nYou too.\nYes.", coded(2, 9, "trust"))
    assert found == ["1\tP1\tI [1 do.", "1 trust (ana)", "2\tP2\tYou 1] too.", "3\tP3\tYes."]


@pytest.mark.parametrize("place", [(4, 6), (11, 13)])
def test_a_coding_outside_all_turns_keeps_both_its_brackets(
    tmp_path: Path, place: tuple[int, int]
) -> None:
    made = replace(
        transcript("abc 12 def 34"), passages=[Passage(0, 3), Passage(7, 10)],
        comments=[coded(*place, "trust")], brackets=True,
    )  # fmt: skip
    document = Document(str(written(report(made), tmp_path)))
    text = "".join(p.text for p in document.paragraphs)
    assert text.count("[1 ") == text.count(" 1]") == 1


def test_nothing_is_tinted_or_commented_and_the_words_stay(tmp_path: Path) -> None:
    found = lines(tmp_path, "Hello there.\nBye.", (0, 5), (3, 15))
    words = [line.split("\t")[2] for line in found if "\t" in line]
    assert words == ["[1 Hel[2 lo 1] there.", "By 2]e."]
    assert part(tmp_path / "report.docx", "word/comments.xml").find(f"{W}comment") is None
