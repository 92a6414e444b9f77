"""Excerpts by code, as the Word report prints them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from qualcode.exporters.report import CodeExcerpts, Excerpts, Piece, Quote
from qualcode.model import Code, Turn
from qualcode.reports.attribution import PATTERN, attribution
from qualcode.reports.codebook import paths
from qualcode.reports.concentration import balanced_excerpts
from qualcode.reports.disclosed import worded
from qualcode.reports.excerpts import Collected, Excerpt
from qualcode.reports.printed import ROLE
from qualcode.text.plurals import counted

if TYPE_CHECKING:
    from qualcode.project import Project

HEADINGS = {"mechanism": "Mechanisms", "context": "Context", "outcome": "Outcomes"}
OTHER = "Codes"
OMITTED = "[…]"
LONGEST = 320
"""Characters shown of a turn before a quote."""

INTRO = (
    "Excerpts are verbatim and stand under the very code they were given. A quote that begins or "
    "ends inside a word is shown with the whole word; several speakers are named line by line."
)
BEFORE = " What was said before a quote stands above it in grey; […] marks an omission."


def excerpt_parts(
    project: Project,
    collected: Collected,
    *,
    quotes: int | None,
    pattern: str | None,
    context: int = 0,
) -> list[Excerpts]:
    """One part per kind of code, codes in codebook order.

    Args:
        quotes: How many are printed per code; None for all.
        pattern: Of the attribution; None for the usual one.
        context: How many turns before a quote are printed with it.
    """
    layer = project.layer
    codes = [worded(code, layer) for code in project.codebook.codes()]
    way = paths(codes)
    by_code: dict[str, list[Excerpt]] = {}
    for one in collected.excerpts:
        for code in one.codes:
            by_code.setdefault(code, []).append(one)
    names = sorted({name for one in collected.excerpts for name in one.attributes})
    parts: list[Excerpts] = []
    for kind in dict.fromkeys(code.kind for code in codes):
        of_kind = [code for code in codes if code.kind == kind]
        used = [code for code in of_kind if code.code in by_code]
        unused = [code.title for code in of_kind if code.code not in by_code]
        sections = [
            _section(
                code,
                way[code.code],
                by_code[code.code],
                quotes,
                lambda one: quote(one, pattern or PATTERN, names, context),
            )
            for code in used
        ]
        intro = [] if parts else [INTRO + BEFORE * bool(context)]
        if unused:
            intro.append(f"No excerpt: {', '.join(unused)}.")
        heading = HEADINGS.get(kind) or (kind[:1].upper() + kind[1:]) or OTHER
        parts.append(Excerpts(heading, sections, " ".join(intro)))
    return parts


def _section(
    code: Code,
    way: Sequence[str],
    found: list[Excerpt],
    quotes: int | None,
    quoted: Callable[[Excerpt], Quote],
) -> CodeExcerpts:
    shown = found if quotes is None else balanced_excerpts(found, quotes)
    n_documents = len({one.document.id for one in found})
    of = f"{len(shown):,} of " if len(shown) < len(found) else ""
    count = f"{of}{counted(len(found), 'excerpt')}, {counted(n_documents, 'document')}"
    title = " › ".join(way)
    made = [quoted(one) for one in shown]
    return CodeExcerpts(title[:1].upper() + title[1:], code.brief, count, code.colour, made)


def quote(
    one: Excerpt, pattern: str = PATTERN, names: Sequence[str] = (), context: int = 0
) -> Quote:
    """An excerpt for print: whole words, each speaker named once, with its attribution.

    Args:
        names: Attributes that a pattern may name, whether or not this excerpt has them.
        context: How many turns before it come along.
    """
    passages = _passages(one)
    several = len({who for who, _ in passages}) > 1
    if not several:
        passages = [("", text) for _, text in passages]
    numbers = one.turn_numbers()
    values = {
        **{name: one.printed.get(name, "") for name in (*names, "role", "site")},
        "participant": "" if several else _who(one.turns()[0]) if one.turns() else "",
        "speaker": "" if several else ", ".join(one.speakers()),
        "document": one.document.name,
        "turns": f"{'turns' if '–' in numbers else 'turn'} {numbers}" if numbers else "",
        "time": one.time(),
        "coder": one.coder,
        "round": one.round,
        "codes": ", ".join(one.codes),
    }
    role = next((one.printed[name] for name in ROLE if one.printed.get(name)), "")
    values["role"] = "" if several else role
    pieces = [Piece(text, bold=bold) for text, bold in attribution(values, pattern)]
    marks = [one.valence or "", *(["disconfirming"] if one.disconfirming else [])]
    if any(marks):
        pieces.append(Piece(f" · {', '.join(mark for mark in marks if mark)}", italic=True))
    return Quote(passages, pieces, _before(one, context))


def _before(one: Excerpt, turns: int) -> list[tuple[str, str]]:
    """What was said before a quote, speaker by speaker; what is left out is marked.

    Where nobody speaks, paragraphs take the place of turns. Of a long one the end is shown.
    """
    text, blocks = one.transcript.text, one.transcript.blocks
    at = next((n for n, block in enumerate(blocks) if block.stop > one.span.start), len(blocks))
    found = []
    for block in blocks[max(0, at - turns) : at]:
        words = text[block.start : block.stop].strip()
        if len(words) > LONGEST:
            words = f"{OMITTED} {words[-LONGEST:].partition(' ')[2]}"
        if words:
            found.append((_who(block.turn) if block.turn is not None else "", words))
    start, _ = whole_words(text, one.span.start, one.span.stop)
    if found and at < len(blocks) and text[blocks[at].start : start].strip():
        who, words = found[-1]
        found[-1] = (who, f"{words} {OMITTED}")
    return found


def _passages(one: Excerpt) -> list[tuple[str, str]]:
    """``(speaker, words)``, one per run of turns of one speaker; labels between turns stay out."""
    text = one.transcript.text
    start, stop = whole_words(text, one.span.start, one.span.stop)
    passages: list[tuple[str, str]] = []
    for turn in one.turns():
        words = text[max(start, turn.start) : min(stop, turn.stop)].strip()
        who = _who(turn)
        if passages and passages[-1][0] == who:
            passages[-1] = (who, f"{passages[-1][1]}\n{words}")
        elif words:
            passages.append((who, words))
    return passages or [("", text[start:stop].strip())]


def whole_words(text: str, start: int, stop: int) -> tuple[int, int]:
    """The stretch, widened so that it neither begins nor ends inside a word."""
    while start > 0 and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while stop < len(text) and text[stop - 1].isalnum() and text[stop].isalnum():
        stop += 1
    return start, stop


def _who(turn: Turn) -> str:
    return ", ".join(turn.participants) or turn.speaker or ""
