"""The annotated transcript for print: codings in numbered brackets, explained below their turn.

A bracket says its number at both ends, since codings may cross: ``[1 I trusted [2 her 1] then 2]``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from qualcode.exporters.report import AnnotatedTranscript, Comment, Passage
from qualcode.exporters.word.scripts import right_to_left
from qualcode.exporters.word.transcript import label, stops_of
from qualcode.exporters.word.xml import Ink, paragraph, ppr, rpr

Mark = tuple[int, Sequence[Comment]]
"""A number, and the codings of the same words with the same code."""


def bracketed(part: AnnotatedTranscript, ink: Ink) -> Iterator[str]:
    """The paragraphs of a transcript, each turn followed by the key to its brackets."""
    if part.intro:
        yield paragraph(ink.run(part.intro))
    waiting = list(reversed(_marks(part.comments)))
    stops = stops_of(part)
    still_open: list[Mark] = []
    for at, passage in enumerate(part.passages, 1):
        last = at == len(part.passages)
        new: list[Mark] = []
        while waiting and (waiting[-1][1][0].start < passage.stop or last):
            new.append(waiting.pop())
        content = _content(part.text, passage, [*still_open, *new], new, ink, last=last)
        still_open = [m for m in (*still_open, *new) if m[1][0].stop > passage.stop]
        bidi = right_to_left(part.text[passage.start : passage.stop])
        named = bool(passage.number or passage.speaker)
        style = "Turn" if named else ""
        look = ppr(style, keep_next=bool(new), hanging=stops if named else (), bidi=bidi)
        yield paragraph((label(passage, ink) if named else "") + content, look)
        if new:
            left = (stops[-1] if stops else None) if named else 0
            yield paragraph(_key(new, ink), ppr("MarkKey", left=left))


def _marks(comments: Sequence[Comment]) -> list[Mark]:
    """Codings by place, those of the same words and code together, numbered from 1."""
    together: dict[tuple[int, int, str], list[Comment]] = {}
    for comment in sorted(comments, key=lambda one: (one.start, -one.stop)):
        code = comment.lines[0] if comment.lines else ""
        together.setdefault((comment.start, comment.stop, code), []).append(comment)
    return list(enumerate(together.values(), 1))


def _content(
    text: str, passage: Passage, marks: Sequence[Mark], new: Sequence[Mark], ink: Ink, *, last: bool
) -> str:
    """The words of a passage with the brackets that open and close in it.

    One that opens before it (on a label) opens at its first word; the last passage closes all.
    """
    opening: dict[int, list[int]] = {}
    closing: dict[int, list[int]] = {}
    for number, codings in new:
        start = min(max(codings[0].start, passage.start), passage.stop)
        opening.setdefault(start, []).append(number)
    for number, codings in marks:
        if codings[0].stop <= passage.stop or last:
            stop = max(min(codings[0].stop, passage.stop), passage.start)
            closing.setdefault(stop, []).insert(0, number)
    look = rpr(style="CodeMark")
    edges = sorted({passage.start, passage.stop, *opening, *closing})
    parts = []
    for at, (start, stop) in enumerate(pairwise([*edges, edges[-1]])):
        ends = [n for n in closing.get(start, ()) if start > passage.start or n not in _of(new)]
        parts += [ink.run(f" {number}]", look) for number in ends]
        parts += [ink.run(f"[{number} ", look) for number in opening.get(start, ())]
        late = [n for n in closing.get(start, ()) if n not in ends]
        parts += [ink.run(f" {number}]", look) for number in late]
        if at < len(edges) - 1:
            parts.append(ink.run(text[start:stop]))
    return "".join(parts)


def _of(marks: Sequence[Mark]) -> set[int]:
    return {number for number, _ in marks}


def _key(marks: Sequence[Mark], ink: Ink) -> str:
    """ "1 trust (ana, ben) · 2 fear (ana: barrier)"."""
    parts = []
    for number, codings in marks:
        said = [
            one.author + (f": {', '.join(one.lines[1:])}" if one.lines[1:] else "")
            for one in codings
        ]
        code = codings[0].lines[0] if codings[0].lines else ""
        who = ("; " if any(one.lines[1:] for one in codings) else ", ").join(said)
        parts.append(ink.run(f"{number} ", rpr(style="CodeMark")) + ink.run(f"{code} ({who})"))
    return ink.run(" · ").join(parts)
