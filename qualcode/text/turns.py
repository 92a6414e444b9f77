"""Speaker turns in running text: which label form a document follows, and where its turns lie.

Pure text in, positions out. Nothing is guessed silently: what looks like a label but was not taken
for one is a warning with its line.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from qualcode.errors import UnknownName
from qualcode.model import ReadingWarning, Turn
from qualcode.text.labels import (
    FORM,
    FORMS,
    Form,
    Hit,
    Line,
    accept,
    hits,
    known_forms,
    lines_of,
    roster_of,
    voices,
)
from qualcode.text.times import END_STAMP, TIME, seconds, stamps

PATTERNS: tuple[str, ...] = tuple(form.name for form in FORMS)
"""Names of the label patterns, in order of precedence."""

Formatting = Mapping[int, tuple[str, tuple[int, ...]]]

_SNIFFED = 400
_HEADER_LINES = 40
_RULE = re.compile(r"(?:[-_*=]\s*){3,}")
_HEADING = re.compile(r"#{1,6}\s")
_BOLD_LINE = re.compile(r"\*\*[^*:]+\*\*|__[^_:]+__")
_PROMPT = re.compile(r"(?i:question)\s+\d{1,3}\s*(?:[.:)](?:\s.*)?)?")
_CREDIT = re.compile(r"(?i:transcribed by)\s+https?://\S+")
_ELAPSED = re.compile(rf"[\[(]?{TIME}[\])]?")
_PAGE = re.compile(r"(?:(?i:page|p\.)\s*)?\d{1,4}(?:\s*(?:/|of)\s*\d{1,4})?|-\s*\d{1,4}\s*-")
_END_STAMP = re.compile(rf"{END_STAMP}$")
_OVERLAP = re.compile(r"(?<!:)//(?=\S)[^/\n]{1,200}//")


@dataclass(frozen=True, slots=True)
class Found:
    """The turns of a document and what there is to say about them."""

    pattern: str | None
    """None where the document has no labels."""

    turns: tuple[Turn, ...]
    anchors: tuple[tuple[int, float], ...]
    warnings: tuple[ReadingWarning, ...]
    preamble_lines: int
    """Non-empty lines before the first turn's label; all of them where there is none."""


def find_turns(
    text: str,
    *,
    pattern: str | None = None,
    names: Iterable[str] = (),
    known: Iterable[str] = (),
    formatting: Formatting | None = None,
    first_line: int = 1,
) -> Found:
    """Find who speaks where.

    Args:
        text: The whole document, LF line ends.
        pattern: A name from ``PATTERNS`` to follow instead of the one the document suggests.
        names: Speakers known from front matter.
        known: Labels met in other documents; they need not occur twice to be labels here.
        formatting: Lines whose formatting counts, see ``labels.lines_of``.
        first_line: Line of the source file on which ``text`` begins.

    Raises:
        UnknownName: There is no such pattern.
    """
    if pattern is not None and pattern not in FORM:
        raise UnknownName("label pattern", pattern, PATTERNS)
    marked = _Labels(lines_of(text, dict(formatting or {})))
    labels = marked
    roster = roster_of(names, marked.lines[:_HEADER_LINES]) | known_forms(known)
    name = pattern or _sniff(marked, roster)
    if formatting and pattern is None:
        plain = _Labels(lines_of(text, {}))
        plain_name = _sniff(plain, roster)
        if plain.count(plain_name, roster) * 4 > marked.count(name, roster) * 5:
            # bold was emphasis, or used for some speakers only: the bare words say more
            labels, name = plain, plain_name
    if name is None:
        warning = ReadingWarning("no_speakers", "No speaker labels found; a turn is a paragraph.")
        return Found(None, (), tuple(stamps(text, 0, len(text))), (warning,), len(labels.lines))
    return _Builder(text, labels, first_line).build(name, roster)


class _Labels:
    """The lines of a text, and of each form those that have a label of it, looked for once."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        self._hits: dict[str, tuple[list[Hit], list[Hit]]] = {}
        self._may_be: dict[Callable[[str], bool], list[Line]] = {}

    def hits(self, form: Form) -> tuple[list[Hit], list[Hit]]:
        """Give the lines as ``labels.hits`` does."""
        if form.name not in self._hits:
            if form.may_be not in self._may_be:
                self._may_be[form.may_be] = [
                    line for line in self.lines if form.may_be(line.marked)
                ]
            self._hits[form.name] = hits(self._may_be[form.may_be], form)
        return self._hits[form.name]

    def count(self, name: str | None, roster: frozenset[str]) -> int:
        """How many labels of a form are accepted; 0 of none."""
        return len(accept(self.hits(FORM[name])[0], roster)[0]) if name else 0


def _sniff(labels: _Labels, roster: frozenset[str]) -> str | None:
    """Choose the first form with two hits or more and at least half the hits of the best."""
    lines = labels.lines
    limit = lines[_SNIFFED - 1].n if len(lines) >= _SNIFFED else None
    counts: dict[str, int] = {}
    for form in FORMS:
        accepted, _ = accept(labels.hits(form)[0], roster)
        early = [hit for hit in accepted if limit is None or hit.line.n <= limit]
        if form.name == "label-gap-time" and not any(hit.label for hit in early):
            early = []  # lone times are Otter's unknown speakers only beside known ones
        counts[form.name] = len(early)
    best = max(counts.values())
    for form in FORMS:
        if counts[form.name] >= 2 and counts[form.name] * 2 >= best:
            return form.name
    return None


class _Builder:
    """Turns accepted label lines into turns."""

    def __init__(self, text: str, labels: _Labels, first_line: int) -> None:
        self._text, self._labels, self._first_line = text, labels, first_line
        self._lines = labels.lines
        self._at = {line.n: i for i, line in enumerate(self._lines)}
        self._warnings: list[ReadingWarning] = []

    def build(self, name: str, roster: frozenset[str]) -> Found:
        fit, refused = self._labels.hits(FORM[name])
        accepted, doubtful = accept(fit, roster)
        turns: list[Turn] = []
        anchors: list[tuple[int, float]] = []
        known = Counter(hit.label for hit in accepted if hit.label)
        joint = {label for label in known if _names_several(label, known)}
        for i, hit in enumerate(accepted):
            following = accepted[i + 1].line if i + 1 < len(accepted) else None
            turn = self._turn(i + 1, hit, following, turns[-1] if turns else None, joint)
            turns.append(turn)
            if turn.start_seconds is not None and name != "end-stamp":
                anchors.append((turn.start, turn.start_seconds))
            anchors += stamps(self._text, turn.start, turn.stop)
            if turn.stop_seconds is not None:
                anchors.append((turn.stop, turn.stop_seconds))
        self._warn_label_like([*refused, *doubtful], accepted, known)
        self._warn_times(turns)
        first = self._at[accepted[0].line.n] if accepted else len(self._lines)
        if not turns:
            self._warn("no_speakers", "No speaker labels found; a turn is a paragraph.", None)
        return Found(
            name if turns else None,
            tuple(turns),
            tuple(anchors),
            tuple(sorted(self._warnings, key=lambda warning: warning.line or 0)),
            first,
        )

    def _turn(
        self, n: int, hit: Hit, following: Line | None, previous: Turn | None, joint: set[str]
    ) -> Turn:
        text = self._text
        first = self._at[hit.line.n]
        last = self._at[following.n] if following else len(self._lines)
        has_words = hit.words < hit.words_stop
        body = self._without_trailing(self._lines[first + 1 : last], has_words)
        start = stop = hit.words
        spoken = int(has_words) + len(body)
        if has_words:
            stop = hit.words_stop
        elif body:
            start = body[0].start
        if body:
            stop = body[-1].start + len(body[-1].literal)
        starts_at = seconds(hit.time) if hit.time and hit.form.name != "end-stamp" else None
        stops_at = None
        if hit.form.name == "end-stamp":
            stops_at = seconds(hit.time) if hit.time else None
            stamp = _END_STAMP.search(text, max(start, stop - 20), stop) if body else None
            if stamp:
                stop, stops_at = stamp.start(), seconds(stamp[0])
            starts_at = previous.stop_seconds if previous else None
        while start < stop and text[stop - 1].isspace():
            stop -= 1
        while start < stop and text[start].isspace():
            start += 1
        line = hit.line.n + self._first_line
        if start == stop:
            self._warn("empty_turn", "A label without words; it will not be stored.", line)
        flags = self._flags(hit, spoken, text[start:stop], joint)
        return Turn(n, hit.label, hit.label, start, stop, starts_at, stops_at, line, flags)

    @staticmethod
    def _flags(hit: Hit, spoken: int, words: str, joint: set[str]) -> tuple[str, ...]:
        flags = []
        if hit.channel:
            flags.append(hit.channel.strip().strip("_*").strip())
        if spoken > 1:
            flags.append("continuation")
        if hit.label in joint:
            flags.append("joint")
        if "//" in words and _OVERLAP.search(words):
            flags.append("overlap")
        return tuple(flags)

    @staticmethod
    def _without_trailing(body: Sequence[Line], has_words: bool) -> Sequence[Line]:
        """Leave out the lines at the end that nobody says.

        A number or time that is all there is under a label is the answer, not a page number.
        """
        keep = len(body)
        while keep and _not_speech(body[keep - 1].marked):
            keep -= 1
        if keep == 0 and not has_words and body and _number_or_time(body[0].marked):
            keep = 1
        return body[:keep]

    def _warn(self, code: str, message: str, line: int | None) -> None:
        self._warnings.append(ReadingWarning(code, message, line))

    def _warn_label_like(
        self, left: Iterable[Hit], accepted: Sequence[Hit], known: Counter[str]
    ) -> None:
        """Warn of lines left in the text that look like labels, also of a known speaker's."""
        taken = {hit.line.n for hit in accepted}
        looks = {hit.line.n for hit in left}
        for form in FORMS:
            for hit in self._labels.hits(form)[0]:
                if hit.line.n not in taken and hit.label in known:
                    looks.add(hit.line.n)
        for n in sorted(looks - taken):
            self._warn(
                "label_like", "Looks like a speaker label, read as text.", n + self._first_line
            )

    def _warn_times(self, turns: Sequence[Turn]) -> None:
        last = -1.0
        for turn in turns:
            if turn.start_seconds is None:
                continue
            if turn.start_seconds < last:
                self._warn("time_backwards", "The time runs backwards here.", turn.line)
            last = turn.start_seconds


def _names_several(label: str, known: Counter[str]) -> bool:
    """Tell whether a label joins labels that others of the document's turns have."""
    parts = voices(label)
    return len(parts) > 1 and all(part in known for part in parts)


def _not_speech(line: str) -> bool:
    return bool(
        _HEADING.match(line)
        or _RULE.fullmatch(line)
        or _BOLD_LINE.fullmatch(line)
        or _PROMPT.fullmatch(line)
        or _CREDIT.fullmatch(line)
        or _number_or_time(line)
    )


def _number_or_time(line: str) -> bool:
    return bool(_ELAPSED.fullmatch(line) or _PAGE.fullmatch(line))
