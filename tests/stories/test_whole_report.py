"""The report of the sample study with everything in it, pictures too: sound, whole, and the same
wherever and whenever it is made."""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from lxml import html

import qualcode
from qualcode.exporters.html import write_html
from qualcode.exporters.report import (
    AnnotatedTranscript,
    Appendix,
    CodebookEntry,
    Excerpts,
    Figures,
    PrintedTable,
    Quote,
    Report,
)
from qualcode.exporters.word import write_word
from qualcode.reports.sample import STUDY, folder
from qualcode.reports.word import word_report
from qualcode.reports.word_matrices import Asked
from tests.exporters.packages import BODY, Package, W, words_of

ROOT = Path(__file__).parents[2]
DOCUMENTS = ("A-FG1", "A-P1", "X-MOU")
"""Printed with their codings: a focus group, an interview, and a paper without speakers."""

WHAT = ("front", "excerpts", "tables", "figures", "transcript", "appendix")
SILENT = {"colour", "key", "at", "program", "keywords", "png"}
"""Fields of a report that are not printed."""


def make(study: Path, into: Path) -> tuple[Report, Counter[str]]:
    """Write ``report.docx`` and ``report.html``.

    Returns:
        The report, and how many codings of its transcripts each coder made.
    """
    outcomes = folder(STUDY) / "outcomes_by_site.csv"
    asked = Asked(["site", "stakeholder_role"], "site", "stakeholder_role", outcomes)
    with qualcode.open(study, coder="you") as project:
        report = word_report(project, what=WHAT, documents=DOCUMENTS, tables=asked, context=1)
        made = Counter(
            str(row["coder"]) for name in DOCUMENTS for row in project.codings.table(document=name)
        )
    write_word(report, into / "report.docx")
    write_html(report, into / "report.html")
    return report, made


@dataclass(frozen=True)
class Whole:
    """The report, what was written of it here, and what another process wrote elsewhere."""

    report: Report
    codings: Counter[str]
    here: Path
    elsewhere: Path

    @property
    def word(self) -> Path:
        return self.here / "report.docx"

    def page(self) -> Any:
        return html.fromstring((self.here / "report.html").read_bytes())


@pytest.fixture(scope="module")
def whole(sample_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Whole:
    here, elsewhere = tmp_path_factory.mktemp("here"), tmp_path_factory.mktemp("elsewhere")
    shutil.copy(sample_file, here / "study.qualcode")
    shutil.copy(sample_file, elsewhere / "other name.qualcode")
    code = (
        "from pathlib import Path; from tests.stories.test_whole_report import make; "
        "make(Path('other name.qualcode'), Path())"
    )
    away = {"PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "7", "TZ": "XYZ-13", "LC_ALL": "C"}
    child = subprocess.Popen(
        [sys.executable, "-c", code], cwd=elsewhere, env={**os.environ, **away}
    )
    report, codings = make(here / "study.qualcode", here)
    assert child.wait(timeout=300) == 0
    return Whole(report, codings, here, elsewhere)


@pytest.fixture(scope="module")
def package(whole: Whole) -> Package:
    return Package(whole.word)


# The same everywhere


@pytest.mark.parametrize("name", ["report.docx", "report.html"])
def test_another_process_in_another_place_and_time_zone_writes_the_same_bytes(
    whole: Whole, name: str
) -> None:
    assert len(list(pictures(whole.report))) == 4
    assert (whole.here / name).read_bytes() == (whole.elsewhere / name).read_bytes()


# The package


def test_every_part_is_well_formed_typed_and_pointed_to(package: Package) -> None:
    for name in package.names:
        if name.endswith((".xml", ".rels")):
            package.tree(name)
    assert [*package.types(), *package.relationships()] == []
    assert len([name for name in package.names if name.endswith(".png")]) == 4


def test_children_stand_in_schema_order_in_every_part(package: Package) -> None:
    assert list(package.order()) == []
    assert {name for name, _ in package.written()} >= {
        BODY, "word/comments.xml", "word/styles.xml", "word/footer1.xml", "word/footer2.xml",
    }  # fmt: skip


def test_ids_are_unique_and_links_and_fields_lead_somewhere(package: Package) -> None:
    assert [*package.ids(), *package.anchors(), *package.fields()] == []
    asked = [str(one.text).split()[0] for one in package.tree(BODY).iter(f"{W}instrText")]
    assert {"TOC", "SEQ", "REF"} == set(asked)


def test_every_style_that_is_used_is_defined(package: Package) -> None:
    assert list(package.styles()) == []


def test_every_row_fills_its_grid(package: Package) -> None:
    assert list(package.grids()) == []


# Every text, every comment


def pictures(report: Report) -> Iterator[Any]:
    for part in report.parts:
        if isinstance(part, Figures):
            yield from part.pictures


def texts(value: Any) -> Iterator[str]:
    """Every text that a report prints, line by line."""
    if isinstance(value, str):
        yield from value.split("\n")
    elif isinstance(value, AnnotatedTranscript):
        said = [value.text[one.start : one.stop] for one in value.passages]
        who = [text for one in value.passages for text in (one.number, one.speaker)]
        told = [text for one in value.comments for text in (one.author, *one.lines)]
        yield from texts([value.heading, value.intro, *said, *who, *told])
    elif isinstance(value, CodebookEntry) and value.code.replace("_", " ") == value.title:
        yield from texts(replace(value, code=""))  # it would be said twice
    elif is_dataclass(value):
        for field in fields(value):
            if field.name not in SILENT:
                yield from texts(getattr(value, field.name))
    elif isinstance(value, list | tuple):
        for one in value:
            yield from texts(one)


def quoted(quote: Quote) -> list[str]:
    """The lines of a quote as they are printed, without the one that says whose it is."""
    before = [f"{who}: {text}" if who else text for who, text in quote.context]
    said = [f"{who}: “{text}”" if who else f"“{text}”" for who, text in quote.passages]
    return [*before, *said]


def tables(report: Report) -> Iterator[PrintedTable]:
    for part in report.parts:
        if isinstance(part, Figures):
            yield from part.tables


def rows(table: PrintedTable) -> list[list[str]]:
    heading = [column.label for column in table.columns]
    return [heading, *([f"{cell.text}{cell.note}" for cell in row] for row in table.rows)]


def test_every_text_of_the_report_stands_in_the_word_file(whole: Whole, package: Package) -> None:
    said = "\n".join(words_of(p) for _, root in package.written() for p in root.iter(f"{W}p"))
    said += "\n".join(one.get(f"{W}author") for one in package.tree("word/comments.xml"))
    said += "\n".join(one.alt for one in pictures(whole.report))
    printed = list(texts(whole.report))
    assert len(printed) > 5000
    assert [text for text in printed if text not in said] == []


def test_python_docx_reopens_it_with_headings_quotes_and_turns(whole: Whole) -> None:
    by_style: dict[str, list[str]] = {}
    for paragraph in Document(str(whole.word)).paragraphs:
        assert paragraph.style is not None
        by_style.setdefault(str(paragraph.style.name), []).append(paragraph.text)
    parts = whole.report.parts
    groups = [part for part in parts if isinstance(part, Excerpts)]
    codes = [code for part in groups for code in part.codes]
    assert by_style["Heading 1"] == [part.heading for part in parts] + [
        "Where this report comes from"
    ]
    assert by_style["Heading 2"] == [code.title for code in codes]
    assert by_style["Excerpt"] == [
        "\n".join([*quoted(quote), "".join(piece.text for piece in quote.attribution)])
        for code in codes
        for quote in code.quotes
    ]
    assert by_style["Turn"] == [
        f"{one.number}\t{one.speaker}\t{part.text[one.start : one.stop]}"
        for part in parts
        if isinstance(part, AnnotatedTranscript)
        for one in part.passages
        if one.number or one.speaker
    ]
    shown = [*tables(whole.report), *pictures(whole.report)]
    assert len(by_style["Table Number"]) == len(by_style["Table Title"]) == len(shown)


def test_python_docx_reopens_it_with_every_cell_of_every_table(whole: Whole) -> None:
    reopened = iter(Document(str(whole.word)).tables)
    for part in whole.report.parts:
        if isinstance(part, Figures):
            for table in part.tables:
                found = [[cell.text for cell in row.cells] for row in next(reopened).rows]
                assert found == rows(table), table.title
        elif isinstance(part, Appendix):
            assert len(next(reopened).rows) == len(part.entries) + 1
    last = [[cell.text for cell in row.cells] for row in next(reopened).rows]
    assert last == [list(fact) for fact in whole.report.provenance]
    assert next(reopened, None) is None


def test_python_docx_reopens_it_with_one_comment_a_coding_on_the_coded_words(
    whole: Whole, package: Package
) -> None:
    found = list(Document(str(whole.word)).comments)
    assert Counter(comment.author for comment in found) == whole.codings
    assert sum(whole.codings.values()) > 300
    parts = [part for part in whole.report.parts if isinstance(part, AnnotatedTranscript)]
    said = [(part, comment) for part in parts for comment in part.comments]
    covered = commented(package.tree(BODY))
    for comment, (part, one) in zip(found, said, strict=True):
        assert comment.author == one.author
        assert [p.text for p in comment.paragraphs] == list(one.lines)
        words = "".join(
            part.text[max(one.start, turn.start) : min(one.stop, turn.stop)]
            for turn in part.passages
        )
        assert covered[str(comment.comment_id)] == words


def commented(body: Any) -> dict[str, str]:
    """Id of a comment → the words of the transcript that it lies on."""
    found: dict[str, str] = {}
    open_: set[str] = set()
    for element in body.iter(f"{W}commentRangeStart", f"{W}commentRangeEnd", f"{W}r"):
        if element.tag == f"{W}commentRangeStart":
            open_.add(element.get(f"{W}id"))
            found[element.get(f"{W}id")] = ""
        elif element.tag == f"{W}commentRangeEnd":
            open_.discard(element.get(f"{W}id"))
        elif element.find(f"{W}rPr/{W}shd") is not None:  # neither number nor speaker of a turn
            for id_ in open_:
                found[id_] += words_of(element)
    return found


def test_python_docx_reopens_it_with_every_picture_and_its_description(whole: Whole) -> None:
    document = Document(str(whole.word))
    expected = list(pictures(whole.report))
    inlines = [shape._inline for shape in document.inline_shapes]
    blobs = [
        document.part.related_parts[one.graphic.graphicData.pic.blipFill.blip.embed].blob
        for one in inlines
    ]
    assert blobs == [one.png for one in expected]
    assert [one.docPr.get("descr") for one in inlines] == [one.alt for one in expected]


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not here")
def test_libreoffice_writes_it_anew_without_a_loss(whole: Whole, tmp_path: Path) -> None:
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    subprocess.run(
        ["soffice", "--headless", profile, "--convert-to", "docx", "--outdir", str(tmp_path),
         str(whole.word)],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    before, after = (Document(str(path)) for path in (whole.word, tmp_path / "report.docx"))
    for what in (
        lambda d: Counter((comment.author, comment.text) for comment in d.comments),
        lambda d: [len(table.rows) for table in d.tables],
        lambda d: len(d.inline_shapes),
        lambda d: [words for p in d.element.body.iter(f"{W}p") if (words := words_of(p).strip())],
    ):
        assert what(before) == what(after)


# The page


class Structure(HTMLParser):
    """What opens and closes in a page, without a parser's good will to mend it."""

    VOID = ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "wbr")

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        """Tag, name and value."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        if len(names) != len(set(names)):
            self.wrong.append(f"{tag} at {self.getpos()} has an attribute twice")
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag == "p" and "p" in self.open:
            self.wrong.append(f"a paragraph in a paragraph at {self.getpos()}")
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}> at {self.getpos()}")

    def values(self, *names: str) -> list[str]:
        return [value for _, name, value in self.attributes if name in names]


@pytest.fixture(scope="module")
def structure(whole: Whole) -> Structure:
    made = Structure()
    made.feed((whole.here / "report.html").read_text("utf-8"))
    made.close()
    return made


def test_tags_of_the_page_are_balanced(structure: Structure) -> None:
    assert (structure.wrong, structure.open) == ([], [])


def test_ids_of_the_page_are_unique_and_what_names_one_finds_it(structure: Structure) -> None:
    ids = structure.values("id")
    assert [one for one, n in Counter(ids).items() if n > 1] == []
    links = structure.values("href")
    named = structure.values("aria-labelledby", "aria-describedby", "for", "headers")
    assert len(links) > 500
    assert [link for link in links if link[0] != "#" or link[1:] not in ids] == []
    assert [name for name in " ".join(named).split() if name not in ids] == []


def test_the_page_runs_and_loads_nothing(whole: Whole, structure: Structure) -> None:
    tags = {tag for tag, _, _ in structure.attributes}
    assert not tags & {"script", "link", "iframe", "object", "embed", "form", "base", "video"}
    assert not [name for _, name, _ in structure.attributes if name.startswith("on")]
    assert not structure.values("style", "srcset", "action", "ping", "background")
    held = [
        f"data:image/png;base64,{base64.b64encode(one.png).decode()}"
        for one in pictures(whole.report)
    ]
    assert structure.values("src") == held
    assert not {"url(", "@import"} & set(whole.page().xpath("//style")[0].text)


def test_every_text_of_the_report_stands_in_the_page(whole: Whole) -> None:
    page = whole.page()
    said = page.text_content() + "\n".join(page.xpath("//@alt"))
    numbers = "\n".join(page.xpath("//span[@class='no']/text()"))
    assert [text for text in texts(whole.report) if text not in said and text not in numbers] == []


def test_the_page_has_every_quote_cell_turn_and_coding(whole: Whole) -> None:
    page = whole.page()
    parts = whole.report.parts
    codes = [c for part in parts if isinstance(part, Excerpts) for c in part.codes]
    quotes = [quote for code in codes for quote in code.quotes]
    shown = page.xpath("//figure[contains(@class, 'quote')]")
    assert [[p.text_content() for p in one.xpath(".//p")] for one in shown] == [
        quoted(quote) for quote in quotes
    ]
    printed = page.xpath("//table[@class='printed']")
    for table, found in zip(tables(whole.report), printed, strict=True):
        cells = [[cell.text_content() for cell in row] for row in found.iter("tr")]
        assert cells == rows(table)
    transcripts = [part for part in parts if isinstance(part, AnnotatedTranscript)]
    assert len(page.xpath("//div[@class='turn']")) == sum(len(t.passages) for t in transcripts)
    told = page.xpath("//ul[@class='codings']/li")
    assert len(told) == len(page.xpath("//a[@class='ref']")) == sum(whole.codings.values())
