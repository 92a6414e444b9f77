"""A project of the worst texts, written in every format and read back: the text, or a flag.

What a format cannot hold is replaced by U+FFFD and counted; what would reorder a line is shown as
``[U+202E]`` where people read, and stays itself where programs do.
"""

from __future__ import annotations

import csv
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from lxml import etree, html
from openpyxl import load_workbook

from qualcode.formats.cells import read_csv
from qualcode.model import Code, Span
from tests.cli.conftest import Shell
from tests.reports.studies import Study

LONG = "Long " + "👍é" * 20_000
"""40,005 characters, 60,005 UTF-16 units: two cells of a spreadsheet."""

SAID = [
    "=1+1",
    "-0.12",
    "+49 30 1234",
    "@SUM(A1:A9)",
    "＝1+1 ＠x",
    "'quoted",
    '=HYPERLINK("http://example.org","x")',
    "1e5",
    "007",
    "<script>alert(1)</script>",
    "<w:p><w:r/></w:p> &amp; ]]> <!-- x",
    "[bold red]not markup[/]",
    "[@click=app.quit]x[/]",
    "{{ 7 * 7 }} ${HOME} %s {0}",
    'He said "stop", then; left',
    "مرحبا بالعالم، كيف الحال؟",
    "שלום (עולם)",
    "漢字とかな 👩‍👩‍👧 e\u0301 \U0001f3f4",
    "abc\u202egnp.exe\u202c",
    "bell\x07 escape\x1b[31m tab\x0b vertical",
    "_x0041_ is no letter",
    "\ufffe not a character",
    LONG,
]
WHO = "=cmd|' /C calc'!A0"
"""A participant, and the label that speaks."""

NAME = "=2+2 <i>talk</i>"
"""The document."""

CODE = '<b onmouseover="x">@théme</b>'
"""The name of a code; it begins with markup."""


NOT_IN_TRANSCRIPTS = {0x07: "", 0x1B: "", 0x0B: "\n", 0xFFFE: ""}
"""What reading a transcript leaves out of it or puts in place: the file itself has them."""


def flagged(text: str) -> str:
    """What a format of XML holds of a text."""
    allowed = {"\t", "\n", "\r"}
    return "".join(
        sign
        if sign in allowed or (ord(sign) >= 32 and ord(sign) not in (0xFFFE, 0xFFFF))
        else "\ufffd"
        for sign in text
    )


def visible(text: str) -> str:
    """What a reader sees of a text: nothing that reorders the line."""
    return flagged(text).replace("\u202e", "[U+202E]").replace("\u202c", "[U+202C]")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Holds ``h.qualcode``: each of ``SAID`` is a turn, and coded by ana."""
    folder = tmp_path_factory.mktemp("hostile")
    study = Study(folder / "h.qualcode", [])
    project, ana = study.project, study.coders["ana"]
    code = Code("", "first", CODE, brief="=1+1", use_when=SAID[9], colour="#0072B2")
    project.codebook.import_codes([code], by=ana)
    text = "\n\n".join(f"P1: {words}" for words in SAID)
    study.document(NAME, text, site="=<b>site")
    (speaker,) = project.speakers.list()
    project.speakers.link(speaker.id, WHO, by=ana)
    at = 0
    for words in SAID:
        at = text.index(f"P1: {words}", at) + len("P1: ")
        coding = project.codings.apply(
            study.documents[NAME].id,
            Span(at, at + len(words)),
            project.codebook.named("first").id,
            by=ana,
            exemplar=True,
        )
        if words != LONG:
            project.memos.write(words, by=ana, coding_id=coding.id)
    study.finish("ana", NAME)
    project.close()
    return folder


@pytest.fixture
def shell(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    monkeypatch.chdir(folder)
    monkeypatch.delenv("QUALCODE_CODER", raising=False)
    return Shell(folder)


def excerpts(shell: Shell, out: str, *options: str) -> Path:
    shell.ok("excerpts", "h.qualcode", "--out", out, "--force", *options)
    return shell.folder / out


def test_csv_gives_every_text_back_and_says_how_many_cells_it_guards(shell: Shell) -> None:
    rows = [row for _, row in read_csv(excerpts(shell, "e.csv"))]
    assert [row["text"] for row in rows] == SAID
    assert {row["participant"] for row in rows} == {WHO}
    assert {row["document"] for row in rows} == {NAME}
    with (shell.folder / "e.csv").open(encoding="utf-8", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert not [cell[:9] for cell in cells if cell[:1] and cell[0] in "=+-@＝＋－＠\t\r\n"]
    told = json.loads((shell.folder / "e.csv.meta.json").read_text("utf-8"))
    assert told["guarded_cells"] == sum(cell[:1] == "'" for cell in cells)
    assert told["guarded_cells"] > 2 * len(SAID)


def test_raw_csv_is_the_text_to_the_letter(shell: Shell) -> None:
    with excerpts(shell, "raw.csv", "--raw").open(encoding="utf-8", newline="") as file:
        assert [row["text"] for row in csv.DictReader(file)] == SAID


def test_json_gives_every_text_back(shell: Shell) -> None:
    answer = json.loads(excerpts(shell, "e.json").read_text("utf-8"))
    assert [row["text"] for row in answer["rows"]] == SAID
    assert [row["memo"] for row in answer["rows"]] == [*SAID[:-1], None]


def test_a_workbook_has_the_texts_and_not_one_formula_or_link(shell: Shell) -> None:
    shell.ok("export", "xlsx", "h.qualcode", "h.xlsx", "--force")
    book = load_workbook(shell.folder / "h.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f" or cell.hyperlink]
    rows = list(book["excerpts"].iter_rows(values_only=True))
    at, rest = rows[0].index("text"), rows[0].index("text_2")
    assert rest == at + 1
    found = [f"{row[at]}{row[rest] or ''}".replace("_x005F_x", "_x") for row in rows[1:]]
    assert found == [flagged(words) for words in SAID]
    notes = [str(row[2]) for row in book["Notes"].iter_rows(values_only=True)]
    assert any("cannot stand in a workbook and are shown as U+FFFD" in note for note in notes)


def test_a_table_as_html_is_text_and_nothing_else(shell: Shell) -> None:
    page: Any = html.fromstring(excerpts(shell, "e.html").read_bytes())
    harmless(page)
    at = [cell.text_content() for cell in page.xpath("//thead//th")].index("text")
    assert [row[at].text_content() for row in page.xpath("//tbody/tr")] == [*map(visible, SAID)]


def test_the_html_report_holds_every_text_and_runs_none(shell: Shell) -> None:
    said = shell.run("export", "html", "h.qualcode", "h.html", "--force").stderr
    assert "cannot stand in a web page" in said
    page: Any = html.fromstring((shell.folder / "h.html").read_bytes())
    harmless(page)
    quoted = [quote.text_content()[1:-1] for quote in page.xpath("//blockquote")]
    assert quoted == [*map(visible, SAID)]
    turns = [turn.text_content() for turn in page.xpath("//div[@class='turn']/p")]
    assert turns == [f"{WHO} {visible(words)}" for words in SAID]
    told = [one.text_content() for one in page.xpath("//ul[@class='codings']/li")]
    for words, memo in zip(SAID[:-1], told, strict=False):
        assert CODE in memo
        assert visible(words) in memo


def harmless(page: Any) -> None:
    """Nothing in a page runs, loads, or leads out of it."""
    tags = {element.tag for element in page.iter(etree.Element)}
    assert not tags & {"script", "img", "iframe", "object", "embed", "form", "link", "base", "svg"}
    assert not [name for name in page.xpath("//@*/..") for a in name.attrib if a.startswith("on")]
    assert all(str(target).startswith("#") for target in page.xpath("//@href"))
    assert not page.xpath("//*[@style or @src]")


def test_the_word_report_holds_every_text_and_counts_what_it_cannot(shell: Shell) -> None:
    said = shell.run("export", "word", "h.qualcode", "h.docx", "--force").stderr
    assert "cannot stand in a Word file" in said
    document = Document(str(shell.folder / "h.docx"))
    quotes = [
        p.text for p in document.paragraphs if p.style is not None and p.style.name == "Excerpt"
    ]
    assert [quote.rpartition("\n")[0][1:-1] for quote in quotes] == [*map(visible, SAID)]
    comments = [comment.text for comment in document.comments]
    assert len(comments) == len(SAID)
    assert all(CODE in comment for comment in comments)


def test_other_programs_get_every_text_or_a_flag(shell: Shell) -> None:
    said = shell.run("export", "qdpx", "h.qualcode", "h.qdpx", "--force").stderr
    assert "U+FFFD" in said
    with zipfile.ZipFile(shell.folder / "h.qdpx") as file:
        project: Any = etree.fromstring(file.read("project.qde"))
        (source,) = [name for name in file.namelist() if name.endswith(".txt")]
        text = file.read(source).decode("utf-8-sig")
    assert CODE in [str(one) for one in project.xpath("//@name")]
    for words in SAID:
        assert words in text
    shell.ok("init", "back.qualcode", "--coder", "ana")
    shell.ok("import", "back.qualcode", "h.qdpx")
    back = [row["excerpt"] for row in shell.json("codings", "export", "back.qualcode")["rows"]]
    assert len(back) == len(SAID)
    assert back == [words.translate(NOT_IN_TRANSCRIPTS) for words in SAID]


def test_codings_go_out_as_csv_and_name_the_same_words_again(shell: Shell) -> None:
    shell.ok("codings", "export", "h.qualcode", "c.csv", "--force")
    assert [row["excerpt"] for _, row in read_csv(shell.folder / "c.csv")] == SAID
