"""The body and the comments of a report, as a stream of XML.

Comments are numbered in the order of the report's parts, by body and comments alike; so are tables
and pictures, by the captions and by what refers to them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from qualcode.exporters.report import (
    AnnotatedTranscript,
    Appendix,
    Excerpts,
    Figures,
    Front,
    Part,
    Reference,
    Report,
    Sentence,
)
from qualcode.exporters.word import appendix, brackets, excerpts, tables, transcript
from qualcode.exporters.word.scripts import right_to_left
from qualcode.exporters.word.shell import Shell
from qualcode.exporters.word.xml import (
    DECLARATION,
    NAMESPACES,
    Ink,
    linked,
    paragraph,
    ppr,
    rpr,
)
from qualcode.exporters.word.xml import field as word_field

CONTENTS = 'TOC \\o "1-2" \\h \\n \\z'
LAST = "Where this report comes from"
MANY = 3
"""So many tables and pictures, and a list of them stands below the contents."""


@dataclass(frozen=True, slots=True)
class Caption:
    """The number of a table or a picture."""

    kind: str
    number: int
    title: str

    @property
    def label(self) -> str:
        """ "Table 1"."""
        return f"{self.kind} {self.number}"

    @property
    def mark(self) -> str:
        """The bookmark on it."""
        return tables.mark(self.kind, self.number)


@dataclass(slots=True)
class Numbers:
    """Ids that must be unique in the file, and what tables and pictures are called in it."""

    captions: Mapping[str, Caption] = field(default_factory=dict)
    """By key."""

    bookmark: int = 0
    heading: int = 0
    table: int = 0
    picture: int = 0
    comment: int = 0


def body(report: Report, shell: Shell, ink: Ink) -> Iterator[str]:
    """``word/document.xml``."""
    listed = list(_captions(report))
    numbers = Numbers({key: caption for key, caption in listed if key})
    yield f"{DECLARATION}<w:document {NAMESPACES}><w:body>"
    yield paragraph(ink.run(report.title), ppr("Title", bidi=right_to_left(report.title)))
    if report.front is not None:
        yield from _front(report.front, _headings(report), [c for _, c in listed], ink)
    new_page = report.front is not None
    across = not new_page and any(map(_sideways, report.parts[:1]))
    for at, part in enumerate(report.parts):
        sideways = _sideways(part)
        if sideways != across:
            yield _end_section(shell.landscape if across else shell.portrait)
            across, new_page = sideways, False
            starts = False
        else:
            flows = across or at == 0 or isinstance(part, Excerpts)
            starts = new_page or not flows
        yield _heading(part.heading, 1, ink, numbers, new_page=starts)
        yield from _part(part, ink, numbers, shell, shell.across if across else shell.upright)
        new_page = False
    if across:
        yield _end_section(shell.landscape)
    yield _heading(LAST, 1, ink, numbers, new_page=bool(report.parts) and not across)
    yield from tables.facts(report.provenance, ink, shell.upright)
    yield f"{shell.portrait}</w:body></w:document>"


def comments(report: Report, ink: Ink) -> Iterator[str]:
    """``word/comments.xml``: one comment per coding, but for transcripts in brackets."""
    yield f"{DECLARATION}<w:comments {NAMESPACES}>"
    first = 0
    for part in report.parts:
        if isinstance(part, AnnotatedTranscript) and not part.brackets:
            yield from transcript.comments(part, ink, first)
            first += len(part.comments)
    yield "</w:comments>"


def _sideways(part: Part) -> bool:
    return isinstance(part, Appendix) or (isinstance(part, Figures) and part.across)


def _part(part: Part, ink: Ink, numbers: Numbers, shell: Shell, width: int) -> Iterator[str]:
    """What stands under the heading of a part."""
    if isinstance(part, Excerpts):
        if part.intro:
            yield _sentence(part.intro, ink, numbers)
        for code in part.codes:
            yield _heading(code.title, 2, ink, numbers)
            yield from excerpts.code_excerpts(code, ink, shell.left)
    elif isinstance(part, Figures):
        for sentence in part.sentences:
            yield _sentence(sentence, ink, numbers)
        yield from _numbered(part, ink, numbers, width)
    elif isinstance(part, AnnotatedTranscript):
        if part.brackets:
            yield from brackets.bracketed(part, ink)
        else:
            yield from transcript.annotated(part, ink, numbers.comment)
            numbers.comment += len(part.comments)
    else:
        if part.intro:
            yield _sentence(part.intro, ink, numbers)
        yield from appendix.codebook(part, ink, width)


def _numbered(part: Figures, ink: Ink, numbers: Numbers, width: int) -> Iterator[str]:
    for table in part.tables:
        numbers.table += 1
        numbers.bookmark += 1
        yield from tables.printed(table, ink, numbers.table, numbers.bookmark, width)
    for picture in part.pictures:
        numbers.picture += 1
        numbers.bookmark += 1
        yield from tables.pictured(picture, ink, numbers.picture, numbers.bookmark, width)


def _captions(report: Report) -> Iterator[tuple[str, Caption]]:
    """Key and number of every table and picture, in the order in which ``body`` writes them."""
    table = picture = 0
    for part in report.parts:
        if isinstance(part, Figures):
            for one in part.tables:
                table += 1
                yield one.key, Caption("Table", table, one.title)
            for other in part.pictures:
                picture += 1
                yield other.key, Caption("Figure", picture, other.caption)


def _sentence(sentence: Sentence, ink: Ink, numbers: Numbers) -> str:
    """A paragraph; what it refers to is a field that shows the number at once."""
    pieces = [sentence] if isinstance(sentence, str) else sentence
    runs = []
    for piece in pieces:
        if isinstance(piece, Reference):
            caption = numbers.captions[piece.key]
            runs.append(word_field(f"REF {caption.mark} \\h", ink.run(caption.label)))
        else:
            runs.append(ink.run(piece))
    first = next((piece for piece in pieces if isinstance(piece, str)), "")
    return paragraph("".join(runs), ppr(bidi=right_to_left(first)))


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


def _front(
    front: Front, headings: Iterator[tuple[int, str]], captions: list[Caption], ink: Ink
) -> Iterator[str]:
    if front.subtitle:
        yield paragraph(ink.run(front.subtitle), ppr("Subtitle"))
    if front.counts:
        yield paragraph(ink.run(front.counts), ppr("ReportCounts"))
    if front.sentences:
        yield paragraph(ink.run(" ".join(front.sentences), rpr(style="Quiet")))
    yield paragraph(ink.run("Contents"), ppr("TOCHeading"))
    entries = [
        (level, linked(_anchor(at), ink.run(text))) for at, (level, text) in enumerate(headings, 1)
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
    if len(captions) >= MANY:
        yield paragraph(ink.run("Tables and figures"), ppr("TOCHeading"))
        for caption in captions:
            text = f"{caption.label}. {caption.title}"
            yield paragraph(linked(caption.mark, ink.run(text)), ppr("Toc1"))
