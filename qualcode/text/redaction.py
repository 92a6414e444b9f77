"""Names and identifiers shown as labels: the layer over a text that is itself never changed.

A redaction covers a stretch of the original text. What is shown has its label there; an offset of
the one text tells the offset of the other. Nothing here knows a project, a screen or a file.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from qualcode.model import Span
from qualcode.text.plurals import counted


@dataclass(frozen=True, slots=True, order=True)
class Replacement:
    """A stretch of the original text and what is shown in its place."""

    start: int
    stop: int
    label: str


def united(accepted: Iterable[tuple[Span, str]]) -> list[Replacement]:
    """Make one replacement of redactions that overlap, under the label of the longest.

    Returns:
        In text order, none overlapping another; those that only touch stay apart.
    """
    found: list[Replacement] = []
    longest = 0
    for span, label in sorted(accepted):
        if found and span.start < found[-1].stop:
            last = found[-1]
            wins = len(span) > longest
            found[-1] = Replacement(
                last.start, max(last.stop, span.stop), label if wins else last.label
            )
            longest = max(longest, len(span))
        else:
            found.append(Replacement(span.start, span.stop, label))
            longest = len(span)
    return found


class Rendering:
    """One document as it is shown.

    Args:
        text: The original text.
        replacements: As ``united`` gives them.
    """

    def __init__(self, text: str, replacements: Sequence[Replacement] = ()) -> None:
        self.original = text
        self.replacements = tuple(replacements)
        self._starts = [one.start for one in self.replacements]
        self._stops = [one.stop for one in self.replacements]
        self._shown: list[int] = []
        """Where each label begins in the shown text."""
        pieces: list[str] = []
        at = shown = 0
        for one in self.replacements:
            pieces += [text[at : one.start], one.label]
            shown += one.start - at
            self._shown.append(shown)
            shown += len(one.label)
            at = one.stop
        self.text = "".join([*pieces, text[at:]])

    def grown(self, span: Span) -> Span:
        """The stretch of the original text, grown to the whole of every redaction it cuts."""
        start, stop = span.start, span.stop
        first = bisect_right(self._stops, start)
        if first < len(self._starts) and self._starts[first] < start:
            start = self._starts[first]
        last = bisect_left(self._starts, stop) - 1
        if last >= 0 and self._stops[last] > stop:
            stop = self._stops[last]
        return Span(start, stop)

    def span(self, span: Span) -> Span:
        """Where a stretch of the original text stands in the shown text, whole labels included."""
        if not self.replacements:
            return span
        whole = self.grown(span)
        return Span(self.to_view(whole.start), self.to_view(whole.stop))

    def cut(self, span: Span) -> str:
        """The shown words of a stretch of the original text, whole labels included."""
        whole = self.span(span)
        return self.text[whole.start : whole.stop]

    def to_view(self, position: int) -> int:
        """The place in the shown text of a position of the original; never runs backwards.

        Inside a redaction: where its label begins.
        """
        i = bisect_right(self._starts, position) - 1
        if i < 0:
            return position
        one = self.replacements[i]
        if position < one.stop:
            return self._shown[i]
        return self._shown[i] + len(one.label) + position - one.stop

    def to_text(self, position: int) -> int:
        """The place in the original text of a position of the shown one; never runs backwards.

        Inside a label: where its redaction begins.
        """
        i = bisect_right(self._shown, position) - 1
        if i < 0:
            return position
        one = self.replacements[i]
        beyond = position - self._shown[i] - len(one.label)
        return one.start if beyond < 0 else one.stop + beyond


class Layer:
    """The accepted redactions of a project: what every view and export renders through.

    Args:
        replacements: Document → its replacements, as ``united`` gives them.
        names: What accepted redactions cover → the label shown for it.
        redactions: How many are accepted.
        identified: Why identified text is to be shown instead; redactions are then idle.
        fresh: Label of a participant → the id shown instead, wherever it stands as a word.
    """

    def __init__(
        self,
        replacements: Mapping[str, Sequence[Replacement]],
        names: Mapping[str, str],
        redactions: int = 0,
        identified: str | None = None,
        fresh: Mapping[str, str] | None = None,
    ) -> None:
        self._replacements = replacements
        self.fresh: Mapping[str, str] = dict(fresh or {})
        self._names = {_folded(name): label for name, label in names.items()}
        self.redactions, self.identified = redactions, identified

    @property
    def names(self) -> Mapping[str, str]:
        """Every known name, with single blanks → the label shown for it."""
        return self._names

    @property
    def active(self) -> bool:
        """Whether anything is shown otherwise than it was said."""
        return self._redacts or bool(self.fresh)

    @property
    def _redacts(self) -> bool:
        return self.redactions > 0 and self.identified is None

    def rendering(self, document_id: str, text: str) -> Rendering:
        """A document as it is to be shown; without redactions, as it is."""
        made = self._replacements.get(document_id, ()) if self._redacts else ()
        return Rendering(text, self._renumbered(text, made) if self.fresh else made)

    def _renumbered(self, text: str, made: Sequence[Replacement]) -> list[Replacement]:
        """Replacements with fresh ids in their labels, and more for ids that stand in the text."""
        ids = _words(self.fresh)
        starts = [one.start for one in made]
        found = [
            Replacement(one.start, one.stop, ids.sub(lambda m: self.fresh[m.group()], one.label))
            for one in made
        ]
        for match in ids.finditer(text):
            i = bisect_left(starts, match.end()) - 1
            if i < 0 or made[i].stop <= match.start():
                found.append(Replacement(match.start(), match.end(), self.fresh[match.group()]))
        return sorted(found)

    def words(self, text: str) -> str:
        """A loose text (speaker, memo, attribute, file name, example) with known names replaced.

        Known is what an accepted redaction covers anywhere in the project, letter for letter, and
        the first and last name of a person, as whole words; here ``_`` separates words too.
        """
        if not self._shown_for:
            return text
        return self._shown_words.sub(lambda m: self._shown_for[_folded(m.group())], text)

    def left_in(self, text: str) -> list[str]:
        """The known names in a loose text, in its order, each once."""
        if not self._names:
            return []
        return list(dict.fromkeys(found.group() for found in self._known.finditer(text)))

    def note(self) -> str | None:
        """A sentence for whoever reads an export; None where there are no redactions."""
        said = self._note()
        if not self.fresh:
            return said
        other = "Participants have other ids here than elsewhere."
        return other if said is None else f"{said} {other}"

    def _note(self) -> str | None:
        if self.identified is not None:
            return f"IDENTIFIED text, on request: {self.identified}"
        if not self.redactions:
            return None
        count = counted(self.redactions, "redaction")
        where = counted(len(self._replacements), "document")
        return f"De-identified: {count} in {where}; misspelt names and rare roles may be left."

    @cached_property
    def _known(self) -> re.Pattern[str]:
        return _words(self._names)

    @cached_property
    def _shown_for(self) -> Mapping[str, str]:
        """What is replaced in a loose text → what is shown for it."""
        names = self._names if self._redacts else {}
        if not self.fresh:
            return names
        ids = _words(self.fresh)
        labels = {
            name: ids.sub(lambda m: self.fresh[m.group()], label) for name, label in names.items()
        }
        return {**{_folded(label): fresh for label, fresh in self.fresh.items()}, **labels}

    @cached_property
    def _shown_words(self) -> re.Pattern[str]:
        return _words(self._shown_for)


def _words(names: Iterable[str]) -> re.Pattern[str]:
    """Any of the names as whole words, the longest first; ``_`` separates words, too."""
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    words = "|".join(r"\s+".join(map(re.escape, name.split(" "))) for name in longest_first)
    return re.compile(rf"(?<![^\W_])(?:{words})(?![^\W_])" if words else r"(?!)")


def _folded(name: str) -> str:
    """A name with single blanks, for it may be broken over two lines."""
    return " ".join(name.split())
