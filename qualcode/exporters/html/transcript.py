"""The annotated transcript: codings tinted in their colours, told beside the turn they end in.

Underlined is what codings of different codes share, as in the Word report: coders who gave the same
words the same code agree.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TypeAlias

from qualcode.exporters.html.look import colour_class
from qualcode.exporters.html.page import Ink
from qualcode.exporters.report import AnnotatedTranscript, Comment, Passage

Numbered: TypeAlias = tuple[int, Comment]
"""A coding with its number in the transcript, from 1."""


def annotated(part: AnnotatedTranscript, prefix: str, ink: Ink) -> Iterator[str]:
    """The turns of a transcript with their codings.

    Args:
        prefix: Begins the ids of its codings; unique in the page.
    """
    if part.intro:
        yield f"<p>{ink.text(part.intro)}</p>\n"
    coded = _Coded(part.comments)
    passages = part.passages or [Passage(len(part.text), len(part.text))]
    for at, passage in enumerate(passages, 1):
        ended: list[Numbered] = coded.reach(passage.start)
        words = [_reference(one, prefix) for one in ended]
        for start, stop, under, ending in coded.stretches(passage):
            words.append(_stretch(part.text[start:stop], under, ink))
            words += [_reference(one, prefix) for one in ending]
            ended += ending
        if at == len(passages):
            rest = coded.reach(len(part.text))
            words += [_reference(one, prefix) for one in rest]
            ended += rest
        yield '<div class="turn">'
        yield f'<span class="no">{ink.text(passage.number)}</span>'
        who = f'<b class="who">{ink.text(passage.speaker)}</b> ' if passage.speaker else ""
        yield f'<p dir="auto">{who}{"".join(words)}</p>'
        if ended:
            told = "".join(_told(one, prefix, ink) for one in ended)
            yield f'\n<ul class="codings">\n{told}</ul>'
        yield "</div>\n"


def _stretch(text: str, under: Sequence[Numbered], ink: Ink) -> str:
    if not under:
        return ink.text(text)
    top = min(under, key=lambda one: one[1].stop - one[1].start)[1]
    shared = " shared" if len({tuple(one.lines[:1]) for _, one in under}) > 1 else ""
    return f'<mark class="{colour_class(top.colour)}{shared}">{ink.text(text)}</mark>'


def _reference(one: Numbered, prefix: str) -> str:
    """The number of a coding after its last word; drawn, so that it is no part of the text."""
    n = one[0]
    return (
        f'<a class="ref" id="{prefix}-r{n}" href="#{prefix}-c{n}" data-n="{n}" '
        f'aria-label="Coding {n}"></a>'
    )


def _told(one: Numbered, prefix: str, ink: Ink) -> str:
    n, comment = one
    path, *lines = comment.lines or ("",)
    more = "".join(f"<br>{ink.text(line)}" for line in lines)
    return (
        f'<li id="{prefix}-c{n}" class="{colour_class(comment.colour)}" dir="auto">'
        f'<a href="#{prefix}-r{n}">{n}</a> <b>{ink.text(path)}</b> · {ink.text(comment.author)}'
        f"{more}</li>\n"
    )


class _Coded:
    """Cuts a transcript at every boundary of a coding, walking through it once."""

    def __init__(self, comments: Sequence[Comment]) -> None:
        self._coming = sorted(enumerate(comments, 1), key=lambda one: (-one[1].start, -one[0]))
        self._open: list[Numbered] = []

    def stretches(
        self, passage: Passage
    ) -> Iterator[tuple[int, int, list[Numbered], list[Numbered]]]:
        """Start and stop, the codings that lie over it, and those that end with it."""
        for start, stop in pairwise(self._cuts(passage)):
            self._take(start)
            under = list(self._open)
            yield start, stop, under, self._close(stop)

    def reach(self, place: int) -> list[Numbered]:
        """Go on to a place between passages; gives the codings that ended on the way."""
        self._take(place)
        return self._close(place)

    def _cuts(self, passage: Passage) -> list[int]:
        edges = {passage.start, passage.stop}
        edges.update(comment.stop for _, comment in self._open)
        for _, comment in reversed(self._coming):
            if comment.start >= passage.stop:
                break
            edges |= {comment.start, comment.stop}
        return sorted(edge for edge in edges if passage.start <= edge <= passage.stop)

    def _take(self, start: int) -> None:
        while self._coming and self._coming[-1][1].start <= start:
            self._open.append(self._coming.pop())

    def _close(self, stop: int) -> list[Numbered]:
        done = [one for one in self._open if one[1].stop <= stop]
        self._open = [one for one in self._open if one[1].stop > stop]
        return done
