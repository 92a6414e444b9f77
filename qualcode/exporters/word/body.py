"""The body and the comments of a report, as a stream of XML.

Comments are numbered in the order of the report's parts, by body and comments alike.
"""

from __future__ import annotations

from collections.abc import Iterator

from qualcode.exporters.report import (
    AnnotatedTranscript,
    Appendix,
    Excerpts,
    Figures,
    Front,
    Part,
    Report,
)
from qualcode.exporters.word import appendix, excerpts, tables, transcript
from qualcode.exporters.word.scripts import right_to_left
from qualcode.exporters.word.shell import LANDSCAPE_WIDTH, PORTRAIT_WIDTH, Shell
from qualcode.exporters.word.xml import (
    DECLARATION,
    NAMESPACES,
    Ink,
    paragraph,
    ppr,
    rpr,
)

CONTENTS = 'TOC \\o "1-2" \\h \\n \\z'
LAST = "Where this report comes from"


class Numbers:
    """Ids that must be unique in the file: bookmarks, and the running numbers of tables."""

    def __init__(self) -> None:
        self.bookmark = 0
        self.heading = 0
        self.table = 0
        self.comment = 0


def body(report: Report, shell: Shell, ink: Ink) -> Iterator[str]:
    """``word/document.xml``."""
    numbers = Numbers()
    yield f"{DECLARATION}<w:document {NAMESPACES}><w:body>"
    yield paragraph(ink.run(report.title), ppr("Title", bidi=right_to_left(report.title)))
    if report.front is not None:
        yield from _front(report.front, _headings(report), ink)
    across = False
    new_page = report.front is not None
    for part in report.parts:
        is_appendix = isinstance(part, Appendix)
        if is_appendix != across:
            yield _end_section(shell.landscape if across else shell.portrait)
            across, new_page = is_appendix, False
        starts = new_page or isinstance(part, Figures | AnnotatedTranscript)
        yield _heading(part.heading, 1, ink, numbers, new_page=starts)
        yield from _part(part, ink, numbers)
        new_page = False
    if across:
        yield _end_section(shell.landscape)
    yield _heading(LAST, 1, ink, numbers, new_page=bool(report.parts) and not across)
    yield from tables.facts(report.provenance, ink, PORTRAIT_WIDTH)
    yield f"{shell.portrait}</w:body></w:document>"


def comments(report: Report, ink: Ink) -> Iterator[str]:
    """``word/comments.xml``: one comment per coding."""
    yield f"{DECLARATION}<w:comments {NAMESPACES}>"
    first = 0
    for part in report.parts:
        if isinstance(part, AnnotatedTranscript):
            yield from transcript.comments(part, ink, first)
            first += len(part.comments)
    yield "</w:comments>"


def _part(part: Part, ink: Ink, numbers: Numbers) -> Iterator[str]:
    """What stands under the heading of a part."""
    if isinstance(part, Excerpts):
        if part.intro:
            yield paragraph(ink.run(part.intro))
        for code in part.codes:
            yield _heading(code.title, 2, ink, numbers)
            yield from excerpts.code_excerpts(code, ink)
    elif isinstance(part, Figures):
        for sentence in part.sentences:
            yield paragraph(ink.run(sentence))
        for table in part.tables:
            numbers.table += 1
            numbers.bookmark += 1
            yield from tables.printed(table, ink, numbers.table, numbers.bookmark, PORTRAIT_WIDTH)
    elif isinstance(part, AnnotatedTranscript):
        yield from transcript.annotated(part, ink, numbers.comment)
        numbers.comment += len(part.comments)
    else:
        yield from appendix.codebook(part, ink, LANDSCAPE_WIDTH)


def _end_section(section: str) -> str:
    return paragraph("", ppr(section=section))


def _heading(text: str, level: int, ink: Ink, numbers: Numbers, *, new_page: bool = False) -> str:
    numbers.heading += 1
    numbers.bookmark += 1
    at = numbers.bookmark
    return paragraph(
        f'<w:bookmarkStart w:id="{at}" w:name="{_anchor(numbers.heading)}"/>{ink.run(text)}'
        f'<w:bookmarkEnd w:id="{at}"/>',
        ppr(f"Heading{level}", page_break=new_page, bidi=right_to_left(text)),
    )


def _anchor(number: int) -> str:
    return f"_Toc{number:08d}"


def _headings(report: Report) -> Iterator[tuple[int, str]]:
    """Level and text of every heading, in the order in which ``body`` writes them."""
    for part in report.parts:
        yield 1, part.heading
        if isinstance(part, Excerpts):
            for code in part.codes:
                yield 2, code.title
    yield 1, LAST


def _front(front: Front, headings: Iterator[tuple[int, str]], ink: Ink) -> Iterator[str]:
    if front.subtitle:
        yield paragraph(ink.run(front.subtitle), ppr("Subtitle"))
    if front.counts:
        yield paragraph(ink.run(front.counts), ppr("ReportCounts"))
    for sentence in front.sentences:
        yield paragraph(ink.run(sentence, rpr(style="Quiet")))
    yield paragraph(ink.run("Contents"), ppr("TOCHeading"))
    entries = [
        (
            level,
            f'<w:hyperlink w:anchor="{_anchor(at)}" w:history="1">{ink.run(text)}</w:hyperlink>',
        )
        for at, (level, text) in enumerate(headings, 1)
    ]
    for at, (level, link) in enumerate(entries):
        before = after = ""
        if at == 0:
            before = (
                '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r>'
                f'<w:instrText xml:space="preserve"> {ink.attribute(CONTENTS)} </w:instrText>'
                '</w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
            )
        if at == len(entries) - 1:
            after = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        yield paragraph(before + link + after, ppr(f"Toc{level}"))
