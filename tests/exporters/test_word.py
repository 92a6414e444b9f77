"""The Word file: it reopens with every text, comment and style, and its XML keeps the schema."""

from __future__ import annotations

import stat
import zipfile
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from qualcode.errors import ExportError
from qualcode.exporters.report import (
    AnnotatedTranscript,
    Column,
    Comment,
    Figures,
    Passage,
    PrintedCell,
    PrintedTable,
)
from qualcode.exporters.word import write_word
from qualcode.exporters.word.xml import tint
from tests.exporters.packages import BODY, Package
from tests.exporters.reports import (
    W,
    appendix,
    everything,
    excerpts,
    figures,
    part,
    pictured,
    report,
    text_of,
    transcript,
    written,
)


@pytest.mark.parametrize("marks", ["tint", "brackets"])
def test_the_file_keeps_to_the_schema_and_nothing_in_it_leads_nowhere(
    tmp_path: Path, marks: str
) -> None:
    made = everything()
    parts = [
        replace(part, brackets=marks == "brackets")
        if isinstance(part, AnnotatedTranscript)
        else part
        for part in made.parts
    ]
    assert Package(written(replace(made, parts=parts), tmp_path)).problems() == []


def test_the_check_of_the_schema_sees_what_stands_in_another_order(tmp_path: Path) -> None:
    package = Package(written(everything(), tmp_path))
    start = package.tree(BODY).find(f".//{W}pPr")
    start.insert(0, start.makeelement(f"{W}jc"))
    package.tree(BODY).find(f".//{W}hyperlink").set(f"{W}anchor", "nowhere")
    assert package.problems() == [
        "word/document.xml: pPr holds jc pStyle", "a link leads to nowhere",
    ]  # fmt: skip


def test_it_reopens_with_texts_styles_and_footers(tmp_path: Path) -> None:
    document = Document(str(written(everything(), tmp_path)))
    by_style: dict[str, list[str]] = {}
    for paragraph in document.paragraphs:
        assert paragraph.style is not None
        by_style.setdefault(str(paragraph.style.name), []).append(paragraph.text)
    assert by_style["Title"] == ["Harbour"]
    assert by_style["Heading 2"] == ["Warm handoff"] * 2
    assert by_style["Excerpt"] == [
        f"“{words}”\nP1, officer"
        for words in ("One.", "Two.", "مرحبا، قال LEAD.", "紹介状ではなく。")
    ]
    assert by_style["Turn"][0] == "1\tP1\tHello there."
    assert [section.footer.paragraphs[0].text for section in document.sections] == [
        "Harbour\tPage 1 of 1"
    ] * 3


def test_every_coding_is_one_comment_signed_by_its_coder(tmp_path: Path) -> None:
    text = "I trust her.\nI do not."
    path = written(report(transcript(text, (2, 7), (2, 7), (8, 20))), tmp_path)
    found = list(Document(str(path)).comments)
    assert [comment.author for comment in found] == ["ana", "ben", "ben"]
    assert [p.text for p in found[0].paragraphs] == ["trust", "a memo"]
    body = part(path)
    for name in ("commentRangeStart", "commentRangeEnd", "commentReference"):
        assert sorted(e.get(f"{W}id") for e in body.iter(f"{W}{name}")) == ["0", "1", "2"]


def test_a_comment_covers_exactly_the_coded_words_across_turns(tmp_path: Path) -> None:
    text = "I trust her.\nI do not."
    body = part(written(report(transcript(text, (8, 17))), tmp_path))
    covered, inside = "", False
    for element in body.iter(f"{W}commentRangeStart", f"{W}commentRangeEnd", f"{W}r"):
        if element.tag == f"{W}commentRangeStart":
            inside = True
        elif element.tag == f"{W}commentRangeEnd":
            break
        elif inside and element.find(f"{W}rPr/{W}shd") is not None:
            covered += text_of(element)
    assert covered == "her.I do"


def test_runs_are_cut_at_every_boundary_and_overlaps_underlined(tmp_path: Path) -> None:
    body = part(written(report(transcript("abcdefgh", (0, 5), (3, 8))), tmp_path))
    looks = [
        (text_of(run), run.find(f"{W}rPr/{W}u") is not None)
        for run in body.iter(f"{W}r")
        if run.find(f"{W}rPr/{W}shd") is not None
    ]
    assert looks == [("abc", False), ("de", True), ("fgh", False)]


def test_a_coding_between_turns_or_after_the_last_still_has_its_comment(tmp_path: Path) -> None:
    part_ = transcript("abc 12 def 34", (4, 6), (11, 13))
    passages = [Passage(0, 3), Passage(7, 10)]
    made = type(part_)("T", part_.text, passages, part_.comments)
    path = written(report(made), tmp_path)
    ends = [e.get(f"{W}id") for e in part(path).iter(f"{W}commentRangeEnd")]
    assert ends == ["0", "1"]
    assert not list(part(path).iter(f"{W}shd"))


def test_bars_of_neighbouring_quotes_do_not_join(tmp_path: Path) -> None:
    body = part(written(report(excerpts("One.", "Two.", "Three.")), tmp_path))
    bars = [p for p in body.iter(f"{W}pPr") if p.find(f"{W}pBdr") is not None]
    assert [b.find(f"{W}pBdr/{W}left").get(f"{W}sz") for b in bars] == ["24"] * 3
    assert {b.find(f"{W}pBdr/{W}left").get(f"{W}color") for b in bars} == {"0072B2"}
    indents = [b.find(f"{W}ind").get(f"{W}left") for b in bars]
    assert all(a != b for a, b in pairwise(indents))


def test_a_table_has_three_rules_and_a_repeated_heading(tmp_path: Path) -> None:
    body = part(written(report(figures()), tmp_path))
    table = next(body.iter(f"{W}tbl"))
    rows = table.findall(f"{W}tr")
    rules = [
        {rule.tag.removeprefix(W) for rule in row.iter(f"{W}top", f"{W}bottom")} for row in rows
    ]
    assert rules == [{"top", "bottom"}, set(), {"bottom"}]
    assert [row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows] == [True, False, False]
    widths = [int(w.get(f"{W}w")) for w in table.iter(f"{W}gridCol")]
    assert sum(widths) == 9360
    assert [int(c.get(f"{W}w")) for c in rows[1].iter(f"{W}tcW")] == widths
    numbers = [row.findall(f"{W}tc")[1].find(f".//{W}jc").get(f"{W}val") for row in rows]
    assert numbers == ["right"] * 3


def test_words_right_of_numbers_keep_away_from_them(tmp_path: Path) -> None:
    columns = [Column("n", 10, number=True), Column("Code", 45), Column("With", 45)]
    table = PrintedTable(
        "Pairs", columns, [[PrintedCell(text) for text in ("12", "trust", "fear")]]
    )
    body = part(written(report(Figures("Pairs", (), [table])), tmp_path))
    first = next(body.iter(f"{W}tbl"))
    for row in first.iter(f"{W}tr"):
        left = [cell.find(f".//{W}ind") for cell in row.iter(f"{W}tc")]
        assert [one is None for one in left] == [True, False, True]
        assert left[1].get(f"{W}left") == "200"


def test_the_contents_list_every_heading_with_a_link_to_it(tmp_path: Path) -> None:
    body = part(written(everything(), tmp_path))
    marks = {b.get(f"{W}name"): text_of(b.getparent()) for b in body.iter(f"{W}bookmarkStart")}
    links = [(link.get(f"{W}anchor"), text_of(link)) for link in body.iter(f"{W}hyperlink")]
    assert [text for _, text in links] == [
        "Mechanisms", "Warm handoff", "Figures", "Pictures", "Mechanisms", "Warm handoff",
        "Annotated transcript: fg", "Appendix: Codebook", "Where this report comes from",
    ]  # fmt: skip
    assert all(marks[anchor] == text for anchor, text in links)
    assert all(len(name) <= 40 for name in marks)
    assert body.find(f".//{W}instrText").text.strip() == r'TOC \o "1-2" \h \n \z'
    fields = [e.get(f"{W}fldCharType") for e in body.iter(f"{W}fldChar")]
    assert fields == ["begin", "separate", "end"] * 5


def test_a_sentence_names_a_table_by_the_number_that_its_caption_has(tmp_path: Path) -> None:
    body = part(written(report(figures(), pictured()), tmp_path))
    marks = {b.get(f"{W}name"): text_of(b.getparent()) for b in body.iter(f"{W}bookmarkStart")}
    asked = [e.text.split()[1] for e in body.iter(f"{W}instrText") if "REF" in e.text]
    assert [marks[name] for name in asked] == ["Table 1", "Figure 1"]
    said = [text_of(p) for p in body.iter(f"{W}p")]
    assert "See Table 1." in said
    assert "As Figure 1 shows." in said


def test_every_run_of_a_number_is_bold_the_fields_own_ones_too(tmp_path: Path) -> None:
    body = part(written(report(figures(), pictured()), tmp_path))
    captions = [p for p in body.iter(f"{W}p") if p.find(f"{W}pPr/{W}pStyle") is not None
                and p.find(f"{W}pPr/{W}pStyle").get(f"{W}val") == "TableNumber"]  # fmt: skip
    assert [text_of(p) for p in captions] == ["Table 1", "Figure 1"]
    assert all(r.find(f"{W}rPr/{W}b") is not None for p in captions for r in p.iter(f"{W}r"))


def test_several_tables_and_pictures_are_listed_below_the_contents(tmp_path: Path) -> None:
    few = part(written(report(figures()), tmp_path))
    assert "Tables and figures" not in text_of(few)
    body = part(written(report(figures(), figures(), pictured()), tmp_path))
    marks = {b.get(f"{W}name"): text_of(b.getparent()) for b in body.iter(f"{W}bookmarkStart")}
    listed = [
        (marks[link.get(f"{W}anchor")], text_of(link))
        for link in body.iter(f"{W}hyperlink")
        if not link.get(f"{W}anchor").startswith("_Toc")
    ]
    assert listed == [
        ("Table 1", "Table 1. Agreement"), ("Table 2", "Table 2. Agreement"),
        ("Figure 1", "Figure 1. Codes by site"),
    ]  # fmt: skip


def test_ids_of_bookmarks_and_comments_are_unique_across_parts(tmp_path: Path) -> None:
    made = report(transcript("abc", (0, 1)), figures(), transcript("def", (0, 1), (1, 2)))
    assert list(Package(written(made, tmp_path)).ids()) == []


def test_the_first_part_stands_below_the_title_where_there_is_no_front_page(
    tmp_path: Path,
) -> None:
    body = part(written(report(transcript("Hello."), figures(), front=False), tmp_path))
    breaks = [
        text_of(p) for p in body.iter(f"{W}p") if p.find(f"{W}pPr/{W}pageBreakBefore") is not None
    ]
    assert breaks == ["Figures", "Where this report comes from"]


def test_ten_thousand_comments_are_all_there_once(tmp_path: Path) -> None:
    codings = [(at * 5, at * 5 + 4) for at in range(10_000)]
    path = written(report(transcript("word " * 10_000, *codings)), tmp_path)
    ids = [e.get(f"{W}id") for e in part(path, "word/comments.xml").iter(f"{W}comment")]
    ends = [e.get(f"{W}id") for e in part(path).iter(f"{W}commentReference")]
    assert len(set(ids)) == len(ids) == 10_000
    assert ids == ends


def test_only_the_codebook_is_printed_across(tmp_path: Path) -> None:
    body = part(written(report(excerpts("One."), appendix()), tmp_path))
    pages = [page.get(f"{W}orient", "portrait") for page in body.iter(f"{W}pgSz")]
    assert pages == ["portrait", "landscape", "portrait"]


def test_what_is_printed_across_stands_below_the_title_where_there_is_no_front_page(
    tmp_path: Path,
) -> None:
    body = part(written(report(appendix(), front=False), tmp_path))
    pages = [page.get(f"{W}orient", "portrait") for page in body.iter(f"{W}pgSz")]
    assert pages == ["landscape", "portrait"]


HOSTILE = "=1+1 \x00\x1b[31m <w:br/> & ]]> \ud800 \ufffe \u202eevil 👍 مرحبا [/oops] {x}\tend"
SHOWN = "=1+1 \ufffd\ufffd[31m <w:br/> & ]]> \ufffd \ufffd [U+202E]evil 👍 مرحبا [/oops] {x}"


def test_hostile_text_is_shown_literally_everywhere(tmp_path: Path) -> None:
    comment = Comment(0, 4, HOSTILE, "", [HOSTILE], "not a colour")
    part_ = transcript(HOSTILE)
    made = report(
        excerpts(HOSTILE, colour='"/><w:p/>'),
        type(part_)(HOSTILE, HOSTILE, [Passage(0, len(HOSTILE), HOSTILE, HOSTILE)], [comment]),
        title=HOSTILE,
    )
    path = tmp_path / "hostile.docx"
    assert write_word(made, path) >= 4
    document = Document(str(path))
    assert document.paragraphs[0].text.startswith(SHOWN)
    assert any(p.text.startswith(f"“{SHOWN}") for p in document.paragraphs)
    (found,) = document.comments
    assert found.author.startswith(SHOWN)
    assert found.text.startswith(SHOWN)


def test_an_excerpt_of_forty_thousand_characters_stays_whole(tmp_path: Path) -> None:
    long = "wörd " * 8000
    document = Document(str(written(report(excerpts(long)), tmp_path)))
    assert any(long.strip() in paragraph.text for paragraph in document.paragraphs)


def test_the_same_report_gives_the_same_bytes(tmp_path: Path) -> None:
    first = written(everything(), tmp_path).read_bytes()
    assert written(everything(), tmp_path).read_bytes() == first


def test_nothing_of_machine_template_or_clock_is_in_the_file(tmp_path: Path) -> None:
    path = written(everything(), tmp_path)
    properties = Document(str(path)).core_properties
    assert (properties.author, properties.last_modified_by) == ("qualcode", "qualcode")
    assert properties.created is not None
    assert properties.created.isoformat()[:19] == "2025-01-13T16:22:00"
    assert "SHA-256" in properties.comments
    with zipfile.ZipFile(path) as file:
        names = file.namelist()
        assert {info.date_time for info in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        everything_said = b"".join(file.read(name) for name in names)
    assert not [n for n in names if "thumbnail" in n or "app.xml" in n or "customXml" in n]
    assert b"marker" not in everything_said
    assert b"python-docx" not in everything_said


def test_the_file_is_its_owners_alone_and_replaces_nothing_unasked(tmp_path: Path) -> None:
    path = written(everything(), tmp_path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = path.read_bytes()
    with pytest.raises(ExportError, match="exists already"):
        write_word(report(excerpts("Other.")), path)
    assert path.read_bytes() == before


def test_a_tint_stays_light_and_an_odd_colour_is_grey() -> None:
    assert tint("#000000") == "B2B2B2"
    assert tint("red") == tint("#888888")


def test_figures_hold_no_field_that_asks_to_be_updated(tmp_path: Path) -> None:
    settings: Any = part(written(everything(), tmp_path), "word/settings.xml")
    assert settings.find(f"{W}updateFields") is None
    modes = [
        e.get(f"{W}val")
        for e in settings.iter(f"{W}compatSetting")
        if e.get(f"{W}name") == "compatibilityMode"
    ]
    assert modes == ["15"]
