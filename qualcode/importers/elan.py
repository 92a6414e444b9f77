"""ELAN: the annotations of the tiers that hang on the time line, in order of time.

A tier is a speaker: its ``PARTICIPANT``, or else its name. Tiers that hang on another one, such as
translations, are counted but not read.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qualcode.errors import ReadingError
from qualcode.formats.xml import parse
from qualcode.importers.characters import clean
from qualcode.importers.cues import Cue, Voice, read_cues, timed
from qualcode.importers.source import Reader, Source
from qualcode.model import Reading, ReadingWarning

if TYPE_CHECKING:
    from lxml.etree import _Element

_RECOGNISED = re.compile(rb"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,1000}?-->\s*)?<ANNOTATION_DOC")


Place = tuple[float, int]
"""Where a slot of the time line lies: seconds, those of the slot before where it has none, and
which slot it is."""


@dataclass(frozen=True, slots=True)
class _Annotation:
    """A stretch of speech on a tier."""

    order: Place
    """Of its start."""

    cue: Cue
    voice: Voice


def read_eaf(source: Source) -> Reading:
    """Read a file of ELAN.

    Raises:
        HostileFile: Its XML declares entities.
        ReadingError: It is damaged, or not of ELAN.
    """
    path = os.fspath(source.path)
    root = parse(source.data, path)
    if root.tag != "ANNOTATION_DOCUMENT":
        raise ReadingError(path, "The XML is not a file of ELAN.")
    times, order = _time_line(root)
    warnings: list[ReadingWarning] = []
    dropped: Counter[str] = Counter()
    found: list[_Annotation] = []
    for tier in root.iterfind("TIER"):
        if tier.get("PARENT_REF"):
            warnings += _left_out(tier, dropped)
            continue
        label = _one_line(tier.get("PARTICIPANT") or tier.get("TIER_ID") or "", dropped) or None
        found += _annotations(tier, label, times, order, warnings, dropped)
    found.sort(key=lambda annotation: annotation.order)
    return read_cues(
        source,
        [annotation.cue for annotation in found],
        [[annotation.voice] for annotation in found],
        encoding=None,
        metadata=_media(root),
        dropped=dropped,
        warnings=warnings,
    )


def _time_line(root: _Element) -> tuple[dict[str, float], dict[str, Place]]:
    """Give the seconds of the time slots that have some, and the place of every slot."""
    times: dict[str, float] = {}
    order: dict[str, Place] = {}
    last = 0.0
    for n, slot in enumerate(root.iterfind("TIME_ORDER/TIME_SLOT")):
        name, value = slot.get("TIME_SLOT_ID", ""), slot.get("TIME_VALUE", "")
        if re.fullmatch(r"\d{1,12}", value):
            times[name] = last = int(value) / 1000
        order[name] = last, n
    return times, order


def _annotations(
    tier: _Element,
    label: str | None,
    times: dict[str, float],
    order: dict[str, Place],
    warnings: list[ReadingWarning],
    dropped: Counter[str],
) -> Iterator[_Annotation]:
    last: Place = (0.0, 0)
    for annotation in tier.iterfind("ANNOTATION/*"):
        words = _one_line(annotation.findtext("ANNOTATION_VALUE") or "", dropped)
        if not words:
            continue
        start, stop = annotation.get("TIME_SLOT_REF1", ""), annotation.get("TIME_SLOT_REF2", "")
        line = _line(annotation)
        if start not in order:
            message = "This annotation has no place in time; it follows the one before it."
            warnings.append(ReadingWarning("malformed_cue", message, line))
        last = order.get(start, last)
        cue = timed(line, times.get(start), times.get(stop), warnings)
        yield _Annotation(last, cue, Voice(label, [words]))


def _left_out(tier: _Element, dropped: Counter[str]) -> Iterator[ReadingWarning]:
    values = tier.iterfind("ANNOTATION/*/ANNOTATION_VALUE")
    count = sum(1 for value in values if (value.text or "").strip())
    if count:
        name = _one_line(tier.get("TIER_ID", ""), dropped)
        message = f'The tier "{name}" hangs on another one; annotations left out: {count}.'
        yield ReadingWarning("tier_left_out", message, _line(tier))


def _line(element: _Element) -> int | None:
    line: object = element.sourceline
    return line if isinstance(line, int) else None


def _one_line(text: str, dropped: Counter[str]) -> str:
    text, counts = clean(text)
    dropped.update(counts)
    return " ".join(filter(None, (line.strip() for line in text.split("\n"))))


def _media(root: _Element) -> dict[str, str]:
    """Name the recording: its file name, for a path may name who transcribed it."""
    media = root.find("HEADER/MEDIA_DESCRIPTOR")
    url = "" if media is None else media.get("MEDIA_URL", "")
    name = re.split(r"[/\\]", url)[-1]
    return {"media": name} if name else {}


def is_eaf(data: bytes) -> bool:
    """Tell whether the bytes begin as a file of ELAN does."""
    head = data[:4096].replace(b"\0", b"")
    for mark in (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"):
        head = head.removeprefix(mark)
    return _RECOGNISED.match(head) is not None


EAF = Reader((".eaf",), read_eaf, is_eaf, guarded=True)
