"""Excerpts by code: definition, count, quotes with a bar in the code's colour."""

from __future__ import annotations

from collections.abc import Iterator

from qualcode.exporters.report import CodeExcerpts, Quote
from qualcode.exporters.word.scripts import right_to_left
from qualcode.exporters.word.xml import Ink, hex_colour, paragraph, ppr, rpr

LEFT = 540
STEP = 2
"""Twips by which every second quote stands further right.

Word and LibreOffice draw neighbouring paragraphs with the same border and the same indents as one
box: the bars of two quotes would join. A tenth of a point apart, they do not.
"""

_BREAK = "<w:r><w:br/></w:r>"


def code_excerpts(code: CodeExcerpts, ink: Ink, left: int = LEFT) -> Iterator[str]:
    """What stands under a code's heading; quotes stand in by ``left`` twips."""
    definition = ink.run(code.definition, rpr(italic=True))
    space = ink.run(" ") if code.definition and code.count else ""
    yield paragraph(
        definition + space + ink.run(code.count, rpr(style="Quiet")),
        ppr(
            "CodeDefinition",
            keep_next=bool(code.quotes),
            bidi=right_to_left(code.definition or code.count),
        ),
    )
    bar = hex_colour(code.colour)
    looks = {
        (step, bidi): ppr("Excerpt", bar=bar, left=left + STEP * step, bidi=bidi)
        for step in (0, 1)
        for bidi in (False, True)
    }
    for at, quote in enumerate(code.quotes):
        bidi = bool(quote.passages) and right_to_left(quote.passages[0][1])
        yield paragraph(_quote(quote, ink), looks[at % 2, bidi])


def _quote(quote: Quote, ink: Ink) -> str:
    lines = []
    grey = rpr(style="Context")
    for speaker, text in quote.context:
        lines.append(ink.run(f"{speaker}: {text}" if speaker else text, grey))
    for speaker, text in quote.passages:
        who = ink.run(f"{speaker}: ", rpr(style="Speaker")) if speaker else ""
        lines.append(who + ink.run(f"“{text}”"))
    if quote.attribution:
        runs = [
            ink.run(piece.text, rpr(style="Attribution", bold=piece.bold, italic=piece.italic))
            for piece in quote.attribution
        ]
        lines.append("".join(runs))
    return _BREAK.join(lines)
