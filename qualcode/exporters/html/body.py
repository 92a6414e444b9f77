"""The body of a report: contents, and one section per part."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence

from qualcode.exporters.html.look import colour_class
from qualcode.exporters.html.page import Ink
from qualcode.exporters.html.transcript import annotated
from qualcode.exporters.report import (
    AnnotatedTranscript,
    Appendix,
    CodebookEntry,
    CodeExcerpts,
    Excerpts,
    Figure,
    Figures,
    Front,
    Part,
    Piece,
    PrintedCell,
    PrintedTable,
    Quote,
    Reference,
    Report,
    Sentence,
)
from qualcode.text.safe import replaced_in

LAST = "Where this report comes from"
PIXELS = 96 / 72
"""CSS pixels in a point."""

DEEPEST = 4
"""Steps that a row of a table can stand further right."""


class Numbers:
    """What tables and pictures are called: "Table 1", "Figure 1", in the order of the report."""

    def __init__(self, report: Report) -> None:
        self._last = {"Table": 0, "Figure": 0}
        self.of: dict[str, str] = {}
        """By key."""
        for part in report.parts:
            if isinstance(part, Figures):
                self.of.update({one.key: self.next("Table") for one in part.tables})
                self.of.update({one.key: self.next("Figure") for one in part.pictures})
        self._last = dict.fromkeys(self._last, 0)

    def next(self, kind: str) -> str:
        """The next one's name."""
        self._last[kind] += 1
        return f"{kind} {self._last[kind]}"


def _id(label: str) -> str:
    return label.replace(" ", "-").lower()


def body(report: Report, ink: Ink) -> Iterator[str]:
    """Everything between the tags of the body, with its landmarks."""
    yield '<a class="skip" href="#report">Skip to the report</a>\n'
    yield f'<header>\n<h1 dir="auto">{ink.text(report.title)}</h1>\n'
    if report.front is not None:
        yield from _front(report.front, ink)
    yield "</header>\n"
    yield from _contents(report, ink)
    yield '<main id="report" tabindex="-1">\n'
    numbers = Numbers(report)
    for at, part in enumerate(report.parts, 1):
        yield f'<section aria-labelledby="p{at}">\n'
        yield f'<h2 id="p{at}" dir="auto">{ink.text(part.heading)}</h2>\n'
        yield from _part(part, at, numbers, ink)
        yield "</section>\n"
    at = len(report.parts) + 1
    yield f'<section aria-labelledby="p{at}">\n<h2 id="p{at}">{LAST}</h2>\n'
    yield '<table class="facts-table"><tbody>\n'
    for name, value in report.provenance:
        yield f'<tr><th scope="row">{ink.text(name)}</th><td>{ink.text(value)}</td></tr>\n'
    yield "</tbody></table>\n</section>\n</main>\n"
    yield f"<footer>{ink.text(report.footer)}"
    if ink.replaced:
        yield f"<br>{replaced_in('a web page', ink.replaced)}"
    yield "</footer>\n"


def _front(front: Front, ink: Ink) -> Iterator[str]:
    if front.subtitle:
        yield f'<p class="subtitle" dir="auto">{ink.text(front.subtitle)}</p>\n'
    if front.counts:
        yield f'<p class="counts">{ink.text(front.counts)}</p>\n'
    if front.sentences:
        said = "".join(f'<p dir="auto">{ink.text(sentence)}</p>\n' for sentence in front.sentences)
        yield f'<div class="quiet">\n{said}</div>\n'


def _contents(report: Report, ink: Ink) -> Iterator[str]:
    yield '<nav aria-labelledby="contents">\n<h2 id="contents">Contents</h2>\n<ol>\n'
    for at, part in enumerate(report.parts, 1):
        yield f'<li><a href="#p{at}">{ink.text(part.heading)}</a>'
        if isinstance(part, Excerpts) and part.codes:
            yield "\n<ol>\n"
            for n, code in enumerate(part.codes, 1):
                yield f'<li><a href="#p{at}-{n}">{ink.text(code.title)}</a></li>\n'
            yield "</ol>\n"
        yield "</li>\n"
    yield f'<li><a href="#p{len(report.parts) + 1}">{LAST}</a></li>\n</ol>\n</nav>\n'


def _part(part: Part, at: int, numbers: Numbers, ink: Ink) -> Iterator[str]:
    """What stands under the heading of a part."""
    if isinstance(part, Excerpts):
        if part.intro:
            yield _sentence(part.intro, numbers, ink)
        for n, code in enumerate(part.codes, 1):
            yield from _code(code, f"p{at}-{n}", ink)
    elif isinstance(part, Figures):
        for sentence in part.sentences:
            yield _sentence(sentence, numbers, ink)
        for table in part.tables:
            yield from _table(table, numbers.next("Table"), ink)
        for picture in part.pictures:
            yield from _picture(picture, numbers.next("Figure"), ink)
    elif isinstance(part, AnnotatedTranscript):
        yield from annotated(part, f"p{at}", ink)
    else:
        yield from _codebook(part, numbers, ink)


def _sentence(sentence: Sentence, numbers: Numbers, ink: Ink) -> str:
    """A paragraph; what it refers to is a link."""
    said = []
    for piece in [sentence] if isinstance(sentence, str) else sentence:
        if isinstance(piece, Reference):
            label = numbers.of[piece.key]
            said.append(f'<a href="#{_id(label)}">{label}</a>')
        else:
            said.append(ink.text(piece))
    return f'<p dir="auto">{"".join(said)}</p>\n'


def _code(code: CodeExcerpts, id_: str, ink: Ink) -> Iterator[str]:
    yield f'<h3 id="{id_}" dir="auto">{ink.text(code.title)}</h3>\n'
    definition = f'<span class="definition">{ink.text(code.definition)}</span> '
    count = f'<span class="counts">{ink.text(code.count)}</span>'
    yield f'<p dir="auto">{definition if code.definition else ""}{count}</p>\n'
    look = colour_class(code.colour)
    for quote in code.quotes:
        yield _quote(quote, look, ink)


def _quote(quote: Quote, look: str, ink: Ink) -> str:
    said = [_passage(speaker, f"“{text}”", ink) for speaker, text in quote.passages]
    before = [_passage(speaker, text, ink) for speaker, text in quote.context]
    context = f'<div class="quiet">{"".join(before)}</div>' if before else ""
    line = pieces(quote.attribution, ink)
    caption = f"<figcaption>{line}</figcaption>" if line else ""
    return (
        f'<figure class="quote {look}">{context}<blockquote>{"".join(said)}</blockquote>{caption}'
        "</figure>\n"
    )


def _passage(speaker: str, text: str, ink: Ink) -> str:
    who = f'<b class="who">{ink.text(speaker)}:</b> ' if speaker else ""
    return f'<p dir="auto">{who}{ink.text(text)}</p>'


def pieces(of: Sequence[Piece], ink: Ink) -> str:
    """Stretches of text, each in its look."""
    made = []
    for piece in of:
        text = ink.text(piece.text)
        for tag, wanted in (("b", piece.bold), ("i", piece.italic), ("sup", piece.superscript)):
            text = f"<{tag}>{text}</{tag}>" if wanted else text
        made.append(text)
    return "".join(made)


def _table(table: PrintedTable, label: str, ink: Ink) -> Iterator[str]:
    yield f'<div class="wide" role="region" aria-labelledby="{_id(label)}" tabindex="0">\n'
    yield (
        f'<table class="printed">\n<caption id="{_id(label)}"><b>{label}</b> '
        f"<i>{ink.text(table.title)}</i></caption>\n<thead><tr>"
    )
    for column in table.columns:
        yield f'<th scope="col"{_look(column.number)}>{ink.text(column.label)}</th>'
    yield "</tr></thead>\n<tbody>\n"
    for row in table.rows:
        yield "<tr>"
        for at, (cell, column) in enumerate(zip(row, table.columns, strict=True)):
            yield _cell(cell, ink, heads=at == 0, number=column.number)
        yield "</tr>\n"
    yield "</tbody>\n</table>\n</div>\n"
    if table.note:
        yield f'<p class="note">{pieces(table.note, ink)}</p>\n'


def _picture(picture: Figure, label: str, ink: Ink) -> Iterator[str]:
    """A picture inside the file; wider than the page it is made smaller."""
    width = f' width="{round(picture.width * PIXELS)}"' if picture.width else ""
    data = base64.b64encode(picture.png).decode()
    yield (
        f'<figure class="picture" id="{_id(label)}"><figcaption><b>{label}</b> '
        f"<i>{ink.text(picture.caption)}</i></figcaption>\n"
        f'<img src="data:image/png;base64,{data}" alt="{ink.text(picture.alt)}"{width}>\n'
    )
    if picture.note:
        yield f'<p class="note">{pieces(picture.note, ink)}</p>\n'
    yield "</figure>\n"


def _cell(cell: PrintedCell, ink: Ink, *, heads: bool, number: bool) -> str:
    look = _look(number, cell.bold, f"i{min(cell.indent, DEEPEST)}" if cell.indent else "")
    note = f"<sup>{ink.text(cell.note)}</sup>" if cell.note else ""
    tag, scope = ("th", ' scope="row"') if heads else ("td", "")
    return f"<{tag}{scope}{look}>{ink.text(cell.text)}{note}</{tag}>"


def _look(number: bool, bold: bool = False, indent: str = "") -> str:
    names = [name for name in ("n" if number else "", "strong" if bold else "", indent) if name]
    return f' class="{" ".join(names)}"' if names else ""


def _codebook(part: Appendix, numbers: Numbers, ink: Ink) -> Iterator[str]:
    if part.intro:
        yield _sentence(part.intro, numbers, ink)
    for entry in part.entries:
        yield from _entry(entry, ink)


def _entry(entry: CodebookEntry, ink: Ink) -> Iterator[str]:
    yield f'<div class="entry {colour_class(entry.colour)}">\n'
    yield f'<h3 dir="auto">{ink.text(entry.title)}</h3>\n'
    said = [entry.code] if entry.code.replace("_", " ") != entry.title else []
    said += [entry.facts] if entry.facts else []
    if said:
        yield f'<p class="facts">{ink.text(" · ".join(said))}</p>\n'
    told = [
        ("Definition", entry.definition),
        ("Use when", [entry.use_when]),
        ("Do not use when", [entry.not_when]),
        ("Examples", [f"“{text}”" for text in entry.examples]),
        ("Near misses", entry.near_misses),
    ]
    filled = [(name, [text for text in texts if text]) for name, texts in told]
    if any(texts for _, texts in filled):
        yield "<dl>\n"
        for name, texts in filled:
            if texts:
                inner = "".join(f'<p dir="auto">{ink.text(text)}</p>' for text in texts)
                yield f"<dt>{name}</dt><dd>{inner}</dd>\n"
        yield "</dl>\n"
    yield "</div>\n"
