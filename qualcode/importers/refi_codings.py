"""Selections of a REFI-QDA project become codings and memos.

A selection is a stretch of a source with any number of codes on it. What has no place in a text, a
rectangle of a picture, is kept as it is written.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from qualcode.contents import ForeignCoding
from qualcode.formats.refi import child, children, guid, local, moment, said
from qualcode.formats.refi_positions import PositionMap
from qualcode.importers.refi_found import Found
from qualcode.importers.refi_texts import SourceText, derived, whole

if TYPE_CHECKING:
    from lxml.etree import _Element

QUOTED = 200
"""Characters of a passage that a memo about it quotes."""

_LISTED = 60


def read_selections(text: SourceText, found: Found) -> None:
    """Read the selections on a text."""
    assert text.map is not None  # the offset rule has been chosen
    for element in children(text.element, "PlainTextSelection"):
        start, stop = whole(element.get("startPosition")), whole(element.get("endPosition"))
        if start is None or stop is None or start > stop:
            found.loss(element, text.name, "dropped", f"it has no usable offsets{_named(element)}")
        elif text.missing:
            found.loss(element, text.name, "dropped", f"its text is missing{_named(element)}")
        else:
            _read_selection(text, text.map, element, start, stop, found)


def _named(element: _Element) -> str:
    """Say what is lost with a selection: its codings, and the name it is known by."""
    codings = sum(1 for _ in children(element, "Coding"))
    held = f", with its {codings} coding{'s' if codings > 1 else ''}" if codings else ""
    name = " ".join((element.get("name") or "").split())
    if len(name) > _LISTED:
        name = f"{name[: _LISTED - 1]}…"
    return f"{held}: {name}" if name else held


def _read_selection(
    text: SourceText, where: PositionMap, element: _Element, start: int, stop: int, found: Found
) -> None:
    begins, ends = where.start(start), where.stop(stop)
    if start < 0 or stop > where.length:
        fate = "its offsets leave the text"
        if begins < ends:
            found.loss(element, text.name, "changed", f"{fate}; it was cut at its end")
    if begins < ends:
        read_passage(text, element, begins, ends, found)
    elif start == stop and 0 <= start <= where.length:
        _read_point(text, element, begins, found)
    elif 0 <= start <= stop <= where.length:
        found.loss(element, text.name, "dropped", "it holds nothing that is text here")
    else:
        found.loss(element, text.name, "dropped", f"its offsets leave the text{_named(element)}")


def _read_point(text: SourceText, element: _Element, place: int, found: Found) -> None:
    """Make a memo on the document of a selection that selects nothing."""
    codes = [found.codes[id_].code for _, id_ in _codes(element, text.name, found)]
    parts = [f"At character {place}: {', '.join(codes)}".removesuffix(": ")]
    found.memo(
        "\n\n".join(filter(None, [*parts, said(element, "Description")])),
        "document", text.guid, element, id_=guid(element.get("guid")) or "",
    )  # fmt: skip
    found.refer(element, "document", text.guid)
    found.loss(element, text.name, "changed", "it selects nothing; it became a memo")


def read_passage(text: SourceText, element: _Element, start: int, stop: int, found: Found) -> None:
    """Read the codes and notes on a stretch of a text."""
    passage = guid(element.get("guid")) or ""
    made: list[tuple[str, str]] = []
    for coding, code in _codes(element, text.name, found):
        coder = found.coder(coding, element)
        id_ = guid(coding.get("guid")) or derived("coding", passage, code, coder, str(start))
        made.append((id_, coder))
        at = moment(coding.get("creationDateTime")) or moment(element.get("creationDateTime"))
        add_coding(
            found, coding, text,
            ForeignCoding(id_, text.guid, code, coder, start, stop, at or "", passage),
        )  # fmt: skip
        found.refer(coding, "coding", id_)
    description = said(element, "Description")
    if made:
        for id_, coder in made:
            found.memo(description, "coding", id_, element, coder=coder)
            found.refer(element, "coding", id_)
        return
    words = " ".join(text.text[start:stop].split())
    quotation = f"“{words if len(words) <= QUOTED else words[: QUOTED - 1] + '…'}”"
    if description:
        found.memo(f"{quotation}\n\n{description}", "document", text.guid, element)
    for note in children(element, "NoteRef"):
        target = guid(note.get("targetGUID"))
        if target is not None:
            found.quoting.setdefault(target, []).append((text.guid, quotation))
    if description or child(element, "NoteRef") is not None:
        found.loss(element, text.name, "changed", "no code is on it; its note became a memo")
    else:
        found.loss(element, text.name, "dropped", "no code and no note is on it")


def read_on_source(text: SourceText, element: _Element, found: Found) -> None:
    """Read what is on a whole source: codes, its description, its notes."""
    for coding, code in _codes(element, text.name, found):
        if not text.text.strip():
            found.loss(coding, text.name, "dropped", "it is on a source without text")
            continue
        coder = found.coder(coding, element)
        id_ = guid(coding.get("guid")) or derived("coding", text.guid, code, coder)
        at = moment(coding.get("creationDateTime")) or moment(element.get("creationDateTime"))
        whole_text = ForeignCoding(id_, text.guid, code, coder, 0, len(text.text), at or "")
        add_coding(found, coding, text, whole_text)
        found.refer(coding, "coding", id_)
        found.loss(coding, text.name, "changed", "it was on the source; it is on its whole text")
    found.memo(said(element, "Description"), "document", text.guid, element)
    found.refer(element, "document", text.guid)


def add_coding(found: Found, element: _Element, text: SourceText, coding: ForeignCoding) -> None:
    """Take up a coding, and tell where it says again what another one says."""
    found.codings.append(coding)
    key = (coding.document, coding.code, coding.coder, coding.start, coding.stop)
    if found.applied[key]:
        reason = "the same coder has the same code on the same words twice"
        found.loss(element, text.name, "changed", reason)
    found.applied[key] += 1


def _codes(element: _Element, where: str, found: Found) -> Iterator[tuple[_Element, str]]:
    """Give each coding of an element with the GUID of its code; one without is a loss."""
    for coding in children(element, "Coding"):
        reference = child(coding, "CodeRef")
        code = guid(reference.get("targetGUID")) if reference is not None else None
        if code is None or code not in found.codes:
            found.loss(coding, where, "dropped", "its code is not in the codebook")
        else:
            yield coding, code


# Transcripts of recordings


def sync_points(transcript: SourceText) -> list[tuple[int, int, str]]:
    """Give ``(milliseconds, position, GUID)`` of the points that have both, in order of time."""
    assert transcript.map is not None
    points = []
    for element in children(transcript.element, "SyncPoint"):
        at, position = whole(element.get("timeStamp")), whole(element.get("position"))
        if at is not None and position is not None:
            place = transcript.map.start(position)
            points.append((at, place, guid(element.get("guid")) or ""))
    return sorted(points)


def read_transcript(text: SourceText, found: Found) -> None:
    """Read the selections of a transcript, which lie between two of its sync points."""
    places = {id_: place for _, place, id_ in sync_points(text)}
    for element in children(text.element, "TranscriptSelection"):
        start = places.get(guid(element.get("fromSyncPoint")) or "")
        stop = places.get(guid(element.get("toSyncPoint")) or "")
        if start is None or stop is None or not start < stop:
            found.keep(element, text.guid, text.name, "its sync points have no place in the text")
            continue
        found.loss(element, text.name, "approximate", "it lies between sync points")
        read_passage(text, element, start, stop, found)


def read_recording(source: _Element, transcripts: Sequence[SourceText], found: Found) -> None:
    """Read the selections of a recording: each lies between two sync points of a transcript."""
    name = transcripts[0].name
    timed = [(text, sync_points(text)) for text in transcripts if not text.missing]
    for element in children(source, "AudioSelection", "VideoSelection"):
        begin, end = whole(element.get("begin")), whole(element.get("end"))
        places = [
            (text, place)
            for text, points in timed
            if begin is not None and end is not None
            for place in [_between(points, begin, end)]
            if place is not None
        ]
        coded = any(local(one) in ("Coding", "Description", "NoteRef") for one in element)
        if not places or not coded:
            found.keep_part(element, name, _why(element, bool(places)))
            continue
        text, (start, stop) = places[0]
        found.loss(
            element, text.name, "approximate", "its times were moved out to the next sync points"
        )
        read_passage(text, element, start, stop, found)


def _why(element: _Element, placed: bool) -> str:
    codings = sum(1 for _ in children(element, "Coding"))
    if placed:
        return "neither code nor note is on it"
    held = f", with its {codings} coding{'s' if codings != 1 else ''}" if codings else ""
    return f"no sync points lie around its times{held}"


def _between(
    points: Sequence[tuple[int, int, str]], begin: int, end: int
) -> tuple[int, int] | None:
    """Give the stretch from the last sync point before to the first after; None without both."""
    before = [place for at, place, _ in points if at <= begin]
    after = [place for at, place, _ in points if at >= end]
    if not before or not after or not before[-1] < after[0]:
        return None
    return before[-1], after[0]
