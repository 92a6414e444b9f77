"""The codebook as an appendix: one row per code, printed across the page."""

from __future__ import annotations

from collections.abc import Iterator

from qualcode.exporters.report import Appendix, CodebookEntry
from qualcode.exporters.word.scripts import right_to_left
from qualcode.exporters.word.tables import HEAVY, LIGHT, row_start, shares, table_start
from qualcode.exporters.word.xml import Ink, hex_colour, paragraph, ppr, rpr, tcpr

LABELS = ("Code", "Definition", "Use when", "Do not use when", "Examples and near misses")
WIDTHS = (20, 22, 16, 17, 25)
BAR, STEP = 190, 160
"""Twips: room for the bar inside the cell, and how much further right a child stands."""


def codebook(part: Appendix, ink: Ink, width: int) -> Iterator[str]:
    """The table of the codebook."""
    widths = shares(WIDTHS, width)
    yield table_start(widths)
    yield row_start(heading=True)
    for label, cell in zip(LABELS, widths, strict=True):
        content = paragraph(ink.run(label, rpr(bold=True)), ppr("TableText", keep_next=True))
        yield f"<w:tc>{tcpr(cell, top=HEAVY, bottom=LIGHT, valign='bottom')}{content}</w:tc>"
    yield "</w:tr>"
    for at, entry in enumerate(part.entries, 1):
        bottom = HEAVY if at == len(part.entries) else LIGHT
        yield row_start()
        for content, cell in zip(_cells(entry, ink), widths, strict=True):
            yield f"<w:tc>{tcpr(cell, bottom=bottom)}{content}</w:tc>"
        yield "</w:tr>"
    yield "</w:tbl>"


def _cells(entry: CodebookEntry, ink: Ink) -> Iterator[str]:
    bar = hex_colour(entry.colour)
    look = ppr("TableText", bar=bar, left=BAR + STEP * (entry.level - 1))
    name = ink.run(entry.title, rpr(style="CodeChip"))
    small = rpr(style="Attribution")
    lines = [entry.code] if entry.code.replace("_", " ") != entry.title else []
    lines += [entry.facts] if entry.facts else []
    yield paragraph(name + "".join(f"<w:r><w:br/></w:r>{ink.run(x, small)}" for x in lines), look)
    yield _paragraphs([(text, "") for text in entry.definition], ink)
    yield _paragraphs([(entry.use_when, "")], ink)
    yield _paragraphs([(entry.not_when, "")], ink)
    examples = [(f"“{text}”", "") for text in entry.examples]
    misses = [(text, "Near miss: ") for text in entry.near_misses]
    yield _paragraphs([*examples, *misses], ink)


def _paragraphs(texts: list[tuple[str, str]], ink: Ink) -> str:
    """Text paragraphs of a cell with what leads them in; a cell must hold at least one."""
    made = [
        paragraph(
            ink.run(lead, rpr(italic=True)) + ink.run(text),
            ppr("TableText", bidi=right_to_left(text)),
        )
        for text, lead in texts
        if text
    ]
    return "".join(made) or paragraph("", ppr("TableText"))
