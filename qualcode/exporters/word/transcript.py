"""The annotated transcript: every coding tinted in its colour and a comment in the margin."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from qualcode.exporters.report import AnnotatedTranscript, Comment, Passage
from qualcode.exporters.word.scripts import right_to_left
from qualcode.exporters.word.xml import Ink, paragraph, ppr, rpr, tint

SHORT_NAME = 9
"""Letters of a speaker's name that the style Turn has room for."""

NUMBER, PER_LETTER, WIDEST = 480, 135, 2800
"""Twips: where a name begins, what one of its letters takes, and the most it gets."""


def annotated(part: AnnotatedTranscript, ink: Ink, first: int) -> Iterator[str]:
    """The paragraphs of a transcript.

    Args:
        first: Id of its first comment; the others follow.
    """
    if part.intro:
        yield paragraph(ink.run(part.intro))
    coded = _Coded(part, first)
    stops = stops_of(part)
    looks = {bidi: ppr("Turn", hanging=stops, bidi=bidi) for bidi in (False, True)}
    for at, passage in enumerate(part.passages, 1):
        content = coded.runs(passage, ink)
        bidi = right_to_left(part.text[passage.start : passage.stop])
        if at == len(part.passages):
            content += coded.rest()
        if passage.number or passage.speaker:
            yield paragraph(label(passage, ink) + content, looks[bidi])
        else:
            yield paragraph(content, ppr(bidi=bidi))
    if not part.passages:
        yield paragraph(coded.rest())


def label(passage: Passage, ink: Ink) -> str:
    """Number and speaker of a turn, each before its tab stop."""
    return (
        ink.run(passage.number, rpr(style="TurnNumber"))
        + "<w:r><w:tab/></w:r>"
        + ink.run(passage.speaker, rpr(style="Speaker"))
        + "<w:r><w:tab/></w:r>"
    )


def comments(part: AnnotatedTranscript, ink: Ink, first: int) -> Iterator[str]:
    """The comments of a transcript, in the order of its records."""
    for at, comment in enumerate(part.comments, first):
        date = f' w:date="{ink.attribute(comment.at)}"' if comment.at else ""
        author = ink.attribute(comment.author)
        initials = ink.attribute("".join(word[0] for word in comment.author.split())[:3].upper())
        mark = f"<w:r>{rpr(style='AnnotationReference')}<w:annotationRef/></w:r>"
        lines = [
            paragraph(
                (mark if not n else "") + ink.run(line),
                ppr("AnnotationText", bidi=right_to_left(line)),
            )
            for n, line in enumerate(comment.lines)
        ]
        yield (
            f'<w:comment w:id="{at}" w:author="{author}"{date} w:initials="{initials}">'
            f"{''.join(lines)}</w:comment>"
        )


def stops_of(part: AnnotatedTranscript) -> tuple[int, ...]:
    """Where speaker and words begin, if the longest name needs more room than the style gives."""
    longest = max((len(passage.speaker) for passage in part.passages), default=0)
    if longest <= SHORT_NAME:
        return ()
    return (NUMBER, NUMBER + min(WIDEST, longest * PER_LETTER))


class _Coded:
    """Cuts a transcript into runs at every boundary of a coding, walking through it once.

    What codings of different codes share is underlined; coders who gave it the same code agree,
    and a line under all of their words would hide the rest.
    """

    def __init__(self, part: AnnotatedTranscript, first: int) -> None:
        self._text = part.text
        numbered = list(enumerate(part.comments, first))
        self._coming = sorted(numbered, key=lambda one: (-one[1].start, -one[0]))
        self._open: list[tuple[int, Comment]] = []

    def runs(self, passage: Passage, ink: Ink) -> str:
        """The runs of a passage, with the ends of the comments that begin and end in it.

        A comment on what stands between passages (a label) is put before the next passage.
        """
        parts = [self._take(passage.start), self._close(passage.start)]
        for start, stop in pairwise(self._cuts(passage)):
            parts.append(self._take(start))
            look = ""
            if self._open:
                top = min(self._open, key=lambda one: one[1].stop - one[1].start)[1]
                codes = {tuple(one.lines[:1]) for _, one in self._open}
                look = rpr(underline=len(codes) > 1, fill=tint(top.colour))
            parts += [ink.run(self._text[start:stop], look), self._close(stop)]
        return "".join(parts)

    def rest(self) -> str:
        """The ends of comments that reach beyond the last passage."""
        end = len(self._text)
        return self._take(end) + self._close(end)

    def _cuts(self, passage: Passage) -> list[int]:
        edges = {passage.start, passage.stop}
        edges.update(comment.stop for _, comment in self._open)
        for _, comment in reversed(self._coming):
            if comment.start >= passage.stop:
                break
            edges |= {comment.start, comment.stop}
        return sorted(edge for edge in edges if passage.start <= edge <= passage.stop)

    def _take(self, start: int) -> str:
        """Open the comments that have begun by here."""
        parts = []
        while self._coming and self._coming[-1][1].start <= start:
            id_, comment = self._coming.pop()
            self._open.append((id_, comment))
            parts.append(f'<w:commentRangeStart w:id="{id_}"/>')
        return "".join(parts)

    def _close(self, stop: int) -> str:
        """End the comments that go no further."""
        done = [id_ for id_, comment in self._open if comment.stop <= stop]
        self._open = [one for one in self._open if one[1].stop > stop]
        look = rpr(style="AnnotationReference")
        return "".join(
            f'<w:commentRangeEnd w:id="{id_}"/><w:r>{look}<w:commentReference w:id="{id_}"/></w:r>'
            for id_ in done
        )
